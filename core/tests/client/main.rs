//! The client's contract, one behaviour a test. Times are in milliseconds.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod credit;
mod deadline;
mod schedule;
mod session_end;

use core::num::NonZeroU64;
use core::time::Duration;

use udping_core::client::Client;
use udping_core::event::{Event, Ignored, Outcome, Output};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::{Claim, Probe};
use udping_core::{Config, Schedule};

const fn at(ms: u64) -> ClientTime {
    ClientTime::from_nanos(ms * 1_000_000)
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A nanosecond after.
const fn just_after(time: ClientTime) -> ClientTime {
    time.saturating_add(Duration::from_nanos(1))
}

/// The assignment, with `count` probes.
fn assignment(count: u64) -> Config {
    Config::builder()
        .count(NonZeroU64::new(count))
        .build()
        .unwrap()
}

fn paced(count: u64, interval: Duration) -> Config {
    assignment(count)
        .to_builder()
        .schedule(Schedule::Paced { interval })
        .build()
        .unwrap()
}

fn window(count: u64, size: u32) -> Config {
    assignment(count)
        .to_builder()
        .schedule(Schedule::Window { size })
        .build()
        .unwrap()
}

/// A client, and what a test expects of it.
struct Driven(Client<Vec<Entry>>);

impl Driven {
    fn with_slots(config: Config, slots: usize) -> Self {
        Self(Client::new(config, at(0), vec![Entry::EMPTY; slots]).unwrap())
    }

    fn new(config: Config) -> Self {
        Self::with_slots(config, 16)
    }

    /// The probe that must be due now.
    #[track_caller]
    fn send(&mut self, now: ClientTime) -> Probe {
        match self.0.poll(now) {
            Output::Send(probe) => probe,
            other => panic!("no probe is due at {now:?}, but {other:?}"),
        }
    }

    /// The loss that must be noticed now.
    #[track_caller]
    fn lose(&mut self, now: ClientTime) -> (u64, ClientTime) {
        match self.0.poll(now) {
            Output::Event(Event::Lost { seq, deadline }) => (seq, deadline),
            other => panic!("nothing is lost at {now:?}, but {other:?}"),
        }
    }

    #[track_caller]
    fn waits(&mut self, now: ClientTime, until: ClientTime) {
        assert_eq!(self.0.poll(now), Output::Wait(until));
    }

    fn answer(&mut self, now: ClientTime, probe: &Probe) -> Outcome {
        self.0.handle_reply(now, Claim::answering(probe))
    }

    fn reply(&mut self, now: ClientTime, seq: Option<u32>, time: Option<WallTime>) -> Outcome {
        let times = None;
        let claim = Claim {
            seq,
            timestamp: time,
            times,
            ..Claim::default()
        };
        self.0.handle_reply(now, claim)
    }
}

const fn replied(seq: u64, rtt: Duration) -> Outcome {
    Outcome::Replied {
        seq,
        rtt,
        verified: true,
    }
}

const fn late(seq: u64, rtt: Duration, newly_lost: bool) -> Outcome {
    Outcome::Late {
        seq,
        rtt,
        verified: true,
        newly_lost,
    }
}

const fn ignored(why: Ignored) -> Outcome {
    Outcome::Ignored(why)
}
