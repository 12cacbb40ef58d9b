//! The terminal as a platform: one person types for everybody, and everything is shown on one screen.
//!
//! What it shows is clean text: control characters of whoever wrote it never reach the terminal.

use std::io;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Adapter, Incoming, SendError, Sent};
use crate::engine::{
    Agent, AgentAction, Attachment, AuthorKind, Body, Command, ConversationId, Delivery, Event, Inbound, LinkButton,
    Message, Place, SaidBy, Sender, StaffPost, To,
};
use crate::voice::content::Inline;
use crate::voice::template::is_showable;
use crate::voice::{BrandId, Content, Platform};

/// The platform's name.
pub const NAME: &str = "console";

/// Something that somebody did at the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Its number, never used twice.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub did: Did,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Did {
    /// Opened the chat.
    Opened(Sender, Place),
    /// Wrote.
    Wrote(Sender, Place, Words),
    /// Used a command that every platform offers.
    Used(Sender, Place, Command),
    /// Did something as one of the team, about a known conversation.
    Acted(ConversationId, Agent, AgentAction),
}

/// What somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Whether the bot is mentioned.
    pub mention: bool,
    /// Whether it is one of the team who writes.
    pub staff: bool,
    /// What hangs on it, such as `photo`.
    pub attachment: Option<String>,
}

/// Something to show.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// The bot says something.
    Bot(Talk),
    /// One of the team says something.
    Agent(Agent, Talk),
    /// The bot reacts with an emoji.
    React(String),
    /// Something for the team.
    Staff(StaffPost),
}

/// What somebody says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talk {
    /// The words.
    pub content: Content,
    /// Links under them.
    pub links: Vec<LinkButton>,
    /// Choices to type, by number or by label.
    pub choices: Vec<String>,
}

/// Shows something, or says that nobody can see it any more.
pub type Screen = dyn Fn(Shown) -> io::Result<()> + Send + Sync;

/// The terminal of a brand.
pub struct Console {
    brand: BrandId,
    screen: Box<Screen>,
}

impl Console {
    /// A terminal that shows things on a screen.
    pub fn new(brand: BrandId, screen: Box<Screen>) -> Self {
        Self { brand, screen }
    }
}

#[async_trait]
impl Adapter for Console {
    type Event = Typed;
    type Request = Shown;

    fn inbound(&self, typed: &Typed) -> Vec<Incoming> {
        let (to, event) = match &typed.did {
            Did::Opened(sender, place) => (of(sender, place), Event::Started { payload: None }),
            Did::Used(sender, place, command) => (of(sender, place), Event::Command(*command)),
            Did::Wrote(sender, place, words) => match message(typed, words) {
                Some(message) => (of(sender, place), Event::Message(message)),
                None => return Vec::new(),
            },
            Did::Acted(conversation, agent, action) => {
                (To::Conversation(*conversation), Event::Agent { agent: agent.clone(), action: action.clone() })
            }
        };
        let platform = Platform::from(NAME);
        let (brand, event_id) = (self.brand.clone(), typed.id.clone());
        vec![Incoming::Event(Inbound { brand, platform, event_id, at: typed.at, to, event })]
    }

    fn outbound(&self, delivery: &Delivery) -> Shown {
        match &delivery.body {
            Body::Send(outgoing) => {
                let talk = Talk {
                    content: clean_content(&outgoing.content),
                    links: outgoing.links.iter().map(clean_link).collect(),
                    choices: outgoing.choices.iter().map(|choice| clean_line(&choice.label)).collect(),
                };
                match &outgoing.by {
                    SaidBy::Bot => Shown::Bot(talk),
                    SaidBy::Agent(agent) => Shown::Agent(agent.clone(), talk),
                }
            }
            Body::React { emoji, .. } => Shown::React(clean_line(emoji)),
            Body::Staff(post) => Shown::Staff(post.clone()),
        }
    }

    async fn send(&self, shown: Shown) -> Result<Sent, SendError> {
        let later = |error: io::Error| SendError::Later { reason: error.kind().to_string(), retry_after: None };
        (self.screen)(shown).map(|()| Sent::default()).map_err(later)
    }
}

fn of(sender: &Sender, place: &Place) -> To {
    To::Customer { sender: sender.clone(), place: place.clone(), via: None }
}

/// A message; none when there is nothing in it.
fn message(typed: &Typed, words: &Words) -> Option<Message> {
    let text = clean(&words.text);
    if text.trim().is_empty() && words.attachment.is_none() {
        return None;
    }
    let attachments =
        words.attachment.iter().map(|kind| Attachment { kind: clean_line(kind), name: String::new(), url: None });
    Some(Message {
        id: typed.id.clone(),
        at: typed.at,
        text,
        author: if words.staff { AuthorKind::Staff } else { AuthorKind::Person },
        mentions_bot: words.mention,
        attachments: attachments.collect(),
        ..Message::default()
    })
}

/// A text without characters that do something to a terminal instead of being seen; line breaks stay.
pub fn clean(text: &str) -> String {
    let breaks = text.replace("\r\n", "\n").replace(['\r', '\t'], " ");
    breaks.chars().filter(|c| *c == '\n' || is_showable(*c)).collect()
}

/// A text on one line: as [`clean`], and every stretch of white space is one blank.
pub fn clean_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn clean_link(link: &LinkButton) -> LinkButton {
    LinkButton { label: clean_line(&link.label), url: clean_line(&link.url) }
}

fn clean_content(content: &Content) -> Content {
    let inline = |inline: &Inline| match inline {
        Inline::Text { text, style } => Inline::Text { text: clean(text), style: *style },
        Inline::Told { text, style } => Inline::Told { text: clean(text), style: *style },
        Inline::Link { label, url } => Inline::Link { label: clean_line(label), url: clean_line(url) },
    };
    Content { paragraphs: content.paragraphs.iter().map(|part| part.iter().map(inline).collect()).collect() }
}

#[cfg(test)]
mod tests;
