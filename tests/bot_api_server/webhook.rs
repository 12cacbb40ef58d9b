//! setWebhook.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use teloxide::prelude::Requester;

use super::{Ground, SECONDS};

type Seen = Arc<Mutex<Vec<(Option<String>, i64)>>>;

/// A receiver that refuses every second push.
async fn receiver() -> (String, Seen) {
    async fn take(State(seen): State<Seen>, headers: HeaderMap, body: String) -> StatusCode {
        let secret = headers.get("x-telegram-bot-api-secret-token").map(|value| value.to_str().unwrap().to_owned());
        let update: Value = serde_json::from_str(&body).unwrap();
        let mut seen = seen.lock().unwrap();
        seen.push((secret, update["update_id"].as_i64().unwrap()));
        if seen.len().is_multiple_of(2) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
    }
    let seen = Seen::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(take)).with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_are_pushed_in_order_until_they_are_taken() {
    let ground = Ground::new().await;
    ground.api.repeat_webhooks_after(Duration::from_millis(10));
    let (url, seen) = receiver().await;
    let secret = "A-secret_of-32-characters-and-so";
    ground.ok("setWebhook", json!({ "url": url, "secret_token": secret, "max_connections": 7 })).await;
    let one = ground.api.says(ground.alice, ground.chat, None, "one").update_id();
    let two = ground.api.says(ground.alice, ground.chat, None, "two").update_id();
    ground.api.wait_for("both to be taken", SECONDS, |api| api.pending(&ground.bot).is_empty());
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [one, one, two, two]);
    assert!(seen.iter().all(|(given, _)| given.as_deref() == Some(secret)));
    let info = ground.ok("getWebhookInfo", json!({})).await;
    assert_eq!((&info["url"], &info["max_connections"]), (&json!(url), &json!(7)));
    assert!(info["last_error_message"].as_str().unwrap().contains("503"));
    assert_eq!(ground.api.webhook(&ground.bot), Some(url));
}

#[tokio::test(flavor = "multi_thread")]
async fn webhook_and_polling_exclude_each_other() {
    let ground = Ground::new().await;
    ground.ok("setWebhook", json!({ "url": "http://127.0.0.1:1/", "allowed_updates": ["message"] })).await;
    let (code, description) = ground.refused("getUpdates", json!({})).await;
    assert_eq!(code, 409);
    assert!(description.starts_with("Conflict: can't use getUpdates method while webhook is active"));
    ground.api.says(ground.alice, ground.chat, None, "lost");
    ground.ok("deleteWebhook", json!({ "drop_pending_updates": true })).await;
    assert_eq!(ground.ok("getUpdates", json!({})).await, json!([]));
    let info = ground.teloxide().get_webhook_info().await.unwrap();
    assert_eq!(info.url, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_setwebhook_refuses() {
    let ground = Ground::new().await;
    let url = "http://127.0.0.1:1/";
    let space = json!({ "url": url, "secret_token": "a b" });
    ground.bad("setWebhook", space, "secret token contains unallowed characters").await;
    ground.bad("setWebhook", json!({ "url": "tea" }), "bad webhook: invalid webhook URL specified").await;
    ground.bad("setWebhook", json!({ "url": url, "max_connections": 0 }), "invalid max_connections specified").await;
}
