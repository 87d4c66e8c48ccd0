//! What is counted of one target, or of all peers of a mesh group, for the engines that collect.
//!
//! Owns the counts, which never go back, and that they add up at every moment: what was sent is
//! settled or in flight. What became of a probe, the core's client says.

use std::time::Duration;

use udping_core::event::{Event, Outcome, Output};
use udping_core::time::{ClientTime, WallTime, saturating_nanos};
use udping_core::wire::Claim;

use super::directions::Directions;
use crate::metrics::Histogram;

/// The RTT's bucket bounds, in nanoseconds: 1 ms to 1 s. Below them, native buckets tell more.
static RTT_BOUNDS: [u64; 10] = [
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
];

/// What became of a probe for good. Each probe comes to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Answered in time, with what was sent.
    Replied,
    /// Not answered by its deadline.
    Lost,
    /// Somebody said that it cannot be delivered.
    Refused,
    /// This host could not send it.
    Unsent,
    /// Answered in time, but not with what was sent.
    Altered,
}

impl Settled {
    pub(crate) const ALL: [Self; 5] = [
        Self::Replied,
        Self::Lost,
        Self::Refused,
        Self::Unsent,
        Self::Altered,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Replied => "replied",
            Self::Lost => "lost",
            Self::Refused => "refused",
            Self::Unsent => "unsent",
            Self::Altered => "altered",
        }
    }
}

/// The figures of one target.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    in_flight: u64,
    settled: [u64; Settled::ALL.len()],
    pub(crate) late: u64,
    pub(crate) duplicates: u64,
    /// Of the probes that were replied.
    rtt: Histogram<{ RTT_BOUNDS.len() + 1 }>,
    /// The shortest of those RTTs and the longest.
    range: Option<(Duration, Duration)>,
    outage: Outage,
    recent: Recent,
    smoothed: Option<Duration>,
    /// Once a reply has carried the reflector's times.
    directions: Option<Box<Directions>>,
}

impl Figures {
    /// Without any probe; with `native` buckets where those are wanted.
    pub(crate) fn new(native: bool) -> Self {
        Self {
            in_flight: 0,
            settled: [0; Settled::ALL.len()],
            late: 0,
            duplicates: 0,
            rtt: Histogram::new(&RTT_BOUNDS, native),
            range: None,
            outage: Outage::default(),
            recent: Recent::default(),
            smoothed: None,
            directions: None,
        }
    }

    /// The client said this.
    pub(crate) fn output(&mut self, output: &Output) {
        match *output {
            Output::Send(_) => self.in_flight = self.in_flight.saturating_add(1),
            Output::Event(Event::Lost { seq, .. }) => self.settle(seq, Settled::Lost),
            Output::Event(Event::Missed { .. }) | Output::Wait(_) | Output::Done => {}
        }
    }

    /// An input came to this at `now`; a reply with this `claim`, where it was one. This end's
    /// wall clock read `wall` at time zero, on the scale of the reflector's times.
    pub(crate) fn outcome(
        &mut self,
        now: ClientTime,
        outcome: &Outcome,
        claim: Option<&Claim>,
        wall: Option<WallTime>,
    ) {
        match *outcome {
            Outcome::Replied { seq, rtt, .. } => {
                if claim.is_some_and(|claim| claim.damage.is_some()) {
                    self.settle(seq, Settled::Altered);
                } else {
                    self.settle(seq, Settled::Replied);
                    self.record(seq, rtt);
                }
                if let Some((claim, times)) = claim.and_then(|it| Some((it, it.times?))) {
                    let sent = Duration::from_nanos(now.as_nanos()).checked_sub(rtt);
                    let sent = sent.zip(wall).map(|(at, wall)| wall.saturating_add(at));
                    let native = self.rtt.is_native();
                    self.directions
                        .get_or_insert_with(|| Box::new(Directions::new(native)))
                        .record((seq, rtt), sent, times, claim.synced);
                }
            }
            Outcome::Late {
                seq, newly_lost, ..
            } => {
                if newly_lost {
                    self.settle(seq, Settled::Lost);
                }
                self.late = self.late.saturating_add(1);
            }
            Outcome::Duplicate { .. } => self.duplicates = self.duplicates.saturating_add(1),
            Outcome::Refused { seq, .. } => self.settle(seq, Settled::Refused),
            Outcome::Unsent { seq } => self.settle(seq, Settled::Unsent),
            // A reply comes with it, where it was known by then, and what has been shown stays.
            Outcome::KernelRtt { .. } | Outcome::Ignored(_) => {}
        }
    }

    fn settle(&mut self, seq: u64, outcome: Settled) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(count) = self.settled.get_mut(outcome as usize) {
            *count = count.saturating_add(1);
        }
        let answered = matches!(outcome, Settled::Replied | Settled::Altered);
        self.recent.push(answered);
        if answered {
            self.outage.answered(seq);
        } else {
            self.outage.unanswered(seq);
        }
    }

    fn record(&mut self, seq: u64, rtt: Duration) {
        self.rtt.record(seq, saturating_nanos(rtt));
        let (shortest, longest) = self.range.unwrap_or((rtt, rtt));
        self.range = Some((shortest.min(rtt), longest.max(rtt)));
        // RFC 6298 §2.3, with its alpha of 1/8.
        let smoothed = self.smoothed.map_or(rtt, |it| it / 8 * 7 + rtt / 8);
        self.smoothed = Some(smoothed);
    }

    /// Probes handed to the system, those included that it could not send.
    pub(crate) fn sent(&self) -> u64 {
        let settled = self.settled.iter();
        settled.fold(self.in_flight, |sum, count| sum.saturating_add(*count))
    }

    pub(crate) const fn in_flight(&self) -> u64 {
        self.in_flight
    }

    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (Settled, u64)> {
        Settled::ALL.into_iter().zip(self.settled)
    }

    /// How many probes came to this.
    pub(crate) fn count(&self, outcome: Settled) -> u64 {
        self.settled.get(outcome as usize).copied().unwrap_or(0)
    }

    pub(crate) const fn rtt(&self) -> &Histogram<{ RTT_BOUNDS.len() + 1 }> {
        &self.rtt
    }

    /// The shortest RTT, the mean and the longest, if any probe was replied.
    pub(crate) fn rtts(&self) -> Option<[Duration; 3]> {
        let (shortest, longest) = self.range?;
        let mean = self.rtt.mean()?;
        Some([shortest, Duration::from_nanos(mean), longest])
    }

    /// How many outages there were, and whether one goes on.
    pub(crate) const fn outages(&self) -> (u64, bool) {
        (self.outage.count, self.outage.is_active())
    }

    pub(crate) fn directions(&self) -> Option<&Directions> {
        self.directions.as_deref()
    }

    /// How many of the last 64 settled probes are known, and the share of them that was not
    /// answered in time; 0 without any.
    pub(crate) fn recent_loss(&self) -> (u8, f64) {
        (self.recent.count, self.recent.loss())
    }

    /// Probes are counted from 1 again.
    pub(crate) fn forget_exemplars(&mut self) {
        self.rtt.forget_exemplars();
        if let Some(directions) = &mut self.directions {
            directions.forget_exemplars();
        }
    }

    /// The smoothed RTT (RFC 6298), if any probe was replied.
    pub(crate) const fn smoothed_rtt(&self) -> Option<Duration> {
        self.smoothed
    }
}

#[cfg(test)]
impl Figures {
    /// Counts a probe that was sent and came to this RTT, or was lost.
    pub(crate) fn settle_one(&mut self, seq: u64, rtt: Option<Duration>) {
        self.send_one(seq);
        let at = ClientTime::ZERO;
        match rtt {
            Some(rtt) => {
                let verified = true;
                self.outcome(at, &Outcome::Replied { seq, rtt, verified }, None, None);
            }
            None => self.output(&Output::Event(Event::Lost { seq, deadline: at })),
        }
    }

    /// Counts a probe that was sent.
    pub(crate) fn send_one(&mut self, seq: u64) {
        let at = ClientTime::ZERO;
        self.output(&Output::Send(udping_core::wire::Probe {
            seq,
            at,
            due: at,
            timestamp: WallTime::ZERO,
        }));
    }
}

/// The sums of a mesh group's peers, those included that are gone.
#[derive(Debug, Clone)]
pub(crate) struct PeerTotals {
    settled: [u64; Settled::ALL.len()],
    rtt: Histogram<{ RTT_BOUNDS.len() + 1 }>,
}

impl Default for PeerTotals {
    fn default() -> Self {
        Self {
            settled: [0; Settled::ALL.len()],
            rtt: Histogram::new(&RTT_BOUNDS, false),
        }
    }
}

impl PeerTotals {
    pub(crate) fn add(&mut self, peer: &Figures) {
        for (sum, count) in self.settled.iter_mut().zip(peer.settled) {
            *sum = sum.saturating_add(count);
        }
        self.rtt.add(&peer.rtt);
    }

    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (Settled, u64)> {
        Settled::ALL.into_iter().zip(self.settled)
    }

    pub(crate) const fn rtt(&self) -> &Histogram<{ RTT_BOUNDS.len() + 1 }> {
        &self.rtt
    }
}

/// Whether the last 64 settled probes were answered in time.
#[derive(Debug, Clone, Copy, Default)]
struct Recent {
    unanswered: u64,
    count: u8,
}

impl Recent {
    const fn push(&mut self, answered: bool) {
        self.unanswered = self.unanswered << 1 | !answered as u64;
        if self.count < 64 {
            self.count += 1;
        }
    }

    fn loss(self) -> f64 {
        f64::from(self.unanswered.count_ones()) / f64::from(self.count.max(1))
    }
}

/// Two or more probes in a row that were not answered in time, as the journal counts outages;
/// in constant memory, so that a loss that is known later than the next but one's may count as
/// another outage.
#[derive(Debug, Clone, Copy, Default)]
struct Outage {
    /// The last run of probes without an answer: its first and its last. Numbers begin at 1.
    run: Option<(u64, u64)>,
    /// The latest probe that was answered.
    answered: u64,
    count: u64,
}

impl Outage {
    const fn answered(&mut self, seq: u64) {
        if seq > self.answered {
            self.answered = seq;
        }
    }

    fn unanswered(&mut self, seq: u64) {
        let run = match self.run {
            Some((first, last)) if last.saturating_add(1) == seq => (first, seq),
            Some((first, last)) if seq.saturating_add(1) == first => (seq, last),
            _ => (seq, seq),
        };
        if run.1.saturating_sub(run.0) == 1 {
            self.count = self.count.saturating_add(1);
        }
        self.run = Some(run);
    }

    const fn is_active(&self) -> bool {
        match self.run {
            Some((first, last)) => last > first && last > self.answered,
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use udping_core::event::Ignored;
    use udping_core::wire::Damage;

    const MS: Duration = Duration::from_millis(1);
    const NOW: ClientTime = ClientTime::from_nanos(1_000_000_000);

    fn lost(seq: u64) -> Output {
        Output::Event(Event::Lost { seq, deadline: NOW })
    }

    fn reply(seq: u64, rtt: Duration) -> Outcome {
        Outcome::Replied {
            seq,
            rtt,
            verified: true,
        }
    }

    fn counts(figures: &Figures) -> [u64; 5] {
        figures.settled
    }

    /// Any event, in any order: even what no client would say.
    fn event() -> impl Strategy<Value = (u8, u64, u64, bool)> {
        (0..9_u8, 0..20_u64, 0..2_000_000_000_u64, any::<bool>())
    }

    fn apply(figures: &mut Figures, (kind, seq, nanos, flag): (u8, u64, u64, bool)) {
        let rtt = Duration::from_nanos(nanos);
        let claim = Claim {
            damage: flag.then_some(Damage::Altered),
            seq: None,
            timestamp: None,
            needs_proof: false,
            times: None,
            count: None,
            synced: false,
            size: None,
        };
        let outcome = match kind {
            0 => return figures.send_one(seq),
            1 => return figures.output(&lost(seq)),
            2 => reply(seq, rtt),
            3 => Outcome::Late {
                seq,
                rtt,
                verified: true,
                newly_lost: flag,
            },
            4 => Outcome::Duplicate { seq, rtt },
            5 => Outcome::Refused { seq, after: rtt },
            6 => Outcome::Unsent { seq },
            7 => Outcome::KernelRtt {
                seq,
                rtt,
                kernel: rtt / 2,
            },
            _ => Outcome::Ignored(Ignored::TooOld),
        };
        figures.outcome(NOW, &outcome, Some(&claim), None);
    }

    proptest! {
        #[test]
        fn figures_add_up_and_never_go_back(events in prop::collection::vec(event(), 0..200)) {
            let mut figures = Figures::new(true);
            let mut before = figures.clone();
            for event in events {
                apply(&mut figures, event);
                let now = figures.clone();
                let settled: u64 = counts(&now).iter().sum();
                prop_assert_eq!(now.sent(), settled + now.in_flight());
                prop_assert_eq!(now.rtt().count(), counts(&now)[0]);
                prop_assert!((0.0..=1.0).contains(&now.recent_loss().1));
                prop_assert!(now.sent() >= before.sent());
                prop_assert!(now.late >= before.late && now.duplicates >= before.duplicates);
                prop_assert!(now.outages().0 >= before.outages().0);
                for (after, before) in counts(&now).into_iter().zip(counts(&before)) {
                    prop_assert!(after >= before);
                }
                let (after, before_rtt) = (now.rtt().view(None), before.rtt().view(None));
                for ((_, after, _), (_, before, _)) in after.cumulative().zip(before_rtt.cumulative()) {
                    prop_assert!(after >= before);
                }
                before = now;
            }
        }
    }

    #[test]
    fn an_outage_begins_with_the_second_loss_in_a_row_and_ends_with_an_answer() {
        let mut figures = Figures::new(false);
        let outages = |figures: &Figures| figures.outages();
        for seq in 1..=9 {
            figures.send_one(seq);
        }
        figures.outcome(NOW, &reply(1, MS), None, None);
        figures.output(&lost(2));
        assert_eq!(outages(&figures), (0, false), "one loss is none");
        figures.output(&lost(3));
        assert_eq!(outages(&figures), (1, true));
        figures.output(&lost(4));
        assert_eq!(outages(&figures), (1, true));
        figures.outcome(NOW, &reply(7, MS), None, None);
        assert_eq!(outages(&figures), (1, false));
        // Their deadlines passed only now.
        figures.output(&lost(5));
        figures.output(&lost(6));
        assert_eq!(outages(&figures), (1, false), "the same outage");
        figures.output(&lost(8));
        figures.output(&lost(9));
        assert_eq!(outages(&figures), (2, true));
    }

    #[test]
    fn the_figures_of_a_target_are_small() {
        assert!(
            size_of::<Figures>() <= 640,
            "{} bytes",
            size_of::<Figures>()
        );
    }
}
