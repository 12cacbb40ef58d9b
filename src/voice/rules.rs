//! How a brand's sentences may sound, as far as a machine can tell: `[rules]`.

use jiff::civil::Date;

use super::Level;

/// The rules, ready to be applied to a text.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Words that a sentence may have.
    pub max_sentence_words: usize,
    /// Words that a wording may have.
    pub max_words: usize,
    /// Exclamation marks that a wording may have.
    pub max_exclamation_marks: usize,
    /// Whether bad news may have them.
    pub exclamation_in_bad_news: bool,
    /// Emoji that may be used.
    pub emoji_allow: Vec<String>,
    /// How many emoji a wording may have.
    pub emoji_max: usize,
    /// Words that are looked for.
    pub words: Vec<WordRule>,
    /// Where a rule does not count.
    pub exceptions: Vec<Exception>,
}

/// Words that are not to stand in a text as they do.
#[derive(Clone, Debug)]
pub struct WordRule {
    /// What kind of rule, and what should stand there.
    pub kind: WordKind,
    /// How bad it is.
    pub level: Level,
    /// Why, as the author put it; may be empty.
    pub why: String,
    /// Finds the words: whole, whatever the case.
    pub finds: regex::Regex,
    /// Which of the rules of its kind it is, counted from 0.
    pub number: usize,
}

/// The kinds of rules about words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// `[[rules.terms]]`: another word is used.
    Term {
        /// That word.
        instead: String,
    },
    /// `[[rules.names]]`: capital letters are exact.
    Name {
        /// The name as it is spelt.
        write: String,
    },
    /// `[[rules.banned]]`: the word is not used.
    Banned {
        /// What to write instead, in words; may be empty.
        instead: String,
    },
}

/// A place where a rule does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The id of an answer, the key of a line, or a path.
    pub place: String,
    /// The rule's code.
    pub rule: String,
    /// Only for these words; none: for all.
    pub words: Option<String>,
    /// The reason.
    pub why: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
}

impl Rules {
    /// Whether an exception accepts this at a place, on a day (none: whatever the day); says which one.
    pub fn excepted(&self, place: &str, rule: &str, words: Option<&str>, today: Option<Date>) -> Option<usize> {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        self.exceptions.iter().position(|exception| {
            exception.place == place
                && exception.rule == rule
                && exception.words.as_deref().is_none_or(|only| words.is_some_and(|words| same(only, words)))
                && exception.until.zip(today).is_none_or(|(until, today)| today <= until)
        })
    }
}

impl WordKind {
    /// The code of what is found.
    pub fn code(&self) -> &'static str {
        match self {
            WordKind::Term { .. } => "term",
            WordKind::Name { .. } => "name-spelling",
            WordKind::Banned { .. } => "banned-word",
        }
    }
}

/// A pattern that finds any of some words or phrases, whole, whatever the case, whatever the apostrophe; none when there is no
/// word among them.
pub(crate) fn finder<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<regex::Regex> {
    // The longest first, so that of two phrases that begin alike the whole one is found.
    let mut words: Vec<&str> = words.into_iter().map(str::trim).filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let patterns: Vec<String> = words.into_iter().map(pattern).collect();
    if patterns.is_empty() {
        return None;
    }
    regex::RegexBuilder::new(&patterns.join("|")).case_insensitive(true).build().ok()
}

fn pattern(word: &str) -> String {
    let joined = word.split_whitespace().map(regex::escape).collect::<Vec<_>>().join(r"\s+");
    let joined = joined.replace(['\'', '’'], "['’]");
    let edge = |c: Option<char>| if c.is_some_and(|c| c.is_alphanumeric() || c == '_') { r"\b" } else { "" };
    format!("{}{joined}{}", edge(word.chars().next()), edge(word.chars().last()))
}

#[cfg(test)]
mod tests {
    use super::finder;

    #[test]
    fn words_are_found_whole_whatever_the_case_and_spacing() {
        let finds = finder(["as per", "100% safe", "don't", "über", "C++"]).unwrap();
        for text in ["As  per your mail", "It is 100% SAFE.", "we don’t", "ÜBER alles", "in c++."] {
            assert!(finds.is_match(text), "{text}");
        }
        for text in ["as permitted", "a 100% safer way", "überall", "gas per litre"] {
            assert!(!finds.is_match(text), "{text}");
        }
        assert!(finder([" ", ""]).is_none());
    }
}
