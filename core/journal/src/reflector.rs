//! What a reflector did with a datagram, to records and back.
//!
//! Owns what its figures count of a record, and what a way does with a packet. What is decided
//! by them is the core's.

use alloc::vec::Vec;
use core::time::Duration;

use crate::record::{Answered, Dropped, Received, Record};
use crate::script::Passage;
use crate::served::ServedSummary;
use udping_core::guard::{Draws, DropReason, Lookup};
use udping_core::time::saturating_nanos;
use udping_link::{Link, PacketId};

/// What stands in for TCP's retransmission: its timeout at its least on Linux. It doubles with
/// each further loss (RFC 6298 §5.5).
const RETRANSMISSION: Duration = Duration::from_millis(200);

/// Losses in a row after which a segment gets through all the same.
const MOST_LOSSES: u32 = 6;

/// How long a request over TCP and its answer are on their ways: what the links say, and for
/// every loss the time until TCP would have sent it again. Also how many losses there were.
#[must_use]
pub fn tcp_delay(ways: [&Link; 2], seq: u64) -> (Duration, u32) {
    let (mut delay, mut losses) = (Duration::ZERO, 0);
    for link in ways {
        for copy in 0..=MOST_LOSSES {
            let fate = link.fate(PacketId { seq, copy });
            if !fate.lost || copy == MOST_LOSSES {
                delay = delay.saturating_add(fate.delay);
                break;
            }
            losses += 1;
            delay = delay.saturating_add(RETRANSMISSION * (1 << copy));
        }
    }
    (delay, losses)
}

/// A copy of a datagram that is judged, and what the guard remembered and drew for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// The datagram's number.
    pub number: u64,
    /// Which of its copies it is: 0 for itself, 1 for the link's, from 2 for a script's.
    pub copy: u32,
    /// The connection, of a request over TCP.
    pub connection: Option<u64>,
    /// When.
    pub at_ns: u64,
    /// What the guard remembered and drew.
    pub draws: Draws,
}

impl Judged {
    /// The record that it is answered by so many bytes, unless they are as many as it had, and
    /// that the way back does this with the answer.
    #[must_use]
    pub fn answered(&self, size: Option<u32>, way: Way) -> Answered {
        let (copy, source, endpoint) = self.unusual();
        Answered {
            answered: self.number,
            at_ns: self.at_ns,
            connection: self.connection,
            copy,
            size,
            echo: self.draws.echo,
            source,
            endpoint,
            chance: self.draws.chance,
            loss: way.loss,
            delay_ns: way.delay_ns,
            duplicate_ns: way.duplicate_ns,
            corrupt: way.corrupt,
            copies_ns: way.copies_ns,
        }
    }

    /// The record that it is not answered.
    #[must_use]
    pub fn dropped(&self, reason: DropReason) -> Dropped {
        let (copy, source, endpoint) = self.unusual();
        Dropped {
            dropped: self.number,
            at_ns: self.at_ns,
            reason,
            connection: self.connection,
            copy,
            echo: self.draws.echo,
            source,
            endpoint,
            chance: self.draws.chance,
        }
    }

    /// What records only say where it is not as it mostly is.
    fn unusual(&self) -> (Option<u32>, Option<Lookup>, Option<Lookup>) {
        let place = |place| Some(place).filter(|place| *place != Lookup::Known);
        let (source, endpoint) = (place(self.draws.source), place(self.draws.endpoint));
        (Some(self.copy).filter(|copy| *copy > 0), source, endpoint)
    }
}

fn draws(
    (source, endpoint): (Option<Lookup>, Option<Lookup>),
    echo: bool,
    chance: Option<bool>,
) -> Draws {
    Draws {
        source: source.unwrap_or_default(),
        endpoint: endpoint.unwrap_or_default(),
        echo,
        chance,
    }
}

impl From<&Answered> for Judged {
    fn from(it: &Answered) -> Self {
        Self {
            number: it.answered,
            copy: it.copy.unwrap_or_default(),
            connection: it.connection,
            at_ns: it.at_ns,
            draws: draws((it.source, it.endpoint), it.echo, it.chance),
        }
    }
}

impl From<&Dropped> for Judged {
    fn from(it: &Dropped) -> Self {
        Self {
            number: it.dropped,
            copy: it.copy.unwrap_or_default(),
            connection: it.connection,
            at_ns: it.at_ns,
            draws: draws((it.source, it.endpoint), it.echo, it.chance),
        }
    }
}

impl Received {
    /// The same on whose way this happens.
    #[must_use]
    pub fn on(self, way: Way) -> Self {
        Self {
            loss: way.loss,
            delay_ns: way.delay_ns,
            duplicate_ns: way.duplicate_ns,
            corrupt: way.corrupt,
            copies_ns: way.copies_ns,
            ..self
        }
    }
}

impl ServedSummary {
    /// Counts what a record says.
    pub fn note(&mut self, record: &Record) {
        let add = |count: &mut u64, more: bool| *count = count.saturating_add(more.into());
        let tcp = &mut self.tcp;
        match record {
            Record::Received(Received {
                connection: Some(_),
                ..
            }) => {
                add(&mut tcp.get_or_insert_default().received, true);
            }
            Record::Answered(Answered {
                connection: Some(_),
                ..
            }) => {
                add(&mut tcp.get_or_insert_default().answered, true);
            }
            Record::Dropped(it) if it.connection.is_some() => {
                let dropped = &mut tcp.get_or_insert_default().dropped;
                add(dropped.entry(it.reason).or_default(), true);
            }
            Record::Received(it) => {
                add(&mut self.received, true);
                add(&mut self.lost_requests, it.loss);
            }
            Record::Answered(it) => {
                add(&mut self.answered, true);
                add(&mut self.lost_replies, it.loss);
            }
            Record::Dropped(it) => add(self.dropped.entry(it.reason).or_default(), true),
            _ => {}
        }
    }
}

/// What a way does with a packet, as records have it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Way {
    /// It is lost.
    pub loss: bool,
    /// It is damaged.
    pub corrupt: bool,
    /// It is so much later, if it is.
    pub delay_ns: Option<u64>,
    /// The link's copy of it comes so much later than it was on its way.
    pub duplicate_ns: Option<u64>,
    /// The same for each copy that a script makes, if it makes any: none of one that is lost.
    pub copies_ns: Option<Vec<Option<u64>>>,
}

impl Way {
    /// Of these passages: the packet's own, and those of its copies. See [`Passage::of`].
    #[must_use]
    pub fn of(own: &Passage, duplicate: Option<&Passage>, copies: &[Passage]) -> Self {
        let arrives = |it: &Passage| (!it.lost).then(|| saturating_nanos(it.delay));
        Self {
            loss: own.lost,
            corrupt: own.corrupt,
            delay_ns: arrives(own).filter(|delay| *delay > 0),
            duplicate_ns: duplicate.and_then(arrives),
            copies_ns: (!copies.is_empty()).then(|| copies.iter().map(arrives).collect()),
        }
    }

    /// That of a packet which is only late.
    #[must_use]
    pub fn delayed(delay: Duration) -> Self {
        Self {
            delay_ns: Some(saturating_nanos(delay)).filter(|delay| *delay > 0),
            ..Self::default()
        }
    }

    /// The delays of what arrives: 0 for the packet, 1 for the link's copy, from 2 for a
    /// script's.
    pub(crate) fn arrivals(&self) -> impl Iterator<Item = (u32, u64)> {
        let own = (!self.loss).then(|| self.delay_ns.unwrap_or_default());
        let copies = self.copies_ns.iter().flatten().copied();
        let all = [own, self.duplicate_ns].into_iter().chain(copies);
        (0..)
            .zip(all)
            .filter_map(|(nth, delay)| Some((nth, delay?)))
    }
}
