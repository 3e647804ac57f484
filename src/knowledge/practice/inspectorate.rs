//! Answers of the labour inspectorate, and letters of ministries and services.

use jiff::civil::Date;

use super::{Found, day_in};

/// How a saved answer of the inspectorate begins.
pub(super) const MARK: &str = "<!-- source:";

/// Bodies that write letters about labour law, by words of their name.
const BODIES: [(&str, &str); 6] = [
    ("федеральная служба по труду и занятости", "Роструд"),
    ("роструд", "Роструд"),
    ("министерство труда и социальной защиты", "Минтруд России"),
    ("минтруд", "Минтруд России"),
    (
        "министерство здравоохранения и социального развития",
        "Минздравсоцразвития России",
    ),
    ("минздравсоцразвития", "Минздравсоцразвития России"),
];

/// Lines of the head in which a letter names itself.
const HEAD: usize = 20;

/// Returns what a text says of itself where it is an answer or a letter.
pub(super) fn recognise(lines: &[String]) -> Option<Found> {
    saved_answer(lines)
        .or_else(|| question_and_answer(lines))
        .or_else(|| letter(lines))
}

/// An answer as it was saved: a comment names source, number and address.
fn saved_answer(lines: &[String]) -> Option<Found> {
    let comment = lines.first()?.strip_prefix(MARK)?;
    let comment = comment.trim_end_matches("-->").trim();
    let mut words = comment.split_whitespace();
    let source = words.next()?.to_owned();
    let words: Vec<&str> = words.collect();
    let after = |key: &str| {
        let at = words.iter().position(|word| *word == key)?;
        words.get(at + 1).map(|word| (*word).to_owned())
    };
    let mut found = question_and_answer(&lines[1..]).unwrap_or_else(|| Found {
        lines: lines[1..].to_vec(),
        ..Found::default()
    });
    found.issuer = Some(match source.as_str() {
        "rostrud_onlineinspector" => "Роструд (Онлайнинспекция.рф)".to_owned(),
        _ => source,
    });
    found.number = after("faq_id:");
    found.url = after("url:");
    found.issued_on = after("date:").and_then(|day| day.parse::<Date>().ok());
    Some(found)
}

/// «Вопрос: …», «Ответ: …»; the marks of Markdown go.
fn question_and_answer(lines: &[String]) -> Option<Found> {
    let plain: Vec<String> = lines
        .iter()
        .map(|line| line.replace("**", "").trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    let question = plain.first()?.strip_prefix("Вопрос:")?.trim().to_owned();
    let answer = plain.iter().position(|line| line.starts_with("Ответ:"))?;
    let mut whole = question;
    for line in &plain[1..answer] {
        whole.push(' ');
        whole.push_str(line);
    }
    Some(Found {
        title: Some(whole.trim().to_owned()),
        lines: plain,
        ..Found::default()
    })
}

/// «ПИСЬМО» or «РАЗЪЯСНЕНИЕ» of a body, with its day and number.
fn letter(lines: &[String]) -> Option<Found> {
    let head = &lines[..lines.len().min(HEAD)];
    let named = head.iter().position(|line| {
        let line = line.to_lowercase();
        ["письмо", "разъяснение", "разъяснения"]
            .iter()
            .any(|word| line == *word || line.starts_with(&format!("{word} от ")))
    })?;
    let lower = head.join(" ").to_lowercase();
    let body = BODIES.iter().find(|(words, _)| lower.contains(words))?;
    let dated = head.iter().find_map(|line| {
        let day = day_in(line)?;
        Some((day, number_in(line)))
    });
    let (issued_on, number) = dated.map_or((None, None), |(day, number)| (Some(day), number));
    let title = lines[named + 1..]
        .iter()
        .find(|line| day_in(line).is_none() && line.chars().count() > 10);
    Some(Found {
        issuer: Some(body.1.to_owned()),
        issued_on,
        number,
        title: title.cloned(),
        url: None,
        lines: lines.to_vec(),
    })
}

/// What stands behind «№».
pub(super) fn number_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once('№').or_else(|| line.split_once(" N "))?;
    let number = rest.split_whitespace().next()?;
    let number = number.trim_end_matches(['.', ',', ';', ')', '»']);
    number
        .starts_with(|c: char| c.is_alphanumeric())
        .then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_saved_answer_tells_its_source_number_and_question() {
        let found = recognise(&lines(
            "<!-- source: rostrud_onlineinspector faq_id: 7 url: https://example.invalid/7 -->\n**Вопрос:** Можно ли?\n**Ответ:**\nНельзя.",
        ))
        .unwrap();
        assert_eq!(found.issuer.unwrap(), "Роструд (Онлайнинспекция.рф)");
        assert_eq!(found.number.unwrap(), "7");
        assert_eq!(found.url.unwrap(), "https://example.invalid/7");
        assert_eq!(found.title.unwrap(), "Можно ли?");
        assert_eq!(found.lines, ["Вопрос: Можно ли?", "Ответ:", "Нельзя."]);
    }

    #[test]
    fn a_letter_tells_its_body_day_and_number() {
        let found = recognise(&lines(
            "ФЕДЕРАЛЬНАЯ СЛУЖБА ПО ТРУДУ И ЗАНЯТОСТИ\nПИСЬМО\nот 7 октября 2013 г. № ПГ/8960-6-1\nО переводе на другую работу\nТекст.",
        ))
        .unwrap();
        assert_eq!(found.issuer.unwrap(), "Роструд");
        assert_eq!(found.issued_on, Some(date(2013, 10, 7)));
        assert_eq!(found.number.unwrap(), "ПГ/8960-6-1");
        assert_eq!(found.title.unwrap(), "О переводе на другую работу");
        assert!(recognise(&lines("Статья 1. Письмо\nРоструд")).is_none());
    }
}
