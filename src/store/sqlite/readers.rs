//! Connections that read while one writes. Whoever reads waits for the disk on a thread that may wait.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::driver::Conn;
use super::sql::Doing;
use super::{Result, at_once};
use crate::store::StoreError;

/// Connections that read.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    free: Arc<Mutex<Vec<Conn>>>,
    /// As many as there are connections; closed when they are.
    turns: Arc<Semaphore>,
}

impl Readers {
    /// Takes over connections.
    pub(super) fn on(connections: Vec<Conn>) -> Self {
        let turns = Arc::new(Semaphore::new(connections.len()));
        Self { free: Arc::new(Mutex::new(connections)), turns }
    }

    /// Reads, as soon as a connection is free.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send + 'static,
    ) -> Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| closed())?;
        let free = Arc::clone(&self.free);
        let reading = tokio::task::spawn_blocking(move || {
            let mut lent = Lent { conn: take(&free), free };
            let read = lent.conn.as_mut().ok_or_else(closed).and_then(|conn| at_once(doing(conn)));
            drop(lent);
            drop(turn);
            read
        });
        reading.await.map_err(|e| StoreError::Unavailable(format!("reading was broken off: {e}")))?
    }

    /// Closes every connection, once nobody reads any more; whoever comes later is refused.
    pub(super) async fn close(&self) {
        let all = u32::try_from(super::open::READERS).unwrap_or(u32::MAX);
        let nobody_reads = self.turns.acquire_many(all).await;
        self.turns.close();
        drop(nobody_reads);
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A connection that goes back to the others, also when whoever reads from it panics.
struct Lent {
    conn: Option<Conn>,
    free: Arc<Mutex<Vec<Conn>>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).extend(self.conn.take());
    }
}

fn take(free: &Mutex<Vec<Conn>>) -> Option<Conn> {
    free.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn closed() -> StoreError {
    StoreError::Unavailable("the database was closed".to_owned())
}
