//! What the bot promises under attack and load (threats 10 and 16 of the domain notes): who sends too much is shed at the
//! border, everybody else is answered, and nothing that concerns a person is lost.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../support/mod.rs"]
mod support;

mod crowd;
mod flood;
mod machines;
mod order;

use std::sync::{Arc, LazyLock};

use housevoice::adapters::{Incoming, Intake, Taken};
use housevoice::bot::{Bot, ManualClock, Served};
use housevoice::engine::*;
use housevoice::store::Sqlite;
use housevoice::voice::Platform;
use jiff::{SignedDuration, Timestamp};
use support::{Recorder, console, direct, sender, start};

/// Learned once.
static SHOP: LazyLock<Arc<Brand>> = LazyLock::new(|| Arc::new(common::brand("lantern-loom")));
static STUDIO: LazyLock<Arc<Brand>> = LazyLock::new(|| Arc::new(common::brand("pocket-comet")));

/// A shop's bot, with everything that was sent, on a clock that stands.
struct Shop {
    bot: Arc<Bot>,
    clock: Arc<ManualClock>,
    out: Arc<Recorder>,
    brand: housevoice::voice::BrandId,
    events: std::sync::atomic::AtomicU64,
}

impl Shop {
    async fn open() -> Self {
        Self::on(console()).await
    }

    async fn on(platform: Platform) -> Self {
        let brand = Arc::clone(&SHOP);
        let id = brand.voice.brand.id.clone();
        let (clock, out) = (Arc::new(ManualClock::at(start())), Recorder::new());
        let store = Arc::new(Sqlite::in_memory().await.unwrap());
        let bot = Bot::new(store, Arc::clone(&clock) as _).on(id.clone(), platform, Arc::clone(&out) as _);
        bot.serve(Served::new(brand, "v1"));
        Self { bot: Arc::new(bot), clock, out, brand: id, events: Default::default() }
    }

    /// So long after the beginning.
    fn after(&self, time: SignedDuration) -> Timestamp {
        let at = start() + time;
        self.clock.set(at);
        at
    }

    fn inbound(&self, who: &str, place: Place, event: Event, at: Timestamp) -> Inbound {
        let number = self.events.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Inbound {
            brand: self.brand.clone(),
            platform: console(),
            event_id: format!("e{number}"),
            at,
            to: To::Customer { sender: sender(who), place, via: None },
            event,
        }
    }

    /// Something comes in now.
    async fn comes(&self, who: &str, place: Place, event: Event) -> Taken {
        let now = self.bot.clock().now();
        self.bot.take(&Incoming::Event(self.inbound(who, place, event, now))).await.unwrap()
    }

    /// Somebody writes in private.
    async fn says(&self, who: &str, text: &str) -> Taken {
        self.comes(who, direct(who), said(text)).await
    }

    /// What somebody was sent in private.
    fn told(&self, who: &str) -> Vec<String> {
        let sent = self.out.sent.lock().unwrap();
        let theirs = sent.iter().filter(|delivery| delivery.place.id == who);
        theirs.filter_map(|delivery| support::words(&delivery.body)).collect()
    }

    /// Every word of a customer that is stored of a conversation in private.
    async fn kept(&self, who: &str) -> Vec<String> {
        let store = self.bot.store();
        let Some(person) = store.person(&self.brand, &console(), who).await.unwrap() else { return Vec::new() };
        let mut kept = Vec::new();
        for id in store.conversations(&self.brand, person).await.unwrap() {
            let lines = store.transcript(&self.brand, id).await.unwrap();
            kept.extend(lines.into_iter().filter(|line| matches!(line.by, Speaker::Person(_))).map(|line| line.text));
        }
        kept
    }
}

fn said(text: &str) -> Event {
    Event::Message(words(text))
}

fn words(text: &str) -> Message {
    Message { id: text.chars().filter(|c| c.is_alphanumeric()).collect(), text: text.into(), ..Message::default() }
}
