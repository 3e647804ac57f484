//! Divided, joined and regrouped parts of the garden code.

use super::tests::{BIRDS, FENCE, FROGS, PRUNE, WATER, amid, find, node};
use super::*;

#[test]
fn divided_and_joined_parts_name_each_other() {
    let both = format!("{WATER} {FENCE}");
    let whole = [
        node("tk:1", "Сад"),
        node("tk:1:1", &both),
        node("tk:1:2", BIRDS),
        node("tk:1:3", FROGS),
    ];
    let apart = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", FENCE),
        node("tk:1:3", BIRDS),
        node("tk:1:4", FROGS),
    ];
    let links = align(&whole, &apart);
    let pieces = ["tk:1:1", "tk:1:2"].map(|n| find(&links, &whole, &apart, n));
    assert!(pieces.iter().all(|(from, _)| from == &["tk:1:1"]));
    assert_eq!(
        pieces
            .iter()
            .filter(|(_, l)| l.relation == Relation::Split)
            .count(),
        1
    );
    let links = align(&apart, &whole);
    let (mut from, link) = find(&links, &apart, &whole, "tk:1:1");
    from.sort_unstable();
    assert_eq!(
        (from, link.relation),
        (vec!["tk:1:1", "tk:1:2"], Relation::Merged)
    );
}

#[test]
fn a_point_may_become_a_part() {
    let list = "Запрещается:\n1) ходить по газонам и клумбам в тяжёлой обуви;\n2) рвать цветы и ломать ветки сирени.";
    let points = [list, &list[23..]];
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", points[0]),
        node(
            "tk:1:1:1",
            "1) ходить по газонам и клумбам в тяжёлой обуви;",
        ),
        node("tk:1:1:2", "2) рвать цветы и ломать ветки сирени."),
        node("tk:1:2", BIRDS),
    ];
    let new = [
        node("tk:1", "Сад"),
        node(
            "tk:1:1",
            "Ходить по газонам и клумбам в тяжёлой обуви запрещается.",
        ),
        node("tk:1:2", "Рвать цветы и ломать ветки сирени запрещается."),
        node("tk:1:3", BIRDS),
    ];
    let links = align(&old, &new);
    assert_eq!(find(&links, &old, &new, "tk:1:2").0, ["tk:1:1:2"]);
    assert_eq!(find(&links, &old, &new, "tk:1:3").0, ["tk:1:2"]);
}

#[test]
fn every_node_is_answered_for_once() {
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", PRUNE),
        node("tk:1:3", BIRDS),
    ];
    let new = [
        node("tk:1", "Парк"),
        node("tk:1:1", FROGS),
        node("tk:1:2", WATER),
    ];
    let links = align(&old, &new);
    let news = links.iter().filter_map(|l| l.new).collect::<Vec<_>>();
    assert_eq!(news, [0, 1, 2]);
    let mains = links.iter().filter(|l| l.relation != Relation::Split);
    let mut olds = mains.flat_map(|l| l.old.clone()).collect::<Vec<_>>();
    olds.sort_unstable();
    assert_eq!(olds, [0, 1, 2, 3]);
}

#[test]
fn an_act_of_points_only_is_followed_too() {
    let point = |citation, text| Node {
        kind: Kind::Point,
        title: None,
        ..node(citation, text)
    };
    let old = [
        point("pvs-1-2001:1", WATER),
        point("pvs-1-2001:2", PRUNE),
        point("pvs-1-2001:3", BIRDS),
    ];
    let reworded = "Скворечники на берёзах развешивает школьный кружок в апреле.";
    let new = [
        point("pvs-1-2001:1", WATER),
        point("pvs-1-2001:2", FENCE),
        point("pvs-1-2001:3", PRUNE),
        point("pvs-1-2001:4", reworded),
    ];
    let links = align(&old, &new);
    let (from, link) = find(&links, &old, &new, "pvs-1-2001:3");
    assert_eq!(
        (from, link.relation),
        (vec!["pvs-1-2001:2"], Relation::Moved)
    );
    assert_eq!(find(&links, &old, &new, "pvs-1-2001:4").0, ["pvs-1-2001:3"]);
}

#[test]
fn a_new_subject_under_an_old_label_is_listed() {
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", PRUNE),
        node("tk:1:3", BIRDS),
    ];
    let new = [
        node("tk:1", "Сад"),
        node("tk:1:1", WATER),
        node("tk:1:2", FROGS),
        node("tk:1:3", BIRDS),
    ];
    let links = align(&old, &new);
    let (from, link) = find(&links, &old, &new, "tk:1:2");
    assert!(from.is_empty() && link.relation == Relation::Inserted);
    assert_eq!(link.review, Some(Review::OtherSubject));
    assert!(
        links
            .iter()
            .any(|l| l.new.is_none() && l.relation == Relation::Repealed)
    );
}

#[test]
fn words_that_a_part_lost_to_the_new_one_behind_it_are_asked_about() {
    let both = format!("{WATER} Ключ от калитки хранит ночной сторож у ворот.");
    let old = [
        node("tk:1", "Сад"),
        node("tk:1:1", &both),
        node("tk:1:2", BIRDS),
    ];
    let keys = "Сторожу дают ключи: ночью калитку у ворот он отпирает только тем гостям, о которых его заранее известили письменно или по телефону.";
    let new = |second| {
        [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", second),
            node("tk:1:3", BIRDS),
        ]
    };
    let review = |second| {
        let (old, new) = (amid(&old), amid(&new(second)));
        let links = align(&old, &new);
        find(&links, &old, &new, "tk:1:2").1.review
    };
    assert_eq!(review(keys), Some(Review::PossibleSplit));
    assert_eq!(review(PRUNE), None);
}
