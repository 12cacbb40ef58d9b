//! How much waits to be handled, and what is shed for it: the whole process's measure, beside each person's and each place's.

use std::collections::BTreeMap;

use super::talk::Class;
use crate::voice::BrandId;

/// Events that wait, from which on a class is shed.
const CHATTER: u64 = 2_000;
const PUBLIC: u64 = 10_000;
const PRIVATE: u64 = 50_000;
/// A brand with fewer that wait has no part in it and sheds nothing for others.
const OF_A_BRAND: u64 = 200;

/// What waits, as it was counted last.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    of: BTreeMap<BrandId, u64>,
    all: u64,
}

impl Crowd {
    /// It was counted.
    pub(super) fn counted(&mut self, waiting: Vec<(BrandId, u64)>) {
        self.all = waiting.iter().map(|(_, many)| many).sum();
        self.of = waiting.into_iter().collect();
    }

    /// Whether there is no time for this class of a brand now.
    pub(super) fn is_too_much(&self, brand: &BrandId, class: Class) -> bool {
        let most = match class {
            Class::Chatter => CHATTER,
            Class::Public => PUBLIC,
            Class::Private => PRIVATE,
        };
        self.all >= most && self.of.get(brand).is_some_and(|many| *many >= OF_A_BRAND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shed(waiting: &[(&str, u64)], brand: &str) -> [bool; 3] {
        let mut crowd = Crowd::default();
        crowd.counted(waiting.iter().map(|(brand, many)| (BrandId::from(*brand), *many)).collect());
        [Class::Chatter, Class::Public, Class::Private].map(|class| crowd.is_too_much(&BrandId::from(brand), class))
    }

    #[test]
    fn chatter_goes_first_then_questions_in_public_then_private_words() {
        assert_eq!(shed(&[("a", 1_999)], "a"), [false, false, false]);
        assert_eq!(shed(&[("a", 2_000)], "a"), [true, false, false]);
        assert_eq!(shed(&[("a", 10_000)], "a"), [true, true, false]);
        assert_eq!(shed(&[("a", 50_000)], "a"), [true, true, true]);
    }

    #[test]
    fn a_brand_that_has_no_part_in_it_sheds_nothing() {
        assert_eq!(shed(&[("a", 60_000), ("b", 199)], "b"), [false; 3]);
        assert_eq!(shed(&[("a", 60_000)], "c"), [false; 3]);
    }
}
