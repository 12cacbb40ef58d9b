//! The clock and the disk of the machine.

use std::path::Path;

use jiff::SignedDuration;

use super::report::Report;

/// How far the clock may be off before it is told, and before it does harm: what is due or too old is judged by it.
const TOLD_FROM: SignedDuration = SignedDuration::from_secs(5);
const HARMFUL_FROM: SignedDuration = SignedDuration::from_secs(60);

/// Compares the machine's clock with a platform's.
pub(super) fn clock(about: &str, ahead: SignedDuration, report: &mut Report) {
    let off = ahead.abs();
    let which = if ahead.is_negative() { "behind" } else { "ahead of" };
    let sentence = format!(
        "the clock of this machine is {} seconds {which} that of {about}; let the system set it (NTP), for what is due and \
         what is too old is judged by it",
        off.as_secs()
    );
    if off > HARMFUL_FROM {
        report.problem(about, sentence);
    } else if off > TOLD_FROM {
        report.warn(about, sentence);
    } else {
        report.ok(about, "the clock of this machine agrees with it");
    }
}

/// Less room than this is told.
const LEAST_BYTES: u64 = 1 << 30;
/// Less than one part in so many is told.
const LEAST_PART: u64 = 20;

/// Looks how much room there is where the database is.
#[cfg(unix)]
pub(super) fn disk(database: &Path, report: &mut Report) {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match rustix::fs::statvfs(folder) {
        Ok(disk) => room(
            disk.f_bavail.saturating_mul(disk.f_frsize),
            disk.f_blocks.saturating_mul(disk.f_frsize),
            folder,
            report,
        ),
        Err(error) => report.warn("the disk", format!("how full it is at {} is not known: {error}", folder.display())),
    }
}

/// How full a disk is can only be asked on Unix.
#[cfg(not(unix))]
pub(super) fn disk(_database: &Path, _report: &mut Report) {}

fn room(free: u64, all: u64, folder: &Path, report: &mut Report) {
    let told = format!("{} of {} are free at {}", size(free), size(all), folder.display());
    if free < LEAST_BYTES || free < all / LEAST_PART {
        let what = "make room: what cannot be written is not acknowledged, and nobody is answered";
        report.warn("the disk", format!("only {told}; {what}"));
    } else {
        report.ok("the disk", told);
    }
}

fn size(bytes: u64) -> String {
    const GIB: u64 = 1 << 30;
    const MIB: u64 = 1 << 20;
    if bytes >= GIB { format!("{} GiB", bytes / GIB) } else { format!("{} MiB", bytes / MIB) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(look: impl FnOnce(&mut Report)) -> String {
        let mut report = Report::default();
        look(&mut report);
        report.text()
    }

    #[test]
    fn a_clock_is_told_of_above_five_seconds_and_a_problem_above_a_minute() {
        let at = |seconds: i64| found(|report| clock("x", SignedDuration::from_secs(seconds), report));
        for (seconds, level) in [(0, "ok"), (5, "ok"), (-5, "ok"), (6, "warn"), (-6, "warn"), (60, "warn")] {
            assert!(at(seconds).starts_with(level), "{}", at(seconds));
        }
        assert!(at(61).starts_with("problem x: the clock of this machine is 61 seconds ahead of"), "{}", at(61));
        assert!(at(-61).starts_with("problem x: the clock of this machine is 61 seconds behind"), "{}", at(-61));
    }

    #[test]
    fn a_disk_is_told_of_below_a_gibibyte_or_one_part_in_twenty() {
        let with = |free: u64, all: u64| found(|report| room(free << 20, all << 20, Path::new("/data"), report));
        assert!(with(1_024, 10_240).starts_with("ok      the disk: 1 GiB of 10 GiB are free at /data"));
        assert!(with(1_023, 10_240).starts_with("warn    the disk: only 1023 MiB of 10 GiB"));
        assert!(with(10_240, 204_800).starts_with("ok"));
        assert!(with(10_239, 204_800).starts_with("warn"));
    }
}
