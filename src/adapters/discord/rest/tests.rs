//! The transport against a server that says no in the ways of the documentation.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{HeaderMap as Headers, Uri};
use axum::response::IntoResponse;
use serde_json::json;

use super::*;

const TOKEN: &str = "canary.token.value";

/// A server that answers calls by their path, and counts them.
async fn server() -> (Rest, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let answer = move |uri: Uri, headers: Headers| {
        counted.fetch_add(1, Ordering::SeqCst);
        let status = |status: u16| StatusCode::from_u16(status).unwrap();
        let limited = |global: bool| json!({ "message": "slow down", "retry_after": 7.5, "global": global });
        let authorized =
            headers.get("authorization").is_some_and(|said| said.as_bytes() == format!("Bot {TOKEN}").as_bytes());
        let (code, extra, body) = match uri.path().trim_start_matches("/api/v10/") {
            "channels/1/messages" => (429, [("x-ratelimit-bucket", "abc"), ("retry-after", "8")], limited(false)),
            "channels/2/messages" => (200, [("x-ratelimit-bucket", "abc"), ("x-test", "")], json!({ "id": "5" })),
            "guilds/1" => (429, [("x-ratelimit-global", "true"), ("retry-after", "3")], limited(true)),
            "users/@me" if authorized => (401, [("x-a", ""), ("x-b", "")], json!({ "message": "no", "code": 0 })),
            "webhooks/1/t" if !authorized => {
                (401, [("x-a", ""), ("x-b", "")], json!({ "message": "no", "code": 50027 }))
            }
            "users/@me/channels" => (403, [("x-a", ""), ("x-b", "")], json!({ "message": "no", "code": 50007 })),
            _ => (502, [("x-a", ""), ("x-b", "")], json!("<html>")),
        };
        async move { (status(code), extra, axum::Json(body)).into_response() }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (Rest::new(BrandId::from("lumen"), &url, Secret::new(TOKEN)), calls)
}

fn wait(error: CallError) -> i64 {
    let CallError::Later { retry_after: Some(wait), .. } = error else { panic!("{error:?} is no wait") };
    wait.as_secs()
}

#[tokio::test]
async fn a_pause_holds_for_its_route_and_no_other() {
    let (rest, calls) = server().await;
    let first = Call::post("channels/1/messages", json!({}));
    assert!(wait(rest.tell(&first).await.unwrap_err()) >= 7);
    assert!(wait(rest.tell(&first).await.unwrap_err()) >= 6);
    assert_eq!(calls.load(Ordering::SeqCst), 1, "nothing is asked within the pause");
    let made: Value = rest.ask(&Call::post("channels/2/messages", json!({}))).await.unwrap();
    assert_eq!(made["id"], "5");
}

#[tokio::test]
async fn a_global_pause_holds_for_everything() {
    let (rest, calls) = server().await;
    assert!(rest.tell(&Call::get("guilds/1")).await.is_err());
    assert!(wait(rest.tell(&Call::get("channels/2/messages")).await.unwrap_err()) >= 2);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn every_refusal_is_told_by_its_number_and_none_shows_a_token() {
    let (rest, _) = server().await;
    let said = |path: &'static str| {
        let rest = rest.clone();
        async move { rest.tell(&Call::get(path)).await.unwrap_err() }
    };
    assert_eq!(said("webhooks/1/t").await, CallError::Refused { status: 401, code: 50027 });
    assert_eq!(said("users/@me/channels").await, CallError::Refused { status: 403, code: 50007 });
    assert!(matches!(said("nowhere").await, CallError::Later { retry_after: None, unsure: true, .. }));
    assert_eq!(said("users/@me").await, CallError::Unauthorized);
    let gone = Rest::new(BrandId::from("lumen"), "http://127.0.0.1:1", Secret::new(TOKEN));
    let error = gone.tell(&Call::get("webhooks/1/secret-token")).await.unwrap_err();
    assert!(matches!(error, CallError::Later { unsure: false, .. }), "nobody was there: {error:?}");
    assert!(!format!("{error:?} {error}").contains("token"), "{error:?}");
}

#[tokio::test]
async fn a_token_that_is_refused_is_not_shown_again_while_interactions_are_answered() {
    let (rest, calls) = server().await;
    assert_eq!(rest.tell(&Call::get("users/@me")).await, Err(CallError::Unauthorized));
    assert_eq!(rest.tell(&Call::post("channels/2/messages", json!({}))).await, Err(CallError::Unauthorized));
    assert_eq!(calls.load(Ordering::SeqCst), 1, "the second was not asked");
    assert!(rest.tell(&Call::post("webhooks/1/t", json!({}))).await.is_err());
    assert_eq!(calls.load(Ordering::SeqCst), 2, "an interaction has a token of its own");
}
