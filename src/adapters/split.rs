//! A text that is too long for one message, in several: parted between paragraphs where that is enough, else behind a
//! sentence, else between words, else between characters.

use unicode_segmentation::UnicodeSegmentation;

use crate::voice::Content;
use crate::voice::content::Inline;

/// Parts a text so that every part fits. Every part holds at least one character, so that parting ends whatever `fits`
/// says; an empty text gives no part.
pub fn split(content: &Content, fits: impl Fn(&Content) -> bool) -> Vec<Content> {
    let mut parts = Vec::new();
    let mut part = Content::default();
    for paragraph in content.paragraphs.iter().filter(|paragraph| !paragraph.is_empty()) {
        let mut longer = part.clone();
        longer.paragraphs.push(paragraph.clone());
        if fits(&longer) {
            part = longer;
            continue;
        }
        if !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
        let mut rest = paragraph.clone();
        while !fits(&alone(&rest)) {
            let (first, after) = cut(&rest, &fits);
            parts.push(alone(&first));
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        if !rest.is_empty() {
            part = alone(&rest);
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

fn alone(paragraph: &[Inline]) -> Content {
    Content { paragraphs: vec![paragraph.to_vec()] }
}

/// Cuts a paragraph in two: the first fits, at the best place for a cut.
fn cut(paragraph: &[Inline], fits: &impl Fn(&Content) -> bool) -> (Vec<Inline>, Vec<Inline>) {
    let text: String = paragraph.iter().map(Inline::words).collect();
    let kinds: [Vec<usize>; 3] = [
        text.split_sentence_bound_indices().map(|(at, _)| at).collect(),
        text.split_word_bound_indices().map(|(at, _)| at).collect(),
        text.grapheme_indices(true).map(|(at, _)| at).collect(),
    ];
    for cuts in &kinds {
        // The last cut after which the first half still fits.
        let cuts: Vec<usize> = cuts.iter().copied().filter(|at| *at > 0).collect();
        let fitting = cuts.partition_point(|at| fits(&alone(&halves(paragraph, *at).0)));
        if let Some(at) = fitting.checked_sub(1).and_then(|last| cuts.get(last)) {
            let (first, after) = halves(paragraph, *at);
            if !first.is_empty() && first.iter().any(|inline| !inline.words().trim().is_empty()) {
                return (first, after);
            }
        }
    }
    // Not even one character fits: it goes alone.
    let first = text.graphemes(true).next().map_or(text.len(), str::len);
    halves(paragraph, first)
}

/// What stands before and behind a byte of the words of a paragraph, without the blanks at the cut. A link stays whole,
/// on the side where it begins.
fn halves(paragraph: &[Inline], at: usize) -> (Vec<Inline>, Vec<Inline>) {
    let (mut first, mut after) = (Vec::new(), Vec::new());
    let mut so_far = 0;
    for inline in paragraph {
        let (begin, end) = (so_far, so_far + inline.words().len());
        so_far = end;
        if end <= at || (begin < at && matches!(inline, Inline::Link { .. })) {
            first.push(inline.clone());
        } else if begin >= at {
            after.push(inline.clone());
        } else {
            let (left, right) = inline.words().split_at_checked(at - begin).unwrap_or((inline.words(), ""));
            first.extend(with_words(inline, left));
            after.extend(with_words(inline, right));
        }
    }
    trim(&mut first, |text| text.trim_end());
    after.reverse();
    trim(&mut after, |text| text.trim_start());
    after.reverse();
    (first, after)
}

fn with_words(inline: &Inline, text: &str) -> Option<Inline> {
    let text = text.to_owned();
    (!text.is_empty()).then(|| match inline {
        Inline::Text { style, .. } => Inline::Text { text, style: *style },
        Inline::Told { style, .. } => Inline::Told { text, style: *style },
        Inline::Link { url, .. } => Inline::Link { label: text, url: url.clone() },
    })
}

/// Takes the blanks off the last piece, and pieces that hold nothing else.
fn trim(pieces: &mut Vec<Inline>, by: impl Fn(&str) -> &str) {
    while let Some(last) = pieces.pop() {
        if let Some(kept) = with_words(&last, by(last.words())) {
            pieces.push(kept);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::voice::content::Style;

    fn lengths(limit: usize) -> impl Fn(&Content) -> bool {
        move |content| content.to_plain().chars().count() <= limit
    }

    fn texts(parts: &[Content]) -> Vec<String> {
        parts.iter().map(Content::to_plain).collect()
    }

    #[test]
    fn a_text_that_fits_stays_whole_and_an_empty_one_is_none() {
        assert_eq!(texts(&split(&Content::verbatim("One.\n\nTwo."), lengths(20))), ["One.\n\nTwo."]);
        assert!(split(&Content::default(), lengths(20)).is_empty());
    }

    #[test]
    fn cuts_come_between_paragraphs_then_behind_sentences_then_between_words() {
        let text = "First paragraph.\n\nHere is one sentence. Here is another one. And a third.";
        assert_eq!(
            texts(&split(&Content::verbatim(text), lengths(40))),
            ["First paragraph.", "Here is one sentence.", "Here is another one. And a third."]
        );
        assert_eq!(texts(&split(&Content::verbatim("one two three four"), lengths(9))), ["one two", "three", "four"]);
        assert_eq!(texts(&split(&Content::verbatim("abcdefgh"), lengths(3))), ["abc", "def", "gh"]);
    }

    #[test]
    fn a_family_is_not_torn_apart_and_a_link_stays_whole() {
        assert_eq!(texts(&split(&Content::verbatim("👩‍👩‍👧👩‍👩‍👧"), lengths(5))).len(), 2);
        let link = Inline::Link { label: "our page".into(), url: "https://a.example/".into() };
        let text = Inline::Text { text: "See ".into(), style: Style::Plain };
        let parts = split(&Content { paragraphs: vec![vec![text, link.clone()]] }, lengths(30));
        assert_eq!(parts.last().map(|part| part.paragraphs[0].clone()), Some(vec![link]));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_every_part_fits(text in "([a-zA-Zéß🦊]{1,12}[ .!?\n]{0,3}){0,80}", limit in 1_usize..60) {
            let whole = Content::verbatim(&text);
            let parts = split(&whole, lengths(limit));
            for part in &parts {
                prop_assert!(part.to_plain().chars().count() <= limit.max(1), "{:?}", part);
            }
            let without_blanks = |text: String| text.split_whitespace().collect::<String>();
            prop_assert_eq!(without_blanks(texts(&parts).concat()), without_blanks(whole.to_plain()));
        }
    }
}
