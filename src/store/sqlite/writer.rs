//! One connection that writes, by turns, for everybody, on a thread of its own. Making a transaction durable takes the disk
//! some milliseconds, one row or a hundred; so those who come while the disk is busy share the next transaction. Each turn
//! stands alone inside it (a savepoint): one that fails leaves nothing, and does not touch its neighbours. Nobody is told
//! that something is written before the transaction is on disk.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};

use super::driver::Conn;
use super::sql::Doing;
use super::{Result, at_once, gone};
use crate::store::StoreError;

/// Turns that share a transaction at most.
const TOGETHER: usize = 256;
/// Turns that can be waited for at the same time before asking for one waits itself.
const QUEUE: usize = 1024;

/// Gives turns at the connection that writes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    requests: mpsc::Sender<Request>,
}

/// What the writer is asked for.
enum Request {
    Turn(Turn),
    EmptyLog(oneshot::Sender<Result<()>>),
    Close(oneshot::Sender<()>),
}

/// Something to write. When it is done, whoever asked hears of it: at once when it is not to stay, else by what it gives back.
type Turn = Box<dyn FnOnce(Attempt<'_>) -> Option<Kept> + Send>;

/// Whether a turn gets the connection.
type Attempt<'c> = std::result::Result<&'c mut Conn, StoreError>;

/// What a turn that is to stay hears when it is on disk, or why it is not.
type Kept = Box<dyn FnOnce(std::result::Result<(), String>) + Send>;

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
    /// before their turn has written nothing; later, they do not know.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send + 'static,
        stays: impl FnOnce(&T) -> bool + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel::<Result<T>>();
        let turn = move |conn: Attempt<'_>| -> Option<Kept> {
            if answer.is_closed() {
                return None;
            }
            match conn.and_then(|conn| at_once(doing(conn))) {
                Ok(done) if stays(&done) => Some(Box::new(move |on_disk| {
                    let _ = answer.send(on_disk.map(|()| done).map_err(StoreError::Unavailable));
                })),
                other => {
                    let _ = answer.send(other);
                    None
                }
            }
        };
        self.requests.send(Request::Turn(Box::new(turn))).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Empties the write-ahead log into the file, so far as no reader is in the way.
    pub(super) async fn empty_log(&self) -> Result<()> {
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
    while let Some(request) = next {
        next = match request {
            Request::Turn(turn) => together(&mut conn, turn, &mut requests),
            Request::EmptyLog(done) => {
                let _ = done.send(conn.run("PRAGMA wal_checkpoint(TRUNCATE)").map_err(StoreError::from));
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
        let error = StoreError::from(error);
        let problem = error.to_string();
        first(Err(error));
        return refuse_waiting(requests, &problem);
    }
    let (mut kept, mut other) = (Vec::new(), None);
    let mut next = Some(first);
    let mut end = Ok(());
    while let Some(turn) = next.take() {
        match one(conn, turn) {
            Ok(keep) => kept.extend(keep),
            Err(error) => {
                end = Err(error);
                break;
            }
        }
        if kept.len() < TOGETHER {
            match requests.try_recv() {
                Ok(Request::Turn(turn)) => next = Some(turn),
                Ok(request @ (Request::EmptyLog(_) | Request::Close(_))) => other = Some(request),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        }
    }
    let end = end.and_then(|()| conn.run("COMMIT")).map_err(|error| broken(conn, error));
    for keep in kept {
        keep(end.clone());
    }
    other
}

/// Who waited while the database could not be had would only wait as long again, one after the other.
fn refuse_waiting(requests: &mut mpsc::Receiver<Request>, problem: &str) -> Option<Request> {
    loop {
        match requests.try_recv() {
            Ok(Request::Turn(turn)) => {
                turn(Err(StoreError::Unavailable(problem.to_owned())));
            }
            Ok(request @ (Request::EmptyLog(_) | Request::Close(_))) => return Some(request),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
        }
    }
}

/// One turn inside the transaction; what it wrote stays only when it says so. A turn that panics has not said so.
///
/// # Errors
/// When the transaction itself is broken, as when the disk is full.
fn one(conn: &mut Conn, turn: Turn) -> rusqlite::Result<Option<Kept>> {
    if let Err(error) = conn.run("SAVEPOINT turn") {
        turn(Err(StoreError::Unavailable("the transaction was broken".to_owned())));
        return Err(error);
    }
    let keep = catch_unwind(AssertUnwindSafe(|| turn(Ok(conn)))).unwrap_or_else(|_| {
        tracing::error!("a turn at the database panicked; nothing of it is written");
        None
    });
    match keep {
        Some(keep) => match conn.run("RELEASE turn") {
            Ok(()) => Ok(Some(keep)),
            Err(error) => {
                keep(Err(error.to_string()));
                Err(error)
            }
        },
        None => {
            conn.run("ROLLBACK TO turn")?;
            conn.run("RELEASE turn")?;
            Ok(None)
        }
    }
}

/// The transaction itself is broken; gives back what everybody in it is told.
fn broken(conn: &mut Conn, error: rusqlite::Error) -> String {
    // Some errors have ended the transaction already; then there is nothing to roll back, which is fine.
    let _ = conn.run("ROLLBACK");
    let error = StoreError::from(error);
    tracing::error!(%error, "a transaction could not be written");
    error.to_string()
}

#[cfg(test)]
mod tests;
