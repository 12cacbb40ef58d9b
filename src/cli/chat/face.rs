//! How a chat looks to whoever types: plain lines for scripts, or a screen for people.

use std::io;

use crate::adapters::console::Shown;
use crate::engine::Silence;

/// How a chat looks.
pub(super) trait Face: Send + Sync {
    /// Shows something that was delivered; an error when nobody can see it any more.
    fn show(&self, shown: &Shown) -> io::Result<()>;

    /// Shows that nothing is said, and why.
    fn silent(&self, reason: Silence);

    /// Tells whoever types something that is no part of the conversation: answers to commands, mistakes.
    fn tell(&self, text: &str);

    /// Whether nobody reads along any more.
    fn is_gone(&self) -> bool;
}
