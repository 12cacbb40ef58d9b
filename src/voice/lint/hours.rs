//! Opening hours that overlap, or that never open.

use super::{Found, Rule, Whole};
use crate::voice::load::WEEKDAYS;
use crate::voice::source::Place;
use crate::voice::tree::Table;
use crate::voice::{Diagnostic, value};

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("overlapping-hours", "Ranges of hours do not overlap, also over midnight."),
        ("never-open", "Named hours are open at some time of the week."),
    ],
    taste: false,
    run,
};

const DAY: i32 = 24 * 60;

/// A stretch of the week in minutes since Monday.
struct Stretch {
    from: i32,
    until: i32,
    place: Place,
    written: String,
}

fn run(whole: &Whole<'_>, found: &mut Found) {
    for (entry, table) in whole.tree.named("hours") {
        let stretches = stretches(table);
        let none_written = WEEKDAYS.iter().all(|day| table.list(day).is_empty());
        if none_written && !whole.lost {
            found.push(
                Diagnostic::warning(
                    "never-open",
                    entry.key_place.clone(),
                    format!("The hours `{}` are never open.", entry.key),
                )
                .because("Everybody who asks for a person is told that nobody is there.")
                .help("Write hours for some days, such as mon = [\"09:00-17:30\"]."),
            );
        }
        for (i, stretch) in stretches.iter().enumerate() {
            let earlier = stretches.iter().take(i).find(|other| overlap(other, stretch));
            if let Some(other) = earlier {
                found.push(
                    Diagnostic::error(
                        "overlapping-hours",
                        stretch.place.clone(),
                        format!("\"{}\" overlaps \"{}\".", stretch.written, other.written),
                    )
                    .because("Nobody could tell when the team is there.")
                    .help("Make one range of the two, or mend their ends.")
                    .see(other.place.clone(), "the other range"),
                );
            }
        }
    }
}

fn stretches(table: &Table) -> Vec<Stretch> {
    let mut all = Vec::new();
    for (number, day) in (0..).zip(WEEKDAYS) {
        for node in table.list(day) {
            let Some(written) = node.text() else { continue };
            let Some(range) = value::range(written) else { continue };
            let minutes = |time: jiff::civil::Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
            let (from, mut until) = (minutes(range.from), minutes(range.until));
            if until <= from {
                until += DAY;
            }
            all.push(Stretch {
                from: number * DAY + from,
                until: number * DAY + until,
                place: node.place.clone(),
                written: written.to_owned(),
            });
        }
    }
    all
}

/// Whether two stretches share a minute; Sunday night goes on into Monday.
fn overlap(a: &Stretch, b: &Stretch) -> bool {
    [-7 * DAY, 0, 7 * DAY].iter().any(|week| a.from < b.until + week && b.from + week < a.until)
}
