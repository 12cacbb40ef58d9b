//! Tells those who wait, in threads and in tasks, that something changed.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::watch;

/// Counts the changes.
pub struct Bell {
    rung: Mutex<u64>,
    threads: Condvar,
    tasks: watch::Sender<()>,
}

impl Bell {
    pub fn new() -> Self {
        Self { rung: Mutex::new(0), threads: Condvar::new(), tasks: watch::Sender::new(()) }
    }

    /// Something changed.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.threads.notify_all();
        self.tasks.send_replace(());
    }

    /// How often it rang.
    pub fn count(&self) -> u64 {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Blocks until it rang more often than `count`; false when the time is over first.
    pub fn wait_beyond(&self, count: u64, until: Instant) -> bool {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        while *rung <= count {
            let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else {
                return false;
            };
            rung = self.threads.wait_timeout(rung, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// For tasks: `changed()` of it comes back after every ring from now on.
    pub fn listen(&self) -> watch::Receiver<()> {
        self.tasks.subscribe()
    }
}
