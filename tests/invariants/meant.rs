//! What customers say, in the words of each voice.

/// What a customer means by a message. The words for it are in [`Meant::words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meant {
    /// A question that the voice answers without asking back.
    Question(u8),
    /// A question that needs a value first.
    Slot,
    /// Words that fit nothing.
    Nonsense,
    /// Words that set off the first urgent rule.
    Safety,
    /// Words that set off the other one.
    Danger,
    /// Words that set off a rule that is not urgent.
    Legal,
    /// A wish for a person.
    Person(u8),
    Thanks,
    Hello,
    /// The bot is to stop.
    Stop,
    /// The bot is to start again.
    Start,
    NeverMind,
    Angry,
    Yes,
    No,
    /// A picture without words.
    Picture,
}

impl Meant {
    /// The words for it in each of the two voices.
    pub fn words(self, brand: usize) -> &'static str {
        let [shop, studio] = match self {
            Meant::Question(0) => ["Do you have a phone number?", "Is there co-op?"],
            Meant::Question(1) => ["Can I return a lamp?", "Does it have controller support?"],
            Meant::Question(_) => ["Wie kann ich bezahlen?", "What does the game cost?"],
            Meant::Slot => ["How long does delivery take?", "The game crashes on start"],
            Meant::Nonsense => ["zebra quantum marmalade umbrella", "zebra quantum marmalade umbrella"],
            Meant::Safety => ["my lamp is on fire", "I had a seizure while playing"],
            Meant::Danger => ["I want to die", "I want to die"],
            Meant::Legal => ["I will call my lawyer", "I will call my lawyer"],
            Meant::Person(0) => ["can I talk to a human", "can I talk to a human"],
            Meant::Person(1) => ["ich möchte mit einem Menschen sprechen", "I want to speak to a real person please"],
            Meant::Person(2) => ["Kann ich mit jemandem sprechen?", "let me talk to someone real"],
            Meant::Person(_) => ["get me a human!!!", "agent"],
            Meant::Thanks => ["thanks!", "thanks!"],
            Meant::Hello => ["hi", "hi"],
            Meant::Stop => ["stop", "shoo"],
            Meant::Start => ["start", "come back"],
            Meant::NeverMind => ["never mind", "never mind"],
            Meant::Angry => ["this is a scam, third time I ask!!!", "this is a scam, third time I ask!!!"],
            Meant::Yes => ["yes", "yes"],
            Meant::No => ["no", "no"],
            Meant::Picture => ["", ""],
        };
        [shop, studio][brand]
    }

    /// The rule that its words set off, when it is an urgent one.
    pub fn urgent_rule(self, brand: usize) -> Option<&'static str> {
        match self {
            Meant::Safety => Some(["product_safety", "seizure"][brand]),
            Meant::Danger => Some("safety"),
            _ => None,
        }
    }

    pub fn is_person(self) -> bool {
        matches!(self, Meant::Person(_))
    }

    pub fn is_question(self) -> bool {
        matches!(self, Meant::Question(_))
    }
}
