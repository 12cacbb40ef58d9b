//! A bot with two brands that share every number, on a real store, and a platform that does as it is told.
//!
//! | file | idea |
//! |---|---|
//! | `customers` | what customers do |
//! | `team` | what agents do |
//! | `buttons` | what is pressed, by the right hand or a wrong one |
//! | `trouble` | what comes again, what ends in the middle, what must go |

mod buttons;
mod customers;
mod team;
mod trouble;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use housevoice::bot::{Bot, ManualClock, Served};
use housevoice::engine::*;
use housevoice::store::{InboxId, Store};
use housevoice::voice::BrandId;
use jiff::{SignedDuration, Timestamp};

use super::common::{SHOP, STUDIO};
use super::ledger::{Ledger, Shared, Stepped};
use super::ops::{Happens, Op};
use super::outside::{Platform, Watch};
use super::promises::{self, News, Verdict};
use super::seen::{Seen, What};
use super::stores::{Kind, Stores, fresh};
use super::support::{console, start};

/// The two brands: real voices, with numbers, places and people in common.
pub const BRANDS: [&str; 2] = ["lantern-loom", "pocket-comet"];

pub fn brand_id(brand: usize) -> BrandId {
    BrandId::from(BRANDS[brand])
}

pub fn brand(brand: usize) -> &'static Brand {
    [&*SHOP, &*STUDIO][brand]
}

/// Something that came in and was accepted, so that it can come again.
#[derive(Clone)]
enum Came {
    Event(Inbound, InboxId),
    Press(Press),
}

/// A run.
pub struct World<'s> {
    stores: Box<dyn Stores>,
    pub store: Arc<dyn Store>,
    bot: Bot,
    clock: Arc<ManualClock>,
    pub now: Timestamp,
    pub ledger: Shared,
    pub seen: &'s Seen,
    came: Vec<Came>,
    numbers: [u64; 2],
    checked: (usize, usize),
}

fn wake(store: &Arc<dyn Store>, ledger: &Shared, now: Timestamp) -> (Bot, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(now));
    let mut bot = Bot::new(Arc::clone(store), Arc::clone(&clock) as _);
    for of in 0..BRANDS.len() {
        let platform = Arc::new(Platform { brand: of, ledger: Arc::clone(ledger), clock: Arc::clone(&clock) });
        bot = bot.on(brand_id(of), console(), platform as _);
        let mind = brand(of);
        bot.serve(Served::stepping(brand_id(of), "v1", move |conversation, event, scene| {
            step(mind, conversation, event, scene)
        }));
    }
    let watch = Watch { ledger: Arc::clone(ledger), clock: Arc::clone(&clock) };
    (bot.observed_by(Arc::new(watch)), clock)
}

impl<'s> World<'s> {
    pub async fn new(kind: Kind, seen: &'s Seen) -> Self {
        let stores = fresh(kind).await;
        let (store, now, ledger) = (stores.open().await, start(), Arc::new(Mutex::new(Ledger::default())));
        let (bot, clock) = wake(&store, &ledger, now);
        Self { stores, store, bot, clock, now, ledger, seen, came: Vec::new(), numbers: [0, 0], checked: (0, 0) }
    }

    /// Does one thing, and checks every promise after it.
    pub async fn happens(&mut self, what: &Happens) -> Verdict {
        self.happen(&what.op).await?;
        self.check().await?;
        if what.work {
            self.work().await?;
        }
        Ok(())
    }

    async fn happen(&mut self, op: &Op) -> Verdict {
        match op {
            Op::Say(from, meant) => {
                let said = self.message(*from, *meant);
                self.comes(said, 1).await
            }
            Op::SaidLate(from, meant) => {
                let mut said = self.message(*from, *meant);
                said.at -= SignedDuration::from_mins(15);
                if let Event::Message(message) = &mut said.event {
                    message.at = said.at;
                }
                self.comes(said, 1).await
            }
            Op::Edit(back, meant) => match self.edit(*back, *meant) {
                Some(edit) => self.comes(edit, 1).await,
                None => Ok(()),
            },
            Op::Delete(back) => match self.delete(*back) {
                Some(delete) => self.comes(delete, 1).await,
                None => Ok(()),
            },
            Op::Use(from, command) => {
                let used = self.event(*from, Event::Command(*command));
                self.comes(used, 1).await
            }
            Op::Batch { from, meant, edit, delete, order } => self.batch(*from, meant, *edit, *delete, order).await,
            Op::Act { case, agent, deed } => self.act(*case, *agent, *deed).await,
            Op::ActAcross { case, deed } => self.act_across(*case, *deed).await,
            Op::Race { case } => self.race(*case).await,
            Op::Press { button, agent, hand } => self.press(*button, *agent, *hand).await,
            Op::Pass(seconds) => {
                self.goes_on_to(self.now + SignedDuration::from_secs(*seconds));
                Ok(())
            }
            Op::Fire { back } => {
                if let Some(next) = self.next_due().await {
                    self.goes_on_to(self.now.max(next));
                    for of in 0..BRANDS.len() {
                        self.store.fire_due(&brand_id(of), self.now).await.unwrap();
                    }
                    self.goes_on_to(self.now - SignedDuration::from_secs(*back));
                }
                Ok(())
            }
            Op::Again { back, times } => self.again(*back, *times).await,
            Op::Platform(answers) => {
                self.ledger.lock().unwrap().answers = answers.clone().into();
                Ok(())
            }
            Op::HandleOne => {
                for of in 0..BRANDS.len() {
                    if let Some(first) = self.store.waiting(&brand_id(of), self.now, 1).await.unwrap().first() {
                        self.bot.handle(&brand_id(of), first.inbox).await.unwrap();
                        break;
                    }
                }
                Ok(())
            }
            Op::Crash { on_their_way } => self.crash(*on_their_way).await,
            Op::Erase { brand, who } => self.erase(*brand, *who).await,
        }
    }

    /// Everything that can be done now.
    pub async fn work(&mut self) -> Verdict {
        self.bot.drain_until_idle().await.unwrap();
        self.check().await?;
        promises::safety_has_left(&self.ledger.lock().unwrap())?;
        promises::what_was_due_is_over(&self.ledger.lock().unwrap(), self.now)
    }

    async fn check(&mut self) -> Verdict {
        self.check_what_is_new()?;
        promises::every_deadline_is_stored(self).await?;
        promises::the_store_names_the_same_owner(self).await
    }

    fn check_what_is_new(&mut self) -> Verdict {
        let ledger = self.ledger.lock().unwrap();
        let (steps, asked) = self.checked;
        let all = (ledger.steps.len(), ledger.asked.len());
        self.checked = all;
        promises::check(&News { ledger: &ledger, seen: self.seen, steps: steps..all.0, asked: asked..all.1 })
    }

    /// Nothing happens any more but time, on a platform that takes everything.
    pub async fn end(&mut self) -> Verdict {
        self.ledger.lock().unwrap().answers.clear();
        self.work().await?;
        for _ in 0..4 {
            self.goes_on_to(self.now + SignedDuration::from_secs(61));
            self.work().await?;
        }
        let open = self.ledger.lock().unwrap().live.values().filter(|c| c.case().is_some()).count();
        (0..open).for_each(|_| self.seen.saw(What::LeftOpen));
        for _ in 0..400 {
            let Some(next) = self.next_due().await else { break };
            self.goes_on_to(self.now.max(next));
            self.work().await?;
        }
        let overtaken = self.ledger.lock().unwrap().overtaken;
        (0..overtaken).for_each(|_| self.seen.saw(What::Overtaken));
        promises::at_the_end(self).await
    }

    fn goes_on_to(&mut self, now: Timestamp) {
        self.now = now;
        self.clock.set(now);
    }

    async fn next_due(&self) -> Option<Timestamp> {
        let mut next: Option<Timestamp> = None;
        for of in 0..BRANDS.len() {
            next = next.into_iter().chain(self.store.next_due(&brand_id(of)).await.unwrap()).min();
        }
        next
    }

    // ── how it stands ──

    /// All that can be read of the store, as text.
    pub async fn snapshot(&self) -> Vec<String> {
        let mut all = Vec::new();
        let ids: BTreeSet<(usize, ConversationId)> = {
            let ledger = self.ledger.lock().unwrap();
            ledger.addresses.iter().map(|(id, address)| (address.brand, *id)).collect()
        };
        for (of, id) in ids {
            let brand = brand_id(of);
            all.push(format!("{:?}", self.store.conversation(&brand, id).await.unwrap()));
            all.push(format!("{:?}", self.store.transcript(&brand, id).await.unwrap()));
            all.push(format!("{:?}", self.store.notes(&brand, id).await.unwrap()));
            all.push(format!("{:?}", self.store.last_why(&brand, id).await.unwrap()));
        }
        for of in 0..BRANDS.len() {
            let brand = brand_id(of);
            all.push(format!("{:?}", self.store.open_cases(&brand).await.unwrap()));
            all.push(format!("{:?}", self.store.waiting(&brand, self.now, 1000).await.unwrap()));
            all.push(format!("{:?}", self.store.next_due(&brand).await.unwrap()));
        }
        all
    }

    /// Whether nothing waits to be handled.
    pub async fn is_idle(&self) -> bool {
        for of in 0..BRANDS.len() {
            if !self.store.waiting(&brand_id(of), Timestamp::MAX, 1).await.unwrap().is_empty() {
                return false;
            }
        }
        true
    }
}

/// What notes hold and nothing else.
pub const NOTE: &str = "canary-note-6f1c";

fn brand_id_is(brand: &BrandId, id: &str) -> bool {
    brand.as_str() == id
}

/// A name that tells whose it is.
pub fn name_of(brand: usize, who: usize) -> String {
    format!("Zed{brand}{who}q")
}

/// An agent's words, which tell for whom they are.
pub fn words_for(brand: usize, conversation: ConversationId) -> String {
    format!("for {brand}/{}.", conversation.0)
}

/// The brand of a step.
pub fn brand_of(step: &Stepped) -> usize {
    BRANDS.iter().position(|id| brand_id_is(&step.after.brand, id)).unwrap()
}
