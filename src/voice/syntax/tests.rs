use super::*;

fn read(text: &str) -> Parsed {
    parse(0, &Source { name: "voice.toml".into(), text: text.into() })
}

/// A slip on the first lines of a file, its code, and the line that the message offers.
const SLIPS: &[(&str, &str, &str)] = &[
    ("name = Acme & Sons # note", "no-quotes", "name = \"Acme & Sons\" # note"),
    ("name = “Acme”", "curly-quotes", "name = \"Acme\""),
    ("name = „Acme“", "curly-quotes", "name = \"Acme\""),
    ("name = \"Acme”", "curly-quotes", "name = \"Acme\""),
    ("name = ‘Acme’", "curly-quotes", "name = \"Acme\""),
    ("ask = [“one”, “two”, \"three\"]", "curly-quotes", "ask = [\"one\", \"two\", \"three\"]"),
    ("say = “He said \"hi\" to us”", "curly-quotes", "say = 'He said \"hi\" to us'"),
    ("say = \"He said \"hi\"\"", "quote-inside", "say = 'He said \"hi\"'"),
    ("say = \"Say \"it's\" now\"", "quote-inside", "say = \"Say \\\"it's\\\" now\""),
    ("say = 'We don't know'", "quote-inside", "say = \"We don't know\""),
    ("ask = [\"is \"it\" free\", \"b\"]", "quote-inside", "ask = ['is \"it\" free', \"b\"]"),
    ("say = { en = \"a \"b\" c\", de = \"d\" }", "quote-inside", "say = { en = 'a \"b\" c', de = \"d\" }"),
    ("say = \"Hello", "unclosed-quote", "say = \"Hello\""),
    ("ask = [\"one\", \"two]", "unclosed-quote", "ask = [\"one\", \"two\"]"),
    ("say = \"C:\\new\\docs\"", "backslash", "say = 'C:\\new\\docs'"),
    ("pattern = \"LL-\\d{6}\"", "backslash", "pattern = 'LL-\\d{6}'"),
    ("name: \"A\"", "colon", "name = \"A\""),
    ("name: Acme", "colon", "name = \"Acme\""),
    ("label = { en: \"A\", de: \"B\" }", "colon", "label = { en = \"A\", de: \"B\" }"),
    ("private = yes", "no-quotes", "private = true"),
    ("private = False", "no-quotes", "private = false"),
    ("max_words = 60 words", "no-quotes", "max_words = 60"),
    ("review_by = 24.12.2026", "no-quotes", "review_by = 2026-12-24"),
    ("mon = [09:00-17:30]", "no-quotes", "mon = [\"09:00-17:30\"]"),
    ("first_reply_within = 15m", "no-quotes", "first_reply_within = \"15m\""),
    ("price = 3,50", "no-quotes", "price = \"3,50\""),
    ("needs = [country, order]", "no-quotes", "needs = [\"country\", \"order\"]"),
    ("[answers", "brackets", "[[answers]]"),
    ("[[answers]", "brackets", "[[answers]]"),
    ("[answers]]", "brackets", "[[answers]]"),
    ("[brand", "brackets", "[brand]"),
    ("ask = [\"a\" \"b\"]", "missing-comma", "ask = [\"a\", \"b\"]"),
    ("label = { en = \"a\" de = \"b\" }", "missing-comma", "label = { en = \"a\", de = \"b\" }"),
    ("// a note", "comment", "# a note"),
    ("bot name = \"x\"", "bad-key", "bot_name = \"x\""),
    ("größe = 3", "bad-key", "groesse = 3"),
    ("name == \"x\"", "equals", "name = \"x\""),
    ("name := \"x\"", "equals", "name = \"x\""),
    ("name \"x\"", "equals", "name = \"x\""),
    ("tries = 1;", "trailing-mark", "tries = 1"),
    ("name = \"x\",", "trailing-mark", "name = \"x\""),
    ("name\u{a0}= \"x\"", "hidden-character", "name = \"x\""),
];

#[test]
fn every_slip_is_named_and_the_line_offered_is_right() {
    for (line, code, right) in SLIPS {
        let text = format!("{line}\nlast = 1\n");
        let parsed = read(&text);
        let codes: Vec<&str> = parsed.findings.iter().map(|finding| finding.code).collect();
        assert!(codes.first() == Some(code), "{line}: {codes:?}");
        let offered: Vec<String> = parsed.findings.iter().map(|f| f.help.clone()).collect();
        let first = offered.first().cloned().unwrap_or_default();
        assert!(first.contains(right), "{line}: {offered:?}");
        assert!(codes.iter().all(|other| other == code), "{line}: {codes:?}");
        assert!(parsed.lost.is_empty(), "{line}: {:?}", parsed.lost);
        let known = parsed.table.entries.iter().any(|e| e.key == "last" || format!("{:?}", e.node).contains("last"));
        assert!(known, "{line}: what stands below is still read");
    }
}

#[test]
fn texts_over_several_lines_are_put_into_three_quotes() {
    let parsed = read("say = \"one\ntwo\"\nlast = 1\n");
    assert_eq!(parsed.findings.len(), 1);
    assert_eq!((parsed.findings[0].code, parsed.findings[0].place.bytes.start), ("line-break", 6));
    assert_eq!(parsed.table.text("say"), Some("one\ntwo"));
    assert_eq!(parsed.table.int("last"), Some(1));
}

#[test]
fn lists_and_braces_and_long_texts_that_are_never_closed_end_before_the_next_key() {
    for text in [
        "ask = [\"a\", \"b\"\nlast = 1\n",
        "ask = [\n  \"a\",\n  \"b\",\n\nlast = 1\n",
        "say = { en = \"a\"\nlast = 1\n",
        "say = \"\"\"a\nb\nlast = 1\n",
        "ask = [\"a\"\n[brand]\nlast = 1\n",
    ] {
        let parsed = read(text);
        let codes: Vec<&str> = parsed.findings.iter().map(|finding| finding.code).collect();
        assert!(codes == ["unclosed-list"] || codes == ["unclosed-quote"], "{text}: {codes:?}");
        let last = parsed.table.int("last").or_else(|| parsed.table.table("brand")?.int("last"));
        assert_eq!(last, Some(1), "{text}");
    }
}

#[test]
fn what_stands_twice_is_named_with_both_lines() {
    for (text, code, words) in [
        ("[voice]\na = 1\n\n[voice]\nb = 2\n", "duplicate-section", "[voice] appears on lines 1 and 4."),
        ("a = 1\nb = 2\na = 3\n", "duplicate-key", "`a` is set twice: on lines 1 and 3."),
        ("a = { b = 1, b = 2 }\n", "duplicate-key", "`b` is set twice on this line."),
    ] {
        let parsed = read(text);
        assert_eq!(parsed.findings.len(), 1, "{text}");
        assert_eq!((parsed.findings[0].code, parsed.findings[0].message.as_str()), (code, words));
        assert_eq!(parsed.findings[0].related.len(), 1, "{text}");
    }
}

#[test]
fn blocks_in_single_brackets_are_read_as_the_blocks_they_are() {
    let parsed =
        read("[answers]\nid = \"a\"\n[answers.say]\ntext = \"x\"\n[answers]\nid = \"b\"\n[answers.say]\nen = \"y\"\n");
    let messages: Vec<&str> = parsed.findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "[answers] on lines 1 and 5 needs two brackets, because there can be several.",
            "[answers.say] needs two brackets, because there can be several.",
        ]
    );
    assert_eq!(parsed.table.list("answers").len(), 2);
}

#[test]
fn many_slips_in_one_file_are_all_reported_in_one_run() {
    let text: String = SLIPS
        .iter()
        .filter(|(line, ..)| !line.starts_with('['))
        .take(12)
        .enumerate()
        .map(|(i, (line, ..))| format!("[[answers]]\n{line}\nlast{i} = 1\n"))
        .collect();
    let parsed = read(&text);
    assert_eq!(
        parsed.findings.len(),
        12,
        "{:?}",
        parsed.findings.iter().map(|f| (f.code, &f.message)).collect::<Vec<_>>()
    );
    assert_eq!(parsed.table.list("answers").len(), 12);
}

#[test]
fn a_line_that_nothing_explains_is_left_out_and_the_rest_is_read() {
    let parsed = read("a = 1\n%%%% what ????\nb = 2\n");
    assert_eq!(parsed.findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["syntax"]);
    assert_eq!((parsed.table.int("a"), parsed.table.int("b")), (Some(1), Some(2)));
    assert!(!parsed.lost.is_empty());
}

#[test]
fn what_is_no_voice_file_at_all_ends_soon() {
    for text in [
        "{ \"a\": [1, 2, {\"b\": 3}] }\n".repeat(200),
        "\u{0}\u{1}".repeat(500),
        "[".repeat(5000),
        "a = [".repeat(3000),
        "\"\"\"".into(),
        "a = '".into(),
    ] {
        let parsed = read(&text);
        assert!(!parsed.findings.is_empty());
        assert!(parsed.findings.len() <= MAX_SLIPS + 1);
    }
}
