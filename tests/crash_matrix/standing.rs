//! A process stands still at a step, is taken for dead by another one on the same database, and goes on where it stopped when
//! the other has done everything. It must then do nothing of it again, but for the one call that it was just making.

use std::collections::BTreeSet;

use super::database::Database;
use super::on_telegram::{Telegram, TelegramDesk};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::town::{A_WHILE, Desk, Town};
use super::{QUESTION, REPLY, in_need};

/// Where the process stands still: the point, and the how-manieth time that it is there.
const STANDS: &[(&str, u32)] = &[
    ("heard", 1),
    ("received", 4),
    ("loaded", 1),
    ("stepped", 1),
    ("writing", 1),
    ("committed", 1),
    ("claimed", 1),
    ("asking", 1),
    ("asked", 1),
    ("recorded", 1),
];

/// How many ask at the most until it does.
const MOST: usize = 60;
/// How many are tried at the same time: they mostly wait until a word holds no longer.
const AT_ONCE: usize = 5;

/// What was said more than once when a process stood still at a point.
fn stands_still_at(point: &str, times: u32, database: &Database) -> Vec<String> {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let configured = || Housevoice::configured_on(database, &brands, &[("TOKEN", &town.bot.token)]);
    let (mut still, mut other) = (configured(), configured());
    still.finds("HOUSEVOICE_STAND_AT", Some(&format!("{point}:{times}")));
    // The first has the bot, and leaves it to nobody as long as it works.
    still.start();
    other.start();
    let (mut people, in_need) = (Vec::new(), in_need(0));
    // Both handle what comes in, so that it may not be the turn of this one at once.
    while !still.is_still() {
        assert!(people.len() < MOST, "it does not stand still at {point}");
        let more = super::people(people.len());
        std::thread::scope(|scope| {
            for who in &more {
                scope.spawn(|| town.says(who, QUESTION.0));
            }
        });
        people.extend(more);
        std::thread::sleep(A_WHILE);
    }
    // Only now: a topic whose opening was not noted is opened again, and there is no help for that.
    town.says(&in_need, "human please");
    let count = |who: &str, words: &str| town.said(who).iter().filter(|said| said.text.contains(words)).count();
    eventually(&format!("all answers though one stands still at {point}\n{}", town.transcript()), || {
        people.iter().all(|who| count(who, QUESTION.1) > 0).then_some(())
    });
    let case = eventually(&format!("a case\n{}", Desk::transcript(&desk)), || {
        let case = desk.cases().into_iter().last().filter(|case| !case.posts.is_empty())?;
        let open = "SELECT CAST((SELECT COUNT(*) FROM outbox WHERE done_at IS NULL) + \
                                (SELECT COUNT(*) FROM inbox WHERE done_at IS NULL) AS TEXT)";
        (other.ask(open)[0][0].as_deref() == Some("0")).then_some(case)
    });
    still.goes_on();
    std::thread::sleep(A_WHILE);
    Desk::says(&desk, "Ana", &case.id, REPLY);
    eventually("the team's answer", || (count(&in_need, REPLY) > 0).then_some(()));
    std::thread::sleep(A_WHILE);
    let mut doubles = Vec::new();
    for (who, words) in people.iter().map(|who| (who, QUESTION.1)).chain([(&in_need, REPLY)]) {
        if count(who, words) != 1 {
            doubles.push(format!("{who} hears {words:?} {} times", count(who, words)));
        }
    }
    if desk.cases().len() != 1 {
        doubles.push(format!("{} topics for one case", desk.cases().len()));
    }
    println!("stood still at {point}:{times}: {doubles:?}");
    doubles
}

#[test]
fn whoever_stood_still_does_nothing_again_that_others_have_done() {
    for some in STANDS.chunks(AT_ONCE) {
        std::thread::scope(|threads| {
            for (point, times) in some {
                let Some(database) = Database::postgres() else { return };
                threads.spawn(move || {
                    let doubles = stands_still_at(point, *times, &database);
                    // It has seen that it may make the call, and nothing can be asked between that and making it.
                    let most = usize::from(*point == "asking");
                    assert!(doubles.len() <= most, "{point}:{times}: {doubles:#?}");
                });
            }
        });
    }
}

#[test]
fn at_every_point_a_process_stands_still() {
    let named: BTreeSet<&str> = STANDS.iter().map(|(point, _)| *point).collect();
    assert_eq!(named, housevoice::crash::POINTS.iter().copied().collect());
}
