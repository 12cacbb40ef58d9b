//! What the blanks of a wording are filled with.

use jiff::civil::Time;
use jiff::{SignedDuration, Zoned};

use super::draft::Draft;
use crate::understanding::SlotValue;
use crate::voice::hours::weekday_index;
use crate::voice::{
    Calendar, ChoiceId, Content, Fact, FactText, Line, Locale, OpenOrClosed, SlotId, SlotKind, Template, Value, Values,
    Voice, localized,
};

impl Draft<'_> {
    /// Everything that is known now, for a wording in a language.
    pub(super) fn values(&self, locale: &Locale) -> Values {
        let mut values = of_brand(self.voice(), locale, self.region());
        values.set("open", Value::Flag(self.hours() == OpenOrClosed::Open));
        if let Some(name) = first_name(&self.c.person.name) {
            values.set("first_name", Value::Told(name));
        }
        for id in self.voice().slots.keys() {
            if let Some(value) = self.known(id) {
                values.set(id.as_str(), self.slot_value(id, value, locale));
            }
        }
        values
    }

    /// A slot's value as a customer reads it.
    pub(super) fn slot_value(&self, id: &SlotId, value: &SlotValue, locale: &Locale) -> Value {
        let words = match value {
            SlotValue::Text(text) => return Value::Told(text.clone()),
            SlotValue::Flag(flag) => return Value::Flag(*flag),
            SlotValue::Choice(choice) => self
                .slot(id)
                .and_then(|slot| match &slot.kind {
                    SlotKind::Choice(choices) => choices.iter().find(|c| c.id == *choice),
                    SlotKind::Pattern(_) | SlotKind::YesNo | SlotKind::Text => None,
                })
                .and_then(|choice| localized(&choice.label, locale, &self.voice().brand.default_locale))
                .cloned()
                .unwrap_or_else(|| choice.as_str().to_owned()),
        };
        Value::Text(words)
    }

    /// Adds what a line about the queue may say.
    pub(super) fn add_queue_values(&self, values: &mut Values, locale: &Locale) {
        values.text("queue_position", (self.scene.queue_ahead.saturating_add(1)).to_string());
        let Some(calendar) = localized(&self.voice().calendar, locale, &self.voice().brand.default_locale) else {
            return;
        };
        if let Some(wait) = self.scene.usual_wait.and_then(|wait| wait_phrase(calendar, wait)) {
            values.text("wait", wait);
        }
        let closed = self.hours() == OpenOrClosed::Closed;
        let next = self.voice().team_hours().filter(|_| closed).and_then(|hours| hours.next_open(self.now()));
        if let Some(next) = next.and_then(|next| time_phrase(calendar, &next, self.now())) {
            values.text("next_open", next);
        }
    }

    /// The words of a line alone, without blanks that are not always known: for labels of choices.
    pub(super) fn label(&self, line: Line) -> String {
        let locale = self.locale();
        let values = self.values(&locale);
        let wording = self.voice().lines.get(line);
        let fits = |wanted: &Locale| {
            let in_language = wording.variants.iter().filter(|v| v.locale.language() == wanted.language());
            in_language.filter_map(|v| v.text.render(&values).ok()).map(|content| content.to_plain()).next()
        };
        fits(&locale).or_else(|| fits(&self.voice().brand.default_locale)).unwrap_or_else(|| line.key().to_owned())
    }
}

/// What a brand knows, whoever it speaks to: its names, facts and links.
pub(super) fn of_brand(voice: &Voice, locale: &Locale, region: Option<&ChoiceId>) -> Values {
    let default = &voice.brand.default_locale;
    let mut values = Values::new();
    values.text("brand_name", &voice.brand.name).text("bot_name", &voice.persona.bot_name);
    values.text("privacy_url", &voice.brand.privacy_url);
    for (name, fact) in &voice.facts {
        values.set(name, fact_value(fact, region, locale, default));
    }
    for (id, link) in &voice.links {
        if let (Some(label), Some(url)) =
            (localized(&link.label, locale, default), localized(&link.url, locale, default))
        {
            values.set(format!("link.{id}"), Value::Link { label: label.clone(), url: url.clone() });
        }
    }
    values
}

fn fact_value(fact: &Fact, region: Option<&ChoiceId>, locale: &Locale, default: &Locale) -> Value {
    let words = |text: &FactText| match text {
        FactText::Same(text) => text.clone(),
        FactText::ByLocale(texts) => localized(texts, locale, default).cloned().unwrap_or_default(),
    };
    match fact {
        Fact::Flag(flag) => Value::Flag(*flag),
        Fact::Text(text) => Value::Text(words(text)),
        Fact::ByRegion { regions, default } => {
            Value::Text(words(region.and_then(|region| regions.get(region)).unwrap_or(default)))
        }
    }
}

/// A name to address somebody by: the first word of the name they show, if it looks like one.
fn first_name(shown: &str) -> Option<String> {
    let word = shown.split_whitespace().next()?;
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let plain = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
    (plain && (2..=20).contains(&letters)).then(|| word.to_owned())
}

/// "tomorrow at 09:00", in the words of a calendar.
fn time_phrase(calendar: &Calendar, then: &Zoned, now: jiff::Timestamp) -> Option<String> {
    let today = now.to_zoned(then.time_zone().clone()).date();
    let days = today.until(then.date()).ok()?.get_days();
    let form = match days {
        0 => &calendar.today,
        1 => &calendar.tomorrow,
        2..=6 => &calendar.on_weekday,
        _ => &calendar.on_date,
    };
    let mut values = Values::new();
    values.text("time", clock24(then.time())).text("time12", clock12(then.time()));
    values.text("weekday", calendar.weekdays.get(weekday_index(then.weekday()))?);
    values.text("day", then.day().to_string());
    values.text("month", calendar.months.get(usize::from(then.month().unsigned_abs()).checked_sub(1)?)?);
    plain(form, &values)
}

fn clock24(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn clock12(time: Time) -> String {
    let half = if time.hour() < 12 { "am" } else { "pm" };
    let hour = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    if time.minute() == 0 { format!("{hour} {half}") } else { format!("{hour}:{:02} {half}", time.minute()) }
}

/// "10 minutes" or "2 hours", rounded up: minutes to fives up to an hour and a half, hours beyond.
fn wait_phrase(calendar: &Calendar, wait: SignedDuration) -> Option<String> {
    let minutes = u64::try_from(wait.as_secs()).ok()?.div_ceil(60);
    let mut values = Values::new();
    if minutes <= 90 {
        values.text("minutes", (minutes.max(1).div_ceil(5) * 5).to_string());
        plain(&calendar.minutes, &values)
    } else {
        values.text("hours", minutes.div_ceil(60).to_string());
        plain(&calendar.hours, &values)
    }
}

fn plain(form: &Template, values: &Values) -> Option<String> {
    form.render(values).ok().map(|content: Content| content.to_plain())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_name_is_used_as_one() {
        for (shown, name) in [
            ("Ana Lopez", Some("Ana")),
            ("Jean-Luc", Some("Jean-Luc")),
            ("D’Arcy", Some("D’Arcy")),
            ("xX_Dragon_Xx", None),
            ("@everyone", None),
            ("<b>Bob</b>", None),
            ("{{secret}}", None),
            ("", None),
            ("J", None),
        ] {
            assert_eq!(first_name(shown).as_deref(), name, "{shown}");
        }
    }

    #[test]
    fn twelve_hour_clock() {
        let at = |h, m| clock12(jiff::civil::time(h, m, 0, 0));
        assert_eq!([at(0, 0), at(9, 30), at(12, 0), at(17, 5)], ["12 am", "9:30 am", "12 pm", "5:05 pm"]);
    }
}
