//! Nothing is lost on Discord: when the program stops, when it was away, and when Discord is in trouble meanwhile.

use std::time::Duration;

use serde_json::json;

use super::discord::{Id, Trouble};
use super::on_discord::{Discord, DiscordDesk, labels};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::town::{A_WHILE, Scene, Town};

const QUESTION: &str = "on which frequency are you?";
const ANSWER: &str = "98.6 FM";

/// A guild with a channel, and the program.
struct Here {
    town: Discord,
    desk: DiscordDesk,
    general: Id,
    bot: Housevoice,
}

impl Here {
    fn new() -> Self {
        let town = Discord::new();
        let general = town.server.add_channel(town.guild, "general");
        let desk = DiscordDesk::forum(&town);
        let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
        let bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
        Self { town, desk, general, bot }
    }

    fn stop(&mut self) {
        assert!(self.bot.stopped().success());
    }

    fn mention(&self, text: &str) -> String {
        format!("<@{}> {text}", self.town.server.bot())
    }

    /// Somebody asks something, and has an answer.
    fn asks(&self, who: &str, number: usize) {
        self.town.says(who, "what is on tonight?");
        eventually("an answer", || self.town.said(who).get(number).cloned());
    }

    fn answers(&self, channel: Id) -> usize {
        let all = self.town.server.bot_messages(channel);
        all.iter().filter(|message| message.content.contains(ANSWER)).count()
    }

    fn commands_are_there(&self) {
        eventually("commands", || (!self.town.server.commands(None).is_empty()).then_some(()));
    }
}

#[test]
fn everything_heard_before_it_stops_is_answered_once() {
    let mut here = Here::new();
    let people: Vec<String> = (0..60).map(|number| format!("N{number}")).collect();
    people.iter().for_each(|who| here.town.says(who, QUESTION));
    here.stop();
    here.bot.start();
    let number = |who: &String| here.town.said(who).iter().filter(|said| said.text.contains(ANSWER)).count();
    eventually("an answer for everybody", || people.iter().all(|who| number(who) > 0).then_some(()));
    std::thread::sleep(A_WHILE);
    assert!(people.iter().all(|who| number(who) == 1), "{}", here.town.transcript());
}

#[test]
fn a_question_in_a_channel_where_nobody_ever_asked_is_found_later() {
    let mut here = Here::new();
    here.asks("Sam", 0);
    here.stop();
    let ada = here.town.person("Ada");
    here.town.server.says(ada, here.general, "did you see the lighthouse");
    here.town.server.says(ada, here.general, &here.mention(QUESTION));
    here.bot.start();
    eventually("an answer", || (here.answers(here.general) == 1).then_some(()));
    std::thread::sleep(A_WHILE);
    assert_eq!(here.town.server.bot_messages(here.general).len(), 1, "{}", here.town.transcript());
}

#[test]
fn what_was_missed_is_read_however_long_the_history_is_in_trouble() {
    let mut here = Here::new();
    for who in ["Ada", "Sam", "Tim", "Kim"] {
        here.asks(who, 0);
    }
    here.stop();
    here.town.says("Sam", QUESTION);
    here.town.server.trouble(Trouble::Status(503), 100_000, "GET /api/v10/channels");
    here.bot.start();
    eventually("a vain try", || here.bot.log().contains("not all that was missed").then_some(()));
    // What comes in now does not hide what is missing.
    here.asks("Sam", 1);
    here.town.server.no_trouble();
    eventually("the missed answer", || here.town.said("Sam").iter().find(|said| said.text.contains(ANSWER)).cloned());
}

#[test]
fn a_reply_of_the_team_is_not_lost_when_discord_does_not_say_who_is_of_it() {
    let mut here = Here::new();
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    here.stop();
    let scene = Scene::new(&here.town, &here.desk);
    scene.agent_says("Ana", &case.id, "Ana here, good evening");
    here.town.server.trouble(Trouble::Status(503), 6, &format!("members/{}", here.desk.agent("Ana")));
    here.bot.start();
    eventually("the reply", || here.town.said("Kim").into_iter().find(|said| said.text.contains("good evening")));
}

#[test]
fn a_command_is_answered_though_the_connection_breaks() {
    for trouble in [Trouble::Dropped, Trouble::DoneThenDropped, Trouble::Status(502)] {
        let here = Here::new();
        let ada = here.town.person("Ada");
        here.commands_are_there();
        here.town.server.trouble(trouble, 1, "/callback");
        let asked = here.town.server.slash(ada, here.general, "ask", &[("question", json!(QUESTION))]);
        let is_answer = |message: &super::discord::Message| message.content.contains(ANSWER);
        eventually("an answer", || here.town.server.answers(asked).into_iter().find(is_answer));
        assert!(!here.town.server.interaction(asked).thinking);
    }
}

#[test]
fn a_card_in_an_archived_thread_keeps_its_buttons() {
    let mut here = Here::new();
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    let thread: Id = case.id.parse().unwrap();
    here.stop();
    here.town.server.set_thread(thread, true, false);
    here.bot.start();
    let scene = Scene::new(&here.town, &here.desk);
    let card = here.town.server.bot_messages(thread)[0].clone();
    let before = labels(&card);
    assert!(!before.is_empty());
    scene.agent_presses("Ana", &case.id, "Claim");
    scene.team_reads(&case.id, "has the case");
    assert_eq!(labels(&here.town.server.message(card.id)), before);
}

#[test]
fn the_last_sessions_of_a_day_are_left_for_whoever_starts_it() {
    let mut here = Here::new();
    here.asks("Sam", 0);
    here.town.server.set_session_starts(30);
    let mut seen = 0;
    eventually("a wait", || {
        let begun = here.town.server.identifies().len();
        if begun != seen && here.town.server.connected() {
            seen = begun;
            here.town.server.invalidate_session(false);
        }
        here.bot.log().contains("hardly any further session").then_some(())
    });
    let begun = here.town.server.identifies().len();
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(here.town.server.identifies().len(), begun);
    here.stop();
    here.bot.start();
    here.asks("Sam", 1);
}
