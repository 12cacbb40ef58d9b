//! What reading a message promises, on a voice of sixteen answers in two languages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;

use housevoice::understanding::{Found, Hints, Only, Reading, SlotValue, Understanding};
use housevoice::voice::load::load;
use housevoice::voice::source::Source;
use housevoice::voice::{Locale, SlotId, Voice};
use proptest::prelude::*;

const SHOP_FILE: &str = include_str!("data/understanding/harbour-cycles.toml");

fn voice(text: &str) -> Voice {
    let loaded = load(&[Source { name: "voice.toml".into(), text: text.into() }]);
    loaded.voice.unwrap_or_else(|| panic!("{:#?}", loaded.findings))
}

static SHOP: LazyLock<Understanding> = LazyLock::new(|| Understanding::learn(&voice(SHOP_FILE)));

fn read(text: &str) -> Reading {
    SHOP.read(text, Hints::default())
}

fn asked(text: &str, slot: &str) -> Reading {
    SHOP.read(text, Hints { asked: Some(&SlotId::from(slot)), ..Hints::default() })
}

/// The best answer to the first question, and how sure.
fn best(text: &str) -> (String, f32) {
    let reading = read(text);
    let best = reading.questions.first().and_then(|question| question.candidates.first().cloned());
    best.map_or_else(|| (String::new(), 0.0), |best| (best.answer.to_string(), best.confidence))
}

fn questions(text: &str) -> Vec<(String, String)> {
    let answer = |q: &housevoice::understanding::Question| q.candidates.first().map(|c| c.answer.to_string());
    read(text).questions.iter().map(|q| (q.text.clone(), answer(q).unwrap_or_default())).collect()
}

fn choice(text: &str, slot: &str) -> Option<String> {
    read(text).found.iter().find_map(|found| match &found.value {
        SlotValue::Choice(choice) if found.slot.as_str() == slot => Some(choice.to_string()),
        SlotValue::Choice(_) | SlotValue::Text(_) | SlotValue::Flag(_) => None,
    })
}

// ------------------------------------------------------------------ answers

#[test]
fn an_example_is_answered_surely_however_it_is_typed() {
    for text in [
        "How long does delivery take?",
        "how long does delivery take",
        "HOW LONG DOES DELIVERY TAKE",
        "hi, how long does delivery take??? thanks!",
        "ｈｏｗ ｌｏｎｇ does deli\u{ad}very take",
    ] {
        let (answer, confidence) = best(text);
        assert_eq!(answer, "delivery.time", "{text}");
        assert!(confidence >= 0.95, "{text}: {confidence}");
    }
}

#[test]
fn every_example_of_the_voice_is_answered_by_its_own_answer() {
    let shop = voice(SHOP_FILE);
    for answer in &shop.answers {
        for example in &answer.ask {
            let text = example.text.replace("{country}", "Ireland").replace("{order_number}", "HC-204815");
            let (best, confidence) = best(&text);
            assert_eq!(best, answer.id.as_str(), "{text}");
            assert!(confidence >= 0.9, "{text}: {confidence}");
        }
    }
}

#[test]
fn plain_paraphrases_pass_the_private_bar() {
    let paraphrases = [
        ("how long will delivery take", "delivery.time"),
        ("when is my bike going to arrive", "delivery.time"),
        ("what does delivery cost", "delivery.cost"),
        ("where's my parcel at", "delivery.track"),
        ("can i return the bike when i dont like it", "returns.window"),
        ("i'd like to return my bike", "returns.window"),
        ("when will I get my money back", "returns.refund"),
        ("I would like to cancel an order", "orders.cancel"),
        ("can you still change the delivery address", "orders.address"),
        ("can I pay with an invoice", "payment.methods"),
        ("when do you open on saturday", "shop.hours"),
        ("where can I find your shop", "shop.address"),
        ("what do you charge for a repair", "repairs.price"),
        ("I'd like to book a repair", "repairs.book"),
        ("what frame size should I take", "bikes.size"),
        ("could I have a test ride", "bikes.test_ride"),
        ("how long is the warranty on frames", "guarantee"),
        ("where can I redeem a gift voucher", "gifts.voucher"),
        ("wo ist mein Rad", "delivery.track"),
        ("wie lange braucht die Lieferung", "delivery.time"),
        ("wie hoch sind die Kosten für den Versand", "delivery.cost"),
        ("Kann man das Rad zurückgeben?", "returns.window"),
        ("wann kriege ich mein Geld zurück", "returns.refund"),
        ("ich will meine Bestellung stornieren", "orders.cancel"),
        ("kann ich die Lieferadresse noch ändern", "orders.address"),
        ("eure Öffnungszeiten?", "shop.hours"),
        ("habt ihr am Sonntag offen", "shop.hours"),
        ("was kostet bei euch eine Reparatur", "repairs.price"),
        ("ich hätte gern einen Termin für eine Reparatur", "repairs.book"),
        ("welche Rahmengröße passt zu mir", "bikes.size"),
        ("kann ich eine Probefahrt machen", "bikes.test_ride"),
        ("Garantie auf den Rahmen?", "guarantee"),
        ("habt ihr Geschenkgutscheine", "gifts.voucher"),
    ];
    let mut wrong = Vec::new();
    for (text, answer) in paraphrases {
        let (best, confidence) = best(text);
        if best != answer || confidence < 0.6 {
            wrong.push(format!("{text:?}: {best} {confidence:.2}, not {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_typo_a_word_does_not_hide_a_question() {
    for (text, answer) in [
        ("were is my parcle", "delivery.track"),
        ("how long does delivry take", "delivery.time"),
        ("can i retrun my bike", "returns.window"),
        ("whats the waranty on the frame", "guarantee"),
        ("was kostet der Versannd", "delivery.cost"),
        ("wann habt ihr geöfnet", "shop.hours"),
        ("kann ich ein Rad probefaren", "bikes.test_ride"),
    ] {
        let (best, confidence) = best(text);
        assert!(best == answer && confidence >= 0.6, "{text}: {best} {confidence}");
    }
}

#[test]
fn unrelated_chatter_stays_far_below_the_bars() {
    for text in [
        "what do you think about the football game",
        "asdf",
        "asdfgh jklö",
        "the weather is nice",
        "tell me another joke",
        "my cat is asleep",
        "who is the president of france",
        "das Wetter ist so schön heute",
        "was hältst du von Fußball",
        "mir ist so langweilig gerade",
        "lol that was a good movie",
        "42",
        "😀😀😀",
    ] {
        let (best, confidence) = best(text);
        assert!(confidence < 0.3, "{text}: {best} {confidence}");
    }
}

#[test]
fn what_must_not_give_an_answer_never_gives_it() {
    for (text, never, rather) in [
        ("my delivery is late", "delivery.time", "delivery.track"),
        ("my delivery is so late", "delivery.time", "delivery.track"),
        ("where is my refund", "returns.window", "returns.refund"),
        ("wo bleibt denn mein Geld", "returns.window", "returns.refund"),
    ] {
        let reading = read(text);
        let candidates = &reading.questions[0].candidates;
        assert_eq!(candidates[0].answer.as_str(), rather, "{text}");
        assert!(candidates.iter().all(|c| c.answer.as_str() != never), "{text}: {candidates:?}");
    }
}

#[test]
fn candidates_are_few_in_order_and_name_the_example_that_matched() {
    let question = &read("how much is delivery to my house").questions[0];
    assert!(question.candidates.len() <= 5);
    assert!(question.candidates.is_sorted_by(|a, b| a.confidence >= b.confidence));
    assert!(question.candidates.iter().all(|c| (0.0..=1.0).contains(&c.confidence)));
    assert_eq!(question.candidates[0].example, "how much is delivery");
}

#[test]
fn a_placeholder_stands_for_every_value_of_its_slot() {
    for text in [
        "shipping time to Austria",
        "shipping time to northern ireland",
        "delivery to the USA",
        "Lieferzeit nach Irland",
    ] {
        let (best, confidence) = best(text);
        assert!(best == "delivery.time" && confidence >= 0.75, "{text}: {best} {confidence}");
    }
    assert_eq!(best("where is order HC-987654").0, "delivery.track");
}

#[test]
fn two_answers_to_one_example_are_left_close_together() {
    let shop = SHOP_FILE.to_owned()
        + "\n[[answers]]\nid = \"shop.twin\"\ntitle = \"Twin\"\nask = [\"where is your shop\", \"shop directions\", \"directions to the shop please\"]\nsay = \"By the sea.\"\n[[clarify]]\nbetween = [\"shop.twin\", \"shop.address\"]\nask = \"Which shop?\"\n";
    let reading = Understanding::learn(&voice(&shop)).read("where is your shop", Hints::default());
    let candidates = &reading.questions[0].candidates;
    let two: Vec<_> = candidates.iter().take(2).map(|c| c.answer.as_str()).collect();
    assert!(two.contains(&"shop.twin") && two.contains(&"shop.address"), "{candidates:?}");
    assert!(candidates[0].confidence - candidates[1].confidence < 0.15, "{candidates:?}");
}

#[test]
fn a_voice_of_two_answers_is_sane() {
    let tiny = voice(
        r#"
schema = 1
[brand]
id = "tiny"
name = "Tiny"
default_locale = "en-GB"
timezone = "Europe/London"
privacy_url = "https://tiny.example/privacy"
allowed_link_hosts = ["tiny.example"]
[[answers]]
id = "hours"
title = "Hours"
ask = ["when are you open", "what are your opening hours", "are you open today"]
say = "Nine to five."
[[answers]]
id = "returns"
title = "Returns"
ask = ["can I return it", "how do I send something back", "return policy"]
say = "Thirty days."
"#,
    );
    let tiny = Understanding::learn(&tiny);
    let best = |text: &str| {
        let reading = tiny.read(text, Hints::default());
        reading.questions.first().and_then(|q| q.candidates.first()).map_or(0.0, |c| c.confidence)
    };
    assert!(best("when are you open") >= 0.95);
    assert!(best("when are you open on sunday") >= 0.6);
    assert!(best("can i return this") >= 0.6);
    for chatter in ["asdf", "the weather is nice", "what do you think about the football match", "I had pasta"] {
        assert!(best(chatter) < 0.3, "{chatter}: {}", best(chatter));
    }
}

#[test]
fn a_voice_without_answers_reads_all_the_same() {
    let mut bare = voice(SHOP_FILE);
    bare.answers.clear();
    let reading = Understanding::learn(&bare).read("can I talk to a human?", Hints::default());
    assert!(reading.signals.asks_for_person.is_some());
    assert_eq!(reading.questions.len(), 1);
    assert!(reading.questions[0].candidates.is_empty());
}

// ------------------------------------------------------------------ questions

#[test]
fn two_real_questions_are_two_and_each_has_its_answer() {
    for (text, expected) in [
        (
            "where is my parcel and can I still change the address?",
            [("where is my parcel", "delivery.track"), ("can I still change the address?", "orders.address")],
        ),
        (
            "How long is the guarantee? And do you sell gift vouchers?",
            [("How long is the guarantee?", "guarantee"), ("And do you sell gift vouchers?", "gifts.voucher")],
        ),
        (
            "wo ist mein Paket und was kostet eine Reparatur?",
            [("wo ist mein Paket", "delivery.track"), ("was kostet eine Reparatur?", "repairs.price")],
        ),
        (
            "Hello! I have two things.\nwhere is my refund\nwhat size bike for my height",
            [("where is my refund", "returns.refund"), ("what size bike for my height", "bikes.size")],
        ),
    ] {
        let found = questions(text);
        let found: Vec<_> = found.iter().map(|(text, answer)| (text.as_str(), answer.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_second_question_is_never_made_up() {
    for text in [
        "shipping and delivery to Germany?",
        "how long does delivery take and is it on time",
        "where is my parcel? where is it?",
        "I bought a bike last week. The chain is broken. Can you fix it?",
        "is there a warranty on the frame and the fork",
        "Versand und Lieferung nach Deutschland?",
        "can I return my bike, please, and thank you",
        "what size and colour",
    ] {
        assert_eq!(questions(text).len(), 1, "{text}: {:?}", questions(text));
    }
}

#[test]
fn politeness_around_a_question_is_dropped_from_it() {
    let reading = read("hi! where is my parcel? thanks");
    assert_eq!(reading.questions.len(), 1);
    assert_eq!(reading.questions[0].text, "where is my parcel?");
    assert_eq!(reading.signals.small_talk, None);
    assert!(!reading.signals.only_thanks);
    assert_eq!(questions("Hallo zusammen, wo ist mein Paket? Vielen Dank!")[0].0, "wo ist mein Paket?");
}

#[test]
fn a_correction_is_read_as_the_question_it_holds() {
    let reading = read("no, I meant where is my refund");
    assert!(reading.signals.correction);
    assert_eq!(reading.questions[0].candidates[0].answer.as_str(), "returns.refund");
    assert_eq!(reading.questions[0].text, "where is my refund");
    let reading = read("nein, ich meinte die Rückgabefrist");
    assert!(reading.signals.correction);
    assert_eq!(reading.questions[0].candidates[0].answer.as_str(), "returns.window");
}

#[test]
fn without_words_there_are_no_questions_and_with_words_there_is_one() {
    for text in ["", "   ", "?!", "😀", "\u{200b}"] {
        assert!(read(text).questions.is_empty(), "{text:?}");
    }
    for text in ["a", "thanks", "hello there", "42"] {
        assert_eq!(read(text).questions.len(), 1, "{text:?}");
    }
}

// ------------------------------------------------------------------ signals that depend on the voice

#[test]
fn small_talk_is_the_whole_message_however_drawn_out() {
    for (text, id) in [
        ("hi", "greeting"),
        ("heyyyy", "greeting"),
        ("Hellooo 👋", "greeting"),
        ("hello there!", "greeting"),
        ("Guten Morgen", "greeting"),
        ("thank youuu", "thanks"),
        ("ok thanks", "thanks"),
        ("byeee", "bye"),
        ("how are you?", "how_are_you"),
        ("hi, how are you?", "how_are_you"),
        ("wie geht's", "how_are_you"),
    ] {
        assert_eq!(read(text).signals.small_talk.map(|id| id.to_string()).as_deref(), Some(id), "{text}");
    }
    for text in ["hi where is my parcel", "thanks but no", "history", "how are you shipping it", "ok", ""] {
        assert_eq!(read(text).signals.small_talk, None, "{text}");
    }
}

#[test]
fn the_brands_own_words_count() {
    assert!(read("is the mechanic on duty").signals.asks_for_person.is_none(), "a noun in a question about it");
    assert!(read("let me talk to the mechanic on duty").signals.asks_for_person.is_some());
    assert_eq!(read("I crashed because of you").signals.rules[0].rule.as_str(), "accident");
    assert_eq!(read("the brake-failure happened downhill").signals.rules[0].cue, "brake failure");
    assert_eq!(read("that rust bucket").irritation.level, 2);
    assert_eq!(read("squeaky nonsense").irritation.cues[0], "squeaky nonsense");
}

#[test]
fn stopping_and_starting_again_use_the_voices_words() {
    for text in ["stop", "STOP!", "please stop", "leave me alone", "lass mich in Ruhe bitte"] {
        assert!(read(text).signals.opt_out, "{text}");
    }
    for text in ["can I stop the delivery", "the bike won't stop squeaking", "start"] {
        assert!(!read(text).signals.opt_out, "{text}");
    }
    assert!(read("start").signals.opt_in);
    assert!(read("ok you can write again").signals.opt_in);
    assert!(!read("how do I start the motor").signals.opt_in);
}

#[test]
fn hard_words_fire_whatever_hides_them() {
    let hidden = [
        '\u{ad}',
        '\u{200b}',
        '\u{200d}',
        '\u{2060}',
        '\u{feff}',
        '\u{34f}',
        '\u{fe0f}',
        '\u{e0041}',
        '\u{3164}',
        '\u{202e}',
    ];
    let word = "suicide";
    for hide in hidden {
        for at in 0..=word.len() {
            let text = format!("thinking of {}{hide}{} today", &word[..at], &word[at..]);
            assert!(!read(&text).signals.rules.is_empty(), "{hide:?} at {at}");
        }
    }
}

#[test]
fn only_a_link_an_emoji_a_quote_or_code() {
    for (text, only) in [
        ("https://example.com/a", Some(Only::Link)),
        ("<https://example.com> www.example.org", Some(Only::Link)),
        ("👍🏽", Some(Only::Emoji)),
        ("👨‍👩‍👧 ❤️ 1️⃣", Some(Only::Emoji)),
        ("<:wave:1234>", Some(Only::Emoji)),
        ("> where is my parcel\n> and when", Some(Only::Quote)),
        ("`ls`", Some(Only::Code)),
        ("```\nlet x = 1;\n```", Some(Only::Code)),
        ("look https://example.com", None),
        ("> quote\nand words", None),
        ("👍 thanks", None),
        ("42", None),
        ("", None),
        ("`a` and `b`", None),
    ] {
        assert_eq!(read(text).signals.only, only, "{text:?}");
    }
}

#[test]
fn card_numbers_and_passwords_are_found_where_they_stand() {
    for (text, secrets) in [
        ("my card is 4111 1111 1111 1111 ok", vec!["4111 1111 1111 1111"]),
        ("4111-1111-1111-1111", vec!["4111-1111-1111-1111"]),
        ("order 204815: 378282246310005, thanks", vec!["378282246310005"]),
        ("4111 1111 1111 1111 123", vec!["4111 1111 1111 1111"]),
        ("４１１１ １１１１ １１１１ １１１１", vec!["４１１１ １１１１ １１１１ １１１１"]),
        ("my password is hunter2", vec!["hunter2"]),
        ("Password: s3cr3t!", vec!["s3cr3t!"]),
        ("password:hunter2", vec!["hunter2"]),
        ("mein Passwort lautet Sonne123", vec!["Sonne123"]),
        ("pin is 1234", vec!["1234"]),
        ("4111 1111 1111 1111 und mein passwort ist geheim", vec!["4111 1111 1111 1111", "geheim"]),
        ("4111 1111 1111 1112", vec![]),
        ("0000 0000 0000 0000", vec![]),
        ("IBAN DE89370400440532013000", vec![]),
        ("my password is not working", vec![]),
        ("mein Passwort ist falsch", vec![]),
        ("I forgot my password", vec![]),
        ("how do I reset the password?", vec![]),
        ("order HC-204815 and 0171 1234567", vec![]),
    ] {
        let found = read(text).signals.secret;
        assert_eq!(found.iter().map(|s| &text[s.start..s.end]).collect::<Vec<_>>(), secrets, "{text}");
    }
}

// ------------------------------------------------------------------ slots

#[test]
fn choices_are_found_by_label_word_and_with_one_typo() {
    for (text, country) in [
        ("do you ship to Germany", Some("DE")),
        ("nach österreich?", Some("AT")),
        ("to Oesterreich", None),
        ("to the uk please", Some("GB")),
        ("northern ireland", Some("NI")),
        ("Ireland!", Some("IE")),
        ("to germny", Some("DE")),
        ("delivery to the US", Some("US")),
        ("can you help us", None),
        ("no, I meant the other one", None),
        ("germanic languages", None),
    ] {
        assert_eq!(choice(text, "country").as_deref(), country, "{text}");
    }
    assert_eq!(asked("us", "country").found[0].value, SlotValue::Choice("US".into()));
    assert_eq!(asked("other", "country").found[0].value, SlotValue::Choice("OTHER".into()));
}

#[test]
fn patterns_are_found_in_any_case_and_in_two_pieces() {
    let order = |value: &str| Found { slot: "order_number".into(), value: SlotValue::Text(value.into()) };
    for text in
        ["HC-204815", "my order is hc-204815.", "(hc-204815)", "HC 204815", "order hc 204815 please", "#HC-204815"]
    {
        assert_eq!(read(text).found, [order("HC-204815")], "{text}");
    }
    for text in ["HC-2048", "204815", "HC-2048155", "XHC-204815"] {
        assert_eq!(read(text).found, [], "{text}");
    }
    assert_eq!(
        asked("it is 204815", "order_number").found,
        [order("HC-204815")],
        "the fixed part may be left out when asked"
    );
}

#[test]
fn yes_no_and_free_text_are_values_only_when_asked_for() {
    assert_eq!(read("yes").found, []);
    assert_eq!(read("it fell over").found, []);
    assert_eq!(asked("yes, it is", "insured").found, [Found { slot: "insured".into(), value: SlotValue::Flag(true) }]);
    assert_eq!(asked("nein", "insured").found, [Found { slot: "insured".into(), value: SlotValue::Flag(false) }]);
    assert_eq!(asked("what?", "insured").found, []);
    let story = Found { slot: "story".into(), value: SlotValue::Text("it fell over".into()) };
    assert_eq!(asked(" it fell over ", "story").found, [story]);
    assert_eq!(asked(&"long ".repeat(50), "story").found, []);
}

// ------------------------------------------------------------------ language

#[test]
fn the_language_shows_even_in_short_texts() {
    for (text, locale) in [
        ("wo ist mein paket", Some("de-DE")),
        ("lieferung nach österreich?", Some("de-DE")),
        ("was kostet das", Some("de-DE")),
        ("versandkosten?", Some("de-DE")),
        ("ich hätte gern einen termin", Some("de-DE")),
        ("where is my parcel", Some("en-GB")),
        ("delivery to austria?", Some("en-GB")),
        ("how much", Some("en-GB")),
        ("opening hours", Some("en-GB")),
        ("hi there", Some("en-GB")),
        ("ok", None),
        ("HC-123456", None),
        ("42", None),
        ("😀", None),
        ("où est mon colis s'il vous plaît", None),
        ("¿dónde está mi paquete?", None),
    ] {
        assert_eq!(read(text).locale.map(|l| l.to_string()).as_deref(), locale, "{text}");
    }
}

#[test]
fn of_two_locales_of_one_language_the_one_used_so_far_is_kept() {
    let text = SHOP_FILE.replacen(r#"locales = ["en-GB", "de-DE"]"#, r#"locales = ["en-GB", "en-US", "de-DE"]"#, 1);
    let shop = Understanding::learn(&voice(&text));
    let american = Locale::parse("en-US").unwrap();
    let locale =
        |used| shop.read("where is my parcel", Hints { locale: used, asked: None }).locale.unwrap().to_string();
    assert_eq!(locale(Some(&american)), "en-US");
    assert_eq!(locale(None), "en-GB");
}

// ------------------------------------------------------------------ properties

fn anything() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "where is my parcel",
        "?",
        "!",
        " and ",
        " und ",
        "\n",
        "my password is ",
        "4111 1111 1111 1111",
        "hc-123456",
        "{country}",
        "human",
        "\u{200d}",
        "\u{301}",
        "ß",
        "İ",
        "`",
        "> ",
        "😀",
        "k i l l",
        "no, I meant ",
        "germny",
        " ",
        ",",
        "don't",
        "ﷺ",
        "\u{0}",
    ]);
    let mixed = prop::collection::vec(prop_oneof![bits.prop_map(str::to_owned), any::<String>()], 0..12);
    mixed.prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_the_same_every_time_and_its_places_hold(text in anything()) {
        let reading = read(&text);
        prop_assert_eq!(&read(&text), &reading);
        for secret in &reading.signals.secret {
            prop_assert!(text.get(secret.start..secret.end).is_some_and(|part| !part.is_empty()));
        }
        for question in &reading.questions {
            prop_assert!(text.contains(&question.text), "{:?} is not as written in {:?}", question.text, text);
            prop_assert!(question.candidates.len() <= 5);
            prop_assert!(question.candidates.iter().all(|c| (0.0..=1.0).contains(&c.confidence)));
        }
        prop_assert_eq!(reading.questions.is_empty(), reading.signals.words == 0);
        prop_assert!(reading.irritation.level <= 3);
        for slot in ["country", "order_number", "insured", "story"] {
            let _ = asked(&text, slot);
        }
    }
}

#[test]
fn learning_twice_gives_the_same_scores_and_the_order_of_examples_does_not_matter() {
    let shop = voice(SHOP_FILE);
    let mut turned = shop.clone();
    turned.answers.iter_mut().for_each(|answer| answer.ask.reverse());
    let (first, second, turned) =
        (Understanding::learn(&shop), Understanding::learn(&shop), Understanding::learn(&turned));
    for text in [
        "where is my bike",
        "was kostet eine Lieferung",
        "can I return it and pay later",
        "hello",
        "when does it get here",
    ] {
        let reading = first.read(text, Hints::default());
        assert_eq!(reading, second.read(text, Hints::default()));
        assert_eq!(reading, turned.read(text, Hints::default()));
    }
}

#[test]
fn a_huge_text_is_read_up_to_its_limit() {
    for unit in ["where is my parcel? ", "a", "4111 1111 1111 1111 ", "k i l l ", "e\u{301}", "und ", "`", "> ", "!?"] {
        let reading = read(&unit.repeat(100_000 / unit.len()));
        assert!(reading.normalized.chars().count() <= 4_000, "{unit}");
    }
}
