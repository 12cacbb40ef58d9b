//! How often Telegram lets a bot send
//! (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>): "In a single chat, avoid sending more
//! than one message per second. We may allow short bursts that go over this limit"; "In a group, bots are not able to send
//! more than 20 messages per minute"; "For bulk notifications, bots are not able to broadcast more than about 30 messages per
//! second". A 429 does not say which of these it is about.

use std::time::Duration;

use crate::adapters::{Limits, Rate};
use crate::engine::DESK;

/// What holds for every bot that does not pay for more.
pub const LIMITS: Limits = Limits { bot: BOT, room, tells_whose: false };

const BOT: &[Rate] = &[Rate { at_most: 30, within: Duration::from_secs(1) }];
/// A message a second, three of them at once.
const BURST: Rate = Rate { at_most: 3, within: Duration::from_secs(3) };
const CHAT: &[Rate] = &[BURST];
const GROUP: &[Rate] = &[BURST, Rate { at_most: 20, within: Duration::from_secs(60) }];

/// The numbers of people are positive, those of groups negative; the team works in a group.
fn room(room: &str) -> &'static [Rate] {
    if room == DESK || room.starts_with('-') { GROUP } else { CHAT }
}
