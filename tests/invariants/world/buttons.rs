//! What is pressed, by the right hand or a wrong one.

use housevoice::adapters::{Incoming, Intake, Taken};
use housevoice::engine::*;

use super::super::ledger::Asked;
use super::super::ops::{Answer, Hand};
use super::super::outside::number_of;
use super::super::promises::{self, Verdict};
use super::super::seen::What;
use super::super::support::console;
use super::team::agent_of;
use super::{Came, World, brand_id};

impl World<'_> {
    pub(super) async fn press(&mut self, button: usize, agent: usize, hand: Hand) -> Verdict {
        let Some((shown, token)) = self.shown(button) else { return Ok(()) };
        let of = shown.of;
        let is_staff = matches!(shown.delivery.body, Body::Staff(_));
        let place = if is_staff { number_of(shown.delivery.id) } else { shown.delivery.place.id.clone() };
        let mut press = Press {
            brand: brand_id(of),
            platform: console(),
            event_id: format!("e{}", self.number(of)),
            at: self.now,
            token,
            by: if is_staff { agent_of(agent).id } else { shown.delivery.recipient.id.clone() },
            agent: is_staff.then(|| agent_of(agent)),
            place,
            via: None,
        };
        match hand {
            Hand::Right => {}
            Hand::OtherPerson => {
                press.by = format!("{}x", press.by);
                press.agent = None;
            }
            Hand::OtherPlace => press.place = "elsewhere".into(),
            Hand::OtherBrand => press.brand = brand_id(1 - of),
            Hand::Forged => press.token = "AAAAAAAAAAAAAAAAAAAAAA".into(),
        }
        let taken = self.bot.take(&Incoming::Press(press.clone())).await.unwrap();
        if hand != Hand::Right {
            self.seen.saw(What::WrongHand);
            return promises::a_wrong_hand_presses_nothing(hand, taken);
        }
        if taken == Taken::Kept {
            self.came.push(Came::Press(press));
        }
        Ok(())
    }

    /// A button that can be seen, counted from the last one.
    pub(super) fn shown(&self, back: usize) -> Option<(Asked, String)> {
        let ledger = self.ledger.lock().unwrap();
        let shown = ledger.asked.iter().rev().filter(|asked| asked.answer == Answer::Sent);
        let mut buttons =
            shown.flat_map(|asked| asked.delivery.buttons.iter().map(move |token| (asked.clone(), token.clone())));
        buttons.nth(back)
    }
}
