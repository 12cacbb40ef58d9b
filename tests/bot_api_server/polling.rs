//! getUpdates.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use teloxide::prelude::Requester;
use teloxide::types::{AllowedUpdate, UpdateKind};

use super::telegram::BotApi;
use super::{Ground, SECONDS};

fn numbers(updates: &Value) -> Vec<i64> {
    updates.as_array().unwrap().iter().map(|update| update["update_id"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_higher_offset_confirms() {
    let ground = Ground::new().await;
    let say = |text: &str| ground.api.says(ground.alice, ground.chat, None, text).update_id();
    let ids = [say("one"), say("two"), say("three")];
    assert_eq!(numbers(&ground.ok("getUpdates", json!({})).await), ids);
    assert_eq!(numbers(&ground.ok("getUpdates", json!({ "limit": 2 })).await), ids[..2], "not confirmed yet");
    assert_eq!(numbers(&ground.ok("getUpdates", json!({ "offset": ids[1] })).await), ids[1..]);
    assert_eq!(numbers(&ground.ok("getUpdates", json!({})).await), ids[1..], "the first is gone");
    assert_eq!(numbers(&ground.ok("getUpdates", json!({ "offset": -1 })).await), ids[2..]);
    assert_eq!(numbers(&ground.ok("getUpdates", json!({ "offset": ids[2] + 1 })).await), [] as [i64; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_poll_waits_for_an_update() {
    let ground = Ground::new().await;
    let (api, alice, chat) = (ground.api.clone(), ground.alice, ground.chat);
    let writer = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(150)).await;
        api.says(alice, chat, None, "late");
    });
    let started = Instant::now();
    let updates = ground.ok("getUpdates", json!({ "timeout": 20 })).await;
    assert_eq!(updates[0]["message"]["text"], "late");
    assert!((100..10_000).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
    writer.await.unwrap();
    ground.updates().await;
    let started = Instant::now();
    assert_eq!(ground.ok("getUpdates", json!({ "timeout": 1 })).await, json!([]));
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn allowed_updates_are_remembered() {
    let ground = Ground::new().await;
    let id = ground.send(ground.chat, "Hi").await;
    ground.api.reacts(ground.alice, ground.chat, id, &["👍"]);
    assert!(ground.updates().await.is_empty(), "reactions are not told by default");
    ground.ok("getUpdates", json!({ "allowed_updates": ["message_reaction"] })).await;
    ground.ok("getUpdates", json!({})).await;
    ground.api.says(ground.alice, ground.chat, None, "unheard");
    ground.api.reacts(ground.alice, ground.chat, id, &["🔥"]);
    let kinds = ground.typed().await;
    assert!(matches!(&kinds[..], [UpdateKind::MessageReaction(_)]), "{kinds:?}");
    assert_eq!(ground.api.allowed_updates(&ground.bot), ["message_reaction"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_polls_the_newer_wins() {
    let ground = Ground::new().await;
    let url = format!("{}/bot{}/getUpdates?timeout=20", ground.api.url(), ground.bot.token);
    let older = tokio::spawn(async { reqwest::get(url).await.unwrap().json::<Value>().await.unwrap() });
    let waiting = |api: &BotApi| api.calls().last().unwrap().code().is_none();
    ground.api.wait_for("the older poll", SECONDS, waiting);
    // It is counted before it waits.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let newer = ground.call("getUpdates", json!({ "timeout": 1 })).await;
    let older = older.await.unwrap();
    assert_eq!(older["error_code"], 409);
    let description =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    assert_eq!(older["description"], description);
    assert_eq!(newer["ok"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_come_again_mixed_held_and_of_unknown_kinds() {
    let ground = Ground::new().await;
    let api = &ground.api;
    let first = api.says(ground.alice, ground.chat, None, "one").update_id();
    ground.updates().await;
    api.redeliver(&ground.bot, first);
    api.redeliver(&ground.bot, first);
    assert_eq!(numbers(&ground.ok("getUpdates", json!({ "offset": first + 1 })).await), [first, first]);
    assert_eq!(numbers(&ground.ok("getUpdates", json!({ "offset": first + 1 })).await), [] as [i64; 0]);
    api.hold(&ground.bot);
    let ids: Vec<i64> = (0..8).map(|_| api.says(ground.alice, ground.chat, None, "more").update_id()).collect();
    assert_eq!(ground.ok("getUpdates", json!({})).await, json!([]));
    api.shuffle(&ground.bot, 3);
    api.release(&ground.bot);
    let mut mixed = numbers(&ground.ok("getUpdates", json!({})).await);
    assert_ne!(mixed, ids);
    mixed.sort_unstable();
    assert_eq!(mixed, ids);
    let odd = api.raw_update(&ground.bot, json!({ "poem": { "lines": 4 } }));
    let last = ground.ok("getUpdates", json!({ "offset": odd })).await;
    assert_eq!(last, json!([{ "update_id": odd, "poem": { "lines": 4 } }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn teloxide_polls() {
    use teloxide::payloads::GetUpdatesSetters;
    let ground = Ground::new().await;
    ground.api.says(ground.alice, ground.chat, None, "hello");
    let bot = ground.teloxide();
    let updates = bot.get_updates().timeout(5).allowed_updates([AllowedUpdate::Message]).await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(message.text(), Some("hello"));
    assert_eq!(message.from.as_ref().unwrap().first_name, "Alice");
    assert!(message.chat.is_private());
    let rest = bot.get_updates().offset(updates[0].id.as_offset()).await.unwrap();
    assert!(rest.is_empty());
}
