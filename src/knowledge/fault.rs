//! Pages that are no law: what they are and what to do.

use super::error::KnowledgeError;

/// Returns what is wrong with a page on which no article was found.
pub(super) fn of_page(html: &str, name: &str) -> KnowledgeError {
    let name = name.to_owned();
    let lower = html.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if says(&[
        "captcha",
        "капча",
        "капчу",
        "не робот",
        "код с картинки",
        "символы с картинки",
    ]) {
        return KnowledgeError::Captcha { name };
    }
    if says(&["документ не найден", "документ отсутствует"]) {
        return KnowledgeError::NotFound { name };
    }
    let text = html
        .split('<')
        .filter_map(|piece| piece.split_once('>'))
        .any(|(_, text)| !text.trim().is_empty());
    match text || !html.contains('<') {
        true => KnowledgeError::NotLaw { name },
        false => KnowledgeError::Empty { name },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_pages_are_told_apart() {
        let code = |html: &str| of_page(html, "x").code();
        assert_eq!(
            code("<html><body>Документ не найден</body></html>"),
            "not_found"
        );
        assert_eq!(code("<form>Введите код с картинки</form>"), "captcha");
        assert_eq!(code("<html><body><div></div></body></html>"), "empty");
        assert_eq!(code("<html><body>Прогноз погоды</body></html>"), "not_law");
    }
}
