//! The end that beats: on a fixed beat from the start, whatever becomes of it.

use core::num::NonZeroU64;
use core::time::Duration;

use crate::event::{Event, Ignored, Outcome, Output};
use crate::schedule::Pacer;
use crate::time::{ClientTime, WallTime};
use crate::wire::Probe;

/// How long after the last heartbeat the network may still say that nobody listens.
const LISTENING: Duration = Duration::from_secs(1);

/// A sender of heartbeats. Its outputs are the client's: a heartbeat is a probe that
/// is never settled, and its timestamp is 0.
#[derive(Debug, Clone)]
pub struct Sender {
    pacer: Pacer,
    count: Option<NonZeroU64>,
    last: Option<Probe>,
    /// The last one that was refused or taken back.
    settled: u64,
    sums: SenderSummary,
    now: ClientTime,
    stopped: bool,
}

/// What a sender of heartbeats did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SenderSummary {
    /// Heartbeats that went out.
    pub sent: u64,
    /// Of these, those of which the far end said that nobody listens.
    pub refused: u64,
    /// Heartbeats that could not be sent.
    pub unsent: u64,
    /// Slots of the schedule that went by.
    pub missed: u64,
    /// Words of the network that were about no heartbeat, or about one twice.
    pub ignored: u64,
}

impl Sender {
    /// A sender of `count` heartbeats, or of no end, `interval` apart (at least a
    /// nanosecond), the first at time zero.
    #[must_use]
    pub fn new(interval: Duration, count: Option<NonZeroU64>) -> Self {
        Self {
            pacer: Pacer::new(ClientTime::ZERO, interval),
            count,
            last: None,
            settled: 0,
            sums: SenderSummary::default(),
            now: ClientTime::ZERO,
            stopped: false,
        }
    }

    /// The next thing to do. Call until it says [`Output::Wait`] or [`Output::Done`].
    pub fn poll(&mut self, now: ClientTime) -> Output {
        let now = self.advance(now);
        let over = self.count.is_some_and(|count| self.seq() >= count.get());
        // Beyond the end of time there is no slot.
        let Some(due) = self.pacer.due().filter(|_| !(self.stopped || over)) else {
            return self.listen(now);
        };
        if due > now {
            return Output::Wait(due);
        }
        let slots = self.pacer.take(due, now);
        if slots > 0 {
            self.sums.missed = self.sums.missed.saturating_add(slots);
            return Output::Event(Event::Missed { due, slots });
        }
        let probe = Probe {
            seq: self.seq().saturating_add(1),
            timestamp: WallTime::ZERO,
            due,
            at: now,
        };
        self.last = Some(probe);
        self.sums.sent = self.sums.sent.saturating_add(1);
        Output::Send(probe)
    }

    /// After the last heartbeat, the network's word on it is waited for.
    fn listen(&self, now: ClientTime) -> Output {
        let open = self
            .last
            .filter(|last| !self.stopped && last.seq > self.settled);
        match open.map(|last| last.at.saturating_add(LISTENING)) {
            Some(until) if until > now => Output::Wait(until),
            _ => Output::Done,
        }
    }

    /// Notes that nobody listens at the other end: for the latest heartbeat, which is
    /// all that the network's word can be about.
    pub fn handle_unreachable(&mut self, now: ClientTime) -> Outcome {
        let now = self.advance(now);
        let outcome = match self.last.filter(|last| last.seq > self.settled) {
            Some(last) => {
                self.settled = last.seq;
                self.sums.refused = self.sums.refused.saturating_add(1);
                Outcome::Refused {
                    seq: last.seq,
                    after: now.checked_since(last.at).unwrap_or_default(),
                }
            }
            None if self.last.is_some() => Outcome::Ignored(Ignored::AlreadySettled),
            None => Outcome::Ignored(Ignored::NothingInFlight),
        };
        self.note(outcome)
    }

    /// Takes the latest heartbeat back, which could not be sent.
    pub fn handle_send_failure(&mut self, now: ClientTime, seq: u64) -> Outcome {
        self.advance(now);
        if seq == 0 || seq > self.seq() {
            return self.note(Outcome::Ignored(Ignored::NotSent));
        }
        if seq < self.seq() || seq <= self.settled {
            return self.note(Outcome::Ignored(Ignored::AlreadySettled));
        }
        self.settled = seq;
        self.sums.sent = self.sums.sent.saturating_sub(1);
        self.sums.unsent = self.sums.unsent.saturating_add(1);
        Outcome::Unsent { seq }
    }

    /// Ends it: nothing goes out any more.
    pub fn stop(&mut self, now: ClientTime) {
        self.advance(now);
        self.stopped = true;
    }

    /// The latest time that any call has named.
    #[must_use]
    pub fn now(&self) -> ClientTime {
        self.now
    }

    /// What it did so far.
    #[must_use]
    pub fn summary(&self) -> SenderSummary {
        self.sums
    }

    fn note(&mut self, outcome: Outcome) -> Outcome {
        let ignored = matches!(outcome, Outcome::Ignored(_));
        self.sums.ignored = self.sums.ignored.saturating_add(u64::from(ignored));
        outcome
    }

    fn seq(&self) -> u64 {
        self.last.map_or(0, |last| last.seq)
    }

    fn advance(&mut self, now: ClientTime) -> ClientTime {
        self.now = self.now.max(now);
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::config::Config;
    use crate::schedule::Schedule;
    use crate::table::Entry;
    use proptest::prelude::*;

    fn at(ms: u64) -> ClientTime {
        ClientTime::from_nanos(ms * 1_000_000)
    }

    fn sender(count: u64) -> Sender {
        Sender::new(Duration::from_secs(1), NonZeroU64::new(count))
    }

    fn sent(output: Output) -> u64 {
        match output {
            Output::Send(probe) => probe.seq,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_beats_on_time_and_ends() {
        let mut sender = sender(2);
        assert_eq!(sent(sender.poll(at(0))), 1);
        assert_eq!(sender.poll(at(10)), Output::Wait(at(1_000)));
        assert_eq!(sent(sender.poll(at(1_300))), 2);
        assert_eq!(sender.poll(at(1_300)), Output::Wait(at(2_300)));
        assert_eq!(sender.poll(at(2_300)), Output::Done);
        assert_eq!(sender.summary().sent, 2);
    }

    #[test]
    fn the_last_one_is_refused_as_any_other_and_nothing_else_is_waited_for() {
        let mut sender = sender(1);
        assert_eq!(sent(sender.poll(at(0))), 1);
        assert_eq!(sender.poll(at(0)), Output::Wait(at(1_000)));
        let refused = sender.handle_unreachable(at(3));
        assert!(matches!(refused, Outcome::Refused { seq: 1, .. }));
        assert_eq!(sender.poll(at(3)), Output::Done);
    }

    #[test]
    fn slots_that_went_by_are_missed_and_the_beat_stays() {
        let mut sender = sender(0);
        assert_eq!(sent(sender.poll(at(0))), 1);
        let missed = Event::Missed {
            due: at(1_000),
            slots: 2,
        };
        assert_eq!(sender.poll(at(3_500)), Output::Event(missed));
        assert_eq!(sent(sender.poll(at(3_500))), 2);
        assert_eq!(sender.poll(at(3_500)), Output::Wait(at(4_000)));
    }

    #[test]
    fn an_interval_shorter_than_a_look_at_the_clock_still_sends_them_all() {
        let interval = Duration::from_nanos(100);
        let mut sender = Sender::new(interval, NonZeroU64::new(50));
        for look in 0..100 {
            let _ = sender.poll(ClientTime::from_nanos(look * 1_000));
        }
        let sums = sender.summary();
        assert_eq!(sums.sent, 50);
        // Every second look uses the slot after those that the look before found missed.
        assert_eq!(sums.missed, 9 + 48 * 19);
    }

    #[test]
    fn the_networks_word_is_about_the_latest_and_once() {
        let mut sender = sender(0);
        let nothing = Outcome::Ignored(Ignored::NothingInFlight);
        assert_eq!(sender.handle_unreachable(at(0)), nothing);
        assert_eq!(sent(sender.poll(at(0))), 1);
        let refused = Outcome::Refused {
            seq: 1,
            after: Duration::from_millis(3),
        };
        assert_eq!(sender.handle_unreachable(at(3)), refused);
        let again = Outcome::Ignored(Ignored::AlreadySettled);
        assert_eq!(sender.handle_unreachable(at(4)), again);
        assert_eq!(sent(sender.poll(at(1_000))), 2);
        assert_eq!(
            sender.handle_send_failure(at(1_000), 2),
            Outcome::Unsent { seq: 2 }
        );
        assert_eq!(sender.handle_send_failure(at(1_000), 2), again);
        let told = SenderSummary {
            sent: 1,
            refused: 1,
            unsent: 1,
            missed: 0,
            ignored: 3,
        };
        assert_eq!(sender.summary(), told);
    }

    proptest! {
        /// One pacer paces both: whatever the interval and the looks at the clock are.
        #[test]
        fn it_keeps_the_beat_of_a_paced_client(
            interval in (1..1_u64 << 40, 0..40_u32).prop_map(|(interval, shift)| (interval >> shift).max(1)),
            steps in prop::collection::vec((0..1_u64 << 41, 0..41_u32), 1..100),
        ) {
            let interval = Duration::from_nanos(interval);
            let count = NonZeroU64::new(20);
            let config = Config::builder().schedule(Schedule::Paced { interval }).count(count).timeout(Duration::from_secs(1 << 20)).build().unwrap();
            let mut client = Client::new(config, ClientTime::ZERO, [Entry::EMPTY; 20]).unwrap();
            let mut sender = Sender::new(interval, count);
            let mut now = ClientTime::ZERO;
            for (step, shift) in steps {
                now = now.saturating_add(Duration::from_nanos(step >> shift));
                match (client.poll(now), sender.poll(now)) {
                    (Output::Send(probe), Output::Send(beat)) => {
                        prop_assert_eq!((probe.seq, probe.due, probe.at), (beat.seq, beat.due, beat.at));
                    }
                    // The client waits for the replies that it will never have.
                    (Output::Wait(_), Output::Wait(_) | Output::Done)
                        if sender.summary().sent == 20 => break,
                    (client, sender) => prop_assert_eq!(client, sender),
                }
            }
        }

        #[test]
        fn any_calls_in_any_order_keep_the_sums(
            interval in any::<u64>(),
            count in 0_u64..20,
            calls in prop::collection::vec((0_u8..4, any::<u64>(), 0_u32..60), 0..100),
        ) {
            let mut sender = Sender::new(Duration::from_nanos(interval), NonZeroU64::new(count));
            let (mut went, mut numbers) = (0, 0);
            for (call, time, shift) in calls {
                let now = ClientTime::from_nanos(time >> shift);
                match call {
                    0 | 1 => match sender.poll(now) {
                        Output::Send(probe) => {
                            went += 1;
                            prop_assert_eq!(probe.seq, numbers + 1);
                            prop_assert!(probe.due <= probe.at && probe.at == sender.now());
                            numbers = probe.seq;
                        }
                        Output::Wait(until) => prop_assert!(until > sender.now()),
                        _ => {}
                    },
                    2 => if let Outcome::Unsent { .. } = sender.handle_send_failure(now, numbers) {
                        went -= 1;
                    },
                    _ => { let _ = sender.handle_unreachable(now); }
                }
                prop_assert!(count == 0 || numbers <= count);
                let sums = sender.summary();
                prop_assert_eq!(sums.sent, went);
                prop_assert!(sums.refused <= sums.sent);
                prop_assert_eq!(sums.sent + sums.unsent, numbers);
            }
        }
    }
}
