//! sendMessage, editMessageText, copyMessage and the like.

use std::time::Duration;

use serde_json::{Value, json};
use teloxide::payloads::{CopyMessageSetters, SendMessageSetters};
use teloxide::prelude::Requester;
use teloxide::types::{
    ChatAction, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntityKind, MessageId,
    ParseMode, ReplyParameters,
};
use teloxide::{ApiError, RequestError};

use super::Ground;
use super::telegram::{Attachment, Role, Say, rights};

#[tokio::test(flavor = "multi_thread")]
async fn teloxide_sends_with_everything() {
    let ground = Ground::new().await;
    let asked = ground.api.says(ground.alice, ground.chat, None, "Where is it?").message_id;
    let link = InlineKeyboardButton::url("Track", "https://tea.example/track".parse().unwrap());
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Yes", "y"), link]]);
    let preview = LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    };
    let bot = ground.teloxide();
    let sent = bot
        .send_message(ChatId(ground.chat.id), "On <b>its</b> way &amp; <a href=\"https://tea.example\">soon</a> 🫖")
        .parse_mode(ParseMode::Html)
        .link_preview_options(preview)
        .reply_parameters(ReplyParameters::new(MessageId(asked as i32)))
        .reply_markup(keyboard)
        .await
        .unwrap();
    assert_eq!(sent.text(), Some("On its way & soon 🫖"));
    assert_eq!(sent.reply_to_message().unwrap().id.0, asked as i32);
    let entities = sent.parse_entities().unwrap();
    assert_eq!((entities[0].kind(), entities[0].text()), (&MessageEntityKind::Bold, "its"));
    assert_eq!(entities[1].text(), "soon");
    let kept = ground.api.last_bot_message(ground.chat);
    assert_eq!(kept.reply_to, Some(asked));
    assert_eq!(kept.fields["link_preview_options"]["is_disabled"], true);
    assert_eq!(kept.covered(&kept.entities()[1]), "soon");
    assert_eq!(kept.keyboard()[0].len(), 2);
    let expected = "bot: (to \"Where is it?\") On its way & soon 🫖 [Yes] [Track -> https://tea.example/track]\n";
    assert!(ground.api.transcript(ground.chat).ends_with(expected), "{}", ground.api.transcript(ground.chat));
}

#[tokio::test(flavor = "multi_thread")]
async fn html_is_checked() {
    let ground = Ground::new().await;
    let html = |text: &str| json!({ "chat_id": ground.chat.id, "text": text, "parse_mode": "HTML" });
    for (text, problem) in [
        ("<b>open", "Can't find end tag corresponding to start tag \"b\""),
        ("a <blink>x</blink>", "Unsupported start tag \"blink\" at byte offset 2"),
        ("<b>x</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
    ] {
        ground.bad("sendMessage", html(text), &format!("can't parse entities: {problem}")).await;
    }
    let nested = "<pre><code class=\"language-rust\">&lt;x&gt; &#x1F375; &copy;</code></pre><tg-spoiler> s</tg-spoiler>\
        <blockquote expandable>q <i><u>w</u></i></blockquote>";
    let sent = ground.ok("sendMessage", html(nested)).await;
    assert_eq!(sent["text"], "<x> 🍵 &copy; sq w");
    let kinds: Vec<&str> =
        sent["entities"].as_array().unwrap().iter().map(|entity| entity["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["pre", "spoiler", "expandable_blockquote", "underline", "italic"]);
    assert_eq!(sent["entities"][0], json!({ "type": "pre", "offset": 0, "length": 13, "language": "rust" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_must_lie_inside_the_text_in_utf16_units() {
    let ground = Ground::new().await;
    let bold = |text: &str, offset: i64, length: i64| {
        json!({ "chat_id": ground.chat.id, "text": text,
            "entities": [{ "type": "bold", "offset": offset, "length": length }] })
    };
    ground.ok("sendMessage", bold("🫖a", 2, 1)).await;
    ground.bad("sendMessage", bold("🫖a", 2, 2), "ENTITY_BOUNDS_INVALID").await;
    ground.bad("sendMessage", bold("abc", -1, 1), "ENTITY_BOUNDS_INVALID").await;
    let trimmed = ground.ok("sendMessage", bold("  abc ", 2, 4)).await;
    assert_eq!(trimmed["entities"][0], json!({ "type": "bold", "offset": 0, "length": 3 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_text_and_buttons() {
    let ground = Ground::new().await;
    let text = |text: String| json!({ "chat_id": ground.chat.id, "text": text });
    ground.ok("sendMessage", text("a".repeat(4096))).await;
    ground.bad("sendMessage", text("a".repeat(4097)), "message is too long").await;
    ground.bad("sendMessage", text("🫖".repeat(2049)), "message is too long").await;
    ground.bad("sendMessage", text(" \n".to_owned()), "message text is empty").await;
    let button = |button: Value| json!({ "chat_id": ground.chat.id, "text": "x", "reply_markup": { "inline_keyboard": [[button]] } });
    ground.ok("sendMessage", button(json!({ "text": "x", "callback_data": "é".repeat(32) }))).await;
    for data in ["é".repeat(33), String::new()] {
        let long = button(json!({ "text": "x", "callback_data": data }));
        ground.bad("sendMessage", long, "BUTTON_DATA_INVALID").await;
    }
    ground.bad("sendMessage", button(json!({ "text": "x", "url": "no address" })), "BUTTON_URL_INVALID").await;
    let none = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
    ground.bad("sendMessage", button(json!({ "text": "x" })), none).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_need_their_message_or_leave() {
    let ground = Ground::new().await;
    let reply = |anyway: bool| {
        json!({ "chat_id": ground.chat.id, "text": "x",
            "reply_parameters": { "message_id": 999, "allow_sending_without_reply": anyway } })
    };
    ground.bad("sendMessage", reply(false), "message to be replied not found").await;
    assert_eq!(ground.ok("sendMessage", reply(true)).await.get("reply_to_message"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn edits() {
    let ground = Ground::new().await;
    let keyboard = json!({ "inline_keyboard": [[{ "text": "Yes", "callback_data": "y" }]] });
    let body = json!({ "chat_id": ground.chat.id, "text": "one", "reply_markup": keyboard });
    let id = ground.ok("sendMessage", body).await["message_id"].as_i64().unwrap();
    let edit = |text: &str| json!({ "chat_id": ground.chat.id, "message_id": id, "text": text });
    let bot = ground.teloxide();
    let edited = bot.edit_message_text(ChatId(ground.chat.id), MessageId(id as i32), "two").await.unwrap();
    assert!(edited.edit_date().is_some());
    let kept = ground.api.message(ground.chat, id);
    assert_eq!((kept.text(), &kept.edits[..], kept.buttons().len()), ("two", &["one".to_owned()][..], 0));
    let error = bot.edit_message_text(ChatId(ground.chat.id), MessageId(id as i32), "two").await.unwrap_err();
    assert!(matches!(error, RequestError::Api(ApiError::MessageNotModified)), "{error:?}");
    ground.bad("editMessageText", edit(&"a".repeat(4097)), "MESSAGE_TOO_LONG").await;
    let markup = json!({ "chat_id": ground.chat.id, "message_id": id, "reply_markup": keyboard });
    ground.ok("editMessageReplyMarkup", markup.clone()).await;
    let (_, again) = ground.refused("editMessageReplyMarkup", markup).await;
    assert!(again.starts_with("Bad Request: message is not modified"), "{again}");
    let asked = ground.api.says(ground.alice, ground.chat, None, "mine").message_id;
    let theirs = json!({ "chat_id": ground.chat.id, "message_id": asked, "text": "yours" });
    ground.bad("editMessageText", theirs, "message can't be edited").await;
    let none = json!({ "chat_id": ground.chat.id, "message_id": 999, "text": "x" });
    ground.bad("editMessageText", none, "message to edit not found").await;
    ground.api.advance(Duration::from_secs(72 * 3600));
    ground.ok("editMessageText", edit("three")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deletes_for_two_days() {
    let ground = Ground::new().await;
    let id = ground.send(ground.chat, "oops").await;
    let old = ground.send(ground.chat, "old").await;
    let bot = ground.teloxide();
    bot.delete_message(ChatId(ground.chat.id), MessageId(id as i32)).await.unwrap();
    assert!(ground.api.message(ground.chat, id).deleted);
    let again = json!({ "chat_id": ground.chat.id, "message_id": id });
    ground.bad("deleteMessage", again, "message to delete not found").await;
    ground.api.advance(Duration::from_secs(48 * 3600));
    let late = json!({ "chat_id": ground.chat.id, "message_id": old });
    ground.bad("deleteMessage", late, "message can't be deleted").await;

    let group = ground.api.supergroup("Tea room");
    ground.api.adds_bot(ground.alice, &ground.bot, group, Role::Member);
    let said = ground.api.says(ground.alice, group, None, "hm").message_id;
    let theirs = json!({ "chat_id": group.id, "message_id": said });
    ground.bad("deleteMessage", theirs.clone(), "message can't be deleted").await;
    ground.api.adds_bot(ground.alice, &ground.bot, group, Role::admin(&[rights::DELETE_MESSAGES]));
    ground.ok("deleteMessage", theirs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_have_no_link_to_the_original() {
    let ground = Ground::new().await;
    let photo = Say::attachment(Attachment::Photo).caption("broken");
    let id = ground.api.posts(ground.alice, ground.chat, photo).message_id;
    let group = ground.api.supergroup("Staff");
    let joined = ground.api.adds_bot(ground.alice, &ground.bot, group, Role::Member).message_id;
    let (from, to) = (ChatId(ground.chat.id), ChatId(group.id));
    ground.teloxide().copy_message(to, from, MessageId(id as i32)).caption("from a customer").await.unwrap();
    let copy = ground.api.last_bot_message(group);
    assert!(copy.fields.contains_key("photo"));
    assert_eq!(copy.text(), "from a customer");
    let copy = |from: i64, id: i64| json!({ "chat_id": group.id, "from_chat_id": from, "message_id": id });
    ground.bad("copyMessage", copy(ground.chat.id, 999), "message to copy not found").await;
    ground.bad("copyMessage", copy(group.id, joined), "message can't be copied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_is_shown() {
    let ground = Ground::new().await;
    ground.teloxide().send_chat_action(ChatId(ground.chat.id), ChatAction::Typing).await.unwrap();
    let sleeping = json!({ "chat_id": ground.chat.id, "action": "sleeping" });
    ground.bad("sendChatAction", sleeping, "wrong parameter action in request").await;
    assert_eq!(ground.api.calls_of("sendChatAction")[0].body["action"], "typing");
}
