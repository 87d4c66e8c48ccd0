//! What is drawn and said of a server's clock holds the truth, which a simulation knows.

use udping_journal::{Record, parse_record, to_line};
use udping_link::{Direction, Seed};

use super::*;
use crate::diagram::{Diagram, Shape, Viewport};
use crate::export::journal;
use crate::loader::Loader;
use crate::presets::Preset;
use crate::run::Run;
use crate::scale::Scale;
use crate::transferable::TransferableRun;

/// What a server's clock reads at a moment of the client's.
fn reads(at: u64, drift_ppm: i64) -> u64 {
    let drift = i128::from(at) * i128::from(drift_ppm) / 1_000_000;
    u64::try_from(i128::from(at) + drift + 7_000_000_000).unwrap()
}

/// A simulated run, and the merged journal that its two ends would have kept.
fn merged(preset: Preset, seed: u64, drift_ppm: i64) -> (Run, Run) {
    merged_on(None, preset, seed, drift_ppm)
}

fn merged_on(wire: Option<&str>, preset: Preset, seed: u64, drift_ppm: i64) -> (Run, Run) {
    let mut setup = preset.setup(Seed::from_low_bits(seed));
    setup.wire = wire.map(str::to_owned);
    let truth = Run::simulate(&setup.header().unwrap()).unwrap();
    let end = truth.after(truth.events());
    let text = journal(&truth).unwrap();
    let mut lines = text.lines();
    let mut header = Header::parse(lines.next().unwrap()).unwrap();
    header.far_end = Some(udping_journal::both::FarEnd {
        tool: "test".to_owned(),
        complete: true,
    });
    let mut merged = to_line(&header).unwrap();
    let mut summary = String::new();
    for line in lines {
        match parse_record(line).unwrap().0 {
            Record::Summary(_) => line.clone_into(&mut summary),
            _ => merged = merged + line + "\n",
        }
    }
    for probe in 0..truth.probes() {
        let flights = (0..truth.log().flights.len()).filter_map(|at| truth.flight(at, end));
        let flights: Vec<_> = flights.filter(|it| it.probe == probe).collect();
        let way = |direction| flights.iter().filter(move |it| it.direction == direction);
        let arrived = way(Direction::Request).filter(|it| !it.lost);
        let mut arrivals: Vec<u64> = arrived.map(|it| it.until_ns).collect();
        arrivals.sort_unstable();
        let Some(first) = arrivals.first() else {
            continue;
        };
        let left = way(Direction::Reply).map(|it| it.from_ns).min();
        let several = |count: usize| (count > 1).then_some(count as u64);
        let far = Far {
            far: truth.probe(probe, end).unwrap().seq,
            at_ns: truth.end_ns(),
            t2_ns: reads(*first, drift_ppm),
            t3_ns: left.map(|left| reads(left, drift_ppm)),
            requests: several(arrivals.len()),
            replies: several(way(Direction::Reply).count()),
            request_delay_ns: None,
            reply_delay_ns: None,
            lost_request: false,
            lost_reply: false,
        };
        merged += &to_line(&Record::from(far)).unwrap();
    }
    let mut loader = Loader::new();
    loader.feed((merged + &summary).as_bytes()).unwrap();
    (truth, loader.finish().unwrap())
}

/// When a probe truly came to the server first, and when its first reply left.
fn true_visit(truth: &Run, probe: usize) -> (Option<u64>, Option<u64>) {
    let end = truth.after(truth.events());
    let flights = (0..truth.log().flights.len()).filter_map(|at| truth.flight(at, end));
    let flights: Vec<_> = flights.filter(|it| it.probe == probe).collect();
    let requests = flights
        .iter()
        .filter(|it| it.direction == Direction::Request);
    let replies = flights.iter().filter(|it| it.direction == Direction::Reply);
    (
        requests.filter(|it| !it.lost).map(|it| it.until_ns).min(),
        replies.map(|it| it.from_ns).min(),
    )
}

#[test]
fn the_bounds_and_the_wedges_hold_the_truth() {
    for (wire, preset, seed, drift) in [
        (None, Preset::HomeWifi, 3, 0),
        (None, Preset::HomeWifi, 4, 400),
        (None, Preset::Textbook, 5, -400),
        // Where replies tell the server's times, too, both journals say more.
        (Some("stamp"), Preset::Satellite, 6, 90),
        (None, Preset::AlwaysLate, 7, 0),
    ] {
        let (truth, run) = merged_on(wire, preset, seed, drift);
        let server = run.server_side().unwrap();
        let end = run.after(run.events());
        let scale = Scale::new(&run, Scale::comfortable(&run), false);
        let view = Viewport {
            width: 900.0,
            height: scale.height(),
            top: 0.0,
            chosen: None,
            letter: 7.0,
        };
        let diagram = Diagram::draw(&run, end, &scale, &view);
        let mut told = 0;
        for at in 0..truth.probes() {
            let probe = run.probe(at, end).unwrap();
            let (reached, left) = true_visit(&truth, at);
            let visit = server.visit(probe.seq, probe.sent_ns.unwrap());
            assert_eq!(visit.is_some(), reached.is_some(), "{preset:?} {probe:?}");
            let Some((visit, reached)) = visit.zip(reached) else {
                assert_eq!(server.loss(probe.seq), Some(LossPlace::Request));
                continue;
            };
            told += 1;
            let bounds = visit.reached;
            assert!(
                (bounds.min..=bounds.max).contains(&reached),
                "{preset:?} {visit:?} {reached}"
            );
            let left = left.unwrap();
            let bounds = visit.answered.unwrap();
            assert!(
                (bounds.min..=bounds.max).contains(&left),
                "{preset:?} {visit:?} {left}"
            );
            // Where a straight arrow would claim what is not known, its wedge is drawn.
            let [y1, y2] = [visit.reached.min, visit.reached.max].map(|at| scale.y(at));
            if y2 - y1 > 2.0 {
                let y = scale.y(reached);
                let holds = diagram.shapes.iter().any(
                    |shape| matches!(shape, Shape::Doubt { y1, y2, .. } if *y1 <= y && y <= *y2),
                );
                assert!(holds, "{preset:?} {probe:?}");
            }
        }
        assert!(told > 5, "{preset:?}");
    }
}

#[test]
fn a_loss_is_drawn_in_its_direction_and_never_to_the_other_end() {
    let mut runs = (1..40).map(|seed| merged(Preset::HomeWifi, seed, 0).1);
    let both_ways = |run: &Run| {
        let summary = run.server_side().unwrap().summary();
        summary.lost_requests > 0 && summary.lost_replies > 0
    };
    let run = runs.find(both_ways).unwrap();
    let end = run.after(run.events());
    let summary = run.server_side().unwrap().summary();
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    let view = Viewport {
        width: 900.0,
        height: scale.height(),
        top: 0.0,
        chosen: None,
        letter: 7.0,
    };
    let diagram = Diagram::draw(&run, end, &scale, &view);
    let crosses = |way: Direction| {
        let of = |shape: &&Shape| match shape {
            Shape::Line {
                points,
                direction,
                end: crate::diagram::LineEnd::Cross,
                ..
            } => {
                let (x, _) = points[points.len() - 1];
                assert!(diagram.client_x < x && x < diagram.server_x);
                *direction == way
            }
            _ => false,
        };
        diagram.shapes.iter().filter(of).count() as u64
    };
    assert_eq!(crosses(Direction::Request), summary.lost_requests);
    assert_eq!(crosses(Direction::Reply), summary.lost_replies);
    assert!(!run.far_end_unseen());
}

#[test]
fn what_has_not_happened_at_the_cursor_is_not_drawn() {
    let (truth, run) = merged(Preset::HomeWifi, 3, 0);
    let flight = truth.flight(0, truth.after(truth.events())).unwrap();
    let cursor = run.seek(flight.from_ns.midpoint(flight.until_ns));
    let scale = Scale::new(&run, Scale::comfortable(&run), false);
    let view = Viewport {
        width: 900.0,
        height: 600.0,
        top: 0.0,
        chosen: None,
        letter: 7.0,
    };
    let now = scale.y(cursor.at_ns);
    for shape in Diagram::draw(&run, cursor, &scale, &view).shapes {
        match shape {
            Shape::Line { points, .. } => {
                assert!(points.iter().all(|(_, y)| *y <= now + 0.1), "{points:?}");
            }
            Shape::Dwell { .. } | Shape::Doubt { .. } | Shape::DoubtBand { .. } => {
                panic!("{shape:?}");
            }
            _ => {}
        }
    }
}

#[test]
fn the_servers_side_survives_the_way_to_the_page() {
    let (_, run) = merged(Preset::Textbook, 5, 0);
    let back = TransferableRun::of(&run).unwrap().unpack().unwrap();
    let [here, there] = [&run, &back].map(|run| run.server_side().unwrap());
    assert_eq!(
        (here.summary(), here.whole()),
        (there.summary(), there.whole())
    );
    assert_eq!(here.fastest(), there.fastest());
}

#[test]
fn the_servers_view_is_a_run_of_its_own() {
    let (_, run) = merged(Preset::HomeWifi, 4, 0);
    let server = run.server_run().unwrap();
    let end = server.after(server.events());
    let reached = run.server_side().unwrap().summary().reached;
    assert_eq!(server.probes() as u64, reached);
    assert!(server.is_of_server() && !run.is_of_server());
    for at in 0..server.probes() {
        let probe = server.probe(at, end).unwrap();
        let theirs = run.probe(run.find(probe.seq).unwrap(), end).unwrap();
        let visit = run.server_side().unwrap();
        let visit = visit.visit(probe.seq, theirs.sent_ns.unwrap()).unwrap();
        assert_eq!(probe.rtt_ns, visit.dwell_ns);
        assert_eq!(probe.sent_ns, Some(visit.reached.middle()));
    }
}
