//! Handoff rules: words that must be seen however they are written.
//!
//! Text and words are folded hard (look-alikes, accents, hidden characters), matched as whole words; also with the
//! blanks left out ("killmyself") and with blanks between all letters ("k i l l  m y s e l f").

use super::super::lexicon::all;
use super::super::normalize::{hard_fold, normalize};
use super::super::phrases::{Phrases, shown};
use super::super::text::Text;
use super::super::words::{Word, texts, words};
use crate::understanding::RuleHit;
use crate::voice::{HandoffRule, RuleId};

/// The rule that every voice has, and that the lexicons' words for danger belong to in every language.
const SAFETY: &str = "safety";
/// Letters that are taken for a word spelled out, at least.
const SPELLED_OUT: usize = 4;

/// The voice's rules, ready to be found.
#[derive(Debug, Default)]
pub(in crate::understanding) struct Rules {
    rules: Vec<(RuleId, Phrases)>,
}

impl Rules {
    /// Takes the rules of a voice.
    pub(in crate::understanding) fn new(rules: &[HandoffRule]) -> Self {
        let phrases = |rule: &HandoffRule| {
            let is_safety = rule.id.as_str() == SAFETY;
            let built_in = all().iter().filter(|_| is_safety).flat_map(|lexicon| &lexicon.safety.words);
            folded(rule.words.iter().chain(built_in))
        };
        Self { rules: rules.iter().map(|rule| (rule.id.clone(), phrases(rule))).collect() }
    }

    /// The rules a text sets off, in the voice's order.
    pub(in crate::understanding) fn read(&self, text: &Text<'_>) -> Vec<RuleHit> {
        let plain = words(&hard_fold(&text.normalized));
        let spelled = spelled_out(&plain);
        let hit = |(rule, phrases): &(RuleId, Phrases)| {
            let cue = [&plain, &spelled]
                .into_iter()
                .find_map(|words| phrases.find(words).next().and_then(|range| words.get(range)).map(shown));
            cue.map(|cue| RuleHit { rule: rule.clone(), cue })
        };
        self.rules.iter().filter_map(hit).collect()
    }
}

/// Phrases folded hard, each also without its blanks and with ae, oe, ue for umlauts.
fn folded<'w>(written: impl Iterator<Item = &'w String>) -> Phrases {
    let mut phrases = Phrases::default();
    for phrase in written {
        let normalized = normalize(phrase);
        let spelled: String = normalized.chars().map(umlaut).collect();
        for form in [&normalized, &spelled] {
            let words = texts(&hard_fold(form));
            if words.len() > 1 {
                phrases.add(vec![words.concat()]);
            }
            phrases.add(words);
        }
    }
    phrases
}

fn umlaut(c: char) -> String {
    match c {
        'ä' => "ae".to_owned(),
        'ö' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        _ => c.to_string(),
    }
}

/// The words with runs of single letters joined into one word each; empty when there is no such run.
fn spelled_out(words: &[Word]) -> Vec<Word> {
    let single = |word: &Word| word.text.chars().nth(1).is_none();
    let mut joined = Vec::new();
    let mut any = false;
    for run in words.chunk_by(|a, b| single(a) == single(b)) {
        match (run.first(), run.last()) {
            (Some(first), Some(last)) if run.len() >= SPELLED_OUT && single(first) => {
                any = true;
                let text = run.iter().map(|word| word.text.as_str()).collect();
                joined.push(Word { text, start: first.start, end: last.end });
            }
            _ => joined.extend_from_slice(run),
        }
    }
    if any { joined } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrase: &str, text: &str) -> bool {
        let rules = Rules { rules: vec![(RuleId::from("test"), folded([phrase.to_owned()].iter()))] };
        !rules.read(&Text::of(text)).is_empty()
    }

    #[test]
    fn a_rule_is_seen_however_it_is_written() {
        for text in ["data breach", "DATA-BREACH!", "dаtа brеасh", "d a t a b r e a c h", "databreach", "dáta bréach"]
        {
            assert!(found("data breach", text), "{text}");
        }
        for text in ["töten", "toeten", "toten", "TÖTEN"] {
            assert!(found("töten", text), "{text}");
        }
    }

    #[test]
    fn a_rule_is_whole_words() {
        for text in ["update breaches", "my data", "breach of data", "a b c"] {
            assert!(!found("data breach", text), "{text}");
        }
        assert!(!found("sue", "issue with suede"));
    }
}
