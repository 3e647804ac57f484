//! Acts that have numbered points in place of articles: Plenum resolutions, decrees, resolutions of the government, orders.

mod annex;
mod build;
mod check;
mod headings;
mod identity;
mod items;
mod numbering;

pub(super) use annex::annex;
pub(super) use build::build;
pub(super) use check::{check, gaps};
pub(super) use identity::{head, is_act};
pub(super) use items::Items;

/// Returns whether a line is a signature: an office and a name with initials, and hardly more.
fn is_signature(text: &str) -> bool {
    const OFFICES: [&str; 10] = [
        "Президент",
        "Председатель",
        "Министр",
        "Заместитель Министра",
        "Первый заместитель Министра",
        "Руководитель",
        "Врио",
        "И.о.",
        "Исполняющий обязанности",
        "Директор",
    ];
    let office = OFFICES.iter().any(|o| {
        text.strip_prefix(o)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    office && text.chars().count() <= 160 && (has_name(text) || text == "Министр")
}

/// «В.Путин», «А.О.КОТЯКОВ», «М. Мишустин».
fn has_name(text: &str) -> bool {
    let letters = text.chars().collect::<Vec<_>>();
    let at = |k: usize| letters.get(k).copied().unwrap_or(' ');
    (0..letters.len()).any(|i| {
        let begins = i == 0 || at(i - 1) == ' ';
        let name = if at(i + 2) == ' ' { i + 3 } else { i + 2 };
        begins && at(i).is_uppercase() && at(i + 1) == '.' && at(name).is_uppercase()
    })
}

/// Capitals only, and enough of them to be words.
pub(super) fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 6 && !text.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests;
