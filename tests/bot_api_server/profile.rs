//! What a bot sets about itself, and what it can look up.

use serde_json::json;
use teloxide::payloads::{GetMyCommandsSetters, SetMyCommandsSetters, SetMyDescriptionSetters};
use teloxide::prelude::Requester;
use teloxide::types::{BotCommand, BotCommandScope, ChatId, Recipient, UserId};

use super::Ground;
use super::telegram::{Attachment, Role, Say, rights};

#[tokio::test(flavor = "multi_thread")]
async fn getme_tells_of_privacy_mode() {
    let ground = Ground::new().await;
    let bot = ground.teloxide();
    let me = bot.get_me().await.unwrap();
    assert_eq!(me.username(), "tea_bot");
    assert!(!me.can_read_all_group_messages);
    ground.api.privacy_mode(&ground.bot, false);
    assert!(bot.get_me().await.unwrap().can_read_all_group_messages);
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_by_scope_and_language() {
    let ground = Ground::new().await;
    let bot = ground.teloxide();
    let staff = BotCommandScope::Chat { chat_id: Recipient::Id(ChatId(-100)) };
    bot.set_my_commands([BotCommand::new("help", "Get help")]).await.unwrap();
    bot.set_my_commands([BotCommand::new("help", "Hilfe")]).language_code("de").await.unwrap();
    bot.set_my_commands([BotCommand::new("take", "Take a case")]).scope(staff.clone()).await.unwrap();
    assert_eq!(bot.get_my_commands().await.unwrap()[0].description, "Get help");
    assert_eq!(bot.get_my_commands().language_code("de").await.unwrap()[0].description, "Hilfe");
    assert_eq!(bot.get_my_commands().scope(staff).await.unwrap()[0].command, "take");
    assert!(bot.get_my_commands().language_code("fr").await.unwrap().is_empty());
    let sets = ground.api.commands(&ground.bot);
    assert_eq!(sets.len(), 3);
    assert_eq!(sets[1].language, "de");
    assert_eq!(sets[2].scope["type"], "chat");
    let named = |name: &str| json!({ "commands": [{ "command": name, "description": "x" }] });
    ground.bad("setMyCommands", named("Help"), "BOT_COMMAND_INVALID").await;
    ground.bad("setMyCommands", named(&"a".repeat(33)), "BOT_COMMAND_INVALID").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptions() {
    let ground = Ground::new().await;
    let bot = ground.teloxide();
    bot.set_my_description().description("We sell tea.").await.unwrap();
    assert_eq!(bot.get_my_description().await.unwrap().description, "We sell tea.");
    assert_eq!(ground.api.descriptions(&ground.bot), [(String::new(), "We sell tea.".to_owned())]);
    let long = json!({ "short_description": "a".repeat(121) });
    ground.bad("setMyShortDescription", long, "short_description is too long").await;
    ground.ok("setMyShortDescription", json!({ "short_description": "Tea", "language_code": "de" })).await;
    assert_eq!(ground.api.short_descriptions(&ground.bot), [("de".to_owned(), "Tea".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_and_members() {
    let ground = Ground::new().await;
    let forum = ground.api.forum("Staff");
    let (owner, bob) = (ground.api.user("Olga"), ground.api.user("Bob"));
    ground.api.adds_bot(owner, &ground.bot, forum, Role::admin(&[rights::MANAGE_TOPICS]));
    let bot = ground.teloxide();
    let full = bot.get_chat(ChatId(forum.id)).await.unwrap();
    assert_eq!(full.title(), Some("Staff"));
    assert!(bot.get_chat(ChatId(ground.chat.id)).await.unwrap().is_private());
    let status = async |user| bot.get_chat_member(ChatId(forum.id), UserId(user as u64)).await.unwrap();
    assert!(status(owner.id).await.is_owner());
    assert!(status(bob.id).await.is_left());
    for (role, present) in [(Role::Member, true), (Role::Restricted, true), (Role::Kicked, false)] {
        ground.api.set_member(bob, forum, role);
        assert_eq!(status(bob.id).await.is_present(), present);
    }
    let me = status(ground.bot.id).await;
    let teloxide::types::ChatMemberKind::Administrator(me) = &me.kind else { panic!("{me:?}") };
    assert!(me.can_manage_topics && !me.can_delete_messages);
    let admins = bot.get_chat_administrators(ChatId(forum.id)).await.unwrap();
    assert_eq!(admins.len(), 2);
    ground.bad("getChatMember", json!({ "chat_id": forum.id, "user_id": 5 }), "user not found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_found_and_downloaded() {
    let ground = Ground::new().await;
    ground.api.posts(ground.alice, ground.chat, Say::attachment(Attachment::Voice(2)));
    let big = Attachment::Document { name: "film.mp4".into(), mime: "video/mp4".into(), size: 21 * 1024 * 1024 };
    ground.api.posts(ground.alice, ground.chat, Say::attachment(big));
    let updates = ground.updates().await;
    let id = updates[0]["message"]["voice"]["file_id"].as_str().unwrap().to_owned();
    let file = ground.teloxide().get_file(teloxide::types::FileId(id)).await.unwrap();
    let url = format!("{}/file/bot{}/{}", ground.api.url(), ground.bot.token, file.path);
    assert_eq!(reqwest::get(url).await.unwrap().bytes().await.unwrap().len(), file.meta.size as usize);
    let big = json!({ "file_id": updates[1]["message"]["document"]["file_id"] });
    ground.bad("getFile", big, "file is too big").await;
    ground.bad("getFile", json!({ "file_id": "x" }), "invalid file_id").await;
}
