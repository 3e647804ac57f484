use super::{Answered, go, show};
use crate::case::{OrganisationId, Role};
use crate::web::Web;
use crate::web::desk::{
    ChangedStatement, DigestChapter, NoteCount, NoteKind, NoteLine, Reworded, Session,
    StatementLine, StatementPick,
};
use crate::web::fields::Fields;
use crate::web::guard::Logged;
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "approve_list.html")]
struct List {
    p: Page,
    chapters: Vec<DigestChapter>,
    notes: Vec<NoteCount>,
    /// How many statements wait because their norm changed.
    changed: i64,
}

#[derive(Template)]
#[template(path = "approve_notes.html")]
struct Notes {
    p: Page,
    kind: NoteKind,
    waiting: Vec<NoteLine>,
    approved: Vec<NoteLine>,
}

#[derive(Template)]
#[template(path = "approve_changed.html")]
struct Changed {
    p: Page,
    changed: Vec<ChangedStatement>,
}

impl Notes {
    fn heading(&self) -> &'static str {
        heading(self.kind)
    }
}

/// The key of a kind's name.
fn heading(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Situations => "guide-situations",
        NoteKind::Words => "guide-words",
        NoteKind::Terms => "guide-terms",
        NoteKind::Sums => "guide-sums",
    }
}

impl List {
    fn heading(&self, kind: &NoteKind) -> &'static str {
        heading(*kind)
    }

    fn total(&self, chapter: &DigestChapter) -> usize {
        chapter
            .articles
            .iter()
            .map(|article| article.statements)
            .sum()
    }

    fn approved(&self, chapter: &DigestChapter) -> usize {
        chapter
            .articles
            .iter()
            .map(|article| article.approved)
            .sum()
    }
}

#[derive(Template)]
#[template(path = "approve.html")]
struct Statements {
    p: Page,
    /// What the page came from: `article` or `chapter`, and its value.
    by: (&'static str, String),
    title: String,
    waiting: Vec<StatementLine>,
    approved: Vec<StatementLine>,
}

/// The list of chapters; `?article=tk:80` or `?chapter=0` the statements there, `?notes=situations` the notes of a kind.
pub async fn see(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let organisation = organisation(&session)?;
    if let Some(kind) = NoteKind::parse(fields.get("notes")) {
        let all = web.desk.notes(&organisation, kind).await?;
        let (approved, waiting) = all.into_iter().partition(|note| note.approved);
        return show(&Notes {
            p,
            kind,
            waiting,
            approved,
        });
    }
    let chapters = web.desk.digest(&organisation).await?;
    let Some((by, title, articles)) = chosen(&chapters, &fields) else {
        let notes = web.desk.note_counts(&organisation).await?;
        let changed = web.desk.changed_statements().await?.len();
        return show(&List {
            p,
            chapters,
            notes,
            changed: i64::try_from(changed).unwrap_or(i64::MAX),
        });
    };
    let all = web.desk.statements(&organisation, &articles).await?;
    let (approved, waiting) = all.into_iter().partition(|statement| statement.approved);
    show(&Statements {
        p,
        by,
        title,
        waiting,
        approved,
    })
}

type Chosen = ((&'static str, String), String, Vec<String>);

fn chosen(chapters: &[DigestChapter], fields: &Fields) -> Option<Chosen> {
    if let Some(id) = fields.some("article") {
        let mut articles = chapters.iter().flat_map(|chapter| &chapter.articles);
        let article = articles.find(|article| article.id == id)?;
        let title = article.title.clone();
        return Some((("article", id.clone()), title, vec![id]));
    }
    let number = fields.some("chapter")?;
    let chapter = chapters.get(number.parse::<usize>().ok()?)?;
    let articles = chapter.articles.iter().map(|article| article.id.clone());
    Some((
        ("chapter", number),
        chapter.title.clone(),
        articles.collect(),
    ))
}

/// The statements whose norms changed, each with the difference and a form for what is right now.
pub async fn changed(State(web): State<Arc<Web>>, p: Page) -> Answered {
    let changed = web.desk.changed_statements().await?;
    show(&Changed { p, changed })
}

/// Keeps what a lawyer says of a statement whose norm changed.
pub async fn reword(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let organisation = organisation(&session)?;
    let text = fields
        .text("text")
        .map_err(|fault| Problem::wrong(p.t(fault.message())))?;
    let lines = |name: &str| {
        let lines = fields.lines(name);
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(ToOwned::to_owned).collect()
    };
    let reworded = Reworded {
        id: fields.get("id").to_owned(),
        sha256: fields.get("sha256").to_owned(),
        text,
        conditions: lines("conditions"),
        exceptions: lines("exceptions"),
        covers: lines("covers"),
    };
    let by = &session.actor.person;
    web.desk.reword(by, &organisation, &reworded).await?;
    go("/approve/changed")
}

/// Approves or takes back what was ticked: each with the hash of the words that were on the page.
pub async fn decide(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    fields: Fields,
) -> Answered {
    let organisation = organisation(&session)?;
    let picks: Vec<StatementPick> = fields
        .all("pick")
        .iter()
        .filter_map(|pick| pick.split_once('@'))
        .map(|(id, sha256)| StatementPick {
            id: id.to_owned(),
            sha256: sha256.to_owned(),
        })
        .collect();
    let by = &session.actor.person;
    if fields.get("decision") == "revoke" {
        web.desk
            .revoke_statements(by, &organisation, &picks)
            .await?;
    } else {
        web.desk
            .approve_statements(by, &organisation, &picks)
            .await?;
    }
    let from = match fields.get("by") {
        from @ ("chapter" | "notes") => from,
        _ => "article",
    };
    let value = fields.get("value");
    let plain = |c: char| c.is_ascii_alphanumeric() || ":.-".contains(c);
    if value.is_empty() || !value.chars().all(plain) {
        return go("/approve");
    }
    go(&format!("/approve?{from}={value}"))
}

/// The node for which this lawyer approves: their highest.
fn organisation(session: &Session) -> Result<OrganisationId, Problem> {
    session
        .actor
        .grants
        .iter()
        .filter(|grant| grant.role == Role::Lawyer)
        .min_by_key(|grant| grant.path.len())
        .map(|grant| grant.organisation.clone())
        .ok_or(Problem::Forbidden)
}
