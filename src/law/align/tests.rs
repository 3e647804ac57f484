//! Tiny editions of a garden code.

use super::*;

/// A node from its citation: the number of levels says what it is.
pub(super) fn node<'a>(citation: &'a str, text: &'a str) -> Node<'a> {
    let levels = citation.split(':').count();
    let kind = match (levels, citation.contains(":p")) {
        (_, true) => Kind::Paragraph,
        (2, _) => Kind::Article,
        (3, _) => Kind::Part,
        (4, _) => Kind::Point,
        _ => Kind::Subpoint,
    };
    Node {
        citation,
        kind,
        title: (levels == 2).then_some(text),
        text,
        repealed: text.is_empty(),
        notes: Vec::new(),
    }
}

pub(super) const WATER: &str =
    "Садовник поливает грядки каждое утро до восхода солнца, кроме дождливых дней.";
pub(super) const PRUNE: &str =
    "Обрезка старых яблонь проводится поздней осенью острым секатором после листопада.";
pub(super) const BIRDS: &str =
    "Скворечники развешивает на берёзах школьный кружок любителей природы в марте.";
pub(super) const FENCE: &str =
    "Забор вокруг пруда красит бригада маляров зелёной масляной краской раз в пять лет.";
pub(super) const FROGS: &str =
    "Лягушек и тритонов запрещается вылавливать сачком из пруда во время нереста.";

/// The nodes before articles with words of their own: words are rare in it as they are in a code.
pub(super) fn amid<'a>(nodes: &[Node<'a>]) -> Vec<Node<'a>> {
    const LINES: [(&str, &str); 12] = [
        ("tk:90", "абрикос берег ветка"),
        ("tk:91", "гроза долина ежевика"),
        ("tk:92", "жаворонок звезда ива"),
        ("tk:93", "калина лодка малина"),
        ("tk:94", "небо облако поле"),
        ("tk:95", "роща сосна туман"),
        ("tk:96", "утро фиалка холм"),
        ("tk:97", "цапля чайка шиповник"),
        ("tk:98", "щука эхо юла"),
        ("tk:99", "ягода аист бобр"),
        ("tk:100", "волна гнездо дуб"),
        ("tk:101", "енот жук зяблик"),
    ];
    let others = LINES.iter().map(|(label, line)| node(label, line));
    nodes.iter().cloned().chain(others).collect()
}

/// The labels of the old nodes, and the link, of a new label.
pub(super) fn find<'a>(
    links: &'a [Link],
    old: &[Node<'a>],
    new: &[Node],
    label: &str,
) -> (Vec<&'a str>, &'a Link) {
    let at = new.iter().position(|n| n.citation == label);
    let link = links
        .iter()
        .find(|l| l.new.is_some() && l.new == at)
        .unwrap();
    (link.old.iter().map(|o| old[*o].citation).collect(), link)
}

#[test]
fn nothing_goes_on_as_nothing() {
    assert!(align(&[], &[]).is_empty());
    let one = [node("tk:1", "Сад"), node("tk:1:1", WATER)];
    assert!(
        align(&[], &one)
            .iter()
            .all(|l| l.relation == Relation::Inserted)
    );
    assert!(
        align(&one, &[])
            .iter()
            .all(|l| l.relation == Relation::Repealed && l.new.is_none())
    );
}

#[test]
fn what_is_the_same_is_never_listed() {
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", PRUNE),
    ];
    let links = align(&old, &old);
    assert!(
        links
            .iter()
            .all(|l| l.relation == Relation::Same && l.review.is_none())
    );
    assert_eq!(links.len(), 3);
}

#[test]
fn a_part_that_is_pushed_down_is_followed() {
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", PRUNE),
    ];
    let new = [
        node("tk:1", "Сад"),
        node("tk:1:1", BIRDS),
        node("tk:1:2", WATER),
        node("tk:1:3", PRUNE),
    ];
    let links = align(&old, &new);
    let (from, link) = find(&links, &old, &new, "tk:1:2");
    assert_eq!(
        (from, link.relation, link.basis),
        (vec!["tk:1:1"], Relation::Moved, Basis::ExactText)
    );
    assert_eq!(find(&links, &old, &new, "tk:1:3").0, ["tk:1:2"]);
    let (from, link) = find(&links, &old, &new, "tk:1:1");
    assert_eq!((from.len(), link.relation), (0, Relation::Inserted));
}

#[test]
fn a_part_whose_exception_became_a_part_of_its_own_keeps_its_place() {
    let exempt = "садовников, лесников, ботаников, художников, смотрителей оранжерей и иных знатоков, рисующих, \
        описывающих или собирающих растения по перечню директора и совета школьного сада";
    let ban = "Запрещается ломать ветви, рвать цветы и ходить по грядкам";
    let whole = format!("{ban} (кроме {exempt}).");
    let left = format!("{ban}, если иное не сказано в частях второй и третьей.");
    let split = format!("Запрет части первой не касается {exempt}.");
    let old = [node("tk:1", "Сад"), node("tk:1:1", &whole)];
    let new = [
        node("tk:1", "Сад"),
        node("tk:1:1", &left),
        node("tk:1:2", BIRDS),
        node("tk:1:3", &split),
    ];
    let links = align(&old, &new);
    let (from, link) = find(&links, &old, &new, "tk:1:1");
    assert_eq!((from, link.relation), (vec!["tk:1:1"], Relation::Edited));
    // The exception is a piece of the old part, not the old part itself under another label.
    assert_eq!(
        find(&links, &old, &new, "tk:1:3").1.relation,
        Relation::Split
    );
}

#[test]
fn a_reworded_part_keeps_its_place() {
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", PRUNE),
        node("tk:1:3", BIRDS),
    ];
    let reworded = "Обрезка старых и больных яблонь проводится ранней весной острым секатором.";
    let new = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", reworded),
        node("tk:1:3", BIRDS),
    ];
    let links = align(&old, &new);
    let (from, link) = find(&links, &old, &new, "tk:1:2");
    assert_eq!((from, link.relation), (vec!["tk:1:2"], Relation::Edited));
    assert!(link.margin > 0.5);
}

#[test]
fn an_article_goes_on_under_another_number() {
    let old = [
        node("tk:1", "Работы в саду"),
        node("tk:1:1", WATER),
        node("tk:1:2", PRUNE),
        node("tk:2", "Пруд"),
        node("tk:2:1", FENCE),
    ];
    let new = [
        node("tk:1", "Птицы"),
        node("tk:1:1", BIRDS),
        node("tk:3", "Работы в саду"),
        node("tk:3:1", WATER),
        node("tk:3:2", PRUNE),
        node("tk:4", "Пруд"),
        node("tk:4:1", FENCE),
    ];
    let links = align(&old, &new);
    let (from, link) = find(&links, &old, &new, "tk:3");
    assert_eq!((from, link.relation), (vec!["tk:1"], Relation::Renumbered));
    let (from, link) = find(&links, &old, &new, "tk:4:1");
    assert_eq!(
        (from, link.relation),
        (vec!["tk:2:1"], Relation::Renumbered)
    );
    assert!(find(&links, &old, &new, "tk:1:1").0.is_empty());
}

#[test]
fn the_key_of_a_repealed_part_stays_with_its_empty_place() {
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", PRUNE),
        node("tk:1:3", BIRDS),
    ];
    let new = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", ""),
        node("tk:1:3", BIRDS),
    ];
    let links = align(&old, &new);
    let (from, link) = find(&links, &old, &new, "tk:1:2");
    assert_eq!(
        (from, link.relation, link.review),
        (vec!["tk:1:2"], Relation::Repealed, None)
    );
    // An empty place that was empty before goes on as the same.
    let (from, link) = (align(&new, &new), Relation::Same);
    assert_eq!(from[2].relation, link);
}
