//! Choices on offer: pressed, typed by number or by label, or answered in other words.

use super::draft::Draft;
use super::reply::Reply;
use super::{Choice, Decision, EventFact, Message, Phase, Pick, Reason};
use crate::understanding::Reading;
use crate::voice::{Answer, AnswerId, Line, localized};

/// How sure the reading must be of one of the choices on offer, and by how much more than of the next.
const CHOICE_CONFIDENCE: f32 = 0.35;
const CHOICE_MARGIN: f32 = 0.10;
/// Words of a label that count as naming it: no more words, no fewer characters.
const LABEL_WORDS: usize = 3;
const LABEL_CHARS: usize = 4;

impl Draft<'_> {
    /// The choice that somebody typed: its number, or its label.
    pub(super) fn typed_choice(&self, text: &str) -> Option<Pick> {
        let open = self.open_choices()?;
        let typed = plain(text);
        if typed.is_empty() {
            return None;
        }
        if let Ok(number) = typed.parse::<usize>() {
            return open.choices.get(number.checked_sub(1)?).map(|choice| choice.pick.clone());
        }
        let exact = open.choices.iter().find(|choice| plain(&choice.label) == typed);
        exact
            .or_else(|| only_one_holding(&open.choices, &typed).filter(|_| open.needed))
            .map(|choice| choice.pick.clone())
    }

    /// The answer among those on offer that a text means most clearly.
    pub(super) fn meant_choice(&self, reading: &Reading) -> Option<AnswerId> {
        let open = self.open_choices().filter(|open| open.needed)?;
        let mut offered: Vec<(&AnswerId, f32)> = open
            .choices
            .iter()
            .filter_map(|choice| match &choice.pick {
                Pick::Answer(id) => Some(id),
                Pick::Slot(..) | Pick::OfferYes | Pick::OfferNo | Pick::NoneOfThese => None,
            })
            .map(|id| (id, confidence(reading, id)))
            .collect();
        offered.sort_by(|a, b| b.1.total_cmp(&a.1));
        let (best, sure) = *offered.first()?;
        let next = offered.get(1).map_or(0.0, |(_, sure)| *sure);
        (sure >= CHOICE_CONFIDENCE && sure - next >= CHOICE_MARGIN).then(|| best.clone())
    }

    /// Does what a choice means.
    pub(super) fn picked(&mut self, pick: Pick, message: Option<&Message>) {
        let mut nearby = self.offered_answers();
        self.c.choices = None;
        if matches!(self.c.phase, Phase::Offered { .. }) {
            self.c.phase = Phase::Bot;
        }
        match pick {
            Pick::Answer(id) => {
                nearby.retain(|other| *other != id);
                self.give(&[(id, 1.0)], nearby, message);
            }
            Pick::Slot(slot, value) => self.fill_and_go_on(&slot, value, message),
            Pick::OfferYes => self.hand_off(Reason::OfferAccepted, None, message),
            Pick::OfferNo => {
                self.c.misses = 0;
                self.say_line(Line::OfferDeclined, message);
            }
            Pick::NoneOfThese => self.miss(&[], message),
        }
    }

    /// Yes to the one answer on offer, or no to all of them.
    pub(super) fn yes_no_to_choices(&self, reading: &Reading) -> Option<Pick> {
        let open = self.open_choices().filter(|open| open.needed)?;
        let none = open.choices.iter().find(|choice| choice.pick == Pick::NoneOfThese)?;
        match (reading.signals.yes_no?, self.offered_answers().as_slice()) {
            (false, _) => Some(none.pick.clone()),
            (true, [only]) => Some(Pick::Answer(only.clone())),
            (true, _) => None,
        }
    }

    fn offered_answers(&self) -> Vec<AnswerId> {
        let picks = self.open_choices().into_iter().flat_map(|open| &open.choices).map(|choice| &choice.pick);
        picks
            .filter_map(|pick| match pick {
                Pick::Answer(id) => Some(id.clone()),
                Pick::Slot(..) | Pick::OfferYes | Pick::OfferNo | Pick::NoneOfThese => None,
            })
            .collect()
    }

    /// Yes or no to the offer of a person, in any words.
    pub(super) fn offer_reply(&mut self, message: &Message, reading: &Reading) -> bool {
        let on_screen = self.open_choices().is_some_and(|open| open.choices.iter().any(|c| c.pick == Pick::OfferYes));
        let stands = on_screen || matches!(self.c.phase, Phase::Offered { .. });
        // Anything but yes or no leaves the offer standing: what they say counts.
        let Some(yes) = reading.signals.yes_no.filter(|_| stands) else { return false };
        self.picked(if yes { Pick::OfferYes } else { Pick::OfferNo }, Some(message));
        true
    }

    /// Asks which of these answers was meant.
    pub(super) fn clarify(&mut self, reply: &mut Reply, between: &[AnswerId], heading: Line) {
        let voice = self.voice();
        let authored = voice.clarify.iter().find(|c| between.iter().all(|id| c.between.contains(id)));
        let asked = authored.is_some_and(|c| self.add_wording(reply, &format!("clarify:{}", ids(&c.between)), &c.ask));
        if !asked {
            self.add_line(reply, heading);
        }
        let between = authored.map_or(between, |c| c.between.as_slice());
        let mut choices: Vec<Choice> = Vec::new();
        for id in between {
            let own = authored.and_then(|c| c.options.get(id));
            let label = own.and_then(|label| localized(label, &self.locale(), &voice.brand.default_locale)).cloned();
            let Some(label) = label.or_else(|| voice.answer(id).map(|answer| self.answer_label(answer))) else {
                continue;
            };
            choices.push(Choice { label, pick: Pick::Answer(id.clone()) });
        }
        choices.push(Choice { label: self.label(Line::NoneOfThese), pick: Pick::NoneOfThese });
        reply.ask(choices);
        self.decide(Decision::Clarify(between.to_vec()));
        self.log(EventFact::Clarified { between: between.to_vec() });
    }

    /// What a customer sees on a button that leads to an answer.
    pub(super) fn answer_label(&self, answer: &Answer) -> String {
        let label = localized(&answer.label, &self.locale(), &self.voice().brand.default_locale);
        label.unwrap_or(&answer.title).clone()
    }
}

/// The one choice whose label holds all the words that were typed, when they are few. Values of slots have words of
/// their own: "Steam" is a shop and no Steam Deck.
fn only_one_holding<'c>(choices: &'c [Choice], typed: &str) -> Option<&'c Choice> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let holds = |choice: &&Choice| {
        let label = choice.label.to_lowercase();
        words.iter().all(|word| label.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word))
    };
    let mut holding = choices.iter().filter(|choice| !matches!(choice.pick, Pick::Slot(..))).filter(holds);
    let only = holding.next().filter(|_| words.len() <= LABEL_WORDS && typed.chars().count() >= LABEL_CHARS)?;
    holding.next().is_none().then_some(only)
}

/// How sure a reading is of an answer, in any of its questions.
fn confidence(reading: &Reading, id: &AnswerId) -> f32 {
    let candidates = reading.questions.iter().flat_map(|question| &question.candidates);
    candidates.filter(|candidate| candidate.answer == *id).map(|candidate| candidate.confidence).fold(0.0, f32::max)
}

fn ids(ids: &[AnswerId]) -> String {
    ids.iter().map(AnswerId::as_str).collect::<Vec<_>>().join("+")
}

/// Words as they are compared with a label: without case, and without marks around them.
fn plain(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}
