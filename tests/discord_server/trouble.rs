//! Trouble on demand, rate limits, and waiting.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::discord::{ApiError, Trouble};
use crate::tools::{LONG, world};

#[tokio::test]
async fn trouble_comes_as_often_as_asked_and_where_asked() {
    let world = world();
    let discord = &world.discord;
    let path = format!("/channels/{}/messages", world.channel);
    let hello = json!({"content": "hello"});
    discord.trouble(Trouble::TooMany { retry_after: 0.25, global: true }, 1, "/messages");
    assert_eq!(world.call("GET", "/users/@me", Value::Null).await.0, 200, "elsewhere nothing happens");
    let limited = world.try_call("POST", &path, hello.clone()).await.unwrap();
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"0.25".parse().unwrap()));
    assert_eq!(limited.headers()["x-ratelimit-global"], "true");
    let body = limited.json::<Value>().await.unwrap();
    assert_eq!(body, json!({"message": "You are being rate limited.", "retry_after": 0.25, "global": true}));
    assert_eq!(world.send(hello.clone()).await.0, 200);
    discord.trouble(Trouble::Status(502), 2, "POST /api/v10/channels");
    discord.trouble(Trouble::Refused(ApiError::new(403, 50013, "Missing Permissions")), 1, "POST");
    let answers =
        [world.send(hello.clone()).await.0, world.send(hello.clone()).await.0, world.send(hello.clone()).await.0];
    assert_eq!(answers, [502, 502, 403]);
    discord.trouble(Trouble::Dropped, 1, "/messages");
    assert!(world.try_call("POST", &path, hello.clone()).await.is_err());
    assert_eq!(discord.messages(world.channel).len(), 1);
    discord.trouble(Trouble::DoneThenDropped, 1, "/messages");
    assert!(world.try_call("POST", &path, hello.clone()).await.is_err());
    assert_eq!(discord.messages(world.channel).len(), 2, "it was done all the same");
    discord.trouble(Trouble::Hang, 1, "/messages");
    let hung = tokio::time::timeout(Duration::from_millis(300), world.send(hello)).await;
    assert!(hung.is_err());
    let statuses: Vec<u16> = discord.requests_to("POST").iter().map(|request| request.status).collect();
    assert_eq!(statuses, [429, 200, 502, 502, 403, 0, 0, 0]);
    assert_eq!(discord.requests_to("POST")[1].body, json!({"content": "hello"}));
}

#[tokio::test]
async fn routes_have_limits_of_their_own() {
    let world = world();
    let other = world.discord.add_channel(world.guild, "other");
    world.discord.set_rate_limit(Some((2, Duration::from_secs(60))));
    let path = |channel: u64| format!("/channels/{channel}/messages");
    let send = async |channel: u64| world.try_call("POST", &path(channel), json!({"content": "x"})).await.unwrap();
    let first = send(world.channel).await;
    assert_eq!(first.headers()["x-ratelimit-limit"], "2");
    assert_eq!(first.headers()["x-ratelimit-remaining"], "1");
    assert!(first.headers().contains_key("x-ratelimit-reset-after"));
    assert_eq!(send(world.channel).await.headers()["x-ratelimit-remaining"], "0");
    let third = send(world.channel).await;
    assert_eq!(third.status(), 429);
    assert_eq!(third.headers()["x-ratelimit-scope"], "user");
    assert_eq!(send(other).await.status(), 200);
    assert_eq!(world.discord.messages(world.channel).len(), 2);
}

#[tokio::test]
async fn waiting_ends_with_what_was_waited_for() {
    let world = world();
    let discord = world.discord.clone();
    let (alice, channel) = (world.alice, world.channel);
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        discord.says(alice, channel, "here");
    });
    world.discord.wait_for(|discord| discord.messages(channel).len() == 1, LONG).await;
    let said = world.discord.wait_for_some(|discord| discord.messages(channel).pop(), LONG).await;
    assert_eq!(said.content, "here");
}

#[test]
#[should_panic(expected = "#help\n  Alice: hello")]
fn waiting_in_vain_tells_what_was_said_instead() {
    let world = world();
    world.discord.says(world.alice, world.channel, "hello");
    world.discord.wait_for_blocking(|discord| discord.connected(), Duration::from_millis(20));
}

#[tokio::test]
async fn what_is_done_may_never_be_answered_or_drip() {
    let world = world();
    world.discord.trouble(Trouble::DoneThenHang, 1, "/messages");
    let hung = tokio::time::timeout(Duration::from_millis(300), world.send(json!({"content": "silence"}))).await;
    assert!(hung.is_err());
    assert_eq!(world.discord.messages(world.channel).len(), 1, "it was done all the same");
    world.discord.trouble(Trouble::Drip(Duration::from_millis(40)), 1, "/messages");
    let began = Instant::now();
    let (status, message) = world.send(json!({"content": "drop by drop"})).await;
    assert_eq!((status, &message["content"]), (200, &json!("drop by drop")));
    assert!(began.elapsed() >= Duration::from_millis(600), "{:?}", began.elapsed());
}
