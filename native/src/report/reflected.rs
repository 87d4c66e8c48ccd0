//! The lines about what a reflector says beyond its replies, each only where it is
//! known.

use udping_core::stats::{Delays, OneWay, Reflected};

use super::figures::{exact_millis, joined};
use crate::i18n::say;

pub(super) fn lines(reflected: &Reflected) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((server, net)) = reflected.server.zip(reflected.rtt_net) {
        let [server, net] =
            [server, net].map(|range| joined([range.min_ns, range.mean_ns, range.max_ns]));
        lines.push(say::ServerTime { server, net }.to_string());
    }
    if let Some(one_way) = &reflected.one_way {
        lines.extend(ways(one_way));
    }
    if let Some(it) = &reflected.directions {
        let (there, back) = (it.lost_there, it.lost_back);
        lines.push(say::ServerLost { there, back }.to_string());
    }
    if reflected.implausible > 0 {
        let n = reflected.implausible;
        lines.push(say::ServerImplausible { n }.to_string());
    }
    lines
}

fn ways(one_way: &OneWay) -> [String; 2] {
    let offset = exact_millis(one_way.offset.ahead_ns.unsigned_abs());
    let error = exact_millis(one_way.offset.error_ns);
    let clock = if one_way.offset.ahead_ns < 0 {
        say::ServerBehind { offset, error }.to_string()
    } else {
        say::ServerAhead { offset, error }.to_string()
    };
    if !one_way.are_delays() {
        let ipdv = |delays: &Delays| delays.ipdv.map(|ipdv| exact_millis(ipdv.mean_abs_ns));
        let varying = ipdv(&one_way.there).zip(ipdv(&one_way.back));
        let varying = varying.map(|(there, back)| say::OneWayVarying { there, back }.to_string());
        let varying = varying.unwrap_or_default();
        return [say::OneWayUnknown { varying }.to_string(), clock];
    }
    let clocks = if one_way.synchronized {
        say::ONE_WAY_SYNCHRONISED
    } else {
        say::ONE_WAY_UNSYNCHRONISED
    };
    let way = |delays: &Delays| {
        let figures = joined([delays.min_ns, delays.mean_ns, delays.max_ns].map(i64::unsigned_abs));
        delays.ipdv.map_or_else(
            || say::OneWayDelay { figures: &figures }.to_string(),
            |ipdv| {
                let (figures, ipdv) = (&figures, exact_millis(ipdv.mean_abs_ns));
                say::OneWayDelayVarying { figures, ipdv }.to_string()
            },
        )
    };
    let (there, back) = (way(&one_way.there), way(&one_way.back));
    [
        say::OneWay {
            clocks,
            there,
            back,
        }
        .to_string(),
        clock,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use udping_core::stats::{ClockOffset, Directions, Ipdv, Range};

    #[test]
    fn what_is_not_known_has_no_line() {
        assert_eq!(lines(&Reflected::default()), Vec::<String>::new());
    }

    #[test]
    fn every_figure_has_its_place() {
        let range = |ns| Range {
            n: 2,
            min_ns: ns,
            mean_ns: ns * 2,
            max_ns: ns * 3,
        };
        let delays = |ns: i64| Delays {
            n: 2,
            min_ns: ns,
            mean_ns: ns * 2,
            max_ns: ns * 3,
            ipdv: None,
        };
        let told = Reflected {
            server: Some(range(1_000)),
            rtt_net: Some(range(1_000_000)),
            implausible: 1,
            one_way: Some(OneWay {
                synchronized: false,
                there: delays(2_000),
                back: delays(3_000),
                offset: ClockOffset {
                    ahead_ns: -7_000,
                    error_ns: 1_000,
                },
            }),
            directions: Some(Directions {
                probes: 9,
                lost_there: 2,
                lost_back: 1,
                duplicated_there: 0,
            }),
        };
        let expected = [
            "in the server min/avg/max = 0.001/0.002/0.003 ms, rtt without it 1.000/2.000/3.000 ms",
            "one way, clocks unsynchronised: outbound min/avg/max = 0.002/0.004/0.006 ms, return 0.003/0.006/0.009 ms",
            "server's clock 0.007 ms behind, give or take 0.001 ms",
            "2 lost on the request path, 1 on the reply path",
            "1 reply with impossible server timestamps",
        ];
        assert_eq!(lines(&told), expected);

        // Clocks an hour apart: the least reply says so.
        let mut apart = told;
        let one_way = apart.one_way.as_mut().unwrap();
        let variation = Some(Ipdv {
            n: 1,
            mean_abs_ns: 12_345,
            min_ns: -12_345,
            max_ns: -12_345,
        });
        one_way.there = delays(3_600_000_000_000);
        one_way.back = delays(-3_599_999_979_000);
        one_way.back.ipdv = variation;
        assert_eq!(
            lines(&apart)[1],
            "one way: unknown, since the clocks differ"
        );
        apart.one_way.as_mut().unwrap().there.ipdv = variation;
        let varying = "; mean |ipdv| outbound 0.012 ms, return 0.012 ms";
        let unknown = "one way: unknown, since the clocks differ";
        assert_eq!(lines(&apart)[1], [unknown, varying].concat());
        assert!(!lines(&apart).concat().contains("3599999"));
    }
}
