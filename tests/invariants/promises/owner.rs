//! Who has a conversation: the bot, a queue, a person.

use std::collections::BTreeMap;

use housevoice::engine::*;
use housevoice::voice::Line;

use super::super::ledger::Ledger;
use super::super::seen::What;
use super::super::world::{World, brand_id};
use super::{News, Verdict, promise};

/// Invariant 2: No automatic public message is sent with an epoch older than the case's current epoch (gate inside the send
/// transaction).
pub fn nothing_automatic_leaves_under_an_older_epoch(news: &News<'_>) -> Verdict {
    for (_, asked) in news.asked() {
        let (Some(decided), Some(stood)) = (&asked.decided, &asked.stood) else {
            return Err(format!("nothing_automatic_leaves_under_an_older_epoch: out of nowhere: {asked:?}"));
        };
        promise!(
            nothing_automatic_leaves_under_an_older_epoch,
            !decided.is_automatic() || decided.epoch == stood.epoch,
            "decided under {}, sent under {}: {:?}",
            decided.epoch,
            stood.epoch,
            asked.delivery.body
        );
    }
    Ok(())
}

/// Invariant 3: While owner = Agent, automatic public messages = 0, except: legally required text the agent triggers.
///
/// Triggered by an agent: what a step of theirs says (`joined`). Legally required: safety words, and what is kept when
/// somebody asks (`/privacy`). By the state machine (2.3, 17): one notice before a case is closed because the customer is quiet.
pub fn while_a_person_has_it_the_bot_is_silent(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let to_agent = matches!(step.before.owner(), Owner::Agent(_)) && step.is_of_customer();
        if to_agent {
            news.saw(What::SpokeToAgent);
        }
        let said = step.bot_sends().filter(|_| to_agent && step.event != Event::Command(Command::Privacy)).count();
        promise!(while_a_person_has_it_the_bot_is_silent, said == 0, "to {:?}: {:?}", step.event, step.effects);
    }
    for (_, asked) in news.asked() {
        let (Some(decided), Some(stood)) = (&asked.decided, &asked.stood) else { continue };
        if !decided.is_automatic() || !matches!(stood.owner(), Owner::Agent(_)) {
            continue;
        }
        let by = &news.ledger.steps[decided.step].event;
        let may = matches!(
            by,
            Event::Agent { .. } | Event::Command(Command::Privacy) | Event::Timer(TimerKind::CustomerQuiet)
        );
        promise!(
            while_a_person_has_it_the_bot_is_silent,
            may,
            "upon {by:?}, to the customer of {:?}: {:?}",
            stood.owner(),
            asked.delivery.body
        );
    }
    Ok(())
}

/// Invariant 4: At most one owner at a time; claims are compare-and-set.
pub fn there_is_one_owner_and_claims_compare(news: &News<'_>) -> Verdict {
    for (_, step) in news.steps() {
        let (before, after) = (step.before.owner(), step.after.owner());
        let rises = step.after.epoch > step.before.epoch || step.after.epoch == step.before.epoch && before == after;
        promise!(there_is_one_owner_and_claims_compare, rises, "{before:?} -> {after:?} under {}", step.after.epoch);
        let Event::Agent { agent, action } = &step.event else { continue };
        let taken = matches!(&before, Owner::Agent(owner) if owner.id != agent.id);
        let stale = matches!(action, AgentAction::Claim { epoch: Some(seen) } if *seen != step.before.epoch);
        if taken || stale {
            news.saw(What::ClaimLost);
            promise!(
                there_is_one_owner_and_claims_compare,
                before == after && step.before.epoch == step.after.epoch && step.sends().next().is_none(),
                "{agent:?} {action:?} under {} of {before:?} made {after:?}: {:?}",
                step.before.epoch,
                step.effects
            );
        }
        for out in step.sends() {
            let theirs = match &out.by {
                SaidBy::Agent(by) => after == Owner::Agent(by.clone()),
                SaidBy::Bot => true,
            };
            promise!(there_is_one_owner_and_claims_compare, theirs, "{:?} speaks, {after:?} has it", out.by);
        }
    }
    Ok(())
}

/// Invariant 4: At most one owner at a time: what the store tells the team is what the conversation says.
pub async fn the_store_names_the_same_owner(world: &World<'_>) -> Verdict {
    let live: BTreeMap<ConversationId, Conversation> = world.ledger.lock().unwrap().live.clone();
    for of in 0..2 {
        for case in world.store.open_cases(&brand_id(of)).await.unwrap() {
            let conversation = live.get(&case.case.conversation);
            let same = conversation.is_some_and(|c| {
                c.owner() == case.owner && c.epoch == case.epoch && c.case().map(|case| case.id) == Some(case.case)
            });
            promise!(
                the_store_names_the_same_owner,
                same,
                "invariant 4: {case:?} of {:?}",
                conversation.map(|c| &c.phase)
            );
        }
    }
    Ok(())
}

/// Invariant 8: `joined_text`, `closed_text`, breach text: at most once per stretch.
///
/// A stretch: from one change of owner (or a new wait: reopened, given back, passed on) to the next. Counted are messages
/// that the platform was asked for, each once however often it was tried.
pub fn once_a_stretch(news: &News<'_>) -> Verdict {
    for (at, asked) in news.asked() {
        let Some(decided) = &asked.decided else { continue };
        let Body::Send(out) = &asked.delivery.body else { continue };
        for (line, what) in
            [(Line::Joined, What::Joined), (Line::HandoffClosed, What::ClosedText), (Line::Delayed, What::Breach)]
        {
            if !says(out, line) || before(news.ledger, at).any(|other| other.delivery.id == asked.delivery.id) {
                continue;
            }
            news.saw(what);
            let again = before(news.ledger, at).find(|other| {
                let same = other.decided.as_ref().is_some_and(|other| {
                    (other.conversation, other.stretch) == (decided.conversation, decided.stretch)
                });
                same && matches!(&other.delivery.body, Body::Send(out) if says(out, line))
            });
            promise!(once_a_stretch, again.is_none(), "{} a second time: {again:?}", line.key());
        }
    }
    Ok(())
}

fn before(ledger: &Ledger, at: usize) -> impl Iterator<Item = &super::Asked> {
    ledger.asked[..at].iter()
}

/// Whether a message says a line.
pub fn says(out: &Outgoing, line: Line) -> bool {
    out.said.iter().any(|said| said.what == format!("line:{}", line.key()))
}
