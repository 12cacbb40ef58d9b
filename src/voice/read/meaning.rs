//! What a single value means, once it has the right type: within range, one of the known words, a zone that exists.

use super::{Reader, capital, guess};
use crate::voice::schema::{Field, Value, quoted};
use crate::voice::tree::{Node, Raw};
use crate::voice::{Diagnostic, Locale, emoji, value};

/// Most characters of a label: what a Discord button holds.
const MAX_LABEL_CHARS: usize = 80;
/// Most characters of a slot's pattern.
const MAX_PATTERN_CHARS: usize = 200;

impl Reader<'_> {
    /// Checks what a value means, and mends it where it is plain what was meant.
    pub(super) fn meaning(&mut self, field: &Field, kind: &Value, name: &str, node: &mut Node) {
        let text = node.text().unwrap_or_default().to_owned();
        let may_be_empty = matches!(kind, Value::Flag | Value::Date | Value::Version | Value::Int(..) | Value::Share);
        if text.trim().is_empty() && !may_be_empty {
            return self.empty(field, name, &node.place);
        }
        let name = capital(name);
        let finding = match kind {
            Value::Version => version(&name, node),
            Value::Int(from, to) => whole(field, &name, node, *from, *to),
            Value::Share => share(&name, node),
            Value::Slug => id(&name, node, &text, '-', value::is_slug),
            Value::Id => id(&name, node, &text, '.', value::is_id),
            Value::Duration => duration(&name, node, &text),
            Value::Range => range(&name, node, &text),
            Value::OneOf(words) => one_of(&name, node, words, &text),
            Value::Locale => locale(&name, node, &text),
            Value::TimeZone => timezone(&name, node, &text),
            Value::Label => label(&name, node, &text),
            Value::Emoji => one_emoji(field, &name, node, &text),
            Value::Pattern => pattern(&name, node, &text),
            Value::Str | Value::Form | Value::Url | Value::Name | Value::Host | Value::Flag | Value::Date => None,
        };
        self.findings.extend(finding);
    }
}

fn error(code: &'static str, node: &Node, message: String, why: &str) -> Diagnostic {
    Diagnostic::error(code, node.place.clone(), message).because(why)
}

/// Offers a text that should stand there instead.
fn write(finding: Diagnostic, meant: &str) -> Diagnostic {
    finding.help(format!("Write: \"{meant}\"")).replace_with(format!("\"{meant}\""))
}

fn did_you_mean(finding: Diagnostic, meant: &str) -> Diagnostic {
    finding.help(format!("Did you mean \"{meant}\"?")).replace_with(format!("\"{meant}\""))
}

fn version(name: &str, node: &Node) -> Option<Diagnostic> {
    let written = node.int().filter(|int| *int != 1)?;
    let message = format!("{name} is {written}, but needs the number 1.");
    let finding = error("out-of-range", node, message, "This program reads schema 1 only.");
    Some(finding.help("Write: 1").replace_with("1"))
}

fn whole(field: &Field, name: &str, node: &Node, from: i64, to: i64) -> Option<Diagnostic> {
    let written = node.int().filter(|int| !(from..=to).contains(int))?;
    let message = format!("{name} is {written}, but must be from {from} to {to}.");
    let finding = error("out-of-range", node, message, "Outside that range the bot would behave oddly.");
    Some(finding.help(format!("Write, for instance: {} = {}", field.name, field.example)))
}

fn share(name: &str, node: &Node) -> Option<Diagnostic> {
    let written = node.number().filter(|share| !(0.0..=1.0).contains(share))?;
    let message = format!("{name} is {written}, but must be from 0 to 1.");
    let finding = error("out-of-range", node, message, "1 means quite sure, 0 means a guess.");
    Some(finding.help("85 percent is written 0.85."))
}

fn id(name: &str, node: &Node, text: &str, between: char, fine: fn(&str) -> bool) -> Option<Diagnostic> {
    if fine(text) {
        return None;
    }
    let marks = if between == '-' {
        "2 to 40 small letters a-z, digits and -"
    } else {
        "small letters a-z and digits, with . _ or - between"
    };
    let message = format!("{name} must be made of {marks}.");
    let finding = error("bad-name", node, message, "Reports and cases point to it, on every platform.");
    let better = guess::id(text, between);
    Some(if fine(&better) { write(finding, &better) } else { finding.help(format!("Use {marks}.")) })
}

fn duration(name: &str, node: &mut Node, text: &str) -> Option<Diagnostic> {
    if value::duration(text).is_some() {
        return None;
    }
    let message = format!("{name} needs a length of time; \"{text}\" is none.");
    let finding = error("bad-value", node, message, "The bot would not know how long to wait.");
    Some(match guess::duration(text) {
        Some(meant) => {
            node.value = Raw::Text(meant.clone());
            write(finding, &meant)
        }
        None => finding
            .help("Write a whole number and ms, s, m, h or d: \"20s\", \"15m\", \"24h\", \"30d\"; a year is the most."),
    })
}

fn range(name: &str, node: &mut Node, text: &str) -> Option<Diagnostic> {
    if value::range(text).is_some() {
        return None;
    }
    let message = format!("{name} has hours that cannot be: \"{text}\".");
    let finding = error("bad-hours", node, message, "People would be promised the team at the wrong time.");
    Some(match guess::range(text) {
        Some(meant) => {
            node.value = Raw::Text(meant.clone());
            write(finding, &meant)
        }
        None => finding
            .help("Write from and until as \"09:00-17:30\"; the whole day is \"00:00-24:00\", a closed day is []."),
    })
}

fn one_of(name: &str, node: &mut Node, words: &'static [&'static str], text: &str) -> Option<Diagnostic> {
    if words.contains(&text) {
        return None;
    }
    let known = format!("The bot knows {} only.", quoted(words));
    let finding = error("unknown-value", node, format!("{name} cannot be \"{text}\"."), &known);
    Some(match guess::word(text, words) {
        Some(meant) => {
            node.value = Raw::Text(meant.to_owned());
            did_you_mean(finding, meant)
        }
        None => finding.help(format!("Write {}.", quoted(words))),
    })
}

fn locale(name: &str, node: &Node, text: &str) -> Option<Diagnostic> {
    if Locale::parse(text).is_some() {
        return None;
    }
    let message = format!("{name} needs a language; \"{text}\" is none.");
    let finding = error("unknown-locale", node, message, "The bot would not know which language this is.");
    Some(match guess::language(text) {
        Some(meant) => write(finding, meant),
        None => finding.help("Write two letters, with a country if you like: \"en\" or \"en-GB\"."),
    })
}

fn timezone(name: &str, node: &Node, text: &str) -> Option<Diagnostic> {
    if jiff::tz::TimeZone::get(text).is_ok() {
        return None;
    }
    let message = format!("{name} needs a time zone; \"{text}\" is none.");
    let finding = error("unknown-timezone", node, message, "Opening hours would be wrong.");
    // Cities only: "GMT+1" is nearest to "Etc/GMT+1", which lies two hours away from what is meant.
    let cities = jiff::tz::db().available().map(|zone| zone.to_string());
    let zones: Vec<String> = cities.filter(|zone| zone.contains('/') && !zone.starts_with("Etc/")).collect();
    Some(match guess::timezone(text, &zones) {
        Some(meant) => did_you_mean(finding, meant),
        None => finding.help("Write a region and a city, such as \"Europe/London\" or \"America/New_York\"."),
    })
}

fn label(name: &str, node: &Node, text: &str) -> Option<Diagnostic> {
    let length = text.trim().chars().count();
    if length > MAX_LABEL_CHARS {
        let message = format!("{name} has {length} characters; {MAX_LABEL_CHARS} are the most.");
        let why = "Discord refuses buttons with longer words, and the whole message with them.";
        return Some(error("label-too-long", node, message, why).help("Shorten it; two or three words are best."));
    }
    let plain = !text.contains("{{") && !text.contains(['\n', '*', '`']);
    (!plain).then(|| {
        let why = "It stands on a button, where blanks, marks and line breaks are shown as they are.";
        error("label-not-plain", node, format!("{name} may hold plain words only."), why)
            .help("Leave out {{…}}, *, ` and line breaks.")
    })
}

fn one_emoji(field: &Field, name: &str, node: &Node, text: &str) -> Option<Diagnostic> {
    (!emoji::is_one(text)).then(|| {
        error("emoji", node, format!("{name} is not one emoji."), "A reaction is a single emoji.")
            .help(format!("Write one, such as {}", field.example))
    })
}

fn pattern(name: &str, node: &Node, text: &str) -> Option<Diagnostic> {
    let why = "No reply of a customer could fit it.";
    if text.chars().count() > MAX_PATTERN_CHARS {
        let message = format!("{name} has more than {MAX_PATTERN_CHARS} characters.");
        return Some(error("bad-pattern", node, message, why).help("Shorten it."));
    }
    let reason = crate::voice::load::pattern(text).err()?;
    if matches!(reason, regex::Error::CompiledTooBig(_)) {
        let message = format!("{name} is too large: it repeats too much.");
        return Some(error("bad-pattern", node, message, why).help("Use smaller numbers in { }."));
    }
    let message = format!("{name} cannot be read: {}.", guess::regex_reason(&reason.to_string()));
    Some(error("bad-pattern", node, message, why).help(
        "Look-around and back-references are not available. In single quotes a backslash stands for itself: 'LL-\\d{6}'.",
    ))
}
