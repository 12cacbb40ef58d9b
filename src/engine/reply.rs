//! One reply: everything that is said in a turn goes out as one message.

use super::draft::{ASKING_STANDS, Draft};
use super::say::Chosen;
use super::{By, Choice, Decision, Effect, Lane, LinkButton, Message, OpenChoices, Outgoing, PrivateWay, Said, SaidBy};
use crate::voice::{AnswerId, Content, Line, Values, Wording};

/// A reply while it is put together.
#[derive(Default)]
pub(super) struct Reply {
    content: Content,
    choices: Vec<Choice>,
    needed: bool,
    links: Vec<LinkButton>,
    said: Vec<Said>,
    private_way: Option<PrivateWay>,
    /// The message it answers, shown as a reply in public.
    to: Option<String>,
    lane: Option<Lane>,
    /// Whether the words already are in the tone of the mood, so that no prefix is needed.
    in_tone: bool,
    /// Whether this reply needs no word that this is a bot.
    undisclosed: bool,
}

impl Reply {
    /// A reply to a message.
    pub fn to(message: Option<&Message>) -> Self {
        Self { to: message.map(|m| m.id.clone()), ..Self::default() }
    }

    /// A message about a case.
    pub fn about_case() -> Self {
        Self { lane: Some(Lane::Case), undisclosed: true, in_tone: true, ..Self::default() }
    }

    /// Nothing in it yet?
    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    pub fn add(&mut self, chosen: Chosen) {
        self.content.append(chosen.content);
        self.said.push(chosen.said);
        self.in_tone |= chosen.in_tone;
    }

    /// Choices that the bot needs one of to go on.
    pub fn ask(&mut self, choices: Vec<Choice>) {
        self.choices = choices;
        self.needed = true;
    }

    /// Choices that may be left alone.
    pub fn suggest(&mut self, choices: Vec<Choice>) {
        self.choices = choices;
    }

    /// Whether it asks for one of its choices.
    pub fn asks(&self) -> bool {
        self.needed && !self.choices.is_empty()
    }

    pub fn link(&mut self, link: LinkButton) {
        if !self.links.contains(&link) {
            self.links.push(link);
        }
    }

    pub fn lane(&mut self, lane: Lane) {
        self.lane = Some(lane);
    }

    /// No word that this is a bot: the reply says so itself, or a person is on the way.
    pub fn without_disclosure(&mut self) {
        self.undisclosed = true;
    }
}

impl Draft<'_> {
    /// Adds a line to a reply.
    pub(super) fn add_line(&mut self, reply: &mut Reply, line: Line) {
        self.add_line_with(reply, line, &Values::new());
    }

    /// Adds a line with values of its own to a reply.
    pub(super) fn add_line_with(&mut self, reply: &mut Reply, line: Line, values: &Values) {
        if let Some(chosen) = self.choose_line(line, values) {
            reply.add(chosen);
        }
    }

    /// Adds a wording of the voice to a reply; `false` when nothing fits now.
    pub(super) fn add_wording(&mut self, reply: &mut Reply, what: &str, wording: &Wording) -> bool {
        let chosen = self.choose(what, wording, &Values::new());
        chosen.map(|chosen| reply.add(chosen)).is_some()
    }

    /// Adds a way into private, where the matter at hand is taken up again.
    pub(super) fn lead_into_private(&mut self, reply: &mut Reply, about: Option<&AnswerId>) {
        reply.private_way = Some(PrivateWay { label: self.label(Line::WriteInPrivate), about: about.cloned() });
    }

    /// Whether what is said here belongs into a thread of its own.
    fn answers_in_thread(&self) -> bool {
        let place = &self.c.place;
        place.kind.is_public() && self.voice().silence.answer_in_threads.contains(&place.name)
    }

    /// Sends a line alone.
    pub(super) fn say_line(&mut self, line: Line, message: Option<&Message>) {
        let mut reply = Reply::to(message);
        self.add_line(&mut reply, line);
        self.decide(Decision::Say(line.key().to_owned()));
        self.send(reply);
    }

    /// Sends a reply, with what belongs before it: that this is a bot, and the mood's prefix.
    pub(super) fn send(&mut self, mut reply: Reply) {
        if reply.is_empty() && reply.choices.is_empty() {
            return;
        }
        let mut whole = Reply { lane: reply.lane, ..Reply::default() };
        if !reply.undisclosed && self.must_disclose() {
            self.add_line(&mut whole, Line::Disclosure);
            self.c.person.disclosed_at = Some(self.now());
        }
        self.add_prefix(&mut whole, reply.in_tone);
        whole.content.append(std::mem::take(&mut reply.content));
        whole.said.append(&mut reply.said);
        let until = self.later(ASKING_STANDS);
        if !reply.choices.is_empty() {
            self.c.choices = Some(OpenChoices { choices: reply.choices.clone(), needed: reply.needed, until });
        }
        self.remember_turn(By::Bot, &whole.content.to_plain(), None);
        self.effects.push(Effect::Send(Outgoing {
            content: whole.content,
            choices: reply.choices,
            links: reply.links,
            replies_to: reply.to.filter(|_| self.is_public()),
            in_thread: self.answers_in_thread(),
            private_way: reply.private_way.filter(|_| self.is_public()),
            by: SaidBy::Bot,
            lane: whole.lane.unwrap_or(Lane::Answer),
            said: whole.said,
        }));
    }

    /// The mood's prefix: once, when the mood sets in.
    fn add_prefix(&mut self, whole: &mut Reply, in_tone: bool) {
        let mood = self.mood();
        let set_in = self.c.mood != self.why.mood;
        self.c.mood = self.why.mood.clone();
        if let Some(mood) = mood.filter(|mood| set_in && !in_tone && !mood.prefix.is_empty()) {
            self.add_wording(whole, &format!("mood:{}", mood.id), &mood.prefix);
        }
    }

    /// Whether this person is to be told (again) that this is a bot.
    fn must_disclose(&self) -> bool {
        let days = i64::from(self.voice().brand.disclose_again_after_days);
        self.c.person.disclosed_at.is_none_or(|at| self.now().duration_since(at).as_hours() >= days * 24)
    }
}
