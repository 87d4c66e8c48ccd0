//! Replies whose kernel timestamps may still come.
//!
//! Owns the newest replies in order of arrival, until the best RTT known of each is final.
//! Knows nothing of what is done with it then.

/// How many replies wait at the most: more than come between a reply and its timestamp.
const ROOM: usize = 16;

/// A reply in time.
#[derive(Debug, Clone, Copy)]
pub(super) struct PendingReply<T> {
    pub(super) seq: u64,
    /// The best RTT known of it, in nanoseconds.
    pub(super) rtt: u64,
    /// It is the kernel's, and so final.
    by_kernel: bool,
    /// What belongs to it.
    pub(super) with: T,
}

/// The best known RTTs of replies that wait, in no order.
pub(super) struct PendingRtts {
    rtts: [u64; ROOM],
    len: usize,
}

impl PendingRtts {
    pub(super) fn as_slice(&self) -> &[u64] {
        &self.rtts[..self.len]
    }
}

/// The replies that wait, in a ring.
#[derive(Debug, Clone)]
pub(super) struct Pending<T> {
    replies: [Option<PendingReply<T>>; ROOM],
    first: usize,
    len: usize,
}

impl<T: Copy> Pending<T> {
    pub(super) const fn new() -> Self {
        Self {
            replies: [None; ROOM],
            first: 0,
            len: 0,
        }
    }

    /// Takes the reply to `seq`, after `rtt` nanoseconds by this program's clock. Where there
    /// is no room, the oldest one waits no longer, and is returned.
    #[inline]
    pub(super) fn push(&mut self, seq: u64, rtt: u64, with: T) -> Option<PendingReply<T>> {
        let newest = Some(PendingReply {
            seq,
            rtt,
            by_kernel: false,
            with,
        });
        // Where all places are taken, that is the oldest one's.
        let place = &mut self.replies[(self.first + self.len) % ROOM];
        let oldest = core::mem::replace(place, newest);
        if self.len == ROOM {
            self.first = (self.first + 1) % ROOM;
        } else {
            self.len += 1;
        }
        oldest
    }

    /// The kernel says that the RTT of `seq` was `kernel` nanoseconds. Whether it waited.
    pub(super) fn take_kernel_rtt(&mut self, seq: u64, kernel: u64) -> bool {
        let waiting = |reply: &&mut PendingReply<T>| reply.seq == seq && !reply.by_kernel;
        let Some(reply) = self.replies.iter_mut().flatten().find(waiting) else {
            return false;
        };
        (reply.rtt, reply.by_kernel) = (kernel, true);
        true
    }

    /// The oldest one, if its RTT is final.
    pub(super) fn pop_final(&mut self) -> Option<PendingReply<T>> {
        self.replies[self.first]
            .filter(|reply| reply.by_kernel)
            .and_then(|_| self.pop())
    }

    fn pop(&mut self) -> Option<PendingReply<T>> {
        let reply = self.replies[self.first].take()?;
        self.first = (self.first + 1) % ROOM;
        self.len -= 1;
        Some(reply)
    }

    /// The RTTs of those that are `wanted`.
    pub(super) fn rtts(&self, wanted: impl Fn(&PendingReply<T>) -> bool) -> PendingRtts {
        let (mut rtts, mut len) = ([0; ROOM], 0);
        for reply in self.iter().filter(|reply| wanted(reply)) {
            rtts[len] = reply.rtt;
            len += 1;
        }
        PendingRtts { rtts, len }
    }

    /// Those that wait, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &PendingReply<T>> + Clone {
        let (newer, older) = self.replies.split_at(self.first);
        older.iter().chain(newer).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn waiting(pending: &Pending<()>) -> Vec<(u64, u64)> {
        pending.iter().map(|it| (it.seq, it.rtt)).collect()
    }

    #[test]
    fn replies_leave_in_order_of_arrival_once_their_rtt_is_final() {
        let mut pending = Pending::new();
        for seq in 1..=3 {
            assert!(pending.push(seq, 100 * seq, ()).is_none());
        }
        assert!(pending.take_kernel_rtt(2, 150));
        assert!(pending.pop_final().is_none(), "1 is before it");
        assert!(pending.take_kernel_rtt(1, 50));
        assert!(!pending.take_kernel_rtt(1, 40), "it has one");
        assert!(!pending.take_kernel_rtt(9, 40), "it does not wait");
        let left: Vec<_> = core::iter::from_fn(|| pending.pop_final()).collect();
        let left: Vec<_> = left.iter().map(|it| (it.seq, it.rtt)).collect();
        assert_eq!(left, [(1, 50), (2, 150)]);
        assert_eq!(waiting(&pending), [(3, 300)]);
    }

    #[test]
    fn the_oldest_gives_way_in_constant_memory() {
        let mut pending = Pending::new();
        let gone: Vec<u64> = (0..40)
            .filter_map(|seq| pending.push(seq, seq, ()).map(|it| it.seq))
            .collect();
        assert_eq!(gone, (0..24).collect::<Vec<_>>());
        assert_eq!(
            waiting(&pending),
            (24..40).map(|it| (it, it)).collect::<Vec<_>>()
        );
    }
}
