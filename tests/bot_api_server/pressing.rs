//! Buttons and reactions.

use std::time::Duration;

use serde_json::json;
use teloxide::payloads::{AnswerCallbackQuerySetters, SetMessageReactionSetters};
use teloxide::prelude::Requester;
use teloxide::types::{ChatId, MaybeInaccessibleMessage, MessageId, ReactionType, UpdateKind};

use super::Ground;

async fn with_buttons(ground: &Ground) -> i64 {
    let keyboard = json!({ "inline_keyboard": [
        [{ "text": "Yes", "callback_data": "y" }, { "text": "No", "callback_data": "n" }],
        [{ "text": "Help", "url": "https://tea.example" }],
    ] });
    let body = json!({ "chat_id": ground.chat.id, "text": "Sure?", "reply_markup": keyboard });
    ground.ok("sendMessage", body).await["message_id"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_is_told_and_answered() {
    let ground = Ground::new().await;
    let id = with_buttons(&ground).await;
    let pressed = ground.api.presses(ground.alice, ground.chat, id, "Yes");
    ground.api.presses(ground.alice, ground.chat, id, "n");
    let kinds = ground.typed().await;
    let [UpdateKind::CallbackQuery(yes), UpdateKind::CallbackQuery(no)] = &kinds[..] else { panic!("{kinds:?}") };
    assert_eq!((yes.data.as_deref(), no.data.as_deref()), (Some("y"), Some("n")));
    assert_eq!(yes.regular_message().unwrap().text(), Some("Sure?"));
    assert_eq!(ground.api.answered(&pressed), None);
    ground.teloxide().answer_callback_query(yes.id.clone()).text("Done").show_alert(true).await.unwrap();
    let answered = ground.api.answered(&pressed).unwrap();
    assert_eq!((answered.text.as_str(), answered.alert), ("Done", true));
    let expected = "bot: Sure? [Yes] [No] [Help -> https://tea.example]\n(Alice presses [Yes])\n\
        (Alice presses [No])\n(Alice sees an alert: Done)\n";
    assert!(ground.api.transcript(ground.chat).ends_with(expected), "{}", ground.api.transcript(ground.chat));
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_and_late_presses() {
    let ground = Ground::new().await;
    let id = with_buttons(&ground).await;
    let forged = ground.api.presses_forged(ground.alice, ground.chat, id, "anything");
    assert_eq!(ground.updates().await[0]["callback_query"]["data"], "anything");
    let answer = |id: &str, text: String| json!({ "callback_query_id": id, "text": text });
    ground.bad("answerCallbackQuery", answer(&forged.query_id, "a".repeat(201)), "MESSAGE_TOO_LONG").await;
    let too_old = "query is too old and response timeout expired or query ID is invalid";
    ground.bad("answerCallbackQuery", answer("1", String::new()), too_old).await;
    ground.api.answer_within(Duration::from_secs(5));
    ground.api.advance(Duration::from_secs(6));
    ground.bad("answerCallbackQuery", answer(&forged.query_id, String::new()), too_old).await;

    ground.api.deletes(ground.chat, id);
    ground.api.presses_forged(ground.alice, ground.chat, id, "y");
    let kinds = ground.typed().await;
    let UpdateKind::CallbackQuery(query) = &kinds[0] else { panic!("{kinds:?}") };
    assert!(matches!(query.message, Some(MaybeInaccessibleMessage::Inaccessible(_))));
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "no button [Maybe]")]
async fn a_button_that_is_not_there() {
    let ground = Ground::new().await;
    let id = with_buttons(&ground).await;
    ground.api.presses(ground.alice, ground.chat, id, "Maybe");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_documented_reaction() {
    let ground = Ground::new().await;
    let id = ground.api.says(ground.alice, ground.chat, None, "thanks").message_id;
    let heart = ReactionType::Emoji { emoji: "❤".to_owned() };
    let bot = ground.teloxide();
    bot.set_message_reaction(ChatId(ground.chat.id), MessageId(id as i32)).reaction([heart]).await.unwrap();
    assert_eq!(ground.api.reaction(&ground.bot, ground.chat, id).as_deref(), Some("❤"));
    let react = |emoji: &[&str]| {
        let list: Vec<_> = emoji.iter().map(|emoji| json!({ "type": "emoji", "emoji": emoji })).collect();
        json!({ "chat_id": ground.chat.id, "message_id": id, "reaction": list })
    };
    ground.bad("setMessageReaction", react(&["🫖"]), "REACTION_INVALID").await;
    ground.bad("setMessageReaction", react(&["👍", "❤"]), "REACTIONS_TOO_MANY").await;
    ground.ok("setMessageReaction", react(&[])).await;
    assert_eq!(ground.api.reaction(&ground.bot, ground.chat, id), None);
    let none = json!({ "chat_id": ground.chat.id, "message_id": 999, "reaction": [] });
    ground.bad("setMessageReaction", none, "message to react not found").await;
}
