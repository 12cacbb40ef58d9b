//! Sessions: HELLO, IDENTIFY, READY, RESUME, and all that goes wrong with them.

use std::time::Duration;

use serde_json::json;

use crate::discord::{Discord, VIEW_CHANNEL, intents};
use crate::tools::{LONG, Wire, world};

const USUAL: u64 = intents::GUILDS | intents::GUILD_MESSAGES | intents::DIRECT_MESSAGES | intents::MESSAGE_CONTENT;

#[test]
fn a_session_begins_with_ready_and_the_guilds() {
    let world = world();
    world.discord.set_heartbeat(Duration::from_millis(12_345));
    let mut wire = Wire::open(&world.discord.gateway());
    assert_eq!(wire.next()["d"]["heartbeat_interval"], 12_345);
    wire.send(&json!({"op": 1, "d": null}));
    assert_eq!(wire.next()["op"], 11);
    let (mut wire, ready) = world.identified(USUAL);
    assert_eq!(ready["guilds"], json!([{"id": world.guild.to_string(), "unavailable": true}]));
    assert_eq!(ready["user"]["id"], world.discord.bot().to_string());
    assert!(ready["resume_gateway_url"].as_str().unwrap().ends_with("/resume"));
    let guild = wire.event("GUILD_CREATE");
    assert_eq!(guild["channels"][0]["name"], "help");
    assert_eq!(guild["members"].as_array().unwrap().len(), 1, "only the bot itself");
    assert_eq!(guild["member_count"], 3);
    assert_eq!(world.discord.identifies().len(), 1);
    assert_eq!(world.discord.session_starts(), 999);
    world.discord.set_acknowledges_heartbeats(false);
    wire.send(&json!({"op": 1, "d": 2}));
    world.discord.wait_for_blocking(|discord| discord.heartbeats() == 2, LONG);
    world.discord.says(world.alice, world.channel, "hello");
    assert_eq!(wire.next()["t"], "MESSAGE_CREATE", "the heartbeat was not acknowledged");
}

#[test]
fn wrong_beginnings_are_closed_with_their_codes() {
    let world = world();
    let refused = |first: serde_json::Value| {
        let mut wire = Wire::open(&world.discord.gateway());
        wire.next();
        wire.send(&first);
        wire.closed()
    };
    let token = world.discord.token();
    assert_eq!(refused(json!({"op": 2, "d": {"token": "no", "intents": 1}})), 4004);
    assert_eq!(refused(json!({"op": 2, "d": {"token": token, "intents": 1_u64 << 40}})), 4013);
    assert_eq!(refused(json!({"op": 2, "d": {"token": token, "intents": intents::GUILD_PRESENCES}})), 4014);
    assert_eq!(refused(json!({"op": 3, "d": {}})), 4003);
    assert_eq!(refused(json!({"op": 99, "d": {}})), 4001);
    assert_eq!(refused(json!({"op": 1, "d": "x".repeat(5000)})), 4002);
    world.discord.set_privileged(0);
    assert_eq!(refused(json!({"op": 2, "d": {"token": token, "intents": USUAL}})), 4014);
    assert!(world.discord.identifies().is_empty());
    let (mut wire, _) = world.identified(1);
    wire.send(&json!({"op": 2, "d": {"token": token, "intents": 1}}));
    wire.event("GUILD_CREATE");
    assert_eq!(wire.closed(), 4005);
}

#[test]
fn what_was_missed_is_replayed_in_order() {
    let world = world();
    let (mut wire, ready) = world.identified(USUAL);
    wire.event("GUILD_CREATE");
    world.discord.says(world.alice, world.channel, "one");
    assert_eq!(wire.event("MESSAGE_CREATE")["content"], "one");
    world.discord.close_gateway(4000);
    assert_eq!(wire.closed(), 4000);
    world.discord.wait_for_blocking(|discord| !discord.connected(), LONG);
    world.discord.says(world.alice, world.channel, "two");
    world.discord.says(world.alice, world.channel, "three");
    let resume = json!({"op": 6, "d": {"token": world.discord.token(), "session_id": ready["session_id"], "seq": 3}});
    let mut wire = Wire::open(ready["resume_gateway_url"].as_str().unwrap());
    wire.next();
    wire.send(&resume);
    let frames: Vec<_> = (0..3).map(|_| wire.next()).collect();
    assert_eq!(frames.iter().map(|frame| frame["s"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 5, 6]);
    assert_eq!(frames[0]["d"]["content"], "two");
    assert_eq!(frames[1]["d"]["content"], "three");
    assert_eq!(frames[2]["t"], "RESUMED");
    assert_eq!((world.discord.resumes(), world.discord.at_resume_address()), (1, 1));
    assert_eq!(world.discord.identifies().len(), 1, "resuming does not identify");
}

#[test]
fn a_session_that_is_gone_is_not_resumed() {
    let world = world();
    let (mut wire, ready) = world.identified(USUAL);
    let resume = |session: &serde_json::Value, seq: u64| {
        let mut wire = Wire::open(&world.discord.gateway());
        wire.next();
        wire.send(&json!({"op": 6, "d": {"token": world.discord.token(), "session_id": session, "seq": seq}}));
        wire
    };
    assert_eq!(resume(&ready["session_id"], 500).closed(), 4007);
    let answer = resume(&json!("nobody"), 1).next();
    assert_eq!((&answer["op"], &answer["d"]), (&json!(9), &json!(false)));
    // Who says goodbye with 1000 has ended the session.
    wire.close(1000);
    world.discord.wait_for_blocking(|discord| discord.closes().contains(&1000), LONG);
    assert_eq!(resume(&ready["session_id"], 1).next()["op"], 9);
    assert_eq!(world.discord.refused_resumes(), 2);
}

#[test]
fn the_server_can_ask_to_come_again() {
    let world = world();
    let (mut wire, _) = world.identified(USUAL);
    wire.event("GUILD_CREATE");
    world.discord.ask_reconnect();
    assert_eq!(wire.next()["op"], 7);
    world.discord.invalidate_session(true);
    assert_eq!(wire.next()["d"], true);
    world.discord.invalidate_session(false);
    assert_eq!(wire.next()["d"], false);
    assert!(!world.discord.connected());
    let (mut wire, _) = world.identified(USUAL);
    world.discord.cut_gateway();
    wire.event("GUILD_CREATE");
    assert!(wire.raw().is_none(), "no close frame");
}

#[test]
fn starting_too_often_costs_the_token() {
    let world = world();
    world.discord.set_session_starts(1);
    let old = world.discord.token();
    let (mut first, _) = world.identified(USUAL);
    first.event("GUILD_CREATE");
    let mut second = Wire::open(&world.discord.gateway());
    second.next();
    second.send(&json!({"op": 2, "d": {"token": old, "intents": 1}}));
    assert_eq!(second.closed(), 4004);
    assert_eq!(first.closed(), 4004);
    assert_ne!(world.discord.token(), old);
}

#[test]
fn more_identifies_than_the_pace_allows_are_invalid_sessions() {
    let world = world();
    world.discord.set_max_concurrency(1, true);
    let _first = world.identified(1);
    let mut second = Wire::open(&world.discord.gateway());
    second.next();
    second.send(&json!({"op": 2, "d": {"token": world.discord.token(), "intents": 1}}));
    assert_eq!(second.next(), json!({"op": 9, "d": false, "s": null, "t": null}));
}

#[test]
fn each_shard_hears_of_its_guilds() {
    let world = world();
    let discord = &world.discord;
    let guilds = [0, 1].map(|shard| discord.add_guild_on("Far", world.owner, (shard, 2)));
    let channels = guilds.map(|guild| discord.add_channel(guild, "help"));
    let identified = |shard: u64| {
        let mut wire = Wire::open(&discord.gateway());
        wire.next();
        wire.send(&json!({"op": 2, "d": {"token": discord.token(), "intents": USUAL, "shard": [shard, 2]}}));
        let ready = wire.next()["d"].clone();
        assert_eq!(ready["shard"], json!([shard, 2]));
        (wire, ready["guilds"].as_array().unwrap().iter().map(crate::tools::id).collect::<Vec<_>>())
    };
    let ((mut zero, in_zero), (mut one, in_one)) = (identified(0), identified(1));
    assert!(in_zero.contains(&guilds[0]) && in_one.contains(&guilds[1]));
    assert_eq!(in_zero.len() + in_one.len(), 3, "each guild is on one");
    assert_eq!(discord.connected_shards(), [(0, 2), (1, 2)]);
    let alice = world.alice;
    discord.dm(alice, "psst");
    for (guild, channel) in guilds.into_iter().zip(channels) {
        discord.join(guild, alice, &[]);
        discord.says(alice, channel, &format!("in {guild}"));
    }
    assert_eq!(zero.event("MESSAGE_CREATE")["content"], "psst", "private chats are the first one's");
    assert_eq!(zero.event("MESSAGE_CREATE")["content"], format!("in {}", guilds[0]));
    assert_eq!(one.event("MESSAGE_CREATE")["content"], format!("in {}", guilds[1]));
    assert_eq!((zero.names(), one.names()), (Vec::new(), Vec::new()));
    let press = discord.add_role(guilds[1], "Staff", 0);
    discord.give_role(guilds[1], alice, press);
    assert_eq!((zero.names(), one.names()), (Vec::new(), vec!["GUILD_ROLE_CREATE".to_owned()]));
}

#[test]
fn shards_that_cannot_be_are_refused() {
    let world = world();
    let refused = |shard: serde_json::Value| {
        let mut wire = Wire::open(&world.discord.gateway());
        wire.next();
        wire.send(&json!({"op": 2, "d": {"token": world.discord.token(), "intents": 1, "shard": shard}}));
        wire.closed()
    };
    for shard in [json!([2, 2]), json!([0, 0]), json!([0]), json!("0/2")] {
        assert_eq!(refused(shard.clone()), 4010, "{shard}");
    }
    world.discord.set_most_guilds(0);
    assert_eq!(refused(json!([0, 1])), 4011);
    assert!(world.discord.identifies().is_empty());
}

#[test]
fn each_key_has_a_pace_of_its_own() {
    let world = world();
    world.discord.set_max_concurrency(2, true);
    let first = |shard: u64| {
        let mut wire = Wire::open(&world.discord.gateway());
        wire.next();
        wire.send(&json!({"op": 2, "d": {"token": world.discord.token(), "intents": 1, "shard": [shard, 4]}}));
        wire.next()["op"].as_u64().unwrap()
    };
    assert_eq!([0, 1, 2, 3].map(first), [0, 0, 9, 9]);
    let by_key = world.discord.identifies_by_key();
    assert_eq!(by_key.iter().map(|(key, at)| (*key, at.len())).collect::<Vec<_>>(), [(0, 1), (1, 1)]);
    assert_eq!(world.discord.hasty_identifies(), 2);
}

#[test]
fn only_what_was_asked_for_comes() {
    let world = world();
    let (mut wire, _) = world.identified(intents::GUILDS);
    wire.event("GUILD_CREATE");
    let message = world.discord.says(world.alice, world.channel, "hello");
    world.discord.reacts(world.alice, message, "\u{1f44d}");
    world.discord.dm(world.alice, "psst");
    let role = world.discord.add_role(world.guild, "Staff", 0);
    world.discord.give_role(world.guild, world.alice, role);
    assert_eq!(wire.names(), ["GUILD_ROLE_CREATE"]);
    let asked = intents::GUILD_MEMBERS | intents::GUILD_MESSAGE_REACTIONS | intents::DIRECT_MESSAGES;
    let (mut wire, _) = world.identified(asked);
    world.discord.unreacts(world.alice, message, "\u{1f44d}");
    world.discord.dm(world.alice, "psst");
    world.discord.take_role(world.guild, world.alice, role);
    world.discord.says(world.alice, world.channel, "not asked for");
    assert_eq!(wire.names(), ["MESSAGE_REACTION_REMOVE", "MESSAGE_CREATE", "GUILD_MEMBER_UPDATE"]);
    // What happens where the bot does not look, it is not told.
    world.discord.overwrite_role(world.channel, world.guild, 0, VIEW_CHANNEL);
    world.discord.says(world.owner, world.channel, "secret");
    assert_eq!(wire.names(), Vec::<String>::new());
}

#[test]
fn content_is_empty_without_its_intent() {
    let world = world();
    let (mut wire, _) = world.identified(USUAL & !intents::MESSAGE_CONTENT);
    let discord: &Discord = &world.discord;
    discord.says(world.alice, world.channel, "hello");
    let hidden = wire.event("MESSAGE_CREATE");
    assert_eq!((&hidden["content"], &hidden["components"]), (&json!(""), &json!([])));
    let named = discord.says(world.alice, world.channel, &format!("<@{}> hello", discord.bot()));
    assert!(wire.event("MESSAGE_CREATE")["content"].as_str().unwrap().ends_with("hello"));
    discord.edits(named, "without a name");
    assert_eq!(wire.event("MESSAGE_UPDATE")["content"], "");
    discord.dm(world.alice, "in private");
    assert_eq!(wire.event("MESSAGE_CREATE")["content"], "in private");
    let (mut reading, _) = world.identified(USUAL);
    discord.says(world.alice, world.channel, "read me");
    assert_eq!(reading.event("MESSAGE_CREATE")["content"], "read me");
}

#[test]
fn members_are_sent_when_asked_for() {
    let world = world();
    let (mut wire, _) = world.identified(USUAL);
    let ids = [world.alice.to_string(), "1".to_owned()];
    wire.send(&json!({"op": 8, "d": {"guild_id": world.guild.to_string(), "user_ids": ids, "limit": 0, "nonce": "n"}}));
    let chunk = wire.event("GUILD_MEMBERS_CHUNK");
    assert_eq!((chunk["members"].as_array().unwrap().len(), &chunk["nonce"]), (1, &json!("n")));
    assert_eq!(chunk["members"][0]["user"]["global_name"], "Alice");
}

#[tokio::test]
async fn the_gateway_can_be_shut() {
    let world = world();
    world.discord.set_gateway_open(false);
    let url = world.discord.gateway().replace("ws://", "http://");
    assert_eq!(reqwest::get(url).await.unwrap().status(), 503);
    world.discord.set_gateway_open(true);
    world.identified(USUAL);
}

#[test]
fn events_come_again_and_guilds_go() {
    let world = world();
    let (mut wire, _) = world.identified(USUAL);
    world.discord.says(world.alice, world.channel, "twice");
    world.discord.redeliver_last("MESSAGE_CREATE");
    let (first, second) = (wire.event("MESSAGE_CREATE"), wire.event("MESSAGE_CREATE"));
    assert_eq!(first, second);
    world.discord.kick_bot(world.guild);
    assert_eq!(wire.event("GUILD_DELETE"), json!({"id": world.guild.to_string()}));
    world.discord.says(world.alice, world.channel, "the bot is gone");
    assert_eq!(wire.names(), Vec::<String>::new());
    world.discord.invite_bot(world.guild);
    assert_eq!(wire.event("GUILD_CREATE")["id"], world.guild.to_string());
}

#[test]
fn what_was_held_back_comes_as_often_as_asked_and_mixed() {
    let world = world();
    let (mut wire, _) = world.identified(USUAL);
    wire.event("GUILD_CREATE");
    world.discord.hold();
    let said: Vec<String> = (0..8).map(|number| number.to_string()).collect();
    said.iter().for_each(|text| _ = world.discord.says(world.alice, world.channel, text));
    assert_eq!(world.discord.held(), said.len());
    world.discord.release(2, 7);
    assert_eq!(world.discord.held(), 0);
    let mut heard: Vec<String> =
        (0..16).map(|_| wire.event("MESSAGE_CREATE")["content"].as_str().unwrap().to_owned()).collect();
    assert!(!heard.is_sorted(), "{heard:?}");
    heard.sort();
    assert_eq!(heard, said.iter().flat_map(|text| [text.clone(), text.clone()]).collect::<Vec<_>>());
    world.discord.says(world.alice, world.channel, "after");
    assert_eq!(wire.event("MESSAGE_CREATE")["content"], "after");
}
