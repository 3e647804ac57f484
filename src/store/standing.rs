//! Which text of a provision speaks for a day, and how sure that is.

use super::StoreError;
use super::act_read::{editions, version_at, versions};
use super::act_rows::{EditionRow, Standing, VersionOn, VersionRow};
use super::sql::row;
use crate::law::ActId;
use crate::law::compare::reads_the_same;
use jiff::civil::Date;
use sqlx::AnyConnection;

/// See [`super::Store::version`].
pub(super) async fn version(
    conn: &mut AnyConnection,
    act: &str,
    citation: &str,
    on: Date,
) -> Result<Option<VersionOn>, StoreError> {
    let all = editions(conn, act).await?;
    let Some(at) = all.iter().rposition(|edition| edition.edition_date <= on) else {
        return Ok(None);
    };
    let (edition, next) = (&all[at], all.get(at + 1));
    if act.parse::<ActId>().is_ok_and(|act| act.is_local()) {
        return local(conn, edition, next.is_some(), citation, on).await;
    }
    let Some(version) = version_at(conn, &edition.id, citation).await? else {
        return inserted(conn, (edition, next), citation, on).await;
    };
    if version.known_from().is_some_and(|from| from > on) {
        return Ok(Some(not_yet(conn, &all[..at], version, on).await?));
    }
    match next {
        Some(next) if on > edition.current_to => Ok(Some(between(conn, version, next, on).await?)),
        Some(_) => Ok(Some(alone(version, Standing::Known))),
        None if on <= edition.current_to => Ok(Some(alone(version, Standing::Known))),
        None => Ok(Some(alone(version, Standing::AfterCurrent))),
    }
}

/// Who owns a local act says on which day each of its editions begins, and when the last one ends.
async fn local(
    conn: &mut AnyConnection,
    edition: &EditionRow,
    followed: bool,
    citation: &str,
    on: Date,
) -> Result<Option<VersionOn>, StoreError> {
    let found = version_at(conn, &edition.id, citation).await?;
    let standing = match followed || on <= edition.current_to {
        true => Standing::Known,
        false => Standing::AfterCurrent,
    };
    Ok(found
        .filter(|version| version.in_force_until.is_none_or(|until| on < until))
        .map(|version| alone(version, standing)))
}

fn alone(version: VersionRow, standing: Standing) -> VersionOn {
    VersionOn {
        version,
        standing,
        later: None,
        coming: None,
    }
}

/// A norm that only the next edition has, where it is known to have begun by the day.
async fn inserted(
    conn: &mut AnyConnection,
    (edition, next): (&EditionRow, Option<&EditionRow>),
    citation: &str,
    on: Date,
) -> Result<Option<VersionOn>, StoreError> {
    let Some(next) = next else {
        return Ok(None);
    };
    let found = version_at(conn, &next.id, citation).await?;
    Ok(found
        .filter(|found| has_begun(found, edition.edition_date, on))
        .map(|version| alone(version, Standing::Known)))
}

/// Whether a text is known to have begun after an edition and by a day. One that stood earlier stood under another label.
fn has_begun(version: &VersionRow, after: Date, on: Date) -> bool {
    version
        .known_from()
        .is_some_and(|from| after < from && from <= on)
}

/// A text that is held and begins later: what stands until then speaks, where it is held.
async fn not_yet(
    conn: &mut AnyConnection,
    older: &[EditionRow],
    version: VersionRow,
    on: Date,
) -> Result<VersionOn, StoreError> {
    for edition in older.iter().rev() {
        let Some(old) = of_key(conn, edition, &version.provision).await? else {
            break;
        };
        let stands = old.in_force_until.is_some_and(|until| on < until);
        if stands && old.known_from().is_none_or(|from| from <= on) {
            return Ok(VersionOn {
                coming: Some(version),
                ..alone(old, Standing::Known)
            });
        }
    }
    Ok(alone(version, Standing::NotYet))
}

/// A day between two editions: known where both say the same and no note tells of a change between them, or where the
/// day of the change is known.
async fn between(
    conn: &mut AnyConnection,
    version: VersionRow,
    next: &EditionRow,
    on: Date,
) -> Result<VersionOn, StoreError> {
    let later = of_key(conn, next, &version.provision).await?;
    let Some(then) = &later else {
        return Ok(alone(version, Standing::Between));
    };
    if reads_the_same(&then.text, &version.text) {
        let noted = is_noted(conn, then, version.current_to).await?;
        let standing = match noted {
            true => Standing::Between,
            false => Standing::Known,
        };
        return Ok(VersionOn {
            later: later.filter(|_| noted),
            ..alone(version, standing)
        });
    }
    if let Some(from) = then.known_from() {
        // Of several changes the first ended the old text, and the last made the new one.
        if on < version.in_force_until.unwrap_or(from).min(from) {
            return Ok(VersionOn {
                coming: later,
                ..alone(version, Standing::Known)
            });
        }
        let here = match then.citation == version.citation {
            true => Some(then.clone()),
            // The norm moved: another one bears its label now.
            false => version_at(conn, &next.id, &version.citation).await?,
        };
        if from <= on
            && let Some(here) = here.filter(|here| has_begun(here, version.edition_date, on))
        {
            return Ok(alone(here, Standing::Known));
        }
        return Ok(VersionOn {
            later,
            ..alone(version, Standing::Between)
        });
    }
    Ok(VersionOn {
        later,
        ..alone(version, Standing::Between)
    })
}

async fn of_key(
    conn: &mut AnyConnection,
    edition: &EditionRow,
    key: &str,
) -> Result<Option<VersionRow>, StoreError> {
    let found = versions(
        conn,
        "where v.edition_id = $1 and v.provision_key = $2 order by v.ordinal limit 1",
        [(&edition.id).into(), key.into()],
    )
    .await?;
    Ok(found.into_iter().next())
}

/// Whether a note of the next edition tells of a change since a day.
async fn is_noted(
    conn: &mut AnyConnection,
    then: &VersionRow,
    since: Date,
) -> Result<bool, StoreError> {
    let found = row!(
        conn,
        "select id from amendment_note where edition_id = $1 and citation = $2 and noted_on > $3 and noted_on <= $4
         limit 1",
        then.edition.clone(),
        then.citation.clone(),
        since.to_string(),
        then.edition_date.to_string()
    )?;
    Ok(found.is_some())
}
