//! Messages that may have been sent are looked for: not twice, not on top of others, and not for ever.

use serde_json::json;

use super::live::bot;
use super::outbound::{delivery, says};
use super::server::Server;
use crate::adapters::{Deliver, SendError};
use crate::engine::{Body, Delivery, LinkButton, Outgoing, Unsure};
use crate::voice::Content;
use crate::voice::content::{Inline, Style};

const NOT_THERE: &str = "Bad Request: message to edit not found";
const THERE: &str = "Bad Request: message is not modified";

fn hello(here: i64) -> Delivery {
    let unsure = Some(Unsure { here: Some(here), anywhere: None });
    Delivery { unsure, ..delivery("700000001", Body::Send(says(Content::verbatim("Hello")))) }
}

fn tried(server: &Server) -> Vec<i64> {
    server.asked("editMessageText").iter().map(|edit| edit["message_id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_second_part_is_looked_for_behind_the_first() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let long = delivery("700000001", Body::Send(says(Content::verbatim(&"One more sentence. ".repeat(300)))));
    server.ok("sendMessage", json!({ "message_id": 11 })).refuse("sendMessage", 502, "Bad Gateway");
    assert!(matches!(telegram.deliver(&long).await, Err(SendError::Unsure { .. })));
    server.refuse("editMessageText", 400, THERE);
    let again = Delivery { unsure: Some(Unsure { here: Some(10), anywhere: Some(10) }), ..long };
    assert_eq!(telegram.deliver(&again).await.unwrap().message_id.as_deref(), Some("12"));
    assert_eq!((tried(&server), server.asked("sendMessage").len()), (vec![12], 2));
}

#[tokio::test]
async fn what_was_sent_without_its_markup_is_found_without_it() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let said = says(Content::verbatim("Hello"));
    let link = LinkButton { label: "Shop".to_owned(), url: "https://a.example/".to_owned() };
    let set = Outgoing { content: strong("Hello"), links: vec![link], ..said };
    let lost = Delivery { body: Body::Send(set), ..hello(10) };
    server.refuse("editMessageText", 400, "Bad Request: can't parse entities: no end");
    server.refuse("editMessageText", 400, "Bad Request: BUTTON_URL_INVALID");
    server.refuse("editMessageText", 400, NOT_THERE).refuse("editMessageText", 400, THERE);
    assert_eq!(telegram.deliver(&lost).await.unwrap().message_id.as_deref(), Some("12"));
    assert_eq!(tried(&server), [11, 11, 11, 12]);
    let edits = server.asked("editMessageText");
    assert!(!edits[0]["entities"].is_null() && edits[1]["entities"].is_null() && edits[3]["entities"].is_null());
    assert!(!edits[1]["reply_markup"].is_null() && edits[2]["reply_markup"].is_null());
    assert!(server.asked("sendMessage").is_empty());
}

fn strong(text: &str) -> Content {
    Content { paragraphs: vec![vec![Inline::Text { text: text.to_owned(), style: Style::Strong }]] }
}

#[tokio::test]
async fn a_number_of_another_message_of_ours_is_not_tried() {
    let server = Server::default();
    let telegram = bot(&server).await;
    server.ok("sendMessage", json!({ "message_id": 11 }));
    let other = delivery("700000001", Body::Send(says(Content::verbatim("Something else"))));
    assert!(telegram.deliver(&other).await.is_ok());
    server.refuse("editMessageText", 400, THERE);
    let mut lost = hello(10);
    lost.id = crate::engine::OutboxId(99);
    assert_eq!(telegram.deliver(&lost).await.unwrap().message_id.as_deref(), Some("12"));
    assert_eq!(tried(&server), [12]);
}

#[tokio::test]
async fn whatever_passes_during_the_search_leaves_it_unsure() {
    let server = Server::default();
    let telegram = bot(&server).await;
    for (code, description) in [(429, "Too Many Requests: retry after 7"), (502, "Bad Gateway")] {
        server.refuse("editMessageText", code, description);
        let sent = telegram.deliver(&hello(10)).await;
        assert!(matches!(sent, Err(SendError::Unsure { .. })), "{code}: {sent:?}");
    }
    server.refuse("editMessageText", 401, "Unauthorized");
    assert!(matches!(telegram.deliver(&hello(10)).await, Err(SendError::ShutOut { .. })), "it stays as uncertain");
    let nobody_there = super::ground::telegram("http://127.0.0.1:1").deliver(&hello(10)).await;
    assert!(matches!(nobody_there, Err(SendError::Unsure { .. })), "{nobody_there:?}");
    server.refuse("editMessageText", 403, "Forbidden: bot was blocked by the user");
    assert!(matches!(telegram.deliver(&hello(10)).await, Err(SendError::Never { .. })));
    assert!(server.asked("sendMessage").is_empty());
}

#[tokio::test]
async fn the_search_goes_on_where_it_stopped_and_ends() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let lost = Delivery { unsure: Some(Unsure { here: Some(10), anywhere: Some(100) }), ..hello(10) };
    server.refuse("editMessageText", 400, NOT_THERE).refuse("editMessageText", 502, "Bad Gateway");
    for _ in 0..40 {
        server.refuse("editMessageText", 400, NOT_THERE);
    }
    assert!(matches!(telegram.deliver(&lost).await, Err(SendError::Unsure { .. })));
    assert_eq!(tried(&server), [11, 12]);
    // At most twenty calls at a time.
    assert!(matches!(telegram.deliver(&lost).await, Err(SendError::Unsure { .. })));
    assert_eq!((tried(&server).len(), tried(&server)[2]), (22, 12));
    // All of it was searched: it is sent.
    assert!(telegram.deliver(&lost).await.is_ok());
    let all = tried(&server);
    assert_eq!((all.last(), all.len(), server.asked("sendMessage").len()), (Some(&124), 31, 1));
}
