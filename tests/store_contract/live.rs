//! What live platforms rest on: buttons, ways to answer, places that change, events that nothing is known of.

use housevoice::engine::*;
use housevoice::store::{Failed, Keeps, LastSeen, Limit, PressRefused, Pressed, Received, Unknown};
use housevoice::voice::Platform;
use jiff::SignedDuration;

use super::outbox::with_effects;
use super::support::*;
use super::*;

/// A message with two choices, claimed: what its buttons carry.
async fn two_buttons(store: &dyn Store, who: &str, place: Place) -> (ConversationId, Vec<String>) {
    let choice = |label: &str, pick| Choice { label: label.into(), pick };
    let choices = vec![choice("Yes", Pick::OfferYes), choice("No", Pick::OfferNo)];
    let send = Effect::Send(Outgoing { choices, ..says("which?") });
    let id = with_effects(store, &message("lumen", who, place, &format!("m-{who}"), "x", start()), vec![send]).await;
    let delivery = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    store.delivered(&lumen(), delivery.id, Some("p1"), start()).await.unwrap();
    (id, delivery.buttons)
}

fn press(token: &str, by: &str, event_id: &str) -> Press {
    Press {
        brand: lumen(),
        platform: console(),
        event_id: event_id.into(),
        at: start(),
        token: token.into(),
        by: by.into(),
        agent: None,
        place: "d1".into(),
        via: None,
    }
}

async fn pressed(store: &dyn Store, press: &Press) -> Pressed {
    store.press(press, press.at).await.unwrap()
}

/// What the oldest waiting event is.
async fn waits(store: &dyn Store) -> Option<Event> {
    let first = store.waiting(&lumen(), start(), 1).await.unwrap().first().copied()?;
    Some(load(store, &lumen(), first.inbox, start()).await.inbound.event)
}

pub async fn a_button_stands_for_its_choice_once(ground: &dyn Ground) {
    let store = ground.open().await;
    let (id, buttons) = two_buttons(&*store, "u1", direct("d1")).await;
    assert_eq!(buttons.len(), 2);
    assert!(buttons.iter().all(|token| token.len() == 22), "128 bits of chance: {buttons:?}");
    let first = pressed(&*store, &press(&buttons[1], "u1", "e1")).await;
    assert!(matches!(first, Pressed::Taken(_, to) if to == id), "{first:?}");
    assert_eq!(waits(&*store).await, Some(Event::Picked(Pick::OfferNo)));
    assert_eq!(pressed(&*store, &press(&buttons[1], "u1", "e1")).await, Pressed::Duplicate, "delivered again");
    let again = pressed(&*store, &press(&buttons[1], "u1", "e2")).await;
    assert_eq!(again, Pressed::Refused(PressRefused::Used));
    assert!(matches!(pressed(&*store, &press(&buttons[0], "u1", "e3")).await, Pressed::Taken(..)), "the other one");
}

pub async fn a_button_is_for_one_person_in_one_place_of_one_brand(ground: &dyn Ground) {
    let store = ground.open().await;
    let (_, buttons) = two_buttons(&*store, "u1", direct("d1")).await;
    two_buttons(&*store, "u2", direct("d1")).await;
    let good = press(&buttons[0], "u1", "e1");
    let refused = [
        (Press { by: "u2".into(), ..good.clone() }, PressRefused::NotYours),
        (Press { place: "d2".into(), ..good.clone() }, PressRefused::Unknown),
        (Press { platform: Platform::from("discord"), ..good.clone() }, PressRefused::Unknown),
        (Press { brand: brand("other"), ..good.clone() }, PressRefused::Unknown),
        (Press { token: "AAAAAAAAAAAAAAAAAAAAAA".into(), ..good.clone() }, PressRefused::Unknown),
        (Press { token: buttons[0][..21].into(), ..good.clone() }, PressRefused::Unknown),
        (Press { token: String::new(), ..good.clone() }, PressRefused::Unknown),
        (Press { at: start() + SignedDuration::from_hours(24 * 15), ..good.clone() }, PressRefused::Expired),
    ];
    for (forged, why) in refused {
        assert_eq!(pressed(&*store, &forged).await, Pressed::Refused(why), "{forged:?}");
        assert_eq!(waits(&*store).await, None, "nothing happens");
    }
    assert!(matches!(pressed(&*store, &good).await, Pressed::Taken(..)), "what was refused to others is not used up");
}

/// A packet in the team's place on another platform: its conversation, its thread, its buttons.
async fn case_on_discord(store: &dyn Store) -> (ConversationId, String, Vec<String>) {
    let (inbox, id) = take(store, &message("lumen", "u1", direct("d1"), "m1", "person", start())).await;
    let loaded = load(store, &lumen(), inbox, start()).await;
    let desk = Platform::from("discord");
    let stamp = Stamp { desk: Some(desk.clone()), ..stamp(start()) };
    assert_eq!(store.commit(&loaded, &step_of(&loaded), &stamp).await.unwrap(), Committed::Done);
    let post = store.claim(&lumen(), &desk, start(), 9, &[]).await.unwrap();
    assert_eq!(post.len(), 1, "the team works there");
    assert!(matches!(post[0].body, Body::Staff(_)));
    store.delivered(&lumen(), post[0].id, Some("thread-7"), start()).await.unwrap();
    let rest = store.claim(&lumen(), &console(), start(), 9, &[]).await.unwrap();
    assert_eq!(rest.len(), 1, "the customer is answered where they wrote");
    assert!(matches!(rest[0].body, Body::Send(_)));
    (id, "thread-7".into(), post[0].buttons.clone())
}

pub async fn a_case_is_worked_on_where_the_team_is(ground: &dyn Ground) {
    let store = ground.open().await;
    let (id, thread, _) = case_on_discord(&*store).await;
    let reply = AgentAction::Reply { text: "hi".into(), attachments: Vec::new() };
    let inbound = Inbound {
        platform: Platform::from("discord"),
        to: To::Post(thread.clone()),
        ..to_conversation("lumen", id, "e1", Event::Agent { agent: ana(), action: reply }, start())
    };
    assert_eq!(take(&*store, &inbound).await.1, id);
    let elsewhere = Inbound { platform: console(), event_id: "e2".into(), ..inbound };
    assert_eq!(store.receive(&elsewhere, start()).await.unwrap(), Received::NoConversation);
}

pub async fn a_post_on_its_way_to_the_team_is_known_as_such(ground: &dyn Ground) {
    let store = ground.open().await;
    let desk = console();
    let on_their_way = async || store.posts_on_their_way(&lumen(), &desk).await.unwrap();
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "person", start())).await;
    live(&*store, &message("lumen", "u2", direct("d2"), "m2", "hello", start())).await;
    assert_eq!(on_their_way().await, [], "it has not left");
    let left = store.claim(&lumen(), &desk, start(), 9, &[]).await.unwrap();
    let post = left.iter().find(|delivery| matches!(delivery.body, Body::Staff(_))).unwrap().id;
    assert!(left.len() > 1);
    assert_eq!(on_their_way().await, [post], "words for customers are no posts");
    assert_eq!(store.posts_on_their_way(&brand("other"), &desk).await.unwrap(), []);
    assert_eq!(store.posts_on_their_way(&lumen(), &Platform::from("discord")).await.unwrap(), []);
    store.retry(&lumen(), post, &later("no", start())).await.unwrap();
    assert_eq!(on_their_way().await, [], "it waits for another try");
    let again = store.claim(&lumen(), &desk, start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!(on_their_way().await, [again.id]);
    store.delivered(&lumen(), again.id, Some("thread-7"), start()).await.unwrap();
    assert_eq!(on_their_way().await, []);
    assert!(store.is_about_case(&lumen(), &desk, "thread-7").await.unwrap(), "who is told so finds it");
}

pub async fn the_buttons_of_a_case_are_for_agents_where_it_is_talked_about(ground: &dyn Ground) {
    let store = ground.open().await;
    let (_, thread, buttons) = case_on_discord(&*store).await;
    assert_eq!(buttons.len(), 3, "claim, hand back, close");
    let by_ana = Press {
        platform: Platform::from("discord"),
        place: thread,
        agent: Some(ana()),
        ..press(&buttons[0], "agent-1", "e1")
    };
    let refused = [
        (Press { agent: None, ..by_ana.clone() }, PressRefused::NotYours),
        (Press { place: "elsewhere".into(), ..by_ana.clone() }, PressRefused::Unknown),
        (Press { platform: console(), ..by_ana.clone() }, PressRefused::Unknown),
    ];
    for (forged, why) in refused {
        assert_eq!(pressed(&*store, &forged).await, Pressed::Refused(why), "{forged:?}");
    }
    assert!(matches!(pressed(&*store, &by_ana).await, Pressed::Taken(..)));
    let claim = waits(&*store).await;
    assert!(
        matches!(&claim, Some(Event::Agent { agent, action: AgentAction::Claim { epoch: Some(2) } }) if *agent == ana()),
        "{claim:?}"
    );
    let again = Press { event_id: "e2".into(), ..by_ana };
    assert!(matches!(pressed(&*store, &again).await, Pressed::Taken(..)), "what it does is checked against the case");
}

pub async fn the_latest_way_to_answer_counts(ground: &dyn Ground) {
    let store = ground.open().await;
    let with_via = |id: &str, via: Option<&str>| {
        let mut inbound = message("lumen", "u1", direct("d1"), id, "hello", start());
        let To::Customer { via: way, .. } = &mut inbound.to else { unreachable!() };
        *way = via.map(str::to_owned);
        inbound
    };
    live(&*store, &with_via("m1", Some("token-1"))).await;
    let way = |store: Arc<dyn Store>| async move {
        let delivery = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
        store.delivered(&lumen(), delivery.id, None, start()).await.unwrap();
        delivery.via
    };
    assert_eq!(way(Arc::clone(&store)).await.as_deref(), Some("token-1"));
    live(&*store, &with_via("m2", Some("token-2"))).await;
    assert_eq!(way(Arc::clone(&store)).await.as_deref(), Some("token-2"));
    live(&*store, &with_via("m3", None)).await;
    assert_eq!(way(Arc::clone(&store)).await, None);
}

pub async fn a_conversation_goes_on_in_the_thread_that_was_opened_for_it(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", help_channel("c1"), "m1", "hello", start())).await;
    let thread = Place { id: "t1".into(), ..help_channel("c1") };
    store.moved(&lumen(), id, &thread).await.unwrap();
    let inside = live(&*store, &message("lumen", "u1", thread.clone(), "m2", "and?", start())).await;
    assert_eq!(inside, id);
    let fresh = live(&*store, &message("lumen", "u1", help_channel("c1"), "m3", "new", start())).await;
    assert_ne!(fresh, id, "the channel is free for another question");
    // Where there is one already, the two change places …
    let place =
        |store: Arc<dyn Store>, id| async move { store.conversation(&lumen(), id).await.unwrap().unwrap().place };
    store.moved(&lumen(), fresh, &thread).await.unwrap();
    assert_eq!(place(Arc::clone(&store), fresh).await, thread);
    assert_eq!(place(Arc::clone(&store), id).await, help_channel("c1"));
    assert_eq!(live(&*store, &message("lumen", "u1", thread.clone(), "m4", "on", start())).await, fresh);
    // … but for one that a person has, or that waits for one.
    live(&*store, &message("lumen", "u1", thread.clone(), "m5", "person", start())).await;
    store.moved(&lumen(), id, &thread).await.unwrap();
    assert_eq!(place(Arc::clone(&store), fresh).await, thread);
    assert_eq!(place(Arc::clone(&store), id).await, help_channel("c1"));
}

pub async fn each_answer_goes_along_the_way_of_what_it_answers(ground: &dyn Ground) {
    let store = ground.open().await;
    let with_via = |id: &str, via: Option<&str>| {
        let mut inbound = message("lumen", "u1", direct("d1"), id, "hello", start());
        let To::Customer { via: way, .. } = &mut inbound.to else { unreachable!() };
        *way = via.map(str::to_owned);
        inbound
    };
    let id = live(&*store, &with_via("m1", Some("token-1"))).await;
    live(&*store, &with_via("m2", Some("token-2"))).await;
    live(&*store, &with_via("m3", None)).await;
    live(&*store, &with_via("m4", Some("token-4"))).await;
    let mut ways = Vec::new();
    while let Some(delivery) = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().pop() {
        store.delivered(&lumen(), delivery.id, None, start()).await.unwrap();
        ways.push(delivery.via);
    }
    assert_eq!(ways, [Some("token-1".to_owned()), Some("token-2".to_owned()), None, Some("token-4".to_owned())]);
    // What happens by itself goes along the latest.
    live(&*store, &message("lumen", "u1", direct("d1"), "m5", "person", start())).await;
    live(&*store, &with_via("m6", Some("token-6"))).await;
    while let Some(delivery) = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().pop() {
        store.delivered(&lumen(), delivery.id, None, start()).await.unwrap();
    }
    let reply = AgentAction::Reply { text: "hi".into(), attachments: Vec::new() };
    live(&*store, &to_conversation("lumen", id, "e1", Event::Agent { agent: ana(), action: reply }, start())).await;
    let delivery = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!(delivery.via.as_deref(), Some("token-6"));
}

pub async fn an_agent_is_answered_where_they_typed(ground: &dyn Ground) {
    let store = ground.open().await;
    let (id, thread, _) = case_on_discord(&*store).await;
    let desk = Platform::from("discord");
    let act = |event_id: &str, action| Inbound {
        platform: desk.clone(),
        to: To::Post(thread.clone()),
        ..to_conversation("lumen", id, event_id, Event::Agent { agent: ana(), action }, start())
    };
    let (inbox, _) = take(&*store, &act("e1", AgentAction::HandBack)).await;
    let loaded = load(&*store, &lumen(), inbox, start()).await;
    assert_eq!(loaded.post.as_deref(), Some("thread-7"));
    // The case is over; to be told so needs no case.
    let refused = Effect::Staff(StaffPost::Refused { agent: ana(), why: Refusal::NoCase });
    let conversation = Conversation { phase: Phase::Bot, ..loaded.conversation.clone() };
    let step = Step { conversation, effects: vec![refused], why: Why::default() };
    let stamp = Stamp { desk: Some(desk.clone()), ..stamp(start()) };
    assert_eq!(store.commit(&loaded, &step, &stamp).await.unwrap(), Committed::Done);
    let delivery = store.claim(&lumen(), &desk, start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!(delivery.thread.as_deref(), Some("thread-7"));
    assert!(store.is_about_case(&lumen(), &desk, "thread-7").await.unwrap());
    assert!(!store.is_about_case(&lumen(), &desk, "thread-8").await.unwrap());
    assert!(!store.is_about_case(&brand("other"), &desk, "thread-7").await.unwrap());
}

pub async fn a_message_that_is_refused_is_no_customer_who_is_gone(ground: &dyn Ground) {
    let store = ground.open().await;
    for (who, gone) in [("u1", false), ("u2", true)] {
        live(&*store, &message("lumen", who, direct(who), who, "hello", start())).await;
        let delivery = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
        let failed = Failed { reason: "no".to_owned(), gone, unsure: false };
        store.failed(&lumen(), delivery.id, &failed, start()).await.unwrap();
        let expected = Event::DeliveryFailed { reason: "no".into(), gone };
        assert_eq!(waits(&*store).await, Some(expected));
        handle_all(&*store, &lumen(), start()).await;
    }
}

pub async fn a_place_with_a_new_number_is_the_same_place(ground: &dyn Ground) {
    let store = ground.open().await;
    let chat = live(&*store, &message("lumen", "u1", help_channel("-5"), "m1", "person", start())).await;
    let topic = live(&*store, &message("lumen", "u1", help_channel("-5/7"), "m2", "hello", start())).await;
    let like = live(&*store, &message("lumen", "u1", help_channel("-55"), "m3", "hello", start())).await;
    let other = live(&*store, &message("other", "u1", help_channel("-5"), "m4", "hello", start())).await;
    while let Some(delivery) = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().pop() {
        let number = format!("-5/{}", delivery.id);
        store.delivered(&lumen(), delivery.id, Some(&number), start()).await.unwrap();
    }
    store.renumber_place(&lumen(), &console(), "-5", "-1009").await.unwrap();
    store.renumber_place(&lumen(), &console(), "-5", "-1009").await.unwrap();
    let place = |of: &'static str, id| {
        let store = Arc::clone(&store);
        async move { store.conversation(&brand(of), id).await.unwrap().unwrap().place.id }
    };
    assert_eq!(place("lumen", chat).await, "-1009");
    assert_eq!(place("lumen", topic).await, "-1009/7");
    assert_eq!(place("lumen", like).await, "-55");
    assert_eq!(place("other", other).await, "-5");
    let post = store.receive(&under_post("-1009/2"), start()).await.unwrap();
    assert!(matches!(post, Received::Stored(_, to) if to == chat), "{post:?}");
    assert_eq!(live(&*store, &message("lumen", "u1", help_channel("-1009"), "m5", "x", start())).await, chat);
    let known = store.renumbered(&brand("lumen"), &console()).await.unwrap();
    assert_eq!(known, [("-5".to_owned(), "-1009".to_owned())]);
    assert!(store.renumbered(&brand("other"), &console()).await.unwrap().is_empty());
}

fn under_post(post: &str) -> Inbound {
    let act = Event::Agent { agent: ana(), action: AgentAction::HandBack };
    Inbound { to: To::Post(post.into()), ..to_conversation("lumen", ConversationId(0), "under", act, start()) }
}

pub async fn it_is_known_how_far_each_place_was_read(ground: &dyn Ground) {
    let store = ground.open().await;
    for (who, place, id) in
        [("u1", "c1", "1000"), ("u2", "c1", "999"), ("u1", "c2", "1574743085596803072"), ("u1", "c3", "x")]
    {
        live(&*store, &message("lumen", who, help_channel(place), id, "hello", start())).await;
    }
    live(&*store, &message("other", "u1", help_channel("c9"), "7", "hello", start())).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "8", "hello", start())).await;
    let seen = |place: &str, message: &str| {
        let kind = if place == "d1" { PlaceKind::Direct } else { PlaceKind::Help };
        LastSeen { place: place.into(), kind, message: message.into() }
    };
    let all = store.last_seen(&lumen(), &console()).await.unwrap();
    assert_eq!(all, [seen("c1", "1000"), seen("c2", "1574743085596803072"), seen("d1", "8")]);
}

pub async fn buttons_that_can_be_pressed_no_more_go(ground: &dyn Ground) {
    let store = ground.open().await;
    let (_, buttons) = two_buttons(&*store, "u1", direct("d1")).await;
    let limit = [Limit { what: Keeps::Buttons, keep: SignedDuration::ZERO }];
    let late = press(&buttons[0], "u1", "e1");
    let day = |days: i64| start() + SignedDuration::from_hours(24 * days);
    store.apply_retention(&lumen(), &limit, day(13)).await.unwrap();
    let pressed_late = Press { at: day(15), ..late };
    assert_eq!(pressed(&*store, &pressed_late).await, Pressed::Refused(PressRefused::Expired), "it is still known");
    store.apply_retention(&lumen(), &limit, day(15)).await.unwrap();
    assert_eq!(pressed(&*store, &pressed_late).await, Pressed::Refused(PressRefused::Unknown));
}

pub async fn what_nothing_is_known_of_is_kept_once_and_goes_in_time(ground: &dyn Ground) {
    let store = ground.open().await;
    let event = |id: &'static str, by: Option<&'static str>| Unknown {
        brand: lumen(),
        platform: console(),
        event_id: id.to_owned(),
        kind: "poll".to_owned(),
        by: by.map(str::to_owned),
        payload: "{\"poll\":\"canary\"}".to_owned(),
    };
    store.keep_unknown(&event("e1", Some("u1")), start()).await.unwrap();
    store.keep_unknown(&event("e1", Some("u1")), start()).await.unwrap();
    store.keep_unknown(&event("e2", None), minute(60)).await.unwrap();
    assert_eq!(kept(ground).await, ["e1", "e2"]);
    // Whoever caused it can be erased with it.
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let person = store.person(&lumen(), &console(), "u1").await.unwrap().unwrap();
    store.erase_person(&lumen(), person, minute(1)).await.unwrap();
    assert_eq!(kept(ground).await, ["e2"]);
    let limit = [Limit { what: Keeps::Unknown, keep: SignedDuration::from_mins(30) }];
    store.apply_retention(&lumen(), &limit, minute(80)).await.unwrap();
    assert_eq!(kept(ground).await, ["e2"]);
    store.apply_retention(&lumen(), &limit, minute(91)).await.unwrap();
    assert_eq!(kept(ground).await, [""; 0]);
}

async fn kept(ground: &dyn Ground) -> Vec<String> {
    let rows = ground.dump().await.into_iter().filter(|(table, _)| table == "unknown_events");
    let id = |row: Vec<(String, Option<String>)>| row.into_iter().find(|(column, _)| column == "event_id")?.1;
    let mut ids: Vec<String> = rows.filter_map(|(_, row)| id(row)).collect();
    ids.sort();
    ids
}
