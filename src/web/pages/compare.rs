use super::{Answered, show};
use crate::web::Web;
use crate::web::desk::{
    ChangeCounts, ChangeKind, ChangedArticle, ChangedChapter, ChangedNorm, CompareAsked,
    ComparePage, ComparedEditions, Only, RunMark,
};
use crate::web::fields::Fields;
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::{Path, State};
use jiff::civil::Date;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "law_compare.html")]
struct Compare {
    p: Page,
    page: ComparePage,
    only: Only,
    /// The article that was asked for, for its field.
    article: String,
}

impl Compare {
    fn shows(&self, chapter: &ChangedChapter) -> bool {
        match &self.only {
            Only::List => true,
            Only::Chapter(place) => chapter.place == *place,
            Only::Article(_) => chapter.articles.iter().any(|one| self.worded(one)),
        }
    }

    fn shows_article(&self, article: &ChangedArticle) -> bool {
        match &self.only {
            Only::Article(number) => article.number == *number,
            _ => true,
        }
    }

    fn worded(&self, article: &ChangedArticle) -> bool {
        !article.changes.is_empty()
    }

    fn shows_any(&self, compared: &ComparedEditions) -> bool {
        compared.chapters.iter().any(|chapter| self.shows(chapter))
    }

    fn is_chosen(&self, chapter: &ChangedChapter) -> bool {
        self.only == Only::Chapter(chapter.place)
    }

    fn is_list(&self) -> bool {
        self.only == Only::List
    }

    fn is_old(&self, day: &Date) -> bool {
        let compared = self.page.compared.as_ref();
        compared.is_some_and(|compared| compared.old == *day)
    }

    fn is_new(&self, day: &Date) -> bool {
        let compared = self.page.compared.as_ref();
        compared.is_some_and(|compared| compared.new == *day)
    }

    /// «изменено 2, добавлено 1».
    fn spoken(&self, counts: &ChangeCounts) -> String {
        let all = [
            ("compare-n-changed", counts.changed),
            ("compare-n-inserted", counts.inserted),
            ("compare-n-repealed", counts.repealed),
            ("compare-n-moved", counts.moved),
        ];
        let some = all.into_iter().filter(|(_, n)| *n > 0);
        let words = some.map(|(key, n)| self.p.n(key, i64::try_from(n).unwrap_or(i64::MAX)));
        words.collect::<Vec<_>>().join(", ")
    }

    fn kind(&self, change: &ChangedNorm) -> String {
        self.p.t(match change.kind {
            ChangeKind::Changed => "compare-changed",
            ChangeKind::Inserted => "compare-inserted",
            ChangeKind::Repealed => "compare-repealed",
            ChangeKind::Moved => "compare-moved",
        })
    }

    /// What the norm was called, where it is called otherwise now.
    fn was<'a>(&self, change: &'a ChangedNorm) -> Option<&'a str> {
        match (&change.old, &change.new) {
            (Some(old), Some(new)) if old != new => Some(old),
            _ => None,
        }
    }

    fn name<'a>(&self, change: &'a ChangedNorm) -> &'a str {
        let name = change.new.as_ref().or(change.old.as_ref());
        name.map_or("", String::as_str)
    }

    /// The page of the norm in the edition that has it.
    fn link(&self, change: &ChangedNorm, compared: &ComparedEditions) -> String {
        match (&change.new, &change.old) {
            (Some(new), _) => self.p.law(new, compared.new),
            (None, Some(old)) => self.p.law(old, compared.old),
            (None, None) => String::new(),
        }
    }

    fn has_words(&self, change: &ChangedNorm) -> bool {
        change.kind != ChangeKind::Moved && !change.runs.is_empty()
    }
}

/// Two editions beside each other: what changed, by heading; `?chapter=3` or `?article=152` in words.
pub async fn see(
    State(web): State<Arc<Web>>,
    p: Page,
    Path(act): Path<String>,
    fields: Fields,
) -> Answered {
    let day = |name| {
        let found = fields.day(name);
        found.map_err(|()| Problem::wrong(p.t("fault-day")))
    };
    let article = fields.get("article");
    let only = match (article, fields.get("chapter")) {
        ("", "") => Only::List,
        ("", place) => Only::Chapter(place.parse().map_err(|_| Problem::NotFound)?),
        (article, _) => Only::Article(article.to_owned()),
    };
    let asked = CompareAsked {
        act,
        from: day("from")?,
        to: day("to")?,
        only,
    };
    let page = web.desk.compare(&asked).await?;
    show(&Compare {
        p,
        page,
        only: asked.only,
        article: article.to_owned(),
    })
}
