//! Which probe the kernel means by the number of a datagram that it has timestamped.
//!
//! Owns the numbers of one socket, which count all that it sends, whoever it is for. Knows nothing
//! of sockets, nor of what a timestamp is good for.

use std::collections::VecDeque;
use std::time::Duration;

use udping_core::time::ClientTime;

/// A probe that went out, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SentProbe {
    pub(crate) target: usize,
    /// Which of its sessions: the place may be another target's by now.
    pub(crate) session: u64,
    pub(crate) seq: u64,
}

/// How many wait for their timestamps at the most: some batches. The kernel has it as a datagram
/// leaves, so that more only wait where this host's own queue is long.
const MOST: usize = 256;

/// How long one waits. What is sent later by this host has no timestamp.
const LONGEST: Duration = Duration::from_secs(1);

/// After so many looks in a row that found nothing, the kernel is taken to give none: not every
/// interface has them.
const LOOKS: u32 = 16;

/// The numbers of what one socket has sent.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    /// The number of the first that waits.
    first: u32,
    /// Those from there on: `None` once its timestamp has come, or where its number has two
    /// meanings.
    waiting: VecDeque<Option<(ClientTime, SentProbe)>>,
    /// What still waits of the times before the kernel began from zero: `None` where its number
    /// has two meanings.
    before: VecDeque<(u32, ClientTime, Option<SentProbe>)>,
    awaited: usize,
    /// Looks in a row that found nothing.
    looks: u32,
}

impl Numbering {
    /// The next datagram went out at `now`.
    pub(crate) fn sent(&mut self, now: ClientTime, probe: SentProbe) {
        let gives_way = |waiting: &Option<(ClientTime, SentProbe)>| {
            waiting.is_none_or(|(at, _)| is_old(at, now))
        };
        while self.waiting.front().is_some_and(gives_way) || self.waiting.len() >= MOST {
            let gone = self.waiting.pop_front().flatten();
            self.awaited -= usize::from(gone.is_some());
            self.first = self.first.wrapping_add(1);
        }
        self.before.retain(|(_, at, _)| !is_old(*at, now));
        let number = self.next();
        let other = self.before.iter_mut().find(|(it, ..)| *it == number);
        let is_its_alone = other.is_none();
        if let Some((_, at, other)) = other {
            (*at, *other) = (now, None);
        }
        self.waiting.push_back(is_its_alone.then_some((now, probe)));
        self.awaited += usize::from(is_its_alone);
    }

    /// The kernel begins from zero again. What it has sent already may yet come under its old
    /// number.
    pub(crate) fn restart(&mut self) {
        let (first, waiting) = (self.first, std::mem::take(&mut self.waiting));
        let numbers = (0_u32..).map(|it| first.wrapping_add(it));
        let left = numbers.zip(waiting);
        self.before.extend(
            left.filter_map(|(number, it)| it.map(|(at, probe)| (number, at, Some(probe)))),
        );
        while self.before.len() > MOST {
            self.before.pop_front();
        }
        (self.first, self.awaited) = (0, 0);
    }

    /// The probe that the kernel counts as `number`, of which this is the timestamp.
    pub(crate) fn transmitted(&mut self, number: u32) -> Option<SentProbe> {
        self.looks = 0;
        let place = usize::try_from(number.wrapping_sub(self.first)).ok();
        let place = place.and_then(|it| self.waiting.get_mut(it));
        if let Some((_, probe)) = place.and_then(Option::take) {
            self.awaited -= 1;
            while self.waiting.front().is_some_and(Option::is_none) {
                self.waiting.pop_front();
                self.first = self.first.wrapping_add(1);
            }
            return Some(probe);
        }
        let before = self.before.iter_mut().find(|(it, ..)| *it == number);
        before.and_then(|(.., probe)| probe.take())
    }

    /// How many timestamps it is worth to look for.
    pub(crate) const fn awaited(&self) -> usize {
        if self.looks < LOOKS { self.awaited } else { 0 }
    }

    /// A look for them found nothing.
    pub(crate) const fn found_nothing(&mut self) {
        self.looks = self.looks.saturating_add(1);
    }

    fn next(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "there are few")]
        self.first.wrapping_add(self.waiting.len() as u32)
    }
}

fn is_old(at: ClientTime, now: ClientTime) -> bool {
    now.checked_since(at).is_some_and(|since| since > LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: ClientTime = ClientTime::from_nanos(5_000_000_000);

    fn probe(seq: u64) -> SentProbe {
        SentProbe {
            target: usize::try_from(seq % 7).unwrap(),
            session: seq % 3,
            seq,
        }
    }

    /// So many probes have gone out, numbered from 1; the kernel counts from 0.
    fn sent(count: u64) -> Numbering {
        let mut numbering = Numbering::default();
        for seq in 1..=count {
            numbering.sent(NOW, probe(seq));
        }
        numbering
    }

    #[test]
    fn each_number_is_one_probe_in_whatever_order_they_come_and_once() {
        let mut numbering = sent(4);
        for (number, seq) in [(2, 3), (0, 1), (1, 2), (3, 4)] {
            assert_eq!(numbering.transmitted(number), Some(probe(seq)));
            assert_eq!(numbering.transmitted(number), None, "it has come");
        }
        assert_eq!(numbering.transmitted(4), None, "nothing was sent yet");
        assert_eq!(numbering.awaited(), 0);
        assert!(numbering.waiting.is_empty());
        numbering.sent(NOW, probe(5));
        assert_eq!(numbering.transmitted(4), Some(probe(5)));
    }

    #[test]
    fn the_kernels_count_goes_on_at_zero_after_its_largest() {
        let mut numbering = Numbering {
            first: u32::MAX - 1,
            ..Numbering::default()
        };
        for seq in 1..=4 {
            numbering.sent(NOW, probe(seq));
        }
        for (number, seq) in [(u32::MAX - 1, 1), (1, 4), (0, 3), (u32::MAX, 2)] {
            assert_eq!(numbering.transmitted(number), Some(probe(seq)), "{number}");
        }
        numbering.sent(NOW, probe(5));
        assert_eq!(numbering.transmitted(2), Some(probe(5)));
    }

    #[test]
    fn a_timestamp_that_never_comes_holds_no_other_up_and_is_forgotten() {
        let mut numbering = sent(3);
        assert_eq!(numbering.transmitted(1), Some(probe(2)));
        assert_eq!(numbering.awaited(), 2);
        let later = NOW.saturating_add(LONGEST + Duration::from_nanos(1));
        numbering.sent(later, probe(4));
        assert_eq!(numbering.awaited(), 1);
        assert_eq!(numbering.transmitted(0), None, "too late");
        assert_eq!(numbering.transmitted(3), Some(probe(4)));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_give_way() {
        let most = MOST as u64;
        let mut numbering = sent(3 * most);
        assert_eq!(numbering.waiting.len(), MOST);
        assert_eq!(numbering.transmitted(0), None);
        let newest = u32::try_from(3 * most - 1).unwrap();
        assert_eq!(numbering.transmitted(newest), Some(probe(3 * most)));
        for _ in 0..3 {
            numbering.restart();
            for seq in 1..=most {
                numbering.sent(NOW, probe(seq));
            }
        }
        assert!(numbering.before.len() <= MOST && numbering.waiting.len() <= MOST);
    }

    #[test]
    fn a_number_from_before_a_restart_is_nobody_elses() {
        let mut numbering = sent(3);
        assert_eq!(numbering.transmitted(1), Some(probe(2)));
        numbering.restart();
        for seq in 11..=13 {
            numbering.sent(NOW, probe(seq));
        }
        // 0 and 2 could mean either.
        assert_eq!(numbering.transmitted(0), None);
        assert_eq!(numbering.transmitted(1), Some(probe(12)));
        numbering.restart();
        numbering.sent(NOW, probe(21));
        assert_eq!(numbering.transmitted(2), None, "of whichever of those two");
        assert_eq!(numbering.transmitted(0), None, "of any of three");
        numbering.restart();
        let later = NOW.saturating_add(LONGEST + Duration::from_nanos(1));
        numbering.sent(later, probe(31));
        assert_eq!(numbering.transmitted(0), Some(probe(31)), "long ago");
    }

    #[test]
    fn what_was_sent_before_a_restart_has_its_timestamp_yet() {
        let mut numbering = sent(9);
        numbering.restart();
        numbering.sent(NOW, probe(11));
        assert_eq!(numbering.transmitted(8), Some(probe(9)));
        assert_eq!(numbering.transmitted(8), None, "once");
    }

    #[test]
    fn where_the_kernel_gives_none_nobody_looks_until_it_does() {
        let mut numbering = sent(2);
        for _ in 0..LOOKS {
            assert_eq!(numbering.awaited(), 2);
            numbering.found_nothing();
        }
        assert_eq!(numbering.awaited(), 0);
        assert_eq!(numbering.transmitted(0), Some(probe(1)));
        assert_eq!(numbering.awaited(), 1);
    }
}
