//! Journals from strangers: each is read, or refused with a reason. Nothing panics.

use proptest::prelude::*;
use udping_core::ConfigError;
use udping_journal::replay::{MAX_TABLE_ENTRIES, ReplayError};
use udping_journal::what_if::WhatIf;
use udping_journal::{HeaderError, LARGEST};
use udping_sim::WorldError;

use super::eventful::sessions;
use super::*;

const HEADER: &str = r#"{"udping":"journal","version":2,"kind":"ping","tool":"udping 0.1.0","wire":"textbook","schedule":{"stop_and_wait":{"gap_ns":0}},"count":10,"timeout_ns":1000000000,"late_window_ns":1000000000,"timestamp_key":1,"table_entries":16}"#;

/// The header with one piece of it put otherwise.
fn header_with(piece: &str, other: &str) -> String {
    assert!(HEADER.contains(piece), "{piece}");
    HEADER.replacen(piece, other, 1)
}

fn complaint(line: &str) -> String {
    match Header::parse(line) {
        Ok(header) => panic!("it is accepted: {header:?}"),
        Err(error) => error.to_string(),
    }
}

/// How a line that must not be accepted is refused.
fn error(line: &str) -> String {
    match parse_record(line) {
        Ok(parsed) => panic!("{line} is accepted: {parsed:?}"),
        Err(error) => error.to_string(),
    }
}

/// `depth` arrays, one in the other.
fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[test]
fn what_is_no_journal_is_called_so() {
    let deep = nested(10_000);
    let objects = r#"{"udping":"#.repeat(10_000);
    for line in [
        "",
        " ",
        "\0",
        "nonsense",
        "null",
        "42",
        "[]",
        "{}",
        "\u{feff}{}",
        r#"{"udping":"journal"}"#,
        r#"{"udping":"something else","version":1}"#,
        r#"{"udping":"journal","version":"1"}"#,
        r#"{"udping":"journal","version":-1}"#,
        r#"{"udping":"journal","version":1.5}"#,
        r#"{"udping":"journal","version":2,"version":2}"#,
        r#"{"sent":1,"at_ns":0,"due_ns":0}"#,
        &deep,
        &objects,
        &HEADER[..HEADER.len() / 2],
    ] {
        assert_eq!(Header::parse(line), Err(HeaderError::NotAJournal), "{line}");
    }
}

#[test]
fn a_newer_version_is_named() {
    for version in [3, u32::MAX] {
        let newer = header_with("\"version\":2", &format!("\"version\":{version}"));
        assert_eq!(
            Header::parse(&newer),
            Err(HeaderError::NewerVersion(version))
        );
    }
    let newest = header_with("\"version\":2", &format!("\"version\":{}", u64::MAX));
    assert_eq!(
        Header::parse(&newest),
        Err(HeaderError::NewerVersion(u32::MAX))
    );
    // Whatever else a newer one may hold.
    let strange = r#"{"udping":"journal","version":3,"schedule":"poisson"}"#;
    assert_eq!(Header::parse(strange), Err(HeaderError::NewerVersion(3)));
}

#[test]
fn an_older_version_is_named_whatever_else_it_holds() {
    for version in [0, 1] {
        let older = format!(r#"{{"udping":"journal","version":{version},"linger_ns":5}}"#);
        let refused = Header::parse(&older);
        assert_eq!(refused, Err(HeaderError::OlderVersion(version)));
    }
}

#[test]
fn a_malformed_header_is_refused_by_its_field() {
    assert!(Header::parse(HEADER).is_ok());
    let too_large = format!("{}", LARGEST + 1);
    let cases = [
        ("\"count\":10", "\"count\":0", "nonzero"),
        ("\"count\":10", "\"count\":18446744073709551615", "count is"),
        ("1000000000,\"l", "-1,\"l", "invalid value"),
        ("1000000000,\"l", "1e9,\"l", "invalid type"),
        ("1000000000,\"l", "1.5,\"l", "invalid type"),
        ("1000000000,\"l", "NaN,\"l", "not a udping journal"),
        ("1000000000,\"l", "\"1 s\",\"l", "invalid type"),
        ("1000000000,\"l", "null,\"l", "invalid type"),
        (
            "1000000000,\"l",
            &format!("{too_large},\"l"),
            "timeout_ns is",
        ),
        (
            "\"gap_ns\":0",
            "\"gap_ns\":18446744073709551615",
            "gap_ns is",
        ),
        (
            "stop_and_wait\":{\"gap_ns\":0",
            "paced\":{\"interval_ns\":9007199254740993",
            "interval_ns is",
        ),
        ("stop_and_wait", "poisson", "unknown variant `poisson`"),
        ("\"gap_ns\":0", "", "missing field `gap_ns`"),
        (
            "\"table_entries\":16",
            "\"table_entries\":16,\"table_entries\":16",
            "duplicate field",
        ),
        (
            "\"table_entries\":16",
            "\"size\":9007199254740993,\"table_entries\":16",
            "size is",
        ),
        (",\"table_entries\":16", "", "missing field `table_entries`"),
        (
            "\"table_entries\":16",
            "\"table_entries\":18446744073709551615",
            "table_entries is",
        ),
        (
            "\"table_entries\":16",
            "\"table_entries\":18446744073709551616",
            "invalid",
        ),
        ("\"ping\"", "\"pong\"", "unknown variant `pong`"),
        ("\"textbook\"", "7", "at line 1 column 76"),
    ];
    for (piece, other, why) in cases {
        let told = complaint(&header_with(piece, other));
        assert!(told.contains(why), "{other}: {told}");
    }
}

#[test]
fn a_scenario_beyond_all_bounds_is_refused_and_at_the_bounds_it_runs() {
    let with = |scenario: &str| {
        let simulated = header_with("\"ping\"", "\"simulation\"");
        format!(
            "{},\"scenario\":{scenario}}}",
            &simulated[..simulated.len() - 1]
        )
    };
    for (scenario, why) in [
        (r#"{"seed":9007199254740992}"#, "seed"),
        (
            r#"{"seed":0,"service_ns":9007199254740993}"#,
            "service_ns is",
        ),
        (
            r#"{"seed":0,"interventions":[{"at_ns":9007199254740993,"direction":"reply","packet":{"seq":1},"action":"drop"}]}"#,
            "at_ns is",
        ),
        (
            r#"{"seed":0,"interventions":[{"at_ns":0,"direction":"reply","packet":{"seq":1},"action":{"delay":{"by_ns":18446744073709551615}}}]}"#,
            "by_ns is",
        ),
        (
            r#"{"seed":0,"request":{"delay_ns":3600000000001}}"#,
            "delay",
        ),
        (r#"{"seed":0,"weather":"rain"}"#, "unknown field `weather`"),
    ] {
        let told = complaint(&with(scenario));
        assert!(told.contains(why), "{scenario}: {told}");
    }
    let largest = r#"{"seed":9007199254740991,"service_ns":9007199254740992,"interventions":[
        {"at_ns":0,"direction":"request","packet":{"seq":1},"action":{"duplicate":{"after_ns":9007199254740992}}},
        {"at_ns":0,"direction":"request","packet":{"seq":1,"copy":4294967295},"action":"corrupt"},
        {"at_ns":9007199254740992,"direction":"reply","packet":{"seq":9007199254740992},"action":{"delay":{"by_ns":9007199254740992}}}]}"#
        .replace('\n', "");
    let header = Header::parse(&with(&largest)).unwrap();
    let mut world = World::new(&header).unwrap();
    assert!(world.by_ref().count() > 20);
    assert_eq!(world.session().stats().summary().lost, 10);
}

#[test]
fn a_header_that_no_client_can_run_is_refused_before_any_memory_is_taken() {
    let refused = |piece, other| {
        let header = Header::parse(&header_with(piece, other)).unwrap();
        let error = Replay::new(&header).unwrap_err();
        assert_eq!(
            World::new(&Header {
                scenario: Some(Scenario::default()),
                ..header
            })
            .unwrap_err(),
            WorldError::Session(error)
        );
        error
    };
    assert_eq!(
        refused("\"table_entries\":16", "\"table_entries\":9007199254740992"),
        ReplayError::TableTooLarge(LARGEST)
    );
    let more = format!("\"table_entries\":{}", MAX_TABLE_ENTRIES + 1);
    assert_eq!(
        refused("\"table_entries\":16", &more),
        ReplayError::TableTooLarge(MAX_TABLE_ENTRIES + 1)
    );
    assert!(matches!(
        refused("\"table_entries\":16", "\"table_entries\":0"),
        ReplayError::Config(ConfigError::TableTooSmall { .. })
    ));
    assert_eq!(
        refused("1000000000,\"l", "0,\"l"),
        ReplayError::Config(ConfigError::ZeroTimeout)
    );
    assert_eq!(
        refused("stop_and_wait\":{\"gap_ns\"", "window\":{\"size\""),
        ReplayError::Config(ConfigError::ZeroWindow)
    );
}

#[test]
fn a_malformed_line_is_refused_with_its_place() {
    for (line, why) in [
        ("", "EOF"),
        ("nonsense", "column 2: expected ident"),
        ("[]", "a record, which is a JSON object"),
        ("17", "a record, which is a JSON object"),
        (r#"{"sent":1,"at_ns":0"#, "column 19: EOF"),
        (r#"{"sent":1}"#, "a `sent` record needs `at_ns`"),
        (r#"{"sent":1,"at_ns":0}"#, "a `sent` record needs `due_ns`"),
        (
            r#"{"lost":1,"at_ns":0}"#,
            "a `lost` record needs `deadline_ns`",
        ),
        (r#"{"sent":1,"lost":1,"at_ns":0}"#, "two records in one"),
        (r#"{"sent":1,"sent":1}"#, "duplicate field `sent`"),
        (r#"{"reply":null,"reply":null}"#, "duplicate field `reply`"),
        (
            r#"{"sent":18446744073709551615}"#,
            "a whole number from 0 to 9007199254740992",
        ),
        (r#"{"sent":9007199254740993}"#, "column 24: invalid value"),
        (r#"{"sent":99999999999999999999}"#, "invalid type"),
        (r#"{"sent":-1}"#, "invalid type"),
        (r#"{"sent":1.0}"#, "invalid type"),
        (r#"{"sent":1e3}"#, "invalid type"),
        (r#"{"sent":NaN}"#, "expected"),
        (r#"{"sent":Infinity}"#, "expected"),
        (r#"{"sent":"1"}"#, "invalid type: string"),
        (r#"{"sent":null}"#, "invalid type: null"),
        (r#"{"sent":[1]}"#, "invalid type: sequence"),
        (r#"{"reply":4294967296,"at_ns":0}"#, "expected u32"),
        (
            r#"{"reply":1,"at_ns":0,"ignored":"boredom"}"#,
            "unknown variant",
        ),
        (r#"{"reply":1,"at_ns":0,"unverified":1}"#, "invalid type"),
        (r#"{"stop":"lunch","at_ns":0}"#, "unknown variant `lunch`"),
        (r#"{"done":"yes","at_ns":0}"#, "invalid type"),
        (r#"{"summary":{}}"#, "missing field `sent`"),
        (r#"{"summary":null}"#, "invalid type"),
        (
            r#"{"lost":1,"at_ns":0,"deadline_ns":0} {"lost":2}"#,
            "column 38: trailing characters",
        ),
        ("{\"\\ud800\":1}", "column 9"),
    ] {
        let told = error(line);
        assert!(told.contains(why), "{line}: {told}");
    }
}

#[test]
fn nesting_takes_no_stack() {
    let deep = nested(10_000);
    for line in [
        deep.clone(),
        format!("{{\"sent\":{deep}}}"),
        format!("{{\"summary\":{{\"rtt\":{deep}}}}}"),
        "{\"future\":".repeat(10_000),
    ] {
        error(&line);
    }
    // What is skipped is skipped however deep it is.
    let future = format!("{{\"future\":{deep}}}");
    assert_eq!(parse_record(&future).unwrap(), (Record::Unknown, 1));
}

#[test]
fn what_a_newer_program_adds_is_skipped_and_counted() {
    let known = r#"{"sent":1,"at_ns":2,"due_ns":0}"#;
    let more = r#"{"mood":"good","at_ns":2,"sent":1,"tags":[{"a":[]}],"due_ns":0}"#;
    let (record, none) = parse_record(known).unwrap();
    assert_eq!(parse_record(more).unwrap(), (record, 2));
    assert_eq!(none, 0);
    // A word of another record's has no meaning here either.
    let stray = r#"{"sent":1,"at_ns":2,"due_ns":0,"rtt_ns":7,"ignored":"empty"}"#;
    assert_eq!(parse_record(stray).unwrap().1, 2);
    // A whole record of a kind that is not known.
    let (record, unknown) = parse_record(r#"{"weather":"rain","at_ns":5}"#).unwrap();
    assert_eq!((record, unknown), (Record::Unknown, 2));
}

#[test]
fn records_out_of_order_beyond_reason_or_of_no_session_are_differences() {
    let header = Header::parse(HEADER).unwrap();
    let largest = LARGEST;
    let lines = [
        format!(r#"{{"done":true,"at_ns":{largest}}}"#),
        format!(r#"{{"lost":{largest},"at_ns":{largest},"deadline_ns":{largest}}}"#),
        format!(r#"{{"sent":{largest},"at_ns":{largest},"due_ns":0}}"#),
        format!(r#"{{"missed":{largest},"at_ns":{largest},"due_ns":{largest}}}"#),
        format!(r#"{{"reply":4294967295,"at_ns":0,"rtt_ns":{largest}}}"#),
        format!(r#"{{"reply":null,"at_ns":0,"timestamp":null,"seq":{largest},"late_ns":0}}"#),
        format!(r#"{{"unreachable":{largest},"at_ns":0,"refused":0,"after_ns":{largest}}}"#),
        format!(r#"{{"unsent":{largest},"at_ns":{largest}}}"#),
        format!(
            r#"{{"kernel":{largest},"at_ns":{largest},"kernel_ns":{largest},"decided_rtt_ns":0}}"#
        ),
        r#"{"sent":1,"at_ns":0,"due_ns":0}"#.into(),
    ];
    let report = verify(&header, &parse(&lines));
    assert_eq!(report.decisions, lines.len() as u64);
    assert_eq!(report.differences, report.decisions);
    let mut what_if = WhatIf::new(&header, ms(200)).unwrap();
    for record in parse(&lines) {
        what_if.feed(&record);
    }
    assert_eq!(what_if.finish().decided().replied, 0);
}

#[test]
fn dropped_records_are_told_and_nothing_after_them_is_called_verified() {
    let (header, records) = &sessions()[0];
    let mut with_gap = records.clone();
    with_gap.splice(10..13, parse(&[r#"{"gap":3,"at_ns":0}"#.into()]));
    let report = verify(header, &with_gap);
    assert!(!report.verified());
    assert_eq!((report.dropped, report.differences), (3, 0));
    assert_eq!(report.unverifiable, with_gap.len() as u64 - 11);
    // A gap of nothing, or of everything, is one too.
    for gap in [0, LARGEST] {
        with_gap[10] = parse(&[format!(r#"{{"gap":{gap},"at_ns":0}}"#)]).remove(0);
        with_gap.insert(10, with_gap[10].clone());
        assert!(!verify(header, &with_gap).verified());
    }
}

#[test]
fn incidents_change_nothing_and_need_not_be_known() {
    let (header, records) = &sessions()[0];
    let plain = verify(header, records);
    let mut noted = records.clone();
    let added = parse(&[
        r#"{"incident":"slept","at_ns":0,"for_ns":9007199254740992}"#.into(),
        r#"{"incident":"clock_set","at_ns":9007199254740992,"by_ns":-9007199254740992}"#.into(),
        r#"{"incident":"struck_by_lightning","at_ns":0,"volts":5}"#.into(),
    ]);
    for (place, note) in added.into_iter().enumerate() {
        noted.insert(place * 4, note);
    }
    assert_eq!(verify(header, &noted), plain);
    for (line, why) in [
        (r#"{"incident":"slept"}"#, "needs `at_ns`"),
        (r#"{"incident":5,"at_ns":0}"#, "column 13"),
        (
            r#"{"incident":"clock_set","at_ns":0,"by_ns":-9007199254740993}"#,
            "at most 2^53",
        ),
    ] {
        let told = error(line);
        assert!(told.contains(why), "{line}: {told}");
    }
}

#[test]
fn only_so_many_differences_are_kept_and_all_are_counted() {
    let header = Header::parse(HEADER).unwrap();
    let line = r#"{"lost":1,"at_ns":1,"deadline_ns":0}"#.to_owned();
    let report = verify(&header, &vec![parse(&[line]).remove(0); 5_000]);
    assert_eq!((report.differences, report.examples.len()), (5_000, 1_000));
}

/// A journal's lines with some of their characters changed, lost or repeated.
fn mutilated() -> impl Strategy<Value = Vec<String>> {
    let all: Vec<Vec<String>> = sessions()
        .iter()
        .map(|(header, records)| {
            let lines = records.iter().map(|record| to_line(record).unwrap());
            core::iter::once(to_line(header).unwrap())
                .chain(lines)
                .collect()
        })
        .collect();
    let pieces = prop_oneof![
        Just(String::new()),
        "[0-9]{1,20}",
        "[ -~]",
        Just("\"at_ns\":".into()),
        Just("null".into()),
        any::<char>().prop_map(String::from),
    ];
    let cuts = prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            any::<prop::sample::Index>(),
            0_usize..6,
            pieces,
        ),
        1..8,
    );
    (prop::sample::select(all), cuts).prop_map(|(mut lines, cuts)| {
        for (line, at, len, piece) in cuts {
            let line = line.get_mut(&mut lines);
            let from = at.index(line.len());
            let until = (from + len).min(line.len());
            // The lines are ASCII until here; a piece that is not may be in the way.
            if line.is_char_boundary(from) && line.is_char_boundary(until) {
                line.replace_range(from..until, &piece);
            }
        }
        lines
    })
}

fn read_whatever(lines: &[String]) {
    let Some(header) = lines.first().and_then(|line| Header::parse(line).ok()) else {
        return;
    };
    let mut replay = Replay::new(&header).ok();
    let mut what_if = WhatIf::new(&header, ms(50)).ok();
    for (number, line) in (2..).zip(&lines[1..]) {
        if let Ok((record, _)) = parse_record(line) {
            if record != Record::Unknown {
                let written = to_line(&record).unwrap();
                assert_eq!(parse_record(&written).unwrap(), (record.clone(), 0));
            }
            if let Some(replay) = &mut replay {
                replay.feed(number, &record);
            }
            if let Some(what_if) = &mut what_if {
                what_if.feed(&record);
            }
        }
    }
    what_if.map(WhatIf::finish);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), braced in "\\{.*\\}") {
        for line in [text, braced] {
            let _ = Header::parse(&line);
            let _ = parse_record(&line);
        }
    }

    #[test]
    fn mutilated_journals_are_read_without_panic(lines in mutilated()) {
        read_whatever(&lines);
    }
}
