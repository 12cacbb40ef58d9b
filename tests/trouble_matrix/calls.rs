//! Calls that come to nothing, or that nobody hears the end of.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use super::discord::Trouble as Fails;
use super::on_discord::Discord;
use super::on_telegram::Telegram;
use super::places::{discord_in, telegram_in};
use super::script::{Allowed, Trouble, Whose, customers};
use super::telegram::Fault;

/// What is done, and not heard of, can be done twice at a desk on Telegram.
const LOST: Allowed = Allowed { disorder: false, doubles_at_desk: true };
/// Longer than the program waits for an answer.
const NO_END: Duration = Duration::from_secs(60);
/// A pause before every few bytes, so that an answer takes some seconds.
const DRIP: Duration = Duration::from_millis(60);
/// How many calls meet it until it counts as felt.
const ENOUGH: usize = 4;

/// Calls on Telegram that met a fault: answered with an error, or never.
fn failed(town: &Telegram) -> usize {
    let failed = town.api.calls().into_iter().filter(|call| !call.is("getUpdates"));
    failed.filter(|call| call.outcome.as_ref().is_none_or(|outcome| outcome.code != 200 || !outcome.sent)).count()
}

/// The same on Discord.
fn unheard(town: &Discord) -> usize {
    town.server.requests().iter().filter(|request| request.status == 0 || request.status >= 500).count()
}

/// The next calls of one method, or of every one, fail in turn in these ways.
fn on_telegram<'t>(town: &'t Telegram, faults: &'static [Fault], allows: Allowed) -> Trouble<'t> {
    Trouble {
        whose: Whose::Bot,
        begins: Box::new(move || {
            for _ in 0..100 {
                faults.iter().for_each(|fault| town.api.fail_next_calls(1, *fault));
            }
        }),
        is_felt: Box::new(|| failed(town) >= ENOUGH),
        meanwhile: Box::new(|| {}),
        ends: Box::new(|| town.api.no_trouble()),
        allows,
    }
}

fn on_discord<'t>(town: &'t Discord, fails: &'static [Fails], part: &'static str) -> Trouble<'t> {
    Trouble {
        whose: Whose::Bot,
        begins: Box::new(move || {
            for _ in 0..100 {
                fails.iter().for_each(|fails| town.server.trouble(fails.clone(), 1, part));
            }
        }),
        is_felt: Box::new(|| unheard(town) >= ENOUGH),
        meanwhile: Box::new(|| {}),
        ends: Box::new(|| town.server.no_trouble()),
        allows: Allowed::default(),
    }
}

#[test]
fn every_call_is_answered_with_500_for_a_while_on_telegram() {
    telegram_in(|town, _| on_telegram(town, &[Fault::ServerError], Allowed::default()));
}

#[test]
fn every_call_is_answered_with_500_for_a_while_on_discord() {
    discord_in(|town, _| on_discord(town, &[Fails::Status(500), Fails::Status(502), Fails::Status(503)], "/api/v10"));
}

#[test]
fn connections_break_before_anything_is_done_on_telegram() {
    telegram_in(|town, _| on_telegram(town, &[Fault::Drop], Allowed::default()));
}

#[test]
fn connections_break_before_anything_is_done_on_discord() {
    discord_in(|town, _| on_discord(town, &[Fails::Dropped], "/api/v10"));
}

#[test]
fn connections_break_when_everything_is_done_on_telegram() {
    telegram_in(|town, _| on_telegram(town, &[Fault::DropAfterWork], LOST));
}

#[test]
fn connections_break_when_everything_is_done_on_discord() {
    discord_in(|town, _| on_discord(town, &[Fails::DoneThenDropped], "POST /api/v10/channels"));
}

#[test]
fn one_chat_hangs_without_an_end_and_the_others_go_on_at_once_on_telegram() {
    telegram_in(|town, _| Trouble {
        whose: Whose::OneChat,
        begins: Box::new(|| town.api.fail_next_in(town.chat(&customers()[0]), 1000, Fault::Hang(NO_END))),
        is_felt: Box::new(|| failed(town) > 0),
        meanwhile: Box::new(|| {}),
        ends: Box::new(|| town.api.no_trouble()),
        allows: Allowed::default(),
    });
}

#[test]
fn one_chat_hangs_without_an_end_and_the_others_go_on_at_once_on_discord() {
    discord_in(|town, _| Trouble {
        whose: Whose::OneChat,
        begins: Box::new(|| {
            let first = town.server.dm_channel(town.person(&customers()[0]));
            town.server.trouble(Fails::Hang, 1000, &format!("POST /api/v10/channels/{first}/messages"));
        }),
        is_felt: Box::new(|| unheard(town) > 0),
        meanwhile: Box::new(|| {}),
        ends: Box::new(|| town.server.no_trouble()),
        allows: Allowed::default(),
    });
}

#[test]
fn calls_have_no_end_whether_they_are_done_or_not_on_telegram() {
    telegram_in(|town, _| on_telegram(town, &[Fault::Hang(NO_END), Fault::AnswerLate(NO_END)], LOST));
}

#[test]
fn calls_have_no_end_whether_they_are_done_or_not_on_discord() {
    discord_in(|town, _| on_discord(town, &[Fails::Hang, Fails::DoneThenHang], "POST /api/v10/channels"));
}

/// Answers drip: felt once the platform was asked often enough since. `asked`: how often so far.
fn drips<'t>(asked: impl Fn() -> usize + Copy + 't, begins: impl Fn() + 't, ends: impl Fn() + 't) -> Trouble<'t> {
    let before = Rc::new(Cell::new(0));
    let then = Rc::clone(&before);
    Trouble {
        whose: Whose::Bot,
        begins: Box::new(move || {
            then.set(asked());
            begins();
        }),
        is_felt: Box::new(move || asked() >= before.get() + ENOUGH),
        meanwhile: Box::new(|| {}),
        ends: Box::new(ends),
        allows: Allowed::default(),
    }
}

#[test]
fn answers_drip_and_what_is_new_too_on_telegram() {
    telegram_in(|town, _| {
        let begins = || {
            town.api.fail_next("getUpdates", 2, Fault::Drip(DRIP / 8));
            town.api.fail_next_calls(1000, Fault::Drip(DRIP));
        };
        drips(|| town.api.calls_of("sendMessage").len(), begins, || town.api.no_trouble())
    });
}

#[test]
fn answers_drip_on_discord() {
    discord_in(|town, _| {
        let begins = || town.server.trouble(Fails::Drip(DRIP), 1000, "/api/v10");
        drips(|| town.server.requests_to("/messages").len(), begins, || town.server.no_trouble())
    });
}
