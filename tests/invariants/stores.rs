//! Where a run keeps everything: the one place to plug in another kind of store.

use std::sync::Arc;

use async_trait::async_trait;
use housevoice::store::{Sqlite, Store};

use super::support::ground::{Ground, SqliteGround};
use super::support::postgres::PostgresGround;

/// A kind of store.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// SQLite in memory: what a process that starts anew finds is the same store.
    Memory,
    /// A SQLite file: what a process that starts anew opens again.
    File,
    /// A database on a PostgreSQL server.
    Server,
}

/// Opens the store of one run, as often as a process starts in it.
#[async_trait]
pub trait Stores: Send + Sync {
    async fn open(&self) -> Arc<dyn Store>;
}

struct Same(Arc<dyn Store>);

#[async_trait]
impl Stores for Same {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::clone(&self.0)
    }
}

#[async_trait]
impl Stores for SqliteGround {
    async fn open(&self) -> Arc<dyn Store> {
        Ground::open(self).await
    }
}

#[async_trait]
impl Stores for PostgresGround {
    async fn open(&self) -> Arc<dyn Store> {
        Ground::open(self).await
    }
}

/// A fresh store of a kind.
pub async fn fresh(kind: Kind) -> Box<dyn Stores> {
    match kind {
        Kind::Memory => Box::new(Same(Arc::new(Sqlite::in_memory().await.unwrap()))),
        Kind::File => Box::new(SqliteGround::new()),
        Kind::Server => Box::new(PostgresGround::new().expect("asked for only where there is a server")),
    }
}
