//! Paragraphs → blocks.

use super::super::super::heading::article;
use super::super::super::html::Block;
use super::super::super::laid::{Laid, Removed, RemovedWhy};
use super::super::layout::Paragraph;
use super::editor::is_remark;
use super::headings::{Kind, Manner, is_signature, with_whole_signatures};
use super::marks::{normal, take_marks};
use super::{repair, repealed};

/// How the list of a publisher begins who notes no laws in the body.
const LISTED: &str = "с изменениями и дополнениями от";

/// Returns the blocks of an act, in the form in which the reader of the portal's pages gives them. Costs a few passes.
pub(in crate::knowledge::pdf) fn compose(paragraphs: Vec<Paragraph>) -> Laid {
    let paragraphs = with_whole_signatures(paragraphs);
    let manner = Manner::of(&paragraphs);
    let first_heading = paragraphs
        .iter()
        .position(|p| manner.kind(p, "") != Kind::Other)
        .unwrap_or(0);
    let mut composer = Composer {
        manner,
        last: String::new(),
        laid: Laid::default(),
        after_heading: false,
        in_note: false,
    };
    for (place, paragraph) in paragraphs.iter().enumerate() {
        composer.add(paragraph, place < first_heading);
    }
    let mut laid = composer.laid;
    repair::indexes(&mut laid.blocks);
    laid
}

struct Composer {
    manner: Manner,
    laid: Laid,
    /// The number of the last article.
    last: String,
    /// The last block was the heading of an article.
    after_heading: bool,
    /// The last paragraph announced a publisher's note.
    in_note: bool,
}

impl Composer {
    fn add(&mut self, paragraph: &Paragraph, in_head: bool) {
        let text = paragraph.text.trim();
        let announced = std::mem::replace(&mut self.in_note, false);
        if announced || is_remark(text) {
            self.in_note = !announced && text.trim_end_matches('.').ends_with("примечание");
            self.laid.removed.push(Removed {
                why: RemovedWhy::EditorsNote,
                text: text.to_owned(),
            });
            return;
        }
        let kind = self.manner.kind(paragraph, &self.last);
        if let (Kind::Article, Some((number, _))) = (kind, article(text)) {
            self.last = number;
        }
        if kind != Kind::Other {
            self.heading(text, kind);
        } else if in_head {
            self.head(paragraph, text);
        } else {
            self.body(paragraph, text);
        }
        self.after_heading = kind == Kind::Article;
    }

    fn push(&mut self, class: &str, text: String, marks: Vec<String>) {
        self.laid.blocks.push(Block {
            class: class.to_owned(),
            text,
            marks,
        });
    }

    /// Lists what became a note.
    fn noted(&mut self, text: &str) {
        self.laid
            .removed
            .push(Removed::new(RemovedWhy::AmendmentNote, text));
    }

    /// «Список изменяющих документов (в ред. …)»: the words before the note are the publisher's.
    fn is_list_of_laws(&mut self, text: &str, marks: &[String]) -> bool {
        let is_list = !marks.is_empty() && is_remark(text);
        if is_list {
            self.laid.removed.push(Removed {
                why: RemovedWhy::EditorsNote,
                text: text.to_owned(),
            });
        }
        is_list
    }

    fn heading(&mut self, text: &str, kind: Kind) {
        let class = if kind == Kind::Section { "T" } else { "H" };
        let (text, mut marks) = take_marks(text, &mut self.laid.removed);
        let text = match repealed::of_heading(&text) {
            Some((head, note)) => {
                marks.insert(0, note);
                self.noted(&text[head.len()..]);
                head
            }
            None => text,
        };
        self.push(class, text, marks);
    }

    /// Title, adoption, list of amending laws.
    fn head(&mut self, paragraph: &Paragraph, text: &str) {
        let lower = text.to_lowercase();
        if lower.starts_with(LISTED) {
            self.noted(text);
            return self.push("C", String::new(), vec![normal(text)]);
        }
        // The list of days stands in a paragraph of its own.
        let last = self.laid.blocks.last_mut();
        let list = last
            .and_then(|b| b.marks.last_mut())
            .filter(|m| m.to_lowercase().starts_with(LISTED) && m.ends_with(':'));
        if let Some(list) = list.filter(|_| text.starts_with(|c: char| c.is_ascii_digit())) {
            list.push(' ');
            list.push_str(text);
            return self.noted(text);
        }
        let (text, marks) = take_marks(text, &mut self.laid.removed);
        if text.is_empty() || self.is_list_of_laws(&text, &marks) {
            return self.push("C", String::new(), marks);
        }
        let adopted = ["принят ", "одобрен "].iter().any(|w| lower.starts_with(w));
        let titled = paragraph.centred || paragraph.bold || paragraph.large;
        let class = match (adopted, titled) {
            (true, _) => "I",
            (false, true) => "T",
            (false, false) => "",
        };
        self.push(class, text, marks);
    }

    fn body(&mut self, paragraph: &Paragraph, text: &str) {
        if is_signature(text) {
            return self.push("I", text.to_owned(), Vec::new());
        }
        if let Some(left) = repealed::read(text) {
            self.noted(text);
            for (text, mark) in left {
                if !text.is_empty() {
                    self.laid
                        .removed
                        .push(Removed::new(RemovedWhy::Written, &text));
                }
                self.push("", text, vec![mark]);
            }
            return;
        }
        let (rest, mut marks) = take_marks(text, &mut self.laid.removed);
        if self.is_list_of_laws(&rest, &marks) {
            return self.push("C", String::new(), marks);
        }
        // «Часть. (Утратила силу …)»: the word belongs to the note.
        let label = rest.trim_end_matches(['.', ';']);
        if matches!(label, "Часть" | "Абзац" | "абзац" | "Пункт") && !marks.is_empty()
        {
            marks[0] = format!("{rest} {}", marks[0]);
            self.noted(&rest);
            return self.push("", String::new(), marks);
        }
        let of_article = rest.is_empty() && self.after_heading;
        // The middle of the page after the headings have begun: the title goes on, or an annex begins.
        let titled = paragraph.centred && paragraph.bold;
        let class = match (of_article, titled) {
            (true, _) => "H",
            (false, true) => "T",
            (false, false) => "",
        };
        self.push(class, rest, marks);
    }
}
