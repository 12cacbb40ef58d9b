//! What every part of lowering shares: the trees, the locales, and how texts, labels and word lists are read.
//!
//! Lowering takes what is valid and passes over the rest, because what is not valid was reported against the schema.

use std::collections::BTreeMap;

use super::notes::{Kind, Notes, Owner, Said, SaidVariant};
use crate::voice::literal::as_said;
use crate::voice::source::Place;
use crate::voice::tree::{Node, Raw, Table};
use crate::voice::{Example, Locale, OpenOrClosed, Platform, Template, ToneId, Variant, When, Wording};

/// A voice on its way from trees to meaning.
pub(crate) struct Lower<'t> {
    /// What the brand wrote.
    pub brand: &'t Table,
    /// The default voice.
    pub builtin: &'t Table,
    /// The number of the first source that belongs to the default voice.
    pub builtin_from: usize,
    pub default_locale: Locale,
    pub locales: Vec<Locale>,
    pub notes: Notes,
}

impl<'t> Lower<'t> {
    /// A section of the brand's files; empty when left out.
    pub fn section(&self, key: &str) -> &'t Table {
        static EMPTY: Table = Table { entries: Vec::new() };
        self.brand.table(key).unwrap_or(&EMPTY)
    }

    /// A section of the default voice.
    pub fn builtin_section(&self, key: &str) -> &'t Table {
        static EMPTY: Table = Table { entries: Vec::new() };
        self.builtin.table(key).unwrap_or(&EMPTY)
    }

    /// A thing to say, as the brand worded it.
    pub fn text(&mut self, node: Option<&Node>, owner: Owner) -> Wording {
        let Some(node) = node else { return Wording::default() };
        let texts = self.by_locale(node);
        self.wording(owner, node.place.clone(), texts)
    }

    /// A thing to say in the brand's words; locales that those do not serve get the default voice's words.
    pub fn text_or_builtin(&mut self, ours: Option<&Node>, builtin: Option<&Node>, owner: Owner) -> Wording {
        let mut texts = ours.map(|node| self.by_locale(node)).unwrap_or_default();
        if let Some(builtin) = builtin {
            let filled: Vec<_> = self
                .locales
                .iter()
                .filter(|locale| !texts.iter().any(|(l, _)| l.serves(locale) > 0))
                .flat_map(|locale| self.builtin_for(builtin, locale))
                .collect();
            texts.extend(filled);
        }
        let Some(place) = ours.or(builtin).map(|node| node.place.clone()) else { return Wording::default() };
        self.wording(owner, place, texts)
    }

    /// The default voice's words that serve a locale best, as words of that locale.
    fn builtin_for<'n>(&self, builtin: &'n Node, locale: &Locale) -> Vec<(Locale, &'n Node)> {
        let texts = self.by_locale(builtin);
        let best = texts.iter().map(|(l, _)| l.serves(locale)).max().filter(|level| *level > 0);
        texts.iter().filter(|(l, _)| Some(l.serves(locale)) == best).map(|(_, n)| (locale.clone(), *n)).collect()
    }

    /// The single texts of a value that is a text, several, or either by locale.
    pub fn by_locale<'n>(&self, node: &'n Node) -> Vec<(Locale, &'n Node)> {
        match &node.value {
            Raw::Table(table) => table
                .entries
                .iter()
                .filter_map(|entry| Some((Locale::parse(&entry.key)?, &entry.node)))
                .flat_map(|(locale, node)| one_or_many(node).into_iter().map(move |n| (locale.clone(), n)))
                .collect(),
            Raw::Text(_) | Raw::List(_) => {
                one_or_many(node).into_iter().map(|n| (self.default_locale.clone(), n)).collect()
            }
            Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) => Vec::new(),
        }
    }

    /// A thing to say that is named elsewhere.
    pub fn text_at(&mut self, node: &Node, owner: Owner, place: Place) -> Wording {
        let texts = self.by_locale(node);
        self.wording(owner, place, texts)
    }

    fn wording(&mut self, owner: Owner, place: Place, texts: Vec<(Locale, &Node)>) -> Wording {
        let variants = texts
            .into_iter()
            .map(|(locale, node)| Written { node, locale, tone: None, when: When::default() })
            .collect();
        self.variants(owner, place, variants)
    }

    /// Compiles wordings and notes them, those with faults too.
    pub fn variants(&mut self, owner: Owner, place: Place, written: Vec<Written<'_>>) -> Wording {
        let mut wording = Wording::default();
        let mut said = Said { owner, place, variants: Vec::new() };
        for Written { node, locale, tone, when } in written {
            let Some(raw) = node.text() else { continue };
            let text = as_said(raw);
            let parsed = Template::parse(&text);
            said.variants.push(SaidVariant {
                uses: parsed.as_ref().map(|t| t.uses().to_vec()).unwrap_or_default(),
                faults: parsed.as_ref().err().cloned().unwrap_or_default(),
                text,
                locale: locale.clone(),
                tone: tone.clone(),
                when: when.clone(),
                place: node.place.clone(),
                builtin: node.place.source >= self.builtin_from,
            });
            if let Ok(text) = parsed {
                wording.variants.push(Variant { text, locale, tone, when });
            }
        }
        self.notes.said.push(said);
        wording
    }

    /// A label that customers see, noted with what it belongs to.
    pub fn button(&mut self, node: Option<&Node>, owner: &str) -> BTreeMap<Locale, String> {
        let label = self.label(node);
        self.notes.labels.push((owner.to_owned(), label.keys().cloned().collect()));
        label
    }

    /// One short text a locale.
    pub fn label(&self, node: Option<&Node>) -> BTreeMap<Locale, String> {
        let Some(node) = node else { return BTreeMap::new() };
        match &node.value {
            Raw::Text(text) => BTreeMap::from([(self.default_locale.clone(), text.trim().to_owned())]),
            Raw::Table(table) => table
                .entries
                .iter()
                .filter_map(|e| Some((Locale::parse(&e.key)?, e.node.text()?.trim().to_owned())))
                .collect(),
            Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::List(_) => BTreeMap::new(),
        }
    }

    /// Words with their places, and their locale where the file says one.
    pub fn words_at<'n>(&self, node: Option<&'n Node>) -> Vec<(Option<Locale>, &'n Node)> {
        let Some(node) = node else { return Vec::new() };
        match &node.value {
            Raw::List(list) => list.iter().map(|n| (None, n)).collect(),
            Raw::Table(table) => table
                .entries
                .iter()
                .flat_map(|e| {
                    let locale = Locale::parse(&e.key);
                    e.node.list().unwrap_or_default().iter().map(move |n| (locale.clone(), n))
                })
                .collect(),
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) => Vec::new(),
        }
    }

    /// Words of any language, each once.
    pub fn words(&self, nodes: &[Option<&Node>]) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for (_, node) in nodes.iter().flat_map(|node| self.words_at(*node)) {
            let Some(word) = node.text().map(str::trim).filter(|w| !w.is_empty()) else { continue };
            if seen.insert(word.to_lowercase()) {
                words.push(word.to_owned());
            }
        }
        words
    }

    /// Example questions, each with its node.
    pub fn examples<'n>(&self, node: Option<&'n Node>) -> Vec<(Example, &'n Node)> {
        self.words_at(node)
            .into_iter()
            .filter_map(|(locale, node)| {
                let text = node.text()?.trim();
                (!text.is_empty()).then(|| (Example { text: text.to_owned(), locale }, node))
            })
            .collect()
    }

    /// The strings of a list.
    pub fn strings(table: &Table, key: &str) -> Vec<String> {
        table.list(key).iter().filter_map(Node::text).map(str::to_owned).collect()
    }

    /// Names of a list, each noted as a mention.
    pub fn names<T: From<String>>(&mut self, table: &Table, key: &str, kind: Kind, by: &str) -> Vec<T> {
        let mut names = Vec::new();
        for node in table.list(key) {
            if let Some(name) = node.text() {
                self.notes.refer(kind, name, &node.place, by);
                names.push(T::from(name.to_owned()));
            }
        }
        names
    }

    /// A name, noted as a mention.
    pub fn name<T: From<String>>(&mut self, table: &Table, key: &str, kind: Kind, by: &str) -> Option<T> {
        let node = table.get(key)?;
        let name = node.text()?;
        self.notes.refer(kind, name, &node.place, by);
        Some(T::from(name.to_owned()))
    }

    /// The conditions of a wording.
    pub fn when(&mut self, table: &Table, by: &str) -> When {
        let Some(when) = table.table("when") else { return When::default() };
        When {
            channel: when.text("channel").map(Platform::new),
            hours: match when.text("hours") {
                Some("open") => Some(OpenOrClosed::Open),
                Some("closed") => Some(OpenOrClosed::Closed),
                _ => None,
            },
            regions: self.names(when, "regions", Kind::Region, by),
            from: when.date("from"),
            until: when.date("until"),
        }
    }
}

/// A wording as written, before it is compiled.
pub(crate) struct Written<'n> {
    pub node: &'n Node,
    pub locale: Locale,
    pub tone: Option<ToneId>,
    pub when: When,
}

fn one_or_many(node: &Node) -> Vec<&Node> {
    match &node.value {
        Raw::Text(_) => vec![node],
        Raw::List(list) => list.iter().filter(|n| n.text().is_some()).collect(),
        Raw::Int(..) | Raw::Float(..) | Raw::Flag(_) | Raw::Date(_) | Raw::Table(_) => Vec::new(),
    }
}
