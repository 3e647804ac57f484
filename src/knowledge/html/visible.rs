//! What a person sees of a page.

use super::inline::plain;

/// Tags that begin a line of their own.
const LINES: [&str; 12] = [
    "p", "div", "br", "li", "td", "th", "tr", "h1", "h2", "h3", "title", "pre",
];
/// Elements whose content is no text.
const UNSEEN: [&str; 3] = ["script", "style", "template"];

/// Returns the text between the tags, entities decoded, without comments, scripts and styles. One pass.
pub(super) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&plain(&rest[..at]));
        rest = &rest[at..];
        if !is_tag(rest) {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = rest[1..].split_once('>') else {
            break;
        };
        let name = name(tag);
        if LINES.contains(&name.trim_start_matches('/')) {
            out.push('\n');
        }
        rest = match UNSEEN.contains(&name.as_str()) {
            true => behind(after, &name),
            false => after,
        };
    }
    if !is_tag(rest) {
        out.push_str(&plain(rest));
    }
    out
}

/// Whether a text that begins with `<` begins with a tag: a letter, a slash, or a sign of a comment or declaration follows.
pub(super) fn is_tag(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('<')
        && chars
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

fn name(tag: &str) -> String {
    let end = tag.find(|c: char| !(c.is_ascii_alphanumeric() || c == '/'));
    let name = &tag[..end.unwrap_or(tag.len())];
    name.to_ascii_lowercase()
}

/// The text behind the element's end; nothing where it never ends.
fn behind<'t>(text: &'t str, name: &str) -> &'t str {
    let end = format!("</{name}");
    // Pages write the end as they wrote the beginning, or in small letters.
    let found = text.match_indices("</").find(|(at, _)| {
        text.as_bytes()[*at..].len() >= end.len()
            && text.as_bytes()[*at..*at + end.len()].eq_ignore_ascii_case(end.as_bytes())
    });
    found.map_or("", |(at, _)| &text[at..])
}
