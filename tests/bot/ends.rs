//! Wherever the process ends, nothing is lost and nothing is done twice but for what no program can know.

use std::sync::Arc;

use housevoice::engine::*;
use housevoice::store::{LineState, Store};

use super::say;
use super::support::ground::{Ground, SqliteGround};
use super::support::*;

/// The points of a message's path at which a process can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndsAfter {
    Receiving,
    Loading,
    Committing,
    Claiming,
    Sending,
    Recording,
}

/// Walks the path of a message up to a point, and then the process is gone.
async fn live_until(ends: EndsAfter, store: &Arc<dyn Store>, out: &Arc<Recorder>, id: &str) {
    let lumen = brand("lumen");
    let (bot, _) = bot(Arc::clone(store), &["lumen"], out);
    store.begin_serving().await.unwrap();
    say(&bot, "u1", id, &format!("hello {id}")).await;
    if ends == EndsAfter::Receiving {
        return;
    }
    let waiting = store.waiting(&lumen, start(), 1).await.unwrap()[0];
    let loaded = store.load(&lumen, waiting.inbox, start()).await.unwrap().unwrap();
    let _step = simple_step(loaded.conversation, loaded.inbound.event, &loaded.scene);
    if ends == EndsAfter::Loading {
        return;
    }
    bot.handle(&lumen, waiting.inbox).await.unwrap();
    if ends == EndsAfter::Committing {
        return;
    }
    let delivery = store.claim(&lumen, &console(), start(), 1, &[]).await.unwrap().remove(0);
    if ends == EndsAfter::Claiming {
        return;
    }
    let sent = housevoice::adapters::Deliver::deliver(&**out, &delivery).await.unwrap();
    if ends == EndsAfter::Sending {
        return;
    }
    store.delivered(&lumen, delivery.id, sent.message_id.as_deref(), start()).await.unwrap();
}

#[tokio::test]
async fn wherever_the_process_ends_every_message_is_handled_once_and_answered() {
    use EndsAfter::*;
    for ends in [Receiving, Loading, Committing, Claiming, Sending, Recording] {
        let ground = SqliteGround::new();
        let out = Recorder::new();
        for id in ["m1", "m2"] {
            let store = ground.open().await;
            live_until(ends, &store, &out, id).await;
            drop(store);
            let (bot, _) = bot(ground.open().await, &["lumen"], &out);
            // The platform, which may not have been told that it arrived, delivers it again.
            say(&bot, "u1", id, &format!("hello {id}")).await;
            bot.drain_until_idle().await.unwrap();
        }
        let mut words = out.words();
        if ends == Sending {
            let numbers: Vec<OutboxId> = out.sent.lock().unwrap().iter().map(|delivery| delivery.id).collect();
            assert_eq!(numbers.len(), 4, "sent and not recorded: sent again");
            assert_eq!((numbers[0], numbers[2]), (numbers[1], numbers[3]), "under the number that is the nonce");
            words.dedup();
        }
        assert_eq!(words, ["re: hello m1", "re: hello m2"], "ends after {ends:?}");
        let store = ground.open().await;
        let person = message("lumen", "u1", direct("u1"), "m3", "x", start());
        let housevoice::store::Received::Stored(_, id) = store.receive(&person, start()).await.unwrap() else {
            panic!("known")
        };
        let lines = store.transcript(&brand("lumen"), id).await.unwrap();
        assert_eq!(lines.len(), 4, "each handled once, ends after {ends:?}");
        assert!(lines.iter().filter(|line| line.by == Speaker::Bot).all(|line| line.state == LineState::Sent));
    }
}
