//! Pieces that stand only as a word of their repeal: «Часть вторая утратила силу. - Федеральный закон от …».

mod lead;
#[cfg(test)]
mod tests;

use super::amend;
use lead::Lead;

/// A repealed piece: what stays of its text, and the note that the labels understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gone {
    /// The label, where the piece has one of its own: «12)», «3.».
    pub text: String,
    pub mark: String,
}

/// Returns the pieces that a paragraph says to be gone, or nothing if it is an ordinary one.
///
/// `numbered` tells whether the article numbers its parts: then «3. Часть утратила силу» keeps its label.
pub(super) fn gone(text: &str, numbered: bool) -> Option<Vec<Gone>> {
    let (head, tail) = split(text)?;
    // «25. Абзац. (Утратил силу - …)»
    let (head, tail) = match (head.strip_suffix('('), tail.strip_suffix(')')) {
        (Some(head), Some(tail)) => (head, tail),
        _ => (head, tail),
    };
    let many = tail.to_lowercase();
    let many = many.starts_with("утратили") || many.starts_with("исключены");
    let head = lead::glued(head);
    let lead = Lead::read(&head, many)?;
    let verb_and_tail = tail_of(tail)?;
    let point = lead.noun.is_empty() && !lead.numbers.is_empty();
    let labelled = lead.label.ends_with(')') || !lead.label.is_empty() && lead.noun != "Часть";
    let own_label = labelled || numbered && !lead.label.is_empty() || point;
    let pieces = lead.pieces();
    let out = pieces.into_iter().map(|number| {
        if !own_label {
            return Gone {
                text: String::new(),
                mark: format!("{}. ({verb_and_tail})", lead.name(number)),
            };
        }
        Gone {
            text: match number {
                Some(number) => format!("{}{number}{}", lead.prefix, lead.sign()),
                None => lead.label.to_owned(),
            },
            mark: match lead.word.as_str() {
                "" => format!("({verb_and_tail})"),
                word => format!("({word} {})", small(&verb_and_tail)),
            },
        }
    });
    Some(out.collect())
}

/// «Утратил силу …» → «утратил силу …».
fn small(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_lowercase().to_string())
        .unwrap_or_default();
    first + chars.as_str()
}

/// Returns the note of a repealed article: what stands behind its number.
pub(super) fn of_article(rest: &str) -> Option<String> {
    let rest = rest.trim_start_matches(['-', '–', '—', '.', ' ']);
    let unused = rest.starts_with("Не применяется с ");
    let (head, tail) = if unused { ("", rest) } else { split(rest)? };
    head.is_empty()
        .then(|| tail_of(tail))
        .flatten()
        .map(|t| format!("({t})"))
}

/// Returns the note of a heading that was taken out: «Наименование главы 35 исключено. - Федеральный закон от …».
pub(super) fn title_gone(text: &str) -> Option<String> {
    let (head, tail) = split(text)?;
    let named = head.starts_with("Наименование") && head.split(' ').count() <= 3;
    named
        .then(|| tail_of(tail))
        .flatten()
        .map(|t| format!("({head} - {t})"))
}

/// Parts at «утратил» or «исключен», if the words before can be the name of a piece.
fn split(text: &str) -> Option<(&str, &str)> {
    let at = ["утрати", "Утрати", "исключ", "Исключ"]
        .iter()
        .filter_map(|w| text.find(w))
        .min()?;
    let tail = &text[at..];
    let verb = tail.split([' ', '.', ';']).next()?.to_lowercase();
    let says = matches!(
        verb.as_str(),
        "утратил"
            | "утратила"
            | "утратили"
            | "утратило"
            | "исключен"
            | "исключена"
            | "исключены"
            | "исключено"
    );
    let force = tail.to_lowercase().starts_with("исключ")
        || tail
            .split(' ')
            .nth(1)
            .is_some_and(|w| w.starts_with("силу"));
    (at <= 160 && says && force).then(|| (text[..at].trim(), tail))
}

/// «утратили силу с 1 мая. - Федеральный закон от 01.02.2003 N 4-ФЗ;» → «Утратили силу с 1 мая - Федеральный закон от … № …».
fn tail_of(tail: &str) -> Option<String> {
    let (body, notes) = amend::peel(tail);
    let year = body.trim_end_matches(';').ends_with(" г.");
    let bare = body.trim_end_matches(['.', ';', ' ']);
    let plain = amend::normal(bare) + if year { "." } else { "" };
    let known = ["акон", "каз", "остановлени", "N ", "№", " с ", " в связи"];
    let short = plain.split(' ').count() <= 2;
    if plain.chars().count() > 400 || !short && !known.iter().any(|k| plain.contains(k)) {
        return None;
    }
    let mut chars = plain.chars();
    let first = chars.next()?.to_uppercase().to_string();
    let text = (first + chars.as_str()).replace(" г. - ", " г.\u{0} - ");
    let mut out = text.replace(". - ", " - ").replace('\u{0}', "");
    for note in notes {
        out.push_str(" - ");
        out.push_str(note.trim_matches(['(', ')']));
    }
    Some(out)
}
