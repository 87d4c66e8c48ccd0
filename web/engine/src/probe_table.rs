//! The table of probes: which rows there are, and in which order.
//!
//! Owns the order. What a row says is the log's.

use super::facts::Fact;
use super::filter::Matches;
use super::log::{index, index_u32};
use super::order::ordered;
use super::query::Field;
use super::run::Run;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The probe's number.
    Seq,
    /// When it was sent.
    Sent,
    /// What became of it.
    Outcome,
    /// Its RTT.
    Rtt,
    /// From the client to the server.
    There,
    /// In the server.
    Server,
    /// From the server to the client.
    Back,
}

impl Column {
    /// All, from left to right.
    pub const ALL: [Self; 7] = [
        Self::Seq,
        Self::Sent,
        Self::Outcome,
        Self::Rtt,
        Self::There,
        Self::Server,
        Self::Back,
    ];

    /// Its name for a program.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seq => "seq",
            Self::Sent => "sent",
            Self::Outcome => "outcome",
            Self::Rtt => "rtt",
            Self::There => "there",
            Self::Server => "server",
            Self::Back => "back",
        }
    }

    /// What a probe stands by in it; `None` if it has no value there.
    fn key(self, run: &Run, probe: usize) -> Option<u64> {
        let log = run.log();
        let sent = index(*log.probes.sent.get(probe)?)?;
        match self {
            Self::Seq => Field::Seq.value(run, sent),
            Self::Sent => Field::Sent.value(run, sent),
            Self::Rtt => Field::Rtt.value(run, sent),
            Self::There => Field::There.value(run, sent),
            Self::Server => Field::Server.value(run, sent),
            Self::Back => Field::Back.value(run, sent),
            // The worst of what became of it.
            Self::Outcome => [
                Fact::InFlight,
                Fact::Unsent,
                Fact::Refused,
                Fact::Late,
                Fact::Lost,
                Fact::Duplicate,
                Fact::Reordered,
                Fact::Ignored,
                Fact::Replied,
            ]
            .iter()
            .zip(0..)
            .find(|(fact, _)| run.facts().has(probe, **fact))
            .map(|(_, rank)| rank),
        }
    }
}

/// How the table is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By which column.
    pub column: Column,
    /// The greatest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            column: Column::Seq,
            descending: false,
        }
    }
}

/// The probes that a filter leaves, in the order of a column; those without a value there are last.
#[derive(Debug, Clone, Default)]
pub struct ProbeTable(Vec<u32>);

impl ProbeTable {
    /// The table of what is found in `run`.
    #[must_use]
    pub fn new(run: &Run, found: &Matches, sort: Sort) -> Self {
        let probes: Vec<usize> = (0..run.probes())
            .filter(|probe| found.probe(*probe))
            .collect();
        let key = |probe: &usize| sort.column.key(run, *probe);
        let of = |at: usize| probes.get(at).copied().map(index_u32);
        // Equal ones keep their order whichever way the column goes.
        let keys = probes
            .iter()
            .map(|probe| match (key(probe), sort.descending) {
                (None, _) => u64::MAX,
                (Some(key), false) => key,
                (Some(key), true) => u64::MAX - 1 - key.min(u64::MAX - 1),
            });
        Self(ordered(keys).filter_map(of).collect())
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// There is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The probe in a row.
    #[must_use]
    pub fn probe(&self, row: usize) -> Option<usize> {
        self.0.get(row).copied().and_then(index)
    }

    /// The row of a probe, if it has one.
    #[must_use]
    pub fn row(&self, probe: usize) -> Option<usize> {
        let probe = index_u32(probe);
        self.0.iter().position(|row| *row == probe)
    }
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;
    use crate::query::Query;

    #[test]
    fn every_column_sorts_both_ways_and_nothing_comes_last() {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.count = 80;
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        for text in ["", "lost or rtt>90"] {
            let found = Matches::of(&run, &Query::parse(text, &[]).unwrap());
            for (column, descending) in Column::ALL
                .into_iter()
                .flat_map(|column| [(column, false), (column, true)])
            {
                let table = ProbeTable::new(&run, &found, Sort { column, descending });
                assert_eq!(table.len(), found.probes());
                let keys: Vec<_> = (0..table.len())
                    .map(|row| {
                        let probe = table.probe(row).unwrap();
                        assert_eq!(table.row(probe), Some(row));
                        column.key(&run, probe)
                    })
                    .collect();
                let some = keys.iter().take_while(|key| key.is_some()).count();
                assert!(keys.iter().skip(some).all(Option::is_none), "{column:?}");
                let (some, _) = keys.split_at(some);
                if descending {
                    assert!(some.is_sorted_by(|one, other| one >= other));
                } else {
                    assert!(some.is_sorted());
                }
            }
        }
    }
}
