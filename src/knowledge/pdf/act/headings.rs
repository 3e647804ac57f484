//! Which paragraphs are headings, and which the signature.

use super::super::super::heading::{ArticleStyle, Heading, article, heading};
use super::super::layout::Paragraph;

/// What a file's headings have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Article headings begin bold.
    bold: bool,
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Article,
    Chapter,
    /// A section, subsection or part of a code.
    Section,
    Other,
}

impl Manner {
    /// Looks how the headings of a file stand out. Costs one pass.
    pub fn of(paragraphs: &[Paragraph]) -> Manner {
        let articles = paragraphs.iter().filter(|p| article(&p.text).is_some());
        let (bold, all) = articles.fold((0, 0), |(bold, all), p| {
            (bold + usize::from(p.starts_bold), all + 1)
        });
        Manner {
            bold: bold * 10 > all * 6,
        }
    }

    /// Tells a heading from a sentence that begins with the same word. `last` is the number of the article before it.
    pub fn kind(&self, paragraph: &Paragraph, last: &str) -> Kind {
        let text = paragraph.text.as_str();
        if let Some((number, rest)) = article(text) {
            // «Статья 5 закона» is a sentence; a heading has a dot behind the number, or stands out.
            let dotted = rest.is_empty()
                || text
                    .split_whitespace()
                    .nth(1)
                    .is_some_and(|number| number.ends_with('.'));
            let fits = if self.bold {
                paragraph.starts_bold || dotted && follows(last, &number)
            } else {
                dotted
            };
            return if fits { Kind::Article } else { Kind::Other };
        }
        let stands_out = paragraph.centred || paragraph.starts_bold;
        if !stands_out {
            return Kind::Other;
        }
        match heading("T", text, ArticleStyle::Headed) {
            Some(Heading::Chapter(..)) => Kind::Chapter,
            Some(Heading::Section(..) | Heading::Division(..)) => Kind::Section,
            _ => Kind::Other,
        }
    }
}

/// Whether a number is the next one behind another: 81 or 80.1 behind 80, 80.3 or 81 behind 80.2.
fn follows(last: &str, number: &str) -> bool {
    let pieces = |n: &str| {
        n.split(['.', '-'])
            .map(|p| p.parse::<u32>().unwrap_or(0))
            .collect::<Vec<_>>()
    };
    let (last, number) = (pieces(last), pieces(number));
    let same = last.iter().zip(&number).take_while(|(a, b)| a == b).count();
    match (last.get(same), number.get(same)) {
        (Some(a), Some(b)) => *b == a + 1 && number.len() == same + 1,
        (None, Some(b)) => *b == 1 && number.len() == same + 1,
        _ => false,
    }
}

/// Who signs acts.
const SIGNATORIES: [&str; 6] = [
    "Президент",
    "Председатель Правительства",
    "Министр",
    "Врио Министра",
    "Руководитель",
    "Председатель",
];

/// Whether a paragraph is the line of a signature: an office and a name with initials, and hardly more.
pub(super) fn is_signature(text: &str) -> bool {
    let office = SIGNATORIES.iter().any(|s| {
        text.strip_prefix(s)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    office && text.chars().count() < 120 && has_initials(text)
}

/// Puts signatures together whose office stands on a line of its own. Costs one pass.
pub(super) fn with_whole_signatures(paragraphs: Vec<Paragraph>) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        let office = out.last_mut().filter(|p| {
            let text = p.text.as_str();
            SIGNATORIES.contains(&text) || text == "Председатель Правительства Российской Федерации"
        });
        match office {
            Some(office) if is_signature(&format!("{} {}", office.text, paragraph.text)) => {
                office.text.push(' ');
                office.text.push_str(&paragraph.text);
            }
            _ => out.push(paragraph),
        }
    }
    out
}

/// «В.Путин», «А.О.КОТЯКОВ», «М. Мишустин».
fn has_initials(text: &str) -> bool {
    let letters = text.chars().collect::<Vec<_>>();
    (0..letters.len()).any(|i| {
        let at = |k: usize| letters.get(i + k).copied().unwrap_or(' ');
        let begins = i == 0 || letters[i - 1] == ' ';
        let name = if at(2) == ' ' { 3 } else { 2 };
        begins && at(0).is_uppercase() && at(1) == '.' && at(name).is_uppercase()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str, bold: bool) -> Paragraph {
        Paragraph {
            text: text.to_owned(),
            centred: false,
            bold,
            starts_bold: bold,
            large: false,
            left: 0.0,
        }
    }

    #[test]
    fn headings_are_told_from_sentences() {
        let plain = Manner { bold: false };
        assert!(follows("80", "81") && follows("80", "80.1") && follows("80.2", "81"));
        assert!(!follows("80", "82") && !follows("80.2", "80.4") && !follows("80", "80"));
        assert_eq!(
            plain.kind(&paragraph("Статья 7. Слово", false), ""),
            Kind::Article
        );
        assert_eq!(
            plain.kind(&paragraph("Статья 7 того закона", false), ""),
            Kind::Other
        );
        let bold = Manner { bold: true };
        assert_eq!(
            bold.kind(&paragraph("Статья 7. Слово", false), ""),
            Kind::Other
        );
        assert_eq!(
            bold.kind(&paragraph("Глава 2. Слово", true), ""),
            Kind::Chapter
        );
        assert_eq!(
            bold.kind(&paragraph("Глава 2 и слово", false), ""),
            Kind::Other
        );
    }

    #[test]
    fn signatures_have_an_office_and_a_name() {
        assert!(is_signature("Президент Российской Федерации В.Путин"));
        assert!(is_signature("Министр А.О.КОТЯКОВ"));
        assert!(!is_signature("Президент Российской Федерации назначает"));
        assert!(!is_signature("Председателем выбирают А.Б.Иванова"));
    }
}
