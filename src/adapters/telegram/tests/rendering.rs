//! Texts: what somebody typed becomes nothing, what is approved is set, nothing is lost or torn.

use std::sync::LazyLock;

use proptest::prelude::*;
use regex::Regex;
use teloxide::types::MessageEntityKind;

use crate::adapters::telegram::render::{MAX_UNITS, Rendered, pieces, render, units};
use crate::adapters::telegram::told::{JOINER, unmade};
use crate::voice::Content;
use crate::voice::content::{Inline, Style};
use crate::voice::template::shown;

/// What Telegram finds by itself, as <https://core.telegram.org/bots/api#messageentity> lists it. Wider than what Telegram
/// does: what this does not find, Telegram does not either.
static FORMS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    [
        ("mention", r"@[\p{L}\p{N}_]"),
        ("hashtag", r"#[\p{L}\p{N}_]"),
        ("cashtag", r"\$[A-Z]"),
        ("bot_command", r"(?:^|[^\p{L}\p{N}_])(?<it>/[A-Za-z0-9_])"),
        ("url", r"[\p{L}\p{N}_~-]\.[\p{L}\p{N}_-]|://"),
        ("email", r"[A-Za-z0-9_.+-]@[A-Za-z0-9]"),
        ("phone_number", r"[0-9](?:[ ().-]*[0-9]){6,}"),
    ]
    .map(|(kind, form)| (kind, Regex::new(form).unwrap()))
    .into()
});

fn found(text: &str) -> Vec<(&'static str, std::ops::Range<usize>)> {
    let all = |(kind, form): &(&'static str, Regex)| {
        let it = |found: regex::Captures<'_>| found.name("it").or(found.get(0)).unwrap().range();
        form.captures_iter(text).map(|found| (*kind, it(found))).collect::<Vec<_>>()
    };
    FORMS.iter().flat_map(all).collect()
}

fn without_joiners(text: &str) -> String {
    text.replace(JOINER, "")
}

fn text(text: &str) -> Inline {
    Inline::Text { text: text.into(), style: Style::Plain }
}

fn told(text: &str) -> Inline {
    Inline::Told { text: text.into(), style: Style::Plain }
}

fn one(inlines: Vec<Inline>) -> Content {
    Content { paragraphs: vec![inlines] }
}

/// Things that people are called and write, to do harm.
const CORPUS: &[&str] = &[
    "@everyone <@&1>",
    "@samreed",
    "<b>bold</b> & <a href=\"https://evil.example\">x</a>",
    "_*[x](https://evil.example)~`>#+-=|{}.!",
    "{{x}} {{#each y}}",
    "\u{202e}moc.live\u{202c} \u{2066}x\u{2069}",
    "Z\u{310}\u{337}a\u{324}\u{33a}l\u{347}go\u{488}",
    "https://good.example@evil.example/?q#frag",
    "tg://resolve?domain=x tg://user?id=1",
    "http://пример.рф xn--e1afmkfd.xn--p1ai",
    "mail do-not-reply@telegram.org now",
    "+1-212-555-0123 or 0044 20 7946 0958 or 4111 1111 1111 1111",
    "#tag #тег #2026 $USD $BTC@chat /start /start@SomeBot and/or 5 km/h",
    "1️⃣2️⃣3️⃣ #️⃣ 👩‍👩‍👧 🏳️‍🌈",
    "see you at 10.30... or 3.5 o'clock. Bye.",
    "line one\r\nline two\tend",
];

#[test]
fn what_somebody_typed_becomes_nothing_and_looks_the_same() {
    for typed in CORPUS {
        let unmade = unmade(typed);
        assert_eq!(found(&unmade), [], "{typed}");
        assert_eq!(without_joiners(&unmade), shown(typed), "{typed}");
    }
    assert_eq!(unmade("Sam Reed"), "Sam Reed");
    assert_eq!(unmade("order 104332, and/or more... 👩‍👩‍👧 1️⃣ #️⃣"), "order 104332, and/or more... 👩‍👩‍👧 1️⃣ #️⃣");
    assert_eq!(unmade("@sam a.b"), "@\u{2060}sam a.\u{2060}b");
    assert_eq!(shown("\u{202e}a\u{0}b\u{1b}[c"), "ab[c");
}

#[test]
fn approved_words_stay_as_they_are_and_are_set_by_entities() {
    let rendered = render(&Content {
        paragraphs: vec![
            vec![
                Inline::Text { text: "👋 ".into(), style: Style::Plain },
                Inline::Text { text: "Hello ".into(), style: Style::Strong },
                Inline::Told { text: "<b>@sam</b>".into(), style: Style::Emphasis },
                text(". See "),
                Inline::Link { label: "our page".into(), url: "https://lantern.example/ship".into() },
            ],
            vec![
                Inline::Link { label: "https://lantern.example/a".into(), url: "https://lantern.example/a".into() },
                Inline::Text { text: "code".into(), style: Style::Code },
                Inline::Link { label: "broken".into(), url: "no address".into() },
                Inline::Link { label: " somebody".into(), url: "tg://user?id=1".into() },
            ],
        ],
    });
    insta::assert_json_snapshot!(serde_json::json!({ "text": rendered.text, "entities": rendered.entities }));
}

#[test]
fn names_keep_their_looks_beside_the_words_of_the_voice() {
    for (before, name, behind, whole) in [
        ("Hi ", "Sam", "!", "Hi Sam!"),
        ("Thanks, ", "Sam", ". Bye.", "Thanks, Sam. Bye."),
        ("", "Ana", ": hello", "Ana: hello"),
        ("(", "Sam", ")", "(Sam)"),
        ("@", "sam", " hi", "@\u{2060}sam hi"),
        ("see ", "shop", ".example now", "see shop\u{2060}.example now"),
        ("https://", "evil", " x", "https://\u{2060}evil x"),
    ] {
        assert_eq!(render(&one(vec![text(before), told(name), text(behind)])).text, whole);
    }
}

#[test]
fn a_long_text_goes_out_in_several_messages() {
    let long = Content::verbatim(&"Somebody wrote a sentence. ".repeat(400));
    let pieces = pieces(&long);
    assert_eq!(pieces.len(), 3);
    assert!(pieces.iter().all(|piece| units(&piece.text) <= MAX_UNITS && piece.text.ends_with('.')));
    assert!(super::super::render::pieces(&Content::verbatim(" \n ")).is_empty());
}

/// Entities within the text, in order, on whole characters.
fn is_sound(piece: &Rendered) -> bool {
    let ends: Vec<usize> = piece
        .text
        .chars()
        .scan(0, |so_far, c| {
            let at = *so_far;
            *so_far += c.len_utf16();
            Some(at)
        })
        .chain([units(&piece.text)])
        .collect();
    let inside = piece.entities.iter().all(|entity| {
        entity.length > 0 && ends.contains(&entity.offset) && ends.contains(&(entity.offset + entity.length))
    });
    let ordered = piece.entities.windows(2).all(|pair| pair[0].offset + pair[0].length <= pair[1].offset);
    inside && ordered && units(&piece.text) <= MAX_UNITS
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![Just(Style::Plain), Just(Style::Emphasis), Just(Style::Strong), Just(Style::Code)]
}

/// Whatever anybody can type, and more often what means something to Telegram.
fn typed() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[@#$/.:+_ ]{1,3}",
        "[a-z0-9]{1,12}",
        "[0-9 ()-]{1,20}",
        "\\PC{0,6}",
        Just("https://".to_owned()),
        Just("shop.example".to_owned()),
        Just("👩‍👩‍👧".to_owned()),
        Just("\u{202e}\u{2060}\u{200b}\n".to_owned()),
    ];
    proptest::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

fn inline() -> impl Strategy<Value = Inline> {
    prop_oneof![
        (typed(), style()).prop_map(|(text, style)| Inline::Told { text, style }),
        ("([a-zA-Zäß🦊.,]{1,9}[ \n]?){0,30}", style()).prop_map(|(text, style)| Inline::Text { text, style }),
        "[a-z 👋]{1,9}".prop_map(|label| Inline::Link { label, url: "https://lantern.example/x".into() }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_typed_becomes_nothing(typed in typed()) {
        let unmade = unmade(&typed);
        prop_assert_eq!(found(&unmade), vec![], "{:?}", unmade);
        prop_assert_eq!(without_joiners(&unmade), without_joiners(&shown(&typed)));
    }

    #[test]
    fn whatever_stands_beside_it_makes_nothing_of_it(
        before in prop_oneof!["[a-zA-Z@#$/.: ]{0,4}", Just("https://".to_owned())],
        typed in typed(),
        behind in "[a-zA-Z@#/.: ]{0,4}",
    ) {
        let whole = render(&one(vec![text(&before), told(&typed), text(&behind)])).text;
        let from = before.len();
        let to = whole.len() - behind.len();
        let touched = |range: &std::ops::Range<usize>| range.start.max(from) < range.end.min(to);
        let bad: Vec<_> = found(&whole).into_iter().filter(|(_, range)| touched(range)).collect();
        prop_assert_eq!(bad, vec![], "{:?}", whole);
    }

    #[test]
    fn every_piece_is_sound_and_nothing_is_lost(
        paragraphs in proptest::collection::vec(proptest::collection::vec(inline(), 1..40), 1..12),
    ) {
        let content = Content { paragraphs };
        let pieces = pieces(&content);
        for piece in &pieces {
            prop_assert!(is_sound(piece), "{:?}", piece);
        }
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != JOINER).collect::<String>();
        let all: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        prop_assert_eq!(bare(&all), bare(&render(&content).text));
        let links = |piece: &Rendered| {
            piece.entities.iter().filter(|entity| matches!(entity.kind, MessageEntityKind::TextLink { .. })).count()
        };
        prop_assert_eq!(pieces.iter().map(links).sum::<usize>(), links(&render(&content)));
    }
}
