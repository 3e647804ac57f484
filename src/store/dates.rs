//! The days of all versions of an act, found anew from its notes and from days that are known of laws.

use super::act_read::{editions, versions};
use super::sql::{self, Cell, Condition, row, rows, statement};
use super::{FromBasis, Store, StoreError, VersionRow};
use crate::law::Citation;
use crate::law::dating::{Basis, DatedEdition, DatedNorm, Noted, Span, TermChanges, spans, words};
use jiff::civil::Date;
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// The columns of a version that its days are.
type Days = (Option<String>, FromBasis, Option<String>);

/// Ids of versions by the days that they are to have.
type ByDays<'a> = BTreeMap<(Option<String>, &'static str, Option<String>), Vec<&'a String>>;

/// An edition with what is kept of its versions' days, in the order of its norms.
struct Kept {
    edition: DatedEdition,
    id: String,
    rows: Vec<(String, Days)>,
}

impl Store {
    /// Finds the days of every version of an act anew, and those of its passages; returns how many changed.
    ///
    /// Reads the texts of all its editions: a fifth of a second for each code.
    pub async fn date_versions(&self, act: &str, facts: &TermChanges) -> Result<usize, StoreError> {
        let mut tx = self.write().await?;
        let kept = kept(&mut tx, act).await?;
        let facts = facts.clone();
        let (kept, found) = tokio::task::spawn_blocking(move || {
            let editions: Vec<DatedEdition> = kept.iter().map(|one| one.edition.clone()).collect();
            let found = spans(&editions, &facts);
            (kept, found)
        })
        .await
        .map_err(|error| StoreError::Other {
            reason: error.to_string(),
        })?;
        let mut changed = 0;
        for (kept, found) in kept.iter().zip(&found) {
            changed += write(&mut tx, kept, found).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Returns how many decisions about the alignment of an act there are, and when the newest was taken.
    pub async fn newest_decision(&self, act: &str) -> Result<(i64, Option<i64>), StoreError> {
        let mut conn = self.reader().await?;
        let sql =
            "select count(*) as n, max(decided_ms) as at from alignment_review where act_id = $1";
        match row!(conn, sql, act)? {
            Some(row) => Ok((sql::int(&row, "n")?, sql::int_or_none(&row, "at")?)),
            None => Ok((0, None)),
        }
    }

    /// Returns the texts of an act that the edition for a day holds and that come into force later, without those that
    /// hold another of them.
    pub async fn coming(&self, act: &str, on: Date) -> Result<Vec<VersionRow>, StoreError> {
        let mut conn = self.reader().await?;
        let Some(edition) = editions(&mut conn, act)
            .await?
            .into_iter()
            .rfind(|edition| edition.edition_date <= on)
        else {
            return Ok(Vec::new());
        };
        let found = versions(
            &mut conn,
            "where v.edition_id = $1 and v.from_basis = 'term_change' and v.in_force_from > $2 order by v.ordinal",
            [edition.id.into(), on.into()],
        )
        .await?;
        Ok(innermost(found))
    }
}

/// Versions without those that hold another of them.
pub fn innermost(versions: Vec<VersionRow>) -> Vec<VersionRow> {
    let labels: Vec<Citation> = versions
        .iter()
        .filter_map(|v| v.citation.parse().ok())
        .collect();
    let holds_none = |version: &VersionRow| {
        let outer = version.citation.parse::<Citation>();
        outer.is_ok_and(|outer| {
            let within = |inner: &&Citation| **inner != outer && outer.contains(inner);
            !labels.iter().any(|inner| within(&inner))
        })
    };
    versions.into_iter().filter(holds_none).collect()
}

async fn kept(tx: &mut AnyConnection, act: &str) -> Result<Vec<Kept>, StoreError> {
    let mut kept: Vec<Kept> = Vec::new();
    for row in rows!(
        tx,
        "select id, edition_date from edition where act_id = $1 and superseded = 0 order by edition_date",
        act
    )? {
        let (id, date) = (sql::text(&row, "id")?, sql::date(&row, "edition_date")?);
        let notes = notes(tx, &id).await?;
        let (norms, rows) = norms(tx, &id).await?;
        kept.push(Kept {
            edition: DatedEdition { date, norms, notes },
            id,
            rows,
        });
    }
    Ok(kept)
}

async fn notes(conn: &mut AnyConnection, edition: &str) -> Result<Vec<Noted>, StoreError> {
    let mut notes = Vec::new();
    for row in rows!(
        conn,
        "select citation, noted_on, law, what from amendment_note where edition_id = $1 and noted_on is not null
         order by id",
        edition
    )? {
        if let Ok(citation) = sql::text(&row, "citation")?.parse() {
            notes.push(Noted {
                citation,
                signed: sql::date(&row, "noted_on")?,
                law: sql::text(&row, "law")?,
                what: sql::text(&row, "what")?,
            });
        }
    }
    Ok(notes)
}

async fn norms(
    conn: &mut AnyConnection,
    edition: &str,
) -> Result<(Vec<DatedNorm>, Vec<(String, Days)>), StoreError> {
    let (mut norms, mut kept) = (Vec::new(), Vec::new());
    for row in rows!(
        conn,
        "select id, provision_key, citation, text, in_force_from, from_basis, in_force_until from provision_version
         where edition_id = $1 order by ordinal",
        edition
    )? {
        let Ok(citation) = sql::text(&row, "citation")?.parse() else {
            continue;
        };
        norms.push(DatedNorm {
            key: sql::text(&row, "provision_key")?,
            citation,
            words: words(&sql::text(&row, "text")?),
        });
        let days = (
            sql::text_or_none(&row, "in_force_from")?,
            sql::code(&row, "from_basis", FromBasis::parse)?,
            sql::text_or_none(&row, "in_force_until")?,
        );
        kept.push((sql::text(&row, "id")?, days));
    }
    Ok((norms, kept))
}

fn days(span: &Span) -> Days {
    let basis = match span.basis {
        Basis::TermChange => FromBasis::TermChange,
        Basis::AmendmentNote => FromBasis::AmendmentNote,
        Basis::Edition => FromBasis::Edition,
        Basis::BetweenEditions => FromBasis::BetweenEditions,
    };
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    (day(span.from), basis, day(span.until))
}

/// Writes what differs, many versions to a statement.
async fn write(conn: &mut AnyConnection, kept: &Kept, found: &[Span]) -> Result<usize, StoreError> {
    let mut by_days: ByDays<'_> = BTreeMap::new();
    for ((id, held), span) in kept.rows.iter().zip(found) {
        let (from, basis, until) = days(span);
        if *held != (from.clone(), basis, until.clone()) {
            let same = by_days.entry((from, basis.code(), until)).or_default();
            same.push(id);
        }
    }
    let mut changed = 0;
    for ((from, basis, until), ids) in by_days {
        changed += ids.len();
        // A search asks on which days a passage is the law: a day that only bounds the beginning is no answer. What holds
        // a text that comes later is not spoken as a whole before.
        let own = kept.edition.date.to_string();
        let is_known = basis == FromBasis::TermChange.code();
        let known = from.clone().filter(|day| is_known || *day > own);
        let version: [(&str, Cell); 3] = [
            ("in_force_from", from.into()),
            ("from_basis", basis.into()),
            ("in_force_until", until.clone().into()),
        ];
        let passage: [(&str, Cell); 2] = [
            ("in_force_from", known.into()),
            ("in_force_until", until.into()),
        ];
        for some in ids.chunks(400) {
            set(conn, "provision_version", "id", &version, (&kept.id, some)).await?;
            set(conn, "passage", "version_id", &passage, (&kept.id, some)).await?;
        }
    }
    Ok(changed)
}

async fn set(
    conn: &mut AnyConnection,
    table: &str,
    column: &str,
    values: &[(&str, Cell)],
    (edition, ids): (&str, &[&String]),
) -> Result<(), StoreError> {
    let mut condition = Condition::default();
    let mut set = Vec::new();
    for (name, value) in values {
        condition.cells.push(value.clone());
        set.push(format!("{name} = ${}", condition.cells.len()));
    }
    condition.and("edition_id = {}", [edition.into()]);
    condition.one_of(column, ids.iter().map(|id| Cell::from(*id)));
    let sql = format!(
        "update {table} set {} where {}",
        set.join(", "),
        condition.sql()
    );
    statement(sql, condition.cells).execute(conn).await?;
    Ok(())
}
