use crate::citation::{CheckedSentence, Flag, Quote, SentenceKind};
use jiff::civil::Date;

/// The draft as a member would read it: sentences with their sources, then the law's own words.
///
/// A struck sentence is left out; one that disagrees with its norm gives way to the norm.
pub fn render(sentences: &[CheckedSentence], on: Date) -> String {
    let of_law = |one: &CheckedSentence| {
        !matches!(one.kind, SentenceKind::Local | SentenceKind::Frame)
            && !matches!(one.flag, Some(Flag::Struck | Flag::Unsupported))
    };
    let day = day(on);
    let mut paragraphs = vec![match sentences.iter().any(of_law) {
        true => format!("По вашему вопросу закон на {day} говорит так."),
        false => format!("По вашему вопросу на {day} нашлось вот что."),
    }];
    for sentence in sentences {
        let norms: Vec<String> = sentence.norms.iter().map(|norm| norm.russian()).collect();
        match (sentence.flag, sentence.kind) {
            (Some(Flag::Struck | Flag::Unsupported), _) => {}
            (Some(Flag::Conflict), _) | (None, SentenceKind::Quote) => {
                for quote in &sentence.quotes {
                    paragraphs.push(format!("{}: «{}»", quote.norm.russian(), quote.text.trim()));
                }
            }
            (None, SentenceKind::Local) => {
                paragraphs.extend(sentence.quotes.iter().map(own));
            }
            (None, _) if norms.is_empty() => paragraphs.push(sentence.text.clone()),
            (None, _) => paragraphs.push(format!("{} ({})", sentence.text, norms.join("; "))),
        }
    }
    paragraphs.join("\n\n")
}

/// «Ваш коллективный договор, п. 5.4: «…»».
fn own(quote: &Quote) -> String {
    let (act, norm) = (&quote.norm.act, quote.norm.russian());
    let place = norm
        .strip_suffix(&act.russian_genitive())
        .or_else(|| norm.strip_suffix(&format!("к {}", act.russian_dative())));
    let whose = act.local_kind().map_or("", |kind| kind.yours());
    let place = place.unwrap_or(&norm).trim_end();
    format!("{whose}, {place}: «{}»", quote.text.trim())
}

/// A day as people write it: 15.01.2026.
pub fn day(date: Date) -> String {
    format!("{:02}.{:02}.{}", date.day(), date.month(), date.year())
}
