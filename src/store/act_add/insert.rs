//! The rows of a new edition: itself, its versions, passages and notes.

use crate::case::types::sha256_hex;
use crate::store::StoreError;
use crate::store::act_rows::NewEdition;
use crate::store::alignment::Aligned;
use crate::store::db::now_ms;
use crate::store::sql::{insert, insert_many};
use jiff::civil::Date;
use sqlx::AnyConnection;

/// Inserts the edition with all that is in it; returns its id.
pub(super) async fn insert_whole(
    conn: &mut AnyConnection,
    new: &NewEdition,
    aligned: &[Aligned],
    until: Option<Date>,
) -> Result<String, StoreError> {
    let until = [until, new.until].into_iter().flatten().min();
    let edition = uuid::Uuid::now_v7().to_string();
    insert_edition(conn, &edition, new).await?;
    insert_versions(conn, &edition, new, aligned, until).await?;
    insert_passages(conn, &edition, new, aligned, until).await?;
    insert_notes(conn, &edition, new).await?;
    Ok(edition)
}

async fn insert_edition(
    conn: &mut AnyConnection,
    id: &str,
    new: &NewEdition,
) -> Result<(), StoreError> {
    insert(
        conn,
        "edition",
        [
            ("id", id.into()),
            ("act_id", (&new.act.id).into()),
            ("edition_date", new.edition_date.into()),
            ("current_to", new.current_to.into()),
            ("basis", (&new.basis).into()),
            ("format", (&new.format).into()),
            ("sha256", (&new.sha256).into()),
            ("text", (&new.text).into()),
            ("counts_json", (&new.counts).into()),
            ("headings", new.headings.into()),
            ("with_body", new.with_body.into()),
            ("added_ms", now_ms().into()),
            ("superseded", 0.into()),
        ],
    )
    .await
}

async fn insert_versions(
    conn: &mut AnyConnection,
    edition: &str,
    new: &NewEdition,
    aligned: &[Aligned],
    until: Option<Date>,
) -> Result<(), StoreError> {
    const COLUMNS: [&str; 18] = [
        "id",
        "provision_key",
        "edition_id",
        "citation",
        "article",
        "kind",
        "title",
        "path_json",
        "text",
        "text_sha256",
        "start_char",
        "end_char",
        "repealed",
        "in_force_from",
        "in_force_until",
        "from_basis",
        "alignment",
        "ordinal",
    ];
    let fresh = new
        .versions
        .iter()
        .zip(aligned)
        .filter(|(_, to)| to.is_fresh)
        .map(|(version, to)| {
            vec![
                (&to.key).into(),
                (&new.act.id).into(),
                (&version.kind).into(),
            ]
        })
        .collect();
    insert_many(conn, "provision", &["key", "act_id", "kind"], fresh).await?;
    let rows = new
        .versions
        .iter()
        .zip(aligned)
        .zip(0i64..)
        .map(|((version, to), ordinal)| {
            vec![
                (&to.id).into(),
                (&to.key).into(),
                edition.into(),
                (&version.citation).into(),
                (&version.article).into(),
                (&version.kind).into(),
                version.title.clone().into(),
                (&version.path).into(),
                (&version.text).into(),
                sha256_hex(version.text.as_bytes()).into(),
                version.start_char.into(),
                version.end_char.into(),
                i64::from(version.repealed).into(),
                to.since.from.clone().into(),
                until.into(),
                to.since.basis.code().into(),
                to.alignment.code().into(),
                ordinal.into(),
            ]
        })
        .collect();
    insert_many(conn, "provision_version", &COLUMNS, rows).await
}

async fn insert_passages(
    conn: &mut AnyConnection,
    edition: &str,
    new: &NewEdition,
    aligned: &[Aligned],
    until: Option<Date>,
) -> Result<(), StoreError> {
    const COLUMNS: [&str; 13] = [
        "id",
        "version_id",
        "edition_id",
        "citation",
        "article",
        "kind",
        "title",
        "text",
        "start_char",
        "end_char",
        "in_force_from",
        "in_force_until",
        "ordinal",
    ];
    let rows = new
        .passages
        .iter()
        .zip(0i64..)
        .map(|(passage, ordinal)| {
            let of = passage.version.and_then(|at| aligned.get(at));
            vec![
                uuid::Uuid::now_v7().to_string().into(),
                of.map(|version| version.id.clone()).into(),
                edition.into(),
                (&passage.citation).into(),
                (&passage.article).into(),
                (&passage.kind).into(),
                passage.title.clone().into(),
                (&passage.text).into(),
                passage.start_char.into(),
                passage.end_char.into(),
                of.and_then(|version| version.since.from.clone()).into(),
                until.into(),
                ordinal.into(),
            ]
        })
        .collect();
    insert_many(conn, "passage", &COLUMNS, rows).await
}

async fn insert_notes(
    conn: &mut AnyConnection,
    edition: &str,
    new: &NewEdition,
) -> Result<(), StoreError> {
    const COLUMNS: [&str; 6] = ["id", "edition_id", "citation", "noted_on", "law", "what"];
    let rows = new
        .notes
        .iter()
        .map(|note| {
            vec![
                uuid::Uuid::now_v7().to_string().into(),
                edition.into(),
                (&note.citation).into(),
                note.date.into(),
                (&note.law).into(),
                (&note.what).into(),
            ]
        })
        .collect();
    insert_many(conn, "amendment_note", &COLUMNS, rows).await
}
