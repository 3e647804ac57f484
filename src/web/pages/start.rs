use super::{Answered, show};
use crate::web::page::Page;
use askama::Template;

#[derive(Template)]
#[template(path = "start.html")]
struct Start {
    p: Page,
}

pub async fn start(p: Page) -> Answered {
    show(&Start { p })
}
