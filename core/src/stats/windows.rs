//! The last ten seconds, the last minute, the last ten minutes.
//!
//! Owns the windows that roll along with an endless run, in constant memory: each is
//! cut into ten parts of equal length, and the oldest part gives way as a whole. Knows
//! no clock: every call brings its time, so a replay comes to the same figures.

use core::time::Duration;

use super::pending::{Pending, PendingReply};
use super::series::{Series, distribution};
use super::size::Size;
use super::summary::{self, Distribution, Ratio};
use crate::time::{ClientTime, saturating_nanos};

/// How many parts a window is cut into.
const PARTS: usize = 10;

/// The same, to reckon with.
const TENTHS: u64 = PARTS as u64;

/// What became of probes lately, beside the totals of [`Stats`](super::Stats).
///
/// Each probe counts at the moment that settled it: a reply when it came, a loss at its
/// deadline. A window spans at most its length and at least nine tenths of it, since it
/// begins with one of its ten parts. Times may come in any order; what is older than a
/// window has no place in it.
///
/// A window's percentiles are exact while each of its parts has no more samples than a
/// tenth of what a series of this [`Size`] keeps. Each of the thirty parts takes as much
/// memory as one series of [`Stats`](super::Stats), which has four: with
/// [`Full`](super::Full) it is 4 MiB on the heap, of which a quiet run touches little.
///
/// ```
/// use core::time::Duration;
/// use udping_core::stats::{Fleet, Windows};
/// use udping_core::time::ClientTime;
///
/// let at = |seconds: u64| ClientTime::from_nanos(seconds * 1_000_000_000);
/// let mut windows = Windows::<Fleet>::new();
/// windows.lost(at(3));
/// windows.replied(at(30), 2, Duration::from_millis(20));
///
/// let [ten_seconds, minute, _] = windows.figures(at(31));
/// assert_eq!((ten_seconds.replied, ten_seconds.lost), (1, 0));
/// assert_eq!((minute.replied, minute.lost), (1, 1));
/// assert_eq!(minute.loss().map(|loss| loss.to_string()).as_deref(), Some("50"));
/// ```
#[derive(Debug, Clone)]
pub struct Windows<Z: Size> {
    windows: [Window<Z>; 3],
    /// Those replies whose RTT is in no part yet, with their times.
    pending: Pending<ClientTime>,
}

/// What became of probes within one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowFigures {
    /// The window's length.
    pub span: Duration,
    /// Probes answered by their deadline.
    pub replied: u64,
    /// Probes with no reply by their deadline.
    pub lost: u64,
    /// Probes that the far end or a router said it could not deliver.
    pub refused: u64,
    /// Probes that could not be sent. They are in no other count.
    pub unsent: u64,
    /// RTTs of the replied.
    pub rtt: Option<Distribution>,
}

impl WindowFigures {
    /// Probes whose fate became known: `replied + lost + refused`.
    #[must_use]
    pub const fn settled(&self) -> u64 {
        self.replied
            .saturating_add(self.lost)
            .saturating_add(self.refused)
    }

    /// Packet loss: 1 − replied ÷ (settled + unsent), as the totals have it. `None` while
    /// there is neither.
    #[must_use]
    pub const fn loss(&self) -> Option<Ratio> {
        let unanswered = self.lost.saturating_add(self.refused);
        summary::loss(unanswered, self.settled(), self.unsent)
    }
}

impl<Z: Size> Windows<Z> {
    /// The windows' lengths.
    pub const SPANS: [Duration; 3] = [
        Duration::from_secs(10),
        Duration::from_mins(1),
        Duration::from_mins(10),
    ];

    /// Windows in which nothing has happened.
    #[must_use]
    pub fn new() -> Self {
        Self {
            windows: Self::SPANS.map(Window::new),
            pending: Pending::new(),
        }
    }

    /// Probe `seq` was answered in time at `at`, after `rtt` by this program's clock.
    pub fn replied(&mut self, at: ClientTime, seq: u64, rtt: Duration) {
        if let Some(reply) = self.pending.push(seq, saturating_nanos(rtt), at) {
            self.settle(&reply);
        }
    }

    /// The kernel says that the RTT of `seq` was `kernel`: as for
    /// [`Stats`](super::Stats::kernel_rtt), the best known.
    pub fn kernel_rtt(&mut self, seq: u64, kernel: Duration) {
        if self.pending.take_kernel_rtt(seq, saturating_nanos(kernel)) {
            while let Some(reply) = self.pending.pop_final() {
                self.settle(&reply);
            }
        }
    }

    fn settle(&mut self, reply: &PendingReply<ClientTime>) {
        self.note(reply.with, |part| part.rtt.record(reply.rtt));
    }

    /// A probe had no reply by `deadline`.
    pub fn lost(&mut self, deadline: ClientTime) {
        self.note(deadline, |part| part.lost += 1);
    }

    /// Someone said at `at` that a probe could not be delivered.
    pub fn refused(&mut self, at: ClientTime) {
        self.note(at, |part| part.refused += 1);
    }

    /// A probe could not be sent, which was known at `at`.
    pub fn unsent(&mut self, at: ClientTime) {
        self.note(at, |part| part.unsent += 1);
    }

    /// The figures as they stand at `now`, in the order of [`Windows::SPANS`]. This looks
    /// through all samples: for a display to ask now and then.
    #[must_use]
    pub fn figures(&self, now: ClientTime) -> [WindowFigures; 3] {
        self.windows
            .each_ref()
            .map(|window| window.figures(now, &self.pending))
    }

    fn note(&mut self, at: ClientTime, change: impl Fn(&mut Part<Z>)) {
        for window in &mut self.windows {
            if let Some(part) = window.part(at.as_nanos()) {
                change(part);
            }
        }
    }
}

impl<Z: Size> Default for Windows<Z> {
    fn default() -> Self {
        Self::new()
    }
}

/// One window.
#[derive(Debug, Clone)]
struct Window<Z: Size> {
    /// How long a part is.
    width: u64,
    /// Which part since time zero is the newest there is.
    newest: u64,
    /// When that one begins.
    begins: u64,
    /// Its place.
    place: usize,
    /// The newest ones, each in the place of its number modulo their number.
    parts: [Part<Z>; PARTS],
}

/// What was settled within one part of a window.
#[derive(Debug, Clone)]
struct Part<Z: Size> {
    lost: u64,
    refused: u64,
    unsent: u64,
    rtt: Series<Z>,
}

impl<Z: Size> Part<Z> {
    fn new() -> Self {
        Self {
            lost: 0,
            refused: 0,
            unsent: 0,
            rtt: Series::part_of(PARTS),
        }
    }

    /// Begins again, empty, in the same room.
    const fn clear(&mut self) {
        (self.lost, self.refused, self.unsent) = (0, 0, 0);
        self.rtt.clear();
    }
}

impl<Z: Size> Window<Z> {
    fn new(span: Duration) -> Self {
        Self {
            width: saturating_nanos(span) / TENTHS,
            newest: 0,
            begins: 0,
            place: 0,
            parts: core::array::from_fn(|_| Part::new()),
        }
    }

    /// The part that `at` belongs to; `None` if it has given way.
    fn part(&mut self, at: u64) -> Option<&mut Part<Z>> {
        // Nearly always, which spares the division.
        if at
            .checked_sub(self.begins)
            .is_some_and(|age| age < self.width)
        {
            return self.parts.get_mut(self.place);
        }
        let number = at / self.width;
        if number > self.newest {
            let first = self.newest.max(number.saturating_sub(TENTHS)) + 1;
            for given_up in first..=number {
                self.parts[index(given_up)].clear();
            }
            self.newest = number;
            self.begins = number * self.width;
            self.place = index(number);
        }
        (number + TENTHS > self.newest).then(|| &mut self.parts[index(number)])
    }

    fn figures(&self, now: ClientTime, pending: &Pending<ClientTime>) -> WindowFigures {
        let number = |at: ClientTime| at.as_nanos() / self.width;
        let waits = pending.iter().map(|reply| number(reply.with));
        let last = waits.fold(self.newest.max(number(now)), u64::max);
        let first = last.saturating_sub(TENTHS - 1);
        let numbers = first..=self.newest;
        let parts = numbers.clone().map(|number| &self.parts[index(number)]);
        let sum = |count: fn(&Part<Z>) -> u64| parts.clone().map(count).sum();
        // Those that wait count by the best known so far.
        let waiting = pending.rtts(|reply| number(reply.with) >= first);
        let rtts = parts.clone().map(|part| &part.rtt);
        let rtt = distribution(rtts, waiting.as_slice());
        WindowFigures {
            span: Duration::from_nanos(self.width * TENTHS),
            replied: rtt.as_ref().map_or(0, |rtt| rtt.n),
            lost: sum(|part| part.lost),
            refused: sum(|part| part.refused),
            unsent: sum(|part| part.unsent),
            rtt,
        }
    }
}

const fn index(number: u64) -> usize {
    (number % TENTHS) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Outcome;
    use crate::stats::Small;
    use proptest::prelude::*;
    use std::boxed::Box;
    use std::vec::Vec;

    const SECOND: u64 = 1_000_000_000;

    fn at(nanos: u64) -> ClientTime {
        ClientTime::from_nanos(nanos)
    }

    #[test]
    fn a_window_reaches_back_nine_tenths_at_least_and_all_of_it_at_most() {
        let mut windows = Box::new(Windows::<Small>::new());
        windows.lost(at(5 * SECOND));
        let lost = |now: u64| windows.figures(at(now)).map(|window| window.lost);
        assert_eq!(lost(5 * SECOND), [1, 1, 1]);
        assert_eq!(lost(15 * SECOND - 1), [1, 1, 1], "ten seconds less 1 ns");
        assert_eq!(lost(15 * SECOND), [0, 1, 1]);
        assert_eq!(
            lost(59 * SECOND),
            [0, 1, 1],
            "0 s to 6 s is one part of the minute"
        );
        assert_eq!(lost(60 * SECOND), [0, 0, 1]);
        assert_eq!(lost(u64::MAX), [0, 0, 0]);
    }

    #[test]
    fn a_loss_that_a_late_reply_shows_counts_at_its_deadline() {
        let late = Outcome::Late {
            seq: 1,
            rtt: Duration::from_secs(19),
            verified: true,
            newly_lost: true,
        };
        let mut windows = Box::new(Windows::<Small>::new());
        // Sent at 1 s, lost at 2 s; the client was stopped meanwhile.
        late.roll(at(20 * SECOND), Duration::from_secs(1), &mut windows);
        let lost = windows.figures(at(20 * SECOND)).map(|window| window.lost);
        assert_eq!(lost, [0, 1, 1]);
    }

    #[test]
    fn the_end_of_time_and_a_way_back_are_survived() {
        let mut windows = Box::new(Windows::<Small>::new());
        windows.replied(at(u64::MAX), 1, Duration::MAX);
        windows.refused(at(0));
        windows.unsent(at(u64::MAX));
        let [window, ..] = windows.figures(at(0));
        assert_eq!((window.replied, window.refused, window.unsent), (1, 0, 1));
        assert_eq!(window.rtt.map(|rtt| rtt.max_ns), Some(u64::MAX));
        assert_eq!(window.loss(), Ratio::new(1, 2));
    }

    #[test]
    fn what_could_not_be_sent_is_lost_and_where_nothing_happened_there_is_no_loss() {
        let mut windows = Box::new(Windows::<Small>::new());
        let [window, ..] = windows.figures(at(1));
        assert_eq!(window.loss(), None);
        windows.unsent(at(1));
        let [window, ..] = windows.figures(at(1));
        assert_eq!(
            (window.loss(), window.rtt, window.settled()),
            (Ratio::new(1, 1), None, 0)
        );
    }

    #[derive(Debug, Clone, Copy)]
    enum Happening {
        Replied(u64),
        Lost,
        Refused,
        Unsent,
    }

    fn happening() -> impl Strategy<Value = Happening> {
        prop_oneof![
            6 => (0..1_u64 << 40, 0..40_u32).prop_map(|(rtt, shift)| Happening::Replied(rtt >> shift)),
            2 => Just(Happening::Lost),
            1 => Just(Happening::Refused),
            1 => Just(Happening::Unsent),
        ]
    }

    /// Steps ahead of every length that matters, and some back.
    fn happenings() -> impl Strategy<Value = Vec<(u64, Happening)>> {
        let step = prop_oneof![0..SECOND, 0..30 * SECOND, 0..2_000 * SECOND,];
        prop::collection::vec((step, 0..3 * SECOND, happening()), 1..200).prop_map(|steps| {
            let mut now = 0;
            let happened = steps.into_iter().map(|(step, back, what)| {
                now += step;
                (now.saturating_sub(back), what)
            });
            happened.collect()
        })
    }

    /// Some replies have an RTT by the kernel's clock too.
    fn by_kernel(rtt: u64) -> Option<u64> {
        rtt.is_multiple_of(3).then_some(rtt / 2)
    }

    proptest! {
        /// Against the definition, word for word: keep all, and look at what is left.
        #[test]
        fn windows_are_what_a_list_of_everything_says(
            happened in happenings(),
            later in 0..700 * SECOND,
        ) {
            let mut windows = Box::new(Windows::<Small>::new());
            for (seq, &(time, what)) in (1..).zip(&happened) {
                match what {
                    Happening::Replied(rtt) => {
                        windows.replied(at(time), seq, Duration::from_nanos(rtt));
                        if let Some(kernel) = by_kernel(rtt) {
                            windows.kernel_rtt(seq, Duration::from_nanos(kernel));
                        }
                    }
                    Happening::Lost => windows.lost(at(time)),
                    Happening::Refused => windows.refused(at(time)),
                    Happening::Unsent => windows.unsent(at(time)),
                }
            }
            let now = happened.iter().map(|(time, _)| *time).max().unwrap() + later;
            for (told, span) in windows.figures(at(now)).into_iter().zip(Windows::<Small>::SPANS) {
                let width = saturating_nanos(span) / 10;
                let inside: Vec<Happening> = happened
                    .iter()
                    .filter(|(time, _)| time / width + 10 > now / width)
                    .map(|(_, what)| *what)
                    .collect();
                let count = |which: fn(&Happening) -> bool| {
                    inside.iter().filter(|what| which(what)).count() as u64
                };
                prop_assert_eq!(told.span, span);
                prop_assert_eq!(told.lost, count(|it| matches!(it, Happening::Lost)));
                prop_assert_eq!(told.refused, count(|it| matches!(it, Happening::Refused)));
                prop_assert_eq!(told.unsent, count(|it| matches!(it, Happening::Unsent)));
                let mut rtts: Vec<u64> = inside
                    .iter()
                    .filter_map(|what| match what {
                        Happening::Replied(rtt) => Some(by_kernel(*rtt).unwrap_or(*rtt)),
                        _ => None,
                    })
                    .collect();
                rtts.sort_unstable();
                prop_assert_eq!(told.replied, rtts.len() as u64);
                let Some(rtt) = told.rtt else {
                    prop_assert!(rtts.is_empty());
                    continue;
                };
                prop_assert_eq!(rtt.n, told.replied);
                prop_assert_eq!(rtt.min_ns, rtts[0]);
                prop_assert_eq!(rtt.max_ns, rtts[rtts.len() - 1]);
                prop_assert_eq!(rtt.mean_ns, rtts.iter().sum::<u64>() / rtt.n);
                for (permille, told) in [(500, rtt.p50_ns), (990, rtt.p99_ns)] {
                    let exact = rtts[(rtts.len() * permille).div_ceil(1000) - 1];
                    let error = u128::from(told.abs_diff(exact)) * 1_000_000;
                    let bound = u128::from(exact) * u128::from(rtt.percentile_error_ppm);
                    prop_assert!(error <= bound, "{told} for {exact}");
                }
            }
        }
    }
}
