//! Finding one's way in the schema: where a key lives, which headers there are.

use super::{Field, Kind, ROOT, Shape};
use crate::voice::lines::Line;

/// Every place in the file where a key stands, as a section header: `[brand]`, `[[answers.say]]`.
pub(crate) fn homes(key: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&ROOT, "", &mut |header, shape| {
        if shape.field(key).is_some() {
            found.push(header.to_owned());
        }
    });
    if Line::ALL.iter().any(|line| line.key() == key) {
        found.push("[lines]".to_owned());
    }
    found
}

/// Paths of blocks, of which there can be several: `answers`, `answers.say`.
pub(crate) fn blocks() -> Vec<String> {
    let mut found = Vec::new();
    walk(&ROOT, "", &mut |header, _| {
        if let Some(path) = header.strip_prefix("[[") {
            found.push(path.trim_end_matches(']').to_owned());
        }
    });
    found
}

/// Whether this is the path of a section that stands once.
pub(crate) fn is_section(path: &str) -> bool {
    let names: Vec<&str> = path.split('.').collect();
    let first = names.first().and_then(|name| ROOT.field(name));
    let mut found = first.is_some_and(|field| matches!(field.kind, Kind::Facts | Kind::Lines));
    walk(&ROOT, "", &mut |header, _| {
        let parts: Vec<&str> = header.trim_matches(['[', ']']).split('.').collect();
        let same =
            parts.len() == names.len() && parts.iter().zip(&names).all(|(part, name)| *part == "NAME" || part == name);
        found = found || same && !header.starts_with("[[");
    });
    found
}

/// Every kind of value that a key of this name takes somewhere.
pub(crate) fn kinds_of(key: &str) -> Vec<Kind> {
    let mut found: Vec<Kind> = ROOT.field(key).map(|field| field.kind).into_iter().collect();
    walk(&ROOT, "", &mut |_, shape| found.extend(shape.field(key).map(|field| field.kind)));
    if Line::ALL.iter().any(|line| line.key() == key) {
        found.push(Kind::Text);
    }
    found
}

/// Whether there is a key of this name somewhere.
pub(crate) fn is_key(key: &str) -> bool {
    !kinds_of(key).is_empty()
}

/// A value as a key of this name could have.
pub(crate) fn example(key: &str) -> Option<&'static str> {
    let mut found = ROOT.field(key).map(|field| field.example);
    walk(&ROOT, "", &mut |_, shape| found = found.or(shape.field(key).map(|field| field.example)));
    found.filter(|example| !example.is_empty())
}

/// The field that a section's header stands for: `[[answers.say]]` -> `say`.
pub(crate) fn field_at(header: &str) -> Option<&'static Field> {
    let mut shape = &ROOT;
    let mut found = None;
    for name in header.trim_matches(['[', ']']).split('.').filter(|name| *name != "NAME") {
        let field = shape.field(name)?;
        found = Some(field);
        let Some(inner) = field.kind.shape() else { break };
        shape = inner;
    }
    found
}

/// Visits every shape below one, with its header.
pub(crate) fn walk(shape: &'static Shape, path: &str, visit: &mut dyn FnMut(&str, &'static Shape)) {
    for field in shape.fields {
        let Some(inner) = field.kind.shape() else { continue };
        let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        let path = if matches!(field.kind, Kind::Named(..)) { format!("{path}.NAME") } else { path };
        let many = matches!(field.kind, Kind::Tables(_) | Kind::Say(_));
        let header = if many { format!("[[{path}]]") } else { format!("[{path}]") };
        visit(&header, inner);
        walk(inner, &path, visit);
    }
}
