//! `[small_talk]`, `[fallback]`, `[lines]` and `[calendar]`.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::brand::small;
use super::lower::{Lower, Written};
use super::notes::Owner;
use crate::voice::lines::{Line, Lines};
use crate::voice::tree::{Entry, Node, Table};
use crate::voice::{Calendar, Fallback, FallbackThen, Locale, SmallTalk, SmallTalkId, Template, When};

/// The forms of times in `[calendar.x]`, each with the variables that it knows.
pub(crate) const CALENDAR_FORMS: &[(&str, &[&str])] = &[
    ("today", &["time", "time12"]),
    ("tomorrow", &["time", "time12"]),
    ("on_weekday", &["weekday", "time", "time12"]),
    ("on_date", &["weekday", "day", "month", "time", "time12"]),
    ("minutes", &["minutes"]),
    ("hours", &["hours"]),
];

/// The form of a date that is a fact, and the variables that it knows.
pub(crate) const DATE_FORM: (&str, &[&str]) = ("date", &["day", "month", "year"]);

impl Lower<'_> {
    /// The brand's small talk, and that of the default voice which the brand says nothing about. Examples are joined.
    pub(super) fn small_talk(&mut self) -> Vec<SmallTalk> {
        let mut all = Vec::new();
        let builtin = self.builtin_section("small_talk");
        for (entry, table) in self.brand.named("small_talk") {
            let id = SmallTalkId::new(entry.key.clone());
            let theirs = builtin.table(&entry.key);
            let mut ask: Vec<_> = self.examples(table.get("ask")).into_iter().map(|(e, _)| e).collect();
            ask.extend(self.examples(theirs.and_then(|t| t.get("ask"))).into_iter().map(|(e, _)| e));
            let builtin_say = table.get("say").and_then(|_| theirs?.get("say"));
            let say = self.text_or_builtin(table.get("say"), builtin_say, Owner::SmallTalk(id.clone()));
            all.push(SmallTalk { ask, say, react: table.text("react").map(str::to_owned), id });
        }
        for (entry, table) in self.builtin.named("small_talk") {
            let id = SmallTalkId::new(entry.key.clone());
            if all.iter().any(|talk| talk.id == id) {
                continue;
            }
            let ask = self.examples(table.get("ask")).into_iter().map(|(e, _)| e).collect();
            let say = self.text_or_builtin(None, table.get("say"), Owner::SmallTalk(id.clone()));
            all.push(SmallTalk { ask, say, react: table.text("react").map(str::to_owned), id });
        }
        all
    }

    pub(super) fn fallback(&self) -> Fallback {
        let fallback = self.section("fallback");
        Fallback {
            misses: small(fallback.int("misses"), 2),
            then: match fallback.text("then") {
                Some("handoff") => FallbackThen::Handoff,
                _ => FallbackThen::Offer,
            },
            offer_closest: small(fallback.int("offer_closest"), 3),
        }
    }

    pub(super) fn lines(&mut self) -> Lines {
        let (ours, builtin) = (self.section("lines"), self.builtin_section("lines"));
        // The last miss either asks whether a person should come or brings one: the default voice has a sentence for each.
        let brings_one = self.fallback().then == FallbackThen::Handoff;
        let before_handoff = brings_one.then(|| self.builtin_section("lines_before_handoff"));
        let mut lines = Lines::default();
        for line in Line::ALL {
            let builtin = before_handoff.and_then(|t| t.get(line.key())).or_else(|| builtin.get(line.key()));
            let wording = self.text_or_builtin(ours.get(line.key()), builtin, Owner::Line(*line));
            lines.set(*line, wording);
        }
        lines
    }

    pub(super) fn calendar(&mut self) -> BTreeMap<Locale, Calendar> {
        let mut all = BTreeMap::new();
        for (entry, table) in self.builtin.named("calendar").chain(self.brand.named("calendar")) {
            if let Some(locale) = Locale::parse(&entry.key)
                && let Some(calendar) = self.calendar_of(&locale, entry, table)
            {
                all.insert(locale, calendar);
            }
        }
        all
    }

    fn calendar_of(&mut self, locale: &Locale, entry: &Entry, table: &Table) -> Option<Calendar> {
        let names = |key: &str| -> Vec<String> {
            table.list(key).iter().filter_map(Node::text).map(|name| name.trim().to_owned()).collect()
        };
        let mut forms = Vec::new();
        for (form, _) in CALENDAR_FORMS {
            forms.push(self.form(locale, form, entry, table.get(form)));
        }
        if let Some(node) = table.get(DATE_FORM.0) {
            self.form(locale, DATE_FORM.0, entry, Some(node));
        }
        let forms: Vec<Template> = forms.into_iter().collect::<Option<_>>()?;
        let [today, tomorrow, on_weekday, on_date, minutes, hours] = forms.try_into().ok()?;
        Some(Calendar {
            weekdays: names("weekdays").try_into().ok()?,
            months: names("months").try_into().ok()?,
            today,
            tomorrow,
            on_weekday,
            on_date,
            minutes,
            hours,
        })
    }

    /// A day in the words of a language; none when no calendar of that language has a form for it.
    pub(super) fn day_in_words(&self, day: Date, locale: &Locale) -> Option<String> {
        let calendars = self.brand.named("calendar").chain(self.builtin.named("calendar"));
        let of_language = |entry: &Entry| Locale::parse(&entry.key).is_some_and(|l| l.serves(locale) > 0);
        let (_, table) =
            calendars.into_iter().find(|(entry, table)| of_language(entry) && table.get(DATE_FORM.0).is_some())?;
        let number = usize::from(day.month().unsigned_abs()).checked_sub(1)?;
        let month = table.list("months").get(number)?.text()?;
        let form = table.text(DATE_FORM.0)?;
        let words = form.replace("{{day}}", &day.day().to_string()).replace("{{month}}", month);
        Some(words.replace("{{year}}", &day.year().to_string()))
    }

    fn form(&mut self, locale: &Locale, form: &'static str, entry: &Entry, node: Option<&Node>) -> Option<Template> {
        let node = node?;
        let owner = Owner::Calendar(locale.clone(), form);
        let written = Written { node, locale: locale.clone(), tone: None, when: When::default() };
        self.variants(owner, entry.key_place.clone(), vec![written]).variants.into_iter().next().map(|v| v.text)
    }
}
