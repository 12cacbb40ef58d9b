//! Two brands in one process, with the same person at both: nothing crosses.

use super::on_discord::{Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk, with_button};
use super::running::{Housevoice, brand, eventually, test_voice, voice};
use super::town::{A_WHILE, Desk, Scene, Town};

#[test]
fn two_brands_in_one_process_keep_apart() {
    let lamps = Telegram::new("loomie_bot");
    let radio = Telegram::beside(&lamps.api, "buoy_bot");
    let (lamps_desk, radio_desk) = (TelegramDesk::of(&lamps), TelegramDesk::of(&radio));
    let brands = [
        brand(voice("lantern-loom"), [lamps.section("LAMPS"), lamps_desk.lines()]),
        brand(test_voice("harbour.toml"), [radio.section("RADIO"), radio_desk.lines()]),
    ]
    .concat();
    let secrets = [("LAMPS", lamps.bot.token.as_str()), ("RADIO", radio.bot.token.as_str())];
    let _bot = Housevoice::running(&brands, &secrets);
    let sam = lamps.person("Sam");
    radio.meets("Sam", sam);
    let (at_lamps, at_radio) = (Scene::new(&lamps, &lamps_desk), Scene::new(&radio, &radio_desk));

    at_lamps.says("Sam", "human please, my lamp is canary-lamp");
    at_lamps.hears("Sam", "");
    let case = at_lamps.case(0);
    assert!(radio_desk.cases().is_empty(), "the other brand's team sees nothing");
    // The other bot answers the same person at the same time, and knows nothing.
    at_radio.says("Sam", "on which frequency are you");
    at_radio.hears("Sam", "98.6 FM");
    at_lamps.agent_says("Ana", &case.id, "Ana of the lamps here");
    at_lamps.hears("Sam", "Ana");
    at_lamps.hears("Sam", "Ana of the lamps here");
    at_radio.says("Sam", "can I talk to a human");
    at_radio.hears("Sam", "");
    let other = at_radio.case(0);
    assert!(!radio_desk.transcript().contains("canary-lamp"), "{}", radio_desk.transcript());
    assert!(!format!("{:?}", radio.said("Sam")).contains("lamps"), "{:?}", radio.said("Sam"));
    at_radio.agent_says("Ben", &other.id, "Ben of the radio here");
    at_radio.hears("Sam", "Ben");
    at_radio.hears("Sam", "Ben of the radio here");
    assert!(!format!("{:?}", lamps.said("Sam")).contains("radio"), "{:?}", lamps.said("Sam"));

    // A button of one brand, pressed at the other: a polite word, and nothing happens.
    at_lamps.says("Cleo", "bulb");
    at_lamps.hears("Cleo", "bulb");
    let button = with_button(lamps.api.bot_messages(lamps.chat("Cleo")), "Which one fits");
    let data = button.buttons().into_iter().find(|b| b.text == "Which one fits").unwrap().data.unwrap();
    radio.meets("Cleo", lamps.person("Cleo"));
    at_radio.says("Cleo", "on which frequency are you");
    at_radio.hears("Cleo", "98.6 FM");
    let below = radio.api.last_bot_message(radio.chat("Cleo"));
    let pressed = radio.api.presses_forged(radio.person("Cleo"), radio.chat("Cleo"), below.id, &data);
    let told = eventually("an answer to the press", || radio.api.answered(&pressed));
    assert!(told.text.contains("no longer works"));
    std::thread::sleep(A_WHILE);
    at_lamps.hears_nothing("Cleo");
    at_radio.hears_nothing("Cleo");
}

#[test]
fn a_case_from_telegram_is_worked_on_in_discord_and_the_other_way_round() {
    let (telegram, discord) = (Telegram::new("buoy_bot"), Discord::new());
    let desk = DiscordDesk::text(&discord);
    let brands =
        brand(test_voice("harbour.toml"), [discord.section("DISCORD"), desk.lines(), telegram.section("TELEGRAM")]);
    let token = discord.server.token();
    let _bot = Housevoice::running(&brands, &[("DISCORD", &token), ("TELEGRAM", &telegram.bot.token)]);
    let scene = Scene::new(&telegram, &desk);
    scene.says("Tina", "can I talk to a human");
    scene.hears("Tina", "");
    let case = scene.case(0);
    assert!(case.posts[0].text.contains("on telegram"), "{case:?}");
    discord.server.joins_thread(desk.agent("Ana"), case.id.parse().unwrap());
    scene.agent_says("Ana", &case.id, "Ana here, from Discord");
    scene.hears("Tina", "Ana");
    scene.hears("Tina", "Ana here, from Discord");
    scene.says("Tina", "hello from Telegram");
    scene.team_reads(&case.id, "hello from Telegram");
    scene.agent_presses("Ana", &case.id, "Hand back to the bot");
    scene.hears("Tina", "");
    scene.says("Tina", "on which frequency are you");
    scene.hears("Tina", "98.6 FM");

    let desk = TelegramDesk::of(&telegram);
    let brands =
        brand(test_voice("harbour.toml"), [telegram.section("TELEGRAM"), desk.lines(), discord.section("DISCORD")]);
    drop(_bot);
    let _bot = Housevoice::running(&brands, &[("DISCORD", &token), ("TELEGRAM", &telegram.bot.token)]);
    let scene = Scene::new(&discord, &desk);
    scene.says("Dina", "can I talk to a human");
    scene.hears("Dina", "");
    let case = scene.case(0);
    assert!(case.posts[0].text.contains("on discord"), "{case:?}");
    scene.agent_presses("Ben", &case.id, "Claim");
    scene.hears("Dina", "Ben");
    scene.agent_says("Ben", &case.id, "Ben here, from Telegram");
    scene.hears("Dina", "Ben here, from Telegram");
    scene.agent_says("Ben", &case.id, "// only for us");
    scene.agent_says("Ben", &case.id, "/close solved");
    scene.hears("Dina", "Ben");
    scene.hears_nothing("Dina");
    assert!(!discord.transcript().contains("only for us"));
}
