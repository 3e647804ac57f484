//! How a term is counted, step by step.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::Serialize;

use super::rule::{Counting, DeadlineError, DeadlineRule, Direction, TermEnd, TermUnit};
use super::words::{length_words, spoken};
use crate::law::calendar::Calendar;
use crate::law::citation::Citation;

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
        counting: &rule.counting,
    };
    if let Some(text) = outside(rule, from) {
        count.step(text, None);
        return Ok(count.done(rule, None));
    }
    let due = match (rule.direction, rule.length) {
        (_, 0) => Some(from),
        (Direction::Before, _) => count.before(rule, from, calendar, out_of_range)?,
        (Direction::After, _) => count.after(rule, from, calendar, out_of_range)?,
    };
    let due = match rule.end {
        TermEnd::NextWorkingDay => due.and_then(|day| count.moved(day, calendar)),
        TermEnd::PreviousWorkingDay => due.and_then(|day| count.eve(day, calendar)),
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
    Ok(count.done(rule, due))
}

/// Says why a rule is not the one of this day: it held at other times.
fn outside(rule: &DeadlineRule, from: Date) -> Option<String> {
    let early = rule.from.filter(|first| from < *first);
    let late = rule.until.filter(|end| from >= *end);
    match (early, late) {
        (Some(first), _) => Some(format!(
            "Это правило действует для событий с {}: на {} срок был другой",
            spoken(first),
            spoken(from)
        )),
        (_, Some(end)) => Some(format!(
            "Это правило действовало для событий до {}: на {} срок уже другой",
            spoken(end),
            spoken(from)
        )),
        _ => None,
    }
}

struct Count<'a> {
    counted: Vec<String>,
    norms: Vec<Citation>,
    counting: &'a Counting,
}

/// Which norm of the act's counting a step follows.
#[derive(Clone, Copy)]
enum By {
    After,
    Ends,
    Moves,
}

impl Count<'_> {
    fn step(&mut self, text: String, by: Option<By>) {
        self.counted.push(text);
        let norm = match by {
            Some(By::After) => &self.counting.after,
            Some(By::Ends) => &self.counting.ends,
            Some(By::Moves) => &self.counting.moves,
            None => return,
        };
        if !self.norms.contains(norm) {
            self.norms.push(norm.clone());
        }
    }

    fn done(self, rule: &DeadlineRule, due: Option<Date>) -> Computed {
        Computed {
            rule: rule.id.clone(),
            due,
            counted: self.counted,
            norms: self.norms,
        }
    }

    fn after(
        &mut self,
        rule: &DeadlineRule,
        from: Date,
        calendar: &Calendar,
        fail: impl Fn() -> DeadlineError,
    ) -> Result<Option<Date>, DeadlineError> {
        if rule.unit == TermUnit::Hour {
            self.step(
                "Часы идут подряд, и в выходные; здесь назван день, час считайте от часа события"
                    .into(),
                None,
            );
            return self.ends(from, days_of_hours(rule.length).days(), rule, fail);
        }
        let next = from.tomorrow().map_err(|_| fail())?;
        self.step(
            format!("Отсчёт идёт со следующего дня: {}", spoken(next)),
            Some(By::After),
        );
        match span(rule) {
            Some(span) => self.ends(from, span, rule, fail),
            None => Ok(self.working_days(from, rule.length, calendar)),
        }
    }

    /// The last day on which something can be done so that the whole term lies before the event.
    fn before(
        &mut self,
        rule: &DeadlineRule,
        event: Date,
        calendar: &Calendar,
        fail: impl Fn() -> DeadlineError,
    ) -> Result<Option<Date>, DeadlineError> {
        let due = match span(rule) {
            Some(span) => event.checked_sub(span).map_err(|_| fail())?,
            None => match self.working_days_away(event, rule.length, calendar, Date::yesterday) {
                Some(day) => day,
                None => return Ok(None),
            },
        };
        self.step(
            format!(
                "До события должно пройти не меньше, чем {}: последний день {}",
                length_words(rule.length, rule.unit),
                spoken(due)
            ),
            None,
        );
        Ok(Some(due))
    }

    /// The working day so many working days away; nothing, and said so, where a calendar ends on the way.
    fn working_days_away(
        &mut self,
        from: Date,
        length: u16,
        calendar: &Calendar,
        step: fn(Date) -> Result<Date, jiff::Error>,
    ) -> Option<Date> {
        let (mut at, mut left) = (from, length);
        while left > 0 {
            at = step(at).ok()?;
            match calendar.is_working_day(at) {
                Some(true) => left -= 1,
                Some(false) => {}
                None => {
                    self.unknown(at);
                    return None;
                }
            }
        }
        Some(at)
    }

    /// The working day before a day off.
    fn eve(&mut self, day: Date, calendar: &Calendar) -> Option<Date> {
        let mut at = day;
        loop {
            match calendar.is_working_day(at) {
                Some(true) => break,
                Some(false) => at = at.yesterday().ok()?,
                None => {
                    self.unknown(at);
                    return None;
                }
            }
        }
        if at != day {
            self.step(
                format!(
                    "{} — нерабочий день, сделать надо накануне: {}",
                    spoken(day),
                    spoken(at)
                ),
                None,
            );
        }
        Some(at)
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
            Some(By::Ends),
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
        let at = self.working_days_away(from, length, calendar, Date::tomorrow)?;
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
                Some(By::Moves),
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
        self.step(text, Some(By::Moves));
    }
}

/// The calendar span of a rule; nothing where it counts working days.
fn span(rule: &DeadlineRule) -> Option<Span> {
    let length = i64::from(rule.length);
    match rule.unit {
        TermUnit::Hour => Some(days_of_hours(rule.length).days()),
        TermUnit::Day => Some(length.days()),
        TermUnit::Week => Some(length.weeks()),
        TermUnit::Month => Some(length.months()),
        TermUnit::Year => Some(length.years()),
        TermUnit::WorkingDay => None,
    }
}

fn days_of_hours(hours: u16) -> i64 {
    i64::from(hours.div_ceil(24))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
