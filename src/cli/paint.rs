//! Colours, where there is somebody to see them.

use std::io::{self, IsTerminal};

/// Whether and how to colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    on: bool,
}

/// What a text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// The bot's name.
    Bot,
    /// Words of the team, and about cases.
    Staff,
    /// Something that is not said: a reaction, a reason, a hint.
    Quiet,
    /// Choices to type.
    Choice,
    /// All is well.
    Good,
    /// Something differs.
    Bad,
    /// A heading.
    Strong,
}

impl Paint {
    /// For stdout.
    pub fn stdout() -> Self {
        Self { on: wanted() && io::stdout().is_terminal() }
    }

    /// For stderr.
    pub fn stderr() -> Self {
        Self { on: wanted() && io::stderr().is_terminal() }
    }

    /// Whether anything is coloured.
    pub fn is_on(self) -> bool {
        self.on
    }

    /// A text in its colour.
    pub fn ink(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Bot => "1;36",
            Ink::Staff => "33",
            Ink::Quiet => "2",
            Ink::Choice => "36",
            Ink::Good => "32",
            Ink::Bad => "1;31",
            Ink::Strong => "1",
        };
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// NO_COLOR with any words in it turns colours off (no-color.org), and so does a terminal that has none.
fn wanted() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
}
