//! Dialogues played against a small voice.

use super::{Counts, Played, play};
use crate::dialogue::{Names, read};
use crate::engine::Brand;
use crate::voice::load::load;
use crate::voice::source::Source;

const VOICE: &str = r#"
schema = 1
[brand]
id = "tea-and-tide"
name = "Tea & Tide"
default_locale = "en-GB"
timezone = "Europe/London"
allowed_link_hosts = ["tea.example"]
privacy_url = "https://tea.example/privacy"
[lines]
fallback_first = "Could you put it in other words?"
fallback_last = "We do not know. Should a person have a look?"
offer_yes = "Yes, please"
offer_no = "No, thanks"
handoff_open = "A person will be with you."
joined = "{{agent_name}} is here."
[[answers]]
id = "opening"
title = "When the tea room opens"
ask = ["when do you open", "opening hours", "are you open on sunday"]
say = "We open at nine."
"#;

fn brand() -> Brand {
    let loaded = load(&[Source { name: "tea.toml".to_owned(), text: VOICE.to_owned() }]);
    Brand::new(loaded.voice.unwrap_or_else(|| panic!("{:?}", loaded.findings)))
}

/// Plays the only dialogue of a text.
fn played(turns: &str) -> (Played, String) {
    let brand = brand();
    let text = format!("[[dialogue]]\nname = \"x\"\n{turns}");
    let source = Source { name: "tea.test.toml".to_owned(), text };
    let read = read(std::slice::from_ref(&source), &Names::of(&brand.voice));
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let played = play(&brand, &read.dialogues[0]);
    let diff = played.failed.as_ref().map(|failed| format!("{}\n{}", failed.place(&[source]), failed.to_text()));
    (played, diff.unwrap_or_default())
}

#[test]
fn a_dialogue_that_goes_as_written_passes() {
    let (played, diff) = played(
        r#"
[[dialogue.turns]]
customer = "xyzzy plugh quux frobnicate"
expect = { line = "fallback_first", says = "other words", not_says = "be with you", phase = "bot", mood = "none" }
[[dialogue.turns]]
customer = "xyzzy plugh quux frobnicate"
expect = { line = "fallback_last", choices = ["Yes, please", "No, thanks"], phase = "offered", locale = "en-GB" }
[[dialogue.turns]]
press = "Yes, please"
expect = { handoff = "offer_accepted", line = "handoff_open", phase = "queued" }
[[dialogue.turns]]
agent = "claim"
as = "Ana"
expect = { says = "Ana is here.", phase = "human" }
[[dialogue.turns]]
customer = "hello?"
expect = { silent = "person_owns_case", nothing = true }
[[dialogue.turns]]
agent = "reply Good morning!"
as = "Ana"
expect = { exactly = "Good morning!", phase = "waiting_customer" }
"#,
    );
    assert_eq!(diff, "");
    assert_eq!(played.turns, 6);
    assert_eq!(played.counts, Counts { refused_right: 3, ..Counts::default() });
}

#[test]
fn the_first_turn_that_differs_ends_the_dialogue_with_the_transcript_so_far() {
    let (played, diff) = played(
        r#"at = 2026-11-24T10:00:00
name_of_customer = "Sam"
[[dialogue.turns]]
customer = "/human"
expect = { handoff = "asked_for_person" }
[[dialogue.turns]]
agent = "claim"
as = "Ana"
expect = { says = "Bea is here.", phase = "queued" }
[[dialogue.turns]]
customer = "never reached"
expect = { nothing = true }
"#,
    );
    assert_eq!(played.turns, 2);
    assert!(diff.starts_with("tea.test.toml:8:1\n    10:00:00  customer      /human\n"), "{diff}");
    assert!(
        diff.contains("    10:00:10  Ana           (claims)\n    10:00:10  bot           Ana is here.\n"),
        "{diff}"
    );
    let compared = "    expected  says          Bea is here.\n    got       says          Ana is here.\n    \
                    expected  phase         queued\n    got       phase         human\n";
    assert!(diff.ends_with(compared), "{diff}");
}

#[test]
fn time_passes_only_when_a_turn_says_so_and_what_is_due_happens() {
    let offer = r#"
[[dialogue.turns]]
customer = "xyzzy plugh quux frobnicate"
expect = { line = "fallback_first" }
[[dialogue.turns]]
customer = "xyzzy plugh quux frobnicate"
expect = { phase = "offered" }
"#;
    let (_, diff) = played(&format!("{offer}[[dialogue.turns]]\nwait = \"9m\"\nexpect = {{ phase = \"offered\" }}\n"));
    assert_eq!(diff, "");
    let (_, diff) = played(&format!("{offer}[[dialogue.turns]]\nwait = \"11m\"\nexpect = {{ phase = \"bot\" }}\n"));
    assert_eq!(diff, "");
    let (_, diff) = played(&format!("{offer}[[dialogue.turns]]\nwait = \"11m\"\nexpect = {{ phase = \"offered\" }}\n"));
    assert!(diff.contains("got       phase         bot"), "{diff}");
}

#[test]
fn a_choice_that_was_never_shown_cannot_be_pressed() {
    let (_, diff) = played("[[dialogue.turns]]\npress = \"Yes, please\"\nexpect = { phase = \"bot\" }\n");
    assert!(diff.contains("expected  press         Yes, please") && diff.contains("no choices were shown"), "{diff}");
}

#[test]
fn a_refusal_where_an_answer_was_promised_counts_as_wrong() {
    let (played, _) =
        played("[[dialogue.turns]]\ncustomer = \"xyzzy plugh quux\"\nexpect = { answer = \"opening\" }\n");
    assert_eq!(played.counts, Counts { refused_wrong: 1, ..Counts::default() });
}

#[test]
fn others_speak_in_the_same_public_place() {
    let (_, diff) = played(
        r#"
place = "announcements"
[[dialogue.turns]]
customer = "when do you open?"
expect = { silent = "channel_not_allowed" }
[[dialogue.turns]]
member = "at nine"
expect = { silent = "channel_not_allowed" }
[[dialogue.turns]]
agent = "say We open at nine."
"#,
    );
    assert_eq!(diff, "");
}
