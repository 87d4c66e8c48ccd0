//! The four times of an exchange: server time, each way by itself, and the clocks'
//! difference.
//!
//! Owns what T1 to T4 amount to, and when they are not believed. Knows nothing of
//! losses. T2 and T3 are anybody's claim, so no figure of RTT depends on them.

use core::time::Duration;

use super::Exchange;
use super::series::{Totals, saturate};
use super::size::Size;
use super::summary::{ClockOffset, Delays, Directions, OneWay, Reflected};
use super::variation::Variation;
use crate::time::{WallTime, saturating_nanos};

#[derive(Debug, Clone)]
pub(super) struct Paths<Z: Size> {
    server: Totals,
    net: Totals,
    implausible: u64,
    there: Way<Z>,
    back: Way<Z>,
    /// Of the exchange with the least RTT without server time.
    best: Option<ClockOffset>,
    synced: bool,
}

/// One way, in differences of two clocks.
#[derive(Debug, Clone)]
struct Way<Z: Size> {
    n: u64,
    sum: i128,
    min: i64,
    max: i64,
    variation: Variation<Z>,
}

impl<Z: Size> Paths<Z> {
    pub(super) fn new() -> Self {
        Self {
            server: Totals::new(),
            net: Totals::new(),
            implausible: 0,
            there: Way::new(),
            back: Way::new(),
            best: None,
            synced: true,
        }
    }

    pub(super) fn record(&mut self, exchange: &Exchange) {
        let Exchange { rtt, times, .. } = *exchange;
        let server = times.sent.checked_since(times.received);
        let Some((server, net)) =
            server.and_then(|server| Some((server, rtt.checked_sub(server)?)))
        else {
            self.implausible = self.implausible.saturating_add(1);
            return;
        };
        self.server.record(saturating_nanos(server));
        self.net.record(saturating_nanos(net));
        if let Some(sent) = exchange.sent {
            self.record_ways(exchange, sent, net);
        }
    }

    fn record_ways(&mut self, exchange: &Exchange, sent: WallTime, net: Duration) {
        let Exchange {
            seq, rtt, times, ..
        } = *exchange;
        let arrived = sent.saturating_add(rtt);
        // Clocks 292 years apart have no difference to speak of.
        let there = times
            .received
            .as_nanos()
            .checked_signed_diff(sent.as_nanos());
        let back = arrived
            .as_nanos()
            .checked_signed_diff(times.sent.as_nanos());
        let ways = there.zip(back);
        let Some((there, back)) = ways else { return };
        self.there.record(seq, there);
        self.back.record(seq, back);
        self.synced &= exchange.synced;
        let error_ns = saturating_nanos(net).div_ceil(2);
        if self.best.is_none_or(|best| error_ns < best.error_ns) {
            let ahead = (i128::from(there) - i128::from(back)) / 2;
            self.best = Some(ClockOffset {
                ahead_ns: clamp(ahead),
                error_ns,
            });
        }
    }

    /// The figures, together with those of a reflector's counting.
    pub(super) fn reflected(&self, directions: Option<Directions>) -> Option<Reflected> {
        let told = self.server.range().is_some() || self.implausible > 0;
        (told || directions.is_some()).then(|| Reflected {
            server: self.server.range(),
            rtt_net: self.net.range(),
            implausible: self.implausible,
            one_way: self.one_way(),
            directions,
        })
    }

    fn one_way(&self) -> Option<OneWay> {
        Some(OneWay {
            synchronized: self.synced,
            there: self.there.delays()?,
            back: self.back.delays()?,
            offset: self.best?,
        })
    }
}

impl<Z: Size> Way<Z> {
    fn new() -> Self {
        Self {
            n: 0,
            sum: 0,
            min: i64::MAX,
            max: i64::MIN,
            variation: Variation::new(),
        }
    }

    fn record(&mut self, seq: u64, delay: i64) {
        self.n = self.n.saturating_add(1);
        self.sum = self.sum.saturating_add(i128::from(delay));
        self.min = self.min.min(delay);
        self.max = self.max.max(delay);
        // Differences are the same wherever zero is.
        self.variation
            .record(seq, saturate(i128::from(delay).abs_diff(i64::MIN.into())));
    }

    fn delays(&self) -> Option<Delays> {
        Some(Delays {
            n: self.n,
            min_ns: self.min,
            mean_ns: clamp(self.sum.checked_div(self.n.into())?),
            max_ns: self.max,
            ipdv: self.variation.ipdv(),
        })
    }
}

fn clamp(number: i128) -> i64 {
    let limit = if number < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(number).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Range, Small};
    use crate::time::ReflectorTime;
    use crate::wire::ReflectorTimes;
    use proptest::prelude::*;

    fn exchange(seq: u64, [t1, t2, t3, t4]: [u64; 4]) -> Exchange {
        Exchange {
            seq,
            rtt: Duration::from_nanos(t4 - t1),
            sent: Some(WallTime::from_nanos(t1)),
            times: ReflectorTimes {
                received: ReflectorTime::from_nanos(t2),
                sent: ReflectorTime::from_nanos(t3),
            },
            synced: true,
        }
    }

    fn all(exchanges: &[Exchange]) -> Option<Reflected> {
        let mut paths = Paths::<Small>::new();
        for exchange in exchanges {
            paths.record(exchange);
        }
        paths.reflected(None)
    }

    #[test]
    fn an_exchange_by_hand() {
        // 30 there, 5 in the reflector, 10 back; its clock is 1000 ahead.
        let told = all(&[exchange(1, [100, 1_130, 1_135, 145])]).unwrap();
        let just = |ns| Range {
            n: 1,
            min_ns: ns,
            mean_ns: ns,
            max_ns: ns,
        };
        assert_eq!((told.server, told.rtt_net), (Some(just(5)), Some(just(40))));
        let one_way = told.one_way.unwrap();
        assert_eq!((one_way.there.mean_ns, one_way.back.mean_ns), (1_030, -990));
        // The ways differ by 20, so the estimate is off by 10, within 20.
        let offset = ClockOffset {
            ahead_ns: 1_010,
            error_ns: 20,
        };
        assert_eq!(one_way.offset, offset);
    }

    #[test]
    fn the_offset_is_that_of_the_least_rtt() {
        let told = all(&[
            exchange(1, [0, 90, 90, 100]),
            exchange(2, [200, 204, 214, 218]),
            exchange(3, [300, 350, 350, 400]),
        ]);
        let offset = ClockOffset {
            ahead_ns: 0,
            error_ns: 4,
        };
        assert_eq!(told.unwrap().one_way.unwrap().offset, offset);
    }

    #[test]
    fn times_that_do_not_fit_into_the_rtt_are_counted_and_not_used() {
        for impossible in [[0, 20, 10, 100], [0, 10, 111, 100]] {
            let told = all(&[exchange(1, impossible)]).unwrap();
            let nothing = Reflected {
                implausible: 1,
                ..Reflected::default()
            };
            assert_eq!(told, nothing);
        }
        let fits = all(&[exchange(1, [0, 10, 110, 100])]).unwrap();
        assert_eq!(fits.rtt_net.unwrap().min_ns, 0, "just so");
    }

    #[test]
    fn one_unsynchronised_reply_spoils_the_claim() {
        let good = exchange(1, [0, 5, 6, 10]);
        let bad = Exchange {
            synced: false,
            ..exchange(2, [10, 15, 16, 20])
        };
        assert!(all(&[good]).unwrap().one_way.unwrap().synchronized);
        assert!(!all(&[good, bad]).unwrap().one_way.unwrap().synchronized);
    }

    #[test]
    fn variation_does_not_see_the_clocks_difference() {
        for ahead in [0, 5_000] {
            let told = all(&[
                exchange(1, [100, 130 + ahead, 130 + ahead, 150]),
                exchange(2, [200, 225 + ahead, 225 + ahead, 260]),
            ]);
            let OneWay { there, back, .. } = told.unwrap().one_way.unwrap();
            assert_eq!(there.ipdv.unwrap().max_ns, -5);
            assert_eq!(back.ipdv.unwrap().max_ns, 15);
        }
    }

    #[test]
    fn without_a_wall_clock_there_is_still_server_time() {
        let told = all(&[Exchange {
            sent: None,
            ..exchange(1, [0, 5, 6, 10])
        }]);
        assert!(told.unwrap().server.is_some() && told.unwrap().one_way.is_none());
        assert_eq!(all(&[]), None);
    }

    proptest! {
        #[test]
        fn the_offset_is_right_within_its_error(
            ahead in -1_000_000_i64..1_000_000,
            there in 0..500_000_u64,
            dwell in 0..500_000_u64,
            back in 0..500_000_u64,
        ) {
            let t1 = 10_000_000_u64;
            let t2 = (t1 + there).saturating_add_signed(ahead);
            let times = [t1, t2, t2 + dwell, t1 + there + dwell + back];
            let offset = all(&[exchange(1, times)]).unwrap().one_way.unwrap().offset;
            prop_assert!(offset.ahead_ns.abs_diff(ahead) <= offset.error_ns);
        }

        #[test]
        fn any_times_are_survived(times in any::<[u64; 4]>(), rtt in any::<u64>()) {
            let [sent, t2, t3, _] = times;
            let told = all(&[Exchange {
                rtt: Duration::from_nanos(rtt),
                ..exchange(1, [sent, t2, t3, sent])
            }]);
            prop_assert!(told.is_some());
        }
    }
}
