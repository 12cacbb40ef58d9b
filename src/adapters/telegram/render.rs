//! Structured text as Telegram's: a text and entities beside it. No markup language is written, so nothing needs escaping
//! (<https://core.telegram.org/bots/api#formatting-options>).

use reqwest::Url;
use teloxide::types::{MessageEntity, MessageEntityKind};

use super::told;
use crate::adapters::split;
use crate::voice::Content;
use crate::voice::content::{Inline, Style};
use crate::voice::template::shown;

/// How much one message may hold: 4,096 characters (<https://core.telegram.org/bots/api#sendmessage>), counted in UTF-16
/// units like everything else there.
pub const MAX_UNITS: usize = 4096;

/// A text for one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    pub text: String,
    pub entities: Vec<MessageEntity>,
}

/// A text in as many messages as it takes.
pub fn pieces(content: &Content) -> Vec<Rendered> {
    let fits = |part: &Content| units(&render(part).text) <= MAX_UNITS;
    split::split(content, fits).iter().map(render).filter(|piece| !piece.text.trim().is_empty()).collect()
}

/// A text for one message, however long.
pub fn render(content: &Content) -> Rendered {
    let mut out = Out::default();
    for (number, paragraph) in content.paragraphs.iter().filter(|paragraph| !paragraph.is_empty()).enumerate() {
        if number > 0 {
            out.push("\n\n");
        }
        for (at, inline) in paragraph.iter().enumerate() {
            out.inline(inline, paragraph.get(at + 1).map_or("", Inline::words));
        }
    }
    Rendered { text: out.text, entities: out.entities }
}

/// The length of a text as Telegram counts it.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text while it is put together.
#[derive(Default)]
struct Out {
    text: String,
    units: usize,
    entities: Vec<MessageEntity>,
}

impl Out {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.units += units(text);
    }

    fn inline(&mut self, inline: &Inline, behind: &str) {
        match inline {
            Inline::Text { text, style } => self.set(text, kind_of(*style)),
            Inline::Told { text, style } => self.told(text, *style, behind),
            Inline::Link { label, url } => self.link(label, url),
        }
    }

    fn told(&mut self, text: &str, style: Style, behind: &str) {
        let mut words = told::unmade(text);
        let before = self.text.chars().next_back();
        if before.zip(words.chars().next()).is_some_and(|(before, first)| told::joins(before, first)) {
            words.insert(0, told::JOINER);
        }
        if words.chars().next_back().is_some_and(|last| told::joins_next(last, behind)) {
            words.push(told::JOINER);
        }
        self.set(&words, kind_of(style));
    }

    fn link(&mut self, label: &str, url: &str) {
        let label = shown(label);
        match Url::parse(url) {
            // `tg:` would be a mention of somebody.
            Ok(address) if !matches!(address.scheme(), "https" | "http") => self.push(&label),
            Ok(address) if label != url => self.set(&label, Some(MessageEntityKind::TextLink { url: address })),
            Ok(_) => self.push(url),
            Err(_) => self.push(&Inline::Link { label, url: url.to_owned() }.to_plain()),
        }
    }

    /// Words with an entity over them, but not over blanks at their ends, which Telegram would cut off.
    fn set(&mut self, text: &str, kind: Option<MessageEntityKind>) {
        let begin = self.units + units(text) - units(text.trim_start());
        let length = units(text.trim());
        self.push(text);
        if let Some(kind) = kind.filter(|_| length > 0) {
            self.entities.push(MessageEntity::new(kind, begin, length));
        }
    }
}

fn kind_of(style: Style) -> Option<MessageEntityKind> {
    match style {
        Style::Plain => None,
        Style::Emphasis => Some(MessageEntityKind::Italic),
        Style::Strong => Some(MessageEntityKind::Bold),
        Style::Code => Some(MessageEntityKind::Code),
    }
}
