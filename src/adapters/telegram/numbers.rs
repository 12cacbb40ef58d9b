//! Groups that go by another number than in bot.toml: a group that becomes a supergroup gets a new one
//! (<https://core.telegram.org/bots/api#responseparameters>).

use std::collections::BTreeMap;

/// How often one group may have changed its number.
const MOST_CHANGES: usize = 8;

/// The present numbers of groups, by those they had.
#[derive(Clone, Debug, Default)]
pub struct Numbers(BTreeMap<i64, i64>);

impl Numbers {
    /// Remembers that a group goes by another number; says whether that is new.
    pub fn learn(&mut self, from: i64, to: i64) -> bool {
        self.0.insert(from, to) != Some(to)
    }

    /// Whether a chat is the one of bot.toml.
    pub fn is(&self, written: Option<i64>, chat: i64) -> bool {
        written.is_some_and(|written| written == chat || self.now(written) == chat)
    }

    /// The present number of a group.
    pub fn now(&self, written: i64) -> i64 {
        let next = |number: &i64| self.0.get(number).copied().filter(|next| next != number);
        std::iter::successors(Some(written), next).take(MOST_CHANGES).last().unwrap_or(written)
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn a_group_is_found_under_every_number_it_has_had() {
        let mut numbers = Numbers::default();
        assert!(numbers.learn(-5, -1005));
        assert!(!numbers.learn(-5, -1005));
        assert!(numbers.learn(-1005, -1006));
        assert_eq!(numbers.now(-5), -1006);
        // What comes again changes nothing.
        assert!(!numbers.learn(-5, -1005));
        assert_eq!(numbers.now(-5), -1006);
        // In whatever order they were written down.
        let mut late = Numbers::default();
        assert!(late.learn(-1005, -1006) && late.learn(-5, -1005));
        assert_eq!(late.now(-5), -1006);
        assert!(numbers.is(Some(-5), -1006) && numbers.is(Some(-5), -5));
        assert!(!numbers.is(Some(-5), -7) && !numbers.is(None, -5));
    }
}
