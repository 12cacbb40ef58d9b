//! The platform says that it is too much.

use super::discord::{Discord, Trouble as Fails};
use super::places::{discord_in, telegram_in};
use super::script::{Allowed, Trouble, Whose, customers};
use super::telegram::{BotApi, Fault};

/// How long a pause the platform asks for, in seconds.
const PAUSE: u64 = 3;
/// The same for one chat: everybody else must have been answered before it is over, also on a machine that is busy.
const PAUSE_OF_ONE: u64 = 8;
/// How often a limit may be run into while it holds: some are on their way already.
const AT_MOST: usize = 4;

fn refused_by_telegram(api: &BotApi) -> usize {
    api.calls().iter().filter(|call| call.is("sendMessage") && call.code() == Some(429)).count()
}

fn refused_by_discord(server: &Discord) -> usize {
    server.requests_to("/messages").iter().filter(|request| request.status == 429).count()
}

fn too_many(global: bool) -> Fails {
    Fails::TooMany { retry_after: PAUSE as f64, global }
}

#[test]
fn one_chat_is_limited_and_the_others_go_on_at_once_on_telegram() {
    telegram_in(|town, _| Trouble {
        whose: Whose::OneChat,
        begins: Box::new(|| town.api.fail_next_in(town.chat(&customers()[0]), 1000, Fault::TooMany(PAUSE_OF_ONE))),
        is_felt: Box::new(|| refused_by_telegram(&town.api) > 0),
        meanwhile: Box::new(|| {
            assert_eq!(refused_by_telegram(&town.api), 1, "the others waited, or it was asked again")
        }),
        ends: Box::new(|| town.api.no_trouble()),
        allows: Allowed::default(),
    });
}

#[test]
fn one_chat_is_limited_and_the_others_go_on_at_once_on_discord() {
    discord_in(|town, _| Trouble {
        whose: Whose::OneChat,
        begins: Box::new(|| {
            let first = town.server.dm_channel(town.person(&customers()[0]));
            let too_many = Fails::TooMany { retry_after: PAUSE_OF_ONE as f64, global: false };
            town.server.trouble(too_many, 1000, &format!("POST /api/v10/channels/{first}/messages"));
        }),
        is_felt: Box::new(|| refused_by_discord(&town.server) > 0),
        meanwhile: Box::new(|| {
            assert_eq!(refused_by_discord(&town.server), 1, "the others waited, or it was asked again")
        }),
        ends: Box::new(|| town.server.no_trouble()),
        allows: Allowed::default(),
    });
}

#[test]
fn the_desk_is_limited_and_customers_go_on_at_once_on_telegram() {
    telegram_in(|town, desk| Trouble {
        whose: Whose::Desk,
        begins: Box::new(|| town.api.fail_next_in(desk.chat, 1000, Fault::TooMany(PAUSE))),
        is_felt: Box::new(|| town.api.calls().iter().any(|call| call.code() == Some(429))),
        meanwhile: Box::new(|| assert!(refused_by_telegram(&town.api) <= AT_MOST, "it is asked again and again")),
        ends: Box::new(|| town.api.no_trouble()),
        allows: Allowed::default(),
    });
}

#[test]
fn the_desk_is_limited_and_customers_go_on_at_once_on_discord() {
    discord_in(|town, desk| Trouble {
        whose: Whose::Desk,
        begins: Box::new(|| {
            let threads = town.server.threads(desk.channel).into_iter().map(|thread| thread.id);
            let parts = threads.map(|thread| format!("channels/{thread}/messages"));
            let parts = parts.chain([format!("channels/{}/threads", desk.channel)]);
            parts.for_each(|part| town.server.trouble(too_many(false), 1000, &format!("POST /api/v10/{part}")));
        }),
        is_felt: Box::new(|| town.server.requests().iter().any(|request| request.status == 429)),
        meanwhile: Box::new(|| assert!(refused_by_discord(&town.server) <= AT_MOST, "it is asked again and again")),
        ends: Box::new(|| town.server.no_trouble()),
        allows: Allowed::default(),
    });
}

#[test]
fn everything_is_limited_and_waits_on_telegram() {
    telegram_in(|town, _| Trouble {
        whose: Whose::Bot,
        begins: Box::new(|| town.api.fail_next_calls(1000, Fault::TooMany(PAUSE))),
        is_felt: Box::new(|| refused_by_telegram(&town.api) > 1),
        meanwhile: Box::new(|| {}),
        ends: Box::new(|| town.api.no_trouble()),
        allows: Allowed::default(),
    });
}

#[test]
fn everything_is_limited_and_waits_on_discord() {
    discord_in(|town, _| Trouble {
        whose: Whose::Bot,
        begins: Box::new(|| town.server.trouble(too_many(true), 1000, "POST /api/v10/channels")),
        is_felt: Box::new(|| refused_by_discord(&town.server) > 0),
        meanwhile: Box::new(|| {
            let refused = refused_by_discord(&town.server);
            assert!(refused <= customers().len(), "{refused} times, though it concerns everything");
        }),
        ends: Box::new(|| town.server.no_trouble()),
        allows: Allowed::default(),
    });
}
