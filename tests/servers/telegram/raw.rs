//! Updates as such: of any kind, again, out of order, later.

use std::time::Duration;

use serde_json::Value;

use super::BotApi;
use super::users::{Bot, Pending};

impl BotApi {
    /// Gives a bot an update made of these fields, whatever they are, such as `{"poem": {...}}`. Gives its number.
    pub fn raw_update(&self, bot: &Bot, fields: Value) -> i64 {
        self.shared.change(|world| world.queue(bot.id, fields))
    }

    /// Gives a bot an update once more, with the same number, before all others.
    pub fn redeliver(&self, bot: &Bot, update_id: i64) {
        self.shared.change(|world| {
            let state = world.bot_mut(bot.id);
            let known = state.history.iter().find(|update| update["update_id"] == update_id);
            let update = known.expect("there was no such update").clone();
            state.pending.push_front(Pending { update, again: true, given: false });
        });
    }

    /// Holds the updates of a bot back until [`BotApi::release`].
    pub fn hold(&self, bot: &Bot) {
        self.shared.change(|world| world.bot_mut(bot.id).held = true);
    }

    /// Lets held updates go.
    pub fn release(&self, bot: &Bot) {
        self.shared.change(|world| world.bot_mut(bot.id).held = false);
    }

    /// Mixes the updates that wait for a bot; the same seed mixes them the same way. Useful between [`BotApi::hold`] and
    /// [`BotApi::release`].
    pub fn shuffle(&self, bot: &Bot, seed: u64) {
        self.shared.change(|world| {
            let pending = world.bot_mut(bot.id).pending.make_contiguous();
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            for at in (1..pending.len()).rev() {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                pending.swap(at, (state % (at as u64 + 1)) as usize);
            }
        });
    }

    /// The updates that wait for a bot, or that it has not confirmed.
    pub fn pending(&self, bot: &Bot) -> Vec<Value> {
        self.shared.read(|world| world.bot(bot.id).pending.iter().map(|pending| pending.update.clone()).collect())
    }

    /// Every update a bot was ever meant to get, oldest first.
    pub fn updates(&self, bot: &Bot) -> Vec<Value> {
        self.shared.read(|world| world.bot(bot.id).history.clone())
    }

    /// How long a webhook that did not answer with 2xx is left alone; 100 ms unless set.
    pub fn repeat_webhooks_after(&self, time: Duration) {
        self.shared.change(|world| world.repeat_after = time);
    }
}
