//! What a page would do in a browser, and what it says beside the words that people typed.

use scraper::{ElementRef, Html, Selector};

/// Where a page shows what the member or the searcher typed.
const TYPED: [&str; 5] = [
    "title",
    "h1.subject",
    "article.letter .said",
    "textarea",
    "input",
];
/// Elements that our pages never have.
const ACTIVE: &str =
    "script, iframe, object, embed, base, frame, meta[http-equiv], link[rel=import]";

/// Fails where anything on the page would run, load from elsewhere or lead into a script.
pub fn is_harmless(raw: &str) {
    let page = Html::parse_document(raw);
    let active = Selector::parse(ACTIVE).unwrap();
    if let Some(found) = page.select(&active).next() {
        panic!("{} on the page", found.html());
    }
    for element in page.select(&Selector::parse("*").unwrap()) {
        for (name, value) in element.value().attrs() {
            let leads = matches!(name, "href" | "src" | "action" | "formaction" | "data");
            let own = value.starts_with(['/', '#', '?']) && !value.starts_with("//");
            assert!(!name.starts_with("on"), "{}", element.html());
            assert!(!leads || own, "{}", element.html());
        }
    }
}

/// The words of a page without those that somebody typed into it.
pub fn own_words(raw: &str) -> String {
    let page = Html::parse_document(raw);
    let typed: Vec<_> = TYPED
        .iter()
        .flat_map(|place| {
            let place = Selector::parse(place).unwrap();
            page.select(&place)
                .map(|element| element.id())
                .collect::<Vec<_>>()
        })
        .collect();
    let is_typed = |element: &ElementRef<'_>| typed.contains(&element.id());
    let mut words = String::new();
    for node in page.tree.nodes() {
        let Some(text) = node.value().as_text() else {
            continue;
        };
        let mut around = node.ancestors().filter_map(ElementRef::wrap);
        if !around.any(|element| is_typed(&element)) {
            words.push_str(text);
            words.push('\n');
        }
    }
    words
}
