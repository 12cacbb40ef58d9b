//! Structured text as Discord's Markdown
//! (<https://support.discord.com/hc/en-us/articles/210298617>, <https://discord.com/developers/docs/reference#message-formatting>).
//!
//! Only the voice's own styles and links are markup. Everything else is escaped, so that it reads as it was written
//! (threat 2 of the domain notes).

mod escape;
#[cfg(test)]
mod tests;

use crate::voice::Content;
use crate::voice::content::{Inline, Style};
use crate::voice::template::shown;
use escape::Writer;

/// The longest message, as Discord counts (<https://discord.com/developers/docs/resources/message#create-message>).
pub(super) const LONGEST: usize = 2000;
/// Keeps two styles apart that stand side by side, and what would ping everybody from doing so. It is not seen.
const NOTHING: char = '\u{200B}';

/// A text as Markdown.
pub(super) fn render(content: &Content) -> String {
    rendered(content, true)
}

/// A text with nothing in it that is markup: for when Discord refuses it otherwise.
pub(super) fn render_plain(content: &Content) -> String {
    rendered(content, false)
}

/// Whether a text is short enough for one message. Counted in UTF-16 units, which is never less than what Discord counts.
pub(super) fn fits(content: &Content) -> bool {
    render(content).encode_utf16().count() <= LONGEST && render_plain(content).encode_utf16().count() <= LONGEST
}

/// A text on one line without anything that is not seen, cut to a number of UTF-16 units: for labels and titles, where
/// Discord reads no markup.
pub(super) fn line(text: &str, longest: usize) -> String {
    let text = shown(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.encode_utf16().count() <= longest {
        return text;
    }
    let mut cut = String::new();
    let mut units = 1;
    for grapheme in unicode_segmentation::UnicodeSegmentation::graphemes(text.as_str(), true) {
        units += grapheme.encode_utf16().count();
        if units > longest {
            break;
        }
        cut.push_str(grapheme);
    }
    format!("{}…", cut.trim_end())
}

fn rendered(content: &Content, styled: bool) -> String {
    let mut writer = Writer::default();
    for (number, paragraph) in content.paragraphs.iter().filter(|paragraph| !paragraph.is_empty()).enumerate() {
        if number > 0 {
            writer.markup("\n\n");
        }
        paragraph.iter().for_each(|inline| write(&mut writer, inline, styled));
    }
    writer.done()
}

fn write(writer: &mut Writer, inline: &Inline, styled: bool) {
    match inline {
        Inline::Text { text, style } | Inline::Told { text, style } if styled => set(writer, text, *style),
        Inline::Text { text, .. } | Inline::Told { text, .. } => plain(writer, text),
        Inline::Link { label, url } if styled && is_web(url) => link(writer, label, url),
        Inline::Link { .. } => plain(writer, &inline.to_plain()),
    }
}

fn plain(writer: &mut Writer, text: &str) {
    writer.words(&shown(text));
}

/// Sets words in a style. Blanks at either end stay outside, because no style begins or ends with one.
fn set(writer: &mut Writer, text: &str, style: Style) {
    let text = shown(text);
    let core = text.trim();
    let mark = match style {
        Style::Emphasis => "*",
        Style::Strong => "**",
        // There is no way to write a backtick between backticks that every client reads alike.
        Style::Code if !core.contains(['`', '\n']) => "`",
        Style::Code | Style::Plain => "",
    };
    if mark.is_empty() || core.is_empty() {
        return writer.words(&text);
    }
    let (before, after) = text.split_at(text.len() - text.trim_start().len());
    let behind = after.strip_prefix(core).unwrap_or_default();
    writer.words(before);
    writer.open(mark);
    if style == Style::Code {
        writer.markup(core)
    } else {
        writer.words(core)
    }
    writer.close(mark);
    writer.words(behind);
}

/// A link whose address shows no preview, because of the angle brackets.
fn link(writer: &mut Writer, label: &str, url: &str) {
    let address: String = shown(url).chars().filter_map(encoded).collect();
    let label = shown(label).split_whitespace().collect::<Vec<_>>().join(" ");
    if label.is_empty() || label == url {
        writer.markup(&format!("<{address}>"));
    } else {
        writer.open("[");
        writer.words(&label);
        writer.close(&format!("](<{address}>)"));
    }
}

/// A character of an address as it may stand between angle brackets.
fn encoded(c: char) -> Option<String> {
    match c {
        '<' => Some("%3C".to_owned()),
        '>' => Some("%3E".to_owned()),
        '\\' => Some("%5C".to_owned()),
        c if c.is_whitespace() => None,
        c => Some(c.to_string()),
    }
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
