//! Which answer a question asks for: examples -> scores -> confidence.
//!
//! | file | idea |
//! |---|---|
//! | `grams` | words -> word and character n-grams |
//! | `space` | n-grams -> TF-IDF vectors |
//! | `heads` | vectors -> one score an answer: nearest examples, centroid, linear separator |
//! | `separator`, `postings` | what `heads` is made of |
//! | `calibrate` | cross-validated scores -> the map from score to probability |
//! | `matcher` | all of it behind `learn` and `rank` |

mod calibrate;
mod grams;
mod heads;
mod matcher;
mod postings;
mod separator;
mod space;

pub(super) use matcher::{Class, Matcher, Ranked};
