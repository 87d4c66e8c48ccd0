//! Outages: two or more probes in a row that were not answered in time.
//!
//! Owns when one begins and ends, and which of many are kept. What became of a probe, the
//! client says.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use udping_core::client::Client;
use udping_core::event::{Event, Outcome, Output};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, saturating_nanos};

/// How many outages of a run are kept: the longest.
const KEPT: usize = 10;

/// The outages of a run.
///
/// An outage is a loss period (RFC 3357 §4) of two probes or more: consecutive numbers, none
/// of which was answered in time, since it was lost or refused or could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outages {
    /// How many there were.
    pub count: u64,
    /// Those with the most probes, ten at the most, in order of time.
    pub longest: Vec<Outage>,
}

/// An outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outage {
    /// The first probe that was not answered.
    pub first: u64,
    /// When it went out, or was to.
    pub at_ns: u64,
    /// How many probes were not answered.
    pub probes: u64,
    /// From then until the next probe went out; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_ns: Option<u64>,
}

impl Outages {
    fn add(&mut self, outage: Outage) {
        self.count = self.count.saturating_add(1);
        if self.longest.len() >= KEPT {
            // Of equally short ones the last goes.
            let newest_first = self.longest.iter().enumerate().rev();
            let shortest = newest_first.min_by_key(|(_, it)| it.probes);
            match shortest {
                Some((place, shortest)) if shortest.probes < outage.probes => {
                    self.longest.remove(place);
                }
                _ => return,
            }
        }
        self.longest.push(outage);
    }
}

/// A loss period, of one probe or more.
#[derive(Debug, Clone, Copy)]
struct LossPeriod {
    last: u64,
    /// When its first probe went out.
    at: ClientTime,
    /// When the probe after its last one went out, if one did.
    next_at: Option<ClientTime>,
}

/// The outages of a run, as they come about.
#[derive(Debug, Clone, Default)]
pub(crate) struct OutageTracker {
    /// Loss periods that may still grow, by their first probe: no more than there are probes in
    /// flight, and one.
    open: BTreeMap<u64, LossPeriod>,
    ended: Outages,
}

impl OutageTracker {
    /// The client said this.
    #[inline]
    pub(crate) fn output<S>(&mut self, output: &Output, client: &Client<S>)
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        match *output {
            Output::Send(probe) => {
                if let Some(mut newest) = self.open.last_entry()
                    && newest.get().last.saturating_add(1) == probe.seq
                {
                    newest.get_mut().next_at = Some(probe.at);
                }
            }
            Output::Event(Event::Lost { seq, .. }) => self.unanswered(seq, client),
            _ => {}
        }
    }

    /// An input came to this.
    #[inline]
    pub(crate) fn outcome<S>(&mut self, outcome: &Outcome, client: &Client<S>)
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        match *outcome {
            Outcome::Late {
                seq,
                newly_lost: true,
                ..
            }
            | Outcome::Refused { seq, .. }
            | Outcome::Unsent { seq } => self.unanswered(seq, client),
            _ => {}
        }
    }

    /// All of them, if there are any.
    pub(crate) fn so_far(&self) -> Option<Outages> {
        let mut outages = self.ended.clone();
        for (first, period) in &self.open {
            if let Some(outage) = period.outage(*first) {
                outages.add(outage);
            }
        }
        (outages.count > 0).then_some(outages)
    }

    fn unanswered<S>(&mut self, seq: u64, client: &Client<S>)
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        let sent = |seq| client.probe(seq).map(|probe| probe.at);
        let at = sent(seq).unwrap_or(client.now());
        let above = self.open.remove(&seq.saturating_add(1));
        let (last, next_at) = above.map_or_else(
            || (seq, sent(seq.saturating_add(1))),
            |above| (above.last, above.next_at),
        );
        let below = self.open.range_mut(..seq).next_back();
        match below.filter(|(_, below)| below.last.saturating_add(1) == seq) {
            Some((_, below)) => (below.last, below.next_at) = (last, next_at),
            None => {
                self.open.insert(seq, LossPeriod { last, at, next_at });
            }
        }
        // Below the oldest probe in flight, all is decided.
        let oldest = client.in_flight().next().map(|probe| probe.seq);
        while let Some(first) = self.open.first_entry()
            && first.get().next_at.is_some()
            && oldest.is_none_or(|oldest| first.get().last.saturating_add(1) < oldest)
        {
            let (first, period) = first.remove_entry();
            if let Some(outage) = period.outage(first) {
                self.ended.add(outage);
            }
        }
    }
}

impl LossPeriod {
    /// Itself, if it has probes enough.
    fn outage(self, first: u64) -> Option<Outage> {
        let probes = (self.last - first).saturating_add(1);
        let lasted = self.next_at.and_then(|next| next.checked_since(self.at));
        (probes > 1).then_some(Outage {
            first,
            at_ns: self.at.as_nanos(),
            probes,
            for_ns: lasted.map(saturating_nanos),
        })
    }
}

#[cfg(test)]
mod tests {
    use core::num::NonZeroU64;
    use core::time::Duration;

    use udping_core::Config;
    use udping_core::schedule::Schedule;
    use udping_core::wire::Claim;

    use super::*;
    use crate::Recorder;

    const fn ms(ms: u64) -> ClientTime {
        ClientTime::from_nanos(ms * 1_000_000)
    }

    /// A session with a probe every 10 ms, in which nothing has happened.
    fn paced() -> Recorder<Vec<Entry>> {
        let config = Config::builder()
            .schedule(Schedule::Paced {
                interval: Duration::from_millis(10),
            })
            .count(NonZeroU64::new(6))
            .timeout(Duration::from_millis(25))
            .build()
            .unwrap();
        Recorder::new(config, ClientTime::ZERO, alloc::vec![Entry::EMPTY; 16]).unwrap()
    }

    /// Lets time pass until nothing more happens at `now`.
    fn pass(session: &mut Recorder<Vec<Entry>>, now: ClientTime) {
        while !matches!(session.poll(now).0, Output::Wait(_) | Output::Done) {}
    }

    fn reply(session: &mut Recorder<Vec<Entry>>, now: ClientTime, seq: u32) {
        let claim = Claim {
            seq: Some(seq),
            ..Claim::default()
        };
        let _ = session.reply(now, &claim, |_, _| {});
    }

    #[test]
    fn the_lost_the_refused_and_the_unsent_are_of_one_outage() {
        let mut session = paced();
        for at in [0, 10, 20] {
            pass(&mut session, ms(at));
        }
        // Probe 1 is answered; 2 will be lost; 3 is refused before that is known.
        reply(&mut session, ms(21), 1);
        let _ = session.unreachable(ms(22), Some(3), None);
        assert_eq!(session.outages(), None);
        pass(&mut session, ms(30));
        let _ = session.send_failure(ms(30), 4, None);
        let told = |session: &Recorder<_>| session.outages().map(|it| it.longest);
        let outage = |first, at: u64, probes, lasted: Option<u64>| Outage {
            first,
            at_ns: at * 1_000_000,
            probes,
            for_ns: lasted.map(|it| it * 1_000_000),
        };
        assert_eq!(told(&session), Some(alloc::vec![outage(3, 20, 2, None)]));
        pass(&mut session, ms(40));
        assert_eq!(
            told(&session),
            Some(alloc::vec![outage(2, 10, 3, Some(30))])
        );
        reply(&mut session, ms(41), 5);
        pass(&mut session, ms(50));
        // The last one is lost, too, and alone.
        reply(&mut session, ms(90), 6);
        let ended = session.outages().unwrap();
        assert_eq!(
            (ended.count, ended.longest),
            (1, alloc::vec![outage(2, 10, 3, Some(30))])
        );
    }

    #[test]
    fn the_longest_are_kept_and_of_equal_ones_the_first() {
        let mut outages = Outages::default();
        for first in 1..=30 {
            outages.add(Outage {
                first,
                at_ns: first,
                probes: if first.is_multiple_of(10) { 9 } else { 2 },
                for_ns: None,
            });
        }
        assert_eq!(outages.count, 30);
        let firsts: Vec<u64> = outages.longest.iter().map(|it| it.first).collect();
        assert_eq!(firsts, [1, 2, 3, 4, 5, 6, 7, 10, 20, 30]);
    }
}
