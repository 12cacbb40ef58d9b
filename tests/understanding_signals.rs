//! What short texts show: tables of examples, each judged by reading it (`tests/data/understanding/signals.toml`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use housevoice::understanding::{Hints, Reading, Understanding};
use housevoice::voice::load::load;
use housevoice::voice::source::Source;

static SHOP: LazyLock<Understanding> = LazyLock::new(|| {
    let text = include_str!("data/understanding/harbour-cycles.toml");
    let loaded = load(&[Source { name: "harbour-cycles.toml".into(), text: text.into() }]);
    Understanding::learn(&loaded.voice.unwrap_or_else(|| panic!("{:#?}", loaded.findings)))
});

static TABLES: LazyLock<BTreeMap<String, BTreeMap<String, Vec<String>>>> =
    LazyLock::new(|| toml::from_str(include_str!("data/understanding/signals.toml")).unwrap());

fn read(text: &str) -> Reading {
    SHOP.read(text, Hints::default())
}

/// Checks a table of texts that show something and texts that do not; reports all that are wrong at once. Texts under
/// `ignore` are known to be beyond word lists and are listed so that nobody takes them for right.
fn holds<T: std::fmt::Debug>(table: &str, shows: impl Fn(&Reading) -> bool, why: impl Fn(&Reading) -> T) {
    let table = &TABLES[table];
    let known = table.get("ignore").cloned().unwrap_or_default();
    let mut wrong = Vec::new();
    for (column, expected) in [("yes", true), ("no", false)] {
        for text in table[column].iter().filter(|text| !known.contains(text)) {
            let reading = read(text);
            if shows(&reading) != expected {
                wrong.push(format!("{text:?} should be {column}: {:?}", why(&reading)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

macro_rules! tables {
    ($($promise:ident: $table:literal, $shows:expr, $why:expr;)*) => {$(
        #[test]
        fn $promise() {
            holds($table, $shows, $why);
        }
    )*};
}

tables! {
    asking_for_a_person_is_heard_in_many_wordings: "person", |r| r.signals.asks_for_person.is_some(), |r| r.signals.asks_for_person.clone();
    asking_whether_this_is_a_bot_is_heard: "if_bot", |r| r.signals.asks_if_bot, |r| r.signals.asks_for_person.clone();
    thanks_and_nothing_more_is_told_from_thanks_with_a_question: "only_thanks", |r| r.signals.only_thanks, |_| ();
    yes_is_understood: "yes", |r| r.signals.yes_no == Some(true), |r| r.signals.yes_no;
    no_is_understood: "no", |r| r.signals.yes_no == Some(false), |r| r.signals.yes_no;
    calling_off_is_told_from_cancelling_an_order: "never_mind", |r| r.signals.never_mind, |_| ();
    corrections_are_heard: "correction", |r| r.signals.correction, |_| ();
    questions_have_the_form_of_one: "question", |r| r.signals.question_form, |_| ();
    rhetorical_questions_expect_no_answer: "rhetorical", |r| r.signals.rhetorical, |_| ();
    banter_is_only_banter: "banter", |r| r.signals.banter, |_| ();
    unfinished_messages_look_unfinished: "fragment", |r| r.signals.fragment, |r| r.signals.clone();
    safety_words_are_seen_however_they_are_written: "safety", |r| r.signals.rules.iter().any(|hit| hit.rule.as_str() == "safety"), |r| r.signals.rules.clone();
    joy_is_told_from_sarcasm_and_negation: "joy", |r| !r.joy.is_empty(), |r| (r.joy.clone(), r.irritation.clone());
}

#[test]
fn irritation_is_graded_and_explained() {
    let table = &TABLES["irritation"];
    let mut wrong = Vec::new();
    for (level, grade) in ["calm", "mild", "upset", "furious"].into_iter().enumerate() {
        for text in &table[grade] {
            let irritation = read(text).irritation;
            if usize::from(irritation.level) != level {
                wrong.push(format!("{text:?} should be {grade}: {irritation:?}"));
            }
            assert_eq!(irritation.level == 0, irritation.cues.is_empty(), "{text:?}: {irritation:?}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
