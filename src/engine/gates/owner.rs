//! Gate 1: who owns this conversation?

use jiff::SignedDuration;

use crate::engine::draft::Draft;
use crate::engine::reply::Reply;
use crate::engine::{Case, CaseChange, Decision, EventFact, Message, Phase, Silence, StaffPost};
use crate::understanding::Reading;
use crate::voice::{HandoffRule, Line, Priority, Values};

/// How long after the last word about the queue the customer is told again that they are still in it.
const TELL_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(30);
/// "ok", "great", "yes perfect": as many words as that are no new matter after a case was ended.
const CONTENT_WORDS: u16 = 3;

impl Draft<'_> {
    /// Deals with a message that the bot does not own; `false` when the bot does.
    pub(in crate::engine) fn someone_else_owns(&mut self, message: &Message, reading: &Reading) -> bool {
        match self.c.phase.clone() {
            Phase::Bot | Phase::Offered { .. } => false,
            Phase::Closed { .. } => {
                self.c.phase = Phase::Bot;
                self.begin_anew(reading);
                self.decide(Decision::Moved("new session".to_owned()));
                false
            }
            Phase::Queued { case, told_at, .. } => {
                self.while_queued(message, reading, case, told_at);
                true
            }
            Phase::Human { case, agent, reassign_at } => {
                self.pass_on(&case, message);
                self.note_opt_out(reading);
                let case = self.alarm(case, reading, message);
                self.c.phase = Phase::Human { case, agent, reassign_at };
                self.silent(Silence::PersonOwnsCase);
                true
            }
            Phase::WaitingCustomer { case, agent, .. } | Phase::Closing { case, agent, .. } => {
                self.pass_on(&case, message);
                self.note_opt_out(reading);
                let reassign_at = self.later_in_open_time(self.voice().handoff.reassign_after);
                let case = self.alarm(case, reading, message);
                self.c.phase = Phase::Human { case, agent, reassign_at };
                self.silent(Silence::PersonOwnsCase);
                true
            }
            Phase::Resolved { case, .. } => self.after_resolved(message, reading, case),
        }
    }

    /// Shows the team what the customer wrote.
    fn pass_on(&mut self, case: &Case, message: &Message) {
        let (text, attachments) = (message.text.clone(), message.attachments.clone());
        self.staff(StaffPost::CustomerWrote { case: case.id, text, attachments });
    }

    fn while_queued(&mut self, message: &Message, reading: &Reading, case: Case, told_at: Option<jiff::Timestamp>) {
        self.pass_on(&case, message);
        if let Some(rule) = self.first_rule(reading).filter(|rule| self.is_news(&case, rule, message)) {
            self.raise(case, rule, message);
            return;
        }
        if self.speaks_to_others(message) {
            return self.silent(Silence::WaitingForAgent);
        }
        self.note_opt_in(reading);
        let is_safety = case.priority == Priority::Urgent;
        let wants_a_person = reading.signals.asks_for_person.is_some();
        let calls_off = (reading.signals.never_mind || reading.signals.opt_out) && !wants_a_person;
        if calls_off && !is_safety {
            self.cancel_case(&case, reading.signals.opt_out, message);
        } else if reading.signals.opt_out {
            self.note_opt_out(reading);
            self.silent(Silence::OptedOut);
        } else if told_at.is_some_and(|at| self.now().duration_since(at) < TELL_AGAIN_AFTER) {
            self.silent(Silence::WaitingForAgent);
        } else {
            self.tell_of_the_queue(Line::StillQueued);
        }
    }

    /// Whether a rule makes a waiting case graver, or has words that the customer has not been told.
    fn is_news(&self, case: &Case, rule: &HandoffRule, message: &Message) -> bool {
        let untold = case.told_rule.as_ref() != Some(&rule.id) && !self.speaks_to_others(message);
        rule.priority > case.priority || rule.priority == Priority::Urgent && untold
    }

    /// A graver matter came up while the case waits: it moves up, and what must be said at once is said; only to the
    /// team, when the customer spoke to others.
    fn raise(&mut self, case: Case, rule: &HandoffRule, message: &Message) {
        let left_alone = self.is_left_alone() && rule.priority != Priority::Urgent;
        let quietly = self.speaks_to_others(message) || left_alone;
        let raised = Case {
            reason: crate::engine::Reason::Rule(rule.id.clone()),
            priority: rule.priority.max(case.priority),
            team: rule.team.clone().unwrap_or(case.team),
            quiet: case.quiet && quietly,
            told_rule: if quietly { case.told_rule } else { Some(rule.id.clone()) },
            ..case
        };
        // Another team may own it now.
        self.c.epoch += 1;
        self.decide(Decision::HandOff(raised.reason.clone()));
        if let Phase::Queued { case, .. } = &mut self.c.phase {
            *case = raised.clone();
        } else {
            self.queue(raised.clone());
        }
        if quietly {
            self.silent(if left_alone { Silence::OptedOut } else { Silence::NotAddressed });
        } else {
            let mut reply = self.rule_words(rule, message);
            reply.without_disclosure();
            if reply.is_empty() {
                self.silent(Silence::WaitingForAgent);
            }
            self.send(reply);
        }
        self.post_packet(raised, Some(message));
    }

    /// A graver matter came up while a person has the case: the bot keeps silent, and the team is shown the case anew.
    fn alarm(&mut self, case: Case, reading: &Reading, message: &Message) -> Case {
        let Some(rule) = self.first_rule(reading).filter(|rule| rule.priority > case.priority) else { return case };
        let reason = crate::engine::Reason::Rule(rule.id.clone());
        let graver = Case { reason, priority: rule.priority, ..case };
        self.post_packet(graver.clone(), Some(message));
        graver
    }

    /// The customer asked the bot to stop while the case is not the bot's: it will be silent afterwards.
    fn note_opt_out(&mut self, reading: &Reading) {
        if reading.signals.opt_out && !self.c.person.opted_out {
            self.c.person.opted_out = true;
            self.log(EventFact::OptedOut { out: true });
        }
        self.note_opt_in(reading);
    }

    /// Or to start again: it will answer afterwards.
    fn note_opt_in(&mut self, reading: &Reading) {
        if reading.signals.opt_in && self.c.person.opted_out {
            self.c.person.opted_out = false;
            self.log(EventFact::OptedOut { out: false });
        }
    }

    /// Whether they asked the bot to stop, and do not ask for a person with what is at hand. (A command is read by nobody:
    /// it asks.)
    fn is_left_alone(&self) -> bool {
        let asks = |reading: &Reading| reading.signals.asks_for_person.is_some();
        self.c.person.opted_out && !self.why.reading.as_ref().is_none_or(asks)
    }

    /// Forgets the session before, but not how this very message sounds.
    fn begin_anew(&mut self, reading: &Reading) {
        self.clean_slate();
        self.feel(reading);
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
    fn after_resolved(&mut self, message: &Message, reading: &Reading, case: Case) -> bool {
        if let Some(rule) = self.first_rule(reading) {
            self.pass_on(&case, message);
            self.case_changed(case.id, CaseChange::Reopened);
            let reopened = Case { reopened: case.reopened.saturating_add(1), queued_at: self.now(), ..case };
            self.raise(reopened, rule, message);
            return true;
        }
        let quiet = self.is_public().then(|| self.must_keep_silent(message, reading)).flatten();
        if let Some(reason) = quiet {
            self.silent(reason);
            return true;
        }
        let signals = &reading.signals;
        let content = signals.yes_no == Some(true) && signals.words <= CONTENT_WORDS;
        if signals.only_thanks || content || signals.only == Some(crate::understanding::Only::Emoji) {
            if !self.react_to_thanks(message, reading) {
                self.silent(Silence::OnlyThanks);
            }
            return true;
        }
        let wants_a_person = signals.asks_for_person.is_some();
        let calm = reading.irritation.level < 2;
        let for_the_bot =
            signals.small_talk.is_some() || signals.asks_if_bot || signals.opt_out || self.can_answer_alone(reading);
        if !wants_a_person && calm && for_the_bot {
            self.c.phase = Phase::Bot;
            self.c.epoch += 1;
            self.begin_anew(reading);
            self.case_changed(case.id, CaseChange::Closed);
            return false;
        }
        self.pass_on(&case, message);
        self.reopen(case);
        true
    }

    /// Puts an ended case back into the queue, and says so.
    pub(in crate::engine) fn reopen(&mut self, case: Case) {
        let reopened = Case { reopened: case.reopened.saturating_add(1), queued_at: self.now(), ..case };
        self.case_changed(reopened.id, CaseChange::Reopened);
        self.decide(Decision::Moved("reopened".to_owned()));
        self.queue(reopened);
        self.tell_of_the_queue(Line::Reopened);
    }

    /// Says a line about the queue because the customer spoke to the bot: from now on they know of the case.
    fn tell_of_the_queue(&mut self, line: Line) {
        if self.is_left_alone() {
            return self.silent(Silence::OptedOut);
        }
        let now = self.now();
        self.quiet = false;
        if let Phase::Queued { case, told_at, .. } = &mut self.c.phase {
            case.quiet = false;
            *told_at = Some(now);
        }
        self.say_queue_line(line);
    }

    /// Says a line about the queue, unless the customer does not know of it.
    pub(in crate::engine) fn say_queue_line(&mut self, line: Line) {
        if self.quiet {
            return;
        }
        let mut values = Values::new();
        let locale = self.locale();
        self.add_queue_values(&mut values, &locale);
        let mut reply = Reply::about_case();
        self.add_line_with(&mut reply, line, &values);
        self.decide(Decision::Say(line.key().to_owned()));
        self.send(reply);
    }
}
