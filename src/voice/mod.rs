//! A brand's definition: the file as written -> [`Voice`], as meant.
//!
//! [`load::load`] takes the texts of the files and gives a voice and every [`Diagnostic`] in one run. Inside a `Voice` every reference exists,
//! every template compiles, every required sentence is there (the default voice supplies what a brand left out).
//!
//! | file | idea |
//! |---|---|
//! | `source` | texts with names; places in them |
//! | `diagnostic` | what is wrong, where, what a customer would notice, how to mend it |
//! | `syntax` | text -> tree; TOML slips that people make, in plain words |
//! | `tree` | values with places, and how several files become one |
//! | `schema` | the table of sections and fields: what may be written, and its documentation |
//! | `read` | the tree checked against the schema, and mended where it is plain what was meant |
//! | `load` | checked tree, over the default voice -> `Voice` |
//! | `lint` | one rule a file: what only the whole voice shows |
//! | `rules`, `emoji` | what tone rules look for |
//! | `manual` | docs/voice.md out of the tables |
//! | `literal`, `value` | from a text back to the file; small values |
//! | `template`, `content`, `wording` | words with blanks, structured text, variants |
//! | `lines` | the table of sentences the engine itself needs |
//! | `hours`, `locale`, `ids` | small value types |

pub mod content;
pub mod diagnostic;
pub mod emoji;
pub mod hours;
mod ids;
pub mod lines;
pub mod lint;
mod literal;
pub mod load;
mod locale;
pub mod manual;
pub(crate) mod read;
pub mod rules;
pub mod schema;
pub mod source;
pub(crate) mod syntax;
pub mod template;
pub(crate) mod tree;
pub(crate) mod value;
mod wording;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use content::Content;
pub use diagnostic::{Diagnostic, Level};
pub use hours::Hours;
pub use ids::*;
pub use lines::{Line, Lines};
pub use locale::Locale;
pub use rules::Rules;
pub use template::{Template, Value, Values};
pub use wording::{OpenOrClosed, Variant, When, Wording};

/// How a brand sounds, what it knows and when it keeps silent.
#[derive(Clone, Debug)]
pub struct Voice {
    /// Who speaks.
    pub brand: Brand,
    /// How it sounds, in words for people; shown to agents and in reviews.
    pub persona: Persona,
    /// How its sentences may sound, as far as a machine can tell.
    pub rules: Rules,
    /// Moods, the strongest demand first.
    pub moods: Vec<Mood>,
    /// Words that show how somebody feels.
    pub mood_words: MoodWords,
    /// Hours by name.
    pub hours: BTreeMap<HoursId, Hours>,
    /// Facts by name.
    pub facts: BTreeMap<String, Fact>,
    /// Links by name.
    pub links: BTreeMap<LinkId, Link>,
    /// Slots by name.
    pub slots: BTreeMap<SlotId, Slot>,
    /// Answers, in the order of the files.
    pub answers: Vec<Answer>,
    /// What to ask when certain answers are close.
    pub clarify: Vec<Clarify>,
    /// Small talk.
    pub small_talk: Vec<SmallTalk>,
    /// What happens when nothing fits.
    pub fallback: Fallback,
    /// How cases reach people.
    pub handoff: Handoff,
    /// When to keep silent.
    pub silence: Silence,
    /// The sentences that the engine itself needs; complete.
    pub lines: Lines,
    /// Names of days and hours, for times in sentences.
    pub calendar: BTreeMap<Locale, Calendar>,
}

/// Who speaks.
#[derive(Clone, Debug)]
pub struct Brand {
    /// Never changes; every stored row carries it.
    pub id: BrandId,
    /// The name that customers know.
    pub name: String,
    /// What is spoken when nothing else is known.
    pub default_locale: Locale,
    /// Every locale the brand speaks, the default one first.
    pub locales: Vec<Locale>,
    /// Where the brand's days begin.
    pub timezone: TimeZone,
    /// Hosts that links may lead to.
    pub allowed_link_hosts: Vec<String>,
    /// Where the privacy notice stands.
    pub privacy_url: String,
    /// Days after which a returning person is told again that this is a bot; 1 to 365.
    pub disclose_again_after_days: u16,
    /// The choice slot that says which region a person is in, for facts and answers that differ by region.
    pub region_slot: Option<SlotId>,
}

/// How a brand sounds, for people.
#[derive(Clone, Debug, Default)]
pub struct Persona {
    /// One sentence.
    pub summary: String,
    /// What the bot is called; the brand's name when left out.
    pub bot_name: String,
    /// We, I or it.
    pub brand_says: Person,
    /// The four Nielsen Norman scales, -2 to 2, as (name, value).
    pub tone: Vec<(String, i8)>,
    /// Traits, each with its limit.
    pub traits: Vec<Trait>,
}

/// Which person the brand speaks in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Person {
    /// "We".
    #[default]
    We,
    /// "I".
    I,
    /// By its name.
    It,
}

/// A trait with its limit: "warm, but not gushing".
#[derive(Clone, Debug)]
pub struct Trait {
    /// What we are.
    pub is: String,
    /// What that must not become.
    pub but_not: String,
    /// A sentence that gets it right.
    pub right: String,
    /// A sentence that gets it wrong.
    pub wrong: String,
}

/// How the tone bends to the moment.
#[derive(Clone, Debug)]
pub struct Mood {
    /// Its name.
    pub id: MoodId,
    /// When it applies.
    pub when: MoodWhen,
    /// The tone that wordings should strike; falls back on wordings without a tone.
    pub tone: Option<ToneId>,
    /// Said before the answer, when the chosen wording has not this tone itself; may be empty.
    pub prefix: Wording,
    /// What is left out.
    pub drop: Vec<Droppable>,
    /// Whether a person is offered after the answer.
    pub offer_human: bool,
    /// Whether a person is brought at once, without an answer.
    pub hand_off: bool,
}

/// When a mood applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoodWhen {
    /// Irritation of at least this level; 1 to 3.
    AngerAtLeast(u8),
    /// A word of joy, and no irritation.
    Joy,
}

/// What a mood can leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Droppable {
    /// Suggestions of what to ask next.
    FollowUps,
    /// Small talk: greetings get no cheerful reply.
    SmallTalk,
    /// Reactions.
    Reactions,
}

/// Words that show how somebody feels; matched as whole words or phrases, whatever the case.
#[derive(Clone, Debug, Default)]
pub struct MoodWords {
    /// Irritation level 2 each.
    pub strong: Vec<String>,
    /// Irritation level 1 each.
    pub mild: Vec<String>,
    /// Joy.
    pub joy: Vec<String>,
}

/// Something the brand knows, used by wordings as `{{name}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Yes or no, for `#if`.
    Flag(bool),
    /// The same everywhere. Numbers and dates are kept as the words that are shown.
    Text(FactText),
    /// By region (choices of the region slot), with a default.
    ByRegion {
        /// The value of each region.
        regions: BTreeMap<ChoiceId, FactText>,
        /// Everywhere else, and where the region is not known.
        default: FactText,
    },
}

/// Words of a fact: one for all, or by locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactText {
    /// The same in every language.
    Same(String),
    /// By locale: the customer's, else the default locale's.
    ByLocale(BTreeMap<Locale, String>),
}

/// A link of the brand.
#[derive(Clone, Debug)]
pub struct Link {
    /// What the customer sees, 80 characters at most (Discord's button label), by locale.
    pub label: BTreeMap<Locale, String>,
    /// Where it leads: https, a host of the brand; may differ by locale.
    pub url: BTreeMap<Locale, String>,
}

/// A piece of information that an answer needs.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its name.
    pub id: SlotId,
    /// The question.
    pub ask: Wording,
    /// What is said when a reply does not fit; empty: the question again.
    pub retry: Wording,
    /// What fits.
    pub kind: SlotKind,
    /// How many replies that do not fit are met with another question before a person is brought; 1 to 5.
    pub tries: u8,
    /// Only asked and taken in private.
    pub private: bool,
    /// How long a value is remembered, in days; 0: for this conversation only.
    pub remember_days: u16,
    /// How the slot is called in a case's packet.
    pub title: String,
}

/// What fits a slot.
#[derive(Clone, Debug)]
pub enum SlotKind {
    /// One of a list.
    Choice(Vec<Choice>),
    /// What matches a pattern, whole, whatever the case.
    Pattern(regex::Regex),
    /// Yes or no.
    YesNo,
    /// Anything of 1 to 200 characters.
    Text,
}

/// One of the values of a choice slot.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its name in the file, such as `GB`.
    pub id: ChoiceId,
    /// What the customer sees, by locale, 80 characters at most.
    pub label: BTreeMap<Locale, String>,
    /// Words that mean it, in any language; the labels count too.
    pub words: Vec<String>,
}

/// What the brand says to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Never changes; reports and cases point to it.
    pub id: AnswerId,
    /// For people and reports.
    pub title: String,
    /// What a customer sees on a button that leads here, by locale, 80 characters at most; the title where left out.
    pub label: BTreeMap<Locale, String>,
    /// Example questions; with their locale where the file says one.
    pub ask: Vec<Example>,
    /// Questions that look alike and mean something else.
    pub not_ask: Vec<Example>,
    /// Slots without which there is no answer, in the order to ask.
    pub needs: Vec<SlotId>,
    /// Answers to suggest afterwards.
    pub follow_ups: Vec<AnswerId>,
    /// Shown as a button under the answer.
    pub link: Option<LinkId>,
    /// Where it holds.
    pub only_in: Option<OnlyIn>,
    /// Instead of ending here, a person takes over with what was collected.
    pub then_handoff: Option<TeamId>,
    /// Never given in public.
    pub sensitive: bool,
    /// Who keeps it up to date.
    pub owner: String,
    /// Who approved it.
    pub approved_by: String,
    /// When it is to be read again.
    pub review_by: Option<Date>,
    /// The wordings.
    pub say: Wording,
}

/// An example question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// As a customer would write it.
    pub text: String,
    /// The language, where the file says it.
    pub locale: Option<Locale>,
}

/// The regions an answer holds in, and what happens elsewhere.
#[derive(Clone, Debug)]
pub struct OnlyIn {
    /// Choices of the region slot.
    pub regions: Vec<ChoiceId>,
    /// What happens elsewhere.
    pub elsewhere: Elsewhere,
}

/// What happens where an answer does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// A person is brought.
    Handoff,
    /// The bot says that it does not know.
    Fallback,
}

/// What to ask when certain answers are close.
#[derive(Clone, Debug)]
pub struct Clarify {
    /// Two to four answers.
    pub between: Vec<AnswerId>,
    /// The question.
    pub ask: Wording,
    /// What the customer sees for each, by locale; the answer's label where left out.
    pub options: BTreeMap<AnswerId, BTreeMap<Locale, String>>,
}

/// A greeting, thanks, a goodbye.
#[derive(Clone, Debug)]
pub struct SmallTalk {
    /// Its name: `greeting`, `thanks`, `bye` or the brand's own.
    pub id: SmallTalkId,
    /// Words that are it.
    pub ask: Vec<Example>,
    /// What is said; may be empty.
    pub say: Wording,
    /// An emoji to react with.
    pub react: Option<String>,
}

/// What happens when nothing fits. The sentences are lines.
#[derive(Clone, Debug)]
pub struct Fallback {
    /// Misses in a row after which a person is offered or brought; 1 to 5.
    pub misses: u8,
    /// What the last miss does.
    pub then: FallbackThen,
    /// How many near answers the first miss offers as choices; 0 to 4.
    pub offer_closest: u8,
}

/// What the last miss does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackThen {
    /// Asks whether a person should come.
    Offer,
    /// Brings a person.
    Handoff,
}

/// How cases reach people. The sentences are lines.
#[derive(Clone, Debug)]
pub struct Handoff {
    /// The team that gets cases without another.
    pub team: TeamId,
    /// When that team is there; none: always.
    pub hours: Option<HoursId>,
    /// More words that ask for a person, besides the built-in ones.
    pub words_for_human: Vec<String>,
    /// Turns without a hit after which a person is offered.
    pub long_thread_turns: u16,
    /// A queued case that nobody claimed within this much open time gets an honest word about the delay.
    pub first_reply_within: SignedDuration,
    /// A claimed case whose agent has not replied within this much open time goes back to the queue.
    pub reassign_after: SignedDuration,
    /// How long an offer of a person stands.
    pub offer_stands: SignedDuration,
    /// Quiet time of the customer after which a case is about to be closed, and again until it is.
    pub customer_quiet: SignedDuration,
    /// How long a resolved case can be reopened by writing again.
    pub reopen_within: SignedDuration,
    /// A queued case that nobody claimed within this much time is closed as unanswered, which counts as a failure.
    pub give_up_after: SignedDuration,
    /// Rules that always bring a person, in order of priority.
    pub rules: Vec<HandoffRule>,
}

/// A rule that always brings a person.
#[derive(Clone, Debug)]
pub struct HandoffRule {
    /// Its name; also the reason of the case.
    pub id: RuleId,
    /// Words that set it off.
    pub words: Vec<String>,
    /// How soon a person should look.
    pub priority: Priority,
    /// What is said instead of the usual handoff sentence; may be empty.
    pub say: Wording,
    /// The team, when not the usual one.
    pub team: Option<TeamId>,
    /// Whether the brand's tone, moods and emoji are left out (safety).
    pub mute_brand_tone: bool,
}

/// How soon a person should look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// In turn.
    #[default]
    Normal,
    /// Before the others.
    High,
    /// At once.
    Urgent,
}

/// When to keep silent.
#[derive(Clone, Debug)]
pub struct Silence {
    /// When the bot may speak.
    pub speak_when: Vec<SpeakWhen>,
    /// Names of channels where questions may be answered without a mention.
    pub help_channels: Vec<String>,
    /// Names of channels where nothing is ever said.
    pub never_in: Vec<String>,
    /// Names of channels where an answer goes into a thread of its own.
    pub answer_in_threads: Vec<String>,
    /// A person's answer keeps the bot silent for this long in public.
    pub human_answered_within: SignedDuration,
    /// How long people get to answer first in a help channel.
    pub wait_before_public_answer: SignedDuration,
    /// How long the bot waits in private for the rest of a message sent in pieces.
    pub wait_for_more: SignedDuration,
    /// Confidence needed in public; 0 to 1.
    pub min_confidence_public: f32,
    /// Confidence needed in private; 0 to 1.
    pub min_confidence_private: f32,
    /// How near the second-best answer may come before the bot asks back; 0 to 1.
    pub clarify_margin: f32,
    /// How long the same answer is not repeated in one public channel.
    pub cooldown_same_answer: SignedDuration,
    /// Public messages in ten minutes and one channel, at most.
    pub max_public_per_10min: u16,
    /// A public message older than this when it is handled gets no answer.
    pub too_old_in_public: SignedDuration,
    /// What is never answered in public.
    pub ignore: Vec<Ignore>,
    /// Words that make the bot stop writing to a person.
    pub opt_out_words: Vec<String>,
    /// Words that make it start again.
    pub opt_in_words: Vec<String>,
}

/// When the bot may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeakWhen {
    /// In private messages.
    Dm,
    /// When it is mentioned.
    Mentioned,
    /// When somebody replies to it.
    RepliedTo,
    /// On a command.
    Command,
    /// To a question in a help channel.
    QuestionInHelpChannel,
    /// To the first message of every new post in a forum.
    NewForumPost,
}

/// What is never answered in public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignore {
    /// Forwarded messages.
    Forwarded,
    /// Messages that only quote.
    Quotes,
    /// Messages that are only code.
    CodeBlocks,
}

/// Names of days and forms of times in one language.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Monday first.
    pub weekdays: [String; 7],
    /// January first.
    pub months: [String; 12],
    /// With `{{time}}` (17:30) or `{{time12}}` (5:30 pm), such as "today at {{time}}".
    pub today: Template,
    /// With `{{time}}`.
    pub tomorrow: Template,
    /// With `{{weekday}}` and `{{time}}`: within a week.
    pub on_weekday: Template,
    /// With `{{weekday}}`, `{{day}}`, `{{month}}` and `{{time}}`: later.
    pub on_date: Template,
    /// With `{{minutes}}`: a short wait.
    pub minutes: Template,
    /// With `{{hours}}`: a long wait.
    pub hours: Template,
}

impl Voice {
    /// The answer of an id.
    pub fn answer(&self, id: &AnswerId) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.id == *id)
    }

    /// The answer that the payload of a link into a private chat names: its id, with everything but letters and digits
    /// as `-` (Telegram allows A-Z, a-z, 0-9, `_` and `-` there).
    pub fn answer_of_payload(&self, payload: &str) -> Option<&Answer> {
        self.answers.iter().find(|answer| payload_of(&answer.id) == payload)
    }

    /// How many wordings it can say, in all languages, its own and those of the default voice.
    pub fn sentences(&self) -> usize {
        let count = |wording: &Wording| wording.variants.len();
        let answers = self.answers.iter().map(|answer| count(&answer.say));
        let slots = self.slots.values().map(|slot| count(&slot.ask) + count(&slot.retry));
        let clarify = self.clarify.iter().map(|clarify| count(&clarify.ask));
        let talk = self.small_talk.iter().map(|talk| count(&talk.say));
        let moods = self.moods.iter().map(|mood| count(&mood.prefix));
        let rules = self.handoff.rules.iter().map(|rule| count(&rule.say));
        let lines = self.lines.iter().map(|(_, wording)| count(wording));
        answers.chain(slots).chain(clarify).chain(talk).chain(moods).chain(rules).chain(lines).sum()
    }

    /// Every team that the voice names.
    pub fn teams(&self) -> std::collections::BTreeSet<&TeamId> {
        let of_rules = self.handoff.rules.iter().filter_map(|rule| rule.team.as_ref());
        let of_answers = self.answers.iter().filter_map(|answer| answer.then_handoff.as_ref());
        std::iter::once(&self.handoff.team).chain(of_rules).chain(of_answers).collect()
    }

    /// The hours of the team that takes cases; none: always there.
    pub fn team_hours(&self) -> Option<&Hours> {
        self.handoff.hours.as_ref().and_then(|id| self.hours.get(id))
    }

    /// The locale of the voice that serves a preference best: the same tag, else the same language, else the default.
    pub fn locale_for(&self, wanted: &Locale) -> &Locale {
        self.speaks(wanted).unwrap_or(&self.brand.default_locale)
    }

    /// The locale of the voice that serves a preference: the same tag, else the same language.
    pub fn speaks(&self, wanted: &Locale) -> Option<&Locale> {
        let best = |level: u8| self.brand.locales.iter().find(|locale| locale.serves(wanted) == level);
        best(2).or_else(|| best(1))
    }
}

/// What a link into a private chat carries to name an answer; see [`Voice::answer_of_payload`].
pub fn payload_of(id: &AnswerId) -> String {
    id.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// What a text by locale says to somebody: their locale, else their language, else the default locale, else the first.
pub fn localized<'t, T>(texts: &'t BTreeMap<Locale, T>, wanted: &Locale, default: &Locale) -> Option<&'t T> {
    let by = |locale: &Locale, level: u8| texts.iter().find(|(l, _)| l.serves(locale) == level).map(|(_, text)| text);
    by(wanted, 2)
        .or_else(|| by(wanted, 1))
        .or_else(|| by(default, 2))
        .or_else(|| by(default, 1))
        .or_else(|| texts.values().next())
}
