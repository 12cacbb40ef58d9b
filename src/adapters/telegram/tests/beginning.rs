//! What is found out before the bot listens, what is set when it begins to, and who is let in.

use std::sync::Arc;

use serde_json::json;

use super::ground::unmet;
use super::live::{bot, listen, update};
use super::server::Server;
use crate::adapters::tests::{Kept, until};
use crate::adapters::{Incoming, Intake, Live};

#[tokio::test]
async fn only_who_has_the_secret_is_let_in() {
    const SECRET: &str = "0123456789abcdef0123456789ABCDEF";
    let kept = Arc::new(Kept::default());
    let telegram = Arc::new(unmet("http://127.0.0.1:1", Some((SECRET, "https://bots.example"))));
    let routes = Arc::clone(&telegram).routes(Arc::clone(&kept) as Arc<dyn Intake>).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/telegram/lantern-loom", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let http = reqwest::Client::new();
    let call = |secret: Option<&str>, body: String| {
        let request = http.post(&url).body(body);
        let request = match secret {
            Some(secret) => request.header("X-Telegram-Bot-Api-Secret-Token", secret),
            None => request,
        };
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let text = update("private_text").to_string();
    for wrong in [None, Some(""), Some("0"), Some(&SECRET[1..]), Some("0123456789abcdef0123456789ABCDEE")] {
        assert_eq!(call(wrong, text.clone()).await, 401, "{wrong:?}");
    }
    assert_eq!(call(Some(SECRET), "x".repeat(1024 * 1024 + 1)).await, 413);
    assert!(kept.taken.lock().unwrap().is_empty());
    *kept.failures.lock().unwrap() = 1;
    assert_eq!(call(Some(SECRET), text.clone()).await, 503);
    assert_eq!(call(Some(SECRET), text).await, 200);
    assert_eq!(call(Some(SECRET), "{\"new\":1}".to_owned()).await, 200);
    let taken = kept.taken.lock().unwrap();
    assert!(
        matches!(&taken[..], [Incoming::Event(_), Incoming::Unknown(unknown)] if unknown.kind == "new"),
        "{taken:?}"
    );
}

#[tokio::test]
async fn a_check_finds_what_is_not_as_it_must_be() {
    let server = Server::default();
    let fine = bot(&server).await.check(&Kept::default()).await;
    assert_eq!(fine.facts, ["Loom is https://t.me/LoomBot"]);
    assert_eq!(fine.problems, []);
    // To look changes nothing: another process may be the one that runs.
    assert!(server.methods().iter().all(|method| method.starts_with("get")), "{:?}", server.methods());

    let server = Server::default();
    server.ok(
        "getMe",
        json!({ "id": 4242, "first_name": "Loom", "username": "LoomBot", "can_read_all_group_messages": false }),
    );
    server.ok("getChatMember", json!({ "status": "member" })).ok("getChatMember", json!({ "status": "left" }));
    server.ok("getChatMember", json!({ "status": "administrator" }));
    server.ok("getChat", json!({ "id": -1, "type": "supergroup", "title": "Help" }));
    server.next("getChat", json!({ "ok": false, "error_code": 400, "description": "upgraded", "parameters": { "migrate_to_chat_id": -1005005 } }));
    server.ok("getChat", json!({ "id": -1005005, "type": "supergroup", "title": "Friends" }));
    server.ok("getChat", json!({ "id": -2, "type": "supergroup", "title": "Desk" }));
    server.ok("getWebhookInfo", json!({ "url": "https://old.example/" }));
    let wrong = unmet(&server.start().await, None).check(&Kept::default()).await;
    insta::assert_json_snapshot!(
        wrong.problems.iter().map(|problem| (problem.fatal, problem.sentence.as_str())).collect::<Vec<_>>()
    );
    assert!(server.asked("deleteWebhook").is_empty());

    let server = Server::default();
    server.refuse("getMe", 401, "Unauthorized");
    let unknown = bot(&server).await.check(&Kept::default()).await;
    assert!(unknown.problems[0].sentence.contains("LANTERN_TELEGRAM_TOKEN"), "{unknown:?}");
    assert_eq!(server.methods(), ["getMe"]);
}

#[tokio::test]
async fn what_is_set_at_telegram_is_set_when_the_bot_begins_to_listen() {
    let server = Server::default();
    let telegram = bot(&server).await;
    server.ok("getWebhookInfo", json!({ "url": "https://old.example/" }));
    let (stop, listening) = listen(&telegram, &Arc::default());
    until(|| telegram.is_connected(0)).await;
    let methods = server.methods();
    assert_eq!(methods[..2], ["getWebhookInfo", "deleteWebhook"], "{methods:?}");
    let commands = server.asked("setMyCommands");
    assert_eq!(commands[0].get("language_code"), None);
    assert_eq!(commands[0]["commands"][0], json!({ "command": "ask", "description": "command_ask in en-GB" }));
    stop.cancel();
    assert_eq!(listening.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_webhook_is_set_with_its_secret() {
    let server = Server::default();
    let webhook = Some(("0123456789abcdef0123456789ABCDEF", "https://bots.example/"));
    let telegram = Arc::new(unmet(&server.start().await, webhook));
    let checked = telegram.check(&Kept::default()).await;
    assert_eq!(checked.problems, []);
    assert!(checked.facts.contains(&"Telegram calls https://bots.example/telegram/lantern-loom".to_owned()));
    assert!(server.asked("setWebhook").is_empty() && !telegram.is_connected(0));
    // Telegram stumbles; it is asked again.
    server.refuse("setWebhook", 502, "Bad Gateway");
    let (stop, _) = listen(&telegram, &Arc::default());
    until(|| telegram.is_connected(0)).await;
    insta::assert_json_snapshot!(server.asked("setWebhook")[1..]);
    stop.cancel();
}

#[tokio::test]
async fn a_desk_that_cannot_be_looked_at_for_a_moment_is_no_reason_to_stay_away() {
    let server = Server::default();
    let telegram = bot(&server).await;
    // The groups, then the desk.
    for _ in 0..2 {
        server.ok("getChat", json!({ "id": -1, "type": "supergroup", "title": "Group" }));
    }
    server.refuse("getChat", 502, "Bad Gateway").refuse("getChat", 500, "Internal Server Error");
    assert_eq!(telegram.check(&Kept::default()).await.problems, []);
    server.ok("getChat", json!({ "id": -1 })).ok("getChat", json!({ "id": -1 }));
    server.refuse("getChat", 403, "Forbidden: bot was kicked from the supergroup chat");
    assert!(telegram.check(&Kept::default()).await.problems[0].fatal);
}

#[tokio::test]
async fn trouble_for_a_moment_is_no_reason_to_stay_away_and_a_wrong_token_is_one_at_once() {
    let server = Server::default();
    let telegram = bot(&server).await;
    server.refuse("getMe", 502, "Bad Gateway");
    assert_eq!(telegram.check(&Kept::default()).await.problems, []);
    let asked = server.asked("getMe").len();
    server.refuse("getMe", 401, "Unauthorized");
    assert!(telegram.check(&Kept::default()).await.problems[0].sentence.contains("does not know the token"));
    assert_eq!(server.asked("getMe").len(), asked + 1);
}

#[tokio::test]
async fn groups_are_known_by_their_new_numbers_after_a_start() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let kept = Kept { renumbered: vec![("-5005".to_owned(), "-1005005".to_owned())], ..Kept::default() };
    let checked = telegram.check(&kept).await;
    assert_eq!(server.asked("getChat")[1]["chat_id"], -1_005_005);
    assert!(checked.problems.iter().any(|problem| problem.sentence.contains("-1005005")), "{checked:?}");
}
