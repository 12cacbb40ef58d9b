//! Values: the right type, within range, one of the known words.

use super::guess;
use super::{Reader, nearest};
use crate::voice::lines::Line;
use crate::voice::schema::{Field, Kind, quoted};
use crate::voice::source::Place;
use crate::voice::tree::{Entry, Node, Raw, Table};
use crate::voice::{Diagnostic, Locale, value};

/// Most characters of a label: what a Discord button holds.
pub(crate) const MAX_LABEL_CHARS: usize = 80;
/// Most characters of a slot's pattern.
pub(crate) const MAX_PATTERN_CHARS: usize = 200;

impl Reader<'_> {
    /// Checks the value of a field and mends it where it is plain what was meant.
    pub(super) fn value(&mut self, field: &'static Field, entry: &mut Entry) {
        let name = format!("`{}`", entry.key);
        match &field.kind {
            Kind::Table(shape) => {
                self.one_bracket(field, entry);
                if self.fits(field, &name, &mut entry.node) {
                    self.inner(field, shape, entry);
                }
            }
            Kind::Tables(shape) => {
                self.two_brackets(field, entry);
                if self.fits(field, &name, &mut entry.node) {
                    self.inner(field, shape, entry);
                }
            }
            Kind::Named(shape, _) => {
                if self.fits(field, &name, &mut entry.node) {
                    self.inner(field, shape, entry);
                }
            }
            Kind::Say(shape) => self.say(field, shape, entry, &name),
            Kind::Facts => self.facts(field, &name, entry),
            Kind::Lines => self.lines(field, &name, entry),
            Kind::Options => self.options(field, &name, entry),
            _ => self.single(field, &field.kind, &name, &mut entry.node),
        }
    }

    /// Checks a value that is not made of keys.
    fn single(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) {
        match kind {
            Kind::Text | Kind::OneText => self.text(field, kind, name, node),
            Kind::Label | Kind::Urls => self.one_by_locale(field, kind, name, node),
            Kind::Words => self.words(field, name, node),
            Kind::Strings
            | Kind::Names
            | Kind::Hosts
            | Kind::Exactly(_)
            | Kind::Ranges
            | Kind::Dates
            | Kind::SomeOf(_)
            | Kind::Locales => {
                self.list(field, kind, name, node);
            }
            _ => {
                if self.fits_kind(field, kind, name, node) {
                    self.meaning(field, kind, name, node);
                }
            }
        }
    }

    /// `say`: a text, or blocks.
    fn say(
        &mut self,
        field: &'static Field,
        shape: &'static crate::voice::schema::Shape,
        entry: &mut Entry,
        name: &str,
    ) {
        let blocks = |list: &Vec<Node>| list.first().is_some_and(|node| node.table().is_some());
        match &entry.node.value {
            Raw::Table(table) if table.entries.iter().any(|e| shape.field(&e.key).is_some()) => {
                self.two_brackets(field, entry);
                self.inner(field, shape, entry);
            }
            Raw::List(list) if blocks(list) => self.inner(field, shape, entry),
            _ => self.text(field, &Kind::Text, name, &mut entry.node),
        }
    }

    /// A section that was written with two brackets and stands once.
    fn one_bracket(&mut self, field: &Field, entry: &mut Entry) {
        let Raw::List(list) = &mut entry.node.value else { return };
        let [Node { place, value: Raw::Table(table) }] = list.as_mut_slice() else { return };
        let header = self.written(place).trim_matches(['[', ']']).to_owned();
        let message = format!("[[{header}]] stands in two brackets, but there is only one `{}`.", field.name);
        self.findings.push(
            Diagnostic::error("brackets", place.clone(), message)
                .because("Two brackets begin one of many blocks.")
                .help(format!("Write one pair: [{header}]"))
                .replace_with(format!("[{header}]")),
        );
        entry.node = Node { place: place.clone(), value: Raw::Table(std::mem::take(table)) };
    }

    /// A block that was written with one bracket and is one of many.
    fn two_brackets(&mut self, field: &Field, entry: &mut Entry) {
        let Raw::Table(table) = &mut entry.node.value else { return };
        let place = entry.node.place.clone();
        let written = self.written(&place).to_owned();
        let finding = if written.starts_with('[') {
            let header = written.trim_matches(['[', ']']);
            let message = format!("[{header}] needs two brackets, because there can be several.");
            Diagnostic::error("brackets", place.clone(), message)
                .because("With one bracket a second block would be refused.")
                .help(format!("Write: [[{header}]]"))
                .replace_with(format!("[[{header}]]"))
        } else {
            Diagnostic::error(
                "brackets",
                place.clone(),
                format!("`{}` needs a list, because there can be several.", field.name),
            )
            .because("A single table in braces leaves no room for a second.")
            .help(format!("Put square brackets round it: [{written}]"))
            .replace_with(format!("[{written}]"))
        };
        self.findings.push(finding);
        let only = Node { place: place.clone(), value: Raw::Table(std::mem::take(table)) };
        entry.node = Node { place, value: Raw::List(vec![only]) };
    }

    /// A wording, several, or either by locale.
    fn text(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) {
        match &mut node.value {
            Raw::Text(text) => {
                if text.trim().is_empty() {
                    self.empty(field, name, &node.place);
                }
            }
            Raw::List(list) => {
                if list.is_empty() {
                    self.empty(field, name, &node.place);
                }
                for element in list.iter_mut() {
                    self.single(field, &Kind::Str, name, element);
                }
                list.retain(|element| element.text().is_some_and(|text| !text.trim().is_empty()));
            }
            Raw::Table(table) if matches!(kind, Kind::Text) => {
                self.locale_keys(table);
                for entry in &mut table.entries {
                    self.text(field, &Kind::OneText, &format!("`{}` of {name}", entry.key), &mut entry.node);
                }
            }
            _ => {
                self.fits_kind(field, &Kind::Str, name, node);
            }
        }
    }

    /// One short text, or one by locale.
    fn one_by_locale(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) {
        if let Raw::Table(table) = &mut node.value {
            self.locale_keys(table);
            for entry in &mut table.entries {
                if self.fits_kind(field, kind, name, &mut entry.node) {
                    self.meaning(field, kind, &format!("`{}` of {name}", entry.key), &mut entry.node);
                }
            }
        } else if self.fits_kind(field, kind, name, node) {
            self.meaning(field, kind, name, node);
        }
    }

    fn words(&mut self, field: &Field, name: &str, node: &mut Node) {
        if let Raw::Table(table) = &mut node.value {
            self.locale_keys(table);
            for entry in &mut table.entries {
                self.list(field, &Kind::Strings, &format!("`{}` of {name}", entry.key), &mut entry.node);
            }
        } else {
            self.list(field, &Kind::Words, name, node);
        }
    }

    fn list(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) {
        if !self.fits_kind(field, kind, name, node) {
            return;
        }
        let Raw::List(list) = &mut node.value else { return };
        if let Kind::Exactly(count) = kind
            && list.len() != *count
        {
            let message = format!("{name} needs {count} names; here are {}.", list.len());
            self.findings.push(
                Diagnostic::error("count", node.place.clone(), message)
                    .because("Dates could not be said.")
                    .help(field.what),
            );
        }
        let element_kind = match kind {
            Kind::Dates => Kind::Date,
            Kind::Locales => Kind::Locale,
            Kind::SomeOf(words) => Kind::OneOf(words),
            _ => Kind::Str,
        };
        let ranges = matches!(kind, Kind::Ranges);
        for element in list.iter_mut() {
            if self.fits_kind(field, &element_kind, name, element) {
                if ranges {
                    self.range(name, element);
                } else {
                    self.meaning(field, &element_kind, name, element);
                }
            }
        }
    }

    fn facts(&mut self, field: &'static Field, name: &str, entry: &mut Entry) {
        if !self.fits(field, name, &mut entry.node) {
            return;
        }
        let Raw::Table(table) = &mut entry.node.value else { return };
        self.fact_names(table);
        for fact in &mut table.entries {
            self.fact(&format!("the fact `{}`", fact.key), &mut fact.node, 0);
        }
    }

    /// A fact: a single value; by locale; by region, and there by locale.
    fn fact(&mut self, called: &str, node: &mut Node, depth: usize) {
        let is_date = node.date().is_some();
        match &mut node.value {
            Raw::Text(text) if text.trim().is_empty() => {
                self.findings.push(
                    Diagnostic::error("empty", node.place.clone(), format!("{} is empty.", super::capital(called)))
                        .because("Wordings that use it would have a hole.")
                        .help("Write its value, or delete it."),
                );
            }
            Raw::Text(_) | Raw::Int(..) | Raw::Float(..) => {}
            Raw::Flag(_) if depth == 0 => {}
            Raw::Date(_) if is_date => {}
            Raw::Table(table) if depth < 2 => {
                let by_region = depth == 0 && crate::voice::load::is_by_region(table);
                if by_region && table.get("default").is_none() {
                    self.findings.push(
                        Diagnostic::error(
                            "missing",
                            node.place.clone(),
                            format!("{} has no `default`.", super::capital(called)),
                        )
                        .because("People in other regions, or in none that is known, would get no value.")
                        .help("Add: default = \"7 to 10\""),
                    );
                }
                if !by_region {
                    self.locale_keys(table);
                }
                let depth = if by_region { 1 } else { 2 };
                for entry in &mut table.entries {
                    self.fact(&format!("`{}` of {called}", entry.key), &mut entry.node, depth);
                }
            }
            Raw::Flag(_) | Raw::Date(_) | Raw::List(_) | Raw::Table(_) => {
                let message = format!("{} needs one value; here stands {}.", super::capital(called), guess::what(node));
                self.findings.push(
                    Diagnostic::error("wrong-type", node.place.clone(), message)
                        .because("A fact is put into sentences as it is.")
                        .help("Write text in quotes, a number, a date, or true or false."),
                );
            }
        }
    }

    fn fact_names(&mut self, table: &mut Table) {
        static FACT: crate::voice::schema::Shape =
            crate::voice::schema::Shape { noun: "fact", named_by: None, fields: &[] };
        self.names(table, crate::voice::schema::Naming::Variable, &FACT);
    }

    fn lines(&mut self, field: &'static Field, name: &str, entry: &mut Entry) {
        if !self.fits(field, name, &mut entry.node) {
            return;
        }
        let Raw::Table(table) = &mut entry.node.value else { return };
        for line in std::mem::take(&mut table.entries) {
            let known = Line::ALL.iter().any(|known| known.key() == line.key);
            if let Some(mut line) = if known { Some(line) } else { self.unknown_line(line) } {
                let called = format!("the line `{}`", line.key);
                self.text(field, &Kind::Text, &called, &mut line.node);
                table.entries.push(line);
            }
        }
    }

    fn unknown_line(&mut self, mut line: Entry) -> Option<Entry> {
        let message = format!("`{}` is not one of the lines that the bot needs.", line.key);
        let finding =
            Diagnostic::error("unknown-key", line.key_place.clone(), message).because("It would never be said.");
        match nearest(&line.key, Line::ALL.iter().map(|line| line.key())) {
            Some(meant) => {
                self.findings.push(finding.help(format!("Did you mean `{meant}`?")).replace_with(meant));
                meant.clone_into(&mut line.key);
                Some(line)
            }
            None => {
                let known = Line::ALL.iter().map(|line| line.key()).collect::<Vec<_>>().join(", ");
                self.findings.push(finding.help(format!("The lines are: {known}.")));
                None
            }
        }
    }

    fn options(&mut self, field: &'static Field, name: &str, entry: &mut Entry) {
        if !self.fits(field, name, &mut entry.node) {
            return;
        }
        let Raw::Table(table) = &mut entry.node.value else { return };
        for option in &mut table.entries {
            let name = format!("`{}`", option.key);
            self.one_by_locale(field, &Kind::Label, &name, &mut option.node);
        }
    }

    /// Keys of a table by locale must be locales of the brand; others are taken out.
    pub(super) fn locale_keys(&mut self, table: &mut Table) {
        table.entries.retain(|entry| {
            let spoken = Locale::parse(&entry.key).map(|locale| self.locales.iter().any(|l| l.serves(&locale) > 0));
            if spoken != Some(true) {
                let finding = self.not_spoken(&entry.key, &entry.key_place, spoken.is_some());
                self.findings.push(finding);
            }
            spoken == Some(true)
        });
    }

    fn not_spoken(&self, tag: &str, place: &Place, is_locale: bool) -> Diagnostic {
        let tags: Vec<&str> = self.locales.iter().map(Locale::as_str).collect();
        let message = if is_locale {
            format!("`{tag}` is not one of the brand's languages ({}).", tags.join(", "))
        } else {
            format!("`{tag}` is not a language; texts in braces go by language here.")
        };
        let finding =
            Diagnostic::error("unknown-locale", place.clone(), message).because("Nobody would ever read this text.");
        match nearest(tag, tags.iter().copied()) {
            Some(meant) if !is_locale => finding.help(format!("Did you mean `{meant}`?")).replace_with(meant),
            _ if is_locale => finding.help(format!("Add \"{tag}\" to `locales` in [brand], or delete this text.")),
            _ => finding.help(format!("Use one of the brand's languages: {}.", quoted(&tags))),
        }
    }

    fn empty(&mut self, field: &Field, name: &str, place: &Place) {
        let help = if field.required {
            format!("Write something, such as: {}", field.example)
        } else {
            "Write something, or delete the line.".to_owned()
        };
        self.findings.push(
            Diagnostic::error("empty", place.clone(), format!("{} is empty.", super::capital(name)))
                .because("A customer would get an empty message.")
                .help(help),
        );
    }

    /// Checks what a single value means, once it has the right type.
    fn meaning(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) {
        let Some(text) = node.text().map(str::to_owned) else {
            return self.number(field, kind, name, node);
        };
        match kind {
            Kind::Str | Kind::Form | Kind::Url | Kind::Urls if text.trim().is_empty() => {
                self.empty(field, name, &node.place)
            }
            Kind::Slug if !value::is_slug(&text) => self.bad_id(name, node, &text, '-', kind),
            Kind::Id if !value::is_id(&text) => self.bad_id(name, node, &text, '.', kind),
            Kind::Duration if value::duration(&text).is_none() => self.duration(name, node, &text),
            Kind::OneOf(words) if !words.contains(&text.as_str()) => self.one_of(name, node, words, &text),
            Kind::Locale if Locale::parse(&text).is_none() => self.locale(name, node, &text),
            Kind::TimeZone if jiff::tz::TimeZone::get(&text).is_err() => self.timezone(name, node, &text),
            Kind::Label => self.label(field, name, node, &text),
            Kind::Pattern => self.pattern(name, node, &text),
            Kind::Emoji if !crate::voice::emoji::is_one(&text) => {
                let message = format!("{} is not one emoji.", super::capital(name));
                self.findings.push(
                    Diagnostic::error("emoji", node.place.clone(), message)
                        .because("A reaction is a single emoji.")
                        .help(format!("Write one, such as {}", field.example)),
                );
            }
            _ => {}
        }
    }

    fn number(&mut self, field: &Field, kind: &Kind, name: &str, node: &Node) {
        let fine = match (kind, node.int(), node.number()) {
            (Kind::Int(from, to), Some(int), _) => (*from..=*to).contains(&int),
            (Kind::Share, _, Some(share)) => (0.0..=1.0).contains(&share),
            (Kind::Version, Some(int), _) => int == 1,
            _ => true,
        };
        if fine {
            return;
        }
        let written = self.written(&node.place).to_owned();
        let wanted = kind.wanted();
        let wanted = wanted.trim_end_matches(", without quotes");
        let finding = Diagnostic::error(
            "out-of-range",
            node.place.clone(),
            format!("{} is {written}, but needs {wanted}.", super::capital(name)),
        );
        self.findings.push(match kind {
            Kind::Version => {
                finding.because("This program reads schema 1 only.").help("Write: schema = 1").replace_with("1")
            }
            Kind::Share => finding.because("1 means quite sure, 0 means a guess.").help("85 percent is written 0.85."),
            _ => finding
                .because("Outside that range the bot would behave oddly.")
                .help(format!("Write, for instance: {} = {}", field.name, field.example)),
        });
    }

    fn bad_id(&mut self, name: &str, node: &Node, text: &str, between: char, kind: &Kind) {
        let better: String = guess::id(text, between);
        let finding = Diagnostic::error(
            "bad-name",
            node.place.clone(),
            format!("{} needs {}.", super::capital(name), kind.wanted()),
        )
        .because("Reports and cases point to it, on every platform.");
        let fine =
            matches!(kind, Kind::Slug) && value::is_slug(&better) || matches!(kind, Kind::Id) && value::is_id(&better);
        self.findings.push(if fine {
            finding.help(format!("Write: \"{better}\"")).replace_with(format!("\"{better}\""))
        } else {
            finding.help("Use small letters a-z and digits.")
        });
    }

    fn duration(&mut self, name: &str, node: &mut Node, text: &str) {
        let finding = Diagnostic::error(
            "bad-value",
            node.place.clone(),
            format!("{} needs a length of time; \"{text}\" is none.", super::capital(name)),
        )
        .because("The bot would not know how long to wait.");
        self.findings.push(match guess::duration(text) {
            Some(meant) => {
                node.value = Raw::Text(meant.clone());
                finding.help(format!("Write: \"{meant}\"")).replace_with(format!("\"{meant}\""))
            }
            None => finding.help(
                "Write a whole number and ms, s, m, h or d: \"20s\", \"15m\", \"24h\", \"30d\"; a year is the most.",
            ),
        });
    }

    fn range(&mut self, name: &str, node: &mut Node) {
        let Some(text) = node.text().map(str::to_owned) else { return };
        if value::range(&text).is_some() {
            return;
        }
        let finding = Diagnostic::error(
            "bad-hours",
            node.place.clone(),
            format!("{} has hours that cannot be: \"{text}\".", super::capital(name)),
        )
        .because("People would be promised the team at the wrong time.");
        self.findings.push(match guess::range(&text) {
            Some(meant) => {
                node.value = Raw::Text(meant.clone());
                finding.help(format!("Write: \"{meant}\"")).replace_with(format!("\"{meant}\""))
            }
            None => {
                finding.help("Write from and until as \"09:00-17:30\"; the whole day is \"00:00-24:00\", closed is [].")
            }
        });
    }

    fn one_of(&mut self, name: &str, node: &mut Node, words: &'static [&'static str], text: &str) {
        let finding = Diagnostic::error(
            "unknown-value",
            node.place.clone(),
            format!("{} cannot be \"{text}\".", super::capital(name)),
        )
        .because(format!("The bot knows {} only.", quoted(words)));
        self.findings.push(match guess::word(text, words) {
            Some(meant) => {
                node.value = Raw::Text(meant.to_owned());
                finding.help(format!("Did you mean \"{meant}\"?")).replace_with(format!("\"{meant}\""))
            }
            None => finding.help(format!("Write {}.", quoted(words))),
        });
    }

    fn locale(&mut self, name: &str, node: &Node, text: &str) {
        let finding = Diagnostic::error(
            "unknown-locale",
            node.place.clone(),
            format!("{} needs a language; \"{text}\" is none.", super::capital(name)),
        )
        .because("The bot would not know which language this is.");
        self.findings.push(match guess::language(text) {
            Some(meant) => finding.help(format!("Write: \"{meant}\"")).replace_with(format!("\"{meant}\"")),
            None => finding.help("Write two letters, with a country if you like: \"en\" or \"en-GB\"."),
        });
    }

    fn timezone(&mut self, name: &str, node: &Node, text: &str) {
        let finding = Diagnostic::error(
            "unknown-timezone",
            node.place.clone(),
            format!("{} needs a time zone; \"{text}\" is none.", super::capital(name)),
        )
        .because("Opening hours would be wrong.");
        let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        self.findings.push(match guess::timezone(text, &zones) {
            Some(meant) => finding.help(format!("Did you mean \"{meant}\"?")).replace_with(format!("\"{meant}\"")),
            None => finding.help("Write a region and a city, such as \"Europe/London\" or \"America/New_York\"."),
        });
    }

    fn label(&mut self, field: &Field, name: &str, node: &Node, text: &str) {
        let length = text.trim().chars().count();
        let place = || node.place.clone();
        if length == 0 {
            self.empty(field, name, &node.place);
        } else if length > MAX_LABEL_CHARS {
            self.findings.push(
                Diagnostic::error(
                    "label-too-long",
                    place(),
                    format!("{} has {length} characters; {MAX_LABEL_CHARS} are the most.", super::capital(name)),
                )
                .because("Discord refuses buttons with longer words, and the whole message with them.")
                .help("Shorten it; two or three words are best."),
            );
        } else if text.contains("{{") || text.contains(['\n', '*', '`']) {
            self.findings.push(
                Diagnostic::error(
                    "label-not-plain",
                    place(),
                    format!("{} may hold plain words only.", super::capital(name)),
                )
                .because("It stands on a button, where blanks, marks and line breaks are shown as they are.")
                .help("Leave out {{…}}, *, ` and line breaks."),
            );
        }
    }

    fn pattern(&mut self, name: &str, node: &Node, text: &str) {
        let place = node.place.clone();
        let finding = if text.chars().count() > MAX_PATTERN_CHARS {
            Diagnostic::error(
                "bad-pattern",
                place,
                format!("{} has more than {MAX_PATTERN_CHARS} characters.", super::capital(name)),
            )
            .help("Shorten it.")
        } else {
            let Err(error) = crate::voice::load::pattern(text) else { return };
            let (message, help) = match error {
                regex::Error::CompiledTooBig(_) => {
                    ("is too large: it repeats too much".to_owned(), "Use smaller numbers in { }.")
                }
                error => (
                    format!("cannot be read: {}", guess::regex_reason(&error.to_string())),
                    "Look-around and back-references are not available. In single quotes a backslash stands for itself: 'LL-\\d{6}'.",
                ),
            };
            Diagnostic::error("bad-pattern", place, format!("{} {message}.", super::capital(name))).help(help)
        };
        self.findings.push(finding.because("No reply of a customer could fit it."));
    }

    /// Whether a value has the type of its field; reports it when not.
    fn fits(&mut self, field: &Field, name: &str, node: &mut Node) -> bool {
        self.fits_kind(field, &field.kind, name, node)
    }

    fn fits_kind(&mut self, field: &Field, kind: &Kind, name: &str, node: &mut Node) -> bool {
        if guess::has_type(kind, node) {
            return true;
        }
        let written = self.written(&node.place).to_owned();
        let message = format!("{} needs {}; here stands {}.", super::capital(name), kind.wanted(), guess::what(node));
        let finding = Diagnostic::error("wrong-type", node.place.clone(), message).because(reason(field));
        let mended = guess::mend(kind, node, &written);
        self.findings.push(match &mended {
            Some(mended) => finding.help(mended.help.clone()).replace_with(mended.written.clone()),
            None if field.example.is_empty() => finding,
            None => finding.help(format!("Write, for instance: {} = {}", field.name, field.example)),
        });
        match mended {
            Some(mended) => {
                node.value = mended.value;
                true
            }
            None => false,
        }
    }

    /// Reports a value of the wrong type that cannot be mended.
    pub(super) fn wrong_type(&mut self, field: &Field, name: &str, node: &Node) {
        let message = format!("{name} needs {}; here stands {}.", field.kind.wanted(), guess::what(node));
        self.findings.push(Diagnostic::error("wrong-type", node.place.clone(), message).because(reason(field)));
    }
}

/// Why a field matters: what a customer notices, else what it is.
fn reason(field: &Field) -> &'static str {
    if field.notice.is_empty() { field.what } else { field.notice }
}
