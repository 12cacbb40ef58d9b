//! Findings as people read them: the place, what is wrong, what a customer would notice, how to mend it.

use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::paint::Paint;
use crate::voice::lint::SECRET;
use crate::voice::source::{Place, Source};
use crate::voice::{Diagnostic, Level};

/// Every finding with its place in the text.
pub(super) fn render(findings: &[Diagnostic], sources: &[Source], paint: Paint) -> String {
    let renderer = if paint.is_on() { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let shown = without_secrets(findings, sources);
    findings.iter().map(|finding| format!("{}\n\n", renderer.render(&report(finding, &shown)))).collect()
}

/// The sources with stars in place of secrets: reports end up in logs.
fn without_secrets<'s>(findings: &[Diagnostic], sources: &'s [Source]) -> Vec<Cow<'s, Source>> {
    let mut shown: Vec<Cow<'_, Source>> = sources.iter().map(Cow::Borrowed).collect();
    for place in findings.iter().filter(|finding| finding.code == SECRET).map(|finding| &finding.place) {
        if let Some(source) = shown.get_mut(place.source)
            && let Some(secret) = source.text.get(place.bytes.clone())
        {
            let stars = "*".repeat(secret.len());
            source.to_mut().text.replace_range(place.bytes.clone(), &stars);
        }
    }
    shown
}

fn report<'f>(finding: &'f Diagnostic, sources: &'f [Cow<'_, Source>]) -> Vec<Group<'f>> {
    let level = match finding.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Hint => Shown::HELP.with_name("hint"),
    };
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code));
    let other = |place: &Place| place.source != finding.place.source;
    if let Some(source) = sources.get(finding.place.source) {
        let mut marked = snippet(source).annotation(AnnotationKind::Primary.span(inside(&finding.place, source)));
        for (place, words) in finding.related.iter().filter(|(place, _)| !other(place)) {
            marked = marked.annotation(AnnotationKind::Context.span(inside(place, source)).label(words.as_str()));
        }
        group = group.element(marked);
    }
    for (place, words) in finding.related.iter().filter(|(place, _)| other(place)) {
        if let Some(source) = sources.get(place.source) {
            let annotation = AnnotationKind::Context.span(inside(place, source)).label(words.as_str());
            group = group.element(snippet(source).annotation(annotation));
        }
    }
    if !finding.why.is_empty() {
        group = group.element(Shown::NOTE.with_name("why").message(finding.why.as_str()));
    }
    let corrected = corrected(finding, sources);
    let only_corrects =
        corrected.is_some() && finding.replacement.as_ref().is_some_and(|r| finding.help.ends_with(&format!(": {r}")));
    if !finding.help.is_empty() && !only_corrects {
        group = group.element(Shown::HELP.message(finding.help.as_str()));
    }
    if let Some(line) = corrected {
        group = group.element(Shown::HELP.with_name("write").message(line));
    }
    vec![group]
}

/// Longest corrected line that is shown.
const LONGEST_LINE: usize = 300;

/// The line as it should be, to copy; none when the help has it already, or when other slips on the line are not mended by it.
fn corrected(finding: &Diagnostic, sources: &[Cow<'_, Source>]) -> Option<String> {
    let replacement = finding.replacement.as_deref()?;
    let source = sources.get(finding.place.source)?;
    let at = inside(&finding.place, source);
    let before = source.text.get(..at.start)?.rfind('\n').map_or(0, |i| i + 1);
    let after = source.text.get(at.end..)?.find('\n').map_or(source.text.len(), |i| at.end + i);
    let line = format!("{}{replacement}{}", source.text.get(before..at.start)?, source.text.get(at.end..after)?);
    let line = line.trim();
    let shown = !line.is_empty() && !line.contains('\n') && line.len() <= LONGEST_LINE && !finding.help.contains(line);
    shown.then(|| line.to_owned())
}

fn snippet(source: &Source) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    Snippet::source(source.text.as_str()).path(source.name.as_str()).fold(true)
}

/// The bytes of a place, never past the end of the text.
fn inside(place: &Place, source: &Source) -> std::ops::Range<usize> {
    let end = source.text.len();
    place.bytes.start.min(end)..place.bytes.end.min(end).max(place.bytes.start.min(end))
}
