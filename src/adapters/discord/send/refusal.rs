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
/// Reasons that go away: slow mode, and limits of a channel.
const FOR_NOW: &[u64] = &[20_016, 20_028, 40_004, 130_000];
/// A token of an interaction that has run out, by Discord's various names for it.
const DEAD_TOKEN: &[u64] = &[10_015, 10_062, 50_027];

/// What became of a call that was refused.
pub(in crate::adapters::discord) fn refused(error: &CallError) -> SendError {
    match error {
        CallError::Later { reason, retry_after } => {
            SendError::Later { reason: reason.clone(), retry_after: *retry_after }
        }
        CallError::Refused { code, .. } if !FOR_NOW.contains(code) => SendError::Never { reason: reason(error) },
        CallError::Refused { .. } | CallError::Unauthorized | CallError::Unreadable => {
            SendError::Later { reason: reason(error), retry_after: None }
        }
    }
}

/// A reason in plain words.
pub(in crate::adapters::discord) fn reason(error: &CallError) -> String {
    let known = error.code().and_then(|code| FOR_GOOD.iter().find(|(number, _)| *number == code));
    known.map_or_else(|| error.to_string(), |(_, reason)| (*reason).to_owned())
}

/// Whether the token of an interaction has run out.
pub(super) fn is_dead_token(error: &CallError) -> bool {
    match error {
        CallError::Refused { status, code } => DEAD_TOKEN.contains(code) || (*status == 404 && *code == 0),
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
        for code in [50_007, 50_001, 50_013, 10_003, 10_008, 200_000, 160_005, 50_035, 99_999] {
            assert!(matches!(refused_by(403, code), SendError::Never { .. }), "{code}");
        }
        for code in [20_016, 20_028] {
            assert!(matches!(refused_by(400, code), SendError::Later { .. }), "{code}");
        }
        assert!(matches!(refused(&CallError::Unauthorized), SendError::Later { .. }));
        assert!(is_dead_token(&CallError::Refused { status: 401, code: 50_027 }));
        assert!(!is_dead_token(&CallError::Refused { status: 403, code: 50_013 }));
    }
}
