//! Reading, splitting, digest and portal, on the real texts and on a small law of our own.

mod account;
mod digest;
mod fuzzed;
mod mutated;
pub mod portal;
pub mod publication;
mod read;
mod split;

/// A whole law of our own in the portal's form, with `articles` articles.
pub fn small_law(articles: usize) -> String {
    let mut html = String::from(
        "<html><body><div id=\"text_content\"><p class=\"T\">ФЕДЕРАЛЬНЫЙ ЗАКОН</p><p class=\"T\">О пробах</p><p class=\"H\">Глава 1. Всё</p>",
    );
    for n in 1..=articles {
        html.push_str(&format!("<p class=\"H\">Статья {n}. Проба {n}</p><p>1. Проба номер {n} длится 5 дней:</p><p>1) днём;</p><p>2) ночью.</p>"));
    }
    html.push_str("<p class=\"I\">Президент Российской Федерации Н.Некто</p><p>Москва, Кремль</p><p>5 мая 2020 года</p><p>№ 999-ФЗ</p></div></body></html>");
    html
}
