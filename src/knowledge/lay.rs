//! Which reader a file asks for.

use super::error::KnowledgeError;
use super::heading::ArticleStyle;
use super::html::{self, Block};
use super::laid::Laid;
use super::structure::style_of;
use super::unreadable::Unreadable;
use super::{charset, fault, office, pdf, plain, points, rtf};

/// How an act is written.
pub(super) struct Style {
    /// Where its articles begin; nothing in an act of points.
    pub articles: Option<ArticleStyle>,
    /// Whether copies of this form may lack the signature.
    pub unsigned: bool,
    /// `html`, `docx`, `odt`, `rtf`, `text`, `pdf`.
    pub format: &'static str,
}

/// A file laid out in paragraphs, whatever it is about.
pub(super) struct Opened {
    pub laid: Laid,
    /// The file's text, where it is a text or a page.
    text: String,
    /// `html`, `docx`, `odt`, `rtf`, `text`, `pdf`.
    pub format: &'static str,
}

/// What is known of how texts and pages are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// As law is: a page of the portal, or a publisher's text.
    Law,
    /// Nothing: every line that a person sees is text.
    Any,
}

/// Returns the paragraphs of a file by the reader that its bytes ask for, whatever it is about.
pub(super) fn open(bytes: &[u8], name: &str, layout: Layout) -> Result<Opened, KnowledgeError> {
    let opened = |laid, format| Opened {
        laid,
        text: String::new(),
        format,
    };
    if pdf::is_pdf(bytes) {
        let laid = pdf::blocks(bytes).map_err(|fault| KnowledgeError::Pdf {
            name: name.to_owned(),
            fault,
        })?;
        return Ok(opened(laid, "pdf"));
    }
    if office::is_office(bytes) {
        let laid = office::blocks(bytes).map_err(|fault| KnowledgeError::Office {
            name: name.to_owned(),
            fault,
        })?;
        return Ok(match office::kind(bytes) {
            Ok(office::Kind::Odt) => opened(laid, "odt"),
            _ => opened(laid, "docx"),
        });
    }
    if rtf::is_rtf(bytes) {
        return Ok(opened(rtf::blocks(bytes).map_err(|e| e.of(name))?, "rtf"));
    }
    let text = charset::decode(bytes).ok_or_else(|| Unreadable::Binary.of(name))?;
    if text.trim().is_empty() {
        return Err(KnowledgeError::Empty {
            name: name.to_owned(),
        });
    }
    let (laid, format) = match (is_html(&text), layout) {
        (true, Layout::Law) => (html::lay(&text), "html"),
        (true, Layout::Any) => (html::lay_any(&text), "html"),
        (false, Layout::Law) => (plain::of_text(&text).map_err(|e| e.of(name))?, "text"),
        (false, Layout::Any) => (plain::of_any_text(&text).map_err(|e| e.of(name))?, "text"),
    };
    Ok(Opened { laid, text, format })
}

/// Returns the paragraphs of a file of law, and how the act in it is written.
pub(super) fn lay(bytes: &[u8], name: &str) -> Result<(Laid, Style), KnowledgeError> {
    let Opened { laid, text, format } = open(bytes, name, Layout::Law)?;
    let articles = style_of(&laid.blocks);
    if articles.is_none() && !points::is_act(&laid.blocks) {
        return Err(match text.is_empty() {
            true => KnowledgeError::NotLaw {
                name: name.to_owned(),
            },
            false => fault::of_page(&text, name),
        });
    }
    let style = Style {
        articles,
        unsigned: matches!(format, "pdf" | "rtf" | "text"),
        format,
    };
    Ok((laid, style))
}

/// Returns the paragraphs of a pdf, office or RTF document, whatever it is about; nothing for texts and pages.
pub(super) fn laid_lines(bytes: &[u8], name: &str) -> Result<Option<Vec<String>>, KnowledgeError> {
    let blocks = if pdf::is_pdf(bytes) {
        let laid = pdf::blocks(bytes).map_err(|fault| KnowledgeError::Pdf {
            name: name.to_owned(),
            fault,
        })?;
        laid.blocks
    } else if office::is_office(bytes) {
        let laid = office::blocks(bytes).map_err(|fault| KnowledgeError::Office {
            name: name.to_owned(),
            fault,
        })?;
        laid.blocks
    } else if rtf::is_rtf(bytes) {
        rtf::blocks(bytes).map_err(|e| e.of(name))?.blocks
    } else {
        return Ok(None);
    };
    Ok(Some(blocks.into_iter().map(|block| block.text).collect()))
}

/// Returns whether a text is a page: it begins with a tag, or has paragraphs of HTML.
pub(super) fn is_html(text: &str) -> bool {
    let has = |tag: &str| {
        text.match_indices(tag).any(|(at, _)| {
            let next = text[at + tag.len()..].chars().next();
            next.is_none_or(|c| c == '>' || c.is_whitespace())
        })
    };
    text.trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('<')
        || has("<p")
        || has("<html")
        || has("<pre")
}

/// Returns whether the last paragraph is a whole sentence.
pub(super) fn is_ended(blocks: &[Block]) -> bool {
    let last = blocks.iter().rfind(|b| !b.text.is_empty());
    last.is_some_and(|b| {
        b.class.is_empty() && b.text.trim_end_matches(['"', '»', ')']).ends_with('.')
    })
}
