//! One thing to say, in all its wordings.

use jiff::civil::Date;

use super::{Locale, Platform, Template, ToneId};

/// Every wording of one thing to say. The engine picks the one that fits best.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// The wordings, in the order of the file.
    pub variants: Vec<Variant>,
}

/// One wording and when it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The words.
    pub text: Template,
    /// The language it is in.
    pub locale: Locale,
    /// The tone it strikes; none: fits any.
    pub tone: Option<ToneId>,
    /// When it may be used.
    pub when: When,
}

/// When a wording may be used; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// Only on this platform.
    pub channel: Option<Platform>,
    /// Only while the team's hours are so.
    pub hours: Option<OpenOrClosed>,
    /// Only for these regions (choices of the brand's region slot).
    pub regions: Vec<super::ChoiceId>,
    /// First day, in the brand's time zone.
    pub from: Option<Date>,
    /// Last day, in the brand's time zone.
    pub until: Option<Date>,
}

/// Whether the team is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenOrClosed {
    /// Somebody is there.
    Open,
    /// Nobody is there.
    Closed,
}

impl Wording {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.variants.is_empty()
    }
}

impl When {
    /// Whether it is always so.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }
}
