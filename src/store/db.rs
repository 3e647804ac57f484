//! Opening a database of either kind, its migrations, and transactions.

use super::StoreError;
use super::sql::{execute, row};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{
    Any, AnyConnection, AnyPool, ConnectOptions, Connection, Executor, SqlSafeStr, Transaction,
};
use std::fs::File;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Which of the two databases stands behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// The truth: every method is one SQL transaction. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pool: AnyPool,
    dialect: Dialect,
    /// One writer at a time: SQLite allows no more, and waiting here is fair where its own waiting is not.
    writer: Arc<Mutex<()>>,
    /// Held while the store lives; the system frees it even after `kill -9`.
    _lock: Option<File>,
}

const SQLITE_SETTINGS: [&str; 6] = [
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma busy_timeout = 5000",
    "pragma secure_delete = on",
    "pragma recursive_triggers = on",
];

/// What serialises writers on PostgreSQL: the journal is one chain.
const JOURNAL_LOCK: i64 = 0x5350_594a;

impl Store {
    /// Opens the database at `url` as its owner, makes it where it is missing, and brings its schema up to date.
    ///
    /// With SQLite the data folder is locked until the last clone is dropped. Fails with `Busy` where another
    /// process holds the folder, `Unavailable` where no server answers, `Damaged` where the file is no database.
    pub async fn open(url: &str, data_dir: &Path) -> Result<Self, StoreError> {
        let dialect = Dialect::of(url)?;
        let lock = match dialect {
            Dialect::Sqlite => {
                make_folder(data_dir)?;
                if let Some(parent) = sqlite_path(url)?.parent() {
                    make_folder(parent)?;
                }
                Some(lock_folder(data_dir)?)
            }
            Dialect::Postgres => None,
        };
        let store = Self::connect(url, dialect, "rwc", lock).await?;
        migrator(dialect)
            .run(&store.0.pool)
            .await
            .map_err(migration_error)?;
        if dialect == Dialect::Sqlite {
            // The folder is ours alone: what is leased belongs to a process that died.
            store.end_leases().await?;
        }
        Ok(store)
    }

    /// Opens the database beside its owner, to read: for a backup or a check of the journal under load.
    ///
    /// Takes no lock and changes nothing. Fails where there is no database yet.
    pub async fn open_to_read(url: &str) -> Result<Self, StoreError> {
        let dialect = Dialect::of(url)?;
        if dialect == Dialect::Sqlite && !sqlite_path(url)?.exists() {
            return Err(StoreError::not_found(format!(
                "база данных {}. Сначала запустите soyuznik serve или soyuznik demo",
                sqlite_path(url)?.display()
            )));
        }
        Self::connect(url, dialect, "ro", None).await
    }

    async fn connect(
        url: &str,
        dialect: Dialect,
        mode: &str,
        lock: Option<File>,
    ) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let address = match dialect {
            Dialect::Sqlite => sqlite_url(&sqlite_path(url)?, mode)?,
            Dialect::Postgres => url.to_owned(),
        };
        let options: AnyConnectOptions = address.parse().map_err(|_| StoreError::Unavailable {
            reason: "адрес базы данных записан неверно".into(),
        })?;
        let options = options.disable_statement_logging();
        let read_only = mode == "ro";
        // The pool tries again until its patience ends and then says only that; one connection says why.
        let mut first = AnyConnection::connect_with(&options)
            .await
            .map_err(|error| name_file(error.into(), url, dialect))?;
        prepare(&mut first, dialect, read_only)
            .await
            .map_err(|error| name_file(error.into(), url, dialect))?;
        first.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            // A page must say that the database is away before the reader loses patience.
            .acquire_timeout(Duration::from_millis(match dialect {
                Dialect::Sqlite => 10_000,
                Dialect::Postgres => 1_800,
            }))
            .after_connect(move |conn, _| {
                Box::pin(async move { prepare(conn, dialect, read_only).await })
            })
            .after_release(move |conn, _| Box::pin(async move { fit(conn, dialect).await }))
            .connect_with(options)
            .await?;
        Ok(Self(Arc::new(Inner {
            pool,
            dialect,
            writer: Arc::new(Mutex::new(())),
            _lock: lock,
        })))
    }

    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// Returns when the database answers; fails with `Unavailable` in two seconds or less where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut conn = self.reader().await?;
        row!(conn, "select 1 as one")?;
        Ok(())
    }

    /// Closes all connections: what is in the log is written into the database file.
    pub async fn close(&self) {
        self.0.pool.close().await;
    }

    /// A connection for reading single statements.
    pub(super) async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Any>, StoreError> {
        Ok(self.0.pool.acquire().await?)
    }

    /// Begins a transaction, whole even where the caller goes away meanwhile.
    ///
    /// A `begin` that is dropped half-way would hand PostgreSQL's connection back with its transaction open, and the
    /// next to use it would stand in somebody else's snapshot. A task of its own always gets to the rollback.
    async fn begin(&self, how: &'static str) -> Result<Transaction<'static, Any>, StoreError> {
        let pool = self.0.pool.clone();
        let begun = tokio::spawn(async move { pool.begin_with(how).await }).await;
        begun
            .map_err(|error| StoreError::Other {
                reason: error.to_string(),
            })?
            .map_err(StoreError::from)
    }

    /// A transaction that sees one state of the database, and changes nothing.
    pub(super) async fn snapshot(&self) -> Result<Tx, StoreError> {
        let begin = match self.0.dialect {
            Dialect::Sqlite => "begin deferred",
            Dialect::Postgres => "begin isolation level repeatable read read only",
        };
        Ok(Tx {
            tx: self.begin(begin).await?,
            _turn: None,
        })
    }

    /// A transaction that may write, but not to the journal: many go on at once on PostgreSQL.
    pub(super) async fn small_write(&self) -> Result<Tx, StoreError> {
        match self.0.dialect {
            Dialect::Sqlite => {
                let turn = Arc::clone(&self.0.writer).lock_owned().await;
                Ok(Tx {
                    // A deferred transaction that turns to writing late fails at once if somebody wrote meanwhile.
                    tx: self.begin("begin immediate").await?,
                    _turn: Some(turn),
                })
            }
            Dialect::Postgres => Ok(Tx {
                tx: self.begin("begin").await?,
                _turn: None,
            }),
        }
    }

    /// A transaction that may write to everything. One goes on at a time, on either database.
    pub(super) async fn write(&self) -> Result<Tx, StoreError> {
        let mut tx = self.small_write().await?;
        if self.0.dialect == Dialect::Postgres {
            // Before any row is touched, so that no two writers can wait for each other.
            row!(
                tx,
                "select pg_advisory_xact_lock($1)::text as locked",
                JOURNAL_LOCK
            )?;
        }
        Ok(tx)
    }
}

/// A transaction; dropped without `commit`, it never was.
pub(super) struct Tx {
    // Fields drop in this order: the rollback is on its way before the next writer has its turn.
    tx: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.tx
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }
}

impl Dialect {
    /// The kind of database that an address names.
    pub fn of(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self::Postgres)
        } else {
            Err(StoreError::refused(
                "Адрес базы данных начинается с sqlite:// или postgres://. Исправьте database_url.",
            ))
        }
    }
}

/// Unix time in milliseconds.
pub(super) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

async fn prepare(
    conn: &mut AnyConnection,
    dialect: Dialect,
    read_only: bool,
) -> Result<(), sqlx::Error> {
    match (dialect, read_only) {
        (Dialect::Sqlite, false) => {
            for setting in SQLITE_SETTINGS {
                conn.execute(setting).await?;
            }
        }
        (Dialect::Sqlite, true) => {
            conn.execute("pragma busy_timeout = 5000").await?;
        }
        (Dialect::Postgres, true) => {
            execute!(conn, "set default_transaction_read_only = on")?;
        }
        (Dialect::Postgres, false) => {}
    }
    Ok(())
}

/// Whether a connection may be used again.
///
/// On a full disk SQLite ends the transaction by itself; the driver's own rollback then fails, and the driver
/// goes on counting a transaction that nobody can end. Such a connection is closed, a fresh one takes its place.
async fn fit(conn: &mut AnyConnection, dialect: Dialect) -> Result<bool, sqlx::Error> {
    if dialect == Dialect::Postgres {
        return Ok(true);
    }
    // A rollback that was asked for when the transaction went away stands before this in the driver's queue.
    conn.ping().await?;
    Ok(!conn.is_in_transaction())
}

fn migrator(dialect: Dialect) -> Migrator {
    let rules = match dialect {
        Dialect::Sqlite => include_str!("migrations/0002_rules_sqlite.sql"),
        Dialect::Postgres => include_str!("migrations/0002_rules_postgres.sql"),
    };
    let step = |version, name: &'static str, sql: &'static str| {
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(vec![
        step(1, "tables", include_str!("migrations/0001_tables.sql")),
        step(2, "rules", rules),
        step(
            3,
            "alignment",
            include_str!("migrations/0003_alignment.sql"),
        ),
        step(
            4,
            "amendments and practice",
            include_str!("migrations/0004_amendments_practice.sql"),
        ),
        step(
            5,
            "rates and edits",
            include_str!("migrations/0005_rates_edits.sql"),
        ),
    ])
}

/// The newest migration this program knows.
pub(super) const SCHEMA_VERSION: i64 = 5;

fn migration_error(error: sqlx::migrate::MigrateError) -> StoreError {
    use sqlx::migrate::MigrateError;
    match error {
        MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => inner.into(),
        MigrateError::VersionMissing(version) => StoreError::refused(format!(
            "База данных новее программы (схема {version}). Обновите программу."
        )),
        other => StoreError::damaged("схема базы данных", other.to_string()),
    }
}

fn make_folder(folder: &Path) -> Result<(), StoreError> {
    std::fs::create_dir_all(folder).map_err(|error| match StoreError::from(error) {
        StoreError::Other { reason } => StoreError::Other {
            reason: format!(
                "не удалось создать папку {}: {reason}; проверьте права",
                folder.display()
            ),
        },
        other => other,
    })
}

fn lock_folder(data_dir: &Path) -> Result<File, StoreError> {
    let place = data_dir.join("soyuznik.lock");
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&place)
        .map_err(|error| StoreError::Other {
            reason: format!("{}: {error}; проверьте права", place.display()),
        })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Busy {
            place: format!("папка данных {}", data_dir.display()),
        }),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Where the SQLite file stands, from `sqlite://PATH` as the config writes it.
fn sqlite_path(url: &str) -> Result<PathBuf, StoreError> {
    let path = url
        .trim_start_matches("sqlite:")
        .strip_prefix("//")
        .unwrap_or("");
    if path.is_empty() {
        return Err(StoreError::refused(
            "Адрес SQLite записан неверно. Пишите sqlite:///путь/к/файлу.",
        ));
    }
    Ok(std::path::absolute(path)?)
}

fn sqlite_url(path: &Path, mode: &str) -> Result<String, StoreError> {
    use std::fmt::Write;
    let text = path
        .to_str()
        .ok_or_else(|| StoreError::refused("Путь к базе данных записан не в UTF-8."))?;
    let mut url = String::from("sqlite://");
    for byte in text.bytes() {
        // A folder may have spaces, letters of any script, `?` and `#` in its name.
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    Ok(format!("{url}?mode={mode}"))
}

fn name_file(error: StoreError, url: &str, dialect: Dialect) -> StoreError {
    match (error, dialect) {
        (StoreError::Damaged { reason, .. }, Dialect::Sqlite) => StoreError::Damaged {
            place: url.to_owned(),
            reason: format!(
                "{reason}. Отодвиньте файл и восстановите данные: soyuznik restore ФАЙЛ"
            ),
        },
        (other, _) => other,
    }
}
