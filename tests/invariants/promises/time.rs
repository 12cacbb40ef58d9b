//! What ends, what is due, what is over.

use housevoice::engine::*;
use housevoice::voice::Line;
use jiff::{SignedDuration, Timestamp};

use super::super::ledger::{Ledger, Stepped};
use super::super::seen::What;
use super::super::world::{World, brand, brand_id, brand_of};
use super::owner::says;
use super::{News, Verdict, promise};

/// Invariant 5: Every case reaches Closed under any event order if time goes on (model-check: no state without an exit timer).
/// The model check is in `model`; that everything is closed when time has gone on, in [`everything_is_closed`].
pub fn no_state_is_without_an_exit(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let closed = matches!(step.after.phase, Phase::Closed { .. });
        let exit = !step.after.deadlines().is_empty();
        promise!(no_state_is_without_an_exit, closed || exit, "{:?} has no timer", step.after.phase);
    }
    Ok(())
}

/// Invariant 5: Every case reaches Closed under any event order if time goes on.
pub async fn everything_is_closed(world: &World<'_>) -> Verdict {
    let live: Vec<Conversation> = world.ledger.lock().unwrap().live.values().cloned().collect();
    for conversation in live {
        let (id, phase) = (conversation.id, &conversation.phase);
        let closed = matches!(phase, Phase::Closed { .. });
        promise!(everything_is_closed, closed, "invariant 5: {id:?} is still {phase:?}");
    }
    for of in 0..2 {
        let open = world.store.open_cases(&brand_id(of)).await.unwrap();
        promise!(everything_is_closed, open.is_empty(), "invariant 5: still open: {open:?}");
        let parked = world.store.parked(&brand_id(of)).await.unwrap();
        promise!(everything_is_closed, parked.is_empty(), "invariant 5: set aside: {parked:?}");
    }
    promise!(everything_is_closed, world.is_idle().await, "invariant 5: something still waits");
    Ok(())
}

/// Invariant 7: Every promise ("back Monday 09:00") is a stored timer that fires.
pub fn every_promise_is_a_timer(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        if matches!(step.event, Event::Timer(_)) {
            news.saw(What::Due);
        }
        for out in step.bot_sends() {
            for (line, kind) in PROMISED {
                if says(out, *line) {
                    news.saw(What::Promised);
                    let due = due(&step.after, *kind);
                    promise!(every_promise_is_a_timer, due.is_some(), "{}: no {kind:?}", line.key());
                    promise!(every_promise_is_a_timer, in_open_time(step, *line, due), "{}: {due:?}", line.key());
                }
            }
        }
        if step.effects.contains(&Effect::Silent(Silence::WaitingForMore))
            || step.effects.contains(&Effect::Silent(Silence::WaitingForPeople))
        {
            news.saw(What::Promised);
            let due = due(&step.after, TimerKind::AnswerHeld);
            promise!(every_promise_is_a_timer, due.is_some(), "held without a time: {:?}", step.after.held);
        }
    }
    Ok(())
}

/// What each sentence promises, and the timer behind it.
const PROMISED: &[(Line, TimerKind)] = &[
    (Line::HandoffOpen, TimerKind::QueueDelayed),
    (Line::HandoffClosed, TimerKind::QueueDelayed),
    (Line::Reopened, TimerKind::QueueDelayed),
    (Line::Reassigned, TimerKind::QueueDelayed),
    (Line::Transferred, TimerKind::QueueDelayed),
    (Line::StillQueued, TimerKind::QueueGivenUp),
    (Line::Delayed, TimerKind::QueueGivenUp),
    (Line::Closing, TimerKind::CaseCloses),
    (Line::Offer, TimerKind::OfferEnds),
];

fn due(conversation: &Conversation, kind: TimerKind) -> Option<Timestamp> {
    conversation.deadlines().into_iter().find(|(of, _)| *of == kind).map(|(_, at)| at)
}

/// "Back Monday 09:00": the timer behind it comes within the team's hours, and after they have begun.
fn in_open_time(step: &Stepped, line: Line, due: Option<Timestamp>) -> bool {
    let hours = brand(brand_of(step)).voice.team_hours();
    let (Some(hours), Some(due), true) = (hours, due, line == Line::HandoffClosed) else { return true };
    let back = hours.next_open(step.at).map(|back| back.timestamp());
    hours.open_at(due - SignedDuration::from_secs(1)) && back.is_some_and(|back| due > back)
}

/// Invariant 7: … is a stored timer: what the conversations wait for first is what the store will wake them for.
pub async fn every_deadline_is_stored(world: &World<'_>) -> Verdict {
    if !world.is_idle().await {
        return Ok(());
    }
    for of in 0..2 {
        let first = {
            let ledger = world.ledger.lock().unwrap();
            let of_brand = ledger.live.values().filter(|c| c.brand == brand_id(of));
            of_brand.flat_map(Conversation::deadlines).map(|(_, at)| at).min()
        };
        let stored = world.store.next_due(&brand_id(of)).await.unwrap();
        promise!(every_deadline_is_stored, first == stored, "invariant 7: due {first:?}, stored {stored:?}");
    }
    Ok(())
}

/// Invariant 7: … that fires: when everything that can be done now is done, no time that has come is still waited for.
pub fn what_was_due_is_over(ledger: &Ledger, now: Timestamp) -> Verdict {
    for conversation in ledger.live.values() {
        let late = conversation.deadlines().into_iter().find(|(_, at)| *at <= now);
        promise!(what_was_due_is_over, late.is_none(), "invariant 7: {late:?} at {now}: {:?}", conversation.phase);
    }
    Ok(())
}

/// Invariant 14: CSAT at most once per case, never after safety/spam/erase.
///
/// The product asks for no rating. What is promised: there is no sentence and no timer for one, and once a case is ended,
/// nobody hears from the bot by itself.
pub fn what_is_over_is_left_alone(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let over = matches!(step.before.phase, Phase::Resolved { .. } | Phase::Closed { .. });
        if matches!(step.after.phase, Phase::Resolved { .. } | Phase::Closed { .. }) && !over {
            news.saw(What::CaseEnded);
        }
        let by_itself = matches!(step.event, Event::Timer(_) | Event::DeliveryFailed { .. });
        let said = step.bot_sends().count();
        promise!(what_is_over_is_left_alone, !(over && by_itself) || said == 0, "{:?}", step.effects);
        for said in step.bot_sends().flat_map(|out| &out.said) {
            promise!(what_is_over_is_left_alone, !is_survey(&said.what), "a rating is asked for: {said:?}");
        }
    }
    Ok(())
}

/// Whether the name of a sentence is that of a rating.
pub fn is_survey(what: &str) -> bool {
    ["csat", "survey", "rating", "feedback", "score"].iter().any(|word| what.contains(word))
}
