//! What the bot may do on Discord, who else may see what, and what bot.toml names: all told at the start.

use super::discord::{
    BAN_MEMBERS, Id, MENTION_EVERYONE, READ_MESSAGE_HISTORY, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL,
};
use super::on_discord::{BOT_MAY, Discord, DiscordDesk};
use super::running::{Housevoice, brand, test_voice};
use super::town::{A_WHILE, Desk, Scene};

const NOT_MANAGING: u64 = VIEW_CHANNEL | SEND_MESSAGES | SEND_MESSAGES_IN_THREADS | READ_MESSAGE_HISTORY;

fn brands(town: &Discord, lines: &str) -> String {
    brand(test_voice("harbour.toml"), [town.section("TOKEN"), lines.to_owned()])
}

fn up(town: &Discord, lines: &str) -> Housevoice {
    Housevoice::running(&brands(town, lines), &[("TOKEN", &town.server.token())])
}

/// What it says when it gives up at the start.
fn refused(town: &Discord, lines: &str) -> String {
    let mut bot = Housevoice::configured(&brands(town, lines), &[("TOKEN", &town.server.token())]);
    bot.spawn();
    assert_eq!(bot.ended().code(), Some(2), "{}", bot.log());
    bot.log()
}

#[test]
fn the_invite_link_asks_for_what_the_bot_of_the_tests_has() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let bot = up(&town, &desk.lines());
    assert!(bot.log().contains(&format!("&permissions={BOT_MAY}")), "{}", bot.log());
    assert!(!bot.log().contains("the bot lacks") && !bot.log().contains("more than it needs"), "{}", bot.log());
}

#[test]
fn a_forum_that_wants_a_tag_on_every_post_gets_one() {
    let town = Discord::new();
    let desk = DiscordDesk::forum_with_tags(&town, &["open", "done"]);
    let _bot = up(&town, &desk.lines());
    let scene = Scene::new(&town, &desk);
    let case: Id = scene.opens_case("Kim", 0).id.parse().unwrap();
    let tags = town.server.channel(case).thread.unwrap().tags;
    assert_eq!(tags, [town.server.tag(desk.channel, "open")]);
}

#[test]
fn a_forum_that_wants_a_tag_and_has_none_is_told() {
    let town = Discord::new();
    let desk = DiscordDesk::forum_with_tags(&town, &[]);
    let said = refused(&town, &desk.lines());
    assert!(said.contains("#cases takes no post without a tag"), "{said}");
}

#[test]
fn agents_who_would_not_see_a_private_thread_are_told_of() {
    let town = Discord::new();
    let desk = DiscordDesk::text(&town);
    town.server.overwrite_role(desk.channel, town.agents, NOT_MANAGING, 0);
    let said = refused(&town, &desk.lines());
    assert!(said.contains("@Agents") && said.contains("Manage Threads"), "{said}");
    // Whoever is named is added to each thread: for them it works.
    let lines = format!("{}agents = [{{ id = \"{}\" }}]\n", desk.lines(), desk.agent("Ana"));
    let bot = up(&town, &lines);
    assert!(bot.log().contains("give that role Manage Threads"), "{}", bot.log());
    let scene = Scene::new(&town, &desk);
    let case = scene.opens_case("Kim", 0);
    scene.agent_says("Ana", &case.id, "Ana here");
    scene.hears("Kim", "Ana is here now");
    scene.hears("Kim", "Ana here");
}

#[test]
fn roles_of_customers_that_see_the_desk_are_told_by_name() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let patrons = town.server.add_role(town.guild, "Patrons", 0);
    town.server.overwrite_role(desk.channel, patrons, VIEW_CHANNEL, 0);
    town.server.add_role(town.guild, "Regulars", 0);
    let bot = up(&town, &desk.lines());
    let log = bot.log();
    let line = log.lines().find(|line| line.contains("which are no agents")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("@Patrons") && line.contains("@Readers"), "{line}");
    assert!(!line.contains("@Regulars") && !line.contains("@Agents") && !line.contains("House"), "{line}");
}

#[test]
fn a_desk_that_was_opened_to_everybody_gets_no_case_until_it_is_closed_again() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let _bot = up(&town, &desk.lines());
    let scene = Scene::new(&town, &desk);
    town.server.overwrite_role(desk.channel, town.guild, VIEW_CHANNEL, 0);
    scene.says("Kim", "human please");
    scene.hears("Kim", "");
    std::thread::sleep(A_WHILE);
    assert!(desk.cases().is_empty(), "{}", desk.transcript());
    town.server.overwrite_role(desk.channel, town.guild, 0, VIEW_CHANNEL);
    scene.case(0);
}

#[test]
fn what_is_nowhere_is_told() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let channels = "[brands.discord.channels]\n\"999999999999999999\" = \"help\"\n";
    let with_roles = |roles: &str| desk.lines().replace(&format!("[\"{}\"]", town.agents), roles) + channels;
    let both = format!("[\"{}\", \"888888888888888888\"]", town.agents);
    let bot = up(&town, &with_roles(&both));
    assert!(bot.log().contains("there is no channel 999999999999999999"), "{}", bot.log());
    assert!(bot.log().contains("there is no role 888888888888888888"), "{}", bot.log());
    let said = refused(&town, &with_roles("[\"888888888888888888\"]"));
    assert!(said.contains("nobody who may answer"), "{said}");
}

#[test]
fn permissions_that_are_never_needed_are_told_by_name() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let more = BOT_MAY | BAN_MEMBERS | MENTION_EVERYONE;
    town.server.set_role_permissions(town.guild, town.server.bot_role(town.guild), more);
    let bot = up(&town, &desk.lines());
    let log = bot.log();
    let line = log.lines().find(|line| line.contains("more than it needs")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("Ban Members") && line.contains("Mention"), "{line}");
    assert!(!line.contains("Send Messages"), "{line}");
}
