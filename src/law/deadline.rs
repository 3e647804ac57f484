//! Terms of the law and how they are counted (article 14 of the Labour Code).

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::citation::{ActId, Citation};

/// Why rules or a computation failed.
#[derive(Debug, thiserror::Error)]
pub enum DeadlineError {
    /// The file is no list of rules.
    #[error("сроки {file}: {message}; исправьте файл")]
    Malformed {
        /// The file's name.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// The day lies outside what dates can hold.
    #[error("от {from} нельзя отсчитать срок «{rule}»: проверьте дату")]
    OutOfRange {
        /// The rule's id.
        rule: String,
        /// The day given.
        from: Date,
    },
}

/// The unit a term is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermUnit {
    /// Calendar days.
    Day,
    /// Working days.
    WorkingDay,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// What happens to a last day that is no working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermEnd {
    /// The term ends on the next working day (article 14, part 4).
    #[default]
    NextWorkingDay,
    /// The day itself is the term.
    AsIs,
}

/// A term that the law sets (срок).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Stable id, `court-dismissal`.
    pub id: String,
    /// The norm that sets the term.
    pub norm: Citation,
    /// What the term is for.
    pub title: String,
    /// The event it runs from, in words.
    pub start: String,
    /// How many units.
    pub length: u16,
    /// The unit.
    pub unit: TermUnit,
    /// The norm by which a missed term may be restored.
    pub restorable: Option<Citation>,
    /// What happens on a day off.
    #[serde(default)]
    pub end: TermEnd,
    /// What the count leaves out, for people.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A computed term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Computed {
    /// The rule's id.
    pub rule: String,
    /// The last day; nothing if the calendar of its year is not known.
    pub due: Option<Date>,
    /// How it was counted, step by step.
    pub counted: Vec<String>,
    /// The norms used.
    pub norms: Vec<Citation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    act: ActId,
    edition: Date,
    #[serde(default)]
    rule: Vec<DeadlineRule>,
}

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/deadlines.rs"));

/// Returns the rules of one file. Fails on unknown fields, on norms of another act and on doubled ids.
pub fn parse_rules(name: &str, toml: &str) -> Result<Vec<DeadlineRule>, DeadlineError> {
    let refuse = |message: String| DeadlineError::Malformed {
        file: name.to_owned(),
        message,
    };
    let file: RuleFile = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    let mut seen = Vec::new();
    for rule in &file.rule {
        if rule.norm.act != file.act {
            return Err(refuse(format!(
                "срок {}: норма {} другого акта, редакция {}",
                rule.id, rule.norm, file.edition
            )));
        }
        if seen.contains(&&rule.id) {
            return Err(refuse(format!("срок {} назван дважды", rule.id)));
        }
        seen.push(&rule.id);
    }
    Ok(file.rule)
}

/// Returns the rules that the binary carries.
pub fn embedded_rules() -> Result<Vec<DeadlineRule>, DeadlineError> {
    let mut out = Vec::new();
    for (name, text) in EMBEDDED {
        out.extend(parse_rules(name, text)?);
    }
    Ok(out)
}

/// Returns the last day of a term that runs from the event of day `from`, with the steps of the count.
///
/// The count starts on the day after the event; months and years end on the matching day. If the calendar does not know the
/// year that decides, `due` is empty and the steps say so. Fails only for days near the end of what dates can hold.
pub fn compute(
    rule: &DeadlineRule,
    from: Date,
    calendar: &Calendar,
) -> Result<Computed, DeadlineError> {
    let out_of_range = || DeadlineError::OutOfRange {
        rule: rule.id.clone(),
        from,
    };
    let mut count = Count {
        counted: vec![format!("{}: {}", capital(&rule.start), spoken(from))],
        norms: vec![rule.norm.clone()],
    };
    let length = i64::from(rule.length);
    let due = if rule.length == 0 {
        Some(from)
    } else {
        let next = from.tomorrow().map_err(|_| out_of_range())?;
        count.step(
            format!("Отсчёт идёт со следующего дня: {}", spoken(next)),
            Some(2),
        );
        match rule.unit {
            TermUnit::WorkingDay => count.working_days(from, rule.length, calendar),
            TermUnit::Day => count.ends(from, length.days(), rule, out_of_range)?,
            TermUnit::Week => count.ends(from, length.weeks(), rule, out_of_range)?,
            TermUnit::Month => count.ends(from, length.months(), rule, out_of_range)?,
            TermUnit::Year => count.ends(from, length.years(), rule, out_of_range)?,
        }
    };
    let due = match rule.end {
        TermEnd::NextWorkingDay => due.and_then(|day| count.moved(day, calendar)),
        TermEnd::AsIs => due,
    };
    count.counted.extend(rule.notes.iter().cloned());
    if let Some(norm) = &rule.restorable {
        count.counted.push(format!(
            "Срок, пропущенный по уважительной причине, можно восстановить: {}",
            norm.russian()
        ));
        count.norms.push(norm.clone());
    }
    Ok(Computed {
        rule: rule.id.clone(),
        due,
        counted: count.counted,
        norms: count.norms,
    })
}

struct Count {
    counted: Vec<String>,
    norms: Vec<Citation>,
}

impl Count {
    fn step(&mut self, text: String, part_of_14: Option<u8>) {
        self.counted.push(text);
        if let Some(part) = part_of_14 {
            let norm = Citation {
                part: Some(part.to_string()),
                ..Citation::of_article(ActId::tk(), "14")
            };
            if !self.norms.contains(&norm) {
                self.norms.push(norm);
            }
        }
    }

    fn ends(
        &mut self,
        from: Date,
        span: Span,
        rule: &DeadlineRule,
        fail: impl Fn() -> DeadlineError,
    ) -> Result<Option<Date>, DeadlineError> {
        let end = from.checked_add(span).map_err(|_| fail())?;
        self.step(
            format!(
                "Срок {} заканчивается {}",
                length_words(rule.length, rule.unit),
                spoken(end)
            ),
            Some(3),
        );
        let longer =
            matches!(rule.unit, TermUnit::Month | TermUnit::Year) && end.day() != from.day();
        if longer {
            self.step(
                format!(
                    "{} числа в этом месяце нет, поэтому берётся последний день месяца",
                    from.day()
                ),
                None,
            );
        }
        Ok(Some(end))
    }

    fn working_days(&mut self, from: Date, length: u16, calendar: &Calendar) -> Option<Date> {
        let (mut at, mut left) = (from, length);
        while left > 0 {
            at = at.tomorrow().ok()?;
            match calendar.is_working_day(at) {
                Some(true) => left -= 1,
                Some(false) => {}
                None => {
                    self.unknown(at);
                    return None;
                }
            }
        }
        self.step(
            format!(
                "Срок {} заканчивается {}",
                length_words(length, TermUnit::WorkingDay),
                spoken(at)
            ),
            None,
        );
        Some(at)
    }

    fn moved(&mut self, day: Date, calendar: &Calendar) -> Option<Date> {
        let Some(moved) = calendar.working_day_from(day) else {
            self.unknown(day);
            return None;
        };
        if moved != day {
            self.step(
                format!(
                    "{} — нерабочий день, последний день срока переходит на {}",
                    spoken(day),
                    spoken(moved)
                ),
                Some(4),
            );
        }
        if calendar.is_decree_day(day) {
            self.step(format!("{} был нерабочим по указу Президента; срок на него не перенесён, так безопаснее", spoken(day)), None);
        }
        Some(moved)
    }

    fn unknown(&mut self, day: Date) {
        let text = format!(
            "Производственный календарь {} года не загружен: рабочий ли день {}, неизвестно, последний день назовёт юрист",
            day.year(),
            spoken(day)
        );
        self.step(text, Some(4));
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
];

/// Returns the day as people write it: «5 марта 2025 года».
pub fn spoken(day: Date) -> String {
    let month = usize::try_from(day.month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .copied()
        .unwrap_or_default();
    format!("{} {month} {} года", day.day(), day.year())
}

/// Returns a length in words: «3 месяца», «2 недели», «3 рабочих дня».
pub fn length_words(n: u16, unit: TermUnit) -> String {
    let forms = match unit {
        TermUnit::Day => ["день", "дня", "дней"],
        TermUnit::WorkingDay => ["рабочий день", "рабочих дня", "рабочих дней"],
        TermUnit::Week => ["неделя", "недели", "недель"],
        TermUnit::Month => ["месяц", "месяца", "месяцев"],
        TermUnit::Year => ["год", "года", "лет"],
    };
    let form = match (n % 10, n % 100) {
        (_, 11..=14) => 2,
        (1, _) => 0,
        (2..=4, _) => 1,
        _ => 2,
    };
    format!("{n} {}", forms[form])
}

#[cfg(test)]
mod tests;
