//! The statements that every database understands, and [`Store`] made of them. Each database includes this folder as a
//! module of its own, with its own `Conn`, `Database` and `dialect`: what is written here once is compiled for each, and what
//! differs stands in `dialect` alone.
//!
//! Kept to: `$1`, BIGINT and TEXT, `ON CONFLICT`, `RETURNING`, partial indexes; a number is never taken for a truth value.
//!
//! | file | idea |
//! |---|---|
//! | `store` | the trait |
//! | `values` | our values as columns and back |
//! | `state` | conversation and person as rows |
//! | `receive` | an event comes in |
//! | `buttons` | a button for each choice, and what it stands for |
//! | `unknown` | events of which nothing is known |
//! | `places` | places that change their number, and how far each was read |
//! | `taken` | conversations that were taken to be worked on, and are not |
//! | `load` | an event with all that the step needs |
//! | `commit` | what came of it, as a whole |
//! | `lines` | the transcript |
//! | `cover` | words that must not be kept |
//! | `cases` | the table of cases, out of the phase |
//! | `timers` | what is due |
//! | `outgoing` | what goes out, as it is written |
//! | `claim` | what leaves next |
//! | `outbox` | what became of it |
//! | `sessions` | connections that are begun anew, of which platforms allow few |
//! | `busy` | who has something to do |
//! | `queue`, `depths` | what could not be sent, and how much waits |
//! | `crowd` | whether people have a conversation, and how much waits |
//! | `read` | what people ask for |
//! | `erase`, `retention` | what must go |

mod busy;
mod buttons;
mod cases;
mod claim;
mod commit;
mod cover;
mod crowd;
mod depths;
mod erase;
mod lines;
mod load;
mod outbox;
mod outgoing;
mod places;
mod queue;
mod read;
mod receive;
mod retention;
mod sessions;
mod state;
mod store;
mod taken;
mod timers;
mod unknown;
pub(super) mod values;

use std::pin::Pin;

use super::{Conn, Database, Result, dialect};

/// What is done while a connection is one's own. It owns all that it needs: it may be done on another thread.
pub(super) type Doing<'c, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'c>>;

/// Something to do with a connection.
macro_rules! on {
    ($conn:ident => $doing:expr) => {
        move |$conn| Box::pin(async move { $doing.await })
    };
}

pub(super) use on;
