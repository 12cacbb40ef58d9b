//! Topics.

use serde_json::json;
use teloxide::payloads::{EditForumTopicSetters, SendMessageSetters};
use teloxide::prelude::Requester;
use teloxide::types::{ChatId, MessageId, MessageKind, ThreadId, UpdateKind};

use super::Ground;
use super::telegram::{Role, rights};

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_opens_names_closes_and_reopens_a_topic() {
    let ground = Ground::new().await;
    let forum = ground.api.forum("Staff");
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::admin(&[rights::MANAGE_TOPICS]));
    ground.updates().await;
    let bot = ground.teloxide();
    let topic = bot.create_forum_topic(ChatId(forum.id), "Alice").await.unwrap();
    let thread = topic.thread_id;
    let sent = bot.send_message(ChatId(forum.id), "A new case").message_thread_id(thread).await.unwrap();
    assert_eq!((sent.thread_id, sent.is_topic_message), (Some(thread), true));
    bot.edit_forum_topic(ChatId(forum.id), thread).name("Alice, returns".to_owned()).await.unwrap();
    bot.close_forum_topic(ChatId(forum.id), thread).await.unwrap();
    assert!(ground.api.topics(forum)[0].closed);
    let same = json!({ "chat_id": forum.id, "message_thread_id": thread.0.0 });
    ground.bad("closeForumTopic", same.clone(), "TOPIC_NOT_MODIFIED").await;
    bot.reopen_forum_topic(ChatId(forum.id), thread).await.unwrap();
    assert!(!ground.api.topic(forum, "Alice, returns").unwrap().closed);
    let kinds = ground.typed().await;
    let service = |kind: &UpdateKind| match kind {
        UpdateKind::Message(message) => match message.kind {
            MessageKind::ForumTopicCreated(_) => "created",
            MessageKind::ForumTopicEdited(_) => "edited",
            MessageKind::ForumTopicClosed(_) => "closed",
            MessageKind::ForumTopicReopened(_) => "reopened",
            _ => "other",
        },
        _ => "other",
    };
    assert_eq!(kinds.iter().map(service).collect::<Vec<_>>(), ["created", "edited", "closed", "reopened"]);
    let transcript = ground.api.transcript(forum);
    assert!(transcript.contains("#Alice, returns | bot: A new case\n"), "{transcript}");
    assert!(transcript.contains("| (bot: forum topic closed)\n"), "{transcript}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_and_names() {
    let ground = Ground::new().await;
    let forum = ground.api.forum("Staff");
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::Member);
    let named = |name: &str| json!({ "chat_id": forum.id, "name": name });
    ground.bad("createForumTopic", named("x"), "not enough rights to create a topic").await;
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::admin(&[rights::DELETE_MESSAGES]));
    ground.bad("createForumTopic", named("x"), "not enough rights to create a topic").await;
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::admin(&[rights::MANAGE_TOPICS]));
    ground.bad("createForumTopic", named(""), "topic title must be non-empty").await;
    ground.bad("createForumTopic", named(&"n".repeat(129)), "TOPIC_TITLE_INVALID").await;
    ground.ok("createForumTopic", named(&"n".repeat(128))).await;
    let plain = ground.api.supergroup("Plain");
    ground.api.adds_bot(ground.alice, &ground.bot, plain, Role::admin(&[rights::MANAGE_TOPICS]));
    let body = json!({ "chat_id": plain.id, "name": "x" });
    ground.bad("createForumTopic", body, "the chat is not a forum").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_that_are_unknown_closed_or_removed() {
    let ground = Ground::new().await;
    let forum = ground.api.forum("Staff");
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::Member);
    let thread = ground.api.opens_topic(ground.alice, forum, "Lamps");
    let into = |thread: i64| json!({ "chat_id": forum.id, "text": "x", "message_thread_id": thread });
    for unknown in [1, 999] {
        ground.bad("sendMessage", into(unknown), "message thread not found").await;
    }
    ground.ok("sendMessage", into(thread)).await;
    ground.api.closes_topic(ground.alice, forum, thread);
    ground.bad("sendMessage", into(thread), "TOPIC_CLOSED").await;
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::admin(&[rights::MANAGE_TOPICS]));
    ground.ok("sendMessage", into(thread)).await;
    ground.api.removes_topic(forum, thread);
    ground.bad("sendMessage", into(thread), "message thread not found").await;
    let body = json!({ "chat_id": forum.id, "message_thread_id": thread });
    ground.bad("closeForumTopic", body, "TOPIC_ID_INVALID").await;
    let typing = json!({ "chat_id": forum.id, "action": "typing", "message_thread_id": thread });
    ground.bad("sendChatAction", typing, "message thread not found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_write_in_topics() {
    let ground = Ground::new().await;
    let forum = ground.api.forum("Staff");
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::admin(&[]));
    let thread = ground.api.opens_topic(ground.alice, forum, "Lamps");
    ground.updates().await;
    ground.api.says(ground.alice, forum, Some(thread), "in it");
    ground.api.says(ground.alice, forum, None, "outside");
    let kinds = ground.typed().await;
    let [UpdateKind::Message(inside), UpdateKind::Message(outside)] = &kinds[..] else { panic!("{kinds:?}") };
    assert_eq!(inside.thread_id, Some(ThreadId(MessageId(thread as i32))));
    assert!(inside.is_topic_message);
    let root = inside.reply_to_message().expect("the message that opened the topic");
    assert!(matches!(root.kind, MessageKind::ForumTopicCreated(_)));
    assert_eq!((outside.thread_id, outside.is_topic_message), (None, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lands_beside_what_it_answers() {
    let ground = Ground::new().await;
    let forum = ground.api.forum("Staff");
    ground.api.adds_bot(ground.alice, &ground.bot, forum, Role::Member);
    let thread = ground.api.opens_topic(ground.alice, forum, "Lamps");
    let said = ground.api.says(ground.alice, forum, Some(thread), "in it").message_id;
    let body = json!({ "chat_id": forum.id, "text": "x", "reply_parameters": { "message_id": said } });
    ground.ok("sendMessage", body).await;
    assert_eq!(ground.api.bot_messages_in(forum, thread).len(), 1);
}
