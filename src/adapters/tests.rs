//! An intake that remembers, for tests of adapters.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::{Incoming, Intake, MayBegin, NotTaken, Part, ReadUpTo, SessionBecame, SessionNumber, SessionTerms, Taken};
use crate::engine::{OutboxId, To};
use crate::voice::{BrandId, Content, Line, Locale, Platform};

/// An intake that remembers, and that fails as often as it is told.
#[derive(Default)]
pub struct Kept {
    pub taken: Mutex<Vec<Incoming>>,
    pub failures: Mutex<u32>,
    pub refuses: Mutex<Option<Line>>,
    /// Where nothing that is said is about a case.
    pub no_cases: bool,
    pub known: Mutex<bool>,
    pub renumbered: Vec<(String, String)>,
}

#[async_trait]
impl Intake for Kept {
    async fn take(&self, incoming: &Incoming) -> Result<Taken, NotTaken> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(NotTaken("the disk is full".to_owned()));
        }
        self.taken.lock().unwrap().push(incoming.clone());
        if *self.known.lock().unwrap() {
            return Ok(Taken::Known);
        }
        if self.no_cases && matches!(incoming, Incoming::Event(inbound) if matches!(inbound.to, To::Post(_))) {
            return Ok(Taken::NoCase);
        }
        Ok(self.refuses.lock().unwrap().map_or(Taken::Kept, Taken::Refused))
    }

    async fn last_seen(&self, _: &BrandId, _: &Platform) -> Result<Vec<ReadUpTo>, NotTaken> {
        Ok(Vec::new())
    }

    async fn sessions(&self, _: &Part, _: SignedDuration) -> Result<Vec<SignedDuration>, NotTaken> {
        Ok(Vec::new())
    }

    async fn begin_session(&self, _: &Part, _: &SessionTerms) -> Result<MayBegin, NotTaken> {
        Ok(MayBegin::Now(SessionNumber(1)))
    }

    async fn session_became(&self, _: &Part, _: SessionNumber, _: SessionBecame) -> Result<(), NotTaken> {
        Ok(())
    }

    async fn is_about_case(&self, _: &BrandId, _: &Platform, _: &str) -> Result<bool, NotTaken> {
        Ok(!self.no_cases)
    }

    async fn note_progress(&self, _: &BrandId, _: OutboxId, _: &str) -> Result<(), NotTaken> {
        Ok(())
    }

    async fn renumbered(&self, _: &BrandId, _: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        Ok(self.renumbered.clone())
    }

    fn notice(&self, _: &BrandId, line: Line, locale: Option<&Locale>) -> Content {
        Content::verbatim(&format!("{} in {}", line.key(), locale.map_or("?", Locale::as_str)))
    }
}

/// Waits until something is so.
pub async fn until(what: impl Fn() -> bool) {
    for _ in 0..400 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come about in time");
}
