//! Machines that talk to each other end (threat 16 of the domain notes).

use std::sync::{Arc, Mutex, OnceLock, Weak};

use async_trait::async_trait;
use housevoice::adapters::{Deliver, Incoming, Intake, SendError, Sent, Taken};
use housevoice::bot::{Bot, ManualClock, Served};
use housevoice::engine::*;
use housevoice::store::Sqlite;
use housevoice::voice::BrandId;
use jiff::SignedDuration;

use super::support::{self, console, direct, sender, start};
use super::{SHOP, STUDIO, Shop, words};

/// The mouth of one bot, which is the ear of another that takes it for a person.
struct Between {
    speaker: BrandId,
    listener: BrandId,
    to: OnceLock<Weak<Bot>>,
    said: Mutex<Vec<String>>,
}

#[async_trait]
impl Deliver for Between {
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        let Some(text) = support::words(&delivery.body) else { return Ok(Sent::default()) };
        self.said.lock().unwrap().push(text.clone());
        let bot = self.to.get().unwrap().upgrade().unwrap();
        let number = format!("{}-{}", self.speaker, delivery.id.0);
        let event = Event::Message(Message { id: number.clone(), ..words(&text) });
        let who = self.speaker.as_str();
        let to = To::Customer { sender: sender(who), place: direct(who), via: None };
        let at = bot.clock().now();
        let inbound = Inbound { brand: self.listener.clone(), platform: console(), event_id: number, at, to, event };
        bot.take(&Incoming::Event(inbound)).await.unwrap();
        Ok(Sent::default())
    }
}

/// Two bots that face each other.
struct Pair {
    bots: [(Arc<Bot>, Arc<Between>); 2],
    clock: Arc<ManualClock>,
}

impl Pair {
    async fn of(voices: [&str; 2]) -> Self {
        let clock = Arc::new(ManualClock::at(start()));
        let mut sides = Vec::new();
        for (name, other) in [(voices[0], voices[1]), (voices[1], voices[0])] {
            let brand = Arc::clone(if name == "lantern-loom" { &SHOP } else { &STUDIO });
            // They are called as their folders are.
            let (id, listener) = (brand.voice.brand.id.clone(), BrandId::from(other));
            assert_eq!(id.as_str(), name);
            let between =
                Arc::new(Between { speaker: id.clone(), listener, to: OnceLock::new(), said: Mutex::default() });
            let store = Arc::new(Sqlite::in_memory().await.unwrap());
            let bot = Bot::new(store, Arc::clone(&clock) as _).on(id, console(), Arc::clone(&between) as _);
            bot.serve(Served::new(brand, "v1"));
            sides.push((Arc::new(bot), between));
        }
        let bots: [_; 2] = sides.try_into().unwrap_or_else(|_| panic!("two"));
        bots[0].1.to.set(Arc::downgrade(&bots[1].0)).unwrap();
        bots[1].1.to.set(Arc::downgrade(&bots[0].0)).unwrap();
        Self { bots, clock }
    }

    /// The first one hears this, as if the other had said it; gives what each says until both are silent.
    async fn begins_with(&self, event: Event) -> [Vec<String>; 2] {
        let (first, second) = (&self.bots[0], &self.bots[1]);
        let who = second.1.speaker.as_str();
        let to = To::Customer { sender: sender(who), place: direct(who), via: None };
        let brand = first.1.speaker.clone();
        let inbound = Inbound { brand, platform: console(), event_id: "begin".into(), at: start(), to, event };
        assert_eq!(first.0.take(&Incoming::Event(inbound)).await.unwrap(), Taken::Kept);
        // Long enough for whatever is held back, and for a long talk.
        for second in 0..25 {
            self.clock.set(start() + SignedDuration::from_secs(second));
            for (bot, _) in &self.bots {
                bot.drain_until_idle().await.unwrap();
            }
        }
        [first, second].map(|(_, between)| between.said.lock().unwrap().clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_brands_that_take_each_other_for_people_are_silent_after_three_messages_each() {
    let begins = [
        Event::Started { payload: None },
        super::said("hello"),
        super::said("thanks!"),
        super::said("How long does delivery take?"),
        super::said("Sorry, I did not understand that. Could you say it in other words?"),
        super::said("are you a bot?"),
        super::said("no"),
        super::said("How can I help you today?"),
        super::said("Sure!"),
        Event::Command(Command::Help),
    ];
    let pairs = [
        (["lantern-loom", "pocket-comet"], 10),
        (["pocket-comet", "lantern-loom"], 4),
        (["pocket-comet", "pocket-comet"], 2),
    ];
    for (voices, many) in pairs {
        for event in begins.iter().take(many) {
            let pair = Pair::of(voices).await;
            let said = pair.begins_with(event.clone()).await;
            assert!(said.iter().all(|said| said.len() <= 3), "{voices:?} on {event:?}: {said:#?}");
        }
    }
}

#[tokio::test]
async fn the_third_time_the_same_text_is_not_listened_to_until_something_else_is_said() {
    let shop = Shop::open().await;
    let mut taken = Vec::new();
    for text in ["I am a bot", "I am  a BOT", "I am a bot", "I am a bot", "but what about lamps?", "I am a bot"] {
        taken.push(shop.says("bot", text).await);
    }
    use Taken::{Kept, Shed};
    assert_eq!(taken, [Kept, Kept, Shed, Shed, Kept, Kept]);
    // In public too, where it would be read by everybody.
    let mut public = Vec::new();
    for _ in 0..3 {
        let message = Message { mentions_bot: true, ..words("buy my coins") };
        public.push(shop.comes("spam", support::help_channel("c1"), Event::Message(message)).await);
    }
    assert_eq!(public, [Kept, Kept, Shed]);
}

#[tokio::test]
async fn a_machine_that_is_never_the_same_but_never_needs_time_to_type_ends_as_well() {
    let shop = Shop::open().await;
    let mut taken = Vec::new();
    for number in 0..6 {
        // One that the shop has an answer to, so that no person is ever brought.
        let text = format!("I am no. {number} of your many friends. What are your opening hours?");
        taken.push(shop.says("bot", &text).await);
        shop.bot.drain_until_idle().await.unwrap();
    }
    use Taken::{Kept, Shed};
    assert_eq!(taken, [Kept, Kept, Kept, Shed, Shed, Shed]);
    assert_eq!(shop.told("bot").len(), 3, "{:#?}", shop.told("bot"));
    // Once it has been quiet for a while, it is listened to again.
    shop.after(SignedDuration::from_secs(70));
    assert_eq!(shop.says("bot", "I am one of your many friends. What are your opening hours?").await, Kept);
}

#[tokio::test]
async fn another_bot_is_stored_for_the_record_and_never_answered() {
    let shop = Shop::open().await;
    for number in 0..200 {
        let text = format!("How long does delivery take? {number}");
        let message = Message { author: AuthorKind::Machine, mentions_bot: true, ..words(&text) };
        shop.comes("webhook", support::help_channel("c1"), Event::Message(message.clone())).await;
        shop.comes("webhook", direct("webhook"), Event::Message(message)).await;
    }
    shop.bot.drain_until_idle().await.unwrap();
    assert!(shop.out.words().is_empty(), "{:?}", shop.out.words());
}
