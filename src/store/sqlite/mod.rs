//! [`Store`](super::Store) on one SQLite file: one writer, several readers, every write durable when it returns. One process serves it.
//!
//! | file | idea |
//! |---|---|
//! | `open` | the file, its settings, its migrations |
//! | `beside` | a file that another process may serve: looked at, or used as it is |
//! | `migrations` | tables are brought up to date |
//! | `writer`, `readers` | turns at the connection that writes, and connections that read |
//! | `driver` | statements |
//! | `serving` | one process sends |
//! | `work` | what waits to be handled |
//! | `dialect` | what SQLite says in its own way |
//! | `sql` | everything else, shared with the other database |

mod beside;
mod dialect;
mod driver;
mod migrations;
mod open;
mod readers;
mod serving;
mod work;
mod writer;

#[expect(clippy::duplicate_mod, reason = "compiled once for each database, see there")]
#[path = "../sql/mod.rs"]
mod sql;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

pub use beside::Seen;
use driver::Conn;
use readers::Readers;
use sql::Doing;
use writer::Writer;

use super::StoreError;

use Sqlite as Database;
type Result<T> = std::result::Result<T, StoreError>;

/// One SQLite file, or one in memory.
#[derive(Debug)]
pub struct Sqlite {
    writer: Writer,
    /// None: the database is in memory, and its only connection is the one that writes.
    readers: Option<Readers>,
    path: Option<PathBuf>,
    /// Held open and locked while this process is the one that sends; the system lets go of it whatever ends the process.
    serving: Mutex<Option<File>>,
}

impl Sqlite {
    fn new(writer: Conn, readers: Option<Readers>, path: Option<PathBuf>) -> Result<Self> {
        Ok(Self { writer: Writer::on(writer)?, readers, path, serving: Mutex::new(None) })
    }

    /// Closes every connection, which also empties the write-ahead log into the file.
    async fn close_now(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
    }

    /// Writes in one turn; returns when it is on disk.
    async fn write<T: Send + 'static>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send + 'static,
    ) -> Result<T> {
        self.write_if(doing, |_| true).await
    }

    /// Writes in one turn, of which what was written stays only when what came of it says so.
    async fn write_if<T: Send + 'static>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send + 'static,
        stays: impl FnOnce(&T) -> bool + Send + 'static,
    ) -> Result<T> {
        self.writer.write(doing, stays).await
    }

    /// Looks at what is there.
    async fn read<T: Send + 'static>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send + 'static,
    ) -> Result<T> {
        match &self.readers {
            Some(readers) => readers.read(doing).await,
            None => self.writer.write(doing, |_| false).await,
        }
    }

    /// What was removed also leaves the write-ahead log. Readers can be in the way, as while a copy is made; the log is then
    /// emptied a little later.
    async fn forget_for_good(&self) {
        match self.writer.empty_log().await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(
                "something reads the database for long: what was removed stays in the write-ahead log until that has ended \
                 and more is written"
            ),
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied"),
        }
    }
}

/// Nobody is there any more who would answer.
fn gone() -> StoreError {
    StoreError::Unavailable("the database was closed, or broke off what it was asked".to_owned())
}

/// Longer than anything takes that is asked of the database often.
const LONG: Duration = Duration::from_secs(1);

/// Does what is to be done, on this thread: statements never wait for anything but the disk (`driver`). One that panics has
/// failed, and nothing else has.
fn at_once<'c, T>(doing: impl FnOnce() -> Doing<'c, T>) -> Result<T> {
    let began = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| doing().as_mut().poll(&mut Context::from_waker(Waker::noop()))));
    let took = began.elapsed();
    if took > LONG {
        tracing::warn!(seconds = took.as_secs_f64(), "the database took long");
    }
    match done {
        Ok(Poll::Ready(done)) => done,
        Ok(Poll::Pending) => Err(StoreError::Refused("what was asked of it waits for something else".into())),
        Err(_) => Err(StoreError::Refused("what was asked of it panicked".into())),
    }
}

/// SQLite's own number for what went wrong, without the finer part.
fn primary_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code & 0xff)
}

impl From<rusqlite::Error> for StoreError {
    /// Waiting may help when it is busy, locked, read-only, the disk, full, cannot be opened
    /// (<https://www.sqlite.org/rescode.html>).
    fn from(error: rusqlite::Error) -> Self {
        if matches!(primary_code(&error), Some(5 | 6 | 8 | 10 | 13 | 14)) {
            StoreError::Unavailable(error.to_string())
        } else {
            StoreError::Refused(error.into())
        }
    }
}
