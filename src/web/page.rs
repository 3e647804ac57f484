//! What every template holds: who looks, in which language, and the words for it.

use super::desk::Session;
use super::problem::Problem;
use super::show;
use crate::case::{Reason, Role, Status};
use crate::law::{ActId, LocalKind};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::Date;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Ru,
    En,
}

impl Lang {
    pub fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        [Self::Ru, Self::En]
            .into_iter()
            .find(|lang| lang.code() == code)
    }

    fn words(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Self::Ru => &RU,
            Self::En => &EN,
        }
    }
}

static RU: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle("ru", include_str!("text/ru.ftl")));
static EN: LazyLock<FluentBundle<FluentResource>> =
    LazyLock::new(|| bundle("en", include_str!("text/en.ftl")));

fn bundle(code: &str, text: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(code.parse().into_iter().collect());
    // The marks that isolate arguments show up in copied text and help nobody here.
    bundle.set_use_isolating(false);
    // What parsed is taken; a test rules out that anything did not.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(parsed, _)| parsed);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The visitor of a page.
#[derive(Debug, Clone)]
pub struct Page {
    pub lang: Lang,
    pub session: Option<Session>,
    /// What every form of this visitor carries.
    pub csrf: String,
    /// Where the visitor is, for the switch of language.
    pub path: String,
    /// The visitor's day.
    pub today: Date,
    pub now_ms: i64,
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Problem::Broken)
    }
}

impl Page {
    /// The message `key`; the key itself where there is none, which a test rules out.
    pub fn t(&self, key: &str) -> String {
        self.say(key, None)
    }

    /// The message `key` about `n` things.
    pub fn n(&self, key: &str, n: impl std::borrow::Borrow<i64>) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("n", FluentValue::from(*n.borrow()));
        self.say(key, Some(&arguments))
    }

    /// The message `key` about something with a name.
    pub fn with(&self, key: &str, what: &str) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("what", FluentValue::from(what));
        self.say(key, Some(&arguments))
    }

    fn say(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let words = self.lang.words();
        let Some(pattern) = words.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        show::typography(&words.format_pattern(pattern, arguments, &mut errors))
    }

    pub fn day(&self, day: &Date) -> String {
        show::day(*day, self.lang)
    }

    /// The day of an ISO text; what is none stays as it is.
    pub fn iso(&self, text: &str) -> String {
        match text.parse::<Date>() {
            Ok(day) => self.day(&day),
            Err(_) => text.to_owned(),
        }
    }

    pub fn moment(&self, ms: &i64) -> String {
        show::moment(*ms, self.lang)
    }

    pub fn machine_moment(&self, ms: &i64) -> String {
        show::machine_moment(*ms)
    }

    /// How long ago, in the coarsest unit that fits.
    pub fn ago(&self, ms: &i64) -> String {
        let minutes = (self.now_ms - ms).max(0) / 60_000;
        match minutes {
            0..60 => self.n("ago-minutes", minutes),
            60..2880 => self.n("ago-hours", minutes / 60),
            _ => self.n("ago-days", minutes / 1440),
        }
    }

    /// "осталось 9 дней", or that the day has passed.
    pub fn left(&self, due: &Date) -> String {
        let days = show::days_between(self.today, *due);
        match days {
            0 => self.t("left-today"),
            1.. => self.n("left-days", days),
            _ => self.n("left-over", -days),
        }
    }

    pub fn is_over(&self, due: &Date) -> bool {
        *due < self.today
    }

    pub fn status(&self, status: &Status) -> String {
        self.t(&format!("status-{}", status.code()))
    }

    /// The status in the words of its member: how a draft fares is the desk's business.
    pub fn own_status(&self, status: &Status) -> String {
        let key = match status {
            Status::Received | Status::Retrieved => "status-received",
            Status::Drafted | Status::Abstained => "station-lawyer",
            Status::Waiting => "own-waiting",
            Status::Approved => "status-approved",
            Status::Sent => "status-sent",
            Status::Closed => "status-closed",
        };
        self.t(key)
    }

    pub fn reason(&self, reason: &Reason) -> String {
        self.t(&format!("reason-{}", reason.code().replace('_', "-")))
    }

    pub fn role(&self, role: &Role) -> String {
        self.t(&format!("role-{}", role.code()))
    }

    pub fn has(&self, role: Role) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| session.actor.has(role))
    }

    /// The links of the head: address and key of its word.
    pub fn menu(&self) -> Vec<(&'static str, &'static str)> {
        let mut links = Vec::new();
        let lawyer = self.has(Role::Lawyer);
        if lawyer {
            links.push(("/desk", "menu-desk"));
        }
        if self.has(Role::Member) {
            links.push(("/ask", "menu-ask"));
        }
        if self.has(Role::Member) || self.has(Role::Steward) {
            links.push(("/cases", "menu-cases"));
        }
        if lawyer || self.has(Role::Staff) {
            links.push(("/search", "menu-search"));
        }
        if lawyer {
            links.push(("/approve", "menu-approve"));
        }
        if self.has(Role::Administrator) {
            links.push(("/admin", "menu-admin"));
        }
        links.push(("/guide", "menu-guide"));
        links.push(("/law", "menu-law"));
        links
    }

    pub fn is_here(&self, link: &str) -> bool {
        self.path == link || self.path.starts_with(&format!("{link}/"))
    }

    /// The address of the style sheet.
    pub fn style(&self) -> String {
        format!("/assets/app.css?v={}", *super::assets::STYLE_VERSION)
    }

    /// The citation as people read it.
    pub fn cite(&self, citation: &str) -> String {
        show::citation(citation)
    }

    /// «ваш коллективный договор», for the citation of a local act; `None` for the law.
    pub fn yours(&self, citation: &str) -> Option<String> {
        let act = citation.split(':').next()?.parse::<ActId>().ok()?;
        Some(self.local_kind(&act.local_kind()?))
    }

    /// «ваш коллективный договор».
    pub fn local_kind(&self, kind: &LocalKind) -> String {
        let key = format!("local-{}", kind.code().replace('_', "-"));
        self.t(&key)
    }

    /// «Коллективный договор», as lists name it.
    pub fn local_kind_plain(&self, kind: &LocalKind) -> String {
        let key = format!("local-kind-{}", kind.code().replace('_', "-"));
        self.t(&key)
    }

    /// «действует с 1 января 2026 года по 31 декабря 2028 года».
    pub fn local_days(
        &self,
        from: impl std::borrow::Borrow<Option<Date>>,
        last: &Option<Date>,
    ) -> String {
        let mut said = Vec::new();
        if let Some(from) = from.borrow() {
            said.push(self.with("local-from", &self.day(from)));
        }
        match last {
            Some(last) => said.push(self.with("local-last", &self.day(last))),
            None => said.push(self.t("local-open")),
        }
        said.join(" ")
    }

    /// The citation with its edition, as it is put under a text: «ч. 2 ст. 81 ТК РФ (ред. от 29.12.2025)».
    pub fn cite_edition(&self, citation: &str, edition: &Date) -> String {
        let (day, month) = (edition.day(), edition.month());
        let cited = show::citation(citation).replace('\u{a0}', " ");
        format!("{cited} (ред. от {day:02}.{month:02}.{})", edition.year())
    }

    /// The page of a citation on a day.
    pub fn law(&self, citation: &str, on: impl std::fmt::Display) -> String {
        show::law_link(citation, &on.to_string())
    }

    /// Our own words with the spaces that must not break.
    pub fn words(&self, text: &str) -> String {
        show::typography(text)
    }

    pub fn paragraphs<'a>(&self, text: &'a str) -> Vec<&'a str> {
        show::paragraphs(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(text: &str) -> BTreeSet<&str> {
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
            .collect()
    }

    #[test]
    fn both_languages_parse_and_have_the_same_messages() {
        let (ru, en) = (include_str!("text/ru.ftl"), include_str!("text/en.ftl"));
        for text in [ru, en] {
            assert!(FluentResource::try_new(text.to_owned()).is_ok());
            let named = text.lines().filter(|line| {
                line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(" =")
            });
            assert_eq!(
                named.count(),
                keys(text).len(),
                "a message stands there twice"
            );
        }
        assert_eq!(keys(ru), keys(en));
    }

    #[test]
    fn every_message_that_code_and_templates_name_is_there() {
        let known = keys(include_str!("text/ru.ftl"));
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> = std::fs::read_dir(root.join("templates")).unwrap().collect();
        files.extend(std::fs::read_dir(root.join("src/web/pages")).unwrap());
        let mut named = 0;
        for file in files {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for call in [".t(\"", ".n(\"", ".with(\""] {
                for rest in text.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(known.contains(key), "no message {key}");
                    named += 1;
                }
            }
        }
        assert!(named > 50);
        for status in Status::ALL {
            let key = format!("status-{}", status.code());
            assert!(known.contains(key.as_str()), "no message {key}");
        }
        for kind in LocalKind::ALL {
            let key = format!("local-{}", kind.code().replace('_', "-"));
            assert!(known.contains(key.as_str()), "no message {key}");
            let key = format!("local-kind-{}", kind.code().replace('_', "-"));
            assert!(known.contains(key.as_str()), "no message {key}");
        }
        for reason in Reason::ALL {
            let key = format!("reason-{}", reason.code().replace('_', "-"));
            assert!(known.contains(key.as_str()), "no message {key}");
        }
    }

    #[test]
    fn russian_plurals_agree() {
        let page = Page {
            lang: Lang::Ru,
            session: None,
            csrf: String::new(),
            path: "/".into(),
            today: jiff::civil::date(2026, 3, 5),
            now_ms: 0,
        };
        assert_eq!(
            page.left(&jiff::civil::date(2026, 3, 6)),
            "остался 1\u{a0}день"
        );
        assert_eq!(
            page.left(&jiff::civil::date(2026, 3, 8)),
            "осталось 3\u{a0}дня"
        );
        assert_eq!(
            page.left(&jiff::civil::date(2026, 3, 14)),
            "осталось 9\u{a0}дней"
        );
    }
}
