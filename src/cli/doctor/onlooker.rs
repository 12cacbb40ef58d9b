//! What platforms are checked with: it knows what is written down and writes nothing.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;

use crate::adapters::{
    Incoming, Intake, MayBegin, NotTaken, Part, ReadUpTo, SessionBecame, SessionNumber, SessionTerms, Taken,
};
use crate::engine::OutboxId;
use crate::store::Store;
use crate::voice::{BrandId, Content, Line, Locale, Platform};

/// Takes nothing in.
pub(super) struct Onlooker {
    /// What is known so far, where the database can be used.
    pub store: Option<Arc<dyn Store>>,
}

#[async_trait]
impl Intake for Onlooker {
    async fn take(&self, _incoming: &Incoming) -> Result<Taken, NotTaken> {
        Ok(Taken::Known)
    }

    async fn last_seen(&self, _brand: &BrandId, _platform: &Platform) -> Result<Vec<ReadUpTo>, NotTaken> {
        Ok(Vec::new())
    }

    async fn is_about_case(&self, _brand: &BrandId, _platform: &Platform, _post: &str) -> Result<bool, NotTaken> {
        Ok(false)
    }

    async fn note_progress(&self, _brand: &BrandId, _id: OutboxId, _progress: &str) -> Result<(), NotTaken> {
        Ok(())
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        let Some(store) = &self.store else { return Ok(Vec::new()) };
        store.renumbered(brand, platform).await.map_err(|error| NotTaken(error.to_string()))
    }

    async fn sessions(&self, _part: &Part, _within: SignedDuration) -> Result<Vec<SignedDuration>, NotTaken> {
        Ok(Vec::new())
    }

    /// Whoever only looks begins none.
    async fn begin_session(&self, _part: &Part, terms: &SessionTerms) -> Result<MayBegin, NotTaken> {
        Ok(MayBegin::After(terms.apart))
    }

    async fn session_became(
        &self,
        _part: &Part,
        _number: SessionNumber,
        _became: SessionBecame,
    ) -> Result<(), NotTaken> {
        Ok(())
    }

    fn notice(&self, _brand: &BrandId, _line: Line, _locale: Option<&Locale>) -> Content {
        Content::default()
    }
}
