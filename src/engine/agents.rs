//! What people of the team do with a case: claim, reply, note, hand back, release, transfer, end.

use super::draft::Draft;
use super::reply::Reply;
use super::{
    Agent, AgentAction, Attachment, By, Case, CaseChange, Decision, Effect, EventFact, Lane, Outgoing, Owner, Phase,
    Reason, Refusal, SaidBy, Silence, StaffPost,
};
use crate::voice::content::{Inline, Style};
use crate::voice::template::is_showable;
use crate::voice::{Content, Line, Priority, TeamId, Value, Values};

impl Draft<'_> {
    /// An agent acted.
    pub(super) fn agent_acts(&mut self, agent: Agent, action: AgentAction) {
        match action {
            AgentAction::Claim { epoch } => self.claim(agent, epoch),
            AgentAction::Reply { text, attachments } => self.agent_replies(agent, &text, &attachments),
            AgentAction::Spoke { text } => self.agent_spoke(agent, &text),
            AgentAction::Note(text) => match self.c.case().map(|case| case.id) {
                Some(case) => {
                    self.staff(StaffPost::Note { case, agent, text });
                    self.decide(Decision::Moved("note".to_owned()));
                }
                None => self.refuse(agent, Refusal::NoCase),
            },
            AgentAction::HandBack => self.hand_back(agent),
            AgentAction::Release => self.release(agent),
            AgentAction::Transfer { team } => self.transfer(agent, team),
            AgentAction::Close { outcome } => self.resolve(agent, outcome),
        }
    }

    fn refuse(&mut self, agent: Agent, why: Refusal) {
        self.staff(StaffPost::Refused { agent, why });
        self.decide(Decision::Moved("refused".to_owned()));
    }

    /// The case that an agent may act on; `None`, and the agent is told, when somebody else has it or there is none.
    fn case_of(&mut self, agent: &Agent) -> Option<Case> {
        match self.c.phase.clone() {
            Phase::Bot | Phase::Offered { .. } | Phase::Closed { .. } | Phase::Resolved { .. } => {
                self.refuse(agent.clone(), Refusal::NoCase);
                None
            }
            Phase::Queued { case, .. } => Some(case),
            Phase::Human { case, agent: owner, .. }
            | Phase::WaitingCustomer { case, agent: owner, .. }
            | Phase::Closing { case, agent: owner, .. } => {
                if owner.id == agent.id {
                    return Some(case);
                }
                self.refuse(agent.clone(), Refusal::Taken(owner));
                None
            }
        }
    }

    fn claim(&mut self, agent: Agent, epoch: Option<u64>) {
        if epoch.is_some_and(|epoch| epoch != self.c.epoch) {
            let why = match self.c.owner() {
                Owner::Agent(owner) if owner.id != agent.id => Refusal::Taken(owner),
                Owner::Agent(_) | Owner::Bot | Owner::Queue(_) => Refusal::Changed,
            };
            self.refuse(agent, why);
        } else {
            self.take(agent);
        }
    }

    /// Gives the case to an agent; `false`, and the agent is told, when somebody else has it. A person may also take a
    /// conversation that the bot still has.
    fn take(&mut self, agent: Agent) -> bool {
        let case = match self.c.phase.clone() {
            Phase::Queued { case, .. } | Phase::Resolved { case, .. } => case,
            Phase::Bot | Phase::Offered { .. } | Phase::Closed { .. } => {
                self.open_case(Reason::TakenOver, None, Priority::Normal);
                self.show_case(None);
                match self.c.case().cloned() {
                    Some(case) => case,
                    None => return false,
                }
            }
            Phase::Human { agent: owner, .. }
            | Phase::WaitingCustomer { agent: owner, .. }
            | Phase::Closing { agent: owner, .. } => {
                if owner.id == agent.id {
                    return true;
                }
                self.refuse(agent, Refusal::Taken(owner));
                return false;
            }
        };
        self.c.epoch += 1;
        self.c.asking = None;
        self.c.choices = None;
        self.c.held = None;
        let case = Case { last_agent: Some(agent.clone()), ..case };
        let reassign_at = self.later_in_open_time(self.voice().handoff.reassign_after);
        self.case_changed(case.id, CaseChange::Claimed(agent.clone()));
        self.c.phase = Phase::Human { case, agent: agent.clone(), reassign_at };
        self.decide(Decision::Moved("claimed".to_owned()));
        self.say_with_agent(Line::Joined, &agent);
        true
    }

    /// Says a line that names an agent, unless the customer does not know of the case.
    fn say_with_agent(&mut self, line: Line, agent: &Agent) {
        if self.quiet {
            return;
        }
        let mut values = Values::new();
        values.set("agent_name", Value::Told(agent.name.clone()));
        let mut reply = Reply::about_case();
        self.add_line_with(&mut reply, line, &values);
        self.decide(Decision::Say(line.key().to_owned()));
        self.send(reply);
    }

    /// One of the team wrote to the customer where everybody reads it: whoever waits for a person has one.
    fn agent_spoke(&mut self, agent: Agent, text: &str) {
        if !matches!(self.c.phase, Phase::Queued { .. } | Phase::Human { .. } | Phase::WaitingCustomer { .. }) {
            return self.silent(Silence::StaffSpokeHere);
        }
        // Who has spoken need not be announced.
        self.quiet = true;
        if self.take(agent.clone()) {
            self.agent_has_replied(agent, text);
        }
    }

    fn agent_replies(&mut self, agent: Agent, text: &str, attachments: &[Attachment]) {
        let mut content = Content::typed(text.trim());
        content.append(files(attachments));
        if !content.to_plain().chars().any(is_seen) {
            self.refuse(agent, Refusal::Empty);
            return;
        }
        if !self.take(agent.clone()) {
            return;
        }
        self.effects.push(Effect::Send(Outgoing::new(content, SaidBy::Agent(agent.clone()), Lane::Case)));
        self.agent_has_replied(agent, text);
    }

    fn agent_has_replied(&mut self, agent: Agent, text: &str) {
        let Some(mut case) = self.c.case().cloned() else { return };
        // Whoever is answered knows that somebody is there.
        case.quiet = false;
        self.remember_turn(By::Agent, text, None);
        self.log(EventFact::AgentReplied { case: case.id, opened_at: case.opened_at });
        let quiet_at = self.later(self.voice().handoff.customer_quiet);
        self.c.phase = Phase::WaitingCustomer { case, agent, quiet_at };
    }

    /// The bot has it again, and begins anew: what was said to the person is no context of the bot's.
    fn hand_back(&mut self, agent: Agent) {
        let Some(case) = self.case_of(&agent) else { return };
        self.c.epoch += 1;
        self.c.phase = Phase::Bot;
        self.clean_slate();
        self.case_changed(case.id, CaseChange::HandedBack(agent.clone()));
        self.decide(Decision::Moved("handed back".to_owned()));
        self.say_with_agent(Line::Returned, &agent);
    }

    fn release(&mut self, agent: Agent) {
        let Some(case) = self.case_of(&agent) else { return };
        if matches!(self.c.phase, Phase::Queued { .. }) {
            self.refuse(agent, Refusal::NoCase);
            return;
        }
        self.back_to_queue(case, CaseChange::Released, Line::Reassigned);
    }

    /// Puts a case back into the queue and says so.
    pub(super) fn back_to_queue(&mut self, case: Case, change: CaseChange, line: Line) {
        let case = Case { queued_at: self.now(), ..case };
        self.case_changed(case.id, change);
        self.decide(Decision::Moved("back to the queue".to_owned()));
        self.queue(case);
        self.say_queue_line(line);
    }

    fn transfer(&mut self, agent: Agent, team: TeamId) {
        let Some(case) = self.case_of(&agent) else { return };
        if !self.voice().teams().contains(&&team) {
            return self.refuse(agent, Refusal::NoSuchTeam);
        }
        let case = Case { team: team.clone(), queued_at: self.now(), ..case };
        self.case_changed(case.id, CaseChange::Transferred(team.clone()));
        self.queue(case);
        let mut values = Values::new();
        values.text("team", team.as_str());
        let mut reply = Reply::about_case();
        self.add_line_with(&mut reply, Line::Transferred, &values);
        self.decide(Decision::Moved("transferred".to_owned()));
        if !self.quiet {
            self.send(reply);
        }
    }

    fn resolve(&mut self, agent: Agent, outcome: String) {
        let Some(case) = self.case_of(&agent) else { return };
        self.c.epoch += 1;
        let close_at = self.later(self.voice().handoff.reopen_within);
        self.clean_slate();
        self.case_changed(case.id, CaseChange::Resolved(outcome.clone()));
        self.c.phase = Phase::Resolved { case, outcome, close_at };
        self.decide(Decision::Moved("resolved".to_owned()));
        self.say_with_agent(Line::Resolved, &agent);
    }
}

/// Whether a character can be seen: no blank, nothing that takes up no room.
fn is_seen(c: char) -> bool {
    let no_room = matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{3164}');
    !c.is_whitespace() && is_showable(c) && !no_room
}

/// What hangs on an agent's words, each by its name: a link where the platform gives an address that is safe to pass on.
fn files(attachments: &[Attachment]) -> Content {
    let file = |attachment: &Attachment| match &attachment.url {
        Some(url) => Inline::Link { label: attachment.label(), url: url.clone() },
        None => Inline::Told { text: format!("[{}]", attachment.label()), style: Style::Plain },
    };
    Content { paragraphs: attachments.iter().map(|attachment| vec![file(attachment)]).collect() }
}
