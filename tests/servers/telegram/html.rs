//! `parse_mode` HTML.

use serde_json::{Map, Value, json};

struct Open {
    tag: String,
    entity: Option<Value>,
    at: usize,
}

/// Text and entities of HTML, or what is wrong with it. Tags and named entities are those of "HTML style" (Bot API,
/// Formatting options): "Only the tags mentioned above are currently supported. [...] All numerical HTML entities are
/// supported. The API currently supports only the following named HTML entities: &lt;, &gt;, &amp; and &quot;."
pub fn parse(input: &str) -> Result<(String, Vec<Value>), String> {
    let mut text = String::new();
    let mut units = 0;
    let mut stack: Vec<Open> = Vec::new();
    let mut entities: Vec<Value> = Vec::new();
    let mut at = 0;
    while let Some(c) = input[at..].chars().next() {
        let rest = &input[at..];
        if c == '&'
            && let Some((decoded, length)) = character(rest)
        {
            text.push(decoded);
            units += decoded.len_utf16();
            at += length;
        } else if c == '<' {
            let end = rest.find('>').ok_or_else(|| match rest.starts_with("</") {
                true => format!("Unclosed end tag at byte offset {at}"),
                false => format!("Unclosed start tag at byte offset {at}"),
            })?;
            let inside = &rest[1..end];
            if let Some(tag) = inside.strip_prefix('/') {
                let open = stack.pop().ok_or_else(|| format!("Unexpected end tag at byte offset {at}"))?;
                let tag = tag.trim().to_ascii_lowercase();
                if tag != open.tag && !tag.is_empty() {
                    return Err(format!(
                        "Unmatched end tag at byte offset {at}, expected \"</{}>\", found \"</{tag}>\"",
                        open.tag
                    ));
                }
                close(open, units, &mut entities);
            } else {
                let (tag, attributes) = tag(inside);
                let entity = entity(&tag, &attributes, at, &mut stack)?;
                stack.push(Open { tag, entity, at: units });
            }
            at += end + 1;
        } else {
            text.push(c);
            units += c.len_utf16();
            at += c.len_utf8();
        }
    }
    if let Some(open) = stack.last() {
        return Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag));
    }
    entities.sort_by_key(|entity| (entity["offset"].as_u64(), std::cmp::Reverse(entity["length"].as_u64())));
    Ok((text, entities))
}

fn close(open: Open, units: usize, entities: &mut Vec<Value>) {
    if let Some(mut entity) = open.entity.filter(|_| units > open.at) {
        entity["offset"] = json!(open.at);
        entity["length"] = json!(units - open.at);
        entities.push(entity);
    }
}

/// The entity a start tag opens (Bot API, MessageEntity); none for a link that leads nowhere.
fn entity(tag: &str, attributes: &Map<String, Value>, at: usize, stack: &mut [Open]) -> Result<Option<Value>, String> {
    let plain = |kind: &str| Ok(Some(json!({ "type": kind })));
    match tag {
        "b" | "strong" => plain("bold"),
        "i" | "em" => plain("italic"),
        "u" | "ins" => plain("underline"),
        "s" | "strike" | "del" => plain("strikethrough"),
        "tg-spoiler" => plain("spoiler"),
        "span" if attributes.get("class").is_some_and(|class| class == "tg-spoiler") => plain("spoiler"),
        "span" => Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}")),
        "pre" => plain("pre"),
        "blockquote" if attributes.contains_key("expandable") => plain("expandable_blockquote"),
        "blockquote" => plain("blockquote"),
        "code" => {
            // "Use nested pre and code tags, to define programming language for pre entity."
            let class = attributes.get("class").and_then(Value::as_str).unwrap_or_default();
            if let (Some(language), Some(open)) = (class.strip_prefix("language-"), stack.last_mut())
                && open.tag == "pre"
                && let Some(pre) = &mut open.entity
            {
                pre["language"] = json!(language);
                return Ok(None);
            }
            plain("code")
        }
        "a" => {
            let href = attributes.get("href").and_then(Value::as_str).unwrap_or_default();
            let url = reqwest::Url::parse(href).or_else(|_| reqwest::Url::parse(&format!("http://{href}")));
            Ok(url.ok().filter(|_| !href.is_empty()).map(|url| json!({ "type": "text_link", "url": url.as_str() })))
        }
        "tg-emoji" => Ok(attributes.get("emoji-id").map(|id| json!({ "type": "custom_emoji", "custom_emoji_id": id }))),
        other => Err(format!("Unsupported start tag \"{other}\" at byte offset {at}")),
    }
}

/// Name and attributes of what stands between `<` and `>`.
fn tag(inside: &str) -> (String, Map<String, Value>) {
    let (name, mut rest) = inside.split_at(inside.find(char::is_whitespace).unwrap_or(inside.len()));
    let mut attributes = Map::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (name.to_ascii_lowercase(), attributes);
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (start, stop) = match quote {
                Some(quote) => (1, after[1..].find(quote).map(|at| at + 1)),
                None => (0, after.find(char::is_whitespace)),
            };
            let stop = stop.unwrap_or(after.len());
            value = &after[start.min(stop)..stop];
            rest = &after[(stop + start).min(after.len())..];
        }
        attributes.insert(key, json!(decode(value)));
    }
}

fn decode(value: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(c) = value[at..].chars().next() {
        let (c, length) = character(&value[at..]).unwrap_or((c, c.len_utf8()));
        text.push(c);
        at += length;
    }
    text
}

/// The character an HTML entity at the beginning stands for, and how many bytes the entity is long.
fn character(rest: &str) -> Option<(char, usize)> {
    let body = rest.strip_prefix('&')?;
    let end = body.find(';').filter(|end| *end <= 10)?;
    let c = match &body[..end] {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        number => {
            let digits = number.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')?
        }
    };
    Some((c, end + 2))
}
