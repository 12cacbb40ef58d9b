//! The first answer to an interaction is given by the process that heard it. What is said by the token from another process
//! can come before it; Discord then knows no such token yet, and says the same as of one that has run out.

use std::time::Duration;

use jiff::Timestamp;

use super::refusal::is_dead_token;
use crate::adapters::discord::answer::FIRST_WITHIN;
use crate::adapters::discord::rest::CallError;
use crate::adapters::discord::via::Via;

/// What is waited between two tries, and how many there are, whatever the clock says.
const BETWEEN: Duration = Duration::from_millis(200);
const TRIES: u32 = 25;

/// Tries by one token.
#[derive(Debug, Default)]
pub(in crate::adapters::discord) struct Early {
    tries: u32,
}

impl Early {
    /// Whether it is to be tried again, after a moment: as long as the first answer may still be on its way.
    pub(in crate::adapters::discord) async fn again(&mut self, via: &Via, error: &CallError) -> bool {
        let is_early = via.age(Timestamp::now()) < FIRST_WITHIN && self.tries < TRIES;
        if !is_dead_token(error) || !is_early {
            return false;
        }
        self.tries += 1;
        tokio::time::sleep(BETWEEN).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[tokio::test]
    async fn a_token_is_taken_for_dead_when_its_first_answer_must_have_been_given() {
        let dead = CallError::Refused { status: 404, code: 10_015 };
        let old = Timestamp::now() - SignedDuration::try_from(FIRST_WITHIN).unwrap();
        assert!(!Early::default().again(&Via::of(1, "t", old, true), &dead).await);
        let young = Via::of(1, "t", Timestamp::now(), true);
        assert!(!Early::default().again(&young, &CallError::Refused { status: 403, code: 50_013 }).await);
        assert!(Early::default().again(&young, &dead).await);
        // Even if the clock stands still.
        assert!(!Early { tries: TRIES }.again(&young, &dead).await);
    }
}
