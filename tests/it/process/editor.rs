//! The lawyer's part of a flow: the editor's form as the page shows it.

use super::browser::{page, post};
use super::house::House;
use super::served::Served;
use soyuznik::case::{CaseId, Status};
use std::net::SocketAddr;

/// A form of the lawyer's editor, as the page shows it.
pub struct Form {
    answer: String,
    sha256: String,
    version: String,
    on: String,
    text: String,
}

impl Form {
    pub fn shown(served: &Served, house: &House, case: &CaseId, text: &str) -> Self {
        let shown = page(
            served.address,
            &house.lawyer,
            &format!("/desk/cases/{case}"),
        );
        Self {
            answer: shown.hidden("answer"),
            sha256: shown.hidden("sha256"),
            version: shown.hidden("version"),
            on: shown.hidden("on"),
            text: text.to_owned(),
        }
    }

    fn fields(&self) -> [(&str, &str); 5] {
        [
            ("answer", &self.answer),
            ("sha256", &self.sha256),
            ("version", &self.version),
            ("on", &self.on),
            ("text", &self.text),
        ]
    }

    /// Where the desk leads when it did what the form asks.
    pub fn send(&self, at: SocketAddr, house: &House, case: &CaseId, verb: &str) -> Option<String> {
        let path = format!("/desk/cases/{case}/{verb}");
        let to = post(at, &house.lawyer, &path, &self.fields()).accepted();
        // Otherwise the words were kept, but shown again before anybody says yes to them.
        to.filter(|to| !to.contains("done=check"))
    }
}

/// A case with an answer that wants only the lawyer's yes.
pub fn ready(served: &Served, house: &House, text: &str) -> (CaseId, Form) {
    let case = served.ask(house, "Когда обязаны выдать трудовую книжку?");
    house.reaches(&case, &[Status::Drafted, Status::Abstained]);
    let form = Form::shown(served, house, &case, text);
    form.send(served.address, house, &case, "answer")
        .expect("an answer is saved");
    let form = Form::shown(served, house, &case, text);
    (case, form)
}
