//! One connection that writes, by turns, for everybody, on a thread of its own. Making a transaction durable takes the disk
//! some milliseconds, one row or a hundred; so those who come while the disk is busy share the next transaction. Each turn
//! stands alone inside it (a savepoint): one that fails leaves nothing, and does not touch its neighbours. Nobody is told
//! that something is written before the transaction is on disk.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};

use super::driver::Conn;
use super::open::BUSY;
use super::sql::Doing;
use super::{Result, at_once, gone};
use crate::store::StoreError;

/// Turns that share a transaction at most.
const TOGETHER: usize = 256;
/// Turns that can be waited for at the same time before asking for one waits itself.
const QUEUE: usize = 1024;
/// How long emptying the log waits for readers: everybody who writes waits meanwhile.
const EMPTY_WITHIN: Duration = Duration::from_millis(200);
/// How long until it is tried again.
const EMPTY_AGAIN: Duration = Duration::from_secs(1);

/// Gives turns at the connection that writes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    requests: mpsc::Sender<Request>,
}

/// What the writer is asked for.
enum Request {
    Turn(Turn),
    EmptyLog(oneshot::Sender<Result<bool>>),
    Close(oneshot::Sender<()>),
}

/// Something to write. Whoever asked hears of it: at once when it is not to stay, else by what it gives back.
type Turn = Box<dyn FnOnce(Attempt<'_>) -> Outcome + Send>;

/// Whether a turn gets the connection.
type Attempt<'c> = std::result::Result<&'c mut Conn, StoreError>;

/// What a turn that is to stay hears when it is on disk, or why it is not.
type Kept = Box<dyn FnOnce(std::result::Result<(), String>) + Send>;

/// What became of a turn.
enum Outcome {
    /// What it wrote is to stay.
    Stays(Kept),
    /// It is not to stay; with what went wrong, where something did.
    Undone(Option<String>),
}

impl Writer {
    /// Takes over a connection.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn on(conn: Conn) -> Result<Self> {
        let (requests, waiting) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new().name("sqlite-writer".to_owned());
        let begun = thread.spawn(move || work(conn, waiting));
        begun.map_err(|e| StoreError::Unavailable(format!("there is no thread to write from: {e}")))?;
        Ok(Self { requests })
    }

    /// Writes; returns when it is on disk. What was written stays only when what came of it says so. Whoever stops waiting
    /// before their turn is done has written nothing; while it is made durable, they do not know.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send + 'static,
        stays: impl FnOnce(&T) -> bool + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel::<Result<T>>();
        let turn = move |conn: Attempt<'_>| -> Outcome {
            if answer.is_closed() {
                return Outcome::Undone(None);
            }
            match conn.and_then(|conn| at_once(|| doing(conn))) {
                Ok(done) if stays(&done) && !answer.is_closed() => Outcome::Stays(Box::new(move |on_disk| {
                    let _ = answer.send(on_disk.map(|()| done).map_err(StoreError::Unavailable));
                })),
                other => {
                    let problem = other.as_ref().err().map(StoreError::bare);
                    let _ = answer.send(other);
                    Outcome::Undone(problem)
                }
            }
        };
        self.requests.send(Request::Turn(Box::new(turn))).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Empties the write-ahead log into the file. False: a reader is in the way; it is tried again when more is written.
    pub(super) async fn empty_log(&self) -> Result<bool> {
        self.ask(Request::EmptyLog).await?
    }

    /// Closes the connection; whoever asks for a turn from now on is refused.
    pub(super) async fn close(&self) {
        let _ = self.ask(Request::Close).await;
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(request(answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())
    }
}

/// Gives turns until it is told to close or nobody can ask any more.
fn work(mut conn: Conn, mut requests: mpsc::Receiver<Request>) {
    let mut next = requests.blocking_recv();
    // When emptying the log was last tried in vain.
    let mut owed: Option<Instant> = None;
    while let Some(request) = next {
        next = match request {
            Request::Turn(turn) => {
                let next = together(&mut conn, turn, &mut requests);
                if owed.is_some_and(|tried| tried.elapsed() >= EMPTY_AGAIN) {
                    owed = matches!(empty_log(&mut conn), Ok(false)).then(Instant::now);
                }
                next
            }
            Request::EmptyLog(done) => {
                let emptied = empty_log(&mut conn);
                owed = matches!(emptied, Ok(false)).then(Instant::now);
                let _ = done.send(emptied.map_err(StoreError::from));
                None
            }
            Request::Close(done) => {
                requests.close();
                close(conn);
                let _ = done.send(());
                return;
            }
        };
        if next.is_none() {
            next = requests.blocking_recv();
        }
    }
    close(conn);
}

/// A reader in the way is no error but a row that says so (<https://www.sqlite.org/pragma.html#pragma_wal_checkpoint>).
fn empty_log(conn: &mut Conn) -> rusqlite::Result<bool> {
    conn.raw().busy_timeout(EMPTY_WITHIN)?;
    let busy = conn.raw().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    conn.raw().busy_timeout(BUSY)?;
    Ok(busy? == 0)
}

fn close(conn: Conn) {
    if let Err(error) = conn.close() {
        tracing::warn!(%error, "the database was not closed in order");
    }
}

/// One transaction: the turn that was asked for, and those that wait by the time it ends. Gives back a request of another
/// kind that it came upon.
fn together(conn: &mut Conn, first: Turn, requests: &mut mpsc::Receiver<Request>) -> Option<Request> {
    // Immediate, because a transaction that reads first and writes later is refused at once when another process writes in
    // between, however long the busy timeout is.
    if let Err(error) = conn.run("BEGIN IMMEDIATE") {
        let problem = error.to_string();
        first(Err(error.into()));
        return refuse_waiting(requests, &problem);
    }
    let (mut kept, mut other) = (Vec::new(), None);
    let (mut next, mut turns) = (Some(first), 0);
    let mut end = Ok(());
    while let Some(turn) = next.take() {
        turns += 1;
        match one(conn, turn) {
            Ok(keep) => kept.extend(keep),
            Err(problem) => {
                end = Err(problem);
                break;
            }
        }
        // Those that do not stay count too: who waits for the disk must not wait for them without an end.
        if turns < TOGETHER {
            match requests.try_recv() {
                Ok(Request::Turn(turn)) => next = Some(turn),
                Ok(request @ (Request::EmptyLog(_) | Request::Close(_))) => other = Some(request),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        }
    }
    let end = end.and_then(|()| conn.run("COMMIT").map_err(|error| error.to_string()));
    if let Err(problem) = &end {
        // Some errors have ended the transaction already; then there is nothing to roll back, which is fine.
        let _ = conn.run("ROLLBACK");
        tracing::error!(problem, "a transaction could not be written");
    }
    for keep in kept {
        keep(end.clone());
    }
    other
}

/// Who waited while the database could not be had would only wait as long again, one after the other.
fn refuse_waiting(requests: &mut mpsc::Receiver<Request>, problem: &str) -> Option<Request> {
    // Who comes from now on is tried anew.
    for _ in 0..requests.len() {
        match requests.try_recv() {
            Ok(Request::Turn(turn)) => {
                turn(Err(StoreError::Unavailable(problem.to_owned())));
            }
            Ok(request @ (Request::EmptyLog(_) | Request::Close(_))) => return Some(request),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
        }
    }
    None
}

/// One turn inside the transaction; what it wrote stays only when it says so.
///
/// # Errors
/// Why the transaction itself is broken, as when the disk is full.
fn one(conn: &mut Conn, turn: Turn) -> std::result::Result<Option<Kept>, String> {
    if let Err(error) = conn.run("SAVEPOINT turn") {
        turn(Err(StoreError::Unavailable(error.to_string())));
        return Err(error.to_string());
    }
    match turn(Ok(conn)) {
        Outcome::Stays(keep) => match conn.run("RELEASE turn") {
            Ok(()) => Ok(Some(keep)),
            Err(error) => {
                keep(Err(error.to_string()));
                Err(error.to_string())
            }
        },
        // Some errors end the whole transaction; what says why is theirs.
        Outcome::Undone(Some(problem)) if conn.raw().is_autocommit() => Err(problem),
        Outcome::Undone(_) => {
            conn.run("ROLLBACK TO turn").and_then(|()| conn.run("RELEASE turn")).map_err(|error| error.to_string())?;
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests;
