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
    /// Hours; counted as whole days from the event's day, so the hour itself is the person's to watch.
    Hour,
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
    /// The act must be done on the working day before.
    PreviousWorkingDay,
}

/// On which side of the event the term lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It runs from the event on.
    #[default]
    After,
    /// Something must be done at least so long before the event.
    Before,
}

/// Who has to keep a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The worker.
    Worker,
    /// The employer.
    Employer,
    /// The trade union.
    Union,
    /// A court or a judge.
    Court,
    /// An inspectorate, a commission or another body.
    Authority,
    /// A bailiff.
    Bailiff,
}

/// The norms by which the terms of an act are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// The count starts on the day after the event.
    pub after: Citation,
    /// Where years, months and weeks end.
    pub ends: Citation,
    /// What becomes of a last day that is no working day.
    pub moves: Citation,
    /// Which days a term of days counts when the act does not say.
    #[serde(default)]
    pub days: CountedDays,
}

/// The days that an act counts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedDays {
    /// Every day.
    #[default]
    Calendar,
    /// Working days: a rule of such an act in calendar days is refused.
    Working,
}

impl Default for Counting {
    /// Article 14 of the Labour Code.
    fn default() -> Self {
        let part = |number: &str| Citation {
            part: Some(number.to_owned()),
            ..Citation::of_article(ActId::tk(), "14")
        };
        Counting {
            after: part("2"),
            ends: part("3"),
            moves: part("4"),
            days: CountedDays::Calendar,
        }
    }
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
    /// Who has to keep it.
    pub whose: Whose,
    /// The norm by which a missed term may be restored.
    pub restorable: Option<Citation>,
    /// What happens on a day off.
    #[serde(default)]
    pub end: TermEnd,
    /// On which side of the event it lies.
    #[serde(default)]
    pub direction: Direction,
    /// The first day of an event for which the rule holds.
    pub from: Option<Date>,
    /// The first day of an event for which it no longer does.
    pub until: Option<Date>,
    /// What the count leaves out, for people.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How the act counts; set by the head of its file.
    #[serde(skip)]
    pub counting: Counting,
    /// The edition whose labels the norms use; set by the head of its file.
    #[serde(skip)]
    pub edition: Date,
}

impl DeadlineRule {
    /// Whether the rule is the one for an event of this day.
    pub fn holds_for(&self, event: Date) -> bool {
        self.from.is_none_or(|first| event >= first) && self.until.is_none_or(|end| event < end)
    }

    /// The id under which it is approved.
    pub fn note_id(&self) -> String {
        format!("rule:{}", self.id)
    }

    /// The hash that an approval is bound to: SHA-256 over the compact JSON of the rule's fields.
    pub fn sha256(&self) -> String {
        use sha2::{Digest as _, Sha256};
        let json = serde_json::to_string(&(self, &self.counting)).unwrap_or_default();
        let digest = Sha256::digest(json.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
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
    counting: Counting,
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
        if rule.direction == Direction::Before && rule.end == TermEnd::NextWorkingDay {
            return Err(refuse(format!(
                "срок {} идёт до события: впишите end = \"as_is\" или \"previous_working_day\"",
                rule.id
            )));
        }
        if file.counting.days == CountedDays::Working && rule.unit == TermUnit::Day {
            return Err(refuse(format!(
                "срок {}: этот акт считает дни рабочими, а срок записан в календарных",
                rule.id
            )));
        }
        seen.push(&rule.id);
    }
    let counting = |rule: DeadlineRule| DeadlineRule {
        counting: file.counting.clone(),
        edition: file.edition,
        ..rule
    };
    Ok(file.rule.into_iter().map(counting).collect())
}

/// Returns the rules that the binary carries.
pub fn embedded_rules() -> Result<Vec<DeadlineRule>, DeadlineError> {
    let mut out: Vec<DeadlineRule> = Vec::new();
    for (name, text) in EMBEDDED {
        for rule in parse_rules(name, text)? {
            if out.iter().any(|old| old.id == rule.id) {
                return Err(DeadlineError::Malformed {
                    file: (*name).to_owned(),
                    message: format!("срок {} уже есть в другом файле", rule.id),
                });
            }
            out.push(rule);
        }
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
        TermUnit::Hour => ["час", "часа", "часов"],
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
#[cfg(test)]
mod cases;
