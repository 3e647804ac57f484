//! Row D7: a model that is missing, cut short or one bit off costs drafts, not the desk.

use super::browser::page;
use super::editor::Form;
use super::house::House;
use crate::model::files::{content, sha256};
use soyuznik::case::{Reason, Status};
use std::path::Path;

/// What happened to the files.
#[derive(Clone, Copy, PartialEq)]
enum Harm {
    Missing,
    Truncated,
    OneBit,
}

const EAR: &str = "ear.gguf";
const MOUTH: &str = "mouth.gguf";

fn entry(name: &str, purpose: &str, file: &str, bytes: &[u8]) -> String {
    format!(
        r#"
[[model]]
name = "{name}"
purpose = "{purpose}"
file = "{file}"
format = "gguf"
runs = "engine"
dimension = 8
context_tokens = 8
template = "chatml"
mode = "select"
memory_mb = 1
language = "нет"
licence = {{ name = "MIT", url = "https://example.org/mit", summary = "Можно всё." }}
[[model.source]]
kind = "hub"
repo = "some/small"
file = "{file}"
revision = "main"
artefact = {{ bytes = {}, sha256 = "{}" }}
"#,
        bytes.len(),
        sha256(bytes)
    )
}

/// A house whose list of models asks for other files than lie in its folder.
fn house(harm: Harm) -> House {
    let house = House::new().with(&[("--encoder", "ear"), ("--generator", "mouth")]);
    let whole = content(5000);
    let list = entry("ear", "encoder", EAR, &whole) + &entry("mouth", "generator", MOUTH, &whole);
    std::fs::write(house.data().join("models.toml"), list).unwrap();
    std::fs::create_dir_all(house.data().join("models")).unwrap();
    for file in [EAR, MOUTH] {
        write(harm, whole.clone(), &house.data().join("models").join(file));
    }
    house
}

fn write(harm: Harm, mut bytes: Vec<u8>, path: &Path) {
    match harm {
        Harm::Missing => return,
        Harm::Truncated => bytes.truncate(2500),
        Harm::OneBit => bytes[2500] ^= 1,
    }
    std::fs::write(path, bytes).unwrap();
}

/// The health page names both models; a question is taken and comes to the lawyer, who answers it.
fn the_desk_works(harm: Harm, word: &str, reason: Reason, in_words: &str) {
    let house = house(harm);
    let served = house.serve();
    let ready = page(served.address, &house.member, "/readyz").body;
    for (part, name) in [("encoder", "ear"), ("generator", "mouth")] {
        let line = ready.lines().find(|line| line.starts_with(part));
        let line = line.unwrap_or_default();
        assert!(
            line.starts_with(&format!("{part}: {word}: ")) && line.contains(name),
            "{ready}"
        );
    }
    let case = served.ask(&house, "Когда обязаны выдать трудовую книжку?");
    house.reaches(&case, &[Status::Abstained]);
    assert_eq!(house.case(&case).case.reason, Some(reason));
    let desk = format!("/desk/cases/{case}");
    let shown = page(served.address, &house.lawyer, &desk).body;
    assert!(
        shown.contains("Нет проекта:") && shown.contains(in_words),
        "{shown}"
    );
    assert!(
        house.case(&case).retrieval.is_some(),
        "words are searched without a model"
    );

    let text = "Книжку отдают в последний день работы.";
    for verb in ["answer", "approve"] {
        let form = Form::shown(&served, &house, &case, text);
        let sent = form.send(served.address, &house, &case, verb);
        assert!(sent.is_some(), "{verb}");
    }
    house.reaches(&case, &[Status::Sent]);
    let own = page(served.address, &house.member, &format!("/cases/{case}"));
    assert!(own.body.contains(text));
}

#[test]
fn without_model_files_the_desk_works_and_says_what_is_missing() {
    let words = "модель не установлена";
    the_desk_works(Harm::Missing, "missing", Reason::NoModel, words);
}

#[test]
fn with_model_files_cut_short_the_desk_works_and_says_so() {
    let words = "программа не справилась";
    the_desk_works(Harm::Truncated, "damaged", Reason::ModelFailed, words);
}

#[test]
fn with_one_bit_flipped_in_its_models_the_desk_works_and_says_so() {
    let words = "программа не справилась";
    the_desk_works(Harm::OneBit, "damaged", Reason::ModelFailed, words);
}
