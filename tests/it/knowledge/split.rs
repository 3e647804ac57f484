use proptest::prelude::*;
use soyuznik::knowledge::{MAX_CHARS, PassageKind, read, spans, split};

use super::small_law;
use crate::skip;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_splitter_loses_no_character(text in "([а-яё]{1,12}[ .;,!]{1,2}){0,120}", max in 20..200_usize) {
        let chars = text.chars().collect::<Vec<_>>();
        let spans = spans(&chars, max);
        let joined = spans.iter().flat_map(|(a, b)| &chars[*a..*b]).collect::<String>();
        prop_assert_eq!(joined, text);
        prop_assert!(spans.iter().all(|(a, b)| b - a <= max && (a < b || chars.is_empty())));
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn part_passages_tile_every_article_of_the_code() {
    let Some(file) = skip::corpus(
        "part_passages_tile_every_article_of_the_code",
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ) else {
        return;
    };
    let act = read(&std::fs::read(file).unwrap(), "tk").unwrap();
    let passages = split(&act);
    let wholes = passages
        .iter()
        .filter(|p| p.kind == PassageKind::Article)
        .collect::<Vec<_>>();
    assert_eq!(wholes.len(), 533);
    for whole in wholes {
        let parts = passages
            .iter()
            .filter(|p| p.kind == PassageKind::Part && whole.citation.contains(&p.citation))
            .collect::<Vec<_>>();
        assert_eq!(
            parts.iter().map(|p| squeezed(&p.text)).collect::<String>(),
            squeezed(&whole.text),
            "{}",
            whole.citation
        );
        assert!(
            parts.iter().all(|p| p.text.chars().count() <= MAX_CHARS
                && p.end - p.start == p.text.chars().count())
        );
        assert!(parts.iter().all(|p| p.title.starts_with(&whole.title)));
    }
}

#[test]
fn passages_point_at_their_words() {
    let act = read(small_law(2).as_bytes(), "law.html").unwrap();
    let chars = act.text.chars().collect::<Vec<_>>();
    for passage in split(&act) {
        assert_eq!(
            chars[passage.start..passage.end].iter().collect::<String>(),
            passage.text
        );
    }
    let kinds = split(&act)
        .iter()
        .map(|p| (p.citation.to_string(), p.kind))
        .collect::<Vec<_>>();
    assert_eq!(
        kinds[..2],
        [
            ("fz-999:1:1".to_owned(), PassageKind::Part),
            ("fz-999:1".to_owned(), PassageKind::Article)
        ]
    );
}
