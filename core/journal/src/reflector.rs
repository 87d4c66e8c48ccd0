//! A reflector as its journal describes it: how it was set up, and what it did.
//!
//! Owns the header's part about it and its final figures. What is decided by them is the
//! core's.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::record::{Answered, Dropped, Received, Record};
use crate::script::Passage;
use udping_core::guard::{Allowed, DisabledRules, Draws, DropReason, Place, Policy, RateLimit};
use udping_core::reflector::ReplyMode;
use udping_core::time::saturating_nanos;
use udping_link::{Direction, Impairments, Link, PacketId, Seed};

/// How a reflector was set up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReflectorSpec {
    /// What it answers on the text wire.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reply_mode: ReplyMode,
    /// It counts its answers for each session, on the STAMP wire.
    #[serde(default, skip_serializing_if = "is_default")]
    pub stateful: bool,
    /// The networks that it answers; everybody, if there are none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allow: Vec<String>,
    /// How many requests a second it answers of one source, which may come at once; absent
    /// without a limit.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rate_limit: Option<core::num::NonZeroU32>,
    /// The same of all sources together.
    #[serde(default, skip_serializing_if = "is_default")]
    pub total_limit: Option<core::num::NonZeroU32>,
    /// The checks that were switched off.
    #[serde(default, skip_serializing_if = "is_default")]
    pub no_guard: Vec<DropReason>,
    /// Where the chance comes from that packets meet with.
    #[serde(default, skip_serializing_if = "is_default")]
    pub seed: Seed,
    /// The way to the reflector.
    #[serde(default, skip_serializing_if = "is_default")]
    pub request: Impairments,
    /// The way back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reply: Impairments,
    /// What single packets meet with, too.
    #[serde(default, skip_serializing_if = "is_default")]
    pub script: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl ReflectorSpec {
    /// The same with what `policy` says.
    #[must_use]
    pub fn with_policy(self, policy: &Policy) -> Self {
        let disabled = DropReason::RULES.into_iter();
        Self {
            allow: policy
                .allowed
                .networks()
                .iter()
                .map(ToString::to_string)
                .collect(),
            rate_limit: policy.per_source.map(|rate| rate.per_second),
            total_limit: policy.total.map(|rate| rate.per_second),
            no_guard: disabled
                .filter(|rule| policy.disabled.contains(*rule))
                .collect(),
            ..self
        }
    }

    /// Whom a reflector on `port` answered; `None` if no reflector could have been set up so.
    #[must_use]
    pub fn policy(&self, port: u16) -> Option<Policy> {
        let mut allowed = Allowed::EVERYBODY;
        for network in &self.allow {
            if !allowed.add(network.parse().ok()?) {
                return None;
            }
        }
        let rate = |per_second| RateLimit {
            per_second,
            burst: per_second,
        };
        Some(Policy {
            allowed,
            per_source: self.rate_limit.map(rate),
            total: self.total_limit.map(rate),
            disabled: self
                .no_guard
                .iter()
                .fold(DisabledRules::NONE, |rules, rule| rules.with(*rule)),
            ..Policy::open(port)
        })
    }

    /// The ways there and back.
    #[must_use]
    pub fn links(&self) -> [Link; 2] {
        [
            Link::new(self.seed, Direction::Request, self.request),
            Link::new(self.seed, Direction::Reply, self.reply),
        ]
    }
}

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
    fn unusual(&self) -> (Option<u32>, Option<Place>, Option<Place>) {
        let place = |place| Some(place).filter(|place| *place != Place::Known);
        let (source, endpoint) = (place(self.draws.source), place(self.draws.endpoint));
        (Some(self.copy).filter(|copy| *copy > 0), source, endpoint)
    }
}

fn draws(
    (source, endpoint): (Option<Place>, Option<Place>),
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

/// What a reflector did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServedSummary {
    /// Datagrams that came.
    pub received: u64,
    /// Of those, lost on their way to the reflector.
    pub lost_requests: u64,
    /// Answers decided on, which may be more with copies.
    pub answered: u64,
    /// Of those, lost on their way back.
    pub lost_replies: u64,
    /// How many were not answered, for each reason that there was.
    pub dropped: BTreeMap<DropReason, u64>,
    /// Over TCP, if a request came that way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpSummary>,
}

/// What a reflector did over TCP, where a loss is a delay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TcpSummary {
    /// Requests that came.
    pub received: u64,
    /// Answers.
    pub answered: u64,
    /// How many were not answered, for each reason that there was.
    pub dropped: BTreeMap<DropReason, u64>,
}
