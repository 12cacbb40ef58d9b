//! Tables are brought up to date. What was applied stands in `_sqlx_migrations`, as sqlx writes it, so that older programs
//! read it too; what is not known here, was changed since it was applied or was not finished is refused. Unlike there, all
//! that is missing is one transaction.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, TransactionBehavior};
use sqlx::migrate::{Migration, Migrator};

use super::Result;
use super::driver::Conn;
use super::open::opening;
use crate::store::StoreError;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Why tables cannot be brought up to date.
enum Problem {
    /// They are those of a newer program.
    Newer(i64),
    /// They were made by something else than what this program would make them with.
    Changed(i64),
    /// SQLite refused.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Applies what is missing.
///
/// # Errors
/// [`StoreError::Open`], with a way out.
pub(super) fn apply(conn: &mut Conn, path: &Path) -> Result<()> {
    bring_up_to_date(conn.raw()).map_err(|problem| refused(path, &problem))
}

/// What was applied to a database, by the numbers.
pub(super) fn applied(conn: &mut Conn) -> rusqlite::Result<Vec<i64>> {
    let conn = conn.raw();
    let any = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
    if conn.query_row(any, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Vec::new());
    }
    conn.prepare("SELECT version FROM _sqlx_migrations")?.query_map([], |row| row.get(0))?.collect()
}

/// One transaction: of two programs that begin at once, one does it and the other finds it done.
fn bring_up_to_date(conn: &mut Connection) -> std::result::Result<(), Problem> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
           installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
           execution_time BIGINT NOT NULL)",
    )?;
    let applied: Vec<(i64, Vec<u8>, bool)> = transaction
        .prepare("SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let known = |version: i64| MIGRATIONS.iter().find(|known| known.version == version);
    if let Some((version, ..)) = applied.iter().find(|(version, ..)| known(*version).is_none()) {
        return Err(Problem::Newer(*version));
    }
    let is_ours = |version: i64, sum: &[u8]| known(version).is_some_and(|known| *known.checksum == *sum);
    if let Some((version, ..)) = applied.iter().find(|(version, sum, done)| !done || !is_ours(*version, sum)) {
        return Err(Problem::Changed(*version));
    }
    for missing in MIGRATIONS.iter().filter(|known| !applied.iter().any(|(version, ..)| *version == known.version)) {
        apply_one(&transaction, missing)?;
    }
    Ok(transaction.commit()?)
}

fn apply_one(conn: &Connection, migration: &Migration) -> rusqlite::Result<()> {
    let began = Instant::now();
    conn.execute_batch(migration.sql.as_str())?;
    let took = i64::try_from(began.elapsed().as_nanos()).unwrap_or(i64::MAX);
    conn.execute(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (?1, ?2, TRUE, ?3, ?4)",
        (migration.version, &*migration.description, &*migration.checksum, took),
    )?;
    Ok(())
}

fn refused(path: &Path, problem: &Problem) -> StoreError {
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    let (problem, way_out) = match problem {
        Problem::Sqlite(error) => return opening(path, error),
        Problem::Newer(version) => (
            format!("it was written by a newer housevoice (its tables are at {version}, this program knows {newest})"),
            "Start the newer housevoice, or restore the backup that was made before it was first started.",
        ),
        Problem::Changed(version) => (
            format!("its tables were made another way than this program makes them (at {version})"),
            "This file was made by a changed or unfinished build of housevoice. Use the build that made it, or another file.",
        ),
    };
    StoreError::Open { database: path.display().to_string(), problem, way_out: way_out.to_owned() }
}
