//! The 16 promises, each a function by its name; what is said above it is the promise. A failure begins with the number and
//! the name.
//!
//! | file | about |
//! |---|---|
//! | `kept` | 1, 10, 16: what came in |
//! | `owner` | 2, 3, 4, 8: who has it |
//! | `time` | 5, 7, 14: what ends, what is due, what is over |
//! | `people` | 6, 12, 13, 15: what a customer can count on |
//! | `words` | 9, 11: what goes where |

mod kept;
mod owner;
mod people;
mod time;
mod words;

use std::ops::Range;

pub use kept::{
    it_is_in_its_own_conversation, it_waits_to_be_handled, the_same_again_changes_nothing,
    what_was_handled_is_not_handled_again,
};
pub use owner::the_store_names_the_same_owner;
pub use people::safety_has_left;
pub use time::{every_deadline_is_stored, is_survey, what_was_due_is_over};
pub use words::{a_wrong_hand_presses_nothing, another_brand_does_not_know_it};

use super::ledger::{Asked, Ledger, Stepped};
use super::seen::{Seen, What};
use super::world::World;

/// Whether a promise was kept; else which, and how.
pub type Verdict = Result<(), String>;

/// What is new since the last look.
pub struct News<'a> {
    pub ledger: &'a Ledger,
    pub seen: &'a Seen,
    pub steps: Range<usize>,
    pub asked: Range<usize>,
}

impl<'a> News<'a> {
    fn steps(&self) -> impl Iterator<Item = (usize, &'a Stepped)> {
        let ledger = self.ledger;
        self.steps.clone().map(|at| (at, &ledger.steps[at]))
    }

    fn asked(&self) -> impl Iterator<Item = (usize, &'a Asked)> {
        let ledger = self.ledger;
        self.asked.clone().map(|at| (at, &ledger.asked[at]))
    }

    fn saw(&self, what: What) {
        self.seen.saw(what);
    }
}

/// Fails with the promise's number and name unless it holds.
macro_rules! promise {
    ($name:ident, $holds:expr, $($how:tt)+) => {
        if !$holds {
            return Err(format!("{}: {}", stringify!($name), format_args!($($how)+)));
        }
    };
}
use promise;

/// A promise about what is new.
type Promise = fn(&News<'_>) -> Verdict;

/// The promises about steps and about what was asked to be sent.
const PROMISES: &[(u8, Promise)] = &[
    // First, because whatever leaks breaks others as well.
    (9, words::notes_stay_with_the_team),
    (1, kept::each_message_is_in_one_case),
    (2, owner::nothing_automatic_leaves_under_an_older_epoch),
    (3, owner::while_a_person_has_it_the_bot_is_silent),
    (4, owner::there_is_one_owner_and_claims_compare),
    (5, time::no_state_is_without_an_exit),
    (6, people::who_asks_for_a_person_gets_one_in_the_same_turn),
    (7, time::every_promise_is_a_timer),
    (8, owner::once_a_stretch),
    (11, words::a_reply_goes_only_to_its_own),
    (12, people::after_hand_back_the_bot_answers),
    (13, people::safety_words_are_never_held_back),
    (14, time::what_is_over_is_left_alone),
    (15, people::a_customer_can_always_leave),
    (16, kept::an_edit_answers_nothing_again),
];

pub fn check(news: &News<'_>) -> Verdict {
    for (number, promise) in PROMISES {
        promise(news).map_err(|how| format!("invariant {number}, {how}"))?;
    }
    Ok(())
}

/// What can only be told when nothing happens any more.
pub async fn at_the_end(world: &World<'_>) -> Verdict {
    kept::each_message_is_kept_once(world).await?;
    kept::what_was_deleted_has_no_text(world).await?;
    people::nothing_is_held_back_for_ever(world)?;
    people::safety_words_arrive(world)?;
    words::no_note_is_in_a_transcript(world).await?;
    time::everything_is_closed(world).await
}
