//! `kb align`: norms that two editions do not clearly have in common, and what a person says of them.

use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use crate::app::alignments;
use crate::config::Config;
use crate::law::citation::Citation;
use crate::store::{AlignmentDecision, AlignmentReview, Asked, ReviewedNorm};
use clap::Args;
use jiff::civil::Date;

/// Who decides when a command does.
const ACTOR: &str = "kb align";
/// Characters of a text that are enough to know it by.
const BEGINNING: usize = 160;

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct AlignArguments {
    /// Показать, что ждёт решения: в одном акте или во всех.
    #[arg(long, value_name = "АКТ", num_args = 0..=1, default_missing_value = "")]
    review: Option<String>,
    /// Поставить под вопрос норму, сопоставленную без сомнений: в редакции на этот день.
    #[arg(long, num_args = 2, value_names = ["НОРМА", "ДЕНЬ"])]
    ask: Option<Vec<String>>,
    /// Согласиться с тем, как сопоставлено сейчас.
    #[arg(long, value_name = "ID", num_args = 1..)]
    accept: Vec<String>,
    /// Сопоставить с названной нормой другой редакции.
    #[arg(long, num_args = 2, value_names = ["ID", "НОРМА"])]
    to: Option<Vec<String>>,
    /// Не сопоставлять ни с чем: норма новая, а прежняя утратила силу.
    #[arg(long, value_name = "ID")]
    new: Option<String>,
}

pub async fn run(
    config: Config,
    arguments: AlignArguments,
    format: Format,
) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    if let Some(act) = arguments.review {
        let act = Some(act.as_str()).filter(|act| !act.is_empty());
        let open = alignments::open(&store, act).await?;
        match format {
            Format::Json => print_json(&serde_json::json!({"open": open})),
            Format::Text => print_open(&open),
        }
        return Ok(Exit::Done);
    }
    if let Some([norm, day]) = arguments.ask.as_deref() {
        let norm: Citation = norm.parse().map_err(|e| Failure::wrong_use("norm", e))?;
        let on: Date = day.parse().map_err(|e| Failure::wrong_use("--ask", e))?;
        let asked = alignments::ask(&store, &norm, on, ACTOR).await?;
        match format {
            Format::Json => print_json(&asked),
            Format::Text => print_open(&[asked]),
        }
        return Ok(Exit::Done);
    }
    let accepted = arguments.accept.into_iter();
    let mut decisions: Vec<_> = accepted.map(|id| (id, AlignmentDecision::Accept)).collect();
    decisions.extend(arguments.new.map(|id| (id, AlignmentDecision::New)));
    if let Some([id, norm]) = arguments.to.as_deref() {
        let norm = norm.clone();
        decisions.push((id.clone(), AlignmentDecision::To { norm }));
    }
    let mut decided = Vec::new();
    for (id, decision) in &decisions {
        decided.push(alignments::decide(&store, id, decision, ACTOR).await?);
    }
    match format {
        Format::Json => print_json(&serde_json::json!({"decided": decided})),
        Format::Text => decided.iter().for_each(print_decided),
    }
    Ok(Exit::Done)
}

fn print_open(open: &[AlignmentReview]) {
    for review in open {
        let (of, other) = match review.asked {
            Asked::Newer => (review.newer, review.older),
            Asked::Older => (review.older, review.newer),
        };
        say(&format!(
            "{}\n  редакция {of}, {}: {}",
            review.id,
            russian(&review.norm),
            beginning(&review.text)
        ));
        say(&format!("  почему: {}", review.why));
        say(&match &review.proposed {
            Some(norm) => format!(
                "  сейчас: одно и то же с нормой редакции {other}: {}",
                told(norm)
            ),
            None => format!("  сейчас: {}", alone(review.asked)),
        });
        for norm in &review.alternatives {
            say(&format!("  или: {}", told(norm)));
        }
        say("");
    }
    say(&format!("Ждут решения: {}.", open.len()));
    if !open.is_empty() {
        say(
            "Согласиться: soyuznik kb align --accept ID. Другая норма: soyuznik kb align --to ID НОРМА. Ни с чем: soyuznik kb align --new ID.",
        );
    }
}

fn print_decided(review: &AlignmentReview) {
    let norm = russian(&review.norm);
    say(&match &review.chosen {
        Some(chosen) => format!(
            "{norm}: одно и то же с {} ({} → {}).",
            russian(chosen),
            review.older,
            review.newer
        ),
        None => format!(
            "{norm}: {} ({} → {}).",
            alone(review.asked),
            review.older,
            review.newer
        ),
    });
}

fn alone(asked: Asked) -> &'static str {
    match asked {
        Asked::Newer => "новая норма",
        Asked::Older => "ничем не продолжена",
    }
}

fn told(norm: &ReviewedNorm) -> String {
    let likeness = match norm.likeness {
        Some(likeness) => format!(" (сходство {likeness:.2})"),
        None => String::new(),
    };
    format!(
        "{} [{}]{likeness}: {}",
        russian(&norm.norm),
        norm.norm,
        beginning(&norm.text)
    )
}

/// «ч. 2 ст. 392 ТК РФ»; the second norm of a label says so.
fn russian(label: &str) -> String {
    let (citation, nth) = label.split_once('#').unwrap_or((label, ""));
    let name = citation
        .parse::<Citation>()
        .map_or_else(|_| citation.to_owned(), |citation| citation.russian());
    match nth {
        "" => name,
        nth => format!("{name} (№ {nth} под этим номером)"),
    }
}

fn beginning(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return "без текста".to_owned();
    }
    match words.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("«{}…»", &words[..end]),
        None => format!("«{words}»"),
    }
}
