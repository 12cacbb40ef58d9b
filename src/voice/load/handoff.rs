//! `[handoff]` and `[silence]`.

use jiff::SignedDuration;

use super::brand::small;
use super::lower::Lower;
use super::notes::{Kind, Owner};
use crate::voice::tree::Table;
use crate::voice::{Handoff, HandoffRule, Ignore, Priority, RuleId, Silence, SpeakWhen, TeamId, value};

/// The rule that cannot be removed and always comes first.
pub(crate) const SAFETY: &str = "safety";

impl Lower<'_> {
    pub(super) fn handoff(&mut self) -> Handoff {
        let (ours, builtin) = (self.section("handoff"), self.builtin_section("handoff"));
        Handoff {
            team: TeamId::new(ours.text("team").unwrap_or("team")),
            hours: self.name(ours, "hours", Kind::Hours, "handoff.hours"),
            words_for_human: self.words(&[ours.get("words_for_human"), builtin.get("words_for_human")]),
            long_thread_turns: small(ours.int("long_thread_turns"), 8),
            first_reply_within: duration(ours, "first_reply_within", SignedDuration::from_mins(15)),
            reassign_after: duration(ours, "reassign_after", SignedDuration::from_mins(20)),
            offer_stands: duration(ours, "offer_stands", SignedDuration::from_mins(10)),
            customer_quiet: duration(ours, "customer_quiet", SignedDuration::from_hours(24)),
            reopen_within: duration(ours, "reopen_within", SignedDuration::from_hours(72)),
            give_up_after: duration(ours, "give_up_after", SignedDuration::from_hours(14 * 24)),
            rules: self.handoff_rules(ours, builtin),
        }
    }

    /// Rules of the brand and of the default voice, joined by id; the most urgent first, safety before all.
    fn handoff_rules(&mut self, ours: &Table, builtin: &Table) -> Vec<HandoffRule> {
        let of = |tables: &Table, id: &str| {
            tables.tables("rules").find(|(_, t)| t.text("id") == Some(id)).map(|(_, t)| t.clone())
        };
        let mut rules: Vec<HandoffRule> = Vec::new();
        for (node, table) in ours.tables("rules") {
            let Some(id) = table.text("id") else { continue };
            let place = table.get("id").map_or(&node.place, |id| &id.place);
            self.notes.define(Kind::HandoffRule, id, place);
            rules.push(self.handoff_rule(id, Some(table), of(builtin, id).as_ref()));
        }
        for (_, table) in builtin.tables("rules") {
            let Some(id) = table.text("id") else { continue };
            if !rules.iter().any(|rule| rule.id.as_str() == id) {
                rules.push(self.handoff_rule(id, None, Some(table)));
            }
        }
        rules.sort_by_key(|rule| (rule.id.as_str() != SAFETY, std::cmp::Reverse(rule.priority)));
        rules
    }

    fn handoff_rule(&mut self, id: &str, ours: Option<&Table>, builtin: Option<&Table>) -> HandoffRule {
        let ours_or_builtin = |key: &str| ours.and_then(|t| t.get(key)).or_else(|| builtin.and_then(|t| t.get(key)));
        let id = RuleId::new(id);
        let safety = id.as_str() == SAFETY;
        let say = (ours.and_then(|t| t.get("say")), builtin.and_then(|t| t.get("say")));
        HandoffRule {
            words: self.words(&[ours.and_then(|t| t.get("words")), builtin.and_then(|t| t.get("words"))]),
            priority: match ours_or_builtin("priority").and_then(|n| n.text()) {
                _ if safety => Priority::Urgent,
                Some("urgent") => Priority::Urgent,
                Some("high") => Priority::High,
                _ => Priority::Normal,
            },
            say: self.text_or_builtin(say.0, say.1, Owner::HandoffRule(id.clone())),
            team: ours_or_builtin("team").and_then(|n| n.text()).map(TeamId::new),
            mute_brand_tone: safety || ours_or_builtin("mute_brand_tone").and_then(|n| n.flag()).unwrap_or(false),
            id,
        }
    }

    pub(super) fn silence(&self) -> Silence {
        let (ours, builtin) = (self.section("silence"), self.builtin_section("silence"));
        let strings = |key: &str| Self::strings(ours, key);
        Silence {
            speak_when: listed(ours, "speak_when", SPEAK_WHEN),
            help_channels: strings("help_channels"),
            never_in: strings("never_in"),
            answer_in_threads: strings("answer_in_threads"),
            human_answered_within: duration(ours, "human_answered_within", SignedDuration::from_mins(3)),
            wait_before_public_answer: duration(ours, "wait_before_public_answer", SignedDuration::from_secs(20)),
            wait_for_more: duration(ours, "wait_for_more", SignedDuration::from_millis(1500)),
            min_confidence_public: share(ours, "min_confidence_public", 0.85),
            min_confidence_private: share(ours, "min_confidence_private", 0.60),
            clarify_margin: share(ours, "clarify_margin", 0.15),
            cooldown_same_answer: duration(ours, "cooldown_same_answer", SignedDuration::from_mins(10)),
            max_public_per_10min: small(ours.int("max_public_per_10min"), 5),
            too_old_in_public: duration(ours, "too_old_in_public", SignedDuration::from_mins(10)),
            ignore: listed(ours, "ignore", IGNORE),
            opt_out_words: self.words(&[ours.get("opt_out_words"), builtin.get("opt_out_words")]),
            opt_in_words: self.words(&[ours.get("opt_in_words"), builtin.get("opt_in_words")]),
        }
    }
}

/// What `silence.speak_when` may hold.
pub(crate) const SPEAK_WHEN: &[(&str, SpeakWhen)] = &[
    ("dm", SpeakWhen::Dm),
    ("mentioned", SpeakWhen::Mentioned),
    ("replied_to", SpeakWhen::RepliedTo),
    ("command", SpeakWhen::Command),
    ("question_in_help_channel", SpeakWhen::QuestionInHelpChannel),
    ("new_forum_post", SpeakWhen::NewForumPost),
];

/// What `silence.ignore` may hold.
pub(crate) const IGNORE: &[(&str, Ignore)] =
    &[("forwarded", Ignore::Forwarded), ("quotes", Ignore::Quotes), ("code_blocks", Ignore::CodeBlocks)];

/// The values of a list of known words; all of them when the list is left out.
fn listed<T: Copy>(table: &Table, key: &str, known: &[(&str, T)]) -> Vec<T> {
    let value = |word: &str| known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    match table.get(key).and_then(|node| node.list()) {
        Some(list) => list.iter().filter_map(|node| value(node.text()?)).collect(),
        None => known.iter().map(|(_, value)| *value).collect(),
    }
}

fn duration(table: &Table, key: &str, default: SignedDuration) -> SignedDuration {
    table.text(key).and_then(value::duration).unwrap_or(default)
}

#[allow(clippy::cast_possible_truncation, reason = "shares between 0 and 1 need no more precision")]
fn share(table: &Table, key: &str, default: f32) -> f32 {
    table.number(key).map_or(default, |share| share as f32)
}
