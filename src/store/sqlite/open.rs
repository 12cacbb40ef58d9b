//! Opening the file: settings, migrations, and an error with a way out for everything that people meet.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::driver::{Conn, query_as};
use super::readers::Readers;
use super::sql::on;
use super::{Result, Sqlite, migrations};
use crate::store::StoreError;

/// What the first migration writes into the file's header, see there.
const APPLICATION: i64 = 1_752_592_233;
/// How long a statement waits for another process to let go of the file.
pub(super) const BUSY: Duration = Duration::from_secs(5);
/// How long between two tries.
const BETWEEN: Duration = Duration::from_millis(20);
/// Connections that read while one writes.
const READERS: usize = 4;

impl Sqlite {
    /// Opens the file, makes it when it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Open`], with what is wrong and a way out: no such folder, not a database, from a newer program, locked
    /// by another program, not writable.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        apart(move || {
            folder_exists(&path)?;
            make(&path);
            is_ours(&path)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
            let mut writer = connect(&path, flags)?;
            // KiB of the file that are held in memory; by default 2,000, which is enough for whoever reads.
            writer.run("PRAGMA cache_size = -8000").map_err(|e| opening(&path, &e))?;
            migrations::apply(&mut writer, &path)?;
            Self::new(writer, Some(readers(&path)?), Some(path))
        })
        .await
    }

    /// A database that is gone with the process: for trying things out, and for tests.
    ///
    /// # Errors
    /// [`StoreError::Open`] when there is no memory for it.
    pub async fn in_memory() -> Result<Self> {
        apart(|| {
            let path = Path::new(":memory:");
            let mut writer = Conn::in_memory().map_err(|e| opening(path, &e))?;
            set(&mut writer).map_err(|e| opening(path, &e))?;
            migrations::apply(&mut writer, path)?;
            Self::new(writer, None, None)
        })
        .await
    }

    /// The settings that the promises of durability and erasure rest on, as the writing connection has them.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn settings(&self) -> Result<BTreeMap<String, String>> {
        self.write(on!(conn => settings(conn))).await
    }
}

async fn settings(conn: &mut Conn) -> Result<BTreeMap<String, String>> {
    let pragmas = [
        "SELECT 'journal_mode', journal_mode FROM pragma_journal_mode",
        "SELECT 'synchronous', CAST(synchronous AS TEXT) FROM pragma_synchronous",
        "SELECT 'foreign_keys', CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys",
        "SELECT 'secure_delete', CAST(secure_delete AS TEXT) FROM pragma_secure_delete",
    ];
    let mut settings = BTreeMap::new();
    for pragma in pragmas {
        let (name, value): (String, String) = query_as(pragma).fetch_one(&mut *conn).await?;
        settings.insert(name, value);
    }
    Ok(settings)
}

/// Opening waits for the disk, and for other programs: on a thread that may wait.
pub(super) async fn apart<T: Send + 'static>(opening: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let opened = tokio::task::spawn_blocking(opening).await;
    opened.map_err(|e| StoreError::Unavailable(format!("opening was broken off: {e}")))?
}

/// A connection with the settings that the promises rest on.
pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Conn> {
    let mut conn = Conn::open(path, flags).map_err(|e| opening(path, &e))?;
    set(&mut conn).map_err(|e| opening(path, &e))?;
    Ok(conn)
}

/// Connections that read. Reading needs no right to write: a slip in a query cannot change anything.
pub(super) fn readers(path: &Path) -> Result<Readers> {
    let reader = || {
        let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        conn.run("PRAGMA query_only = ON").map_err(|e| opening(path, &e))?;
        Ok(conn)
    };
    Readers::on((0..READERS).map(|_| reader()).collect::<Result<_>>()?)
}

fn set(conn: &mut Conn) -> rusqlite::Result<()> {
    conn.raw().busy_timeout(BUSY)?;
    turn_log_on(conn)?;
    // What is acknowledged survives a power cut, not only a crash of the program.
    conn.run("PRAGMA synchronous = FULL")?;
    conn.run("PRAGMA foreign_keys = ON")?;
    // What is erased is overwritten in the file.
    conn.run("PRAGMA secure_delete = ON")?;
    set_for_speed(conn)
}

/// Of those that open a new file at once, one writes the header; the others are told so at once, however long they would wait.
fn turn_log_on(conn: &mut Conn) -> rusqlite::Result<()> {
    let until = Instant::now() + BUSY;
    loop {
        match conn.run("PRAGMA journal_mode = WAL") {
            Err(error) if super::primary_code(&error) == Some(5) && Instant::now() < until => {
                std::thread::sleep(BETWEEN);
            }
            turned_on => return turned_on,
        }
    }
}

/// Each was measured with `cargo bench --bench load`.
fn set_for_speed(conn: &mut Conn) -> rusqlite::Result<()> {
    // What a savepoint may have to put back is kept in memory: written to a file, it costs more than the rows themselves.
    conn.run("PRAGMA temp_store = MEMORY")?;
    // Statements are planned once. By default each new value is a reason to look whether a partial index fits it better.
    conn.raw().set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Pages of 4 KiB in the log before it is copied into the file: most of them are written again soon. What is overwritten
    // stays in the log until then; whoever removes a person or what is too old empties it at once.
    conn.run("PRAGMA wal_autocheckpoint = 4000")
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

pub(super) fn folder_exists(path: &Path) -> Result<()> {
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
pub(super) fn is_ours(path: &Path) -> Result<()> {
    if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
        return Ok(());
    }
    let (application, tables) = header(path).map_err(|e| opening(path, &e))?;
    if application != APPLICATION && tables > 0 {
        return Err(StoreError::Open {
            database: path.display().to_string(),
            problem: "it is the database of another program".to_owned(),
            way_out: "Give the path of a housevoice database, or of a file that is not there yet: it is then made."
                .to_owned(),
        });
    }
    Ok(())
}

/// A connection that changes nothing, not even where words stand: the last one to close a file would fold the log into it.
pub(super) fn onlooker(path: &Path) -> rusqlite::Result<Conn> {
    let mut conn = Conn::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.raw().busy_timeout(BUSY)?;
    conn.raw().set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    conn.run("PRAGMA query_only = ON")?;
    Ok(conn)
}

/// Which program made a file, and how much is in it.
fn header(path: &Path) -> rusqlite::Result<(i64, i64)> {
    let mut conn = onlooker(path)?;
    let found = conn.raw().query_row(
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT COUNT(*) FROM sqlite_master)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    conn.close()?;
    Ok(found)
}

pub(super) fn opening(path: &Path, error: &rusqlite::Error) -> StoreError {
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
