//! Each row in plain words, or as JSON. Names are told as their owners show them, without what a terminal would obey.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Format;
use crate::cli::paint::{Ink, Paint};
use crate::cli::{Outcome, Trouble, print};
use crate::store::{Unsent, UnsentKind, UnsentState};
use crate::voice::BrandId;

/// Lists everything; something that was given up is a finding.
pub(super) fn list(format: Format, all: &[(BrandId, Vec<Unsent>)]) -> Result<Outcome, Trouble> {
    let now = Timestamp::now();
    print(&match format {
        Format::Text => text(all, now),
        Format::Json => format!("{}\n", json(all, now)),
    });
    let failed = all.iter().flat_map(|(_, rows)| rows).any(|row| matches!(row.state, UnsentState::Failed { .. }));
    Ok(if failed { Outcome::Findings } else { Outcome::Fine })
}

/// The headings, in order.
const HEADINGS: [&str; 3] = ["could not be sent", "waits to be tried again", "came too late, and was not sent"];

/// Under which heading a row stands.
fn heading(state: &UnsentState) -> &'static str {
    let [failed, again, late] = HEADINGS;
    match state {
        UnsentState::Failed { .. } => failed,
        UnsentState::Again { .. } => again,
        UnsentState::Late { .. } => late,
    }
}

fn text(all: &[(BrandId, Vec<Unsent>)], now: Timestamp) -> String {
    let paint = Paint::stdout();
    let mut text = String::new();
    for (brand, rows) in all {
        if rows.is_empty() {
            let _ = writeln!(text, "{brand}: everything was sent, or leaves for the first time");
        }
        for wanted in HEADINGS {
            let rows: Vec<&Unsent> = rows.iter().filter(|row| heading(&row.state) == wanted).collect();
            if !rows.is_empty() {
                let _ = writeln!(text, "{}", paint.ink(Ink::Strong, &format!("{brand}: {wanted}")));
            }
            for row in rows {
                let _ = writeln!(text, "  {}", line(row, now));
            }
        }
    }
    text
}

fn line(row: &Unsent, now: Timestamp) -> String {
    let mut parts = vec![
        format!("{} {}", what(row.kind), row.platform),
        format!("{} ago", span(now.duration_since(row.decided_at))),
    ];
    parts.extend(row.case.map(|case| format!("case {case}")));
    parts.push(if row.attempts == 1 { "1 try".to_owned() } else { format!("{} tries", row.attempts) });
    if let UnsentState::Again { not_before } = row.state {
        let left = not_before.duration_since(now);
        parts.push(if left.is_positive() { format!("next in {}", span(left)) } else { "next at once".to_owned() });
    }
    if row.unsure {
        parts.push("the platform may have it".to_owned());
    }
    if let UnsentState::Failed { has_words: false, .. } = row.state {
        parts.push("its words are gone".to_owned());
    }
    let what = parts.join(", ").replace("WHOM", &whom(row));
    format!("{} {what}: {}", row.id, plain(&row.reason))
}

/// What it is; `WHOM` stands for the customer and their place.
fn what(kind: UnsentKind) -> &'static str {
    match kind {
        UnsentKind::Safety => "safety words to WHOM on",
        UnsentKind::Bot => "the bot's message to WHOM on",
        UnsentKind::Agent => "an agent's message to WHOM on",
        UnsentKind::Reaction => "a reaction to WHOM on",
        UnsentKind::Post => "a post for the team about WHOM on",
    }
}

fn whom(row: &Unsent) -> String {
    let (customer, place) = (plain(&row.customer), plain(&row.place));
    if place.is_empty() { customer } else { format!("{customer} in {place}") }
}

/// Without what a terminal would obey.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect()
}

/// A length of time in its largest unit.
fn span(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

fn json(all: &[(BrandId, Vec<Unsent>)], now: Timestamp) -> Value {
    let rows = all.iter().flat_map(|(brand, rows)| rows.iter().map(move |row| (brand, row)));
    json!({ "unsent": rows.map(|(brand, row)| object(brand, row, now)).collect::<Vec<_>>() })
}

fn object(brand: &BrandId, row: &Unsent, now: Timestamp) -> Value {
    let kind = match row.kind {
        UnsentKind::Safety => "safety",
        UnsentKind::Bot => "bot",
        UnsentKind::Agent => "agent",
        UnsentKind::Reaction => "reaction",
        UnsentKind::Post => "post",
    };
    let (state, when, has_words) = match row.state {
        UnsentState::Failed { at, has_words } => ("failed", ("failed_at", at), has_words),
        UnsentState::Again { not_before } => ("again", ("next_try_at", not_before), true),
        UnsentState::Late { at } => ("late", ("superseded_at", at), false),
    };
    json!({
        "number": row.id.0,
        "brand": brand.as_str(),
        "platform": row.platform.as_str(),
        "place": row.place,
        "customer": row.customer,
        "kind": kind,
        "case": row.case.map(|case| case.to_string()),
        "decided_at": row.decided_at,
        "age_seconds": now.duration_since(row.decided_at).as_secs(),
        "attempts": row.attempts,
        "reason": row.reason,
        "unsure": row.unsure,
        "state": state,
        when.0: when.1,
        "has_words": has_words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{CaseId, ConversationId, OutboxId};
    use crate::voice::Platform;

    fn row(state: UnsentState) -> Unsent {
        Unsent {
            id: OutboxId(17),
            platform: Platform::from("discord"),
            place: "help".into(),
            customer: "Sam\u{1b}[31m".into(),
            kind: UnsentKind::Bot,
            case: Some(CaseId { conversation: ConversationId(4), number: 1 }),
            decided_at: Timestamp::UNIX_EPOCH,
            attempts: 2,
            reason: "blocked".into(),
            unsure: false,
            state,
        }
    }

    #[test]
    fn a_row_is_told_in_one_line_that_no_name_can_colour() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(3);
        let failed = row(UnsentState::Failed { at: now, has_words: true });
        let expected = "17 the bot's message to Sam[31m in help on discord, 3 hours ago, case 4-1, 2 tries: blocked";
        assert_eq!(line(&failed, now), expected);
        let again = row(UnsentState::Again { not_before: now + SignedDuration::from_secs(20) });
        assert!(line(&again, now).contains("2 tries, next in 20 seconds: blocked"), "{}", line(&again, now));
    }

    #[test]
    fn lengths_of_time_are_told_in_their_largest_unit() {
        let told = [0, 1, 59, 60, 3_599, 3_600, 172_799, 172_800].map(|s| span(SignedDuration::from_secs(s)));
        let expected =
            ["0 seconds", "1 second", "59 seconds", "1 minute", "59 minutes", "1 hour", "47 hours", "2 days"];
        assert_eq!(told, expected);
    }
}
