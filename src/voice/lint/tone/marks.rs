//! Exclamation marks and emoji.

use super::ToneFault;
use crate::voice::rules::Rules;
use crate::voice::{Level, emoji};

pub(super) fn exclamation(text: &str, rules: &Rules, bad_news: bool, faults: &mut Vec<ToneFault>) {
    let forbidden = bad_news && !rules.exclamation_in_bad_news;
    let allowed = if forbidden { 0 } else { rules.max_exclamation_marks };
    let count = text.matches('!').count();
    let Some((at, _)) = text.match_indices('!').nth(allowed) else { return };
    let (message, help, key) = if forbidden {
        (
            "Bad news stands with an exclamation mark.".to_owned(),
            "End the sentence with a full stop.".to_owned(),
            "exclamation_in_bad_news",
        )
    } else {
        let most = match allowed {
            0 => "none is allowed".to_owned(),
            1 => "one is the most".to_owned(),
            most => format!("{most} are the most"),
        };
        let marks = if count == 1 {
            "There is an exclamation mark".to_owned()
        } else {
            format!("There are {count} exclamation marks")
        };
        (format!("{marks}; {most}."), "End the sentences with full stops.".to_owned(), "max_exclamation_marks")
    };
    faults.push(ToneFault {
        code: "exclamation",
        level: Level::Error,
        at: at..at + 1,
        words: None,
        message,
        why: if forbidden { "To somebody who is upset it sounds like mockery." } else { "It sounds like shouting." }
            .to_owned(),
        help,
        replacement: None,
        asked_by: (key, None),
    });
}

pub(super) fn emoji_allowed(text: &str, rules: &Rules, faults: &mut Vec<ToneFault>) {
    for (at, found) in emoji::all(text) {
        if rules.emoji_allow.iter().any(|allowed| emoji::same(allowed, found)) {
            continue;
        }
        let help = if rules.emoji_allow.is_empty() {
            format!("Leave it out, or allow it in [rules]: emoji = {{ allow = [\"{found}\"], max = 1 }}")
        } else {
            format!("Leave it out, or use one of: {}", rules.emoji_allow.join(" "))
        };
        faults.push(ToneFault {
            code: "emoji",
            level: Level::Error,
            at: at..at + found.len(),
            words: Some(found.to_owned()),
            message: format!("{found} is not one of the brand's emoji."),
            why: "Emoji that were not chosen say things that nobody approved.".to_owned(),
            help,
            replacement: None,
            asked_by: ("emoji", None),
        });
    }
}

pub(super) fn emoji_count(text: &str, rules: &Rules, faults: &mut Vec<ToneFault>) {
    let allowed = |found: &str| rules.emoji_allow.iter().any(|allowed| emoji::same(allowed, found));
    let found: Vec<(usize, &str)> = emoji::all(text).filter(|(_, found)| allowed(found)).collect();
    let Some((at, first_too_many)) = found.get(rules.emoji_max) else { return };
    faults.push(ToneFault {
        code: "emoji",
        level: Level::Error,
        at: *at..at + first_too_many.len(),
        words: None,
        message: format!("There are {} emoji; {} is the most.", found.len(), rules.emoji_max),
        why: "Screen readers say each of them aloud.".to_owned(),
        help: "Leave some out.".to_owned(),
        replacement: None,
        asked_by: ("emoji", None),
    });
}
