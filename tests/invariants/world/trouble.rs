//! What comes again, what ends in the middle, what must go.

use std::sync::Arc;

use housevoice::adapters::{Incoming, Intake, Taken};
use housevoice::store::{Received, Sqlite, Store};

use super::super::promises::{self, Verdict};
use super::super::seen::What;
use super::super::support::console;
use super::{BRANDS, Came, World, brand_id, wake};

impl World<'_> {
    pub(super) async fn again(&mut self, back: usize, times: u8) -> Verdict {
        let Some(came) = self.came.iter().rev().nth(back).cloned() else { return Ok(()) };
        let before = self.snapshot().await;
        for _ in 0..times {
            self.seen.saw(What::CameAgain);
            let received = match &came {
                Came::Event(inbound, _) => self.bot.receive(inbound).await.unwrap(),
                Came::Press(press) => match self.bot.take(&Incoming::Press(press.clone())).await.unwrap() {
                    Taken::Kept => return Err("10 the_same_again_changes_nothing: a press was taken twice".into()),
                    Taken::Known | Taken::NoCase | Taken::Refused(_) | Taken::Shed => Received::Duplicate,
                },
            };
            promises::the_same_again_changes_nothing(received, &before, &self.snapshot().await)?;
        }
        match came {
            Came::Event(inbound, inbox) if self.is_idle().await => {
                let handled = self.bot.handle(&inbound.brand, inbox).await.unwrap();
                promises::what_was_handled_is_not_handled_again(handled, &before, &self.snapshot().await)
            }
            Came::Event(..) | Came::Press(_) => Ok(()),
        }
    }

    pub(super) async fn crash(&mut self, on_their_way: usize) -> Verdict {
        for of in 0..BRANDS.len() {
            self.store.claim(&brand_id(of), &console(), self.now, on_their_way, &[]).await.unwrap();
            if !self.store.waiting(&brand_id(of), self.now, 1).await.unwrap().is_empty() {
                self.seen.saw(What::DiedWithWaiting);
            }
        }
        // What is open of the store goes with the process, before the next one opens it.
        let nothing: Arc<dyn Store> = Arc::new(Sqlite::in_memory().await.unwrap());
        (self.bot, self.clock) = wake(&nothing, &self.ledger, self.now);
        self.store = nothing;
        self.store = self.stores.open().await;
        (self.bot, self.clock) = wake(&self.store, &self.ledger, self.now);
        Ok(())
    }

    pub(super) async fn erase(&mut self, of: usize, who: usize) -> Verdict {
        let id = brand_id(of);
        let Some(person) = self.store.person(&id, &console(), &format!("u{who}")).await.unwrap() else { return Ok(()) };
        self.store.erase_person(&id, person, self.now).await.unwrap();
        self.ledger.lock().unwrap().erased(&id, person);
        Ok(())
    }
}
