//! Which of the voice's languages a text is in.
//!
//! Short messages decide by small words ("wo", "the") and by the voice's own examples; longer ones also by letter
//! statistics. Languages that the voice does not speak take part in the vote, so that French is not taken for English.

use std::collections::BTreeMap;

use super::lexicon::all;
use super::text::Text;
use crate::voice::Locale;

/// Letters from which on letter statistics hint at a language of the voice, mean something, and mean much.
const HINT_FROM: usize = 5;
const STATISTICS_FROM: usize = 12;
const STATISTICS_SURE: usize = 40;
/// Letters of a word from which on two languages hardly share it.
const LONG: usize = 7;
/// Words that are looked at.
const WORDS: usize = 80;

/// What tells the voice's languages apart.
#[derive(Debug, Default)]
pub(super) struct Languages {
    locales: Vec<Locale>,
    /// Small words of every lexicon, with the languages they vote for.
    small: BTreeMap<String, Vec<String>>,
    /// Words of the voice's examples, with the only language they occur in.
    known: BTreeMap<String, String>,
}

impl Languages {
    /// Takes the voice's locales and its examples in words, with their locales.
    pub(super) fn new<'e>(locales: &[Locale], examples: impl Iterator<Item = (&'e Locale, Vec<String>)>) -> Self {
        let mut small: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for lexicon in all() {
            for word in lexicon.function_words.iter().chain(&lexicon.telling_words) {
                small.entry(word.clone()).or_default().push(lexicon.language.to_owned());
            }
        }
        let mut seen: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (locale, words) in examples {
            for word in words {
                let language = seen.entry(word).or_insert_with(|| Some(locale.language().to_owned()));
                if language.as_deref() != Some(locale.language()) {
                    *language = None;
                }
            }
        }
        let only = |(word, language): (String, Option<String>)| Some((word, language?));
        Self { locales: locales.to_vec(), small, known: seen.into_iter().filter_map(only).collect() }
    }

    /// The locale of a text; none when it does not show.
    pub(super) fn of(&self, text: &Text<'_>, used: Option<&Locale>) -> Option<Locale> {
        let votes = self.votes(text);
        let (language, best) = votes.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        let second = votes.iter().filter(|(other, _)| *other != language).map(|(_, votes)| *votes).fold(0.0, f32::max);
        if *best < 1.0 || best - second < 0.75 {
            return None;
        }
        let speaks = |locale: &&Locale| locale.language() == language;
        used.filter(|used| self.locales.contains(used) && speaks(used))
            .or_else(|| self.locales.iter().find(speaks))
            .cloned()
    }

    fn votes(&self, text: &Text<'_>) -> BTreeMap<String, f32> {
        let mut votes: BTreeMap<String, f32> = BTreeMap::new();
        let mut vote = |language: &str, weight: f32| {
            if let Some(sum) = votes.get_mut(language) {
                *sum += weight;
            } else {
                votes.insert(language.to_owned(), weight);
            }
        };
        for word in text.words.iter().take(WORDS) {
            for language in self.small.get(&word.text).into_iter().flatten() {
                vote(language, 1.0);
            }
            if let Some(language) = self.known.get(&word.text) {
                vote(language, if word.text.chars().count() >= LONG { 1.0 } else { 0.75 });
            }
            if word.text.contains('ß') || word.text.contains(['ä', 'ö', 'ü']) {
                vote("de", 0.75);
            }
        }
        let letters = text.normalized.chars().filter(|c| c.is_alphabetic()).count();
        let guess = by_letters(&text.normalized);
        let spoken = self.locales.iter().any(|locale| locale.language() == guess);
        let weight = match letters {
            0..HINT_FROM => 0.0,
            HINT_FROM..STATISTICS_FROM if spoken => 0.5,
            HINT_FROM..STATISTICS_FROM => 0.0,
            STATISTICS_FROM..STATISTICS_SURE if spoken => 1.0,
            STATISTICS_FROM..STATISTICS_SURE => 0.75,
            STATISTICS_SURE.. => 2.0,
        };
        vote(guess, weight);
        votes
    }
}

/// The language by letter statistics, as a two-letter code.
fn by_letters(text: &str) -> &'static str {
    use whichlang::Lang;
    match whichlang::detect_language(text) {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}
