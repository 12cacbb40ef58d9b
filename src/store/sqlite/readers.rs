//! Connections that read while one writes, each on a thread of its own, which may wait for the disk.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::driver::Conn;
use super::sql::Doing;
use super::{Result, at_once, gone};
use crate::store::StoreError;

/// Who waits to read at the same time before asking for it waits itself.
const QUEUE: usize = 1024;

/// Connections that read.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    requests: mpsc::Sender<Request>,
    many: usize,
}

/// What a reader is asked for.
enum Request {
    Look(Box<dyn FnOnce(&mut Conn) + Send>),
    Close(oneshot::Sender<()>),
}

impl Readers {
    /// Takes over connections.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub(super) fn on(connections: Vec<Conn>) -> Result<Self> {
        let (requests, waiting) = mpsc::channel(QUEUE);
        let (waiting, many) = (Arc::new(Mutex::new(waiting)), connections.len());
        for conn in connections {
            let waiting = Arc::clone(&waiting);
            let thread = std::thread::Builder::new().name("sqlite-reader".to_owned());
            let begun = thread.spawn(move || work(conn, &waiting));
            begun.map_err(|e| StoreError::Unavailable(format!("there is no thread to read from: {e}")))?;
        }
        Ok(Self { requests, many })
    }

    /// Reads, as soon as a connection is free.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let look = move |conn: &mut Conn| {
            if !answer.is_closed() {
                let _ = answer.send(at_once(|| doing(conn)));
            }
        };
        self.requests.send(Request::Look(Box::new(look))).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Closes every connection once it has read what it reads; whoever comes later is refused.
    pub(super) async fn close(&self) {
        for _ in 0..self.many {
            let (closed, done) = oneshot::channel();
            // Where there is nobody left to be told, it is closed.
            if self.requests.send(Request::Close(closed)).await.is_ok() {
                let _ = done.await;
            }
        }
    }
}

/// Reads until it is told to close, or nobody can ask any more.
fn work(mut conn: Conn, waiting: &Mutex<mpsc::Receiver<Request>>) {
    loop {
        // Whoever is next in line holds the lock while waiting; it is let go of before anything is read.
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        match next {
            Some(Request::Look(look)) => look(&mut conn),
            Some(Request::Close(closed)) => {
                drop(conn);
                let _ = closed.send(());
                return;
            }
            None => return,
        }
    }
}
