//! Reading the law: what an act says on a day.

use super::act_rows::{
    Act, ActStatus, ArticleRow, EDITION_COLUMNS, EditionRow, NoteRow, PASSAGE_COLUMNS, PassageRow,
    VERSION_COLUMNS, VersionOn, VersionRow,
};
use super::sql::{self, Cell, Condition, row, rows, statement};
use super::{Store, StoreError, standing};
use crate::case::OrganisationId;
use jiff::civil::Date;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

impl Store {
    /// Returns all acts, in the order of lists.
    pub async fn acts(&self) -> Result<Vec<Act>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(conn, "select * from act order by priority, id")?
            .iter()
            .map(read_act)
            .collect()
    }

    /// Returns the editions of an act that are held, oldest first.
    pub async fn editions(&self, act: &str) -> Result<Vec<EditionRow>, StoreError> {
        editions(&mut *self.reader().await?, act).await
    }

    /// Returns the edition that speaks for a day: the newest of that day or before; `None` before the oldest.
    pub async fn edition_on(&self, act: &str, on: Date) -> Result<Option<EditionRow>, StoreError> {
        edition_on(&mut *self.reader().await?, act, on).await
    }

    /// Returns the whole text of an edition, which offsets count into.
    pub async fn edition_text(&self, edition: &str) -> Result<String, StoreError> {
        let mut conn = self.reader().await?;
        let row = row!(conn, "select text from edition where id = $1", edition)?
            .ok_or_else(|| StoreError::not_found("редакция"))?;
        sql::text(&row, "text")
    }

    /// Returns what stands at `citation` on a day and how sure that is, or `None` where nothing stands there.
    ///
    /// A text that is held and begins later gives way to the one before it, or is told as [`super::Standing::NotYet`].
    ///
    /// Before the oldest edition it is `None` too: the desk doesn't guess.
    pub async fn version(&self, citation: &str, on: Date) -> Result<Option<VersionOn>, StoreError> {
        let act = citation.split(':').next().unwrap_or_default();
        let mut conn = self.reader().await?;
        standing::version(&mut conn, act, citation, on).await
    }

    /// Returns all versions of an article in an edition, in the order of the text.
    pub async fn versions_in(
        &self,
        edition: &str,
        article: &str,
    ) -> Result<Vec<VersionRow>, StoreError> {
        versions(
            &mut *self.reader().await?,
            "where v.edition_id = $1 and v.article = $2 order by v.ordinal",
            [edition.into(), article.into()],
        )
        .await
    }

    /// Returns all versions of an article on a day, in the order of the text.
    pub async fn versions_of_article(
        &self,
        act: &str,
        article: &str,
        on: Date,
    ) -> Result<Vec<VersionRow>, StoreError> {
        let mut conn = self.reader().await?;
        let Some(edition) = edition_on(&mut conn, act, on).await? else {
            return Ok(Vec::new());
        };
        versions(
            &mut conn,
            "where v.edition_id = $1 and v.article = $2 order by v.ordinal",
            [edition.id.into(), article.into()],
        )
        .await
    }

    /// Returns every version of every provision of an edition, in the order of the text.
    pub async fn versions_of_edition(&self, edition: &str) -> Result<Vec<VersionRow>, StoreError> {
        versions(
            &mut *self.reader().await?,
            "where v.edition_id = $1 order by v.ordinal",
            [edition.into()],
        )
        .await
    }

    /// Returns a provision through its editions, oldest first, each version with the label that it bore there.
    pub async fn history(&self, provision: &str) -> Result<Vec<VersionRow>, StoreError> {
        versions(
            &mut *self.reader().await?,
            "where v.provision_key = $1 and e.superseded = 0 order by e.edition_date, v.ordinal",
            [provision.into()],
        )
        .await
    }

    /// Returns the articles of an act on a day, in the order of the text; of an act without articles its points and annexes,
    /// with their first words for a title.
    pub async fn articles(&self, act: &str, on: Date) -> Result<Vec<ArticleRow>, StoreError> {
        let mut conn = self.reader().await?;
        let Some(edition) = edition_on(&mut conn, act, on).await? else {
            return Ok(Vec::new());
        };
        rows!(
            conn,
            "select citation, article, coalesce(title, case kind when 'article' then null else substr(text, 1, 200) end)
                 as title, repealed, path_json
             from provision_version where edition_id = $1
               and (kind = 'article' or kind in ('point', 'annex', 'section') and citation = article) order by ordinal",
            edition.id
        )?
        .iter()
        .map(|row| {
            Ok(ArticleRow {
                citation: sql::text(row, "citation")?,
                article: sql::text(row, "article")?,
                title: sql::text_or_none(row, "title")?,
                repealed: sql::int(row, "repealed")? != 0,
                path: sql::json(row, "path_json")?,
            })
        })
        .collect()
    }

    /// Returns the amendment notes of an edition at one label and below it, newest first.
    pub async fn notes(&self, edition: &str, citation: &str) -> Result<Vec<NoteRow>, StoreError> {
        let mut conn = self.reader().await?;
        let below = format!("{citation}:");
        rows!(
            conn,
            "select * from amendment_note where edition_id = $1
               and (citation = $2 or substr(citation, 1, length($3)) = $4)
             order by noted_on desc, citation, id",
            edition,
            citation,
            below.clone(),
            below.clone()
        )?
        .iter()
        .map(|row| {
            Ok(NoteRow {
                citation: sql::text(row, "citation")?,
                date: sql::date_or_none(row, "noted_on")?,
                law: sql::text(row, "law")?,
                what: sql::text(row, "what")?,
            })
        })
        .collect()
    }

    /// Returns the passages of an edition, or of all editions that are held, in the order of the text.
    pub async fn passages(&self, edition: Option<&str>) -> Result<Vec<PassageRow>, StoreError> {
        let mut condition = Condition::default();
        condition.and("e.superseded = 0", []);
        if let Some(edition) = edition {
            condition.and("p.edition_id = {}", [edition.into()]);
        }
        let order = "order by e.act_id, e.edition_date, p.ordinal";
        passages(&mut *self.reader().await?, condition, order).await
    }

    /// Returns passages by their ids; what is not there is left out. At most a few hundred ids.
    pub async fn passages_by_ids(&self, ids: &[String]) -> Result<Vec<PassageRow>, StoreError> {
        let mut condition = Condition::default();
        condition.one_of("p.id", ids.iter().map(Into::into));
        let mut found = passages(&mut *self.reader().await?, condition, "").await?;
        let place = |id: &String| ids.iter().position(|one| one == id);
        found.sort_by_key(|passage| place(&passage.id));
        Ok(found)
    }

    /// Returns one passage.
    pub async fn passage(&self, id: &str) -> Result<Option<PassageRow>, StoreError> {
        Ok(self.passages_by_ids(&[id.to_owned()]).await?.pop())
    }

    /// Returns the passages on a day that stand at any of `citations`.
    pub async fn passages_at(
        &self,
        citations: &[String],
        on: Date,
    ) -> Result<Vec<PassageRow>, StoreError> {
        let mut condition = Condition::default();
        condition.one_of("p.citation", citations.iter().map(Into::into));
        condition.and(
            "e.superseded = 0 and e.edition_date <= {} and not exists (
                 select 1 from edition n where n.act_id = e.act_id and n.superseded = 0
                   and n.edition_date <= {} and n.edition_date > e.edition_date)",
            [on.into(), on.into()],
        );
        passages(
            &mut *self.reader().await?,
            condition,
            "order by e.act_id, p.ordinal",
        )
        .await
    }

    /// Returns what is held of each act.
    pub async fn act_statuses(&self) -> Result<Vec<ActStatus>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(
            conn,
            "select a.id, a.title,
                 (select count(*) from edition e where e.act_id = a.id and e.superseded = 0) as editions,
                 (select max(e.edition_date) from edition e where e.act_id = a.id and e.superseded = 0) as newest,
                 (select max(e.current_to) from edition e where e.act_id = a.id and e.superseded = 0) as current_to,
                 (select count(*) from passage p join edition e on e.id = p.edition_id
                  where e.act_id = a.id and e.superseded = 0) as passages,
                 (select count(*) from alignment_review r where r.act_id = a.id and r.state = 'open') as to_look_at
             from act a order by a.priority, a.id"
        )?
        .iter()
        .map(|row| {
            Ok(ActStatus {
                act: sql::text(row, "id")?,
                title: sql::text(row, "title")?,
                editions: sql::int(row, "editions")?,
                newest: sql::date_or_none(row, "newest")?,
                current_to: sql::date_or_none(row, "current_to")?,
                passages: sql::int(row, "passages")?,
                to_look_at: sql::int(row, "to_look_at")?,
            })
        })
        .collect()
    }
}

fn read_act(row: &AnyRow) -> Result<Act, StoreError> {
    Ok(Act {
        id: sql::text(row, "id")?,
        title: sql::text(row, "title")?,
        number: sql::text_or_none(row, "number")?,
        adopted: sql::date_or_none(row, "adopted")?,
        nd: sql::text_or_none(row, "nd")?,
        owner: sql::text_or_none(row, "owner_organisation_id")?.map(OrganisationId),
        priority: sql::int(row, "priority")?,
    })
}

pub(super) async fn editions(
    conn: &mut AnyConnection,
    act: &str,
) -> Result<Vec<EditionRow>, StoreError> {
    let sql = format!(
        "select {EDITION_COLUMNS} from edition where act_id = $1 and superseded = 0 order by edition_date"
    );
    statement(sql, [act.into()])
        .fetch_all(conn)
        .await?
        .iter()
        .map(EditionRow::read)
        .collect()
}

async fn edition_on(
    conn: &mut AnyConnection,
    act: &str,
    on: Date,
) -> Result<Option<EditionRow>, StoreError> {
    Ok(editions(conn, act)
        .await?
        .into_iter()
        .rfind(|edition| edition.edition_date <= on))
}

pub(super) async fn versions<const N: usize>(
    conn: &mut AnyConnection,
    rest: &str,
    cells: [Cell; N],
) -> Result<Vec<VersionRow>, StoreError> {
    statement(format!("select {VERSION_COLUMNS} {rest}"), cells)
        .fetch_all(conn)
        .await?
        .iter()
        .map(VersionRow::read)
        .collect()
}

/// The first version that bears the label: a text may bear one twice, `kb check` tells.
pub(super) async fn version_at(
    conn: &mut AnyConnection,
    edition: &str,
    citation: &str,
) -> Result<Option<VersionRow>, StoreError> {
    let found = versions(
        conn,
        "where v.edition_id = $1 and v.citation = $2 order by v.ordinal limit 1",
        [edition.into(), citation.into()],
    )
    .await?;
    Ok(found.into_iter().next())
}

async fn passages(
    conn: &mut AnyConnection,
    condition: Condition,
    order: &str,
) -> Result<Vec<PassageRow>, StoreError> {
    let sql = format!("select {PASSAGE_COLUMNS} where {} {order}", condition.sql());
    statement(sql, condition.cells)
        .fetch_all(conn)
        .await?
        .iter()
        .map(PassageRow::read)
        .collect()
}
