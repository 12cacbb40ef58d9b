//! The team is told when nothing was done with what they typed, and only where it is about a case.

use std::sync::Arc;

use serde_json::{Value, json};

use super::live::{bot, listen, update};
use super::server::Server;
use crate::adapters::tests::{Kept, until};

/// What is told in the topic when these come, one after the other.
async fn told(updates: &[Value], kept: Kept) -> Vec<String> {
    let server = Server::default();
    let telegram = bot(&server).await;
    server.ok("getUpdates", json!(updates));
    let (stop, _) = listen(&telegram, &Arc::new(kept));
    until(|| server.asked("getUpdates").len() > 3).await;
    stop.cancel();
    let told = server.asked("sendMessage");
    assert!(told.iter().all(|message| message["message_thread_id"] == 55), "{told:?}");
    told.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn agents_are_told_each_time_what_nobody_got() {
    let unknown = update("desk_no_such_command");
    let told = told(&[unknown.clone(), unknown.clone(), unknown], Kept::default()).await;
    assert_eq!(told.len(), 3, "{told:?}");
}

#[tokio::test]
async fn a_changed_reply_is_not_passed_on_and_its_author_is_told() {
    let told = told(&[update("desk_edited")], Kept::default()).await;
    assert!(told.len() == 1 && told[0].contains("reads what you wrote first"), "{told:?}");
}

#[tokio::test]
async fn that_files_are_only_named_is_told_once() {
    let told = told(&[update("desk_photo"), update("desk_photo")], Kept::default()).await;
    assert!(told.len() == 1 && told[0].contains("the name of the file"), "{told:?}");
}

#[tokio::test]
async fn who_writes_as_the_group_is_told_to_write_as_themselves() {
    let told = told(&[update("desk_anonymous_admin")], Kept::default()).await;
    assert!(told.len() == 1 && told[0].contains("Write as yourself"), "{told:?}");
}

#[tokio::test]
async fn topics_about_no_case_are_left_alone() {
    let all = ["desk_not_an_agent", "desk_no_such_command", "desk_edited", "desk_anonymous_admin", "desk_reply"];
    let all: Vec<Value> = all.into_iter().map(update).collect();
    // Somebody of the team opened it.
    let mut all = all;
    for update in &mut all {
        for kind in ["message", "edited_message"] {
            if let Some(from) = update.pointer_mut(&format!("/{kind}/reply_to_message/from")) {
                *from = json!({ "id": 500_000_001, "is_bot": false, "first_name": "Ana" });
            }
        }
    }
    let told = told(&all, Kept { no_cases: true, ..Kept::default() }).await;
    assert!(told.is_empty(), "{told:?}");
}

#[tokio::test]
async fn in_a_topic_whose_case_is_gone_agents_are_told_so() {
    let mut reply = update("desk_reply");
    reply["message"]["reply_to_message"] = json!({ "message_id": 55, "date": 1, "chat": reply["message"]["chat"],
        "from": { "id": 4242, "is_bot": true, "first_name": "Loom" }, "forum_topic_created": {} });
    let told = told(&[reply], Kept { no_cases: true, ..Kept::default() }).await;
    assert!(told.len() == 1 && told[0].contains("Nobody got that"), "{told:?}");
}
