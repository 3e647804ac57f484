//! `kb pull`, `kb amended`, `kb watch`: asking the official sources.

use super::arguments_kb::AmendedArgs;
use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use crate::config::Config;
use crate::ingest::{self, Counts, Fewer, Mode, Patience, PullOutcome, PullReport, Sources};
use crate::knowledge::publication::Reach;
use crate::store::{AmendmentReach, KnownAmendment, SYSTEM};

/// `kb pull ACT`: the act's text from the official portal; with a dry run only what would happen.
pub async fn pull(
    config: Config,
    act: &str,
    (mode, fewer): (Mode, Fewer),
    format: Format,
) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    let sources = Sources::open(&config, Patience::Normal, mode)?;
    let report = ingest::pull(&store, &sources, act, fewer).await?;
    match format {
        Format::Json => print_json(&report),
        Format::Text => say_pull(&report),
    }
    Ok(match report.outcome {
        PullOutcome::WouldRefuse => Exit::Problems,
        _ => Exit::Done,
    })
}

fn say_pull(report: &PullReport) {
    say(&format!("Адрес: {}", report.url));
    let told = |name: &str, counts: &Option<Counts>| {
        if let Some(counts) = counts {
            say(&format!(
                "{name}: редакция {}; статей {}, с текстом {}, пропущено номеров {}, знаков {}",
                counts.edition, counts.headings, counts.with_body, counts.gaps, counts.characters
            ));
        }
    };
    told("Есть", &report.held);
    told("На портале", &report.found);
    say(&match (report.outcome, &report.added) {
        (PullOutcome::NotModified, _) => {
            "Портал говорит, что с прошлого раза текст не менялся. Ничего не взято.".to_owned()
        }
        (PullOutcome::Same, _) => {
            "На портале тот же текст, что и здесь. Ничего не взято.".to_owned()
        }
        (PullOutcome::WouldAdd, _) => {
            "Пробный запуск: этот текст был бы взят. Ничего не изменено.".to_owned()
        }
        (PullOutcome::WouldRefuse, _) => format!(
            "Пробный запуск: этот текст не был бы взят: {}. Ничего не изменено.",
            report.reason.as_deref().unwrap_or_default()
        ),
        (PullOutcome::Added, Some(added)) => format!(
            "{added}\nПроверили, по какой день текст верен, — отметьте: soyuznik kb verify {} --on ДЕНЬ.",
            report.act
        ),
        (PullOutcome::Added, None) => "Текст взят.".to_owned(),
    });
}

/// `kb amended ACT`: what amended the act since its text is known, or a decision about one of these laws.
pub async fn amended(config: Config, args: AmendedArgs, format: Format) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    let act = args.act.as_str();
    if let Some(number) = &args.settle {
        let reason = args.reason.as_deref().unwrap_or_default();
        store.settle_amendment(act, number, reason, SYSTEM).await?;
        say(&format!("Поправка {number} к акту {act} отложена."));
        return Ok(Exit::Done);
    }
    if let Some(number) = &args.reopen {
        store.reopen_amendments(act, number, SYSTEM).await?;
        say(&format!(
            "Поправка {number} к акту {act} снова ждёт текста или решения."
        ));
        return Ok(Exit::Done);
    }
    if args.known {
        return known(&store.amendments(act).await?, format);
    }
    let mode = mode(args.dry_run);
    let sources = Sources::open(&config, Patience::Normal, mode)?;
    let report = ingest::amended(&store, &sources, act, args.since).await?;
    match format {
        Format::Json => print_json(&report),
        Format::Text => {
            for url in &report.urls {
                say(&format!("Адрес: {url}"));
            }
            say(&format!(
                "{act}: опубликовано с {}: {}, из них новых здесь {}.",
                report.since,
                report.found.len(),
                report.fresh
            ));
            for one in &report.found {
                let sure = match one.reach {
                    Reach::Named => "",
                    Reach::Possible => " (акт в названии не назван)",
                };
                say(&format!(
                    "  {} от {}{sure}: {}\n    {}",
                    one.number, one.signed_on, one.title, one.url
                ));
            }
            if mode == Mode::DryRun {
                say("Пробный запуск: ничего не сохранено.");
            }
            if report.without_text > 0 {
                say(&format!(
                    "Без текста здесь: {}. Возьмите новую редакцию (kb pull {act}) или отложите поправку: kb amended {act} --settle НОМЕР --reason ПОЧЕМУ.",
                    report.without_text
                ));
            }
        }
    }
    Ok(Exit::Done)
}

fn known(amendments: &[KnownAmendment], format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => print_json(&serde_json::json!({"amendments": amendments})),
        Format::Text if amendments.is_empty() => say("Известных поправок нет."),
        Format::Text => {
            for one in amendments {
                let state = match (&one.settled, one.held) {
                    (Some(reason), _) => format!("отложена: {reason}"),
                    (None, true) => "учтена в тексте".to_owned(),
                    (None, false) if one.reach == AmendmentReach::Possible => {
                        "без текста; акт в названии не назван".to_owned()
                    }
                    (None, false) => "без текста".to_owned(),
                };
                say(&format!(
                    "{} от {} — {state}: {}\n    {}",
                    one.number, one.signed_on, one.title, one.url
                ));
            }
        }
    }
    Ok(Exit::Done)
}

/// `kb watch`: one look at all sources now, whatever the settings say.
pub async fn watch(config: Config, format: Format) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    let report = ingest::watch(&store, &config).await?;
    let trouble = report.acts.iter().any(|one| !one.trouble.is_empty());
    match format {
        Format::Json => print_json(&report),
        Format::Text => {
            for one in &report.acts {
                if !one.held {
                    say(&format!("{}: текста нет, сравнить не с чем", one.act));
                    continue;
                }
                let text = if one.new_text {
                    "на портале другой текст"
                } else {
                    "нового текста нет"
                };
                say(&format!(
                    "{}: {text}; новых поправок {}",
                    one.act, one.new_amendments
                ));
                for reason in &one.trouble {
                    say(&format!("  НЕ ПРОВЕРЕНО {reason}"));
                }
            }
        }
    }
    Ok(if report.saw_nothing() {
        Exit::Network
    } else if trouble {
        Exit::Problems
    } else {
        Exit::Done
    })
}

/// What a `--dry-run` means.
pub fn mode(dry_run: bool) -> Mode {
    if dry_run { Mode::DryRun } else { Mode::Take }
}
