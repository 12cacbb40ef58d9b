//! What is wrong at the start is told in one plain sentence each, all at once, with what to do; and a stop is a clean one.

use super::on_discord::{Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk, user_of};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::telegram::{Role, rights};
use super::town::{Scene, Town, says_nothing_of};

/// Starts it, expects it to give up, and gives what it said.
fn refused(brands: &str, secrets: &[(&str, &str)]) -> String {
    let mut bot = Housevoice::configured(brands, secrets);
    bot.spawn();
    let status = bot.ended();
    assert_eq!(status.code(), Some(2), "{}", bot.log());
    for (_, secret) in secrets {
        assert!(!bot.log().contains(secret), "{}", bot.log());
    }
    bot.log()
}

fn voice() -> String {
    brand(test_voice("harbour.toml"), [])
}

#[test]
fn what_is_missing_is_named() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = format!("{}{}{}", voice(), town.section("BUOY_TOKEN"), desk.lines());
    let said = refused(&brands, &[]);
    assert!(said.contains("the environment variable BUOY_TOKEN is not set"), "{said}");
    let said = refused(&brands.replace("harbour.toml", "harbor.toml"), &[("BUOY_TOKEN", &town.bot.token)]);
    assert!(said.contains("there is no file or folder") && said.contains("harbor.toml"), "{said}");
    let said = refused(&brands.replace("desk =", "dask ="), &[("BUOY_TOKEN", &town.bot.token)]);
    assert!(said.contains("bot.toml:") && said.contains("unknown field `dask`"), "{said}");
}

#[test]
fn a_wrong_token_is_told_with_what_to_do() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = format!("{}{}{}", voice(), town.section("BUOY_TOKEN"), desk.lines());
    let said = refused(&brands, &[("BUOY_TOKEN", "123456789:AAwrong-token-wrong-token-wrong-tok")]);
    assert!(
        said.contains("harbour on telegram:") && said.contains("BUOY_TOKEN") && said.contains("BotFather"),
        "{said}"
    );

    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = format!("{}{}{}", voice(), town.section("BUOY_TOKEN"), desk.lines());
    let said = refused(&brands, &[("BUOY_TOKEN", "wrong-token-wrong-token-wrong-token")]);
    assert!(said.contains("harbour on discord:") && said.contains("BUOY_TOKEN"), "{said}");
    assert!(said.contains("Developer Portal"), "{said}");
}

#[test]
fn a_desk_that_cannot_work_is_told() {
    let town = Telegram::new("buoy_bot");
    let secrets = [("TOKEN", town.bot.token.as_str())];
    let plain = town.api.supergroup("No topics");
    town.api.set_member(user_of(&town.bot), plain, Role::admin(&[rights::MANAGE_TOPICS]));
    let desk = |chat: i64| format!("{}{}desk = {chat}\nadmins_are_agents = true\n", voice(), town.section("TOKEN"));
    let said = refused(&desk(plain.id), &secrets);
    assert!(said.to_lowercase().contains("topics"), "{said}");
    let forum = town.api.forum("No rights");
    town.api.set_member(user_of(&town.bot), forum, Role::Member);
    let said = refused(&desk(forum.id), &secrets);
    assert!(said.contains("admin"), "{said}");
    let said = refused(&desk(-1_009_999), &secrets);
    assert!(said.contains("-1009999"), "{said}");

    // On Discord, customers could read cases.
    let town = Discord::new();
    let open = town.server.add_channel(town.guild, "open-to-all");
    let brands =
        format!("{}{}desk = \"{open}\"\nagent_roles = [\"{}\"]\n", voice(), town.section("TOKEN"), town.agents);
    let said = refused(&brands, &[("TOKEN", &town.server.token())]);
    assert!(said.contains("customers"), "{said}");
}

#[test]
fn a_missing_intent_is_told() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    town.server.set_privileged(0);
    let brands = format!("{}{}{}", voice(), town.section("TOKEN"), desk.lines());
    let said = refused(&brands, &[("TOKEN", &town.server.token())]);
    assert!(said.contains("Message Content"), "{said}");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = format!("{}{}{}", voice(), town.section("TOKEN"), desk.lines());
    let first = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let mut second = Housevoice::configured(&brands, &[("TOKEN", &town.bot.token)]);
    let text = std::fs::read_to_string(second.path("bot.toml")).unwrap();
    let taken = text.replace(&second.port().to_string(), &first.port().to_string());
    std::fs::write(second.path("bot.toml"), taken).unwrap();
    second.spawn();
    assert_eq!(second.ended().code(), Some(2));
    assert!(second.log().contains("change `listen` in [web]"), "{}", second.log());
}

#[test]
fn it_stops_cleanly_and_goes_on_where_it_was() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = format!("{}{}{}", voice(), town.section("TOKEN"), desk.lines());
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let scene = Scene::new(&town, &desk);
    scene.says("Sam", "please play a song for me");
    scene.hears("Sam", "Which song");
    let (code, figures) = bot.get("/metrics").unwrap();
    assert_eq!(code, 200);
    for figure in ["housevoice_received_total", "housevoice_deliveries_total", "housevoice_send_seconds_bucket"] {
        assert!(figures.contains(figure), "{figure} in {figures}");
    }
    assert_eq!(bot.get("/healthz").unwrap().0, 200);
    assert!(bot.stopped().success());
    assert!(bot.get("/healthz").is_none());
    // What is written meanwhile waits on the platform; the conversation goes on.
    town.says("Sam", "The Water Is Wide");
    bot.start();
    scene.hears("Sam", "The Water Is Wide");
    assert!(bot.stopped().success());
    says_nothing_of(&bot, &["Water", &town.bot.token]);
    let every_line_is_json = bot.log().lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok());
    assert!(every_line_is_json, "{}", bot.log());
    eventually("the end", || bot.log().contains("\"stopped\"").then_some(()));
}

#[test]
fn commands_are_offered_in_each_language() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = format!("{}{}{}", voice(), town.section("TOKEN"), desk.lines());
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let german =
        eventually("commands in German", || town.api.commands(&town.bot).into_iter().find(|set| set.language == "de"));
    assert!(format!("{german:?}").contains("Mit einem Menschen sprechen"), "{german:?}");

    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = format!("{}{}{}", voice(), town.section("TOKEN"), desk.lines());
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    let commands = eventually("commands", || Some(town.server.commands(None)).filter(|list| !list.is_empty()));
    let names: Vec<&str> = commands.iter().filter_map(|command| command["name"].as_str()).collect();
    for name in ["ask", "human", "privacy", "help"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let human = commands.iter().find(|command| command["name"] == "human").unwrap();
    assert_eq!(human["description_localizations"]["de"], "Mit einem Menschen sprechen");
}
