//! Trouble on demand.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use teloxide::RequestError;
use teloxide::prelude::Requester;
use teloxide::types::{ChatId, Seconds};

use super::Ground;
use super::telegram::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests() {
    let ground = Ground::new().await;
    ground.api.fail_next("sendMessage", 2, Fault::TooMany(3));
    let answer = ground.call("sendMessage", json!({ "chat_id": ground.chat.id, "text": "Hi" })).await;
    assert_eq!(answer["error_code"], 429);
    assert_eq!(answer["parameters"], json!({ "retry_after": 3 }));
    let error = ground.teloxide().send_message(ChatId(ground.chat.id), "Hi").await.unwrap_err();
    assert!(matches!(error, RequestError::RetryAfter(wait) if wait == Seconds::from_seconds(3)), "{error:?}");
    ground.send(ground.chat, "Hi").await;
    assert_eq!(ground.api.bot_messages(ground.chat).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn any_method_but_getupdates() {
    let ground = Ground::new().await;
    ground.api.fail_next_calls(1, Fault::ServerError);
    ground.ok("getUpdates", json!({})).await;
    assert_eq!(ground.refused("getMe", json!({})).await, (500, "Internal Server Error".to_owned()));
    ground.ok("getMe", json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_hangs_or_is_answered_late() {
    let ground = Ground::new().await;
    let wait = Duration::from_millis(500);
    ground.api.fail_next("sendMessage", 1, Fault::Hang(wait));
    let started = Instant::now();
    ground.send(ground.chat, "slow").await;
    assert!(started.elapsed() >= wait);

    ground.api.fail_next("sendMessage", 1, Fault::Hang(Duration::from_secs(30)));
    ground.api.fail_next("sendMessage", 1, Fault::AnswerLate(Duration::from_secs(30)));
    let impatient = reqwest::Client::builder().timeout(wait).build().unwrap();
    for text in ["never done", "done"] {
        let url = format!("{}/bot{}/sendMessage", ground.api.url(), ground.bot.token);
        let body = json!({ "chat_id": ground.chat.id, "text": text });
        assert!(impatient.post(url).json(&body).send().await.unwrap_err().is_timeout());
    }
    assert_eq!(ground.api.last_bot_message(ground.chat).text(), "done");
    assert_eq!(ground.api.bot_messages(ground.chat).len(), 2);
    assert_eq!(ground.api.calls_of("sendMessage")[1].code(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_is_done_and_the_connection_dropped() {
    let ground = Ground::new().await;
    ground.api.fail_next("sendMessage", 1, Fault::DropAfterWork);
    let error = ground.teloxide().send_message(ChatId(ground.chat.id), "Hi").await.unwrap_err();
    assert!(matches!(error, RequestError::Network(_)), "{error:?}");
    assert_eq!(ground.api.bot_messages(ground.chat).len(), 1);
    let calls = ground.api.calls_of("sendMessage");
    assert_eq!(calls.len(), 1);
    assert!(!calls[0].outcome.as_ref().unwrap().sent);
    ground.send(ground.chat, "again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_are_refused_and_plain_text_is_not() {
    let ground = Ground::new().await;
    ground.api.refuse_entities(1);
    ground.send(ground.chat, "plain").await;
    let formatted = json!({ "chat_id": ground.chat.id, "text": "<b>x</b>", "parse_mode": "HTML" });
    let (code, description) = ground.refused("sendMessage", formatted.clone()).await;
    assert_eq!(code, 400);
    assert!(description.starts_with("Bad Request: can't parse entities"), "{description}");
    ground.ok("sendMessage", formatted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_is_dropped_and_nothing_was_done() {
    let ground = Ground::new().await;
    ground.api.fail_next("sendMessage", 1, Fault::Drop);
    let error = ground.teloxide().send_message(ChatId(ground.chat.id), "Hi").await.unwrap_err();
    assert!(matches!(error, RequestError::Network(_)), "{error:?}");
    assert!(ground.api.bot_messages(ground.chat).is_empty());
    ground.send(ground.chat, "again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_drips_and_arrives_whole_and_the_next_one_flows() {
    let ground = Ground::new().await;
    let client = reqwest::Client::new();
    let url = format!("{}/bot{}/sendMessage", ground.api.url(), ground.bot.token);
    let send = async |text: &str| {
        let began = Instant::now();
        let body = json!({ "chat_id": ground.chat.id, "text": text });
        let answer: Value = client.post(&url).json(&body).send().await.unwrap().json().await.unwrap();
        (answer["result"]["text"].clone(), began.elapsed())
    };
    ground.api.fail_next("sendMessage", 1, Fault::Drip(Duration::from_millis(40)));
    let (text, took) = send("drop by drop").await;
    assert_eq!(text, "drop by drop");
    assert!(took >= Duration::from_millis(600), "{took:?}");
    let (text, took_then) = send("at once").await;
    assert_eq!(text, "at once");
    assert!(took_then < took, "{took_then:?}");
}
