//! The bodies of messages (<https://discord.com/developers/docs/resources/message#create-message>).
//!
//! serenity's own body of a message holds fields that follow-ups and posts of a forum do not know, so this one is ours; what
//! it holds (mentions, buttons, menus) is made by serenity.

use serde_json::{Map, Value, json};
use serenity::builder::CreateAllowedMentions;
use serenity::model::id::UserId;

use super::buttons::Components;
use super::request::Part;
use crate::adapters::discord::markup::{fits, render, render_plain};
use crate::adapters::split::split;
use crate::engine::OutboxId;
use crate::voice::Content;

/// No previews of links under a message
/// (<https://discord.com/developers/docs/resources/message#message-object-message-flags>).
pub(in crate::adapters::discord) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// The longest nonce.
const LONGEST_NONCE: usize = 25;

/// What goes with the words.
pub(in crate::adapters::discord) struct Shape<'a> {
    /// The row of the outbox: sent again, it is no second message.
    pub nonce: OutboxId,
    /// The channel and the message that it replies to.
    pub replies_to: Option<(&'a str, &'a str)>,
    /// Who may be pinged: whoever is replied to, and nobody else (threat 1 of the domain notes).
    pub mentions: Option<&'a str>,
}

/// The messages that say something: as many as are needed, the buttons under the last one.
pub(in crate::adapters::discord) fn parts(content: &Content, components: &Components, shape: &Shape<'_>) -> Vec<Part> {
    let mut content = content.clone();
    content.append(components.in_words.clone());
    let texts = split(&content, fits);
    let last = texts.len().saturating_sub(1);
    let part = |(number, text): (usize, &Content)| {
        let components = (number == last).then_some(components);
        let base = base(shape, number);
        let mut body = base.clone();
        body.insert("content".to_owned(), render(text).into());
        if let Some(rows) = components.map(|components| &components.rows).filter(|rows| !rows.is_empty()) {
            body.insert("components".to_owned(), serde_json::to_value(rows).unwrap_or_default());
        }
        let mut plain = base;
        plain.insert("content".to_owned(), plainly(text, components).into());
        Part { body: Value::Object(body), plain: Value::Object(plain) }
    };
    texts.iter().enumerate().map(part).collect()
}

/// The words with choices and links as lines of text, as far as there is room: a choice can be typed as well.
fn plainly(text: &Content, components: Option<&Components>) -> String {
    let mut longer = text.clone();
    longer.append(components.map(|components| components.as_words()).unwrap_or_default());
    if fits(&longer) { render_plain(&longer) } else { render_plain(text) }
}

fn base(shape: &Shape<'_>, number: usize) -> Map<String, Value> {
    let mut nonce = format!("{}-{number}", shape.nonce);
    nonce.truncate(LONGEST_NONCE);
    let first = number == 0;
    let mut body = Map::from_iter([
        ("flags".to_owned(), SUPPRESS_EMBEDS.into()),
        ("allowed_mentions".to_owned(), mentions(shape.mentions.filter(|_| first))),
        ("nonce".to_owned(), nonce.into()),
        ("enforce_nonce".to_owned(), true.into()),
    ]);
    if let Some((channel, message)) = shape.replies_to.filter(|_| first) {
        let reference = json!({ "channel_id": channel, "message_id": message, "fail_if_not_exists": false });
        body.insert("message_reference".to_owned(), reference);
    }
    body
}

/// Who may be pinged. Said with every message: left out, a message pings whomever it names
/// (<https://discord.com/developers/docs/resources/message#allowed-mentions-object>).
pub(in crate::adapters::discord) fn mentions(user: Option<&str>) -> Value {
    let nobody = CreateAllowedMentions::new();
    let user = user.and_then(|id| id.parse().ok()).filter(|id| *id != 0).map(UserId::new);
    let allowed = match user {
        Some(user) => nobody.users([user]).replied_user(true),
        None => nobody.replied_user(false),
    };
    serde_json::to_value(allowed).unwrap_or_else(|_| json!({ "parse": [] }))
}

/// The body as a follow-up to an interaction, where a nonce and a reply mean nothing
/// (<https://discord.com/developers/docs/resources/webhook#execute-webhook>).
pub(in crate::adapters::discord) fn as_follow_up(body: &Value, ephemeral: u64) -> Value {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        for field in ["nonce", "enforce_nonce", "message_reference"] {
            fields.remove(field);
        }
        fields.insert("allowed_mentions".to_owned(), mentions(None));
        fields.insert("flags".to_owned(), (SUPPRESS_EMBEDS | ephemeral).into());
    }
    body
}

/// The body as the first message of a thread, which replies to nothing.
pub(in crate::adapters::discord) fn in_thread(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("message_reference");
        fields.insert("allowed_mentions".to_owned(), mentions(None));
    }
    body
}

/// The body as the message that opens a post of a forum
/// (<https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel>).
pub(in crate::adapters::discord) fn in_forum(body: &Value) -> Value {
    let mut body = in_thread(body);
    if let Some(fields) = body.as_object_mut() {
        fields.remove("nonce");
        fields.remove("enforce_nonce");
    }
    body
}
