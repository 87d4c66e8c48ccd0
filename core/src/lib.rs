#![doc = include_str!("../README.md")]
//!
//! # The contract
//!
//! 1. [`poll(now)`](Client::poll) until it returns [`Wait`](Output::Wait) or
//!    [`Done`](Output::Done). [`Send`](Output::Send) means: encode this probe and send it now.
//! 2. Sleep until the deadline of `Wait`, or until a datagram arrives.
//! 3. A datagram: read the clock, decode the datagram on its wire, and give the [`Claim`] to
//!    [`handle_reply`](Client::handle_reply), which returns what it was. Then go to 1.
//!
//! Every order of calls is valid. Early, repeated and spurious calls do no harm; a
//! `now` that goes back counts as the latest one seen; work per call is constant.
//! An input is judged by its probe's own deadline even when `poll` is behind.
//! A reply *at* the deadline still counts.
//!
//! # A whole exchange
//!
//! [`Session`] counts what its [`Client`] decides. Here a client is driven by itself:
//!
//! ```
//! use core::time::Duration;
//! use udping_core::{Claim, Client, ClientTime, Config, Outcome, Output, Entry, Small, Stats, text};
//!
//! let at = |ms: u64| ClientTime::from_nanos(ms * 1_000_000);
//! let config = Config::builder().count(core::num::NonZeroU64::new(2)).build()?;
//! let mut client = Client::new(config, at(0), [Entry::EMPTY; 8])?;
//! let mut stats = Stats::<Small>::new();
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
//! let late = client.handle_reply(at(1_320), Claim::answering(&probe));
//! assert!(matches!(late, Outcome::Late { seq: 2, rtt, .. } if rtt == Duration::from_millis(1_300)));
//! late.tally(&mut stats);
//! assert_eq!(client.poll(at(1_320)), Output::Done);
//!
//! let summary = stats.summary();
//! assert_eq!((summary.sent, summary.replied, summary.lost, summary.late), (2, 1, 1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features, shown
//!
//! `stamp`: probes as packets that any STAMP reflector answers.
//!
//! ```
//! # #[cfg(feature = "stamp")] {
//! use core::num::NonZeroU16;
//! use core::time::Duration;
//! use udping_core::wire::stamp::{ErrorEstimate, Format, SessionSender};
//! use udping_core::{Client, ClientTime, Config, Entry, Output, WallTime};
//!
//! let mut client = Client::new(Config::default(), ClientTime::ZERO, [Entry::EMPTY; 8])?;
//! let Output::Send(probe) = client.poll(ClientTime::ZERO) else { panic!("a probe is due") };
//! let clock = ErrorEstimate::new(Duration::ZERO, false, Format::Ntp); // not synchronised
//! let utc = WallTime::from_nanos(1_800_000_000_000_000_000); // read it from your wall clock
//! let sender = SessionSender::new(None, clock, NonZeroU16::MIN, [], utc);
//! let mut packet = [0; 64];
//! assert_eq!(sender.encode(&probe, &mut packet)?, 44);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `alloc`: statistics of the greatest size, on the heap.
//!
//! ```
//! # #[cfg(feature = "alloc")] {
//! use udping_core::stats::{Full, Stats};
//!
//! let stats = Stats::<Full>::new();
//! assert!(size_of_val(&stats) <= 4096);
//! # }
//! ```
//!
//! `serde`: a summary in any format.
//!
//! ```
//! # #[cfg(feature = "serde")] {
//! let summary = udping_core::Stats::<udping_core::Small>::new().summary();
//! let json = serde_json::to_string(&summary)?;
//! assert!(json.starts_with(r#"{"sent":0,"replied":0,"#));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `schema`: the JSON Schema of the same.
//!
//! ```
//! # #[cfg(feature = "schema")] {
//! let schema = schemars::schema_for!(udping_core::Summary);
//! assert_eq!(schema.get("title").unwrap(), "Summary");
//! # }
//! ```
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

/// The project's README shows this crate, too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct TheReadme;

mod assoc_table;
pub mod client;
pub mod config;
pub mod event;
pub mod guard;
pub mod heartbeat;
pub mod reflector;
pub mod schedule;
pub mod session;
pub mod splitmix;
pub mod stats;
pub mod table;
pub mod time;
pub mod timestamp;
pub mod wire;

#[doc(inline)]
pub use crate::{
    client::Client,
    config::{Config, ConfigBuilder, ConfigError},
    event::{Event, Ignored, Outcome, Output},
    guard::{DropReason, Guard, Policy, RateLimit, SourceEntry},
    reflector::{Reflector, ReplyMode},
    schedule::Schedule,
    session::Session,
    stats::{Fleet, Size, Small, Stats, Summary},
    table::Entry,
    time::{ClientTime, ReflectorTime, WallTime},
    wire::{Claim, Probe, Unreadable, text},
};
