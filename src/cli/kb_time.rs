//! The law through time: what changed, a norm in every edition, up to which day an edition was verified.

use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use crate::app::editions::{self, Compared};
use crate::config::Config;
use crate::law::citation::Citation;
use crate::law::compare::{Change, Comparison, Mark, reads_the_same};
use jiff::civil::Date;
use std::fmt::Write as _;
use std::path::PathBuf;

/// `kb diff ACT --from DAY --to DAY`.
pub async fn diff(
    config: Config,
    act: &str,
    days: (Date, Date),
    html: Option<PathBuf>,
    format: Format,
) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    let compared = editions::compare(&store, act, days.0, days.1)
        .await?
        .ok_or_else(|| {
            Failure::not_found(act, format!("Редакций акта {act} на эти дни нет."))
                .remedy("Посмотрите, какие редакции есть: soyuznik kb list.")
        })?;
    if let Some(path) = html {
        std::fs::write(&path, page(&compared)).map_err(|e| Failure::other("--html", e))?;
        say(&format!("Сравнение записано: {}", path.display()));
        return Ok(Exit::Done);
    }
    match format {
        Format::Json => print_json(&compared.comparison),
        Format::Text => print_text(&compared),
    }
    Ok(Exit::Done)
}

fn lists(comparison: &Comparison) -> [(&'static str, &[Change]); 4] {
    [
        ("Изменено", &comparison.changed),
        ("Добавлено", &comparison.inserted),
        ("Утратило силу", &comparison.repealed),
        ("Перенумеровано", &comparison.moved),
    ]
}

fn russian(norm: Option<&String>) -> String {
    norm.map_or_else(String::new, |norm| {
        norm.parse::<Citation>()
            .map_or_else(|_| norm.clone(), |citation| citation.russian())
    })
}

/// «ч. 2 ст. 152 ТК РФ», with the label it had before where that was another one.
fn label(change: &Change) -> String {
    match (&change.old_norm, &change.new_norm) {
        (Some(old), Some(new)) if old != new => {
            format!("{} (была {})", russian(Some(new)), russian(Some(old)))
        }
        (old, new) => russian(new.as_ref().or(old.as_ref())),
    }
}

fn print_text(compared: &Compared) {
    say(&format!(
        "{}: редакция {} → редакция {}",
        compared.act, compared.old, compared.new
    ));
    for (title, list) in lists(&compared.comparison) {
        say(&format!("\n{title}: {}", list.len()));
        for change in list {
            say(&format!("  {}", label(change)));
            for text in &change.removed {
                say(&format!("    − {text}"));
            }
            for text in &change.added {
                say(&format!("    + {text}"));
            }
        }
    }
}

/// The comparison as one page that needs nothing else.
fn page(compared: &Compared) -> String {
    let title = format!("{}: {} → {}", compared.act, compared.old, compared.new);
    let mut out = format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{0}</title><style>:root{{color-scheme:light dark}}body{{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}}\
         ins{{background:#2c82}}del{{background:#c222}}</style><h1>{0}</h1>",
        escaped(&title)
    );
    for (title, list) in lists(&compared.comparison) {
        let _ = write!(out, "<h2>{title}: {}</h2>", list.len());
        for change in list {
            let _ = write!(out, "<h3>{}</h3><p>", escaped(&label(change)));
            for run in &change.runs {
                let text = escaped(&run.text);
                let _ = match run.mark {
                    Mark::Kept => write!(out, "{text} "),
                    Mark::Added => write!(out, "<ins>{text}</ins> "),
                    Mark::Removed => write!(out, "<del>{text}</del> "),
                };
            }
            out.push_str("</p>");
        }
    }
    out.push_str("</html>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\n', "<br>")
}

/// `kb history NORM`: the provision that bears the label in the newest edition, through all of them.
pub async fn history(config: Config, norm: &str, format: Format) -> Result<Exit, Failure> {
    let citation: Citation = norm.parse().map_err(|e| Failure::wrong_use("norm", e))?;
    let store = open_store(&config).await?;
    let versions = editions::history(&store, &citation).await?;
    if versions.is_empty() {
        return Err(Failure::not_found(
            norm,
            format!("{} не найдена ни в одной редакции.", citation.russian()),
        )
        .remedy("Посмотрите, какие акты и редакции есть: soyuznik kb list."));
    }
    if format == Format::Json {
        let rows: Vec<_> = versions
            .iter()
            .map(|v| {
                serde_json::json!({"edition": v.edition_date, "norm": v.citation, "provision": v.provision,
                    "from": v.in_force_from, "until": v.in_force_until, "from_basis": v.from_basis.code(),
                    "alignment": v.alignment.code(), "repealed": v.repealed, "text": v.text, "text_sha256": v.text_sha256})
            })
            .collect();
        print_json(&serde_json::json!({"norm": norm, "history": rows}));
        return Ok(Exit::Done);
    }
    let mut before: Option<&crate::store::VersionRow> = None;
    for version in &versions {
        let same = before.is_some_and(|old| reads_the_same(&old.text, &version.text));
        let what = match (before, same, version.repealed) {
            (_, _, true) => "утратила силу".to_owned(),
            (None, ..) => version.text.clone(),
            (Some(_), true, _) => "без изменений".to_owned(),
            (Some(_), false, _) => version.text.clone(),
        };
        say(&format!(
            "редакция {}, {}: {what}\n",
            version.edition_date,
            russian(Some(&version.citation))
        ));
        before = Some(version);
    }
    Ok(Exit::Done)
}

/// `kb verify ACT --on DAY`.
pub async fn verify(config: Config, act: &str, on: Date, format: Format) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    store.verify_current_to(act, on, "kb verify").await?;
    match format {
        Format::Json => print_json(&serde_json::json!({"act": act, "current_to": on})),
        Format::Text => say(&format!("{act}: новейшая редакция известна по {on}.")),
    }
    Ok(Exit::Done)
}
