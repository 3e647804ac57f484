//! The publication service: which laws amend an act.

use super::portal::pace;
use crate::replies::{Seen, count, page, refusal, serve, serve_by};
use crate::skip;
use jiff::civil::date;
use serde_json::{Value, json};
use soyuznik::knowledge::portal::{Source, embedded_sources};
use soyuznik::knowledge::publication::{Publication, PublicationConfig, Reach};

const LAW: &str = "82a8bf1c-3bc7-47ed-827f-7affd43a7f27";
const ORDER: &str = "2dddb344-d3e2-4785-a899-7aa12bd47b6f";

fn publication(base_url: String) -> Publication {
    Publication::new(PublicationConfig {
        base_url,
        pace: pace(),
    })
}

fn code() -> Source {
    let sources = embedded_sources().unwrap().into_iter();
    sources
        .into_iter()
        .find(|s| s.act.as_str() == "tk")
        .unwrap()
}

/// A document as the service lists it.
pub fn item(number: &str, signed: &str, published: &str, title: &str, kind: &str) -> Value {
    json!({"eoNumber": format!("0001{number}"), "hasSvg": false, "name": title, "number": number,
        "documentDate": format!("{signed}T00:00:00"), "publishDateShort": format!("{published}T00:00:00"),
        "documentTypeId": kind, "title": title, "pagesCount": 2})
}

pub fn list(items: Vec<Value>, page: usize, pages: usize) -> Vec<u8> {
    json!({"items": items, "itemsTotalCount": 3, "itemsPerPage": 100, "currentPage": page, "pagesTotalCount": pages})
        .to_string()
        .into_bytes()
}

fn first_lines(seen: &Seen) -> Vec<String> {
    let seen = seen.lock().unwrap();
    seen.iter()
        .map(|r| r.lines().next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn laws_that_name_the_act_or_may_mean_it_are_told_apart_from_the_rest() {
    let (address, seen) = serve_by(|request| {
        let words = request.split("Name=").nth(1).unwrap();
        let genitive = words.starts_with("%D0%A2%D1%80%D1%83%D0%B4%D0%BE%D0%B2%D0%BE%D0%B3%D0%BE");
        let several = words.starts_with("%D0%BE%D1%82%D0%B4%D0%B5%D0%BB%D1%8C%D0%BD%D1%8B%D0%B5");
        Some(page(if several {
            list(
                vec![
                    item(
                        "5-ФЗ",
                        "2026-02-01",
                        "2026-02-01",
                        "О внесении изменений в отдельные законодательные акты Российской Федерации",
                        LAW,
                    ),
                    // Signed and published before the day.
                    item(
                        "4-ФЗ",
                        "2025-02-01",
                        "2025-02-01",
                        "О внесении изменений в отдельные законодательные акты Российской Федерации",
                        LAW,
                    ),
                ],
                1,
                1,
            )
        } else if genitive {
            list(
                vec![
                    item(
                        "3-ФЗ",
                        "2026-01-20",
                        "2026-01-21",
                        "О внесении изменения в статью 22 Трудового кодекса\nРоссийской Федерации",
                        LAW,
                    ),
                    item(
                        "77",
                        "2026-01-20",
                        "2026-01-21",
                        "О мониторинге применения Трудового кодекса Российской Федерации",
                        ORDER,
                    ),
                ],
                1,
                1,
            )
        } else if words.contains("&Index=2") {
            list(
                vec![item(
                    "2-ФЗ",
                    "2026-01-10",
                    "2026-01-10",
                    "О внесении изменений в Трудовой кодекс Российской Федерации",
                    LAW,
                )],
                2,
                2,
            )
        } else {
            list(
                vec![item(
                    "1-ФЗ",
                    "2026-01-05",
                    "2026-01-06",
                    "О внесении изменений в Трудовой кодекс Российской Федерации",
                    LAW,
                )],
                1,
                2,
            )
        }))
    });
    let found = publication(address)
        .amendments(&code(), date(2025, 12, 29))
        .unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.number.as_str(), one.reach))
        .collect();
    assert_eq!(
        told,
        [
            ("1-ФЗ", Reach::Named),
            ("2-ФЗ", Reach::Named),
            ("3-ФЗ", Reach::Named),
            ("5-ФЗ", Reach::Possible)
        ]
    );
    assert_eq!(
        found[2].title,
        "О внесении изменения в статью 22 Трудового кодекса Российской Федерации"
    );
    assert_eq!(found[2].published_on, date(2026, 1, 21));
    assert!(found[0].url.ends_with("/document/00011-%D0%A4%D0%97"));
    let lines = first_lines(&seen);
    assert_eq!(lines.len(), 4);
    assert!(
        lines[0].contains("&PublishDateFrom=2025-12-29&PageSize=100&Index=1"),
        "{}",
        lines[0]
    );
}

#[test]
fn what_is_no_list_is_an_error_and_never_no_amendments() {
    for (body, word) in [
        ("<!DOCTYPE html><html></html>", "страница сайта"),
        ("", "пустой"),
        ("{\"message\":\"Ошибки валидации\"}", "items"),
        (
            "{\"items\":[],\"itemsTotalCount\":1593675,\"pagesTotalCount\":159368}",
            "1593675",
        ),
    ] {
        let (address, _) = serve(vec![page(body)]);
        let error = publication(address)
            .amendments(&code(), date(2025, 12, 29))
            .unwrap_err();
        assert_eq!(error.code(), "not_a_list");
        assert!(error.to_string().contains(word), "{error}");
    }
    let (address, seen) = serve((0..5).map(|_| refusal("502 Bad Gateway", "")).collect());
    let error = publication(address)
        .amendments(&code(), date(2025, 12, 29))
        .unwrap_err();
    assert_eq!((error.code(), count(&seen)), ("refused", 3));
}

#[test]
fn the_services_own_answer_is_read() {
    let name = "the_services_own_answer_is_read";
    let Some(file) = skip::corpus(
        name,
        "reference/publication_pravo_api/documents_search_sample.json",
    ) else {
        return;
    };
    // As it is it speaks of all documents: too many to be an answer to our question.
    let bytes = std::fs::read(file).unwrap();
    let (address, _) = serve(vec![page(bytes.clone())]);
    let error = publication(address)
        .amendments(&code(), date(2025, 12, 29))
        .unwrap_err();
    assert!(error.to_string().contains("1593675"), "{error}");
    // The same documents as the whole answer: none is a federal law on the Code.
    let mut sample: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(sample["items"].as_array().unwrap().len(), 10);
    sample["pagesTotalCount"] = json!(1);
    let (address, seen) = serve_by(move |_| Some(page(sample.to_string())));
    let found = publication(address)
        .amendments(&code(), date(2025, 12, 29))
        .unwrap();
    assert!(found.is_empty());
    assert_eq!(count(&seen), 3);
}
