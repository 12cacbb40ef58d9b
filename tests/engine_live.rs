//! What live platforms add to a conversation: links into it, commands, forum posts, albums, threads, staff in public.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod common;

use common::SHOP;
use housevoice::engine::*;
use housevoice::voice::{BrandId, Line, Locale, Platform, payload_of};
use jiff::{SignedDuration, Timestamp};

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

fn place(kind: PlaceKind, name: &str) -> Place {
    Place { id: "p1".into(), kind, name: name.into() }
}

fn conversation(place: Place) -> Conversation {
    let person = Person {
        id: PersonId(1),
        name: "Sam".into(),
        locale: None,
        disclosed_at: Some(now()),
        opted_out: false,
        slots: Default::default(),
        shown: Default::default(),
    };
    Conversation::new(ConversationId(1), BrandId::from("lantern-loom"), Platform::from("telegram"), place, person)
}

fn take(c: Conversation, event: Event) -> Step {
    step(&SHOP, c, event, &Scene::at(now()))
}

fn said(step: &Step) -> Vec<&Outgoing> {
    step.effects.iter().filter_map(|e| if let Effect::Send(out) = e { Some(out) } else { None }).collect()
}

fn silence(step: &Step) -> Option<Silence> {
    step.effects.iter().find_map(|e| if let Effect::Silent(why) = e { Some(*why) } else { None })
}

fn answers(step: &Step) -> Vec<String> {
    let said = said(step).into_iter().flat_map(|out| &out.said);
    said.filter_map(|said| said.what.strip_prefix("answer:")).map(str::to_owned).collect()
}

fn words(text: &str) -> Message {
    Message { id: "m1".into(), at: now(), text: text.into(), ..Message::default() }
}

#[test]
fn a_link_into_the_chat_can_name_an_answer_and_nothing_else() {
    let private = || conversation(place(PlaceKind::Direct, ""));
    let open = |payload: Option<&str>| take(private(), Event::Started { payload: payload.map(str::to_owned) });
    let named = &SHOP.voice.answers.iter().find(|answer| answer.id.as_str() == "bulbs.included").unwrap().id;
    assert_eq!(payload_of(named), "bulbs-included");
    assert_eq!(answers(&open(Some("bulbs-included"))), ["bulbs.included"]);
    for forged in [None, Some(""), Some("bulbs.included"), Some("../../etc"), Some("{{name}}"), Some("17")] {
        let step = open(forged);
        assert!(answers(&step).is_empty(), "{forged:?}");
        assert_eq!(said(&step)[0].said.last().unwrap().what, "line:welcome", "{forged:?}");
    }
}

#[test]
fn a_command_is_whole_and_meant_for_the_bot() {
    let private = place(PlaceKind::Direct, "");
    let typed = take(conversation(private.clone()), Event::Message(words("a lamp that")));
    assert_eq!(silence(&typed), Some(Silence::WaitingForMore));
    let asked = Message { by_command: true, ..words("a lamp that") };
    assert_ne!(silence(&take(conversation(private), Event::Message(asked))), Some(Silence::WaitingForMore));
    let public = place(PlaceKind::General, "general");
    let question = words("Is a light bulb included?");
    let overheard = take(conversation(public.clone()), Event::Message(question.clone()));
    assert_eq!(silence(&overheard), Some(Silence::NotAddressed));
    let asked = Message { by_command: true, ..question };
    assert_eq!(answers(&take(conversation(public), Event::Message(asked))), ["bulbs.included"]);
}

#[test]
fn a_new_post_in_a_forum_is_put_to_the_bot() {
    let forum = place(PlaceKind::General, "questions");
    let opens = Message { opens_post: true, ..words("Is a light bulb included?") };
    assert_eq!(answers(&take(conversation(forum.clone()), Event::Message(opens))), ["bulbs.included"]);
    let later = take(conversation(forum.clone()), Event::Message(words("Is a light bulb included?")));
    assert_eq!(silence(&later), Some(Silence::NotAddressed));
    let muted = Message { opens_post: true, ..words("Is a light bulb included?") };
    let step = take(conversation(place(PlaceKind::Muted, "announcements")), Event::Message(muted));
    assert_eq!(silence(&step), Some(Silence::ChannelNotAllowed));
}

#[test]
fn an_album_is_asked_about_once() {
    let photo = |id: &str, album: Option<&str>| {
        let attachments = vec![Attachment { kind: "photo".into(), ..Attachment::default() }];
        Event::Message(Message { id: id.into(), album: album.map(str::to_owned), attachments, ..words("") })
    };
    let mut c = conversation(place(PlaceKind::Direct, ""));
    let first = take(c.clone(), photo("m1", Some("a")));
    assert_eq!(said(&first)[0].said[0].what, "line:unreadable");
    c = first.conversation;
    for id in ["m2", "m3", "m4"] {
        let rest = take(c, photo(id, Some("a")));
        assert_eq!((said(&rest).len(), silence(&rest)), (0, Some(Silence::NothingToSay)));
        c = rest.conversation;
    }
    let next = take(c, photo("m5", Some("b")));
    assert!(matches!(next.conversation.phase, Phase::Queued { .. }), "the second thing that cannot be read");
    // The caption is read; what comes with it is not asked about.
    let captioned = Message { album: Some("c".into()), ..words("Is a light bulb included?") };
    let c = take(conversation(place(PlaceKind::Direct, "")), Event::Message(captioned)).conversation;
    assert_eq!(silence(&take(c, photo("m7", Some("c")))), Some(Silence::NothingToSay));
}

#[test]
fn what_is_private_leads_into_private() {
    let sensitive = &SHOP.voice.answers.iter().find(|answer| answer.sensitive).expect("the shop has one").id;
    let mut c = conversation(place(PlaceKind::General, "general"));
    let choices = vec![Choice { label: "x".into(), pick: Pick::Answer(sensitive.clone()) }];
    c.choices = Some(OpenChoices { choices, needed: true, until: now() + SignedDuration::from_mins(5) });
    let step = take(c, Event::Picked(Pick::Answer(sensitive.clone())));
    let way = said(&step)[0].private_way.clone().unwrap();
    assert_eq!(way.about.as_ref(), Some(sensitive));
    assert!(!way.label.is_empty());
    assert!(answers(&step).is_empty());
    // There, it is answered.
    let private = conversation(place(PlaceKind::Direct, ""));
    let opened = take(private, Event::Started { payload: Some(payload_of(sensitive)) });
    assert_eq!(answers(&opened), [sensitive.as_str()]);
    assert_eq!(said(&opened)[0].private_way, None);
}

#[test]
fn what_was_suggested_some_messages_ago_is_still_answered() {
    let c = conversation(place(PlaceKind::Direct, ""));
    let pick = Pick::Answer("bulbs.included".into());
    assert_eq!(answers(&take(c.clone(), Event::Picked(pick))), ["bulbs.included"]);
    let gone = take(c, Event::Picked(Pick::Answer("no.such.answer".into())));
    assert_eq!(said(&gone)[0].said.last().unwrap().what, "line:choice_expired");
}

fn ana() -> Agent {
    Agent { id: "discord:1".into(), name: "Ana".into() }
}

#[test]
fn who_answers_a_waiting_customer_in_public_has_the_case() {
    let help = conversation(place(PlaceKind::Help, "help"));
    let asked = Message { mentions_bot: true, ..words("can I talk to a human") };
    let queued = take(help.clone(), Event::Message(asked)).conversation;
    assert!(matches!(queued.phase, Phase::Queued { .. }));
    let spoke = Event::Agent { agent: ana(), action: AgentAction::Spoke { text: "Ana here, which lamp?".into() } };
    let step = take(queued, spoke.clone());
    assert_eq!(step.conversation.owner(), Owner::Agent(ana()));
    assert!(said(&step).is_empty(), "she has said it herself");
    assert!(step.effects.iter().any(|effect| matches!(effect, Effect::Staff(StaffPost::Changed { .. }))));
    // Where nobody waits for a person, a word of the team is only a word.
    let step = take(help, spoke);
    assert_eq!((step.conversation.owner(), silence(&step)), (Owner::Bot, Some(Silence::StaffSpokeHere)));
}

#[test]
fn an_old_button_says_nothing_while_a_person_has_the_case() {
    let c = conversation(place(PlaceKind::Direct, ""));
    let pick = || Event::Picked(Pick::Answer("bulbs.included".into()));
    assert_eq!(answers(&take(c.clone(), pick())), ["bulbs.included"]);
    let queued = take(c, Event::Command(Command::Human)).conversation;
    let step = take(queued.clone(), pick());
    assert!(said(&step).is_empty() && silence(&step) == Some(Silence::WaitingForAgent), "{step:?}");
    let owned = take(queued, Event::Agent { agent: ana(), action: AgentAction::Claim { epoch: None } }).conversation;
    let step = take(owned, pick());
    assert!(said(&step).is_empty() && silence(&step) == Some(Silence::PersonOwnsCase), "{step:?}");
}

#[test]
fn an_agents_address_is_a_link_and_a_file_is_named() {
    let c = take(conversation(place(PlaceKind::Direct, "")), Event::Command(Command::Human)).conversation;
    let bill = Attachment { kind: "file".into(), name: "bill.pdf".into(), url: Some("https://cdn.example/b".into()) };
    let photo = Attachment { kind: "photo".into(), ..Attachment::default() };
    let text = "See https://lanternloom.example/a_b, please.".to_owned();
    let reply = AgentAction::Reply { text, attachments: vec![bill, photo] };
    let step = take(c, Event::Agent { agent: ana(), action: reply });
    let out = said(&step).into_iter().find(|out| out.by != SaidBy::Bot).unwrap().clone();
    assert_eq!(
        out.content.to_plain(),
        "See https://lanternloom.example/a_b, please.\n\nfile: bill.pdf (https://cdn.example/b)\n\n[photo]"
    );
}

#[test]
fn notices_are_in_the_language_of_whoever_sees_them() {
    let words = |locale: &str| notice(&SHOP, Line::CommandHuman, Locale::parse(locale).as_ref()).to_plain();
    assert_eq!(words("de"), "Mit einem Menschen sprechen");
    assert_eq!(words("en-GB"), "Talk to a person");
    assert_eq!(words("fr"), "Talk to a person");
    for line in Line::ALL {
        let knows_enough = line.known().is_empty() || *line == Line::Privacy;
        assert!(!knows_enough || !notice(&SHOP, *line, None).is_empty(), "{}", line.key());
    }
}

fn posts(step: &Step) -> Vec<&StaffPost> {
    step.effects.iter().filter_map(|e| if let Effect::Staff(post) = e { Some(post) } else { None }).collect()
}

fn at(minute: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minute)
}

fn late(c: Conversation, decided_at: Timestamp, when: Timestamp) -> Step {
    step(&SHOP, c, Event::CameTooLate { decided_at }, &Scene::at(when))
}

fn asks_in_public(c: Conversation, text: &str, when: Timestamp) -> Conversation {
    let message = Message { id: when.to_string(), mentions_bot: true, at: when, ..words(text) };
    step(&SHOP, c, Event::Message(message), &Scene::at(when)).conversation
}

#[test]
fn the_team_is_shown_once_what_was_not_answered_in_time() {
    let c = conversation(place(PlaceKind::Help, "questions"));
    let c = asks_in_public(c, "are bulbs included?", at(-90));
    let c = asks_in_public(c, "is a light bulb included?", at(0));
    let c = asks_in_public(c, "how long is the cable?", at(1));
    let first = late(c, at(0), at(30));
    let [StaffPost::CameTooLate(shown)] = posts(&first).as_slice() else { panic!("{:?}", first.effects) };
    let asked: Vec<&str> = shown.asked.iter().map(|turn| turn.text.as_str()).collect();
    assert_eq!(asked, ["is a light bulb included?", "how long is the cable?"], "what it was about, and since");
    assert_eq!((shown.customer.as_str(), shown.place.name.as_str()), ("Sam", "questions"));
    assert!(said(&first).is_empty(), "nothing is written to the customer");
    let second = late(first.conversation, at(1), at(30));
    assert!(posts(&second).is_empty() && said(&second).is_empty(), "the same outage");
    let c = asks_in_public(second.conversation, "which colours do you have?", at(60));
    assert_eq!(posts(&late(c, at(60), at(90))).len(), 1, "another one");
}

#[test]
fn what_a_person_of_the_team_has_is_not_shown_as_unanswered() {
    let c = conversation(place(PlaceKind::Help, "questions"));
    let c = asks_in_public(c, "is a light bulb included?", at(0));
    let c = asks_in_public(c, "I want to talk to a human", at(1));
    assert_ne!(c.owner(), Owner::Bot);
    let step = late(c, at(0), at(30));
    assert!(posts(&step).is_empty() && said(&step).is_empty());
}

#[test]
fn other_ways_to_somebody_are_told_to_whoever_has_the_case_and_not_used() {
    let gone = |gone| Event::DeliveryFailed { reason: "blocked".into(), gone };
    let way = OtherWay { platform: Platform::from("discord"), place: place(PlaceKind::Help, "questions") };
    let scene = |ways: &[OtherWay]| Scene { elsewhere: ways.to_vec(), ..Scene::at(at(2)) };
    let c = take(conversation(place(PlaceKind::Direct, "")), Event::Message(words("I want to talk to a human")));
    let told = |gone_for_good: bool, ways: &[OtherWay]| {
        let step = step(&SHOP, c.conversation.clone(), gone(gone_for_good), &scene(ways));
        assert!(said(&step).is_empty());
        posts(&step).iter().filter(|post| matches!(post, StaffPost::OtherWays { .. })).count()
    };
    assert_eq!(
        (told(true, std::slice::from_ref(&way)), told(true, &[]), told(false, std::slice::from_ref(&way))),
        (1, 0, 0)
    );
    // Nobody has a case: nobody is told.
    let alone = step(&SHOP, conversation(place(PlaceKind::Direct, "")), gone(true), &scene(&[way]));
    assert!(posts(&alone).is_empty());
}
