//! The questions of a message.
//!
//! Two parts are two questions only when each is sure of an answer of its own; in doubt a message is one question, for
//! a second question that nobody asked is worse than one that has to be asked again.

use super::examples::{Answers, WORDS};
use super::phrases::Phrases;
use super::reading::{Candidate, Question};
use super::signals::{Lists, begins_as_question, general, has_question_form, is_rhetorical, skip};
use super::slots::Slots;
use super::text::{Text, placed_words};
use super::words::Word;

/// Confidence from which on a part is sure of its answer.
const SURE: f32 = 0.6;
/// Sentences of a message that are looked at: so many from its beginning and from its end.
const FIRST: usize = 8;
const LAST: usize = 4;
/// Places in a message where it is tried to part a sentence in two.
const TRIES: usize = 8;
/// Words of a clause, at least.
const CLAUSE: usize = 2;
/// Words of a question that has no answer, at least, to stand beside one that has.
const REAL: usize = 4;

/// What finding questions needs to know.
#[derive(Clone, Copy)]
struct Known<'k> {
    answers: &'k Answers,
    slots: &'k Slots,
    own: &'k Lists,
}

/// A part of a message.
#[derive(Clone, Debug)]
struct Part<'t> {
    text: Text<'t>,
    candidates: Vec<Candidate>,
}

/// The questions of a message, in order; none when it has no words.
pub(super) fn find(text: &Text<'_>, answers: &Answers, slots: &Slots, own: &Lists) -> Vec<Question> {
    let known = Known { answers, slots, own };
    if text.words.is_empty() {
        return Vec::new();
    }
    let mut tries = TRIES;
    let parts: Vec<Part<'_>> = sentences(text.raw)
        .into_iter()
        .filter_map(stripped)
        .flat_map(|sentence| known.clauses(known.part(sentence), &mut tries))
        .collect();
    let whole = stripped(text.raw).unwrap_or(text.raw);
    match parts.as_slice() {
        [] => vec![known.part(whole).into()],
        [one] => vec![one.clone().into()],
        _ => known.several(&parts, whole),
    }
}

impl Known<'_> {
    fn part<'t>(&self, raw: &'t str) -> Part<'t> {
        let text = Text::of(raw);
        let candidates = self.answers.candidates(&text, self.slots);
        Part { text, candidates }
    }

    /// Several sentences: one question each where they are sure of different answers, else the best single one.
    fn several(&self, parts: &[Part<'_>], whole: &str) -> Vec<Question> {
        let short = parts.iter().map(|part| part.text.words.len()).sum::<usize>() <= WORDS;
        let whole = short.then(|| self.part(whole));
        let best_part = parts.iter().map(Part::confidence).fold(0.0, f32::max);
        let whole_wins = whole.as_ref().is_some_and(|whole| whole.confidence() > best_part);
        if !whole_wins && best_part >= SURE {
            let mut questions: Vec<&Part<'_>> = Vec::new();
            for part in parts {
                let asked = |other: &&Part<'_>| other.answer() == part.answer();
                match questions.iter_mut().find(|other| asked(other)) {
                    Some(other) if part.is_sure() && part.confidence() > other.confidence() => *other = part,
                    Some(_) => {}
                    None if part.is_sure() || self.is_real(part) => questions.push(part),
                    None => {}
                }
            }
            if questions.len() > 1 {
                return questions.into_iter().cloned().map(Question::from).collect();
            }
        }
        let best = parts.iter().chain(whole.as_ref()).rev().max_by(|a, b| a.confidence().total_cmp(&b.confidence()));
        best.cloned().map(Question::from).into_iter().collect()
    }

    /// Whether somebody really asks this, though no answer is for it.
    fn is_real(&self, part: &Part<'_>) -> bool {
        part.text.words.len() >= REAL
            && part.text.raw.contains('?')
            && begins_as_question(&part.text.words, self.own)
            && !is_rhetorical(&part.text, self.own)
    }

    /// A sentence, in two or more where "and" or a comma joins two questions.
    fn clauses<'t>(&self, sentence: Part<'t>, tries: &mut usize) -> Vec<Part<'t>> {
        if sentence.text.words.len() > WORDS {
            return vec![sentence];
        }
        for (left, right) in joins(sentence.text.raw, self.own) {
            if *tries == 0 {
                break;
            }
            let (Some(left), Some(right)) = (stripped(left), stripped(right)) else { continue };
            let asks = |raw: &str| {
                let text = Text::of(raw);
                text.words.len() >= CLAUSE
                    && has_question_form(&text, self.own)
                    && begins_as_question(&text.words, self.own)
            };
            if !asks(left) || !asks(right) {
                continue;
            }
            *tries -= 1;
            let (left, right) = (self.part(left), self.part(right));
            let apart = left.is_sure() && right.is_sure() && left.answer() != right.answer();
            if apart && sentence.confidence() <= left.confidence().max(right.confidence()) {
                let mut parts = vec![left];
                parts.extend(self.clauses(right, tries));
                return parts;
            }
        }
        vec![sentence]
    }
}

impl Part<'_> {
    fn confidence(&self) -> f32 {
        self.candidates.first().map_or(0.0, |best| best.confidence)
    }

    fn answer(&self) -> Option<&crate::voice::AnswerId> {
        self.candidates.first().map(|best| &best.answer)
    }

    fn is_sure(&self) -> bool {
        self.confidence() >= SURE
    }
}

impl From<Part<'_>> for Question {
    fn from(part: Part<'_>) -> Self {
        let text = part.text.raw.trim_end_matches([',', ';', ':']).to_owned();
        Question { text, candidates: part.candidates }
    }
}

/// The sentences of a text: up to an end mark or a line's end. A full stop inside a number, a link or an abbreviation
/// has no blank after it.
fn sentences(raw: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut rest = raw.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let end = at + c.len_utf8();
        let next = rest.peek().map(|(_, next)| *next);
        let more = next.is_some_and(|next| matches!(next, '.' | '!' | '?' | '…' | ')' | '"'));
        let ends = match c {
            '\n' | '\r' => true,
            '?' | '!' | '？' | '！' | '。' => !more,
            '.' | '…' | ';' => !more && next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            sentences.extend(raw.get(start..end));
            start = end;
        }
    }
    sentences.extend(raw.get(start..));
    sentences.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    if sentences.len() > FIRST + LAST {
        let last = sentences.split_off(sentences.len() - LAST);
        sentences.truncate(FIRST);
        sentences.extend(last);
    }
    sentences
}

/// A sentence without the politeness around it; none when nothing else is in it.
fn stripped(raw: &str) -> Option<&str> {
    let lists = general();
    let (words, places) = placed_words(raw);
    let first = skip(&words, &[&lists.greeting, &lists.filler, &lists.thanks, &lists.bye]);
    let mut last = words.len();
    while let Some(length) = words.get(first..last).and_then(|rest| ending(rest, &[&lists.thanks, &lists.bye])) {
        last -= length;
    }
    let start = places.get(first.min(last))?.start;
    let end = places.get(last.checked_sub(1)?)?.end;
    (first < last).then(|| raw.get(start..end)).flatten()
}

fn ending(words: &[Word], lists: &[&Phrases]) -> Option<usize> {
    lists.iter().filter_map(|list| list.ending(words)).max()
}

/// Places where a sentence may be parted: what stands before and after a word that joins, or a comma.
fn joins<'t>(raw: &'t str, own: &Lists) -> Vec<(&'t str, &'t str)> {
    let (words, places) = placed_words(raw);
    let mut joins = Vec::new();
    for nth in 1..words.len() {
        let Some((before, here)) = places.get(nth - 1).zip(places.get(nth)) else { continue };
        if before == here {
            continue;
        }
        let joined = words.get(nth..).and_then(|rest| own.joins.at(rest));
        let comma = raw.get(before.clone()).is_some_and(|piece| piece.ends_with(','));
        let after = places.get(nth + joined.unwrap_or(0)).map(|place| place.start);
        if let Some((left, right)) =
            after.filter(|_| comma || joined.is_some()).and_then(|after| raw.get(..before.end).zip(raw.get(after..)))
        {
            joins.push((left, right));
        }
    }
    joins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_marks_and_lines_and_not_inside_numbers_or_links() {
        for (text, expected) in [
            ("one. two? three", vec!["one.", " two?", " three"]),
            ("it costs 3.95 at shop.example, right", vec!["it costs 3.95 at shop.example, right"]),
            ("what?!und jetzt", vec!["what?!", "und jetzt"]),
            ("a\nb\n\n", vec!["a\n", "b\n"]),
            ("...", vec![]),
        ] {
            assert_eq!(sentences(text), expected, "{text:?}");
        }
        assert_eq!(sentences(&"again. ".repeat(50)).len(), FIRST + LAST);
    }

    #[test]
    fn politeness_is_stripped_from_both_ends() {
        for (text, left) in [
            ("Hi there, where is it? Thanks!", Some("where is it?")),
            ("thanks a lot, bye", None),
            ("ok so please tell me", Some("tell me")),
            ("", None),
        ] {
            assert_eq!(stripped(text), left, "{text}");
        }
    }
}
