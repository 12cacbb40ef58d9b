//! A channel as lines of text, for assertions, for failures and for people.

use serde_json::Value;

use super::Discord;
use super::components;
use super::draft::LOADING;
use super::ids::Id;
use super::state::{Message, State};

impl Discord {
    /// `Alice: hello`, `bot: Hi [Yes] [No]`. An ephemeral message names who sees it, a select shows `{A | B}`, a link
    /// `[Shop ->]`, a disabled button `[-Yes-]`; deleted messages are left out. More lines of a message are indented.
    pub fn transcript(&self, channel: Id) -> Vec<String> {
        self.shared.read(|state| {
            let here = state
                .messages
                .values()
                .filter(|message| message.channel == channel && !message.deleted && message.is_written());
            here.flat_map(|message| lines(state, message)).collect()
        })
    }

    /// All channels with their transcripts.
    pub fn everything(&self) -> String {
        let channels: Vec<Id> = self.shared.read(|state| state.channels.keys().copied().collect());
        let mut text = String::new();
        for channel in channels {
            let lines = self.transcript(channel);
            if !lines.is_empty() {
                text.push_str(&format!("{}\n  {}\n", self.channel_name(channel), lines.join("\n  ")));
            }
        }
        text
    }

    /// `#name`, or whose direct messages it is.
    pub fn channel_name(&self, channel: Id) -> String {
        self.shared.read(|state| match state.channels.get(&channel) {
            Some(channel) => match channel.recipient {
                Some(user) => format!("direct messages with {}", state.name_of(user)),
                None => format!("#{}", channel.name),
            },
            None => "nowhere".to_owned(),
        })
    }
}

fn lines(state: &State, message: &Message) -> Vec<String> {
    let author = message.webhook.clone().unwrap_or_else(|| state.name_of(message.author));
    let reader = message.visible_to.map(|user| format!(" (only {})", state.name_of(user))).unwrap_or_default();
    let mut parts = Vec::new();
    if message.flags & LOADING != 0 {
        parts.push("(thinking)".to_owned());
    }
    if !message.content.is_empty() {
        parts.push(message.content.replace('\n', "\n    "));
    }
    parts.extend(message.embeds.iter().filter_map(embed));
    let file = |file: &Value| format!("(file {})", file["filename"].as_str().unwrap_or("?"));
    parts.extend(message.attachments.iter().map(file));
    parts.extend(components::all(&message.components).map(component));
    let line = format!("{author}{reader}: {}", parts.join(" "));
    line.lines().map(str::to_owned).collect()
}

fn embed(embed: &Value) -> Option<String> {
    let words = [&embed["title"], &embed["description"]].into_iter().filter_map(Value::as_str);
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    for field in embed["fields"].as_array().into_iter().flatten() {
        words.push(format!("{}: {}", text(&field["name"]), text(&field["value"])));
    }
    (!words.is_empty()).then(|| format!("<{}>", words.join(" / ").replace('\n', "\n    ")))
}

fn component(component: &Value) -> String {
    let label =
        if component["label"].is_string() { text(&component["label"]) } else { text(&component["emoji"]["name"]) };
    match component["type"].as_u64() {
        Some(2) if component["disabled"] == true => format!("[-{label}-]"),
        Some(2) if component["url"].is_string() => format!("[{label} ->]"),
        Some(2) => format!("[{label}]"),
        Some(3) => {
            let labels = component["options"].as_array().into_iter().flatten().map(|option| text(&option["label"]));
            format!("{{{}}}", labels.collect::<Vec<_>>().join(" | "))
        }
        _ => "{...}".to_owned(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
