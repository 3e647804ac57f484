//! `calc NAME …`: sums with their steps. The options of each are the fields of its calculator.

use super::output::{Exit, Failure, Format, print_json, say};
use crate::app;
use crate::config::Config;
use crate::law::calc::{Calculation, Calculator, Field, FieldKind, Ground, Need, rubles};
use crate::law::calendar::Calendar;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Subcommand};

/// A calculator's name and what was written into its fields.
#[derive(Debug)]
pub struct CalcCommand {
    name: String,
    given: Vec<(String, String)>,
}

impl FromArgMatches for CalcCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (name, matches) = matches
            .subcommand()
            .ok_or_else(|| clap::Error::new(clap::error::ErrorKind::MissingSubcommand))?;
        let fields = Calculator::find(name).map_or(&[][..], |one| one.fields);
        let value = |field: &Field| {
            let value = matches.get_one::<String>(field.name)?;
            Some((field.name.to_owned(), value.clone()))
        };
        Ok(Self {
            name: name.to_owned(),
            given: fields.iter().filter_map(value).collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for CalcCommand {
    fn augment_subcommands(command: Command) -> Command {
        Calculator::all().iter().fold(command, |command, one| {
            let about = format!("{}: {}", one.title.0, one.about.0);
            let sub = Command::new(one.name).about(about);
            command.subcommand(sub.args(one.fields.iter().map(option)))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Calculator::find(name).is_some()
    }
}

fn option(field: &Field) -> Arg {
    // Clap keeps names for the life of the process; a command line is read once.
    let long: &'static str = field.name.replace('_', "-").leak();
    let help = match field.kind {
        FieldKind::Choice(choices) => {
            let words: Vec<String> = choices
                .iter()
                .map(|(word, russian, _)| format!("{word} — {russian}"))
                .collect();
            format!("{}: {}", field.label.0, words.join("; "))
        }
        _ => field.label.0.to_owned(),
    };
    Arg::new(field.name)
        .long(long)
        .value_name("ЗНАЧЕНИЕ")
        .help(help)
        .required(field.need == Need::Required)
}

/// Options that every calculator shares with the other commands.
#[derive(Debug, Args)]
pub struct CalcArgs {
    #[command(subcommand)]
    calc: CalcCommand,
}

pub async fn run(config: Config, args: CalcArgs, format: Format) -> Result<Exit, Failure> {
    let calculator = Calculator::find(&args.calc.name)
        .ok_or_else(|| Failure::not_found("calc", "Такого расчёта нет."))?;
    let rates = app::rates::beside(&config).await?;
    let calendar = Calendar::embedded().map_err(|e| Failure::new(Exit::Damaged, "calendars", e))?;
    let ground = Ground {
        rates: &rates,
        calendar: &calendar,
        today: app::today(),
    };
    let calculation = calculator
        .compute(&args.calc.given, ground)
        .map_err(|error| {
            let place = format!("--{}", error.field.replace('_', "-"));
            Failure::wrong_use(&place, error)
        })?;
    if format == Format::Json {
        print_json(&calculation);
    } else {
        tell(calculator, &calculation);
    }
    Ok(Exit::Done)
}

fn tell(calculator: &Calculator, calculation: &Calculation) {
    say(calculator.title.0);
    for step in &calculation.steps {
        let norm = step.norm.as_ref().map(|norm| norm.russian());
        let norm = norm.map(|norm| format!(" ({norm})")).unwrap_or_default();
        say(&format!("  {}{norm}", step.text));
    }
    match calculation.result {
        Some(sum) => say(&format!("Итого: {}", rubles(sum))),
        None => say("Итог не посчитан: не хватает данных"),
    }
    if !calculation.unknown.is_empty() {
        say("Проверьте:");
        for line in &calculation.unknown {
            say(&format!("  {line}"));
        }
    }
}
