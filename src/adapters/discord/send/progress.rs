//! How far deliveries of several messages came, so that trying again does not say a part twice. After a restart it is looked up
//! where they went (`lost`).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::OutboxId;

/// Deliveries whose progress is remembered; the oldest make room.
const REMEMBERED: usize = 1000;

/// How far each delivery came.
#[derive(Debug, Default)]
pub(in crate::adapters::discord) struct Progress(Mutex<BTreeMap<OutboxId, Gone>>);

#[derive(Clone, Debug, Default)]
struct Gone {
    parts: usize,
    first: Option<String>,
    thread: Option<String>,
}

impl Progress {
    /// How many parts were sent.
    pub(super) fn parts(&self, id: OutboxId) -> usize {
        self.all().get(&id).map_or(0, |gone| gone.parts)
    }

    /// The number of the first message.
    pub(super) fn first(&self, id: OutboxId) -> Option<String> {
        self.all().get(&id)?.first.clone()
    }

    /// The thread that was opened for it.
    pub(super) fn thread(&self, id: OutboxId) -> Option<String> {
        self.all().get(&id)?.thread.clone()
    }

    /// A part was sent.
    pub(super) fn sent(&self, id: OutboxId, message: &str) {
        let mut all = self.all();
        let gone = all.entry(id).or_default();
        gone.parts += 1;
        gone.first.get_or_insert_with(|| message.to_owned());
        while all.len() > REMEMBERED {
            all.pop_first();
        }
    }

    /// A thread was opened, with this many parts in it.
    pub(super) fn opened(&self, id: OutboxId, thread: &str, parts: usize) {
        let opened = Gone { parts, first: Some(thread.to_owned()), thread: Some(thread.to_owned()) };
        let mut all = self.all();
        all.insert(id, opened);
        while all.len() > REMEMBERED {
            all.pop_first();
        }
    }

    /// It is over.
    pub(super) fn forget(&self, id: OutboxId) {
        self.all().remove(&id);
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<OutboxId, Gone>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
