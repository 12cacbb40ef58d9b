//! What answers the bot rather than asks it: yes, no, thanks, never mind, "no, I meant …", small talk, start and stop.

use super::super::normalize::normalize;
use super::super::phrases::Phrases;
use super::super::text::Text;
use super::super::words::{Word, texts};
use super::lists::{Lists, general};
use crate::understanding::Only;
use crate::voice::{Silence, SmallTalk, SmallTalkId};

/// Words of a message that calls something off, at most.
const SHORT: usize = 8;

/// The voice's small talk and its words to stop and start.
#[derive(Debug, Default)]
pub(in crate::understanding) struct Replies {
    small_talk: Vec<(SmallTalkId, Squeezed)>,
    opt_out: Phrases,
    opt_in: Phrases,
}

impl Replies {
    /// Takes the voice's small talk, together with the lexicons' where its name is a known one.
    pub(in crate::understanding) fn new(small_talk: &[SmallTalk], silence: &Silence) -> Self {
        let lists = |talk: &SmallTalk| {
            let mut squeezed = Squeezed::default();
            talk.ask.iter().for_each(|example| squeezed.add(&texts(&normalize(&example.text))));
            (talk.id.clone(), squeezed)
        };
        Self {
            small_talk: small_talk.iter().map(lists).collect(),
            opt_out: Phrases::new(&silence.opt_out_words),
            opt_in: Phrases::new(&silence.opt_in_words),
        }
    }

    /// Whether the whole message is small talk, and which.
    pub(in crate::understanding) fn small_talk(&self, text: &Text<'_>) -> Option<SmallTalkId> {
        let lists = general();
        let words: Vec<Word> =
            text.words.iter().map(|word| Word { text: squeeze(&word.text), ..word.clone() }).collect();
        let (mut at, mut found) = (0, None);
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = text.words.get(at..).unwrap_or_default();
            let own = self.small_talk.iter().filter_map(|(id, talk)| talk.at(rest).map(|length| (id, length)));
            let known =
                self.small_talk.iter().filter_map(|(id, _)| known(id, lists)?.at(plain).map(|length| (id, length)));
            match own.chain(known).max_by_key(|(_, length)| *length) {
                Some((id, length)) => {
                    found = Some(id.clone());
                    at += length;
                }
                None => at += lists.filler.at(plain).filter(|_| found.is_some() || at == 0)?,
            }
        }
        found
    }

    /// Whether it asks the bot to stop (`true`) or to start again (`false`).
    pub(in crate::understanding) fn opts(&self, text: &Text<'_>) -> (bool, bool) {
        let says = |phrases: &Phrases| {
            phrases.find(&text.words).any(|range| range.len() > 1 || polite_without(text, &range, general()))
        };
        (says(&self.opt_out), says(&self.opt_in))
    }

    /// Whether it is thanks and nothing more.
    pub(in crate::understanding) fn only_thanks(text: &Text<'_>) -> bool {
        let lists = general();
        let mut thanked = false;
        let mut at = 0;
        while let Some(rest) = text.words.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = lists.thanks.at(rest) {
                thanked = true;
                at += length;
            } else if let Some(length) = lists.filler.at(rest).or_else(|| lists.bye.at(rest)) {
                at += length;
            } else {
                return false;
            }
        }
        thanked && !text.normalized.contains('?')
    }

    /// Yes (`true`), no (`false`) and little more.
    pub(in crate::understanding) fn yes_no(text: &Text<'_>, only: Option<Only>) -> Option<bool> {
        let lists = general();
        if text.normalized.contains('?') {
            return None;
        }
        if only == Some(Only::Emoji) {
            let shows = |emoji: &[char]| text.normalized.contains(emoji);
            return match (shows(&['👍', '✅', '👌', '✔']), shows(&['👎', '❌', '✖'])) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                (true, true) | (false, false) => None,
            };
        }
        let (mut at, mut said) = (0, None);
        while let Some(rest) = text.words.get(at..).filter(|rest| !rest.is_empty()) {
            let (no, yes) = (lists.no.at(rest), lists.yes.at(rest));
            let said_here = no.max(yes);
            let polite = [&lists.filler, &lists.thanks, &lists.greeting, &lists.bye];
            let polite = polite.iter().filter_map(|list| list.at(rest)).max();
            // "no problem" and "ok great" are longer as politeness than as an answer.
            if said_here.is_some() && said_here >= polite {
                said = said.or(Some(yes > no));
            }
            at += said_here.max(polite)?;
        }
        said
    }

    /// Yes or no by the first words, whatever follows: for a reply to a question of yes or no.
    pub(in crate::understanding) fn begins_yes_no(text: &Text<'_>) -> Option<bool> {
        let lists = general();
        let (no, yes) = (lists.no.at(&text.words), lists.yes.at(&text.words));
        (no.is_some() || yes.is_some()).then_some(yes > no)
    }

    /// Whether it calls off what is being asked.
    pub(in crate::understanding) fn never_mind(text: &Text<'_>) -> bool {
        let lists = general();
        let all = 0..text.words.len();
        let alone = lists.never_mind_alone.find(&text.words).any(|range| polite_without(text, &range, lists));
        let said = lists.never_mind.find(&text.words).any(|range| {
            (range.start == 0 || range.end == all.end || text.clause_ends_before(range.end))
                && !negated(text, range.start)
        });
        alone || said && all.len() <= SHORT && !text.normalized.contains('?')
    }

    /// Whether it corrects what was understood, and at which word the rest begins.
    pub(in crate::understanding) fn correction(text: &Text<'_>) -> Option<usize> {
        let lists = general();
        let mut at = 0;
        while let Some(length) = text.words.get(at..).and_then(|rest| lists.filler.at(rest)) {
            at += length;
        }
        let begins =
            |at: usize| text.words.get(at..).and_then(|rest| lists.correction.at(rest)).map(|length| at + length);
        let after_no = at + text.words.get(at..).and_then(|rest| lists.no.at(rest)).unwrap_or(0);
        let goes_on =
            || text.words.get(after_no..).filter(|_| after_no > at).and_then(|rest| lists.correction_after_no.at(rest));
        begins(at).or_else(|| begins(after_no)).or_else(|| goes_on().map(|_| after_no))
    }
}

/// The lexicons' list that belongs to a small talk of a known name.
fn known<'l>(id: &SmallTalkId, lists: &'l Lists) -> Option<&'l Phrases> {
    match id.as_str() {
        "greeting" => Some(&lists.greeting),
        "thanks" => Some(&lists.thanks),
        "bye" => Some(&lists.bye),
        _ => None,
    }
}

/// Whether everything outside a range is politeness.
fn polite_without(text: &Text<'_>, range: &std::ops::Range<usize>, lists: &Lists) -> bool {
    let polite = |words: &[Word]| {
        let mut at = 0;
        while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
            let lists = [&lists.filler, &lists.thanks, &lists.greeting, &lists.bye];
            match lists.iter().find_map(|list| list.at(rest)) {
                Some(length) => at += length,
                None => return false,
            }
        }
        true
    };
    let outside = [text.words.get(..range.start), text.words.get(range.end..)];
    outside.into_iter().flatten().all(polite)
}

fn negated(text: &Text<'_>, start: usize) -> bool {
    text.words.get(..start).is_some_and(|before| general().negators.ending(before).is_some())
}

/// Phrases with repeated letters squeezed, so that "heyyy" is "hey".
#[derive(Debug, Default)]
struct Squeezed(Phrases);

impl Squeezed {
    fn add(&mut self, words: &[String]) {
        self.0.add(words.iter().map(|word| squeeze(word)).collect());
    }

    fn at(&self, squeezed: &[Word]) -> Option<usize> {
        self.0.at(squeezed)
    }
}

fn squeeze(word: &str) -> String {
    let mut squeezed = String::with_capacity(word.len());
    word.chars().for_each(|c| {
        if !squeezed.ends_with(c) {
            squeezed.push(c);
        }
    });
    squeezed
}
