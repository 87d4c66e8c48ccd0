//! How often each RTT occurred up to the cursor, in bins that stay where they are.
//!
//! Owns the bins' bounds. What an RTT is, the log has.

use super::log::{Cursor, EventKind, Log};
use super::order::ordered;
use super::run::Run;
use super::scale::{float, nice_step};

/// A histogram of a run's RTTs. Make it once for each run: its axis is the whole
/// run's, so that bars grow in place while the cursor moves.
#[derive(Debug, Clone)]
pub struct Histogram {
    bins: Vec<Bin>,
    index: usize,
    /// The bins' counts at every [`STRIDE`]-th event: replied, then late.
    checkpoints: Vec<Vec<[u32; 2]>>,
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// The least RTT in it.
    pub from_ns: u64,
    /// The RTT from which the next one begins.
    pub until_ns: u64,
    /// How many replies in time.
    pub replied: u32,
    /// How many late ones.
    pub late: u32,
}

/// About as many bars as a narrow panel can show.
const BINS: f64 = 30.0;
const STRIDE: usize = 16_384;

impl Histogram {
    /// The bins of `run`.
    #[must_use]
    pub fn new(run: &Run) -> Self {
        let log = run.log();
        let mut histogram = Self {
            bins: axis(log),
            index: 0,
            checkpoints: Vec::new(),
        };
        for event in 0..run.events() {
            if event % STRIDE == 0 {
                histogram.checkpoints.push(histogram.counts());
            }
            histogram.count(log, event);
        }
        histogram.restore(0);
        histogram
    }

    /// The bars at `cursor`. The last one also has everything above it, the first one
    /// everything below.
    pub fn at(&mut self, run: &Run, cursor: Cursor) -> &[Bin] {
        let near = cursor.index >= self.index && cursor.index - self.index <= STRIDE;
        if !near {
            self.restore(cursor.index / STRIDE);
        }
        for event in self.index..cursor.index {
            self.count(run.log(), event);
        }
        self.index = self.index.max(cursor.index);
        &self.bins
    }

    fn counts(&self) -> Vec<[u32; 2]> {
        let counts = self.bins.iter().map(|bin| [bin.replied, bin.late]);
        counts.collect()
    }

    fn restore(&mut self, checkpoint: usize) {
        let last = checkpoint.min(self.checkpoints.len().saturating_sub(1));
        self.index = last * STRIDE;
        let none: &[[u32; 2]] = &[];
        let counts = self.checkpoints.get(last).map_or(none, Vec::as_slice);
        for (bin, [replied, late]) in self.bins.iter_mut().zip(counts) {
            (bin.replied, bin.late) = (*replied, *late);
        }
    }

    fn count(&mut self, log: &Log, event: usize) {
        let Some((rtt, late)) = sample(log, event) else {
            return;
        };
        // They are all of one width.
        let first = self.bins.first().copied();
        let width = first.map_or(0, |bin| bin.until_ns - bin.from_ns);
        let above = first.map_or(0, |bin| rtt.saturating_sub(bin.from_ns));
        let index = usize::try_from(above.checked_div(width).unwrap_or(0)).unwrap_or(usize::MAX);
        let last = self.bins.len().saturating_sub(1);
        if let Some(bin) = self.bins.get_mut(index.min(last)) {
            let count = if late {
                &mut bin.late
            } else {
                &mut bin.replied
            };
            *count = count.saturating_add(1);
        }
    }
}

/// An event's RTT, and whether it was late.
fn sample(log: &Log, event: usize) -> Option<(u64, bool)> {
    let late = match log.code(event)?.kind() {
        EventKind::Replied => false,
        EventKind::Late => true,
        _ => return None,
    };
    Some((*log.events.value.get(event)?, late))
}

/// Empty bins from the least RTT to nearly the greatest: one in two hundred may lie
/// above, so that one stray reply does not press all others into one bar.
fn axis(log: &Log) -> Vec<Bin> {
    let samples = (0..log.events.at.len()).filter_map(|event| sample(log, event));
    let all: Vec<u64> = samples.map(|(rtt, _)| rtt).collect();
    let Some(low) = all.iter().copied().min() else {
        return Vec::new();
    };
    // Of very many, one in so many tells as much.
    let some = all.iter().copied().step_by(1 + all.len() / 65_536);
    let above = some.len() / 200;
    let high = ordered(some.clone()).nth(some.len() - 1 - above);
    let most = high.and_then(|at| some.clone().nth(at)).unwrap_or(low);
    let step = nice_step(float(most - low) / BINS);
    let first = low / step * step;
    let bins = core::iter::successors(Some(first), |from| from.checked_add(step));
    let bins = bins.take_while(|from| *from <= most);
    bins.map(|from_ns| Bin {
        from_ns,
        until_ns: from_ns.saturating_add(step),
        replied: 0,
        late: 0,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;
    use crate::figures::Figures;
    use crate::presets::Preset;

    #[test]
    fn every_reply_up_to_the_cursor_is_in_one_bar_however_one_comes_there() {
        let mut setup = Preset::HomeWifi.setup(Seed::from_low_bits(4));
        (setup.count, setup.timeout_ns) = (12_000, 30_000_000);
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        assert!(run.events() > 2 * STRIDE);
        let mut moving = Histogram::new(&run);
        for share in [3, 4, 0, 10, 7, 7, 1, 9, 10] {
            let cursor = run.step(Cursor::default(), (run.events() * share / 10).cast_signed());
            let bars = moving.at(&run, cursor).to_vec();
            assert_eq!(bars, Histogram::new(&run).at(&run, cursor));
            let figures = Figures::default().at(&run, cursor);
            assert_eq!(
                bars.iter().map(|bar| u64::from(bar.replied)).sum::<u64>(),
                figures.replied
            );
            assert_eq!(
                bars.iter().map(|bar| u64::from(bar.late)).sum::<u64>(),
                figures.late
            );
            assert!((10..=80).contains(&bars.len()));
            assert!(
                bars.windows(2)
                    .all(|pair| pair[0].until_ns == pair[1].from_ns)
            );
        }
    }

    #[test]
    fn a_bar_has_what_lies_in_it() {
        let run = Run::simulate(
            &Preset::Satellite
                .setup(Seed::from_low_bits(4))
                .header()
                .unwrap(),
        )
        .unwrap();
        let end = run.after(run.events());
        let mut histogram = Histogram::new(&run);
        for bar in histogram.at(&run, end).split_last().unwrap().1 {
            let inside = (0..run.probes()).filter_map(|at| run.probe(at, end)?.rtt_ns);
            let inside = inside.filter(|rtt| (bar.from_ns..bar.until_ns).contains(rtt));
            assert_eq!(inside.count(), (bar.replied + bar.late) as usize);
        }
    }

    #[test]
    fn without_replies_there_are_no_bars() {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(4));
        setup.scenario.request.loss = udping_link::Loss::Independent(udping_link::Rate::ALWAYS);
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        assert!(
            Histogram::new(&run)
                .at(&run, run.after(run.events()))
                .is_empty()
        );
    }
}
