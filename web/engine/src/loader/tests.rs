//! Journals good and bad, through the loader.

use proptest::prelude::*;
use udping_journal::{Record, UnixNanos, parse_record, to_line};
use udping_link::{Rate, Seed};

use super::*;
use crate::export::journal;
use crate::figures::Figures;
use crate::fsm::why;
use crate::log::{Cursor, EventData, Symbol};
use crate::message::is_listed;
use crate::presets::Preset;
use crate::setup::Setup;
use crate::what_if::WhatIf;

fn wild() -> Setup {
    let mut setup = Preset::HomeWifi.setup(Seed::from_low_bits(5));
    setup.timeout_ns = 30_000_000;
    setup.scenario.request.corrupt = Rate::from_ppm(300_000).unwrap();
    setup
}

fn simulated() -> Run {
    Run::simulate(&wild().header().unwrap()).unwrap()
}

fn text() -> String {
    journal(&simulated()).unwrap()
}

fn load(bytes: &[u8]) -> Result<Run, LoadError> {
    let mut loader = Loader::new();
    loader.feed(bytes)?;
    loader.finish()
}

/// Loads `text`, which is bad, and checks what is said of it.
#[track_caller]
fn refused(bytes: &[u8], id: &str, line: u64) -> LoadError {
    let error = load(bytes).unwrap_err();
    assert_eq!((error.what.id, error.line), (id, line), "{error:?}");
    assert!(is_listed(&error.what), "{error:?}");
    error
}

fn missing_data(run: &Run) -> Vec<&str> {
    assert!(
        run.missing_data().iter().all(is_listed),
        "{:?}",
        run.missing_data()
    );
    run.missing_data()
        .iter()
        .map(|missing| missing.id)
        .collect()
}

#[test]
fn what_was_simulated_is_verified_and_looks_the_same() {
    let run = simulated();
    let loaded = load(text().as_bytes()).unwrap();
    let report = loaded.report().unwrap();
    assert!(report.verified() && report.decisions > 200, "{report:?}");
    assert_eq!(missing_data(&loaded), ["missing-server-times"]);
    assert_eq!(loaded.probes(), run.probes());
    let [end, there] = [&run, &loaded].map(|run| run.after(run.events()));
    for probe in 0..run.probes() {
        let [one, other] = [run.probe(probe, end), loaded.probe(probe, there)].map(|it| {
            let it = it.unwrap();
            (
                it.seq,
                it.due_ns,
                it.sent_ns,
                it.symbol,
                it.rtt_ns,
                it.verified,
            )
        });
        assert_eq!(one, other);
    }
    let figures = |run, cursor| Figures::default().at(run, cursor);
    assert_eq!(figures(&run, end), figures(&loaded, there));
}

#[test]
fn every_record_comes_out_as_it_went_in() {
    let text = text();
    let records: Vec<Record> = text
        .lines()
        .skip(1)
        .map(|line| parse_record(line).unwrap().0)
        .collect();
    let loaded = load(text.as_bytes()).unwrap();
    let mut told = Vec::new();
    loaded
        .each_record(|record| told.push(record.clone()))
        .unwrap();
    assert_eq!(told[..], records[..records.len() - 1]);
}

#[test]
fn any_split_gives_the_same_run() {
    let text = text();
    let whole = load(text.as_bytes()).unwrap();
    for size in [1, 2, 3, 7, 100, 4_096] {
        let mut loader = Loader::new();
        for chunk in text.as_bytes().chunks(size) {
            loader.feed(chunk).unwrap();
        }
        let progress = loader.progress();
        assert_eq!(progress.bytes, text.len() as u64);
        assert_eq!(progress.lines, text.lines().count() as u64);
        assert_eq!(progress.probes, 100);
        let run = loader.finish().unwrap();
        assert!(run.log() == whole.log() && run.report() == whole.report());
    }
}

#[test]
fn an_event_knows_its_line_whatever_lies_between() {
    let mut lines: Vec<String> = text().lines().map(str::to_owned).collect();
    lines.insert(3, String::new());
    lines.insert(9, r#"{"weather":"fine"}"#.into());
    let loaded = load(lines.join("\r\n").as_bytes()).unwrap();
    assert!(loaded.report().unwrap().verified());
    for event in 0..loaded.events() {
        let event_line = loaded.event(event).unwrap().line.unwrap();
        let line = &lines[usize::try_from(event_line).unwrap() - 1];
        let record = parse_record(line).unwrap().0;
        let mut told = Vec::new();
        loaded
            .each_record(|record| told.push(record.clone()))
            .unwrap();
        assert_eq!(record, told[event]);
    }
    assert!(missing_data(&loaded).contains(&"missing-unknown-records"));
}

#[test]
fn what_befell_the_run_is_an_event_with_words_and_comes_out_again() {
    let notes = [
        (
            r#"{"incident":"stopped","at_ns":0,"for_ns":7}"#,
            "why-incident-stopped",
        ),
        (
            r#"{"incident":"clock_set","at_ns":0,"by_ns":-5}"#,
            "why-incident-clock-back",
        ),
        (
            r#"{"incident":"moved","at_ns":0,"address":"10.0.0.1"}"#,
            "why-incident-moved",
        ),
        (
            r#"{"incident":"abducted","at_ns":0}"#,
            "why-incident-otherwise",
        ),
    ];
    let mut lines: Vec<String> = text().lines().map(str::to_owned).collect();
    for (note, _) in notes.iter().rev() {
        lines.insert(1, (*note).to_owned());
    }
    let loaded = load(lines.join("\n").as_bytes()).unwrap();
    assert!(loaded.report().unwrap().verified());
    let mut records = Vec::new();
    loaded
        .each_record(|record| records.push(record.clone()))
        .unwrap();
    for (at, (note, told)) in notes.into_iter().enumerate() {
        let event = loaded.event(at).unwrap();
        assert!(matches!(event.what, EventData::Incident(_)), "{event:?}");
        assert_eq!(why(&loaded, at).unwrap().id, told);
        assert_eq!(records[at], parse_record(note).unwrap().0);
    }
    let moved = why(&loaded, 2).unwrap();
    assert_eq!(moved.args, [("address", Arg::Text("10.0.0.1".into()))]);
}

#[test]
fn an_altered_decision_is_marked_where_it_stands() {
    let text = text();
    let at = text
        .lines()
        .position(|line| line.contains("\"rtt_ns\""))
        .unwrap();
    let altered: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(number, line)| {
            if number == at {
                line.replace("\"rtt_ns\":", "\"rtt_ns\":1")
            } else {
                line.to_owned()
            }
        })
        .collect();
    let loaded = load(altered.join("\n").as_bytes()).unwrap();
    assert_eq!(loaded.report().unwrap().differences, 1);
    let differing: Vec<_> = (0..loaded.events())
        .filter_map(|event| loaded.event(event))
        .filter(|event| event.differs)
        .collect();
    assert_eq!(differing.len(), 1);
    assert_eq!(differing[0].line, Some(at as u64 + 1));
    let end = loaded.after(loaded.events());
    let probes = (0..loaded.probes()).filter_map(|at| loaded.probe(at, end));
    let probes: Vec<_> = probes
        .filter(|probe| probe.differs)
        .map(|probe| Some(probe.seq))
        .collect();
    assert_eq!(probes, [differing[0].seq]);
}

#[test]
fn an_altered_summary_marks_no_event() {
    let text = text().replace("\"summary\":{\"sent\":100", "\"summary\":{\"sent\":101");
    let loaded = load(text.as_bytes()).unwrap();
    assert_eq!(loaded.report().unwrap().differences, 1);
    assert!((0..loaded.events()).all(|event| !loaded.event(event).unwrap().differs));
}

#[test]
fn a_journal_cut_anywhere_loads_and_says_where() {
    let text = text();
    let header = text.find('\n').unwrap();
    for cut in (header..text.len())
        .step_by(37)
        .chain([header, text.len() - 1])
    {
        let loaded = load(&text.as_bytes()[..cut]).unwrap();
        let report = loaded.report().unwrap();
        assert_eq!(report.differences, 0, "cut at {cut}");
        // All that is missing of the longest is the end of its last line.
        let is_whole = cut == text.len() - 1;
        assert_eq!(loaded.missing_end().is_none(), is_whole, "cut at {cut}");
        let sent = text[..cut]
            .lines()
            .filter(|line| line.starts_with("{\"sent\":") && line.ends_with('}'));
        assert_eq!(loaded.last_seq().unwrap_or(0), sent.count() as u64);
        let whole_lines = text[..cut].lines().count() as u64;
        let cut_line = loaded
            .missing_data()
            .iter()
            .find(|missing| missing.id == "missing-cut");
        if let Some(line) = cut_line {
            assert_eq!(line.arg("line"), Some(&Arg::Number(whole_lines)));
            let begun = text[..cut].rfind('\n').unwrap() + 1;
            assert_eq!(line.arg("bytes"), Some(&Arg::Count((cut - begun) as u64)));
        } else {
            // It was cut right at a line's end.
            let around = text.as_bytes()[cut - 1..=cut].contains(&b'\n');
            assert!(around, "cut at {cut}: {}", &text[cut - 5..cut]);
        }
    }
    refused(&text.as_bytes()[..header - 1], "load-not-a-journal", 1);
}

#[test]
fn no_journal_at_all_is_said_to_be_none() {
    refused(b"", "load-empty", 1);
    refused(b"\n\n  \n", "load-empty", 1);
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "load-not-a-journal", 1);
    refused(
        b"64 bytes from 127.0.0.1: icmp_seq=1\n",
        "load-not-a-journal",
        1,
    );
    refused(
        br#"{"udping":"journal","version":3}"#,
        "load-newer-version",
        1,
    );
    refused(
        br#"{"udping":"journal","version":1}"#,
        "load-older-version",
        1,
    );
    refused(br#"{"udping":"journal","version":2}"#, "load-bad-header", 1);
    let header = to_line(&wild().header().unwrap()).unwrap();
    refused(
        header
            .replace("\"timeout_ns\":30000000", "\"timeout_ns\":0")
            .as_bytes(),
        "load-bad-config",
        1,
    );
    assert!(load(format!("\u{feff}{header}").as_bytes()).is_ok());
}

#[test]
fn a_bad_line_is_named_with_its_column() {
    let header = to_line(&wild().header().unwrap()).unwrap();
    let with = |line: &[u8]| [header.as_bytes(), line, b"\n"].concat();
    let error = refused(
        &with(br#"{"sent":1,"at_ns":NaN,"due_ns":0}"#),
        "load-malformed",
        2,
    );
    assert_eq!(error.column, 19);
    let error = refused(&with(b"{\"sent\":1,\"at_ns\":\xff}"), "load-not-utf8", 2);
    assert_eq!(error.column, 19);
    refused(
        &with(br#"{"sent":-1,"at_ns":0,"due_ns":0}"#),
        "load-malformed",
        2,
    );
    refused(
        &with(br#"{"sent":18446744073709551615,"at_ns":0,"due_ns":0}"#),
        "load-malformed",
        2,
    );
    let nested = ["{\"a\":".repeat(10_000), "1".into(), "}".repeat(10_000)].concat();
    // An unknown key is skipped, however deep; a known one must hold what it should.
    let told = load(&with(nested.as_bytes())).unwrap();
    assert!(missing_data(&told).contains(&"missing-unknown-records"));
    let nested = nested.replacen("\"a\"", "\"sent\"", 1);
    refused(&with(nested.as_bytes()), "load-malformed", 2);
}

#[test]
fn a_journal_of_which_a_line_is_bad_opens_without_it() {
    let text = text();
    let lines: Vec<&str> = text.lines().collect();
    for bad in ["{\"sent\":-1}", "\u{0}garbage", "{\"reply\":1,"] {
        let mut spoilt = lines.clone();
        spoilt[40] = bad;
        let run = load(spoilt.join("\n").as_bytes()).unwrap();
        let said = &run.missing_data()[0];
        assert_eq!(
            (said.id, said.arg("line")),
            ("missing-line", Some(&Arg::Number(41)))
        );
        let report = run.report().unwrap();
        assert!(!report.verified() && report.differences == 0, "{report:?}");
        // The replies after it still find their probes.
        let end = run.after(run.events());
        let replied = |run: &Run| {
            (0..run.probes())
                .filter(|probe| run.probe(*probe, end).unwrap().rtt_ns.is_some())
                .count()
        };
        let whole = load(text.as_bytes()).unwrap();
        assert!(replied(&run) + 2 > replied(&whole), "{bad}");
        assert!(!run.can_be_decided_again());
    }
    let mut not_utf8 = text.clone().into_bytes();
    let at = lines[..30].join("\n").len() + 10;
    not_utf8[at] = 0xff;
    let run = load(&not_utf8).unwrap();
    assert_eq!(
        run.missing_data()[0].arg("what"),
        Some(&Arg::Word("load-not-utf8"))
    );
    let mut garbage = lines.clone();
    for line in &mut garbage[60..=60 + Loader::MOST_LEFT_OUT] {
        *line = "no record";
    }
    refused(garbage.join("\n").as_bytes(), "load-malformed", 61);
}

#[test]
fn a_line_without_end_is_refused_before_it_is_read_whole() {
    let header = to_line(&wild().header().unwrap()).unwrap();
    let chunk = vec![b'x'; 1 << 16];
    for start in [header.as_bytes(), b""] {
        let mut loader = Loader::new();
        loader.feed(start).unwrap();
        let fed = (0..3_200)
            .take_while(|_| loader.feed(&chunk).is_ok())
            .count();
        assert_eq!(fed, 16, "refused after a mebibyte of 200 MB");
    }
    let long = [
        header.as_bytes(),
        &vec![b' '; Loader::LONGEST_LINE + 1],
        b"\n",
    ]
    .concat();
    refused(&long, "load-line-too-long", 2);
}

#[test]
fn a_gap_is_told_with_what_it_makes_unverifiable() {
    let mut lines: Vec<String> = text().lines().map(str::to_owned).collect();
    let rest = lines.len() - 52;
    lines.splice(50..52, [r#"{"gap":2,"at_ns":1}"#.to_owned()]);
    let loaded = load(lines.join("\n").as_bytes()).unwrap();
    let gap = &loaded.missing_data()[0];
    assert_eq!(gap.id, "missing-gap");
    assert_eq!(gap.arg("records"), Some(&Arg::Count(2)));
    assert_eq!(gap.arg("unverifiable"), Some(&Arg::Count(rest as u64)));
    assert!(!loaded.report().unwrap().verified());
}

#[test]
fn hostile_numbers_neither_panic_nor_pass() {
    let header = to_line(&wild().header().unwrap()).unwrap();
    let far = 1_u64 << 53;
    let lines = [
        format!(r#"{{"sent":{far},"at_ns":{far},"due_ns":0}}"#),
        r#"{"sent":1,"at_ns":5,"due_ns":0}"#.into(),
        r#"{"sent":1,"at_ns":6,"due_ns":0}"#.into(),
        format!(r#"{{"lost":{far},"at_ns":0,"deadline_ns":0}}"#),
        format!(r#"{{"reply":0,"at_ns":0,"seq":0,"rtt_ns":{far}}}"#),
        r#"{"reply":null,"at_ns":3,"late_ns":0}"#.into(),
        format!(r#"{{"kernel":7,"at_ns":4,"kernel_ns":{far}}}"#),
        r#"{"unsent":1,"at_ns":1,"error":"<script>alert(1)</script>"}"#.into(),
        format!(r#"{{"missed":{far},"at_ns":0,"due_ns":{far}}}"#),
    ];
    let loaded = load([header, lines.join("\n")].concat().as_bytes()).unwrap();
    assert!(loaded.report().unwrap().differences > 5);
    let mut figures = Figures::default();
    for event in 0..loaded.events() {
        let cursor = loaded.after(event);
        figures.at(&loaded, cursor);
        assert!(loaded.timers(cursor).len() < 10);
        assert!(loaded.event(event).is_some());
    }
    assert_eq!(loaded.find(far), Some(0));
    assert_eq!(loaded.find(1), Some(1));
    assert!(WhatIf::ask(&loaded, 1).is_ok());
}

#[test]
fn what_if_is_asked_of_the_recorded_packets() {
    let loaded = load(text().as_bytes()).unwrap();
    let same = WhatIf::ask(&loaded, loaded.header().timeout_ns).unwrap();
    assert_eq!((same.changes(), same.recorded), (0, same.decided));
    let shorter = WhatIf::ask(&loaded, 20_000_000).unwrap();
    assert!(shorter.changes() > 0 && shorter.decided.replied < same.recorded.replied);
    let end = loaded.after(loaded.events());
    for probe in 0..loaded.probes() {
        let it = loaded.probe(probe, end).unwrap();
        let expected = match it.rtt_ns {
            Some(rtt) if it.symbol == Some(Symbol::Replied) && rtt > 20_000_000 => {
                Some(Symbol::Late)
            }
            _ => None,
        };
        assert_eq!(shorter.changed(probe), expected, "{it:?}");
    }
    assert!(WhatIf::ask(&loaded, 0).is_err());
}

#[test]
fn a_reply_s_reason_is_kept() {
    let loaded = load(text().as_bytes()).unwrap();
    let ignored = (0..loaded.events()).filter_map(|event| match loaded.event(event)?.what {
        EventData::Ignored(why) => why,
        _ => None,
    });
    let ignored: Vec<_> = ignored.collect();
    assert!(ignored.len() > 3, "{ignored:?}");
}

/// A journal of a session with a server that tells its times and counts its replies.
fn with_a_telling_server() -> (String, udping_core::stats::Summary) {
    use std::time::Duration;
    use udping_core::event::Output;
    use udping_core::table::Entry;
    use udping_core::time::{ClientTime, ReflectorTime, WallTime};
    use udping_core::wire::{Claim, ReflectorTimes};
    use udping_core::{Config, Schedule};
    use udping_journal::Recorder;
    use udping_journal::{Kind, WireName};

    let config = Config::builder()
        .schedule(Schedule::Paced {
            interval: Duration::from_millis(10),
        })
        .count(std::num::NonZeroU64::new(40))
        .build()
        .unwrap();
    let mut header = Header::new(
        Kind::Ping,
        "udping test".into(),
        WireName::Stamp,
        &config,
        256,
    );
    header.epoch_s = Some(1_700_000_000);
    header.wall_ns = Some(UnixNanos(WallTime::from_nanos(1_700_000_000_000_005_000)));
    let mut session = Recorder::new(config, ClientTime::ZERO, vec![Entry::EMPTY; 256])
        .unwrap()
        .with_wall(Some(WallTime::from_nanos(5_000)));
    let mut lines = vec![to_line(&header).unwrap()];
    let mut now = 0;
    let mut count = 100;
    loop {
        let (output, record) = session.poll(ClientTime::from_nanos(now));
        lines.extend(record.map(|record| to_line(&record).unwrap()));
        match output {
            // A timer is never quite exact; every seventh probe is lost.
            Output::Wait(until) => now = until.as_nanos() + 17_000,
            Output::Done => break,
            Output::Send(probe) if probe.seq % 7 != 0 => {
                count += 1;
                let ns = |offset| ReflectorTime::from_nanos(now + 5_000 + offset);
                let claim = Claim {
                    times: Some(ReflectorTimes {
                        received: ns(700_000),
                        sent: ns(730_000),
                    }),
                    count: (probe.seq % 3 != 0).then_some(count),
                    synced: probe.seq % 2 == 0,
                    ..Claim::answering(&probe)
                };
                for _ in 0..=probe.seq % 2 {
                    now += 1_300_000;
                    let (_, record) =
                        session.reply(ClientTime::from_nanos(now), &claim, |_, lost| {
                            lines.push(to_line(&lost).unwrap());
                        });
                    lines.push(to_line(&record).unwrap());
                }
            }
            _ => {}
        }
    }
    let summary = session.stats().summary();
    lines.push(to_line(&session.summary()).unwrap());
    (lines.concat(), summary)
}

#[test]
fn what_a_server_tells_is_kept_and_counted() {
    let (text, summary) = with_a_telling_server();
    let loaded = load(text.as_bytes()).unwrap();
    assert!(
        loaded.report().unwrap().verified(),
        "{:#?}",
        loaded.report()
    );
    assert!(loaded.log().verbatim.is_empty(), "the columns hold it all");
    assert_eq!(
        missing_data(&loaded),
        ["missing-kernel-timestamps", "missing-target"]
    );
    let end = loaded.after(loaded.events());
    let figures = Figures::default().at(&loaded, end);
    assert!(figures.timer_error.is_some() && figures.reflected.is_some());
    assert_eq!(figures, summary);
    let replied = (0..loaded.events()).find(|event| {
        matches!(
            loaded.event(*event).unwrap().what,
            EventData::Replied { .. }
        )
    });
    assert_eq!(
        loaded.server_times(replied.unwrap()),
        Some([705_000, 735_000])
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0..4_000_usize) {
        let mut text = text().into_bytes();
        let at = at.min(text.len());
        text.splice(at..(at + bytes.len()).min(text.len()), bytes);
        if let Ok(run) = load(&text) {
            let cursor = run.seek(u64::MAX);
            Figures::default().at(&run, cursor);
            prop_assert!(run.step(cursor, -1).index < cursor.index || cursor == Cursor::default());
        }
    }
}

/// What the command wrote of a comparison, and of heartbeats at either end.
const COMPARISON: &str = include_str!("../../../../fuzz/seeds/journal/compare.jsonl");
const HEARD: &str = include_str!("../../../../fuzz/seeds/journal/heartbeat.jsonl");
const SERVED: &str = include_str!("../../../../fuzz/seeds/journal/serve.jsonl");
const BEATS: &str = include_str!("../../../../fuzz/seeds/journal/beats.jsonl");

fn figures_of(run: &Run) -> &str {
    let figures = run.figures().unwrap();
    assert!(is_listed(figures), "{figures:?}");
    figures.id
}

/// The run as the worker hands it over.
fn handed_over(run: &Run) -> Run {
    use crate::transferable::TransferableRun;
    TransferableRun::of(run).unwrap().unpack().unwrap()
}

#[test]
fn a_comparison_is_three_runs_with_one_verdict() {
    let mut run = handed_over(&load(COMPARISON.as_bytes()).unwrap());
    let report = run.report().unwrap().clone();
    assert!(report.verified() && report.decisions > 10, "{report:?}");
    let others = run.take_others();
    let all: Vec<&Run> = core::iter::once(&run).chain(&others).collect();
    let ways: Vec<Option<Via>> = all.iter().map(|run| run.via()).collect();
    assert_eq!(ways, Via::ALL.map(Some));
    for run in all {
        assert_eq!(run.report(), Some(&report));
        assert_eq!((run.probes(), figures_of(run)), (2, "fact-traffic"));
        let times = (0..run.events()).filter_map(|event| Some(run.event(event)?.at_ns));
        assert!(times.is_sorted());
    }
    let forged = COMPARISON.replacen("\"rtt_ns\":", "\"late_ns\":", 1);
    let run = load(forged.as_bytes()).unwrap();
    assert!(run.report().unwrap().differences > 0);
    let differs = |event| run.event(event).is_some_and(|event| event.differs);
    assert!((0..run.events()).any(differs));
}

#[test]
fn heartbeats_are_events_at_their_receiver() {
    let run = handed_over(&load(HEARD.as_bytes()).unwrap());
    assert!(run.report().unwrap().verified());
    assert_eq!((run.probes(), figures_of(&run)), (0, "fact-watched"));
    assert!(run.missing_data().is_empty(), "{:?}", run.missing_data());
    let events: Vec<_> = (0..run.events())
        .filter_map(|event| run.event(event))
        .collect();
    let heard = events
        .iter()
        .filter(|it| matches!(it.what, EventData::Heard { .. }));
    let seqs: Vec<u64> = heard.filter_map(|it| it.seq).collect();
    assert_eq!(seqs, [2, 4, 5, 6, 7, 8, 10]);
    let silent = events
        .iter()
        .find(|it| matches!(it.what, EventData::Silent { .. }));
    let silent = silent.unwrap();
    assert!(
        run.sender_of(silent.index)
            .unwrap()
            .starts_with("127.0.0.1:")
    );
    for event in &events {
        let why = why(&run, event.index).unwrap();
        assert!(is_listed(&why), "{why:?}");
    }
}

#[test]
fn what_a_server_did_are_events_at_it_named_by_the_number_that_came() {
    let run = handed_over(&load(SERVED.as_bytes()).unwrap());
    assert!(run.report().unwrap().verified() && run.listens());
    assert_eq!((run.probes(), figures_of(&run)), (0, "fact-served"));
    assert!(run.missing_data().is_empty(), "{:?}", run.missing_data());
    let events: Vec<_> = (0..run.events())
        .filter_map(|event| run.event(event))
        .collect();
    let seqs = |is: fn(&EventData) -> bool| -> Vec<u64> {
        let these = events.iter().filter(|it| is(&it.what));
        these.filter_map(|it| it.seq).collect()
    };
    assert_eq!(
        seqs(|it| matches!(it, EventData::Received { .. })),
        [1, 2, 3, 4, 5, 6]
    );
    let answered = seqs(|it| matches!(it, EventData::Answered { .. }));
    let transmitted = seqs(|it| matches!(it, EventData::Transmitted));
    assert!(!transmitted.is_empty() && transmitted.iter().all(|seq| answered.contains(seq)));
    for event in &events {
        let why = why(&run, event.index).unwrap();
        assert!(is_listed(&why), "{why:?}");
    }
}

#[test]
fn what_became_of_a_sent_heartbeat_is_unknown() {
    let run = handed_over(&load(BEATS.as_bytes()).unwrap());
    assert!(run.report().unwrap().verified());
    assert_eq!((run.probes(), figures_of(&run)), (10, "fact-beats"));
    let end = run.after(run.events());
    for probe in 0..run.probes() {
        assert_eq!(run.probe(probe, end).unwrap().symbol, Some(Symbol::Unknown));
    }
    assert!(run.timers(end).is_empty());
}

#[test]
fn of_several_sessions_the_first_is_shown_and_the_others_are_counted() {
    let one = text();
    let told = |loaded: &Run, sessions: u64, line: u64| {
        let missing = loaded.missing_data();
        let others = missing.iter().find(|it| it.id == "missing-other-sessions");
        let others = others.unwrap_or_else(|| panic!("{missing:?}"));
        assert_eq!(others.arg("sessions"), Some(&Arg::Count(sessions)));
        assert_eq!(others.arg("line"), Some(&Arg::Number(line)));
    };
    let alone = load(one.as_bytes()).unwrap();
    let next = one.lines().count() as u64 + 1;
    let loaded = load([&*one, &one, &one].concat().as_bytes()).unwrap();
    assert_eq!(loaded.events(), alone.events());
    assert!(loaded.report().unwrap().verified());
    told(&loaded, 2, next);

    // One that was cut, with another behind it, on its own line or not.
    let cut = &one[..one.len() - 30];
    for (between, line) in [("\n", next), ("", next - 1)] {
        let loaded = load([cut, between, &one].concat().as_bytes()).unwrap();
        told(&loaded, 1, line);
    }
    // A line that is broken otherwise is left out.
    let broken = [cut, "\n", r#"{"done":true,"at_ns":1}"#, "\n"].concat();
    let missing = load(broken.as_bytes()).unwrap().missing_data()[0].clone();
    assert_eq!(
        (missing.id, missing.arg("line")),
        ("missing-line", Some(&Arg::Number(next - 1)))
    );
}

#[test]
fn what_people_open_by_mistake_is_named() {
    let cases: [(&[u8], &str); 8] = [
        (b"\x1f\x8b\x08", "load-is-gzip"),
        (b"\x28\xb5\x2f\xfd", "load-is-zstd"),
        (b"\xff\xfe{\0", "load-is-utf16"),
        (b"\x0a\x0d\x0d\x0a\x1c", "load-is-capture"),
        (b"{\"qlog_version\":\"0.3\"", "load-is-qlog"),
        (b"{\"version\":{\"irtt\":\"0.9\"", "load-is-irtt"),
        (b"PK\x03\x04", "load-is-zip"),
        (b"<!doctype html>", "load-is-html"),
    ];
    for (bytes, id) in cases {
        let error = load(bytes).unwrap_err();
        assert_eq!(error.what.id, id);
        assert!(is_listed(&error.what));
    }
}
