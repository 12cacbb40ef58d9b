//! What is ours becomes Telegram's.

use jiff::Timestamp;

use super::ground::telegram;
use crate::adapters::Adapter;
use crate::adapters::telegram::NAME;
use crate::engine::{
    Agent, Body, By, Case, CaseChange, CaseId, Choice, ConversationId, Delivery, Lane, LinkButton, OutboxId, Outgoing,
    Packet, Pick, Place, PlaceKind, PrivateWay, Reason, Recipient, Refusal, SaidBy, StaffPost, Turn,
};
use crate::voice::content::{Inline, Style};
use crate::voice::{AnswerId, BrandId, Content, Locale, Platform, Priority, TeamId};

pub fn delivery(place: &str, body: Body) -> Delivery {
    let kind = if place.starts_with('-') { PlaceKind::Help } else { PlaceKind::Direct };
    Delivery {
        id: OutboxId(7),
        brand: BrandId::from("lantern-loom"),
        platform: Platform::from(NAME),
        conversation: ConversationId(1),
        place: Place { id: place.into(), kind, name: String::new() },
        recipient: Recipient { id: "700000001".into(), name: "Sam @everyone <b>".into() },
        via: None,
        buttons: Vec::new(),
        body,
        thread: None,
        decided_at: Timestamp::UNIX_EPOCH,
        attempt: 1,
        progress: None,
        unsure: None,
    }
}

pub fn says(content: Content) -> Outgoing {
    Outgoing::new(content, SaidBy::Bot, Lane::Answer)
}

fn choice(label: &str) -> Choice {
    Choice { label: label.into(), pick: Pick::NoneOfThese }
}

pub fn case() -> CaseId {
    CaseId { conversation: ConversationId(1), number: 1 }
}

pub fn packet(customer: &str) -> StaffPost {
    StaffPost::Packet(Box::new(Packet {
        case: Case {
            id: case(),
            reason: Reason::AskedForPerson,
            team: TeamId::from("crew"),
            priority: Priority::Urgent,
            opened_at: Timestamp::UNIX_EPOCH,
            queued_at: Timestamp::UNIX_EPOCH,
            last_agent: None,
            reopened: 0,
            quiet: false,
            told_rule: None,
        },
        customer: customer.into(),
        platform: Platform::from(NAME),
        place: Place { id: "700000001".into(), kind: PlaceKind::Direct, name: String::new() },
        locale: Locale::parse("en").unwrap(),
        turns: vec![Turn {
            at: Timestamp::UNIX_EPOCH,
            by: By::Customer,
            text: "call +1-212-555-0123, see evil.example @everyone".into(),
            message_id: None,
        }],
        slots: vec![("Order".into(), "LL-10432".into())],
        attachments: Vec::new(),
        irritation: 2,
        cues: vec!["furious".into()],
        near: vec![AnswerId::from("where-is-my-order")],
    }))
}

fn asked(delivery: &Delivery) -> serde_json::Value {
    serde_json::to_value(telegram("http://127.0.0.1:9").outbound(delivery)).unwrap()
}

#[test]
fn a_message_in_a_topic_with_choices_links_and_a_way_into_private() {
    let hello = vec![
        Inline::Text { text: "Hello ".into(), style: Style::Strong },
        Inline::Told { text: "@everyone".into(), style: Style::Plain },
    ];
    let outgoing = Outgoing {
        choices: vec![
            choice("Where is my lamp?"),
            choice("Send it back"),
            choice("A label that is too long for half a row"),
            choice("None"),
        ],
        links: vec![LinkButton { label: "Shipping".into(), url: "https://lantern.example/ship".into() }],
        replies_to: Some("15".into()),
        private_way: Some(PrivateWay { label: "In private".into(), about: Some(AnswerId::from("order.status")) }),
        ..says(Content { paragraphs: vec![hello] })
    };
    let mut delivery = delivery("-1001000000001/12", Body::Send(outgoing));
    delivery.buttons = ["t1", "t2", "t3", "t4"].map(str::to_owned).to_vec();
    insta::assert_json_snapshot!(asked(&delivery));
}

#[test]
fn a_long_message_replies_once_and_has_its_buttons_under_the_last_piece() {
    let outgoing = Outgoing {
        choices: vec![choice("Yes")],
        replies_to: Some("15".into()),
        private_way: Some(PrivateWay {
            label: "In private".into(),
            about: Some(AnswerId::from("x".repeat(65).as_str())),
        }),
        ..says(Content::verbatim(&"One more sentence. ".repeat(300)))
    };
    let mut delivery = delivery("700000001", Body::Send(outgoing));
    delivery.buttons = vec!["t1".into()];
    let asked = asked(&delivery);
    let messages = asked["what"]["say"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(
        (messages[0]["reply_parameters"]["message_id"].as_i64(), messages[1].get("reply_parameters")),
        (Some(15), None)
    );
    assert_eq!(messages[0].get("reply_markup"), None);
    let rows = &messages[1]["reply_markup"]["inline_keyboard"];
    assert_eq!(rows[0][0]["callback_data"], "t1");
    assert_eq!(rows[1][0]["url"], "https://t.me/LoomBot");
    assert_eq!(messages[0].get("message_thread_id"), None);
}

#[test]
fn a_reaction_that_telegram_has_and_one_that_it_has_not() {
    let react =
        |emoji: &str| delivery("-1001000000001/12", Body::React { message_id: "15".into(), emoji: emoji.into() });
    insta::assert_json_snapshot!(asked(&react("❤️")));
    assert_eq!(asked(&react("🦀"))["what"], "nothing");
}

#[test]
fn a_new_case_opens_a_topic() {
    let mut delivery = delivery("700000001", Body::Staff(packet("Sam @everyone <b>\u{202e}")));
    delivery.buttons = ["t1", "t2", "t3"].map(str::to_owned).to_vec();
    insta::assert_json_snapshot!(asked(&delivery));
}

#[test]
fn what_follows_goes_into_the_topic_of_the_case() {
    let agent = Agent { id: "telegram:500000001".into(), name: "Ana".into() };
    let what = CaseChange::Claimed(agent.clone());
    let mut changed = delivery("700000001", Body::Staff(StaffPost::Changed { case: case(), what }));
    changed.thread = Some("-1001000000002/55".into());
    changed.buttons = ["t1", "t2"].map(str::to_owned).to_vec();
    insta::assert_json_snapshot!(asked(&changed));
    let mut later = changed.clone();
    later.thread = Some("-1001000000002/55/90".into());
    assert_eq!(asked(&later), asked(&changed));
    // Nobody opens a topic only to say that there is nothing to do.
    let refused = delivery("700000001", Body::Staff(StaffPost::Refused { agent, why: Refusal::NoCase }));
    assert_eq!(asked(&refused)["what"], "nothing");
}

#[test]
fn the_title_of_a_topic_fits() {
    let asked = asked(&delivery("700000001", Body::Staff(packet(&"🦊".repeat(200)))));
    let name = asked["what"]["post"]["topic"]["name"].as_str().unwrap();
    assert!(name.encode_utf16().count() <= 128 && name.starts_with("🚨 🦊"), "{name}");
}

#[test]
fn the_general_topic_is_never_named() {
    let asked = asked(&delivery("-1001000000001/1", Body::Send(says(Content::verbatim("Hi")))));
    assert_eq!(asked["what"]["say"][0].get("message_thread_id"), None);
}

#[test]
fn whatever_a_customer_is_called_telegram_makes_nothing_of_it() {
    for name in
        ["@everyone", "<b>", "_*[", "{{x}}", "\u{202e}moc.live", "Z\u{310}\u{337}algo", "evil.example", "/close"]
    {
        let told = Inline::Told { text: name.into(), style: Style::Plain };
        let content = Content { paragraphs: vec![vec![told]] };
        for body in [Body::Send(says(content.clone())), Body::Staff(packet(name))] {
            let raw = serde_json::to_string(&asked(&delivery("700000001", body))).unwrap();
            for form in ["@everyone", "moc.live", "evil.example", "parse_mode", "\u{202e}"] {
                // The name of a topic is never searched for anything.
                assert!(!raw.split("\"topic\"").next().unwrap().contains(form), "{form} in {raw}");
            }
        }
    }
}

#[test]
fn telegram_types_lose_what_they_do_not_know() {
    // Why updates are not read into teloxide's types: if this fails, they may be.
    let (_, recorded) =
        super::ground::recorded().into_iter().find(|(name, _)| name == "private_unknown_entity").unwrap();
    let update: teloxide::types::Update = serde_json::from_str(recorded.update.get()).unwrap();
    let teloxide::types::UpdateKind::Message(message) = update.kind else { panic!() };
    assert_eq!(message.text(), None);
}
