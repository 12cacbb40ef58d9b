//! The team's side of every platform: a post as structured text, the labels of its buttons, and what the team types.
//!
//! None of it reaches a customer. What customers typed stands in it as [`Inline::Told`], so that no platform makes a link,
//! a mention or markup of it (threats 1, 2 and 5 of the domain notes).

use crate::engine::{
    AgentAction, Attachment, By, CameTooLate, Case, CaseChange, NoteText, OtherWay, Packet, Place, Reason, Refusal,
    StaffButton, StaffPost,
};
use crate::voice::content::{Inline, Style};
use crate::voice::{Content, Priority, TeamId};

/// What a place for what was not answered in time is called, where the team needs one.
pub const NOT_POSTED: &str = "Not answered";

/// A post as structured text.
pub fn content(post: &StaffPost) -> Content {
    let mut text = Text::default();
    match post {
        StaffPost::Packet(packet) => packet_text(&mut text, packet),
        StaffPost::CustomerWrote { text: words, attachments, .. } => {
            text.strong("Customer: ").told(words);
            attachments.iter().for_each(|attachment| text.attachment(attachment));
        }
        StaffPost::CustomerEdited { text: Some(words), .. } => {
            text.strong("Customer, changed: ").told(words);
        }
        StaffPost::CustomerEdited { text: None, .. } => {
            text.plain("The customer deleted a message.");
        }
        StaffPost::Note { agent, text: words, .. } => {
            text.strong("Note by ").told(&agent.name).plain(": ").told(words.for_staff());
        }
        StaffPost::Changed { what, .. } => change(&mut text, what),
        StaffPost::Refused { agent, why } => refusal(text.told(&agent.name).plain(": "), why),
        StaffPost::OtherWays { ways, .. } => other_ways(&mut text, ways),
        StaffPost::CameTooLate(late) => came_too_late(&mut text, late),
    }
    text.done()
}

/// Whether the team has a post before its eyes already: a note that was typed where it would be posted.
pub fn is_there(post: &StaffPost, platform: &str) -> bool {
    match post {
        StaffPost::Note { agent, .. } => agent.id.split(':').next() == Some(platform),
        StaffPost::Packet(_)
        | StaffPost::CustomerWrote { .. }
        | StaffPost::CustomerEdited { .. }
        | StaffPost::Changed { .. }
        | StaffPost::Refused { .. }
        | StaffPost::OtherWays { .. }
        | StaffPost::CameTooLate(_) => false,
    }
}

/// What a thread about a case is called: what tells it from others in a list.
pub fn title(packet: &Packet) -> String {
    let urgent = match packet.case.priority {
        Priority::Normal => "",
        Priority::High => "❗ ",
        Priority::Urgent => "🚨 ",
    };
    format!("{urgent}{} · {} · {}", name_of(packet), why(&packet.case.reason), packet.case.id)
}

/// What a button is called.
pub fn label(button: StaffButton) -> &'static str {
    match button {
        StaffButton::Claim => "Claim",
        StaffButton::HandBack => "Hand back to the bot",
        StaffButton::Close => "Close",
    }
}

/// A case in one line.
pub fn case_line(case: &Case) -> String {
    let urgency = match case.priority {
        Priority::Normal => "normal",
        Priority::High => "high",
        Priority::Urgent => "urgent",
    };
    let reopened = match case.reopened {
        0 => String::new(),
        1 => ", reopened once".to_owned(),
        times => format!(", reopened {times} times"),
    };
    format!("Case {}: {}, {urgency}, team {}{reopened}", case.id, why(&case.reason), case.team)
}

/// Why a person is needed, in words.
fn why(reason: &Reason) -> String {
    match reason {
        Reason::AskedForPerson => "asked for a person".to_owned(),
        Reason::Rule(rule) => format!("rule {rule}"),
        Reason::Misses => "the bot had no answer".to_owned(),
        Reason::OfferAccepted => "accepted a person".to_owned(),
        Reason::Upset => "upset".to_owned(),
        Reason::SlotFailed(slot) => format!("could not tell {slot}"),
        Reason::Answer(answer) => format!("needs a person for {answer}"),
        Reason::Elsewhere(answer) => format!("{answer} does not hold where they are"),
        Reason::Unreadable => "sent something the bot cannot read".to_owned(),
        Reason::LongThread => "long without help".to_owned(),
        Reason::TakenOver => "taken over".to_owned(),
    }
}

fn name_of(packet: &Packet) -> &str {
    shown_name(&packet.customer)
}

fn shown_name(name: &str) -> &str {
    if name.is_empty() { "without a name" } else { name }
}

fn packet_text(text: &mut Text, packet: &Packet) {
    text.strong(&case_line(&packet.case)).line();
    text.plain("Customer: ").told(name_of(packet)).plain(&format!(", on {}", packet.platform));
    at_place(text, &packet.place);
    text.plain(&format!(", answer in {}", packet.locale));
    if packet.irritation > 0 {
        text.line().plain(&format!("Irritation: {} of 3", packet.irritation));
        if !packet.cues.is_empty() {
            text.plain(" (").told(&packet.cues.join(", ")).plain(")");
        }
    }
    for (title, value) in &packet.slots {
        text.line().plain(title).plain(": ").told(value);
    }
    if !packet.near.is_empty() {
        let near: Vec<&str> = packet.near.iter().map(|id| id.as_str()).collect();
        text.line().plain(&format!("Came close: {}", near.join(", ")));
    }
    packet.attachments.iter().for_each(|attachment| text.attachment(attachment));
    text.paragraph();
    for (turn, number) in packet.turns.iter().zip(0..) {
        if number > 0 {
            text.line();
        }
        let by = match turn.by {
            By::Customer => "Customer: ",
            By::Bot => "Bot: ",
            By::Agent => "Agent: ",
        };
        text.strong(by).told(if turn.text.is_empty() { "(deleted)" } else { &turn.text });
    }
}

fn change(text: &mut Text, what: &CaseChange) {
    match what {
        CaseChange::Claimed(agent) => text.told(&agent.name).plain(" has the case."),
        CaseChange::Released => text.plain("Back in the queue."),
        CaseChange::Transferred(team) => text.plain(&format!("Now with team {team}.")),
        CaseChange::HandedBack(agent) => text.told(&agent.name).plain(" gave it back to the bot."),
        CaseChange::Resolved(outcome) => text.plain("Ended: ").told(outcome),
        CaseChange::Reopened => text.plain("Open again: the customer wrote."),
        CaseChange::Cancelled => text.plain("Called off by the customer."),
        CaseChange::Delayed => text.plain("Waits for longer than promised."),
        CaseChange::Closing => text.plain("About to be closed: the customer is quiet."),
        CaseChange::Closed => text.plain("Closed."),
        CaseChange::Unanswered => text.plain("Closed: nobody answered it."),
        CaseChange::NotDelivered(reason) => text.plain("The customer did not get the last message: ").told(reason),
        CaseChange::Unreachable(reason) => text.plain("The customer cannot be reached: ").told(reason),
    };
}

fn other_ways(text: &mut Text, ways: &[OtherWay]) {
    text.plain("They have also written to us elsewhere; nothing was sent there:");
    for way in ways {
        at_place(text.line().plain(&format!("on {}", way.platform)), &way.place);
    }
}

fn at_place(text: &mut Text, place: &Place) {
    if place.name.is_empty() {
        text.plain(if place.kind.is_public() { " in public" } else { " in private" });
    } else {
        text.plain(" in ").told(&place.name);
    }
}

fn came_too_late(text: &mut Text, late: &CameTooLate) {
    text.strong(NOT_POSTED).line().plain("The answer came too late to be posted. ");
    text.plain("Customer: ").told(shown_name(&late.customer)).plain(&format!(", on {}", late.platform));
    at_place(text, &late.place);
    for turn in &late.asked {
        text.line().strong(&format!("{}: ", turn.at.strftime("%Y-%m-%d %H:%M UTC"))).told(&turn.text);
    }
}

fn refusal(text: &mut Text, why: &Refusal) {
    match why {
        Refusal::NoCase => text.plain("there is no open case here."),
        Refusal::Taken(owner) => text.told(&owner.name).plain(" has it."),
        Refusal::Changed => text.plain("the case has changed in between."),
        Refusal::NoSuchTeam => text.plain("the voice names no such team."),
        Refusal::Empty => text.plain("there are no words in it."),
    };
}

/// Structured text while it is put together.
#[derive(Default)]
struct Text {
    done: Vec<Vec<Inline>>,
    now: Vec<Inline>,
}

impl Text {
    fn plain(&mut self, text: &str) -> &mut Self {
        self.now.push(Inline::Text { text: text.to_owned(), style: Style::Plain });
        self
    }

    fn strong(&mut self, text: &str) -> &mut Self {
        self.now.push(Inline::Text { text: text.to_owned(), style: Style::Strong });
        self
    }

    fn told(&mut self, text: &str) -> &mut Self {
        self.now.push(Inline::Told { text: text.to_owned(), style: Style::Plain });
        self
    }

    fn line(&mut self) -> &mut Self {
        self.plain("\n")
    }

    fn attachment(&mut self, attachment: &Attachment) {
        match &attachment.url {
            Some(url) => {
                self.line().plain("📎 ");
                self.now.push(Inline::Link { label: attachment.label(), url: url.clone() });
            }
            None => {
                self.line().plain("📎 ").told(&attachment.label());
            }
        }
    }

    fn paragraph(&mut self) {
        self.done.push(std::mem::take(&mut self.now));
    }

    fn done(mut self) -> Content {
        self.paragraph();
        Content { paragraphs: self.done.into_iter().filter(|paragraph| !paragraph.is_empty()).collect() }
    }
}

/// What one of the team typed where the team talks about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// To do something.
    Act(AgentAction),
    /// It looks like a command, and is none: it must not reach the customer.
    NoSuchCommand,
}

/// Reads what one of the team typed: `//` begins a note, `/` or `!` a command, anything else is for the customer.
pub fn read(text: &str, attachments: Vec<Attachment>) -> Typed {
    // What cannot be seen must not hide that it is a note.
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c)).trim_end();
    if let Some(note) = text.strip_prefix("//") {
        return Typed::Act(AgentAction::Note(NoteText::new(note.trim())));
    }
    let Some(command) = text.strip_prefix(['/', '!']).filter(|rest| rest.starts_with(char::is_alphabetic)) else {
        return Typed::Act(AgentAction::Reply { text: text.to_owned(), attachments });
    };
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    // In groups, Telegram writes the bot's name behind a command.
    let name = name.split('@').next().unwrap_or(name).to_lowercase();
    let rest = rest.trim();
    match (name.as_str(), rest) {
        ("claim", "") => Typed::Act(AgentAction::Claim { epoch: None }),
        ("handback", "") => Typed::Act(AgentAction::HandBack),
        ("release", "") => Typed::Act(AgentAction::Release),
        ("close", "") => Typed::Act(StaffButton::Close.action(0)),
        ("close", outcome) => Typed::Act(AgentAction::Close { outcome: outcome.to_owned() }),
        ("transfer", team) if !team.is_empty() => Typed::Act(AgentAction::Transfer { team: TeamId::new(team) }),
        ("note", note) if !note.is_empty() => Typed::Act(AgentAction::Note(NoteText::new(note))),
        _ => Typed::NoSuchCommand,
    }
}

/// Characters that take up no room on a screen: zero-width ones, marks of direction, the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{115F}' | '\u{1160}' | '\u{3164}')
}

/// What the team is told when nothing was done with what somebody typed.
pub fn not_done(why: NotDone) -> Content {
    let mut text = Text::default();
    match why {
        NotDone::NoSuchCommand => text.plain(
            "That is no command, and the customer did not get it. Commands: /claim, /handback, /release, /close OUTCOME, \
             /transfer TEAM, /note TEXT; // begins a note too.",
        ),
        NotDone::Unreadable => text.plain(
            "The customer did not get that: there is nothing in it that the bot can read. On Discord, either mention the bot \
             at the beginning, or switch on the Message Content intent (`message_content` in bot.toml).",
        ),
        NotDone::Anonymous => text.plain(
            "The customer did not get that: it was written as the group, so that nobody can tell who wrote it. Write as \
             yourself (switch off \"Remain anonymous\" in your rights).",
        ),
        NotDone::NoCase => text.plain("Nobody got that: no case is talked about here any more."),
        NotDone::Changed => {
            text.plain("The customer still reads what you wrote first; a change is not passed on. Write it again.")
        }
        NotDone::OnlyNamed => {
            text.plain("The customer got the name of the file, not the file: the bot does not pass files on from here.")
        }
        NotDone::NotAnAgent => {
            text.plain("The customer did not get that: only agents of the brand can answer here. Whoever runs the bot can add you.")
        }
        NotDone::NotTheirWords => text.plain(
            "The customer did not get that: it was forwarded, or another bot wrote it. What is for the customer must be \
             written here.",
        ),
    };
    text.done()
}

/// Why nothing was done with what somebody typed in the team's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotDone {
    /// It looks like a command, and is none.
    NoSuchCommand,
    /// Who typed it is not known as an agent.
    NotAnAgent,
    /// There is nothing in it that the bot can read.
    Unreadable,
    /// It was written as the group, by nobody in particular.
    Anonymous,
    /// No case is talked about here.
    NoCase,
    /// It was changed after it had been sent on.
    Changed,
    /// A file hangs on it that the bot can only name.
    OnlyNamed,
    /// They did not write it themselves: it was forwarded, or comes from another bot.
    NotTheirWords,
}
