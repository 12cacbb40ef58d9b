//! What can be typed: words for the bot, and commands that begin with a slash.

use jiff::SignedDuration;

use super::moment::{self, When};
use crate::adapters::console::Words;
use crate::dialogue::{AGENT_WORDS, AgentDoes, NotDone, Spot, agent_does};
use crate::engine::Command;
use crate::voice::read::near::nearest;
use crate::voice::value;

/// A line that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Words of the customer.
    Say(Words),
    /// Words of somebody else in the same place.
    Member(String),
    /// The customer opens the chat.
    Start,
    /// A command that every platform offers.
    Use(Command),
    /// Somebody of the team does something.
    Agent(AgentDoes),
    /// Somebody else is the customer from now on.
    As(String),
    /// The conversation goes on in another place.
    Place(Spot),
    /// The clock is set.
    At(When),
    /// Time passes.
    Wait(SignedDuration),
    /// This much time passes after each line from now on.
    Pace(SignedDuration),
    /// Explains the last decision.
    Why,
    /// Shows the case.
    Case,
    /// Shows the voice.
    Voice,
    /// Lists the commands.
    Help,
    /// Ends the chat.
    Quit,
}

/// The commands: name, what belongs behind it, what it does.
pub(super) const COMMANDS: &[(&str, &str, &str)] = &[
    ("/human", "", "ask for a person"),
    ("/privacy", "", "ask what is kept"),
    ("/start", "", "open the chat, as somebody new does"),
    ("/attach", "KIND [TEXT]", "send a photo, a voice note, a sticker, with or without words"),
    ("/place", "dm|help|general|announcements", "go on in another place"),
    ("/mention", "TEXT", "write and mention the bot (in public)"),
    ("/member", "TEXT", "let somebody else write in the same place"),
    ("/as", "NAME", "be another customer"),
    ("/agent", "claim|reply TEXT|note TEXT|handback|release|transfer TEAM|close OUTCOME|say TEXT", "act as the team"),
    ("/at", "09:30 | 2026-12-25 10:00 | +2h", "set the clock"),
    ("/wait", "30s", "let time pass"),
    ("/pace", "30s", "time that passes after each line (--plain only)"),
    ("/why", "", "explain the last decision"),
    ("/case", "", "show the case and its notes"),
    ("/voice", "", "show whose voice this is"),
    ("/help", "", "list these commands"),
    ("/quit", "", "end the chat (Ctrl-D, or Ctrl-C twice, does as well)"),
];

/// Reads a line; a sentence about it when it is not understood.
pub(super) fn read(line: &str) -> Result<Line, String> {
    let line = line.trim();
    if !line.starts_with('/') {
        return Ok(Line::Say(Words { text: line.to_owned(), ..Words::default() }));
    }
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let Some((_, needs, _)) = COMMANDS.iter().find(|(known, _, _)| *known == name) else {
        return Err(unknown(name));
    };
    if rest.is_empty() && !needs.is_empty() {
        return Err(format!("{name} needs something behind it: {name} {needs}"));
    }
    command(name, rest)
}

fn command(name: &str, rest: &str) -> Result<Line, String> {
    Ok(match name {
        "/human" => Line::Use(Command::Human),
        "/privacy" => Line::Use(Command::Privacy),
        "/start" => Line::Start,
        "/attach" => {
            let (kind, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            Line::Say(Words { text: text.trim().to_owned(), attachment: Some(kind.to_owned()), ..Words::default() })
        }
        "/place" => Line::Place(Spot::named(rest).ok_or_else(|| {
            let names: Vec<&str> = Spot::ALL.iter().map(|spot| spot.name()).collect();
            format!("there is no place {rest}; there are: {}", names.join(", "))
        })?),
        "/mention" => Line::Say(Words { text: rest.to_owned(), mention: true, ..Words::default() }),
        "/member" => Line::Member(rest.to_owned()),
        "/as" => Line::As(rest.to_owned()),
        "/agent" => Line::Agent(agent_does(rest).map_err(|not_done| agent_sentence(&not_done))?),
        "/at" => Line::At(moment::read(rest)?),
        "/wait" => Line::Wait(duration(rest)?),
        "/pace" => Line::Pace(duration(rest)?),
        "/why" => Line::Why,
        "/case" => Line::Case,
        "/voice" => Line::Voice,
        "/help" => Line::Help,
        _ => Line::Quit,
    })
}

fn unknown(name: &str) -> String {
    let names = COMMANDS.iter().map(|(name, _, _)| *name);
    match nearest(name, names) {
        Some(near) => format!("there is no command {name}; did you mean {near}?"),
        None => format!("there is no command {name}; /help lists them"),
    }
}

fn agent_sentence(not_done: &NotDone) -> String {
    let words: Vec<&str> = AGENT_WORDS.iter().map(|(word, _)| *word).collect();
    match not_done {
        NotDone::Missing(word, what) => format!("/agent {word} needs something behind it: /agent {word} {what}"),
        NotDone::Unknown(word) => match nearest(word, words.iter().copied()) {
            Some(near) => format!("an agent cannot {word}; did you mean /agent {near}?"),
            None => format!("an agent cannot {word}; there are: {}", words.join(", ")),
        },
    }
}

fn duration(text: &str) -> Result<SignedDuration, String> {
    value::duration(text).ok_or_else(|| format!("{text} is not a stretch of time; write 30s, 15m, 24h, 2d or 500ms"))
}

/// The list of commands.
pub(super) fn help() -> String {
    let rows =
        COMMANDS.iter().map(|(name, needs, does)| format!("  {:<42}  {does}", format!("{name} {needs}").trim_end()));
    let rows: Vec<String> = rows.collect();
    format!("What you type goes to the bot. Commands:\n{}", rows.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::AgentAction;

    #[test]
    fn every_command_of_the_list_is_understood() {
        for (name, needs, _) in COMMANDS {
            let behind = match *name {
                "/agent" => "claim",
                "/place" => "help",
                "/at" | "/wait" | "/pace" => needs.split_whitespace().last().unwrap(),
                _ => needs,
            };
            let read = read(&format!("{name} {behind}"));
            assert!(read.is_ok(), "{name}: {read:?}");
            assert!(*name == "/quit" || read != Ok(Line::Quit), "{name} is in the list and not in `command`");
        }
    }

    #[test]
    fn words_are_words_and_commands_are_commands() {
        let said = |text: &str| Line::Say(Words { text: text.to_owned(), ..Words::default() });
        assert_eq!(read("  how long? "), Ok(said("how long?")));
        assert_eq!(read("/agent reply Hello there"), {
            Ok(Line::Agent(AgentDoes::Action(AgentAction::Reply {
                text: "Hello there".to_owned(),
                attachments: Vec::new(),
            })))
        });
        assert_eq!(read("/wait 2m"), Ok(Line::Wait(SignedDuration::from_mins(2))));
        let photo = Words { text: "look at this".to_owned(), attachment: Some("photo".to_owned()), ..Words::default() };
        assert_eq!(read("/attach photo look at this"), Ok(Line::Say(photo)));
    }

    #[test]
    fn what_is_not_understood_gets_a_sentence_with_the_nearest_command() {
        for (line, says) in [
            ("/wy", "did you mean /why?"),
            ("/xyzzy", "/help lists them"),
            ("/place", "/place dm|help|general|announcements"),
            ("/place moon", "there are: dm, help, general, announcements"),
            ("/agent clam", "did you mean /agent claim?"),
            ("/agent reply", "/agent reply TEXT"),
            ("/wait soon", "write 30s"),
            ("/at noon", "09:30"),
        ] {
            let sentence = read(line).unwrap_err();
            assert!(sentence.contains(says), "{line}: {sentence}");
        }
    }
}
