//! How much waits can be watched: it is there before anything waits, rises, and goes back to nothing.

use super::on_telegram::{Telegram, TelegramDesk};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::telegram::Fault;
use super::town::{Scene, Town};

/// The value of the figure with this name and these labels.
fn figure(bot: &Housevoice, name: &str, labels: &[&str]) -> Option<f64> {
    let (_, figures) = bot.get("/metrics")?;
    let is_it = |line: &&str| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']))
            && labels.iter().all(|label| line.contains(label))
    };
    figures.lines().find(is_it)?.rsplit(' ').next()?.parse().ok()
}

fn becomes(bot: &Housevoice, name: &str, labels: &[&str], is: impl Fn(f64) -> bool) {
    let what = format!("{name} {labels:?}; {:?}", bot.get("/metrics"));
    eventually(&what, || figure(bot, name, labels).filter(|value| is(*value)));
}

#[test]
fn how_much_waits_is_told_for_each_platform_and_goes_back_to_nothing() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let here = ["brand=\"harbour\"", "platform=\"telegram\""];
    let at = |label: &'static str| [here[0], here[1], label];
    for gauge in [
        "housevoice_inbox_waiting",
        "housevoice_parked",
        "housevoice_oldest_unanswered_seconds",
        "housevoice_oldest_unsent_seconds",
    ] {
        becomes(&bot, gauge, &here, |value| value == 0.0);
    }
    for lane in ["lane=\"safety\"", "lane=\"case\"", "lane=\"answer\"", "lane=\"staff\""] {
        becomes(&bot, "housevoice_outbox_waiting", &at(lane), |value| value == 0.0);
    }
    town.api.fail_next("sendMessage", 1, Fault::TooMany(8));
    let scene = Scene::new(&town, &desk);
    town.says("Sam", "please play a song for me");
    becomes(&bot, "housevoice_retries_total", &at("reason=\"asked_to_wait\""), |value| value == 1.0);
    becomes(&bot, "housevoice_outbox_waiting", &at("lane=\"answer\""), |value| value == 1.0);
    becomes(&bot, "housevoice_oldest_unsent_seconds", &here, |value| value > 0.0);
    scene.hears("Sam", "Which song");
    becomes(&bot, "housevoice_outbox_waiting", &at("lane=\"answer\""), |value| value == 0.0);
    becomes(&bot, "housevoice_oldest_unsent_seconds", &here, |value| value == 0.0);
    let case = scene.opens_case("Kim", 0);
    becomes(&bot, "housevoice_open_cases", &at("state=\"queued\""), |value| value == 1.0);
    scene.agent_presses("Ana", &case.id, "Claim");
    becomes(&bot, "housevoice_open_cases", &at("state=\"queued\""), |value| value == 0.0);
}
