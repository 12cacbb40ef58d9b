//! Opening the file: settings, migrations, and an error with a way out for everything that people meet.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::Sqlite;
use crate::store::StoreError;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// What the first migration writes into the file's header, see there.
const APPLICATION: i64 = 1_752_592_233;
/// How long a statement waits for another process to let go of the file.
pub(super) const BUSY: Duration = Duration::from_secs(5);
/// Connections that read while one writes.
const READERS: u32 = 4;

impl Sqlite {
    /// Opens the file, makes it when it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Open`], with what is wrong and a way out: no such folder, not a database, from a newer program, locked
    /// by another program, not writable.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        folder_exists(path)?;
        let options = settings(SqliteConnectOptions::new().filename(path).create_if_missing(true));
        make(path);
        is_ours(path).await?;
        let writer = writer(path, options.clone()).await?;
        Ok(Self::new(writer, Some(readers(path, options).await?), Some(path.to_owned())))
    }

    /// A database that is gone with the process: for trying things out, and for tests.
    ///
    /// # Errors
    /// [`StoreError::Open`] when there is no memory for it.
    pub async fn in_memory() -> Result<Self, StoreError> {
        let path = Path::new(":memory:");
        let options = settings(SqliteConnectOptions::new().in_memory(true));
        Ok(Self::new(writer(path, options).await?, None, None))
    }

    /// The settings that the promises of durability and erasure rest on, as the writing connection has them.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn settings(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let mut conn = self.write().await?;
        let pragmas = [
            "SELECT 'journal_mode', journal_mode FROM pragma_journal_mode",
            "SELECT 'synchronous', CAST(synchronous AS TEXT) FROM pragma_synchronous",
            "SELECT 'foreign_keys', CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys",
            "SELECT 'secure_delete', CAST(secure_delete AS TEXT) FROM pragma_secure_delete",
        ];
        let mut settings = BTreeMap::new();
        for pragma in pragmas {
            let (name, value): (String, String) = sqlx::query_as(pragma).fetch_one(&mut *conn).await?;
            settings.insert(name, value);
        }
        Ok(settings)
    }
}

/// Connections that read. Reading needs no right to write: a slip in a query cannot change anything.
pub(super) async fn readers(path: &Path, options: SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let reading = options.create_if_missing(false).pragma("query_only", "ON");
    let pool = SqlitePoolOptions::new().max_connections(READERS);
    pool.connect_with(reading).await.map_err(|e| opening(path, &e))
}

/// The connection that writes, to tables that are up to date.
async fn writer(path: &Path, options: SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    let one = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = one.connect_with(options).await.map_err(|e| opening(path, &e))?;
    MIGRATIONS.run(&pool).await.map_err(|e| migrating(path, &e))?;
    Ok(pool.acquire().await.map_err(|e| opening(path, &e))?.detach())
}

pub(super) fn settings(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        // What is acknowledged survives a power cut, not only a crash of the program.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // What is erased is overwritten in the file.
        .pragma("secure_delete", "ON")
}

/// Makes a file that is not there so that its owner alone can read it: it holds what customers write. SQLite gives the files
/// beside it the same rights. Where it cannot be made, opening it says why.
#[cfg(unix)]
fn make(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

#[cfg(not(unix))]
fn make(_path: &Path) {}

pub(super) fn folder_exists(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(StoreError::Open {
            database: path.display().to_string(),
            problem: format!("there is no folder {}", folder.display()),
            way_out: "Make the folder, or give another path for the database.".to_owned(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Refuses the database of another program before anything in it is changed.
pub(super) async fn is_ours(path: &Path) -> Result<(), StoreError> {
    if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
        return Ok(());
    }
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY);
    let mut conn = SqliteConnection::connect_with(&options).await.map_err(|e| opening(path, &e))?;
    let found: Result<(i64, i64), sqlx::Error> = sqlx::query_as(
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT COUNT(*) FROM sqlite_master)",
    )
    .fetch_one(&mut conn)
    .await;
    let (application, tables) = found.map_err(|e| opening(path, &e))?;
    if application != APPLICATION && tables > 0 {
        return Err(StoreError::Open {
            database: path.display().to_string(),
            problem: "it is the database of another program".to_owned(),
            way_out: "Give the path of a housevoice database, or of a file that is not there yet: it is then made."
                .to_owned(),
        });
    }
    conn.close().await.map_err(|e| opening(path, &e))
}

pub(super) fn opening(path: &Path, error: &sqlx::Error) -> StoreError {
    let (problem, way_out) = match super::primary_code(error) {
        Some(26) => (
            "this file is not a database".to_owned(),
            "Give the path of a housevoice database, or of a file that is not there yet: it is then made.",
        ),
        Some(5 | 6) => (
            "another program holds it locked".to_owned(),
            "Close the program that has the file open (a database browser, a backup), then start again.",
        ),
        Some(8) => (
            "it cannot be written".to_owned(),
            "Let the user that runs housevoice write the file and its folder; the disk must not be mounted read-only.",
        ),
        Some(14) => (
            "it cannot be opened".to_owned(),
            "The path must be a file, not a folder, and the user that runs housevoice must be allowed to read and write it \
             and its folder.",
        ),
        Some(13) => ("the disk is full".to_owned(), "Make room on the disk, then start again."),
        Some(11) => (
            "the file is damaged".to_owned(),
            "Restore it from a backup. `sqlite3 FILE .recover` can save what is still readable.",
        ),
        Some(_) | None => (error.to_string(), "Look at the file and its folder, then start again."),
    };
    StoreError::Open { database: path.display().to_string(), problem, way_out: way_out.to_owned() }
}

fn migrating(path: &Path, error: &MigrateError) -> StoreError {
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    let newer = |version: &i64| StoreError::Open {
        database: path.display().to_string(),
        problem: format!(
            "it was written by a newer housevoice (its tables are at {version}, this program knows {newest})"
        ),
        way_out: "Start the newer housevoice, or restore the backup that was made before it was first started."
            .to_owned(),
    };
    if let MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) = error {
        return newer(version);
    }
    if let MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) = error {
        return opening(path, e);
    }
    StoreError::Open {
        database: path.display().to_string(),
        problem: error.to_string(),
        way_out:
            "This file was made by a changed or unfinished build of housevoice. Use the build that made it, or another \
                  file."
                .to_owned(),
    }
}
