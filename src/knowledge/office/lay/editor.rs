//! What publishers add to a text: remarks, information on versions, title pages.

use super::super::line::Line;
use crate::knowledge::laid::RemovedWhy;

/// What a line that is no text of the act is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    /// A remark.
    Remark,
    /// A remark that goes on in the next line.
    RemarkBegins,
    /// Information on the version of what follows.
    Version,
    /// The days of the laws that changed the act, at its head.
    Days,
    /// Title page, header, footer.
    Furniture,
}

impl Aside {
    /// Returns why such a line is taken out.
    pub(super) fn why(self) -> RemovedWhy {
        match self {
            Aside::Furniture => RemovedWhy::PageFurniture,
            _ => RemovedWhy::EditorsNote,
        }
    }
}

/// Returns what a line is besides text, by its style or by its words. `before` is what the line above was.
pub(super) fn aside(line: &Line, before: Option<Aside>) -> Option<Aside> {
    let text = line.text.as_str();
    if text.is_empty() {
        return None;
    }
    by_style(line, before)
        .or_else(|| by_words(text))
        .or_else(|| by_neighbour(text, before))
}

/// ГАРАНТ keeps its remarks in styles of their own, ConsultantPlus its title page.
fn by_style(line: &Line, before: Option<Aside>) -> Option<Aside> {
    let style = line.style.as_str();
    let is = |names: &[&str]| names.iter().any(|n| style.starts_with(n));
    if is(&["комментарий", "consplusdocinfo"]) {
        return Some(Aside::Remark);
    }
    if is(&["информация об изменениях"]) {
        let is_days =
            line.text.starts_with("С изменениями и дополнениями") || before == Some(Aside::Days);
        return Some(if is_days { Aside::Days } else { Aside::Version });
    }
    if is(&[
        "информация о версии",
        "текст информации об изменениях",
        "подзаголовок для информации об изменениях",
    ]) {
        return Some(Aside::Version);
    }
    is(&["consplustitlepage"]).then_some(Aside::Furniture)
}

fn by_words(text: &str) -> Option<Aside> {
    let starts = |words: &[&str]| words.iter().any(|w| text.starts_with(w));
    if starts(&["КонсультантПлюс: примечание", "ГАРАНТ:"]) {
        let is_alone = text.split_whitespace().count() <= 2;
        return Some(if is_alone {
            Aside::RemarkBegins
        } else {
            Aside::Remark
        });
    }
    if starts(&["Позиции высших судов по ", "Список изменяющих документов"])
    {
        return Some(Aside::Remark);
    }
    if starts(&["Информация об изменениях:"]) || is_version_link(text) {
        return Some(Aside::Version);
    }
    if starts(&["С изменениями и дополнениями от"]) {
        return Some(Aside::Days);
    }
    let is_page = starts(&[
        "Документ предоставлен ",
        "www.consultant.ru",
        "Дата сохранения:",
        "Система ГАРАНТ",
    ]);
    is_page.then_some(Aside::Furniture)
}

/// «См. текст статьи в предыдущей редакции», «См. будущую редакцию».
fn is_version_link(text: &str) -> bool {
    let short = text.chars().count() <= 120;
    let names_version = ["редакци", "См. текст "].iter().any(|w| text.contains(w));
    short && text.starts_with("См. ") && names_version
}

/// Lines that are remarks only because of the line above.
fn by_neighbour(text: &str, before: Option<Aside>) -> Option<Aside> {
    match before {
        Some(Aside::RemarkBegins) => Some(Aside::Remark),
        Some(Aside::Version) if says_change(text) => Some(Aside::Version),
        Some(Aside::Days) if lists_days(text) => Some(Aside::Days),
        _ => None,
    }
}

/// «Статья 5 изменена с 1 мая 2004 г. - Федеральный закон от …», «Федеральным законом от … внесены изменения».
fn says_change(text: &str) -> bool {
    let changes = [
        "изменен",
        "дополнен",
        "изложен",
        "внесен",
        "признан",
        "утратил",
        "исключен",
    ];
    let names_law =
        text.contains("законом от ") || text.contains("закон от ") || text.contains("законы от ");
    names_law && text.contains(" г. N ") && changes.iter().any(|c| text.contains(c))
}

/// «24, 25 июля 2002 г., 30 июня 2003 г., …».
fn lists_days(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(" г.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(style: &str, text: &str) -> Line {
        Line {
            text: text.to_owned(),
            style: style.to_owned(),
            ..Line::default()
        }
    }

    #[test]
    fn remarks_are_known_by_style_and_by_words() {
        let of = |style: &str, text: &str, before| aside(&line(style, text), before);
        assert_eq!(of("комментарий", "Смотри схему", None), Some(Aside::Remark));
        assert_eq!(of("", "ГАРАНТ:", None), Some(Aside::RemarkBegins));
        assert_eq!(
            of("", "Что угодно.", Some(Aside::RemarkBegins)),
            Some(Aside::Remark)
        );
        assert_eq!(
            of("", "См. предыдущую редакцию", None),
            Some(Aside::Version)
        );
        assert_eq!(of("", "Обычный текст.", None), None);
        assert_eq!(
            of(
                "",
                "Статья 5 изменена с 1 мая 2004 г. - Федеральный закон от 3 мая 2004 г. N 5-ФЗ",
                Some(Aside::Version)
            ),
            Some(Aside::Version)
        );
    }
}
