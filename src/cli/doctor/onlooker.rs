//! What platforms are checked with: it knows what is written down and writes nothing.

use std::sync::Arc;

use async_trait::async_trait;

use crate::adapters::{Incoming, Intake, NotTaken, Taken};
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

    async fn last_seen(&self, _brand: &BrandId, _platform: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        Ok(Vec::new())
    }

    async fn is_about_case(&self, _brand: &BrandId, _platform: &Platform, _post: &str) -> Result<bool, NotTaken> {
        Ok(false)
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        let Some(store) = &self.store else { return Ok(Vec::new()) };
        store.renumbered(brand, platform).await.map_err(|error| NotTaken(error.to_string()))
    }

    fn notice(&self, _brand: &BrandId, _line: Line, _locale: Option<&Locale>) -> Content {
        Content::default()
    }
}
