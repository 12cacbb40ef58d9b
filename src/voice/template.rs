//! Wordings with blanks: `{{name}}`, `{{#if name}}…{{else}}…{{/if}}`, `{{#unless name}}…{{/unless}}` and nothing else.
//!
//! Everything else that handlebars knows is refused when the voice is read: partials that include each other overflow the
//! stack and abort the process, nested `#each` makes megabytes out of a line, raw output and `lookup` reach what nobody
//! approved (threats 3 and 4 of the domain notes). What is left is proved at load and cannot fail on a customer, except
//! by a value that is not known, in which case the wording is not the right one and another is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use handlebars::{Context, Handlebars, RenderContext, Renderable, StringOutput};
use serde_json::{Map, Value as Json};

use super::content::{Content, LINK_PART, TOLD, VALUE_CLOSE, VALUE_OPEN};

/// Longest wording in bytes: far over what a chat message can hold, far under what could hurt.
pub const MAX_TEMPLATE_BYTES: usize = 4 * 1024;
/// Longest filled wording in bytes; values are cut to [`MAX_VALUE_CHARS`] first, so only repetition can reach it.
pub const MAX_RENDERED_BYTES: usize = 8 * 1024;
/// Longest value in characters; longer ones are cut, with an ellipsis.
pub const MAX_VALUE_CHARS: usize = 300;

/// A wording that was proved at load.
#[derive(Clone, Debug)]
pub struct Template {
    source: String,
    compiled: handlebars::Template,
    uses: Vec<Use>,
}

/// A place where a wording names a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The variable, such as `country` or `link.returns`.
    pub name: String,
    /// Bytes of the wording that the tag takes up.
    pub at: Range<usize>,
    /// Whether the wording cannot be used while the variable is unknown: it is printed outside an `#if` that asks for it.
    pub needed: bool,
    /// Whether the tag only asks whether the variable is known (`#if`, `#unless`).
    pub asked: bool,
}

/// What is wrong with a wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// Bytes of the wording that it is about.
    pub at: Range<usize>,
    /// Which rule it breaks.
    pub kind: FaultKind,
}

/// The ways in which a wording can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `{{` without `}}`.
    Unclosed,
    /// `}}` without `{{`.
    Unopened,
    /// `{{#if x}}` without `{{/if}}`; holds `if` or `unless`.
    BlockUnclosed(String),
    /// `{{/if}}` or `{{else}}` without its opening; holds the tag.
    BlockUnopened(String),
    /// A form that is not allowed here; holds the tag.
    Forbidden(String),
    /// `{{}}`, or a name with characters that names do not have; holds what stands there.
    NotAName(String),
    /// More than [`MAX_TEMPLATE_BYTES`].
    TooLong,
    /// A character that cannot be shown, or is kept for our own use.
    BadCharacter(char),
    /// `*`, `**` or a backtick that is opened and not closed; holds the mark.
    MarkUnclosed(&'static str),
    /// The template engine refused it for a reason that the checks above do not name; holds its words.
    Engine(String),
}

/// A value for a blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words; shown as they are, never read as markup. Empty words count as unknown.
    Text(String),
    /// Words that somebody typed and nobody approved; as [`Value::Text`], and no platform may make a link or a mention of
    /// them.
    Told(String),
    /// Only for `#if` and `#unless`.
    Flag(bool),
    /// A link of the voice.
    Link {
        /// What the customer sees.
        label: String,
        /// Where it leads.
        url: String,
    },
}

/// What is known when a wording is filled, by variable name (`link.returns` has a dot in its name).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, Value>);

impl Values {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a value.
    pub fn set(&mut self, name: impl Into<String>, value: Value) -> &mut Self {
        self.0.insert(name.into(), value);
        self
    }

    /// Adds or replaces words.
    pub fn text(&mut self, name: impl Into<String>, text: impl Into<String>) -> &mut Self {
        self.set(name, Value::Text(text.into()))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Every name and value, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn to_json(&self) -> Json {
        let mut root = Map::new();
        for (name, value) in &self.0 {
            let Some(json) = value.to_json() else { continue };
            match name.split_once('.') {
                None => {
                    root.insert(name.clone(), json);
                }
                Some((group, member)) => {
                    let group = root.entry(group).or_insert_with(|| Json::Object(Map::new()));
                    if let Json::Object(members) = group {
                        members.insert(member.to_owned(), json);
                    }
                }
            }
        }
        Json::Object(root)
    }
}

impl Value {
    fn to_json(&self) -> Option<Json> {
        match self {
            Value::Flag(flag) => Some(Json::Bool(*flag)),
            Value::Text(text) => {
                let text = clean_value(text);
                (!text.is_empty()).then(|| Json::String(format!("{VALUE_OPEN}{text}{VALUE_CLOSE}")))
            }
            Value::Told(text) => {
                let text = clean_value(text);
                (!text.is_empty()).then(|| Json::String(format!("{VALUE_OPEN}{TOLD}{text}{VALUE_CLOSE}")))
            }
            Value::Link { label, url } => {
                let (label, url) = (clean_value(label), clean_value(url));
                Some(Json::String(format!("{VALUE_OPEN}{label}{LINK_PART}{url}{VALUE_CLOSE}")))
            }
        }
    }
}

/// A value as it may be shown: no marks of ours, no control characters, no bidirectional overrides, cut to
/// [`MAX_VALUE_CHARS`]; line breaks become spaces.
fn clean_value(text: &str) -> String {
    let shown = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| is_showable(*c));
    let mut out: String = shown.clone().take(MAX_VALUE_CHARS).collect();
    if shown.count() > MAX_VALUE_CHARS {
        out.push('…');
    }
    out.trim().to_owned()
}

/// Whether a character may stand in a message: not a control, not private use, not a bidirectional override or isolate.
pub fn is_showable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        && !matches!(u32::from(c), 0xF_0000..=0x10_FFFF | 0xE_0000..=0xE_007F)
}

/// Text without characters that do something instead of being seen, or change the order of reading. Line breaks stay, and
/// are all of one kind.
pub fn shown(text: &str) -> String {
    let breaks = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    breaks.chars().filter(|c| *c == '\n' || is_showable(*c)).collect()
}

/// Why a wording cannot be used now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfilled {
    /// It names something that is not known.
    #[error("a value is not known: {0}")]
    Unknown(String),
    /// Filled, it is longer than [`MAX_RENDERED_BYTES`].
    #[error("the filled text is too long")]
    TooLong,
}

/// One engine for all wordings: no partials, no own helpers, strict (an unknown name is an error), nothing escaped,
/// because values are marked off and adapters escape for their platform.
static ENGINE: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(handlebars::no_escape);
    engine
});

impl Template {
    /// Proves and compiles a wording.
    ///
    /// # Errors
    /// Every fault found, in the order of places.
    pub fn parse(source: &str) -> Result<Self, Vec<TemplateFault>> {
        let scan = Scan::run(source);
        if !scan.faults.is_empty() {
            return Err(scan.faults);
        }
        match handlebars::Template::compile(source) {
            Ok(compiled) => Ok(Self { source: source.to_owned(), compiled, uses: scan.uses }),
            Err(error) => {
                let kind = FaultKind::Engine(error.reason().to_string());
                Err(vec![TemplateFault { at: 0..source.len(), kind }])
            }
        }
    }

    /// The wording as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every place that names a variable, in order.
    pub fn uses(&self) -> &[Use] {
        &self.uses
    }

    /// The variables without which the wording cannot be used.
    pub fn needs(&self) -> BTreeSet<&str> {
        self.uses.iter().filter(|u| u.needed).map(|u| u.name.as_str()).collect()
    }

    /// Fills the blanks.
    ///
    /// # Errors
    /// When a name is not known, or the filled text is longer than [`MAX_RENDERED_BYTES`].
    pub fn render(&self, values: &Values) -> Result<Content, Unfilled> {
        let context = Context::from(values.to_json());
        let mut out = StringOutput::new();
        let mut state = RenderContext::new(None);
        self.compiled
            .render(&ENGINE, &context, &mut state, &mut out)
            .map_err(|error| Unfilled::Unknown(error.reason().to_string()))?;
        let text = out.into_string().map_err(|_| Unfilled::TooLong)?;
        if text.len() > MAX_RENDERED_BYTES {
            return Err(Unfilled::TooLong);
        }
        Ok(Content::from_rendered(&text))
    }
}

/// Equality is that of the source: the rest is derived from it.
impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Template {}

/// One pass over the tags of a wording.
struct Scan<'s> {
    source: &'s str,
    blocks: Vec<Block>,
    uses: Vec<Use>,
    faults: Vec<TemplateFault>,
}

/// An open `#if` or `#unless`.
struct Block {
    keyword: &'static str,
    name: String,
    /// Whether, where we are, the name is known to be known.
    known_here: bool,
    at: Range<usize>,
    has_else: bool,
}

impl<'s> Scan<'s> {
    fn run(source: &'s str) -> Self {
        let mut scan = Self { source, blocks: Vec::new(), uses: Vec::new(), faults: Vec::new() };
        if source.len() > MAX_TEMPLATE_BYTES {
            scan.fault(0..source.len(), FaultKind::TooLong);
            return scan;
        }
        for (at, c) in source.char_indices() {
            if c != '\n' && !is_showable(c) {
                scan.fault(at..at + c.len_utf8(), FaultKind::BadCharacter(c));
            }
        }
        scan.tags();
        scan.marks();
        while let Some(block) = scan.blocks.pop() {
            scan.fault(block.at, FaultKind::BlockUnclosed(block.keyword.to_owned()));
        }
        scan.faults.sort_by_key(|fault| fault.at.start);
        scan
    }

    fn fault(&mut self, at: Range<usize>, kind: FaultKind) {
        self.faults.push(TemplateFault { at, kind });
    }

    fn tags(&mut self) {
        let mut from = 0;
        while let Some(open) = self.source[from..].find("{{").map(|i| from + i) {
            self.stray_close(from..open);
            let Some(close) = self.source[open..].find("}}").map(|i| open + i) else {
                self.fault(open..self.source.len().min(open + 40).max(open + 2), FaultKind::Unclosed);
                return;
            };
            // A tag that swallows another opening was never closed itself.
            if self.source[open + 2..close].contains("{{") && !self.source[open..].starts_with("{{{") {
                self.fault(open..open + 2, FaultKind::Unclosed);
                from = open + 2;
                continue;
            }
            let mut end = close + 2;
            while self.source[end..].starts_with('}') {
                end += 1;
            }
            self.tag(open..end);
            from = end;
        }
        self.stray_close(from..self.source.len());
    }

    fn stray_close(&mut self, part: Range<usize>) {
        if let Some(at) = self.source[part.clone()].find("}}").map(|i| part.start + i) {
            self.fault(at..at + 2, FaultKind::Unopened);
        }
    }

    fn tag(&mut self, at: Range<usize>) {
        let whole = &self.source[at.clone()];
        let escaped = self.source[..at.start].ends_with('\\');
        let inside = whole.trim_start_matches('{').trim_end_matches('}').trim();
        if escaped || whole.starts_with("{{{") || whole.ends_with("}}}") {
            self.fault(at, FaultKind::Forbidden(whole.to_owned()));
            return;
        }
        let (word, rest) = inside.split_once(char::is_whitespace).map_or((inside, ""), |(w, r)| (w, r.trim()));
        match (word, rest) {
            ("#if", name) if is_name(name) => self.open("if", name, at),
            ("#unless", name) if is_name(name) => self.open("unless", name, at),
            ("#if" | "#unless", other) => self.fault(at, FaultKind::NotAName(other.to_owned())),
            ("else", "") => self.turn(at),
            ("/if", "") => self.close("if", at),
            ("/unless", "") => self.close("unless", at),
            (name, "") if is_name(name) => self.print(name, at),
            _ if inside.is_empty()
                || inside.starts_with(|c: char| c.is_alphanumeric()) && !inside.contains(['(', '=', '"', '\'']) =>
            {
                self.fault(at, FaultKind::NotAName(inside.to_owned()));
            }
            _ => self.fault(at, FaultKind::Forbidden(whole.to_owned())),
        }
    }

    fn open(&mut self, keyword: &'static str, name: &str, at: Range<usize>) {
        self.uses.push(Use { name: name.to_owned(), at: at.clone(), needed: false, asked: true });
        self.blocks.push(Block { keyword, name: name.to_owned(), known_here: keyword == "if", at, has_else: false });
    }

    fn turn(&mut self, at: Range<usize>) {
        match self.blocks.last_mut() {
            Some(block) if !block.has_else => {
                block.has_else = true;
                block.known_here = !block.known_here;
            }
            _ => self.fault(at, FaultKind::BlockUnopened("else".to_owned())),
        }
    }

    fn close(&mut self, keyword: &str, at: Range<usize>) {
        if self.blocks.last().is_some_and(|block| block.keyword == keyword) {
            self.blocks.pop();
        } else {
            self.fault(at, FaultKind::BlockUnopened(format!("/{keyword}")));
        }
    }

    fn print(&mut self, name: &str, at: Range<usize>) {
        let known = self.blocks.iter().any(|block| block.known_here && block.name == name);
        self.uses.push(Use { name: name.to_owned(), at, needed: !known, asked: false });
    }

    /// Emphasis marks must pair up within the wording, blanks aside.
    fn marks(&mut self) {
        let mut open: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut at = 0;
        while at < self.source.len() {
            let rest = &self.source[at..];
            let in_code = open.contains_key("`");
            let mark = match rest {
                r if r.starts_with("{{") => {
                    at += r.find("}}").map_or(r.len(), |i| i + 2);
                    continue;
                }
                r if r.starts_with('`') => "`",
                r if r.starts_with("**") && !in_code => "**",
                r if r.starts_with('*') && !in_code => "*",
                r => {
                    at += r.chars().next().map_or(1, char::len_utf8);
                    continue;
                }
            };
            if open.remove(mark).is_none() {
                open.insert(mark, at);
            }
            at += mark.len();
        }
        for (mark, start) in open {
            self.fault(start..start + mark.len(), FaultKind::MarkUnclosed(mark));
        }
    }
}

/// Whether this can name a variable: lower-case words and digits with `_` or `-`, with at most one dot.
fn is_name(text: &str) -> bool {
    let word = |w: &str| {
        w.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    !matches!(text, "else" | "this") && text.splitn(2, '.').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::content::{Inline, Style};

    fn faults(source: &str) -> Vec<FaultKind> {
        Template::parse(source).err().unwrap_or_default().into_iter().map(|f| f.kind).collect()
    }

    #[test]
    fn only_blanks_if_and_unless_are_accepted() {
        for fine in [
            "Hello.",
            "Hello {{first_name}}.",
            "{{#if first_name}}Hello {{first_name}}{{else}}Hello{{/if}}.",
            "See {{link.returns}}.{{#unless open}} We are closed.{{/unless}}",
            "Type *human* or **stop** or `LL-123456`.",
        ] {
            assert_eq!(faults(fine), [], "{fine}");
        }
        for forbidden in [
            "{{{name}}}",
            "{{&name}}",
            "{{> other}}",
            "{{#each names}}x{{/each}}",
            "{{#with a}}{{/with}}",
            "{{lookup a b}}",
            "{{!-- note --}}",
            "{{~name~}}",
            "\\{{name}}",
            "{{{{raw}}}}x{{{{/raw}}}}",
            "{{log name}}",
            "{{#*inline \"x\"}}{{/inline}}",
            "{{(a)}}",
            "{{this}}",
            "{{../x}}",
            "{{@root}}",
            "{{a b=1}}",
            "{{else if x}}",
            "{{a.b.c}}",
        ] {
            assert!(!faults(forbidden).is_empty(), "{forbidden}");
        }
    }

    #[test]
    fn an_unclosed_tag_is_named_where_it_opens() {
        let fault = &Template::parse("Hi {{name, welcome").unwrap_err()[0];
        assert_eq!((fault.kind.clone(), fault.at.start), (FaultKind::Unclosed, 3));
        assert_eq!(faults("a {{b and {{c}}"), [FaultKind::Unclosed]);
        assert_eq!(faults("a }} b"), [FaultKind::Unopened]);
        assert_eq!(faults("{{#if a}}x"), [FaultKind::BlockUnclosed("if".into())]);
        assert_eq!(faults("x{{/if}}"), [FaultKind::BlockUnopened("/if".into())]);
        assert_eq!(faults("5 * 3"), [FaultKind::MarkUnclosed("*")]);
    }

    #[test]
    fn a_blank_inside_its_own_if_is_not_needed() {
        let template =
            Template::parse("{{a}}{{#if b}}{{b}}{{c}}{{else}}{{b}}{{/if}}{{#unless d}}{{else}}{{d}}{{/unless}}")
                .unwrap();
        assert_eq!(template.needs().into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        let guarded = Template::parse("{{#if b}}{{b}}{{/if}}").unwrap();
        assert!(guarded.needs().is_empty());
    }

    #[test]
    fn an_unknown_or_empty_value_makes_the_wording_unusable_instead_of_printing_nothing() {
        let template = Template::parse("Hi {{first_name}}!").unwrap();
        assert!(template.render(&Values::new()).is_err());
        assert!(template.render(Values::new().text("first_name", " \u{202E}")).is_err());
        assert_eq!(template.render(Values::new().text("first_name", "Ana")).unwrap().to_plain(), "Hi Ana!");
    }

    #[test]
    fn values_are_never_markup_templates_or_links() {
        let template = Template::parse("Hi *{{name}}*, see {{link.help}}.").unwrap();
        for hostile in [
            "**bold**",
            "`x`",
            "{{secret}}",
            "{{#each a}}",
            "a\u{E000}b\u{E002}c\u{E001}",
            "[x](https://evil.test)",
            "@everyone",
        ] {
            let mut values = Values::new();
            values
                .text("name", hostile)
                .set("link.help", Value::Link { label: "Help".into(), url: "https://a.example/".into() });
            let content = template.render(&values).unwrap();
            let expected: String = hostile.chars().filter(|c| is_showable(*c)).collect();
            let link = Inline::Link { label: "Help".into(), url: "https://a.example/".into() };
            let plain = |text: &str| Inline::Text { text: text.into(), style: Style::Plain };
            let name = Inline::Text { text: expected, style: Style::Emphasis };
            assert_eq!(content.paragraphs, [vec![plain("Hi "), name, plain(", see "), link, plain(".")]]);
        }
    }

    #[test]
    fn an_empty_line_parts_paragraphs() {
        let content = Template::parse("One\ntwo.\n\n\nThree.").unwrap().render(&Values::new()).unwrap();
        assert_eq!(content.to_plain(), "One\ntwo.\n\nThree.");
        assert_eq!(content.paragraphs.len(), 2);
    }
}
