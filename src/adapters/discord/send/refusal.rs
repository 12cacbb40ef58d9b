//! Discord's reasons (<https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>) in plain words, for
//! operators and for the team, and whether it is worth trying again.

use crate::adapters::SendError;
use crate::adapters::discord::rest::CallError;

/// Reasons that do not go away by waiting.
const FOR_GOOD: &[(u64, &str)] = &[
    (10_003, "the channel is gone"),
    (10_004, "the server is gone, or the bot is no longer in it"),
    (10_008, "the message is gone"),
    (10_013, "the account is gone"),
    (10_014, "Discord knows no such emoji"),
    (30_010, "the message has all the reactions that it can have"),
    (50_001, "the bot cannot see the channel"),
    (50_007, "the customer takes no private messages from the bot"),
    (50_013, "the bot has no permission to write there"),
    (50_035, "Discord does not take the message, not even without its markup"),
    (50_083, "the thread is archived and cannot be opened again"),
    (50_278, "the bot and the customer share no server"),
    (90_001, "the customer has blocked the bot"),
    (160_005, "the thread is locked"),
    (200_000, "the server's own filter blocks the words"),
    (200_001, "the server's own filter blocks the title"),
];
/// The place or the person that nothing can be sent to, of [`FOR_GOOD`]; every other reason is about one message.
const NOTHING_GETS_THERE: &[u64] = &[10_003, 10_004, 10_013, 50_001, 50_007, 50_013, 50_083, 50_278, 90_001, 160_005];
/// Reasons that go away: slow mode, limits of a channel, and a forum that has just begun to want tags.
const FOR_NOW: &[u64] = &[20_016, 20_028, 40_004, TAG_REQUIRED, 130_000];
/// A post of a forum has to have a tag.
const TAG_REQUIRED: u64 = 40_067;
/// A token of an interaction that has run out, by Discord's various names for it.
const DEAD_TOKEN: &[u64] = &[10_015, 10_062, 50_027];

/// What became of a call that was refused.
pub(in crate::adapters::discord) fn refused(error: &CallError) -> SendError {
    match error {
        CallError::Later { reason, retry_after: Some(wait), everything: true, unsure: false } => {
            SendError::Quiet { reason: reason.clone(), retry_after: *wait }
        }
        CallError::Later { reason, retry_after, unsure: false, .. } => {
            SendError::Later { reason: reason.clone(), retry_after: *retry_after }
        }
        CallError::Later { reason, retry_after, unsure: true, .. } => {
            SendError::Unsure { reason: reason.clone(), retry_after: *retry_after }
        }
        CallError::Unauthorized => SendError::ShutOut { reason: reason(error) },
        CallError::Unreadable => SendError::Unsure { reason: reason(error), retry_after: None },
        CallError::Refused { code, .. } if NOTHING_GETS_THERE.contains(code) => {
            SendError::Never { reason: reason(error) }
        }
        CallError::Refused { .. } if is_for_good(error) => SendError::Refused { reason: reason(error) },
        CallError::Refused { .. } => SendError::Later { reason: reason(error), retry_after: None },
    }
}

/// As [`refused`], where nothing was sent but looked for: whether it was sent before is as uncertain as it was.
pub(super) fn still_unsure(error: &CallError) -> SendError {
    not_sure(refused(error))
}

/// As it is, but for what says that nothing was sent: an earlier try may have sent it.
pub(super) fn not_sure(error: SendError) -> SendError {
    match error {
        SendError::Later { reason, retry_after } => SendError::Unsure { reason, retry_after },
        SendError::Quiet { reason, retry_after } => SendError::Unsure { reason, retry_after: Some(retry_after) },
        // That it is uncertain is kept with what is not sent at all.
        known @ (SendError::ShutOut { .. }
        | SendError::Unsure { .. }
        | SendError::Never { .. }
        | SendError::Refused { .. }) => known,
    }
}

/// Whether nothing was found out by looking.
pub(super) fn is_no_answer(error: &CallError) -> bool {
    error.is_passing() || matches!(error, CallError::Unauthorized)
}

/// Whether no further try can help.
pub(super) fn is_for_good(error: &CallError) -> bool {
    !error.is_passing() && error.code().is_some_and(|code| !FOR_NOW.contains(&code))
}

/// A reason in plain words.
pub(in crate::adapters::discord) fn reason(error: &CallError) -> String {
    let known = error.code().and_then(|code| FOR_GOOD.iter().find(|(number, _)| *number == code));
    known.map_or_else(|| error.to_string(), |(_, reason)| (*reason).to_owned())
}

/// Whether the token of an interaction has run out.
pub(super) fn is_dead_token(error: &CallError) -> bool {
    match error {
        CallError::Refused { status, code } => DEAD_TOKEN.contains(code) || (*code == 0 && matches!(status, 401 | 404)),
        CallError::Later { .. } | CallError::Unauthorized | CallError::Unreadable => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused_by(status: u16, code: u64) -> SendError {
        refused(&CallError::Refused { status, code })
    }

    #[test]
    fn what_is_for_good_is_not_tried_again_and_what_passes_is() {
        for code in [50_007, 50_001, 50_013, 10_003, 160_005] {
            assert!(matches!(refused_by(403, code), SendError::Never { .. }), "{code}");
        }
        for code in [10_008, 200_000, 50_035, 99_999] {
            assert!(matches!(refused_by(400, code), SendError::Refused { .. }), "{code}");
        }
        for code in [20_016, 20_028, 40_067] {
            assert!(matches!(refused_by(400, code), SendError::Later { .. }), "{code}");
        }
        assert!(matches!(refused(&CallError::Unauthorized), SendError::ShutOut { .. }));
        assert!(is_dead_token(&CallError::Refused { status: 401, code: 50_027 }));
        assert!(is_dead_token(&CallError::Refused { status: 404, code: 0 }));
        assert!(!is_dead_token(&CallError::Refused { status: 403, code: 50_013 }));
    }

    #[test]
    fn a_page_that_is_not_discord_s_refuses_nothing() {
        for status in [400, 403, 404, 413] {
            assert!(matches!(refused_by(status, 0), SendError::Later { .. }), "{status}");
        }
    }

    #[test]
    fn what_may_have_been_done_is_unsure_and_what_was_not_is_not() {
        let later = |unsure| CallError::Later { reason: String::new(), retry_after: None, unsure, everything: false };
        assert!(matches!(refused(&later(true)), SendError::Unsure { .. }));
        assert!(matches!(refused(&later(false)), SendError::Later { .. }));
        assert!(matches!(refused(&CallError::Unreadable), SendError::Unsure { .. }));
        assert!(matches!(still_unsure(&later(false)), SendError::Unsure { .. }), "looking found nothing out");
        assert!(matches!(still_unsure(&CallError::Refused { status: 403, code: 50_001 }), SendError::Never { .. }));
    }
}
