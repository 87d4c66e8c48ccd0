//! A reflector as its journal describes it: how it was set up, and what it did.
//!
//! Owns the header's part about it and its final figures. What is decided by them is the
//! core's, and what they count of a record is [`reflector`](crate::reflector)'s.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::is_absent;
use udping_core::guard::{Allowed, DisabledRules, DropReason, Policy, RateLimit};
use udping_core::reflector::ReplyMode;
use udping_link::{Direction, Impairments, Link, Seed};

/// How a reflector was set up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReflectorSpec {
    /// What it answers on the text wire.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub reply_mode: ReplyMode,
    /// It counts its answers for each session, on the STAMP wire.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub stateful: bool,
    /// The networks that it answers; everybody, if there are none.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub allow: Vec<String>,
    /// How many requests a second it answers of one source, which may come at once; absent
    /// without a limit.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub rate_limit: Option<core::num::NonZeroU32>,
    /// The same of all sources together.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub total_limit: Option<core::num::NonZeroU32>,
    /// The checks that were switched off.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub no_guard: Vec<DropReason>,
    /// Where the chance comes from that packets meet with.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub seed: Seed,
    /// The way to the reflector.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub request: Impairments,
    /// The way back.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub reply: Impairments,
    /// What single packets meet with, too.
    #[serde(default, skip_serializing_if = "is_absent")]
    pub script: String,
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
