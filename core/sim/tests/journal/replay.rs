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

#[test]
fn the_figures_so_far_are_decided_again_wherever_they_stand() {
    for config in configs(20) {
        let header = header(&config, rough_path(5));
        let records = parse(&simulate(&header)[1..]);
        let (last, before) = records.split_last().unwrap();
        let mut replay = Replay::new(&header).unwrap();
        let mut with_interims = Vec::new();
        for (line, record) in (2..).zip(before) {
            replay.feed(line, record);
            with_interims.push(record.clone());
            with_interims.push(replay.session().clone().interim().0);
        }
        with_interims.push(last.clone());
        let report = verify(&header, &with_interims);
        assert!(report.verified() && report.done, "{report:?}");
        let more = report.decisions - verify(&header, &records).decisions;
        assert_eq!(more, before.len() as u64);
        // One that stands elsewhere is not the same.
        with_interims.swap(1, 7);
        assert_eq!(verify(&header, &with_interims).differences, 2);
    }
}
