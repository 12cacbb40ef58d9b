//! `housevoice chat --plain` from outside: what is typed, what comes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod terminal;

use std::io::Write;
use std::process::Stdio;

use terminal::{TEA_ROOM, chat, file, folder, program, run, run_with, text};

const SHOP: &str = "lantern-loom";

#[test]
fn a_question_is_answered_in_the_brands_words_and_the_bot_says_that_it_is_one() {
    let ran = chat(&[SHOP], &["Can I return a lamp?", "thanks"]);
    assert!(ran.out[0].contains("bot") && ran.out[0].contains("30 days"), "{ran:?}");
    assert_eq!(ran.of("react").len(), 1, "{ran:?}");
}

#[test]
fn without_arguments_the_shop_speaks_and_a_pipe_is_answered_plainly() {
    let ran = run_with(&[], b"Can I return a lamp?\n");
    assert_eq!(ran.code, 0);
    assert!(ran.said_last().contains("30 days"), "{ran:?}");
}

#[test]
fn bundled_voices_speak_wherever_the_program_is() {
    let elsewhere = folder();
    let mut command = program(&["chat", "--plain"]);
    let output = command.current_dir(elsewhere.path()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn the_other_bundled_voice_speaks_in_its_own_words() {
    let ran = chat(&["pocket-comet"], &["Is it free to play?"]);
    assert_eq!(ran.kinds()[0], "bot", "{ran:?}");
    assert!(ran.said_last().contains("Comet") || ran.said_last().contains("free"), "{ran:?}");
}

#[test]
fn close_questions_are_asked_back_and_a_typed_number_is_enough() {
    let ran = chat(&[SHOP], &["lamp", "2"]);
    assert_eq!(ran.kinds()[..3], ["bot", "choices", "bot"], "{ran:?}");
    assert!(ran.of("choices")[0].contains("Clean a lamp"), "{ran:?}");
    assert!(ran.said_last().contains("cloth"), "{ran:?}");
}

#[test]
fn what_an_answer_needs_is_asked_for_and_then_used() {
    let ran = chat(&[SHOP], &["How long does delivery take?", "germany"]);
    assert!(ran.of("choices")[0].contains("Germany"), "{ran:?}");
    let answer = ran.said_last();
    assert!(answer.contains("Germany") && answer.contains("working days"), "{ran:?}");
}

#[test]
fn who_writes_german_is_answered_in_german() {
    let ran = chat(&[SHOP], &["Wie lange dauert die Lieferung?", "Deutschland"]);
    assert!(ran.of("choices")[0].contains("Deutschland"), "{ran:?}");
    assert!(ran.said_last().contains("Deutschland"), "{ran:?}");
}

#[test]
fn somebody_upset_is_met_without_cheer_and_offered_a_person() {
    let ran = chat(&[SHOP], &["This is ridiculous, where is my parcel"]);
    let said = ran.said_last();
    assert!(said.contains("sorry") && !said.contains('!'), "{ran:?}");
    assert_eq!(ran.choices().len(), 2, "{ran:?}");
}

#[test]
fn nonsense_twice_ends_in_the_offer_of_a_person_and_yes_brings_one() {
    let nonsense = ["xyzzy quux blorf", "frobnicate the wibble"];
    let ran = chat(&[SHOP], &[nonsense[0], nonsense[1], "1"]);
    assert_eq!(ran.kinds(), ["bot", "bot", "choices", "bot", "handoff"], "{ran:?}");
    assert_eq!(ran.of("handoff"), ["offer_accepted"]);
    // A yes long after the choices have gone is about something else.
    let ran = chat(&[SHOP], &[nonsense[0], nonsense[1], "/wait 45m", "yes"]);
    assert!(ran.of("handoff").is_empty(), "{ran:?}");
}

#[test]
fn who_asks_for_a_person_gets_one_and_the_bot_keeps_quiet_from_then_on() {
    let lines = ["I want to speak to a human", "hello?", "/agent claim", "Can I return a lamp?"];
    let ran = chat(&[SHOP], &lines);
    assert_eq!(ran.of("handoff"), ["asked_for_person"]);
    assert_eq!(ran.out.last().unwrap(), "silent: person_owns_case", "{ran:?}");
}

#[test]
fn an_agent_claims_replies_notes_and_hands_back_and_notes_stay_with_the_team() {
    let lines = [
        "/human",
        "/agent claim",
        "/agent reply It is on its way.",
        "/agent note a difficult one",
        "/agent handback",
        "Can I return a lamp?",
        "/human",
        "/agent close solved",
        "/case",
    ];
    let ran = chat(&[SHOP, "--agent", "Ana"], &lines);
    assert_eq!(ran.of("agent"), ["It is on its way."], "{ran:?}");
    assert!(ran.of("bot").iter().any(|said| said.contains("30 days")), "{ran:?}");
    assert!(ran.of("bot").iter().any(|said| said.contains("Ana")), "{ran:?}");
    assert!(!ran.out.join("\n").contains("difficult"), "{ran:?}");
    assert!(ran.err.contains("Note by Ana: a difficult one") && ran.err.contains("outcome    solved"), "{ran:?}");
    assert_eq!(ran.of("handoff").len(), 2, "{ran:?}");
}

#[test]
fn a_restart_goes_on_where_the_last_chat_ended() {
    let folder = folder();
    let data = folder.path().join("chat.db");
    let arguments = [TEA_ROOM, "--data", text(&data), "--customer", "Sam"];
    let first = chat(&arguments, &["When do you open?"]);
    assert_eq!(first.choices(), ["Leith", "Oban"], "{first:?}");
    let second = chat(&arguments, &["oban"]);
    assert_eq!(second.of("bot"), ["The tea room in Oban opens at nine."]);
    let third = chat(&arguments, &["/human"]);
    assert_eq!(third.of("handoff"), ["asked_for_person"]);
    let fourth = chat(&arguments, &["/agent reply Good morning, Sam."]);
    assert_eq!(fourth.of("agent"), ["Good morning, Sam."], "{fourth:?}");
}

#[test]
fn a_restart_does_not_turn_the_clock_back() {
    let folder = folder();
    let data = folder.path().join("chat.db");
    let arguments = [TEA_ROOM, "--data", text(&data)];
    chat(&arguments, &["/at 2099-11-24 10:00", "Are dogs allowed?"]);
    let ran = chat(&arguments, &["/at 2099-11-23 10:00", "Are dogs allowed?", "/why"]);
    assert!(ran.err.contains("the clock cannot go back"), "{ran:?}");
    assert!(ran.err.contains("2099-11-24 10:0"), "{ran:?}");
}

#[test]
fn two_customers_have_two_conversations() {
    let ran = chat(&[TEA_ROOM], &["/as Sam", "When do you open?", "/as Ana", "oban", "/as Sam", "oban"]);
    assert_eq!(ran.of("bot").iter().filter(|said| said.contains("opens at nine")).count(), 1, "{ran:?}");
    assert!(ran.said_last().contains("opens at nine"), "{ran:?}");
}

#[test]
fn in_public_the_bot_speaks_only_where_and_when_it_may() {
    let lines = [
        "/place help",
        "How much is delivery to Germany?",
        "/wait 2m",
        "/place general",
        "How much is delivery to Germany?",
        "/mention How much is delivery to France?",
        "/place announcements",
        "How much is delivery to Germany?",
    ];
    let ran = chat(&[SHOP], &lines);
    assert_eq!(ran.of("silent"), ["waiting_for_people", "not_addressed", "channel_not_allowed"], "{ran:?}");
    assert_eq!(ran.kinds(), ["silent", "bot", "silent", "bot", "silent"], "{ran:?}");
}

#[test]
fn a_person_who_answers_first_is_left_the_word() {
    let lines =
        ["/pace 1s", "/place help", "How much is delivery to Germany?", "/member I paid five euros", "/wait 1m"];
    let ran = chat(&[SHOP], &lines);
    assert_eq!(ran.out.last().unwrap(), "silent: person_answered", "{ran:?}");
    assert!(ran.of("bot").is_empty(), "{ran:?}");
}

#[test]
fn at_night_the_customer_is_told_when_somebody_is_back() {
    let day = chat(&[SHOP], &["/at 2099-11-24 10:00", "/human"]);
    let night = chat(&[SHOP], &["/at 2099-11-24 22:00", "/human"]);
    assert!(!day.said_last().contains("09:00") && night.said_last().contains("09:00"), "{day:?} {night:?}");
}

#[test]
fn a_picture_without_words_is_asked_about() {
    let ran = chat(&[SHOP], &["/attach photo", "/attach photo"]);
    assert_eq!(ran.of("handoff"), ["unreadable"], "{ran:?}");
}

#[test]
fn why_explains_the_last_decision_on_stderr() {
    let ran = chat(&[TEA_ROOM], &["Are dogs allowed?", "/why", "/voice"]);
    for part in
        ["read as    \"are dogs allowed?\"", "may mean", "dogs, like", "gates      owner", "decided    answer dogs"]
    {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert!(ran.err.contains("worded     answer:dogs, wording 1 in en-GB"), "{}", ran.err);
    assert!(ran.err.contains("brand      ") && ran.err.contains("knows      4 answers"), "{}", ran.err);
}

#[test]
fn a_misspelt_command_names_the_nearest_and_says_nothing_to_the_customer() {
    let ran = chat(&[TEA_ROOM], &["/wy", "/agent clam", "/place moon", "/at noon", "/xyzzy"]);
    for part in
        ["did you mean /why?", "did you mean /agent claim?", "there are: dm, help", "write 09:30", "/help lists them"]
    {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert!(ran.out.is_empty(), "{ran:?}");
}

#[test]
fn whatever_stands_on_stdin_the_chat_goes_on() {
    let mut input = b"\n\n  \n\xff\xfe\x00\x1b[31m\x07 what\r\n".to_vec();
    input.extend(vec![b'x'; 1024 * 1024]);
    input.extend("\n\u{202e}\u{200b}\u{feff}\n🦀🦀🦀\n".as_bytes());
    input.extend(b"\"'; DROP TABLE inbox; --\n/as Sam\nAre dogs allowed?");
    let ran = run_with(&["chat", "--plain", TEA_ROOM], &input);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.said_last().ends_with("Dogs are welcome, and there is water for them, Sam."), "{ran:?}");
    assert!(ran.err.contains("too long"), "{}", ran.err);
    assert!(ran.out.iter().all(|line| !line.contains('\u{1b}')), "{ran:?}");
}

#[test]
fn a_reader_that_goes_away_ends_the_chat_quietly() {
    let mut child = program(&["chat", "--plain", TEA_ROOM]).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..200 {
        if stdin.write_all(b"Are dogs allowed?\n").is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn nothing_but_the_chat_is_on_stdout_even_when_the_inside_is_told() {
    let ran = run_with(&["chat", "--plain", "--verbose", TEA_ROOM], b"Are dogs allowed?\n");
    assert!(ran.err.contains("handled"), "{ran:?}");
    assert_eq!(ran.kinds(), ["bot"], "{ran:?}");
}

#[test]
fn a_voice_that_is_not_there_is_answered_with_those_that_are() {
    let ran = run(&["chat", "lantern-lom"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("lantern-loom, pocket-comet") && ran.out.is_empty(), "{ran:?}");
}

#[test]
fn a_voice_with_an_error_is_not_spoken_with() {
    let folder = folder();
    let broken = std::fs::read_to_string(TEA_ROOM).unwrap().replace("name = \"Tea & Toast\"\n", "");
    let path = file(folder.path(), "broken.toml", &broken);
    let ran = run(&["chat", "--plain", text(&path)]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("broken.toml:") && ran.out.is_empty(), "{ran:?}");
}

#[test]
fn wrong_arguments_and_a_database_that_cannot_be_opened_are_2() {
    assert_eq!(run(&["chatt"]).code, 2);
    assert_eq!(run(&["chat", "--locale", "german"]).code, 2);
    let ran = run(&["chat", "--plain", TEA_ROOM, "--data", "/no/such/folder/chat.db"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("/no/such/folder"), "{ran:?}");
}

#[test]
fn help_lists_every_command_and_fits_the_exit_codes() {
    let ran = run(&["--help"]);
    assert_eq!(ran.code, 0);
    let text = ran.out.join("\n");
    for part in ["chat", "check", "test", "Exit code: 0 fine, 1 something was found, 2 could not run"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
