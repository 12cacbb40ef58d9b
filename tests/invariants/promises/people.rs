//! What a customer can count on: a person, an answer, help in danger, being left alone.

use std::collections::BTreeMap;

use housevoice::engine::*;
use housevoice::voice::Priority;
use jiff::SignedDuration;

use super::super::ledger::{Asked, Ledger, Stepped};
use super::super::ops::{Answer, Meant};
use super::super::seen::What;
use super::super::world::{World, brand_of};
use super::{News, Verdict, promise};

/// Invariant 6: A "person asked for" event always leads to Queued or Human in the same turn.
///
/// Asked for where the bot listens: in private, or by speaking to it in public. (In a place in which the voice never speaks,
/// nobody can ask it.)
pub fn who_asks_for_a_person_gets_one_in_the_same_turn(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let asks = match &step.event {
            Event::Message(message) => {
                let asks = spoken(news.ledger, step).is_some_and(|meant| meant.is_person());
                if asks && (step.at.duration_since(message.at).as_mins() > 10) {
                    news.saw(What::AskedLate);
                }
                asks
            }
            Event::Command(Command::Human) | Event::Picked(Pick::OfferYes) => true,
            _ => false,
        };
        if !asks {
            continue;
        }
        news.saw(What::AskedForPerson);
        let comes = !matches!(step.after.owner(), Owner::Bot);
        promise!(
            who_asks_for_a_person_gets_one_in_the_same_turn,
            comes,
            "{:?} left it {:?}: {:?}",
            step.event,
            step.after.phase,
            step.effects
        );
    }
    Ok(())
}

/// Invariant 12: After hand-back the bot answers the next question within its rules (no permanent silence).
///
/// Within its rules: in private, to somebody who has not asked it to stop. The same holds after every other way in which the
/// bot has it again.
pub fn after_hand_back_the_bot_answers(news: &News<'_>) -> Verdict {
    for (at, step) in news.steps() {
        let told = step.before.person.opted_out == step.after.person.opted_out || step.is_of_customer();
        promise!(after_hand_back_the_bot_answers, told || is_held(step), "silenced by {:?}", step.event);
        if let Event::Agent { agent, action: AgentAction::HandBack } = &step.event {
            let had = matches!(step.before.owner(), Owner::Agent(owner) if owner.id == agent.id)
                || matches!(step.before.owner(), Owner::Queue(_));
            if had {
                news.saw(What::HandedBack);
                let back = step.after.phase == Phase::Bot;
                promise!(after_hand_back_the_bot_answers, back, "handed back, and {:?}", step.after.phase);
            }
        }
        let question = spoken(news.ledger, step).is_some_and(|meant| meant.is_question());
        let in_private = step.after.place.kind == PlaceKind::Direct;
        if !question || !in_private || step.before.person.opted_out || step.before.owner() != Owner::Bot {
            continue;
        }
        if was_handed_back(&news.ledger.steps[..at], step) {
            news.saw(What::QuestionAfterHandBack);
        }
        let answers = step.bot_sends().count() > 0 || step.after.held.is_some();
        promise!(after_hand_back_the_bot_answers, answers, "nothing to {:?}: {:?}", step.event, step.effects);
    }
    Ok(())
}

/// Whether it is what a customer said before that is dealt with now.
fn is_held(step: &Stepped) -> bool {
    step.event == Event::Timer(TimerKind::AnswerHeld)
}

/// Whether the last thing that happened to the owner was that a person gave it back.
fn was_handed_back(steps: &[Stepped], now: &Stepped) -> bool {
    let mut before = steps.iter().rev().filter(|step| step.after.id == now.after.id);
    let last = before.find(|step| step.before.owner() != step.after.owner());
    last.is_some_and(|step| step.changes().any(|change| matches!(change, CaseChange::HandedBack(_))))
}

/// Invariant 12: … no permanent silence: what was decided and never sent was overtaken, or comes too late in public.
pub fn nothing_is_held_back_for_ever(world: &World<'_>) -> Verdict {
    let ledger = world.ledger.lock().unwrap();
    for decided in &ledger.undelivered {
        let stands = &ledger.live[&decided.conversation];
        let later = ledger.steps[decided.step..].iter().filter(|step| step.after.id == decided.conversation);
        let overtaken = decided.is_automatic() && later.map(|step| step.after.epoch).any(|epoch| epoch > decided.epoch);
        let public = stands.place.kind.is_public() && decided.is_automatic();
        promise!(
            nothing_is_held_back_for_ever,
            overtaken || public,
            "invariant 12: decided and never sent: {decided:?}"
        );
    }
    Ok(())
}

/// Invariant 13: Safety text is never blocked by cooldowns, silence rules, mutes or rate budget (own lane in the queue).
///
/// In a place in which the voice never speaks, and to somebody who speaks to others, only the team is told; so it is while a
/// person has the case (3).
pub fn safety_words_are_never_held_back(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let Some(message) = news.ledger.message_of(step) else { continue };
        let rule = message.meant.urgent_rule(brand_of(step));
        let (Event::Message(_), Some(rule), false) = (&step.event, rule, step.early) else { continue };
        let shown = step.posts().any(|post| matches!(post, StaffPost::Packet(_) | StaffPost::CustomerWrote { .. }));
        promise!(safety_words_are_never_held_back, shown, "the team is not told: {:?}", step.effects);
        let told = step
            .bot_sends()
            .any(|out| out.lane == Lane::Safety && out.said.iter().any(|said| said.what == format!("rule:{rule}")));
        if step.before.person.opted_out {
            news.saw(What::SafetyAfterStop);
        }
        let case = step.before.case();
        match step.before.owner() {
            Owner::Bot => {
                news.saw(What::SafetyToBot);
                promise!(safety_words_are_never_held_back, told || !message.is_to_bot(), "untold: {:?}", step.effects);
            }
            Owner::Queue(_) => {
                news.saw(What::SafetyInQueue);
                let known = case.and_then(|case| case.told_rule.as_ref()).is_some_and(|told| told.as_str() == rule);
                let told = told || known || !message.is_to_bot();
                promise!(safety_words_are_never_held_back, told, "untold in the queue: {:?}", step.effects);
            }
            Owner::Agent(_) => {
                news.saw(What::SafetyToAgent);
                let urgent = step.after.case().is_some_and(|case| case.priority == Priority::Urgent);
                promise!(safety_words_are_never_held_back, urgent, "the case is no graver: {:?}", step.after.phase);
            }
        }
    }
    for (_, asked) in news.asked() {
        if is_safety(&asked.delivery.body) && asked.past_others {
            news.saw(What::SafetyPastOthers);
        }
    }
    Ok(())
}

/// Invariant 13: … own lane in the queue: when everything that can be sent now is sent, no safety words wait, but behind others that wait
/// for another try.
pub fn safety_has_left(ledger: &Ledger) -> Verdict {
    for decided in ledger.undelivered.iter().filter(|decided| is_safety(&decided.body)) {
        let tried = ledger
            .asked
            .iter()
            .rev()
            .find(|asked| asked.delivery.conversation == decided.conversation && is_safety(&asked.delivery.body));
        let behind = tried.is_some_and(|asked| matches!(asked.answer, Answer::Later | Answer::Unsure));
        promise!(safety_has_left, behind, "invariant 13: it waits behind other things: {decided:?}");
    }
    Ok(())
}

/// Invariant 13: … never blocked: what could not be sent at first arrives at last, whoever has the conversation by then.
/// (After a day of trying, a message is given up.)
pub fn safety_words_arrive(world: &World<'_>) -> Verdict {
    let ledger = world.ledger.lock().unwrap();
    let mut last: BTreeMap<OutboxId, &Asked> = BTreeMap::new();
    for asked in ledger.asked.iter().filter(|asked| is_safety(&asked.delivery.body)) {
        last.insert(asked.delivery.id, asked);
    }
    for asked in last.into_values().filter(|asked| ledger.live.contains_key(&asked.delivery.conversation)) {
        let waits = matches!(asked.answer, Answer::Later | Answer::Unsure);
        let given_up = asked.at.duration_since(asked.delivery.decided_at) >= SignedDuration::from_hours(24);
        promise!(safety_words_arrive, !waits || given_up, "invariant 13: never sent: {asked:?}");
    }
    Ok(())
}

fn is_safety(body: &Body) -> bool {
    matches!(body, Body::Send(out) if out.lane == Lane::Safety)
}

/// Invariant 15: A customer can always leave: "stop" ends bot messages to them, and cancels a queued case unless safety.
///
/// Afterwards the bot speaks only when they do what asks it to: ask for a person or for the bot, use a command, press a
/// button, call off a case, or write safety words. What it had decided to say there before, and could not send yet, is not
/// sent any more.
pub fn a_customer_can_always_leave(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let meant = spoken(news.ledger, step);
        if meant == Some(Meant::Stop) {
            stops(news, step)?;
        }
        if !step.before.person.opted_out {
            continue;
        }
        news.saw(What::AfterStop);
        let calls_off = step.changes().any(|change| *change == CaseChange::Cancelled);
        let written = news.ledger.message_of(step).map(|message| message.meant);
        let asks = match &step.event {
            // The words at hand may be those of an edit that came first.
            Event::Message(_) => {
                calls_off || step.early || written.is_some_and(|meant| meant.is_person() || meant == Meant::Start)
            }
            Event::Started { .. } | Event::Picked(_) | Event::Command(_) => true,
            Event::Edited(_)
            | Event::Deleted { .. }
            | Event::Agent { .. }
            | Event::Timer(_)
            | Event::DeliveryFailed { .. }
            | Event::CameTooLate { .. } => false,
        };
        let unasked = step.bot_sends().filter(|out| out.lane != Lane::Safety && !asks).count();
        promise!(a_customer_can_always_leave, unasked == 0, "after stop, to {:?}: {:?}", step.event, step.effects);
    }
    for (_, asked) in news.asked() {
        let Some(decided) = asked.decided.as_ref().filter(|decided| decided.is_automatic()) else { continue };
        let stop = news.ledger.steps[decided.step + 1..asked.after].iter().find(|step| {
            let theirs = step.after.id == decided.conversation && step.before.owner() == Owner::Bot;
            theirs && step.after.person.opted_out && !step.before.person.opted_out
        });
        promise!(a_customer_can_always_leave, stop.is_none(), "decided before stop: {:?}", asked.delivery.body);
    }
    Ok(())
}

fn stops(news: &News<'_>, step: &Stepped) -> Verdict {
    news.saw(What::Stopped);
    let out = step.after.person.opted_out;
    promise!(a_customer_can_always_leave, out, "stop is not heard: {:?} {:?}", step.before.phase, step.effects);
    let Phase::Queued { case, .. } = &step.before.phase else { return Ok(()) };
    if case.priority == Priority::Urgent {
        news.saw(What::StopInSafety);
        let stays = matches!(step.after.phase, Phase::Queued { .. });
        promise!(a_customer_can_always_leave, stays, "a matter of safety is called off: {:?}", step.after.phase);
    } else {
        news.saw(What::StopInQueue);
        let left = step.after.phase == Phase::Bot;
        promise!(a_customer_can_always_leave, left, "still in the queue: {:?}", step.after.phase);
    }
    Ok(())
}

/// What a message that speaks to the bot means, when it was not overtaken by an edit or its deletion.
fn spoken(ledger: &Ledger, step: &Stepped) -> Option<Meant> {
    let message = ledger.message_of(step)?;
    let spoken = matches!(step.event, Event::Message(_)) && !step.early && message.is_to_bot();
    spoken.then_some(message.meant)
}
