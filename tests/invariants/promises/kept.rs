//! What came in: kept, once, and what was changed afterwards.

use std::collections::{BTreeMap, BTreeSet};

use housevoice::bot::Handled;
use housevoice::engine::*;
use housevoice::store::{LineState, Received};
use housevoice::voice::BrandId;

use super::super::ledger::{Address, Stepped};
use super::super::seen::What;
use super::super::world::{World, brand_id};
use super::{News, Verdict, promise};

/// Invariant 1: Every accepted customer message is stored before it is acknowledged to the platform, and ends in exactly one case.
/// Here: when `receive` has returned, which is when a platform is told, it waits in the store.
pub async fn it_waits_to_be_handled(world: &World<'_>, brand: &BrandId, conversation: ConversationId) -> Verdict {
    let waiting = world.store.waiting(brand, jiff::Timestamp::MAX, 1000).await.unwrap();
    let waits = waiting.iter().any(|waiting| waiting.conversation == conversation);
    promise!(it_waits_to_be_handled, waits, "invariant 1: accepted for {conversation:?} and not stored");
    Ok(())
}

/// Invariant 1: … and ends in exactly one case: it belongs to the conversation of its brand, person and place.
pub fn it_is_in_its_own_conversation(known: &Address, address: &Address) -> Verdict {
    promise!(it_is_in_its_own_conversation, known == address, "invariants 1, 11: of {address:?}, taken to {known:?}");
    Ok(())
}

/// Invariant 1: … and ends in exactly one case: the team is shown it in one.
pub fn each_message_is_in_one_case(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let cases = step.posts().filter_map(|post| match post {
            StaffPost::CustomerWrote { case, .. } => Some(*case),
            _ => None,
        });
        let cases: BTreeSet<CaseId> = cases.collect();
        promise!(each_message_is_in_one_case, cases.len() <= 1, "shown in {cases:?}");
        if step.posts().any(|post| matches!(post, StaffPost::Packet(_))) && step.before.case().is_none() {
            news.saw(What::CaseOpened);
        }
    }
    Ok(())
}

/// Invariant 1: … and ends in exactly one case: every message that was accepted is one line of one transcript.
pub async fn each_message_is_kept_once(world: &World<'_>) -> Verdict {
    let (messages, live) = {
        let ledger = world.ledger.lock().unwrap();
        (ledger.messages.clone(), ledger.addresses.clone())
    };
    let mut lines: BTreeMap<(BrandId, String), Vec<ConversationId>> = BTreeMap::new();
    let mut there = BTreeSet::new();
    for (id, address) in live {
        let brand = brand_id(address.brand);
        if world.store.conversation(&brand, id).await.unwrap().is_some() {
            there.insert(id);
        }
        for line in world.store.transcript(&brand, id).await.unwrap() {
            if let (Speaker::Person(_), Some(message)) = (line.by, line.message_id) {
                lines.entry((brand.clone(), message)).or_default().push(id);
            }
        }
    }
    for (key, message) in messages {
        if there.contains(&message.conversation) {
            let kept = lines.get(&key).cloned().unwrap_or_default();
            let once = kept == [message.conversation];
            promise!(each_message_is_kept_once, once, "invariant 1: {key:?} {message:?} is kept in {kept:?}");
        }
    }
    Ok(())
}

/// Invariant 10: The same platform message id processed twice changes nothing (idempotent).
pub fn the_same_again_changes_nothing(received: Received, before: &[String], after: &[String]) -> Verdict {
    let stored = matches!(received, Received::Stored(..));
    promise!(the_same_again_changes_nothing, !stored, "invariant 10: it was taken again: {received:?}");
    let changed: Vec<_> = before.iter().zip(after).filter(|(before, after)| before != after).collect();
    promise!(the_same_again_changes_nothing, changed.is_empty(), "invariant 10: {changed:?}");
    Ok(())
}

/// Invariant 10: … processed twice changes nothing.
pub fn what_was_handled_is_not_handled_again(handled: Handled, before: &[String], after: &[String]) -> Verdict {
    let gone = handled == Handled::Gone && before == after;
    promise!(what_was_handled_is_not_handled_again, gone, "invariant 10: {handled:?}");
    Ok(())
}

/// Invariant 16: Out-of-order and edited messages: an edit never re-triggers an answer already given; a deleted customer message stays
/// visible to agents as "deleted" with no text.
pub fn an_edit_answers_nothing_again(news: &News<'_>) -> Verdict {
    for (at, step) in news.steps() {
        match &step.event {
            Event::Edited(message) => {
                news.saw(What::Edited);
                let of_it = |earlier: &&Stepped| {
                    earlier.after.id == step.after.id
                        && matches!(&earlier.event, Event::Message(of) if of.id == message.id)
                };
                let first = news.ledger.steps[..at].iter().find(of_it);
                if first.is_some_and(|first| first.bot_sends().count() > 0) {
                    news.saw(What::EditedAnswered);
                }
                let key = (step.after.brand.clone(), message.id.clone());
                let urgent = step.bot_sends().all(|out| out.lane == Lane::Safety);
                promise!(an_edit_answers_nothing_again, urgent, "the edit of {key:?} is answered: {:?}", step.effects);
                let facts = step.facts().any(|fact| matches!(fact, EventFact::Answered { .. }));
                promise!(an_edit_answers_nothing_again, !facts, "an answer is given to an edit: {:?}", step.effects);
            }
            Event::Deleted { message_id } => {
                let shown = step.posts().any(|post| matches!(post, StaffPost::CustomerEdited { text: None, .. }));
                let in_case = !matches!(step.after.phase, Phase::Resolved { .. }) && step.after.case().is_some();
                if in_case {
                    news.saw(What::DeletedInCase);
                }
                promise!(an_edit_answers_nothing_again, !in_case || shown, "the team is not told: {:?}", step.effects);
                let said = step.bot_sends().count();
                promise!(an_edit_answers_nothing_again, said == 0, "the deletion of {message_id} is answered");
            }
            Event::Message(_) if step.early => news.saw(What::Early),
            _ => {}
        }
    }
    Ok(())
}

/// Invariant 16: … a deleted customer message stays visible to agents as "deleted" with no text.
pub async fn what_was_deleted_has_no_text(world: &World<'_>) -> Verdict {
    let deleted: Vec<(BrandId, ConversationId, String)> = {
        let ledger = world.ledger.lock().unwrap();
        let of = |step: &Stepped| match &step.event {
            Event::Deleted { message_id } => Some((step.after.brand.clone(), step.after.id, message_id.clone())),
            _ => None,
        };
        ledger.steps.iter().filter_map(of).collect()
    };
    for (brand, conversation, message) in deleted {
        for line in world.store.transcript(&brand, conversation).await.unwrap() {
            if line.message_id.as_ref() == Some(&message) && matches!(line.by, Speaker::Person(_)) {
                let gone = line.state == LineState::Deleted && line.text.is_empty();
                promise!(what_was_deleted_has_no_text, gone, "invariant 16: {line:?}");
            }
        }
        if let Some(conversation) = world.store.conversation(&brand, conversation).await.unwrap() {
            let left = conversation.turns.iter().find(|turn| {
                turn.message_id.as_ref() == Some(&message) && turn.by == By::Customer && !turn.text.is_empty()
            });
            promise!(what_was_deleted_has_no_text, left.is_none(), "invariant 16: still at hand: {left:?}");
        }
    }
    Ok(())
}
