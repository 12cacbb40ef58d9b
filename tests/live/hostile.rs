//! Names and words that try to be more than words: they come out literally, nobody is pinged, nothing is executed.

use super::discord::Discord as DiscordServer;
use super::on_discord::{Discord, DiscordDesk, shown};
use super::on_telegram::{Telegram, TelegramDesk};
use super::running::{Housevoice, brand, test_voice};
use super::town::{CaseThread, Desk, Scene};

/// What a customer types as the song of their wish, and how it must come out (within the values' own cleaning: one line).
const WORDS: &[&str] = &[
    "@everyone and @here",
    "<b>bold</b> & <script>alert(1)</script>",
    "_*[click](https://evil.example/)~~`x`||y||",
    "{{secret}} {{#each this}}x{{/each}} {{> partial}}",
    "<@1> <@&2> <#3> <:cat:4> </ask:5> <t:0:R> <id:home>",
    "https://evil.example/a_b www.evil.example evil.com t.me/evil tg://user?id=1 discord.gg/evil",
    "@admin /start #tag $USD a@b.example +49 170 1234567",
    "> quote - list 1. list # head -# small",
    "Z̷̨a̴l̵g̶o̴ t̷e̵x̸t̶",
    "مرحبا بالعالم שלום",
    "\\*not\\* \\_this\\_ \\\\",
];

/// With these for a name, in the language of whoever shows it.
const NAMES: &[&str] = &["@everyone", "<b>Bo</b>", "_*[x](y)", "{{x}}", "שָׁלוֹם\u{202e}evil", "Z̷̨a̴l̵g̶o̴"];

/// The song as it is told again.
fn told(words: &str) -> String {
    format!("We will play {} for you tonight.", words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Everybody has words told again, which `looks_right` looks at, and everybody of these names asks for a person.
fn says_it_all(scene: &Scene<'_>, looks_right: impl Fn(&str, &str)) -> Vec<CaseThread> {
    for (words, number) in WORDS.iter().zip(0..) {
        let who = format!("Sam{number}");
        scene.says(&who, "please play a song for me");
        scene.hears(&who, "Which song");
        scene.says(&who, words);
        scene.hears(&who, "");
        looks_right(&who, words);
    }
    NAMES.iter().zip(0..).map(|(name, number)| scene.opens_case(name, number)).collect()
}

/// The team reads each name as it is, but for what would turn the rest of the line around.
fn names_are_told(cases: &[CaseThread]) {
    for name in NAMES {
        let plain: String = name.chars().filter(|c| *c != '\u{202e}').collect();
        let is_told = |case: &CaseThread| case.posts[0].text.replace('\u{2060}', "").contains(&plain);
        assert!(cases.iter().any(is_told), "{name:?} in {cases:#?}");
    }
}

/// The platform took the markup of each message at once.
fn sent_nothing_again(bot: &Housevoice) {
    let (_, figures) = bot.get("/metrics").unwrap();
    assert!(figures.contains("housevoice_deliveries_total") && !figures.contains("markup_refused"), "{figures}");
}

#[test]
fn hostile_words_are_words_on_telegram() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let cases = says_it_all(&Scene::new(&town, &desk), |who, words| {
        // What is told again may hold joiners that keep Telegram from making links of it.
        let message = town.api.last_bot_message(town.chat(who));
        assert_eq!(message.text().replace('\u{2060}', ""), told(words));
        assert!(message.entities().is_empty(), "{message:?}");
    });
    for case in &cases {
        for message in town.api.bot_messages_in(desk.chat, case.id.parse().unwrap()) {
            let kinds: Vec<String> =
                message.entities().iter().map(|e| e["type"].as_str().unwrap().to_owned()).collect();
            assert!(kinds.iter().all(|kind| kind == "bold"), "{kinds:?} in {message:?}");
        }
    }
    names_are_told(&cases);
    sent_nothing_again(&bot);
}

#[test]
fn hostile_words_are_words_on_discord() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    let cases = says_it_all(&Scene::new(&town, &desk), |who, words| {
        let message = town.server.last_bot_message(town.server.dm_channel(town.person(who)));
        // An emoji of somebody's server goes by its name.
        assert_eq!(shown(&message.content), told(&words.replace("<:cat:4>", ":cat:")), "{message:?}");
    });
    names_are_told(&cases);
    pings_nobody(&town.server);
    sent_nothing_again(&bot);
}

/// Whatever was posted says itself whom it may ping, and pings at most the one person who is answered.
fn pings_nobody(server: &DiscordServer) {
    let mut posts = 0;
    for request in server.requests() {
        let posts_message =
            request.method == "POST" && (request.path.ends_with("/messages") || request.path.ends_with("/threads"));
        if !posts_message {
            continue;
        }
        let message = if request.body["message"].is_object() { &request.body["message"] } else { &request.body };
        if message["content"].is_null() && request.path.ends_with("/threads") {
            continue;
        }
        let allowed = &message["allowed_mentions"];
        assert_eq!(allowed["parse"], serde_json::json!([]), "{request:?}");
        assert!(allowed["users"].as_array().is_none_or(|users| users.len() <= 1), "{request:?}");
        posts += 1;
    }
    assert!(posts > 20, "the test sees only {posts} messages");
}

#[test]
fn a_member_of_the_staff_place_who_is_no_agent_reaches_nobody() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    refuses_mia(&Scene::new(&town, &desk));
    let town = Discord::new();
    let desk = DiscordDesk::text(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    // In a private thread only those who were brought in can write.
    let scene = Scene::new(&town, &desk);
    scene.says("Kim", "human please");
    let case = scene.case(0);
    town.server.joins_thread(desk.agent("Mia"), case.id.parse().unwrap());
    refuses_mia_here(&scene, &case.id);
    // Whoever loses the role is no agent from then on.
    town.server.joins_thread(desk.agent("Ana"), case.id.parse().unwrap());
    desk.says("Ana", &case.id, "Ana here");
    scene.hears("Kim", "");
    scene.hears("Kim", "Ana");
    scene.hears("Kim", "Ana here");
    town.server.give_role(town.guild, desk.agent("Ana"), desk.readers);
    town.server.take_role(town.guild, desk.agent("Ana"), town.agents);
    desk.says("Ana", &case.id, "this must not leave");
    scene.hears_nothing("Kim");
}

fn refuses_mia(scene: &Scene<'_>) {
    scene.says("Kim", "human please");
    refuses_mia_here(scene, &scene.case(0).id);
}

fn refuses_mia_here(scene: &Scene<'_>, case: &str) {
    scene.agent_says("Mia", case, "I will answer this");
    scene.team_reads(case, "only agents of the brand can answer here");
    scene.agent_presses("Mia", case, "Claim");
    scene.agent_says("Ana", case, "/clsoe");
    scene.team_reads(case, "That is no command");
}
