//! The lexicons' lists, merged over languages.

use std::sync::LazyLock;

use super::super::lexicon::{Lexicon, all};
use super::super::phrases::Phrases;

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $($path:ident).+;)*) => {
        /// Lists of phrases.
        #[derive(Debug, Default)]
        pub(in crate::understanding) struct Lists {
            $($(#[$doc])* pub $name: Phrases,)*
        }

        impl Lists {
            /// The lists of some languages, merged.
            pub(in crate::understanding) fn of<'l>(lexicons: impl Iterator<Item = &'l Lexicon> + Clone) -> Self {
                Self { $($name: Phrases::new(lexicons.clone().flat_map(|lexicon| &lexicon.$($path).+)),)* }
            }
        }
    };
}

lists! {
    question_words = question.words;
    requests = question.requests;
    rhetorical = question.rhetorical;
    rhetorical_alone = question.rhetorical_alone;
    joins = join.words;
    dangling = join.dangling;
    greeting = politeness.greeting;
    thanks = politeness.thanks;
    bye = politeness.bye;
    filler = politeness.filler;
    yes = reply.yes;
    no = reply.no;
    never_mind = reply.never_mind;
    never_mind_alone = reply.never_mind_alone;
    correction = reply.correction;
    correction_after_no = reply.correction_after_no;
    person = person.nouns;
    only_with_speak = person.only_with_speak;
    speak = person.speak;
    speak_after = person.speak_after;
    want = person.want;
    between = person.between;
    follow = person.follow;
    asks_for_person = person.phrases;
    not_asking = person.not_asking;
    bot_ask = bot.ask;
    bot_nouns = bot.nouns;
    bot_between = bot.between;
    bot_follow = bot.follow;
    bot_phrases = bot.phrases;
    strong = mood.strong;
    mild = mood.mild;
    joy = mood.joy;
    swearing = mood.swearing;
    negators = mood.negators;
    failure = mood.failure;
    sarcasm = mood.sarcasm;
    banter = banter.words;
    password = secret.password;
    secret_number = secret.number;
    not_password = secret.not_password;
}

/// The lists of every language: what people say to get a person, to thank or to swear does not keep to the languages
/// that a brand speaks.
pub(in crate::understanding) fn general() -> &'static Lists {
    static GENERAL: LazyLock<Lists> = LazyLock::new(|| Lists::of(all().iter()));
    &GENERAL
}

/// The lists of some languages; of those without a lexicon, the English ones.
pub(in crate::understanding) fn of_languages<'l>(languages: impl Iterator<Item = &'l str>) -> Lists {
    let languages: Vec<&str> = languages.collect();
    let spoken = |lexicon: &&Lexicon| languages.contains(&lexicon.language);
    let known = all().iter().filter(spoken).count() > 0;
    Lists::of(all().iter().filter(|lexicon| if known { spoken(lexicon) } else { lexicon.language == "en" }))
}
