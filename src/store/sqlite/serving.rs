//! One process sends: two that answer from one file would answer twice.

use std::fs::File;
use std::sync::PoisonError;
use std::time::Duration;

use super::beside::lock_path;
use super::{Result, Sqlite};
use crate::store::StoreError;

/// How often the lock is tried, and how long between: whoever only asks whether the file is served has it for a moment,
/// and one that stops has it until it has stopped.
const TRIES: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(50);

impl Sqlite {
    /// Takes the lock, patiently.
    pub(super) async fn become_the_one(&self) -> Result<()> {
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
            path: path.clone(),
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
}
