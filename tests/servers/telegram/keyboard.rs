//! Inline keyboards.

use serde_json::Value;

use super::args::Args;
use super::failure::{Failure, bad};

/// The inline keyboard of a call, if it has one with buttons. Other kinds of reply markup are taken and kept as they are.
pub fn checked(args: &Args) -> Result<Option<Value>, Failure> {
    let Some(markup) = args.get("reply_markup") else { return Ok(None) };
    if !markup.is_object() {
        return Err(bad("object expected as reply markup"));
    }
    let Some(rows) = markup.get("inline_keyboard") else { return Ok(Some(markup.clone())) };
    let wrong = || bad("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays");
    let rows = rows.as_array().ok_or_else(wrong)?;
    let mut any = false;
    for row in rows {
        for button in row.as_array().ok_or_else(wrong)? {
            any = true;
            check(button)?;
        }
    }
    Ok(any.then(|| markup.clone()))
}

/// "Exactly one of the fields other than text, icon_custom_emoji_id, and style must be used to specify the type of the
/// button" (Bot API, InlineKeyboardButton).
fn check(button: &Value) -> Result<(), Failure> {
    if button["text"].as_str().unwrap_or_default().is_empty() {
        return Err(bad("can't parse inline keyboard button: Field \"text\" must be of type String"));
    }
    if let Some(data) = button.get("callback_data") {
        // "Data to be sent in a callback query to the bot when the button is pressed, 1-64 bytes".
        return match data.as_str() {
            Some(data) if (1..=64).contains(&data.len()) => Ok(()),
            _ => Err(bad("BUTTON_DATA_INVALID")),
        };
    }
    if let Some(url) = button.get("url") {
        return match url.as_str().map(reqwest::Url::parse) {
            Some(Ok(_)) => Ok(()),
            _ => Err(bad("BUTTON_URL_INVALID")),
        };
    }
    let kinds = ["web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat", "copy_text"];
    if kinds.iter().any(|kind| button.get(*kind).is_some()) {
        return Ok(());
    }
    Err(bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"))
}
