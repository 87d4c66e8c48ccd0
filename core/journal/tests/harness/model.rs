//! What a client must be consistent with: each probe's life, as the client tells it.

use core::time::Duration;

use udping_core::event::{Event, Outcome, Output};
use udping_core::stats::Summary;
use udping_core::time::{ClientTime, WallTime, saturating_nanos};
use udping_core::wire::{Claim, Probe, low_bits};
use udping_core::{Config, Schedule};

/// Where in its life a probe is, by what the client said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    InFlight,
    Replied,
    Lost,
    Late,
    Refused,
    Unsent,
}

#[derive(Debug)]
pub(super) struct Model {
    config: Config,
    /// How many the client's table has.
    entries: usize,
    start: u64,
    pub(super) stopped: bool,
    /// Each probe's sending time and life, by its number less one.
    probes: Vec<(u64, Life)>,
    /// How many of them were not the schedule's.
    unplanned: u64,
    missed: u64,
    /// Slots were missed, and no probe of the schedule's has gone out since.
    catch_up_pending: bool,
    duplicates: u64,
    ignored: u64,
    unverified: u64,
    late: u64,
    kernel_rtts_discarded: u64,
    stamps: u64,
}

impl Model {
    pub(super) fn new(config: Config, start: ClientTime, entries: usize) -> Self {
        Self {
            config,
            entries,
            start: start.as_nanos(),
            stopped: false,
            probes: Vec::new(),
            unplanned: 0,
            missed: 0,
            catch_up_pending: false,
            duplicates: 0,
            ignored: 0,
            unverified: 0,
            late: 0,
            kernel_rtts_discarded: 0,
            stamps: 0,
        }
    }

    pub(super) fn output(&mut self, output: &Output, now: u64) {
        match *output {
            Output::Send(probe) => self.sent(&probe, now, false),
            Output::Event(Event::Lost { seq, deadline }) => {
                assert_eq!(deadline.as_nanos(), self.deadline(seq), "another deadline");
                assert!(deadline.as_nanos() < now, "lost before its time");
                self.turn(seq, &[Life::InFlight], Life::Lost);
            }
            Output::Event(Event::Missed { due, slots }) => {
                assert_eq!(due.as_nanos(), self.next_slot(), "another slot was missed");
                assert!(slots > 0);
                let held_back = self.config.accept_unnumbered();
                let again = held_back && self.unplanned > 0;
                assert!(!self.catch_up_pending || again, "missed for ever");
                self.catch_up_pending = true;
                self.missed += slots - 1;
                assert!(self.next_slot() <= now, "missed before its time");
                self.missed += 1;
                assert!(
                    held_back || self.next_slot() <= now,
                    "missed before its time"
                );
            }
            Output::Wait(until) => assert!(until.as_nanos() > now, "a wait for nothing"),
            Output::Done => {}
        }
    }

    pub(super) fn sent(&mut self, probe: &Probe, now: u64, unplanned: bool) {
        assert!(!self.stopped, "sent after the stop");
        assert_eq!(probe.seq, self.probes.len() as u64 + 1, "out of sequence");
        assert_eq!(probe.at.as_nanos(), now);
        assert!(probe.due <= probe.at, "sent before its time");
        if self.config.accept_unnumbered() {
            let candidates = self.candidates(now);
            assert_eq!(candidates, [0; 0], "any reply could be theirs, too");
        }
        if unplanned {
            self.unplanned += 1;
        } else if let Schedule::Paced { interval } = self.config.schedule() {
            let due = probe.due.as_nanos();
            assert_eq!(due, self.next_slot(), "the pace drifts");
            assert!(
                self.catch_up_pending || now - due < saturating_nanos(interval),
                "a missed slot was used"
            );
            self.catch_up_pending = false;
        }
        self.probes.push((now, Life::InFlight));
        if let Some(count) = self.config.count() {
            assert!(probe.seq <= count.get(), "too many");
        }
        let flying = self.count(Life::InFlight) - self.unplanned.min(self.count(Life::InFlight));
        match self.config.schedule() {
            Schedule::StopAndWait { .. } => assert!(flying <= 1),
            Schedule::Window { size } => assert!(flying <= u64::from(size)),
            Schedule::Paced { .. } | Schedule::OnDemand => {}
        }
    }

    /// A reply is credited to the probe it names, and as verified with its timestamp only.
    pub(super) fn credited(&self, claim: &Claim, outcome: &Outcome, sent: &[WallTime], now: u64) {
        let (Outcome::Replied { seq, .. }
        | Outcome::Late { seq, .. }
        | Outcome::Duplicate { seq, .. }) = *outcome
        else {
            return;
        };
        let own = sent[index(seq)];
        let copied = |time: WallTime| time.as_nanos().abs_diff(own.as_nanos()) < 1_000;
        let counts = !claim.needs_proof || claim.timestamp.is_some_and(copied);
        if claim.seq != Some(low_bits(seq)) || !counts {
            assert!(self.config.accept_unnumbered(), "credited to another probe");
            let candidates = self.candidates(now);
            assert!(
                candidates.iter().all(|it| *it == seq),
                "credited to {seq} and could have been any of {candidates:?}"
            );
        }
        if let Outcome::Replied { verified, .. } | Outcome::Late { verified, .. } = *outcome {
            assert_eq!(
                verified,
                claim.timestamp == Some(own) && claim.seq == Some(low_bits(seq)),
                "what counts as proof"
            );
            let held = &sent[sent.len().saturating_sub(self.entries)..];
            let of = |time: &WallTime| *time != own && held.contains(time);
            assert!(
                verified || !claim.timestamp.as_ref().is_some_and(of),
                "credited with another probe's timestamp"
            );
        }
    }

    /// The probes that could still be answered.
    fn candidates(&self, now: u64) -> Vec<u64> {
        let open = |(seq, (_, life)): (u64, &(u64, Life))| match life {
            Life::InFlight => Some(seq),
            Life::Lost if self.horizon(seq) >= now => Some(seq),
            _ => None,
        };
        (1..).zip(&self.probes).filter_map(open).collect()
    }

    pub(super) fn outcome(&mut self, outcome: &Outcome, now: u64) {
        match *outcome {
            Outcome::Replied { seq, rtt, verified } => {
                self.turn(seq, &[Life::InFlight], Life::Replied);
                assert_eq!(rtt, self.age(seq, now));
                assert!(now <= self.deadline(seq), "replied after its deadline");
                self.unverified += u64::from(!verified);
            }
            Outcome::Late {
                seq,
                rtt,
                newly_lost,
                ..
            } => {
                let from = if newly_lost {
                    Life::InFlight
                } else {
                    Life::Lost
                };
                self.turn(seq, &[from], Life::Late);
                assert_eq!(rtt, self.age(seq, now));
                assert!(now > self.deadline(seq), "late before its deadline");
                assert!(now <= self.horizon(seq), "late beyond the horizon");
                self.late += 1;
            }
            Outcome::Duplicate { seq, rtt } => {
                let life = self.probes[index(seq)].1;
                assert!(matches!(life, Life::Replied | Life::Late), "{life:?}");
                assert_eq!(rtt, self.age(seq, now));
                self.duplicates += 1;
            }
            Outcome::Refused { seq, after } => {
                self.turn(seq, &[Life::InFlight], Life::Refused);
                assert_eq!(after, self.age(seq, now));
            }
            Outcome::Unsent { seq } => self.turn(seq, &[Life::InFlight], Life::Unsent),
            Outcome::KernelRtt { seq, rtt, kernel } => {
                let life = self.probes[index(seq)].1;
                assert!(matches!(life, Life::Replied | Life::Late));
                assert!(kernel <= rtt);
                self.stamps += 1;
            }
            Outcome::Ignored(udping_core::event::Ignored::BadKernelRtt) => {
                self.kernel_rtts_discarded += 1;
            }
            Outcome::Ignored(_) => self.ignored += 1,
        }
    }

    /// With nothing more to say at this moment, nothing overdue is left.
    pub(super) fn check_rest(&self, now: u64) {
        for (seq, (_, life)) in (1..).zip(&self.probes) {
            assert!(
                *life != Life::InFlight || self.deadline(seq) >= now,
                "probe {seq} is overdue"
            );
        }
    }

    pub(super) fn check_counts(&self, told: &Summary) {
        let count = |life| self.count(life);
        let lost = count(Life::Lost) + count(Life::Late);
        assert_eq!(told.sent + told.unsent, self.probes.len() as u64);
        assert_eq!(told.unsent, count(Life::Unsent));
        assert_eq!(told.replied, count(Life::Replied));
        assert_eq!((told.lost, told.late), (lost, count(Life::Late)));
        assert_eq!(told.late, self.late);
        assert_eq!(told.refused, count(Life::Refused));
        assert_eq!(told.in_flight, count(Life::InFlight));
        assert_eq!(
            told.sent,
            told.replied + told.lost + told.refused + told.in_flight
        );
        assert_eq!(
            (told.missed, told.duplicates),
            (self.missed, self.duplicates)
        );
        assert_eq!(
            (told.ignored, told.unverified),
            (self.ignored, self.unverified)
        );
        assert_eq!(told.kernel_rtts_discarded, self.kernel_rtts_discarded);
        assert_eq!(told.host_added.map_or(0, |added| added.n), self.stamps);
        assert!(told.kernel_rtts <= self.stamps);
        assert_eq!(told.decided_rtt.map_or(0, |rtt| rtt.n), told.replied);
        assert_eq!(told.rtt.map_or(0, |rtt| rtt.n), told.replied);
        assert_eq!(told.late_rtt.map_or(0, |rtt| rtt.n), told.late);
    }

    pub(super) fn in_flight(&self) -> Vec<u64> {
        (1..)
            .zip(&self.probes)
            .filter(|(_, (_, life))| *life == Life::InFlight)
            .map(|(seq, _)| seq)
            .collect()
    }

    /// When the paced schedule's next slot is due.
    fn next_slot(&self) -> u64 {
        let Schedule::Paced { interval } = self.config.schedule() else {
            panic!("only a paced schedule has slots");
        };
        let planned = self.probes.len() as u64 - self.unplanned;
        self.missed
            .checked_add(planned)
            .and_then(|slot| saturating_nanos(interval).checked_mul(slot))
            .and_then(|offset| self.start.checked_add(offset))
            .expect("a slot beyond the end of time")
    }

    fn turn(&mut self, seq: u64, from: &[Life], to: Life) {
        let life = &mut self.probes[index(seq)].1;
        assert!(from.contains(life), "probe {seq}: {life:?} became {to:?}");
        *life = to;
    }

    fn deadline(&self, seq: u64) -> u64 {
        let (at, _) = self.probes[index(seq)];
        at.saturating_add(saturating_nanos(self.config.timeout()))
    }

    fn horizon(&self, seq: u64) -> u64 {
        self.deadline(seq)
            .saturating_add(saturating_nanos(self.config.late_window()))
    }

    fn age(&self, seq: u64, now: u64) -> Duration {
        Duration::from_nanos(now - self.probes[index(seq)].0)
    }

    fn count(&self, life: Life) -> u64 {
        self.probes.iter().filter(|(_, it)| *it == life).count() as u64
    }
}

fn index(seq: u64) -> usize {
    usize::try_from(seq - 1).unwrap()
}
