//! What people write and do with messages.

use serde_json::json;

use super::Discord;
use super::draft::{Draft, Upload, attachment};
use super::ids::Id;
use super::permissions::{VIEW_CHANNEL, in_channel, to_write};
use super::posting::Origin;
use super::state::{State, kind};

/// A message of a person that is more than a line of text.
#[derive(Default)]
pub struct Saying<'a> {
    pub text: &'a str,
    pub reply_to: Option<Id>,
    /// Name, content type and size of each file.
    pub files: &'a [(&'a str, &'a str, usize)],
}

impl Discord {
    /// Somebody writes in a channel, a thread or a direct message. `<@ID>` in the text mentions. Gives the message.
    #[track_caller]
    pub fn says(&self, user: Id, channel: Id, text: &str) -> Id {
        self.says_more(user, channel, &Saying { text, ..Saying::default() })
    }

    /// The same with a reply or files.
    #[track_caller]
    pub fn says_more(&self, user: Id, channel: Id, saying: &Saying<'_>) -> Id {
        let files = saying.files.iter().enumerate().map(|(number, (name, content_type, size))| {
            let upload = Upload { name: (*name).into(), content_type: (*content_type).into(), size: *size };
            attachment(number, &upload)
        });
        let draft = Draft { attachments: files.collect(), reply_to: saying.reply_to, ..Draft::text(saying.text) };
        let said = self.shared.change(|state| {
            may(state, user, channel)?;
            state.post(user, channel, &draft, Origin::default()).map_err(|error| error.message)
        });
        said.unwrap_or_else(|why| panic!("{}", self.cannot(user, "write", channel, &why)))
    }

    /// Somebody writes to the bot alone. Gives the message.
    #[track_caller]
    pub fn dm(&self, user: Id, text: &str) -> Id {
        let channel = self.dm_channel(user);
        self.says(user, channel, text)
    }

    /// The channel of the direct messages between somebody and the bot.
    pub fn dm_channel(&self, user: Id) -> Id {
        self.shared.change(|state| state.dm_with(user))
    }

    /// A webhook of the guild writes. Gives the message.
    pub fn webhook_says(&self, channel: Id, name: &str, text: &str) -> Id {
        self.shared.change(|state| {
            let author = state.ids.next();
            let origin = Origin { webhook: Some(name.to_owned()), ..Origin::default() };
            state.post(author, channel, &Draft::text(text), origin).expect("a webhook may write")
        })
    }

    /// A message of the system appears, such as 7, somebody joined (docs, resources/message, Message Types).
    pub fn system_message(&self, channel: Id, user: Id, number: u8) -> Id {
        self.shared.change(|state| state.note(channel, user, number, |_| {}))
    }

    /// The author changes a message.
    #[track_caller]
    pub fn edits(&self, message: Id, text: &str) {
        let raw = Some(json!({"content": text}));
        self.shared.change(|state| {
            assert!(state.messages.contains_key(&message), "no message {message} to edit");
            state.edit(message, &Draft { raw, ..Draft::text(text) });
        });
    }

    /// Somebody deletes a message.
    pub fn deletes(&self, message: Id) {
        self.shared.change(|state| state.delete(message));
    }

    /// Somebody reacts to a message.
    pub fn reacts(&self, user: Id, message: Id, emoji: &str) {
        self.shared.change(|state| state.react(user, message, emoji, true));
    }

    /// Somebody takes a reaction back.
    pub fn unreacts(&self, user: Id, message: Id, emoji: &str) {
        self.shared.change(|state| state.react(user, message, emoji, false));
    }

    /// Why a test asks for something that a person cannot do.
    pub(super) fn cannot(&self, user: Id, act: &str, channel: Id, why: &str) -> String {
        let name = self.shared.read(|state| state.name_of(user));
        format!("{name} cannot {act} in {}: {why}\n{}", self.channel_name(channel), self.transcript(channel).join("\n"))
    }
}

/// A person writes only where a person may.
pub fn may(state: &State, user: Id, channel: Id) -> Result<(), String> {
    let place = state.channel(channel).ok_or("there is no such channel")?;
    let held = in_channel(state, user, place);
    if place.kind == kind::FORUM {
        return Err("a forum takes posts, not messages".to_owned());
    }
    match held & VIEW_CHANNEL != 0 {
        false => Err("they do not see it".to_owned()),
        true if held & to_write(place) == 0 => Err("they may not write there".to_owned()),
        true => Ok(()),
    }
}
