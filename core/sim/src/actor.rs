//! One end of the path: what it is asked, and what it can answer.
//!
//! Owns the contract between a world and its ends. Knows nothing of links.

use udping_core::guard::DropReason;
use udping_core::time::ClientTime;
use udping_link::PacketId;

use crate::Packet;

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

/// One end of the path.
pub trait Actor {
    /// What it says of what it does, and of what comes.
    type Note;

    /// The next thing it wants. Asked again until it waits; a datagram that it sends is
    /// written to the beginning of `out`.
    fn poll(&mut self, now: ClientTime, out: &mut Buffer) -> Act<Self::Note>;

    /// A datagram for it. It decides by `datagram` alone: `packet` is for naming what it
    /// answers, and for telling its notes what the datagram was really about.
    fn receive(
        &mut self,
        now: ClientTime,
        packet: &Packet,
        datagram: &[u8],
        out: &mut Buffer,
    ) -> Reaction<Self::Note>;
}

/// What an end wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act<N> {
    /// Send this datagram.
    Send(Departure, Option<N>),
    /// Say something by itself.
    Say(N),
    /// Be asked again at this time, or when something comes.
    Wait(ClientTime),
    /// Be asked again only when something comes.
    Idle,
    /// End the world.
    Done(N),
}

/// What an end does as something comes. Whatever it is, it is polled after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction<N> {
    /// Nothing at once.
    Nothing,
    /// Say what came of it.
    Say(N),
    /// Answer it with this datagram.
    Answer(Departure),
    /// Leave it unanswered on purpose: a reflector's rules.
    Drop(DropReason),
}

/// A datagram that sets out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// Its name on its way: packets of one name meet the same fate whoever sends them.
    pub id: PacketId,
    /// What its sender calls it, which its answer bears too.
    pub number: u64,
    /// Which client sends or gets it, where several share that end.
    pub client: u16,
    /// When it leaves.
    pub at: ClientTime,
    /// How many bytes were written.
    pub len: usize,
    /// How many bytes of padding follow them that are not carried.
    pub padding: u16,
}

impl Departure {
    /// The datagram that its sender calls `number`, which sends one of that number only,
    /// and for itself.
    #[must_use]
    pub const fn numbered(number: u64, at: ClientTime, len: usize) -> Self {
        Self {
            id: PacketId {
                seq: number,
                copy: 0,
            },
            number,
            client: 0,
            at,
            len,
            padding: 0,
        }
    }
}
