//! Which norm of the edition before a norm continues: keys through the editions, and what people decide about them.
//!
//! Editions make a chain by their days; each is aligned with the one before it by `law::align`. A provision's key goes down
//! the chain along the links, so an edition that comes in between two others joins them anew, and what follows is given the
//! keys that this means. What a person decided is kept as labels of two editions and holds over what the aligner says.

mod add;
mod ask;
mod decide;
mod keys;
mod kinds;
mod read;
mod rekey;
mod reviews;
mod rows;
mod side;
mod states;

use super::StoreError;
use super::sql::{self, row, rows as all_rows};
use jiff::civil::Date;
use sqlx::AnyConnection;

pub(super) use add::{Aligned, Around, Prepared};
pub use read::{AlignmentReview, ReviewedNorm};
pub use rows::{AlignmentDecision, Asked, ReviewReason, ReviewState};

/// The labels of a held edition, each once, with their keys, in the order of the text.
#[derive(Clone)]
struct Labelled {
    labels: Vec<String>,
    keys: Vec<String>,
}

/// The edition of a day, or nothing where none is held.
async fn edition_of(
    conn: &mut AnyConnection,
    act: &str,
    day: Date,
) -> Result<Option<String>, StoreError> {
    row!(
        conn,
        "select id from edition where act_id = $1 and edition_date = $2 and superseded = 0",
        act,
        day.to_string()
    )?
    .map(|row| sql::text(&row, "id"))
    .transpose()
}

async fn labelled(
    conn: &mut AnyConnection,
    act: &str,
    day: Date,
) -> Result<Option<Labelled>, StoreError> {
    let Some(edition) = edition_of(conn, act, day).await? else {
        return Ok(None);
    };
    let found = all_rows!(
        conn,
        "select citation, provision_key from provision_version where edition_id = $1 order by ordinal",
        edition
    )?;
    let citations: Vec<String> = found
        .iter()
        .map(|row| sql::text(row, "citation"))
        .collect::<Result<_, _>>()?;
    Ok(Some(Labelled {
        labels: side::labels(citations.iter().map(String::as_str)),
        keys: found
            .iter()
            .map(|row| sql::text(row, "provision_key"))
            .collect::<Result<_, _>>()?,
    }))
}
