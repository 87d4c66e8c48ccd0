//! Journals from strangers: no file upsets the reader or the replay, and what
//! was read is written back to what reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use udping_core::journal::{Header, parse_record, to_line};
use udping_core::replay::Replay;

/// A table that a fuzzer can allocate thousands of times a second.
const MOST_SLOTS: u64 = 1 << 12;

fuzz_target!(|text: &str| {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut replay = Header::parse(first)
        .ok()
        .filter(|header| header.slots <= MOST_SLOTS)
        .and_then(|header| Replay::new(&header).ok());
    for (number, line) in (2..).zip(rest.lines()) {
        let Ok((record, _unknown)) = parse_record(line) else {
            continue;
        };
        if let Ok(written) = to_line(&record) {
            let (again, _) = parse_record(written.trim_end()).expect("what was written reads back");
            assert_eq!(record, again, "{written}");
        }
        if let Some(replay) = &mut replay {
            replay.feed(number, &record);
        }
    }
    if let Some(replay) = replay {
        let summary = replay.session().stats().summary();
        let settled = summary.replied + summary.lost + summary.refused;
        assert_eq!(summary.sent, settled + summary.in_flight);
    }
});
