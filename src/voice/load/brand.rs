//! `[brand]`, `[voice]`, `[moods]` and `[mood_words]`.

use super::lower::Lower;
use super::notes::{Kind, Owner, UrlAt};
use crate::voice::source::Place;
use crate::voice::tree::Table;
use crate::voice::{
    Brand, BrandId, Droppable, Locale, Mood, MoodId, MoodWhen, MoodWords, Person, Persona, SlotId, ToneId, Trait,
};
use jiff::tz::TimeZone;

/// The tone that always exists, for bad news.
pub(crate) const BAD_NEWS: &str = "bad_news";

/// The names of the four scales of `[voice.tone]`.
pub(crate) const TONE_SCALES: &[&str] =
    &["funny_serious", "formal_casual", "respectful_irreverent", "matter_enthusiastic"];

/// The default locale and every locale, the default one first, as the file says; English stands in for a missing one, which
/// is an error of its own.
pub(super) fn locales(brand: &Table) -> (Locale, Vec<Locale>) {
    let english = || Locale::parse("en");
    let default = brand.text("default_locale").and_then(Locale::parse).or_else(english);
    let listed = brand.list("locales").iter().filter_map(|node| Locale::parse(node.text()?));
    let mut locales: Vec<Locale> = Vec::new();
    for locale in default.iter().cloned().chain(listed) {
        if !locales.contains(&locale) {
            locales.push(locale);
        }
    }
    let first = locales.first().cloned();
    (default.or(first).unwrap_or_else(Locale::english), locales)
}

impl Lower<'_> {
    pub(super) fn brand(&mut self) -> Brand {
        let brand = self.section("brand");
        if let Some((node, url)) = brand.get("privacy_url").and_then(|n| Some((n, n.text()?))) {
            self.notes.urls.push(UrlAt { url: url.to_owned(), place: node.place.clone(), listed: false });
        }
        Brand {
            id: BrandId::new(brand.text("id").unwrap_or_default()),
            name: brand.text("name").unwrap_or_default().trim().to_owned(),
            default_locale: self.default_locale.clone(),
            locales: self.locales.clone(),
            timezone: self.timezone(),
            allowed_link_hosts: Self::strings(brand, "allowed_link_hosts")
                .into_iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
            privacy_url: brand.text("privacy_url").unwrap_or_default().to_owned(),
            disclose_again_after_days: small(brand.int("disclose_again_after_days"), 30),
            region_slot: self.name(brand, "region_slot", Kind::Slot, "brand.region_slot"),
        }
    }

    /// The brand's time zone; UTC stands in for a missing one, which is an error of its own.
    pub(super) fn timezone(&self) -> TimeZone {
        let name = self.section("brand").text("timezone");
        name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
    }

    pub(super) fn persona(&self) -> Persona {
        let voice = self.section("voice");
        let brand_name = self.section("brand").text("name").unwrap_or_default();
        let tone = voice.table("tone");
        let scale = |name: &str| tone.and_then(|t| t.int(name)).and_then(|v| i8::try_from(v).ok()).unwrap_or(0);
        let string = |table: &Table, key: &str| table.text(key).unwrap_or_default().to_owned();
        Persona {
            summary: string(voice, "summary"),
            bot_name: voice.text("bot_name").unwrap_or(brand_name).trim().to_owned(),
            brand_says: match voice.text("brand_says") {
                Some("I") => Person::I,
                Some("it") => Person::It,
                _ => Person::We,
            },
            tone: TONE_SCALES.iter().map(|name| ((*name).to_owned(), scale(name))).collect(),
            traits: voice
                .tables("traits")
                .map(|(_, t)| Trait {
                    is: string(t, "is"),
                    but_not: string(t, "but_not"),
                    right: string(t, "right"),
                    wrong: string(t, "wrong"),
                })
                .collect(),
        }
    }

    /// Moods, the strongest demand first; those of one strength in the order of the file.
    pub(super) fn moods(&mut self) -> Vec<Mood> {
        let mut moods = Vec::new();
        for (entry, table) in self.brand.named("moods") {
            let id = MoodId::new(entry.key.clone());
            let when = match table.table("when") {
                Some(when) if when.flag("joy") == Some(true) => MoodWhen::Joy,
                when => MoodWhen::AngerAtLeast(small(when.and_then(|w| w.int("anger_at_least")), 2)),
            };
            if let Some(node) = table.get("tone")
                && let Some(tone) = node.text()
                && !self.notes.is_defined(Kind::Tone, tone)
            {
                self.notes.define(Kind::Tone, tone, &node.place);
            }
            moods.push(Mood {
                when,
                tone: table.text("tone").map(ToneId::new),
                prefix: self.text(table.get("prefix"), Owner::MoodPrefix(id.clone())),
                drop: Self::strings(table, "drop").iter().filter_map(|d| droppable(d)).collect(),
                offer_human: table.flag("offer_human").unwrap_or(false),
                hand_off: table.flag("hand_off").unwrap_or(false),
                id,
            });
        }
        moods.sort_by_key(|mood| match mood.when {
            MoodWhen::AngerAtLeast(level) => u8::MAX - level,
            MoodWhen::Joy => u8::MAX,
        });
        moods
    }

    /// The tone that always exists.
    pub(super) fn tones(&mut self) {
        let nowhere = Place { source: self.builtin_from, bytes: 0..0 };
        self.notes.define(Kind::Tone, BAD_NEWS, &nowhere);
    }

    /// The regions: choices of the region slot.
    pub(super) fn regions(&mut self, slot: Option<&SlotId>) {
        let Some(slot) = slot.and_then(|slot| self.section("slots").table(slot.as_str())) else { return };
        for (entry, _) in slot.named("choices") {
            self.notes.define(Kind::Region, &entry.key, &entry.key_place);
        }
    }

    pub(super) fn mood_words(&self) -> MoodWords {
        let (ours, builtin) = (self.section("mood_words"), self.builtin_section("mood_words"));
        let words = |key: &str| self.words(&[ours.get(key), builtin.get(key)]);
        MoodWords { strong: words("strong"), mild: words("mild"), joy: words("joy") }
    }
}

fn droppable(word: &str) -> Option<Droppable> {
    match word {
        "follow_ups" => Some(Droppable::FollowUps),
        "small_talk" => Some(Droppable::SmallTalk),
        "reactions" => Some(Droppable::Reactions),
        _ => None,
    }
}

/// A small number, or its default when it is left out or out of range (which was reported).
pub(super) fn small<T: TryFrom<i64>>(written: Option<i64>, default: T) -> T {
    written.and_then(|value| T::try_from(value).ok()).unwrap_or(default)
}
