//! Virtual time, to the last count: loss × delay × timeout × schedule, against a table
//! that a person has looked at; and one small journal of each schedule, byte for byte.
//!
//! `UPDATE_GOLDEN=1 cargo test` writes the files again. Look at what changed.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use udping_core::stats::Summary;

use super::*;

/// Compares `text` with the golden file `name`, or writes it there when asked to.
#[track_caller]
pub(super) fn is_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    for (number, (golden, now)) in (1..).zip(golden.lines().zip(text.lines())) {
        assert_eq!(golden, now, "{name}, line {number}");
    }
    assert_eq!(golden.len(), text.len(), "{name} is longer or shorter");
}

fn run(config: &Config, scenario: Scenario) -> (Summary, Duration) {
    let mut world = World::new(&header(config, scenario)).unwrap();
    world.by_ref().for_each(drop);
    let took = Duration::from_nanos(world.now().as_nanos());
    (world.session().stats().summary(), took)
}

#[test]
fn loss_delay_timeout_and_schedule_give_these_counts() {
    let mut table = String::from(
        "schedule       loss  rtt_ms  timeout_ms | sent replied lost late refused in_flight missed | took_ms\n",
    );
    for (schedule, config) in ["stop-and-wait", "paced 70 ms", "window 8"]
        .iter()
        .zip(configs(20))
    {
        for loss in [0, 10, 30, 100] {
            for delay in [1, 150, 650] {
                for timeout in [200, 1_000, 3_000] {
                    let way = Impairments {
                        loss: Loss::Independent(ppm(loss * 10_000)),
                        delay: ms(delay),
                        ..Impairments::default()
                    };
                    let scenario = Scenario {
                        seed: Seed::new(2).unwrap(),
                        request: way,
                        reply: way,
                        ..Scenario::default()
                    };
                    let timed = config
                        .to_builder()
                        .timeout(ms(timeout))
                        .late_window(ms(timeout))
                        .build()
                        .unwrap();
                    let (told, took) = run(&timed, scenario);
                    writeln!(
                        table,
                        "{schedule:<13} {loss:>4}%  {:>6}  {timeout:>10} | {:>4} {:>7} {:>4} {:>4} {:>7} {:>9} {:>6} | {:>7}",
                        2 * delay,
                        told.sent,
                        told.replied,
                        told.lost,
                        told.late,
                        told.refused,
                        told.in_flight,
                        told.missed,
                        took.as_millis(),
                    )
                    .unwrap();
                }
            }
        }
    }
    is_golden("tests/golden/matrix.txt", &table);
}

#[test]
fn these_journals_are_written_byte_for_byte() {
    for (name, config) in ["stop_and_wait", "paced", "window"].iter().zip(configs(12)) {
        let journal = simulate(&header(&config, rough_path(7))).concat();
        is_golden(&format!("tests/golden/{name}.jsonl"), &journal);
    }
}

/// The path to and from a server, each taking `way`, without chance.
fn server(way: Duration) -> Scenario {
    let delay = Impairments {
        delay: way,
        ..Impairments::default()
    };
    Scenario {
        request: delay,
        reply: delay,
        ..Scenario::default()
    }
}

#[test]
fn a_server_that_is_always_late_makes_ten_losses_and_ten_late_replies() {
    for config in configs(10) {
        let (told, _) = run(&config, server(ms(650)));
        assert_eq!((told.sent, told.replied), (10, 0), "{config:?}");
        assert_eq!((told.lost, told.late), (10, 10), "{config:?}");
        let late = told.late_rtt.unwrap();
        assert_eq!((late.min_ns, late.max_ns), (1_300_000_000, 1_300_000_000));
        assert_eq!((told.duplicates, told.ignored), (0, 0));
        assert_eq!(
            (
                told.loss().map(|loss| loss.to_string()).as_deref(),
                told.rtt
            ),
            (Some("100"), None)
        );
        assert_eq!(told.loss_runs.map(|runs| runs.longest), Some(10));
    }
}

#[test]
fn at_the_deadline_itself_every_reply_counts_and_a_nanosecond_later_none() {
    for config in configs(10) {
        let on_time = run(&config, server(ms(500))).0;
        assert_eq!((on_time.replied, on_time.lost), (10, 0), "{config:?}");
        let mut scenario = server(ms(500));
        scenario.service_ns = 1;
        let late = run(&config, scenario).0;
        assert_eq!((late.replied, late.lost, late.late), (0, 10, 10));
    }
}

#[test]
fn beyond_the_late_window_nothing_is_late() {
    for config in configs(10) {
        let (at_the_end, _) = run(&config, server(ms(1_000)));
        assert_eq!((at_the_end.lost, at_the_end.late), (10, 10));
        let mut scenario = server(ms(1_000));
        scenario.service_ns = 1;
        let (after_it, _) = run(&config, scenario);
        assert_eq!((after_it.lost, after_it.late), (10, 0));
    }
}
