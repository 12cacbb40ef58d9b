//! Buttons under a message (<https://core.telegram.org/bots/api#inlinekeyboardmarkup>).

use reqwest::Url;
use teloxide::types::{InlineKeyboardButton, InlineKeyboardButtonKind, InlineKeyboardMarkup};

use crate::adapters::staff;
use crate::engine::{Outgoing, PrivateWay, StaffPost};
use crate::voice::payload_of;
use crate::voice::template::shown;

/// How long the labels of two choices in one row may be, in characters.
const SHORT: usize = 20;
/// How much a button may carry, in bytes (`callback_data`).
const MAX_DATA_BYTES: usize = 64;
/// How much a link into a private chat may carry (<https://core.telegram.org/bots/features#deep-linking>).
const MAX_PAYLOAD: usize = 64;

/// The buttons under a message to a customer: choices, links, the way into a private chat with the bot.
pub fn of_message(outgoing: &Outgoing, tokens: &[String], bot: &str) -> Option<InlineKeyboardMarkup> {
    let choices = outgoing.choices.iter().zip(tokens).filter_map(|(choice, token)| press(&choice.label, token));
    let mut rows = in_rows(choices.collect());
    rows.extend(outgoing.links.iter().filter_map(|link| leads(&link.label, &link.url)).map(|button| vec![button]));
    rows.extend(outgoing.private_way.as_ref().and_then(|way| into_private(way, bot)).map(|button| vec![button]));
    keyboard(rows)
}

/// The buttons under a post for the team.
pub fn of_post(post: &StaffPost, tokens: &[String]) -> Option<InlineKeyboardMarkup> {
    let buttons = post.buttons().iter().zip(tokens).filter_map(|(button, token)| press(staff::label(*button), token));
    keyboard(in_rows(buttons.collect()))
}

/// What is left of some buttons when one was pressed: that one, ticked, so that the chat still tells what was chosen, and
/// those that only lead somewhere.
pub fn pressed_of(keyboard: &InlineKeyboardMarkup, data: &str) -> InlineKeyboardMarkup {
    let is_pressed = |button: &InlineKeyboardButton| button.kind == InlineKeyboardButtonKind::CallbackData(data.into());
    let leads = |button: &InlineKeyboardButton| matches!(button.kind, InlineKeyboardButtonKind::Url(_));
    let mut left = kept(keyboard, |button| is_pressed(button) || leads(button));
    for button in left.inline_keyboard.iter_mut().flatten().filter(|button| is_pressed(button)) {
        button.text = format!("✓ {}", button.text);
    }
    left
}

/// Those of some buttons that can be pressed.
pub fn presses_of(keyboard: &InlineKeyboardMarkup) -> InlineKeyboardMarkup {
    kept(keyboard, |button| matches!(button.kind, InlineKeyboardButtonKind::CallbackData(_)))
}

fn kept(keyboard: &InlineKeyboardMarkup, keep: impl Fn(&InlineKeyboardButton) -> bool) -> InlineKeyboardMarkup {
    let rows = keyboard.inline_keyboard.iter();
    let rows = rows.map(|row| row.iter().filter(|button| keep(button)).cloned().collect::<Vec<_>>());
    InlineKeyboardMarkup::new(rows.filter(|row| !row.is_empty()))
}

fn press(label: &str, token: &str) -> Option<InlineKeyboardButton> {
    let label = shown(label);
    let fits = !label.trim().is_empty() && (1..=MAX_DATA_BYTES).contains(&token.len());
    fits.then(|| InlineKeyboardButton::callback(label, token))
}

fn leads(label: &str, url: &str) -> Option<InlineKeyboardButton> {
    let label = shown(label);
    Url::parse(url).ok().filter(|_| !label.trim().is_empty()).map(|url| InlineKeyboardButton::url(label, url))
}

fn into_private(way: &PrivateWay, bot: &str) -> Option<InlineKeyboardButton> {
    if bot.is_empty() {
        return None;
    }
    let about = way.about.as_ref().map(payload_of).filter(|payload| payload.len() <= MAX_PAYLOAD);
    let start = about.map(|about| format!("?start={about}")).unwrap_or_default();
    leads(&way.label, &format!("https://t.me/{bot}{start}"))
}

/// One choice a row; two where both are short.
fn in_rows(buttons: Vec<InlineKeyboardButton>) -> Vec<Vec<InlineKeyboardButton>> {
    let short = |button: &InlineKeyboardButton| button.text.chars().count() <= SHORT;
    let mut rows: Vec<Vec<InlineKeyboardButton>> = Vec::new();
    for button in buttons {
        match rows.last_mut() {
            Some(row) if row.len() == 1 && row.iter().all(short) && short(&button) => row.push(button),
            _ => rows.push(vec![button]),
        }
    }
    rows
}

fn keyboard(rows: Vec<Vec<InlineKeyboardButton>>) -> Option<InlineKeyboardMarkup> {
    (!rows.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
}
