//! What adapters ask of the bot has an end. A line to the database can be dead without a word for a quarter of an hour, and
//! whoever listens and waits at it hears nothing else, and cannot be stopped either. One place for all that they can ask.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;

use crate::adapters::{
    Incoming, Intake, MayBegin, NotTaken, Part, ReadUpTo, SessionBecame, SessionNumber, SessionTerms, Taken,
};
use crate::engine::OutboxId;
use crate::store::in_time;
use crate::voice::{BrandId, Content, Line, Locale, Platform};

/// Takes in what another one takes in, and does not wait for it for ever. What was asked may have been done then.
pub(super) struct Patient {
    /// Who.
    pub(super) intake: Arc<dyn Intake>,
    /// For how long.
    pub(super) at_most: Duration,
}

#[async_trait]
impl Intake for Patient {
    async fn take(&self, incoming: &Incoming) -> Result<Taken, NotTaken> {
        in_time(self.at_most, self.intake.take(incoming)).await
    }

    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<ReadUpTo>, NotTaken> {
        in_time(self.at_most, self.intake.last_seen(brand, platform)).await
    }

    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool, NotTaken> {
        in_time(self.at_most, self.intake.is_about_case(brand, platform, post)).await
    }

    async fn note_progress(&self, brand: &BrandId, id: OutboxId, progress: &str) -> Result<(), NotTaken> {
        in_time(self.at_most, self.intake.note_progress(brand, id, progress)).await
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        in_time(self.at_most, self.intake.renumbered(brand, platform)).await
    }

    async fn sessions(&self, part: &Part, within: SignedDuration) -> Result<Vec<SignedDuration>, NotTaken> {
        in_time(self.at_most, self.intake.sessions(part, within)).await
    }

    async fn begin_session(&self, part: &Part, terms: &SessionTerms) -> Result<MayBegin, NotTaken> {
        in_time(self.at_most, self.intake.begin_session(part, terms)).await
    }

    async fn session_became(&self, part: &Part, number: SessionNumber, became: SessionBecame) -> Result<(), NotTaken> {
        in_time(self.at_most, self.intake.session_became(part, number, became)).await
    }

    fn notice(&self, brand: &BrandId, line: Line, locale: Option<&Locale>) -> Content {
        self.intake.notice(brand, line, locale)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    /// A database at the end of a dead line.
    struct Dead;

    #[async_trait]
    impl Intake for Dead {
        async fn take(&self, _: &Incoming) -> Result<Taken, NotTaken> {
            pending().await
        }

        async fn last_seen(&self, _: &BrandId, _: &Platform) -> Result<Vec<ReadUpTo>, NotTaken> {
            pending().await
        }

        async fn is_about_case(&self, _: &BrandId, _: &Platform, _: &str) -> Result<bool, NotTaken> {
            pending().await
        }

        async fn note_progress(&self, _: &BrandId, _: OutboxId, _: &str) -> Result<(), NotTaken> {
            pending().await
        }

        async fn renumbered(&self, _: &BrandId, _: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
            pending().await
        }

        async fn sessions(&self, _: &Part, _: SignedDuration) -> Result<Vec<SignedDuration>, NotTaken> {
            pending().await
        }

        async fn begin_session(&self, _: &Part, _: &SessionTerms) -> Result<MayBegin, NotTaken> {
            pending().await
        }

        async fn session_became(&self, _: &Part, _: SessionNumber, _: SessionBecame) -> Result<(), NotTaken> {
            pending().await
        }

        fn notice(&self, _: &BrandId, _: Line, _: Option<&Locale>) -> Content {
            Content::default()
        }
    }

    /// What is asked comes to an end.
    async fn ended<T: std::fmt::Debug>(asked: impl Future<Output = Result<T, NotTaken>>) {
        let ended = tokio::time::timeout(Duration::from_secs(10), asked).await;
        ended.expect("it waits for ever").expect_err("nothing was done");
    }

    #[tokio::test]
    async fn nothing_that_is_asked_is_waited_for_for_ever() {
        let (brand, platform) = (BrandId::from("lumen"), Platform::from("console"));
        let part = Part { brand: brand.clone(), platform: platform.clone(), part: 0 };
        let second = SignedDuration::from_secs(1);
        let terms = SessionTerms { lane: 0, apart: second, begins_within: second, in_a_day: 1 };
        let (of, on) = (brand.clone(), platform.clone());
        let incoming = Incoming::Renumbered { brand: of, platform: on, from: "1".into(), to: "2".into() };
        let intake = Patient { intake: Arc::new(Dead), at_most: Duration::from_millis(20) };
        ended(intake.take(&incoming)).await;
        ended(intake.last_seen(&brand, &platform)).await;
        ended(intake.is_about_case(&brand, &platform, "1")).await;
        ended(intake.note_progress(&brand, OutboxId(1), "")).await;
        ended(intake.renumbered(&brand, &platform)).await;
        ended(intake.sessions(&part, second)).await;
        ended(intake.begin_session(&part, &terms)).await;
        ended(intake.session_became(&part, SessionNumber(1), SessionBecame::Failed)).await;
    }
}
