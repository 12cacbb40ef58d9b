//! What could not be sent is seen by the operator, and leaves once more when they say so, while the bot runs.

use super::database::Database;
use super::on_telegram::{Telegram, TelegramDesk};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::telegram::Fault;
use super::town::{Scene, Town};

/// The row that stands under a heading, once it does.
fn row(bot: &Housevoice, heading: &str) -> String {
    eventually(heading, || {
        let (_, said) = bot.beside(&["outbox"], &[]);
        let mut lines = said.lines().skip_while(|line| !line.contains(heading));
        lines.nth(1).map(|line| line.trim().to_owned())
    })
}

#[test]
fn what_was_given_up_is_seen_and_leaves_once_more_while_the_bot_runs() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let scene = Scene::new(&town, &desk);
    assert_eq!(
        bot.beside(&["outbox"], &[]),
        (Some(0), "harbour: everything was sent, or leaves for the first time\n".to_owned())
    );
    town.api.fail_next("sendMessage", 1, Fault::Blocked);
    town.says("Sam", "please play a song for me");
    let row = row(&bot, "could not be sent");
    assert!(row.contains("the bot's message to Sam on telegram") && row.contains("1 try"), "{row}");
    assert!(row.ends_with(": the customer has blocked the bot"), "{row}");
    let number = row.split(' ').next().unwrap();
    let (code, json) = bot.beside(&["outbox", "--brand", "harbour", "--format", "json"], &[]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let first = &json["unsent"][0];
    assert_eq!((code, first["number"].to_string().as_str()), (Some(1), number), "{json}");
    assert_eq!(
        (&first["state"], &first["customer"], &first["has_words"]),
        (&"failed".into(), &"Sam".into(), &true.into())
    );

    assert_eq!(bot.beside(&["outbox", "--retry", number], &[]), (Some(0), format!("{number} is tried again\n")));
    scene.hears("Sam", "Which song");
    eventually("that it is sent", || (bot.beside(&["outbox"], &[]).0 == Some(0)).then_some(()));
    let (code, said) = bot.beside(&["outbox", "--retry", number, "4711"], &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("{number} is not tried again: it was sent")), "{said}");
    assert!(said.contains("4711 is not tried again: there is no such message"), "{said}");
    let (code, said) = bot.beside(&["outbox", "--retry-failed"], &[]);
    assert_eq!((code, said.as_str()), (Some(0), "nothing was given up\n"));
    let (code, said) = bot.beside(&["outbox", "--brand", "harbor"], &[]);
    assert!(code == Some(2) && said.contains("its brands are: harbour"), "{said}");
}

#[test]
fn what_waits_to_be_tried_again_is_seen_and_a_stopped_bot_is_told_of() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let mut bot = Housevoice::configured(&brands, &[("TOKEN", &town.bot.token)]);
    let way_out = match bot.database() {
        Database::File => "`housevoice run` makes the file",
        Database::Postgres(_) => "its tables are not there yet",
    };
    let (code, said) = bot.beside(&["outbox"], &[]);
    assert!(code == Some(2) && said.contains(way_out), "{said}");
    assert!(!bot.database().is_made(bot.folder()), "to look makes nothing");
    bot.start();
    town.api.fail_next("sendMessage", 1, Fault::TooMany(600));
    town.says("Sam", "please play a song for me");
    let row = row(&bot, "waits to be tried again");
    assert!(row.contains("to Sam on telegram") && row.contains("next in 9 minutes"), "{row}");
    town.api.fail_next("sendMessage", 1, Fault::Blocked);
    town.says("Kim", "please play a song for me");
    eventually("a failure", || (bot.beside(&["outbox"], &[]).0 == Some(1)).then_some(()));
    assert!(bot.stopped().success());
    let (code, said) = bot.beside(&["outbox", "--retry-failed"], &[]);
    assert!(code == Some(0) && said.contains("it leaves once `housevoice run` runs"), "{said}");
    bot.start();
    Scene::new(&town, &desk).hears("Kim", "Which song");
}
