//! A voice that has one answer about each thing, so that the answers that somebody gets tell which questions they are to.

/// What can be asked about.
pub const THINGS: [&str; 20] = [
    "apples", "bridges", "candles", "dragons", "engines", "feathers", "guitars", "hammers", "islands", "jackets",
    "kettles", "ladders", "mirrors", "needles", "oranges", "pianos", "quilts", "rockets", "saddles", "trumpets",
];

/// The voice, for a brand. `wait_for_more` is nothing: each message is answered by itself.
pub fn voice(id: &str) -> String {
    let head = format!(
        "schema = 1\n[brand]\nid = \"{id}\"\nname = \"Catalogue\"\ndefault_locale = \"en-GB\"\nlocales = [\"en-GB\"]\n\
         timezone = \"Europe/London\"\nprivacy_url = \"https://catalogue.example/privacy\"\n\
         allowed_link_hosts = [\"catalogue.example\"]\n[voice]\nbot_name = \"Cat\"\n[silence]\nwait_for_more = \"0s\"\n"
    );
    let answer = |(number, thing): (usize, &&str)| {
        format!(
            "[[answers]]\nid = \"{thing}\"\ntitle = \"About {thing}\"\n\
             ask = [\"tell me about {thing}\", \"what about {thing}\", \"do you have {thing}\"]\n\
             say = \"Thing {number}, {thing}: on page {number}.\"\n"
        )
    };
    head + &THINGS.iter().enumerate().map(answer).collect::<String>()
}

/// What somebody asks about a thing.
pub fn question(thing: usize) -> String {
    format!("tell me about {}?", THINGS[thing])
}

/// The number of the thing that an answer is about.
pub fn thing_of(answer: &str) -> Option<usize> {
    answer.split("Thing ").nth(1)?.split(',').next()?.parse().ok()
}
