//! Rules of terms: what a file of them holds.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::law::citation::{ActId, Citation};

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
