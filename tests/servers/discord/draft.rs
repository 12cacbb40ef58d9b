//! The body of a message, checked. Discord docs, resources/message, Create Message and Embed Limits.

use serde_json::{Value, json};

use super::components;
use super::errors::{ApiError, form, too_long};
use super::ids::{Id, id_of};
use super::mentions::Allowed;

pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
pub const EPHEMERAL: u64 = 1 << 6;
pub const LOADING: u64 = 1 << 7;
pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
pub const COMPONENTS_V2: u64 = 1 << 15;

/// A file that came with a request.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub content_type: String,
    pub size: usize,
}

/// A message that may be written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub attachments: Vec<Value>,
    pub flags: u64,
    pub allowed: Option<Allowed>,
    pub reply_to: Option<Id>,
    /// A reply to nothing becomes an ordinary message instead of an error.
    pub reply_may_fail: bool,
    pub nonce: Option<Value>,
    pub enforce_nonce: bool,
    pub raw: Option<Value>,
}

impl Draft {
    /// Plain words.
    pub fn text(text: &str) -> Draft {
        Draft { content: text.to_owned(), ..Draft::default() }
    }

    /// Reads and checks a body. `partial`: it changes a message, so that it may be empty.
    pub fn read(body: &Value, files: &[Upload], partial: bool) -> Result<Draft, ApiError> {
        parts(body)?;
        let mut draft = Draft::text(body["content"].as_str().unwrap_or_default());
        draft.embeds = list(&body["embeds"]);
        draft.components = list(&body["components"]);
        draft.attachments = files.iter().enumerate().map(|(number, file)| attachment(number, file)).collect();
        draft.flags = body["flags"].as_u64().unwrap_or(0);
        draft.enforce_nonce = body["enforce_nonce"].as_bool().unwrap_or(false);
        draft.nonce = Some(body["nonce"].clone()).filter(|nonce| !nonce.is_null());
        if !body["allowed_mentions"].is_null() {
            draft.allowed = Some(Allowed::read(&body["allowed_mentions"])?);
        }
        let reference = &body["message_reference"];
        draft.reply_to = id_of(&reference["message_id"]);
        draft.reply_may_fail = reference["fail_if_not_exists"] == json!(false);
        draft.raw = Some(body.clone());
        let nothing = draft.content.trim().is_empty()
            && draft.embeds.is_empty()
            && draft.components.is_empty()
            && files.is_empty()
            && body["sticker_ids"].as_array().is_none_or(Vec::is_empty)
            && body["poll"].is_null();
        if nothing && !partial {
            return Err(ApiError::new(400, 50006, "Cannot send an empty message"));
        }
        Ok(draft)
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Checks each part for itself.
fn parts(body: &Value) -> Result<(), ApiError> {
    if !body.is_object() {
        return Err(ApiError::new(400, 50109, "The request body contains invalid JSON."));
    }
    let content = &body["content"];
    if !content.is_null() && !content.is_string() {
        return Err(form("content", "BASE_TYPE_STRING", "Could not interpret as string."));
    }
    if content.as_str().is_some_and(|text| text.chars().count() > 2000) {
        return Err(too_long("content", 2000));
    }
    if body["nonce"].as_str().is_some_and(|nonce| nonce.chars().count() > 25) {
        return Err(too_long("nonce", 25));
    }
    if body["flags"].as_u64().unwrap_or(0) & COMPONENTS_V2 != 0 {
        // This server knows only the older components; refusing says so louder than wrong answers would.
        return Err(form("flags", "UNSUPPORTED_HERE", "This server does not know Components V2."));
    }
    embeds(body["embeds"].as_array().map(Vec::as_slice).unwrap_or_default())?;
    components::check(body["components"].as_array().map(Vec::as_slice).unwrap_or_default())
}

/// Docs, resources/message, Embed Limits; lengths count after trimming.
fn embeds(embeds: &[Value]) -> Result<(), ApiError> {
    if embeds.len() > 10 {
        return Err(too_long("embeds", 10));
    }
    let length = |value: &Value| value.as_str().unwrap_or_default().trim().chars().count();
    let mut total = 0;
    for (number, embed) in embeds.iter().enumerate() {
        let path = format!("embeds.{number}");
        let parts = [
            ("title", &embed["title"], 256),
            ("description", &embed["description"], 4096),
            ("footer.text", &embed["footer"]["text"], 2048),
            ("author.name", &embed["author"]["name"], 256),
        ];
        for (part, value, limit) in parts {
            total += length(value);
            if length(value) > limit {
                return Err(too_long(&format!("{path}.{part}"), limit));
            }
        }
        let fields = embed["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
        if fields.len() > 25 {
            return Err(too_long(&format!("{path}.fields"), 25));
        }
        for (place, field) in fields.iter().enumerate() {
            for (part, limit) in [("name", 256), ("value", 1024)] {
                total += length(&field[part]);
                if length(&field[part]) > limit {
                    return Err(too_long(&format!("{path}.fields.{place}.{part}"), limit));
                }
            }
        }
    }
    if total > 6000 {
        return Err(form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000"));
    }
    Ok(())
}

/// An attachment object.
pub fn attachment(number: usize, file: &Upload) -> Value {
    let url = format!("https://cdn.discordapp.com/attachments/{}/{}", number + 1, file.name);
    json!({
        "id": (number + 1).to_string(), "filename": file.name, "content_type": file.content_type,
        "size": file.size, "url": url, "proxy_url": url,
    })
}
