//! Guilds, channels, threads and forums over REST.

use serde_json::{Value, json};

use crate::discord::{CREATE_PRIVATE_THREADS, EVERYDAY, MANAGE_THREADS, SEND_MESSAGES_IN_THREADS, intents, kind};
use crate::tools::{World, id, world};

async fn thread(world: &World, body: Value) -> (u16, Value) {
    world.call("POST", &format!("/channels/{}/threads", world.channel), body).await
}

#[tokio::test]
async fn guilds_show_what_is_in_them() {
    let world = world();
    let guild = world.guild;
    let get = async |path: &str| world.call("GET", &format!("/guilds/{guild}{path}"), Value::Null).await;
    assert_eq!(get("").await.1["owner_id"], world.owner.to_string());
    assert_eq!(get("/channels").await.1[0]["name"], "help");
    assert_eq!(get("/roles").await.1[0]["name"], "@everyone");
    assert_eq!(get(&format!("/members/{}", world.alice)).await.1["user"]["global_name"], "Alice");
    let (status, body) = get("/members/1").await;
    assert_eq!((status, &body["code"]), (404, &json!(10007)));
    world.discord.kick_bot(guild);
    let (status, body) = get("").await;
    assert_eq!((status, &body["code"]), (403, &json!(50001)));
    assert_eq!(world.call("GET", "/guilds/1", Value::Null).await.1["code"], 10004);
}

#[tokio::test]
async fn a_private_thread_is_for_those_who_are_invited() {
    let world = world();
    let (status, made) = thread(&world, json!({"name": "Case 1", "type": 12, "invitable": false})).await;
    assert_eq!((status, &made["type"], &made["thread_metadata"]["invitable"]), (201, &json!(12), &json!(false)));
    let case = id(&made);
    assert_eq!(world.discord.permissions(world.alice, case), 0);
    let path = format!("/channels/{case}/thread-members/{}", world.alice);
    assert_eq!(world.call("PUT", &path, Value::Null).await.0, 204);
    world.discord.says(world.alice, case, "here I am");
    assert_eq!(world.discord.transcript(case), ["Alice: here I am"]);
    let inside = world.discord.channel(case).thread.unwrap();
    assert_eq!(inside.members, [world.discord.bot(), world.alice]);
    let notice = &world.discord.notices(case)[0];
    assert_eq!((notice.kind, notice.author, notice.mentions[0]), (1, world.discord.bot(), world.alice));
    let (_, active) = world.call("GET", &format!("/guilds/{}/threads/active", world.guild), Value::Null).await;
    assert_eq!(active["threads"][0]["name"], "Case 1");
    assert_eq!(world.call("DELETE", &path, Value::Null).await.0, 204);
    assert_eq!(world.discord.permissions(world.alice, case), 0);
    let path = format!("/channels/{case}/thread-members/1");
    assert_eq!(world.call("PUT", &path, Value::Null).await.1["code"], 10007);
    let bots = world.discord.bot_role(world.guild);
    world.discord.set_role_permissions(world.guild, world.guild, EVERYDAY & !CREATE_PRIVATE_THREADS);
    world.discord.set_role_permissions(world.guild, bots, 0);
    assert_eq!(thread(&world, json!({"name": "Case 2"})).await.1["code"], 50013);
    assert_eq!(thread(&world, json!({"name": "x".repeat(101), "type": 11})).await.1["code"], 50035);
    world.discord.set_active_threads(1);
    assert_eq!(thread(&world, json!({"name": "Case 3", "type": 11})).await.1["code"], 160_006);
}

#[tokio::test]
async fn a_thread_sleeps_wakes_and_is_locked() {
    let world = world();
    let bots = world.discord.bot_role(world.guild);
    let (_, made) = thread(&world, json!({"name": "Open", "type": 11})).await;
    let path = format!("/channels/{}", id(&made));
    let messages = format!("{path}/messages");
    let (status, changed) = world.call("PATCH", &path, json!({"archived": true, "name": "Done"})).await;
    assert_eq!((status, &changed["thread_metadata"]["archived"]), (200, &json!(true)), "{changed}");
    assert_eq!(world.discord.notices(id(&made))[0].content, "Done");
    assert_eq!(world.call("PATCH", &path, json!({"name": "No"})).await.1["code"], 50083);
    assert_eq!(world.call("POST", &messages, json!({"content": "again"})).await.0, 200);
    assert!(!world.discord.channel(id(&made)).thread.unwrap().archived);
    let said = format!("{messages}/{}", world.discord.last_bot_message(id(&made)).id);
    world.discord.set_thread(id(&made), false, true);
    assert_eq!(world.call("PATCH", &said, json!({"content": "no"})).await.1["code"], 160_005);
    world.discord.set_thread(id(&made), true, false);
    assert_eq!(world.call("PATCH", &said, json!({"content": "no"})).await.1["code"], 50083);
    assert_eq!(world.call("DELETE", &said, Value::Null).await.0, 204);
    world.discord.set_thread(id(&made), false, false);
    assert_eq!(world.call("PATCH", &path, json!({"locked": true})).await.1["code"], 50013);
    world.discord.set_thread(id(&made), true, true);
    assert_eq!(world.call("POST", &messages, json!({"content": "again"})).await.1["code"], 160_005);
    world.discord.set_role_permissions(world.guild, bots, MANAGE_THREADS);
    assert_eq!(world.call("POST", &messages, json!({"content": "again"})).await.0, 200);
    world.discord.overwrite_role(world.channel, bots, 0, SEND_MESSAGES_IN_THREADS);
    assert_eq!(world.call("POST", &messages, json!({"content": "no"})).await.1["code"], 50013);
}

#[tokio::test]
async fn a_thread_on_a_message_has_its_id() {
    let world = world();
    let message = world.sent(json!({"content": "start"})).await;
    let path = format!("/channels/{}/messages/{message}/threads", world.channel);
    let (status, made) = world.call("POST", &path, json!({"name": "About this"})).await;
    assert_eq!((status, id(&made)), (201, message));
    assert_eq!(world.call("POST", &path, json!({"name": "Again"})).await.1["code"], 160_004);
    assert_eq!(world.discord.threads(world.channel)[0].name, "About this");
    assert_eq!(world.discord.notices(message)[0].reply_to, Some((world.channel, message)));
    let news = world.discord.add_announcements(world.guild, "news");
    let (_, body) = world.call("POST", &format!("/channels/{news}/threads"), json!({"name": "x", "type": 11})).await;
    assert_eq!(body["code"], 50024);
}

#[tokio::test]
async fn a_forum_takes_posts_with_tags() {
    let world = world();
    let forum = world.discord.add_forum(world.guild, "ideas", &["open", "done"]);
    let (open, done) = (world.discord.tag(forum, "open"), world.discord.tag(forum, "done"));
    let path = format!("/channels/{forum}/threads");
    let body = json!({"name": "Card", "message": {"content": "first"}, "applied_tags": [open.to_string()]});
    let (status, post) = world.call("POST", &path, body).await;
    assert_eq!((status, &post["message"]["content"]), (201, &json!("first")));
    assert_eq!(id(&post["message"]), id(&post));
    let tags = json!({"applied_tags": [done.to_string()]});
    assert_eq!(world.call("PATCH", &format!("/channels/{}", id(&post)), tags).await.0, 200);
    assert_eq!(world.discord.channel(id(&post)).thread.unwrap().tags, [done]);
    world.discord.set_requires_tag(forum, true);
    let bare = json!({"name": "Card", "message": {"content": "first"}});
    assert_eq!(world.call("POST", &path, bare).await.1["code"], 40067);
    let wrong = json!({"name": "Card", "message": {"content": "first"}, "applied_tags": ["1"]});
    assert_eq!(world.call("POST", &path, wrong).await.1["code"], 50035);
    let (_, body) = world.call("POST", &format!("/channels/{forum}/messages"), json!({"content": "x"})).await;
    assert_eq!(body["code"], 50008);
}

#[test]
fn people_start_threads_and_posts() {
    let world = world();
    let discord = &world.discord;
    let forum = discord.add_forum(world.guild, "ideas", &["open"]);
    let (mut wire, _) = world.identified(intents::GUILDS | intents::GUILD_MESSAGES | intents::MESSAGE_CONTENT);
    let post = discord.posts(world.alice, forum, "A wish", "more tea", &[discord.tag(forum, "open")]);
    let made = wire.event("THREAD_CREATE");
    assert_eq!((&made["newly_created"], &made["parent_id"]), (&json!(true), &json!(forum.to_string())));
    assert_eq!(id(&wire.event("MESSAGE_CREATE")), post);
    let private = discord.starts_private_thread(world.alice, world.channel, "psst", &[]);
    discord.says(world.alice, private, "not for the bot");
    assert_eq!(wire.names(), Vec::<String>::new());
    discord.joins_thread(discord.bot(), private);
    assert_eq!(wire.names(), ["THREAD_CREATE", "THREAD_MEMBERS_UPDATE"]);
    let message = discord.says(world.alice, world.channel, "question");
    discord.starts_thread_on(world.alice, message, "About it");
    discord.set_thread(post, true, false);
    discord.delete_channel(post);
    assert_eq!(
        wire.names(),
        ["MESSAGE_CREATE", "THREAD_CREATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "THREAD_UPDATE", "THREAD_DELETE"]
    );
    assert_eq!(discord.channel(message).kind, kind::PUBLIC_THREAD);
}
