//! The disk is full: what cannot be stored is not acknowledged, and everything is answered when there is room again.

use std::time::Duration;

use super::database::Database;
use super::disk::Disk;
use super::places::{discord_on, telegram_on};
use super::script::{Allowed, Script};

/// For how long nothing more fits after that was noticed.
const FULL: Duration = Duration::from_secs(3);

/// What SQLite says of it.
const SAID: &str = "database or disk is full";

/// The disk fills up in the middle and is cleared. `meanwhile`: what is to be seen while it is full.
fn is_lived_through(script: &mut Script<'_>, meanwhile: impl Fn(), dies: bool, allowed: Allowed) {
    let Some(disk) = Disk::in_place_of(script.bot.folder()) else { return };
    script.bot.start();
    let zed = script.before();
    disk.is_filled();
    script.in_the_middle(&zed);
    // What the write-ahead log had room for already is taken in; it is filled with what people go on to write.
    script.waits_for("the trouble", || {
        disk.is_filled();
        script.bot.log().contains(SAID)
    });
    std::thread::sleep(FULL);
    meanwhile();
    if dies {
        script.bot.killed();
    }
    disk.is_cleared();
    if dies {
        script.bot.start();
    }
    script.afterwards(&zed);
    script.all_is_well(allowed);
    assert!(script.bot.stopped().success());
}

#[test]
fn a_full_disk_acknowledges_nothing_and_loses_nothing_on_telegram() {
    telegram_on(&Database::File, |town, _, mut script| {
        let kept = || assert!(!town.api.pending(&town.bot).is_empty(), "Telegram was told that it is written down");
        is_lived_through(&mut script, kept, false, Allowed::default());
    });
}

#[test]
fn a_full_disk_loses_nothing_on_discord() {
    discord_on(&Database::File, |_, _, mut script| is_lived_through(&mut script, || {}, false, Allowed::default()));
}

#[test]
fn who_dies_on_a_full_disk_has_acknowledged_nothing_that_is_lost_on_telegram() {
    let allowed = Allowed { doubles_at_desk: true, ..Allowed::default() };
    telegram_on(&Database::File, |_, _, mut script| is_lived_through(&mut script, || {}, true, allowed));
}

#[test]
fn who_dies_on_a_full_disk_has_lost_nothing_on_discord() {
    discord_on(&Database::File, |_, _, mut script| is_lived_through(&mut script, || {}, true, Allowed::default()));
}
