//! Serenity reads everything the server sends: no event is unknown to it, and its requests are understood.

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use serde_json::{Value, json};
use serenity::all::{
    AutoArchiveDuration, ButtonStyle, ChannelId, ChannelType, Client, Command, CommandOptionType, Context,
    CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateButton, CreateCommand, CreateCommandOption,
    CreateForumPost, CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage,
    CreateMessage, CreateThread, EditMessage, EditThread, Event, GatewayIntents, GetMessages, GuildId, Http,
    HttpBuilder, Interaction, Nonce, RawEventHandler, ReactionType, UserId,
};

use crate::discord::{ADMINISTRATOR, Saying, VIEW_CHANNEL, intents, kind};
use crate::tools::{LONG, World, world};

/// Writes down the names of events, with those that serenity cannot read, and answers interactions.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl RawEventHandler for Notes {
    async fn raw_event(&self, context: Context, event: Event) {
        let name = if let Event::Unknown(unknown) = &event {
            format!("UNKNOWN {unknown:?}")
        } else {
            event.name().unwrap_or_default()
        };
        self.0.lock().unwrap().push(name);
        if let Event::InteractionCreate(created) = event {
            answer(&context, created.interaction).await.unwrap();
        }
    }
}

async fn answer(context: &Context, interaction: Interaction) -> serenity::Result<()> {
    let message = CreateInteractionResponseMessage::new().content("done").ephemeral(true);
    match interaction {
        Interaction::Command(one) => {
            one.create_response(context, CreateInteractionResponse::Defer(message)).await?;
            let follow_up = CreateInteractionResponseFollowup::new().content("thought");
            one.create_followup(context, follow_up).await?;
            assert_eq!(one.get_response(context).await?.content, "thought");
        }
        Interaction::Component(one) => {
            one.create_response(context, CreateInteractionResponse::Message(message)).await?
        }
        Interaction::Autocomplete(one) => {
            let choices = serenity::all::CreateAutocompleteResponse::new().add_string_choice("A", "a");
            one.create_response(context, CreateInteractionResponse::Autocomplete(choices)).await?;
        }
        other @ (Interaction::Ping(_) | Interaction::Modal(_) | _) => panic!("not expected: {other:?}"),
    }
    Ok(())
}

fn http(world: &World) -> Http {
    let http = HttpBuilder::new(world.discord.token()).proxy(world.discord.url()).ratelimiter_disabled(true).build();
    http.set_application_id(world.discord.bot().into());
    http
}

/// Connects serenity, with all that it asks for, and gives its notes.
async fn connected(world: &World) -> Notes {
    let notes = Notes::default();
    let intents = GatewayIntents::non_privileged() | GatewayIntents::MESSAGE_CONTENT | GatewayIntents::GUILD_MEMBERS;
    let builder = serenity::client::ClientBuilder::new_with_http(http(world), intents);
    let mut client: Client = builder.raw_event_handler(notes.clone()).await.unwrap();
    assert_eq!(*client.ws_url.lock().await, world.discord.gateway(), "as GET /gateway says");
    tokio::spawn(async move { client.start().await });
    world.discord.wait_for(|discord| discord.connected(), LONG).await;
    notes
}

#[tokio::test]
async fn every_event_is_known_to_serenity() {
    let world = world();
    let discord = &world.discord;
    let forum = discord.add_forum(world.guild, "ideas", &["open"]);
    discord.starts_thread(world.alice, world.channel, "before");
    let notes = connected(&world).await;
    let button = json!({"type": 2, "style": 1, "label": "Yes", "custom_id": "yes"});
    let options = json!([{"label": "Red", "value": "r"}]);
    let components = json!([
        {"type": 1, "components": [button]},
        {"type": 1, "components": [{"type": 3, "custom_id": "colour", "options": options}]},
    ]);
    let sent = world.sent(json!({"content": "Sure?", "components": components, "nonce": "n-1"})).await;
    let order = json!({"type": 3, "name": "order", "description": "d", "autocomplete": true});
    let who = json!({"type": 6, "name": "who", "description": "d"});
    let place = json!({"type": 7, "name": "where", "description": "d"});
    let team = json!({"type": 8, "name": "team", "description": "d"});
    let ask = json!([{"name": "ask", "description": "d", "options": [order, who, place, team]}]);
    world.call("PUT", &format!("/applications/{}/commands", discord.bot()), ask).await;
    let before = discord.sent().len();

    let staff = discord.add_role(world.guild, "Staff", 0);
    discord.set_mentionable(world.guild, staff, true);
    discord.give_role(world.guild, world.alice, staff);
    let bob = discord.add_user("Bob");
    discord.join(world.guild, bob, &[staff]);
    discord.set_nick(world.guild, bob, "Bobby");
    discord.leave(world.guild, bob);
    let file = [("a.png", "image/png", 9)];
    let text = format!("<@{}> <@&{staff}>", discord.bot());
    let said =
        discord.says_more(world.alice, world.channel, &Saying { text: &text, reply_to: Some(sent), files: &file });
    discord.reacts(world.alice, said, "\u{1f44d}");
    discord.reacts(world.alice, said, "custom:123456789012345678");
    discord.edits(said, "changed");
    discord.unreacts(world.alice, said, "\u{1f44d}");
    discord.starts_thread_on(world.alice, said, "About it");
    discord.deletes(said);
    discord.webhook_says(world.channel, "Shop", "sold");
    discord.system_message(world.channel, world.alice, 7);
    discord.dm(world.alice, "psst");
    let post = discord.posts(world.alice, forum, "A wish", "tea", &[discord.tag(forum, "open")]);
    discord.joins_thread(world.owner, post);
    discord.joins_thread(discord.bot(), post);
    discord.leaves_thread(world.owner, post);
    discord.set_thread(post, true, true);
    discord.delete_channel(post);
    let gone = discord.add_announcements(world.guild, "news");
    discord.overwrite_member(gone, world.alice, 0, 1);
    discord.delete_channel(gone);
    let options = [
        ("order", json!("A")),
        ("who", json!(world.owner.to_string())),
        ("where", json!(world.channel.to_string())),
        ("team", json!(staff.to_string())),
    ];
    let used = [
        discord.slash(world.alice, world.channel, "ask", &options),
        discord.slash(world.alice, discord.dm_channel(world.alice), "ask", &[]),
        discord.autocomplete(world.alice, world.channel, "ask", &[], "order", "A"),
        discord.press(world.alice, sent, "Yes"),
        discord.select(world.alice, sent, &["Red"]),
    ];
    discord.wait_for(|discord| used.iter().all(|one| discord.interaction(*one).acknowledged.is_some()), LONG).await;
    discord.wait_for(|discord| used[..2].iter().all(|one| !discord.interaction(*one).thinking), LONG).await;
    discord.outage(world.guild, true);
    discord.outage(world.guild, false);
    discord.kick_bot(world.guild);

    // READY and GUILD_CREATE come before all that was written down.
    let wanted = discord.sent().len() - before + 2;
    for _ in 0..200 {
        if notes.0.lock().unwrap().len() > wanted {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let notes = notes.0.lock().unwrap().clone();
    let unknown: Vec<&String> = notes.iter().filter(|name| name.starts_with("UNKNOWN")).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(notes.len() > wanted, "{} of {wanted}: {notes:?}", notes.len());
    assert_eq!(discord.interaction(used[2]).choices.unwrap().len(), 1);
    assert_eq!(discord.answers(used[1])[0].visible_to, Some(world.alice));
}

#[tokio::test]
async fn what_serenity_cannot_read_is_noticed() {
    let world = world();
    let notes = connected(&world).await;
    world.discord.send_raw("MESSAGE_CREATE", json!({"id": "1"}));
    let unknown = || notes.0.lock().unwrap().iter().any(|name| name.starts_with("UNKNOWN"));
    for _ in 0..200 {
        if unknown() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(unknown());
}

#[tokio::test]
async fn what_serenity_asks_for_is_done() {
    let world = world();
    let (discord, http) = (&world.discord, http(&world));
    let bots = discord.bot_role(world.guild);
    discord.set_role_permissions(world.guild, bots, ADMINISTRATOR);
    let channel = ChannelId::new(world.channel);
    let guild = GuildId::new(world.guild);
    assert_eq!(http.get_current_user().await.unwrap().id.get(), discord.bot());
    assert!(http.get_current_application_info().await.unwrap().flags.is_some());
    assert_eq!(http.get_bot_gateway().await.unwrap().session_start_limit.total, 1000);
    assert_eq!(guild.to_partial_guild(&http).await.unwrap().name, "Lantern");
    assert_eq!(guild.channels(&http).await.unwrap().len(), 1);
    assert_eq!(guild.roles(&http).await.unwrap().len(), 2);
    assert_eq!(guild.member(&http, UserId::new(world.alice)).await.unwrap().user.global_name.unwrap(), "Alice");

    let row = CreateActionRow::Buttons(vec![CreateButton::new("yes").label("Yes").style(ButtonStyle::Success)]);
    let message = CreateMessage::new()
        .content(format!("<@{}>", world.alice))
        .allowed_mentions(CreateAllowedMentions::new().users([world.alice]))
        .components(vec![row])
        .nonce(Nonce::String("case-1".into()))
        .enforce_nonce(true);
    let first = channel.send_message(&http, message.clone()).await.unwrap();
    assert_eq!(channel.send_message(&http, message).await.unwrap().id, first.id);
    assert_eq!(first.mentions[0].id.get(), world.alice);
    let edited = channel.edit_message(&http, first.id, EditMessage::new().content("changed")).await.unwrap();
    assert_eq!((edited.content.as_str(), edited.components.len()), ("changed", 1));
    let file = CreateAttachment::bytes(b"hi".as_slice(), "note.txt");
    let with_file = channel.send_files(&http, [file], CreateMessage::new()).await.unwrap();
    assert_eq!(with_file.attachments[0].filename, "note.txt");
    let thumb = ReactionType::Unicode("\u{1f44d}".into());
    channel.create_reaction(&http, first.id, thumb.clone()).await.unwrap();
    assert_eq!(channel.messages(&http, GetMessages::new().after(first.id)).await.unwrap().len(), 1);
    assert_eq!(channel.message(&http, first.id).await.unwrap().reactions.len(), 1);
    channel.delete_reaction(&http, first.id, None, thumb).await.unwrap();
    channel.broadcast_typing(&http).await.unwrap();
    channel.delete_message(&http, with_file.id).await.unwrap();

    let day = AutoArchiveDuration::OneDay;
    let private =
        CreateThread::new("Case").kind(ChannelType::PrivateThread).auto_archive_duration(day).invitable(false);
    let thread = channel.create_thread(&http, private).await.unwrap().id;
    thread.add_thread_member(&http, UserId::new(world.alice)).await.unwrap();
    thread.edit_thread(&http, EditThread::new().archived(true).locked(true)).await.unwrap();
    thread.edit_thread(&http, EditThread::new().archived(false).name("Case 2")).await.unwrap();
    thread.leave_thread(&http).await.unwrap();
    thread.join_thread(&http).await.unwrap();
    assert_eq!(guild.get_active_threads(&http).await.unwrap().threads[0].name, "Case 2");
    channel.create_thread_from_message(&http, first.id, CreateThread::new("On it")).await.unwrap();
    let forum = discord.add_forum(world.guild, "cards", &["open"]);
    let card = CreateForumPost::new("Card", CreateMessage::new().content("first"))
        .add_applied_tag(discord.tag(forum, "open").into());
    let card = ChannelId::new(forum).create_forum_post(&http, card).await.unwrap();
    assert_eq!(discord.transcript(card.id.get()), ["bot: first"]);
    assert_eq!(discord.channel(card.id.get()).kind, kind::PUBLIC_THREAD);
    let dm = UserId::new(world.alice).create_dm_channel(&http).await.unwrap();
    dm.id.say(&http, "hello").await.unwrap();

    let option = CreateCommandOption::new(CommandOptionType::String, "order", "Which").add_string_choice("A", "a");
    let ask = CreateCommand::new("ask").description("Asks").name_localized("de", "frage").add_option(option);
    assert_eq!(Command::set_global_commands(&http, vec![ask.clone()]).await.unwrap()[0].name, "ask");
    assert_eq!(guild.set_commands(&http, vec![ask]).await.unwrap().len(), 1);
    assert_eq!(guild.get_commands(&http).await.unwrap().len(), 1);

    discord.set_role_permissions(world.guild, bots, 0);
    discord.overwrite_role(world.channel, world.guild, 0, VIEW_CHANNEL);
    let refused = channel.say(&http, "x").await.unwrap_err();
    assert!(format!("{refused:?}").contains("code: 50001"), "{refused:?}");
}

#[tokio::test]
async fn serenity_resumes_and_misses_nothing() {
    let world = world();
    let discord = &world.discord;
    let notes = connected(&world).await;
    let count = |notes: &Notes| notes.0.lock().unwrap().iter().filter(|name| *name == "MESSAGE_CREATE").count();
    discord.close_gateway(4000);
    discord.wait_for(|discord| !discord.connected() || discord.resumes() == 1, LONG).await;
    discord.says(world.alice, world.channel, "while nobody listens");
    discord.wait_for(|discord| discord.resumes() == 1 && discord.connected(), LONG).await;
    assert_eq!(discord.at_resume_address(), 0, "serenity 0.12.5 takes no notice of resume_gateway_url");
    discord.says(world.alice, world.channel, "and after");
    for _ in 0..200 {
        if count(&notes) == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(count(&notes), 2);
    assert_eq!(discord.identifies().len(), 1);
    assert_eq!(discord.identifies()[0].intents & intents::MESSAGE_CONTENT, intents::MESSAGE_CONTENT);
    assert_eq!(discord.identifies()[0].body["compress"], Value::Bool(true), "and plain text was fine");
}
