//! What happened on a stage and what differs, in words for people.

use std::fmt;

use jiff::tz::TimeZone;

use crate::engine::{AgentAction, ConversationId, Effect, Event, Pick, SaidBy, StaffPost};
use crate::voice::source::Source;

use super::run::Failed;
use super::stage::Happening;

/// One line of a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The time of day in the brand's time zone, such as `10:00:10`.
    pub at: String,
    /// Who.
    pub who: Who,
    /// What they wrote or did; may have several lines.
    pub text: String,
}

/// Who is heard in a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The customer.
    Customer,
    /// Somebody else.
    Other(String),
    /// The bot.
    Bot,
    /// Somebody of the team.
    Agent(String),
    /// Nobody: something that is not said.
    Note(&'static str),
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Who::Customer => "customer",
            Who::Bot => "bot",
            Who::Other(name) | Who::Agent(name) => name,
            Who::Note(what) => what,
        })
    }
}

/// The transcript of everything that happened; one conversation is the customer's.
pub fn entries(log: &[Happening], customer: ConversationId, zone: &TimeZone) -> Vec<Entry> {
    let mut entries = Vec::new();
    for happening in log {
        let at = happening.at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
        let mut add = |who, text: String| entries.push(Entry { at: at.clone(), who, text });
        let writer = if happening.after.id == customer {
            Who::Customer
        } else {
            Who::Other(happening.after.person.name.clone())
        };
        if let Some((who, text)) = event(&happening.event, writer) {
            add(who, text);
        }
        for line in happening.effects.iter().flat_map(effect) {
            add(line.0, line.1);
        }
    }
    entries
}

fn event(event: &Event, writer: Who) -> Option<(Who, String)> {
    let of = |text: String| Some((writer.clone(), text));
    match event {
        Event::Started { .. } => of("(opens the chat)".to_owned()),
        Event::Message(message) => {
            let things = message.attachments.iter().map(|thing| format!(" [{}]", thing.kind)).collect::<String>();
            of(format!("{}{things}", message.text))
        }
        Event::Edited(message) => of(format!("(edits) {}", message.text)),
        Event::Deleted { .. } => of("(deletes a message)".to_owned()),
        Event::Picked(pick) => of(format!("(presses) {}", pick_name(pick))),
        Event::Command(command) => of(format!("/{}", format!("{command:?}").to_lowercase())),
        Event::Agent { agent, action } => Some((Who::Agent(agent.name.clone()), action_words(action))),
        Event::Timer(_) => None,
        Event::DeliveryFailed { reason, .. } => Some((Who::Note("undelivered"), reason.clone())),
        Event::CameTooLate { .. } => Some((Who::Note("undelivered"), "the answer came too late".to_owned())),
    }
}

fn pick_name(pick: &Pick) -> String {
    match pick {
        Pick::Answer(id) => id.to_string(),
        Pick::Slot(slot, value) => format!("{slot} = {value:?}"),
        Pick::OfferYes => "yes".to_owned(),
        Pick::OfferNo => "no".to_owned(),
        Pick::NoneOfThese => "none of these".to_owned(),
    }
}

fn action_words(action: &AgentAction) -> String {
    match action {
        AgentAction::Claim { .. } => "(claims)".to_owned(),
        AgentAction::Reply { text, .. } | AgentAction::Spoke { text } => format!("(replies) {text}"),
        AgentAction::Note(note) => format!("(notes) {}", note.for_staff()),
        AgentAction::HandBack => "(hands back)".to_owned(),
        AgentAction::Release => "(releases)".to_owned(),
        AgentAction::Transfer { team } => format!("(transfers to {team})"),
        AgentAction::Close { outcome } => format!("(closes: {outcome})"),
    }
}

fn effect(effect: &Effect) -> Vec<(Who, String)> {
    match effect {
        Effect::Send(outgoing) => {
            let who = match &outgoing.by {
                SaidBy::Bot => Who::Bot,
                SaidBy::Agent(agent) => Who::Agent(agent.name.clone()),
            };
            let mut lines = vec![(who, outgoing.content.to_plain())];
            lines.extend(
                outgoing.links.iter().map(|link| (Who::Note("link"), format!("{} ({})", link.label, link.url))),
            );
            let labels: Vec<&str> = outgoing.choices.iter().map(|choice| choice.label.as_str()).collect();
            if !labels.is_empty() {
                lines.push((Who::Note("choices"), labels.join(" | ")));
            }
            lines
        }
        Effect::React { emoji, .. } => vec![(Who::Note("react"), emoji.clone())],
        Effect::Silent(reason) => vec![(Who::Note("silent"), reason.name().to_owned())],
        Effect::Staff(StaffPost::Packet(packet)) => vec![(Who::Note("handoff"), packet.case.reason.to_string())],
        Effect::Staff(_) | Effect::Log(_) | Effect::Redact { .. } | Effect::Forget { .. } => Vec::new(),
    }
}

impl Failed {
    /// The place of the turn, as `file:line:column`.
    pub fn place(&self, sources: &[Source]) -> String {
        let Some(source) = sources.get(self.written.source) else { return String::new() };
        let (line, column) = source.line_column(self.written.bytes.start);
        format!("{}:{line}:{column}", source.name)
    }

    /// The transcript so far and what differs, in lines.
    pub fn to_text(&self) -> String {
        let mut rows: Vec<[String; 3]> = Vec::new();
        for entry in &self.transcript {
            rows.push([entry.at.clone(), entry.who.to_string(), entry.text.clone()]);
        }
        for difference in &self.differences {
            let key = difference.key.to_owned();
            rows.push(["expected".to_owned(), key.clone(), difference.expected.clone()]);
            rows.push(["got".to_owned(), key, difference.got.clone()]);
        }
        rows.iter().flat_map(row).collect()
    }
}

/// One row; further lines of its text stand under the first.
fn row([first, second, text]: &[String; 3]) -> Vec<String> {
    let head = format!("    {first:<8}  {second:<12}  ");
    let indent = " ".repeat(head.chars().count());
    let mut lines = text.lines();
    let mut rows = vec![format!("{head}{}\n", lines.next().unwrap_or_default())];
    rows.extend(lines.map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") }));
    rows
}
