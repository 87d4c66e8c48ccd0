//! Journals from strangers: no file upsets the reader, the replay, another timeout
//! or the simulator, and what was read is written back to what reads the same.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use udping_journal::replay::Verifier;
use udping_journal::what_if::WhatIf;
use udping_journal::{Header, parse_line, parse_record, to_line};
use udping_sim::World;

/// A table that a fuzzer can allocate thousands of times a second.
const MAX_TABLE_ENTRIES: u64 = 1 << 12;

/// Steps of a simulated world that a stranger's header describes.
const STEPS: usize = 1_000;

fuzz_target!(|text: &str| {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let header = Header::parse(first).ok();
    if let Some(header) = &header {
        let written = to_line(header).expect("what was read can be written");
        assert_eq!(Header::parse(&written).as_ref(), Ok(header), "{written}");
    }
    let header = header.filter(|header| header.table_entries <= MAX_TABLE_ENTRIES);
    let mut replay = header
        .as_ref()
        .and_then(|header| Verifier::new(header).ok());
    let timeout = |header: &Header| Duration::from_nanos(header.timeout_ns / 2);
    let mut what_if = header
        .as_ref()
        .and_then(|header| WhatIf::new(header, timeout(header)).ok());
    for (number, line) in (2..).zip(rest.lines()) {
        let Ok((record, via, _unknown)) = parse_line(line) else {
            continue;
        };
        if let Ok(written) = to_line(&record) {
            let (again, _) = parse_record(written.trim_end()).expect("what was written reads back");
            assert_eq!(record, again, "{written}");
        }
        if let Some(replay) = &mut replay {
            replay.feed(number, via, &record);
        }
        if let Some(what_if) = &mut what_if {
            what_if.feed(&record);
        }
    }
    if let Some(Verifier::Session(replay)) = replay {
        let summary = replay.session().stats().summary();
        let settled = summary.replied + summary.lost + summary.refused;
        assert_eq!(summary.sent, settled + summary.in_flight);
    }
    if let Some(what_if) = what_if {
        let answer = what_if.finish();
        assert!(answer.decided().late <= answer.decided().lost);
    }
    if let Some(world) = header.and_then(|header| World::new(&header).ok()) {
        let mut now = world.now();
        for step in world.take(STEPS) {
            assert!(step.at >= now, "time ran back");
            now = step.at;
        }
    }
});
