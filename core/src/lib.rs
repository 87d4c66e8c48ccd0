//! The UDP ping protocol as a state machine: no clock, no socket, no allocation.
//!
//! Time and packets are inputs, decisions are outputs. Whoever owns a clock and a
//! socket (the command `udping`), a simulated network (`udping-sim`) or a recorded
//! session (`udping-journal`) drives the very same [`Client`](client::Client):
//!
//! 1. [`poll(now)`](client::Client::poll) until it says
//!    [`Wait`](event::Output::Wait) or [`Done`](event::Output::Done).
//!    [`Send`](event::Output::Send) means: encode this probe and send it now.
//! 2. Sleep until the deadline of `Wait`, or until a datagram arrives.
//! 3. A datagram: read the clock, decode it on its wire, and give the
//!    [`Claim`](wire::Claim) to [`handle_reply`](client::Client::handle_reply),
//!    which answers at once what it came to. Then go to 1.
//!
//! Every call order is valid. Early, repeated and spurious calls do no harm; a
//! `now` that goes back counts as the latest one seen; work per call is constant.
//! An input is judged against its probe's own deadline even when `poll` is behind.
//! A reply *at* the deadline still counts.
//!
//! ```
//! use core::time::Duration;
//! use udping_core::client::Client;
//! use udping_core::event::{Outcome, Output};
//! use udping_core::schedule::Config;
//! use udping_core::stats::Stats;
//! use udping_core::table::Slot;
//! use udping_core::time::ClientTime;
//! use udping_core::wire::text;
//!
//! let at = |ms: u64| ClientTime::from_nanos(ms * 1_000_000);
//! let config = Config { count: core::num::NonZeroU64::new(2), ..Config::default() };
//! let mut client = Client::new(config, at(0), [Slot::EMPTY; 8])?;
//! let mut stats = Stats::new();
//!
//! // The first probe is due at once; its reply comes 20 ms later.
//! let Output::Send(probe) = client.poll(at(0)) else { panic!("a probe is due") };
//! stats.sent(probe.seq);
//! let mut datagram = [0; 64];
//! let len = text::encode_request(&probe, 0, &mut datagram)?;
//! assert_eq!(client.poll(at(0)), Output::Wait(ClientTime::from_nanos(1_000_000_001)));
//!
//! datagram.make_ascii_uppercase(); // what the assignment's server does
//! let outcome = client.handle_reply(at(20), text::decode_reply(&datagram[..len])?);
//! assert_eq!(outcome, Outcome::Replied { seq: 1, rtt: Duration::from_millis(20), verified: true });
//! outcome.tally(&mut stats);
//!
//! // The second gets no reply in time, and a late one after that.
//! let Output::Send(probe) = client.poll(at(20)) else { panic!("a probe is due") };
//! Output::Send(probe).tally(&mut stats);
//! let lost = client.poll(at(1_021));
//! assert!(matches!(lost, Output::Event(_)));
//! lost.tally(&mut stats);
//! assert_eq!(client.poll(at(1_021)), Output::Wait(ClientTime::from_nanos(2_020_000_001)));
//! let late = client.handle_reply(at(1_320), udping_core::wire::Claim::answering(&probe));
//! assert!(matches!(late, Outcome::Late { seq: 2, rtt, .. } if rtt == Duration::from_millis(1_300)));
//! late.tally(&mut stats);
//! assert_eq!(client.poll(at(1_320)), Output::Done);
//!
//! let summary = stats.summary();
//! assert_eq!((summary.sent, summary.replied, summary.lost, summary.late), (2, 1, 1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Features, none by default: `stamp` adds the wire and the reflector of STAMP (RFC 8762),
//! `serde` (de)serialises figures and reasons, `schema` adds their JSON Schema.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

pub mod client;
pub mod event;
pub mod guard;
pub mod heartbeat;
mod places;
pub mod reflector;
pub mod schedule;
pub mod session;
pub mod splitmix;
pub mod stats;
pub mod table;
pub mod time;
pub mod wire;

#[doc(inline)]
pub use crate::{
    client::Client,
    event::{Event, Ignored, Outcome, Output},
    guard::{Guard, Policy, RateLimit, Refusal, Track},
    reflector::{Answer, Reflector},
    schedule::{Config, ConfigError, Schedule},
    session::Session,
    stats::{Stats, Summary},
    table::Slot,
    time::{ClientTime, ReflectorTime},
    wire::{Claim, Probe, Unreadable, text},
};
