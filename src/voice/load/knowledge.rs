//! `[facts]`, `[links]`, `[hours]` and `[slots]`.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::brand::small;
use super::lower::Lower;
use super::notes::{Kind, Owner, UrlAt};
use crate::voice::tree::{Entry, Node, Raw, Table};
use crate::voice::{
    Choice, ChoiceId, Fact, FactText, Hours, HoursId, Link, LinkId, Locale, Slot, SlotId, SlotKind, hours, value,
};

/// Most bytes that a compiled slot pattern may take, so that no pattern makes reading slow.
pub(crate) const MAX_PATTERN_BYTES: usize = 64 * 1024;

/// Days of the week as keys of `[hours.x]`, Monday first.
pub(crate) const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Lower<'_> {
    pub(super) fn facts(&mut self) -> BTreeMap<String, Fact> {
        let mut facts = BTreeMap::new();
        for entry in &self.section("facts").entries {
            self.notes.define(Kind::Fact, &entry.key, &entry.key_place);
            if let Some(fact) = self.fact(entry) {
                facts.insert(entry.key.clone(), fact);
            }
        }
        facts
    }

    fn fact(&mut self, entry: &Entry) -> Option<Fact> {
        match &entry.node.value {
            Raw::Flag(flag) => Some(Fact::Flag(*flag)),
            Raw::Table(table) if is_by_region(table) => {
                let by = format!("the fact `{}`", entry.key);
                let mut regions = BTreeMap::new();
                for region in table.entries.iter().filter(|e| e.key != "default") {
                    self.notes.refer(Kind::Region, &region.key, &region.key_place, &by);
                    if let Some(text) = self.fact_text(&region.node) {
                        regions.insert(ChoiceId::new(region.key.clone()), text);
                    }
                }
                let default = table.get("default").and_then(|node| self.fact_text(node))?;
                Some(Fact::ByRegion { regions, default })
            }
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Date(_) | Raw::List(_) | Raw::Table(_) => {
                self.fact_text(&entry.node).map(Fact::Text)
            }
        }
    }

    fn fact_text(&self, node: &Node) -> Option<FactText> {
        match &node.value {
            Raw::Text(text) => Some(FactText::Same(text.trim().to_owned())),
            Raw::Int(_, written) | Raw::Float(_, written) => Some(FactText::Same(written.clone())),
            Raw::Date(_) => {
                let day = node.date()?;
                let words = |locale: &Locale| self.day_in_words(day, locale).unwrap_or_else(|| day.to_string());
                Some(FactText::ByLocale(self.locales.iter().map(|l| (l.clone(), words(l))).collect()))
            }
            Raw::Table(table) => {
                let texts: BTreeMap<Locale, String> = table
                    .entries
                    .iter()
                    .filter_map(|e| {
                        let locale = Locale::parse(&e.key)?;
                        match self.fact_text(&e.node)? {
                            FactText::Same(text) => Some((locale, text)),
                            FactText::ByLocale(mut texts) => texts.remove(&locale).map(|text| (locale, text)),
                        }
                    })
                    .collect();
                (!texts.is_empty()).then_some(FactText::ByLocale(texts))
            }
            Raw::Flag(_) | Raw::List(_) => None,
        }
    }

    pub(super) fn links(&mut self) -> BTreeMap<LinkId, Link> {
        let mut links = BTreeMap::new();
        for (entry, table) in self.brand.named("links") {
            self.notes.define(Kind::Link, &entry.key, &entry.key_place);
            let url = table.get("url");
            for (_, node) in url.map(|node| self.by_locale(node)).unwrap_or_default() {
                if let Some(url) = node.text() {
                    self.notes.urls.push(UrlAt { url: url.to_owned(), place: node.place.clone(), listed: true });
                }
            }
            let label = self.button(table.get("label"), &format!("links.{}.label", entry.key));
            let link = Link { label, url: self.label(url) };
            links.insert(LinkId::new(entry.key.clone()), link);
        }
        links
    }

    pub(super) fn hours(&mut self) -> BTreeMap<HoursId, Hours> {
        let mut all = BTreeMap::new();
        for (entry, table) in self.brand.named("hours") {
            self.notes.define(Kind::Hours, &entry.key, &entry.key_place);
            let week = WEEKDAYS.map(|day| {
                let mut ranges: Vec<hours::Range> =
                    table.list(day).iter().filter_map(|node| value::range(node.text()?)).collect();
                ranges.sort_by_key(|range| range.from);
                ranges
            });
            let mut holidays: Vec<_> = table.list("holidays").iter().filter_map(Node::date).collect();
            holidays.sort_unstable();
            holidays.dedup();
            let own_zone = table.text("timezone").and_then(|name| TimeZone::get(name).ok());
            let timezone = own_zone.unwrap_or_else(|| self.timezone());
            all.insert(HoursId::new(entry.key.clone()), Hours { week, holidays, timezone });
        }
        all
    }

    pub(super) fn slots(&mut self) -> BTreeMap<SlotId, Slot> {
        let mut slots = BTreeMap::new();
        for (entry, table) in self.brand.named("slots") {
            self.notes.define(Kind::Slot, &entry.key, &entry.key_place);
            let id = SlotId::new(entry.key.clone());
            let slot = Slot {
                ask: self.text(table.get("ask"), Owner::SlotAsk(id.clone())),
                retry: self.text(table.get("retry"), Owner::SlotRetry(id.clone())),
                kind: self.slot_kind(&entry.key, table),
                tries: small(table.int("tries"), 2),
                private: table.flag("private").unwrap_or(false),
                remember_days: small(table.int("remember_days"), 0),
                title: table.text("title").unwrap_or(&entry.key).trim().to_owned(),
                id: id.clone(),
            };
            slots.insert(id, slot);
        }
        slots
    }

    fn slot_kind(&mut self, slot: &str, table: &Table) -> SlotKind {
        match table.text("kind") {
            Some("choice") => SlotKind::Choice(
                table
                    .named("choices")
                    .map(|(entry, choice)| Choice {
                        id: ChoiceId::new(entry.key.clone()),
                        label: self.button(choice.get("label"), &format!("{}.{}", slot, entry.key)),
                        words: self.words(&[choice.get("words")]),
                    })
                    .collect(),
            ),
            Some("yes_no") => SlotKind::YesNo,
            Some("pattern") => {
                table.text("pattern").and_then(|p| pattern(p).ok()).map_or(SlotKind::Text, SlotKind::Pattern)
            }
            _ => SlotKind::Text,
        }
    }
}

/// Whether a fact's table is by region: it has a `default`, or a key that is no locale of small letters.
pub(crate) fn is_by_region(table: &Table) -> bool {
    table.entries.iter().any(|entry| {
        entry.key == "default"
            || Locale::parse(&entry.key).is_none()
            || entry.key.starts_with(|c: char| c.is_ascii_uppercase())
    })
}

/// Compiles a slot's pattern: whole match, whatever the case, in time linear in the text.
///
/// # Errors
/// The engine's words, when the pattern is malformed or larger than [`MAX_PATTERN_BYTES`].
pub(crate) fn pattern(written: &str) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(&format!("^(?:{written})$"))
        .case_insensitive(true)
        .size_limit(MAX_PATTERN_BYTES)
        .dfa_size_limit(1 << 20)
        .build()
}
