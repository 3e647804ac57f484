//! Which part, point, subpoint or paragraph a line of an article is.

use super::act::NodeKind;
use super::notes::repeals;
use crate::law::Citation;
use crate::law::citation::{is_number, latin_letter};

/// A node that a line opens; without text it takes no line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub kind: NodeKind,
    pub citation: Citation,
    pub number: String,
    pub text: Option<String>,
    pub repealed: bool,
}

/// Counts through one article.
///
/// In the Code parts are not numbered: part n is the n-th top-level paragraph, and lines that begin with a small letter or with
/// `1)`, `а)` belong to the part above. Other laws write `1. ` before a part; then a line without a number is a paragraph.
/// Notes (примечания) behind the parts count anew: `n1`, `n2`.
#[derive(Debug, Default)]
pub(super) struct Labeller {
    parts: u16,
    numbered: bool,
    part: Option<String>,
    point: Option<String>,
    subpoint: Option<String>,
    paragraph: u16,
    /// Whether what comes are notes to the article.
    noting: bool,
    /// Whether the last line leads a list or stands in one: it ends with «:», «;» or «,».
    in_list: bool,
}

impl Labeller {
    /// Returns what the next line of the article opens, outer nodes first; nothing for a line that holds only a note.
    pub fn next(&mut self, article: &Citation, text: &str, marks: &str) -> Option<Vec<Line>> {
        if text.is_empty() {
            return self.noted(article, marks);
        }
        let listed = std::mem::replace(&mut self.in_list, text.ends_with([':', ';', ',']));
        let repealed = repeals(marks) && is_bare(text);
        let line = |kind, citation, number: &str| Line {
            kind,
            citation,
            number: number.to_owned(),
            text: Some(text.to_owned()),
            repealed,
        };
        if let Some(note) = note(text).filter(|_| self.parts > 0) {
            self.noting = true;
            if note.is_empty() {
                return Some(vec![self.next_paragraph(article, text)]);
            }
            let number = format!("n{}", part_number(note).unwrap_or_else(|| "1".to_owned()));
            self.open_part(number.clone());
            return Some(vec![line(NodeKind::Part, self.cite(article), &number)]);
        }
        let counts = self.numbered || self.noting || self.parts == 0;
        if let Some(number) = part_number(text).filter(|_| counts) {
            if self.noting {
                let number = format!("n{number}");
                self.open_part(number.clone());
                return Some(vec![line(NodeKind::Part, self.cite(article), &number)]);
            }
            self.numbered = true;
            self.open_part(number.clone());
            return Some(vec![line(NodeKind::Part, self.cite(article), &number)]);
        }
        if let Some(number) = point_number(text) {
            let mut out = self.implied_part(article);
            self.point = Some(number.clone());
            self.subpoint = None;
            self.paragraph = 1;
            out.push(line(NodeKind::Point, self.cite(article), &number));
            return Some(out);
        }
        if let Some(code) = subpoint_letter(text).filter(|_| self.parts > 0) {
            self.subpoint = Some(code.to_owned());
            self.paragraph = 1;
            return Some(vec![line(NodeKind::Subpoint, self.cite(article), code)]);
        }
        // «1 мая - праздник;», «16 часов - для тех;»: an item that begins with a figure.
        let figure = text.starts_with(|c: char| c.is_ascii_digit()) && part_number(text).is_none();
        let item = listed && figure;
        let continues =
            text.starts_with(char::is_lowercase) || self.numbered || self.noting || item;
        if continues && self.parts > 0 {
            return Some(vec![Line {
                repealed,
                ..self.next_paragraph(article, text)
            }]);
        }
        let number = (self.parts + 1).to_string();
        self.open_part(number.clone());
        Some(vec![line(NodeKind::Part, self.cite(article), &number)])
    }

    /// Returns what a quoted line opens: a paragraph of what stands above it.
    pub fn quoted(&mut self, article: &Citation, text: &str) -> Vec<Line> {
        let mut out = self.implied_part(article);
        out.push(self.next_paragraph(article, text));
        self.in_list = false;
        out
    }

    fn next_paragraph(&mut self, article: &Citation, text: &str) -> Line {
        self.paragraph = self.paragraph.saturating_add(1);
        Line {
            kind: NodeKind::Paragraph,
            citation: Citation {
                paragraph: Some(self.paragraph),
                ..self.cite(article)
            },
            number: self.paragraph.to_string(),
            text: Some(text.to_owned()),
            repealed: false,
        }
    }

    /// A line of notes only: repealed parts and paragraphs still count.
    fn noted(&mut self, article: &Citation, marks: &str) -> Option<Vec<Line>> {
        if !repeals(marks) {
            return None;
        }
        let empty = |kind, citation, number: String| {
            Some(vec![Line {
                kind,
                citation,
                number,
                text: None,
                repealed: true,
            }])
        };
        if marks.starts_with("Часть") {
            let number = (self.parts + 1).to_string();
            self.open_part(number.clone());
            return empty(NodeKind::Part, self.cite(article), number);
        }
        if marks.to_lowercase().starts_with("абзац") && self.parts > 0 {
            self.paragraph = self.paragraph.saturating_add(1);
            let citation = Citation {
                paragraph: Some(self.paragraph),
                ..self.cite(article)
            };
            return empty(NodeKind::Paragraph, citation, self.paragraph.to_string());
        }
        let number = point_number(marks)?;
        let mut out = self.implied_part(article);
        self.point = Some(number.clone());
        self.subpoint = None;
        self.paragraph = 1;
        out.extend(empty(NodeKind::Point, self.cite(article), number)?);
        Some(out)
    }

    fn open_part(&mut self, number: String) {
        self.parts += 1;
        self.part = Some(number);
        self.point = None;
        self.subpoint = None;
        self.paragraph = 1;
    }

    /// Points directly in the article lie in a part 1 that has no line of its own.
    fn implied_part(&mut self, article: &Citation) -> Vec<Line> {
        if self.parts > 0 {
            return Vec::new();
        }
        self.open_part("1".to_owned());
        vec![Line {
            kind: NodeKind::Part,
            citation: self.cite(article),
            number: "1".to_owned(),
            text: None,
            repealed: false,
        }]
    }

    fn cite(&self, article: &Citation) -> Citation {
        Citation {
            part: self.part.clone(),
            point: self.point.clone(),
            subpoint: self.subpoint.clone(),
            paragraph: None,
            ..article.clone()
        }
    }
}

/// «1. Текст», «1.1. Текст», «3.» of a repealed part.
pub(super) fn part_number(text: &str) -> Option<String> {
    let (number, rest) = split_number(text)?;
    let number = number.strip_suffix('.').unwrap_or(number);
    let dotted = text[number.len()..].starts_with('.');
    let apart = rest.is_empty() || rest.starts_with(' ');
    (dotted && apart && is_number(number)).then(|| number.to_owned())
}

/// «Примечания: », «Примечание. Слова»: what stands behind the word.
fn note(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("Примечани")?;
    let rest = rest.strip_prefix(['е', 'я'])?;
    Some(rest.strip_prefix(['.', ':'])?.trim_start())
}

/// «1) », «7.1) ».
pub(super) fn point_number(text: &str) -> Option<String> {
    let (number, rest) = split_number(text)?;
    (rest.starts_with(')') && is_number(number)).then(|| number.to_owned())
}

fn split_number(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// «а) »: the Latin code.
pub(super) fn subpoint_letter(text: &str) -> Option<&'static str> {
    let mut chars = text.chars();
    let letter = chars.next()?;
    (chars.next() == Some(')'))
        .then(|| latin_letter(letter))
        .flatten()
}

/// «12)», «3.»: nothing but a number is left of a repealed point or part.
fn is_bare(text: &str) -> bool {
    !text.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(lines: &[(&str, &str)]) -> Vec<String> {
        let article: Citation = "tk:81".parse().unwrap();
        let mut labeller = Labeller::default();
        lines
            .iter()
            .filter_map(|(text, marks)| labeller.next(&article, text, marks))
            .flatten()
            .filter(|l| l.text.is_some() || l.repealed)
            .map(|l| l.citation.to_string())
            .collect()
    }

    #[test]
    fn parts_points_subpoints_and_paragraphs_are_counted() {
        let lines = [
            ("Договор расторгается:", ""),
            ("1) так;", ""),
            ("6) иначе:", ""),
            ("а) прогул;", ""),
            ("в) тайна;", ""),
            ("7.1) ещё;", ""),
            ("Вторая часть:", ""),
            ("строчная;", ""),
            ("", "Часть. (Утратила силу)"),
            ("Четвёртая.", ""),
        ];
        assert_eq!(
            labels(&lines),
            [
                "tk:81:1",
                "tk:81:1:1",
                "tk:81:1:6",
                "tk:81:1:6:a",
                "tk:81:1:6:v",
                "tk:81:1:7.1",
                "tk:81:2",
                "tk:81:2:p2",
                "tk:81:3",
                "tk:81:4"
            ]
        );
    }

    #[test]
    fn numbered_parts_keep_their_numbers() {
        let lines = [
            ("1. Первая.", ""),
            ("Продолжение.", ""),
            ("1.1. Вставка.", ""),
            ("2. Вторая:", ""),
            ("1) раз;", ""),
        ];
        assert_eq!(
            labels(&lines),
            ["tk:81:1", "tk:81:1:p2", "tk:81:1.1", "tk:81:2", "tk:81:2:1"]
        );
    }

    #[test]
    fn items_may_begin_with_a_figure() {
        let lines = [
            ("Праздники сада:", ""),
            ("1 и 2 мая - цветение;", ""),
            ("7 октября - сбор.", ""),
            ("24 часа длится день.", ""),
        ];
        let wanted = ["tk:81:1", "tk:81:1:p2", "tk:81:1:p3", "tk:81:2"];
        assert_eq!(labels(&lines), wanted);
    }

    #[test]
    fn notes_behind_the_parts_count_anew() {
        let numbered = [
            ("1. Первая.", ""),
            ("2. Вторая.", ""),
            ("Примечания:", ""),
            ("1. Слово.", ""),
            ("Ещё о слове.", ""),
            ("2. Дело:", ""),
            ("1) раз.", ""),
        ];
        let wanted = [
            "tk:81:1",
            "tk:81:2",
            "tk:81:2:p2",
            "tk:81:n1",
            "tk:81:n1:p2",
            "tk:81:n2",
            "tk:81:n2:1",
        ];
        assert_eq!(labels(&numbered), wanted);
        let one = [("Единственная.", ""), ("Примечание. Слово.", "")];
        assert_eq!(labels(&one), ["tk:81:1", "tk:81:n1"]);
        let inline = [
            ("Часть.", ""),
            ("Примечания. 1. Слово.", ""),
            ("2. Дело.", ""),
        ];
        assert_eq!(labels(&inline), ["tk:81:1", "tk:81:n1", "tk:81:n2"]);
    }

    #[test]
    fn a_note_alone_opens_nothing() {
        assert!(labels(&[("Текст.", ""), ("", "(Дополнение частью)")]) == ["tk:81:1"]);
    }
}
