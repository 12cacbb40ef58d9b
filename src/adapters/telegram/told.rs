//! Words that somebody typed and nobody approved, so that Telegram makes nothing of them (threats 1, 2 and 5 of the domain
//! notes): no mention, hashtag, cashtag, command, address, e-mail or telephone number, whatever they look like.
//!
//! Telegram finds those by itself in every text that a bot sends (<https://core.telegram.org/bots/api#messageentity>); there
//! is no way to switch it off. So the forms are broken by a character that is not seen: U+2060 belongs to none of them in
//! TDLib's `match_mentions`, `match_hashtags`, `match_urls` and the like, and `clean_input_string` leaves it where it is.

use crate::voice::template::shown;

/// Joins words, takes no room, and is not seen.
pub const JOINER: char = '\u{2060}';
/// Fewer digits are no telephone number to Telegram, nor a card number.
const DIGITS_OF_A_NUMBER: usize = 7;
/// How many digits may stay together in what could be a number.
const DIGITS_TOGETHER: usize = 4;

/// Words as they are shown: broken wherever Telegram could make something of them.
pub fn unmade(text: &str) -> String {
    let chars: Vec<char> = shown(text).chars().filter(|c| *c != JOINER).collect();
    let numbers = numbers(&chars);
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in chars.iter().enumerate() {
        out.push(*c);
        let before = at.checked_sub(1).and_then(|before| chars.get(before)).copied();
        let next = chars.get(at + 1).copied();
        if next.is_some_and(|next| begins_something(before, *c, next)) || numbers.contains(&at) {
            out.push(JOINER);
        }
    }
    out
}

/// Whether words that begin so must be set apart from what stands before them.
pub fn joins(before: char, first: char) -> bool {
    !first.is_whitespace() && is_sign(before) || before.is_alphanumeric() && first.is_alphanumeric()
}

/// Whether words that end so must be set apart from what stands behind them. A full stop that ends a sentence joins nothing.
pub fn joins_next(last: char, behind: &str) -> bool {
    let mut behind = behind.chars();
    let (Some(first), second) = (behind.next(), behind.next()) else { return false };
    joins(last, first) || is_sign(first) && !last.is_whitespace() && second.is_some_and(|c| !c.is_whitespace())
}

/// Whether a character is one that mentions, tags, commands and addresses are made with.
fn is_sign(c: char) -> bool {
    matches!(c, '@' | '#' | '$' | '/' | '.' | ':' | '+' | '＠' | '＃' | '．' | '。')
}

/// Whether something could begin or go on here: `@name`, `#tag`, `$TAG`, `/command`, `shop.example`, `tg://x`.
fn begins_something(before: Option<char>, c: char, next: char) -> bool {
    let word = next.is_alphanumeric() || next == '_';
    match c {
        '@' | '＠' => word,
        '#' | '＃' => word || matches!(next, '\u{200C}' | '\u{B7}' | '\u{D80}'..='\u{DFF}'),
        '$' => next.is_alphabetic(),
        '.' | '．' | '。' => word || matches!(next, '-' | '~') || !next.is_ascii() && !next.is_whitespace(),
        '/' => word && !before.is_some_and(|c| c.is_ascii_alphanumeric()),
        ':' => next == '/',
        _ => false,
    }
}

/// Behind which characters a long number is broken.
fn numbers(chars: &[char]) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut digits: Vec<usize> = Vec::new();
    for (at, c) in chars.iter().chain(std::iter::once(&'\n')).enumerate() {
        if c.is_ascii_digit() {
            digits.push(at);
        } else if !matches!(c, ' ' | '-' | '(' | ')' | '.' | '/' | '+' | '\u{A0}') {
            if digits.len() >= DIGITS_OF_A_NUMBER {
                // Not behind the last: what follows it may make an emoji of it.
                digits.pop();
                breaks.extend(digits.iter().skip(DIGITS_TOGETHER - 1).step_by(DIGITS_TOGETHER));
            }
            digits.clear();
        }
    }
    breaks
}
