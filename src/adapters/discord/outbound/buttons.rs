//! Choices and links under a message (<https://discord.com/developers/docs/components/reference>).

use serenity::builder::{
    CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};
use serenity::model::application::ButtonStyle;

use crate::adapters::discord::markup::line;
use crate::adapters::staff;
use crate::engine::{LinkButton, Outgoing, PrivateWay, StaffButton};
use crate::voice::Content;
use crate::voice::content::{Inline, Style};

/// Rows under a message, buttons in a row, entries of a menu.
const ROWS: usize = 5;
const IN_ROW: usize = 5;
const IN_MENU: usize = 25;
/// The longest label of a button and of an entry, and the longest address of a link.
const LONGEST_LABEL: usize = 80;
const LONGEST_ENTRY: usize = 100;
const LONGEST_URL: usize = 512;
/// Where a person is shown to whom one can write: Discord has no address of a private chat.
const PROFILES: &str = "https://discord.com/users/";

/// What stands under a message.
#[derive(Clone, Debug, Default)]
pub(in crate::adapters::discord) struct Components {
    /// Buttons, menus and links.
    pub rows: Vec<CreateActionRow>,
    /// Links that no button can hold, in words.
    pub in_words: Content,
    /// The labels of the choices.
    choices: Vec<String>,
    links: Vec<LinkButton>,
}

impl Components {
    /// All of it in words: choices by number, as they can be typed, and links.
    pub(in crate::adapters::discord) fn as_words(&self) -> Content {
        let choices = self
            .choices
            .iter()
            .zip(1..)
            .map(|(label, number)| vec![Inline::Text { text: format!("{number}. {label}"), style: Style::Plain }]);
        let links = self.links.iter().map(in_words);
        Content { paragraphs: choices.chain(links).collect() }
    }
}

/// What stands under a message for a customer; `private`: a way to the bot's private chat, and the bot's number.
pub(in crate::adapters::discord) fn under(
    outgoing: &Outgoing,
    tokens: &[String],
    private: Option<(&PrivateWay, u64)>,
) -> Components {
    let choices: Vec<(&str, &str)> =
        outgoing.choices.iter().map(|choice| choice.label.as_str()).zip(tokens.iter().map(String::as_str)).collect();
    let mut rows = if choices.len() > IN_ROW { menus(&choices) } else { button_rows(&choices) };
    let private = private.map(|(way, me)| LinkButton { label: way.label.clone(), url: format!("{PROFILES}{me}") });
    let links: Vec<LinkButton> = outgoing.links.iter().cloned().chain(private).collect();
    let (short, long): (Vec<_>, Vec<_>) = links.into_iter().partition(|link| link.url.len() <= LONGEST_URL);
    let room = ROWS.saturating_sub(rows.len());
    rows.extend(short.chunks(IN_ROW).take(room).map(|row| CreateActionRow::Buttons(row.iter().map(link).collect())));
    let in_words = Content { paragraphs: long.iter().map(in_words).collect() };
    let choices = choices.iter().map(|(label, _)| line(label, LONGEST_ENTRY)).collect();
    Components { rows, in_words, choices, links: short }
}

/// What stands under a post for the team.
pub(in crate::adapters::discord) fn for_team(buttons: &[StaffButton], tokens: &[String]) -> Components {
    let buttons: Vec<(&str, &str)> =
        buttons.iter().map(|button| staff::label(*button)).zip(tokens.iter().map(String::as_str)).collect();
    Components { rows: button_rows(&buttons), ..Components::default() }
}

fn button_rows(buttons: &[(&str, &str)]) -> Vec<CreateActionRow> {
    let button = |(label, token): &(&str, &str)| {
        CreateButton::new(*token).label(visible(label, LONGEST_LABEL)).style(ButtonStyle::Secondary)
    };
    buttons.chunks(IN_ROW).take(ROWS).map(|row| CreateActionRow::Buttons(row.iter().map(button).collect())).collect()
}

/// Menus for more choices than buttons are good for. Each carries its own choices; its own name says nothing.
fn menus(choices: &[(&str, &str)]) -> Vec<CreateActionRow> {
    let entry = |(label, token): &(&str, &str)| CreateSelectMenuOption::new(visible(label, LONGEST_ENTRY), *token);
    let menu = |(number, choices): (usize, &[(&str, &str)])| {
        let options = choices.iter().map(entry).collect();
        CreateActionRow::SelectMenu(CreateSelectMenu::new(
            format!("menu-{number}"),
            CreateSelectMenuKind::String { options },
        ))
    };
    choices.chunks(IN_MENU).take(ROWS).enumerate().map(menu).collect()
}

fn link(link: &LinkButton) -> CreateButton {
    CreateButton::new_link(&link.url).label(visible(&link.label, LONGEST_LABEL))
}

fn in_words(link: &LinkButton) -> Vec<Inline> {
    vec![Inline::Link { label: link.label.clone(), url: link.url.clone() }]
}

/// A label with something in it: one without is refused.
fn visible(label: &str, longest: usize) -> String {
    let label = line(label, longest);
    if label.is_empty() { "…".to_owned() } else { label }
}
