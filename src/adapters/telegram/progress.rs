//! How far each delivery got that takes several calls, so that another try does not repeat what was done, and under which
//! numbers messages of ours stand. What a delivery has left behind it is also written down, because Telegram has no key to
//! tell a repeated call by: whoever goes on after a crash repeats one call at most.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::spot::Spot;
use crate::engine::OutboxId;

/// How many are remembered.
const MOST: usize = 4096;

/// How far a delivery got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    /// How many messages were sent.
    pub parts: usize,
    /// The number of the last of them.
    pub last: Option<i64>,
    /// The last number under which the next of them was looked for, while that is not over.
    pub looked: Option<i64>,
    /// The topic that was opened for it.
    pub topic: Option<Spot>,
}

/// How far each delivery got.
#[derive(Debug, Default)]
pub struct Progress {
    done: Mutex<BTreeMap<OutboxId, Done>>,
    /// What was sent lately: chats and numbers of messages.
    ours: Mutex<BTreeSet<(i64, i64)>>,
}

impl Done {
    /// As it is written down.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Progress {
    /// Goes on from what was written down, perhaps by another process, unless more is known here.
    pub fn take_up(&self, id: OutboxId, written: &str) {
        let Ok(written) = serde_json::from_str::<Done>(written) else { return };
        let mut all = self.lock();
        let known = all.entry(id).or_insert(written);
        if written.parts > known.parts || (written.parts == known.parts && known.topic.is_none()) {
            *known = Done { looked: known.looked.max(written.looked), ..written };
        }
    }

    pub fn of(&self, id: OutboxId) -> Done {
        self.lock().get(&id).copied().unwrap_or_default()
    }

    pub fn note(&self, id: OutboxId, done: Done) {
        let mut all = self.lock();
        all.insert(id, done);
        if all.len() > MOST {
            all.pop_first();
        }
    }

    pub fn forget(&self, id: OutboxId) {
        self.lock().remove(&id);
    }

    /// A message of ours has this number.
    pub fn is_sent(&self, chat: i64, number: i64) {
        let mut ours = self.ours.lock().unwrap_or_else(PoisonError::into_inner);
        if ours.len() >= MOST {
            ours.clear();
        }
        ours.insert((chat, number));
    }

    /// Whether a message of ours is known to have this number.
    pub fn is_ours(&self, chat: i64, number: i64) -> bool {
        self.ours.lock().unwrap_or_else(PoisonError::into_inner).contains(&(chat, number))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<OutboxId, Done>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
