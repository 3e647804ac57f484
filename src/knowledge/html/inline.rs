//! Tags inside a paragraph: notes, superscripts, links.

use super::visible::is_tag;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Span {
    Note,
    Superscript,
    Other,
}

/// Returns the text of a paragraph and its notes. One pass.
pub(super) fn read(html: &str) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut marks: Vec<String> = Vec::new();
    let mut open: Vec<Span> = Vec::new();
    let mut rest = html;
    let mut fresh_superscript = false;
    while !rest.is_empty() {
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if is_tag(rest) {
            let Some((tag, after)) = rest[1..].split_once('>') else {
                break;
            };
            rest = after;
            if tag.starts_with("/span") {
                open.pop();
            } else if tag.starts_with("span") {
                let kind = kind_of(tag);
                if kind == Span::Note && !open.contains(&Span::Note) {
                    marks.push(String::new());
                }
                fresh_superscript = kind == Span::Superscript;
                open.push(kind);
            } else if tag.starts_with("br") {
                text.push(' ');
            }
            continue;
        }
        // A sign that begins no tag is text.
        let own = usize::from(rest.starts_with('<'));
        let end = rest[own..].find('<').map_or(rest.len(), |at| own + at);
        let chunk = plain(&rest[..end]);
        rest = &rest[end..];
        let target = match (open.contains(&Span::Note), marks.last_mut()) {
            (true, Some(mark)) => mark,
            _ => &mut text,
        };
        if fresh_superscript && open.contains(&Span::Superscript) && !chunk.trim().is_empty() {
            index(target);
            fresh_superscript = false;
        }
        target.push_str(&chunk);
    }
    (collapse(&text), marks.iter().map(|m| collapse(m)).collect())
}

fn kind_of(tag: &str) -> Span {
    let class = tag
        .split_once("class=\"")
        .and_then(|(_, v)| v.split('"').next())
        .unwrap_or("");
    match class {
        "mark" | "markx" => Span::Note,
        "W9" => Span::Superscript,
        _ => Span::Other,
    }
}

/// A superscript behind a number is the index of an inserted article.
fn index(text: &mut String) {
    let trimmed = text.trim_end().len();
    if text[..trimmed].ends_with(|c: char| c.is_ascii_digit()) {
        text.truncate(trimmed);
        text.push('.');
    }
}

/// Returns text with its entities decoded; unknown ones stay as they are.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest
            .find(';')
            .filter(|end| *end <= 10)
            .and_then(|end| entity(&rest[1..end]).map(|c| (c, end)));
        match entity {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(code) = name.strip_prefix('#') {
        let number = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => code.parse().ok()?,
        };
        return char::from_u32(number);
    }
    Some(match name {
        "nbsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "laquo" => '«',
        "raquo" => '»',
        "ldquo" | "bdquo" => '„',
        "rdquo" => '”',
        "ndash" => '–',
        "mdash" => '—',
        "minus" => '−',
        "shy" => '\u{ad}',
        "sect" => '§',
        "deg" => '°',
        _ => return None,
    })
}

pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
