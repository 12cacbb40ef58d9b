//! Dialogues as brand people write them, rightly and wrongly.

use jiff::SignedDuration;

use super::{Read, read};
use crate::dialogue::{Act, AgentDoes, Check, DEFAULT_PACE, Names, Spot};
use crate::engine::{AgentAction, RepliesTo, Silence};
use crate::voice::source::Source;

fn names() -> Names {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Names {
        answers: words(&["delivery.time", "delivery.cost", "returns.how"]),
        slots: words(&["country"]),
        moods: words(&["upset"]),
        rules: words(&["safety", "legal"]),
    }
}

fn read_text(text: &str) -> Read {
    read(&[Source { name: "a.test.toml".to_owned(), text: text.to_owned() }], &names())
}

/// The findings as `line:column code message (help)`.
fn findings(text: &str) -> Vec<String> {
    let source = Source { name: String::new(), text: text.to_owned() };
    let read = read_text(text);
    let all = read.findings.iter().map(|finding| {
        let (line, column) = source.line_column(finding.place.bytes.start);
        format!("{line}:{column} {} {} ({})", finding.code, finding.message, finding.help)
    });
    all.collect()
}

/// The findings of a dialogue with these turns.
fn in_turns(turns: &str) -> Vec<String> {
    findings(&format!("[[dialogue]]\nname = \"x\"\n{turns}"))
}

#[test]
fn a_dialogue_is_read_with_everything_that_can_stand_in_it() {
    let read = read_text(
        r#"
[[dialogue]]
name = "Asks how long delivery takes, then names the country"
locale = "de-DE"
at = 2026-12-24T18:30:00
place = "help"
platform = "discord"
name_of_customer = "Sam"
[[dialogue.turns]]
customer = "How long?"
mention = true
reply_to = "bot"
attachment = "voice"
pace = "500ms"
expect = { silent = "waiting_for_more" }
[[dialogue.turns]]
member = "It took mine a week"
as = "Alex"
[[dialogue.turns]]
press = "Germany"
expect = { answer = ["delivery.time", "delivery.cost"], says = "4 to 6", not_says = ["2 to 3"], mood = "none" }
[[dialogue.turns]]
agent = "close solved"
as = "Ana"
expect = { phase = "resolved" }
[[dialogue.turns]]
wait = "2h"
"#,
    );
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let dialogue = &read.dialogues[0];
    assert_eq!((dialogue.spot, dialogue.platform.as_str(), dialogue.customer.as_str()), (Spot::Help, "discord", "Sam"));
    assert_eq!(dialogue.at.to_string(), "2026-12-24T18:30:00");
    assert_eq!(dialogue.locale.as_ref().unwrap().as_str(), "de-DE");

    let [first, second, third, fourth, fifth] = dialogue.turns.as_slice() else { panic!("five turns") };
    let Act::Customer(words) = &first.act else { panic!("the customer writes first") };
    assert!(words.mention && words.reply_to == Some(RepliesTo::Bot) && words.attachment.as_deref() == Some("voice"));
    assert_eq!(first.pace, SignedDuration::from_millis(500));
    assert_eq!(first.checks[0].0, Check::Silent(Silence::WaitingForMore));
    assert!(matches!(&second.act, Act::Member { name, .. } if name == "Alex") && second.pace == DEFAULT_PACE);
    assert_eq!(third.act, Act::Press("Germany".to_owned()));
    let kept: Vec<&str> = third.checks.iter().map(|(check, _)| check.key()).collect();
    assert_eq!(kept, ["answer", "says", "not_says", "mood"]);
    let close = AgentDoes::Action(AgentAction::Close { outcome: "solved".to_owned() });
    assert_eq!(fourth.act, Act::Agent { name: "Ana".to_owned(), does: close });
    assert_eq!((&fifth.act, fifth.pace), (&Act::Wait, SignedDuration::from_hours(2)));
}

#[test]
fn a_misspelt_key_is_named_with_its_place_and_the_right_one() {
    let text = "[[dialogue]]\nname = \"x\"\n[[dialogue.turns]]\ncustomer = \"hi\"\nexpct = { nothing = true }\n";
    let found = findings(text);
    assert_eq!(found[1], "5:1 unknown-key a turn has no key `expct` (did you mean `expect`?)");
    assert_eq!(found.len(), 2, "the missing `expect` is named too: {found:?}");
}

#[test]
fn every_mistake_of_a_file_is_found_in_one_run() {
    let found = in_turns(
        r#"
[[dialogue.turns]]
customer = "hi"
expect = { answer = "delivery.tiem", silent = "not_adressed", handoff = "leagl", line = "falback_first" }
[[dialogue.turns]]
customer = "hi"
press = "x"
expect = { asks = "contry", mood = "cross", phase = "quued" }
"#,
    );
    let expected = [
        "6:12 contradiction `silent` and `answer` cannot both be kept ()",
        "6:21 unknown-name there is no answer \"delivery.tiem\" (did you mean `delivery.time`?)",
        "6:47 unknown-name there is no reason for silence \"not_adressed\" (did you mean `not_addressed`?)",
        "6:73 unknown-name there is no reason for a handoff \"leagl\" (did you mean `legal`?)",
        "6:89 unknown-name there is no line \"falback_first\" (did you mean `fallback_first`?)",
        "9:1 two-actors a turn has one of customer, member, press, agent, wait; this one has `customer` and `press` \
         (give the second its own [[dialogue.turns]])",
        "10:19 unknown-name there is no slot \"contry\" (did you mean `country`?)",
        "10:36 unknown-name there is no mood \"cross\" (there are: upset, none)",
        "10:53 unknown-name there is no phase \"quued\" (did you mean `queued`?)",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_turn_has_exactly_one_actor() {
    let two = in_turns("[[dialogue.turns]]\ncustomer = \"hi\"\nmember = \"ho\"\nexpect = { nothing = true }\n");
    assert_eq!(two.len(), 1, "{two:?}");
    assert!(two[0].starts_with("5:1 two-actors") && two[0].contains("`customer` and `member`"), "{two:?}");
    let none = in_turns("[[dialogue.turns]]\nexpect = { nothing = true }\n");
    assert!(none.len() == 1 && none[0].starts_with("3:1 no-actor"), "{none:?}");
    let misspelt = in_turns("[[dialogue.turns]]\ncustomr = \"hi\"\nexpect = { nothing = true }\n");
    assert_eq!(misspelt, ["4:1 unknown-key a turn has no key `customr` (did you mean `customer`?)"]);
}

#[test]
fn a_turn_of_the_customer_says_what_should_come_of_it() {
    for turn in ["customer = \"hi\"", "press = \"Germany\""] {
        let found = in_turns(&format!("[[dialogue.turns]]\n{turn}\n"));
        assert!(found.len() == 1 && found[0].starts_with("3:1 missing-key"), "{found:?}");
        assert!(found[0].contains("has no `expect`"), "{found:?}");
    }
    for turn in ["member = \"hi\"", "agent = \"claim\"", "wait = \"30s\""] {
        assert!(in_turns(&format!("[[dialogue.turns]]\n{turn}\n")).is_empty());
    }
}

#[test]
fn an_expectation_that_promises_nothing_is_a_mistake() {
    for expect in ["{}", "{ nothing = false }", "{ nothing = true, says = \"x\" }"] {
        let found = in_turns(&format!("[[dialogue.turns]]\ncustomer = \"hi\"\nexpect = {expect}\n"));
        assert_eq!(found.len(), 1, "{expect}: {found:?}");
    }
}

#[test]
fn wrong_types_are_told_in_plain_words() {
    let found = findings(
        "[[dialogue]]\nname = 3\nat = \"10:00\"\nlocale = \"german\"\nturns = \"none\"\n[[dialog]]\nname = \"y\"\n",
    );
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found[0], "2:8 wrong-type `name` should be text, not a number ()");
    assert!(found[1].starts_with("3:6 wrong-type `at` should be a day and a time"));
    assert_eq!(found[2], "4:10 not-a-locale `locale` should be a language tag such as \"en-GB\", not \"german\" ()");
    assert!(found[3].starts_with("5:9 wrong-type `turns` should be a list"));
    assert!(found[4].contains("unknown-key a file of dialogues has no key `dialog` (did you mean `dialogue`?)"));
}

#[test]
fn an_agent_does_one_of_the_known_things() {
    let found = in_turns("[[dialogue.turns]]\nagent = \"clam\"\n[[dialogue.turns]]\nagent = \"reply\"\n");
    assert_eq!(found[0], "4:9 unknown-name there is no action of an agent \"clam\" (did you mean `claim`?)");
    assert_eq!(found[1], "6:9 missing-words `reply` needs TEXT behind it ()");
}

#[test]
fn a_file_that_is_not_toml_is_a_finding_and_not_a_crash() {
    for text in ["[[dialogue", "= 3", "[[dialogue]]\nname = \"x\nturns = 4", "\u{0}\u{feff}", "dialogue = [1, {}, []]"]
    {
        assert!(!findings(text).is_empty(), "{text:?}");
    }
}

#[test]
fn a_dialogue_with_a_mistake_is_not_played_and_the_others_are() {
    let turn = "[[dialogue.turns]]\ncustomer = \"hi\"\nexpect = { nothing = true }\n";
    let read =
        read_text(&format!("[[dialogue]]\nname = \"a\"\nplace = \"dn\"\n{turn}[[dialogue]]\nname = \"b\"\n{turn}"));
    let played: Vec<&str> = read.dialogues.iter().map(|dialogue| dialogue.name.as_str()).collect();
    assert_eq!((played, read.findings.len()), (vec!["b"], 1));
}
