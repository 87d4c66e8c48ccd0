//! The client's memory: one slot a probe, in storage the caller supplies.
//!
//! Owns the ring of slots and the two lists threaded through it (in flight, and
//! lost without an answer), every operation in constant time. Decides nothing.

use crate::time::ClientTime;

/// One probe's place in the client's table. Make as many as
/// [`Config::slots_needed`](crate::schedule::Config::slots_needed) says, or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub(crate) seq: u64,
    pub(crate) token: u64,
    pub(crate) at: ClientTime,
    pub(crate) settled: ClientTime,
    pub(crate) state: State,
    older: u32,
    newer: u32,
}

/// Where in its life a probe is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// The slot holds no probe.
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

impl Slot {
    /// A slot that holds no probe.
    pub const EMPTY: Self = Self {
        seq: 0,
        token: 0,
        at: ClientTime::ZERO,
        settled: ClientTime::ZERO,
        state: State::Empty,
        older: NOBODY,
        newer: NOBODY,
    };
}

impl Default for Slot {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// A list threaded through the slots, oldest first.
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

    fn push(&mut self, slots: &mut [Slot], index: u32) {
        if let Some(newest) = at_mut(slots, self.newest) {
            newest.newer = index;
        } else {
            self.oldest = index;
        }
        if let Some(slot) = at_mut(slots, index) {
            slot.older = self.newest;
            slot.newer = NOBODY;
        }
        self.newest = index;
        self.len = self.len.saturating_add(1);
    }

    fn remove(&mut self, slots: &mut [Slot], index: u32) {
        let Some(slot) = at_mut(slots, index) else {
            return;
        };
        let (older, newer) = (slot.older, slot.newer);
        (slot.older, slot.newer) = (NOBODY, NOBODY);
        match at_mut(slots, older) {
            Some(neighbour) => neighbour.newer = newer,
            None => self.oldest = newer,
        }
        match at_mut(slots, newer) {
            Some(neighbour) => neighbour.older = older,
            None => self.newest = older,
        }
        self.len = self.len.saturating_sub(1);
    }
}

fn at_mut(slots: &mut [Slot], index: u32) -> Option<&mut Slot> {
    slots.get_mut(usize::try_from(index).ok()?)
}

/// The ring and its lists.
#[derive(Debug, Clone)]
pub(crate) struct Table<S> {
    slots: S,
    in_flight: List,
    unanswered: List,
}

impl<S: AsRef<[Slot]> + AsMut<[Slot]>> Table<S> {
    pub(crate) fn new(mut slots: S) -> Self {
        slots.as_mut().fill(Slot::EMPTY);
        Self {
            slots,
            in_flight: List::EMPTY,
            unanswered: List::EMPTY,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        u64::try_from(self.usable().len()).unwrap_or(u64::MAX)
    }

    /// The slots an index can name.
    fn usable(&self) -> &[Slot] {
        let slots = self.slots.as_ref();
        let most = usize::try_from(NOBODY).unwrap_or(usize::MAX);
        slots.get(..most).unwrap_or(slots)
    }

    fn index(&self, seq: u64) -> u32 {
        seq.checked_rem(self.len())
            .and_then(|index| u32::try_from(index).ok())
            .unwrap_or(NOBODY)
    }

    fn at(&self, index: u32) -> Option<&Slot> {
        self.usable().get(usize::try_from(index).ok()?)
    }

    /// The slot of `seq`, while the table still holds that probe.
    pub(crate) fn get(&self, seq: u64) -> Option<&Slot> {
        self.at(self.index(seq))
            .filter(|slot| slot.seq == seq && slot.state != State::Empty)
    }

    /// Whether a probe in flight holds the place that `seq` needs.
    pub(crate) fn blocked(&self, seq: u64) -> bool {
        self.at(self.index(seq))
            .is_none_or(|slot| slot.state == State::InFlight)
    }

    /// Puts a probe in flight, and returns what held its slot before.
    pub(crate) fn insert(&mut self, seq: u64, token: u64, at: ClientTime) -> Slot {
        let index = self.index(seq);
        self.unlink(index);
        let Some(place) = at_mut(self.slots.as_mut(), index) else {
            return Slot::EMPTY;
        };
        let probe = Slot {
            seq,
            token,
            at,
            state: State::InFlight,
            ..Slot::EMPTY
        };
        let before = core::mem::replace(place, probe);
        self.in_flight.push(self.slots.as_mut(), index);
        before
    }

    /// Moves a probe to another state.
    pub(crate) fn settle(&mut self, seq: u64, state: State, settled: ClientTime) {
        let index = self.index(seq);
        self.unlink(index);
        if let Some(slot) = at_mut(self.slots.as_mut(), index) {
            slot.state = state;
            slot.settled = settled;
        }
        if state == State::Lost {
            self.unanswered.push(self.slots.as_mut(), index);
        }
    }

    fn unlink(&mut self, index: u32) {
        match self.at(index).map(|slot| slot.state) {
            Some(State::InFlight) => self.in_flight.remove(self.slots.as_mut(), index),
            Some(State::Lost) => self.unanswered.remove(self.slots.as_mut(), index),
            _ => {}
        }
    }

    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight.len
    }

    pub(crate) fn oldest_in_flight(&self) -> Option<&Slot> {
        self.at(self.in_flight.oldest)
    }

    /// The lost probe without an answer that was sent last.
    pub(crate) fn newest_unanswered(&self) -> Option<&Slot> {
        self.at(self.unanswered.newest)
    }

    /// Every probe in flight, oldest first.
    pub(crate) fn iter_in_flight(&self) -> impl Iterator<Item = &Slot> {
        let mut next = self.in_flight.oldest;
        core::iter::from_fn(move || {
            let slot = self.at(next)?;
            next = slot.newer;
            Some(slot)
        })
    }
}
