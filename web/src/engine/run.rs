//! One run, simulated or replayed: the same questions, the same answers.
//!
//! Owns the view model: every answer is a pure function of (run, cursor). A run
//! never changes; acting on one makes another (see [`history`](super::history)).

use udping_core::journal::Header;
use udping_core::replay::Report;
use udping_core::sim::WorldError;

use super::cursor::Cursor;
use super::log::{Event, Flight, Probe, Timer};
use super::message::Message;

/// A run, whole.
#[derive(Debug)]
pub struct Run {}

/// Where a run comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A simulated network: every arrival is known, and packets can be acted on.
    Simulated,
    /// A journal: only what the client saw is known.
    Recorded,
}

impl Run {
    /// Simulates the run that `header` describes, to its end.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn simulate(header: &Header) -> Result<Self, WorldError> {
        let _ = header;
        todo!()
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        todo!()
    }

    /// Its header: configuration, and the scenario of a simulated one.
    #[must_use]
    pub fn header(&self) -> &Header {
        todo!()
    }

    /// How many events it has.
    #[must_use]
    pub fn events(&self) -> usize {
        todo!()
    }

    /// How many probes it has.
    #[must_use]
    pub fn probes(&self) -> usize {
        todo!()
    }

    /// The time of its last event, in nanoseconds.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        todo!()
    }

    /// The event at `index`.
    #[must_use]
    pub fn event(&self, index: usize) -> Option<Event> {
        let _ = index;
        todo!()
    }

    /// The probe at `index`, as it stands at `cursor`.
    #[must_use]
    pub fn probe(&self, index: usize, cursor: Cursor) -> Option<Probe> {
        let _ = (index, cursor);
        todo!()
    }

    /// The place of the probe with this number.
    #[must_use]
    pub fn find(&self, seq: u64) -> Option<usize> {
        let _ = seq;
        todo!()
    }

    /// The events about one probe, in order.
    #[must_use]
    pub fn story(&self, probe: usize) -> Vec<usize> {
        let _ = probe;
        todo!()
    }

    /// The packets in flight at `cursor`, by arrival. Empty in a recorded run, where
    /// nobody saw them; [`Run::timers`] tells which probes wait.
    #[must_use]
    pub fn in_flight(&self, cursor: Cursor) -> Vec<Flight> {
        let _ = cursor;
        todo!()
    }

    /// The flight at `index`, as it stands at `cursor`.
    #[must_use]
    pub fn flight(&self, index: usize, cursor: Cursor) -> Option<Flight> {
        let _ = (index, cursor);
        todo!()
    }

    /// The timers that run at `cursor`, the next to run out first.
    #[must_use]
    pub fn timers(&self, cursor: Cursor) -> Vec<Timer> {
        let _ = cursor;
        todo!()
    }

    /// The cursor at a time, after everything that happened by then.
    #[must_use]
    pub fn seek(&self, at_ns: u64) -> Cursor {
        let _ = at_ns;
        todo!()
    }

    /// The cursor right after the event at `index`.
    #[must_use]
    pub fn after(&self, index: usize) -> Cursor {
        let _ = index;
        todo!()
    }

    /// The cursor `events` events on, or back where negative. It stops at the ends.
    #[must_use]
    pub fn step(&self, cursor: Cursor, events: isize) -> Cursor {
        let _ = (cursor, events);
        todo!()
    }

    /// What the core found when it decided a recorded run again; `None` where simulated.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        todo!()
    }

    /// What the journal does not say, each as a message; empty where simulated.
    #[must_use]
    pub fn lacks(&self) -> &[Message] {
        todo!()
    }
}
