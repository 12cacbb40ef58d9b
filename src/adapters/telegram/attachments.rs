//! What hangs on a message: named, never fetched. The addresses of Telegram's files hold the bot's token
//! (<https://core.telegram.org/bots/api#getfile>), so none is ever given on.

use serde_json::Value;

use super::wire::Message;
use super::words;
use crate::engine::Attachment;

/// The keys of a message that are contents, what each is called, and where its name stands
/// (<https://core.telegram.org/bots/api#message>). The first that is there counts: an animation comes as a document as well,
/// and a venue as a location.
const CONTENTS: &[(&str, &str, &str)] = &[
    ("animation", "animation", "file_name"),
    ("venue", "venue", "title"),
    ("photo", "photo", ""),
    ("voice", "voice", ""),
    ("video_note", "video note", ""),
    ("video", "video", "file_name"),
    ("audio", "audio", "file_name"),
    ("document", "file", "file_name"),
    ("sticker", "sticker", "emoji"),
    ("location", "location", ""),
    ("contact", "contact", ""),
    ("dice", "dice", "emoji"),
    ("poll", "poll", ""),
    ("game", "game", "title"),
    ("story", "story", ""),
    ("paid_media", "paid media", ""),
    ("checklist", "checklist", ""),
    ("invoice", "invoice", ""),
];

/// What Telegram writes by itself: somebody came, something was pinned. It concerns nobody here.
const SERVICE: &[&str] = &[
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "pinned_message",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway",
    "giveaway_winners",
    "giveaway_completed",
    "paid_message_price_changed",
    "direct_message_price_changed",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "gift",
    "unique_gift",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "web_app_data",
];

/// What hangs on a message.
pub fn of(message: &Message) -> Vec<Attachment> {
    let found = CONTENTS.iter().find_map(|(key, kind, name)| {
        let content = message.rest.get(*key)?;
        let name = content.get(name).and_then(Value::as_str).unwrap_or_default();
        // Of a path, only the last part is a name.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        Some(Attachment { kind: (*kind).to_owned(), name: words::clean(name), url: None })
    });
    found.into_iter().collect()
}

/// Whether it is Telegram itself that speaks.
pub fn is_service(message: &Message) -> bool {
    SERVICE.iter().any(|key| message.rest.contains_key(*key))
}
