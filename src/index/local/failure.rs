//! What SQLite's errors mean for us.

use super::super::IndexError;
use super::super::types::wrong;
use std::path::Path;

pub fn damaged(path: &Path, reason: &str) -> IndexError {
    IndexError::Damaged {
        place: path.display().to_string(),
        reason: reason.to_owned(),
    }
}

/// What SQLite's primary result codes mean for us (<https://sqlite.org/rescode.html>).
pub fn failure(path: &Path, error: &sqlx::Error) -> IndexError {
    let place = path.display().to_string();
    let reason = error.to_string();
    match primary_code(error) {
        // SQLITE_CORRUPT, SQLITE_NOTADB.
        Some(11 | 26) => IndexError::Damaged { place, reason },
        // SQLITE_BUSY, SQLITE_LOCKED.
        Some(5 | 6) => IndexError::Busy { place, reason },
        // SQLITE_TOOBIG.
        Some(18) => wrong(reason),
        // SQLITE_PERM, NOMEM, READONLY, IOERR, FULL, CANTOPEN.
        Some(3 | 7 | 8 | 10 | 13 | 14) => IndexError::Storage { place, reason },
        // A missing table, a wrong type, a row that can't be decoded.
        _ => IndexError::Damaged { place, reason },
    }
}

/// As [`failure`], while a file is checked: there, whatever is not about the machine is damage.
pub fn unreadable(path: &Path, error: &sqlx::Error) -> IndexError {
    match primary_code(error) {
        Some(5 | 6 | 7 | 13 | 14) => failure(path, error),
        _ => damaged(path, &error.to_string()),
    }
}

fn primary_code(error: &sqlx::Error) -> Option<i64> {
    let code: i64 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}
