//! Words of the voice outside of a conversation: what only whoever pressed a button sees, what a platform shows of commands.

use super::Brand;
use super::values::of_brand;
use crate::voice::{Content, Line, Locale, Values, Wording};

/// The words of a line in a language, or the nearest that the voice has; empty when none fits without knowing more.
pub fn notice(brand: &Brand, line: Line, locale: Option<&Locale>) -> Content {
    let voice = &brand.voice;
    let locale = locale.map_or(&voice.brand.default_locale, |wanted| voice.locale_for(wanted));
    let values = of_brand(voice, locale, None);
    let wording = voice.lines.get(line);
    in_language(wording, locale, &values)
        .or_else(|| in_language(wording, &voice.brand.default_locale, &values))
        .unwrap_or_default()
}

fn in_language(wording: &Wording, locale: &Locale, values: &Values) -> Option<Content> {
    let speaks = |wanted: u8| wording.variants.iter().filter(move |variant| variant.locale.serves(locale) == wanted);
    speaks(2).chain(speaks(1)).find_map(|variant| variant.text.render(values).ok())
}
