use super::arguments::DeadlineCommand;
use super::output::{Exit, Failure, Format, print_json, say};
use crate::law::calendar::Calendar;
use crate::law::deadline::{self, DeadlineRule};
use jiff::civil::Date;

pub fn run(command: DeadlineCommand, format: Format) -> Result<Exit, Failure> {
    let rules =
        deadline::embedded_rules().map_err(|e| Failure::new(Exit::Damaged, "deadlines", e))?;
    match command {
        DeadlineCommand::List => list(&rules, format),
        DeadlineCommand::Compute { rule, from } => compute(&rules, &rule, from, format)?,
    }
    Ok(Exit::Done)
}

fn list(rules: &[DeadlineRule], format: Format) {
    if format == Format::Json {
        let rules: Vec<_> = rules
            .iter()
            .map(|rule| serde_json::json!({"id": rule.id, "norm": rule.norm, "title": rule.title}))
            .collect();
        return print_json(&serde_json::json!({"rules": rules}));
    }
    for rule in rules {
        say(&format!(
            "{:24} {} ({})",
            rule.id,
            rule.title,
            rule.norm.russian()
        ));
    }
}

fn compute(rules: &[DeadlineRule], id: &str, from: Date, format: Format) -> Result<(), Failure> {
    let rule = rules.iter().find(|rule| rule.id == id).ok_or_else(|| {
        Failure::not_found("--rule", format!("Срока «{id}» нет."))
            .remedy("Все сроки показывает soyuznik deadline list.")
    })?;
    let calendar = Calendar::embedded().map_err(|e| Failure::new(Exit::Damaged, "calendars", e))?;
    let computed =
        deadline::compute(rule, from, &calendar).map_err(|e| Failure::wrong_use("--from", e))?;
    if format == Format::Json {
        print_json(&computed);
        return Ok(());
    }
    say(&rule.title);
    for step in &computed.counted {
        say(&format!("  {step}"));
    }
    let norms: Vec<String> = computed.norms.iter().map(|norm| norm.russian()).collect();
    say(&match computed.due {
        Some(due) => format!(
            "Последний день: {} ({})",
            deadline::spoken(due),
            norms.join("; ")
        ),
        None => format!(
            "Последний день не посчитан: календаря этого года ещё нет ({})",
            norms.join("; ")
        ),
    });
    Ok(())
}
