//! Rust source as the guards see it: code without comments, strings set apart, tests left out.

use std::fs;
use std::path::Path;

/// One file of `src/`.
pub struct File {
    /// Its path below `src/`, such as `engine/mod.rs`.
    pub path: String,
    /// Its text, with comments, the insides of strings and everything under `#[cfg(test)]` blanked out; lines and bytes
    /// stand where they stood.
    pub code: String,
    /// Its strings, without those of tests.
    pub strings: Vec<Literal>,
}

/// A string in the source.
pub struct Literal {
    /// Byte of its opening quote.
    pub at: usize,
    /// What stands between the quotes, as written.
    pub text: String,
}

impl File {
    /// Reads source text.
    pub fn new(path: &str, text: &str) -> Self {
        let (mut code, mut strings) = mask(text);
        for range in test_items(&code) {
            strings.retain(|literal| !range.contains(&literal.at));
            let mut bytes = code.into_bytes();
            blank(&mut bytes, range);
            code = String::from_utf8(bytes).unwrap();
        }
        Self { path: path.to_owned(), code, strings }
    }

    /// The first part of the path: `engine` of `engine/mod.rs`, `main.rs` of `main.rs`.
    pub fn folder(&self) -> &str {
        self.path.split('/').next().unwrap()
    }

    /// `src/path:line` of a byte.
    pub fn place(&self, at: usize) -> String {
        format!("src/{}:{}", self.path, self.code[..at].matches('\n').count() + 1)
    }
}

/// Every file of `src/` that is not a test.
pub fn all() -> Vec<File> {
    let mut texts = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(), "", &mut texts);
    texts.sort();
    let tests: Vec<String> = texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let is_test = |path: &str| {
        tests.iter().any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/")))
    };
    texts.iter().filter(|(path, _)| !is_test(path)).map(|(path, text)| File::new(path, text)).collect()
}

fn collect(folder: &Path, below: &str, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &path, texts);
        } else if name.ends_with(".rs") {
            texts.push((path, fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

/// Modules that a file declares for tests alone (`#[cfg(test)] mod tests;`), as paths without `.rs`.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let (code, _) = mask(text);
    let items: Vec<String> = test_items(&code).into_iter().map(|range| code[range].to_owned()).collect();
    let inside = path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs")).unwrap();
    let inside = if matches!(path, "lib.rs" | "main.rs") { "" } else { inside };
    let names = items.iter().filter_map(|item| item.split("mod ").nth(1)?.strip_suffix(';'));
    names.map(|name| format!("{inside}/{}", name.trim()).trim_start_matches('/').to_owned()).collect()
}

/// Where the items under `#[cfg(test)]` stand.
fn test_items(code: &str) -> Vec<std::ops::Range<usize>> {
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(start) = code[from..].find("#[cfg(test)]").map(|at| at + from) {
        let mut depth = 0_usize;
        let body = start + "#[cfg(test)]".len();
        let end = code[body..].char_indices().find_map(|(at, c)| match c {
            '{' | '[' | '(' => {
                depth += 1;
                None
            }
            ']' | ')' => {
                depth = depth.saturating_sub(1);
                None
            }
            '}' => {
                depth = depth.saturating_sub(1);
                (depth == 0).then_some(body + at + 1)
            }
            ';' if depth == 0 => Some(body + at + 1),
            _ => None,
        });
        let end = end.unwrap_or(code.len());
        items.push(start..end);
        from = end;
    }
    items
}

/// The text with comments and the insides of strings blanked out, and the strings.
fn mask(text: &str) -> (String, Vec<Literal>) {
    let bytes = text.as_bytes();
    let mut masked = bytes.to_vec();
    let mut strings = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        let end = if rest.starts_with(b"//") {
            blank(&mut masked, at..line_end(bytes, at))
        } else if rest.starts_with(b"/*") {
            blank(&mut masked, at..comment_end(bytes, at))
        } else if let Some(inside) = string_at(bytes, at) {
            strings.push(Literal { at, text: text[inside.clone()].to_owned() });
            blank(&mut masked, inside.clone());
            inside.end + 1
        } else if rest[0] == b'\'' {
            char_end(text, at)
        } else if is_word(rest[0]) {
            // A whole word at once, so that the r of `for"` is not taken for a raw string.
            at + rest.iter().take_while(|byte| is_word(**byte)).count()
        } else {
            at + 1
        };
        at = end;
    }
    (String::from_utf8(masked).unwrap(), strings)
}

fn blank(masked: &mut [u8], range: std::ops::Range<usize>) -> usize {
    for byte in &mut masked[range.clone()] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
    range.end
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end)
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut here) = (0_usize, at);
    while here < bytes.len() {
        if bytes[here..].starts_with(b"/*") {
            depth += 1;
            here += 2;
        } else if bytes[here..].starts_with(b"*/") {
            depth -= 1;
            here += 2;
            if depth == 0 {
                break;
            }
        } else {
            here += 1;
        }
    }
    here
}

/// The inside of the string that begins here, if one does: `"…"`, `b"…"`, `r"…"`, `r#"…"#`.
fn string_at(bytes: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let prefix = bytes[at..].iter().take_while(|byte| matches!(byte, b'r' | b'b' | b'c')).count();
    let raw = prefix <= 2 && bytes[at..at + prefix].contains(&b'r');
    let hashes = bytes[at + prefix..].iter().take_while(|byte| raw && **byte == b'#').count();
    let quote = at + prefix + hashes;
    if prefix > 2 || bytes.get(quote) != Some(&b'"') {
        return None;
    }
    let mut here = quote + 1;
    let closing: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    while here < bytes.len() && !bytes[here..].starts_with(&closing) {
        here += if !raw && bytes[here] == b'\\' { 2 } else { 1 };
    }
    Some(quote + 1..here.min(bytes.len()))
}

/// Behind a character such as `'"'`; a lifetime is passed by its quote alone.
fn char_end(text: &str, at: usize) -> usize {
    let mut chars = text[at + 1..].char_indices();
    match chars.next() {
        Some((_, '\\')) => text[at + 3..].find('\'').map_or(at + 1, |end| at + 3 + end + 1),
        Some((_, first)) if text[at + 1 + first.len_utf8()..].starts_with('\'') => at + 2 + first.len_utf8(),
        _ => at + 1,
    }
}

#[test]
fn comments_strings_and_tests_are_told_from_code() {
    let text = r###"
// use crate::a;
/* use crate::b; /* nested */ still */
fn f<'a>(c: char) -> &'a str { if c == '"' || c == '\'' { "use crate::c;" } else { r#"a " b"# } }
#[cfg(test)]
mod tests { fn g() { h("in a test"); } }
#[cfg(test)]
mod more;
use crate::d;
"###;
    let file = File::new("x.rs", text);
    assert_eq!(file.code.len(), text.len());
    assert!(file.code.contains("use crate::d;") && file.code.contains("fn f<'a>"), "{}", file.code);
    for gone in ["crate::a", "crate::b", "crate::c", "still", "fn g", "more"] {
        assert!(!file.code.contains(gone), "{gone}: {}", file.code);
    }
    let strings: Vec<&str> = file.strings.iter().map(|literal| literal.text.as_str()).collect();
    assert_eq!(strings, ["use crate::c;", "a \" b"]);
    assert_eq!(test_modules("engine/mod.rs", text), ["engine/more"]);
}
