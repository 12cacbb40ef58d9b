//! The answer: which one, whether it is sure enough, and what goes with it.

use jiff::SignedDuration;

use super::draft::Draft;
use super::reply::Reply;
use super::{
    Choice, Decision, EventFact, HeldWhy, LastAnswer, LinkButton, MAX_GIVEN, Message, Phase, Pick, Reason, Silence,
};
use crate::understanding::{Candidate, Question, Reading};
use crate::voice::{Answer, AnswerId, Droppable, Elsewhere, FallbackThen, Line, Priority, SlotId, TeamId, localized};

/// Below this no answer counts as near: a choice that has nothing to do with the question is worse than none.
const NEAR: f32 = 0.42;
/// Beside one that is near, and for "no, I meant the other one", others count from here.
const BESIDE: f32 = 0.30;
/// From here on an answer is certain, and another that is probable as well does not make it a close call.
const CERTAIN: f32 = 0.97;
/// Choices under a question of the bot, at most.
const MAX_CHOICES: usize = 4;
/// Answers that one message can get, at most.
const MAX_ANSWERS: usize = 3;
/// How long a value told later ("and to Germany?") is taken to be about the last answer.
const FOLLOW_UP_WITHIN: SignedDuration = SignedDuration::from_mins(10);
/// A message this short that holds such a value is about the last answer, unless it is certainly about another.
const FOLLOW_UP_WORDS: u16 = 4;
/// Suggestions of what to ask next, at most.
const MAX_FOLLOW_UPS: usize = 3;

/// What one question comes to.
enum Verdict {
    Sure(AnswerId, f32),
    Close(Vec<AnswerId>),
    Near(Vec<AnswerId>),
    Nothing,
}

/// What comes after the answers of a reply.
#[derive(Default)]
struct After {
    answered: Vec<AnswerId>,
    again: bool,
    waiting: Vec<AnswerId>,
    slot: Option<SlotId>,
    handoff: Option<(Reason, Option<TeamId>)>,
}

impl Draft<'_> {
    /// Answers a message, asks back, or says that it does not know.
    pub(super) fn answer(
        &mut self,
        message: &Message,
        reading: &Reading,
        pieces: &[Message],
        released: Option<HeldWhy>,
    ) {
        let addressed = self.is_addressed(message);
        let (mut sure, mut close, mut near) = (Vec::new(), Vec::new(), Vec::new());
        for question in &reading.questions {
            match self.verdict_of_part(question, reading.questions.len(), addressed) {
                Verdict::Sure(id, confidence) if !sure.iter().any(|(known, _)| *known == id) => {
                    sure.push((id, confidence))
                }
                Verdict::Sure(..) | Verdict::Nothing => {}
                Verdict::Close(ids) if close.is_empty() => close = ids,
                // One question of the bot at a time.
                Verdict::Close(_) => {}
                Verdict::Near(ids) => near.extend(ids.into_iter().filter(|id| !near.contains(id)).collect::<Vec<_>>()),
            }
        }
        sure.truncate(MAX_ANSWERS);
        let ids: Vec<AnswerId> = sure.iter().map(|(id, _)| id.clone()).collect();
        let quiet = if addressed { None } else { self.not_in_public(&sure) };
        if let Some(reason) = quiet.or_else(|| self.may_give(&ids, addressed)) {
            return self.silent(reason);
        }
        let certain = sure.iter().any(|(_, confidence)| *confidence >= CERTAIN);
        if reading.signals.words <= FOLLOW_UP_WORDS
            && !certain
            && let Some(ids) = self.about_the_last(reading)
        {
            return self.give(&ids, Vec::new(), Some(message));
        }
        if !addressed && released.is_none() && self.voice().silence.wait_before_public_answer.is_positive() {
            return self.hold(pieces, HeldWhy::PeopleFirst);
        }
        if !sure.is_empty() {
            let others = second_best(reading, &ids);
            close.retain(|id| !ids.contains(id));
            return self.give_and_clarify(&sure, others, &close, Some(message));
        }
        if let Some(id) = self.meant_choice(reading) {
            return self.picked(Pick::Answer(id), Some(message));
        }
        if let Some(ids) = self.about_the_last(reading) {
            return self.give(&ids, Vec::new(), Some(message));
        }
        if !close.is_empty() {
            let mut reply = Reply::to(Some(message));
            self.clarify(&mut reply, &close, Line::Clarify);
            return self.send(reply);
        }
        self.miss(&near, Some(message));
    }

    /// Whether some question of a text has a sure answer.
    pub(super) fn sure_of_something(&self, reading: &Reading) -> bool {
        reading.questions.iter().any(|question| matches!(self.verdict(question, true), Verdict::Sure(..)))
    }

    /// Whether the bot has a sure answer to all that is asked, and none of it ends with a person anyway.
    pub(super) fn can_answer_alone(&self, reading: &Reading) -> bool {
        let alone = |question: &Question| match self.verdict(question, true) {
            Verdict::Sure(id, _) => self.voice().answer(&id).is_some_and(|answer| answer.then_handoff.is_none()),
            Verdict::Close(_) | Verdict::Near(_) | Verdict::Nothing => false,
        };
        !reading.questions.is_empty() && reading.questions.iter().all(alone)
    }

    /// Without being spoken to, the bot speaks only when it is sure.
    fn not_in_public(&self, sure: &[(AnswerId, f32)]) -> Option<Silence> {
        let sensitive = |id: &AnswerId| self.voice().answer(id).is_some_and(|answer| answer.sensitive);
        (sure.is_empty() || sure.iter().any(|(id, _)| sensitive(id))).then_some(Silence::NotSureEnough)
    }

    fn verdict(&self, question: &Question, addressed: bool) -> Verdict {
        let silence = &self.voice().silence;
        let bar = if addressed { silence.min_confidence_private } else { silence.min_confidence_public };
        let Some(best) = question.candidates.first() else { return Verdict::Nothing };
        // Close: within the margin, or each probable enough to be given alone.
        let rival = |c: &&Candidate| {
            best.confidence - c.confidence < silence.clarify_margin || c.confidence >= bar && best.confidence < CERTAIN
        };
        let beside = question.candidates.iter().take(MAX_CHOICES).filter(|c| c.confidence >= BESIDE);
        let rivals: Vec<AnswerId> = beside.clone().filter(rival).map(|c| c.answer.clone()).collect();
        match rivals.len() {
            0 | 1 if best.confidence >= bar => Verdict::Sure(best.answer.clone(), best.confidence),
            _ if best.confidence < NEAR => Verdict::Nothing,
            0 | 1 => Verdict::Near(beside.map(|c| c.answer.clone()).collect()),
            _ => Verdict::Close(rivals),
        }
    }

    /// As [`Draft::verdict`], for one part of several: a part that asks nothing ("I love this game!") must be beyond
    /// doubt, or it is only what stands around the question.
    fn verdict_of_part(&self, question: &Question, parts: usize, addressed: bool) -> Verdict {
        let verdict = self.verdict(question, addressed);
        let doubtful = matches!(verdict, Verdict::Sure(_, sure) if sure < self.voice().silence.min_confidence_public);
        if parts > 1 && doubtful && !asks(question) { Verdict::Nothing } else { verdict }
    }

    /// "And to Germany?": a value told after an answer that depends on it.
    fn about_the_last(&self, reading: &Reading) -> Option<Vec<(AnswerId, f32)>> {
        let last = self.c.last_answer.as_ref()?;
        if reading.found.is_empty() || self.now().duration_since(last.at) > FOLLOW_UP_WITHIN {
            return None;
        }
        let region = self.voice().brand.region_slot.as_ref();
        let depends = |id: &&AnswerId| {
            let answer = self.voice().answer(id);
            answer.is_some_and(|a| {
                reading
                    .found
                    .iter()
                    .any(|f| a.needs.contains(&f.slot) || a.only_in.is_some() && Some(&f.slot) == region)
            })
        };
        let ids: Vec<_> = last.answers.iter().filter(depends).map(|id| (id.clone(), 1.0)).collect();
        (!ids.is_empty()).then_some(ids)
    }

    /// Gives answers.
    pub(super) fn give(&mut self, ids: &[(AnswerId, f32)], others: Vec<AnswerId>, message: Option<&Message>) {
        self.give_and_clarify(ids, others, &[], message);
    }

    fn give_and_clarify(
        &mut self,
        ids: &[(AnswerId, f32)],
        others: Vec<AnswerId>,
        close: &[AnswerId],
        message: Option<&Message>,
    ) {
        self.c.choices = None;
        if matches!(self.c.phase, Phase::Offered { .. }) {
            self.c.phase = Phase::Bot;
        }
        let mut reply = Reply::to(message);
        let mut after = After::default();
        for (id, confidence) in ids {
            if let Some(answer) = self.voice().answer(id) {
                self.add_answer(&mut reply, answer, *confidence, &mut after);
            }
        }
        if !after.answered.is_empty() {
            self.decide(Decision::Answer(after.answered.clone()));
            self.c.last_answer = Some(LastAnswer { answers: after.answered.clone(), others, at: self.now() });
            self.c.misses = 0;
            self.c.turns_without_answer = 0;
        }
        self.go_on_after(reply, after, close, message);
    }

    /// What follows the answers: a person, a question of the bot, an offer, suggestions.
    fn go_on_after(&mut self, mut reply: Reply, after: After, close: &[AnswerId], message: Option<&Message>) {
        if let Some((reason, team)) = after.handoff {
            self.hand_off_with(&mut reply, reason, team, Priority::Normal);
            return self.finish_hand_off(reply, message);
        }
        if let Some(slot) = after.slot {
            self.ask_slot(&mut reply, &slot, after.waiting);
        } else if !close.is_empty() {
            self.clarify(&mut reply, close, Line::Clarify);
        } else if after.again || self.offers_a_person() {
            let reason = if after.again { Reason::Misses } else { Reason::Upset };
            self.add_line(&mut reply, Line::Offer);
            self.offer(&mut reply, reason);
        } else {
            let suggestions = self.follow_ups(&after.answered);
            reply.suggest(suggestions);
        }
        if reply.is_empty() && !reply.asks() {
            return self.miss(&[], message);
        }
        self.send(reply);
    }

    fn add_answer(&mut self, reply: &mut Reply, answer: &Answer, confidence: f32, after: &mut After) {
        if answer.sensitive && self.is_public() {
            self.add_line(reply, Line::SensitiveInPublic);
            return self.lead_into_private(reply, Some(&answer.id));
        }
        if let Some(slot) = self.missing(answer) {
            after.waiting.push(answer.id.clone());
            after.slot.get_or_insert(slot.id.clone());
            return;
        }
        let outside = answer.only_in.as_ref().filter(|only| !self.region().is_some_and(|r| only.regions.contains(r)));
        match outside.map(|only| only.elsewhere) {
            Some(Elsewhere::Handoff) => after.handoff = Some((Reason::Elsewhere(answer.id.clone()), None)),
            // Nothing is said for this one; alone, it ends as a miss.
            Some(Elsewhere::Fallback) => {}
            None => self.say_answer(reply, answer, confidence, after),
        }
    }

    fn say_answer(&mut self, reply: &mut Reply, answer: &Answer, confidence: f32, after: &mut After) {
        let what = format!("answer:{}", answer.id);
        let Some(chosen) = self.choose(&what, &answer.say, &crate::voice::Values::new()) else {
            return;
        };
        let times = self.times_given(answer);
        if times > 1 && chosen.same_as_last {
            self.add_line(reply, Line::Again);
        }
        after.again |= times > 1;
        reply.add(chosen);
        let link = answer.link.as_ref().and_then(|id| self.voice().links.get(id));
        let (locale, default) = (self.locale(), &self.voice().brand.default_locale);
        if let Some(link) = link
            && let Some(label) = localized(&link.label, &locale, default)
            && let Some(url) = localized(&link.url, &locale, default)
        {
            reply.link(LinkButton { label: label.clone(), url: url.clone() });
        }
        if let Some(team) = &answer.then_handoff {
            after.handoff = Some((Reason::Answer(answer.id.clone()), Some(team.clone())));
        }
        self.log(EventFact::Answered { answer: answer.id.clone(), confidence });
        after.answered.push(answer.id.clone());
    }

    /// How often this answer, with these values, has been given in this session, this time included.
    fn times_given(&mut self, answer: &Answer) -> u16 {
        let values = answer.needs.iter().filter_map(|id| self.known(id)).map(|value| format!("{value:?}"));
        let key = std::iter::once(answer.id.as_str().to_owned()).chain(values).collect::<Vec<_>>().join("|");
        if self.c.given.len() >= MAX_GIVEN && !self.c.given.contains_key(&key) {
            self.c.given.pop_first();
        }
        let times = self.c.given.entry(key).or_default();
        *times = times.saturating_add(1);
        *times
    }

    /// Whether the mood asks to offer a person now: when somebody shows anger in this very message.
    fn offers_a_person(&self) -> bool {
        let angry_now = self.why.reading.as_ref().is_some_and(|reading| reading.irritation.level >= 2);
        angry_now && self.mood().is_some_and(|mood| mood.offer_human)
    }

    fn follow_ups(&self, answered: &[AnswerId]) -> Vec<Choice> {
        let dropped = self.mood().is_some_and(|mood| mood.drop.contains(&Droppable::FollowUps));
        if dropped || self.is_public() {
            return Vec::new();
        }
        let voice = self.voice();
        let wanted = answered.iter().filter_map(|id| voice.answer(id)).flat_map(|answer| &answer.follow_ups);
        let fresh = |id: &&AnswerId| {
            !answered.contains(id) && !self.c.given.keys().any(|key| key.split('|').next() == Some(id.as_str()))
        };
        let mut choices: Vec<Choice> = Vec::new();
        for answer in wanted.filter(fresh).filter_map(|id| voice.answer(id)) {
            let choice = Choice { label: self.answer_label(answer), pick: Pick::Answer(answer.id.clone()) };
            if !choices.contains(&choice) && choices.len() < MAX_FOLLOW_UPS {
                choices.push(choice);
            }
        }
        choices
    }

    /// "No, I meant the other one."
    pub(super) fn corrected(&mut self, message: &Message, reading: &Reading) -> bool {
        let Some(last) = self.c.last_answer.clone() else { return false };
        let lone_no = reading.signals.yes_no == Some(false) && reading.signals.words <= 1;
        let just_now = self.now().duration_since(last.at) <= FOLLOW_UP_WITHIN;
        if !(reading.signals.correction || lone_no && just_now && !last.others.is_empty()) {
            return false;
        }
        if let Some(ids) = self.about_the_last(reading) {
            self.give(&ids, Vec::new(), Some(message));
            return true;
        }
        let named = reading.questions.iter().find_map(|question| {
            let best = question.candidates.iter().find(|c| !last.answers.contains(&c.answer))?;
            (best.confidence >= self.voice().silence.min_confidence_private).then(|| best.answer.clone())
        });
        let others: Vec<AnswerId> = last.others.iter().filter(|id| !last.answers.contains(id)).cloned().collect();
        match (named, others.as_slice()) {
            (Some(id), _) => self.give(&[(id, 1.0)], others, Some(message)),
            (None, [only]) => self.give(&[(only.clone(), 1.0)], last.answers, Some(message)),
            (None, []) if self.c.misses.saturating_add(1) < self.voice().fallback.misses => {
                self.c.misses = self.c.misses.saturating_add(1);
                self.say_line(Line::MeantOther, Some(message));
            }
            // Misunderstood again: the usual way out.
            (None, []) => self.miss(&[], Some(message)),
            (None, several) => {
                let mut reply = Reply::to(Some(message));
                self.clarify(&mut reply, several, Line::Clarify);
                self.send(reply);
            }
        }
        true
    }

    /// Nothing fits: says so honestly, offers what is near, and after a few times a person.
    pub(super) fn miss(&mut self, near: &[AnswerId], message: Option<&Message>) {
        self.c.misses = self.c.misses.saturating_add(1);
        self.c.turns_without_answer = self.c.turns_without_answer.saturating_add(1);
        self.c.asking = None;
        let fallback = &self.voice().fallback;
        self.decide(Decision::Miss(self.c.misses));
        self.log(EventFact::Missed { in_a_row: self.c.misses });
        let mut reply = Reply::to(message);
        // An offer that was passed over is not made again and again: a person looks.
        if self.c.misses > fallback.misses {
            return self.hand_off(Reason::Misses, None, message);
        }
        let long = self.c.turns_without_answer >= self.voice().handoff.long_thread_turns;
        if self.c.misses >= fallback.misses || long || self.offers_a_person() {
            let reason = if long { Reason::LongThread } else { Reason::Misses };
            match fallback.then {
                FallbackThen::Handoff => return self.hand_off(reason, None, message),
                FallbackThen::Offer => {
                    self.add_line(&mut reply, Line::FallbackLast);
                    self.offer(&mut reply, reason);
                }
            }
        } else {
            let near: Vec<AnswerId> = near.iter().take(usize::from(fallback.offer_closest)).cloned().collect();
            if near.is_empty() {
                self.add_line(&mut reply, Line::FallbackFirst);
            } else {
                self.clarify(&mut reply, &near, Line::FallbackNear);
            }
        }
        self.send(reply);
    }
}

/// Whether a part of a message ends with a question mark, of whatever script.
fn asks(question: &Question) -> bool {
    question.text.trim_end().ends_with(['?', '？', '؟', ';', '⁇'])
}

/// Answers that came second, for "no, I meant the other one".
fn second_best(reading: &Reading, answered: &[AnswerId]) -> Vec<AnswerId> {
    let candidates = reading.questions.iter().flat_map(|question| &question.candidates);
    let mut others: Vec<AnswerId> = Vec::new();
    for candidate in candidates.filter(|c| c.confidence >= BESIDE && !answered.contains(&c.answer)) {
        if !others.contains(&candidate.answer) && others.len() < MAX_CHOICES {
            others.push(candidate.answer.clone());
        }
    }
    others
}
