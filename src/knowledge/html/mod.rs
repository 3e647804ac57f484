//! The official portal's HTML: paragraphs of a law with their class, text and amendment notes.

mod inline;
mod visible;

use super::laid::{Laid, Removed, RemovedWhy};

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

/// Returns the paragraphs of a page in order; what stands outside of them is listed as removed, and so are the amendment notes.
///
/// Read is what a person sees: text between tags, without comments, scripts and styles. Three passes; a page without paragraphs
/// gives none.
pub(super) fn lay(html: &str) -> Laid {
    let mut laid = Laid {
        read: visible::text(html),
        ..Laid::default()
    };
    let start = html.find("id=\"text_content\"").unwrap_or(0);
    paragraphs(html, start, &mut laid);
    if laid.blocks.is_empty() {
        laid.removed.clear();
        preformatted(html, start, &mut laid);
    }
    laid
}

/// Returns the lines of any page in order, as paragraphs without class or notes: for texts that a word processor saved as a page.
pub(super) fn lay_any(html: &str) -> Laid {
    let blocks = lines(html).into_iter().map(|text| Block {
        class: String::new(),
        text,
        marks: Vec::new(),
    });
    Laid {
        blocks: blocks.collect(),
        removed: Vec::new(),
        read: visible::text(html),
    }
}

/// Lists what a person sees in a piece of the page that holds no paragraph.
fn aside(html: &str, laid: &mut Laid) {
    let text = visible::text(html);
    for line in text.split('\n').map(inline::collapse) {
        if !line.is_empty() {
            laid.removed
                .push(Removed::new(RemovedWhy::PageFurniture, line));
        }
    }
}

fn paragraphs(html: &str, start: usize, laid: &mut Laid) {
    // What was taken so far, and where to look on.
    let (mut taken, mut at) = (0, start);
    while let Some(found) = html[at..].find("<p") {
        let tag = at + found + 2;
        let Some(close) = html[tag..].find('>') else {
            break;
        };
        let attributes = &html[tag..tag + close];
        if !(attributes.is_empty() || attributes.starts_with(char::is_whitespace)) {
            at = tag;
            continue;
        }
        let inner = tag + close + 1;
        let end = html[inner..].find("</p>").map_or(html.len(), |e| inner + e);
        aside(&html[taken..tag - 2], laid);
        let (text, marks) = inline::read(&html[inner..end]);
        laid.removed.extend(
            marks
                .iter()
                .map(|m| Removed::new(RemovedWhy::AmendmentNote, m)),
        );
        laid.blocks.push(Block {
            class: class_of(attributes).to_owned(),
            text,
            marks,
        });
        (taken, at) = (end, end);
    }
    aside(&html[taken..], laid);
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
fn preformatted(html: &str, start: usize, laid: &mut Laid) {
    let Some(begin) = html[start..].find("<pre").map(|at| start + at) else {
        return aside(html, laid);
    };
    let end = html[begin..]
        .find("</pre>")
        .map_or(html.len(), |at| begin + at);
    let mut spans = html[begin..end].split("<span");
    aside(&html[..begin], laid);
    aside(spans.next().unwrap_or_default(), laid);
    let mut heading_open = false;
    for piece in spans {
        let inner = piece.split_once('>').map_or("", |(_, t)| t);
        let (inner, behind) = inner.split_once("</span>").unwrap_or((inner, ""));
        let ends_heading = inner.trim_end_matches(['\r', ' ']).ends_with("\n\n");
        let (text, _) = inline::read(inner);
        if !text.is_empty() {
            let is_heading = text.starts_with("Статья ") || text.starts_with("Глава ");
            match laid.blocks.last_mut() {
                Some(last) if heading_open && !is_heading => {
                    last.text.push(' ');
                    last.text.push_str(&text);
                }
                _ => {
                    let class = if is_heading { "H" } else { "" };
                    laid.blocks.push(Block {
                        class: class.to_owned(),
                        text,
                        marks: Vec::new(),
                    });
                    heading_open = is_heading;
                }
            }
            heading_open &= !ends_heading;
        }
        aside(behind, laid);
    }
    aside(&html[end..], laid);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superscripts_become_indexes_and_notes_are_set_apart() {
        let html = "<p class=\"H\"><span class=\"ed\">Статья 312<span class=\"W9\">1</span>. Общие</span><span class=\"mark\">&nbsp;(В редакции <a href=\"x\">от&nbsp;01.02.2003&nbsp;№&nbsp;4-ФЗ</a>)</span></p><p>По статье 348<span class=\"W9\">11-1</span> &laquo;да&raquo;</p>";
        let found = lay(html).blocks;
        assert_eq!(found[0].class, "H");
        assert_eq!(found[0].text, "Статья 312.1. Общие");
        assert_eq!(found[0].marks, ["(В редакции от 01.02.2003 № 4-ФЗ)"]);
        assert_eq!(found[1].text, "По статье 348.11-1 «да»");
    }

    #[test]
    fn a_page_that_breaks_off_gives_what_it_has() {
        let found = lay("<p>Раз</p><pre>x</pre><p class=\"T\">Дв").blocks;
        assert_eq!(
            found.iter().map(|b| b.text.as_str()).collect::<Vec<_>>(),
            ["Раз", "Дв"]
        );
    }

    #[test]
    fn what_stands_outside_of_paragraphs_is_listed() {
        let html = "<html><head><title>Портал</title><style>p{}</style></head><body>Меню<script>var a = '<p>нет</p>';</script>\
            <div id=\"text_content\">Сверху<p>5 < 6 &amp; всё <span class=\"mark\">(Пометка)</span></p>Между<p>Дальше</p></div>Низ</body>";
        let laid = lay(html);
        let texts = laid.blocks.iter().map(|b| b.text.as_str());
        assert_eq!(texts.collect::<Vec<_>>(), ["5 < 6 & всё", "Дальше"]);
        let removed = laid.removed.iter().map(|r| r.text.as_str());
        assert_eq!(
            removed.collect::<Vec<_>>(),
            ["Портал", "Меню", "Сверху", "(Пометка)", "Между", "Низ"]
        );
    }
}
