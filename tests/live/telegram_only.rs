//! What only Telegram has: groups with and without privacy mode, topics, deep links, albums, migration, blocks, webhooks.

use serde_json::json;

use super::on_telegram::{Telegram, TelegramDesk, user_of, with_button};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::telegram::{Attachment, Chat, Fault, Role, Say};
use super::town::{A_WHILE, Desk, Scene, Town};

/// A town with a help group and a plain group, and the program.
struct Here {
    town: Telegram,
    desk: TelegramDesk,
    help: Chat,
    general: Chat,
    bot: Housevoice,
}

impl Here {
    /// With the bot an ordinary member of both groups.
    fn new(privacy_mode: bool) -> Self {
        Self::with(privacy_mode, "", |_, _| {})
    }

    fn with(privacy_mode: bool, more: &str, arrange: impl FnOnce(&Telegram, Chat)) -> Self {
        let town = Telegram::new("buoy_bot");
        town.api.privacy_mode(&town.bot, privacy_mode);
        let (help, general) = (town.api.forum("Help"), town.api.supergroup("Harbour"));
        for group in [help, general] {
            town.api.set_member(user_of(&town.bot), group, Role::Member);
        }
        arrange(&town, help);
        let desk = TelegramDesk::of(&town);
        let groups = format!("groups = [{{ id = {}, kind = \"help\" }}, {{ id = {} }}]\n{more}", help.id, general.id);
        let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines(), groups]);
        let secrets = [("TOKEN", town.bot.token.as_str()), ("WEBHOOK", "a-secret-of-more-than-32-characters-A1")];
        let bot = Housevoice::running(&brands, &secrets);
        Self { town, desk, help, general, bot }
    }

    /// The next message of the bot in a chat beyond so many, as text.
    fn answer(&self, chat: Chat, number: usize) -> String {
        eventually(&format!("message {number}\n{}", self.town.api.transcript(chat)), || {
            self.town.api.bot_messages(chat).get(number).map(|message| message.text().to_owned())
        })
    }

    fn silent(&self, chat: Chat, so_far: usize) {
        std::thread::sleep(A_WHILE + std::time::Duration::from_millis(800));
        let of_ours = |message: &super::telegram::Message| message.by_bot == Some(self.town.bot.id);
        let messages = self.town.api.bot_messages(chat).into_iter().filter(of_ours).count();
        assert_eq!(messages, so_far, "{}", self.town.api.transcript(chat));
    }

    fn member(&self, name: &str, chat: Chat) -> super::telegram::User {
        let user = self.town.person(name);
        self.town.api.set_member(user, chat, Role::Member);
        user
    }
}

const QUESTION: &str = "on which frequency are you?";

#[test]
fn in_a_group_it_speaks_when_spoken_to_and_is_silent_between_others() {
    let here = Here::new(false);
    let api = &here.town.api;
    let (ada, bo) = (here.member("Ada", here.general), here.member("Bo", here.general));
    for text in ["lol did you see that", "haha yes 😂", "on which frequency are you?", "see you tonight @everyone"] {
        api.says(ada, here.general, None, text);
        api.says(bo, here.general, None, text);
    }
    here.silent(here.general, 0);
    let asked = api.says(ada, here.general, None, "@buoy_bot on which frequency are you?");
    assert!(here.answer(here.general, 0).contains("98.6 FM"));
    let answer = api.last_bot_message(here.general);
    assert_eq!(answer.reply_to, Some(asked.message_id), "it shows whom it answers");
    api.replies(bo, here.general, answer.id, "please play a song for me");
    assert!(here.answer(here.general, 1).contains("Which song"));
    // It waits for Bo's song, not for what others say.
    api.says(ada, here.general, None, "nice weather today, is it not");
    here.silent(here.general, 2);
    api.says(bo, here.general, None, "/ask@buoy_bot what is on tonight");
    assert!(here.answer(here.general, 2).contains("sea shanties"));
    api.says(bo, here.general, None, "/ask@other_bot what is on tonight");
    here.silent(here.general, 3);
}

#[test]
fn in_a_help_group_people_answer_first_and_topics_are_kept() {
    let here = Here::new(false);
    let api = &here.town.api;
    let (ada, bo) = (here.member("Ada", here.help), here.member("Bo", here.help));
    let radio = api.opens_topic(ada, here.help, "Radio");
    api.says(ada, here.help, Some(radio), QUESTION);
    let answer = eventually("an answer in the topic", || api.bot_messages_in(here.help, radio).first().cloned());
    assert!(answer.text().contains("98.6 FM"), "{answer:?}");
    // Every call about a topic names it.
    for call in api.calls().iter().filter(|call| call.is("sendMessage") || call.is("sendChatAction")) {
        if call.body["chat_id"] == json!(here.help.id) || call.body["chat_id"] == json!(here.help.id.to_string()) {
            assert_eq!(call.body["message_thread_id"].to_string().trim_matches('"'), radio.to_string(), "{call:?}");
        }
    }
    // Somebody who answers within the second leaves nothing to say.
    let other = api.opens_topic(ada, here.help, "Shows");
    let asked = api.says(ada, here.help, Some(other), "what is on tonight?");
    api.replies(bo, here.help, asked.message_id, "sea shanties I think");
    std::thread::sleep(A_WHILE * 2);
    assert!(api.bot_messages_in(here.help, other).is_empty(), "{}", api.transcript(here.help));
    // A topic that was closed or taken away is no reason to stumble.
    api.removes_topic(here.help, radio);
    api.says(ada, here.help, None, "@buoy_bot on which frequency are you?");
    eventually("an answer outside of topics", || {
        api.bot_messages(here.help).iter().filter(|m| m.text().contains("98.6")).count().ge(&2).then_some(())
    });
}

#[test]
fn with_privacy_mode_commands_and_replies_are_heard() {
    let here = Here::new(true);
    let api = &here.town.api;
    let ada = here.member("Ada", here.general);
    api.says(ada, here.general, None, "/ask@buoy_bot on which frequency are you?");
    assert!(here.answer(here.general, 0).contains("98.6 FM"));
    let answer = api.last_bot_message(here.general);
    api.replies(ada, here.general, answer.id, "what is on tonight?");
    assert!(here.answer(here.general, 1).contains("sea shanties"));
    assert!(here.bot.log().contains("setprivacy") || here.bot.log().contains("privacy mode"), "{}", here.bot.log());
}

#[test]
fn what_is_private_leads_into_private_by_a_link() {
    let here = Here::new(false);
    let api = &here.town.api;
    let ada = here.member("Ada", here.general);
    api.says(ada, here.general, None, "@buoy_bot how much is the membership fee");
    here.answer(here.general, 0);
    let message = api.last_bot_message(here.general);
    let button = message.buttons().into_iter().next().expect("a way into private");
    assert_eq!(button.url.as_deref(), Some("https://t.me/buoy_bot?start=fee"));
    api.starts(ada, &here.town.bot, Some("fee"));
    let private = here.town.chat("Ada");
    assert!(here.answer(private, 0).contains("What is your member number?"));
    api.says(ada, private, None, "HR-1234");
    assert!(here.answer(private, 1).contains("HR-1234"));
    for (forged, number) in ["../../etc/passwd", "17", "zzz"].into_iter().zip(2..) {
        api.starts(ada, &here.town.bot, Some(&forged.replace(['/', '.'], "_")));
        assert!(here.answer(private, number).contains("What would you like to know"), "{forged}");
    }
    api.says(ada, private, None, "/privacy");
    assert!(here.answer(private, 5).contains("https://harbour.example/privacy"));
    api.says(ada, private, None, "/help");
    assert!(here.answer(private, 6).contains("What would you like to know"));
    api.says(ada, private, None, "/human");
    here.answer(private, 7);
    assert_eq!(here.desk.cases().len(), 1);
}

#[test]
fn pictures_and_voices_are_asked_about_once_and_bring_a_person() {
    let here = Here::new(false);
    let api = &here.town.api;
    let scene = Scene::new(&here.town, &here.desk);
    let (vera, chat) = (here.town.person("Vera"), here.town.chat("Vera"));
    api.posts(vera, chat, Say::attachment(Attachment::Sticker("🙂".into())));
    api.sends_album(vera, chat, 3, "");
    scene.hears("Vera", "can't open pictures");
    scene.hears_nothing("Vera");
    api.posts(vera, chat, Say::attachment(Attachment::Voice(3)));
    scene.hears("Vera", "");
    let case = scene.case(0);
    assert!(case.posts[0].text.contains("[photo]") && case.posts[0].text.contains("voice"), "{case:?}");
    // A caption is read.
    let (wim, chat) = (here.town.person("Wim"), here.town.chat("Wim"));
    api.sends_album(wim, chat, 2, QUESTION);
    scene.hears("Wim", "98.6 FM");
    scene.hears_nothing("Wim");
    // A file of the team is named; an address of Telegram's would hold the token.
    api.posts(
        here.desk.agent("Ana"),
        here.desk.chat,
        Say::attachment(Attachment::Photo).caption("Look").thread(Some(case.id.parse().unwrap())),
    );
    scene.hears("Vera", "Ana");
    let shown = scene.hears("Vera", "Look");
    assert!(shown.text.contains("[photo]") && !shown.text.contains("http"), "{shown:?}");
}

#[test]
fn an_edit_sets_off_no_second_answer() {
    let here = Here::new(false);
    let scene = Scene::new(&here.town, &here.desk);
    let (ede, chat) = (here.town.person("Ede"), here.town.chat("Ede"));
    let asked = here.town.api.says(ede, chat, None, QUESTION);
    scene.hears("Ede", "98.6 FM");
    here.town.api.edits(ede, chat, asked.message_id, "what is on tonight?");
    scene.hears_nothing("Ede");
}

#[test]
fn machines_channels_and_anonymous_people_are_told_apart() {
    let here = Here::new(false);
    let api = &here.town.api;
    let other = api.bot("chatty_bot");
    api.set_member(user_of(&other), here.general, Role::Member);
    api.says(user_of(&other), here.general, None, "@buoy_bot on which frequency are you?");
    let news = api.channel("News");
    api.link(news, here.general);
    api.channel_posts(news, "@buoy_bot on which frequency are you?");
    here.silent(here.general, 0);
    // An anonymous administrator of the desk is no agent.
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Kim", 0);
    api.anonymous_admin_says(here.desk.chat, Some(case.id.parse().unwrap()), "I am nobody");
    scene.team_reads(&case.id, "written as the group");
    scene.hears_nothing("Kim");
}

#[test]
fn a_group_that_becomes_a_supergroup_is_the_same_group() {
    let town = Telegram::new("buoy_bot");
    town.api.privacy_mode(&town.bot, false);
    let owner = town.api.user("Owner");
    let group = town.api.group("Old");
    town.api.set_member(owner, group, Role::Owner);
    town.api.set_member(user_of(&town.bot), group, Role::Member);
    let desk = TelegramDesk::of(&town);
    let brands = brand(
        test_voice("harbour.toml"),
        [town.section("TOKEN"), desk.lines(), format!("groups = [{{ id = {} }}]\n", group.id)],
    );
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let ada = town.person("Ada");
    town.api.set_member(ada, group, Role::Member);
    town.api.says(ada, group, None, "@buoy_bot please play a song for me");
    eventually("a question", || (!town.api.bot_messages(group).is_empty()).then_some(()));
    let (supergroup, _, _) = town.api.migrates(owner, group);
    town.api.says(ada, supergroup, None, "@buoy_bot The Water Is Wide");
    eventually("the conversation goes on", || {
        town.api.bot_messages(supergroup).iter().any(|m| m.text().contains("The Water Is Wide")).then_some(())
    });
    // The number in bot.toml is old by now; the start finds the new one and says what to change.
    assert!(bot.stopped().success());
    bot.start();
    assert!(bot.log().contains(&supergroup.id.to_string()), "{}", bot.log());
    town.api.says(ada, supergroup, None, "@buoy_bot on which frequency are you?");
    eventually("an answer after the start", || {
        town.api.bot_messages(supergroup).iter().any(|m| m.text().contains("98.6")).then_some(())
    });
}

#[test]
fn a_customer_who_blocks_the_bot_is_reported_to_the_team_and_can_come_back() {
    let here = Here::new(false);
    let api = &here.town.api;
    let scene = Scene::new(&here.town, &here.desk);
    let case = scene.opens_case("Zoe", 0);
    api.blocks(here.town.person("Zoe"), &here.town.bot);
    scene.team_reads(&case.id, "cannot be reached");
    api.unblocks(here.town.person("Zoe"), &here.town.bot);
    scene.says("Zoe", QUESTION);
    scene.hears("Zoe", "98.6 FM");
    // Kicked from a group and added again.
    let ada = here.member("Ada", here.general);
    api.kicks_bot(ada, &here.town.bot, here.general);
    api.adds_bot(ada, &here.town.bot, here.general, Role::Member);
    api.says(ada, here.general, None, "@buoy_bot on which frequency are you?");
    assert!(here.answer(here.general, 0).contains("98.6"));
}

#[test]
fn what_telegram_will_not_format_goes_as_plain_text() {
    let here = Here::new(false);
    here.town.api.refuse_entities(1);
    here.town.says("Sam", "what is on tonight?");
    let scene = Scene::new(&here.town, &here.desk);
    let said = scene.hears("Sam", "sea shanties at eight");
    assert!(said.buttons.contains(&"The programme".to_owned()), "{said:?}");
    let (_, figures) = here.bot.get("/metrics").unwrap();
    assert!(figures.contains("housevoice_markup_refused_total"), "{figures}");
}

#[test]
fn an_update_of_a_kind_to_come_is_kept() {
    let here = Here::new(false);
    here.town.api.raw_update(
        &here.town.bot,
        json!({ "hologram": { "from": { "id": 77, "is_bot": false, "first_name": "Holo" }, "canary": "kept" } }),
    );
    here.town.says("Sam", QUESTION);
    Scene::new(&here.town, &here.desk).hears("Sam", "98.6 FM");
    let kept = here.bot.ask("SELECT kind, platform_user, payload FROM unknown_events");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0][0].as_deref(), kept[0][1].as_deref()), (Some("hologram"), Some("77")));
    assert!(kept[0][2].as_deref().unwrap().contains("canary"));
}

#[test]
fn a_choice_is_for_whoever_was_asked_and_works_once() {
    let here = Here::new(false);
    let api = &here.town.api;
    let (ada, bo) = (here.member("Ada", here.general), here.member("Bo", here.general));
    api.says(ada, here.general, None, "@buoy_bot tell me about turnips and the moon please");
    here.answer(here.general, 0);
    api.says(ada, here.general, None, "@buoy_bot purple elephants juggle quietly under tuesday");
    here.answer(here.general, 1);
    let offer = with_button(api.bot_messages(here.general), "No, thanks");
    let by_bo = api.presses(bo, here.general, offer.id, "No, thanks");
    let told = eventually("a word to Bo", || api.answered(&by_bo));
    assert!(told.text.contains("for the person who asked"), "{told:?}");
    here.silent(here.general, 2);
    let no = offer.buttons().into_iter().find(|button| button.text == "No, thanks").unwrap().data.unwrap();
    api.presses(ada, here.general, offer.id, "No, thanks");
    here.answer(here.general, 2);
    let again = api.presses_forged(ada, here.general, offer.id, &no);
    let told = eventually("a word to Ada", || api.answered(&again));
    assert!(told.text.contains("no longer works"), "{told:?}");
    let forged = api.presses_forged(ada, here.general, offer.id, "AAAAAAAAAAAAAAAAAAAAAA");
    let told = eventually("a word about a forgery", || api.answered(&forged));
    assert!(told.text.contains("no longer works"), "{told:?}");
    here.silent(here.general, 3);
}

#[test]
fn webhooks_are_stored_before_they_are_acknowledged_and_need_the_secret() {
    let here = Here::with(false, "webhook_secret_env = \"WEBHOOK\"\n", |_, _| {});
    let scene = Scene::new(&here.town, &here.desk);
    assert!(here.town.api.webhook(&here.town.bot).is_some());
    scene.says("Sam", QUESTION);
    scene.hears("Sam", "98.6 FM");
    let update = json!({ "update_id": 1, "message": { "message_id": 1, "date": 1_700_000_000, "text": QUESTION,
        "chat": { "id": 4242, "type": "private", "first_name": "Forged" },
        "from": { "id": 4242, "is_bot": false, "first_name": "Forged" } } });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let post = |secret: Option<&str>, body: String| {
        let url = format!("http://127.0.0.1:{}/telegram/harbour", here.bot.port());
        runtime.block_on(async {
            let mut request = reqwest::Client::new().post(url).body(body);
            if let Some(secret) = secret {
                request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
            }
            request.send().await.unwrap().status().as_u16()
        })
    };
    let right = "a-secret-of-more-than-32-characters-A1";
    for wrong in [None, Some(""), Some("a-secret-of-more-than-32-characters-A2"), Some(&right[1..])] {
        assert_eq!(post(wrong, update.to_string()), 401, "{wrong:?}");
    }
    assert_eq!(post(Some(right), "x".repeat(2_000_000)), 413);
    assert_eq!(here.town.api.calls_of("sendMessage").len(), 1, "nobody else was answered");
    // While the database cannot be written, Telegram keeps what it has, and brings it again.
    here.bot.break_the_inbox();
    scene.says("Tia", QUESTION);
    eventually("a refusal", || here.bot.log().contains("broken").then_some(()));
    scene.hears_nothing("Tia");
    here.bot.mend_the_inbox();
    scene.hears("Tia", "98.6 FM");
    scene.hears_nothing("Tia");
}

#[test]
fn polling_does_not_confirm_what_could_not_be_stored() {
    let here = Here::new(false);
    let scene = Scene::new(&here.town, &here.desk);
    here.bot.break_the_inbox();
    scene.says("Tia", QUESTION);
    eventually("a refusal", || here.bot.log().contains("broken").then_some(()));
    assert_eq!(here.town.api.pending(&here.town.bot).len(), 1, "Telegram still has it");
    here.bot.mend_the_inbox();
    scene.hears("Tia", "98.6 FM");
    scene.hears_nothing("Tia");
}

#[test]
fn a_network_that_fails_loses_nothing() {
    let here = Here::new(false);
    let scene = Scene::new(&here.town, &here.desk);
    here.town.api.fail_next("getUpdates", 2, Fault::ServerError);
    here.town.api.fail_next("sendMessage", 1, Fault::ServerError);
    scene.says("Sam", QUESTION);
    scene.hears("Sam", "98.6 FM");
    scene.hears_nothing("Sam");
}
