//! Named points at which the tests kill the process, to see that nothing is lost and nothing said twice. They are there only
//! with the feature `crash-points`; without it each is nothing at all.

/// Every point, in the order of a message's path.
#[cfg(feature = "crash-points")]
pub const POINTS: &[&str] =
    &["heard", "received", "loaded", "stepped", "writing", "committed", "claimed", "asking", "asked", "recorded"];

/// The process dies here by SIGKILL when `HOUSEVOICE_CRASH_AT` names the point; `point:3`: when it is there the third time.
#[cfg(feature = "crash-points")]
pub(crate) fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static AT: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static TIMES: AtomicU32 = AtomicU32::new(0);
    let at = AT.get_or_init(|| {
        let asked = std::env::var("HOUSEVOICE_CRASH_AT").ok()?;
        let (name, times) = asked.split_once(':').unwrap_or((&asked, "1"));
        Some((name.to_owned(), times.parse().ok()?))
    });
    if let Some((at, times)) = at
        && at == name
        && TIMES.fetch_add(1, Ordering::SeqCst).saturating_add(1) == *times
    {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// Nothing.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub(crate) fn point(_: &str) {}
