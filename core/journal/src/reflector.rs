//! A reflector as its journal describes it: how it was set up, and what it did.
//!
//! Owns the header's part about it and its final figures. What is decided by them is the
//! core's.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::record::Record;
use crate::script::Passage;
use udping_core::guard::{Allowed, DisabledRules, DropReason, Policy, RateLimit};
use udping_core::reflector::ReplyMode;
use udping_core::time::saturating_nanos;
use udping_link::{Direction, Impairments, Link, Seed};

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

impl ServedSummary {
    /// Counts what a record says.
    pub fn note(&mut self, record: &Record) {
        let add = |count: &mut u64, more: bool| *count = count.saturating_add(more.into());
        match record {
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
}
