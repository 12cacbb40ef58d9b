//! With a Bot API on the other side: what is written down, sent again, mended, let in.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::ground::{TOKEN, recorded, telegram, unmet};
use super::outbound::{case, delivery, packet, says};
use super::server::Server;
use crate::adapters::telegram::{Heard, Telegram};
use crate::adapters::tests::{Kept, until};
use crate::adapters::{Adapter, Deliver, Incoming, Intake, Live, SendError};
use crate::engine::{
    Body, Conversation, ConversationId, Effect, Inbound, Person, PersonId, Place, PlaceKind, Silence, StaffPost, Step,
    Why,
};
use crate::voice::content::{Inline, Style};
use crate::voice::{Content, Line};

pub async fn bot(server: &Server) -> Arc<Telegram> {
    Arc::new(telegram(&server.start().await))
}

pub fn update(name: &str) -> Value {
    let (_, recorded) = recorded().into_iter().find(|(known, _)| known == name).unwrap();
    serde_json::from_str(recorded.update.get()).unwrap()
}

pub fn note() -> StaffPost {
    StaffPost::CustomerWrote { case: case(), text: "hello?".into(), attachments: Vec::new() }
}

pub fn listen(
    telegram: &Arc<Telegram>,
    kept: &Arc<Kept>,
) -> (CancellationToken, tokio::task::JoinHandle<Result<(), crate::adapters::Ended>>) {
    let stop = CancellationToken::new();
    let (telegram, intake, token) = (Arc::clone(telegram), Arc::clone(kept) as Arc<dyn Intake>, stop.clone());
    (stop, tokio::spawn(async move { telegram.listen(0, intake, token).await }))
}

#[tokio::test]
async fn that_telegram_is_heard_is_known_at_once_whatever_could_not_be_set() {
    let server = Server::default();
    server.refuse("setMyCommands", 404, "Not Found: method not found");
    server.ok("getUpdates", json!([]));
    let telegram = bot(&server).await;
    assert!(!telegram.is_connected(0));
    let (stop, _listening) = listen(&telegram, &Arc::new(Kept::default()));
    until(|| server.asked("getUpdates").len() > 1).await;
    assert_eq!(server.asked("getUpdates")[0]["timeout"], 0);
    assert!(server.asked("getUpdates")[1]["timeout"].as_u64().is_some_and(|seconds| seconds > 0));
    assert!(telegram.is_connected(0));
    stop.cancel();
}

#[tokio::test]
async fn an_update_is_written_down_before_it_is_confirmed() {
    let server = Server::default();
    server.ok("getUpdates", json!([update("private_text"), update("unknown_kind")]));
    let telegram = bot(&server).await;
    let kept = Arc::new(Kept::default());
    *kept.failures.lock().unwrap() = 1;
    let (stop, listening) = listen(&telegram, &kept);
    until(|| *kept.failures.lock().unwrap() == 0).await;
    // It failed, so nothing is confirmed: nobody asked for more.
    assert_eq!((server.asked("getUpdates").len(), kept.taken.lock().unwrap().len()), (1, 0));
    until(|| server.asked("getUpdates").len() > 1).await;
    assert_eq!(kept.taken.lock().unwrap().len(), 2);
    assert_eq!(server.asked("getUpdates")[0].get("offset"), None);
    assert_eq!(server.asked("getUpdates")[1]["offset"], 860_001_160);
    assert_eq!(
        server.asked("getUpdates")[1]["allowed_updates"],
        json!(["message", "edited_message", "callback_query", "my_chat_member"])
    );
    assert!(telegram.is_connected(0));
    stop.cancel();
    assert_eq!(listening.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn without_a_token_that_counts_there_is_nothing_to_listen_to() {
    let server = Server::default();
    server.refuse("getUpdates", 401, "Unauthorized");
    let telegram = bot(&server).await;
    let (_stop, listening) = listen(&telegram, &Arc::default());
    let ended = listening.await.unwrap().unwrap_err();
    assert!(ended.0.contains("LANTERN_TELEGRAM_TOKEN") && ended.0.contains("@BotFather"), "{ended}");
    assert!(!telegram.is_connected(0));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let hello = delivery("700000001", Body::Send(says(Content::verbatim("Hello"))));
    let limited = json!({ "ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7", "parameters": { "retry_after": 7 } });
    server.next("sendMessage", limited);
    let Err(SendError::Later { retry_after, .. }) = telegram.deliver(&hello).await else { panic!() };
    assert_eq!(retry_after, Some(SignedDuration::from_secs(7)));
    for (code, description, reason) in [
        (403, "Forbidden: bot was blocked by the user", "the customer has blocked the bot"),
        (403, "Forbidden: user is deactivated", "the customer's account is gone"),
        (400, "Bad Request: chat not found", "there is no such chat, or the bot is not in it"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "the bot may not write there"),
        (400, "Bad Request: PEER_ID_INVALID", "there is no such chat, or the bot is not in it"),
        (400, "Bad Request: TOPIC_CLOSED", "the topic is closed"),
        (403, "Forbidden: something new", "Telegram refuses it: Forbidden: something new"),
    ] {
        server.refuse("sendMessage", code, description);
        assert_eq!(telegram.deliver(&hello).await, Err(SendError::Never { reason: reason.to_owned() }));
    }
    // It is the message that is not taken; the person is fine.
    for (code, description) in [
        (400, "Bad Request: something new"),
        (400, "Bad Request: message text is empty"),
        (413, "Request Entity Too Large"),
        (404, "Not Found: method not found"),
    ] {
        server.refuse("sendMessage", code, description);
        let reason = format!("Telegram refuses it: {description}");
        assert_eq!(telegram.deliver(&hello).await, Err(SendError::Refused { reason }));
    }
    for (status, body) in
        [(502, "<html>Bad Gateway</html>"), (500, ""), (200, "not json"), (401, "{\"ok\":false,\"error_code\":401}")]
    {
        server.raw("sendMessage", status, body.to_owned());
        let sent = telegram.deliver(&hello).await;
        // Only what was certainly refused is certainly not done.
        match status {
            401 => assert!(matches!(sent, Err(SendError::ShutOut { .. })), "{status} {body}"),
            _ => assert!(matches!(sent, Err(SendError::Unsure { .. })), "{status} {body}"),
        }
    }
}

#[tokio::test]
async fn no_error_holds_the_token() {
    let hello = delivery("700000001", Body::Send(says(Content::verbatim("Hello"))));
    let gone = telegram("http://127.0.0.1:1").deliver(&hello).await.unwrap_err().to_string();
    let server = Server::default();
    server.refuse("sendMessage", 400, &format!("Bad Request: {TOKEN} is odd"));
    let odd = bot(&server).await.deliver(&hello).await.unwrap_err().to_string();
    let unmet = unmet("http://127.0.0.1:1", None).check(&Kept::default()).await;
    let checked = format!("{unmet:?}");
    for text in [gone, odd, checked.clone()] {
        assert!(!text.contains("canary") && !text.contains("/bot"), "{text}");
    }
    assert!(unmet.problems[0].fatal && checked.contains("http://127.0.0.1:1"), "{checked}");
}

#[tokio::test]
async fn a_text_whose_setting_is_refused_goes_out_plain() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let strong = Inline::Text { text: "Hello".into(), style: Style::Strong };
    let hello = delivery("700000001", Body::Send(says(Content { paragraphs: vec![vec![strong]] })));
    server.refuse("sendMessage", 400, "Bad Request: can't parse entities: unexpected end");
    assert_eq!(telegram.deliver(&hello).await.unwrap().message_id.as_deref(), Some("900"));
    let asked = server.asked("sendMessage");
    assert!(asked[0].get("entities").is_some() && asked[1].get("entities").is_none());
    assert_eq!(asked[0]["text"], asked[1]["text"]);
}

#[tokio::test]
async fn a_second_try_goes_on_where_the_first_stopped() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let long = delivery("700000001", Body::Send(says(Content::verbatim(&"One more sentence. ".repeat(300)))));
    server.ok("sendMessage", json!({ "message_id": 1 })).refuse("sendMessage", 502, "Bad Gateway");
    assert!(telegram.deliver(&long).await.is_err());
    assert_eq!(telegram.deliver(&long).await.unwrap().message_id.as_deref(), Some("900"));
    let asked = server.asked("sendMessage");
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[1], asked[2]);
    assert_ne!(asked[0], asked[1]);
}

#[tokio::test]
async fn a_case_is_a_topic_and_a_deleted_one_is_opened_again() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let kept = Arc::new(Kept::default());
    let (stop, _) = listen(&telegram, &kept);
    until(|| !server.asked("getUpdates").is_empty()).await;
    let opened = delivery("700000001", Body::Staff(packet("Sam")));
    server.refuse("sendMessage", 502, "Bad Gateway");
    assert!(telegram.deliver(&opened).await.is_err());
    // The topic is there already: another try opens no second one.
    let sent = telegram.deliver(&opened).await.unwrap();
    assert_eq!(sent.message_id.as_deref(), Some("-1001000000002/55"));
    assert_eq!(server.asked("createForumTopic").len(), 1);
    assert_eq!(server.asked("sendMessage")[1]["message_thread_id"], 55);

    let mut later = delivery("700000001", Body::Staff(note()));
    later.thread = sent.message_id;
    assert_eq!(telegram.deliver(&later).await.unwrap().message_id.as_deref(), Some("-1001000000002/55/900"));

    server.refuse("sendMessage", 400, "Bad Request: message thread not found");
    server.ok("createForumTopic", json!({ "message_thread_id": 56 }));
    assert_eq!(telegram.deliver(&later).await.unwrap().message_id.as_deref(), Some("-1001000000002/56/900"));
    let Some(Incoming::Renumbered { from, to, .. }) = kept.taken.lock().unwrap().last().cloned() else { panic!() };
    assert_eq!((from.as_str(), to.as_str()), ("-1001000000002/55", "-1001000000002/56"));
    stop.cancel();
}

#[tokio::test]
async fn a_group_that_moved_is_followed() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let kept = Arc::new(Kept::default());
    let (stop, _) = listen(&telegram, &kept);
    until(|| !server.asked("getUpdates").is_empty()).await;
    let moved = json!({ "ok": false, "error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat", "parameters": { "migrate_to_chat_id": -1005005 } });
    server.next("sendMessage", moved);
    assert!(telegram.deliver(&delivery("-5005", Body::Send(says(Content::verbatim("Hello"))))).await.is_ok());
    assert_eq!(server.asked("sendMessage")[1]["chat_id"], -1_005_005);
    assert!(matches!(kept.taken.lock().unwrap().last(), Some(Incoming::Renumbered { .. })));
    // What is written under the new number is heard.
    let mut heard = update("group_reply_thread_is_no_topic");
    heard["message"]["chat"]["id"] = json!(-1_005_005);
    server.ok("getUpdates", json!([heard]));
    until(|| matches!(kept.taken.lock().unwrap().last(), Some(Incoming::Event(_)))).await;
    stop.cancel();
}

#[tokio::test]
async fn typing_is_shown_in_private_while_the_bot_waits_for_more() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let (private, group) = (heard("private_topic"), heard("group_topic_reply"));
    Deliver::stepped(&*telegram, &group, None, &step(Silence::WaitingForMore));
    Deliver::stepped(&*telegram, &private, None, &step(Silence::NothingToSay));
    Deliver::stepped(&*telegram, &private, None, &step(Silence::WaitingForMore));
    until(|| !server.methods().is_empty()).await;
    assert_eq!(
        server.asked("sendChatAction"),
        [json!({ "chat_id": 700_000_001, "action": "typing", "message_thread_id": 31 })]
    );
    // Without a runtime there is nothing to show it with.
    std::thread::spawn(move || Deliver::stepped(&*telegram, &private, None, &step(Silence::WaitingForMore)))
        .join()
        .unwrap();
}

fn heard(name: &str) -> Inbound {
    let heard = Heard::read(&update(name).to_string(), jiff::Timestamp::UNIX_EPOCH);
    let Some(Incoming::Event(inbound)) = telegram("http://127.0.0.1:1").inbound(&heard).pop() else { panic!() };
    inbound
}

fn step(silence: Silence) -> Step {
    let person = Person {
        id: PersonId(1),
        name: "Sam".into(),
        locale: None,
        disclosed_at: None,
        opted_out: false,
        slots: BTreeMap::new(),
        shown: BTreeMap::new(),
    };
    let place = Place { id: "x".into(), kind: PlaceKind::Direct, name: String::new() };
    let conversation = Conversation::new(ConversationId(1), "lantern-loom".into(), "telegram".into(), place, person);
    Step { conversation, effects: vec![Effect::Silent(silence)], why: Why::default() }
}

#[tokio::test]
async fn a_press_is_answered_and_what_was_chosen_is_shown() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let kept = Arc::new(Kept::default());
    server.ok("getUpdates", json!([update("press_customer")]));
    let (stop, _) = listen(&telegram, &kept);
    until(|| !server.asked("editMessageReplyMarkup").is_empty()).await;
    assert_eq!(server.asked("answerCallbackQuery")[0], json!({ "callback_query_id": "4382bfdwdsb323b2d9" }));
    let left = &server.asked("editMessageReplyMarkup")[0]["reply_markup"]["inline_keyboard"];
    assert_eq!(left.as_array().map(Vec::len), Some(1), "the choice that was made is left: {left}");
    assert_eq!(left[0][0]["text"], "✓ A");
    *kept.refuses.lock().unwrap() = Some(Line::ChoiceExpired);
    server.ok("getUpdates", json!([update("press_old_message")]));
    until(|| server.asked("answerCallbackQuery").len() == 2).await;
    assert_eq!(server.asked("answerCallbackQuery")[1]["text"], "choice_expired in en");
    stop.cancel();
}

#[tokio::test]
async fn who_runs_the_desk_is_asked_once_a_minute_and_others_are_told_once() {
    let server = Server::default();
    let telegram = bot(&server).await;
    let kept = Arc::new(Kept::default());
    let stranger = update("desk_not_an_agent");
    server.ok("getChatMember", json!({ "status": "member" }));
    server.ok("getUpdates", json!([stranger.clone(), stranger, update("desk_admin"), update("desk_admin")]));
    let (stop, _) = listen(&telegram, &kept);
    until(|| server.asked("getUpdates").len() > 1 && !server.asked("sendMessage").is_empty()).await;
    assert_eq!(server.asked("getChatMember").len(), 2);
    assert_eq!(kept.taken.lock().unwrap().len(), 2);
    let told = server.asked("sendMessage");
    assert_eq!((told.len(), &told[0]["message_thread_id"]), (1, &json!(55)));
    stop.cancel();
}
