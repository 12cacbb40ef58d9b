//! What goes out leaves in order, is checked once more, and is remembered with what became of it.

use housevoice::engine::*;
use housevoice::store::{Failed, LineState, Received};
use housevoice::voice::Platform;

use super::support::*;
use super::*;

async fn sent(store: &dyn Store, id: OutboxId) {
    store.delivered(&lumen(), id, Some(&format!("p{id}")), start()).await.unwrap();
}

/// Takes a step with these effects upon a message.
pub async fn with_effects(store: &dyn Store, inbound: &Inbound, effects: Vec<Effect>) -> ConversationId {
    let (inbox, id) = take(store, inbound).await;
    let loaded = load(store, &inbound.brand, inbox, inbound.at).await;
    let step = Step { conversation: loaded.conversation.clone(), effects, why: Why::default() };
    assert_eq!(commit(store, &loaded, &step).await, Committed::Done);
    id
}

pub async fn messages_to_one_conversation_leave_in_order(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "one", start())).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "two", start())).await;
    let (first, words) = claim_words(&*store).await.unwrap();
    assert_eq!(words, "re: one");
    assert_eq!(claim_words(&*store).await, None, "the second waits until the first has left");
    sent(&*store, first).await;
    assert_eq!(claim_words(&*store).await.unwrap().1, "re: two");
}

pub async fn one_that_waits_for_a_retry_holds_up_only_its_own(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "one", start())).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "two", start())).await;
    live(&*store, &message("lumen", "u2", direct("d2"), "m3", "other", start())).await;
    let (first, _) = claim_words(&*store).await.unwrap();
    store.retry(&lumen(), first, &later("not now", minute(1))).await.unwrap();
    let (other, words) = claim_words(&*store).await.unwrap();
    assert_eq!(words, "re: other");
    sent(&*store, other).await;
    assert_eq!(claim_words(&*store).await, None);
    let again = store.claim(&lumen(), &console(), minute(1), 1, &[]).await.unwrap().remove(0);
    assert_eq!((again.id, again.attempt, again.decided_at), (first, 2, start()));
}

pub async fn safety_leaves_first_then_cases_then_answers(ground: &dyn Ground) {
    let store = ground.open().await;
    let lanes = [("u1", Lane::Answer), ("u2", Lane::Case), ("u3", Lane::Safety)];
    for (who, lane) in lanes {
        let send = Effect::Send(Outgoing { lane, ..says(&format!("{lane:?}")) });
        with_effects(&*store, &message("lumen", who, direct(who), who, "x", start()), vec![send]).await;
    }
    for expected in ["Safety", "Case", "Answer"] {
        assert_eq!(claim_words(&*store).await.unwrap().1, expected);
    }
    // Within one conversation, safety words do not wait behind a message that is stuck.
    let safety = vec![Effect::Send(Outgoing { lane: Lane::Safety, ..says("now") })];
    with_effects(&*store, &message("lumen", "u1", direct("u1"), "m9", "x", start()), safety).await;
    assert_eq!(claim_words(&*store).await.unwrap().1, "now");
}

pub async fn an_answer_overtaken_by_a_change_of_owner_is_never_sent(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let react = vec![Effect::React { message_id: "m1".into(), emoji: "👋".into() }];
    with_effects(&*store, &message("lumen", "u1", direct("d1"), "m2", "hi", start()), react).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m3", "person", start())).await;

    // What the new owner's step says does leave, with the post for the team.
    assert_eq!(send_all(&*store).await, ["(no words)", "a person will come"]);
    let lines = store.transcript(&lumen(), id).await.unwrap();
    let overtaken: Vec<_> = lines.iter().filter(|line| line.state == LineState::Superseded).collect();
    assert_eq!(overtaken.len(), 1);
    assert_eq!(overtaken[0].text, "re: hello", "what was not sent is recorded as such");
}

pub async fn one_that_was_overtaken_holds_up_nobody(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let (out, _) = claim_words(&*store).await.unwrap();
    // While it is on its way, the owner changes; then it fails, to be tried again in an hour.
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "person", start())).await;
    store.retry(&lumen(), out, &later("not now", minute(60))).await.unwrap();
    assert_eq!(send_all(&*store).await, ["(no words)", "a person will come"]);
    assert_eq!(store.claim(&lumen(), &console(), minute(61), 9, &[]).await.unwrap(), [], "it is not tried again");
}

pub async fn safety_words_and_agents_are_not_overtaken(ground: &dyn Ground) {
    let store = ground.open().await;
    let effects = vec![
        Effect::Send(Outgoing { lane: Lane::Safety, ..says("safety") }),
        Effect::Send(Outgoing { by: SaidBy::Agent(ana()), ..says("agent") }),
    ];
    with_effects(&*store, &message("lumen", "u1", direct("d1"), "m1", "x", start()), effects).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "person", start())).await;
    let left = send_all(&*store).await;
    assert!(left.contains(&"safety".to_owned()) && left.contains(&"agent".to_owned()), "{left:?}");
}

pub async fn a_message_that_cannot_be_sent_comes_back_as_an_event(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let (out, _) = claim_words(&*store).await.unwrap();
    ground.break_table("inbox").await;
    let before = ground.dump().await;
    assert!(
        store
            .failed(&lumen(), out, &Failed { reason: "blocked".to_owned(), gone: true, unsure: false }, minute(1))
            .await
            .is_err()
    );
    assert_eq!(ground.dump().await, before, "failed and its event go together");
    ground.mend_table("inbox").await;
    store
        .failed(&lumen(), out, &Failed { reason: "blocked".to_owned(), gone: true, unsure: false }, minute(1))
        .await
        .unwrap();
    store
        .failed(&lumen(), out, &Failed { reason: "blocked".to_owned(), gone: true, unsure: false }, minute(1))
        .await
        .unwrap();
    let waiting = store.waiting(&lumen(), minute(1), 10).await.unwrap();
    assert_eq!(waiting.len(), 1, "told twice, it happens once");
    let event = load(&*store, &lumen(), waiting[0].inbox, minute(1)).await.inbound.event;
    assert_eq!(event, Event::DeliveryFailed { reason: "blocked".into(), gone: true });
    let lines = store.transcript(&lumen(), id).await.unwrap();
    assert_eq!(lines[1].state, LineState::Failed);
}

pub async fn a_staff_post_that_fails_says_nothing_about_the_customer(ground: &dyn Ground) {
    let store = ground.open().await;
    let post = StaffPost::Refused { agent: ana(), why: Refusal::NoCase };
    let effects = vec![
        Effect::Staff(post),
        Effect::React { message_id: "gone".into(), emoji: "👍".into() },
        Effect::Send(says("hello")),
    ];
    with_effects(&*store, &message("lumen", "u1", direct("d1"), "m1", "x", start()), effects).await;
    let (staff, words) = claim_words(&*store).await.unwrap();
    assert_eq!(words, "(no words)");
    // While the team's place is in trouble, the customer is not kept waiting.
    store.retry(&lumen(), staff, &later("no such channel", minute(9))).await.unwrap();
    assert_eq!(claim_words(&*store).await.unwrap().1, "hello");
    let (react, _) = claim_words(&*store).await.unwrap();
    store
        .failed(&lumen(), react, &Failed { reason: "no such message".to_owned(), gone: true, unsure: false }, start())
        .await
        .unwrap();
    store.claim(&lumen(), &console(), minute(9), 1, &[]).await.unwrap().remove(0);
    store
        .failed(&lumen(), staff, &Failed { reason: "no such channel".to_owned(), gone: true, unsure: false }, minute(9))
        .await
        .unwrap();
    assert!(store.waiting(&lumen(), minute(9), 10).await.unwrap().is_empty());
}

pub async fn what_a_crash_left_half_sent_leaves_again(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let (out, _) = claim_words(&*store).await.unwrap();
    assert_eq!(claim_words(&*store).await, None);
    // It dies here, and another one takes up what it was at.
    drop(store);
    let store = ground.open().await;
    assert_eq!(claim_words(&*store).await.unwrap().0, out, "under the same number, which is the nonce");
}

pub async fn the_platforms_number_is_found_in_the_transcript(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let (out, _) = claim_words(&*store).await.unwrap();
    store.delivered(&lumen(), out, Some("p77"), start()).await.unwrap();
    // Told late that it failed, it stays sent.
    store
        .failed(&lumen(), out, &Failed { reason: "late".to_owned(), gone: true, unsure: false }, start())
        .await
        .unwrap();
    store.retry(&lumen(), out, &later("late", start())).await.unwrap();
    let line = store.transcript(&lumen(), id).await.unwrap().remove(1);
    assert_eq!((line.message_id.as_deref(), line.state), (Some("p77"), LineState::Sent));
    assert_eq!(claim_words(&*store).await, None);
}

pub async fn nothing_leaves_through_another_platform(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    assert_eq!(store.claim(&lumen(), &Platform::from("discord"), start(), 9, &[]).await.unwrap(), []);
    let delivery = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!((delivery.place, delivery.recipient.id.as_str()), (direct("d1"), "u1"));
    assert_eq!((delivery.brand, delivery.platform), (lumen(), console()));
}

/// The thread of each post for the team that leaves, in order; each is given a number by the platform.
async fn threads(store: &dyn Store) -> Vec<Option<String>> {
    let mut threads = Vec::new();
    while let Some(delivery) = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().pop() {
        let post = format!("post-{}", delivery.id);
        store.delivered(&lumen(), delivery.id, Some(&post), start()).await.unwrap();
        match delivery.body {
            Body::Staff(_) => threads.push(delivery.thread),
            Body::Send(_) | Body::React { .. } => assert_eq!(delivery.thread, None),
        }
    }
    threads
}

async fn note(store: &dyn Store, id: ConversationId, event_id: &str) {
    let action = AgentAction::Note(NoteText::new("note"));
    live(store, &to_conversation("lumen", id, event_id, Event::Agent { agent: ana(), action }, start())).await;
}

pub async fn posts_about_a_case_know_where_the_first_one_went(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "person", start())).await;
    note(&*store, id, "e1").await;
    let first = threads(&*store).await;
    assert_eq!(first[0], None);
    let thread = first[1].clone().expect("the second post goes where the first one went");
    note(&*store, id, "e2").await;
    assert_eq!(threads(&*store).await, [Some(thread.clone())]);
    // The next case of the same conversation has a place of its own; so has that of somebody else.
    let back = Event::Agent { agent: ana(), action: AgentAction::HandBack };
    live(&*store, &to_conversation("lumen", id, "e3", back, start())).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "person", start())).await;
    live(&*store, &message("lumen", "u2", direct("d2"), "m3", "person", start())).await;
    assert_eq!(threads(&*store).await, [None, None]);
}

pub async fn what_an_agent_does_under_a_post_belongs_to_its_conversation(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "person", start())).await;
    let mut post = None;
    while let Some(delivery) = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().pop() {
        let number = format!("number-{}", delivery.id);
        store.delivered(&lumen(), delivery.id, Some(&number), start()).await.unwrap();
        match delivery.body {
            Body::Staff(_) => post = Some(number),
            Body::Send(_) | Body::React { .. } => {
                let under = under_post("lumen", &number, "e0");
                assert_eq!(
                    store.receive(&under, start()).await.unwrap(),
                    Received::NoConversation,
                    "no post for the team"
                );
            }
        }
    }
    let post = post.unwrap();
    let received = store.receive(&under_post("lumen", &post, "e1"), start()).await.unwrap();
    assert!(matches!(received, Received::Stored(_, to) if to == id));
    let unknown = store.receive(&under_post("lumen", "chatter", "e2"), start()).await.unwrap();
    assert_eq!(unknown, Received::NoConversation);
    let other_brand = store.receive(&under_post("other", &post, "e3"), start()).await.unwrap();
    assert_eq!(other_brand, Received::NoConversation);
}

fn under_post(of: &str, post: &str, event_id: &str) -> Inbound {
    let action = AgentAction::Reply { text: "hello".into(), attachments: Vec::new() };
    let to = housevoice::engine::To::Post(post.into());
    let event = Event::Agent { agent: ana(), action };
    Inbound { brand: brand(of), platform: console(), event_id: event_id.into(), at: start(), to, event }
}

pub async fn what_comes_too_late_is_not_sent(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "next", start())).await;
    let (out, _) = claim_words(&*store).await.unwrap();
    store.out_of_date(&lumen(), out, minute(1)).await.unwrap();
    let line = store.transcript(&lumen(), id).await.unwrap().remove(1);
    assert_eq!(line.state, LineState::Superseded);
    assert_eq!(send_all(&*store).await, ["re: next"]);
}

pub async fn what_may_have_been_sent_is_known_with_where_to_look(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u2", direct("d2"), "140", "other", start())).await;
    live(&*store, &message("lumen", "u3", help_channel("c1"), "900", "elsewhere", start())).await;
    send_all(&*store).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "100", "one", start())).await;
    let first = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!(first.unsure, None);
    let retry = |unsure| Retry { error: "no answer".to_owned(), not_before: start(), unsure };
    store.retry(&lumen(), first.id, &retry(true)).await.unwrap();
    // Whoever has it already writes back, in the same second: it stands before that.
    live(&*store, &message("lumen", "u1", direct("d1"), "150", "thanks", start())).await;
    live(&*store, &message("lumen", "u2", direct("d2"), "160", "hello?", start())).await;
    let again = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!(again.id, first.id);
    assert_eq!(
        again.unsure,
        Some(Unsure { here: Some(100), anywhere: Some(140) }),
        "public places count for themselves"
    );
    // What was certainly not sent is simply sent.
    store.retry(&lumen(), first.id, &retry(false)).await.unwrap();
    assert_eq!(store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0).unsure, None);
    // A crash leaves it open.
    drop(store);
    let store = ground.open().await;
    let after = store.claim(&lumen(), &console(), start(), 9, &[]).await.unwrap();
    let of_first = after.into_iter().find(|delivery| delivery.id == first.id).unwrap();
    assert!(of_first.unsure.is_some());
}
