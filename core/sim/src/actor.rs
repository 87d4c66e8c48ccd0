//! One end of the path: what it is asked, and what it can answer.
//!
//! Owns the contract between a world and its ends. Knows nothing of links.

use udping_core::guard::DropReason;
use udping_core::time::ClientTime;

use crate::packet::{Departure, Packet};

/// Which end of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where requests come from.
    Client,
    /// Where they go.
    Server,
}

/// How many bytes of a datagram a world carries. Of padding beyond them only the length
/// is kept: nothing that reads a padded datagram looks that far, but to compare the
/// padding as a whole.
pub const MOST_BYTES: usize = 64;

/// Room for one datagram.
pub type Buffer = [u8; MOST_BYTES];

/// Where an end puts what it sends and what it says.
#[derive(Debug)]
pub struct Outbox<'a, N> {
    /// The datagram, from the beginning.
    pub datagram: &'a mut Buffer,
    /// What it says of what it does, or of what comes.
    pub note: &'a mut Option<N>,
}

impl<N> Outbox<'_, N> {
    /// Says something.
    pub fn say(&mut self, note: N) {
        *self.note = Some(note);
    }
}

/// One end of the path.
pub trait Actor {
    /// What it says of what it does, and of what comes.
    type Note;

    /// Whether time has decided something by `now` that comes before whatever arrives then.
    fn is_overdue(&self, _now: ClientTime) -> bool {
        false
    }

    /// The next thing it wants. Asked again until it waits.
    fn poll(&mut self, now: ClientTime, out: &mut Outbox<'_, Self::Note>) -> Act;

    /// A datagram for it. It decides by `datagram` alone: `packet` is for naming what it
    /// answers, and for telling its notes what the datagram was really about.
    fn receive(
        &mut self,
        now: ClientTime,
        packet: &Packet,
        datagram: &[u8],
        out: &mut Outbox<'_, Self::Note>,
    ) -> Reaction;
}

/// What an end wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Send the datagram in its outbox.
    Send(Departure),
    /// Say the note in its outbox, by itself.
    Say,
    /// Be asked again at this time, or when something comes.
    Wait(ClientTime),
    /// Be asked again only when something comes.
    Idle,
    /// End the world.
    Done,
}

/// What an end does as something comes. Whatever it is, it is polled after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Take it.
    Take,
    /// Answer it with the datagram in its outbox.
    Answer(Departure),
    /// Leave it unanswered on purpose: a reflector's rules.
    Drop(DropReason),
}
