//! Citations: what people write when they name a norm, in one canonical form.

mod act;
mod letters;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::local::LocalUnit;

pub use act::ActId;
pub use letters::{cyrillic_letter, latin_letter};

/// Why a string is not a citation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CitationError {
    /// The act id has another shape than `tk`, `gk-1`, `fz-10` …
    #[error(
        "«{0}» не похоже на обозначение акта: нужны строчные латинские буквы, цифры и дефис, например tk или fz-10"
    )]
    Act(String),
    /// A level is empty, or is no number or letter code.
    #[error(
        "«{value}» в ссылке «{citation}» не похоже на номер: нужна форма акт:статья:часть:пункт:подпункт[:pN], например tk:81:1:6:v"
    )]
    Level {
        /// The whole string that was read.
        citation: String,
        /// The level that was refused.
        value: String,
    },
    /// More levels than the form has.
    #[error(
        "в ссылке «{0}» слишком много уровней: нужна форма акт:статья:часть:пункт:подпункт[:pN]"
    )]
    TooDeep(String),
}

/// A norm as people name it: act, article, part, point, subpoint, paragraph.
///
/// It means something only together with a day: parts and points are renumbered by amendments.
/// Acts without articles (Plenums, decrees, orders) leave `article` and `part` empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// The act (акт).
    pub act: ActId,
    /// Annexes (`a1`) and forms (`f2`) of an act without articles, outermost first: `a2`, `f3` is form 3 of annex 2; of a
    /// local act also sections (`s5`), where a point's number alone does not tell it or nothing in the section is numbered.
    pub annex: Vec<String>,
    /// Article (статья), `81`, `312.1`, `348.11-1`.
    pub article: Option<String>,
    /// Part (часть); `n2` is point 2 of the notes (примечания) behind the article's parts.
    pub part: Option<String>,
    /// Point (пункт).
    pub point: Option<String>,
    /// Subpoint (подпункт), a Latin letter code or a number.
    pub subpoint: Option<String>,
    /// Paragraph (абзац), counted from 1.
    pub paragraph: Option<u16>,
}

/// Returns whether `s` has the number grammar `\d+(\.\d+)*(-\d+)?`, without leading zeros.
pub fn is_number(s: &str) -> bool {
    let (head, tail) = match s.split_once('-') {
        Some((head, tail)) => (head, Some(tail)),
        None => (s, None),
    };
    let plain = |p: &str| {
        !p.is_empty()
            && p.len() <= 4
            && p.bytes().all(|b| b.is_ascii_digit())
            && !p.starts_with('0')
    };
    head.split('.').all(plain) && tail.is_none_or(plain)
}

/// Annexes within annexes that a citation may name.
const MOST_ANNEXES: usize = 3;

/// Returns whether `s` names an annex or a form: `a1`, `f2`, `a3.1`.
fn is_annex(s: &str) -> bool {
    s.strip_prefix(['a', 'f']).is_some_and(is_number)
}

/// Returns whether `s` names a section of a local act: `s5`.
fn is_section(s: &str) -> bool {
    s.strip_prefix('s').is_some_and(is_number)
}

/// Returns whether `s` names a note behind the parts of an article: `n1`.
pub fn is_note(s: &str) -> bool {
    s.strip_prefix('n').is_some_and(is_number)
}

fn is_subpoint(s: &str) -> bool {
    is_number(s) || cyrillic_letter(s).is_some()
}

impl Citation {
    /// Returns the citation of a whole act.
    pub fn of_act(act: ActId) -> Citation {
        Citation {
            act,
            annex: Vec::new(),
            article: None,
            part: None,
            point: None,
            subpoint: None,
            paragraph: None,
        }
    }

    /// Returns the citation of an article, without checking the number's grammar.
    pub fn of_article(act: ActId, article: impl Into<String>) -> Citation {
        Citation {
            article: Some(article.into()),
            ..Citation::of_act(act)
        }
    }

    /// Returns this citation cut to its article; in an act without articles, to its point or annex.
    pub fn article(&self) -> Citation {
        let mut cut = Citation::of_act(self.act.clone());
        cut.annex.clone_from(&self.annex);
        cut.article.clone_from(&self.article);
        if cut.article.is_none() {
            cut.point.clone_from(&self.point);
        }
        cut
    }

    /// Returns whether `other` is this norm or lies inside it.
    pub fn contains(&self, other: &Citation) -> bool {
        if self.act != other.act {
            return false;
        }
        let (mine, theirs) = (self.levels(), other.levels());
        let prefix = mine.len() <= theirs.len() && mine.iter().zip(&theirs).all(|(a, b)| a == b);
        match self.paragraph {
            None => prefix,
            Some(p) => prefix && mine.len() == theirs.len() && other.paragraph == Some(p),
        }
    }

    /// Returns the norm one level up, or nothing for a whole act.
    pub fn parent(&self) -> Option<Citation> {
        let mut up = self.clone();
        let cut = up.paragraph.take().is_some()
            || up.subpoint.take().is_some()
            || up.point.take().is_some()
            || up.part.take().is_some()
            || up.article.take().is_some()
            || up.annex.pop().is_some();
        cut.then_some(up)
    }

    /// Returns the fragment of the article's page, `1-6-v`; empty for a whole article.
    pub fn fragment(&self) -> String {
        let mut levels = self.levels();
        if self.article.is_some() {
            levels.remove(0);
        }
        let mut out = levels
            .into_iter()
            .map(|l| l.unwrap_or_default())
            .collect::<Vec<_>>();
        out.extend(self.paragraph.map(|p| format!("p{p}")));
        out.join("-")
    }

    /// Returns the citation as people read it: «пп. «а» п. 6 ч. 1 ст. 81 ТК РФ».
    pub fn russian(&self) -> String {
        let mut out = Vec::new();
        if let Some(p) = self.paragraph {
            out.push(format!("абз. {p}"));
        }
        if let Some(s) = &self.subpoint {
            out.push(match cyrillic_letter(s) {
                Some(letter) => format!("пп. «{letter}»"),
                None => format!("пп. {s}"),
            });
        }
        let point = match self.act.local_unit() {
            Some(LocalUnit::Paragraph) => "абз.",
            _ => "п.",
        };
        for (mark, level) in [
            (point, &self.point),
            ("ч.", &self.part),
            ("ст.", &self.article),
        ] {
            if let Some(number) = level {
                let inside = if out.is_empty() {
                    "примечание"
                } else {
                    "примечания"
                };
                out.push(match number.strip_prefix('n') {
                    Some(note) => format!("{inside} {note} к"),
                    None => format!("{mark} {number}"),
                });
            }
        }
        // «п. 8 формы № 2 приложения № 1 к приказу …», «приложение № 3 к приложению № 1 к приказу …».
        for (i, level) in self.annex.iter().enumerate().rev() {
            let first = out.is_empty();
            let after_annex = self.annex.get(i + 1).is_some_and(|l| l.starts_with('a'));
            let (form, number) = (level.starts_with('f'), &level[1..]);
            if level.starts_with('s') {
                let word = if first {
                    "раздел"
                } else {
                    "раздела"
                };
                out.push(format!("{word} {number}"));
                continue;
            }
            out.push(match (form, first, after_annex) {
                (true, true, _) => format!("форма № {number}"),
                (true, false, _) => format!("формы № {number}"),
                (false, true, _) => format!("приложение № {number}"),
                (false, false, true) => format!("к приложению № {number}"),
                (false, false, false) => format!("приложения № {number}"),
            });
        }
        if out.is_empty() {
            return self.act.russian();
        }
        let annexed = self.annex.first().filter(|level| !level.starts_with('s'));
        out.push(match annexed {
            Some(_) => format!("к {}", self.act.russian_dative()),
            None => self.act.russian_genitive(),
        });
        out.join(" ")
    }

    /// The levels below the act, cut after the deepest one; a gap is `None` (`tk:413:1::a`).
    fn levels(&self) -> Vec<Option<String>> {
        let deepest = |all: &[&Option<String>]| {
            let n = all.iter().rposition(|l| l.is_some()).map_or(0, |i| i + 1);
            all[..n].iter().map(|l| (*l).clone()).collect::<Vec<_>>()
        };
        if self.article.is_none() {
            let mut levels: Vec<Option<String>> = self.annex.iter().cloned().map(Some).collect();
            levels.extend(deepest(&[&self.point, &self.subpoint]));
            return levels;
        }
        // A point without a part is written at part 1 (interfaces.md).
        let one = Some("1".to_owned());
        let inner = self.point.is_some() || self.subpoint.is_some();
        let part = if inner && self.part.is_none() {
            &one
        } else {
            &self.part
        };
        deepest(&[&self.article, part, &self.point, &self.subpoint])
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.act.as_str())?;
        for level in self.levels() {
            write!(f, ":{}", level.unwrap_or_default())?;
        }
        match self.paragraph {
            Some(p) => write!(f, ":p{p}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Citation {
    type Err = CitationError;

    fn from_str(s: &str) -> Result<Citation, CitationError> {
        let mut levels = s.split(':').collect::<Vec<_>>();
        let act = ActId::new(levels.remove(0))?;
        let refuse = |value: &str| CitationError::Level {
            citation: s.to_owned(),
            value: value.to_owned(),
        };
        let mut out = Citation::of_act(act);
        if let Some(p) = levels
            .last()
            .and_then(|l| l.strip_prefix('p'))
            .and_then(|p| is_number(p).then_some(p))
        {
            out.paragraph = Some(p.parse().map_err(|_| refuse(p))?);
            levels.pop();
        }
        let has_articles = out.act.has_articles();
        if !has_articles {
            let sections = out.act.is_local();
            let is_text = |l: &&&str| is_annex(l) || sections && is_section(l);
            let annexes = levels.iter().take_while(is_text).count();
            if annexes > MOST_ANNEXES {
                return Err(CitationError::TooDeep(s.to_owned()));
            }
            out.annex = levels.drain(..annexes).map(str::to_owned).collect();
        }
        let slots: Vec<&mut Option<String>> = if has_articles {
            vec![
                &mut out.article,
                &mut out.part,
                &mut out.point,
                &mut out.subpoint,
            ]
        } else {
            vec![&mut out.point, &mut out.subpoint]
        };
        if levels.len() > slots.len() {
            return Err(CitationError::TooDeep(s.to_owned()));
        }
        let (count, last) = (slots.len(), levels.len().saturating_sub(1));
        for (i, (slot, value)) in slots.into_iter().zip(&levels).enumerate() {
            let is_sub = i + 1 == count;
            // Only the point may be skipped: an article's part may hold lettered items directly.
            let skipped = value.is_empty() && has_articles && i == 2 && i != last;
            if skipped {
                continue;
            }
            let note = has_articles && i == 1 && is_note(value);
            if !(is_number(value) || note || is_sub && is_subpoint(value)) {
                return Err(refuse(value));
            }
            *slot = Some((*value).to_owned());
        }
        if out.paragraph.is_some() && levels.is_empty() && out.annex.is_empty() {
            return Err(refuse(""));
        }
        Ok(out)
    }
}

impl Serialize for Citation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Citation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Citation, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
