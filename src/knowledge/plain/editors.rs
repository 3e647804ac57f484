//! The publishers' own words: how they begin and how they sound.

/// The stamp above ГАРАНТ's notes.
pub(super) const GARANT: &str = "ГАРАНТ:";
/// The stamp above ГАРАНТ's news of changes.
pub(super) const NEWS: &str = "Информация об изменениях:";

/// What a publisher's mark announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A note of one or more paragraphs.
    Note,
    /// News of a change of what follows.
    News,
}

/// Reads a mark at the start of a paragraph, and what stands behind it.
pub(super) fn mark(text: &str) -> Option<(Mark, &str)> {
    let marks = [
        (GARANT, Mark::Note),
        (NEWS, Mark::News),
        ("Информация об изменениях", Mark::News),
        ("КонсультантПлюс: примечание", Mark::Note),
        ("КонсультантПлюс: примечания", Mark::Note),
    ];
    let (sign, mark) = marks.into_iter().find(|(sign, _)| text.starts_with(sign))?;
    let behind = text[sign.len()..].trim_start_matches(['.', ':', ' ']);
    Some((mark, behind))
}

/// A line that only points elsewhere: «См. предыдущую редакцию».
pub(super) fn is_pointer(text: &str) -> bool {
    text.starts_with("См.")
}

/// Whether a paragraph behind a note goes on with it: publishers shorten names as the law never does.
pub(super) fn sounds_like_note(text: &str) -> bool {
    let shortened = [" РФ ", " РФ,", " ТК РФ", " ВС РФ", " ФЗ от "];
    let begins = [
        "О ",
        "Об ",
        "Ч. ",
        "П. ",
        "Ст. ",
        "Пп. ",
        "Абз. ",
        "В части вопроса",
    ];
    let shown = text.contains("см.") || text.contains(" ст. ");
    is_pointer(text)
        || shortened.iter().any(|s| text.contains(s))
        || begins.iter().any(|b| text.starts_with(b)) && shown
}

/// Whether a full line of a note may be its last: the next begins anew.
pub(super) fn is_whole(line: &str, next: &str) -> bool {
    let mut words = line.rsplit(' ');
    let last = words.next().unwrap_or_default();
    let numbered = matches!(words.next(), Some("N" | "№"));
    let joins = ["и ", "от ", "о ", "об ", "в ", "N "]
        .iter()
        .any(|j| next.starts_with(j));
    let named = matches!(last, "РФ" | "-ФЗ") || last.ends_with([')', '"', '»', '.']);
    let big = next.starts_with(char::is_uppercase);
    numbered && !joins || big && !joins && (named || !goes_on_big(line, next))
}

/// Whether a line that begins with a capital goes on with the one above: it begins with a name, or the one above asks for more.
pub(super) fn goes_on_big(line: &str, next: &str) -> bool {
    const NAMES: [&str; 34] = [
        "Российск",
        "Федеральн",
        "Конституц",
        "Правительств",
        "Президент",
        "Верховн",
        "Пленум",
        "Государственн",
        "Гражданск",
        "Трудов",
        "Уголовн",
        "Налогов",
        "Кодекс",
        "Крайн",
        "Вооруженн",
        "Минздрав",
        "Минтруд",
        "Минфин",
        "Роструд",
        "Госкомстат",
        "Министерств",
        "Закон",
        "Указ",
        "Постановлени",
        "Определени",
        "Инструкци",
        "Положени",
        "Перечн",
        "Москв",
        "Республик",
        "Севера",
        "Дальн",
        "РФ",
        "Федерации",
    ];
    NAMES.iter().any(|n| next.starts_with(n)) || asks(line)
}

/// Whether a line cannot be the last: it ends with a word that asks for more.
pub(super) fn asks(line: &str) -> bool {
    const ASKS: [&str; 27] = [
        "и",
        "в",
        "с",
        "о",
        "об",
        "от",
        "из",
        "к",
        "по",
        "на",
        "для",
        "при",
        "за",
        "или",
        "см.",
        "N",
        "№",
        "ст.",
        "статью",
        "статьи",
        "закон",
        "законом",
        "приказом",
        "постановление",
        "постановлением",
        "письмо",
        "г.",
    ];
    let last = line.rsplit(' ').next().unwrap_or_default();
    ASKS.contains(&last) || last.ends_with(',')
}

/// Whether a paragraph tells of a change: «Статья 5 изменена с …».
pub(super) fn sounds_like_news(text: &str) -> bool {
    const BEGINS: [&str; 19] = [
        "Федеральн",
        "Стать",
        "Пункт",
        "Подпункт",
        "Част",
        "Абзац",
        "Глав",
        "Раздел",
        "Наименовани",
        "Кодекс ",
        "Преамбул",
        "Настоящ",
        "Изменени",
        "Положени",
        "Законом",
        "Указом",
        "Постановлени",
        "Приложени",
        "Примечани",
    ];
    let tells = [
        "измен",
        "дополн",
        "редакци",
        "исключ",
        "утрат",
        "правоотношения",
    ];
    BEGINS.iter().any(|b| text.starts_with(b)) && tells.iter().any(|t| text.contains(t))
}
