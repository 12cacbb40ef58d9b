//! Who can be reached, and comings and goings.

use serde_json::{Value, json};
use teloxide::RequestError;
use teloxide::prelude::Requester;
use teloxide::types::{ChatId, UpdateKind};

use super::Ground;
use super::telegram::{Chat, Role};

fn hello(chat: Chat) -> Value {
    json!({ "chat_id": chat.id, "text": "Hi" })
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_cannot_be_written_to() {
    let ground = Ground::new().await;
    let bob = ground.api.user("Bob");
    let to_bob = ground.api.private(bob, &ground.bot);
    let refused = ground.refused("sendMessage", hello(to_bob)).await;
    assert_eq!(refused, (403, "Forbidden: bot can't initiate conversation with a user".to_owned()));
    ground.api.blocks(ground.alice, &ground.bot);
    let refused = ground.refused("sendMessage", hello(ground.chat)).await;
    assert_eq!(refused, (403, "Forbidden: bot was blocked by the user".to_owned()));
    ground.api.unblocks(ground.alice, &ground.bot);
    ground.send(ground.chat, "Hi").await;
    let kinds = ground.typed().await;
    let [UpdateKind::MyChatMember(blocked), UpdateKind::MyChatMember(unblocked)] = &kinds[..] else {
        panic!("{kinds:?}")
    };
    assert!(blocked.new_chat_member.is_banned());
    assert!(unblocked.new_chat_member.is_member());
    ground.api.deactivates(ground.alice);
    let refused = ground.refused("sendMessage", hello(ground.chat)).await;
    assert_eq!(refused, (403, "Forbidden: user is deactivated".to_owned()));
    ground.bad("sendMessage", json!({ "chat_id": 5, "text": "Hi" }), "chat not found").await;
    ground.bad("sendMessage", json!({ "chat_id": -5, "text": "Hi" }), "chat not found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_comes_and_goes() {
    let ground = Ground::new().await;
    let group = ground.api.supergroup("Tea room");
    let owner = ground.api.user("Olga");
    ground.bad("sendMessage", hello(group), "chat not found").await;
    ground.api.adds_bot(owner, &ground.bot, group, Role::Member);
    ground.send(group, "Hi").await;
    ground.api.adds_bot(owner, &ground.bot, group, Role::Restricted);
    ground.bad("sendMessage", hello(group), "not enough rights to send text messages to the chat").await;
    ground.api.kicks_bot(owner, &ground.bot, group);
    let refused = ground.refused("sendMessage", hello(group)).await;
    assert_eq!(refused, (403, "Forbidden: bot was kicked from the supergroup chat".to_owned()));
    ground.api.adds_bot(owner, &ground.bot, group, Role::Member);
    ground.send(group, "Hi again").await;
    ground.ok("leaveChat", json!({ "chat_id": group.id })).await;
    let refused = ground.refused("sendMessage", hello(group)).await;
    assert_eq!(refused, (403, "Forbidden: bot is not a member of the supergroup chat".to_owned()));
    let kinds = ground.typed().await;
    let changes: Vec<bool> = kinds
        .iter()
        .filter_map(|kind| match kind {
            UpdateKind::MyChatMember(change) => Some(change.new_chat_member.is_present()),
            _ => None,
        })
        .collect();
    assert_eq!(changes, [true, true, false, true, false]);
    let joined = kinds.iter().filter(|kind| match kind {
        UpdateKind::Message(message) => message.new_chat_members().is_some(),
        _ => false,
    });
    assert_eq!(joined.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_becomes_a_supergroup() {
    let ground = Ground::new().await;
    let group = ground.api.group("Tea room");
    let owner = ground.api.user("Olga");
    ground.api.adds_bot(owner, &ground.bot, group, Role::Member);
    ground.updates().await;
    let (to, left, come) = ground.api.migrates(owner, group);
    assert!(left.update_id() < come.update_id());
    let kinds = ground.typed().await;
    let [UpdateKind::Message(left), UpdateKind::Message(come)] = &kinds[..] else { panic!("{kinds:?}") };
    assert_eq!((left.chat.id.0, left.migrate_to_chat_id()), (group.id, Some(&ChatId(to.id))));
    assert_eq!((come.chat.id.0, come.migrate_from_chat_id()), (to.id, Some(&ChatId(group.id))));
    let answer = ground.call("sendMessage", hello(group)).await;
    assert_eq!(answer["description"], "Bad Request: group chat was upgraded to a supergroup chat");
    let error = ground.teloxide().send_message(ChatId(group.id), "Hi").await.unwrap_err();
    assert!(matches!(error, RequestError::MigrateToChatId(id) if id.0 == to.id), "{error:?}");
    ground.send(to, "Hi").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_need_the_right_to_post() {
    let ground = Ground::new().await;
    let channel = ground.api.channel("News");
    ground.api.publish(channel, "tea_news");
    let owner = ground.api.user("Olga");
    ground.api.adds_bot(owner, &ground.bot, channel, Role::admin(&[]));
    let body = json!({ "chat_id": "@tea_news", "text": "Hi" });
    ground.bad("sendMessage", body.clone(), "need administrator rights in the channel chat").await;
    ground.api.adds_bot(owner, &ground.bot, channel, Role::admin(&["can_post_messages"]));
    ground.ok("sendMessage", body).await;
}
