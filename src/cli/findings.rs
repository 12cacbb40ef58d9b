//! Findings as people read them: the place, what is wrong, what a customer would notice, how to mend it.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::paint::Paint;
use crate::voice::source::{Place, Source};
use crate::voice::{Diagnostic, Level};

/// Every finding with its place in the text.
pub(super) fn render(findings: &[Diagnostic], sources: &[Source], paint: Paint) -> String {
    let renderer = if paint.is_on() { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    findings.iter().map(|finding| format!("{}\n\n", renderer.render(&report(finding, sources)))).collect()
}

fn report<'f>(finding: &'f Diagnostic, sources: &'f [Source]) -> Vec<Group<'f>> {
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
        group = group.element(Shown::NOTE.message(finding.why.as_str()));
    }
    if !finding.help.is_empty() {
        group = group.element(Shown::HELP.message(finding.help.as_str()));
    }
    vec![group]
}

fn snippet(source: &Source) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    Snippet::source(source.text.as_str()).path(source.name.as_str()).fold(true)
}

/// The bytes of a place, never past the end of the text.
fn inside(place: &Place, source: &Source) -> std::ops::Range<usize> {
    let end = source.text.len();
    place.bytes.start.min(end)..place.bytes.end.min(end).max(place.bytes.start.min(end))
}
