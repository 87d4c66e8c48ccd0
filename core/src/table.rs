//! The client's memory: one entry per probe, in storage the caller supplies.
//!
//! Owns the ring of entries and the two lists threaded through it (in flight, and
//! lost without an answer), every operation in constant time but one, which takes the
//! logarithm of its length. Decides nothing.

use crate::time::{ClientTime, WallTime};
use crate::wire::low_bits;

/// One probe's entry in the client's table. Make as many as
/// [`Config::entries_needed`](crate::Config::entries_needed) says, or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub(crate) seq: u64,
    pub(crate) timestamp: WallTime,
    pub(crate) at: ClientTime,
    pub(crate) settled: ClientTime,
    pub(crate) state: State,
    older: u32,
    newer: u32,
}

/// Where in its life a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The entry holds no probe.
    Empty,
    /// Sent, not settled.
    InFlight,
    /// Settled by a reply in time.
    Replied,
    /// Settled by its deadline; no reply has come.
    Lost,
    /// Settled by its deadline; a reply came afterwards.
    LostThenLate,
    /// Settled by an ICMP unreachable.
    Refused,
    /// Never went out.
    Unsent,
}

const NOBODY: u32 = u32::MAX;

impl Entry {
    /// An entry that holds no probe.
    pub const EMPTY: Self = Self {
        seq: 0,
        timestamp: WallTime::ZERO,
        at: ClientTime::ZERO,
        settled: ClientTime::ZERO,
        state: State::Empty,
        older: NOBODY,
        newer: NOBODY,
    };
}

impl Default for Entry {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// A list threaded through the entries, oldest first.
#[derive(Debug, Clone, Copy)]
struct List {
    oldest: u32,
    newest: u32,
    len: u32,
}

impl List {
    const EMPTY: Self = Self {
        oldest: NOBODY,
        newest: NOBODY,
        len: 0,
    };

    fn push(&mut self, entries: &mut [Entry], index: u32) {
        if let Some(newest) = at_mut(entries, self.newest) {
            newest.newer = index;
        } else {
            self.oldest = index;
        }
        if let Some(entry) = at_mut(entries, index) {
            entry.older = self.newest;
            entry.newer = NOBODY;
        }
        self.newest = index;
        self.len = self.len.saturating_add(1);
    }

    fn remove(&mut self, entries: &mut [Entry], index: u32) {
        let Some(entry) = at_mut(entries, index) else {
            return;
        };
        let (older, newer) = (entry.older, entry.newer);
        (entry.older, entry.newer) = (NOBODY, NOBODY);
        match at_mut(entries, older) {
            Some(neighbour) => neighbour.newer = newer,
            None => self.oldest = newer,
        }
        match at_mut(entries, newer) {
            Some(neighbour) => neighbour.older = older,
            None => self.newest = older,
        }
        self.len = self.len.saturating_sub(1);
    }
}

fn at_mut(entries: &mut [Entry], index: u32) -> Option<&mut Entry> {
    entries.get_mut(usize::try_from(index).ok()?)
}

/// The ring and its lists.
#[derive(Debug, Clone)]
pub(crate) struct Table<S> {
    entries: S,
    /// How many of them an index can name.
    len: u32,
    /// One less, if that is a power of two, as it mostly is: it spares divisions.
    mask: Option<u32>,
    in_flight: List,
    unanswered: List,
}

impl<S: AsRef<[Entry]> + AsMut<[Entry]>> Table<S> {
    pub(crate) fn new(mut entries: S) -> Self {
        entries.as_mut().fill(Entry::EMPTY);
        let len = u32::try_from(entries.as_ref().len()).unwrap_or(NOBODY);
        Self {
            entries,
            len,
            mask: len.is_power_of_two().then(|| len - 1),
            in_flight: List::EMPTY,
            unanswered: List::EMPTY,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len.into()
    }

    fn index(&self, seq: u64) -> u32 {
        match self.mask {
            Some(mask) => low_bits(seq) & mask,
            None => seq.checked_rem(self.len()).map_or(NOBODY, low_bits),
        }
    }

    fn at(&self, index: u32) -> Option<&Entry> {
        if index == NOBODY {
            return None;
        }
        self.entries.as_ref().get(usize::try_from(index).ok()?)
    }

    /// The entry of `seq`, while the table still holds that probe.
    pub(crate) fn get(&self, seq: u64) -> Option<&Entry> {
        self.at(self.index(seq))
            .filter(|entry| entry.seq == seq && entry.state != State::Empty)
    }

    /// The one of the probes up to `last`, the newest, that has this timestamp. Timestamps
    /// grow with the numbers, so the range is halved.
    pub(crate) fn with_timestamp(&self, last: u64, timestamp: WallTime) -> Option<u64> {
        let at = |seq| {
            self.get(seq)
                .map_or(WallTime::ZERO, |entry| entry.timestamp)
        };
        let (mut low, mut high) = (last.saturating_sub(self.len()), last);
        while low < high {
            let middle = high - (high - low) / 2;
            if at(middle) <= timestamp {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        let entry = self.get(low)?;
        (entry.timestamp == timestamp).then_some(low)
    }

    /// Whether a probe in flight holds the place that `seq` needs.
    pub(crate) fn blocked(&self, seq: u64) -> bool {
        self.at(self.index(seq))
            .is_none_or(|entry| entry.state == State::InFlight)
    }

    /// Puts a probe in flight, in the place of an older one.
    #[inline]
    pub(crate) fn insert(&mut self, seq: u64, timestamp: WallTime, at: ClientTime) {
        let index = self.index(seq);
        self.unlink(index);
        let Some(place) = at_mut(self.entries.as_mut(), index) else {
            return;
        };
        *place = Entry {
            seq,
            timestamp,
            at,
            state: State::InFlight,
            ..Entry::EMPTY
        };
        self.in_flight.push(self.entries.as_mut(), index);
    }

    /// Moves a probe to another state.
    #[inline]
    pub(crate) fn settle(&mut self, seq: u64, state: State, settled: ClientTime) {
        let index = self.index(seq);
        self.unlink(index);
        if let Some(entry) = at_mut(self.entries.as_mut(), index) {
            entry.state = state;
            entry.settled = settled;
        }
        if state == State::Lost {
            self.unanswered.push(self.entries.as_mut(), index);
        }
    }

    fn unlink(&mut self, index: u32) {
        match self.at(index).map(|entry| entry.state) {
            Some(State::InFlight) => self.in_flight.remove(self.entries.as_mut(), index),
            Some(State::Lost) => self.unanswered.remove(self.entries.as_mut(), index),
            _ => {}
        }
    }

    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight.len
    }

    pub(crate) fn oldest_in_flight(&self) -> Option<&Entry> {
        self.at(self.in_flight.oldest)
    }

    /// The lost probe without an answer that was sent last.
    pub(crate) fn newest_unanswered(&self) -> Option<&Entry> {
        self.at(self.unanswered.newest)
    }

    /// Every probe in flight, oldest first.
    pub(crate) fn iter_in_flight(&self) -> impl Iterator<Item = &Entry> {
        let mut next = self.in_flight.oldest;
        core::iter::from_fn(move || {
            let entry = self.at(next)?;
            next = entry.newer;
            Some(entry)
        })
    }
}
