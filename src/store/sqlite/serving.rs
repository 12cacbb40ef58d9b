//! One process sends: two that answer from one file would answer twice.

use std::fs::File;
use std::sync::PoisonError;

use super::{Result, Sqlite};
use crate::store::StoreError;

impl Sqlite {
    /// Takes the lock that only one process can have. A file in memory has no other process.
    pub(super) fn lock_for_serving(&self) -> Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut serving = self.serving.lock().unwrap_or_else(PoisonError::into_inner);
        if serving.is_some() {
            return Ok(());
        }
        let mut lock_path = path.clone().into_os_string();
        lock_path.push(".lock");
        let refused = |problem: String, way_out: &str| StoreError::Open {
            path: path.clone(),
            problem,
            way_out: way_out.to_owned(),
        };
        let file = File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(|e| {
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
