//! The methods of the Bot API that answer at once.

mod editing;
mod looking;
mod profile;
mod reach;
mod reacting;
mod sending;
mod topics;

use serde_json::Value;

use super::args::Args;
use super::failure::{Answer, Failure};
use super::world::World;
use super::{files, webhook};

/// Runs a method, given in small letters.
pub fn run(world: &mut World, bot: i64, method: &str, args: &Args) -> Answer {
    match method {
        "answercallbackquery" => reacting::answer_callback_query(world, bot, args),
        "closeforumtopic" => topics::close(world, bot, args, true),
        "copymessage" => sending::copy_message(world, bot, args),
        "createforumtopic" => topics::create(world, bot, args),
        "deletemessage" => editing::delete_message(world, bot, args),
        "deletemycommands" => profile::delete_commands(world, bot, args),
        "deletewebhook" => Ok(webhook::delete(world, bot, args)),
        "editforumtopic" => topics::edit(world, bot, args),
        "editmessagereplymarkup" => editing::edit_keyboard(world, bot, args),
        "editmessagetext" => editing::edit_text(world, bot, args),
        "getchat" => looking::chat(world, bot, args),
        "getchatadministrators" => looking::administrators(world, bot, args),
        "getchatmember" => looking::member(world, bot, args),
        "getfile" => files::get_file(world, args),
        "getme" => Ok(looking::me(world, bot)),
        "getmycommands" => profile::commands(world, bot, args),
        "getmydescription" => Ok(profile::description(&world.bot(bot).descriptions, "description", args)),
        "getmyshortdescription" => {
            Ok(profile::description(&world.bot(bot).short_descriptions, "short_description", args))
        }
        "getwebhookinfo" => Ok(webhook::info(world, bot)),
        "leavechat" => looking::leave(world, bot, args),
        "reopenforumtopic" => topics::close(world, bot, args, false),
        "sendchataction" => sending::chat_action(world, bot, args),
        "sendmessage" => sending::send_message(world, bot, args),
        "setmessagereaction" => reacting::set_reaction(world, bot, args),
        "setmycommands" => profile::set_commands(world, bot, args),
        // "New bot description; 0-512 characters" (setMyDescription).
        "setmydescription" => {
            let text = profile::checked_description(args, "description", 512)?;
            Ok(profile::set_description(&mut world.bot_mut(bot).descriptions, text, args))
        }
        // "New short description for the bot; 0-120 characters" (setMyShortDescription).
        "setmyshortdescription" => {
            let text = profile::checked_description(args, "short_description", 120)?;
            Ok(profile::set_description(&mut world.bot_mut(bot).short_descriptions, text, args))
        }
        _ => Err(Failure::new(404, "Not Found")),
    }
}

/// A number a method cannot do without.
fn required(args: &Args, key: &str, missing: &str) -> Result<i64, Failure> {
    args.int(key).ok_or_else(|| super::failure::bad(missing))
}

fn yes() -> Answer {
    Ok(Value::Bool(true))
}
