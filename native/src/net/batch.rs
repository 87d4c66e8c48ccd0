//! Datagrams by the batch: one system call for many, where the system has such calls.
//!
//! Owns their room, which is made once. Knows nothing of what they say.

use std::num::NonZeroUsize;

use super::{Peer, system};

/// How many datagrams a batch holds at the most.
pub(crate) const BATCH: usize = 64;

/// Bytes in a line of the processor's caches.
const CACHE_LINE: usize = 64;

/// Datagrams received together, or waiting to be sent together.
pub(crate) struct Batch {
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "one datagram at a time needs none")
    )]
    pub(super) headers: system::Headers,
    /// `BATCH` places of the same size.
    pub(super) bytes: Vec<u8>,
    pub(super) place: usize,
    pub(super) filled: [Filled; BATCH],
    pub(super) len: usize,
}

/// How many datagrams came in how many messages: the system joins some, and counts messages
/// where it drops any.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Joined {
    messages: u64,
    datagrams: u64,
}

impl Joined {
    /// So many more came.
    pub(crate) fn add(&mut self, messages: usize, datagrams: usize) {
        self.messages += messages as u64;
        self.datagrams += datagrams as u64;
    }

    /// How many datagrams so many messages held that nobody saw: as many to each as to those
    /// that came, but no more than the `most` that can have been, unless there are more messages.
    /// Whether that is an estimate.
    pub(crate) fn datagrams_in(&self, messages: u64, most: u64) -> (u64, bool) {
        if self.messages == self.datagrams {
            return (messages, false);
        }
        let all = u128::from(messages) * u128::from(self.datagrams);
        let of_each = all.checked_div(u128::from(self.messages)).unwrap_or(all);
        let of_each = u64::try_from(of_each).unwrap_or(u64::MAX);
        (of_each.min(most.max(messages)), true)
    }
}

/// What a place holds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Filled {
    pub(super) len: usize,
    /// From whom or to whom; `None` where the socket is connected.
    pub(super) peer: Option<Peer>,
    /// Several datagrams of one sender in a row, each of so many bytes but the last,
    /// which may be shorter; `None` where it is one.
    pub(super) each: Option<NonZeroUsize>,
}

impl Filled {
    pub(super) const fn one(len: usize, peer: Option<Peer>) -> Self {
        Self {
            len,
            peer,
            each: None,
        }
    }
}

impl Batch {
    /// A batch of datagrams of at most `longest` bytes each.
    pub(crate) fn new(longest: usize) -> Self {
        // Places a power of two apart would all fall into the same lines of the caches.
        let place = longest.max(1) + CACHE_LINE;
        Self {
            headers: system::Headers::new(),
            bytes: vec![0; place * BATCH],
            place,
            filled: [Filled::default(); BATCH],
            len: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len == BATCH
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
    }

    /// Adds what `write` writes, and says how long it is; a full batch takes no more.
    pub(crate) fn push(&mut self, peer: Option<Peer>, write: impl FnOnce(&mut [u8]) -> usize) {
        let (from, place) = (self.len * self.place, self.place);
        if let Some(filled) = self.filled.get_mut(self.len)
            && let Some(room) = self.bytes.get_mut(from..from + place)
        {
            let len = write(room).min(place);
            *filled = Filled::one(len, peer);
            self.len += 1;
        }
    }

    /// The datagrams received, and whose they are: more than there are places, where the
    /// system joined some.
    pub(crate) fn datagrams(&self) -> impl Iterator<Item = (&[u8], Option<Peer>)> {
        (0..self.len).flat_map(|index| {
            let (bytes, peer) = self.get(index);
            let each = self.filled.get(index).and_then(|filled| filled.each);
            let size = each.map_or(bytes.len(), NonZeroUsize::get).max(1);
            // An empty datagram is one, too.
            (0..bytes.len().div_ceil(size).max(1)).map(move |nth| {
                let rest = bytes.get(nth * size..).unwrap_or_default();
                (rest.get(..size).unwrap_or(rest), peer)
            })
        })
    }

    /// The datagram in place `index`, and whose it is.
    pub(crate) fn get(&self, index: usize) -> (&[u8], Option<Peer>) {
        let filled = self.filled.get(index).copied().unwrap_or_default();
        let from = index * self.place;
        let bytes = self.bytes.get(from..from + filled.len);
        (bytes.unwrap_or_default(), filled.peer)
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    #[test]
    fn a_batch_keeps_datagrams_apart_and_its_bounds() {
        let mut batch = Batch::new(4);
        let peer = Peer::plain(SocketAddr::from(([127, 0, 0, 1], 7)));
        for index in 0..BATCH + 3 {
            let peer = (index % 2 == 0).then_some(peer);
            batch.push(peer, |room| {
                room.fill(u8::try_from(index).unwrap());
                if index == 1 { usize::MAX } else { 2 }
            });
        }
        assert!(batch.is_full());
        assert_eq!(batch.get(0), (&[0, 0][..], Some(peer)));
        assert_eq!(batch.get(1), (&[1; 4 + CACHE_LINE][..], None));
        assert_eq!(batch.get(63), (&[63, 63][..], None));
        assert_eq!(batch.get(64), (&[][..], None));
        batch.clear();
        assert_eq!(batch.len(), 0);
    }

    #[test]
    fn messages_that_nobody_saw_are_counted_as_datagrams() {
        let mut joined = Joined::default();
        assert_eq!(joined.datagrams_in(7, 5), (7, false));
        joined.add(3, 3);
        assert_eq!(joined.datagrams_in(7, 5), (7, false));
        joined.add(1, 61);
        assert_eq!(joined.datagrams_in(1_000, u64::MAX), (16_000, true));
        assert_eq!(joined.datagrams_in(1_000, 15_999), (15_999, true));
        assert_eq!(joined.datagrams_in(1_000, 5), (1_000, true));
        assert_eq!(joined.datagrams_in(0, 5), (0, true));
    }

    #[test]
    fn joined_datagrams_are_told_apart_again() {
        let mut batch = Batch::new(8);
        for text in ["abcdefg", "", "xyz", "12345678"] {
            batch.push(None, |room| {
                room[..text.len()].copy_from_slice(text.as_bytes());
                text.len()
            });
        }
        batch.filled[0].each = NonZeroUsize::new(3);
        batch.filled[2].each = NonZeroUsize::new(3);
        batch.filled[3].each = NonZeroUsize::new(4);
        let datagrams = batch.datagrams().map(|(bytes, _)| bytes);
        let expected: [&[u8]; 7] = [b"abc", b"def", b"g", b"", b"xyz", b"1234", b"5678"];
        assert!(datagrams.eq(expected));
    }
}
