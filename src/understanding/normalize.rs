//! One form for every way of writing the same text, so that matching compares words and not code points.
//!
//! Two strengths: [`normalize`] for everything, and [`hard_fold`] on top of it for words that must be seen even where
//! somebody hides them (safety and handoff rules): look-alike letters of other scripts and accents are folded there,
//! and only there, because for ordinary matching they tell words apart.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a message that are read; the rest is cut off, so that no message can cost more than this.
pub(super) const MAX_CHARS: usize = 4_000;

/// Combining marks kept on one base character: enough for every living language, too few for stacks of them.
const MAX_MARKS: usize = 3;

/// The part of a text that is read: its first [`MAX_CHARS`] characters.
pub(super) fn cut(text: &str) -> &str {
    text.char_indices().nth(MAX_CHARS).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// Normal form (NFKC), lower case, without hidden characters, one kind of apostrophe, dash, quote and space.
pub(super) fn normalize(text: &str) -> String {
    let visible = cut(text).chars().filter(|c| !is_hidden(*c)).map(plain_punctuation);
    let mut out = String::with_capacity(text.len().min(MAX_CHARS * 2));
    let (mut length, mut marks) = (0, 0);
    for c in visible.nfkc().filter(|c| !is_hidden(*c)).flat_map(char::to_lowercase) {
        // One character may stand for eighteen, so that the cut is made once more.
        if length >= MAX_CHARS {
            break;
        }
        let c = plain_punctuation(c);
        if !c.is_ascii() && is_combining_mark(c) {
            marks += 1;
            if marks > MAX_MARKS || out.is_empty() {
                continue;
            }
        } else {
            marks = 0;
        }
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
                length += 1;
            }
        } else {
            out.push(c);
            length += 1;
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a character shows nothing: Unicode's Default_Ignorable_Code_Point, format characters (Cf), and controls
/// that are no white space. (Unicode 16, DerivedCoreProperties and UnicodeData.)
pub(super) fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !c.is_ascii_whitespace() && c != '\u{b}';
    }
    matches!(c,
        '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}'
        | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}'
        | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// One kind of apostrophe, quote and dash. Done before NFKC too, which would part an acute accent from its letter.
fn plain_punctuation(c: char) -> char {
    match c {
        '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '´' | '`' | '′' | '＇' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹘' => '-',
        '¿' | '؟' => '?',
        '¡' => '!',
        _ => c,
    }
}

/// A normalised text with accents dropped and look-alike letters of other scripts read as the Latin ones they mimic.
pub(super) fn hard_fold(normalized: &str) -> String {
    let mut out = String::with_capacity(normalized.len());
    for c in normalized.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            _ => out.push(look_alike(c)),
        }
    }
    out
}

/// The Latin letter that a letter of another script or shape is taken for.
fn look_alike(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' | 'ᴀ' | 'ა' => 'a',
        'в' | 'β' | 'ʙ' | 'ь' => 'b',
        'с' | 'ϲ' | 'ᴄ' | 'ⅽ' => 'c',
        'ԁ' | 'đ' | 'ᴅ' | 'ɗ' => 'd',
        'е' | 'ε' | 'ҽ' | 'ᴇ' | 'ɛ' | 'є' => 'e',
        'ꜰ' | 'ƒ' => 'f',
        'ɡ' | 'ɢ' | 'ց' => 'g',
        'һ' | 'н' | 'ħ' | 'ʜ' | 'հ' => 'h',
        'і' | 'ι' | 'ı' | 'ɩ' | 'ɪ' | 'ӏ' | 'ǀ' | '|' => 'i',
        'ј' | 'ϳ' | 'ᴊ' => 'j',
        'к' | 'κ' | 'ᴋ' | 'ƙ' => 'k',
        'ł' | 'ʟ' | 'ⅼ' | 'ɫ' => 'l',
        'м' | 'ᴍ' | 'ⅿ' => 'm',
        'п' | 'η' | 'ɴ' | 'ո' | 'и' => 'n',
        'о' | 'ο' | 'σ' | 'ø' | 'ᴏ' | 'օ' | 'ჿ' => 'o',
        'р' | 'ρ' | 'ᴘ' => 'p',
        'ԛ' | 'զ' => 'q',
        'г' | 'ʀ' | 'ɾ' => 'r',
        'ѕ' | 'ꜱ' | 'ʂ' => 's',
        'т' | 'τ' | 'ᴛ' | 'ŧ' => 't',
        'υ' | 'μ' | 'ս' | 'ᴜ' | 'ʋ' | 'ц' => 'u',
        'ν' | 'ѵ' | 'ᴠ' | 'ⅴ' => 'v',
        'ԝ' | 'ω' | 'ш' | 'ᴡ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ʏ' | 'ү' => 'y',
        'ᴢ' | 'ʐ' => 'z',
        // Letters in boxes and flags, which NFKC leaves alone.
        '\u{1f150}'..='\u{1f169}' => boxed(c, 0x1f150),
        '\u{1f170}'..='\u{1f189}' => boxed(c, 0x1f170),
        '\u{1f1e6}'..='\u{1f1ff}' => boxed(c, 0x1f1e6),
        _ => c,
    }
}

fn boxed(c: char, first: u32) -> char {
    u8::try_from(u32::from(c).saturating_sub(first)).map_or(c, |nth| char::from(b'a'.saturating_add(nth)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ways_of_writing_the_same_become_one() {
        for (written, meant) in [
            ("  Hello\u{a0}\tWORLD\n", "hello world"),
            ("Ｆｕｌｌｗｉｄｔｈ", "fullwidth"),
            ("u\u{308}ber", "über"),
            ("don’t", "don't"),
            ("don´t", "don't"),
            ("re\u{ad}turn", "return"),
            ("re\u{200b}fu\u{200d}nd", "refund"),
            ("a\u{202e}b\u{2066}c\u{e0041}", "abc"),
            ("l\u{0}amp", "lamp"),
            ("what…", "what..."),
            ("", ""),
            ("\u{301}\u{301}a", "a"),
        ] {
            assert_eq!(normalize(written), meant, "{written:?}");
        }
    }

    #[test]
    fn stacked_marks_are_capped_at_three() {
        let zalgo: String = std::iter::once('q').chain(std::iter::repeat_n('\u{335}', 50)).collect();
        assert_eq!(normalize(&zalgo).chars().count(), 4);
    }

    #[test]
    fn text_beyond_the_limit_is_cut() {
        for unit in ["é", "ﷺ", "a b "] {
            let length = normalize(&unit.repeat(MAX_CHARS * 3)).chars().count();
            assert!(length.abs_diff(MAX_CHARS) <= 1, "{unit}: {length}");
        }
    }

    #[test]
    fn hard_words_are_seen_through_look_alikes() {
        for disguised in ["ѕuісіdе", "ＳＵＩＣＩＤＥ", "súicídé", "🆂🆄🅸🅲🅸🅳🅴", "sυιcιde", "ꜱᴜɪᴄɪᴅᴇ", "s\u{200d}uicide"]
        {
            assert_eq!(hard_fold(&normalize(disguised)), "suicide", "{disguised}");
        }
        assert_eq!(hard_fold("straße töten"), "strasse toten");
    }

    proptest! {
        #[test]
        fn any_text_is_normalised_and_a_second_time_changes_nothing(text in any::<String>()) {
            let once = normalize(&text);
            prop_assert_eq!(normalize(&once), once.clone());
            prop_assert!(!once.chars().any(is_hidden));
            let _ = hard_fold(&once);
        }
    }
}
