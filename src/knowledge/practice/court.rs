//! Court acts: «РЕШЕНИЕ / ОПРЕДЕЛЕНИЕ / ПОСТАНОВЛЕНИЕ … Именем Российской Федерации», court, case number, day.

use jiff::civil::Date;

use super::inspectorate::number_in;
use super::{Found, day_in};

/// Names of court acts, without spaces: they are often written spaced out.
const NAMES: [&str; 9] = [
    "решение",
    "заочноерешение",
    "решениесуда",
    "определение",
    "апелляционноеопределение",
    "кассационноеопределение",
    "определениесуда",
    "постановление",
    "кассационноепостановление",
];

/// Words by which the name of a court act goes on in the same line.
const IN_THE_NAME: &str = "именемроссийскойфедерации";

/// Lines in which a court act names itself.
const HEAD: usize = 60;

/// Returns what a text says of itself where it is a court act.
///
/// A resolution of a plenum is no act in a case, and a decree of a government names no court.
pub(super) fn recognise(lines: &[String]) -> Option<Found> {
    let head = &lines[..lines.len().min(HEAD)];
    let squeezed: Vec<String> = head.iter().map(|line| squeeze(line)).collect();
    if squeezed.iter().any(|line| line.starts_with("пленум")) {
        return None;
    }
    let named = squeezed.iter().position(|line| {
        let line = line.strip_suffix(IN_THE_NAME).unwrap_or(line);
        NAMES.contains(&line)
    })?;
    let in_the_name = squeezed.iter().any(|line| line.contains(IN_THE_NAME));
    let issuer = head.iter().find_map(|line| court(line));
    let number = head.iter().find_map(|line| case_number(line));
    if issuer.is_none() || !in_the_name && number.is_none() {
        return None;
    }
    let name = squeezed[named].strip_suffix(IN_THE_NAME);
    let name = spelled(name.unwrap_or(&squeezed[named]));
    Some(Found {
        issued_on: issued_on(head, named),
        title: Some(title(name, number.as_deref(), lines)),
        issuer,
        number,
        url: None,
        lines: lines.to_vec(),
    })
}

/// Lower-case letters only: «Р Е Ш Е Н И Е» is «решение».
fn squeeze(line: &str) -> String {
    line.chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

fn spelled(name: &str) -> &'static str {
    match name {
        "заочноерешение" => "Заочное решение",
        "апелляционноеопределение" => "Апелляционное определение",
        "кассационноеопределение" => "Кассационное определение",
        "кассационноепостановление" => "Кассационное постановление",
        name if name.starts_with("решение") => "Решение",
        name if name.starts_with("определение") => "Определение",
        _ => "Постановление",
    }
}

/// The court's name in a line: up to «в составе», without a day before it.
fn court(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let is_court = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        matches!(word, "суд" | "суда" | "судья")
    };
    if !lower.split_whitespace().any(is_court) {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let small: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let end = small
        .windows(2)
        .position(|pair| pair[0] == "в" && pair[1].starts_with("состав") || pair[0] == "рассмотрев")
        .unwrap_or(words.len());
    let begin = words[..end]
        .iter()
        .position(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            word.starts_with(|c: char| c.is_uppercase()) && word.chars().count() > 2
        })
        .unwrap_or(0);
    let name = words[begin..end].join(" ");
    let name = name.trim_matches([',', ':', ' ', '.']);
    (4..=160)
        .contains(&name.chars().count())
        .then(|| name.to_owned())
}

/// «Дело № 2-123/2024», «№ 33-45/2024».
fn case_number(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let of_case = lower.contains("дел") || lower.trim_start().starts_with('№');
    let number = number_in(line)?;
    (of_case && number.contains(|c: char| c.is_ascii_digit())).then_some(number)
}

/// The day that stands nearest to the name of the act, behind it first.
fn issued_on(head: &[String], named: usize) -> Option<Date> {
    let behind = head[named..].iter().find_map(|line| day_in(line));
    behind.or_else(|| head[..named].iter().rev().find_map(|line| day_in(line)))
}

/// «Решение по делу № 2-1/2024: по иску … о восстановлении на работе».
fn title(name: &str, number: Option<&str>, lines: &[String]) -> String {
    let mut title = name.to_owned();
    if let Some(number) = number {
        title.push_str(&format!(" по делу № {number}"));
    }
    let about = lines.iter().take(HEAD).find_map(|line| {
        let at = line.find("по иску").or_else(|| line.find("по заявлению"))?;
        Some(line[at..].trim_end_matches([',', ':', ' ']))
    });
    if let Some(about) = about {
        title.push_str(&format!(": {about}"));
    }
    title
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_decision_tells_court_day_and_case() {
        let found = recognise(&lines(
            "Дело № 2-1234/2024\nР Е Ш Е Н И Е\nИменем Российской Федерации\n15 марта 2024 года г. Примерск\nПримерский районный суд Примерской области в составе:\nпредседательствующего судьи Н.\nрассмотрев дело по иску А. к ООО «Б» о взыскании зарплаты,\nустановил:",
        ))
        .unwrap();
        assert_eq!(
            found.issuer.unwrap(),
            "Примерский районный суд Примерской области"
        );
        assert_eq!(found.issued_on, Some(date(2024, 3, 15)));
        assert_eq!(found.number.as_deref(), Some("2-1234/2024"));
        assert_eq!(
            found.title.unwrap(),
            "Решение по делу № 2-1234/2024: по иску А. к ООО «Б» о взыскании зарплаты"
        );
    }

    #[test]
    fn an_appeal_may_lack_the_words_but_not_the_case() {
        let found = recognise(&lines(
            "АПЕЛЛЯЦИОННОЕ ОПРЕДЕЛЕНИЕ\nг. Примерск 1 июля 2025 г.\nСудебная коллегия по гражданским делам Примерского областного суда в составе\nрассмотрела дело № 33-77/2025",
        ))
        .unwrap();
        assert_eq!(
            found.issuer.unwrap(),
            "Судебная коллегия по гражданским делам Примерского областного суда"
        );
        assert_eq!(found.number.as_deref(), Some("33-77/2025"));
    }

    #[test]
    fn plenums_decrees_and_laws_are_no_court_acts() {
        for text in [
            "ПЛЕНУМ ВЕРХОВНОГО СУДА РОССИЙСКОЙ ФЕДЕРАЦИИ\nПОСТАНОВЛЕНИЕ\nот 17 марта 2004 г. № 2\nО применении судами",
            "ПРАВИТЕЛЬСТВО РОССИЙСКОЙ ФЕДЕРАЦИИ\nПОСТАНОВЛЕНИЕ\nот 1 июля 2022 г. № 1\nОб утверждении",
            "Статья 391. Рассмотрение споров в судах\nРешение суда исполняется.",
        ] {
            assert!(recognise(&lines(text)).is_none(), "{text}");
        }
    }
}
