//! What somebody of the team does, in the words of dialogues and of the terminal chat.

use crate::engine::{AgentAction, NoteText};
use crate::voice::TeamId;

use super::AgentDoes;

/// The words that can be used, with what belongs behind them.
pub const AGENT_WORDS: &[(&str, &str)] = &[
    ("claim", ""),
    ("reply", "TEXT"),
    ("note", "TEXT"),
    ("handback", ""),
    ("release", ""),
    ("transfer", "TEAM"),
    ("close", "OUTCOME"),
    ("say", "TEXT"),
];

/// Why words are not something that an agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// There is no such word; holds it.
    Unknown(String),
    /// Something is missing behind the word: the word, and what.
    Missing(&'static str, &'static str),
}

/// Reads `claim`, `reply TEXT`, `note TEXT`, `handback`, `release`, `transfer TEAM`, `close OUTCOME` or `say TEXT`.
pub fn agent_does(written: &str) -> Result<AgentDoes, NotDone> {
    let written = written.trim();
    let (word, rest) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
    let rest = rest.trim();
    let Some((word, needs)) = AGENT_WORDS.iter().find(|(known, _)| *known == word) else {
        return Err(NotDone::Unknown(word.to_owned()));
    };
    if rest.is_empty() && !needs.is_empty() {
        return Err(NotDone::Missing(word, needs));
    }
    let text = rest.to_owned();
    Ok(AgentDoes::Action(match *word {
        "claim" => AgentAction::Claim { epoch: None },
        "reply" => AgentAction::Reply { text, attachments: Vec::new() },
        "note" => AgentAction::Note(NoteText::new(text)),
        "handback" => AgentAction::HandBack,
        "release" => AgentAction::Release,
        "transfer" => AgentAction::Transfer { team: TeamId::new(text) },
        "close" => AgentAction::Close { outcome: text },
        _ => return Ok(AgentDoes::Say(text)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_table_can_be_done() {
        for (word, needs) in AGENT_WORDS {
            let done = agent_does(&format!("{word} {needs}"));
            assert!(done.is_ok(), "{word}: {done:?}");
            if !needs.is_empty() {
                assert_eq!(agent_does(word), Err(NotDone::Missing(word, needs)));
            }
        }
        assert_eq!(agent_does("grab it"), Err(NotDone::Unknown("grab".to_owned())));
        assert_eq!(agent_does(" say hello there "), Ok(AgentDoes::Say("hello there".to_owned())));
    }
}
