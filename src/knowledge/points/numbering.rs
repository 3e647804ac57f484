//! Which numbered lines go on counting the points of a text, and which are cells of tables or quoted.

use std::collections::BTreeSet;

use crate::knowledge::label::part_number;

/// The largest step between two points: what lies between was repealed without a trace.
const WIDEST_STEP: u32 = 10;

/// The numbers of one text: the act itself, an annex, a form.
#[derive(Debug, Default, Clone)]
pub(in crate::knowledge) struct Numbering {
    last: Vec<u32>,
    wholes: BTreeSet<u32>,
}

impl Numbering {
    /// Returns the number of a line that goes on counting: 1 first, then 2, 2.1 … up to ten steps ahead.
    pub fn accepts(&self, text: &str) -> Option<String> {
        let number = part_number(text)?;
        let pieces = pieces(&number);
        let first = *pieces.first()?;
        let fits = match self.last.first() {
            None => pieces == [1],
            Some(last) if first == *last => pieces > self.last,
            Some(last) => first > *last && first - last <= WIDEST_STEP,
        };
        fits.then_some(number)
    }

    /// Keeps that a point was opened.
    pub fn take(&mut self, number: &str) {
        self.last = pieces(number);
        self.wholes.extend(self.last.first());
    }

    /// Returns whether any point was opened.
    pub fn has_points(&self) -> bool {
        !self.last.is_empty()
    }

    /// Returns the whole numbers that are missing between 1 and the last one.
    pub fn gaps(&self) -> Vec<u32> {
        let last = self.wholes.last().copied().unwrap_or(0);
        (1..=last).filter(|n| !self.wholes.contains(n)).collect()
    }
}

fn pieces(number: &str) -> Vec<u32> {
    number
        .split(['.', '-'])
        .map(|p| p.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_on_counting_is_a_point() {
        let mut numbering = Numbering::default();
        assert_eq!(numbering.accepts("4. Таблица"), None);
        assert_eq!(numbering.accepts("1.1. Ячейка"), None);
        for text in ["1. Раз", "2. Два", "2.1. Вставка", "2.10. Ещё", "5. Пять"]
        {
            let number = numbering.accepts(text).unwrap();
            numbering.take(&number);
        }
        assert_eq!(numbering.gaps(), [3, 4]);
        for text in [
            "5. Снова",
            "1. Опять",
            "40. Далеко",
            "6 Без точки",
            "6) Иное",
        ] {
            assert_eq!(numbering.accepts(text), None, "{text}");
        }
        assert_eq!(numbering.accepts("6."), Some("6".to_owned()));
    }
}
