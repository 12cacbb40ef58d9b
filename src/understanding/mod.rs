//! Text -> what it may mean: candidates with calibrated confidence, language, mood, signals, slot values.
//!
//! Everything is learned from the voice's own examples when it is loaded, deterministically; nothing here decides what to
//! do (that is the engine's) and nothing here is random, timed or remembered between calls.
//!
//! | file | idea |
//! |---|---|
//! | `reading` | what comes out |
//! | `normalize`, `words`, `text` | one form for every way of writing the same; the text in words |
//! | `lexicon`, `phrases` | words that mean something whatever the brand; how they are found |
//! | `matching` | which answer a question asks for, and how sure that is |
//! | `questions` | the questions of a message, and the politeness around them |
//! | `signals` | what else it shows: wishes, rules, mood, form, secrets |
//! | `slots`, `patterns` | values in it |
//! | `examples` | the voice's answers, as the matcher sees them |
//! | `language` | which of the voice's languages it is in |

mod examples;
mod language;
mod lexicon;
mod matching;
mod normalize;
mod patterns;
mod phrases;
mod questions;
mod reading;
mod signals;
mod slots;
mod text;
mod words;

use crate::voice::{Locale, SlotId, Voice};
use examples::Answers;
use language::Languages;
use signals::{Lists, Mood, Person, Replies, Rules};
use slots::Slots;
use text::Text;

pub use reading::*;

/// What was learned from a voice.
#[derive(Debug)]
pub struct Understanding {
    answers: Answers,
    slots: Slots,
    languages: Languages,
    /// The lexicons' lists of the voice's languages: forms of questions differ too much to be mixed.
    own: Lists,
    person: Person,
    rules: Rules,
    mood: Mood,
    replies: Replies,
}

/// What is known about the person and the moment when a text is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'h> {
    /// The language this person has used so far.
    pub locale: Option<&'h Locale>,
    /// The slot that was just asked for: short replies are then read as its value.
    pub asked: Option<&'h SlotId>,
}

/// Confidence from which on a short text is a question in few words and not an unfinished one.
const FINISHED: f32 = 0.6;

impl Understanding {
    /// Learns a voice.
    pub fn learn(voice: &Voice) -> Self {
        let slots = Slots::new(&voice.slots);
        let examples = voice.answers.iter().flat_map(|answer| answer.ask.iter().chain(&answer.not_ask));
        let spoken = examples.filter_map(|e| Some((e.locale.as_ref()?, words::texts(&normalize::normalize(&e.text)))));
        Self {
            answers: Answers::learn(voice, &slots),
            languages: Languages::new(&voice.brand.locales, spoken),
            own: signals::of_languages(voice.brand.locales.iter().map(Locale::language)),
            person: Person::new(&voice.handoff.words_for_human),
            rules: Rules::new(&voice.handoff.rules),
            mood: Mood::new(&voice.mood_words),
            replies: Replies::new(&voice.small_talk, &voice.silence),
            slots,
        }
    }

    /// Reads a text. Works on any input, in time proportional to its length; text over 4,000 characters is cut.
    pub fn read(&self, text: &str, hints: Hints<'_>) -> Reading {
        let all = Text::of(text);
        let text = all.shortened();
        let (irritation, joy) = self.mood.read(&text);
        let correction = Replies::correction(&text);
        let rest = correction.and_then(|word| text::from_word(text.raw, word)).map(Text::of);
        let questions = questions::find(rest.as_ref().unwrap_or(&text), &self.answers, &self.slots, &self.own);
        let found = self.slots.find(&text, hints.asked);
        let rules = self.rules.read(&all);
        let signals = Signals {
            correction: correction.is_some(),
            words: u16::try_from(all.words.len()).unwrap_or(u16::MAX),
            secret: signals::secrets(all.raw),
            ..self.signals(&all, &text, rules, &questions, !found.is_empty())
        };
        let locale = self.languages.of(&text, hints.locale);
        Reading { locale, questions, found, irritation, joy, signals, normalized: all.normalized }
    }

    /// Card numbers and passwords in a text, however long it is; bytes of the text as written.
    pub fn secrets(text: &str) -> Vec<Secret> {
        signals::secrets(text)
    }

    /// What a text calls for, whatever it asks: a part of [`Understanding::read`] that costs little, for a moment at which there
    /// is no time for more.
    pub fn calls(&self, text: &str) -> Calls {
        let all = Text::of(text);
        let (out, back_in) = self.replies.opts(&all);
        Calls {
            rules: self.rules.read(&all),
            for_person: self.person.read(&all).for_person.is_some(),
            opts: out || back_in,
        }
    }

    /// What a text shows; wishes are heard in `all` of it, the rest in what is left of a long text.
    fn signals(
        &self,
        all: &Text<'_>,
        text: &Text<'_>,
        rules: Vec<RuleHit>,
        questions: &[Question],
        has_value: bool,
    ) -> Signals {
        let asked = self.person.read(all);
        let only = signals::only(text.raw);
        let (opt_out, opt_in) = self.replies.opts(all);
        let shown = Signals {
            asks_for_person: asked.for_person,
            rules,
            small_talk: self.replies.small_talk(text),
            only_thanks: Replies::only_thanks(text),
            yes_no: Replies::yes_no(text, only),
            never_mind: Replies::never_mind(text),
            opt_out,
            opt_in,
            asks_if_bot: asked.if_bot,
            question_form: signals::has_question_form(text, &self.own),
            rhetorical: signals::is_rhetorical(text, &self.own),
            banter: signals::is_banter(text),
            only,
            ..Signals::default()
        };
        let sure = questions.iter().flat_map(|question| &question.candidates).any(|c| c.confidence >= FINISHED);
        let finished = has_value || sure || says_something(&shown);
        Signals { fragment: !finished && signals::looks_unfinished(text, &self.own), ..shown }
    }
}

/// Whether a message shows something that makes it whole, however short it is.
fn says_something(shown: &Signals) -> bool {
    shown.asks_for_person.is_some()
        || !shown.rules.is_empty()
        || shown.small_talk.is_some()
        || shown.only_thanks
        || shown.yes_no.is_some()
        || shown.never_mind
        || shown.opt_out
        || shown.opt_in
        || shown.asks_if_bot
        || shown.question_form
        || shown.banter
        || shown.only.is_some()
}
