//! A chat while it goes on: who types as whom and where, and what each line does.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::begin::trouble;
use super::clock::ChatClock;
use super::face::Face;
use super::line::{self, Line};
use super::work::Work;
use super::{about, moment};
use crate::adapters::console::{Console, Did, NAME, Typed, Words};
use crate::adapters::{Adapter, Incoming};
use crate::bot::{Bot, Clock};
use crate::cli::Trouble;
use crate::dialogue::{AgentDoes, Spot};
use crate::engine::{Agent, AgentAction, ConversationId, Place, Sender, Speaker};
use crate::store::Received;
use crate::voice::{Locale, Platform, Voice};

/// Longest line that is taken, in characters: what chat platforms allow.
pub(super) const MAX_CHARS: usize = 4000;
/// The name of whoever `/member` lets write.
const MEMBER: &str = "Alex";

/// A chat while it goes on.
pub(super) struct Session {
    pub bot: Arc<Bot>,
    pub console: Arc<Console>,
    pub clock: Arc<ChatClock>,
    pub face: Arc<dyn Face>,
    pub work: Work,
    pub voice: Voice,
    pub version: String,
    /// The customer.
    pub customer: Sender,
    /// Who acts for the team.
    pub agent: Agent,
    pub spot: Spot,
    /// Parts the numbers of this chat from those of others on the same database.
    pub run: String,
    /// Lines so far.
    pub lines: u64,
    /// Conversations of this chat, by customer and place.
    pub conversations: BTreeMap<(String, String), ConversationId>,
    /// Whether something happened before this chat.
    pub has_past: bool,
}

/// Whether the chat goes on after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It does.
    GoOn,
    /// It ends.
    End,
}

/// A customer of the terminal.
pub(super) fn customer(name: &str, locale: Option<&Locale>) -> Sender {
    let id = if name.is_empty() { "customer".to_owned() } else { name.to_lowercase() };
    Sender { id, name: name.to_owned(), locale: locale.cloned() }
}

/// One of the team, at the terminal.
pub(super) fn agent(name: &str) -> Agent {
    Agent { id: format!("{NAME}:{}", name.to_lowercase()), name: name.to_owned() }
}

impl Session {
    /// Does what a line says.
    pub async fn take(&mut self, text: &str) -> Result<Next, Trouble> {
        let text = self.cut(text);
        if text.trim().is_empty() {
            return Ok(Next::GoOn);
        }
        match line::read(&text) {
            Ok(Line::Quit) => return Ok(Next::End),
            Ok(line) => self.obey(line).await?,
            Err(sentence) => self.face.tell(&sentence),
        }
        Ok(if self.face.is_gone() { Next::End } else { Next::GoOn })
    }

    /// A line without what is too much of it.
    fn cut(&self, text: &str) -> String {
        if text.chars().count() <= MAX_CHARS {
            return text.to_owned();
        }
        self.face.tell(&format!("that line is too long; only its first {MAX_CHARS} characters were taken"));
        text.chars().take(MAX_CHARS).collect()
    }

    async fn obey(&mut self, line: Line) -> Result<(), Trouble> {
        match line {
            Line::Say(words) => self.happens(Did::Wrote(self.customer.clone(), self.place(), words)).await?,
            Line::Start => self.happens(Did::Opened(self.customer.clone(), self.place())).await?,
            Line::Use(command) => self.happens(Did::Used(self.customer.clone(), self.place(), command)).await?,
            Line::Member(text) => self.other_writes(MEMBER.to_owned(), text, false).await?,
            Line::Agent(AgentDoes::Say(text)) => self.other_writes(self.agent.name.clone(), text, true).await?,
            Line::Agent(AgentDoes::Action(action)) => self.agent_acts(action).await?,
            Line::As(name) => self.customer = customer(&name, self.customer.locale.as_ref()),
            Line::Place(spot) => self.spot = spot,
            Line::At(when) => self.set_clock(when).await?,
            Line::Wait(how_long) => {
                self.work.pass(self.clock.now().saturating_add(how_long).unwrap_or(Timestamp::MAX)).await?
            }
            Line::Pace(pace) => self.set_pace(pace),
            Line::Why => self.explain().await?,
            Line::Case => self.show_case().await?,
            Line::Voice => self.tell_all(&about::voice(&self.voice, &self.version)),
            Line::Help => self.face.tell(&line::help()),
            Line::Quit => {}
        }
        Ok(())
    }

    /// Hands something that was done at the terminal to the bot, as any platform does.
    async fn happens(&mut self, did: Did) -> Result<(), Trouble> {
        self.lines += 1;
        let key = match &did {
            Did::Opened(sender, place) | Did::Wrote(sender, place, _) | Did::Used(sender, place, _) => {
                Some((sender.id.clone(), place.id.clone()))
            }
            Did::Acted(..) => None,
        };
        let typed = Typed { id: format!("{}-{}", self.run, self.lines), at: self.clock.now(), did };
        let Some(Incoming::Event(inbound)) = self.console.inbound(&typed).pop() else { return Ok(()) };
        let received = self.bot.receive(&inbound).await.map_err(trouble)?;
        if let (Some(key), Received::Stored(_, conversation)) = (key, received) {
            self.conversations.insert(key, conversation);
        }
        self.has_past = true;
        self.work.after_line().await
    }

    async fn other_writes(&mut self, name: String, text: String, staff: bool) -> Result<(), Trouble> {
        if self.spot == Spot::Dm {
            self.face.tell("nobody else reads a private chat; /place help goes to a public one");
            return Ok(());
        }
        let sender = customer(&name, None);
        let words = Words { text, staff, ..Words::default() };
        self.happens(Did::Wrote(sender, self.place(), words)).await
    }

    async fn agent_acts(&mut self, action: AgentAction) -> Result<(), Trouble> {
        match self.conversation().await? {
            Some(conversation) => self.happens(Did::Acted(conversation, self.agent.clone(), action)).await,
            None => {
                self.face.tell("there is no conversation here yet");
                Ok(())
            }
        }
    }

    async fn set_clock(&mut self, when: moment::When) -> Result<(), Trouble> {
        let now = self.clock.now();
        match when.from(now, self.zone()) {
            None => self.face.tell("there is no such moment"),
            Some(at) if at >= now => self.work.pass(at).await?,
            Some(at) if !self.has_past => self.clock.set(at),
            Some(_) => self.face.tell("the clock cannot go back once something has happened"),
        }
        Ok(())
    }

    fn set_pace(&mut self, pace: SignedDuration) {
        if !self.work.set_pace(pace) {
            self.face.tell("time runs by itself here; /pace is for --plain");
        }
    }

    async fn explain(&self) -> Result<(), Trouble> {
        let Some(conversation) = self.conversation().await? else {
            self.face.tell("nothing has been decided here yet");
            return Ok(());
        };
        let (store, brand) = (self.bot.store(), &self.voice.brand.id);
        let decided = store.last_why(brand, conversation).await.map_err(trouble)?;
        let transcript = store.transcript(brand, conversation).await.map_err(trouble)?;
        let last_said = transcript.iter().rev().find(|line| line.by == Speaker::Bot);
        match decided {
            Some(decided) => self.tell_all(&about::why(&decided, last_said, self.zone())),
            None => self.face.tell("nothing has been decided here yet"),
        }
        Ok(())
    }

    async fn show_case(&self) -> Result<(), Trouble> {
        let (store, brand) = (self.bot.store(), &self.voice.brand.id);
        let Some(id) = self.conversation().await? else {
            self.face.tell("there is no conversation here yet");
            return Ok(());
        };
        let notes = store.notes(brand, id).await.map_err(trouble)?;
        if let Some(conversation) = store.conversation(brand, id).await.map_err(trouble)? {
            self.tell_all(&about::case(&conversation, &notes, self.zone()));
        }
        Ok(())
    }

    /// The conversation of the customer in this place: of this chat, or from before a restart.
    async fn conversation(&self) -> Result<Option<ConversationId>, Trouble> {
        let place = self.place();
        if let Some(known) = self.conversations.get(&(self.customer.id.clone(), place.id.clone())) {
            return Ok(Some(*known));
        }
        let (store, brand) = (self.bot.store(), &self.voice.brand.id);
        let person = store.person(brand, &Platform::from(NAME), &self.customer.id).await.map_err(trouble)?;
        let Some(person) = person else { return Ok(None) };
        for id in store.conversations(brand, person).await.map_err(trouble)? {
            let conversation = store.conversation(brand, id).await.map_err(trouble)?;
            if conversation.is_some_and(|conversation| conversation.place.id == place.id) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn place(&self) -> Place {
        self.spot.place(&self.voice, &self.customer.id)
    }

    fn zone(&self) -> &TimeZone {
        &self.voice.brand.timezone
    }

    fn tell_all(&self, lines: &[String]) {
        self.face.tell(&lines.join("\n"));
    }
}
