//! What Discord is asked for, as it would be sent.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::request::Home;
use super::*;
use crate::adapters::Adapter;
use crate::adapters::discord::outbound::message::{as_follow_up, in_forum};
use crate::adapters::discord::tests::discord;
use crate::engine::{
    Agent, Case, CaseChange, CaseId, Choice, ConversationId, Lane, LinkButton, OutboxId, Packet, Pick, Place,
    PlaceKind, PrivateWay, Reason, Recipient, Refusal, SaidBy,
};
use crate::voice::content::{Inline, Style};
use crate::voice::{BrandId, Content, Locale, Platform, Priority, TeamId};

/// A name that would do harm where it is not taken as words.
const NAME_OF_SOMEBODY: &str = "@everyone <@&1> [x](https://evil.example)";

fn outgoing(content: Content) -> Outgoing {
    Outgoing::new(content, SaidBy::Bot, Lane::Answer)
}

fn delivery(place: &str, kind: PlaceKind, body: Body) -> Delivery {
    Delivery {
        id: OutboxId(77),
        brand: BrandId::from("loom"),
        platform: Platform::from("discord"),
        conversation: ConversationId(3),
        place: Place { id: place.to_owned(), kind, name: "help".to_owned() },
        recipient: Recipient { id: "501".to_owned(), name: NAME_OF_SOMEBODY.to_owned() },
        via: None,
        buttons: (0..30).map(|number| format!("token-{number}")).collect(),
        body,
        thread: None,
        decided_at: Timestamp::UNIX_EPOCH,
        attempt: 1,
        progress: None,
        unsure: None,
    }
}

/// Words in a private chat.
pub(in crate::adapters::discord) fn says(text: &str) -> Delivery {
    delivery("401", PlaceKind::Direct, Body::Send(outgoing(Content::verbatim(text))))
}

fn hello() -> Content {
    let told = Inline::Told { text: NAME_OF_SOMEBODY.to_owned(), style: Style::Plain };
    let words = |text: &str, style| Inline::Text { text: text.to_owned(), style };
    let link = Inline::Link { label: "Shop".to_owned(), url: "https://a.example/".to_owned() };
    Content { paragraphs: vec![vec![words("Hello ", Style::Plain), told, words("!", Style::Strong)], vec![link]] }
}

fn choices(count: usize) -> Vec<Choice> {
    (1..=count).map(|number| Choice { label: format!("Choice {number}"), pick: Pick::NoneOfThese }).collect()
}

fn packet() -> StaffPost {
    let case = Case {
        id: CaseId { conversation: ConversationId(3), number: 1 },
        reason: Reason::AskedForPerson,
        team: TeamId::from("support"),
        priority: Priority::High,
        opened_at: Timestamp::UNIX_EPOCH,
        queued_at: Timestamp::UNIX_EPOCH,
        last_agent: None,
        reopened: 0,
        quiet: false,
        told_rule: None,
    };
    StaffPost::Packet(Box::new(Packet {
        case,
        customer: NAME_OF_SOMEBODY.to_owned(),
        platform: Platform::from("discord"),
        place: Place { id: "201".to_owned(), kind: PlaceKind::Help, name: "help".to_owned() },
        locale: Locale::parse("en").unwrap(),
        turns: Vec::new(),
        slots: vec![("Order".to_owned(), "https://evil.example/1".to_owned())],
        attachments: Vec::new(),
        irritation: 0,
        cues: Vec::new(),
        near: Vec::new(),
    }))
}

fn shown(delivery: &Delivery) -> Value {
    let request = discord().outbound(delivery);
    let parts: Vec<Value> =
        request.parts.iter().map(|part| json!({ "body": part.body, "refused": part.plain["content"] })).collect();
    json!({ "way": format!("{:?}", request.way), "parts": parts })
}

#[test]
fn an_answer_in_private() {
    let mut said = outgoing(hello());
    said.choices = choices(2);
    said.links = vec![LinkButton { label: "Shop".to_owned(), url: "https://a.example/".to_owned() }];
    insta::assert_json_snapshot!(shown(&delivery("401", PlaceKind::Direct, Body::Send(said))));
}

#[test]
fn an_answer_in_public_replies_and_pings_whoever_asked_and_nobody_else() {
    let mut said = outgoing(hello());
    said.replies_to = Some("1400".to_owned());
    said.private_way = Some(PrivateWay { label: "Write to us".to_owned(), about: None });
    insta::assert_json_snapshot!(shown(&delivery("201", PlaceKind::Help, Body::Send(said))));
}

#[test]
fn more_choices_than_buttons_become_a_menu() {
    let mut said = outgoing(Content::verbatim("Which one?"));
    said.choices = choices(7);
    insta::assert_json_snapshot!(shown(&delivery("401", PlaceKind::Direct, Body::Send(said))));
}

#[test]
fn a_new_case() {
    insta::assert_json_snapshot!(shown(&delivery("201", PlaceKind::Help, Body::Staff(packet()))));
}

#[test]
fn something_about_a_case() {
    let agent = Agent { id: "discord:601".to_owned(), name: NAME_OF_SOMEBODY.to_owned() };
    let case = CaseId { conversation: ConversationId(3), number: 1 };
    let changed = StaffPost::Changed { case, what: CaseChange::Claimed(agent.clone()) };
    let mut about = delivery("201", PlaceKind::Help, Body::Staff(changed));
    about.thread = Some("221".to_owned());
    insta::assert_json_snapshot!(shown(&about));
    about.body = Body::Staff(StaffPost::Refused { agent, why: Refusal::NoCase });
    assert_eq!(shown(&about)["parts"][0]["body"]["components"], Value::Null);
}

#[test]
fn a_reaction_has_a_way_unless_nobody_sees_the_message() {
    let react = |place: &str| {
        let body = Body::React { message_id: "1400".to_owned(), emoji: "👋".to_owned() };
        discord().outbound(&delivery(place, PlaceKind::Direct, body)).way
    };
    let path = "channels/401/messages/1400/reactions/%F0%9F%91%8B/@me";
    assert_eq!(react("401"), Way::React(Call::put(path, None)));
    assert_eq!(react("202/501"), Way::Nowhere);
}

#[test]
fn each_place_has_its_way() {
    let way = |delivery: &Delivery| discord().outbound(delivery).way;
    let via = Via { app: 900, token: "t".to_owned(), until: 5, ephemeral: true, open: false };
    let mut said = says("hello");
    assert_eq!(way(&said), Way::To(Home::Channel("401".to_owned())));
    said.place.id = "202/501".to_owned();
    assert_eq!(way(&said), Way::To(Home::Private("501".to_owned())));
    said.via = via.write();
    assert_eq!(way(&said), Way::FollowUp { via, otherwise: Home::Private("501".to_owned()) });

    let mut in_thread = outgoing(hello());
    (in_thread.in_thread, in_thread.replies_to) = (true, Some("1400".to_owned()));
    let in_thread = |place: &str| way(&delivery(place, PlaceKind::Help, Body::Send(in_thread.clone())));
    let Way::Thread { channel, message, name, .. } = in_thread("201") else { panic!("a thread") };
    assert_eq!(
        (channel.as_str(), message.as_str(), name.as_str()),
        ("201", "1400", "@everyone <@&1> [x](https://evil.example)")
    );
    assert_eq!(in_thread("211"), Way::To(Home::Channel("211".to_owned())), "it is a thread already");
}

#[test]
fn nothing_ever_pings_more_than_whoever_is_replied_to() {
    let mut replies = outgoing(hello());
    replies.replies_to = Some("1400".to_owned());
    let all = [
        delivery("201", PlaceKind::Help, Body::Send(replies)),
        delivery("401", PlaceKind::Direct, Body::Send(outgoing(hello()))),
        delivery("201", PlaceKind::Help, Body::Staff(packet())),
    ];
    for part in all.iter().flat_map(|delivery| discord().outbound(delivery).parts) {
        for body in [part.body.clone(), part.plain, as_follow_up(&part.body, 64), in_forum(&part.body)] {
            assert_eq!(body["allowed_mentions"]["parse"], json!([]), "{body}");
            assert_eq!(body["allowed_mentions"]["roles"], json!([]), "{body}");
            let content = body["content"].as_str().unwrap();
            assert!(!content.contains("@everyone") && !content.contains("<@&"), "{content}");
        }
    }
    let request = discord().outbound(&all[0]);
    assert_eq!(request.parts[0].body["allowed_mentions"]["users"], json!(["501"]));
}

#[test]
fn a_long_text_goes_in_parts_with_the_buttons_under_the_last() {
    let mut said = outgoing(Content::verbatim(&"Words and *more* words. ".repeat(300)));
    (said.choices, said.replies_to) = (choices(1), Some("1400".to_owned()));
    let request = discord().outbound(&delivery("201", PlaceKind::Help, Body::Send(said)));
    let last = request.parts.len() - 1;
    assert!(last >= 3);
    for (number, part) in request.parts.iter().enumerate() {
        assert!(part.body["content"].as_str().unwrap().encode_utf16().count() <= 2000);
        assert_eq!(part.body["nonce"], format!("77-{number}"));
        assert_eq!(part.body["components"].is_array(), number == last);
        assert_eq!(part.body["message_reference"].is_object(), number == 0);
    }
}

#[test]
fn an_address_that_no_button_holds_stands_in_the_words() {
    let mut said = outgoing(Content::verbatim("See"));
    said.links = vec![LinkButton { label: "Shop".to_owned(), url: format!("https://a.example/{}", "x".repeat(600)) }];
    let request = discord().outbound(&delivery("401", PlaceKind::Direct, Body::Send(said)));
    let body = &request.parts[0].body;
    assert!(body["content"].as_str().unwrap().starts_with("See\n\n[Shop](<https://a.example/xxx"));
    assert_eq!(body["components"], Value::Null);
}
