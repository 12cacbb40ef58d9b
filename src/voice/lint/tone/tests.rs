use super::*;
use crate::voice::rules::{WordKind, WordRule, finder};

fn rules() -> Rules {
    let rule = |kind: WordKind, words: &[&str], level| WordRule {
        kind,
        level,
        why: String::new(),
        finds: finder(words.iter().copied()).unwrap(),
        number: 0,
    };
    Rules {
        max_sentence_words: 8,
        max_words: 12,
        max_exclamation_marks: 1,
        exclamation_in_bad_news: false,
        emoji_allow: vec!["🪔".into(), "❤️".into()],
        emoji_max: 1,
        words: vec![
            rule(WordKind::Term { instead: "lamp shade".into() }, &["lampshade", "shade"], Level::Warning),
            rule(WordKind::Name { write: "GlowLoop".into() }, &["GlowLoop"], Level::Error),
            rule(WordKind::Banned { instead: String::new() }, &["guaranteed"], Level::Error),
        ],
        exceptions: Vec::new(),
    }
}

fn codes(text: &str, bad_news: bool) -> Vec<(&'static str, String)> {
    let faults = check_wording(text, &rules(), bad_news);
    faults.into_iter().map(|fault| (fault.code, text[fault.at].to_owned())).collect()
}

#[test]
fn each_rule_points_to_the_words_that_break_it() {
    for (text, code, words) in [
        ("Your Lampshade is here.", "term", "Lampshade"),
        ("The glowloop glows.", "name-spelling", "glowloop"),
        ("Guaranteed to last.", "banned-word", "Guaranteed"),
        ("Hi! There!", "exclamation", "!"),
        ("Hi 👋", "emoji", "👋"),
        ("One 🪔 two 🪔", "emoji", "🪔"),
        ("We sell sell lamps.", "doubled-word", "sell sell"),
        (
            "One two three four five six seven eight nine. Ten.",
            "long-sentence",
            "One two three four five six seven eight nine.",
        ),
    ] {
        assert_eq!(codes(text, false), [(code, words.to_owned())], "{text}");
    }
    assert_eq!(codes("a b c d e f.\nb c d e f g h i.", false)[0].0, "too-long");
}

#[test]
fn what_is_fine_is_left_alone() {
    for text in [
        "A lamp shade for your GlowLoop! 🪔",
        "Red ❤ lamp.",
        "I know that that helps.",
        "{{#if a}}Hi! {{else}}Ho! {{/if}}Yes.",
        "{{#if a}}one two three four five six{{else}}one two three four five six{{/if}} end.",
        "{{guaranteed}} {{guaranteed}}",
    ] {
        assert_eq!(codes(text, false), [], "{text}");
    }
}

#[test]
fn bad_news_has_no_exclamation_mark() {
    assert_eq!(codes("It is lost!", false), []);
    assert_eq!(codes("It is lost!", true), [("exclamation", "!".to_owned())]);
}

#[test]
fn a_word_in_any_branch_counts() {
    let text = "{{#if a}}{{#if b}}x{{else}}guaranteed{{/if}}{{/if}}";
    assert_eq!(codes(text, false), [("banned-word", "guaranteed".to_owned())]);
}
