//! A brand in service: how its steps are taken, and under which version of its voice.

use std::fmt;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::engine::{self, Brand, Conversation, Event, MustHear, Scene, Step};
use crate::voice::{BrandId, Content, Line, Locale};

/// Takes the steps of one brand.
type Steps = dyn Fn(Conversation, Event, &Scene) -> Step + Send + Sync;

/// A brand in service.
pub struct Served {
    brand: BrandId,
    version: String,
    too_old_in_public: SignedDuration,
    steps: Box<Steps>,
    /// None: a brand without words of its own.
    words: Option<Arc<Brand>>,
}

/// As in a voice that says nothing else.
const TOO_OLD_IN_PUBLIC: SignedDuration = SignedDuration::from_mins(10);

impl Served {
    /// A brand under a version of its voice, which is kept with every decision.
    pub fn new(brand: impl Into<Arc<Brand>>, version: impl Into<String>) -> Self {
        let brand = brand.into();
        let id = brand.voice.brand.id.clone();
        let too_old_in_public = brand.voice.silence.too_old_in_public;
        let words = Some(Arc::clone(&brand));
        let steps = move |conversation, event, scene: &Scene| engine::step(&brand, conversation, event, scene);
        Self { too_old_in_public, words, ..Self::stepping(id, version, steps) }
    }

    /// A brand whose steps are taken by any pure function: a replay, a rehearsal, a test.
    pub fn stepping(
        brand: BrandId,
        version: impl Into<String>,
        steps: impl Fn(Conversation, Event, &Scene) -> Step + Send + Sync + 'static,
    ) -> Self {
        Self {
            brand,
            version: version.into(),
            too_old_in_public: TOO_OLD_IN_PUBLIC,
            steps: Box::new(steps),
            words: None,
        }
    }

    /// Whose.
    pub fn brand(&self) -> &BrandId {
        &self.brand
    }

    /// The version of the voice.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How old an answer in public may be when it leaves.
    pub(super) fn too_old_in_public(&self) -> SignedDuration {
        self.too_old_in_public
    }

    /// Words outside of a conversation.
    pub(super) fn notice(&self, line: Line, locale: Option<&Locale>) -> Content {
        self.words.as_ref().map(|brand| engine::notice(brand, line, locale)).unwrap_or_default()
    }

    /// Why these words must be heard, if they must.
    pub(super) fn must_hear(&self, text: &str) -> Option<MustHear> {
        engine::must_hear(self.words.as_ref()?, text)
    }

    pub(super) fn step(&self, conversation: Conversation, event: Event, scene: &Scene) -> Step {
        (self.steps)(conversation, event, scene)
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").field("brand", &self.brand).field("version", &self.version).finish_non_exhaustive()
    }
}
