//! Where links lead: https, a host of the brand, nothing hidden in the address.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::load::notes::UrlAt;
use crate::voice::read::nearest;
use crate::voice::source::Place;

pub(super) const RULE: Rule = Rule {
    codes: &[
        ("bad-link", "Addresses begin with https:// and hold no user name, port or number instead of a host."),
        ("foreign-link", "Links lead to hosts of `brand.allowed_link_hosts`, letter by letter."),
        ("bad-host", "`brand.allowed_link_hosts` holds plain host names."),
        ("raw-link", "Addresses stand in `[links]`, not in wordings or facts."),
    ],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    for node in whole.tree.table("brand").map(|brand| brand.list("allowed_link_hosts")).unwrap_or_default() {
        if let Some(host) = node.text()
            && let Err(reason) = check_host(host)
        {
            found.push(bad_host(host, reason, &node.place));
        }
    }
    for at in &whole.notes.urls {
        match host_of(&at.url) {
            Err(reason) => found.push(
                Diagnostic::error("bad-link", at.place.clone(), format!("The address {reason}."))
                    .because("A link that is not plainly the brand's could lead customers anywhere.")
                    .help("Write it as https://, the host, and the path: \"https://lanternloom.example/returns\"."),
            ),
            Ok(host) if at.listed && !whole.voice.brand.allowed_link_hosts.contains(&host) => {
                found.push(foreign(whole, at, &host))
            }
            Ok(_) => {}
        }
    }
    raw_links(whole, found);
}

fn bad_host(host: &str, reason: &str, place: &Place) -> Diagnostic {
    let finding = Diagnostic::error("bad-host", place.clone(), format!("\"{host}\" is not a host name: it {reason}."))
        .because("No link could ever match it.");
    let plain = host.trim().trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("*.");
    let plain = plain.split(['/', ':', '?']).next().unwrap_or_default().to_ascii_lowercase();
    if check_host(&plain).is_ok() {
        finding.help("Write the host alone, each one in full.").replace_with(format!("\"{plain}\""))
    } else {
        finding.help("Write the host alone, such as \"lanternloom.example\".")
    }
}

fn foreign(whole: &Whole<'_>, at: &UrlAt, host: &str) -> Diagnostic {
    let hosts = &whole.voice.brand.allowed_link_hosts;
    let finding = Diagnostic::error("foreign-link", at.place.clone(), format!("{host} is not on your list of hosts."))
        .because("A slip of one letter leads customers to somebody else's page.");
    match nearest(host, hosts.iter().map(String::as_str)) {
        Some(meant) if !host.ends_with(&format!(".{meant}")) => {
            finding.help(format!("Did you mean {meant}? If not, add \"{host}\" to `allowed_link_hosts` in [brand]."))
        }
        _ => finding.help(format!("If it is yours, add \"{host}\" to `allowed_link_hosts` in [brand].")),
    }
}

/// The host of an address, in small letters.
///
/// # Errors
/// What is wrong with it, to be put behind "the address".
fn host_of(url: &str) -> Result<String, &'static str> {
    if url.chars().any(|c| {
        c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>' | '`' | '{' | '}' | '|' | '^')
    }) {
        return Err("holds a space or another character that addresses do not have");
    }
    if !url.chars().all(crate::voice::template::is_showable) {
        return Err("holds a character that cannot be seen");
    }
    let Some(rest) = url.strip_prefix("https://") else {
        return Err(if url.starts_with("http://") {
            "begins with http://, which anybody on the way can read and change"
        } else {
            "does not begin with https://"
        });
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("hides a user name before the host (…@…)");
    }
    if authority.contains(':') || authority.contains('[') {
        return Err("has a port or a number instead of a host name");
    }
    if !authority.is_ascii() {
        return Err("has a letter in its host that is not one of a-z, though it may look like one");
    }
    let host = authority.to_ascii_lowercase();
    check_host(&host).map(|()| host).map_err(|_| "has no proper host name")
}

/// Whether this is a plain host name.
///
/// # Errors
/// What is wrong with it, to be put behind "it".
fn check_host(host: &str) -> Result<(), &'static str> {
    if host.contains("//") || host.contains('/') {
        return Err("is a whole address");
    }
    if host.contains('*') {
        return Err("has a star; every host is listed in full");
    }
    if host.contains(':') || host.contains('@') {
        return Err("has a port or a user name");
    }
    if !host.is_ascii() {
        return Err("has letters beyond a-z; write it in its xn-- form, so that lookalikes are seen");
    }
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if host.len() > 253 || !host.contains('.') || !host.split('.').all(label) {
        return Err("is not made of words with dots between");
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    if !last.bytes().any(|b| b.is_ascii_alphabetic()) || last.starts_with("0x") {
        return Err("is a number");
    }
    Ok(())
}

/// Addresses that were written into sentences.
fn raw_links(whole: &Whole<'_>, found: &mut Found) {
    for variant in whole.notes.said.iter().flat_map(|said| &said.variants).filter(|v| !v.builtin) {
        for at in raw(&variant.text) {
            found.push(raw_link(whole.inside(variant, at)));
        }
    }
    for entry in whole.tree.table("facts").map(|facts| facts.entries.as_slice()).unwrap_or_default() {
        if entry.node.text().is_some_and(|text| raw(text).next().is_some()) {
            found.push(raw_link(entry.node.place.clone()));
        }
    }
}

/// Addresses in a text, also those without https:// that chat programs turn into links.
fn raw(text: &str) -> impl Iterator<Item = Range<usize>> {
    static ADDRESS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?i)(?:https?://|\bwww\.)[^\s)>"]+"#).ok());
    let perhaps = text.contains("//") || text.to_ascii_lowercase().contains("www");
    ADDRESS.iter().filter(move |_| perhaps).flat_map(|address| address.find_iter(text)).map(|found| found.range())
}

fn raw_link(place: Place) -> Diagnostic {
    Diagnostic::error("raw-link", place, "An address stands in the text itself.")
        .because("It would not be checked against your hosts, and looks different on every platform.")
        .help("Write a block [links.NAME] with label and url, and say {{link.NAME}} here or link = \"NAME\" in the answer.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_could_mislead_has_no_host() {
        for bad in [
            "",
            "http://a.example",
            "HTTPS//a.example",
            "//a.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "https://good.example@evil.example",
            "https://good.example:pw@evil.example/",
            "https://a.example:8443/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://localhost/",
            "https://a.example\\@evil.example",
            "https://a.example /",
            "https://а.example/",
            "https://-a.example/",
            "https://a..example/",
            "https://a.example./",
            "https://%61.example/",
            "https:/a.example/",
            "https://a.example\n/",
            " https://a.example",
            "ftp://a.example",
            "tg://user?id=1",
            "mailto:a@a.example",
            "https://a_b.example/",
            "https://a.example\u{202E}/",
        ] {
            assert!(host_of(bad).is_err(), "{bad:?}");
        }
        for (good, host) in [
            ("https://a.example", "a.example"),
            ("https://A.Example/x?y=@z#w:1", "a.example"),
            ("https://xn--e1aybc.example/", "xn--e1aybc.example"),
        ] {
            assert_eq!(host_of(good).as_deref(), Ok(host));
        }
    }

    #[test]
    fn each_address_in_a_text_is_found_once() {
        let text = "See https://www.a.example/x (or WWW.b.example) and awww.";
        let found: Vec<&str> = raw(text).map(|at| &text[at]).collect();
        assert_eq!(found, ["https://www.a.example/x", "WWW.b.example"]);
    }
}
