//! `kb check`: the editions that are held, counted; and what a reader took out of a file.

use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use crate::app::check::{self, Checked};
use crate::config::Config;
use crate::ingest::ParsedAct;
use crate::law::citation::Citation;

/// Lines of a list that are shown; `--json` shows all.
const SHOWN: usize = 20;

/// `kb check [ACT]`. Ends with [`Exit::Problems`] where an edition has gaps, doubles or lines outside of articles.
pub async fn check(config: Config, act: Option<&str>, format: Format) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    let Some(found) = check::check(&store, act).await? else {
        let act = act.unwrap_or_default();
        return Err(
            Failure::not_found(act, format!("Акта «{act}» в базе знаний нет."))
                .remedy("Посмотрите, какие акты есть: soyuznik kb list."),
        );
    };
    match format {
        Format::Json => print_json(&serde_json::json!({"acts": found})),
        Format::Text => found.iter().for_each(print),
    }
    Ok(match found.iter().any(Checked::has_problems) {
        true => Exit::Problems,
        false => Exit::Done,
    })
}

fn print(one: &Checked) {
    say(&format!(
        "{} {} ({}): статей {}, с текстом {}, глав {}, разделов {}; частей {}, пунктов {}, подпунктов {}, абзацев {}",
        one.act,
        one.edition,
        one.format,
        one.headings,
        one.with_body,
        one.chapters,
        one.sections,
        one.parts,
        one.points,
        one.subpoints,
        one.paragraphs
    ));
    let inside = one.gaps_inside.iter().map(|gap| {
        let what = match gap.kind {
            "part" => "частей",
            "point" => "пунктов",
            _ => "подпунктов",
        };
        format!(
            "{}: нет {what} {}",
            russian(&gap.norm),
            gap.missing.join(", ")
        )
    });
    list("нет статей", one.gaps.clone());
    list("пропуски внутри статей", inside.collect());
    list(
        "стоит дважды",
        one.duplicates.iter().map(|n| russian(n)).collect(),
    );
    let unparsed = one.unparsed.iter().map(|line| {
        let after = line["after"].as_str().map_or("в начале".to_owned(), |n| {
            format!("после {}", russian(n))
        });
        format!("{after}: {}", line["text"].as_str().unwrap_or_default())
    });
    list("не разобрано", unparsed.collect());
}

fn list(title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    say(&format!("  {title}: {}", lines.len()));
    for line in lines.iter().take(SHOWN) {
        say(&format!(
            "    {}",
            line.chars().take(160).collect::<String>()
        ));
    }
    if lines.len() > SHOWN {
        say(&format!("    … и ещё {}; все: --json", lines.len() - SHOWN));
    }
}

fn russian(norm: &str) -> String {
    norm.parse::<Citation>()
        .map_or_else(|_| norm.to_owned(), |citation| citation.russian())
}

/// What a file holds, and what was taken out of its text.
pub fn print_read(act: &ParsedAct) {
    say(&format!(
        "{}: {}, редакция {}; статей {}, с текстом {}, глав {}, разделов {}; пропущены номера: {}; не разобрано строк: {}",
        act.act,
        act.title,
        act.edition,
        act.headings,
        act.with_body,
        act.chapters,
        act.sections,
        act.gaps.len(),
        act.unparsed.len()
    ));
    let balance = &act.account;
    say(&format!(
        "Знаков прочитано {}, в тексте {}, убрано {}, потеряно {}.",
        balance.read,
        balance.kept,
        balance.removed,
        balance.lost.values().sum::<usize>()
    ));
    for why in crate::ingest::RemovedWhy::ALL {
        let count = act.removed.iter().filter(|r| r.why == why).count();
        if count > 0 {
            say(&format!("  {}: {count}", why.russian()));
        }
    }
}
