//! Which servers a connection is for (<https://discord.com/developers/docs/events/gateway#sharding>).

/// A connection of a bot, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which, counted from 0.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

impl Shard {
    /// Whether what happens in a server comes over this connection; private chats come over the first.
    pub(super) fn hears(self, server: Option<u64>) -> bool {
        let number = server.map_or(0, |server| (server >> 22) % u64::from(self.of.max(1)));
        number == u64::from(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_is_heard_over_one_connection() {
        let of = 3;
        for server in (0..50).map(|number| number << 22 | 12_345) {
            let hears = |number: &u32| Shard { number: *number, of }.hears(Some(server));
            assert_eq!((0..of).filter(hears).collect::<Vec<_>>(), [u32::try_from((server >> 22) % 3).unwrap()]);
        }
        let private = |number| Shard { number, of }.hears(None);
        assert_eq!([private(0), private(1), private(2)], [true, false, false]);
        assert!(Shard { number: 0, of: 1 }.hears(Some(1_100_000_000_000_000_001)));
    }
}
