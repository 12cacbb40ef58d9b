//! [`Store`](super::Store) on one SQLite file: one writer, several readers, every write durable when it returns. One process serves it.
//!
//! | file | idea |
//! |---|---|
//! | `open` | the file, its settings, its migrations |
//! | `beside` | a file that another process may serve: looked at, or used as it is |
//! | `writer`, `reading` | turns at the connection that writes, and connections that read |
//! | `serving` | one process sends |
//! | `work` | what waits to be handled |
//! | `dialect` | what SQLite says in its own way |
//! | `sql` | everything else, shared with the other database |

mod beside;
mod dialect;
mod open;
mod reading;
mod serving;
mod work;
mod writer;

#[expect(clippy::duplicate_mod, reason = "compiled once for each database, see there")]
#[path = "../sql/mod.rs"]
mod sql;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Mutex;

pub use beside::Seen;
use reading::Reading;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use writer::{Turn, Writer};

use super::StoreError;

/// What statements run on.
type Conn = SqliteConnection;
use Sqlite as Database;
type Result<T> = std::result::Result<T, StoreError>;

/// One SQLite file, or one in memory.
#[derive(Debug)]
pub struct Sqlite {
    writer: Writer,
    /// None: the database is in memory, and its only connection is the one that writes.
    readers: Option<SqlitePool>,
    path: Option<PathBuf>,
    /// Held open and locked while this process is the one that sends; the system lets go of it whatever ends the process.
    serving: Mutex<Option<File>>,
}

impl Sqlite {
    fn new(writer: SqliteConnection, readers: Option<SqlitePool>, path: Option<PathBuf>) -> Self {
        Self { writer: Writer::on(writer), readers, path, serving: Mutex::new(None) }
    }

    /// Closes every connection, which also empties the write-ahead log into the file.
    async fn close_now(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
    }

    async fn write(&self) -> Result<Turn> {
        self.writer.turn().await
    }

    async fn read(&self) -> Result<Reading> {
        match &self.readers {
            Some(readers) => Ok(Reading::Pool(readers.acquire().await?)),
            None => Ok(Reading::Turn(self.writer.turn().await?)),
        }
    }

    /// What was removed also leaves the write-ahead log. Readers can be in the way; the log is then emptied a little later,
    /// as always.
    async fn forget_for_good(&self) {
        if let Err(error) = self.writer.empty_log().await {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
    }
}

/// SQLite's own number for what went wrong, without the finer part.
pub(super) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    let code = sqlx::error::DatabaseError::code(code)?;
    code.parse::<i32>().ok().map(|code| code & 0xff)
}

/// Whether waiting may help: busy, locked, read-only, the disk, full, cannot open
/// (<https://www.sqlite.org/rescode.html>).
pub(super) fn passes(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(5 | 6 | 8 | 10 | 13 | 14))
}
