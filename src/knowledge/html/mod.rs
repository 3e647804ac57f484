//! The official portal's HTML: paragraphs of a law with their class, text and amendment notes.

mod inline;

/// A paragraph of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// The portal's class: `H`, `T`, `I`, `P`, `C`, or empty for the body.
    pub class: String,
    /// The text without notes, white space collapsed, superscripts of numbers written with a dot.
    pub text: String,
    /// Amendment notes, each one outermost `span.mark`.
    pub marks: Vec<String>,
}

/// Returns the paragraphs of a page in order. One pass; a page without paragraphs gives none.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    let body = html
        .find("id=\"text_content\"")
        .map_or(html, |at| &html[at..]);
    let paragraphs = paragraphs(body);
    if paragraphs.is_empty() {
        preformatted(body)
    } else {
        paragraphs
    }
}

fn paragraphs(body: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find("<p") {
        rest = &rest[at + 2..];
        let Some(close) = rest.find('>') else { break };
        let attributes = &rest[..close];
        if !(attributes.is_empty() || attributes.starts_with(char::is_whitespace)) {
            continue;
        }
        let inner_start = &rest[close + 1..];
        let end = inner_start.find("</p>").unwrap_or(inner_start.len());
        let (text, marks) = inline::read(&inner_start[..end]);
        out.push(Block {
            class: class_of(attributes).to_owned(),
            text,
            marks,
        });
        rest = &inner_start[end..];
    }
    out
}

/// Elements that begin a new line.
const LINES: [&str; 14] = [
    "p", "div", "br", "li", "tr", "td", "h1", "h2", "h3", "h4", "h5", "pre", "table", "body",
];

/// Returns the lines of any page in order, without scripts and styles: for texts that are no law of the portal.
pub(super) fn lines(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut piece = String::new();
    let mut hidden: Option<&str> = None;
    for (at, part) in html.split('<').enumerate() {
        let Some((tag, text)) = part.split_once('>').filter(|_| at > 0) else {
            if at == 0 {
                piece.push_str(part);
            }
            continue;
        };
        let name = tag.trim_start_matches('/').to_lowercase();
        let name = name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        match hidden {
            Some(end) if tag.starts_with('/') && name == end => hidden = None,
            Some(_) => continue,
            None => {
                hidden = ["script", "style", "head"]
                    .into_iter()
                    .find(|h| *h == name && !tag.starts_with('/'));
            }
        }
        if LINES.contains(&name) {
            out.push(inline::read(&piece).0);
            piece.clear();
        }
        if hidden.is_none() {
            piece.push_str(text);
        }
    }
    out.push(inline::read(&piece).0);
    out.retain(|line| !line.is_empty());
    out
}

/// The value of the class attribute, or nothing.
fn class_of(attributes: &str) -> &str {
    let value = attributes.split_once("class=\"").map_or("", |(_, v)| v);
    value.split('"').next().unwrap_or("")
}

/// Old acts come as one `<pre>` with a span for each paragraph; a heading goes on until an empty line.
fn preformatted(body: &str) -> Vec<Block> {
    let Some(at) = body.find("<pre") else {
        return Vec::new();
    };
    let end = body.find("</pre>").unwrap_or(body.len());
    let mut out: Vec<Block> = Vec::new();
    let mut heading_open = false;
    for piece in body[at..end].split("<span").skip(1) {
        let inner = piece.split_once('>').map_or("", |(_, t)| t);
        let inner = inner.split("</span>").next().unwrap_or("");
        let ends_heading = inner.trim_end_matches(['\r', ' ']).ends_with("\n\n");
        let (text, _) = inline::read(inner);
        if text.is_empty() {
            continue;
        }
        let is_heading = text.starts_with("Статья ") || text.starts_with("Глава ");
        match out.last_mut() {
            Some(last) if heading_open && !is_heading => {
                last.text.push(' ');
                last.text.push_str(&text);
            }
            _ => {
                let class = if is_heading { "H" } else { "" };
                out.push(Block {
                    class: class.to_owned(),
                    text,
                    marks: Vec::new(),
                });
                heading_open = is_heading;
            }
        }
        heading_open &= !ends_heading;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superscripts_become_indexes_and_notes_are_set_apart() {
        let html = "<p class=\"H\"><span class=\"ed\">Статья 312<span class=\"W9\">1</span>. Общие</span><span class=\"mark\">&nbsp;(В редакции <a href=\"x\">от&nbsp;01.02.2003&nbsp;№&nbsp;4-ФЗ</a>)</span></p><p>По статье 348<span class=\"W9\">11-1</span> &laquo;да&raquo;</p>";
        let found = blocks(html);
        assert_eq!(found[0].class, "H");
        assert_eq!(found[0].text, "Статья 312.1. Общие");
        assert_eq!(found[0].marks, ["(В редакции от 01.02.2003 № 4-ФЗ)"]);
        assert_eq!(found[1].text, "По статье 348.11-1 «да»");
    }

    #[test]
    fn a_page_that_breaks_off_gives_what_it_has() {
        let found = blocks("<p>Раз</p><pre>x</pre><p class=\"T\">Дв");
        assert_eq!(
            found.iter().map(|b| b.text.as_str()).collect::<Vec<_>>(),
            ["Раз", "Дв"]
        );
    }
}
