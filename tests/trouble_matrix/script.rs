//! What everybody says before, in the middle of and after some trouble, and what all of them must have heard in the end.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::on_telegram::Telegram;
use super::running::Housevoice;
use super::support::catalogue;
use super::town::{A_WHILE, CaseThread, Desk, Town};

/// How many customers ask.
const CUSTOMERS: usize = 8;
/// How many things each of them asks about, in order: one before the trouble, two in the middle of it, one afterwards.
const QUESTIONS: usize = 4;
/// What Ana of the team writes to Zed, who has a case: before, in the middle, afterwards.
const REPLIES: [&str; 3] = ["the ferry is late", "the ferry is here", "the ferry has left"];
/// What Zed writes in the middle.
const OF_ZED: &str = "is the harbour open today";
/// What Ana writes to Yan, who asked for a person in the middle.
const TO_YAN: &str = "the pump is free now";
/// How long everything may take: a call that has no end is given up after 20 seconds.
const PATIENCE: Duration = Duration::from_secs(75);

/// Whom it concerns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The first customer's chat: everybody else is answered while it lasts.
    OneChat,
    /// The team's place: every customer is answered while it lasts.
    Desk,
    /// The bot of the brand: another brand of the same process is answered while it lasts.
    Bot,
    /// Everybody.
    All,
}

/// Some trouble.
pub struct Trouble<'t> {
    pub whose: Whose,
    pub begins: Box<dyn Fn() + 't>,
    /// Whether it has been felt, so that nothing passes for having been survived that never was.
    pub is_felt: Box<dyn Fn() -> bool + 't>,
    pub ends: Box<dyn Fn() + 't>,
    /// What is asked of it while it still lasts, when everybody was answered whom it does not concern.
    pub meanwhile: Box<dyn Fn() + 't>,
    pub allows: Allowed,
}

/// What need not be as it was.
#[derive(Clone, Copy, Default)]
pub struct Allowed {
    /// What came in mixed is answered as it came.
    pub disorder: bool,
    /// A post at a desk on Telegram, or a topic, whose answer was lost may come twice (docs/adapters.md).
    pub doubles_at_desk: bool,
}

/// A town, a desk, a program, and another brand of the same program.
pub struct Script<'s> {
    pub town: &'s dyn Town,
    pub desk: &'s dyn Desk,
    pub other: &'s Telegram,
    pub bot: &'s mut Housevoice,
    /// Where it plays.
    pub name: String,
}

pub fn customers() -> Vec<String> {
    (0..CUSTOMERS).map(|number| format!("C{number}")).collect()
}

/// The numbers of the answers that somebody got, in order.
fn answers(town: &dyn Town, who: &str) -> Vec<usize> {
    town.said(who).iter().filter_map(|said| catalogue::thing_of(&said.text)).collect()
}

fn asks(town: &dyn Town, who: &str, number: usize) {
    town.says(who, &catalogue::question(number));
}

impl Script<'_> {
    /// All of it, with the trouble in the middle.
    pub fn lives_through(&mut self, trouble: &Trouble<'_>) {
        let zed = self.before();
        (trouble.begins)();
        self.in_the_middle(&zed);
        self.waits_for("the trouble", || (trouble.is_felt)());
        self.others_go_on(trouble.whose);
        (trouble.meanwhile)();
        (trouble.ends)();
        self.afterwards(&zed);
        self.all_is_well(trouble.allows);
    }

    /// Everybody is known, and Zed has a case in which Ana has answered. Gives its thread.
    pub fn before(&self) -> String {
        customers().iter().for_each(|who| asks(self.town, who, 0));
        asks(self.other, "Pat", 0);
        // Whoever has never written to a bot on Discord cannot be found by it after a gap.
        asks(self.town, "Yan", 0);
        self.town.says("Zed", "human please");
        self.waits_for("the first answers", || customers().iter().all(|who| answers(self.town, who) == [0]));
        self.waits_for("Yan's answer", || answers(self.town, "Yan") == [0]);
        self.waits_for("the other brand", || answers(self.other, "Pat") == [0]);
        let zed = self.case(0).id;
        // Whoever writes into a thread that is just being opened is told that it is no case yet.
        self.nothing_waits();
        self.desk.says("Ana", &zed, REPLIES[0]);
        self.waits_for("the first reply", || self.heard("Zed", REPLIES[0]) > 0);
        self.nothing_waits();
        zed
    }

    /// What is said while there is trouble.
    pub fn in_the_middle(&self, zed: &str) {
        for number in [1, 2] {
            customers().iter().for_each(|who| asks(self.town, who, number));
        }
        self.town.says("Zed", OF_ZED);
        self.desk.says("Ana", zed, REPLIES[1]);
        self.town.says("Yan", "human please");
        asks(self.other, "Pat", 1);
    }

    /// Whom it does not concern is answered while it lasts.
    fn others_go_on(&self, whose: Whose) {
        let first = &customers()[0];
        let has_all = |who: &String| answers(self.town, who) == [0, 1, 2];
        if whose != Whose::All {
            self.waits_for("the other brand, meanwhile", || answers(self.other, "Pat") == [0, 1]);
        }
        if matches!(whose, Whose::OneChat | Whose::Desk) {
            self.waits_for("the others, meanwhile", || {
                customers().iter().filter(|who| whose == Whose::Desk || *who != first).all(has_all)
                    && self.heard("Zed", REPLIES[1]) == 1
                    && self.town.said("Yan").len() > 1
            });
        }
        if whose == Whose::OneChat {
            assert_eq!(answers(self.town, first), [0], "{}: the trouble is over", self.name);
        }
    }

    /// What is said when it is over.
    pub fn afterwards(&self, zed: &str) {
        customers().iter().for_each(|who| asks(self.town, who, 3));
        asks(self.other, "Pat", 2);
        self.desk.says("Ana", zed, REPLIES[2]);
        let yan = self.case(1);
        self.nothing_waits();
        // Where it was opened twice, the last one counts.
        let yan = self.desk.cases().pop().unwrap_or(yan);
        self.desk.says("Ana", &yan.id, TO_YAN);
    }

    /// Everything was said, and nothing twice.
    pub fn all_is_well(&self, allowed: Allowed) {
        self.waits_for("everything", || self.wrong(Allowed { doubles_at_desk: true, disorder: true }).is_empty());
        self.nothing_waits();
        std::thread::sleep(A_WHILE);
        let wrong = self.wrong(allowed);
        assert!(wrong.is_empty(), "{}: {wrong:#?}\n{}", self.name, self.transcript());
    }

    /// What is not as it must be.
    fn wrong(&self, allowed: Allowed) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut must = |what: &str, got: String, want: String| {
            if got != want {
                wrong.push(format!("{what}: {got}, not {want}"));
            }
        };
        for who in customers() {
            let mut got = answers(self.town, &who);
            if allowed.disorder {
                got.sort_unstable();
            }
            must(&who, format!("{got:?}"), "[0, 1, 2, 3]".to_owned());
        }
        must("Pat", format!("{:?}", answers(self.other, "Pat")), "[0, 1, 2]".to_owned());
        let said: Vec<String> = self.town.said("Zed").into_iter().map(|said| said.text).collect();
        let found = said.iter().filter_map(|text| REPLIES.iter().find(|reply| text.contains(**reply)).copied());
        let mut found: Vec<&str> = found.collect();
        let mut replies = REPLIES;
        if allowed.disorder {
            found.sort_unstable();
            replies.sort_unstable();
        }
        must("Zed", format!("{found:?}"), format!("{replies:?}"));
        must("Yan", self.heard("Yan", TO_YAN).to_string(), "1".to_owned());
        for who in ["Zed", "Yan"] {
            let said: Vec<String> = self.town.said(who).into_iter().map(|said| said.text).collect();
            let different: BTreeSet<&String> = said.iter().collect();
            must(who, format!("{} different messages", different.len()), format!("{} different messages", said.len()));
        }
        let cases = self.desk.cases();
        let of_zed = cases.iter().flat_map(|case| &case.posts).filter(|post| post.text.contains(OF_ZED)).count();
        let at_desk = |found: usize| if allowed.doubles_at_desk { found.min(1) } else { found };
        must("what Zed wrote, at the desk", at_desk(of_zed).to_string(), "1".to_owned());
        must("Yan's cases", at_desk(cases.len().saturating_sub(1)).to_string(), "1".to_owned());
        wrong
    }

    /// How often somebody was told something.
    fn heard(&self, who: &str, words: &str) -> usize {
        self.town.said(who).iter().filter(|said| said.text.contains(words)).count()
    }

    /// The how-manieth case, once it is there with its first post.
    fn case(&self, number: usize) -> CaseThread {
        let find = || self.desk.cases().into_iter().nth(number).filter(|case| !case.posts.is_empty());
        self.waits_for("a case", || find().is_some());
        find().unwrap()
    }

    /// Everything that came in is handled, and everything that goes out is done.
    fn nothing_waits(&self) {
        let count = "SELECT CAST((SELECT COUNT(*) FROM outbox WHERE done_at IS NULL) + \
                                 (SELECT COUNT(*) FROM inbox WHERE done_at IS NULL) AS TEXT)";
        self.waits_for("an end", || self.bot.ask(count)[0][0].as_deref() == Some("0"));
    }

    pub fn waits_for(&self, what: &str, found: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !found() {
            let wrong = || self.wrong(Allowed::default());
            assert!(Instant::now() < until, "{}: {what}\n{:#?}\n{}", self.name, wrong(), self.transcript());
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    fn transcript(&self) -> String {
        format!("{}\n{}", self.town.transcript(), self.desk.transcript())
    }
}
