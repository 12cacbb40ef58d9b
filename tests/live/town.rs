//! A chat platform with people on it, as a script sees it: customers in private with the bot, and the team's desk. Each
//! platform, and each server that stands in for one, is a [`Town`] or a [`Desk`]; scripts are written once.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use super::running::{Housevoice, eventually};

/// How long nothing must happen until it counts as silence.
pub const A_WHILE: Duration = Duration::from_millis(900);

/// A message as its readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The words.
    pub text: String,
    /// The labels of its buttons.
    pub buttons: Vec<String>,
}

/// Customers who write to the bot.
pub trait Town: Send + Sync {
    /// The name of the platform, as the bot knows it.
    fn platform(&self) -> &'static str;
    /// The name that somebody shows there.
    fn name_of(&self, who: &str) -> String {
        who.to_owned()
    }
    /// Whether the bot hears, now or later, what somebody writes to it for the first time.
    fn is_heard(&self) -> bool {
        true
    }
    /// Somebody writes to the bot.
    fn says(&self, who: &str, text: &str);
    /// Everything that the bot, or somebody through it, wrote to them, oldest first.
    fn said(&self, who: &str) -> Vec<Said>;
    /// They press a button that was shown to them last under this label.
    fn presses(&self, who: &str, label: &str);
    /// All that was said there, for people.
    fn transcript(&self) -> String;
}

/// A case where the team talks about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseThread {
    /// The platform's number of the thread.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What the bot wrote there, oldest first.
    pub posts: Vec<Said>,
}

/// Where the team works.
pub trait Desk: Send + Sync {
    /// Every case, oldest first.
    fn cases(&self) -> Vec<CaseThread>;
    /// One of the team writes about a case.
    fn says(&self, agent: &str, case: &str, text: &str);
    /// One of the team presses a button that was shown last about a case.
    fn presses(&self, agent: &str, case: &str, label: &str);
    /// All that was said there, for people.
    fn transcript(&self) -> String;
}

/// A town, a desk and the program between them, with what was heard so far.
pub struct Scene<'s> {
    town: &'s dyn Town,
    desk: &'s dyn Desk,
    heard: Mutex<BTreeMap<String, usize>>,
}

impl<'s> Scene<'s> {
    pub fn new(town: &'s dyn Town, desk: &'s dyn Desk) -> Self {
        Self { town, desk, heard: Mutex::default() }
    }

    /// The name that somebody shows.
    pub fn name_of(&self, who: &str) -> String {
        self.town.name_of(who)
    }

    /// Somebody writes.
    pub fn says(&self, who: &str, text: &str) {
        self.town.says(who, text);
    }

    /// Somebody presses a button.
    pub fn presses(&self, who: &str, label: &str) {
        self.town.presses(who, label);
    }

    /// The next thing that is written to somebody holds these words.
    pub fn hears(&self, who: &str, words: &str) -> Said {
        let number = *self.heard.lock().unwrap().entry(who.to_owned()).or_default();
        let next = eventually(&format!("`{words}` to {who}\n{}", self.town.transcript()), || {
            self.town.said(who).get(number).cloned()
        });
        assert!(next.text.contains(words), "{who} should hear {words:?}, not {next:?}\n{}", self.town.transcript());
        self.heard.lock().unwrap().insert(who.to_owned(), number + 1);
        next
    }

    /// Nothing more is written to somebody.
    pub fn hears_nothing(&self, who: &str) {
        std::thread::sleep(A_WHILE);
        let number = self.heard.lock().unwrap().get(who).copied().unwrap_or_default();
        let more: Vec<Said> = self.town.said(who).into_iter().skip(number).collect();
        assert!(more.is_empty(), "{who} hears {more:?}\n{}", self.town.transcript());
    }

    /// Somebody asks for a person, is told what happens, and their case, the how-manieth, is there.
    pub fn opens_case(&self, who: &str, number: usize) -> CaseThread {
        self.says(who, "human please");
        self.hears(who, "");
        self.case(number)
    }

    /// The how-manieth case, counted from 0, once it is there with its first post.
    pub fn case(&self, number: usize) -> CaseThread {
        eventually(&format!("case {number}\n{}", self.desk.transcript()), || {
            self.desk.cases().into_iter().nth(number).filter(|case| !case.posts.is_empty())
        })
    }

    /// Somewhere about a case these words come to stand.
    pub fn team_reads(&self, case: &str, words: &str) -> Said {
        eventually(&format!("`{words}` about case {case}\n{}", self.desk.transcript()), || {
            let thread = self.desk.cases().into_iter().find(|thread| thread.id == case)?;
            thread.posts.into_iter().find(|post| post.text.contains(words))
        })
    }

    /// One of the team writes about a case.
    pub fn agent_says(&self, agent: &str, case: &str, text: &str) {
        self.desk.says(agent, case, text);
    }

    /// One of the team presses a button about a case.
    pub fn agent_presses(&self, agent: &str, case: &str, label: &str) {
        self.desk.presses(agent, case, label);
    }
}

/// Nothing that people wrote and no secret stands in what the program says of itself.
pub fn says_nothing_of(bot: &Housevoice, words: &[&str]) {
    let log = bot.log();
    for words in words {
        assert!(!log.contains(words), "the log holds {words:?}:\n{log}");
    }
}
