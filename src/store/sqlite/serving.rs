//! One process sends: two that answer from one file would answer twice.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::beside::lock_path;
use super::dialect::query;
use super::sql::on;
use super::{Conn, Result, Sqlite};
use crate::store::{Duty, Standing, StoreError};

/// How often the lock is tried, and how long between: whoever only asks whether the file is served has it for a moment,
/// and one that stops has it until it has stopped.
const TRIES: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(50);

impl Sqlite {
    /// Becomes the process that sends. What a crash left half sent leaves again.
    pub(super) async fn join(&self) -> Result<()> {
        self.become_the_one().await?;
        self.write(on!(conn => take_up_what_is_left(conn))).await
    }

    /// Takes the lock, patiently.
    async fn become_the_one(&self) -> Result<()> {
        for _ in 1..TRIES {
            if self.lock_for_serving().is_ok() {
                return Ok(());
            }
            tokio::time::sleep(BETWEEN).await;
        }
        self.lock_for_serving()
    }

    /// Takes the lock that only one process can have. A file in memory has no other process.
    fn lock_for_serving(&self) -> Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut serving = self.serving.lock().unwrap_or_else(PoisonError::into_inner);
        if serving.is_some() {
            return Ok(());
        }
        let refused = |problem: String, way_out: &str| StoreError::Open {
            database: path.display().to_string(),
            problem,
            way_out: way_out.to_owned(),
        };
        let file = File::options().create(true).truncate(false).write(true).open(lock_path(path)).map_err(|e| {
            refused(
                format!("its lock file cannot be opened ({e})"),
                "Let the user that runs housevoice write the folder.",
            )
        })?;
        file.try_lock().map_err(|_| {
            refused(
                "another housevoice already serves it".to_owned(),
                "Stop the other one first: two that answer from one database would answer twice.",
            )
        })?;
        *serving = Some(file);
        Ok(())
    }

    #[expect(clippy::unused_async, reason = "the other database asks the server")]
    pub(super) async fn stay_now(&self) -> Result<bool> {
        Ok(true)
    }

    #[expect(clippy::unused_async, reason = "the other database tells the server")]
    pub(super) async fn leave_now(&self) -> Result<()> {
        Ok(())
    }

    pub(super) fn standing_now(&self) -> Standing {
        Standing::for_ever()
    }

    /// Whoever serves the file has every duty.
    #[expect(clippy::unused_async, reason = "the other database asks the server")]
    pub(super) async fn take_duty_now(&self, _: &Duty) -> Result<bool> {
        Ok(true)
    }

    #[expect(clippy::unused_async, reason = "the other database asks the server")]
    pub(super) async fn duties_taken_now(&self) -> Result<BTreeSet<String>> {
        Ok(BTreeSet::new())
    }

    #[expect(clippy::unused_async, reason = "the other database tells the server")]
    pub(super) async fn give_up_duty_now(&self, _: &Duty) -> Result<()> {
        Ok(())
    }

    #[expect(clippy::unused_async, reason = "the other database asks the server")]
    pub(super) async fn at_work_now(&self) -> Result<u32> {
        Ok(1)
    }

    /// What a row carries that this process is at.
    #[expect(clippy::unused_self, reason = "the other database has a name for each process")]
    pub(super) fn me(&self) -> String {
        String::new()
    }

    #[expect(clippy::unused_self, reason = "the other database has other processes")]
    pub(super) fn news_now(&self) -> Option<Arc<Notify>> {
        None
    }

    #[expect(clippy::unused_self, reason = "the other database has other processes")]
    pub(super) fn tell_news_now(&self) {}
}

async fn take_up_what_is_left(conn: &mut Conn) -> Result<()> {
    query("UPDATE outbox SET state = 'pending', unsure = 1 WHERE state = 'sending'").execute(conn).await?;
    Ok(())
}
