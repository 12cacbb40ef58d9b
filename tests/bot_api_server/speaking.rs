//! People write.

use serde_json::{Value, json};
use teloxide::types::{MediaKind, Message, MessageEntityKind, MessageKind, MessageOrigin, UpdateKind};

use super::Ground;
use super::telegram::{Attachment, Chat, Origin, Person, Role, Say};

fn message(kind: &UpdateKind) -> &Message {
    match kind {
        UpdateKind::Message(message) | UpdateKind::EditedMessage(message) | UpdateKind::ChannelPost(message) => message,
        other => panic!("no message: {other:?}"),
    }
}

fn group(ground: &Ground, role: Role) -> Chat {
    let group = ground.api.supergroup("Tea room");
    ground.api.adds_bot(ground.api.user("Olga"), &ground.bot, group, role);
    group
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_with_a_payload_and_particulars() {
    let ground = Ground::new().await;
    let jose = Person::named("José").last_name("Ruiz").username("jose").language("es").id(42);
    let jose = ground.api.person(jose);
    let started = ground.api.starts(jose, &ground.bot, Some("abc-1_2"));
    let kinds = ground.typed().await;
    let heard = message(&kinds[0]);
    assert_eq!(heard.text(), Some("/start abc-1_2"));
    let from = heard.from.as_ref().unwrap();
    assert_eq!((from.id.0, from.language_code.as_deref()), (42, Some("es")));
    assert_eq!((heard.chat.id.0, heard.chat.username()), (42, Some("jose")));
    ground.send(started.chat, "¡Hola!").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_are_found() {
    let ground = Ground::new().await;
    ground.api.says(
        ground.alice,
        ground.chat,
        None,
        "🫖 /help@tea_bot ask @bob_b at https://tea.example/x, or a@bob_b.de 1/2",
    );
    let kinds = ground.typed().await;
    let entities = message(&kinds[0]).parse_entities().unwrap();
    let found: Vec<_> = entities.iter().map(|entity| (entity.kind().clone(), entity.text())).collect();
    assert_eq!(
        found,
        [
            (MessageEntityKind::BotCommand, "/help@tea_bot"),
            (MessageEntityKind::Mention, "@bob_b"),
            (MessageEntityKind::Url, "https://tea.example/x"),
        ]
    );
    ground.api.posts(ground.alice, ground.chat, Say::text("so bold").entity("bold", "bold"));
    assert_eq!(message(&ground.typed().await[0]).entities().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn privacy_mode() {
    let ground = Ground::new().await;
    let chat = group(&ground, Role::Member);
    let api = &ground.api;
    let seen = |text: &str| api.says(ground.alice, chat, None, text).told(&ground.bot).is_some();
    assert!(!seen("hello"));
    assert!(!seen("hello @tea_bot"), "a mention is not in the documented list");
    assert!(seen("/help@tea_bot"));
    assert!(seen("/help@Tea_Bot please"));
    assert!(!seen("/help@other_bot"));
    assert!(seen("/help"));
    let other = api.bot("coffee_bot");
    api.adds_bot(ground.alice, &other, chat, Role::Member);
    let url = format!("{}/bot{}/sendMessage?chat_id={}&text=Coffee", api.url(), other.token, chat.id);
    reqwest::get(url).await.unwrap().error_for_status().unwrap();
    assert!(!seen("/help"), "another bot spoke last");
    let id = ground.send(chat, "Hi").await;
    assert!(seen("/help"));
    assert!(api.replies(ground.alice, chat, id, "yes").told(&ground.bot).is_some());
    let via = Say::text("a cup").via(&ground.bot);
    assert!(api.posts(ground.alice, chat, via).told(&ground.bot).is_some());
    api.adds_bot(ground.alice, &ground.bot, chat, Role::admin(&[]));
    assert!(seen("hello"), "administrators see everything");
}

#[tokio::test(flavor = "multi_thread")]
async fn turning_privacy_off_needs_adding_again() {
    let ground = Ground::new().await;
    let chat = group(&ground, Role::Member);
    let seen = || ground.api.says(ground.alice, chat, None, "hello").told(&ground.bot).is_some();
    ground.api.privacy_mode(&ground.bot, false);
    assert!(!seen());
    ground.api.kicks_bot(ground.alice, &ground.bot, chat);
    ground.api.adds_bot(ground.alice, &ground.bot, chat, Role::Member);
    assert!(seen());
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_albums_and_edits() {
    let ground = Ground::new().await;
    let api = &ground.api;
    let (alice, chat) = (ground.alice, ground.chat);
    let album = api.sends_album(alice, chat, 2, "two lamps");
    api.posts(alice, chat, Say::attachment(Attachment::Sticker("😀".into())));
    api.posts(alice, chat, Say::attachment(Attachment::Voice(3)));
    let receipt = Attachment::Document { name: "receipt.pdf".into(), mime: "application/pdf".into(), size: 9 };
    api.posts(alice, chat, Say::attachment(receipt).caption("here"));
    api.edits(alice, chat, album[0].message_id, "three lamps");
    let kinds = ground.typed().await;
    let media = |index: usize| match &message(&kinds[index]).kind {
        MessageKind::Common(common) => common.media_kind.clone(),
        other => panic!("{other:?}"),
    };
    let (MediaKind::Photo(first), MediaKind::Photo(second)) = (media(0), media(1)) else { panic!("{kinds:?}") };
    assert_eq!(first.media_group_id, second.media_group_id);
    assert_eq!((first.caption.as_deref(), second.caption), (Some("two lamps"), None));
    assert!(matches!(media(2), MediaKind::Sticker(_)));
    assert!(matches!(media(3), MediaKind::Voice(_)));
    assert!(matches!(media(4), MediaKind::Document(_)));
    assert!(matches!(kinds[5], UpdateKind::EditedMessage(_)));
    assert_eq!(message(&kinds[5]).caption(), Some("three lamps"));
    let expected = "Alice: <photo> three lamps (edited)\nAlice: <photo>\nAlice: <sticker 😀>\nAlice: <voice>\n\
        Alice: <document receipt.pdf> here\n";
    assert!(api.transcript(chat).ends_with(expected), "{}", api.transcript(chat));
}

#[tokio::test(flavor = "multi_thread")]
async fn forwards() {
    let ground = Ground::new().await;
    let bob = ground.api.user("Bob");
    let channel = ground.api.channel("News");
    for origin in [
        Origin::User(bob),
        Origin::HiddenUser("Somebody".into()),
        Origin::Chat(ground.api.supergroup("Elsewhere")),
        Origin::Channel(channel, 7),
    ] {
        ground.api.posts(ground.alice, ground.chat, Say::text("look").forwarded(origin));
    }
    let kinds = ground.typed().await;
    let origins: Vec<_> = kinds.iter().map(|kind| message(kind).forward_origin().unwrap()).collect();
    assert!(matches!(
        origins[..],
        [
            MessageOrigin::User { .. },
            MessageOrigin::HiddenUser { .. },
            MessageOrigin::Chat { .. },
            MessageOrigin::Channel { .. }
        ]
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn senders_who_are_not_what_they_seem() {
    let ground = Ground::new().await;
    let chat = group(&ground, Role::admin(&[]));
    let channel = ground.api.channel("News");
    ground.api.link(channel, chat);
    ground.updates().await;
    ground.api.anonymous_admin_says(chat, None, "/close");
    let (post, forward) = ground.api.channel_posts(channel, "New lamps");
    assert_eq!(post.told(&ground.bot), None, "the bot is not in the channel");
    assert!(forward.unwrap().told(&ground.bot).is_some());
    let other = ground.api.person(Person::named("Quiz").username("quiz_bot").bot());
    ground.api.says(other, chat, None, "Question 1");
    let kinds = ground.typed().await;
    let [anonymous, automatic, bot] = &kinds[..] else { panic!("{kinds:?}") };
    let anonymous = message(anonymous);
    assert!(anonymous.from.as_ref().unwrap().is_anonymous());
    assert_eq!(anonymous.sender_chat.as_ref().unwrap().id.0, chat.id);
    let automatic = message(automatic);
    assert!(automatic.from.as_ref().unwrap().is_telegram());
    assert!(automatic.is_automatic_forward());
    assert_eq!(automatic.sender_chat.as_ref().unwrap().id.0, channel.id);
    assert!(message(bot).from.as_ref().unwrap().is_bot);

    ground.api.adds_bot(ground.alice, &ground.bot, channel, Role::admin(&[]));
    ground.updates().await;
    ground.api.channel_posts(channel, "More lamps");
    let kinds = ground.typed().await;
    assert!(matches!(&kinds[..], [UpdateKind::ChannelPost(_), UpdateKind::Message(_)]), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_carries_its_message_without_further_replies() {
    let ground = Ground::new().await;
    let first = ground.api.says(ground.alice, ground.chat, None, "one").message_id;
    let second = ground.api.replies(ground.alice, ground.chat, first, "two").message_id;
    ground.api.replies(ground.alice, ground.chat, second, "three");
    let updates = ground.updates().await;
    let replied: &Value = &updates[2]["message"]["reply_to_message"];
    assert_eq!(replied["text"], json!("two"));
    assert_eq!(replied.get("reply_to_message"), None);
}
