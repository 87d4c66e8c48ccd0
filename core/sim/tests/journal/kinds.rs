//! The journals of heartbeats, of either end, and of comparisons: verified as they are,
//! and found out when they are altered.

use udping_core::event::Output;
use udping_core::heartbeat::{Beat, Monitor, MonitorOutput, Sender, SenderState};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, ReflectorTime, WallTime};
use udping_core::wire::{Claim, Probe, Unreadable};
use udping_journal::Recorder;
use udping_journal::comparison::{Ledger, Via};
use udping_journal::replay::{ReplayError, Verifier};
use udping_journal::{
    Carried, Connected, Done, Kind, Named, Silent, Stop, StopReason, Tagged, TrafficRecord,
    UnixNanos, WireName, parse_line,
};

use super::tamper::forgeries;
use super::*;

fn base(kind: Kind, schedule: Schedule, slots: u64) -> Header {
    let config = Config::builder()
        .schedule(schedule)
        .count(NonZeroU64::new(6))
        .timeout(ms(100))
        .late_window(ms(100))
        .build()
        .unwrap();
    Header::new(
        kind,
        "udping test".into(),
        WireName::Textbook,
        &config,
        slots,
    )
}

fn line(record: &Record) -> String {
    to_line(record).unwrap()
}

/// A sender that misses slots, is refused, cannot send, and is stopped.
fn sender() -> Vec<String> {
    let header = base(Kind::Heartbeat, Schedule::Paced { interval: ms(10) }, 0);
    let mut sender = Sender::new(ms(10), header.count);
    let at = |ms: u64| ClientTime::from_nanos(ms * 1_000_000);
    let mut lines = vec![to_line(&header).unwrap()];
    for now in [0, 10, 45, 50, 60] {
        loop {
            match sender.poll(at(now)) {
                Output::Send(probe) => {
                    lines.push(line(&Record::sent(&probe)));
                    let said = Some("it said so".to_owned());
                    if probe.seq == 2 {
                        for after in [1, 2] {
                            let outcome = sender.handle_unreachable(at(now + after));
                            let now = sender.now();
                            let record = Record::unreachable(now, None, said.clone(), &outcome);
                            lines.push(line(&record));
                        }
                    }
                    if probe.seq == 4 {
                        for seq in [4, 4, 9] {
                            let outcome = sender.handle_send_failure(at(now), seq);
                            let now = sender.now();
                            lines.push(line(&Record::unsent(now, seq, said.clone(), &outcome)));
                        }
                    }
                }
                Output::Event(event) => lines.push(line(&Record::event(sender.now(), &event))),
                Output::Wait(_) => break,
                Output::Done => panic!("it has more to send"),
            }
        }
    }
    sender.stop(at(76));
    assert_eq!(sender.poll(at(77)), Output::Done);
    lines.push(line(&Record::Stop(Stop {
        stop: StopReason::Signal,
        at_ns: at(76).as_nanos(),
    })));
    lines.push(line(&Record::Done(Done {
        done: true,
        at_ns: at(77).as_nanos(),
    })));
    let beats = sender.summary();
    lines.push(line(&Record::beats(at(77), beats).named(&header)));
    lines
}

/// A receiver to which everything happens that there is a word for.
fn receiver() -> Vec<String> {
    let header = Header {
        silence_ns: Some(3_000_000_000),
        wall_ns: Some(UnixNanos(WallTime::from_nanos(1_700_001_000_000_000_000))),
        epoch_s: Some(1_700_000_000),
        count: None,
        ..base(Kind::Heartbeat, Schedule::OnDemand, 2)
    };
    let table = vec![SenderState::EMPTY; 2];
    let mut watch = Monitor::new(Some(ms(3_000)), table).with_wall(header.wall());
    let at = |ms: u64| ReflectorTime::from_nanos(ms * 1_000_000);
    let mut lines = vec![to_line(&header).unwrap()];
    let poll = |watch: &mut Monitor<Vec<SenderState>>, ms: u64, lines: &mut Vec<String>| {
        while let MonitorOutput::Stopped { key, deadline, .. } = watch.poll(at(ms)) {
            lines.push(line(&Record::Silent(Silent {
                stopped: key,
                at_ns: watch.now().as_nanos(),
                deadline_ns: deadline.as_nanos(),
            })));
        }
    };
    // When, whose, which, and its clock in milliseconds.
    let beats = [
        (0, 1, 3, Some(1_000_020)),
        (10, 2, 1, None),
        (1_000, 1, 4, Some(1_001_030)),
        (1_001, 3, 1, None),
        (1_500, 1, 7, Some(1_001_400)),
        (1_510, 1, 5, Some(1_001_100)),
        (1_511, 1, 5, Some(1_001_100)),
        (2_000, 1, 1, Some(1_001_900)),
        (4_000, 2, 70, None),
        (9_000, 1, 2, Some(1_008_990)),
        (9_100, 2, 69, None),
        (9_200, 3, 5, None),
        (9_300, 1, 100, None),
        (9_400, 1, 30, Some(5)),
        (9_500, 1, 101, Some(1_009_450)),
        (9_600, 1, 30, Some(1_009_440)),
    ];
    for (ms, from, seq, clock) in beats {
        poll(&mut watch, ms, &mut lines);
        let clock = clock.map(|ms: u64| ms * 1_000_000);
        let beat = Beat { seq, clock };
        let heard = watch.handle_beat(at(ms), from, beat);
        lines.push(line(&Record::beat(watch.now(), from, beat, &heard)));
        if seq == 3 {
            lines.push(line(&Record::Named(Named {
                named: from,
                at_ns: watch.now().as_nanos(),
                address: "192.0.2.1:5000".into(),
            })));
            watch.handle_unreadable(at(ms + 1));
            let why = Unreadable::Malformed;
            let outcome = udping_core::event::Outcome::Ignored(why.into());
            let now = ClientTime::from_nanos(watch.now().as_nanos());
            lines.push(line(&Record::unreadable(now, why, None, &outcome)));
        }
    }
    poll(&mut watch, 20_000, &mut lines);
    watch.stop(at(20_000));
    assert_eq!(watch.poll(at(20_001)), MonitorOutput::Done);
    lines.push(line(&Record::Stop(Stop {
        stop: StopReason::Signal,
        at_ns: at(20_000).as_nanos(),
    })));
    lines.push(line(&Record::Done(Done {
        done: true,
        at_ns: at(20_001).as_nanos(),
    })));
    let watched = watch.summary();
    let words = [
        watched.senders,
        watched.missing,
        watched.late,
        watched.duplicates,
        watched.restarts,
        watched.stopped,
        watched.back,
        watched.too_old,
        watched.no_room,
        watched.unreadable,
    ];
    assert!(words.iter().all(|word| *word > 0), "{watched:?}");
    lines.push(line(&Record::watched(at(20_001), watched).named(&header)));
    lines
}

/// One lane of a comparison, by hand.
struct Lane {
    via: Via,
    session: Recorder<Vec<Entry>>,
    ledger: Ledger,
    lines: Vec<String>,
}

impl Lane {
    fn say(&mut self, record: &Record) {
        let via = self.via;
        self.lines.push(to_line(&Tagged { record, via }).unwrap());
    }

    fn send(&mut self, ms: u64) -> Probe {
        let now = ClientTime::from_nanos(ms * 1_000_000);
        while let Some((_, record)) = self.session.expire(now) {
            self.say(&record);
        }
        let (probe, record) = self.session.send_now(now).unwrap();
        self.say(&record);
        probe
    }

    fn reply(&mut self, ms: u64, claim: &Claim) -> Record {
        let now = ClientTime::from_nanos(ms * 1_000_000);
        let mut lost = Vec::new();
        let (_, record) = self.session.reply(now, claim, |_, it| lost.push(it));
        for it in &lost {
            self.say(it);
        }
        record
    }
}

/// A comparison in which everything happens that there is a word for.
fn comparison() -> Vec<String> {
    let header = base(Kind::Compare, Schedule::OnDemand, 64);
    let at = |ms: u64| ClientTime::from_nanos(ms * 1_000_000);
    let mut lines = vec![to_line(&header).unwrap()];
    for via in Via::ALL {
        let table = vec![Entry::EMPTY; 64];
        let mut lane = Lane {
            via,
            session: Recorder::new(header.config().unwrap(), ClientTime::ZERO, table).unwrap(),
            ledger: Ledger::new(via, &header),
            lines: Vec::new(),
        };
        for seq in 1..=6_u64 {
            let start = seq * 300;
            let probe = lane.send(start);
            if via != Via::Udp && (seq == 1 || via == Via::TcpNew) {
                let it = Connected {
                    connected: seq,
                    at_ns: at(start + 5).as_nanos(),
                };
                lane.ledger.connected(&it);
                lane.say(&Record::Connected(it));
            }
            let claim = Claim::answering(&probe);
            let record = match seq {
                1 | 6 => Some(lane.reply(start + 20, &claim)),
                2 => Some(lane.reply(start + 120, &claim)),
                3 => Some(lane.session.unreachable(at(start + 1), Some(seq), None).1),
                4 => Some(lane.session.send_failure(at(start), seq, None).1),
                _ => None,
            };
            if let Some(record) = record {
                lane.say(&record);
            }
            let it = Carried {
                carried: 1,
                at_ns: at(start + 200).as_nanos(),
                bytes_out: 24,
                bytes_in: 24,
                packets_out: (via == Via::TcpKept).then_some(5),
                packets_in: (via == Via::TcpKept).then_some(4),
                retransmitted: (via == Via::TcpKept).then_some(1),
            };
            lane.ledger.carried(&it);
            lane.say(&Record::Carried(it));
        }
        let (output, record) = lane.session.poll(at(5_000));
        assert_eq!(output, Output::Done);
        lane.say(&record.unwrap());
        let summary = lane.session.stats().summary();
        assert_eq!((summary.replied, summary.late, summary.lost), (2, 1, 2));
        let traffic = lane.ledger.traffic(&summary);
        let at_ns = at(5_000).as_nanos();
        lane.say(&Record::Traffic(TrafficRecord { traffic, at_ns }));
        lane.say(&lane.session.summary());
        lines.append(&mut lane.lines);
    }
    lines
}

pub(super) fn journals() -> [Vec<String>; 3] {
    [sender(), receiver(), comparison()]
}

/// What a reader of these lines is told; `None` if a line is no record.
fn verify_lines(lines: &[String]) -> Option<Report> {
    let header = Header::parse(&lines[0]).unwrap();
    let mut verifier = Verifier::new(&header).unwrap();
    for (number, line) in (2..).zip(&lines[1..]) {
        let (record, via, _) = parse_line(line).ok()?;
        verifier.feed(number, via, &record);
    }
    Some(verifier.report())
}

fn is_sound(report: &Report) -> bool {
    report.verified() && report.done && report.summary
}

/// Lines that tell nothing new when they are repeated, or that decide nothing.
fn is_label(line: &str) -> bool {
    let kind = line.split('"').nth(1).unwrap();
    ["named", "stop"].contains(&kind)
}

fn is_figures(line: &str) -> bool {
    let kind = line.split('"').nth(1).unwrap();
    ["summary", "traffic", "beats", "watched"].contains(&kind)
}

#[test]
fn every_kind_is_verified_and_every_line_is_read_as_it_was_written() {
    for lines in journals() {
        let report = verify_lines(&lines).unwrap();
        assert!(is_sound(&report), "{:?}", report.examples);
        assert!(report.decisions >= 10, "{}: {report:?}", lines[0]);
        for line in &lines[1..] {
            let (record, via, unknown) = parse_line(line).unwrap();
            let again = match via {
                Some(via) => to_line(&Tagged {
                    record: &record,
                    via,
                }),
                None => to_line(&record),
            };
            assert_eq!((again.unwrap(), unknown), (line.clone(), 0));
        }
    }
}

#[test]
fn every_decision_altered_is_reported() {
    let mut tried = 0;
    for lines in journals() {
        for index in 1..lines.len() {
            for forgery in forgeries(&lines[index]) {
                tried += 1;
                let mut lines = lines.clone();
                let truth = core::mem::replace(&mut lines[index], forgery);
                let report = verify_lines(&lines);
                assert!(
                    report.is_none_or(|report| report.differences > 0 || !report.summary),
                    "{} instead of {truth}",
                    lines[index]
                );
            }
        }
    }
    assert!(tried > 500, "only {tried} forgeries");
}

#[test]
fn every_line_removed_or_doubled_is_reported() {
    for lines in journals() {
        for index in 1..lines.len() {
            if is_label(&lines[index]) {
                continue;
            }
            let mut without = lines.clone();
            let removed = without.remove(index);
            let report = verify_lines(&without).unwrap();
            assert!(!is_sound(&report), "without {removed}");
            if is_figures(&lines[index]) {
                continue;
            }
            let mut twice = lines.clone();
            twice.insert(index, lines[index].clone());
            let report = verify_lines(&twice).unwrap();
            assert!(!is_sound(&report), "twice {}", lines[index]);
        }
    }
}

#[test]
fn an_end_that_does_not_say_who_fell_silent_is_reported() {
    let lines: Vec<String> = receiver()
        .into_iter()
        .filter(|line| !line.starts_with("{\"stopped"))
        .collect();
    let report = verify_lines(&lines).unwrap();
    assert!(report.examples.iter().any(|it| it.recorded.is_empty()));
}

#[test]
fn a_record_of_another_kind_or_of_no_lane_is_a_difference() {
    let [sender, receiver, comparison] = journals();
    let ping = simulate(&header(&configs(3)[0], Scenario::default()));
    for (lines, strays) in [
        (&sender, [&receiver[1], &comparison[2], &ping[2]]),
        (&receiver, [&sender[1], &comparison[2], &ping[2]]),
        (&comparison, [&receiver[1], &sender[1], &ping[1]]),
        (&ping, [&receiver[1], &sender[1], &comparison[3]]),
    ] {
        assert!(is_sound(&verify_lines(lines).unwrap()));
        for stray in strays {
            let mut lines = lines.clone();
            lines.insert(2, stray.clone());
            let report = verify_lines(&lines).unwrap();
            assert!(report.differences > 0, "{stray} in {}", lines[0]);
        }
    }
}

#[test]
fn a_gap_leaves_what_follows_unverifiable_in_every_lane() {
    for mut lines in journals() {
        lines.insert(5, "{\"gap\":3,\"at_ns\":0}".to_owned());
        let report = verify_lines(&lines).unwrap();
        assert_eq!((report.dropped, report.differences), (3, 0));
        assert_eq!(report.unverifiable, lines.len() as u64 - 6);
        assert!(report.done && report.summary);
    }
}

#[test]
fn headers_that_nobody_could_have_run_are_refused() {
    let [_, receiver, comparison] = journals();
    let refused = |line: &str, piece: &str, other: &str| {
        assert!(line.contains(piece), "{piece} in {line}");
        let header = Header::parse(&line.replacen(piece, other, 1)).unwrap();
        Verifier::new(&header).unwrap_err()
    };
    assert_eq!(
        refused(
            &receiver[0],
            "\"table_entries\":2",
            "\"table_entries\":9007199254740992"
        ),
        ReplayError::TableTooLarge(1 << 53)
    );
    assert_eq!(
        refused(&receiver[0], ",\"silence_ns\":3000000000", ""),
        ReplayError::Kind
    );
    assert!(matches!(
        refused(
            &comparison[0],
            "\"timeout_ns\":100000000",
            "\"timeout_ns\":0"
        ),
        ReplayError::Config(_)
    ));
    let heartbeat = Header::parse(&receiver[0]).unwrap();
    assert_eq!(Replay::new(&heartbeat).unwrap_err(), ReplayError::Kind);
    let silence = "\"silence_ns\":3000000000";
    for (other, why) in [
        ("\"silence_ns\":-1", "invalid value"),
        ("\"silence_ns\":9007199254740993", "silence_ns is"),
    ] {
        let error = Header::parse(&receiver[0].replacen(silence, other, 1)).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[test]
fn malformed_lines_of_these_kinds_are_refused() {
    for (line, why) in [
        (r#"{"beat":1,"at_ns":0,"from":1}"#, "needs `order`"),
        (r#"{"beat":1,"at_ns":0,"order":"next"}"#, "needs `from`"),
        (
            r#"{"beat":1,"at_ns":0,"from":1,"order":"dead"}"#,
            "unknown variant",
        ),
        (
            r#"{"beat":1,"at_ns":0,"from":1,"order":"next","difference_ns":9007199254740993}"#,
            "an amount of at most 2^53",
        ),
        (r#"{"stopped":1,"at_ns":0}"#, "needs `deadline_ns`"),
        (r#"{"named":1,"at_ns":0}"#, "needs `address`"),
        (r#"{"connected":1}"#, "needs `at_ns`"),
        (
            r#"{"carried":1,"at_ns":0,"bytes_out":1}"#,
            "needs `bytes_in`",
        ),
        (r#"{"traffic":{}}"#, "missing field"),
        (r#"{"beats":{"sent":-1}}"#, "invalid value"),
        (
            r#"{"sent":1,"at_ns":0,"due_ns":0,"via":"sctp"}"#,
            "unknown variant `sctp`",
        ),
        (r#"{"beat":1,"stopped":1}"#, "two records in one"),
    ] {
        let error = parse_line(line).unwrap_err().to_string();
        assert!(error.contains(why), "{line}: {error}");
    }
    // Of a ping, a lane has no meaning.
    let tagged = r#"{"sent":1,"at_ns":0,"due_ns":0,"via":"udp"}"#;
    assert_eq!(parse_record(tagged).unwrap().1, 1);
}
