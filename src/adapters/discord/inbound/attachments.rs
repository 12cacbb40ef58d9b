//! What hangs on a message. It is named and linked for the team, never fetched (threat 15 of the domain notes).

use serenity::model::channel::Attachment as Wire;
use serenity::model::sticker::StickerItem;

use crate::engine::Attachment;
use crate::voice::template::is_showable;

/// Where Discord keeps what people attach (<https://discord.com/developers/docs/reference#signed-attachment-cdn-urls>). An
/// address elsewhere is not Discord's word for a file.
const HOSTS: &[&str] = &["https://cdn.discordapp.com/", "https://media.discordapp.net/"];
/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 100;

/// Our words for what hangs on a message, by the beginning of the type that Discord reports.
const KINDS: &[(&str, &str)] = &[("image/", "photo"), ("video/", "video"), ("audio/", "voice")];

pub(super) fn file(file: &Wire) -> Attachment {
    let reported = file.content_type.as_deref().unwrap_or_default();
    let kind = KINDS.iter().find(|(begin, _)| reported.starts_with(begin)).map_or("file", |(_, kind)| kind);
    Attachment { kind: kind.to_owned(), name: clean(&file.filename), url: safe(&file.url) }
}

pub(super) fn sticker(sticker: &StickerItem) -> Attachment {
    Attachment { kind: "sticker".to_owned(), name: clean(&sticker.name), url: None }
}

/// A name on one line, without a folder in it.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let shown: String = last.chars().filter(|c| is_showable(*c)).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect()
}

fn safe(url: &str) -> Option<String> {
    let fine = HOSTS.iter().any(|host| url.starts_with(host)) && url.chars().all(|c| c.is_ascii_graphic());
    fine.then(|| url.to_owned())
}
