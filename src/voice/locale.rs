//! Locales (BCP 47 tags) and how one falls back on another.

use std::fmt;

/// A language with an optional region, such as `de` or `en-GB` (the part of BCP 47 that brands use).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Locale(String);

impl Locale {
    /// Reads `de`, `de-DE`, `de_de` and the like; `None` when it is not a language of two or three letters
    /// followed by at most one region of two letters or three digits.
    pub fn parse(tag: &str) -> Option<Self> {
        let mut parts = tag.split(['-', '_']);
        let language = parts.next()?;
        if !(2..=3).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let language = language.to_ascii_lowercase();
        let Some(region) = parts.next() else {
            return Some(Self(language));
        };
        let letters = region.len() == 2 && region.bytes().all(|b| b.is_ascii_alphabetic());
        let digits = region.len() == 3 && region.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some() || !(letters || digits) {
            return None;
        }
        Some(Self(format!("{language}-{}", region.to_ascii_uppercase())))
    }

    /// Plain English, which stands in where a voice names no locale at all.
    pub(super) fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag, such as `de-DE`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone, such as `de`.
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// How well a text in `self` serves somebody who prefers `wanted`: 2 the same tag, 1 the same language, 0 another.
    pub fn serves(&self, wanted: &Locale) -> u8 {
        if self == wanted { 2 } else { u8::from(self.language() == wanted.language()) }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn tags_are_read_in_any_case_and_kept_in_one() {
        for (written, meant) in [("de", "de"), ("DE_de", "de-DE"), ("en-gb", "en-GB"), ("es-419", "es-419")] {
            assert_eq!(Locale::parse(written).map(|l| l.to_string()).as_deref(), Some(meant));
        }
        for wrong in ["", "d", "german", "de-", "de-DEU", "de-DE-x", "12", "de DE"] {
            assert_eq!(Locale::parse(wrong), None, "{wrong}");
        }
    }
}
