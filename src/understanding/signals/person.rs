//! Does somebody ask for a person, or whether this is one?
//!
//! A noun alone shows neither ("what is the agent made of"): it counts when it is the whole message, when a word of
//! speaking leads to it ("talk to a human"), or when a word of wanting does and nothing follows that makes it something
//! else ("I want a human" yes, "I want a human-sized figure" no).

use std::ops::Range;

use super::super::normalize::normalize;
use super::super::phrases::{Phrases, shown};
use super::super::text::Text;
use super::super::words::{Word, words};
use super::form::skip;
use super::lists::{Lists, general};

/// Words between a word of speaking and the person, at most.
const GAP: usize = 5;
/// Words of a message that is nothing but a call for a person, at most.
const CALL: usize = 6;

/// What a brand adds to the words for a person.
#[derive(Debug, Default)]
pub(in crate::understanding) struct Person {
    /// Single words: nouns like the built-in ones.
    nouns: Phrases,
    /// Phrases: they ask wherever they stand.
    phrases: Phrases,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::understanding) struct Asked {
    /// The words that ask for a person.
    pub for_person: Option<String>,
    /// Whether it asks if this is a bot.
    pub if_bot: bool,
}

impl Person {
    /// Takes the brand's `words_for_human`. One that holds a word of speaking or wanting ("speak to someone") asks
    /// wherever it stands; any other ("a person") is a noun like the built-in ones.
    pub(in crate::understanding) fn new(words_for_human: &[String]) -> Self {
        let lists = general();
        let mut made = Self::default();
        for written in words_for_human {
            let found = words(&normalize(written));
            let asks = [&lists.speak, &lists.speak_after, &lists.want].iter().any(|list| list.any(&found));
            let small = skip(&found, &[&lists.between]).min(found.len().saturating_sub(1));
            let noun = found.get(small..).unwrap_or_default();
            let (list, kept) = if asks { (&mut made.phrases, found.as_slice()) } else { (&mut made.nouns, noun) };
            list.add(kept.iter().map(|word| word.text.clone()).collect());
        }
        made
    }

    /// Reads a text.
    pub(in crate::understanding) fn read(&self, text: &Text<'_>) -> Asked {
        let lists = general();
        let questioned = bot_question(text, lists);
        let for_person = self.phrase(text, lists, questioned.as_ref()).or_else(|| self.alone(text, lists));
        let for_person = for_person.or_else(|| self.wish(text, lists, questioned.as_ref()));
        let if_bot = questioned.is_some();
        let for_person = for_person.map(|range| words_of(text, &range)).or_else(|| self.line(text, lists));
        Asked { if_bot: if_bot && for_person.is_none(), for_person }
    }

    /// One line of several is a call for a person: people write in pieces.
    fn line(&self, text: &Text<'_>, lists: &Lists) -> Option<String> {
        let lines = text.raw.lines().filter(|_| text.raw.contains('\n'));
        lines.map(Text::of).find_map(|line| self.alone(&line, lists).map(|range| words_of(&line, &range)))
    }

    /// A phrase that asks wherever it stands.
    fn phrase(&self, text: &Text<'_>, lists: &Lists, questioned: Option<&Range<usize>>) -> Option<Range<usize>> {
        let own = self.phrases.find(&text.words);
        let known = lists.asks_for_person.find(&text.words);
        let claimed = |range: &Range<usize>| questioned.is_some_and(|q| q.start <= range.start && range.end <= q.end);
        own.chain(known).find(|range| !claimed(range) && !negated(text, lists, range.start) && !compound(text, range))
    }

    /// The whole message is a call for a person: "agent!!", "a real person please".
    fn alone(&self, text: &Text<'_>, lists: &Lists) -> Option<Range<usize>> {
        if text.words.len() > CALL || text.normalized.contains('?') && text.words.len() > 2 {
            return None;
        }
        let (mut at, mut person) = (0, None);
        while let Some(rest) = text.words.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = self.noun(rest, lists) {
                person = person.or(Some(at..at + length)).filter(|range| !compound(text, range));
                at += length;
            } else {
                at += [&lists.greeting, &lists.filler, &lists.between].iter().find_map(|list| list.at(rest))?;
            }
        }
        person.filter(|range| !negated(text, lists, range.start))
    }

    /// Words of speaking or wanting lead to the person.
    fn wish(&self, text: &Text<'_>, lists: &Lists, questioned: Option<&Range<usize>>) -> Option<Range<usize>> {
        (0..text.words.len()).find_map(|start| {
            let rest = text.words.get(start..)?;
            let noun = self.noun(rest, lists);
            let vague = lists.only_with_speak.at(rest);
            let length = noun.or(vague)?;
            let range = start..start + length;
            if compound(text, &range) || questioned.is_some_and(|q| q.contains(&start)) {
                return None;
            }
            let speaks = leads(text, lists, &lists.speak, start).or_else(|| follows(text, lists, &range));
            let wants = || {
                leads(text, lists, &lists.want, start)
                    .filter(|_| noun.is_some() && may_end(text, &lists.follow, range.end))
            };
            let wish = speaks.or_else(wants)?;
            (!negated(text, lists, wish.start)).then_some(wish.start.min(range.start)..wish.end.max(range.end))
        })
    }

    fn noun(&self, words: &[Word], lists: &Lists) -> Option<usize> {
        self.nouns.at(words).max(lists.person.at(words))
    }
}

/// "are you a bot", "bin ich hier mit einem Menschen verbunden": where it stands.
fn bot_question(text: &Text<'_>, lists: &Lists) -> Option<Range<usize>> {
    let phrase = lists
        .bot_phrases
        .find(&text.words)
        .find(|range| range.start <= 3 && may_end(text, &lists.bot_follow, range.end));
    phrase.or_else(|| {
        lists.bot_ask.find(&text.words).find_map(|ask| {
            let mut at = ask.end;
            for _ in 0..GAP {
                let rest = text.words.get(at..)?;
                if let Some(length) = lists.bot_nouns.at(rest) {
                    let noun = at..at + length;
                    let ends = may_end(text, &lists.bot_follow, noun.end) && !compound(text, &noun);
                    return ends.then_some(ask.start..noun.end);
                }
                at += lists.bot_between.at(rest)?;
            }
            None
        })
    })
}

/// A phrase of the list before the person, with at most a few small words between: where it stands.
fn leads(text: &Text<'_>, lists: &Lists, list: &Phrases, person: usize) -> Option<Range<usize>> {
    let mut end = person;
    for _ in 0..=GAP {
        let before = text.words.get(..end)?;
        if let Some(length) = list.ending(before) {
            return Some(end - length..end);
        }
        end -= lists.between.ending(before)?;
    }
    None
}

/// A word of speaking after the person ("mit einem Mitarbeiter sprechen"): where it stands.
fn follows(text: &Text<'_>, lists: &Lists, person: &Range<usize>) -> Option<Range<usize>> {
    let mut at = person.end;
    for _ in 0..=GAP {
        let rest = text.words.get(at..).filter(|_| !text.clause_ends_before(at))?;
        if let Some(length) = lists.speak_after.at(rest) {
            let led = person.start.checked_sub(1).and_then(|before| text.words.get(..=before));
            let led = led.is_none_or(|before| lists.between.ending(before).is_some());
            return led.then_some(person.start..at + length);
        }
        at += lists.between.at(rest)?;
    }
    None
}

/// Whether what follows leaves the person a person.
fn may_end(text: &Text<'_>, follow: &Phrases, end: usize) -> bool {
    text.clause_ends_before(end) || text.words.get(end..).is_some_and(|rest| follow.at(rest).is_some())
}

/// Whether a hyphen makes it part of another word: "human-sized", "non-human".
fn compound(text: &Text<'_>, range: &Range<usize>) -> bool {
    text.before(range.end) == "-" && range.end < text.words.len() || text.before(range.start) == "-" && range.start > 0
}

/// Whether a phrase such as "without" or "I don't want to" stands right before.
fn negated(text: &Text<'_>, lists: &Lists, start: usize) -> bool {
    let before = (0..=3).filter_map(|skip| text.words.get(..start.checked_sub(skip)?).map(|before| (skip, before)));
    before.into_iter().any(|(skip, before)| {
        let small = text
            .words
            .get(start - skip..start)
            .is_some_and(|words| words.iter().all(|word| lists.between.is(std::slice::from_ref(word))));
        small && !text.clause_ends_before(start) && lists.not_asking.ending(before).is_some()
    })
}

fn words_of(text: &Text<'_>, range: &Range<usize>) -> String {
    text.words.get(range.clone()).map(shown).unwrap_or_default()
}
