//! What counts as an emoji.

use unicode_segmentation::UnicodeSegmentation;

/// The emoji of a text with the byte each begins at; one emoji is one grapheme, however many characters it is made of (skin
/// tones, families, flags).
pub fn all(text: &str) -> impl Iterator<Item = (usize, &str)> {
    // A digit becomes an emoji only by marks beyond ASCII.
    let text = if text.is_ascii() { "" } else { text };
    text.grapheme_indices(true).filter(|(_, grapheme)| is_emoji(grapheme))
}

/// Whether a text is exactly one emoji.
pub fn is_one(text: &str) -> bool {
    let mut graphemes = text.graphemes(true);
    graphemes.next().is_some_and(is_emoji) && graphemes.next().is_none()
}

/// Whether two emoji are the same but for the mark that asks for colour.
pub fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|c| *c != VARIATION).collect::<String>();
    plain(a) == plain(b)
}

/// Asks for the coloured form of the character before it.
const VARIATION: char = '\u{FE0F}';
/// Makes a key cap out of a digit.
const KEYCAP: char = '\u{20E3}';

fn is_emoji(grapheme: &str) -> bool {
    let Some(first) = grapheme.chars().next() else { return false };
    shown_as_emoji(first) || grapheme.contains([VARIATION, KEYCAP])
}

/// Characters that are drawn as emoji by themselves (Unicode 16, `Emoji_Presentation`; the planes above as whole blocks).
fn shown_as_emoji(c: char) -> bool {
    matches!(u32::from(c),
        0x1F1E6..=0x1F1FF | 0x1F300..=0x1F64F | 0x1F680..=0x1F6FF | 0x1F7E0..=0x1F7EB | 0x1F7F0 | 0x1F900..=0x1F9FF
        | 0x1FA70..=0x1FAFF | 0x1F004 | 0x1F0CF | 0x1F18E | 0x1F191..=0x1F19A | 0x1F201 | 0x1F21A | 0x1F22F
        | 0x1F232..=0x1F236 | 0x1F238..=0x1F23A | 0x1F250 | 0x1F251
        | 0x231A | 0x231B | 0x23E9..=0x23EC | 0x23F0 | 0x23F3 | 0x25FD | 0x25FE | 0x2614 | 0x2615 | 0x2648..=0x2653
        | 0x267F | 0x2693 | 0x26A1 | 0x26AA | 0x26AB | 0x26BD | 0x26BE | 0x26C4 | 0x26C5 | 0x26CE | 0x26D4 | 0x26EA
        | 0x26F2 | 0x26F3 | 0x26F5 | 0x26FA | 0x26FD | 0x2705 | 0x270A | 0x270B | 0x2728 | 0x274C | 0x274E
        | 0x2753..=0x2755 | 0x2757 | 0x2795..=0x2797 | 0x27B0 | 0x27BF | 0x2B1B | 0x2B1C | 0x2B50 | 0x2B55
        // Old text symbols that chat programs draw in colour all the same.
        | 0x2600..=0x2604 | 0x2639 | 0x263A | 0x2665 | 0x2764)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_one_however_it_is_made() {
        for one in ["👋", "👋🏽", "👨‍👩‍👧", "🇬🇧", "❤️", "1️⃣", "🪔", "✨"] {
            assert!(is_one(one), "{one}");
            assert_eq!(all(&format!("a {one} b")).count(), 1, "{one}");
        }
        for none in ["", "a", "1", "™", "→", "ä", "👋👋", "👋 ", "#", "✓"] {
            assert!(!is_one(none), "{none}");
        }
        assert!(same("❤️", "❤"));
    }
}
