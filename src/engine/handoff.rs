//! Bringing a person: the state machine of cases. What the team does with them is in `agents`.

use super::draft::Draft;
use super::reply::Reply;
use super::{
    By, CameTooLate, Case, CaseChange, CaseId, Closed, Decision, EventFact, Lane, Message, Owner, Packet, Phase,
    Reason, Silence, StaffPost, Turn,
};
use jiff::Timestamp;

use crate::voice::{HandoffRule, Line, OpenOrClosed, Priority, TeamId, Value, Values};

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

    pub(super) fn show_case(&mut self, message: Option<&Message>) {
        if let Some(case) = self.c.case().cloned() {
            self.post_packet(case, message);
        }
    }

    pub(super) fn open_case(&mut self, reason: Reason, team: Option<TeamId>, priority: Priority) {
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
    pub(super) fn post_packet(&mut self, case: Case, message: Option<&Message>) {
        let attachments = message.map(|message| message.attachments.clone()).unwrap_or_default();
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

    /// The customer cannot be reached any more.
    pub(super) fn unreachable(&mut self, reason: String) {
        if let Some(case) = self.c.case().map(|case| case.id) {
            self.case_changed(case, CaseChange::Unreachable(reason));
            // Whether anything is said there is for a person to decide: others may read along, and nobody asked for it there.
            if !self.scene.elsewhere.is_empty() {
                self.staff(StaffPost::OtherWays { case, ways: self.scene.elsewhere.clone() });
            }
        }
        self.close(Closed::Unreachable);
    }

    /// An answer in public came too late to be posted: when nobody has the case, the team is shown once what was asked.
    pub(super) fn came_too_late(&mut self, decided_at: Timestamp) {
        self.decide(Decision::Moved("came too late".to_owned()));
        // What was decided before the team was shown it is part of the same outage.
        let shown = self.c.late_shown_at.is_some_and(|at| decided_at <= at);
        let asked = self.asked_since(decided_at);
        if shown || asked.is_empty() || self.c.owner() != Owner::Bot {
            return self.silent(Silence::NothingToSay);
        }
        self.c.late_shown_at = Some(self.now());
        self.staff(StaffPost::CameTooLate(Box::new(CameTooLate {
            customer: self.c.person.name.clone(),
            platform: self.c.platform.clone(),
            place: self.c.place.clone(),
            asked,
        })));
    }

    /// What the customer wrote, from what was answered at a moment on.
    fn asked_since(&self, moment: Timestamp) -> Vec<Turn> {
        let theirs: Vec<&Turn> = self.c.turns.iter().filter(|turn| turn.by == By::Customer).collect();
        let from = theirs.iter().rposition(|turn| turn.at <= moment).unwrap_or_default();
        theirs.into_iter().skip(from).filter(|turn| !turn.text.is_empty()).cloned().collect()
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

    /// The customer asked the bot to stop: one last word, then none until they ask again. What was to be said before and has
    /// not left is overtaken.
    pub(super) fn opt_out(&mut self, message: &Message) {
        self.c.epoch += 1;
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
