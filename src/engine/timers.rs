//! A due time was reached.

use super::draft::Draft;
use super::{CaseChange, Closed, Decision, Phase, TimerKind};
use crate::voice::{Line, Priority};

impl Draft<'_> {
    /// Does what is due. A timer that the state no longer has, or whose time has moved on, does nothing.
    pub(super) fn timer(&mut self, kind: TimerKind) {
        let due = self.c.deadlines().into_iter().any(|(k, at)| k == kind && at <= self.now());
        if !due {
            return self.moved("nothing is due");
        }
        match kind {
            TimerKind::AnswerHeld => self.answer_held(),
            TimerKind::OfferEnds => {
                // The choices stay for a while: a late yes is a yes.
                self.c.phase = Phase::Bot;
                self.moved("offer ended");
            }
            TimerKind::SessionEnds => self.close(Closed::Idle),
            TimerKind::QueueDelayed => self.queue_delayed(),
            TimerKind::QueueGivenUp => self.give_up(),
            TimerKind::AgentSilent => {
                if let Phase::Human { case, .. } = self.c.phase.clone() {
                    self.back_to_queue(case, CaseChange::Released, Line::Reassigned);
                }
            }
            TimerKind::CustomerQuiet => self.customer_quiet(),
            TimerKind::CaseCloses => {
                if let Some(case) = self.c.case().map(|case| case.id) {
                    self.case_changed(case, CaseChange::Closed);
                }
                self.say_queue_line(Line::ClosedQuiet);
                self.close(Closed::Quiet);
            }
            TimerKind::ReopenEnds => {
                if let Some(case) = self.c.case().map(|case| case.id) {
                    self.case_changed(case, CaseChange::Closed);
                }
                self.close(Closed::Resolved);
            }
        }
    }

    fn moved(&mut self, word: &str) {
        self.decide(Decision::Moved(word.to_owned()));
    }

    fn queue_delayed(&mut self) {
        let Phase::Queued { case, delayed_at, told_at, .. } = &mut self.c.phase else { return };
        *delayed_at = None;
        case.priority = case.priority.max(Priority::High);
        *told_at = Some(self.scene.now);
        let case = case.id;
        self.case_changed(case, CaseChange::Delayed);
        self.moved("delayed");
        self.say_queue_line(Line::Delayed);
    }

    fn give_up(&mut self) {
        if let Some(case) = self.c.case().map(|case| case.id) {
            self.case_changed(case, CaseChange::Unanswered);
        }
        self.say_queue_line(Line::Unanswered);
        self.close(Closed::Unanswered);
    }

    fn customer_quiet(&mut self) {
        let Phase::WaitingCustomer { case, agent, .. } = self.c.phase.clone() else { return };
        let close_at = self.later(self.voice().handoff.customer_quiet);
        self.case_changed(case.id, CaseChange::Closing);
        self.c.phase = Phase::Closing { case, agent, close_at };
        self.moved("closing");
        self.say_queue_line(Line::Closing);
    }
}
