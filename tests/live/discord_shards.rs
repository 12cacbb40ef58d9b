//! One bot heard over several connections by several processes: each server by one of them, nothing twice, nothing lost.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{Connection, PgConnection};

use super::database::Database;
use super::discord::{Id, Message, Trouble};
use super::on_discord::{BOT_MAY, Discord, DiscordDesk};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::support::postgres::Server;
use super::town::{A_WHILE, Scene, Town};

const QUESTION: &str = "on which frequency are you?";
const ANSWER: &str = "98.6 FM";
/// How long the word of a process holds, see `database`.
const LEASE: Duration = Duration::from_secs(3);

/// Two guilds, each on its own of two shards, and processes on one database.
struct Here {
    town: Discord,
    desk: DiscordDesk,
    /// A channel in the guild that the first shard hears of.
    near: Id,
    /// A guild that the second shard hears of, and its channels.
    far: Id,
    far_general: Id,
    far_quiet: Id,
    url: String,
    runtime: tokio::runtime::Runtime,
}

impl Here {
    /// None without PostgreSQL.
    fn new() -> Option<Self> {
        let postgres = Server::shared()?;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let url = postgres.url(&runtime.block_on(postgres.create()));
        let town = Discord::on_shard((0, 2));
        let far = town.server.add_guild_on("Far Away", town.owner, (1, 2));
        town.server.set_role_permissions(far, town.server.bot_role(far), BOT_MAY);
        let near = town.server.add_channel(town.guild, "general");
        let [far_general, far_quiet] = ["general", "quiet"].map(|name| town.server.add_channel(far, name));
        let desk = DiscordDesk::forum(&town);
        town.server.set_max_concurrency(1, true);
        Some(Self { town, desk, near, far, far_general, far_quiet, url, runtime })
    }

    /// A process, not running yet.
    fn process(&self) -> Housevoice {
        let section =
            self.town.section("TOKEN").replace("servers = [", &format!("shards = 2\nservers = [\"{}\", ", self.far));
        let brands = brand(test_voice("harbour.toml"), [section, self.desk.lines()]);
        let database = Database::Postgres(self.url.clone());
        Housevoice::configured_on(&database, &brands, &[("TOKEN", &self.town.server.token())])
    }

    /// Two processes, each with a shard: first the one that sends, which has the first.
    fn two(&self) -> [Housevoice; 2] {
        let mut both = [self.process(), self.process()];
        both.iter_mut().for_each(Housevoice::start);
        eventually("a shard for each", || {
            let holders = [0, 1].map(|part| self.holder(part));
            let own = |part: usize| both.iter().position(|bot| Some(bot.pid()) == holders[part]);
            let apart = own(0).is_some() && own(1).is_some() && own(0) != own(1);
            (apart && self.are_connected()).then_some(())
        });
        if self.holder(0) != Some(both[0].pid()) {
            both.swap(0, 1);
        }
        both
    }

    /// The process that keeps a shard.
    fn holder(&self, part: u32) -> Option<u32> {
        self.runtime.block_on(async {
            let mut conn = PgConnection::connect(&self.url).await.ok()?;
            let holder: Option<i64> = sqlx::query_scalar(
                "SELECT n.process FROM duties d JOIN nodes n ON n.node = d.holder AND n.until > housevoice_now() \
                 WHERE d.duty LIKE 'discord/%/' || CAST($1 AS TEXT)",
            )
            .bind(part.to_string())
            .fetch_optional(&mut conn)
            .await
            .ok()?;
            conn.close().await.ok()?;
            holder.and_then(|holder| u32::try_from(holder).ok())
        })
    }

    fn are_connected(&self) -> bool {
        self.town.server.connected_shards() == [(0, 2), (1, 2)]
    }

    fn person(&self, name: &str) -> Id {
        let person = self.town.person(name);
        self.town.server.join(self.far, person, &[]);
        person
    }

    /// Somebody asks the bot in a channel.
    fn asks(&self, who: &str, channel: Id) {
        let text = format!("<@{}> {QUESTION}", self.town.server.bot());
        self.town.server.says(self.person(who), channel, &text);
    }

    fn answers(&self, channel: Id) -> usize {
        self.town.server.bot_messages(channel).iter().filter(|message| is_answer(message)).count()
    }

    fn answered(&self, channel: Id, times: usize) {
        eventually(&format!("answer {times}\n{}", self.town.server.everything()), || {
            (self.answers(channel) >= times).then_some(())
        });
    }

    fn private_answers(&self, who: &str) -> usize {
        self.town.said(who).iter().filter(|said| said.text.contains(ANSWER)).count()
    }

    fn privately_answered(&self, who: &str, times: usize) {
        eventually(&format!("answer {times} to {who}"), || (self.private_answers(who) >= times).then_some(()));
    }

    /// Sessions of a key were begun with some seconds between them, and none too soon.
    fn paced(&self) {
        assert_eq!(self.town.server.hasty_identifies(), 0);
        for (key, at) in self.town.server.identifies_by_key() {
            let apart = at.windows(2).map(|two| two[1] - two[0]).min();
            assert!(apart.is_none_or(|apart| apart >= Duration::from_secs(5)), "key {key}: {at:?}");
        }
    }
}

fn is_answer(message: &Message) -> bool {
    message.content.contains(ANSWER)
}

#[test]
fn two_processes_hear_a_shard_each_and_everybody_is_answered_once() {
    let Some(here) = Here::new() else { return };
    let mut alone = here.process();
    alone.start();
    assert!(here.are_connected(), "one process hears both");
    let mut other = here.process();
    other.start();
    eventually("a shard for each", || {
        let holders = [here.holder(0)?, here.holder(1)?];
        (holders[0] != holders[1] && here.are_connected()).then_some(())
    });
    here.asks("Ada", here.near);
    here.asks("Ada", here.far_general);
    here.town.says("Sam", QUESTION);
    here.answered(here.near, 1);
    here.answered(here.far_general, 1);
    here.privately_answered("Sam", 1);
    std::thread::sleep(A_WHILE);
    assert_eq!([here.answers(here.near), here.answers(here.far_general), here.private_answers("Sam")], [1, 1, 1]);
    let identified = here.town.server.identifies();
    assert!(identified.iter().all(|identify| identify.shard.1 == 2), "{identified:?}");
    here.paced();
    // Whoever ends leaves its shard to the other, at once.
    assert!(other.stopped().success());
    eventually("both again", || here.are_connected().then_some(()));
    here.asks("Ada", here.far_general);
    here.answered(here.far_general, 2);
    here.paced();
}

#[test]
fn a_shard_whose_process_dies_is_taken_over_and_nothing_is_lost() {
    let Some(here) = Here::new() else { return };
    let [first, mut second] = here.two();
    here.asks("Ada", here.near);
    here.asks("Ada", here.far_general);
    here.town.says("Sam", QUESTION);
    here.answered(here.near, 1);
    here.answered(here.far_general, 1);
    here.privately_answered("Sam", 1);
    let before = here.town.server.requests().len();
    second.killed();
    // Where somebody asked before, and where nobody ever did.
    here.asks("Bo", here.far_general);
    here.asks("Bo", here.far_quiet);
    // The other shard goes on meanwhile; what comes over it is newer, and hides nothing.
    here.asks("Cy", here.near);
    here.town.says("Sam", "what is on tonight?");
    here.answered(here.near, 2);
    assert!(!here.are_connected(), "the shard is not taken over yet");
    here.answered(here.far_general, 2);
    here.answered(here.far_quiet, 1);
    std::thread::sleep(A_WHILE);
    let all = [here.answers(here.near), here.answers(here.far_general), here.answers(here.far_quiet)];
    assert_eq!((all, here.private_answers("Sam")), ([2, 2, 1], 1), "{}", here.town.server.everything());
    assert_eq!(here.holder(1), Some(first.pid()));
    // What the other shard hears was not read.
    let read: Vec<String> =
        here.town.server.requests().iter().skip(before).map(|request| request.path.clone()).collect();
    let private = here.town.server.dm_channel(here.town.person("Sam"));
    for elsewhere in [
        format!("channels/{private}"),
        format!("channels/{}/messages", here.near),
        format!("guilds/{}", here.town.guild),
    ] {
        let get = here.town.server.requests_to(&format!("GET /api/v10/{elsewhere}")).len();
        let early = here
            .town
            .server
            .requests()
            .iter()
            .take(before)
            .filter(|request| request.method == "GET" && request.path.contains(&elsewhere))
            .count();
        assert_eq!(get, early, "{elsewhere} was read: {read:#?}");
    }
    here.paced();
}

#[test]
fn the_process_that_sends_dies_and_the_other_sends() {
    let Some(here) = Here::new() else { return };
    let [mut first, second] = here.two();
    here.town.says("Sam", QUESTION);
    here.privately_answered("Sam", 1);
    first.killed();
    let killed = Instant::now();
    here.town.says("Sam", QUESTION);
    here.asks("Ada", here.far_general);
    here.asks("Ada", here.near);
    here.answered(here.far_general, 1);
    here.privately_answered("Sam", 2);
    here.answered(here.near, 1);
    assert!(killed.elapsed() < Duration::from_secs(60));
    std::thread::sleep(A_WHILE);
    assert_eq!((here.private_answers("Sam"), here.answers(here.far_general), here.answers(here.near)), (2, 1, 1));
    assert_eq!([here.holder(0), here.holder(1)], [Some(second.pid()); 2]);
    here.paced();
}

#[test]
fn a_command_is_answered_by_another_process_than_the_one_that_heard_it() {
    let Some(here) = Here::new() else { return };
    let _both = here.two();
    let ada = here.person("Ada");
    let server = &here.town.server;
    eventually("commands", || (!server.commands(Some(here.far)).is_empty()).then_some(()));
    // The first answer is late: what is said comes before it.
    server.trouble(Trouble::Status(502), 8, "/callback");
    let asked = server.slash(ada, here.far_general, "ask", &[("question", json!(QUESTION))]);
    let answer = eventually("an answer", || server.answers(asked).into_iter().find(is_answer));
    assert_eq!(answer.visible_to, Some(ada), "only she sees it");
    let said = server.requests_to("POST /api/v10/webhooks/");
    assert!(said.iter().any(|request| request.status == 404), "it was tried too early");
    std::thread::sleep(A_WHILE);
    assert_eq!((here.private_answers("Ada"), server.answers(asked).len()), (0, 1));
    assert!(!server.interaction(asked).thinking);
    // It never comes: she is answered in private.
    server.trouble(Trouble::Status(502), 100_000, "/callback");
    server.slash(ada, here.far_general, "ask", &[("question", json!(QUESTION))]);
    here.privately_answered("Ada", 1);
}

#[test]
fn nobody_sees_the_bot_think_for_ever_whichever_process_takes_the_step() {
    let Some(here) = Here::new() else { return };
    let _both = here.two();
    let server = &here.town.server;
    eventually("commands", || (!server.commands(Some(here.far)).is_empty()).then_some(()));
    let people: Vec<Id> = (0..8).map(|number| here.person(&format!("P{number}"))).collect();
    let is_settled = |asked: Id| {
        let asked = server.interaction(asked);
        asked.acknowledged.is_some() && !asked.thinking
    };
    let mut asked: Vec<Id> = Vec::new();
    for person in &people {
        asked.push(server.slash(*person, here.far_general, "human", &[]));
    }
    eventually("cases", || asked.iter().all(|asked| is_settled(*asked)).then_some(()));
    // A person is called already: nothing is said, but that it was passed on.
    asked = people
        .iter()
        .map(|person| server.slash(*person, here.far_general, "ask", &[("question", json!("the red one, please"))]))
        .collect();
    eventually("an end", || asked.iter().all(|asked| is_settled(*asked)).then_some(()));
}

#[test]
fn a_case_of_a_far_server_is_talked_about_at_the_desk() {
    let Some(here) = Here::new() else { return };
    let _both = here.two();
    let server = &here.town.server;
    let kim = here.person("Kim");
    server.says(kim, here.far_general, &format!("<@{}> human please", server.bot()));
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.case(0);
    scene.agent_says("Ana", &case.id, "Ana here, good evening");
    eventually("the reply", || {
        server.bot_messages(here.far_general).into_iter().find(|message| message.content.contains("good evening"))
    });
}

#[test]
fn somebodys_first_message_outlives_a_database_that_was_away_for_longer_than_a_word_holds() {
    let Some(server) = Server::start() else { return };
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let token = town.server.token();
    let mut bot = Housevoice::configured_on(&Database::on(&server), &brands, &[("TOKEN", &token)]);
    bot.start();
    town.says("Ada", QUESTION);
    eventually("an answer", || town.said("Ada").first().cloned());
    server.stop();
    // No history that the bot can find tells of it.
    town.says("Bo", QUESTION);
    eventually("that the word is lost", || bot.log().contains("could not say in time").then_some(()));
    server.start_again();
    eventually("an answer", || town.said("Bo").iter().find(|said| said.text.contains(ANSWER)).cloned());
    std::thread::sleep(A_WHILE);
    assert_eq!(town.said("Bo").iter().filter(|said| said.text.contains(ANSWER)).count(), 1);
}
