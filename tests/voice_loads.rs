//! A voice file means what it says: every field of the format reaches the voice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use housevoice::voice::load::{Loaded, load};
use housevoice::voice::source::Source;
use housevoice::voice::*;
use jiff::SignedDuration;

const EVERY_FIELD: &str = include_str!("data/fine/every-field.toml");

fn read(text: &str) -> Loaded {
    load(&[Source { name: "voice.toml".into(), text: text.into() }])
}

fn voice() -> Voice {
    let loaded = read(EVERY_FIELD);
    assert_eq!(loaded.findings, []);
    loaded.voice.unwrap()
}

fn said(wording: &Wording, locale: &str) -> Vec<String> {
    let locale = Locale::parse(locale).unwrap();
    wording.variants.iter().filter(|v| v.locale == locale).map(|v| v.text.source().to_owned()).collect()
}

#[test]
fn who_speaks_and_how() {
    let voice = voice();
    assert_eq!(voice.brand.id.as_str(), "fen-and-furrow");
    assert_eq!(voice.brand.locales.iter().map(Locale::as_str).collect::<Vec<_>>(), ["en-GB", "de-DE"]);
    assert_eq!(voice.brand.timezone.iana_name(), Some("Europe/London"));
    assert_eq!(voice.brand.disclose_again_after_days, 60);
    assert_eq!(voice.brand.region_slot.as_ref().unwrap().as_str(), "country");
    assert_eq!(voice.persona.bot_name, "Furrow");
    assert_eq!(voice.persona.tone[2], ("respectful_irreverent".to_owned(), -2));
    assert_eq!(voice.persona.traits[0].but_not, "sleepy");
}

#[test]
fn moods_stand_with_the_strongest_demand_first() {
    let voice = voice();
    let ids: Vec<_> = voice.moods.iter().map(|mood| mood.id.as_str()).collect();
    assert_eq!(ids, ["furious", "upset", "cheerful"]);
    assert_eq!(voice.moods[1].drop, [Droppable::FollowUps, Droppable::SmallTalk, Droppable::Reactions]);
    assert_eq!(said(&voice.moods[1].prefix, "de-DE"), ["Das tut mir leid."]);
    assert!(voice.mood_words.strong.iter().any(|w| w == "mist"), "the brand's own words");
    assert!(voice.mood_words.strong.iter().any(|w| w == "betrug"), "and those of the default voice");
}

#[test]
fn facts_links_hours_and_slots() {
    let voice = voice();
    assert_eq!(voice.facts["return_days"], Fact::Text(FactText::Same("30".into())));
    assert_eq!(voice.facts["postage"], Fact::Text(FactText::Same("3.50".into())), "as it was written");
    assert_eq!(voice.facts["ships_abroad"], Fact::Flag(true));
    let Fact::Text(FactText::ByLocale(season)) = &voice.facts["season_ends"] else { panic!("in words") };
    assert_eq!(season[&Locale::parse("de-DE").unwrap()], "31. Oktober 2026");
    assert_eq!(season[&Locale::parse("en-GB").unwrap()], "Oct 31, 2026", "in the brand's own form");
    let Fact::ByRegion { regions, default: FactText::ByLocale(default) } = &voice.facts["delivery_days"] else {
        panic!("by region, with a default by locale")
    };
    assert_eq!(regions["GB"], FactText::Same("2 to 3".into()));
    assert_eq!(default[&Locale::parse("de-DE").unwrap()], "7 bis 10");
    assert_eq!(voice.links["returns"].url.len(), 2);
    assert_eq!(voice.hours["team"].week[0].len(), 2);
    assert_eq!(voice.hours["team"].timezone.iana_name(), Some("Europe/Berlin"));
    let SlotKind::Choice(choices) = &voice.slots["country"].kind else { panic!("a choice") };
    assert_eq!(choices.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["GB", "DE"], "in the order of the file");
    assert_eq!(choices[1].words, ["german", "brd"]);
    let SlotKind::Pattern(pattern) = &voice.slots["order_number"].kind else { panic!("a pattern") };
    assert!(pattern.is_match("ff-123456"), "whatever the case");
    assert!(!pattern.is_match("x FF-123456"), "whole");
    assert!(voice.slots["order_number"].private);
    assert!(matches!(voice.slots["opened"].kind, SlotKind::YesNo));
    assert!(matches!(voice.slots["trouble"].kind, SlotKind::Text));
}

#[test]
fn answers_with_all_their_wordings() {
    let voice = voice();
    let delivery = voice.answer(&"delivery.time".into()).unwrap();
    assert_eq!(delivery.ask.len(), 4);
    assert_eq!(delivery.ask[3].locale.as_ref().unwrap().as_str(), "de-DE");
    assert_eq!(delivery.say.variants.len(), 5);
    let christmas = &delivery.say.variants[4].when;
    assert_eq!(christmas.channel.as_ref().unwrap().as_str(), "telegram");
    assert_eq!(christmas.hours, Some(OpenOrClosed::Open));
    assert_eq!(christmas.until.unwrap().to_string(), "2026-12-24");
    let returns = voice.answer(&"returns.window".into()).unwrap();
    assert!(returns.sensitive);
    assert_eq!(returns.only_in.as_ref().unwrap().elsewhere, Elsewhere::Handoff);
    assert_eq!(returns.label.values().next().unwrap(), "Rückgabe");
    let (loaded, _) = (read(&EVERY_FIELD.replace("label = { en-GB = \"Returns\", de-DE = \"Rückgabe\" }\n", "")), ());
    let voice_without = loaded.voice.unwrap();
    let label = &voice_without.answer(&"returns.window".into()).unwrap().label;
    assert_eq!(label.values().next().unwrap(), "Returns", "the title where there is no label");
    let problem = voice.answer(&"order.problem".into()).unwrap();
    assert_eq!(problem.then_handoff.as_ref().unwrap().as_str(), "orders");
    assert_eq!(voice.clarify[0].options.len(), 2);
}

#[test]
fn handoff_and_silence() {
    let voice = voice();
    assert_eq!(voice.fallback.misses, 3);
    assert_eq!(voice.fallback.then, FallbackThen::Handoff);
    assert_eq!(voice.handoff.give_up_after, SignedDuration::from_hours(7 * 24));
    assert_eq!(voice.silence.speak_when, [SpeakWhen::Dm, SpeakWhen::Mentioned]);
    assert_eq!(voice.silence.wait_for_more, SignedDuration::from_secs(2));
    assert_eq!(voice.silence.ignore, [Ignore::Forwarded]);
    assert!(voice.silence.opt_out_words.iter().any(|w| w == "hush"));
    assert!(voice.silence.opt_out_words.iter().any(|w| w == "stop bot"));
    assert!(voice.handoff.words_for_human.iter().any(|w| w == "gardener"));
}

#[test]
fn the_safety_rule_is_always_first_and_only_grows() {
    let voice = voice();
    let safety = &voice.handoff.rules[0];
    assert_eq!((safety.id.as_str(), safety.priority, safety.mute_brand_tone), ("safety", Priority::Urgent, true));
    for word in ["hurting myself", "kill myself", "suizid"] {
        assert!(safety.words.iter().any(|w| w == word), "{word}");
    }
    assert_eq!(said(&safety.say, "en-GB").len(), 1);
    assert_eq!(said(&safety.say, "de-DE").len(), 1);
    assert_eq!(voice.handoff.rules.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["safety", "legal", "press"]);
}

#[test]
fn every_line_is_worded_in_every_locale_the_default_voice_speaks() {
    let voice = voice();
    for line in Line::ALL {
        for locale in ["en-GB", "de-DE"] {
            assert!(!said(voice.lines.get(*line), locale).is_empty(), "{} in {locale}", line.key());
        }
    }
    assert_eq!(said(voice.lines.get(Line::Offer), "en-GB"), ["Shall I fetch a gardener?"], "the brand's own words");
    let german = voice.lines.get(Line::Offer).variants.iter().find(|v| v.locale.as_str() == "de-DE").unwrap();
    assert!(german.text.source().contains("Menschen"), "a German customer still reads German");
}

#[test]
fn a_brands_small_talk_stands_before_that_of_the_default_voice() {
    let voice = voice();
    let talk = |id: &str| voice.small_talk.iter().find(|t| t.id.as_str() == id).unwrap();
    assert_eq!(said(&talk("greeting").say, "en-GB")[1], "Hello. What are you growing?");
    assert!(talk("greeting").ask.iter().any(|e| e.text == "guten tag"), "examples are joined");
    assert!(talk("thanks").say.is_empty(), "only the reaction that the brand chose");
    assert_eq!(said(&talk("bye").say, "en-GB"), ["Goodbye."]);
}

#[test]
fn several_files_make_one_voice() {
    let (first, second) = EVERY_FIELD.split_at(EVERY_FIELD.find("[[clarify]]").unwrap());
    let sources = [("a.toml", first), ("b.toml", second)].map(|(n, t)| Source { name: n.into(), text: t.into() });
    let loaded = load(&sources);
    assert_eq!(loaded.findings, []);
    assert_eq!(loaded.voice.unwrap().clarify.len(), 1);
}
