//! A simulated session's journal, replayed through the real client.

use udping_journal::what_if::WhatIf;

use super::*;

#[test]
fn every_schedule_replays_without_a_difference() {
    for config in configs(300) {
        let header = header(&config, rough_path(7));
        let report = verify(&header, &parse(&simulate(&header)[1..]));
        assert!(
            report.verified(),
            "{config:?}: {:#?}",
            report.examples.first()
        );
        assert!(
            report.decisions > 600 && report.done && report.summary,
            "{report:?}"
        );
    }
}

#[test]
fn a_record_survives_its_line() {
    for config in configs(300) {
        for line in &simulate(&header(&config, rough_path(7)))[1..] {
            let (record, unknown) = parse_record(line).unwrap();
            assert_eq!((to_line(&record).unwrap(), unknown), (line.clone(), 0));
        }
    }
}

#[test]
fn the_recorded_timeout_changes_nothing_and_a_shorter_one_only_takes_replies() {
    for config in configs(300) {
        let lines = simulate(&header(&config, rough_path(7)));
        let header = Header::parse(&lines[0]).unwrap();
        let ask = |timeout| {
            let mut what_if = WhatIf::new(&header, timeout).unwrap();
            for line in &lines[1..] {
                what_if.feed(&parse_record(line).unwrap().0);
            }
            what_if.finish()
        };
        let same = ask(config.timeout());
        assert_eq!(same.changes().count(), 0, "{:?}", same.changes().next());
        assert_eq!(same.recorded(), same.decided());
        let shorter = ask(ms(700));
        assert!(shorter.decided().replied < shorter.recorded().replied);
        assert_eq!(shorter.decided().unknown, 0);
        let longer = ask(Duration::from_secs(10));
        assert!(longer.decided().replied > longer.recorded().replied);
        assert!(longer.decided().unknown > 0, "{:?}", longer.decided());
    }
}
