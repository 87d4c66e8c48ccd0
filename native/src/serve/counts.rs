//! What a reflector did, in numbers and as a line.
//!
//! Owns how several threads' counts become one. What is counted, and when, is the core's and
//! `service`'s.

use std::fmt;
use std::ops::AddAssign;

use udping_core::guard::DropReason;
use udping_core::reflector::Counts;
use udping_journal::ServedSummary;

use super::drops;
use crate::i18n::say;
use crate::report::about;

/// What one or more reflectors did so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ServiceCounts {
    /// Requests that reached the reflector, and its replies.
    pub(super) requests: u64,
    pub(super) replies: u64,
    pub(super) dropped: [u64; DropReason::ALL.len()],
    /// Requests lost on the way here, and replies on the way back, as was asked for.
    pub(super) lost: [u64; 2],
    /// Packets for which there was no room while they waited for their time.
    pub(super) overflowed: u64,
    /// Replies that the system did not send.
    pub(super) unsendable: u64,
    /// Requests for which this host's queue had no room, and whether that is an estimate.
    pub(super) rx_dropped: (u64, bool),
}

impl ServiceCounts {
    pub(super) fn new(counts: &Counts) -> Self {
        Self {
            requests: counts.requests,
            replies: counts.replies,
            dropped: DropReason::ALL.map(|why| counts.of(why)),
            ..Self::default()
        }
    }
}

impl From<&ServedSummary> for ServiceCounts {
    fn from(served: &ServedSummary) -> Self {
        let dropped = DropReason::ALL.map(|why| served.dropped.get(&why).copied().unwrap_or(0));
        Self {
            requests: dropped
                .iter()
                .fold(served.answered, |sum, n| sum.saturating_add(*n)),
            replies: served.answered,
            dropped,
            lost: [served.lost_requests, served.lost_replies],
            ..Self::default()
        }
    }
}

impl AddAssign for ServiceCounts {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.replies += other.replies;
        for (mine, more) in self.dropped.iter_mut().zip(other.dropped) {
            *mine += more;
        }
        for (mine, more) in self.lost.iter_mut().zip(other.lost) {
            *mine += more;
        }
        self.overflowed += other.overflowed;
        self.unsendable += other.unsendable;
        self.rx_dropped.0 += other.rx_dropped.0;
        self.rx_dropped.1 |= other.rx_dropped.1;
    }
}

impl fmt::Display for ServiceCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [there, back] = self.lost;
        let (requests, replies) = (self.requests + there, self.replies);
        write!(f, "{}", say::ServeSummary { requests, replies })?;
        if there > 0 {
            write!(f, ", {}", say::ServeLostHere { n: there })?;
        }
        if back > 0 {
            write!(f, ", {}", say::ServeLostBack { n: back })?;
        }
        for (number, why) in self.dropped.into_iter().zip(DropReason::ALL) {
            if number > 0 {
                write!(f, ", {}", drops::counted(number, why))?;
            }
        }
        if self.overflowed > 0 {
            let n = self.overflowed;
            write!(f, ", {}", say::ServeOverflowed { n })?;
        }
        if self.unsendable > 0 {
            let n = self.unsendable;
            write!(f, ", {}", say::ServeUnsendable { n })?;
        }
        let (n, estimated) = self.rx_dropped;
        if n > 0 {
            let about = about(estimated);
            write!(f, ", {}", say::ServeRxDropped { about, n })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_reflectors_did_adds_up() {
        let mut counts = ServiceCounts {
            requests: 5,
            replies: 4,
            lost: [1, 0],
            rx_dropped: (7, false),
            ..ServiceCounts::default()
        };
        counts.dropped[0] = 1;
        assert!(
            counts
                .to_string()
                .starts_with("6 requests, 4 replies, 1 lost on the way here, 1 ")
        );
        let mut sum = counts;
        sum += counts;
        assert!(
            sum.to_string()
                .starts_with("12 requests, 8 replies, 2 lost on the way here, 2 ")
        );
        let dropped = ", 14 that this host dropped, since its queue was full";
        assert!(sum.to_string().ends_with(dropped), "{sum}");
        sum.rx_dropped.1 = true;
        assert!(sum.to_string().contains(", about 14 that"), "{sum}");
    }
}
