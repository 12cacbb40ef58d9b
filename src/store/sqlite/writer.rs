//! One connection that writes, by turns, for everybody. Making a transaction durable takes the disk some milliseconds, one
//! row or a hundred; so those who come while the disk is busy share the next transaction. Each turn stands alone inside it
//! (a savepoint): one that fails leaves nothing, and does not touch its neighbours. Nobody is told that something is written
//! before the transaction is on disk.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};

use super::Result;
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
#[derive(Debug)]
enum Request {
    Turn(oneshot::Sender<Result<Turn>>),
    EmptyLog(oneshot::Sender<Result<()>>),
    Close(oneshot::Sender<()>),
}

/// What a turn that is to be kept hears when it is on disk, or why it is not.
type Kept = oneshot::Sender<std::result::Result<(), String>>;

/// A turn at the connection that writes. Dropped without [`Turn::commit`], it has written nothing.
#[derive(Debug)]
pub(super) struct Turn {
    conn: OwnedMutexGuard<SqliteConnection>,
    keep: oneshot::Sender<Kept>,
}

impl Turn {
    /// Keeps what was written; returns when it is on disk.
    pub(super) async fn commit(self) -> Result<()> {
        let Self { conn, keep } = self;
        drop(conn);
        let (kept, on_disk) = oneshot::channel();
        if keep.send(kept).is_err() {
            return Err(gone());
        }
        on_disk.await.map_err(|_| gone())?.map_err(StoreError::Unavailable)
    }
}

impl Deref for Turn {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.conn
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.conn
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the database was closed".to_owned())
}

impl Writer {
    /// Takes over a connection.
    pub(super) fn on(conn: SqliteConnection) -> Self {
        let (requests, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(work(conn, waiting));
        Self { requests }
    }

    /// Waits for a turn.
    pub(super) async fn turn(&self) -> Result<Turn> {
        self.ask(Request::Turn).await?
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
async fn work(conn: SqliteConnection, mut requests: mpsc::Receiver<Request>) {
    let conn = Arc::new(Mutex::new(conn));
    let mut next = requests.recv().await;
    while let Some(request) = next {
        next = match request {
            Request::Turn(to) => together(&conn, to, &mut requests).await,
            Request::EmptyLog(done) => {
                let _ = done.send(execute(&conn, "PRAGMA wal_checkpoint(TRUNCATE)").await);
                None
            }
            Request::Close(done) => {
                requests.close();
                close(conn).await;
                let _ = done.send(());
                return;
            }
        };
        if next.is_none() {
            next = requests.recv().await;
        }
    }
    close(conn).await;
}

async fn close(conn: Arc<Mutex<SqliteConnection>>) {
    if let Some(conn) = Arc::into_inner(conn)
        && let Err(error) = conn.into_inner().close().await
    {
        tracing::warn!(%error, "the database was not closed in order");
    }
}

async fn execute(conn: &Mutex<SqliteConnection>, sql: &'static str) -> Result<()> {
    sqlx::query(sql).execute(&mut *conn.lock().await).await?;
    Ok(())
}

/// One transaction: the turn that was asked for, and those that wait by the time it ends. Gives back a request of another
/// kind that it came upon.
async fn together(
    conn: &Arc<Mutex<SqliteConnection>>,
    first: oneshot::Sender<Result<Turn>>,
    requests: &mut mpsc::Receiver<Request>,
) -> Option<Request> {
    // Immediate, because a transaction that reads first and writes later is refused at once when another process writes in
    // between, however long the busy timeout is.
    if let Err(error) = execute(conn, "BEGIN IMMEDIATE; SAVEPOINT turn").await {
        let problem = error.to_string();
        let _ = first.send(Err(error));
        return refuse_waiting(requests, &problem);
    }
    let (mut kept, mut broken, mut other) = (Vec::new(), None, None);
    let mut next = Some(first);
    while let Some(to) = next.take() {
        let keep = one(conn, to).await;
        let is_kept = keep.is_some();
        kept.extend(keep);
        if kept.len() < TOGETHER {
            match requests.try_recv() {
                Ok(Request::Turn(to)) => next = Some(to),
                Ok(request @ (Request::EmptyLog(_) | Request::Close(_))) => other = Some(request),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
        }
        // One way to the database for what ends a turn and begins the next. A savepoint that was gone back to is still there.
        let between = match (is_kept, next.is_some()) {
            (true, true) => "RELEASE turn; SAVEPOINT turn",
            (true, false) => "COMMIT",
            (false, true) => "ROLLBACK TO turn",
            (false, false) => "ROLLBACK TO turn; COMMIT",
        };
        if let Err(error) = execute(conn, between).await {
            broken = Some(error);
            break;
        }
    }
    if let Some(to) = next {
        // It came upon a transaction that was broken by others, and has lost nothing.
        let _ = to.send(Err(StoreError::Unavailable("the transaction was broken".to_owned())));
    }
    let end = finish(conn, broken).await;
    for keep in kept {
        let _ = keep.send(end.clone());
    }
    other
}

/// Who waited while the database could not be had would only wait as long again, one after the other.
fn refuse_waiting(requests: &mut mpsc::Receiver<Request>, problem: &str) -> Option<Request> {
    loop {
        match requests.try_recv() {
            Ok(Request::Turn(to)) => {
                let _ = to.send(Err(StoreError::Unavailable(problem.to_owned())));
            }
            Ok(request @ (Request::EmptyLog(_) | Request::Close(_))) => return Some(request),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
        }
    }
}

/// One turn inside the transaction; what it wrote stays only when it says so.
async fn one(conn: &Arc<Mutex<SqliteConnection>>, to: oneshot::Sender<Result<Turn>>) -> Option<Kept> {
    let (keep, verdict) = oneshot::channel();
    let turn = Turn { conn: Arc::clone(conn).lock_owned().await, keep };
    // Whoever stopped waiting drops the turn here, which is the same as not keeping it.
    let _ = to.send(Ok(turn));
    verdict.await.ok()
}

/// What everybody in the transaction is told. An error means that the transaction itself is broken, as when the disk is full.
async fn finish(conn: &Mutex<SqliteConnection>, broken: Option<StoreError>) -> std::result::Result<(), String> {
    let Some(error) = broken else { return Ok(()) };
    // Some errors have ended the transaction already; then there is nothing to roll back, which is fine.
    let _ = execute(conn, "ROLLBACK").await;
    tracing::error!(%error, "a transaction could not be written");
    Err(error.to_string())
}

#[cfg(test)]
mod tests;
