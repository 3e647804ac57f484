//! What can go wrong in the store, whose fault it is, and what to do about it.

/// Why the store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("Не найдено: {what}.")]
    NotFound { what: String },
    /// Somebody was faster, or the thing moved on. Read it again and decide anew.
    #[error("{message}")]
    Conflict { message: String },
    /// What is asked for is against the rules of the desk.
    #[error("{message}")]
    Refused { message: String },
    #[error(
        "Занято другим процессом: {place}. Остановите его (например, soyuznik serve) и повторите."
    )]
    Busy { place: String },
    #[error(
        "На диске базы данных кончилось место. Освободите место: перезапуск не нужен, записанное цело."
    )]
    Full,
    #[error(
        "База данных недоступна: {reason}. Проверьте, что она запущена и что адрес database_url верен."
    )]
    Unavailable { reason: String },
    #[error("Данные повреждены, {place}: {reason}.")]
    Damaged { place: String, reason: String },
    #[error("Ошибка базы данных: {reason}.")]
    Other { reason: String },
}

impl StoreError {
    /// The machine code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::Refused { .. } => "refused",
            Self::Busy { .. } => "busy",
            Self::Full => "disk_full",
            Self::Unavailable { .. } => "database_unavailable",
            Self::Damaged { .. } => "damaged",
            Self::Other { .. } => "database",
        }
    }

    /// The exit code of a command that ended with this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NotFound { .. } => 3,
            Self::Conflict { .. } | Self::Busy { .. } => 4,
            Self::Refused { .. } => 2,
            Self::Damaged { .. } => 5,
            Self::Unavailable { .. } => 6,
            Self::Full | Self::Other { .. } => 1,
        }
    }

    pub(super) fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict {
            message: message.into(),
        }
    }

    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::Refused {
            message: message.into(),
        }
    }

    pub(super) fn damaged(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Damaged {
            place: place.into(),
            reason: reason.into(),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) => {
                let code = inner.code().map(|code| code.into_owned());
                from_database(code.as_deref().unwrap_or(""), inner.message())
            }
            sqlx::Error::Io(reason) if is_full(reason) => Self::Full,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::BeginFailed
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable {
                reason: error.to_string(),
            },
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::Decode(_) => Self::damaged("база данных", error.to_string()),
            _ => Self::Other {
                reason: error.to_string(),
            },
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if is_full(&error) {
            return Self::Full;
        }
        Self::Other {
            reason: error.to_string(),
        }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
    )
}

fn from_database(code: &str, message: &str) -> StoreError {
    let reason = message.to_owned();
    // Our own rules in the schema, the same words on both databases.
    if let Some((_, rule)) = message.split_once("soyuznik: ") {
        return StoreError::refused(format!("Нарушено правило базы данных: {rule}"));
    }
    match code {
        "53100" => StoreError::Full,
        "23505" => StoreError::conflict("Такая запись уже есть."),
        "23503" => StoreError::not_found("то, на что ссылается запись"),
        "22021" | "22P05" => StoreError::refused("В тексте есть недопустимый символ."),
        "40001" | "40P01" | "55P03" => StoreError::conflict("Запись меняет кто-то ещё. Повторите."),
        _ if code.len() == 5 && (code.starts_with("08") || code.starts_with("57P")) => {
            StoreError::Unavailable { reason }
        }
        "53300" | "3D000" | "28P01" | "28000" => StoreError::Unavailable { reason },
        _ => from_sqlite(code, reason),
    }
}

fn from_sqlite(code: &str, reason: String) -> StoreError {
    let extended: i64 = match code.parse() {
        // PostgreSQL's codes have five characters; SQLite's never reach that many digits.
        Ok(number) if code.len() < 5 => number,
        _ => return StoreError::Other { reason },
    };
    match (extended & 0xff, extended) {
        // A full disk shows itself as such, or where the shared memory of the log can't grow.
        (13, _) | (_, 4874) => StoreError::Full,
        (5 | 6, _) => StoreError::Busy {
            place: "база данных".into(),
        },
        (11 | 26, _) => StoreError::damaged("файл базы данных", reason),
        (14 | 8 | 10, _) => StoreError::Unavailable { reason },
        (_, 1555 | 2067) => StoreError::conflict("Такая запись уже есть."),
        (_, 787) => StoreError::not_found("то, на что ссылается запись"),
        _ => StoreError::Other { reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_say_the_same_when_a_rule_is_broken() {
        for (code, message) in [
            ("1811", "soyuznik: approvals are kept"),
            ("P0001", "soyuznik: approvals are kept"),
        ] {
            assert_eq!(from_database(code, message).code(), "refused");
        }
    }

    #[test]
    fn codes_of_one_database_are_not_read_as_those_of_the_other() {
        assert_eq!(from_database("53100", "x"), StoreError::Full);
        assert_eq!(from_database("13", "x"), StoreError::Full);
        assert_eq!(from_database("2067", "x").code(), "conflict");
        assert_eq!(from_database("23505", "x").code(), "conflict");
        assert_eq!(from_database("26", "x").code(), "damaged");
        assert_eq!(from_database("42601", "x").code(), "database");
        assert_eq!(from_database("517", "x").code(), "busy");
    }
}
