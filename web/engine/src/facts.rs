//! What became of each probe by the end of its run, a few bits each.
//!
//! Owns which outcomes a probe can be found by, and in which order the probes of one stand. How a
//! probe stands at a cursor, the log says.

use super::log::{Code, EventKind, Log, Symbol, index};

/// Something that became of a probe. A probe can have several: one that is late is lost, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Fact {
    /// Answered in time.
    Replied,
    /// No reply by the deadline, whether one came later or not.
    Lost,
    /// Answered after its deadline.
    Late,
    /// Its reply came more than once.
    Duplicate,
    /// Its reply came after one to a later probe (RFC 4737).
    Reordered,
    /// Something that names it changed nothing.
    Ignored,
    /// The network said that nobody listens.
    Refused,
    /// It could not be sent.
    Unsent,
    /// The run ended before it was settled.
    InFlight,
    /// The core decides something about it otherwise.
    Differs,
}

impl Fact {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Replied,
        Self::Lost,
        Self::Late,
        Self::Duplicate,
        Self::Reordered,
        Self::Ignored,
        Self::Refused,
        Self::Unsent,
        Self::InFlight,
        Self::Differs,
    ];

    /// The word that a filter knows it by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Replied => "replied",
            Self::Lost => "lost",
            Self::Late => "late",
            Self::Duplicate => "duplicate",
            Self::Reordered => "reordered",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
            Self::Unsent => "unsent",
            Self::InFlight => "in-flight",
            Self::Differs => "differs",
        }
    }

    /// The mark that stands for it; `None` for what has none of its own.
    #[must_use]
    pub const fn symbol(self) -> Option<Symbol> {
        Some(match self {
            Self::Replied => Symbol::Replied,
            Self::Lost => Symbol::Lost,
            Self::Late => Symbol::Late,
            Self::Duplicate => Symbol::Duplicate,
            Self::Ignored => Symbol::Ignored,
            Self::Refused => Symbol::Refused,
            Self::Unsent => Symbol::Unsent,
            Self::InFlight => Symbol::InFlight,
            Self::Reordered | Self::Differs => return None,
        })
    }

    const fn bit(self) -> u16 {
        1 << self as u8
    }

    /// The one that an event without a probe has by its mark.
    pub(crate) fn of_symbol(symbol: Symbol) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|fact| fact.symbol() == Some(symbol))
    }
}

/// The facts of all of a run's probes, by index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(Vec<u16>);

impl Facts {
    /// Those of `log`: one pass over its events.
    pub(crate) fn of(log: &Log) -> Self {
        let mut facts: Vec<u16> = vec![0; log.probes.seq.len()];
        let mut next_expected = 0;
        for (code, probe) in log.events.code.iter().zip(&log.events.probe) {
            let (Some(code), Some(probe)) = (Code::from_byte(*code), index(*probe)) else {
                continue;
            };
            let bits = match code.kind() {
                EventKind::Replied => Fact::Replied.bit(),
                EventKind::Lost => Fact::Lost.bit(),
                EventKind::Late => Fact::Late.bit() | Fact::Lost.bit(),
                EventKind::Duplicate => Fact::Duplicate.bit(),
                EventKind::Ignored => Fact::Ignored.bit(),
                EventKind::Refused => Fact::Refused.bit(),
                EventKind::Unsent => Fact::Unsent.bit(),
                _ => continue,
            };
            let mut order = 0;
            if matches!(code.kind(), EventKind::Replied | EventKind::Late) {
                let seq = log.probes.seq.get(probe).copied().unwrap_or(0);
                if seq < next_expected {
                    order = Fact::Reordered.bit();
                }
                next_expected = next_expected.max(seq.saturating_add(1));
            }
            if let Some(known) = facts.get_mut(probe) {
                *known |= bits | order;
            }
        }
        for (probe, bits) in facts.iter_mut().enumerate() {
            if log
                .probes
                .settled
                .get(probe)
                .copied()
                .and_then(index)
                .is_none()
                && *bits & Fact::Lost.bit() == 0
            {
                *bits |= Fact::InFlight.bit();
            }
            if log.differs(probe) {
                *bits |= Fact::Differs.bit();
            }
        }
        Self(facts)
    }

    /// Whether a fact is one of a probe's.
    #[must_use]
    pub fn has(&self, probe: usize, fact: Fact) -> bool {
        self.0.get(probe).is_some_and(|bits| bits & fact.bit() != 0)
    }

    /// The next probe that a fact holds of, after `probe` or before it.
    #[must_use]
    pub fn next_with(&self, fact: Fact, probe: Option<usize>, forward: bool) -> Option<usize> {
        let wanted = |probe: &usize| self.has(*probe, fact);
        if forward {
            let first = probe.map_or(0, |probe| probe + 1);
            (first..self.0.len()).find(|probe| wanted(probe))
        } else {
            let end = probe.unwrap_or(0).min(self.0.len());
            (0..end).rev().find(|probe| wanted(probe))
        }
    }
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::figures::Figures;
    use crate::presets::Preset;
    use crate::run::Run;

    #[test]
    fn facts_add_up_to_the_figures() {
        for preset in Preset::ALL {
            let mut setup = preset.setup(Seed::from_low_bits(7));
            setup.count = 300;
            setup.scenario.reply.duplicate = udping_link::Rate::from_ppm(200_000).unwrap();
            let run = Run::simulate(&setup.header().unwrap()).unwrap();
            let count = |fact| {
                (0..run.probes())
                    .filter(|it| run.facts().has(*it, fact))
                    .count() as u64
            };
            let figures = Figures::default().at(&run, run.after(run.events()));
            assert_eq!(count(Fact::Replied), figures.replied);
            assert_eq!(count(Fact::Lost), figures.lost);
            assert_eq!(count(Fact::Late), figures.late);
            assert_eq!(count(Fact::InFlight), 0);
            let reordered = figures.reordering.map_or(0, |it| it.reordered);
            assert_eq!(count(Fact::Reordered), reordered, "{preset:?}");
        }
    }

    #[test]
    fn the_next_and_the_previous_are_found_or_nothing_is() {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.count = 40;
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        let lost: Vec<usize> = (0..40)
            .filter(|it| run.facts().has(*it, Fact::Lost))
            .collect();
        let mut forward = Vec::new();
        let mut at = None;
        while let Some(next) = run.facts().next_with(Fact::Lost, at, true) {
            forward.push(next);
            at = Some(next);
        }
        assert_eq!(forward, lost);
        assert!(lost.len() > 5);
        assert_eq!(
            run.facts().next_with(Fact::Lost, Some(lost[3]), false),
            Some(lost[2])
        );
        assert_eq!(
            run.facts().next_with(Fact::Lost, Some(lost[0]), false),
            None
        );
        assert_eq!(run.facts().next_with(Fact::Lost, None, false), None);
    }
}
