//! What a story tells beside the matter: greetings, who writes, and names of people and places.
//!
//! To an encoder «водитель погрузчика, Балашиха» lies near to driving licences and far from a dismissal on sick leave.

use super::pieces::sentences;

/// Words that greet or ask for help.
#[rustfmt::skip]
const GREETINGS: [&str; 11] = [
    "здравствуйте", "здравствуй", "добрый день", "добрый вечер", "доброе утро", "привет", "подскажите пожалуйста",
    "подскажите, пожалуйста", "скажите, пожалуйста", "подскажите", "помогите",
];

/// Words that lead to a name of a place and go with it.
#[rustfmt::skip]
const BEFORE_PLACE: [&str; 17] = [
    "в", "во", "на", "из", "под", "с", "со", "около", "у", "до", "от", "город", "города", "городе", "г.", "село", "посёлок",
];

/// Beginnings of names that the law speaks of.
#[rustfmt::skip]
const OF_THE_LAW: [&str; 19] = [
    "север", "крайн", "дальн", "росси", "трудов", "конституц", "пленум", "роструд", "минтруд", "правительств", "кодекс",
    "профсоюз", "госуслуг", "день", "социальн", "пенсионн", "государствен", "новый", "нового",
];

/// The most words of a sentence without a verb that only says who writes.
const MOST_OF_ASIDE: usize = 4;
/// The same where it begins with «я».
const MOST_OF_SELF: usize = 5;

/// Returns the text without greetings, without names of people and places, and without short sentences that only say
/// who writes; as it is where nothing would be left.
pub fn without_asides(text: &str) -> String {
    let told: Vec<String> = sentences(text)
        .into_iter()
        .map(|sentence| without_names(without_greeting(sentence)))
        .filter(|sentence| sentence.chars().any(char::is_alphabetic) && !says_who(sentence))
        .map(|sentence| beginning_large(&sentence))
        .collect();
    match told.is_empty() {
        true => text.to_owned(),
        false => told.join(" "),
    }
}

fn without_greeting(sentence: &str) -> &str {
    let lower = sentence.to_lowercase();
    let greeting = GREETINGS.iter().find(|greeting| {
        let rest = lower.strip_prefix(**greeting);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
    });
    let Some(greeting) = greeting else {
        return sentence;
    };
    let rest = sentence.char_indices().nth(greeting.chars().count());
    let rest = rest.map_or("", |(at, _)| &sentence[at..]);
    rest.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '«')
}

fn without_names(sentence: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for word in sentence.split_whitespace() {
        let ends = kept
            .last()
            .map(|last| last.ends_with(['.', '!', '?', ':', '«', '"']));
        if ends != Some(false) || !is_name(word) {
            kept.push(word.to_owned());
            continue;
        }
        while kept.last().is_some_and(|last| leads_to_place(last)) {
            kept.pop();
        }
        let tail: String = word
            .chars()
            .filter(|c| matches!(c, '.' | ',' | '!' | '?' | ';' | ':' | '…'))
            .collect();
        if let Some(last) = kept.last_mut().filter(|_| !tail.is_empty()) {
            let bare = last.trim_end_matches(',').len();
            last.truncate(bare);
            last.push_str(&tail);
        }
    }
    kept.join(" ")
}

fn leads_to_place(word: &str) -> bool {
    BEFORE_PLACE.contains(&word.to_lowercase().as_str())
}

/// «Балашиха,», «Нижнем», but not «МРОТ», «Севере», ««Ромашке»».
fn is_name(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    let mut letters = core.chars();
    let large = letters.next().is_some_and(char::is_uppercase);
    let rest: Vec<char> = letters.collect();
    let small = !rest.is_empty() && rest.iter().all(|c| c.is_lowercase() || *c == '-');
    let lower = core.to_lowercase();
    let known = OF_THE_LAW.iter().any(|start| lower.starts_with(start));
    large && small && !known && word.starts_with(core)
}

/// A short sentence that asks nothing and has neither a verb, nor a number, nor a word that denies.
fn says_who(sentence: &str) -> bool {
    let words: Vec<String> = sentence
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let tells = |word: &String| {
        matches!(word.as_str(), "нет" | "не" | "ни" | "без")
            || word.chars().any(|c| c.is_ascii_digit())
            || may_be_verb(word)
    };
    if sentence.trim_end().ends_with('?') || words.iter().any(tells) {
        return false;
    }
    let of_self = matches!(words.first().map(String::as_str), Some("я" | "мы"));
    // «Я на испытательном.»
    let of_case = of_self && words.get(1).is_some_and(|second| leads_to_place(second));
    let most = if of_self { MOST_OF_SELF } else { MOST_OF_ASIDE };
    !of_case && words.len() <= most
}

/// By its ending; nouns that end alike are taken for verbs too, and stay.
fn may_be_verb(word: &str) -> bool {
    #[rustfmt::skip]
    const ENDINGS: [&str; 28] = [
        "ю", "ешь", "ет", "ёт", "ём", "ем", "ете", "ут", "ют", "ит", "им", "ите", "ат", "ят", "л", "ла", "ло", "ли", "ть", "ти",
        "чь", "сь", "ся", "ну", "жу", "чу", "шу", "ёс",
    ];
    word.chars().count() >= 4 && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

fn beginning_large(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_and_from_where_is_left_out() {
        let cases = [
            (
                "Лежу в больнице, а меня собираются уволить. Водитель погрузчика, Балашиха. Они могут?",
                "Лежу в больнице, а меня собираются уволить. Они могут?",
            ),
            (
                "Здравствуйте. Я повар в столовой, Курган. Зарплату в Омске дают раз в месяц. Законно?",
                "Зарплату дают раз в месяц. Законно?",
            ),
            (
                "добрый день, уехала к маме в Псков, а звонят из аптеки и требуют выйти",
                "Уехала к маме, а звонят из аптеки и требуют выйти",
            ),
        ];
        for (told, matter) in cases {
            assert_eq!(without_asides(told), matter);
        }
    }

    #[test]
    fn what_may_matter_stays() {
        for told in [
            "Я на испытательном. Могут выгнать?",
            "Работаю на Крайнем Севере. Какой отпуск?",
            "МРОТ подняли, а мне нет. Законно?",
            "Директор «Ромашки» не платит. Куда идти?",
            "Сколько заплатит Социальный фонд?",
            "Никакой аварии, просто ему так надо. Обязан выйти?",
            "Без договора. Что делать?",
            "Иванов",
            "Здравствуйте!",
        ] {
            assert_eq!(without_asides(told), told);
        }
    }
}
