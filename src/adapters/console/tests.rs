//! What is typed becomes ours, what is ours becomes visible.

use std::sync::{Arc, Mutex};

use super::*;
use crate::engine::{Choice, Lane, OutboxId, Outgoing, Pick, PlaceKind, Recipient};

fn console() -> Console {
    Console::new(BrandId::from("tea"), Box::new(|_| Ok(())))
}

fn sam() -> Sender {
    Sender { id: "sam".to_owned(), name: "Sam".to_owned(), locale: None }
}

fn chat() -> Place {
    Place { id: "dm-sam".to_owned(), kind: PlaceKind::Direct, name: String::new() }
}

fn typed(did: Did) -> Typed {
    Typed { id: "7".to_owned(), at: Timestamp::UNIX_EPOCH, did }
}

fn wrote(text: &str) -> Typed {
    typed(Did::Wrote(sam(), chat(), Words { text: text.to_owned(), ..Words::default() }))
}

fn says(content: Content) -> Delivery {
    let pick = Pick::NoneOfThese;
    Delivery {
        id: OutboxId(1),
        brand: BrandId::from("tea"),
        platform: Platform::from(NAME),
        conversation: ConversationId(1),
        place: chat(),
        recipient: Recipient { id: "sam".to_owned(), name: "Sam".to_owned() },
        via: None,
        buttons: Vec::new(),
        body: Body::Send(Outgoing {
            choices: vec![Choice { label: "None\u{1b}[2J of\tthese".to_owned(), pick }],
            links: vec![LinkButton { label: "Shop".to_owned(), url: "https://tea.example/".to_owned() }],
            ..Outgoing::new(content, SaidBy::Bot, Lane::Answer)
        }),
        thread: None,
        decided_at: Timestamp::UNIX_EPOCH,
        attempt: 1,
        progress: None,
        unsure: None,
    }
}

fn inbound(typed: &Typed) -> Inbound {
    match console().inbound(typed).pop() {
        Some(Incoming::Event(inbound)) => inbound,
        other => panic!("an event, not {other:?}"),
    }
}

#[test]
fn a_line_becomes_a_message_with_its_own_number() {
    let inbound = inbound(&wrote("hello there"));
    assert_eq!((inbound.platform.as_str(), inbound.event_id.as_str()), (NAME, "7"));
    assert_eq!(inbound.to, To::Customer { sender: sam(), place: chat(), via: None });
    let Event::Message(message) = inbound.event else { panic!("a message") };
    assert_eq!((message.text.as_str(), message.id.as_str(), message.author), ("hello there", "7", AuthorKind::Person));
}

#[test]
fn what_is_done_otherwise_becomes_its_own_event() {
    let event = |did| inbound(&typed(did)).event;
    assert_eq!(event(Did::Opened(sam(), chat())), Event::Started { payload: None });
    assert_eq!(event(Did::Used(sam(), chat(), Command::Human)), Event::Command(Command::Human));
    let agent = Agent { id: "console:robin".to_owned(), name: "Robin".to_owned() };
    let acted = Did::Acted(ConversationId(3), agent.clone(), AgentAction::HandBack);
    assert_eq!(event(acted), Event::Agent { agent, action: AgentAction::HandBack });
    let photo = Words { attachment: Some("photo".to_owned()), ..Words::default() };
    let Event::Message(message) = event(Did::Wrote(sam(), chat(), photo)) else { panic!("a message") };
    assert_eq!(message.attachments, [Attachment { kind: "photo".to_owned(), name: String::new(), url: None }]);
    let staff = Words { text: "we are on it".to_owned(), staff: true, ..Words::default() };
    let Event::Message(message) = event(Did::Wrote(sam(), chat(), staff)) else { panic!("a message") };
    assert_eq!(message.author, AuthorKind::Staff);
}

#[test]
fn a_line_without_anything_visible_is_no_message() {
    for text in ["", "   ", "\u{0}\u{7}\u{1b}"] {
        assert_eq!(console().inbound(&wrote(text)), [], "{text:?}");
    }
}

#[test]
fn what_is_shown_can_do_nothing_to_the_terminal() {
    let hostile = "Hi \u{1b}]0;owned\u{7}\u{202e}there\u{0}\u{9b}31m\r\nsecond line";
    let Shown::Bot(talk) = console().outbound(&says(Content::verbatim(hostile))) else { panic!("the bot says it") };
    assert_eq!(talk.content.to_plain(), "Hi ]0;ownedthere31m\nsecond line");
    assert_eq!(talk.choices, ["None[2J of these"]);
    assert_eq!(talk.links[0].label, "Shop");
    let Event::Message(message) = inbound(&wrote("a\u{1b}[31mb")).event else { panic!() };
    assert_eq!(message.text, "a[31mb");
}

#[test]
fn a_screen_that_nobody_sees_is_tried_again_later() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    let shows = Console::new(
        BrandId::from("tea"),
        Box::new(move |shown| {
            keep.lock().unwrap().push(shown);
            Ok(())
        }),
    );
    let blind = Console::new(BrandId::from("tea"), Box::new(|_| Err(io::ErrorKind::BrokenPipe.into())));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let react = || Shown::React("👋".to_owned());
    assert!(runtime.block_on(shows.send(react())).is_ok());
    assert_eq!(*seen.lock().unwrap(), [react()]);
    assert!(matches!(runtime.block_on(blind.send(react())), Err(SendError::Later { .. })));
}
