//! The conversations that must come out right on every platform, with the calm shop's own voice. Each is a promise by its
//! name and a transcript by its body.

use super::town::Scene;

/// A question is answered, with its link.
pub fn a_question_is_answered(scene: &Scene<'_>) {
    scene.says("Sam", "Is a light bulb included?");
    let answer = scene.hears("Sam", "Loomie");
    assert!(answer.text.contains("bulb"), "{answer:?}");
    scene.says("Sam", "how long is the cable?");
    scene.hears("Sam", "1.8 m");
    scene.hears_nothing("Sam");
}

/// Nonsense is met honestly, asked about in other words, and ends with the offer of a person.
pub fn nonsense_is_admitted_and_a_person_is_offered(scene: &Scene<'_>) {
    scene.says("Nora", "what do you think about the weather on the moon");
    let asked = scene.hears("Nora", "");
    assert!(asked.text.contains("other words") || asked.text.contains("another way"), "{asked:?}");
    scene.says("Nora", "purple elephants juggle quietly under tuesday");
    let offer = scene.hears("Nora", "person");
    assert_eq!(offer.buttons, ["Yes, a person please", "No, thanks"]);
    scene.presses("Nora", "No, thanks");
    scene.hears("Nora", "");
    scene.hears_nothing("Nora");
}

/// A close call is asked back with buttons; the one that is pressed is answered.
pub fn a_close_call_is_asked_back(scene: &Scene<'_>) {
    scene.says("Cleo", "bulb");
    let which = scene.hears("Cleo", "What would you like to know about the bulb?");
    assert_eq!(which.buttons, ["Which one fits", "Whether one is included", "How bright it is", "None of these"]);
    scene.presses("Cleo", "Whether one is included");
    scene.hears("Cleo", "bulb");
    scene.hears_nothing("Cleo");
}

/// What an answer needs is asked for, and can be pressed or typed; "and to the uk?" is understood.
pub fn what_is_needed_is_asked_for(scene: &Scene<'_>) {
    scene.says("Dora", "how long does delivery take");
    let asked = scene.hears("Dora", "Which country");
    assert!(asked.buttons.contains(&"Germany".to_owned()), "{asked:?}");
    scene.presses("Dora", "Germany");
    scene.hears("Dora", "3 to 4 working days");
    scene.says("Dora", "and to the uk?");
    scene.hears("Dora", "2 to 3 working days");
}

/// Anger gets plain words and the offer of a person; yes brings one.
pub fn an_upset_customer_is_offered_a_person(scene: &Scene<'_>, next_case: usize) {
    scene.says("Ulla", "I'm furious. Where is my refund?");
    let soft = scene.hears("Ulla", "We're sorry you're waiting for your money");
    assert!(soft.buttons.contains(&"Yes, a person please".to_owned()), "{soft:?}");
    scene.presses("Ulla", "Yes, a person please");
    scene.hears("Ulla", "");
    let case = scene.case(next_case);
    assert!(case.title.contains(&scene.name_of("Ulla")) && case.title.contains("accepted a person"), "{case:?}");
    assert!(case.posts[0].text.contains("I'm furious. Where is my refund?"), "{case:?}");
}

/// The whole way: a person is asked for, the team sees the case, an agent answers, the bot keeps silent, notes stay with
/// the team, the case is closed, and the bot answers again.
pub fn a_person_takes_over_and_the_bot_comes_back(scene: &Scene<'_>, next_case: usize) {
    scene.says("Hanna", "how long is the cable?");
    scene.hears("Hanna", "1.8 m");
    scene.says("Hanna", "can I talk to a human");
    // Told in the same turn, whether or not somebody is there now.
    scene.hears("Hanna", "");
    let case = scene.case(next_case);
    let packet = &case.posts[0];
    let name = scene.name_of("Hanna");
    for part in ["asked for a person", name.as_str(), "en", "how long is the cable?", "can I talk to a human"] {
        assert!(packet.text.contains(part), "{part:?} in {packet:?}");
    }
    assert_eq!(packet.buttons, ["Claim", "Hand back to the bot", "Close"]);
    scene.says("Hanna", "it is about my blue lamp");
    scene.team_reads(&case.id, "it is about my blue lamp");
    scene.agent_says("Ana", &case.id, "Hello Hanna, Ana here. Which lamp is it?");
    scene.hears("Hanna", "Ana");
    scene.hears("Hanna", "Hello Hanna, Ana here. Which lamp is it?");
    scene.team_reads(&case.id, "has the case");
    scene.says("Hanna", "Is a light bulb included?");
    scene.team_reads(&case.id, "Is a light bulb included?");
    scene.agent_says("Ana", &case.id, "// she ordered three times, be generous");
    scene.hears_nothing("Hanna");
    scene.agent_says("Ana", &case.id, "Yes, one is in the box: https://lanternloom.example/bulbs_1");
    scene.hears("Hanna", "https://lanternloom.example/bulbs_1");
    scene.agent_presses("Ana", &case.id, "Close");
    scene.hears("Hanna", "Ana has closed this");
    scene.team_reads(&case.id, "Ended");
    scene.says("Hanna", "how long is the cable?");
    scene.hears("Hanna", "1.8 m");
    scene.hears_nothing("Hanna");
}

/// Two agents claim at once: one has it, the other is told who.
pub fn two_agents_claim_and_one_has_it(scene: &Scene<'_>, next_case: usize) {
    let case = scene.opens_case("Tom", next_case);
    scene.agent_presses("Ana", &case.id, "Claim");
    scene.agent_presses("Ben", &case.id, "Claim");
    let refused = scene.team_reads(&case.id, "has it.");
    let (loser, owner) = if refused.text.starts_with("Ana") { ("Ana", "Ben") } else { ("Ben", "Ana") };
    assert!(refused.text.contains(owner), "{refused:?}");
    scene.hears("Tom", owner);
    // Whoever does not have the case cannot write over it; whoever has it can.
    scene.agent_says(loser, &case.id, "I was too late");
    scene.agent_says(owner, &case.id, "I was first");
    scene.hears("Tom", "I was first");
    scene.agent_presses(loser, &case.id, "Close");
    scene.agent_says(owner, &case.id, "/handback");
    scene.hears("Tom", "handed back");
    scene.hears_nothing("Tom");
}

/// All of them, one after the other.
pub fn all(scene: &Scene<'_>) {
    a_question_is_answered(scene);
    nonsense_is_admitted_and_a_person_is_offered(scene);
    a_close_call_is_asked_back(scene);
    what_is_needed_is_asked_for(scene);
    an_upset_customer_is_offered_a_person(scene, 0);
    a_person_takes_over_and_the_bot_comes_back(scene, 1);
    two_agents_claim_and_one_has_it(scene, 2);
}
