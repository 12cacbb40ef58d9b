//! Files people send.

use serde_json::{Value, json};

use super::args::Args;
use super::failure::{Answer, bad};
use super::world::World;

/// What a person sends besides text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// A photo in two sizes.
    Photo,
    /// A sticker with its emoji.
    Sticker(String),
    /// A voice message of so many seconds.
    Voice(u32),
    /// A file with its name, MIME type and size in bytes.
    Document { name: String, mime: String, size: u64 },
}

#[derive(Clone, Debug)]
pub struct FileState {
    pub path: String,
    pub size: u64,
}

/// "For the moment, bots can download files of up to 20MB in size" (Bot API, getFile).
const MOST_DOWNLOAD: u64 = 20 * 1024 * 1024;

impl World {
    fn file(&mut self, path: impl FnOnce(i64) -> String, size: u64) -> Value {
        let number = self.next();
        let id = format!("file-{number}");
        self.files.insert(id.clone(), FileState { path: path(number), size });
        json!({ "file_id": id, "file_unique_id": format!("unique-{number}"), "file_size": size })
    }

    /// The field of a message that shows it, and its value (Bot API, PhotoSize, Sticker, Voice, Document).
    pub fn attach(&mut self, attachment: &Attachment) -> (&'static str, Value) {
        match attachment {
            Attachment::Photo => {
                let sizes: [(u32, u64); 2] = [(90, 1_500), (800, 60_000)];
                let photo = sizes.map(|(side, bytes)| {
                    let mut size = self.file(|number| format!("photos/file_{number}.jpg"), bytes);
                    size["width"] = json!(side);
                    size["height"] = json!(side);
                    size
                });
                ("photo", json!(photo))
            }
            Attachment::Sticker(emoji) => {
                let mut sticker = self.file(|number| format!("stickers/file_{number}.webp"), 20_000);
                sticker["type"] = json!("regular");
                sticker["width"] = json!(512);
                sticker["height"] = json!(512);
                sticker["is_animated"] = json!(false);
                sticker["is_video"] = json!(false);
                sticker["emoji"] = json!(emoji);
                ("sticker", sticker)
            }
            Attachment::Voice(seconds) => {
                let mut voice = self.file(|number| format!("voice/file_{number}.oga"), 4_000 * u64::from(*seconds));
                voice["duration"] = json!(seconds);
                voice["mime_type"] = json!("audio/ogg");
                ("voice", voice)
            }
            Attachment::Document { name, mime, size } => {
                let mut document = self.file(|number| format!("documents/file_{number}"), *size);
                document["file_name"] = json!(name);
                document["mime_type"] = json!(mime);
                ("document", document)
            }
        }
    }
}

/// getFile: "The file can then be downloaded via the link https://api.telegram.org/file/bot<token>/<file_path>".
pub fn get_file(world: &World, args: &Args) -> Answer {
    let id = args.text("file_id").unwrap_or_default();
    let file = world.files.get(&id).ok_or_else(|| bad("invalid file_id"))?;
    if file.size > MOST_DOWNLOAD {
        return Err(bad("file is too big"));
    }
    Ok(json!({
        "file_id": id,
        "file_unique_id": id.replace("file-", "unique-"),
        "file_size": file.size,
        "file_path": file.path,
    }))
}

/// What a download gives: so many bytes, all zero.
pub fn content(world: &World, path: &str) -> Option<Vec<u8>> {
    let file = world.files.values().find(|file| file.path == path && file.size <= MOST_DOWNLOAD)?;
    Some(vec![0; file.size as usize])
}
