use super::super::lines::split;
use super::*;

#[test]
fn the_margin_is_where_the_next_word_did_not_fit() {
    let text = "садовник поливает свой\nбольшой сад каждое утро\nдо самого обеда или до\nвечера а потом уходит";
    let wall = Wall::find(&split(text)).unwrap();
    assert!(!wall.times || wall.full > 0);
    assert!(wall.room("садовник поливает свой", "большой") > wall.full);
    assert!(wall.width("большой сад каждое утро") <= wall.full);
}

#[test]
fn lines_of_any_length_have_no_margin() {
    let words = ["сад", "дом", "поле", "пруд"];
    let text = (1..60)
        .map(|i| vec![words[i % 4]; 1 + i * 7 % 53].join(" "))
        .collect::<Vec<_>>();
    assert!(Wall::find(&split(&text.join("\n"))).is_none());
}
