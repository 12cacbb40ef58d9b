//! What a message shows besides its question.
//!
//! | file | idea |
//! |---|---|
//! | `lists` | the lexicons' lists, ready to be found |
//! | `person` | it asks for a person, or whether this is one |
//! | `rules` | it sets off a handoff rule |
//! | `mood` | irritation and joy |
//! | `replies` | yes, no, thanks, never mind, corrections, small talk |
//! | `form` | a question, a fragment, banter; only a link, emoji, a quote, code |
//! | `secret` | a card number or a password |

mod form;
mod lists;
mod mood;
mod person;
mod replies;
mod rules;
mod secret;

pub(super) use form::{begins_as_question, has_question_form, is_banter, is_rhetorical, looks_unfinished, only, skip};
pub(super) use lists::{Lists, general, of_languages};
pub(super) use mood::Mood;
pub(super) use person::Person;
pub(super) use replies::Replies;
pub(super) use rules::Rules;
pub(super) use secret::secrets;
