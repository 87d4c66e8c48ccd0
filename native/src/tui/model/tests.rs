//! What the model makes of the events that it is given.

use std::net::Ipv4Addr;

use super::*;
use udping_core::session::Session;
use udping_core::table::Entry;
use udping_core::time::ReflectorTime;
use udping_core::wire::ReflectorTimes;
use udping_core::{Config, Schedule};

fn at(ms: u64) -> ClientTime {
    ClientTime::from_nanos(ms * 1_000_000)
}

fn replied(ms: u64) -> ViewEvent {
    ViewEvent::Outcome(Outcome::Replied {
        seq: 1,
        rtt: Duration::from_millis(ms),
        verified: true,
    })
}

fn model() -> TuiModel {
    let (title, server) = ("a run".to_owned(), Ipv4Addr::LOCALHOST.into());
    let second = Duration::from_secs(1);
    TuiModel::new(title, server, second, second).with_wall(Some(WALL))
}

const WALL: WallTime = WallTime::from_nanos(1_000_000_000_000);

#[test]
fn the_graph_and_the_figures_show_the_best_known_rtt() {
    let mut model = model();
    let (seq, rtt, kernel) = (1, Duration::from_millis(9), Duration::from_millis(2));
    let replied = Outcome::Replied {
        seq,
        rtt,
        verified: true,
    };
    let reply = ViewEvent::Reply(replied, Claim::default(), Some(kernel));
    model.take(at(10), reply, Duration::ZERO);
    let stamped = ViewEvent::Outcome(Outcome::KernelRtt { seq, rtt, kernel });
    model.take(at(10), stamped, Duration::ZERO);
    let shown = model.snapshot();
    assert_eq!(shown.summary.rtt.unwrap().max_ns, 2_000_000);
    assert_eq!(shown.summary.decided_rtt.unwrap().max_ns, 9_000_000);
    assert_eq!(shown.windows[0].rtt.unwrap().max_ns, 2_000_000);
    let column = shown.charts[0].last_columns(1).flatten().next().unwrap();
    assert_eq!((column.max, column.mean()), (2_000_000, Some(2_000_000)));
    let bars = shown.histogram(8);
    assert!(
        bars[0].from <= 2_000_000 && 2_000_000 < bars[0].to,
        "{bars:?}"
    );
}

#[test]
fn the_figures_are_those_of_the_session_itself() {
    let config = Config::builder()
        .schedule(Schedule::Paced {
            interval: Duration::from_millis(10),
        })
        .count(None)
        .build()
        .unwrap();
    let table = vec![Entry::EMPTY; 1 << 10];
    let session = Session::<_, Full>::new(config, ClientTime::ZERO, table);
    let mut session = session.unwrap().with_wall(Some(WALL));
    let mut model = model();
    for ms in 0..3_000 {
        let output = session.poll(at(ms));
        model.take(at(ms), ViewEvent::Output(output), Duration::ZERO);
        if let Output::Send(probe) = output {
            let late = probe.at.checked_since(probe.due).unwrap();
            model.take(at(ms), ViewEvent::Late(late), Duration::ZERO);
            // Every third probe gets lost, and every seventh reply comes twice; the
            // reflector, whose clock is ahead, counts its replies.
            let reflector = WALL.as_nanos() + probe.at.as_nanos() + 5_000_000;
            let claim = Claim {
                times: Some(ReflectorTimes {
                    received: ReflectorTime::from_nanos(reflector),
                    sent: ReflectorTime::from_nanos(reflector + 1_000),
                }),
                count: u32::try_from(probe.seq - probe.seq / 3).ok(),
                ..Claim::answering(&probe)
            };
            for copy in 0..2 {
                if probe.seq % 3 > 0 && (copy == 0 || probe.seq % 7 == 0) {
                    let outcome = session.handle_reply(at(ms + 4), &claim);
                    model.take(
                        at(ms + 4),
                        ViewEvent::Reply(outcome, claim, None),
                        Duration::ZERO,
                    );
                }
            }
        }
    }
    let figures = session.stats().summary();
    assert!(
        figures
            .reflected
            .is_some_and(|it| it.one_way.is_some() && it.directions.is_some())
    );
    assert_eq!(model.snapshot().summary, figures);
}

#[test]
fn a_bar_holds_what_lies_between_its_ends() {
    for nanos in (4..2_000).chain([1 << 40, (1 << 40) + 1, u64::MAX / 2]) {
        let bar = bar(nanos);
        assert!(lower_end(bar) <= nanos, "{nanos}");
        assert!(nanos < lower_end(bar + 1), "{nanos}");
    }
}

#[test]
fn the_histogram_leaves_nothing_out_however_few_bars_there_are() {
    let mut model = model();
    assert_eq!(model.snapshot().histogram(5), []);
    for ms in [1, 2, 3, 50, 51, 900] {
        model.take(at(ms), replied(ms), Duration::ZERO);
    }
    for most in [1, 2, 5, 100] {
        let bars = model.snapshot().histogram(most);
        assert!(bars.len() <= most, "{bars:?}");
        assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 6, "{bars:?}");
        assert!(bars.windows(2).all(|it| it[0].to == it[1].from), "{bars:?}");
    }
    assert_eq!(model.snapshot().histogram(0), []);
}

#[test]
fn a_loss_that_a_late_reply_shows_stands_at_its_deadline() {
    let mut model = model();
    let late = Outcome::Late {
        seq: 1,
        rtt: Duration::from_millis(2_400),
        verified: true,
        newly_lost: true,
    };
    // Sent at 0.1 s, lost at 1.1 s, and nobody looked before 2.5 s.
    model.take(at(2_500), ViewEvent::Outcome(late), Duration::ZERO);
    let shown = model.snapshot();
    let lost: Vec<_> = shown.charts[0]
        .last_columns(3)
        .map(|it| it.map(|it| it.lost))
        .collect();
    assert_eq!(lost, [Some(0), Some(1), None]);
}

#[test]
fn columns_follow_the_time_and_forget() {
    let mut model = model();
    model.take(at(500), replied(10), Duration::ZERO);
    model.take(at(700), replied(30), Duration::ZERO);
    let lost = Event::Lost {
        seq: 3,
        deadline: at(2_100),
    };
    model.take(
        at(2_200),
        ViewEvent::Output(Output::Event(lost)),
        Duration::ZERO,
    );
    let shown = model.snapshot();
    let columns: Vec<_> = shown.charts[0]
        .last_columns(4)
        .map(|it| it.map(|it| (it.mean(), it.max, it.lost)))
        .collect();
    let ms = 1_000_000;
    let first = (Some(20 * ms), 30 * ms, 0);
    // The second had nothing; before the first there was none.
    assert_eq!(columns, [Some(first), None, Some((None, 0, 1))]);
    model.take(at(600_000), replied(1), Duration::ZERO);
    let columns = model.snapshot().charts[0]
        .last_columns(COLUMNS)
        .flatten()
        .count();
    assert_eq!(columns, 1, "all else is ten minutes ago");
}

#[test]
fn time_passes_where_nothing_happens() {
    let mut model = model();
    model.take(at(1_000), replied(1), Duration::from_secs(20));
    model.pass(Duration::from_secs(27));
    assert_eq!(model.snapshot().elapsed, Duration::from_secs(8));
}
