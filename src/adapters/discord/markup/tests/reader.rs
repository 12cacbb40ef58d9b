//! A small reader of Discord's Markdown, written from its help page and the rules of its Markdown library, without a look
//! at the writer.

/// A piece of a message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Text(String),
    /// Emphasis, strong, code, …: what kind, and the words in it.
    Styled(&'static str, String),
    /// Label and address.
    Link(String, String),
}

impl Node {
    pub fn kind(&self) -> &'static str {
        match self {
            Node::Text(_) => "text",
            Node::Styled(kind, _) => kind,
            Node::Link(..) => "link",
        }
    }

    pub fn words(&self) -> String {
        match self {
            Node::Text(text) | Node::Styled(_, text) | Node::Link(text, _) => text.clone(),
        }
    }

    /// Without what is not seen.
    pub fn seen(self) -> Self {
        match self {
            Node::Text(text) => Node::Text(text.replace('\u{200b}', "")),
            Node::Styled(..) | Node::Link(..) => self,
        }
    }
}

/// Reads a message.
pub fn read(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut rest = text;
    let mut line_start = true;
    while !rest.is_empty() {
        let (node, length) = (line_start.then(|| block(rest)).flatten())
            .or_else(|| inline(rest))
            .unwrap_or_else(|| (Node::Text(first(rest).to_owned()), first(rest).len()));
        line_start = rest[..length].ends_with('\n') || (line_start && rest[..length].trim().is_empty());
        rest = &rest[length..];
        match (nodes.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
            (_, node) => nodes.push(node),
        }
    }
    nodes
}

fn first(text: &str) -> &str {
    let length = text.chars().next().map_or(0, char::len_utf8);
    &text[..length]
}

/// Headings, small print, quotes and lists.
fn block(text: &str) -> Option<(Node, usize)> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let numbered = if digits > 0 { text[digits..].strip_prefix(". ").map(|_| digits + 2) } else { None };
    for (mark, kind) in [
        ("### ", "heading"),
        ("## ", "heading"),
        ("# ", "heading"),
        ("-# ", "small"),
        (">>> ", "quote"),
        ("> ", "quote"),
        ("- ", "list"),
        ("* ", "list"),
        ("+ ", "list"),
    ] {
        if text.starts_with(mark) {
            return Some((Node::Styled(kind, String::new()), mark.len()));
        }
    }
    numbered.map(|length| (Node::Styled("list", String::new()), length))
}

fn inline(text: &str) -> Option<(Node, usize)> {
    escaped(text)
        .or_else(|| web(text))
        .or_else(|| angle(text))
        .or_else(|| masked_link(text))
        .or_else(|| invitation(text))
        .or_else(|| pings(text))
        .or_else(|| code(text))
        .or_else(|| styled(text))
}

fn escaped(text: &str) -> Option<(Node, usize)> {
    let sign = text.strip_prefix('\\')?.chars().next()?;
    let is_sign = !sign.is_ascii_alphanumeric() && !sign.is_whitespace();
    is_sign.then(|| (Node::Text(sign.to_string()), 1 + sign.len_utf8()))
}

fn web(text: &str) -> Option<(Node, usize)> {
    let begin = ["https://", "http://"].iter().find(|begin| text.starts_with(**begin))?;
    let length = text.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len());
    (length > begin.len()).then(|| (Node::Link(text[..length].to_owned(), text[..length].to_owned()), length))
}

/// What stands between angle brackets: addresses, mentions, emoji, times, commands.
fn angle(text: &str) -> Option<(Node, usize)> {
    let inside = text.strip_prefix('<')?.split_once('>')?.0;
    let length = inside.len() + 2;
    if inside.starts_with("https://") || inside.starts_with("http://") {
        return Some((Node::Link(inside.to_owned(), inside.to_owned()), length));
    }
    let begins = |begin: &&str| inside.starts_with(*begin) && !inside.contains(char::is_whitespace);
    let known = ["@", "#", ":", "a:", "t:", "/", "id:", "mailto:", "tel:", "+", "sms:"];
    known.iter().any(begins).then(|| (Node::Styled("mention", inside.to_owned()), length))
}

fn masked_link(text: &str) -> Option<(Node, usize)> {
    let label_end = closing(text.strip_prefix('[')?, "]")? + 1;
    let behind = text[label_end + 1..].strip_prefix('(')?;
    let end = if behind.starts_with('<') { behind.find(">)")? + 1 } else { behind.find(')')? };
    let url = behind[..end].trim_start_matches('<').trim_end_matches('>');
    let label: String = read(&text[1..label_end]).iter().map(Node::words).collect();
    Some((Node::Link(label, url.to_owned()), label_end + 2 + end + 1))
}

/// An invitation to a server shows a card, wherever it stands.
fn invitation(text: &str) -> Option<(Node, usize)> {
    let lower = text.to_ascii_lowercase();
    let begin = ["discord.gg/", "discord.com/invite/"].iter().find(|begin| lower.starts_with(**begin))?;
    Some((Node::Styled("invitation", text[..begin.len()].to_owned()), begin.len()))
}

fn pings(text: &str) -> Option<(Node, usize)> {
    let begin = ["@everyone", "@here"].iter().find(|begin| text.starts_with(**begin))?;
    Some((Node::Styled("ping", begin.to_string()), begin.len()))
}

fn code(text: &str) -> Option<(Node, usize)> {
    let ticks = text.chars().take_while(|c| *c == '`').count();
    let (fence, behind) = text.split_at(ticks);
    let mut from = first(behind).len();
    while ticks > 0 && from > 0 {
        let at = from + behind[from..].find(fence)?;
        let run = behind[at..].chars().take_while(|c| *c == '`').count();
        if run == ticks && !behind[..at].ends_with('`') {
            return Some((Node::Styled("code", behind[..at].to_owned()), ticks * 2 + at));
        }
        from = at + run;
    }
    None
}

fn styled(text: &str) -> Option<(Node, usize)> {
    for (mark, kind) in [
        ("**", "strong"),
        ("__", "underline"),
        ("~~", "struck"),
        ("||", "spoiler"),
        ("*", "emphasis"),
        ("_", "emphasis"),
    ] {
        let Some(behind) = text.strip_prefix(mark) else { continue };
        let Some(end) = closing(behind, mark).filter(|end| *end > 0) else { continue };
        let blank = behind.starts_with(char::is_whitespace) || behind[..end].ends_with(char::is_whitespace);
        if mark == "*" && blank {
            continue;
        }
        let words: String = read(&behind[..end]).iter().map(Node::words).collect();
        return Some((Node::Styled(kind, words), mark.len() * 2 + end));
    }
    None
}

/// Where a mark ends what it began, not counting what is escaped.
fn closing(text: &str, mark: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with('\\') {
            at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8);
        } else if text[at..].starts_with(mark) {
            return Some(at);
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}
