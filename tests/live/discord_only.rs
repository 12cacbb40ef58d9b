//! What only Discord has: slash commands and ephemeral answers, forums and threads, intents, sessions that break.

use std::time::Duration;

use serde_json::json;

use super::discord::{Id, READ_MESSAGE_HISTORY, SEND_MESSAGES, Saying, Trouble, VIEW_CHANNEL};
use super::on_discord::{Discord, DiscordDesk, labels, shown};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::town::{A_WHILE, Desk, Scene, Town};

const QUESTION: &str = "on which frequency are you?";

/// A guild with some channels, and the program.
struct Here {
    town: Discord,
    desk: DiscordDesk,
    help: Id,
    general: Id,
    plaza: Id,
    forum: Id,
    bot: Housevoice,
}

impl Here {
    fn new() -> Self {
        Self::with(|_, section| section)
    }

    /// `adapt` may change the world and the section of bot.toml before the start.
    fn with(adapt: impl FnOnce(&Discord, String) -> String) -> Self {
        let town = Discord::new();
        let add = |name: &str| town.server.add_channel(town.guild, name);
        let (help, general, plaza) = (add("help"), add("general"), add("plaza"));
        add("announcements");
        let forum = town.server.add_forum(town.guild, "questions", &[]);
        let desk = DiscordDesk::forum(&town);
        let section = adapt(&town, format!("{}{}", town.section("TOKEN"), desk.lines()));
        let brands = brand(test_voice("harbour.toml"), [section]);
        let token = town.server.token();
        let bot = Housevoice::running(&brands, &[("TOKEN", &token)]);
        Self { town, desk, help, general, plaza, forum, bot }
    }

    fn answer(&self, channel: Id, number: usize) -> super::discord::Message {
        eventually(&format!("message {number}\n{}", self.town.server.everything()), || {
            self.town.server.bot_messages(channel).get(number).cloned()
        })
    }

    fn silent(&self, channel: Id, so_far: usize) {
        std::thread::sleep(A_WHILE + Duration::from_millis(900));
        assert_eq!(self.town.server.bot_messages(channel).len(), so_far, "{}", self.town.server.everything());
    }

    fn mention(&self, text: &str) -> String {
        format!("<@{}> {text}", self.town.server.bot())
    }
}

#[test]
fn in_a_channel_it_speaks_when_spoken_to_and_pings_only_who_is_answered() {
    let here = Here::new();
    let server = &here.town.server;
    let (ada, bo) = (here.town.person("Ada"), here.town.person("Bo"));
    for text in ["lol did you see that", "haha yes 😂", QUESTION, "tonight then @everyone"] {
        server.says(ada, here.general, text);
        server.says(bo, here.general, text);
    }
    here.silent(here.general, 0);
    let asked = server.says(ada, here.general, &here.mention(QUESTION));
    let answer = here.answer(here.general, 0);
    assert!(answer.content.contains("98.6 FM"), "{answer:?}");
    assert_eq!(answer.reply_to.map(|(_, message)| message), Some(asked));
    assert_eq!((answer.mentions.as_slice(), answer.mention_everyone), ([ada].as_slice(), false));
    server.says_more(bo, here.general, &Saying { text: "what is on tonight?", reply_to: Some(answer.id), files: &[] });
    assert!(shown(&here.answer(here.general, 1).content).contains("sea shanties"));
    let muted = server.channel_named("announcements").unwrap().id;
    server.says(ada, muted, &here.mention(QUESTION));
    here.silent(muted, 0);
}

#[test]
fn in_a_help_channel_people_answer_first() {
    let here = Here::new();
    let server = &here.town.server;
    let (ada, bo) = (here.town.person("Ada"), here.town.person("Bo"));
    server.says(ada, here.help, QUESTION);
    assert!(here.answer(here.help, 0).content.contains("98.6 FM"));
    let asked = server.says(ada, here.help, "what is on tonight?");
    server.says_more(bo, here.help, &Saying { text: "sea shanties, I think", reply_to: Some(asked), files: &[] });
    here.silent(here.help, 1);
}

#[test]
fn a_new_forum_post_is_answered_and_what_follows_is_not_unless_spoken_to() {
    let here = Here::new();
    let server = &here.town.server;
    let ada = here.town.person("Ada");
    let post = server.posts(ada, here.forum, "Tuning in", QUESTION, &[]);
    assert!(here.answer(post, 0).content.contains("98.6 FM"));
    server.says(here.town.person("Bo"), post, "what is on tonight?");
    here.silent(post, 1);
    server.says(ada, post, &here.mention("what is on tonight?"));
    here.answer(post, 1);
}

#[test]
fn where_the_voice_says_so_the_answer_opens_a_thread_and_the_talk_goes_on_there() {
    let here = Here::new();
    let server = &here.town.server;
    let ada = here.town.person("Ada");
    let asked = server.says(ada, here.plaza, &here.mention("please play a song for me"));
    // A thread that begins at a message has its number.
    let question = here.answer(asked, 0);
    assert!(question.content.contains("Which song"), "{question:?}");
    assert!(server.bot_messages(here.plaza).is_empty(), "the channel stays readable");
    server.says(ada, asked, &here.mention("The Water Is Wide"));
    assert!(here.answer(asked, 1).content.contains("The Water Is Wide"));
    assert_eq!(server.threads(here.plaza).len(), 1, "one thread for one talk");
}

#[test]
fn a_command_is_answered_for_one_pair_of_eyes() {
    let here = Here::new();
    let server = &here.town.server;
    let ada = here.town.person("Ada");
    eventually("commands", || (!server.commands(None).is_empty()).then_some(()));
    let typed = server.autocomplete(ada, here.general, "ask", &[], "question", "frequ");
    let choices = eventually("choices", || server.interaction(typed).choices);
    assert!(format!("{choices:?}").contains("frequency"), "{choices:?}");
    let asked = server.slash(ada, here.general, "ask", &[("question", json!("how much is the membership fee"))]);
    let answer = eventually("an answer", || server.answers(asked).into_iter().find(|m| !m.content.is_empty()));
    assert!(answer.content.contains("What is your member number?"), "{answer:?}");
    assert_eq!(answer.visible_to, Some(ada), "nobody else sees it");
    assert!(
        server.interaction(asked).acknowledged.is_some_and(|(kind, took)| kind == 5 && took < Duration::from_secs(3))
    );
    assert!(!server.interaction(asked).thinking);
    // The same talk goes on with the next command, out of everybody's sight.
    let told = server.slash(ada, here.general, "ask", &[("question", json!("HR-1234"))]);
    let answer = eventually("an answer", || server.answers(told).into_iter().find(|m| !m.content.is_empty()));
    assert!(shown(&answer.content).contains("HR-1234"), "{answer:?}");
    let privacy = server.slash(ada, here.general, "privacy", &[]);
    let answer = eventually("an answer", || server.answers(privacy).into_iter().find(|m| !m.content.is_empty()));
    assert!(shown(&answer.content).contains("https://harbour.example/privacy"));
    assert!(server.bot_messages(here.general).iter().all(|message| message.visible_to == Some(ada)));
}

#[test]
fn a_command_for_a_person_reaches_one_and_the_answer_finds_its_way_when_the_command_is_old() {
    let here = Here::new();
    let server = &here.town.server;
    let ada = here.town.person("Ada");
    eventually("commands", || (!server.commands(None).is_empty()).then_some(()));
    let asked = server.slash(ada, here.general, "human", &[]);
    eventually("a word", || server.answers(asked).into_iter().find(|m| !m.content.is_empty()));
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.case(0);
    // While a person has it, a command is not left hanging.
    scene.agent_presses("Ana", &case.id, "Claim");
    scene.team_reads(&case.id, "has the case");
    let more = server.slash(ada, here.general, "ask", &[("question", json!(QUESTION))]);
    let passed = eventually("a word", || server.answers(more).into_iter().find(|m| !m.content.is_empty()));
    assert!(passed.content.contains("passed that on"), "{passed:?}");
    scene.team_reads(&case.id, QUESTION);
    // The token of a command lives for a quarter of an hour only; then the answer comes in private.
    server.set_token_lifetime(Duration::ZERO);
    scene.agent_says("Ana", &case.id, "Ana here, better late than never");
    let private = server.dm_channel(ada);
    assert!(shown(&here.answer(private, 0).content).contains("better late than never"));
}

#[test]
fn a_choice_is_for_whoever_was_asked_and_works_once() {
    let here = Here::new();
    let server = &here.town.server;
    let (ada, bo) = (here.town.person("Ada"), here.town.person("Bo"));
    server.says(ada, here.general, &here.mention("tell me about turnips and the moon please"));
    here.answer(here.general, 0);
    server.says(ada, here.general, &here.mention("purple elephants juggle quietly under tuesday"));
    let offer = here.answer(here.general, 1);
    assert!(labels(&offer).contains(&"No, thanks".to_owned()), "{offer:?}");
    let by_bo = server.press(bo, offer.id, "No, thanks");
    let told = eventually("a word to Bo", || server.answers(by_bo).into_iter().next());
    assert!(told.content.contains("for the person who asked"), "{told:?}");
    assert_eq!(told.visible_to, Some(bo));
    let button = offer.components[0]["components"].as_array().unwrap().iter().find(|one| one["label"] == "No, thanks");
    let custom_id = button.unwrap()["custom_id"].as_str().unwrap().to_owned();
    server.press(ada, offer.id, "No, thanks");
    eventually("an answer", || {
        (server.bot_messages(here.general).iter().filter(|m| m.visible_to.is_none()).count() == 3).then_some(())
    });
    for forged in [custom_id.as_str(), "AAAAAAAAAAAAAAAAAAAAAA", "../../etc", "🙂"] {
        let press = server.press_forged(ada, offer.id, forged);
        let told = eventually("a word about it", || server.answers(press).into_iter().next());
        assert!(told.content.contains("no longer works"), "{told:?}");
        assert_eq!(told.visible_to, Some(ada));
    }
}

#[test]
fn without_the_message_content_intent_it_hears_whoever_speaks_to_it() {
    let here = Here::with(|town, section| {
        town.server.set_privileged(0);
        section.replace("message_content = true\n", "")
    });
    let server = &here.town.server;
    let scene = Scene::new(&here.town, &here.desk);
    scene.says("Sam", QUESTION);
    scene.hears("Sam", "98.6 FM");
    let ada = here.town.person("Ada");
    server.says(ada, here.help, QUESTION);
    here.silent(here.help, 0);
    server.says(ada, here.help, &here.mention(QUESTION));
    here.answer(here.help, 0);
    let intents = server.identifies().last().unwrap().intents;
    assert_eq!(intents & super::discord::intents::MESSAGE_CONTENT, 0);
}

#[test]
fn a_connection_that_breaks_loses_nothing() {
    let here = Here::new();
    let server = &here.town.server;
    let scene = Scene::new(&here.town, &here.desk);
    scene.says("Sam", "what is on tonight?");
    scene.hears("Sam", "sea shanties");
    // Cut: the session is taken up again, or begun anew and what was missed is read.
    server.cut_gateway();
    scene.says("Sam", QUESTION);
    scene.hears("Sam", "98.6 FM");
    server.ask_reconnect();
    scene.says("Sam", "what is on tonight?");
    scene.hears("Sam", "sea shanties");
    server.set_gateway_open(false);
    server.cut_gateway();
    server.forget_sessions();
    scene.says("Sam", QUESTION);
    std::thread::sleep(A_WHILE);
    server.set_gateway_open(true);
    scene.hears("Sam", "98.6 FM");
    server.invalidate_session(false);
    scene.says("Sam", "what is on tonight?");
    scene.hears("Sam", "sea shanties");
    scene.hears_nothing("Sam");
    assert!(server.identifies().len() <= 6, "{} identifies", server.identifies().len());
}

#[test]
fn what_was_written_while_it_was_away_is_answered() {
    let mut here = Here::new();
    let server = here.town.server.clone();
    let ada = here.town.person("Ada");
    server.says(ada, here.general, &here.mention("what is on tonight?"));
    here.answer(here.general, 0);
    here.town.says("Sam", "what is on tonight?");
    eventually("an answer", || here.town.said("Sam").first().cloned());
    assert!(here.bot.stopped().success());
    server.says(ada, here.general, &here.mention(QUESTION));
    here.town.says("Sam", QUESTION);
    here.bot.start();
    assert!(here.answer(here.general, 1).content.contains("98.6 FM"));
    eventually("an answer in private", || here.town.said("Sam").get(1).cloned());
    here.silent(here.general, 2);
}

#[test]
fn edits_and_deletions_reach_the_team_without_another_answer() {
    let here = Here::new();
    let server = &here.town.server;
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    let written = server.dm(here.town.person("Kim"), "my number is wrong");
    scene.team_reads(&case.id, "my number is wrong");
    server.edits(written, "my number is HR-7777");
    scene.team_reads(&case.id, "HR-7777");
    server.deletes(written);
    scene.team_reads(&case.id, "deleted a message");
    scene.hears_nothing("Kim");
}

#[test]
fn the_team_is_told_what_the_customer_does_not_get_and_its_own_threads_are_left_alone() {
    let here = Here::new();
    let server = &here.town.server;
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    let thread: Id = case.id.parse().unwrap();
    let (ana, mia) = (here.desk.agent("Ana"), here.desk.agent("Mia"));
    let written = server.says(ana, thread, "It leaves on Monday");
    scene.hears("Kim", "Ana");
    scene.hears("Kim", "It leaves on Monday");
    server.edits(written, "It leaves on Tuesday");
    scene.team_reads(&case.id, "a change is not passed on");
    let note = server.says(ana, thread, "// call the harbour");
    server.edits(note, "// call the harbour before noon");
    for _ in 0..2 {
        server.says(ana, thread, "/nonsense");
        server.says(mia, thread, "let me help");
    }
    let told = |words: &str| here.desk.cases()[0].posts.iter().filter(|post| post.text.contains(words)).count();
    eventually("both commands", || (told("That is no command") == 2).then_some(()));
    eventually("the stranger", || (told("only agents of the brand") == 1).then_some(()));
    let own = server.posts(ana, here.desk.channel, "Lunch", "Who is hungry?", &[]);
    server.says(mia, own, "pizza?");
    server.says(ana, own, "/me wants pizza");
    std::thread::sleep(A_WHILE);
    assert_eq!(
        (told("a change is not passed on"), told("only agents of the brand")),
        (1, 1),
        "{}",
        here.desk.transcript()
    );
    assert!(server.messages(own).iter().all(|message| !message.content.contains("customer")), "no case is there");
    scene.hears_nothing("Kim");
}

#[test]
fn files_of_the_team_are_linked_and_those_of_customers_named() {
    let here = Here::new();
    let server = &here.town.server;
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    let thread: Id = case.id.parse().unwrap();
    let bill = Saying { text: "Here is the bill", reply_to: None, files: &[("bill_1.pdf", "application/pdf", 1000)] };
    server.says_more(here.desk.agent("Ana"), thread, &bill);
    scene.hears("Kim", "Ana");
    let sent = scene.hears("Kim", "Here is the bill");
    assert!(sent.text.contains("bill_1.pdf") && sent.text.contains("https://cdn.discordapp.com/"), "{sent:?}");
    let photo = Saying { text: "", reply_to: None, files: &[("lamp.png", "image/png", 1000)] };
    server.says_more(here.town.person("Kim"), server.dm_channel(here.town.person("Kim")), &photo);
    scene.team_reads(&case.id, "lamp.png");
}

#[test]
fn closed_private_messages_and_lost_rights_are_reported() {
    let here = Here::new();
    let server = &here.town.server;
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    server.set_takes_dms(here.town.person("Kim"), false);
    scene.agent_says("Ana", &case.id, "Hello Kim");
    scene.team_reads(&case.id, "cannot be reached");
    // A channel in which the bot may no longer write is left alone.
    let ada = here.town.person("Ada");
    server.overwrite_role(
        here.general,
        server.bot_role(here.town.guild),
        VIEW_CHANNEL | READ_MESSAGE_HISTORY,
        SEND_MESSAGES,
    );
    server.says(ada, here.general, &here.mention(QUESTION));
    std::thread::sleep(A_WHILE);
    let tries =
        server.requests().iter().filter(|r| r.status == 403 && r.path.contains(&here.general.to_string())).count();
    assert!((1..=2).contains(&tries), "{tries} tries");
}

#[test]
fn a_limit_is_waited_out_and_stalls_nobody() {
    let here = Here::new();
    let slow = here.town.server.dm_channel(here.town.person("Slow"));
    here.town.server.trouble(
        Trouble::TooMany { retry_after: 2.0, global: false },
        1,
        &format!("/channels/{slow}/messages"),
    );
    here.town.says("Slow", QUESTION);
    here.town.says("Quick", QUESTION);
    eventually("the other's answer", || here.town.said("Quick").first().cloned());
    assert!(here.town.said("Slow").is_empty(), "Discord asked for two seconds");
    eventually("the slow answer", || here.town.said("Slow").first().cloned());
    std::thread::sleep(A_WHILE);
    assert_eq!(here.town.said("Slow").len(), 1);
}

#[test]
fn an_agent_who_replies_in_public_has_the_case() {
    let here = Here::new();
    let server = &here.town.server;
    let ada = here.town.person("Ada");
    let asked = server.says(ada, here.general, &here.mention("can I talk to a human"));
    here.answer(here.general, 0);
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.case(0);
    let ana = here.desk.agent("Ana");
    server.says_more(ana, here.general, &Saying { text: "Ana here, I will help", reply_to: Some(asked), files: &[] });
    scene.team_reads(&case.id, "has the case");
    server.says(ada, here.general, &here.mention(QUESTION));
    here.silent(here.general, 1);
}

#[test]
fn a_case_thread_that_was_deleted_is_opened_anew_once_and_is_known_after_a_restart() {
    let mut here = Here::new();
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    here.town.server.delete_channel(case.id.parse().unwrap());
    scene.says("Kim", "are you still there?");
    let another = eventually("another thread", || {
        let cases = here.desk.cases();
        cases.iter().find(|thread| thread.id != case.id && format!("{thread:?}").contains("still there")).cloned()
    });
    assert!(here.bot.stopped().success());
    here.bot.start();
    scene.says("Kim", "hello again?");
    scene.team_reads(&another.id, "hello again?");
    assert_eq!(here.desk.cases().len(), 1, "{}", here.desk.transcript());
    // What is typed there reaches the customer.
    scene.agent_says("Ana", &another.id, "I am here now");
    eventually("the reply", || here.town.said("Kim").into_iter().find(|said| said.text.contains("I am here now")));
    assert_eq!(here.desk.cases().len(), 1, "{}", here.desk.transcript());
}
