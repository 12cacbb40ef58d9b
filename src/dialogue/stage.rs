//! People, places and time around [`engine::step`], all in memory: a clock that only the caller moves, timers that fire
//! when it does, and deliveries that arrive at once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::engine::{
    self, Agent, AgentAction, Attachment, AuthorKind, Brand, Command, Conversation, ConversationId, Effect, Event,
    HEARD_FOR, Heard, Message, Person, PersonId, Phase, Pick, Place, PlaceKind, SaidBy, Scene, Speaker, Step,
    TimerKind, Why,
};
use crate::voice::{AnswerId, Locale, Platform, Voice};

use super::Words;

/// People, places and time around the engine.
#[derive(Debug)]
pub struct Stage<'b> {
    brand: &'b Brand,
    platform: Platform,
    now: Timestamp,
    people: Vec<Person>,
    conversations: Vec<Conversation>,
    heard: BTreeMap<String, Vec<Heard>>,
    waits: Vec<SignedDuration>,
    messages: u64,
    log: Vec<Happening>,
    stuck: BTreeSet<(ConversationId, TimerKind)>,
}

/// Something that happened on a stage, and what the engine made of it.
#[derive(Clone, Debug)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
    /// The conversation before it.
    pub before: Conversation,
    /// The conversation after it.
    pub after: Conversation,
    /// What was done.
    pub effects: Vec<Effect>,
    /// How it was decided.
    pub why: Why,
}

/// Where a dialogue happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spot {
    /// A private chat.
    #[default]
    Dm,
    /// A public place for questions.
    Help,
    /// Any other public place.
    General,
    /// A place where the bot never speaks.
    Announcements,
}

impl Spot {
    /// Every spot.
    pub const ALL: &'static [Spot] = &[Spot::Dm, Spot::Help, Spot::General, Spot::Announcements];

    /// Its name, as written in dialogues and typed in the terminal chat.
    pub fn name(self) -> &'static str {
        match self {
            Spot::Dm => "dm",
            Spot::Help => "help",
            Spot::General => "general",
            Spot::Announcements => "announcements",
        }
    }

    /// The spot of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|spot| spot.name() == name)
    }

    /// The place of a person: private chats have one each, public places are everybody's. Channels have the names that
    /// the voice gives them.
    pub fn place(self, voice: &Voice, person: &str) -> Place {
        let (kind, name) = match self {
            Spot::Dm => return Place { id: format!("dm-{person}"), kind: PlaceKind::Direct, name: String::new() },
            Spot::Help => (PlaceKind::Help, voice.silence.help_channels.first().map_or("help", String::as_str)),
            Spot::General => (PlaceKind::General, "general"),
            Spot::Announcements => {
                (PlaceKind::Muted, voice.silence.never_in.first().map_or("announcements", String::as_str))
            }
        };
        Place { id: self.name().to_owned(), kind, name: name.to_owned() }
    }
}

/// How often timers may fire at one moment before they are taken to be stuck.
const MAX_FIRINGS: usize = 1000;

impl<'b> Stage<'b> {
    /// An empty stage at a moment.
    pub fn new(brand: &'b Brand, platform: Platform, now: Timestamp) -> Self {
        Self {
            brand,
            platform,
            now,
            people: Vec::new(),
            conversations: Vec::new(),
            heard: BTreeMap::new(),
            waits: Vec::new(),
            messages: 0,
            log: Vec::new(),
            stuck: BTreeSet::new(),
        }
    }

    /// Now, on the stage.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Brings in a person and begins their conversation in a spot.
    pub fn enters(&mut self, name: &str, locale: Option<Locale>, spot: Spot) -> ConversationId {
        let person = Person {
            id: PersonId(number(self.people.len())),
            name: name.to_owned(),
            locale,
            disclosed_at: None,
            opted_out: false,
            slots: BTreeMap::new(),
            shown: BTreeMap::new(),
        };
        self.people.push(person.clone());
        self.begins(person, spot)
    }

    /// The conversation of the same person in another spot; it begins when it is first asked for.
    pub fn also_in(&mut self, id: ConversationId, spot: Spot) -> ConversationId {
        let Some(person) = self.current(id).map(|conversation| conversation.person) else { return id };
        let place = spot.place(&self.brand.voice, &person.id.0.to_string());
        let known = self.conversations.iter().find(|c| c.person.id == person.id && c.place == place);
        match known {
            Some(conversation) => conversation.id,
            None => self.begins(person, spot),
        }
    }

    fn begins(&mut self, person: Person, spot: Spot) -> ConversationId {
        let id = ConversationId(number(self.conversations.len()));
        let place = spot.place(&self.brand.voice, &person.id.0.to_string());
        let brand = self.brand.voice.brand.id.clone();
        self.conversations.push(Conversation::new(id, brand, self.platform.clone(), place, person));
        id
    }

    /// A conversation as it stands.
    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        self.conversations.iter().find(|conversation| conversation.id == id)
    }

    /// Everything that happened, oldest first.
    pub fn log(&self) -> &[Happening] {
        &self.log
    }

    /// Timers that were still due after they had fired: a defect of the engine. Each is fired once and then left alone.
    pub fn stuck(&self) -> impl Iterator<Item = (ConversationId, TimerKind)> {
        self.stuck.iter().copied()
    }

    /// Somebody writes. `/human`, `/privacy`, `/help` and `/start` are what they are on every platform.
    pub fn writes(&mut self, id: ConversationId, words: &Words, author: AuthorKind) {
        let event = match words.text.trim() {
            "/start" => Event::Started { payload: None },
            "/human" => Event::Command(Command::Human),
            "/privacy" => Event::Command(Command::Privacy),
            "/help" => Event::Command(Command::Help),
            _ => Event::Message(self.message(words, author)),
        };
        self.happens(id, event);
    }

    /// The customer of a conversation writes.
    pub fn customer_says(&mut self, id: ConversationId, text: &str) {
        self.writes(id, &Words { text: text.to_owned(), ..Words::default() }, AuthorKind::Person);
    }

    /// Somebody of the team acts on a conversation.
    pub fn agent_does(&mut self, id: ConversationId, agent: &Agent, action: AgentAction) {
        self.happens(id, Event::Agent { agent: agent.clone(), action });
    }

    /// The choice with this label that was shown last in a conversation.
    pub fn choice(&self, id: ConversationId, label: &str) -> Option<Pick> {
        self.shown(id).find(|choice| choice.label == label).map(|choice| choice.pick.clone())
    }

    /// Every choice that was shown in a conversation, the last ones first.
    pub fn shown(&self, id: ConversationId) -> impl Iterator<Item = &engine::Choice> {
        let effects = self.log.iter().filter(move |h| h.after.id == id).rev().flat_map(|h| h.effects.iter().rev());
        effects.filter_map(sent).flat_map(|outgoing| &outgoing.choices)
    }

    /// Something happens now to a conversation.
    pub fn happens(&mut self, id: ConversationId, event: Event) {
        let Some(before) = self.current(id) else { return };
        let scene = self.scene(&before);
        let step = engine::step(self.brand, before.clone(), event.clone(), &scene);
        self.note_claim(&before, &step.conversation);
        self.hear(&before, &event, &step);
        if let Some(person) = self.people.iter_mut().find(|person| person.id == step.conversation.person.id) {
            *person = step.conversation.person.clone();
        }
        if let Some(conversation) = self.conversations.iter_mut().find(|conversation| conversation.id == id) {
            *conversation = step.conversation.clone();
        }
        let after = step.conversation;
        self.log.push(Happening { at: self.now, event, before, after, effects: step.effects, why: step.why });
    }

    /// Time passes; whatever falls due happens in order.
    pub fn advance(&mut self, by: SignedDuration) {
        let until = self.now.saturating_add(by).unwrap_or(self.now).max(self.now);
        let mut left = MAX_FIRINGS;
        while let Some((at, id, kind)) = self.next_due(until) {
            if at > self.now {
                self.now = at;
                left = MAX_FIRINGS;
            }
            self.happens(id, Event::Timer(kind));
            left = left.saturating_sub(1);
            let still_due = self.conversation(id).is_some_and(|c| c.deadlines().contains(&(kind, at)));
            if still_due || left == 0 {
                self.stuck.insert((id, kind));
            }
        }
        self.now = until;
    }

    /// The deadline that comes first, up to a moment.
    fn next_due(&self, until: Timestamp) -> Option<(Timestamp, ConversationId, TimerKind)> {
        let all = self.conversations.iter().flat_map(|c| c.deadlines().into_iter().map(|(kind, at)| (at, c.id, kind)));
        all.filter(|(at, id, kind)| *at <= until && !self.stuck.contains(&(*id, *kind))).min()
    }

    /// The conversation with what is now known of the person, who may have talked elsewhere.
    fn current(&self, id: ConversationId) -> Option<Conversation> {
        let mut conversation = self.conversation(id)?.clone();
        if let Some(person) = self.people.iter().find(|person| person.id == conversation.person.id) {
            conversation.person = person.clone();
        }
        Some(conversation)
    }

    fn message(&mut self, words: &Words, author: AuthorKind) -> Message {
        self.messages += 1;
        let attachment =
            words.attachment.iter().map(|kind| Attachment { kind: kind.clone(), name: String::new(), url: None });
        Message {
            id: format!("m{}", self.messages),
            at: self.now,
            text: words.text.clone(),
            author,
            mentions_bot: words.mention,
            replies_to: words.reply_to,
            forwarded: false,
            by_command: false,
            for_person: false,
            opens_post: false,
            album: None,
            attachments: attachment.collect(),
        }
    }

    fn scene(&self, of: &Conversation) -> Scene {
        let since = self.now.saturating_sub(HEARD_FOR).unwrap_or(Timestamp::MIN);
        let heard = self.heard.get(&of.place.id).map(Vec::as_slice).unwrap_or_default();
        let queued = |c: &&Conversation| c.id != of.id && matches!(c.phase, Phase::Queued { .. });
        let mut waits = self.waits.clone();
        waits.sort();
        Scene {
            now: self.now,
            heard: heard.iter().filter(|heard| heard.at >= since).cloned().collect(),
            queue_ahead: u32::try_from(self.conversations.iter().filter(queued).count()).unwrap_or(u32::MAX),
            usual_wait: waits.get(waits.len() / 2).copied(),
            elsewhere: Vec::new(),
        }
    }

    /// Remembers how long the customer waited, when somebody has just taken the case.
    fn note_claim(&mut self, before: &Conversation, after: &Conversation) {
        if let (Phase::Queued { case, .. }, Phase::Human { .. } | Phase::WaitingCustomer { .. }) =
            (&before.phase, &after.phase)
        {
            self.waits.push(self.now.duration_since(case.queued_at));
        }
    }

    /// Remembers what others in a public place could hear.
    fn hear(&mut self, conversation: &Conversation, event: &Event, step: &Step) {
        if !conversation.place.kind.is_public() {
            return;
        }
        let mut heard = Vec::new();
        if let Event::Message(message) = event {
            let by = match message.author {
                AuthorKind::Person => Speaker::Person(conversation.person.id),
                AuthorKind::Machine => Speaker::Machine,
                AuthorKind::Staff => Speaker::Staff,
            };
            let asks = step.why.reading.as_ref().is_some_and(|reading| reading.signals.question_form);
            heard.push(Heard { at: self.now, by, answers: Vec::new(), asks });
        }
        for outgoing in step.effects.iter().filter_map(sent) {
            let by = match outgoing.by {
                SaidBy::Bot => Speaker::Bot,
                SaidBy::Agent(_) => Speaker::Staff,
            };
            let answers = outgoing.said.iter().filter_map(|said| said.what.strip_prefix("answer:"));
            heard.push(Heard { at: self.now, by, answers: answers.map(AnswerId::from).collect(), asks: false });
        }
        self.heard.entry(conversation.place.id.clone()).or_default().extend(heard);
    }
}

/// The message that an effect sends.
pub(super) fn sent(effect: &Effect) -> Option<&engine::Outgoing> {
    if let Effect::Send(outgoing) = effect { Some(outgoing) } else { None }
}

/// Numbers of people and conversations, from 1.
fn number(so_far: usize) -> i64 {
    i64::try_from(so_far).unwrap_or(i64::MAX - 1) + 1
}
