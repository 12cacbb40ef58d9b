//! Discord's gateway goes away, and comes back with or without the session.

use super::discord::Discord as Server;
use super::places::{discord_on, on_each};
use super::script::{Allowed, Trouble, Whose};

/// Whether the program comes back into its session, or begins a new one.
#[derive(PartialEq)]
enum Back {
    Resumed,
    Anew,
}

/// This happens to whoever is connected. Where there is nothing to come back to, the gateway takes nobody for a while.
fn is_lived_through(goes: fn(&Server), back: &Back) {
    on_each(|database| {
        discord_on(database, |town, _, mut script| {
            script.bot.start();
            let server = &town.server;
            script.lives_through(&Trouble {
                whose: Whose::Bot,
                begins: Box::new(|| {
                    server.set_gateway_open(*back == Back::Resumed);
                    goes(server);
                }),
                is_felt: Box::new(|| if *back == Back::Resumed { server.resumes() > 0 } else { !server.connected() }),
                meanwhile: Box::new(|| {}),
                ends: Box::new(|| server.set_gateway_open(true)),
                allows: Allowed::default(),
            });
            let (resumed, begun) = (server.resumes(), server.identifies().len());
            match back {
                Back::Resumed => assert!(resumed > 0 && begun == 1, "{resumed} resumed, {begun} begun"),
                Back::Anew => assert!(begun > 1, "{resumed} resumed, {begun} begun"),
            }
            assert!(script.bot.stopped().success());
        });
    });
}

#[test]
fn a_session_is_invalid_and_can_be_resumed_on_discord() {
    is_lived_through(|server| server.invalidate_session(true), &Back::Resumed);
}

#[test]
fn a_session_is_invalid_and_cannot_be_resumed_on_discord() {
    is_lived_through(|server| server.invalidate_session(false), &Back::Anew);
}

#[test]
fn the_gateway_closes_and_the_session_is_left_on_discord() {
    is_lived_through(|server| server.close_gateway(4000), &Back::Resumed);
}

#[test]
fn the_gateway_closes_and_the_session_is_gone_on_discord() {
    is_lived_through(
        |server| {
            server.close_gateway(4009);
            server.forget_sessions();
        },
        &Back::Anew,
    );
}

#[test]
fn the_gateway_is_cut_off_without_a_word_on_discord() {
    is_lived_through(Server::cut_gateway, &Back::Resumed);
}
