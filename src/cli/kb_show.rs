//! `kb show NORM --on DAY`: the words of a norm, the days on which they are the law, and what says so.

use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use crate::app::dates::{self, Since};
use crate::app::{self, AppError};
use crate::config::Config;
use crate::ingest;
use crate::law::citation::Citation;
use crate::law::dating::Certainty;
use crate::store::{ActStatus, FromBasis, Standing, Store, VersionOn, VersionRow};
use jiff::civil::Date;

/// `kb show NORM --on DAY`.
pub async fn show(
    config: Config,
    norm: &str,
    on: Option<Date>,
    format: Format,
) -> Result<Exit, Failure> {
    let citation: Citation = norm.parse().map_err(|e| Failure::wrong_use("norm", e))?;
    let store = open_store(&config).await?;
    let on = on.unwrap_or_else(app::today);
    let facts = ingest::term_changes(&config)?;
    ingest::keep_dates(&store, &facts).await?;
    let found = store
        .version(&citation.to_string(), on)
        .await?
        .ok_or_else(|| {
            Failure::not_found(norm, format!("{} на {on} не найдена.", citation.russian()))
                .remedy("Посмотрите, какие акты и редакции есть: soyuznik kb list.")
        })?;
    let since = dates::since(&store, &facts, &found.version)
        .await
        .map_err(AppError::from)?;
    let coming = dates::coming_in(&store, &found, on)
        .await
        .map_err(AppError::from)?;
    match format {
        Format::Json => print_json(&as_json(&store, &found, since.as_ref(), &coming).await?),
        Format::Text => {
            let version = &found.version;
            say(&format!(
                "{}, редакция {} (известна по {})",
                citation.russian(),
                version.edition_date,
                version.current_to
            ));
            if let Some(title) = &version.title {
                say(title);
            }
            say(&format!("\n{}\n", version.text));
            say(&stands(version, since.as_ref()));
            let partly = found.standing == Standing::NotYet
                && dates::is_partly_law(&store, version, on)
                    .await
                    .map_err(AppError::from)?;
            if partly {
                say(&format!(
                    "НА {on} ДЕЙСТВУЕТ НЕ ВЕСЬ ЭТОТ ТЕКСТ; как было до изменения, здесь не видно: прежней редакции нет."
                ));
            } else {
                say_standing(&found, on);
            }
            let told = |_: &&VersionRow| partly || found.standing != Standing::NotYet;
            for text in coming.iter().filter(told) {
                say(&format!("{} Новый текст:\n\n{}", comes(text), text.text));
            }
        }
    }
    Ok(Exit::Done)
}

async fn as_json(
    store: &Store,
    found: &VersionOn,
    since: Option<&Since>,
    coming: &[VersionRow],
) -> Result<serde_json::Value, Failure> {
    let version = &found.version;
    let history = store.history(&version.provision).await?;
    let notes = store.notes(&version.edition, &version.citation).await?;
    let history: Vec<_> = history
        .iter()
        .map(|v| {
            serde_json::json!({"edition": v.edition_date, "norm": v.citation, "text_sha256": v.text_sha256,
                "from": v.in_force_from, "until": v.in_force_until, "from_basis": v.from_basis.code()})
        })
        .collect();
    let notes: Vec<_> = notes
        .iter()
        .map(|n| serde_json::json!({"norm": n.citation, "date": n.date, "law": n.law, "what": n.what}))
        .collect();
    Ok(serde_json::json!({
        "norm": version.citation, "provision": version.provision, "title": version.title, "text": version.text,
        "from": version.in_force_from, "until": dates::end_of(store, version).await?,
        "from_basis": version.from_basis.code(), "from_law": since.and_then(|since| since.law.clone()),
        "from_known": version.known_from().is_some(),
        "edition": version.edition_date, "current_to": version.current_to, "standing": found.standing,
        "later": found.later.as_ref().map(coming_json), "coming": coming.iter().map(coming_json).collect::<Vec<_>>(),
        "repealed": version.repealed, "history": history, "notes": notes,
    }))
}

/// Since when a text stands and what says so, in a sentence.
fn stands(version: &VersionRow, since: Option<&Since>) -> String {
    let law = |since: &Since| match &since.law {
        Some(law) => format!(": закон {law}"),
        None => String::new(),
    };
    match since {
        Some(since) if since.certainty == Certainty::Known => {
            format!("В этих словах с {}{}.", since.day, law(since))
        }
        Some(since) => format!(
            "В этих словах не раньше {}{}; день, с которого закон действует, неизвестен.",
            since.day,
            law(since)
        ),
        None if version.from_basis == FromBasis::BetweenEditions => format!(
            "Изменилась между редакцией {} и той, что перед ней; в какой день, неизвестно.",
            version.edition_date
        ),
        None => "С какого дня она в этих словах, по текстам неизвестно.".to_owned(),
    }
}

/// «п. 9 ч. 1 ст. 327.6 ТК РФ: текст редакции 2025-12-29 вступает в силу с 2026-03-01».
pub(super) fn comes(version: &VersionRow) -> String {
    let norm = version
        .citation
        .parse::<Citation>()
        .map_or_else(|_| version.citation.clone(), |norm| norm.russian());
    let day = version
        .in_force_from
        .map_or(String::new(), |day| day.to_string());
    format!(
        "{norm}: текст редакции {} вступает в силу с {day}.",
        version.edition_date
    )
}

pub(super) fn coming_json(version: &VersionRow) -> serde_json::Value {
    serde_json::json!({"norm": version.citation, "from": version.in_force_from, "from_basis": version.from_basis.code(),
        "edition": version.edition_date, "text": version.text})
}

/// The texts of all acts that are held and come into force later.
pub(super) async fn coming(
    config: &Config,
    store: &Store,
    acts: &[ActStatus],
) -> Result<Vec<VersionRow>, Failure> {
    ingest::keep_dates(store, &ingest::term_changes(config)?).await?;
    let mut coming = Vec::new();
    for act in acts {
        coming.extend(store.coming(&act.act, app::today()).await?);
    }
    Ok(coming)
}

/// How sure it is that the text speaks for the day.
fn say_standing(found: &VersionOn, on: Date) {
    let edition = found.version.edition_date;
    match (found.standing, &found.later) {
        (Standing::Known, _) => {}
        (Standing::NotYet, _) => say(&format!(
            "НА {on} ЭТОТ ТЕКСТ НЕ ДЕЙСТВУЕТ; прежнего текста здесь нет, или такой нормы не было."
        )),
        (Standing::AfterCurrent, _) => say(&format!(
            "Редакция известна по {}; что было на {on}, не проверено. Проверили — отметьте: soyuznik kb verify АКТ --on ДЕНЬ.",
            found.version.current_to
        )),
        (Standing::Between, later) => {
            let next = later.as_ref().map_or_else(
                || "в следующей редакции этой нормы уже нет".to_owned(),
                |next| format!("в редакции {} сказано:\n\n{}", next.edition_date, next.text),
            );
            say(&format!(
                "Между редакцией {edition} и следующей норма изменилась, и в какой день — по этим текстам неизвестно; {next}"
            ));
        }
    }
}
