//! `[[answers]]` and `[[clarify]]`.

use std::collections::BTreeMap;

use super::lower::{Lower, Written};
use super::notes::{ExampleAt, Kind, Owner};
use crate::voice::source::Place;
use crate::voice::tree::{Node, Raw, Table};
use crate::voice::{Answer, AnswerId, Clarify, Elsewhere, Example, Locale, OnlyIn, TeamId, ToneId, Wording};

impl Lower<'_> {
    pub(super) fn answers(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        for (node, table) in self.brand.tables("answers") {
            let (id, place) = match table.get("id") {
                Some(id) => (id.text().unwrap_or_default(), &id.place),
                None => ("", &node.place),
            };
            if !id.is_empty() {
                self.notes.define(Kind::Answer, id, place);
            }
            answers.push(self.answer(AnswerId::new(id), place, table));
        }
        answers
    }

    fn answer(&mut self, id: AnswerId, place: &Place, table: &Table) -> Answer {
        let by = format!("the answer `{id}`");
        let title = table.text("title").unwrap_or_default().trim().to_owned();
        let mut label = self.button(table.get("label"), &format!("{id}.label"));
        if label.is_empty() {
            label.insert(self.default_locale.clone(), title.clone());
        }
        Answer {
            label,
            title,
            ask: self.answer_examples(&id, table, "ask", &by),
            not_ask: self.answer_examples(&id, table, "not_ask", &by),
            needs: self.names(table, "needs", Kind::Slot, &by),
            follow_ups: self.names(table, "follow_ups", Kind::Answer, &by),
            link: self.name(table, "link", Kind::Link, &by),
            only_in: table.table("only_in").map(|only| OnlyIn {
                regions: self.names(only, "regions", Kind::Region, &by),
                elsewhere: match only.text("elsewhere") {
                    Some("fallback") => Elsewhere::Fallback,
                    _ => Elsewhere::Handoff,
                },
            }),
            then_handoff: table.table("then").and_then(|then| then.text("handoff")).map(TeamId::new),
            sensitive: table.flag("sensitive").unwrap_or(false),
            owner: table.text("owner").unwrap_or_default().to_owned(),
            approved_by: table.text("approved_by").unwrap_or_default().to_owned(),
            review_by: table.date("review_by"),
            say: self.say(&id, place, table.get("say"), &by),
            id,
        }
    }

    fn answer_examples(&mut self, id: &AnswerId, table: &Table, key: &str, by: &str) -> Vec<Example> {
        let mut examples = Vec::new();
        for (example, node) in self.examples(table.get(key)) {
            for slot in placeholders(&example.text) {
                self.notes.refer(Kind::Slot, slot, &node.place, by);
            }
            self.notes.examples.push(ExampleAt {
                answer: id.clone(),
                text: example.text.clone(),
                place: node.place.clone(),
                negative: key == "not_ask",
            });
            examples.push(example);
        }
        examples
    }

    /// `say` is a text, or a list of tables with conditions.
    fn say(&mut self, id: &AnswerId, place: &Place, node: Option<&Node>, by: &str) -> Wording {
        let owner = Owner::Answer(id.clone());
        let Some(node) = node else { return self.variants(owner, place.clone(), Vec::new()) };
        let tables: Vec<&Table> = match &node.value {
            Raw::List(list) => list.iter().filter_map(Node::table).collect(),
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::Table(_) => Vec::new(),
        };
        let mut written = Vec::new();
        for table in &tables {
            let locale = table.text("locale").and_then(Locale::parse).unwrap_or_else(|| self.default_locale.clone());
            let tone: Option<ToneId> = self.name(table, "tone", Kind::Tone, by);
            let when = self.when(table, by);
            for (_, node) in table.get("text").map(|text| self.by_locale(text)).unwrap_or_default() {
                written.push(Written { node, locale: locale.clone(), tone: tone.clone(), when: when.clone() });
            }
        }
        if tables.is_empty() {
            return self.text_at(node, owner, place.clone());
        }
        self.variants(owner, place.clone(), written)
    }

    pub(super) fn clarify(&mut self) -> Vec<Clarify> {
        let mut all = Vec::new();
        for (_, table) in self.brand.tables("clarify") {
            let by = "a [[clarify]]";
            let between: Vec<AnswerId> = self.names(table, "between", Kind::Answer, by);
            let names = between.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" and ");
            let mut options = BTreeMap::new();
            for entry in table.table("options").map(|t| t.entries.as_slice()).unwrap_or_default() {
                self.notes.refer(Kind::Answer, &entry.key, &entry.key_place, by);
                options.insert(
                    AnswerId::new(entry.key.clone()),
                    self.button(Some(&entry.node), &format!("clarify.options.{}", entry.key)),
                );
            }
            all.push(Clarify { ask: self.text(table.get("ask"), Owner::ClarifyAsk(names)), between, options });
        }
        all
    }
}

/// The slots that an example names in braces: "shipping to {country}".
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.trim())
}
