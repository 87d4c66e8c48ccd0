//! The client under any calls in any order: it never panics, and every probe
//! has one life.
#![no_main]

use std::num::NonZeroU64;
use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use udping_core::client::Client;
use udping_core::event::Output;
use udping_core::schedule::{Config, Schedule};
use udping_core::stats::Stats;
use udping_core::table::Slot;
use udping_core::time::ClientTime;
use udping_core::wire::{Claim, Unreadable};

#[derive(Debug, Arbitrary)]
struct Run {
    schedule: When,
    count: u16,
    timeout_ns: u64,
    linger_ns: u64,
    match_any: bool,
    token_base: u64,
    start_ns: u64,
    calls: Vec<(Clock, Call)>,
}

#[derive(Debug, Arbitrary)]
enum When {
    StopAndWait { gap_ns: u64 },
    Paced { interval_ns: u64 },
    Window { size: u8 },
    OnDemand,
}

/// Where the clock goes before a call.
#[derive(Debug, Arbitrary)]
enum Clock {
    Stays,
    Runs(u32),
    Jumps(u64),
}

#[derive(Debug, Arbitrary)]
enum Call {
    Poll,
    SendNow,
    Reply {
        seq: Option<u32>,
        token: Option<u64>,
    },
    /// A faithful answer to one of the latest probes.
    Answer {
        back: u8,
    },
    Unreadable,
    Unreachable(Option<u64>),
    SendFailure {
        back: u8,
    },
    Stamp {
        back: u8,
        kernel_ns: u64,
    },
    Stop,
}

fuzz_target!(|run: Run| {
    let schedule = match run.schedule {
        When::StopAndWait { gap_ns } => Schedule::StopAndWait {
            gap: Duration::from_nanos(gap_ns),
        },
        When::Paced { interval_ns } => Schedule::Paced {
            interval: Duration::from_nanos(interval_ns),
        },
        When::Window { size } => Schedule::Window { size: size.into() },
        When::OnDemand => Schedule::OnDemand,
    };
    let config = Config {
        schedule,
        count: NonZeroU64::new(run.count.into()),
        timeout: Duration::from_nanos(run.timeout_ns),
        linger: Duration::from_nanos(run.linger_ns),
        match_any: run.match_any,
        token_base: run.token_base,
    };
    let mut now = run.start_ns;
    let Ok(mut client) = Client::new(config, ClientTime::from_nanos(now), [Slot::EMPTY; 64]) else {
        return;
    };
    let mut stats = Stats::new();
    let mut sent = Vec::new();
    for (clock, call) in run.calls {
        now = match clock {
            Clock::Stays => now,
            Clock::Runs(ns) => now.saturating_add(ns.into()),
            Clock::Jumps(to) => to,
        };
        let at = ClientTime::from_nanos(now);
        let latest = |back: u8| sent.iter().rev().nth(back.into()).copied();
        let outcome = match call {
            Call::Poll => {
                let output = client.poll(at);
                output.tally(&mut stats);
                if let Output::Send(probe) = output {
                    sent.push(probe);
                }
                None
            }
            Call::SendNow => {
                if let Some(probe) = client.send_now(at) {
                    Output::Send(probe).tally(&mut stats);
                    sent.push(probe);
                }
                None
            }
            Call::Reply { seq, token } => Some(client.handle_reply(
                at,
                Claim {
                    seq,
                    token,
                    times: None,
                },
            )),
            Call::Answer { back } => {
                latest(back).map(|probe| client.handle_reply(at, Claim::answering(&probe)))
            }
            Call::Unreadable => Some(client.handle_unreadable(at, Unreadable::NotText)),
            Call::Unreachable(seq) => Some(client.handle_unreachable(at, seq)),
            Call::SendFailure { back } => {
                latest(back).map(|probe| client.handle_send_failure(at, probe.seq))
            }
            Call::Stamp { back, kernel_ns } => latest(back)
                .map(|probe| client.handle_stamp(probe.seq, Duration::from_nanos(kernel_ns))),
            Call::Stop => {
                client.stop(at);
                None
            }
        };
        if let Some(outcome) = outcome {
            outcome.tally(&mut stats);
        }
    }

    let summary = stats.summary();
    let settled = summary.replied + summary.lost + summary.refused;
    assert_eq!(summary.sent, settled + summary.in_flight, "{summary:?}");
    let flying = client.in_flight().count() as u64;
    assert_eq!(
        summary.in_flight, flying,
        "the figures and the table disagree: {summary:?}"
    );
    assert!(summary.late <= summary.lost, "{summary:?}");
});
