//! Article numbers whose raised index was written as plain digits: 20, 201, 202, 21 are 20, 20.1, 20.2, 21.

use super::super::super::heading::article;
use super::super::super::html::Block;

/// Gives back the dots of article numbers, where the numbers around them show that they are missing.
///
/// Only headings are mended: whether «статья 201» in a sentence is 20.1 cannot be told from the sentence. Costs one pass.
pub(super) fn indexes(blocks: &mut [Block]) {
    let headings = blocks
        .iter()
        .enumerate()
        .filter(|(_, b)| b.class == "H")
        .filter_map(|(at, b)| Some((at, article(&b.text)?.0)))
        .collect::<Vec<_>>();
    let mut base = 0;
    for (place, (at, number)) in headings.iter().enumerate() {
        let Ok(whole) = number.parse::<u32>() else {
            base = first_number(number).unwrap_or(base);
            continue;
        };
        let index = (whole > base + 1)
            .then(|| number.strip_prefix(&base.to_string()))
            .flatten()
            .filter(|index| !index.is_empty() && !index.starts_with('0'));
        let comes_back = headings[place + 1..]
            .iter()
            .filter_map(|(_, n)| first_number(n))
            .any(|n| n == base + 1);
        match index.filter(|_| base > 0 && comes_back) {
            Some(index) => {
                let mended = format!("{base}.{index}");
                blocks[*at].text = blocks[*at].text.replacen(number.as_str(), &mended, 1);
            }
            None => base = whole,
        }
    }
}

fn first_number(number: &str) -> Option<u32> {
    number.split(['.', '-']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_indexes_come_back_from_the_neighbours() {
        let mut blocks = ["19", "20", "201", "202", "21", "211", "22", "30", "301"]
            .map(|n| Block {
                class: "H".to_owned(),
                text: format!("Статья {n}. Слово"),
                marks: Vec::new(),
            })
            .to_vec();
        indexes(&mut blocks);
        let numbers = blocks
            .iter()
            .filter_map(|b| article(&b.text).map(|(n, _)| n))
            .collect::<Vec<_>>();
        assert_eq!(
            numbers,
            ["19", "20", "20.1", "20.2", "21", "21.1", "22", "30", "301"]
        );
    }
}
