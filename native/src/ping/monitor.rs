//! Incidents of a long run: it is stopped, the machine sleeps, the wall
//! clock is set, the way to the server starts elsewhere.
//!
//! Owns a thread that looks at the clocks and at the way now and then, so that the
//! measuring loop need not. Changes nothing about the run: it only reports.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use udping_core::time::saturating_nanos;
use udping_journal::{Incident, IncidentKind, LARGEST};

use crate::clock::{Clock, Clocks};
use crate::net::{Options, Source, source_towards, without_carrier};
use crate::signals::Signals;

/// How often the clocks are looked at.
const PERIOD: Duration = Duration::from_millis(200);

/// How often the way is.
const WAY_PERIOD: Duration = Duration::from_secs(1);

/// For how long the machine may keep a thread from running, busy as it may be, before
/// that is an incident.
const BUSY: Duration = Duration::from_secs(1);

/// The least sleep of the machine that is called one.
const SLEEP: Duration = Duration::from_millis(100);

/// The measuring loop's end of it.
pub(super) struct HostMonitor {
    incidents: Receiver<Incident>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    over: AtomicBool,
    /// Where probes are sent from; `None` if that is not to be watched.
    from: Mutex<Option<IpAddr>>,
}

/// Since when the interface that probes leave by has no carrier.
#[derive(Debug, Default)]
struct Carrier(Option<Duration>);

impl Carrier {
    /// The incident that its state `now`, at `at`, is: the interface without one is named.
    fn look(&mut self, at: Duration, now: Option<String>) -> Option<Incident> {
        match (self.0, now) {
            (None, Some(interface)) => {
                self.0 = Some(at);
                Some(Incident {
                    error: Some(format!("no carrier on {interface}")),
                    ..bare(IncidentKind::NetworkDown)
                })
            }
            (Some(since), None) => {
                self.0 = None;
                Some(lasting(IncidentKind::NetworkUp, at.saturating_sub(since)))
            }
            _ => None,
        }
    }
}

impl HostMonitor {
    /// Monitors the host of a run whose probes go to `server` from the address `from`.
    pub(super) fn start(
        signals: &Signals,
        server: SocketAddr,
        options: &Options,
        from: Option<IpAddr>,
    ) -> io::Result<Self> {
        let (sender, incidents) = channel();
        // An address that was asked for stays.
        let from = from.filter(|_| !matches!(options.source, Some(Source::Address { .. })));
        let shared = Arc::new(Shared {
            over: AtomicBool::new(false),
            from: Mutex::new(from),
        });
        let thread = {
            let (shared, signals, options) =
                (Arc::clone(&shared), signals.clone(), options.clone());
            thread::Builder::new()
                .name("monitor".to_owned())
                .spawn(move || monitor(&signals, server, &options, &shared, &sender))
        };
        Ok(Self {
            incidents,
            shared,
            thread: Some(thread?),
        })
    }

    /// The next incident.
    pub(super) fn next(&self) -> Option<Incident> {
        self.incidents.try_recv().ok()
    }

    /// Tells it that probes are sent from another address now.
    pub(super) fn moved(&self, from: IpAddr) {
        *self
            .shared
            .from
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(from);
    }
}

impl Drop for HostMonitor {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // Had it panicked, it would have said so, and the run went on all the same.
            let _ = thread.join();
        }
    }
}

fn monitor(
    signals: &Signals,
    server: SocketAddr,
    options: &Options,
    shared: &Shared,
    sender: &Sender<Incident>,
) {
    let clock = Clock::start();
    let mut before = clock.all();
    let mut way_looked_at = before.at;
    let mut carrier = Carrier::default();
    loop {
        thread::park_timeout(PERIOD);
        if shared.over.load(Ordering::Acquire) {
            return;
        }
        let now = clock.all();
        let mut incidents: Vec<Incident> =
            changes(&before, &now, signals.take_continued()).collect();
        if now.at.saturating_sub(way_looked_at) >= WAY_PERIOD {
            way_looked_at = now.at;
            incidents.extend(another_way(server, options, shared));
            let out = source_towards(server, options)
                .ok()
                .and_then(without_carrier);
            incidents.extend(carrier.look(now.at, out));
        }
        before = now;
        for incident in incidents {
            if sender.send(incident).is_err() {
                return;
            }
        }
    }
}

/// What the clocks say of the time between two looks.
fn changes(before: &Clocks, now: &Clocks, continued: bool) -> impl Iterator<Item = Incident> {
    let gap = now.at.saturating_sub(before.at).saturating_sub(PERIOD);
    let stopped = continued.then(|| lasting(IncidentKind::Stopped, gap));
    let stalled = (!continued && gap >= BUSY).then(|| lasting(IncidentKind::Stalled, gap));
    let asleep = now.asleep.saturating_sub(before.asleep);
    let slept = (asleep >= SLEEP).then(|| lasting(IncidentKind::Slept, asleep));
    let asleep = if slept.is_some() {
        asleep
    } else {
        Duration::ZERO
    };
    let set = now.set_since(before, asleep).map(|by| Incident {
        by_ns: Some(by_at_most_largest(by)),
        ..bare(IncidentKind::ClockSet)
    });
    [stopped, stalled, slept, set].into_iter().flatten()
}

fn by_at_most_largest(by: i128) -> i64 {
    let largest = i128::from(LARGEST);
    i64::try_from(by.clamp(-largest, largest)).unwrap_or_default()
}

fn another_way(server: SocketAddr, options: &Options, shared: &Shared) -> Option<Incident> {
    let from = *shared.from.lock().unwrap_or_else(PoisonError::into_inner);
    // Without a route nothing can be sent, and the loop learns of that by itself.
    let now = source_towards(server, options).ok()?;
    (from? != now).then(|| Incident {
        address: Some(now.to_string()),
        ..bare(IncidentKind::Moved)
    })
}

/// An incident of which nothing is known but what; when it was noticed is the loop's to say.
pub(super) fn bare(incident: IncidentKind) -> Incident {
    Incident {
        incident,
        at_ns: 0,
        for_ns: None,
        by_ns: None,
        address: None,
        old_address: None,
        error: None,
    }
}

/// An incident that took so long.
pub(super) fn lasting(incident: IncidentKind, time: Duration) -> Incident {
    Incident {
        for_ns: Some(saturating_nanos(time).min(LARGEST)),
        ..bare(incident)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carrier_that_goes_and_comes_back_is_two_incidents() {
        let (mut carrier, second) = (Carrier::default(), Duration::from_secs);
        let gone = || Some("eth0".to_owned());
        assert_eq!(carrier.look(second(1), None), None);
        let incident = carrier.look(second(2), gone()).unwrap();
        assert_eq!(incident.incident, IncidentKind::NetworkDown);
        assert_eq!(incident.error.as_deref(), Some("no carrier on eth0"));
        assert_eq!(carrier.look(second(3), gone()), None);
        let incident = carrier.look(second(5), None).unwrap();
        assert_eq!(incident.incident, IncidentKind::NetworkUp);
        assert_eq!(incident.for_ns, Some(3_000_000_000));
    }

    /// Clocks so many milliseconds after the start.
    fn clocks(at: u64, asleep: u64, wall: u64) -> Clocks {
        Clocks {
            at: Duration::from_millis(at),
            wall_ahead: (i128::from(wall) - i128::from(at)) * 1_000_000,
            asleep: Duration::from_millis(asleep),
            apart: Duration::ZERO,
        }
    }

    fn found(
        before: Clocks,
        now: Clocks,
        continued: bool,
    ) -> Vec<(IncidentKind, Option<u64>, Option<i64>)> {
        changes(&before, &now, continued)
            .map(|incident| (incident.incident, incident.for_ns, incident.by_ns))
            .collect()
    }

    const MS: u64 = 1_000_000;

    #[test]
    fn time_that_merely_passes_is_nothing() {
        let start = clocks(0, 0, 5_000);
        assert_eq!(found(start, clocks(200, 0, 5_200), false), []);
        assert_eq!(
            found(start, clocks(1_199, 0, 6_199), false),
            [],
            "a busy machine"
        );
    }

    #[test]
    fn a_stop_is_told_from_a_busy_machine_by_its_signal() {
        let (start, later) = (clocks(0, 0, 0), clocks(3_200, 0, 3_200));
        let gap = Some(3_000 * MS);
        assert_eq!(
            found(start, later, true),
            [(IncidentKind::Stopped, gap, None)]
        );
        assert_eq!(
            found(start, later, false),
            [(IncidentKind::Stalled, gap, None)]
        );
        let short = found(start, clocks(100, 0, 100), true);
        assert_eq!(short, [(IncidentKind::Stopped, Some(0), None)]);
    }

    #[test]
    fn a_sleep_is_no_step_of_the_wall_clock() {
        let start = clocks(0, 40, 0);
        let slept = found(start, clocks(200, 3_600_040, 3_600_200), false);
        assert_eq!(slept, [(IncidentKind::Slept, Some(3_600_000 * MS), None)]);
        let both = found(start, clocks(200, 3_600_040, 3_601_200), false);
        let set = (IncidentKind::ClockSet, None, Some(1_000_000_000));
        assert_eq!(both, [slept[0], set]);
    }

    #[test]
    fn a_step_is_one_beyond_what_the_reading_itself_may_be_off() {
        let start = clocks(0, 0, 10_000);
        let back = found(start, clocks(200, 0, 7_200), false);
        assert_eq!(back, [(IncidentKind::ClockSet, None, Some(-3_000_000_000))]);
        let vague = Clocks {
            apart: Duration::from_secs(3),
            ..clocks(200, 0, 7_200)
        };
        assert_eq!(found(start, vague, false), []);
    }
}
