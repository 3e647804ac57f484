//! Which lines of a document are headings of the act.

use super::super::line::{Align, Line};
use crate::knowledge::heading::{ArticleStyle, Heading, article, heading};

/// Returns whether the file gives a line the look of a heading: by its style, a level, or its place in the middle.
pub(super) fn looks_like_heading(line: &Line) -> bool {
    is_titled(line) || line.align == Align::Center
}

/// Returns whether the file itself calls a line a title or heading.
pub(super) fn is_titled(line: &Line) -> bool {
    let style = line.style.as_str();
    line.is_heading
        || style.starts_with("consplustitle")
        || style.starts_with("заголовок")
        || matches!(style, "h" | "t" | "title" | "subtitle" | "название")
}

/// Returns the portal's class of a heading («H» for articles and chapters, «T» for what lies above), or nothing for other lines.
pub(super) fn class_of_heading(line: &Line) -> Option<&'static str> {
    let text = line.text.as_str();
    if article(text).is_some() {
        return (is_titled(line) || is_bare_article(text)).then_some("H");
    }
    let found = heading("T", text, ArticleStyle::Headed)?;
    let title = match &found {
        Heading::Chapter(_, title) | Heading::Section(_, title) | Heading::Division(_, title) => {
            title.as_str()
        }
        Heading::Article(..) => return None,
    };
    let is_division = matches!(found, Heading::Division(..));
    // Without any look of a heading, only a number with a dot and a capital letter behind it tell a heading from a sentence.
    let is_plain = !is_division && has_dot(text, title) && begins_title(title);
    if !looks_like_heading(line) && !is_plain {
        return None;
    }
    Some(match found {
        Heading::Chapter(..) => "H",
        _ => "T",
    })
}

/// «Статья 5. Название», «Статья 5.» without any style; «Статья 5 настоящего закона …» is a sentence.
fn is_bare_article(text: &str) -> bool {
    let Some((number, title)) = article(text) else {
        return false;
    };
    let after = text
        .find(&number)
        .map_or("", |at| &text[at + number.len()..]);
    after.is_empty() || after.starts_with('.') && begins_title(&title)
}

fn has_dot(text: &str, title: &str) -> bool {
    text[..text.len() - title.len()].trim_end().ends_with('.')
}

fn begins_title(title: &str) -> bool {
    let first = title.chars().next();
    first.is_none_or(|c| {
        c.is_uppercase() || c.is_ascii_digit() || matches!(c, '"' | '«' | '<' | '(')
    })
}

/// Returns the class that a document of the portal keeps in its style names: h, t, i, c, p.
pub(super) fn portal_class(style: &str) -> Option<&'static str> {
    Some(match style {
        "h" => "H",
        "t" => "T",
        "i" => "I",
        "c" => "C",
        "p" => "P",
        _ => return None,
    })
}

/// Returns whether a line ends with a signature's name: «В.Путин», «И.И. ИВАНОВ».
pub(super) fn ends_with_name(text: &str) -> bool {
    let tail = text.rsplit(' ').next().unwrap_or("");
    let mut pieces = tail.split('.');
    let surname = pieces.next_back().unwrap_or("");
    let initials = pieces.collect::<Vec<_>>();
    let capital = |s: &str| s.starts_with(char::is_uppercase);
    let short = |s: &&str| s.chars().count() == 1 && capital(s);
    !initials.is_empty()
        && initials.iter().all(short)
        && surname.chars().count() > 1
        && capital(surname)
        && surname.chars().all(|c| c.is_alphabetic() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(text: &str, style: &str) -> Option<&'static str> {
        class_of_heading(&Line {
            text: text.to_owned(),
            style: style.to_owned(),
            is_heading: style.starts_with("heading"),
            ..Line::default()
        })
    }

    #[test]
    fn headings_are_told_from_sentences() {
        assert_eq!(class("Статья 5. Правила", ""), Some("H"));
        assert_eq!(class("Статья 5 этого закона важна.", ""), None);
        assert_eq!(class("Статья 5 (без точки)", "consplustitle"), Some("H"));
        assert_eq!(class("Глава 2. Порядок", ""), Some("H"));
        assert_eq!(class("Глава 2 закона длинна.", ""), None);
        assert_eq!(class("Раздел IV. ИНОЕ", ""), Some("T"));
        assert_eq!(class("Часть вторая", "heading 1"), Some("T"));
        assert_eq!(class("Часть вторая", ""), None);
    }

    #[test]
    fn names_end_signatures() {
        assert!(ends_with_name("Президент Страны А.Буквин"));
        assert!(ends_with_name("Председатель А.Б.ВОДИН"));
        assert!(!ends_with_name("Президент решает вопросы."));
    }
}
