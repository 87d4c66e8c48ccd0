//! Outages, as people read them.

use std::time::Duration;

use udping_core::time::WallTime;
use udping_journal::Outages;

use super::figures::seconds;
use crate::i18n::say;
use crate::journal::time_of_day;

/// The lines about them; this end's wall clock read `start` at time zero, if that is known.
pub(super) fn lines(outages: &Outages, start: Option<WallTime>) -> Vec<String> {
    let n = outages.count;
    let mut lines = vec![say::Outages { n }.to_string()];
    for outage in &outages.longest {
        let begin = Duration::from_nanos(outage.at_ns);
        let day = start.and_then(|start| time_of_day(start.saturating_add(begin)));
        let day = day.map_or_else(String::new, |day| format!(" ({day})"));
        let (at, n, first) = (seconds(begin), outage.probes, outage.first);
        let lasted = match outage.for_ns {
            Some(nanos) => {
                let time = seconds(Duration::from_nanos(nanos));
                say::OutageLasted { time }.to_string()
            }
            None => say::OUTAGE_TO_THE_END.to_string(),
        };
        let line = say::Outage {
            at,
            day,
            n,
            first,
            lasted,
        };
        lines.push(format!("  {line}"));
    }
    let n = n.saturating_sub(outages.longest.len() as u64);
    if n > 0 {
        lines.push(format!("  {}", say::OutagesShorter { n }));
    }
    lines
}

#[cfg(test)]
mod tests {
    use udping_journal::Outage;

    use super::*;

    #[test]
    fn the_longest_are_listed_and_the_others_counted() {
        let outage = |first, for_ns| Outage {
            first,
            at_ns: first * 1_000_000_000,
            probes: 3,
            for_ns,
        };
        let outages = Outages {
            count: 4,
            longest: vec![outage(4, Some(3_004_000_000)), outage(9, None)],
        };
        let start = WallTime::from_nanos(1_700_000_000_000_000_000);
        assert_eq!(
            lines(&outages, Some(start)),
            [
                "4 outages:",
                "  at 4.000 s (2023-11-14T22:13:24Z): 3 probes unanswered from seq=4 on, for 3.004 s",
                "  at 9.000 s (2023-11-14T22:13:29Z): 3 probes unanswered from seq=9 on, to the end",
                "  and 2 more, of no more probes",
            ]
        );
        assert!(lines(&outages, None)[1].starts_with("  at 4.000 s: 3 probes"));
    }
}
