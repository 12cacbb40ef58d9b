//! What passes is borne, and what goes wrong in one place breaks nothing elsewhere.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::live::{bot, listen, update};
use super::outbound::{delivery, packet, says};
use super::server::Server;
use crate::adapters::tests::{Kept, until};
use crate::adapters::{Deliver, Intake, Live, SendError};
use crate::engine::Body;
use crate::voice::Content;

#[tokio::test]
async fn a_page_that_is_not_telegrams_does_not_end_listening() {
    let server = Server::default();
    server.raw("getUpdates", 404, "<html>not here</html>".to_owned());
    let telegram = bot(&server).await;
    let (stop, listening) = listen(&telegram, &Arc::default());
    until(|| server.asked("getUpdates").len() > 2).await;
    assert!(telegram.is_connected(0) && !listening.is_finished());
    stop.cancel();
}

#[tokio::test]
async fn a_bot_that_works_again_is_connected_again() {
    const SECRET: &str = "0123456789abcdef0123456789ABCDEF";
    let server = Server::default();
    let telegram = Arc::new(super::ground::unmet(&server.start().await, Some((SECRET, "https://bots.example"))));
    let (stop, _) = listen(&telegram, &Arc::default());
    until(|| telegram.is_connected(0)).await;
    let hello = delivery("700000001", Body::Send(says(Content::verbatim("Hello"))));
    server.refuse("sendMessage", 401, "Unauthorized");
    assert!(telegram.deliver(&hello).await.is_err() && !telegram.is_connected(0));
    assert!(telegram.deliver(&hello).await.is_ok() && telegram.is_connected(0));
    stop.cancel();
}

#[tokio::test]
async fn numbers_of_updates_may_begin_again_lower() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let mut lower = update("private_text");
    lower["update_id"] = json!(77);
    server.ok("getUpdates", json!([update("private_text")])).ok("getUpdates", json!([lower]));
    let (stop, _) = listen(&telegram, &Arc::default());
    until(|| server.asked("getUpdates").len() > 2).await;
    assert_eq!(server.asked("getUpdates")[2]["offset"], 78);
    stop.cancel();
}

#[tokio::test]
async fn what_comes_again_and_again_is_no_reason_to_hurry() {
    let server = Server::default();
    let telegram = bot(&server).await;
    for _ in 0..100 {
        server.ok("getUpdates", json!([update("private_text")]));
    }
    let kept = Arc::new(Kept { known: true.into(), ..Kept::default() });
    let (stop, _) = listen(&telegram, &kept);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(server.asked("getUpdates").len(), 2);
    stop.cancel();
}

#[tokio::test]
async fn a_reaction_that_is_refused_is_missed_by_nobody() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let react = delivery("700000001", Body::React { message_id: "5".into(), emoji: "👍".into() });
    for (code, description) in [
        (400, "Bad Request: REACTION_INVALID"),
        (403, "Forbidden: bot was kicked from the group chat"),
        (404, "Not Found: method not found"),
    ] {
        server.refuse("setMessageReaction", code, description);
        assert!(telegram.deliver(&react).await.is_ok(), "{description}");
    }
    server.refuse("setMessageReaction", 502, "Bad Gateway");
    assert!(telegram.deliver(&react).await.is_err());
}

#[tokio::test]
async fn a_desk_that_refuses_topics_is_the_fault_of_the_place() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let opened = delivery("700000001", Body::Staff(packet("Sam")));
    for (code, description) in [
        (400, "Bad Request: not enough rights to create a topic"),
        (400, "Bad Request: the chat is not a forum"),
        (400, "Bad Request: something new"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
    ] {
        server.refuse("createForumTopic", code, description);
        let sent = telegram.deliver(&opened).await;
        assert!(matches!(sent, Err(SendError::Never { .. })), "{description}: {sent:?}");
    }
    assert!(telegram.deliver(&opened).await.is_ok());
}

#[tokio::test]
async fn a_topic_is_opened_by_whatever_is_posted_first_about_a_case() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let first = delivery("700000001", Body::Staff(super::live::note()));
    assert_eq!(telegram.deliver(&first).await.unwrap().message_id.as_deref(), Some("-1001000000002/55"));
    let mut next = delivery("700000001", Body::Staff(super::live::note()));
    next.thread = Some("-1001000000002/55".to_owned());
    assert_eq!(telegram.deliver(&next).await.unwrap().message_id.as_deref(), Some("-1001000000002/55/900"));
    assert_eq!(server.asked("createForumTopic").len(), 1);
}

#[tokio::test]
async fn who_runs_the_desk_is_not_waited_for_longer_than_three_seconds() {
    let server = Server::default();
    let telegram = bot(&server).await;
    for _ in 0..9 {
        server.refuse("getChatMember", 502, "Bad Gateway");
    }
    let kept = Arc::new(Kept::default());
    let began = Instant::now();
    assert!(telegram.take(&update("desk_admin").to_string(), &(kept as Arc<dyn Intake>)).await.is_ok());
    assert!(began.elapsed() < Duration::from_millis(3900), "{:?}", began.elapsed());
}
