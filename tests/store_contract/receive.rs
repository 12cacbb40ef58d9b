//! What comes in is written down once, with whom and where.

use housevoice::engine::{Event, PlaceKind, To};
use housevoice::store::Received;

use super::support::*;
use super::*;

pub async fn the_same_event_is_stored_once(ground: &dyn Ground) {
    let store = ground.open().await;
    let hello = message("lumen", "u1", direct("d1"), "m1", "hello", start());
    take(&*store, &hello).await;
    assert_eq!(store.receive(&hello, minute(1)).await.unwrap(), Received::Duplicate);
    handle_all(&*store, &lumen(), minute(1)).await;
    assert_eq!(store.receive(&hello, minute(2)).await.unwrap(), Received::Duplicate);
    let reopened = ground.open().await;
    assert_eq!(reopened.receive(&hello, minute(3)).await.unwrap(), Received::Duplicate);
    assert!(reopened.waiting(&lumen(), minute(3), 10).await.unwrap().is_empty());
}

pub async fn one_person_has_a_conversation_in_each_place(ground: &dyn Ground) {
    let store = ground.open().await;
    let (first, at_home) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "a", start())).await;
    let (second, outside) = take(&*store, &message("lumen", "u1", help_channel("c1"), "m2", "b", start())).await;
    let (_, again) = take(&*store, &message("lumen", "u1", direct("d1"), "m3", "c", start())).await;
    assert_ne!(at_home, outside);
    assert_eq!(at_home, again);
    let first = load(&*store, &lumen(), first, start()).await;
    let second = load(&*store, &lumen(), second, start()).await;
    assert_eq!(first.conversation.person.id, second.conversation.person.id);
    assert_eq!(store.person(&lumen(), &console(), "u1").await.unwrap(), Some(first.conversation.person.id));
    let (third, with_other) = take(&*store, &message("lumen", "u2", help_channel("c1"), "m4", "d", start())).await;
    assert_ne!(with_other, outside);
    let third = load(&*store, &lumen(), third, start()).await;
    assert_ne!(third.conversation.person.id, second.conversation.person.id);
}

pub async fn a_new_name_is_known_at_once_and_no_step_undoes_it(ground: &dyn Ground) {
    let store = ground.open().await;
    let (first, id) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "a", start())).await;
    let loaded = load(&*store, &lumen(), first, start()).await;
    assert_eq!(loaded.conversation.person.name, "Name of u1");
    assert_eq!(loaded.conversation.person.locale.as_ref().map(|l| l.as_str()), Some("en"));

    let mut renamed = message("lumen", "u1", direct("d1"), "m2", "b", start());
    let To::Customer { sender, .. } = &mut renamed.to else { unreachable!() };
    sender.name = "New name".into();
    sender.locale = housevoice::voice::Locale::parse("de");
    take(&*store, &renamed).await;
    // The step upon the first message still knows the old name, and changes something else about the person.
    let mut step = step_of(&loaded);
    step.conversation.person.disclosed_at = Some(start());
    assert_eq!(commit(&*store, &loaded, &step).await, Committed::Done);

    let person = store.conversation(&lumen(), id).await.unwrap().unwrap().person;
    assert_eq!(person.name, "New name");
    assert_eq!(person.locale.as_ref().map(|l| l.as_str()), Some("de"), "the platform's language is only a hint");
    assert_eq!(person.disclosed_at, Some(start()));
}

pub async fn a_place_goes_by_the_kind_it_has_now(ground: &dyn Ground) {
    let store = ground.open().await;
    let mut place = help_channel("c1");
    live(&*store, &message("lumen", "u1", place.clone(), "m1", "a", start())).await;
    place.kind = PlaceKind::Muted;
    place.name = "announcements".into();
    let (inbox, _) = take(&*store, &message("lumen", "u1", place.clone(), "m2", "b", start())).await;
    assert_eq!(load(&*store, &lumen(), inbox, start()).await.conversation.place, place);
}

pub async fn events_for_a_conversation_that_is_not_there_are_not_stored(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "a", start())).await;
    let nobody = to_conversation("lumen", ConversationId(id.0 + 1), "e1", Event::Started { payload: None }, start());
    assert_eq!(store.receive(&nobody, start()).await.unwrap(), Received::NoConversation);
    let other_brand = to_conversation("other", id, "e2", Event::Started { payload: None }, start());
    assert_eq!(store.receive(&other_brand, start()).await.unwrap(), Received::NoConversation);
    let right = to_conversation("lumen", id, "e3", Event::Started { payload: None }, start());
    assert!(matches!(store.receive(&right, start()).await.unwrap(), Received::Stored(_, to) if to == id));
}
