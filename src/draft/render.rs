use crate::citation::{CheckedSentence, Flag, SentenceKind};
use jiff::civil::Date;

/// The draft as a member would read it: sentences with their sources, then the law's own words.
///
/// A struck sentence is left out; one that disagrees with its norm gives way to the norm.
pub fn render(sentences: &[CheckedSentence], on: Date) -> String {
    let mut paragraphs = vec![format!(
        "По вашему вопросу закон на {} говорит так.",
        day(on)
    )];
    for sentence in sentences {
        let norms: Vec<String> = sentence.norms.iter().map(|norm| norm.russian()).collect();
        match (sentence.flag, sentence.kind) {
            (Some(Flag::Struck | Flag::Unsupported), _) => {}
            (Some(Flag::Conflict), _) | (None, SentenceKind::Quote) => {
                for quote in &sentence.quotes {
                    paragraphs.push(format!("{}: «{}»", quote.norm.russian(), quote.text.trim()));
                }
            }
            (None, _) if norms.is_empty() => paragraphs.push(sentence.text.clone()),
            (None, _) => paragraphs.push(format!("{} ({})", sentence.text, norms.join("; "))),
        }
    }
    paragraphs.join("\n\n")
}

/// A day as people write it: 15.01.2026.
pub fn day(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}
