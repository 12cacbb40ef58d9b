//! One process tells the others that there is something to do. Telling inside a transaction that writes would make all
//! writers wait for each other (measured: a tenth of the throughput), so it is told behind it, on a connection of its own
//! and for many at once. News can get lost; everybody also looks by themselves.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The channel of the server's.
const CHANNEL: &str = "housevoice";
/// How long news is gathered before it is told.
const GATHER_FOR: Duration = Duration::from_millis(10);
/// How long to wait when the server cannot be heard.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// News, heard and told.
#[derive(Debug)]
pub(super) struct News {
    heard: Arc<Notify>,
    to_tell: Arc<Notify>,
    stop: CancellationToken,
}

impl News {
    /// Begins to hear and to tell.
    pub(super) fn begin(pool: PgPool) -> Self {
        let news = Self { heard: Arc::default(), to_tell: Arc::default(), stop: CancellationToken::new() };
        tokio::spawn(news.stop.clone().run_until_cancelled_owned(hear(pool.clone(), Arc::clone(&news.heard))));
        tokio::spawn(news.stop.clone().run_until_cancelled_owned(tell(pool, Arc::clone(&news.to_tell))));
        news
    }

    /// Woken when another process has told something.
    pub(super) fn heard(&self) -> Arc<Notify> {
        Arc::clone(&self.heard)
    }

    /// There is something to do.
    pub(super) fn tell(&self) {
        self.to_tell.notify_one();
    }

    /// Ends.
    #[expect(clippy::unused_async, reason = "what is closed beside it is waited for")]
    pub(super) async fn close(&self) {
        self.stop.cancel();
    }
}

async fn hear(pool: PgPool, heard: Arc<Notify>) {
    loop {
        if let Err(error) = hear_on(&pool, &heard).await {
            tracing::debug!(%error, "news of other processes is not heard; what there is to do is looked up");
        }
        tokio::time::sleep(AGAIN_AFTER).await;
    }
}

async fn hear_on(pool: &PgPool, heard: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.ignore_pool_close_event(false);
    listener.listen(CHANNEL).await?;
    // Nothing: the connection was lost for a while, and with it what was told meanwhile.
    loop {
        listener.try_recv().await?;
        heard.notify_one();
    }
}

async fn tell(pool: PgPool, to_tell: Arc<Notify>) {
    loop {
        to_tell.notified().await;
        tokio::time::sleep(GATHER_FOR).await;
        if let Err(error) = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&pool).await {
            tracing::debug!(%error, "other processes were not told; they look by themselves");
        }
    }
}
