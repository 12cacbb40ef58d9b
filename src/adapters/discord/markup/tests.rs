//! What is meant as markup is markup, and nothing else is: judged by a reader of Discord's Markdown that knows nothing of
//! the writer.

mod reader;

use proptest::prelude::*;

use super::*;
use crate::adapters::split::split;
use reader::{Node, read};

/// Texts that have made trouble elsewhere.
const NAUGHTY: &[&str] = &[
    "@everyone and @here and @EveryOne",
    "<@1> <@!2> <@&3> <#4> </ask:5> <id:customize>",
    "<:smile:6> <a:wave:7> <t:1700000000:R>",
    "https://evil.example/a http://evil.example <https://evil.example>",
    "[bank.com](https://evil.example) [x](<https://evil.example>)",
    "discord.gg/abc DISCORD.GG/abc discord.com/invite/abc",
    "*a* **b** ***c*** _d_ __e__ ~~f~~ ||g|| `h` ``i`` ```js\nj\n```",
    "# one\n## two\n### three\n-# small\n> quote\n>>> all of it",
    "- a\n* b\n+ c\n1. d\n  2. e\n3) f",
    "\\*a\\* \\\\ \\",
    "¯\\_(ツ)_/¯",
    "\u{202e}gnp.exe \u{200b}\u{feff}\u{0}\u{7}",
    "a\r\nb\rc\u{2028}# d",
    "{{secret}} {{#each x}} <script>alert(1)</script>",
    "**",
    "*",
    "`",
    "``",
    "|| ||",
    "~~",
    "_",
    "__",
    "<",
    ">",
    "@",
    "#",
    "-",
    "1.",
    " # x",
    "",
];

fn told(text: &str, style: Style) -> Content {
    Content { paragraphs: vec![vec![Inline::Told { text: text.to_owned(), style }]] }
}

fn said(text: &str, style: Style) -> Inline {
    Inline::Text { text: text.to_owned(), style }
}

/// The words without what is not seen in them.
fn seen(text: &str) -> String {
    text.replace(NOTHING, "")
}

fn assert_one_text(text: &str) {
    let written = render(&told(text, Style::Plain));
    let wanted = seen(&shown(text));
    let nodes: Vec<Node> = read(&written);
    let expected = if wanted.is_empty() { Vec::new() } else { vec![Node::Text(wanted)] };
    let nodes: Vec<Node> =
        nodes.into_iter().map(Node::seen).filter(|node| *node != Node::Text(String::new())).collect();
    assert_eq!(nodes, expected, "{text:?} was written as {written:?}");
}

#[test]
fn what_somebody_typed_is_words_and_nothing_else() {
    NAUGHTY.iter().for_each(|text| assert_one_text(text));
}

#[test]
fn nobody_is_pinged_by_words() {
    for text in NAUGHTY {
        for style in [Style::Plain, Style::Emphasis, Style::Strong] {
            let written = render(&told(text, style)).to_lowercase();
            for ping in ["@everyone", "@here", "<@1", "<@!", "<@&"] {
                assert!(!written.contains(ping), "{written:?}");
            }
        }
    }
}

#[test]
fn the_voice_s_own_styles_are_markup() {
    let paragraph = vec![
        said("We ship ", Style::Plain),
        said("*very*", Style::Emphasis),
        said("fast", Style::Strong),
        said("A-1", Style::Code),
        Inline::Link { label: "our [new] page".to_owned(), url: "https://a.example/(x)?y=<z>".to_owned() },
        said(".\n", Style::Plain),
        Inline::Told { text: "1".to_owned(), style: Style::Plain },
        said(". it is", Style::Plain),
    ];
    let content = Content { paragraphs: vec![paragraph, vec![said("# no heading", Style::Plain)]] };
    let written = render(&content);
    assert_eq!(
        written,
        "We ship *\\*very\\**\u{200b}**fast**\u{200b}`A-1`\u{200b}[our \\[new\\] page](<https://a.example/(x)?y=%3Cz%3E>).\n\
         1\\. it is\n\n\\# no heading"
    );
    let nodes: Vec<Node> = read(&written).into_iter().map(Node::seen).collect();
    let kinds: Vec<&str> = nodes.iter().map(Node::kind).filter(|kind| *kind != "text").collect();
    assert_eq!(kinds, ["emphasis", "strong", "code", "link"]);
}

#[test]
fn blanks_stay_outside_of_a_style_and_a_backtick_out_of_code() {
    let one = |style, text| render(&Content { paragraphs: vec![vec![said(text, style)]] });
    assert_eq!(one(Style::Strong, " a b "), " **a b** ");
    assert_eq!(one(Style::Emphasis, "  "), "  ");
    assert_eq!(one(Style::Code, "a`b"), "a\\`b");
    assert_eq!(one(Style::Code, "a*b"), "`a*b`");
}

#[test]
fn two_styles_side_by_side_stay_two_even_with_nothing_between_them() {
    let pieces = vec![said("a", Style::Code), said("", Style::Plain), said("b", Style::Code)];
    assert_eq!(render(&Content { paragraphs: vec![pieces] }), "`a`\u{200b}`b`");
}

#[test]
fn an_address_is_a_link_only_where_it_is_meant_as_one() {
    let link = |label: &str, url: &str| {
        let link = Inline::Link { label: label.to_owned(), url: url.to_owned() };
        render(&Content { paragraphs: vec![vec![link]] })
    };
    assert_eq!(link("https://a.example/", "https://a.example/"), "<https://a.example/>");
    assert_eq!(link("Shop", "https://a.example/"), "[Shop](<https://a.example/>)");
    assert_eq!(link("Shop", "javascript:alert(1)"), "Shop (javascript:alert(1))");
}

#[test]
fn a_label_is_one_line_of_a_certain_length() {
    assert_eq!(line(" a\n b\u{202e} ", 80), "a b");
    assert_eq!(line("abcdef", 4), "abc…");
    assert_eq!(line("👩‍👩‍👧👩‍👩‍👧", 10), "👩‍👩‍👧…");
}

fn any_text() -> impl Strategy<Value = String> {
    let signs = "[\\\\*_~`|><#+\\-0-9.()\\[\\] \n@a-c:/!&]{0,40}";
    prop_oneof![signs, any::<String>(), prop::sample::select(NAUGHTY).prop_map(str::to_owned)]
}

fn any_inline() -> impl Strategy<Value = Inline> {
    let style = prop::sample::select(&[Style::Plain, Style::Emphasis, Style::Strong, Style::Code][..]);
    (any_text(), style, any::<bool>()).prop_map(|(text, style, typed)| match typed {
        true => Inline::Told { text, style },
        false => Inline::Text { text, style },
    })
}

proptest! {
    #[test]
    fn any_text_that_somebody_typed_reads_as_it_was_typed(text in any_text()) {
        assert_one_text(&text);
    }

    #[test]
    fn words_read_as_they_were_whatever_stands_beside_them(pieces in prop::collection::vec(any_inline(), 1..6)) {
        let content = Content { paragraphs: vec![pieces] };
        let read: String = read(&render(&content)).iter().map(Node::words).collect();
        prop_assert_eq!(seen(&read), seen(&shown(&content.to_plain())));
    }

    #[test]
    fn every_part_of_a_long_text_is_short_enough(pieces in prop::collection::vec("[a-z*_#. 🦊\n]{0,900}", 1..6)) {
        let paragraphs = pieces.into_iter().map(|text| vec![Inline::Told { text, style: Style::Strong }]).collect();
        let content = Content { paragraphs };
        for part in split(&content, fits) {
            prop_assert!(render(&part).encode_utf16().count() <= LONGEST);
        }
    }
}
