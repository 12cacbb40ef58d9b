//! Named points at which the tests kill the process or make it stand still, to see that nothing is lost and nothing said
//! twice. They are there only with the feature `crash-points`; without it each is nothing at all.

/// Every point, in the order of a message's path.
#[cfg(feature = "crash-points")]
pub const POINTS: &[&str] =
    &["heard", "received", "loaded", "stepped", "writing", "committed", "claimed", "asking", "asked", "recorded"];

/// The process dies here by SIGKILL when `HOUSEVOICE_CRASH_AT` names the point, and stands still by SIGSTOP when
/// `HOUSEVOICE_STAND_AT` does; `point:3`: when it is there the third time.
#[cfg(feature = "crash-points")]
pub(crate) fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    struct Asked {
        point: String,
        times: u32,
        signal: Signal,
    }
    static ASKED: OnceLock<Option<Asked>> = OnceLock::new();
    static TIMES: AtomicU32 = AtomicU32::new(0);
    let asked = ASKED.get_or_init(|| {
        let named = [("HOUSEVOICE_CRASH_AT", Signal::KILL), ("HOUSEVOICE_STAND_AT", Signal::STOP)];
        let (at, signal) = named.iter().find_map(|(name, signal)| Some((std::env::var(name).ok()?, *signal)))?;
        let (point, times) = at.split_once(':').unwrap_or((&at, "1"));
        Some(Asked { point: point.to_owned(), times: times.parse().ok()?, signal })
    });
    if let Some(Asked { point, times, signal }) = asked
        && point == name
        && TIMES.fetch_add(1, Ordering::SeqCst).saturating_add(1) == *times
    {
        let _ = kill_process(getpid(), *signal);
        // Not one step further, though a signal may take a moment.
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

/// Nothing.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub(crate) fn point(_: &str) {}
