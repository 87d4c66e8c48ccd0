//! Two runs side by side, probe by probe: where they part, and which probes fare otherwise.
//!
//! Owns which probe of one is which of the other (that of the same number), and what the
//! differences come to. Any two runs will do.

use udping_core::stats::Summary;

use super::figures::Figures;
use super::log::{Cursor, Symbol};
use super::order::in_order;
use super::run::Run;

/// What two runs differ in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// When the first event differs.
    pub parts_at_ns: Option<u64>,
    /// The probes that fare otherwise, in order, at most [`Comparison::KEPT`].
    pub changes: Vec<Change>,
    /// How many there are in all.
    pub changed: usize,
    /// The numbers of all probes of either, in order.
    seqs: Vec<u64>,
    /// What differs, the most frequent first.
    pub findings: Vec<Finding>,
    /// Probes that both replied to in time, of these those that were faster left, and right.
    pub in_time: [u64; 3],
    /// The longest that any bar is: a time-out, or an RTT.
    pub longest_ns: u64,
}

/// How a probe ends, as far as two runs differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// A reply came in time.
    Replied,
    /// It was given up, and the reply came after that.
    Late,
    /// No reply came.
    Lost,
    /// The network said that nobody listens.
    Refused,
    /// It could not be sent.
    Unsent,
    /// The run ended before it was decided.
    Undecided,
}

/// What some probes have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What became of them.
    pub what: Differs,
    /// How many there are.
    pub count: usize,
    /// Of those that were lost in one run, how many came late there.
    pub late: usize,
    /// Their numbers, in order, at most [`Comparison::KEPT`].
    pub seqs: Vec<u64>,
}

/// How two runs differ in some probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    /// They ended so in the left run, and so in the right.
    Fates(Fate, Fate),
    /// They are in one run only.
    Only {
        /// In the right one.
        right: bool,
        /// The other run has so many, and ended before these.
        ended_after: Option<usize>,
    },
}

/// A probe in both runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Its number.
    pub seq: u64,
    /// How it ends in the left run and in the right, with its RTT; `None` if it is not in it.
    pub ends: [Option<(Fate, Option<u64>)>; 2],
}

impl Pair {
    /// Whether the outcome differs.
    #[must_use]
    pub fn differs(&self) -> bool {
        let [left, right] = self.ends.map(|end| end.map(|(fate, _)| fate));
        left != right
    }
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
        let numbers = [left, right].map(|run| run.log().probes.seq.iter().copied());
        let [ours, theirs] = numbers;
        let mut comparison = Self {
            parts_at_ns: parts_at(left, right),
            seqs: in_order(ours.chain(theirs)),
            longest_ns: left.header().timeout_ns.max(right.header().timeout_ns),
            ..Self::default()
        };
        let last = [left, right].map(|run| run.log().probes.seq.last().copied().unwrap_or(0));
        for at in 0..comparison.seqs.len() {
            let seq = comparison.seqs.get(at).copied().unwrap_or_default();
            let [one, other] = [left, right].map(|run| end_of(run, seq));
            let rtts = [one, other].map(|end| end.and_then(|(_, rtt)| rtt));
            let longest = rtts.into_iter().flatten().max().unwrap_or(0);
            comparison.longest_ns = comparison.longest_ns.max(longest);
            comparison.find(seq, [one, other], [left, right], last);
            let [ours, theirs] = [one, other].map(|end| end.map(|(symbol, _)| symbol));
            if ours != theirs {
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
            .findings
            .sort_by_cached_key(|it| u64::MAX - it.count as u64);
        comparison
    }

    /// Takes note of how a probe ends in both runs.
    fn find(&mut self, seq: u64, ends: [End; 2], runs: [&Run; 2], last: [u64; 2]) {
        let fates = ends.map(|end| end.map(|(symbol, _)| Fate::of(symbol)));
        let what = match fates {
            [Some(Fate::Replied), Some(Fate::Replied)] => {
                let rtts = ends.map(|end| end.and_then(|(_, rtt)| rtt));
                let [all, left, right] = &mut self.in_time;
                *all += 1;
                *left += u64::from(rtts[0] < rtts[1]);
                *right += u64::from(rtts[1] < rtts[0]);
                return;
            }
            // Where one run has a reply in time, that the other's came late is an aside.
            [Some(Fate::Late), Some(Fate::Replied)] => Differs::Fates(Fate::Lost, Fate::Replied),
            [Some(Fate::Replied), Some(Fate::Late)] => Differs::Fates(Fate::Replied, Fate::Lost),
            [Some(left), Some(right)] if left == right => return,
            [Some(left), Some(right)] => Differs::Fates(left, right),
            [Some(_), None] => Differs::Only {
                right: false,
                ended_after: (seq > last[1]).then(|| runs[1].probes()),
            },
            [None, Some(_)] => Differs::Only {
                right: true,
                ended_after: (seq > last[0]).then(|| runs[0].probes()),
            },
            [None, None] => return,
        };
        let known = self.findings.iter().position(|it| it.what == what);
        let at = known.unwrap_or(self.findings.len());
        if known.is_none() {
            self.findings.push(Finding {
                what,
                count: 0,
                late: 0,
                seqs: Vec::new(),
            });
        }
        let late = fates.contains(&Some(Fate::Late)) && fates.contains(&Some(Fate::Replied));
        if let Some(finding) = self.findings.get_mut(at) {
            finding.count += 1;
            finding.late += usize::from(late);
            if finding.seqs.len() < Self::KEPT {
                finding.seqs.push(seq);
            }
        }
    }

    /// How many probes there are in either run.
    #[must_use]
    pub fn probes(&self) -> usize {
        self.seqs.len()
    }

    /// The place of a number among all, or of the next.
    #[must_use]
    pub fn place(&self, seq: u64) -> usize {
        self.seqs.partition_point(|it| *it < seq)
    }

    /// The probe at a place.
    #[must_use]
    pub fn pair(&self, at: usize, runs: [&Run; 2]) -> Option<Pair> {
        let seq = *self.seqs.get(at)?;
        let end = |run| end_of(run, seq).map(|(symbol, rtt)| (Fate::of(symbol), rtt));
        Some(Pair {
            seq,
            ends: runs.map(end),
        })
    }
}

/// Some neighbouring probes, of which there are too many for a mark each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Column {
    /// Left and right.
    pub sides: [ColumnSide; 2],
    /// In how many the outcome differs.
    pub differing: usize,
}

/// One run's part of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColumnSide {
    /// The shortest and the longest RTT, the late ones' too.
    pub rtt_ns: Option<(u64, u64)>,
    /// How many are in the run.
    pub probes: usize,
    /// How many were lost, the late ones included.
    pub lost: usize,
}

impl Comparison {
    /// All probes in so many columns.
    #[must_use]
    pub fn columns(&self, runs: [&Run; 2], columns: usize) -> Vec<Column> {
        let probes = self.probes();
        let columns = columns.clamp(1, probes.max(1));
        let mut all = vec![Column::default(); columns];
        for at in 0..probes {
            let column = all.get_mut(at * columns / probes);
            let (Some(pair), Some(column)) = (self.pair(at, runs), column) else {
                continue;
            };
            column.differing += usize::from(pair.differs());
            for (side, end) in column.sides.iter_mut().zip(pair.ends) {
                let Some((fate, rtt)) = end else { continue };
                side.probes += 1;
                side.lost += usize::from(matches!(fate, Fate::Lost | Fate::Late));
                if let Some(rtt) = rtt {
                    let (least, most) = side.rtt_ns.unwrap_or((rtt, rtt));
                    side.rtt_ns = Some((least.min(rtt), most.max(rtt)));
                }
            }
        }
        all
    }
}

impl Fate {
    const fn of(symbol: Symbol) -> Self {
        match symbol {
            Symbol::Replied | Symbol::Duplicate => Self::Replied,
            Symbol::Late => Self::Late,
            Symbol::Lost | Symbol::Ignored => Self::Lost,
            Symbol::Refused => Self::Refused,
            Symbol::Unsent => Self::Unsent,
            Symbol::InFlight | Symbol::Unknown => Self::Undecided,
        }
    }

    /// The mark it has everywhere.
    #[must_use]
    pub const fn symbol(self) -> Symbol {
        match self {
            Self::Replied => Symbol::Replied,
            Self::Late => Symbol::Late,
            Self::Lost => Symbol::Lost,
            Self::Refused => Symbol::Refused,
            Self::Unsent => Symbol::Unsent,
            Self::Undecided => Symbol::InFlight,
        }
    }
}

/// The figures of a whole run.
#[must_use]
pub fn figures(run: &Run) -> Summary {
    Figures::default().at(run, run.after(run.events()))
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

/// How a probe ends, with its RTT.
type End = Option<(Symbol, Option<u64>)>;

/// How the probe of this number ends, if it is in the run.
fn end_of(run: &Run, seq: u64) -> End {
    let end = Cursor {
        at_ns: run.end_ns(),
        index: run.events(),
    };
    let probe = run.probe(run.find(seq)?, end)?;
    Some((probe.symbol?, probe.rtt_ns))
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
        let comparison = Comparison::of(&run, &run);
        assert_eq!(comparison.parts_at_ns, None);
        assert_eq!((comparison.changed, comparison.findings.len()), (0, 0));
        let [both, left, right] = comparison.in_time;
        assert_eq!((both, left, right), (figures(&run).replied, 0, 0));
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

    /// A journal of probes that end as their letters say: replied, late, lost.
    fn run_of(fates: &str) -> Run {
        let mut text = String::from(
            r#"{"udping":"journal","version":2,"kind":"ping","tool":"t","wire":"textbook","schedule":{"paced":{"interval_ns":1000}},"timeout_ns":100,"late_window_ns":100,"timestamp_key":1,"table_entries":16}"#,
        );
        text.push('\n');
        for (seq, fate) in (1_u64..).zip(fates.chars()) {
            let at = seq * 1_000;
            let mut line = |record: String| text = std::mem::take(&mut text) + &record + "\n";
            line(format!(r#"{{"sent":{seq},"at_ns":{at},"due_ns":{at}}}"#));
            let rtt = 10 + seq;
            if fate == 'r' {
                let at = at + rtt;
                line(format!(r#"{{"reply":{seq},"at_ns":{at},"rtt_ns":{rtt}}}"#));
                continue;
            }
            let deadline = at + 100;
            line(format!(
                r#"{{"lost":{seq},"at_ns":{deadline},"deadline_ns":{deadline}}}"#
            ));
            if fate == 'l' {
                let at = at + 150;
                line(format!(r#"{{"reply":{seq},"at_ns":{at},"late_ns":150}}"#));
            }
        }
        let mut loader = crate::loader::Loader::new();
        loader.feed(text.as_bytes()).unwrap();
        loader.finish().unwrap()
    }

    #[test]
    fn columns_hold_every_probe_once() {
        let (left, right) = (run_of("rxlrxlrr"), run_of("rrrxlx"));
        let comparison = Comparison::of(&left, &right);
        for columns in [1, 3, 8, 100] {
            let all = comparison.columns([&left, &right], columns);
            assert_eq!(all.len(), columns.min(8));
            let sum = |of: &dyn Fn(&Column) -> usize| all.iter().map(of).sum::<usize>();
            assert_eq!(sum(&|it| it.sides[0].probes), 8);
            assert_eq!(sum(&|it| it.sides[1].probes), 6);
            assert_eq!(sum(&|it| it.sides[0].lost), 4);
            assert_eq!(sum(&|it| it.differing), 7);
        }
    }

    #[test]
    fn probes_are_matched_by_number_and_differences_counted_by_kind() {
        let (left, right) = (run_of("rxlrxlrr"), run_of("rrrxlx"));
        let comparison = Comparison::of(&left, &right);
        assert_eq!(comparison.probes(), 8);
        let found = |what| {
            let finding = comparison.findings.iter().find(|it| it.what == what);
            let finding = finding.unwrap_or_else(|| panic!("{what:?} in {comparison:?}"));
            (finding.count, finding.late, finding.seqs.clone())
        };
        let fates = |left, right| found(Differs::Fates(left, right));
        assert_eq!(fates(Fate::Lost, Fate::Replied), (2, 1, vec![2, 3]));
        assert_eq!(fates(Fate::Replied, Fate::Lost), (1, 0, vec![4]));
        assert_eq!(fates(Fate::Lost, Fate::Late), (1, 0, vec![5]));
        assert_eq!(fates(Fate::Late, Fate::Lost), (1, 0, vec![6]));
        let only = Differs::Only {
            right: false,
            ended_after: Some(6),
        };
        assert_eq!(found(only), (2, 0, vec![7, 8]));
        assert_eq!(comparison.findings.len(), 5);
        assert_eq!(comparison.in_time, [1, 0, 0]);
        assert_eq!(comparison.longest_ns, 150);
        let swapped = Comparison::of(&right, &left);
        let only = Differs::Only {
            right: true,
            ended_after: Some(6),
        };
        assert!(swapped.findings.iter().any(|it| it.what == only));
        let pair = comparison.pair(6, [&left, &right]).unwrap();
        assert_eq!((pair.seq, pair.ends[1], pair.differs()), (7, None, true));
    }
}
