//! [`Store`](super::Store) on PostgreSQL, for one process or many. What a process is at carries its name; a process says
//! again and again that it works, and what one has left that no longer says so is taken up by the others.
//!
//! | file | idea |
//! |---|---|
//! | `open` | the address, the pool, migrations |
//! | `beside` | a database that others serve: looked at, or used as it is |
//! | `nodes` | the processes at work: joining, staying, leaving, and what a dead one has left |
//! | `duties` | what one process at a time does: listen to a bot, send for it |
//! | `work` | each conversation worked on by one process at a time |
//! | `news` | one process tells the others that there is something to do |
//! | `dialect` | what PostgreSQL says in its own way |
//! | `sql` | everything else, shared with the other database |

mod beside;
mod dialect;
mod duties;
mod news;
mod nodes;
mod open;
mod work;

#[expect(clippy::duplicate_mod, reason = "compiled once for each database, see there")]
#[path = "../sql/mod.rs"]
mod sql;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use sqlx::postgres::{PgConnection, PgPool};
use tokio::sync::Notify;

pub use beside::Seen;
pub use open::Options;

use super::StoreError;
use news::News;
use nodes::Node;
use sql::Doing;

/// What statements run on.
type Conn = PgConnection;
use Postgres as Database;
type Result<T> = std::result::Result<T, StoreError>;

/// A PostgreSQL database.
#[derive(Debug)]
pub struct Postgres {
    pool: PgPool,
    /// Its own connection, so that a process that has much to do can still say that it works.
    pulse: PgPool,
    node: RwLock<Option<Node>>,
    /// For how long a process's word that it works holds.
    lease: Duration,
    news: News,
}

impl Postgres {
    fn on(pool: PgPool, pulse: PgPool, options: Options) -> Self {
        let news = News::begin(pool.clone());
        Self { pool, pulse, node: RwLock::default(), lease: options.lease, news }
    }

    /// Writes in one transaction; returns when it is on disk.
    async fn write<T>(&self, doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send) -> Result<T> {
        self.write_if(doing, |_| true).await
    }

    /// Writes in one transaction, which stays only when what came of it says so.
    async fn write_if<T>(
        &self,
        doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send,
        stays: impl FnOnce(&T) -> bool + Send,
    ) -> Result<T> {
        let mut transaction = self.pool.begin().await?;
        let done = doing(&mut transaction).await?;
        if stays(&done) {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        Ok(done)
    }

    /// Looks at what is there.
    async fn read<T>(&self, doing: impl for<'c> FnOnce(&'c mut Conn) -> Doing<'c, T> + Send) -> Result<T> {
        doing(&mut *self.pool.acquire().await?).await
    }

    /// Lets go of what this process holds, and of every connection.
    async fn close_now(&self) {
        if let Err(error) = self.leave_now().await {
            tracing::warn!(%error, "the others were not told that this process ends; they find out soon");
        }
        self.news.close().await;
        self.pool.close().await;
        self.pulse.close().await;
    }

    /// The name of this process; empty before it has joined.
    fn me(&self) -> String {
        let node = self.node.read().unwrap_or_else(PoisonError::into_inner);
        node.as_ref().map(|node| node.id.clone()).unwrap_or_default()
    }

    fn news_now(&self) -> Option<Arc<Notify>> {
        Some(self.news.heard())
    }

    fn tell_news_now(&self) {
        self.news.tell();
    }

    /// Rows are gone for good when the server has swept up, which it does by itself.
    #[expect(clippy::unused_async, reason = "the other database has something to do")]
    async fn forget_for_good(&self) {}
}

/// Whether waiting may help: the server stops or starts, a connection was lost, too many of them, a deadlock, the disk is
/// full, the database is read-only for the moment
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(super) fn passes(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error().and_then(|e| e.try_downcast_ref::<sqlx::postgres::PgDatabaseError>())
    else {
        return matches!(error, sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed);
    };
    let code = error.code();
    // Classes 08 (connection), 53 (resources), 57P (the operator intervenes), 58 (the system), and single ones.
    ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class))
        || matches!(code, "40001" | "40P01" | "55P03" | "57014" | "25006")
}
