//! Two runs side by side: where they part, and which probes fare otherwise.

use super::log::{Cursor, Symbol};
use super::run::Run;

/// What two runs of one history differ in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// When the first event differs.
    pub parts_at_ns: Option<u64>,
    /// The probes that fare otherwise, in order, at most [`Comparison::KEPT`].
    pub changes: Vec<Change>,
    /// How many there are in all.
    pub changed: usize,
}

/// One probe that fares otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub seq: u64,
    /// How it ends in the left run, with its RTT; `None` if it is not in it.
    pub left: Option<(Symbol, Option<u64>)>,
    /// The same in the right run.
    pub right: Option<(Symbol, Option<u64>)>,
}

impl Comparison {
    /// How many changes are listed.
    pub const KEPT: usize = 1_000;

    /// Compares two runs as they end.
    #[must_use]
    pub fn of(left: &Run, right: &Run) -> Self {
        let mut comparison = Self {
            parts_at_ns: parts_at(left, right),
            ..Self::default()
        };
        for probe in 0..left.probes().max(right.probes()) {
            let (one, other) = (end_of(left, probe), end_of(right, probe));
            let seq = one.or(other).map_or(0, |(seq, ..)| seq);
            let [one, other] = [one, other].map(|end| end.map(|(_, symbol, rtt)| (symbol, rtt)));
            if one != other {
                comparison.changed += 1;
                if comparison.changes.len() < Self::KEPT {
                    comparison.changes.push(Change {
                        seq,
                        left: one,
                        right: other,
                    });
                }
            }
        }
        comparison
    }
}

/// When the first event happens that is not the other's too.
fn parts_at(left: &Run, right: &Run) -> Option<u64> {
    let shorter = left.events().min(right.events());
    let same = |event: &usize| {
        let [one, other] = [left, right].map(|run| run.event(*event));
        one == other
    };
    let first = (0..shorter).find(|event| !same(event)).unwrap_or(shorter);
    let times = [left, right]
        .into_iter()
        .filter_map(|run| Some(run.event(first)?.at_ns));
    times.min()
}

/// A probe's number, and how it ends.
fn end_of(run: &Run, probe: usize) -> Option<(u64, Symbol, Option<u64>)> {
    let end = Cursor {
        at_ns: run.end_ns(),
        index: run.events(),
    };
    let probe = run.probe(probe, end)?;
    Some((probe.seq, probe.symbol?, probe.rtt_ns))
}

#[cfg(test)]
mod tests {
    use udping_journal::Action;
    use udping_link::{Impairments, Seed};

    use super::*;
    use crate::history::History;
    use crate::presets::Preset;

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let run = Run::simulate(
            &Preset::HomeWifi
                .setup(Seed::from_low_bits(3))
                .header()
                .unwrap(),
        )
        .unwrap();
        assert_eq!(Comparison::of(&run, &run), Comparison::default());
    }

    #[test]
    fn a_dropped_packet_changes_its_probe_and_no_other_on_a_beat() {
        let mut setup = Preset::CampusLan.setup(Seed::from_low_bits(3));
        let still = Impairments {
            delay: std::time::Duration::from_millis(1),
            ..Impairments::default()
        };
        (setup.scenario.request, setup.scenario.reply) = (still, still);
        let mut history = History::simulate(&setup).unwrap();
        let cursor = history.run().seek(30_500_000);
        let flight = history.run().in_flight(cursor)[0].clone();
        history.act(cursor, flight.index, Action::Drop).unwrap();
        let [before, after] = [0, 1].map(|branch| &history.branches()[branch].run);
        let comparison = Comparison::of(before, after);
        assert_eq!(comparison.parts_at_ns, Some(30_500_000));
        assert_eq!(comparison.changed, 1);
        let change = comparison.changes[0];
        assert_eq!(change.seq, flight.seq);
        assert_eq!(change.left, Some((Symbol::Replied, Some(2_050_000))));
        assert_eq!(change.right, Some((Symbol::Lost, None)));
    }
}
