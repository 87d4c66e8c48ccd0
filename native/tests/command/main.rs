//! The command as a hostile user would try it, on real sockets of loopback: a file
//! for each group of behaviour. Owns what is expected; how programs are started and
//! how a journal is spelt is `support`'s.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod charset;
mod compare;
mod demo;
mod documents;
mod ending;
mod errors;
mod fail;
mod files;
mod flags;
mod heartbeat;
mod help;
mod hints;
mod journal;
mod language;
mod merge;
mod ping_parsers;
mod reading;
mod recipes;
mod replay;
mod report;
mod script;
mod serve;
mod serve_journal;
#[cfg(target_os = "linux")]
mod serve_metrics;
mod shells;
mod simulate;
mod until;
mod what_if;
mod wires;
