use super::*;
use crate::config::{ChannelKind, LogFormat, SecretName};

const SMALL: &str = r#"
[[brands]]
voice = "voices/tea"

[brands.telegram]
token_env = "TEA_TELEGRAM_TOKEN"
desk = -1001
admins_are_agents = true
"#;

fn wrong(text: &str) -> Vec<String> {
    read(text).unwrap_err().into_iter().map(|wrong| wrong.sentence).collect()
}

#[test]
fn the_example_is_read_and_names_no_secret() {
    let text = include_str!("../../../bot.example.toml");
    let config = read(text).unwrap();
    assert_eq!(config.brands.len(), 2);
    assert_eq!(config.log.format, LogFormat::Json);
    // Every key is explained: switched on, what is commented out is read as well.
    let all: String =
        text.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).flat_map(|l| [l, "\n"]).collect();
    read(&all).unwrap();
}

#[test]
fn a_small_one_is_enough() {
    let config = read(SMALL).unwrap();
    let telegram = config.brands[0].telegram.as_ref().unwrap();
    assert_eq!(telegram.api_url, "https://api.telegram.org");
    assert_eq!(telegram.desk, Some(Id(-1001)));
    assert_eq!(config.web.listen.to_string(), "127.0.0.1:8787");
}

#[test]
fn ids_are_numbers_with_or_without_quotes() {
    let text = r#"
        [[brands]]
        voice = "tea"
        [brands.discord]
        token_env = "T"
        servers = ["1100000000000000001", 1100000000000000002]
        desk = "5"
        agent_roles = [7]
        channels = { "9" = "help" }
    "#;
    let discord = read(text).unwrap().brands.remove(0).discord.unwrap();
    assert_eq!(discord.servers, [Id(1_100_000_000_000_000_001), Id(1_100_000_000_000_000_002)]);
    assert_eq!(discord.channels.get("9"), Some(&ChannelKind::Help));
    let named = text.replace("\"5\"", "\"#help\"");
    assert!(wrong(&named)[0].contains("this is no number"), "{:?}", wrong(&named));
}

#[test]
fn a_mistake_has_its_line_and_never_shows_a_token() {
    let misspelt = SMALL.replace("desk", "dask");
    let found = read(&misspelt).unwrap_err();
    assert_eq!(found[0].line(&misspelt), Some(7));
    assert!(found[0].sentence.contains("unknown field `dask`"), "{found:?}");
    let token = "123456789:AAF_a-token-that-looks-real-0123456789";
    let pasted = SMALL.replace("TEA_TELEGRAM_TOKEN", token);
    let found = read(&pasted).unwrap_err();
    assert!(found[0].sentence.contains("name of an environment variable"), "{found:?}");
    assert!(!format!("{found:?}").contains(token));
}

#[test]
fn contradictions_are_told_all_at_once() {
    let found = wrong(
        r#"
        [[brands]]
        voice = "one"
        [[brands]]
        voice = "two"
        [brands.telegram]
        token_env = "T"
        webhook_secret_env = "S"
        [[brands]]
        voice = "three"
        [brands.telegram]
        token_env = "T"
        desk = -100
        groups = [{ id = -5, topics = { "x" = "help" } }, { id = -5 }, { id = 7 }, { id = -100 }]
        api_url = "api.example"
        "#,
    );
    for part in [
        "one speaks nowhere",
        "two has no desk",
        "two takes webhooks",
        "three has a desk on Telegram and no agents",
        "`x` in `topics`",
        "-5 stands twice",
        "7 in `groups` of three is no group",
        "-100 is the desk",
        "must begin with https",
        "T is used twice",
    ] {
        assert!(found.iter().any(|sentence| sentence.contains(part)), "{part}: {found:#?}");
    }
}

#[test]
fn a_bot_is_heard_over_one_connection_or_a_thousand_at_most() {
    let with = |line: &str| {
        format!(
            "[[brands]]\nvoice = \"tea\"\n[brands.discord]\ntoken_env = \"T\"\nservers = [1]\ndesk = 5\nagent_roles = [7]\n{line}"
        )
    };
    let shards = |line: &str| read(&with(line)).unwrap().brands.remove(0).discord.unwrap().shards;
    assert_eq!((shards(""), shards("shards = 1"), shards("shards = 1000")), (1, 1, 1000));
    for line in ["shards = 0", "shards = 1001"] {
        assert_eq!(wrong(&with(line)), ["`shards` in [brands.discord] of tea must be from 1 to 1000"], "{line}");
    }
}

#[test]
fn a_secret_is_fetched_and_never_shown() {
    let name = SecretName::new("TEA").unwrap();
    let secret = name.fetch(|_| Some(" canary-token \n".to_owned())).unwrap();
    assert_eq!(secret.expose(), "canary-token");
    assert!(!format!("{secret:?}").contains("canary"));
    assert_eq!(name.fetch(|_| None).unwrap_err().to_string(), "the environment variable TEA is not set");
    assert!(name.fetch(|_| Some("a b".to_owned())).unwrap_err().to_string().contains("no token has"));
}

#[test]
fn a_value_in_the_wrong_place_is_not_shown() {
    let token = "123456:AAF_canary-token";
    let found = wrong(&SMALL.replace("desk = -1001", &format!("groups = \"{token}\"")));
    assert!(!found[0].contains("canary") && found[0].contains("invalid type"), "{found:?}");
}

#[test]
fn a_level_that_is_none_is_told() {
    for level in ["verbos", "", "housevoice=loud"] {
        let found = wrong(&format!("[log]\nlevel = \"{level}\"\n{SMALL}"));
        assert!(found[0].contains("in [log] is none"), "{level}: {found:?}");
    }
    read(&format!("[log]\nlevel = \"housevoice=debug,warn\"\n{SMALL}")).unwrap();
}

#[test]
fn a_desk_is_one_brands() {
    let two = format!("{SMALL}{}", SMALL.replace("TEA", "COFFEE").replace("voices/tea", "voices/coffee"));
    let found = wrong(&two);
    assert!(found.iter().any(|sentence| sentence.contains("is another brand's")), "{found:?}");
}
