//! How often what a promise is about has come up: a promise about something that never happens is kept by anybody.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! antecedents {
    ($($(#[doc = $doc:literal])+ $name:ident at least $least:literal;)*) => {
        /// Something that a promise is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum What {
            $($(#[doc = $doc])+ $name,)*
        }

        impl What {
            /// Everything, with how often it must come up in a run of the usual length.
            const ALL: &'static [(What, u64)] = &[$((What::$name, $least),)*];
        }
    };
}

antecedents! {
    /// 1: a message was accepted.
    Accepted at least 500;
    /// 1: the process died while accepted messages waited.
    DiedWithWaiting at least 5;
    /// 2: something automatic waited to be sent when the epoch rose.
    Overtaken at least 50;
    /// 3: a customer did something while a person had the case.
    SpokeToAgent at least 80;
    /// 4: a claim met another owner or another epoch.
    ClaimLost at least 80;
    /// 4: two claims at the same time.
    Race at least 15;
    /// 5: a case was opened.
    CaseOpened at least 150;
    /// 5: a case was still open when nothing happened any more but time.
    LeftOpen at least 80;
    /// 6: a person was asked for.
    AskedForPerson at least 100;
    /// 6: in public, or after a while.
    AskedLate at least 4;
    /// 7: a sentence promised something.
    Promised at least 200;
    /// 7: a time came.
    Due at least 300;
    /// 8: `joined` was sent.
    Joined at least 60;
    /// 8: `handoff_closed` was sent.
    ClosedText at least 20;
    /// 8: `delayed` was sent.
    Breach at least 50;
    /// 9: a note was written.
    Note at least 20;
    /// 10: something came again.
    CameAgain at least 200;
    /// 11: an agent's words were sent.
    AgentWords at least 50;
    /// 11: a button was pressed by the wrong hand.
    WrongHand at least 10;
    /// 11: an agent of another brand acted.
    AcrossBrands at least 15;
    /// 12: a case was handed back.
    HandedBack at least 40;
    /// 12: a question came after that.
    QuestionAfterHandBack at least 8;
    /// 13: safety words while the bot had the conversation.
    SafetyToBot at least 40;
    /// 13: safety words while a case waited.
    SafetyInQueue at least 15;
    /// 13: safety words while a person owned the case.
    SafetyToAgent at least 15;
    /// 13: safety words of somebody who had asked the bot to stop.
    SafetyAfterStop at least 12;
    /// 13: safety words left while something else waited for another try.
    SafetyPastOthers at least 5;
    /// 14: a case was ended or closed.
    CaseEnded at least 200;
    /// 15: the bot was told to stop.
    Stopped at least 40;
    /// 15: while a case waited that is no matter of safety.
    StopInQueue at least 6;
    /// 15: while a matter of safety waited.
    StopInSafety at least 12;
    /// 15: something happened to somebody who had said stop.
    AfterStop at least 200;
    /// 16: a message was edited.
    Edited at least 40;
    /// 16: an edited message had been answered.
    EditedAnswered at least 20;
    /// 16: a message was deleted while the team had the case.
    DeletedInCase at least 25;
    /// 16: an edit or a deletion came before the message.
    Early at least 6;
}

/// Counts of one run.
pub struct Seen([AtomicU64; What::ALL.len()]);

impl Seen {
    pub fn nothing() -> Self {
        Self([const { AtomicU64::new(0) }; What::ALL.len()])
    }

    pub fn saw(&self, what: What) {
        self.0[what as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// What came up too seldom.
    pub fn too_seldom(&self) -> Vec<String> {
        let counts =
            What::ALL.iter().zip(&self.0).map(|((what, least), count)| (what, *least, count.load(Ordering::Relaxed)));
        let seldom = counts.filter(|(_, least, count)| count < least);
        seldom.map(|(what, least, count)| format!("{what:?}: {count} times, not {least}")).collect()
    }

    /// Everything, for people.
    pub fn told(&self) -> String {
        let counts = What::ALL.iter().zip(&self.0);
        counts
            .map(|((what, _), count)| format!("{what:?} {}", count.load(Ordering::Relaxed)))
            .collect::<Vec<_>>()
            .join(", ")
    }
}
