//! Commands and buttons (<https://discord.com/developers/docs/interactions/receiving-and-responding>).

use serenity::model::application::{CommandDataOptionValue, CommandInteraction, ComponentInteraction};
use serenity::model::application::{CommandType, ComponentInteractionDataKind};
use serenity::model::channel::MessageFlags;

use crate::adapters::Incoming;
use crate::adapters::discord::NAME;
use crate::adapters::discord::commands;
use crate::adapters::discord::place::{View, Whereabouts, born, sender};
use crate::adapters::discord::via::Via;
use crate::engine::{AuthorKind, Command, Event as Ours, Message, Press, To};
use crate::voice::Platform;

/// How an interaction goes by as an event.
fn event_id(interaction: u64) -> String {
    format!("interaction:{interaction}")
}

/// How whoever used a command is answered: in a server so that only they see it.
pub(in crate::adapters::discord) fn via_command(command: &CommandInteraction) -> Via {
    let at = born(command.id.get());
    Via::of(command.application_id.get(), &command.token, at, command.guild_id.is_some()).opened()
}

/// Whether only whoever pressed a button sees the message that it is under.
pub(in crate::adapters::discord) fn is_ephemeral(component: &ComponentInteraction) -> bool {
    component.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}

impl View<'_> {
    pub(super) fn command(&self, command: &CommandInteraction) -> Option<Incoming> {
        if command.data.kind != CommandType::ChatInput {
            return None;
        }
        let (id, at) = (command.id.get(), born(command.id.get()));
        let place =
            self.beside(command.guild_id.map(|id| id.get()), command.channel_id.get(), command.user.id.get())?;
        let event = match command.data.name.as_str() {
            commands::ASK => Ours::Message(question(command)?),
            commands::HUMAN => Ours::Command(Command::Human),
            commands::PRIVACY => Ours::Command(Command::Privacy),
            commands::HELP => Ours::Command(Command::Help),
            _ => return None,
        };
        let nick = command.member.as_ref().and_then(|member| member.nick.as_deref());
        let sender = sender(&command.user, nick, Some(&command.locale));
        let to = To::Customer { sender, place, via: via_command(command).write() };
        Some(self.event(event_id(id), at, to, event))
    }

    pub(super) fn press(&self, component: &ComponentInteraction) -> Option<Incoming> {
        let (server, channel) = (component.guild_id.map(|id| id.get()), component.channel_id.get());
        let place = match self.whereabouts(server, channel) {
            Whereabouts::Customers(place) => match is_ephemeral(component) {
                true => self.beside(server, channel, component.user.id.get())?.id,
                false => place.id,
            },
            Whereabouts::Case(thread) => thread.to_string(),
            Whereabouts::Elsewhere => return None,
        };
        let at = born(component.id.get());
        let via = is_ephemeral(component)
            .then(|| Via::of(component.application_id.get(), &component.token, at, true).write())
            .flatten();
        let roles = component.member.as_ref().map(|member| member.roles.as_slice()).unwrap_or_default();
        let nick = component.member.as_ref().and_then(|member| member.nick.as_deref());
        Some(Incoming::Press(Press {
            brand: self.setup.brand.clone(),
            platform: Platform::from(NAME),
            event_id: event_id(component.id.get()),
            at,
            token: token(component).to_owned(),
            by: component.user.id.to_string(),
            agent: self.agent(&component.user, roles, nick),
            place,
            via,
        }))
    }
}

/// What a button carries, or the chosen entry of a menu.
#[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
pub(in crate::adapters::discord) fn token(component: &ComponentInteraction) -> &str {
    match &component.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.first().map_or("", String::as_str),
        _ => &component.data.custom_id,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
fn question(command: &CommandInteraction) -> Option<Message> {
    let text = command.data.options.iter().find_map(|option| match &option.value {
        CommandDataOptionValue::String(text) if option.name == commands::QUESTION => Some(text.trim()),
        _ => None,
    })?;
    let at = born(command.id.get());
    let message = Message {
        id: command.id.to_string(),
        at,
        text: text.to_owned(),
        author: AuthorKind::Person,
        by_command: true,
        ..Message::default()
    };
    (!text.is_empty()).then_some(message)
}
