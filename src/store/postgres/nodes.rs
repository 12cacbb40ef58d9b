//! The processes at work. Each has a name that is never used twice and a moment until which its word that it works holds;
//! it says so again well before. Moments are those of the server's clock, so that no process's own clock can make another
//! one look dead.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::{Postgres, Result};
use crate::store::{Standing, StoreError};

/// How long looking up what others have left may take.
const TAKE_UP_WITHIN: Duration = Duration::from_secs(2);

/// Bytes of chance in a name.
const NAME_BYTES: usize = 8;

/// This process, as the others see it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) standing: Standing,
}

impl Postgres {
    /// Joins those that work, under a new name. A process that works already stays who it is.
    pub(super) async fn join(&self) -> Result<()> {
        if self.standing_now().holds() {
            return Ok(());
        }
        let asked = Instant::now();
        let id = name()?;
        sqlx::query(
            "INSERT INTO nodes (node, process, began_at, until) \
             VALUES ($1, $2, housevoice_now(), housevoice_now() + $3)",
        )
        .bind(&id)
        .bind(i64::from(std::process::id()))
        .bind(self.lease_us())
        .execute(&self.pulse)
        .await?;
        let standing = Standing::until(asked + self.holds_for());
        tracing::info!(node = id, "joined");
        *self.node.write().unwrap_or_else(PoisonError::into_inner) = Some(Node { id, standing });
        self.take_up_soon().await;
        Ok(())
    }

    /// Says that this process still works; false: the others have taken it for dead, and it must begin anew.
    pub(super) async fn stay_now(&self) -> Result<bool> {
        let (id, standing) = (self.me(), self.standing_now());
        let asked = Instant::now();
        let stays =
            sqlx::query("UPDATE nodes SET until = housevoice_now() + $1 WHERE node = $2 AND until > housevoice_now()")
                .bind(self.lease_us())
                .bind(&id)
                .execute(&self.pulse)
                .await?
                .rows_affected()
                == 1;
        if stays {
            standing.extend(asked + self.holds_for());
            self.take_up_soon().await;
        } else {
            standing.end();
        }
        Ok(stays)
    }

    /// Lets go of everything that this process holds.
    pub(super) async fn leave_now(&self) -> Result<()> {
        let id = self.me();
        if id.is_empty() {
            return Ok(());
        }
        self.standing_now().end();
        sqlx::query("UPDATE nodes SET until = 0 WHERE node = $1").bind(&id).execute(&self.pulse).await?;
        self.take_up_soon().await;
        Ok(())
    }

    pub(super) fn standing_now(&self) -> Standing {
        let node = self.node.read().unwrap_or_else(PoisonError::into_inner);
        node.as_ref().map_or_else(|| Standing::until(Instant::now()), |node| node.standing.clone())
    }

    /// Takes up what is left, but does not wait for it: this process must go on saying that it works.
    async fn take_up_soon(&self) {
        match tokio::time::timeout(TAKE_UP_WITHIN, self.take_up_what_is_left()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what other processes have left could not be looked up"),
            Err(_) => tracing::warn!("looking up what other processes have left takes long; it is tried again"),
        }
    }

    /// What was on its way when its process died may have reached the platform, or not: it leaves again, and is looked for.
    /// Whoever died is forgotten after a day.
    async fn take_up_what_is_left(&self) -> Result<()> {
        let left = sqlx::query(
            // A row that somebody is at right now is left alone: by the time they are done, more may be known of it.
            "UPDATE outbox SET state = 'pending', unsure = 1, holder = NULL WHERE outbox_id IN \
               (SELECT o.outbox_id FROM outbox o WHERE o.state = 'sending' AND NOT EXISTS \
                  (SELECT 1 FROM nodes n WHERE n.node = o.holder AND n.until > housevoice_now()) \
                FOR UPDATE OF o SKIP LOCKED)",
        )
        .execute(&self.pool)
        .await?
        .rows_affected();
        if left > 0 {
            tracing::warn!(rows = left, "took up what another process was sending when it ended");
        }
        sqlx::query("DELETE FROM nodes WHERE until < housevoice_now() - 86400000000").execute(&self.pool).await?;
        Ok(())
    }

    fn lease_us(&self) -> i64 {
        i64::try_from(self.lease.as_micros()).unwrap_or(i64::MAX)
    }

    /// A little shorter by one's own clock than by the server's, for what clocks differ in while it holds.
    fn holds_for(&self) -> std::time::Duration {
        self.lease - self.lease / 10
    }
}

fn name() -> Result<String> {
    let mut bytes = [0_u8; NAME_BYTES];
    getrandom::fill(&mut bytes).map_err(|e| StoreError::Unavailable(format!("the system gives no chance: {e}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
