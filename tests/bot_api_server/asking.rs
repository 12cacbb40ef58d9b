//! How calls come in.

use serde_json::{Value, json};

use super::telegram::BotApi;
use super::{Ground, SECONDS};

#[tokio::test(flavor = "multi_thread")]
async fn method_names_ignore_case_and_unknown_ones_are_not_found() {
    let ground = Ground::new().await;
    assert_eq!(ground.ok("GETME", json!({})).await["username"], "tea_bot");
    assert_eq!(ground.refused("sendPoem", json!({})).await, (404, "Not Found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_refused() {
    let ground = Ground::new().await;
    let response = reqwest::get(format!("{}/bot1:wrong/getMe", ground.api.url())).await.unwrap();
    assert_eq!(response.status(), 401);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body, json!({ "ok": false, "error_code": 401, "description": "Unauthorized" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_come_in_four_ways() {
    let ground = Ground::new().await;
    let (chat, client) = (ground.chat.id, reqwest::Client::new());
    let url = format!("{}/bot{}/sendMessage", ground.api.url(), ground.bot.token);
    let keyboard = r#"{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}]]}"#;
    let query = reqwest::Url::parse_with_params(&url, [("chat_id", chat.to_string()), ("text", "[1, 2]".into())]);
    client.get(query.unwrap()).send().await.unwrap().error_for_status().unwrap();
    let form =
        reqwest::Url::parse_with_params("http://form/", [("text", "b & c"), ("reply_markup", keyboard)]).unwrap();
    let form = format!("chat_id={chat}&{}", form.query().unwrap());
    let urlencoded = client.post(&url).header("content-type", "application/x-www-form-urlencoded").body(form);
    urlencoded.send().await.unwrap().error_for_status().unwrap();
    let parts = format!(
        "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{chat}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nparts\r\n--x--\r\n"
    );
    let multipart = client.post(&url).header("content-type", "multipart/form-data; boundary=x").body(parts);
    multipart.send().await.unwrap().error_for_status().unwrap();
    ground.ok("sendMessage", json!({ "chat_id": chat, "text": "json" })).await;
    let sent = ground.api.bot_messages(ground.chat);
    let texts: Vec<&str> = sent.iter().map(|message| message.text()).collect();
    assert_eq!(texts, ["[1, 2]", "b & c", "parts", "json"]);
    assert_eq!(sent[1].buttons()[0].data.as_deref(), Some("y"));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_kept_with_their_outcome() {
    let ground = Ground::new().await;
    ground.send(ground.chat, "Hi").await;
    ground.bad("sendMessage", json!({ "chat_id": 5, "text": "Hi" }), "chat not found").await;
    let calls = ground.api.calls_of("sendmessage");
    assert_eq!(calls[0].body["text"], "Hi");
    assert_eq!(calls[0].token, ground.bot.token);
    assert!(calls[0].succeeded());
    assert_eq!((calls[1].code(), calls[1].refusal()), (Some(400), "Bad Request: chat not found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bots_do_not_see_each_other() {
    let ground = Ground::new().await;
    let other = ground.api.bot("coffee_bot");
    let theirs = ground.api.starts(ground.alice, &other, None).chat;
    ground.api.says(ground.alice, theirs, None, "coffee?");
    assert_eq!(ground.updates().await, Vec::<Value>::new());
    assert_eq!(ground.api.pending(&other).len(), 2);
    ground.send(ground.chat, "tea").await;
    assert!(ground.api.bot_messages(theirs).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "Alice: /start")]
async fn waiting_in_vain_shows_the_chats() {
    let ground = Ground::new().await;
    ground.api.wait_for("a word", std::time::Duration::from_millis(20), |_| false);
}

#[test]
fn a_test_needs_no_runtime() {
    let api = BotApi::start();
    let (bot, other) = (api.bot("tea_bot"), api.clone());
    let alice = api.user("Alice");
    let chat = api.private(alice, &bot);
    let writer = std::thread::spawn(move || other.starts(alice, &bot, None));
    api.wait_for("Alice", SECONDS, |api| api.messages(chat).len() == 1);
    writer.join().unwrap();
    assert_eq!(api.transcript(chat), "Alice: /start\n");
}
