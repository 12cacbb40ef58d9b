//! A wording with blanks, as plain text of the same length: what a customer may read.
//!
//! Every byte keeps its place, so that what is found in a reading can be pointed to in the wording.

use std::ops::Range;

/// Three ways to read one wording.
pub(super) struct Readings {
    /// Every branch of every condition.
    pub everything: String,
    /// Every variable is known.
    pub all_known: String,
    /// No variable is known.
    pub none_known: String,
}

/// Stands for every byte of a blank: counts as one word, and is none that anybody bans.
const BLANK: u8 = b'0';

impl Readings {
    /// Reads a wording that was proved to be well formed.
    pub fn of(wording: &str) -> Self {
        Self {
            everything: read(wording, |_| true),
            all_known: read(wording, |branch| branch == Branch::Known),
            none_known: read(wording, |branch| branch == Branch::Unknown),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Branch {
    Known,
    Unknown,
}

impl Branch {
    fn other(self) -> Self {
        match self {
            Branch::Known => Branch::Unknown,
            Branch::Unknown => Branch::Known,
        }
    }
}

fn read(wording: &str, taken: impl Fn(Branch) -> bool) -> String {
    let mut out = wording.as_bytes().to_vec();
    let mut fill =
        |range: Range<usize>, with: u8| out.get_mut(range).into_iter().flatten().for_each(|byte| *byte = with);
    let mut open: Vec<Branch> = Vec::new();
    let mut from = 0;
    while let Some(start) = wording.get(from..).and_then(|rest| rest.find("{{")).map(|i| from + i) {
        if !open.iter().all(|branch| taken(*branch)) {
            fill(from..start, b' ');
        }
        let end = wording.get(start..).and_then(|rest| rest.find("}}")).map_or(wording.len(), |i| start + i + 2);
        let tag = wording.get(start..end).unwrap_or_default().trim_matches(['{', '}', ' ']);
        let printed = !tag.starts_with(['#', '/']) && tag != "else" && open.iter().all(|branch| taken(*branch));
        fill(start..end, if printed { BLANK } else { b' ' });
        if tag.starts_with("#if") {
            open.push(Branch::Known);
        } else if tag.starts_with("#unless") {
            open.push(Branch::Unknown);
        } else if tag.starts_with('/') {
            open.pop();
        } else if tag == "else"
            && let Some(branch) = open.last_mut()
        {
            *branch = branch.other();
        }
        from = end;
    }
    String::from_utf8(out).unwrap_or_else(|_| " ".repeat(wording.len()))
}

#[cfg(test)]
mod tests {
    use super::Readings;

    #[test]
    fn a_reading_keeps_every_byte_in_its_place() {
        let wording = "Ü {{#if a}}yes {{a}}{{else}}nö{{/if}} {{#unless b}}c{{/unless}}.";
        let readings = Readings::of(wording);
        for reading in [&readings.everything, &readings.all_known, &readings.none_known] {
            assert_eq!(reading.len(), wording.len());
        }
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(&readings.everything), "Ü yes 00000 nö c .");
        assert_eq!(squeezed(&readings.all_known), "Ü yes 00000 .");
        assert_eq!(squeezed(&readings.none_known), "Ü nö c .");
    }
}
