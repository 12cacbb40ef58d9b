//! What may have been sent on Discord is looked for before it is sent again: Discord has forgotten its nonce by then.

use std::time::Duration;

use super::discord::{ApiError, Id, Message, Trouble};
use super::on_discord::{Discord, DiscordDesk};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::town::{A_WHILE, CaseThread, Desk, Scene, Town};

/// They are always answered in the same words.
const QUESTIONS: [&str; 2] = ["what is on tonight?", "which shows do you have?"];
const QUESTION: &str = QUESTIONS[0];

/// A town where no nonce is remembered, a channel, a desk, and the program.
struct Here {
    town: Discord,
    general: Id,
    desk: DiscordDesk,
    bot: Housevoice,
}

impl Here {
    fn with(desk: fn(&Discord) -> DiscordDesk) -> Self {
        let town = Discord::new();
        town.server.set_nonce_window(Duration::ZERO);
        let general = town.server.add_channel(town.guild, "general");
        let desk = desk(&town);
        let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
        let bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
        Self { town, general, desk, bot }
    }

    fn new() -> Self {
        Self::with(DiscordDesk::forum)
    }

    /// The process dies in the middle of the how-manieth call of a kind that it makes while something happens, whether that
    /// call is done or not; another one goes on.
    fn dies_during(&mut self, call: &str, number: usize, how: &Trouble, happens: impl FnOnce(&Self)) {
        let call = format!("POST /api/v10/channels/{call}");
        let asked = |here: &Self| {
            let requests = here.town.server.requests();
            requests.iter().filter(|one| format!("{} {}", one.method, one.path).ends_with(&call)).count()
        };
        let before = asked(self);
        self.town.server.trouble(Trouble::Drip(Duration::ZERO), number - 1, &call);
        self.town.server.trouble(how.clone(), 1, &call);
        happens(self);
        eventually(&format!("{call} {number} times"), || (asked(self) == before + number).then_some(()));
        std::thread::sleep(Duration::from_millis(200));
        self.bot.killed();
        self.bot.forget_sessions();
        self.bot.start();
    }

    fn mentions(&self, who: Id) {
        self.town.server.says(who, self.general, &format!("<@{}> {QUESTION}", self.town.server.bot()));
    }

    /// So many messages of the bot come to stand in a place, and no more.
    fn are_there(&self, channel: Id, many: usize) -> Vec<Message> {
        let there = || self.town.server.bot_messages(channel);
        eventually(&format!("{many} messages\n{}", self.town.server.everything()), || {
            (there().len() >= many).then_some(())
        });
        std::thread::sleep(A_WHILE + Duration::from_millis(600));
        assert_eq!(there().len(), many, "{}", self.town.server.everything());
        there()
    }
}

#[test]
fn an_answer_in_private_is_found_and_one_that_only_says_the_same_is_not_taken_for_it() {
    let mut here = Here::new();
    let sam = here.town.person("Sam");
    let room = here.town.server.dm_channel(sam);
    for (question, so_far) in QUESTIONS.iter().zip(1..) {
        here.town.says("Sam", question);
        here.are_there(room, so_far);
    }
    let call = format!("{room}/messages");
    here.dies_during(&call, 1, &Trouble::DoneThenHang, |here| here.town.says("Sam", QUESTIONS[0]));
    let answers = here.are_there(room, 3);
    assert_eq!(answers[1].content, answers[2].content, "the same was said before");
    // The last time was a moment ago.
    here.town.says("Sam", QUESTIONS[1]);
    eventually("another answer", || here.town.said("Sam").get(3).cloned());
    here.dies_during(&call, 1, &Trouble::Hang, |here| here.town.says("Sam", QUESTIONS[0]));
    here.are_there(room, 5);
}

#[test]
fn an_answer_in_public_is_told_by_whom_it_answers() {
    let mut here = Here::new();
    let (ada, bo) = (here.town.person("Ada"), here.town.person("Bo"));
    let call = format!("{}/messages", here.general);
    here.dies_during(&call, 1, &Trouble::DoneThenHang, |here| here.mentions(ada));
    here.are_there(here.general, 1);
    here.dies_during(&call, 1, &Trouble::Hang, |here| here.mentions(bo));
    let answers = here.are_there(here.general, 2);
    assert_eq!(answers[0].content, answers[1].content);
    assert_ne!(answers[0].reply_to, answers[1].reply_to);
}

#[test]
fn of_a_post_in_several_parts_those_are_sent_that_are_not_there() {
    let mut here = Here::new();
    let case = opens_case(&here, "Kim");
    let thread: Id = case.id.parse().unwrap();
    let before = here.town.server.bot_messages(thread).len();
    // Each is shown literally, which takes two characters.
    let stars = "*".repeat(2000);
    here.dies_during(&format!("{thread}/messages"), 2, &Trouble::DoneThenHang, |here| here.town.says("Kim", &stars));
    let parts = here.are_there(thread, before + 3).split_off(before);
    assert_eq!(parts.iter().map(|part| part.content.matches('*').count()).sum::<usize>(), 2000 + 4, "{parts:?}");
}

#[test]
fn what_an_agent_says_reaches_the_customer_once() {
    let mut here = Here::new();
    let case = opens_case(&here, "Kim");
    let room = here.town.server.dm_channel(here.town.person("Kim"));
    here.desk.presses("Ana", &case.id, "Claim");
    let before = eventually("who has it", || Some(here.town.server.bot_messages(room).len()).filter(|many| *many == 2));
    // By nothing but the words, and they are always the same.
    let says = |here: &Here| here.desk.says("Ana", &case.id, "One moment");
    says(&here);
    eventually("the words", || here.town.server.bot_messages(room).get(before).cloned());
    let call = format!("{room}/messages");
    here.dies_during(&call, 1, &Trouble::Hang, says);
    here.are_there(room, before + 2);
    here.dies_during(&call, 1, &Trouble::DoneThenHang, says);
    here.are_there(room, before + 3);
}

fn opens_case(here: &Here, who: &str) -> CaseThread {
    Scene::new(&here.town, &here.desk).opens_case(who, 0)
}

/// The process dies while the thread of a case is opened, and is away until nobody writes there any more.
fn the_thread_of_a_case_is_found(mut here: Here) {
    let call = format!("{}/threads", here.desk.channel);
    here.town.says("Kim", QUESTION);
    here.are_there(here.town.server.dm_channel(here.town.person("Kim")), 1);
    let server = here.town.server.clone();
    let desk = here.desk.channel;
    let archives = std::thread::spawn(move || {
        let thread = eventually("a thread", || server.threads(desk).into_iter().next());
        server.set_thread(thread.id, true, false);
    });
    here.dies_during(&call, 1, &Trouble::DoneThenHang, |here| {
        here.town.says("Kim", "human please");
        archives.join().unwrap();
    });
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.case(0);
    scene.agent_says("Ana", &case.id, "Ana here");
    eventually("the reply", || here.town.said("Kim").into_iter().find(|said| said.text.contains("Ana here")));
    let posts = |words: &str| {
        let cases = here.desk.cases();
        assert_eq!(cases.len(), 1, "{}", here.desk.transcript());
        cases[0].posts.iter().filter(|post| post.text.contains(words)).count()
    };
    assert_eq!(posts("asked for a person"), 1, "{}", here.desk.transcript());
}

#[test]
fn the_post_of_a_case_is_found_where_it_was_archived() {
    the_thread_of_a_case_is_found(Here::new());
}

#[test]
fn the_private_thread_of_a_case_is_found_where_it_was_archived() {
    the_thread_of_a_case_is_found(Here::with(DiscordDesk::text));
}

#[test]
fn a_try_that_comes_to_nothing_does_not_make_an_earlier_one_undone() {
    let here = Here::new();
    let plaza = here.town.server.add_channel(here.town.guild, "plaza");
    let server = &here.town.server;
    // The answer is in its thread, unheard of; the next try gets no further than the thread.
    server.trouble(Trouble::Drip(Duration::ZERO), 1, "/threads");
    server.trouble(Trouble::TooMany { retry_after: 0.5, global: false }, 1, "/threads");
    server.trouble(Trouble::DoneThenDropped, 1, "POST /api/v10/channels");
    let mention = format!("<@{}> please play a song for me", server.bot());
    let thread = server.says(here.town.person("Ada"), plaza, &mention);
    eventually("a third try", || (server.requests_to("/threads").len() >= 3).then_some(()));
    assert!(here.are_there(thread, 1)[0].content.contains("Which song"));
}

#[test]
fn where_nothing_can_be_read_the_nonce_keeps_a_message_from_coming_twice() {
    let here = Here::new();
    here.town.server.set_nonce_window(Duration::from_secs(300));
    here.town.server.trouble(Trouble::DoneThenDropped, 1, "/messages");
    here.town.server.trouble(
        Trouble::Refused(ApiError::new(403, 50_001, "Missing Access")),
        9,
        "GET /api/v10/channels",
    );
    here.town.says("Sam", QUESTION);
    let room = here.town.server.dm_channel(here.town.person("Sam"));
    let tried = || here.town.server.requests_to("/messages").into_iter().filter(|one| one.method == "POST").count();
    eventually("a second try", || (tried() >= 2).then_some(()));
    here.are_there(room, 1);
}
