//! Gate 1: who owns this conversation?

use jiff::SignedDuration;

use crate::engine::draft::Draft;
use crate::engine::reply::Reply;
use crate::engine::{Case, CaseChange, Decision, Message, Phase, Silence, StaffPost};
use crate::understanding::Reading;
use crate::voice::{HandoffRule, Line, Priority, Values};

/// How long after the last word about the queue the customer is told again that they are still in it.
const TELL_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(30);

impl Draft<'_> {
    /// Deals with a message that the bot does not own; `false` when the bot does.
    pub(in crate::engine) fn someone_else_owns(&mut self, message: &Message, reading: &Reading, shown: &str) -> bool {
        match self.c.phase.clone() {
            Phase::Bot | Phase::Offered { .. } => false,
            Phase::Closed { .. } => {
                self.c.phase = Phase::Bot;
                self.clean_slate();
                self.decide(Decision::Moved("new session".to_owned()));
                false
            }
            Phase::Queued { case, told_at, .. } => {
                self.while_queued(message, reading, shown, case, told_at);
                true
            }
            Phase::Human { case, .. } => {
                self.pass_on(&case, shown);
                self.silent(Silence::PersonOwnsCase);
                true
            }
            Phase::WaitingCustomer { case, agent, .. } | Phase::Closing { case, agent, .. } => {
                self.pass_on(&case, shown);
                let reassign_at = self.later_in_open_time(self.voice().handoff.reassign_after);
                self.c.phase = Phase::Human { case, agent, reassign_at };
                self.silent(Silence::PersonOwnsCase);
                true
            }
            Phase::Resolved { case, .. } => self.after_resolved(message, reading, shown, case),
        }
    }

    /// Shows the team what the customer wrote.
    fn pass_on(&mut self, case: &Case, shown: &str) {
        self.staff(StaffPost::CustomerWrote { case: case.id, text: shown.to_owned() });
    }

    fn while_queued(
        &mut self,
        message: &Message,
        reading: &Reading,
        shown: &str,
        case: Case,
        told_at: Option<jiff::Timestamp>,
    ) {
        self.pass_on(&case, shown);
        if let Some(rule) = self.first_rule(reading).filter(|rule| rule.priority > case.priority) {
            self.raise(case, rule, message);
            return;
        }
        if self.is_public() && !self.is_addressed(message) {
            return self.silent(Silence::WaitingForAgent);
        }
        let is_safety = case.priority == Priority::Urgent;
        let calls_off = reading.signals.never_mind || reading.signals.opt_out;
        if calls_off && !is_safety {
            self.cancel_case(&case, reading.signals.opt_out, message);
        } else if told_at.is_some_and(|at| self.now().duration_since(at) < TELL_AGAIN_AFTER) {
            self.silent(Silence::WaitingForAgent);
        } else {
            let now = self.now();
            if let Phase::Queued { told_at, .. } = &mut self.c.phase {
                *told_at = Some(now);
            }
            self.say_queue_line(Line::StillQueued);
        }
    }

    /// A graver matter came up while the case waits: it moves up, and what must be said at once is said.
    fn raise(&mut self, case: Case, rule: &HandoffRule, message: &Message) {
        let raised = Case {
            reason: crate::engine::Reason::Rule(rule.id.clone()),
            priority: rule.priority,
            team: rule.team.clone().unwrap_or(case.team),
            ..case
        };
        // Another team may own it now.
        self.c.epoch += 1;
        if let Phase::Queued { case, .. } = &mut self.c.phase {
            *case = raised.clone();
        }
        let mut reply = Reply::about_case();
        self.add_wording(&mut reply, &format!("rule:{}", rule.id), &rule.say);
        if rule.mute_brand_tone {
            reply.lane(crate::engine::Lane::Safety);
        }
        self.decide(Decision::HandOff(raised.reason.clone()));
        if reply.is_empty() {
            self.silent(Silence::WaitingForAgent);
        }
        self.send(reply);
        self.post_packet(raised, message);
    }

    fn cancel_case(&mut self, case: &Case, opt_out: bool, message: &Message) {
        self.c.phase = Phase::Bot;
        self.c.epoch += 1;
        self.clean_slate();
        self.case_changed(case.id, CaseChange::Cancelled);
        if opt_out {
            self.opt_out(message);
        } else {
            self.say_line(Line::HandoffCancelled, Some(message));
        }
    }

    /// A case was ended and the customer writes again: thanks are taken, a question that the bot can answer without a
    /// person is answered, anything else reopens the case with the person who knows it.
    fn after_resolved(&mut self, message: &Message, reading: &Reading, shown: &str, case: Case) -> bool {
        let quiet = self.is_public().then(|| self.must_keep_silent(message, reading)).flatten();
        if let Some(reason) = quiet.filter(|_| !self.is_safety(reading)) {
            self.silent(reason);
            return true;
        }
        let signals = &reading.signals;
        if signals.only_thanks || signals.only == Some(crate::understanding::Only::Emoji) {
            if !self.react_to_thanks(message, reading) {
                self.silent(Silence::OnlyThanks);
            }
            return true;
        }
        let hard = signals.asks_for_person.is_some() || !signals.rules.is_empty();
        let calm = reading.irritation.level < 2;
        let for_the_bot = signals.small_talk.is_some() || signals.asks_if_bot || self.can_answer_alone(reading);
        if !hard && calm && for_the_bot {
            self.c.phase = Phase::Bot;
            self.c.epoch += 1;
            self.clean_slate();
            self.case_changed(case.id, CaseChange::Closed);
            return false;
        }
        let reopened = Case { reopened: case.reopened.saturating_add(1), queued_at: self.now(), ..case };
        self.pass_on(&reopened, shown);
        self.case_changed(reopened.id, CaseChange::Reopened);
        self.decide(Decision::Moved("reopened".to_owned()));
        self.queue(reopened);
        self.say_queue_line(Line::Reopened);
        true
    }

    /// Says a line about the queue.
    pub(in crate::engine) fn say_queue_line(&mut self, line: Line) {
        let mut values = Values::new();
        let locale = self.locale();
        self.add_queue_values(&mut values, &locale);
        let mut reply = Reply::about_case();
        self.add_line_with(&mut reply, line, &values);
        self.decide(Decision::Say(line.key().to_owned()));
        self.send(reply);
    }
}
