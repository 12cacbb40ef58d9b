//! What was seen while a voice was lowered, with places: what the whole-voice rules need besides the voice itself.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::voice::lines::Line;
use crate::voice::source::Place;
use crate::voice::template::Use;
use crate::voice::{AnswerId, Locale, MoodId, RuleId, SlotId, SmallTalkId, ToneId, When};

/// Everything noted.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Every thing to say.
    pub said: Vec<Said>,
    /// Every mention of something by its name.
    pub references: Vec<Reference>,
    /// Where each name is defined, the first time.
    pub defined: BTreeMap<(Kind, String), Place>,
    /// Names that were defined again: kind, name, place.
    pub defined_again: Vec<(Kind, String, Place)>,
    /// Every example question.
    pub examples: Vec<ExampleAt>,
    /// Every label: what it belongs to, and the languages it is in; none when it is left out.
    pub labels: Vec<(String, Vec<Locale>)>,
    /// Every address.
    pub urls: Vec<UrlAt>,
}

/// A kind of thing that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Answer,
    Slot,
    Link,
    Hours,
    Tone,
    Region,
    Fact,
    HandoffRule,
}

/// A mention of something by its name.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub kind: Kind,
    pub name: String,
    pub place: Place,
    /// What mentions it, in words: "answer delivery.time".
    pub by: String,
}

/// A thing to say and all its wordings, fit to use or not.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub owner: Owner,
    /// Where the thing is named: an answer's id, a line's key.
    pub place: Place,
    pub variants: Vec<SaidVariant>,
}

/// A wording with its place.
#[derive(Clone, Debug)]
pub(crate) struct SaidVariant {
    /// The words as they are parsed: without white space around, line breaks as `\n`.
    pub text: String,
    /// Where it names variables; empty when it has faults.
    pub uses: Vec<Use>,
    /// Faults of the template; empty when it can be used.
    pub faults: Vec<crate::voice::template::TemplateFault>,
    pub locale: Locale,
    pub tone: Option<ToneId>,
    pub when: When,
    /// The literal, quotes included.
    pub place: Place,
    /// Whether it comes from the default voice.
    pub builtin: bool,
}

/// What a wording belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Answer(AnswerId),
    Line(Line),
    SlotAsk(SlotId),
    SlotRetry(SlotId),
    MoodPrefix(MoodId),
    ClarifyAsk(String),
    SmallTalk(SmallTalkId),
    HandoffRule(RuleId),
    Calendar(Locale, &'static str),
}

/// An example question with its place.
#[derive(Clone, Debug)]
pub(crate) struct ExampleAt {
    pub answer: AnswerId,
    pub text: String,
    pub place: Place,
    /// Whether it stands in `not_ask`.
    pub negative: bool,
}

/// An address with its place.
#[derive(Clone, Debug)]
pub(crate) struct UrlAt {
    pub url: String,
    pub place: Place,
    /// Whether its host must be one of the brand's.
    pub listed: bool,
}

impl Notes {
    /// Notes that something has a name.
    pub fn define(&mut self, kind: Kind, name: &str, place: &Place) {
        match self.defined.entry((kind, name.to_owned())) {
            Entry::Occupied(_) => self.defined_again.push((kind, name.to_owned(), place.clone())),
            Entry::Vacant(vacant) => {
                vacant.insert(place.clone());
            }
        }
    }

    /// Notes a mention.
    pub fn refer(&mut self, kind: Kind, name: &str, place: &Place, by: &str) {
        self.references.push(Reference { kind, name: name.to_owned(), place: place.clone(), by: by.to_owned() });
    }

    /// Whether something of this name is defined.
    pub fn is_defined(&self, kind: Kind, name: &str) -> bool {
        self.defined.contains_key(&(kind, name.to_owned()))
    }
}

impl Owner {
    /// Its name in the file: an answer's id, a line's key, else the path.
    pub fn name(&self) -> String {
        match self {
            Owner::Answer(id) => id.to_string(),
            Owner::Line(line) => line.key().to_owned(),
            Owner::SlotAsk(id) => format!("slots.{id}.ask"),
            Owner::SlotRetry(id) => format!("slots.{id}.retry"),
            Owner::MoodPrefix(id) => format!("moods.{id}"),
            Owner::ClarifyAsk(between) => format!("clarify {between}"),
            Owner::SmallTalk(id) => format!("small_talk.{id}"),
            Owner::HandoffRule(id) => format!("handoff.rules.{id}"),
            Owner::Calendar(locale, field) => format!("calendar.{locale}.{field}"),
        }
    }

    /// How a sentence calls it.
    pub fn spoken(&self) -> String {
        match self {
            Owner::Answer(id) => format!("the answer `{id}`"),
            Owner::Line(line) => format!("the line `{}`", line.key()),
            Owner::SlotAsk(id) => format!("the question for `{id}`"),
            Owner::SlotRetry(id) => format!("the second question for `{id}`"),
            Owner::MoodPrefix(id) => format!("the opening words of the mood `{id}`"),
            Owner::ClarifyAsk(between) => format!("the question between {between}"),
            Owner::SmallTalk(id) => format!("the small talk `{id}`"),
            Owner::HandoffRule(id) => format!("the handoff rule `{id}`"),
            Owner::Calendar(locale, field) => format!("`{field}` of the calendar for {locale}"),
        }
    }
}
