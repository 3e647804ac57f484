//! `kb rates`: the rates that sums are computed by, and new ones.

use super::output::{Exit, Failure, Format, print_json, say};
use super::people::{ACTOR, open_store};
use crate::app;
use crate::config::Config;
use crate::law::rates::{RateKind, RateRow, RateStatus, Rates};
use crate::store::OwnRate;
use clap::{Args, Subcommand};
use jiff::civil::Date;

#[derive(Debug, Subcommand)]
pub enum RatesCommand {
    /// Какие ставки и размеры известны и по какой день.
    List {
        /// Только этого вида: key_rate, refinancing_rate, minimum_wage, average_month_days.
        #[arg(long, value_name = "ВИД", value_parser = kind)]
        kind: Option<RateKind>,
    },
    /// Добавить ставку; прежняя считается действовавшей до этого дня.
    Add(RateAddArgs),
}

#[derive(Debug, Args)]
pub struct RateAddArgs {
    /// Вид: key_rate, minimum_wage.
    #[arg(value_name = "ВИД", value_parser = kind)]
    pub kind: RateKind,
    /// Первый день действия.
    #[arg(long, value_name = "ДЕНЬ")]
    pub from: Date,
    /// Значение: проценты или рубли, например 13,5.
    #[arg(long, value_name = "ЧИСЛО")]
    pub value: String,
    /// По какой день она точно известна; без этого — по сегодня, а если действует позже, по первый день.
    #[arg(long, value_name = "ДЕНЬ")]
    pub known_to: Option<Date>,
    /// Откуда: решение Банка России, номер закона.
    #[arg(long, value_name = "ИСТОЧНИК")]
    pub source: String,
}

fn kind(word: &str) -> Result<RateKind, String> {
    RateKind::parse(word).ok_or_else(|| {
        let words: Vec<&str> = RateKind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("бывает {}", words.join(", "))
    })
}

pub async fn run(config: Config, command: RatesCommand, format: Format) -> Result<Exit, Failure> {
    match command {
        RatesCommand::List { kind } => list(&app::rates::beside(&config).await?, kind, format),
        RatesCommand::Add(args) => add(&config, args, format).await?,
    }
    Ok(Exit::Done)
}

fn list(rates: &Rates, only: Option<RateKind>, format: Format) {
    let kinds = RateKind::ALL.into_iter();
    let kinds = kinds.filter(|kind| only.is_none_or(|only| only == *kind));
    if format == Format::Json {
        let tables: Vec<_> = kinds
            .map(|kind| {
                serde_json::json!({
                    "kind": kind.as_str(), "known_to": rates.known_to(kind), "rows": rates.rows(kind),
                })
            })
            .collect();
        return print_json(&serde_json::json!({"rates": tables}));
    }
    for kind in kinds {
        let known = rates.known_to(kind);
        let known = known.map(|day| format!(", известна по {day}"));
        say(&format!(
            "{} ({}{})",
            kind.russian(),
            kind.as_str(),
            known.unwrap_or_default()
        ));
        for row in rates.rows(kind) {
            let note = row.note.as_ref().map(|note| format!("; {note}"));
            say(&format!(
                "  с {}  {:>8}  {}{}",
                row.from,
                row.value.normalize(),
                row.source,
                note.unwrap_or_default()
            ));
        }
    }
}

async fn add(config: &Config, args: RateAddArgs, format: Format) -> Result<(), Failure> {
    let value = args.value.replace(',', ".").parse().map_err(|_| {
        Failure::wrong_use("--value", "Это не число.").remedy("Напишите, например, 13,5.")
    })?;
    let rate = OwnRate {
        kind: args.kind,
        row: RateRow {
            from: args.from,
            value,
            source: args.source,
            status: RateStatus::Own,
            note: None,
        },
        known_to: args.known_to.unwrap_or_else(|| app::today().max(args.from)),
    };
    let embedded = Rates::embedded().map_err(|e| Failure::new(Exit::Damaged, "rates", e))?;
    let mut tried = embedded;
    tried
        .add(rate.kind, rate.row.clone(), rate.known_to)
        .map_err(|error| Failure::wrong_use("kb rates add", error))?;
    open_store(config).await?.keep_rate(&rate, ACTOR).await?;
    if format == Format::Json {
        print_json(&serde_json::json!({
            "kind": rate.kind.as_str(), "row": rate.row, "known_to": rate.known_to,
        }));
    } else {
        say(&format!(
            "Добавлено: {} с {} — {}, известна по {}",
            rate.kind.russian(),
            rate.row.from,
            rate.row.value.normalize(),
            rate.known_to
        ));
    }
    Ok(())
}
