//! Where the server's own times stand on the client's clock.
//!
//! Owns what is taken for the difference of the two clocks, and which times cannot be.
//! The estimate itself is the core's.

use udping_core::stats::{OneWay, Summary};
use udping_core::time::WallTime;
use udping_journal::{Header, Kind};

use super::log::Reflection;

/// The server's clock, as the whole of a recorded run tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerClock {
    ahead_ns: i64,
    /// How far it may be from where it is taken to be; `None` where both ends have one
    /// clock, or call theirs synchronised.
    pub error_ns: Option<u64>,
    /// What its times and the client's wall clock count from, on the client's clock.
    wall_ns: u64,
    /// The longest RTT: how far apart the times of one exchange are.
    pub(crate) longest_ns: u64,
}

/// The four times of an exchange, all on the client's clock, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// T1: the request went out.
    pub sent: u64,
    /// T2: it reached the server.
    pub reached: u64,
    /// T3: the reply went out.
    pub answered: u64,
    /// T4: it came here.
    pub arrived: u64,
}

impl ServerClock {
    pub(crate) fn of(header: &Header, figures: &Summary) -> Option<Self> {
        let reflected = figures.reflected?;
        // A simulated world has one time.
        let (ahead_ns, error_ns) = if header.kind == Kind::Simulation {
            reflected.server.map(|_| (0, None))?
        } else {
            let OneWay {
                synchronized,
                offset,
                ..
            } = reflected.one_way?;
            let about = (offset.ahead_ns, Some(offset.error_ns));
            if synchronized { (0, None) } else { about }
        };
        let longest = [
            figures.rtt.map(|it| it.max_ns),
            figures.late_rtt.map(|it| it.max_ns),
        ];
        Some(Self {
            ahead_ns,
            error_ns,
            wall_ns: header.wall().map_or(0, WallTime::as_nanos),
            longest_ns: longest.into_iter().flatten().max().unwrap_or(0),
        })
    }

    /// The times of a reply that arrived after `rtt_ns`; `None` if they are in no order
    /// that can be.
    pub(crate) fn exchange(
        &self,
        arrived: u64,
        rtt_ns: u64,
        reflected: Reflection,
    ) -> Option<Exchange> {
        let here = |theirs: u64| {
            let at = i128::from(theirs) - i128::from(self.wall_ns) - i128::from(self.ahead_ns);
            u64::try_from(at).ok()
        };
        let sent = arrived.checked_sub(rtt_ns)?;
        let (reached, answered) = (here(reflected.t2)?, here(reflected.t3)?);
        let times = [sent, reached, answered, arrived];
        times.is_sorted().then_some(Exchange {
            sent,
            reached,
            answered,
            arrived,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_on_the_clients_clock_or_nowhere() {
        let clock = ServerClock {
            ahead_ns: -50,
            error_ns: Some(9),
            wall_ns: 1_000,
            longest_ns: 0,
        };
        let reflected = |t2, t3| Reflection {
            t2,
            t3,
            ..Reflection::default()
        };
        let exchange = Exchange {
            sent: 100,
            reached: 120,
            answered: 130,
            arrived: 140,
        };
        assert_eq!(
            clock.exchange(140, 40, reflected(1_070, 1_080)),
            Some(exchange)
        );
        assert_eq!(
            clock.exchange(140, 40, reflected(1_040, 1_080)),
            None,
            "before T1"
        );
        assert_eq!(
            clock.exchange(140, 40, reflected(1_070, 1_100)),
            None,
            "after T4"
        );
        assert_eq!(
            clock.exchange(140, 40, reflected(1_080, 1_070)),
            None,
            "T3 before T2"
        );
        assert_eq!(
            clock.exchange(140, 200, reflected(1_070, 1_080)),
            None,
            "before all"
        );
        assert_eq!(clock.exchange(140, 40, reflected(0, u64::MAX)), None);
    }
}
