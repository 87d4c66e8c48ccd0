//! What a graded program made of its packets, as a run of its own: to lie beside what a right
//! client decides on the same ones.
//!
//! Owns where a printed line stands in time. What shows a bug, the journal says.

use udping_journal::Printed;

use super::log::{Code, EventKind, Log, index, index_u32};
use super::order::ordered;
use super::run::{Recorded, Run};

impl Run {
    /// What the program made of this graded run, if this is one.
    #[must_use]
    pub fn program_run(&self) -> Option<Self> {
        self.header().graded.as_ref()?;
        let read = self.read_from_journal()?;
        if read.of_program {
            return None;
        }
        let recorded = Recorded {
            log: log(self.log(), &read.printed, self.header().timeout_ns),
            of_program: true,
            ..Recorded::default()
        };
        Some(Self::recorded(self.header().clone(), recorded))
    }

    /// Whether it is such a run.
    #[must_use]
    pub fn is_of_program(&self) -> bool {
        self.read_from_journal().is_some_and(|it| it.of_program)
    }

    /// The number of the first probe at which a graded program's bug shows.
    #[must_use]
    pub fn first_bug(&self) -> Option<u64> {
        let printed = &self.read_from_journal()?.printed;
        let wrong = printed.iter().find(|it| it.bug.is_some())?;
        Some(wrong.printed)
    }
}

/// The same probes, each with what was printed of it: a reply when it came as the program has
/// it, a loss at its deadline; and nothing before it was printed.
fn log(client: &Log, printed: &[Printed], timeout_ns: u64) -> Log {
    let end = client.events.at.last().copied().unwrap_or(0);
    let sent = client.probes.seq.iter().zip(&client.probes.sent);
    let sent = sent.filter_map(|(seq, event)| Some((*seq, *client.events.at.get(index(*event)?)?)));
    let sent: Vec<(u64, u64)> = sent.collect();
    let probe = |seq: u64| sent.iter().position(|it| it.0 == seq);
    let mut rows: Vec<(u64, Option<&Printed>, usize)> = Vec::new();
    rows.extend((0..sent.len()).filter_map(|it| Some((sent.get(it)?.1, None, it))));
    for line in printed {
        let Some((at, place)) = probe(line.printed).and_then(|it| Some((sent.get(it)?.1, it)))
        else {
            continue;
        };
        let after = line.rtt_ns.unwrap_or(timeout_ns);
        let shown = at.saturating_add(after).min(line.at_ns).max(at);
        rows.push((shown, Some(line), place));
    }
    let mut log = Log::default();
    for row in ordered(rows.iter().map(|it| it.0)) {
        match rows.get(row) {
            Some((at, None, place)) => {
                let seq = sent.get(*place).map_or(0, |it| it.0);
                log.push_sent(*at, seq, *at);
            }
            Some((at, Some(line), place)) => {
                let (kind, value) = match line.rtt_ns {
                    Some(rtt) => (EventKind::Replied, rtt),
                    None => (EventKind::Lost, *at),
                };
                log.push(*at, Code::new(kind), Some(index_u32(*place)), value);
            }
            None => {}
        }
    }
    log.push(end, Code::new(EventKind::Done), None, 0);
    log
}

#[cfg(test)]
mod tests {
    use crate::compare::Comparison;
    use crate::history::History;
    use crate::loader::Loader;
    use crate::log::Symbol;
    use crate::transferable::TransferableRun;

    const JOURNAL: &str = r#"{"udping":"journal","version":2,"kind":"graded","tool":"t","wire":"textbook","schedule":"on_demand","count":2,"timeout_ns":1000,"late_window_ns":1000,"timestamp_key":0,"table_entries":16,"graded":{"program":"./client","scenario":"late","bugs":["late-credited"]}}
{"sent":1,"at_ns":10,"due_ns":10}
{"lost":1,"at_ns":1011,"deadline_ns":1010}
{"printed":1,"at_ns":1012,"line":"Request timed out"}
{"sent":2,"at_ns":1013,"due_ns":1013}
{"reply":1,"at_ns":1310,"late_ns":1300}
{"printed":2,"at_ns":1320,"line":"RTT 297 ns","rtt_ns":297,"bug":"late-credited"}
{"lost":2,"at_ns":2014,"deadline_ns":2013}
{"done":true,"at_ns":3014}
"#;

    #[test]
    fn a_graded_journal_has_the_right_client_and_the_program_beside_it() {
        let mut loader = Loader::new();
        loader.feed(JOURNAL.as_bytes()).unwrap();
        let run = loader.finish().unwrap();
        assert_eq!(run.report().map(|it| it.differences), Some(0));
        // What the page gets, the worker has sent.
        let run = TransferableRun::of(&run).unwrap().unpack().unwrap();
        assert_eq!(run.first_bug(), Some(2));
        let history = History::of_all(run);
        let [right, program] = history.branches() else {
            panic!("{:?}", history.branches().len());
        };
        assert!(program.run.is_of_program() && !right.run.is_of_program());
        let comparison = Comparison::of(&right.run, &program.run);
        let ends: Vec<_> = comparison
            .changes
            .iter()
            .map(|it| (it.seq, it.left, it.right))
            .collect();
        assert_eq!(
            ends,
            [
                (
                    1,
                    Some((Symbol::Late, Some(1300))),
                    Some((Symbol::Lost, None))
                ),
                (
                    2,
                    Some((Symbol::Lost, None)),
                    Some((Symbol::Replied, Some(297)))
                ),
            ]
        );
    }
}
