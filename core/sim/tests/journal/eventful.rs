//! A session in which everything happens that a journal has a word for, on each
//! schedule: made by hand, since the simulated network has neither refusals nor
//! kernel stamps, and never sleeps too long.

use std::collections::BTreeMap;

use udping_core::event::Output;
use udping_core::stats::{Full, Stats};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, ReflectorTime, WallTime};
use udping_core::wire::{Claim, Damage, Probe, ReflectorTimes, Unreadable};
use udping_journal::Recorder;
use udping_journal::{Kind, StopReason, WireName};

use super::*;

/// What the far end, the network and the system do to a probe.
#[derive(Clone, Copy)]
enum Input {
    Reply(Claim),
    Unreadable(Unreadable),
    Unreachable(Option<u64>),
    SendFailure(u64),
    Kernel(u64, i64),
    Stop,
}

/// The inputs that probe `number` has, and how long after it was sent. The sum of
/// several behaviours, told apart by the number.
fn inputs(probe: &Probe, accept_unnumbered: bool) -> Vec<(u64, Input)> {
    let claim = Claim::answering(probe);
    let with = |seq, timestamp| {
        Input::Reply(Claim {
            seq,
            timestamp,
            ..claim
        })
    };
    let seq = claim.seq;
    if probe.seq == LAST {
        return vec![(60, Input::Stop)];
    }
    match probe.seq % 12 {
        1 => vec![
            (20, Input::Reply(claim)),
            (21, Input::Kernel(probe.seq, 15_000_000)),
            (22, Input::Kernel(probe.seq, 25_000_000)),
            (23, Input::Kernel(probe.seq, -1)),
        ],
        2 if accept_unnumbered => vec![(40, with(None, None))],
        2 => vec![(40, with(None, None)), (45, Input::Reply(claim))],
        3 => vec![(50, with(seq, None)), (60, Input::Reply(claim))],
        4 => vec![
            (30, Input::Unreachable(Some(probe.seq))),
            (31, Input::Reply(claim)),
        ],
        5 => vec![
            (1, Input::SendFailure(probe.seq)),
            (2, Input::SendFailure(probe.seq)),
        ],
        6 => vec![(130, Input::Reply(claim)), (140, Input::Reply(claim))],
        7 => vec![
            (10, Input::Unreadable(Unreadable::NotText)),
            (11, Input::Unreadable(Unreadable::Empty)),
            (12, with(seq.map(|seq| seq + 100), None)),
            (12, {
                let needs_proof = true;
                let unproven = Claim {
                    needs_proof,
                    timestamp: None,
                    ..claim
                };
                Input::Reply(unproven)
            }),
            (
                13,
                with(
                    seq,
                    Some(WallTime::from_nanos(probe.timestamp.as_nanos() - 1_000_000)),
                ),
            ),
            (14, Input::Unreachable(Some(probe.seq + 100))),
        ],
        0 => {
            let altered = Claim {
                size: Some(64),
                damage: Some(Damage::Altered),
                ..claim
            };
            vec![(20, Input::Reply(altered))]
        }
        8 => vec![(115, Input::Reply(claim)), (250, Input::Reply(claim))],
        9 => vec![(30, Input::Unreachable(None))],
        10 => {
            let [received, sent] = [70, 71].map(ReflectorTime::from_nanos);
            let times = Some(ReflectorTimes { received, sent });
            let told = Claim {
                times,
                count: seq.map(|seq| seq - 1),
                synced: true,
                ..claim
            };
            vec![(25, Input::Reply(told))]
        }
        11 => vec![(99, with(seq, Some(WallTime::from_nanos(5))))],
        _ => vec![],
    }
}

/// The probe that is in flight when somebody ends the session.
const LAST: u64 = 30;

/// The header and the records of such a session on `schedule`.
pub(super) fn eventful(schedule: Schedule) -> (Header, Vec<Record>) {
    let config = Config::builder()
        .schedule(schedule)
        .count(None)
        .timeout(ms(100))
        .late_window(ms(100))
        .accept_unnumbered(matches!(schedule, Schedule::StopAndWait { .. }))
        .build()
        .unwrap();
    let slots = config.entries_needed().max(64);
    let header = Header::new(
        Kind::Ping,
        "udping test".into(),
        WireName::Textbook,
        &config,
        slots,
    );
    let table = vec![Entry::EMPTY; usize::try_from(slots).unwrap()];
    let mut session = Recorder::new(config, ClientTime::ZERO, table).unwrap();
    let mut records = Vec::new();
    let mut coming: BTreeMap<(ClientTime, usize), Input> = BTreeMap::new();
    let mut named = 0;
    let mut now = ClientTime::ZERO;
    loop {
        let (output, record) = session.poll(now);
        records.extend(record);
        let wake = match output {
            Output::Send(probe) => {
                for (after, input) in inputs(&probe, config.accept_unnumbered()) {
                    named += 1;
                    coming.insert((now.saturating_add(ms(after)), named), input);
                }
                continue;
            }
            Output::Event(_) => continue,
            Output::Wait(until) => until,
            Output::Done => break,
        };
        let Some((&(at, name), &input)) = coming.first_key_value() else {
            now = wake;
            continue;
        };
        // Before the reply to each eighth probe the system lets us sleep too long.
        let oversleeps = session.client().in_flight().any(|it| it.seq % 12 == 8);
        if at > wake && !oversleeps {
            now = wake;
            continue;
        }
        now = at;
        coming.remove(&(at, name));
        let record = match input {
            Input::Reply(claim) => session.reply(now, &claim, |_, lost| records.push(lost)).1,
            Input::Unreadable(why) => session.unreadable(now, why).1,
            Input::Unreachable(seq) => {
                let error = Some("Connection refused".into());
                session.unreachable(now, seq, error).1
            }
            Input::SendFailure(seq) => {
                let error = Some("No buffer space available".into());
                session.send_failure(now, seq, error).1
            }
            Input::Kernel(seq, kernel) => session.kernel_rtt(now, seq, kernel).1,
            Input::Stop => session.stop(now, StopReason::Signal),
        };
        records.push(record);
    }
    records.push(session.summary());
    (header, records)
}

/// One such session for each schedule.
pub(super) fn sessions() -> [(Header, Vec<Record>); 3] {
    [
        Schedule::StopAndWait { gap: ms(3) },
        Schedule::Paced { interval: ms(10) },
        Schedule::Window { size: 4 },
    ]
    .map(eventful)
}

#[test]
fn what_is_counted_from_the_records_is_what_the_session_counted() {
    for (header, records) in sessions() {
        let mut replay = Replay::new(&header).unwrap();
        let mut stats = Stats::<Full>::new();
        for (line, record) in (2..).zip(&records) {
            replay.feed(line, record);
            let client = replay.session().client();
            let seq = record.seq(|low| client.unwrap_seq(low));
            record.tally(seq, header.schedule.into(), None, &mut stats);
        }
        assert_eq!(stats.summary(), replay.session().stats().summary());
    }
}

#[test]
fn such_sessions_verify_and_everything_happens_in_them() {
    let all = sessions();
    let mut text = String::new();
    for (header, records) in &all {
        let report = verify(header, records);
        assert!(
            report.verified() && report.done && report.summary,
            "{report:#?}"
        );
        text.extend(records.iter().map(|record| to_line(record).unwrap()));
    }
    for key in [
        "sent",
        "reply",
        "unreadable",
        "lost",
        "missed",
        "unreachable",
        "unsent",
        "stop",
        "done",
        "summary",
        "due_ns",
        "deadline_ns",
        "rtt_ns",
        "late_ns",
        "duplicate_ns",
        "ignored",
        "seq",
        "unverified",
        "timestamp",
        "needs_proof",
        "size",
        "damage",
        "t2_ns",
        "t3_ns",
        "count",
        "synced",
        "reflected",
        "server",
        "directions",
        "refused",
        "after_ns",
        "kernel",
        "kernel_ns",
        "decided_rtt_ns",
        "error",
        "kernel",
        "host_added",
        "ipdv",
        "late_rtt",
        "loss_runs",
    ] {
        assert!(
            text.contains(&format!("\"{key}\":")),
            "nothing has a {key:?}:\n{text}"
        );
    }
}

#[test]
fn a_loss_stands_before_the_reply_that_reveals_it_and_every_record_has_its_time() {
    let mut revealed = 0;
    for (header, records) in sessions() {
        let mut lost = BTreeMap::new();
        let mut latest = 0;
        for record in &records {
            let at = record.at_ns().unwrap();
            assert!(latest <= at, "{record:?} comes after {latest}");
            latest = at;
            match record {
                Record::Lost(it) => {
                    assert!(it.at_ns > it.deadline_ns, "{it:?}");
                    lost.insert(it.lost, it.at_ns);
                }
                Record::Reply(it) if it.late_ns.is_some() => {
                    let seq = record.seq(|low| Some(low.into())).unwrap();
                    let noticed = lost.get(&seq).copied();
                    assert!(noticed.is_some(), "{record:?} of a probe not yet lost");
                    revealed += u32::from(noticed == Some(at));
                }
                _ => {}
            }
        }
        // Without its line, the loss is missing.
        let is_lost = |record: &&Record| !matches!(record, Record::Lost(_));
        let without: Vec<Record> = records.iter().filter(is_lost).cloned().collect();
        assert!(verify(&header, &without).differences >= lost.len() as u64);
    }
    assert!(
        revealed > 0,
        "no late reply came before its loss was noticed"
    );
}

#[test]
fn a_simulated_reply_just_after_the_deadline_is_late_for_a_probe_that_is_lost() {
    let way = Impairments {
        delay: Duration::from_millis(500),
        ..Impairments::default()
    };
    let config = configs(3)[0]
        .to_builder()
        .timeout(Duration::from_nanos(999_999_999))
        .build()
        .unwrap();
    let scenario = Scenario {
        request: way,
        reply: way,
        ..Scenario::default()
    };
    let lines = simulate(&header(&config, scenario)).concat();
    let late = lines.find("late_ns").expect(&lines);
    let lost = lines.find("{\"lost\":1").expect(&lines);
    assert!(lost < late, "{lines}");
}
