//! Whether what happens on Telegram is heard at the moment.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::reasons::Fault;

/// How long ago the last answer may be: three times as long as Telegram takes when nothing happens.
const FRESH: Duration = Duration::from_secs(90);

/// Whether what happens is heard.
#[derive(Debug, Default)]
pub struct Link {
    heard: Mutex<Option<Instant>>,
    /// The token is not that of the bot any more.
    lost: AtomicBool,
}

impl Link {
    /// Telegram has answered.
    pub fn answered(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.lost.store(false, Ordering::Relaxed);
    }

    /// Telegram has done what it was asked for: the token is that of the bot.
    pub fn works(&self) {
        self.lost.store(false, Ordering::Relaxed);
    }

    /// Something went wrong.
    pub fn suffered(&self, fault: &Fault) {
        if fault.is_about_token() {
            self.lost.store(true, Ordering::Relaxed);
        }
    }

    /// Nobody listens any more.
    pub fn ended(&self) {
        self.lost.store(true, Ordering::Relaxed);
    }

    /// Whether what happens is heard; `called`: Telegram does the calling, so that silence means nothing.
    pub fn is_up(&self, called: bool) -> bool {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        !self.lost.load(Ordering::Relaxed) && heard.is_some_and(|at| called || at.elapsed() < FRESH)
    }
}
