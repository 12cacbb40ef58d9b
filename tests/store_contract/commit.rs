//! What came of an event is written as a whole, upon the state it was decided on.

use housevoice::engine::*;
use housevoice::store::{LineState, Stumble, Stumbled};
use housevoice::understanding::{Reading, SlotValue};
use housevoice::voice::{Locale, SlotId};
use jiff::SignedDuration;

use super::support::*;
use super::*;

pub async fn what_a_step_remembers_comes_back(ground: &dyn Ground) {
    let store = ground.open().await;
    let (inbox, id) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "hi", start())).await;
    let loaded = load(&*store, &lumen(), inbox, start()).await;
    let mut step = step_of(&loaded);
    let state = &mut step.conversation;
    state.locale = Locale::parse("de-AT");
    state.misses = 2;
    state.slots.insert(SlotId::from("order"), SlotValue::Text("#4711".into()));
    state.turns.push(Turn { at: start(), by: By::Customer, text: "hi".into(), message_id: None });
    state.session_ends = Some(minute(30));
    state.held = Some(Held { pieces: vec![Message::default()], why: HeldWhy::MayGoOn, due: minute(1) });
    state.person.opted_out = true;
    state.person.shown.insert("answer:x".into(), Shown { last: u64::MAX, times: 3 });
    state.person.slots.insert(SlotId::from("region"), Remembered { value: SlotValue::Flag(true), until: minute(600) });
    assert_eq!(commit(&*store, &loaded, &step).await, Committed::Done);
    let reopened = ground.open().await;
    assert_eq!(reopened.conversation(&lumen(), id).await.unwrap().unwrap(), step.conversation);
}

pub async fn a_step_upon_an_older_state_is_refused(ground: &dyn Ground) {
    let store = ground.open().await;
    let (first, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "a", start())).await;
    let (second, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m2", "b", start())).await;
    let early = load(&*store, &lumen(), second, start()).await;
    handle(&*store, &lumen(), first, start()).await;
    let before = ground.dump().await;
    assert_eq!(commit(&*store, &early, &step_of(&early)).await, Committed::Conflict);
    assert_eq!(ground.dump().await, before, "a refused step leaves nothing");
    handle(&*store, &lumen(), second, start()).await;
}

pub async fn a_step_upon_an_older_person_is_refused(ground: &dyn Ground) {
    let store = ground.open().await;
    let (first, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "a", start())).await;
    let (second, _) = take(&*store, &message("lumen", "u1", direct("d2"), "m2", "b", start())).await;
    let at_d1 = load(&*store, &lumen(), first, start()).await;
    let at_d2 = load(&*store, &lumen(), second, start()).await;
    let mut step = step_of(&at_d1);
    step.conversation.person.opted_out = true;
    assert_eq!(commit(&*store, &at_d1, &step).await, Committed::Done);
    let before = ground.dump().await;
    assert_eq!(commit(&*store, &at_d2, &step_of(&at_d2)).await, Committed::Conflict);
    assert_eq!(ground.dump().await, before);
    let again = load(&*store, &lumen(), second, start()).await;
    assert!(again.conversation.person.opted_out, "what was told in one place is known in the other");
    assert_eq!(commit(&*store, &again, &step_of(&again)).await, Committed::Done);
}

pub async fn an_event_is_handled_once(ground: &dyn Ground) {
    let store = ground.open().await;
    let (inbox, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "a", start())).await;
    let loaded = load(&*store, &lumen(), inbox, start()).await;
    assert_eq!(commit(&*store, &loaded, &step_of(&loaded)).await, Committed::Done);
    let before = ground.dump().await;
    assert_eq!(commit(&*store, &loaded, &step_of(&loaded)).await, Committed::Gone);
    assert_eq!(ground.dump().await, before);
    assert_eq!(store.load(&lumen(), inbox, start()).await.unwrap(), None);
}

/// A step that writes every table there is to write.
fn step_with_everything(loaded: &Loaded) -> Step {
    let mut step = step_of(loaded);
    let case = case_of(&step.conversation, 1, start());
    step.conversation.person.opted_out = true;
    step.effects.push(Effect::React { message_id: "m1".into(), emoji: "👍".into() });
    step.effects.push(Effect::Staff(StaffPost::Note { case: case.id, agent: ana(), text: NoteText::new("note") }));
    let give_up_at = minute(60);
    step.conversation.phase = Phase::Queued { case, delayed_at: Some(minute(5)), give_up_at, told_at: None };
    step.effects.push(Effect::Log(EventFact::SmallTalk));
    step.effects.push(Effect::Silent(Silence::OnlyThanks));
    step
}

pub async fn a_commit_that_fails_midway_leaves_nothing(ground: &dyn Ground) {
    let store = ground.open().await;
    let (inbox, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let loaded = load(&*store, &lumen(), inbox, start()).await;
    let step = step_with_everything(&loaded);
    let tables =
        ["inbox", "people", "conversations", "transcript", "outbox", "cases", "timers", "decisions", "facts", "notes"];
    for table in tables {
        ground.break_table(table).await;
        let before = ground.dump().await;
        let refused = store.commit(&loaded, &step, &stamp(start())).await;
        assert!(refused.is_err(), "writing {table} was to fail");
        assert_eq!(ground.dump().await, before, "something was left although {table} could not be written");
        ground.mend_table(table).await;
    }
    assert_eq!(commit(&*store, &loaded, &step).await, Committed::Done);
    let written = ground.dump().await;
    for table in tables {
        assert!(written.iter().any(|(of, _)| of == table), "{table} is not written by this step: the test is too weak");
    }
}

pub async fn of_each_conversation_the_oldest_event_waits(ground: &dyn Ground) {
    let store = ground.open().await;
    let (a1, a) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "1", start())).await;
    let (a2, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m2", "2", start())).await;
    let (b1, b) = take(&*store, &message("lumen", "u2", direct("d2"), "m3", "1", start())).await;
    let waiting = store.waiting(&lumen(), start(), 10).await.unwrap();
    let pairs: Vec<_> = waiting.iter().map(|w| (w.inbox, w.conversation)).collect();
    assert_eq!(pairs, [(a1, a), (b1, b)]);
    handle(&*store, &lumen(), a1, start()).await;
    let waiting = store.waiting(&lumen(), start(), 10).await.unwrap();
    assert_eq!(waiting.iter().map(|w| w.inbox).collect::<Vec<_>>(), [a2, b1]);
    assert_eq!(store.waiting(&lumen(), start(), 1).await.unwrap().len(), 1);
}

pub async fn what_was_taken_can_be_let_go_and_is_worked_on_all_the_same(ground: &dyn Ground) {
    let store = ground.open().await;
    let (a1, a) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "1", start())).await;
    let (b1, b) = take(&*store, &message("lumen", "u2", direct("d2"), "m2", "1", start())).await;
    let waiting = async || {
        let waiting = store.waiting(&lumen(), start(), 10).await.unwrap();
        waiting.iter().map(|w| (w.inbox, w.conversation)).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, [(a1, a), (b1, b)]);
    let begun = load(&*store, &lumen(), a1, start()).await;
    store.let_go(&[a]).await.unwrap();
    assert_eq!(waiting().await, [(a1, a), (b1, b)], "nobody else has them");
    assert_eq!(commit(&*store, &begun, &step_of(&begun)).await, Committed::Done, "what was begun goes on");
    store.let_go(&[]).await.unwrap();
    handle(&*store, &lumen(), b1, start()).await;
    assert_eq!(waiting().await, []);
}

pub async fn an_event_that_stumbles_too_often_is_set_aside(ground: &dyn Ground) {
    let store = ground.open().await;
    let (bad, id) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "bad", start())).await;
    let (next, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m2", "next", start())).await;
    let again_at = start() + SignedDuration::from_secs(2);
    let stumble = Stumble { error: "no good".to_owned(), at: start(), again_at, tries: 2 };
    assert_eq!(store.stumbled(&lumen(), bad, &stumble).await.unwrap(), Some(Stumbled::Again));
    assert!(store.waiting(&lumen(), start(), 10).await.unwrap().is_empty(), "nobody overtakes it meanwhile");
    assert_eq!(store.waiting(&lumen(), again_at, 10).await.unwrap()[0].inbox, bad);
    assert_eq!(load(&*store, &lumen(), bad, again_at).await.attempts, 1);
    assert_eq!(store.stumbled(&lumen(), bad, &stumble).await.unwrap(), Some(Stumbled::Parked));
    assert_eq!(store.stumbled(&lumen(), bad, &stumble).await.unwrap(), None);
    assert_eq!(store.waiting(&lumen(), start(), 10).await.unwrap()[0].inbox, next);
    let parked = store.parked(&lumen()).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!((parked[0].inbox, parked[0].conversation, parked[0].error.as_str()), (bad, id, "no good"));
}

pub async fn what_was_said_can_be_read_back(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let lines = store.transcript(&lumen(), id).await.unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.by, line.text.as_str(), line.state)).collect();
    let person = store.person(&lumen(), &console(), "u1").await.unwrap().unwrap();
    assert_eq!(
        told,
        [(Speaker::Person(person), "hello", LineState::Kept), (Speaker::Bot, "re: hello", LineState::Waiting),]
    );
    assert_eq!(lines[1].said[0].what, "answer:echo");
}

pub async fn why_can_be_asked(ground: &dyn Ground) {
    let store = ground.open().await;
    let (inbox, id) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "thanks", start())).await;
    let loaded = load(&*store, &lumen(), inbox, start()).await;
    let why = Why {
        reading: Some(Reading { normalized: "thanks".into(), ..Reading::default() }),
        gates: vec!["owner".into()],
        mood: None,
        decisions: vec![Decision::StaySilent(Silence::OnlyThanks)],
    };
    let step = Step {
        conversation: loaded.conversation.clone(),
        effects: vec![Effect::Silent(Silence::OnlyThanks)],
        why: why.clone(),
    };
    assert_eq!(store.last_why(&lumen(), id).await.unwrap(), None);
    assert_eq!(commit(&*store, &loaded, &step).await, Committed::Done);
    let decided = store.last_why(&lumen(), id).await.unwrap().unwrap();
    assert_eq!((decided.at, decided.silence, decided.voice.as_str()), (start(), Some(Silence::OnlyThanks), "v1"));
    assert_eq!(decided.why, why);
}
