//! What members and lawyers look up: situations, everyday words, terms and sums.

use super::law::readers;
use super::{Answered, show};
use crate::law::calc::{Calculation, Calculator, Field, FieldKind, Need, rubles};
use crate::web::Web;
use crate::web::desk::{
    CountedTerm, SituationLine, SituationPage, SumLine, TermAsked, TermLine, Viewer, WordLine,
};
use crate::web::fields::{Fields, MOST_CHARACTERS};
use crate::web::page::{Lang, Page};
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::{Path, State};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "guide.html")]
struct Hub {
    p: Page,
    words: String,
    topics: Vec<(&'static str, Vec<SituationLine>)>,
}

#[derive(Template)]
#[template(path = "guide_situation.html")]
struct SituationView {
    p: Page,
    page: SituationPage,
}

#[derive(Template)]
#[template(path = "guide_words.html")]
struct Words {
    p: Page,
    query: String,
    words: Vec<WordLine>,
}

#[derive(Template)]
#[template(path = "guide_sums.html")]
struct Sums {
    p: Page,
    sums: Vec<SumLine>,
}

#[derive(Template)]
#[template(path = "guide_sum.html")]
struct Sum {
    p: Page,
    sum: &'static Calculator,
    given: Fields,
    calculation: Option<Calculation>,
    /// The field that is wrong, and what to write there.
    fault: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "guide_terms.html")]
struct Terms {
    p: Page,
    query: String,
    terms: Vec<TermLine>,
    counted: Option<CountedTerm>,
    rule: String,
    from: String,
}

fn viewer(p: &Page) -> Viewer {
    let searches = p.has(crate::case::Role::Staff);
    match readers(p) {
        Some(readers) => Viewer::Known(readers),
        None if searches => Viewer::Known(crate::web::desk::Readers::Lawyers),
        None => Viewer::Anyone,
    }
}

/// The words of a search box, refused where they are no words of a person.
fn words(p: &Page, fields: &Fields) -> Result<String, Problem> {
    let words = fields.get("q");
    match words.chars().count() > MOST_CHARACTERS {
        true => Err(Problem::wrong(p.t("fault-long"))),
        false => Ok(words.to_owned()),
    }
}

/// Every situation and sum; with `?q=` the situations that share words with it.
pub async fn hub(State(web): State<Arc<Web>>, p: Page, fields: Fields) -> Answered {
    let words = words(&p, &fields)?;
    let viewer = viewer(&p);
    let mut situations = web.desk.situations(&viewer).await?;
    if !words.is_empty() {
        let wanted = crate::law::text::stems(&words);
        situations.retain(|one| {
            let held = crate::law::text::stems(&format!("{} {}", one.title, one.about));
            wanted.iter().any(|stem| held.contains(stem))
        });
    }
    let mut topics: Vec<(&'static str, Vec<SituationLine>)> = Vec::new();
    for one in situations {
        match topics.last_mut() {
            Some((topic, of_topic)) if *topic == one.topic => of_topic.push(one),
            _ => topics.push((one.topic, vec![one])),
        }
    }
    show(&Hub { p, words, topics })
}

pub async fn situation(State(web): State<Arc<Web>>, Path(id): Path<String>, p: Page) -> Answered {
    let page = web.desk.situation(&id, &viewer(&p)).await?;
    show(&SituationView { p, page })
}

pub async fn glossary(State(web): State<Arc<Web>>, p: Page, fields: Fields) -> Answered {
    let query = words(&p, &fields)?;
    let words = web.desk.words(&query, &viewer(&p)).await?;
    show(&Words { p, query, words })
}

pub async fn sums(State(web): State<Arc<Web>>, p: Page) -> Answered {
    let sums = web.desk.sums(&viewer(&p)).await?;
    show(&Sums { p, sums })
}

/// A sum's form; with its fields in the query also the steps.
pub async fn sum(
    State(web): State<Arc<Web>>,
    Path(name): Path<String>,
    p: Page,
    fields: Fields,
) -> Answered {
    let seen = web.desk.sums(&viewer(&p)).await?;
    let sum = Calculator::find(&name)
        .filter(|sum| seen.iter().any(|line| line.name == sum.name))
        .ok_or(Problem::NotFound)?;
    let given: Vec<(String, String)> = fields
        .0
        .iter()
        .filter(|(name, value)| {
            !value.trim().is_empty() && sum.fields.iter().any(|field| field.name == name)
        })
        .cloned()
        .collect();
    let mut page = Sum {
        p,
        sum,
        given: fields,
        calculation: None,
        fault: None,
    };
    if !given.is_empty() {
        match web.desk.sum(sum.name, &given).await? {
            Ok(calculation) => page.calculation = Some(calculation),
            Err(error) => page.fault = Some((error.field, error.message)),
        }
    }
    show(&page)
}

/// Every term that may be told; those who answer may count one from a day.
pub async fn terms(State(web): State<Arc<Web>>, p: Page, fields: Fields) -> Answered {
    let query = words(&p, &fields)?;
    let viewer = viewer(&p);
    let counts = viewer == Viewer::Known(crate::web::desk::Readers::Lawyers);
    let mut terms = web.desk.terms(&viewer).await?;
    let rule = fields.get("rule").to_owned();
    let day = fields
        .day("from")
        .map_err(|()| Problem::wrong(p.t("fault-day")))?;
    let counted = match day.filter(|_| counts && !rule.is_empty()) {
        Some(from) => {
            let asked = TermAsked {
                rule: rule.clone(),
                from,
            };
            Some(web.desk.count_term(&asked).await?)
        }
        None => None,
    };
    if !query.is_empty() {
        let wanted = crate::law::text::stems(&query);
        terms.retain(|term| {
            let held = crate::law::text::stems(&format!("{} {}", term.title, term.start));
            wanted.iter().all(|stem| held.contains(stem))
        });
    }
    let from = day.map(|day| day.to_string()).unwrap_or_default();
    show(&Terms {
        p,
        query,
        terms,
        counted,
        rule,
        from,
    })
}

impl Sum {
    fn label(&self, field: &Field) -> &'static str {
        in_language(&self.p, field.label)
    }

    /// The form control's type.
    fn control(&self, field: &Field) -> &'static str {
        match field.kind {
            FieldKind::Day => "date",
            _ => "text",
        }
    }

    fn choices(&self, field: &Field) -> Vec<(&'static str, &'static str)> {
        let FieldKind::Choice(choices) = field.kind else {
            return Vec::new();
        };
        let named = |one: &(&'static str, &'static str, &'static str)| {
            (one.0, in_language(&self.p, (one.1, one.2)))
        };
        choices.iter().map(named).collect()
    }

    fn is_needed(&self, field: &Field) -> bool {
        field.need == Need::Required
    }

    fn is_number(&self, field: &Field) -> bool {
        matches!(
            field.kind,
            FieldKind::Money | FieldKind::Number | FieldKind::Percent
        )
    }

    /// An example of what can be written.
    fn example(&self, field: &Field) -> &'static str {
        match field.kind {
            FieldKind::Money => "50 000",
            FieldKind::Number => "8",
            FieldKind::Percent => "20",
            FieldKind::Numbers => "3 2,5 4",
            FieldKind::Payments => "2024-04-01=20000; 2024-05-01=5000",
            FieldKind::Day | FieldKind::Choice(_) => "",
        }
    }

    fn fault_of(&self, field: &Field) -> Option<&str> {
        let (name, message) = self.fault.as_ref()?;
        (*name == field.name).then_some(message.as_str())
    }
}

/// The word of the visitor's language.
fn in_language(p: &Page, words: (&'static str, &'static str)) -> &'static str {
    match p.lang {
        Lang::Ru => words.0,
        Lang::En => words.1,
    }
}

impl Sum {
    fn words_of(&self, words: &(&'static str, &'static str)) -> &'static str {
        in_language(&self.p, *words)
    }

    fn rubles(&self, value: &rust_decimal::Decimal) -> String {
        rubles(*value)
    }
}

impl Sums {
    fn words_of(&self, words: &(&'static str, &'static str)) -> &'static str {
        in_language(&self.p, *words)
    }
}

impl SituationView {
    fn words_of(&self, sum: &SumLine) -> &'static str {
        in_language(&self.p, sum.title)
    }

    /// The key of a list's heading.
    fn heading(&self, list: &str) -> &'static str {
        match list {
            "steps" => "situation-steps",
            "keep" => "situation-keep",
            "turn_to" => "situation-turn_to",
            "union" => "situation-union",
            "avoid" => "situation-avoid",
            "mistakes" => "situation-mistakes",
            _ => "situation-lawyer_now",
        }
    }
}

impl Terms {
    fn may_count(&self) -> bool {
        viewer(&self.p) == Viewer::Known(crate::web::desk::Readers::Lawyers)
    }
}
