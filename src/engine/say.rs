//! Which wording is said: the one that fits best, and never the same twice running to one person.

use std::cmp::Reverse;

use super::draft::Draft;
use super::{Said, Shown};
use crate::voice::{Content, Line, Locale, Mood, ToneId, Values, Variant, Wording};

/// How many things are remembered as said to one person.
const MAX_SHOWN: usize = 512;

/// Words that were chosen.
pub(super) struct Chosen {
    /// The words, filled.
    pub content: Content,
    /// Where they come from.
    pub said: Said,
    /// Whether they strike the tone that the mood asks for.
    pub in_tone: bool,
    /// Whether this person saw exactly this wording the last time.
    pub same_as_last: bool,
}

/// A wording that could be said.
struct Fitting<'w> {
    index: usize,
    variant: &'w Variant,
    content: Content,
    /// Language first: an answer in another language is worse than one in another tone. Then the tone, then how
    /// special its conditions are.
    rank: (u8, bool, u8),
}

impl Draft<'_> {
    /// Chooses a wording of `what` and fills it, with values besides those that are always there. `None` when nothing
    /// fits now.
    pub(super) fn choose(&mut self, what: &str, wording: &Wording, extra: &Values) -> Option<Chosen> {
        let wanted = self.locale();
        let tone = self.mood().and_then(|mood: &Mood| mood.tone.clone());
        let mut fitting = self.fitting(wording, &wanted, tone.as_ref(), extra);
        let best = fitting.iter().map(|f| f.rank).max()?;
        // The best ones; others of the same language and tone only where the one best was the last thing they saw.
        let shown = self.c.person.shown.get(what).cloned().unwrap_or_default();
        let fresh = |f: &Fitting<'_>| shown.times == 0 || fingerprint(f.variant) != shown.last;
        fitting.retain(|f| (f.rank.0, f.rank.1) == (best.0, best.1));
        fitting.sort_by_key(|f| Reverse(f.rank));
        let level = fitting.iter().filter(|f| fresh(f)).map(|f| f.rank).max().unwrap_or(best);
        let same_as_last = !fitting.iter().any(&fresh);
        fitting.retain(|f| f.rank == level && (same_as_last || fresh(f)));
        let turn = mix(self.c.person.id.0.unsigned_abs(), what).wrapping_add(u64::from(shown.times));
        let at = usize::try_from(turn % u64::try_from(fitting.len()).ok()?).ok()?;
        let chosen = fitting.into_iter().nth(at)?;
        let seen = Shown { last: fingerprint(chosen.variant), times: shown.times.saturating_add(1) };
        // Far more than a voice has to say; whichever makes room is only forgotten as said.
        if self.c.person.shown.len() >= MAX_SHOWN && !self.c.person.shown.contains_key(what) {
            self.c.person.shown.pop_first();
        }
        self.c.person.shown.insert(what.to_owned(), seen);
        Some(Chosen {
            in_tone: tone.is_some() && chosen.variant.tone == tone,
            said: Said { what: what.to_owned(), variant: chosen.index, locale: chosen.variant.locale.clone() },
            content: chosen.content,
            same_as_last,
        })
    }

    /// Chooses the wording of a line.
    pub(super) fn choose_line(&mut self, line: Line, extra: &Values) -> Option<Chosen> {
        let voice = self.voice();
        self.choose(&format!("line:{}", line.key()), voice.lines.get(line), extra)
    }

    fn fitting<'w>(
        &self,
        wording: &'w Wording,
        wanted: &Locale,
        tone: Option<&ToneId>,
        extra: &Values,
    ) -> Vec<Fitting<'w>> {
        let mut filled: Vec<(&Locale, Values)> = Vec::new();
        let mut out = Vec::new();
        for (index, variant) in wording.variants.iter().enumerate() {
            let Some(rank) = self.rank(variant, wanted, tone) else { continue };
            if !filled.iter().any(|(locale, _)| *locale == &variant.locale) {
                let mut values = self.values(&variant.locale);
                for (name, value) in extra.iter() {
                    values.set(name, value.clone());
                }
                filled.push((&variant.locale, values));
            }
            let values = filled.iter().find(|(locale, _)| *locale == &variant.locale).map(|(_, values)| values);
            if let Some(content) = values.and_then(|values| variant.text.render(values).ok()) {
                out.push(Fitting { index, variant, content, rank });
            }
        }
        out
    }

    /// How well a wording fits; `None`: not at all.
    fn rank(&self, variant: &Variant, wanted: &Locale, tone: Option<&ToneId>) -> Option<(u8, bool, u8)> {
        let default = &self.voice().brand.default_locale;
        let language = match (variant.locale.serves(wanted), variant.locale.serves(default)) {
            (0, 0) => return None,
            (0, own) => own,
            (wanted, _) => 2 + wanted,
        };
        if variant.tone.is_some() && variant.tone.as_ref() != tone {
            return None;
        }
        let when = &variant.when;
        let day = self.now().to_zoned(self.voice().brand.timezone.clone()).date();
        let fits = when.channel.as_ref().is_none_or(|channel| *channel == self.c.platform)
            && when.hours.is_none_or(|hours| hours == self.hours())
            && (when.regions.is_empty() || self.region().is_some_and(|region| when.regions.contains(region)))
            && when.from.is_none_or(|from| from <= day)
            && when.until.is_none_or(|until| day <= until);
        let special = [
            (when.from.is_some() || when.until.is_some(), 8),
            (when.channel.is_some(), 4),
            (when.hours.is_some(), 2),
            (!when.regions.is_empty(), 1),
        ];
        let special = special.iter().filter(|(is, _)| *is).map(|(_, weight)| weight).sum();
        fits.then_some((language, variant.tone.is_some(), special))
    }
}

/// A number for a wording that stays when wordings are added or moved.
fn fingerprint(variant: &Variant) -> u64 {
    mix(0, variant.text.source())
}

/// FNV-1a, 64 bits (the standard library's hasher may change between versions; the order of wordings must not).
fn mix(seed: u64, text: &str) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
