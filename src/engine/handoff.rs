//! Bringing a person, and giving the conversation back: the state machine of cases.

use super::draft::Draft;
use super::reply::Reply;
use super::{
    Agent, AgentAction, Attachment, By, Case, CaseChange, CaseId, Closed, Decision, Effect, EventFact, Lane, Message,
    Outgoing, Owner, Packet, Phase, Reason, Refusal, SaidBy, Silence, StaffPost,
};
use crate::voice::content::{Inline, Style};
use crate::voice::template::is_showable;
use crate::voice::{Content, HandoffRule, Line, OpenOrClosed, Priority, TeamId, Value, Values};

impl Draft<'_> {
    /// Asks whether a person should come, under what was said so far.
    pub(super) fn offer(&mut self, reply: &mut Reply, reason: Reason) {
        let choice = |pick, label| super::Choice { label, pick };
        let yes = choice(super::Pick::OfferYes, self.label(Line::OfferYes));
        let no = choice(super::Pick::OfferNo, self.label(Line::OfferNo));
        reply.ask(vec![yes, no]);
        self.c.asking = None;
        self.c.phase = Phase::Offered { reason: reason.clone(), until: self.later(self.voice().handoff.offer_stands) };
        self.decide(Decision::Offer(reason.clone()));
        self.log(EventFact::Offered { reason });
    }

    /// Brings a person, and says so in the same turn.
    pub(super) fn hand_off(&mut self, reason: Reason, team: Option<TeamId>, message: Option<&Message>) {
        let mut reply = Reply::to(message);
        self.hand_off_with(&mut reply, reason, team, Priority::Normal);
        self.finish_hand_off(reply, message);
    }

    /// Brings a person by a rule of the voice, in the rule's own words; `quietly`: only the team is told.
    pub(super) fn hand_off_by_rule(&mut self, rule: &HandoffRule, message: &Message, quietly: bool) {
        self.open_case(Reason::Rule(rule.id.clone()), rule.team.clone(), rule.priority);
        let now = self.now();
        if let Phase::Queued { case, told_at, .. } = &mut self.c.phase {
            case.quiet = quietly;
            case.told_rule = (!quietly).then(|| rule.id.clone());
            *told_at = (!quietly).then_some(now);
        }
        if quietly {
            self.silent(Silence::NotAddressed);
            return self.show_case(Some(message));
        }
        let mut reply = self.rule_words(rule, message);
        if reply.is_empty() || !rule.mute_brand_tone {
            self.add_handoff_line(&mut reply);
        }
        self.finish_hand_off(reply, Some(message));
    }

    /// The words of a rule, without tone where it says so.
    pub(super) fn rule_words(&mut self, rule: &HandoffRule, message: &Message) -> Reply {
        let mut reply = Reply::to(Some(message));
        let urgent = rule.mute_brand_tone || rule.priority == Priority::Urgent;
        reply.lane(if urgent { Lane::Safety } else { Lane::Case });
        if rule.mute_brand_tone {
            // No tone, no prefix: these words stand for themselves.
            self.why.mood = None;
        }
        self.add_wording(&mut reply, &format!("rule:{}", rule.id), &rule.say);
        reply
    }

    /// Opens a case and adds to the reply what the customer is told about it.
    pub(super) fn hand_off_with(
        &mut self,
        reply: &mut Reply,
        reason: Reason,
        team: Option<TeamId>,
        priority: Priority,
    ) {
        self.open_case(reason, team, priority);
        self.add_handoff_line(reply);
        reply.lane(Lane::Case);
    }

    fn add_handoff_line(&mut self, reply: &mut Reply) {
        let line = match self.hours() {
            OpenOrClosed::Open => Line::HandoffOpen,
            OpenOrClosed::Closed => Line::HandoffClosed,
        };
        let mut values = Values::new();
        let locale = self.locale();
        self.add_queue_values(&mut values, &locale);
        self.add_line_with(reply, line, &values);
    }

    /// Sends the words of a handoff and shows the team the case.
    pub(super) fn finish_hand_off(&mut self, mut reply: Reply, message: Option<&Message>) {
        reply.without_disclosure();
        self.send(reply);
        self.show_case(message);
    }

    fn show_case(&mut self, message: Option<&Message>) {
        if let Some(case) = self.c.case().cloned() {
            match message {
                Some(message) => self.post_packet(case, message),
                None => self.packet(case, Vec::new()),
            }
        }
    }

    fn open_case(&mut self, reason: Reason, team: Option<TeamId>, priority: Priority) {
        self.c.cases = self.c.cases.saturating_add(1);
        let case = Case {
            id: CaseId { conversation: self.c.id, number: self.c.cases },
            reason: reason.clone(),
            team: team.unwrap_or_else(|| self.voice().handoff.team.clone()),
            priority,
            opened_at: self.now(),
            queued_at: self.now(),
            last_agent: None,
            reopened: 0,
            quiet: false,
            told_rule: None,
        };
        self.log(EventFact::CaseOpened { case: case.id, reason: reason.clone(), priority });
        self.decide(Decision::HandOff(reason));
        self.queue(case);
    }

    /// Puts a case into the queue; nothing that the bot was doing goes on.
    pub(super) fn queue(&mut self, case: Case) {
        self.c.asking = None;
        self.c.choices = None;
        self.c.held = None;
        self.c.misses = 0;
        self.c.epoch += 1;
        self.c.phase = Phase::Queued {
            case,
            delayed_at: Some(self.later_in_open_time(self.voice().handoff.first_reply_within)),
            give_up_at: self.later(self.voice().handoff.give_up_after),
            told_at: Some(self.now()),
        };
    }

    /// Shows the team all there is to know, with the names of what hangs on the message at hand.
    pub(super) fn post_packet(&mut self, case: Case, message: &Message) {
        self.packet(case, message.attachments.clone());
    }

    fn packet(&mut self, case: Case, attachments: Vec<Attachment>) {
        let locale = self.voice().brand.default_locale.clone();
        let mut slots: Vec<(String, String)> = Vec::new();
        for (id, slot) in &self.voice().slots {
            let Some(value) = self.known(id) else { continue };
            let words = match self.slot_value(id, value, &locale) {
                Value::Text(text) | Value::Told(text) => text,
                Value::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
                Value::Link { label, .. } => label,
            };
            slots.push((slot.title.clone(), words));
        }
        let reading = self.why.reading.as_ref();
        let near = reading.iter().flat_map(|r| &r.questions).flat_map(|q| &q.candidates).map(|c| c.answer.clone());
        let near: Vec<_> = near.take(3).collect();
        let cues = reading.map(|r| r.irritation.cues.clone()).unwrap_or_default();
        self.staff(StaffPost::Packet(Box::new(Packet {
            case,
            customer: self.c.person.name.clone(),
            platform: self.c.platform.clone(),
            place: self.c.place.clone(),
            locale: self.locale(),
            turns: self.c.turns.clone(),
            slots,
            attachments,
            irritation: self.c.irritation,
            cues,
            near,
        })));
    }

    /// Tells the team and the fact log that a case changed.
    pub(super) fn case_changed(&mut self, case: CaseId, change: CaseChange) {
        self.staff(StaffPost::Changed { case, what: change.clone() });
        self.log(EventFact::Case { case, change });
    }

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
        self.effects.push(Effect::Send(Outgoing {
            content,
            choices: Vec::new(),
            links: Vec::new(),
            replies_to: None,
            in_thread: false,
            private_way: None,
            by: SaidBy::Agent(agent.clone()),
            lane: Lane::Case,
            said: Vec::new(),
        }));
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

    /// The customer cannot be reached any more.
    pub(super) fn unreachable(&mut self, reason: String) {
        if let Some(case) = self.c.case().map(|case| case.id) {
            self.case_changed(case, CaseChange::Unreachable(reason));
        }
        self.close(Closed::Unreachable);
    }

    /// The platform did not take a message; whoever wrote it must know.
    pub(super) fn not_delivered(&mut self, reason: String) {
        match self.c.case().map(|case| case.id) {
            Some(case) => self.case_changed(case, CaseChange::NotDelivered(reason)),
            None => self.silent(Silence::NothingToSay),
        }
        self.decide(Decision::Moved("not delivered".to_owned()));
    }

    /// Ends what was open.
    pub(super) fn close(&mut self, how: Closed) {
        self.c.epoch += 1;
        self.clean_slate();
        self.c.phase = Phase::Closed { how };
        self.decide(Decision::Moved("closed".to_owned()));
    }

    /// The customer asked the bot to stop: one last word, then none until they ask again.
    pub(super) fn opt_out(&mut self, message: &Message) {
        self.clean_slate();
        self.c.phase = Phase::Bot;
        self.say_line(Line::OptedOut, Some(message));
        self.c.person.opted_out = true;
        self.log(EventFact::OptedOut { out: true });
    }

    pub(super) fn opt_in(&mut self, message: &Message) {
        self.c.person.opted_out = false;
        self.say_line(Line::OptedIn, Some(message));
        self.log(EventFact::OptedOut { out: false });
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
