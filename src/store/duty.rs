//! What one process at a time does.

use std::fmt;

use crate::voice::{BrandId, Platform};

/// What one process at a time does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duty {
    /// Whose bot.
    pub brand: BrandId,
    /// On which platform.
    pub platform: Platform,
    /// Which part of it: the first also sends, each listens to its own connection.
    pub part: u32,
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.platform, self.brand, self.part)
    }
}
