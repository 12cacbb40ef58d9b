//! What comes in comes again and again, and mixed.

use super::places::{discord_in, telegram_in};
use super::script::{Allowed, Trouble, Whose};

const MIXED: Allowed = Allowed { disorder: true, doubles_at_desk: false };
/// How much waits until it counts.
const ENOUGH: usize = 16;

#[test]
fn updates_come_three_times_and_mixed_on_telegram() {
    telegram_in(|town, _| Trouble {
        whose: Whose::Bot,
        begins: Box::new(|| town.api.hold(&town.bot)),
        is_felt: Box::new(|| town.api.pending(&town.bot).len() >= ENOUGH),
        meanwhile: Box::new(|| {}),
        ends: Box::new(|| {
            let numbers = town.api.pending(&town.bot).into_iter().filter_map(|update| update["update_id"].as_i64());
            let numbers: Vec<i64> = numbers.collect();
            numbers.iter().chain(&numbers).for_each(|number| town.api.redeliver(&town.bot, *number));
            town.api.shuffle(&town.bot, 7);
            town.api.release(&town.bot);
        }),
        allows: MIXED,
    });
}

#[test]
fn events_come_three_times_and_mixed_on_discord() {
    discord_in(|town, _| Trouble {
        whose: Whose::Bot,
        begins: Box::new(|| town.server.hold()),
        is_felt: Box::new(|| town.server.held() >= ENOUGH),
        meanwhile: Box::new(|| {}),
        ends: Box::new(|| town.server.release(3, 7)),
        allows: MIXED,
    });
}
