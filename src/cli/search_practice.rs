//! `search --kind`: clarifications or court acts, in a list of their own.

use super::output::{Exit, Failure, Format, print_json, say};
use crate::app::{App, PracticeFound};
use crate::config::Config;
use crate::knowledge::PracticeKind;
use crate::law::citation::Citation;
use crate::store::NormNews;
use serde_json::{Value, json};

pub async fn search(
    config: Config,
    question: String,
    kind: PracticeKind,
    limit: usize,
    format: Format,
) -> Result<Exit, Failure> {
    let app = App::open(config).await?;
    let found = app.search_practice(&question, kind, limit).await?;
    match format {
        Format::Json => print_json(&json!({"hits": as_json(&found)})),
        Format::Text if found.is_empty() => {
            say("Ничего не найдено. Добавьте тексты: soyuznik kb add ФАЙЛ.");
        }
        Format::Text => found.iter().for_each(say_one),
    }
    Ok(if found.is_empty() {
        Exit::NotFound
    } else {
        Exit::Done
    })
}

/// Hits in the shape of the other searches, with what is known of these texts.
pub fn as_json(found: &[PracticeFound]) -> Vec<Value> {
    let hit = |one: &PracticeFound| {
        let norms: Vec<Value> = one
            .norm_news
            .iter()
            .map(|(norm, news)| json!({"norm": norm, "news": news}))
            .collect();
        json!({
            "norm": one.row.norms.first(), "kind": one.row.kind, "score": one.score, "text": one.excerpt,
            "act_title": one.row.issuer, "edition": one.row.issued_on, "current_to": null,
            "title": one.row.title, "issuer": one.row.issuer, "date": one.row.issued_on,
            "number": one.row.number, "url": one.row.url, "norms": norms, "news": one.news,
        })
    };
    found.iter().map(hit).collect()
}

fn say_one(one: &PracticeFound) {
    let day = one.row.issued_on.map(|day| day.to_string());
    say(&format!(
        "{}, {}, № {}: {}",
        one.row.issuer,
        day.as_deref().unwrap_or("без даты"),
        one.row.number.as_deref().unwrap_or("—"),
        one.row.title
    ));
    say(&format!("        {}", one.excerpt.replace('\n', " ")));
    say(&match one.news {
        NormNews::Changed => format!("        НОРМА С ТЕХ ПОР ИЗМЕНИЛАСЬ: {}", changed(one)),
        NormNews::Unknown => {
            "        Менялись ли с тех пор названные нормы, по имеющимся редакциям не установить."
                .to_owned()
        }
        NormNews::Same => "        Названные нормы с тех пор не менялись.".to_owned(),
    });
    if let Some(url) = &one.row.url {
        say(&format!("        {url}"));
    }
}

fn changed(one: &PracticeFound) -> String {
    one.norm_news
        .iter()
        .filter(|(_, news)| *news == NormNews::Changed)
        .map(|(norm, _)| {
            norm.parse::<Citation>()
                .map_or_else(|_| norm.clone(), |citation| citation.russian())
        })
        .collect::<Vec<_>>()
        .join("; ")
}
