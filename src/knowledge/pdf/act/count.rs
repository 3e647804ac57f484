//! How many norms a line speaks of.

use crate::law::text::ordinal;

/// The most norms that one line may repeal.
const MAX_RANGE: u32 = 60;

/// How many norms «вторая», «вторая - четвертая», «12 - 15», «первая и третья» are; no words are one.
pub(super) fn count(which: &str) -> Option<u32> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut range = false;
    let mut total = 0;
    for word in which.split([' ', ',']).filter(|w| !w.is_empty()) {
        if matches!(word, "-" | "–" | "—") {
            range = true;
            continue;
        }
        if word == "и" {
            continue;
        }
        let number = ordinal(&word.to_lowercase()).or_else(|| word.parse().ok())?;
        total += match numbers.last() {
            Some(first) if range => number.checked_sub(*first)?,
            _ => 1,
        };
        range = false;
        numbers.push(number);
    }
    (total <= MAX_RANGE).then_some(total.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lists_are_counted() {
        assert_eq!(count(""), Some(1));
        assert_eq!(count("вторая - четвертая"), Some(3));
        assert_eq!(count("12 - 15"), Some(4));
        assert_eq!(count("первая и третья"), Some(2));
        assert_eq!(count("того закона"), None);
        assert_eq!(count("5 - 2"), None);
    }
}
