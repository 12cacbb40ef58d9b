//! Answers to `/why`, `/case` and `/voice`, in lines.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::adapters::console::clean_line;
use crate::adapters::staff::case_line;
use crate::engine::{Conversation, Decision, Owner, Phase, Said};
use crate::store::{Decided, Line, Note};
use crate::understanding::{Reading, SlotValue};
use crate::voice::{AnswerId, Voice};

/// How the last step was decided; with the last line that the bot said.
pub(super) fn why(decided: &Decided, last_said: Option<&Line>, zone: &TimeZone) -> Vec<String> {
    let why = &decided.why;
    let mut lines = vec![row("when", &time(decided.at, zone))];
    if let Some(reading) = &why.reading {
        lines.extend(reading_rows(reading));
    }
    lines.push(row("gates", &if why.gates.is_empty() { "none".to_owned() } else { why.gates.join(", ") }));
    lines.extend(why.mood.iter().map(|mood| row("mood", mood.as_str())));
    lines.extend(why.decisions.iter().map(|decision| row("decided", &decision_words(decision))));
    match (decided.silence, last_said) {
        (Some(reason), _) => lines.push(row("silent", reason.name())),
        (None, Some(line)) if line.at == decided.at => {
            lines.extend(line.said.iter().map(|said| row("worded", &wording(said))))
        }
        (None, Some(_) | None) => {}
    }
    lines.push(row("voice", &decided.voice));
    lines
}

fn row(what: &str, text: &str) -> String {
    format!("{what:<10} {}", clean_line(text))
}

fn reading_rows(reading: &Reading) -> Vec<String> {
    let locale = reading.locale.as_ref().map_or_else(String::new, |locale| format!(" ({locale})"));
    let mut rows = vec![row("read as", &format!("\"{}\"{locale}", reading.normalized))];
    for question in &reading.questions {
        if reading.questions.len() > 1 {
            rows.push(row("question", &format!("\"{}\"", question.text)));
        }
        for candidate in &question.candidates {
            let (answer, confidence) = (&candidate.answer, candidate.confidence);
            rows.push(row("may mean", &format!("{confidence:.2} {answer}, like \"{}\"", candidate.example)));
        }
    }
    if reading.irritation.level > 0 {
        let (level, cues) = (reading.irritation.level, reading.irritation.cues.join(", "));
        rows.push(row("irritated", &format!("{level} of 3 ({cues})")));
    }
    rows.extend(
        reading.found.iter().map(|found| row("told", &format!("{} = {}", found.slot, slot_value(&found.value)))),
    );
    let signals = &reading.signals;
    rows.extend(signals.asks_for_person.iter().map(|cue| row("signal", &format!("asks for a person (\"{cue}\")"))));
    rows.extend(signals.rules.iter().map(|hit| row("signal", &format!("rule {} (\"{}\")", hit.rule, hit.cue))));
    rows.extend(signals.small_talk.iter().map(|id| row("signal", &format!("small talk: {id}"))));
    rows
}

fn slot_value(value: &SlotValue) -> String {
    match value {
        SlotValue::Choice(choice) => choice.to_string(),
        SlotValue::Text(text) => text.clone(),
        SlotValue::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}

fn decision_words(decision: &Decision) -> String {
    match decision {
        Decision::Answer(ids) => format!("answer {}", ids_of(ids)),
        Decision::Clarify(ids) => format!("ask which of {}", ids_of(ids)),
        Decision::AskSlot(slot) => format!("ask for {slot}"),
        Decision::Miss(times) => format!("no answer fits, {times} in a row"),
        Decision::SmallTalk(id) => format!("small talk: {id}"),
        Decision::Say(line) => format!("say the line {line}"),
        Decision::Offer(reason) => format!("offer a person: {reason}"),
        Decision::HandOff(reason) => format!("bring a person: {reason}"),
        Decision::React => "react".to_owned(),
        Decision::StaySilent(reason) => format!("stay silent: {}", reason.name()),
        Decision::Moved(what) => what.clone(),
    }
}

fn ids_of(ids: &[AnswerId]) -> String {
    ids.iter().map(AnswerId::as_str).collect::<Vec<_>>().join(", ")
}

fn wording(said: &Said) -> String {
    format!("{}, wording {} in {}", said.what, said.variant.saturating_add(1), said.locale)
}

/// The case of a conversation and the team's notes.
pub(super) fn case(conversation: &Conversation, notes: &[Note], zone: &TimeZone) -> Vec<String> {
    let mut lines = vec![row("phase", conversation.phase.name()), row("owner", &owner(&conversation.owner()))];
    lines.extend(conversation.case().map(case_line));
    if let Phase::Resolved { outcome, .. } = &conversation.phase {
        lines.push(row("outcome", outcome));
    }
    for (kind, due) in conversation.deadlines() {
        lines.push(row("due", &format!("{} {kind:?}", time(due, zone))));
    }
    lines.extend(notes.iter().map(|note| {
        row(
            "note",
            &format!("case {}, {} {}: {}", note.case, time(note.at, zone), note.agent.name, note.text.for_staff()),
        )
    }));
    lines
}

fn owner(owner: &Owner) -> String {
    match owner {
        Owner::Bot => "the bot".to_owned(),
        Owner::Queue(team) => format!("the queue of team {team}"),
        Owner::Agent(agent) => agent.name.clone(),
    }
}

/// Whose voice it is.
pub(super) fn voice(voice: &Voice, version: &str) -> Vec<String> {
    let locales: Vec<&str> = voice.brand.locales.iter().map(|locale| locale.as_str()).collect();
    let persona = &voice.persona;
    let mut lines = vec![
        row("brand", &format!("{} ({}), version {version}", voice.brand.name, voice.brand.id)),
        row("bot", &persona.bot_name),
        row("speaks", &locales.join(", ")),
        row(
            "knows",
            &format!("{} answers, {} slots, {} links", voice.answers.len(), voice.slots.len(), voice.links.len()),
        ),
    ];
    if !persona.summary.is_empty() {
        lines.push(row("voice", &persona.summary));
    }
    lines.extend(persona.traits.iter().map(|t| row("is", &format!("{}, but not {}", t.is, t.but_not))));
    let tone = persona.tone.iter().filter(|(_, value)| *value != 0);
    lines.extend(tone.map(|(scale, value)| row("tone", &format!("{scale} {value:+}"))));
    lines
}

fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
