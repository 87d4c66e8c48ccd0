//! What a filter finds in a run: one answer for table, ladder and plot.
//!
//! Owns the answer, and how it is found bit by bit, so that a page stays smooth on a million
//! probes. What a filter means is [`query`](super::query)'s.

use core::ops::Range;

use super::log::index;
use super::query::Query;
use super::run::Run;

/// One bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Bits {
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    fn new(length: usize) -> Self {
        Self {
            words: vec![0; length.div_ceil(64)],
            count: 0,
        }
    }

    fn set(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            let bit = 1 << (at % 64);
            self.count += usize::from(*word & bit == 0);
            *word |= bit;
        }
    }

    fn count_in(&self, range: Range<usize>) -> usize {
        let words = range.start / 64..range.end.div_ceil(64).min(self.words.len());
        let counts = words.map(|at| {
            let first = range.start.saturating_sub(at * 64).min(64);
            let last = range.end.saturating_sub(at * 64).min(64);
            let below = |bits: usize| {
                if bits < 64 {
                    (1_u64 << bits) - 1
                } else {
                    u64::MAX
                }
            };
            let word = self.words.get(at).copied().unwrap_or(0);
            (word & below(last) & !below(first)).count_ones() as usize
        });
        counts.sum()
    }

    fn get(&self, at: usize) -> bool {
        let word = self.words.get(at / 64).copied().unwrap_or(0);
        word >> (at % 64) & 1 == 1
    }
}

/// Which events and probes of a run a filter finds. An event is found where the filter holds; a
/// probe is if one of its events is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    /// `None` finds everything.
    some: Option<(Bits, Bits)>,
    events: usize,
    probes: usize,
}

impl Matches {
    /// Everything in a run.
    #[must_use]
    pub fn all(run: &Run) -> Self {
        Self {
            some: None,
            events: run.events(),
            probes: run.probes(),
        }
    }

    /// What a query finds in a run, at once.
    #[must_use]
    pub fn of(run: &Run, query: &Query) -> Self {
        let mut search = Search::begin(run, query.clone());
        search.advance(run, usize::MAX);
        search.found
    }

    /// There is no filter.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.some.is_none()
    }

    /// Whether the event at an index is found.
    #[must_use]
    pub fn event(&self, event: usize) -> bool {
        match &self.some {
            Some((events, _)) => events.get(event),
            None => event < self.events,
        }
    }

    /// Whether the probe at an index is found: what is not, ladder and plot dim.
    #[must_use]
    pub fn probe(&self, probe: usize) -> bool {
        match &self.some {
            Some((_, probes)) => probes.get(probe),
            None => probe < self.probes,
        }
    }

    /// How many events of a stretch are found.
    #[must_use]
    pub fn events_in(&self, events: Range<usize>) -> usize {
        match &self.some {
            Some((found, _)) => found.count_in(events),
            None => events.len(),
        }
    }

    /// How many events are found.
    #[must_use]
    pub fn events(&self) -> usize {
        self.some
            .as_ref()
            .map_or(self.events, |(events, _)| events.count)
    }

    /// How many probes are found.
    #[must_use]
    pub fn probes(&self) -> usize {
        self.some
            .as_ref()
            .map_or(self.probes, |(_, probes)| probes.count)
    }
}

/// A filter on its way through a run.
#[derive(Debug, Clone)]
pub struct Search {
    query: Query,
    found: Matches,
    next: usize,
}

impl Search {
    /// Begins to look for what `query` finds.
    #[must_use]
    pub fn begin(run: &Run, query: Query) -> Self {
        let mut found = Matches::all(run);
        if !query.is_empty() {
            found.some = Some((Bits::new(run.events()), Bits::new(run.probes())));
        }
        Self {
            query,
            found,
            next: 0,
        }
    }

    /// Looks at so many events more; false once all are looked at.
    pub fn advance(&mut self, run: &Run, events: usize) -> bool {
        let Some((found, probes)) = &mut self.found.some else {
            return false;
        };
        let end = self.next.saturating_add(events).min(run.events());
        let of_probe = &run.log().events.probe;
        for event in self.next..end {
            if self.query.holds(run, event) {
                found.set(event);
                if let Some(probe) = of_probe.get(event).copied().and_then(index) {
                    probes.set(probe);
                }
            }
        }
        self.next = end;
        end < run.events()
    }

    /// What is found so far.
    #[must_use]
    pub fn into_found(self) -> Matches {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::presets::Preset;

    #[test]
    fn a_search_in_pieces_finds_the_same() {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.count = 70;
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        for text in ["", "lost or rtt>90", "event:sent", "seq:9999"] {
            let query = Query::parse(text, &[]).unwrap();
            let whole = Matches::of(&run, &query);
            let mut search = Search::begin(&run, query.clone());
            let mut pieces = 1;
            while search.advance(&run, 7) {
                pieces += 1;
            }
            assert_eq!(search.into_found(), whole, "{text}");
            assert!(text.is_empty() || pieces > 20);
            let events = (0..run.events()).filter(|it| whole.event(*it));
            assert_eq!(events.count(), whole.events());
            for range in [
                0..run.events(),
                3..3,
                5..64,
                60..131,
                64..128,
                100..run.events(),
            ] {
                let counted = range.clone().filter(|it| whole.event(*it)).count();
                assert_eq!(whole.events_in(range), counted, "{text}");
            }
            let probes = (0..run.probes()).filter(|it| whole.probe(*it));
            assert_eq!(probes.count(), whole.probes());
            assert_eq!(whole.is_all(), text.is_empty());
        }
    }
}
