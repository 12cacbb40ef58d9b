//! Did you mean …?

/// The candidate that is spelt most nearly like a word, when it is near enough to be a slip: a letter or two, more in longer
/// words, whatever the case; or when one is the other with something put before or behind.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' ', '.'], "_");
    let word = plain(word);
    if word.chars().count() > 80 {
        return None;
    }
    let allowed = match word.chars().count() {
        0 => return None,
        1..=3 => 1,
        4..=6 => 2,
        7..=12 => 3,
        _ => 4,
    };
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let plain = plain(candidate);
            let distance = strsim::damerau_levenshtein(&word, &plain);
            let whole = plain.chars().count().max(word.chars().count());
            let near = distance <= allowed && distance * 2 <= whole;
            let longer = plain.len().min(word.len()) >= 4
                && (plain.starts_with(&word)
                    || plain.ends_with(&word)
                    || word.starts_with(&plain)
                    || word.ends_with(&plain));
            (near || longer).then_some((if near { distance } else { allowed + 1 }, candidate))
        })
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let keys = ["max_exclamation_marks", "max_words", "title", "ask", "say", "id", "Europe/London"];
        for (word, meant) in [
            ("max_exclamation", Some("max_exclamation_marks")),
            ("titel", Some("title")),
            ("Max-Words", Some("max_words")),
            ("asks", Some("ask")),
            ("London", Some("Europe/London")),
            ("colour", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, keys), meant, "{word}");
        }
    }
}
