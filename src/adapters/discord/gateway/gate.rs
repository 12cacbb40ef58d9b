//! Lets serenity begin one session, and no other by itself. It resumes in place where it can, but begins anew without
//! asking anybody; both go to the address of the gateway, which it reads each time.
//!
//! Before serenity begins anew, it takes the shard out of the list of those that run. That list is held here almost always.
//! It is let go for a moment only, while the address is held: whoever takes a shard out then finds no address any more.

use std::sync::Arc;
use std::time::Duration;

use serenity::gateway::{ConnectionStage, ShardManager, ShardRunnerInfo};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

/// How long the list is held, so that serenity waits for it that long at most.
const HELD: Duration = Duration::from_millis(150);

/// What is seen of a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// None is there yet: nobody was reached.
    NoShard,
    /// It is there, and this far.
    At(ConnectionStage),
    /// It wanted to begin anew.
    Gone,
}

/// A gate, for as long as this lives.
pub(super) struct Gate {
    watch: watch::Receiver<Seen>,
    task: JoinHandle<()>,
}

impl Gate {
    /// Opens it for one session at an address.
    pub(super) async fn open(shards: Arc<ShardManager>, address: Arc<Mutex<String>>, url: &str) -> Self {
        url.clone_into(&mut *address.lock().await);
        let (seen, watch) = watch::channel(Seen::NoShard);
        Self { watch, task: tokio::spawn(keep(shards, address, seen)) }
    }

    /// What is seen at the moment.
    pub(super) fn seen(&self) -> Seen {
        *self.watch.borrow()
    }

    /// Until the shard wanted to begin anew.
    pub(super) async fn gone(&self) {
        if self.watch.clone().wait_for(|seen| *seen == Seen::Gone).await.is_err() {
            std::future::pending().await
        }
    }

    /// Shuts it: no shard finds a way any more. Gives what was seen last.
    pub(super) async fn shut(self, shards: &ShardManager, address: &Mutex<String>) -> Seen {
        self.task.abort();
        let seen = self.seen();
        let _ = self.task.await;
        let mut address = address.lock().await;
        address.clear();
        // One that came by at the last moment has been counted.
        let runs = shards.runners.lock().await.values().next().map(|runner| runner.stage);
        match (seen, runs) {
            (Seen::NoShard, Some(stage)) => Seen::At(stage),
            (seen, _) => seen,
        }
    }
}

async fn keep(shards: Arc<ShardManager>, address: Arc<Mutex<String>>, seen: watch::Sender<Seen>) {
    let mut known = None;
    let mut runners = shards.runners.lock().await;
    loop {
        let first = runners.iter().next().map(|(id, runner)| (*id, runner.stage, runner.runner_tx.clone()));
        if let Some((id, stage, messenger)) = first {
            known = Some((id, messenger));
            seen.send_if_modified(|seen| std::mem::replace(seen, Seen::At(stage)) != Seen::At(stage));
        }
        tokio::time::sleep(HELD).await;
        let mut url = address.lock().await;
        drop(runners);
        // Those who have waited for the list have it before us.
        runners = shards.runners.lock().await;
        if let Some((id, messenger)) = known.take().filter(|_| runners.is_empty()) {
            url.clear();
            // serenity ends its queue only when it knows of a shard that it can end with it.
            let ended = ShardRunnerInfo { latency: None, runner_tx: messenger, stage: ConnectionStage::Disconnected };
            runners.insert(id, ended);
            seen.send_replace(Seen::Gone);
            return;
        }
    }
}
