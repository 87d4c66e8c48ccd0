//! The chart loses no extreme and points where it should.

use udping_link::Seed;

use super::*;
use crate::presets::Preset;

fn run(count: u64) -> Run {
    let mut setup = Preset::HomeWifi.setup(Seed::from_low_bits(4));
    (setup.count, setup.timeout_ns) = (count, 25_000_000);
    Run::simulate(&setup.header().unwrap()).unwrap()
}

fn whole_of(run: &Run, width: f64) -> Frame {
    Frame {
        from_ns: 0,
        until_ns: run.end_ns(),
        width,
        height: 120.0,
        top_ns: None,
    }
}

#[test]
fn few_samples_are_drawn_each_at_its_place() {
    let run = run(100);
    let end = run.after(run.events());
    let plot = Chart::new(&run).draw(&run, &whole_of(&run, 800.0));
    assert!(plot.columns.is_empty());
    let figures = crate::figures::Figures::default().at(&run, end);
    let count = |symbol| plot.dots.iter().filter(|dot| dot.symbol == symbol).count() as u64;
    assert_eq!(count(Symbol::Replied), figures.replied);
    assert_eq!(count(Symbol::Lost), figures.lost);
    assert_eq!(count(Symbol::Late), figures.late);
    for dot in &plot.dots {
        let event = run.event(dot.event).unwrap();
        assert_eq!(
            (event.probe, event.what.symbol()),
            (dot.probe, Some(dot.symbol))
        );
        let x = float(event.at_ns) / float(run.end_ns()) * 800.0;
        assert!((dot.x - x).abs() < 1e-6 && (0.0..=120.0).contains(&dot.y));
        let rtt = dot.rtt_ns.map_or(0, |rtt| rtt);
        assert!((120.0 * (1.0 - float(rtt) / float(plot.top_ns)) - dot.y).abs() < 1e-6);
    }
}

#[test]
fn many_samples_keep_every_extreme_and_every_loss() {
    let run = run(40_000);
    let end = run.after(run.events());
    let figures = crate::figures::Figures::default().at(&run, end);
    let mut chart = Chart::new(&run);
    for width in [1.0, 333.0, 800.5, 1_400.0] {
        let frame = whole_of(&run, width);
        let plot = chart.draw(&run, &frame);
        assert!(plot.dots.is_empty() && plot.columns.len() <= 1_401);
        let total = |count: fn(&Column) -> u32| {
            plot.columns
                .iter()
                .map(|it| u64::from(count(it)))
                .sum::<u64>()
        };
        assert_eq!(total(|it| it.replied), figures.replied);
        assert_eq!(total(|it| it.lost), figures.lost);
        assert_eq!(total(|it| it.late), figures.late);
        let (low, high) = plot
            .columns
            .iter()
            .filter(|it| it.replied > 0)
            .fold((f64::NEG_INFINITY, f64::INFINITY), |(low, high), it| {
                (low.max(it.low_y), high.min(it.high_y))
            });
        let rtt = figures.rtt.unwrap();
        assert!((low - frame.y(rtt.min_ns, plot.top_ns)).abs() < 1e-9);
        assert!((high - frame.y(rtt.max_ns, plot.top_ns)).abs() < 1e-9);
        let late = plot
            .columns
            .iter()
            .filter(|it| it.late > 0)
            .map(|it| it.late_y);
        let late = late.fold(f64::INFINITY, f64::min);
        assert!((late - frame.y(figures.late_rtt.unwrap().max_ns, plot.top_ns)).abs() < 1e-9);
    }
}

#[test]
fn zooming_in_shows_the_samples_in_sight_and_no_others() {
    let run = run(40_000);
    let frame = Frame {
        from_ns: run.end_ns() / 2,
        until_ns: run.end_ns() / 2 + 1_000_000_000,
        ..whole_of(&run, 800.0)
    };
    let mut chart = Chart::new(&run);
    let plot = chart.draw(&run, &frame);
    assert!((40..70).contains(&plot.dots.len()), "{}", plot.dots.len());
    assert!(plot.dots.iter().all(|dot| (0.0..=800.0).contains(&dot.x)));
    let dot = plot.dots[17];
    assert_eq!(chart.nearest(&run, &frame, dot.x + 0.01), Some(dot.event));
    assert!(chart.nearest(&run, &frame, -1e9).is_some());
}

#[test]
fn another_frame_is_drawn_anew() {
    let run = run(40_000);
    let mut chart = Chart::new(&run);
    let frame = whole_of(&run, 800.0);
    let plot = chart.draw(&run, &frame);
    assert!(Rc::ptr_eq(&plot, &chart.draw(&run, &frame)));
    let narrow = Frame {
        width: 300.0,
        ..frame
    };
    assert_eq!(
        chart.draw(&run, &narrow),
        Chart::new(&run).draw(&run, &narrow)
    );
    assert_eq!(chart.draw(&run, &frame), plot);
}

#[test]
fn moments_lie_where_they_should() {
    let frame = Frame {
        from_ns: 100,
        until_ns: 300,
        width: 50.0,
        height: 120.0,
        top_ns: None,
    };
    for (at_ns, x) in [(100, 0.0), (200, 25.0), (300, 50.0), (0, -25.0)] {
        assert!((frame.x(at_ns) - x).abs() < 1e-9);
    }
}

#[test]
fn ticks_are_round_and_in_sight() {
    assert_eq!(
        ticks(0, 600_000_000, 3.0),
        [0, 200_000_000, 400_000_000, 600_000_000]
    );
    assert_eq!(ticks(7, 12, 5.0), [7, 8, 9, 10, 11, 12]);
    assert!(ticks(u64::MAX - 1, u64::MAX, 1.0).len() < 3);
    assert!(ticks(0, u64::MAX, 1e9).len() < 120);
}

#[test]
fn an_empty_run_has_an_empty_chart() {
    let text = udping_journal::to_line(&Preset::Textbook.setup(Seed::default()).header().unwrap())
        .unwrap();
    let mut loader = crate::loader::Loader::new();
    loader.feed(text.as_bytes()).unwrap();
    let run = loader.finish().unwrap();
    let frame = whole_of(&run, 300.0);
    let plot = Chart::new(&run).draw(&run, &frame);
    assert!(plot.dots.is_empty() && plot.columns.is_empty());
    assert_eq!(plot.top_ns, 1_000_000_000);
    assert_eq!(Chart::new(&run).nearest(&run, &frame, 5.0), None);
}

/// The journal that the command wrote where heartbeats arrived.
fn heard() -> Run {
    let text = include_str!("../../../../fuzz/seeds/journal/heartbeat.jsonl");
    let mut loader = crate::loader::Loader::new();
    loader.feed(text.as_bytes()).unwrap();
    loader.finish().unwrap()
}

#[test]
fn heartbeats_lie_on_one_line_and_what_is_missing_above_it() {
    let run = heard();
    let frame = whole_of(&run, 800.0);
    let mut chart = Chart::new(&run);
    let plot = chart.draw(&run, &frame);
    assert!(plot.rtt_ticks.is_empty() && !plot.time_ticks.is_empty());
    assert_eq!(plot.beats_y, Some(60.0));
    let of = |symbol| plot.dots.iter().filter(move |dot| dot.symbol == symbol);
    assert_eq!(of(Symbol::Replied).count() + of(Symbol::Late).count(), 7);
    assert!(of(Symbol::Replied).all(|dot| (dot.y - 60.0).abs() < 1e-9));
    let missing: Vec<_> = of(Symbol::Lost).map(|dot| (dot.event, dot.y)).collect();
    assert_eq!(missing.len(), 2);
    assert!(missing.iter().all(|(_, y)| *y < 60.0));
    assert!(of(Symbol::Replied).any(|dot| dot.event == missing[0].0));
    assert!(chart.nearest(&run, &frame, 400.0).is_some());
    // Where they do not fit one by one, they are counted all the same.
    let narrow = chart.draw(
        &run,
        &Frame {
            width: 2.0,
            ..frame
        },
    );
    assert!(narrow.dots.is_empty());
    let counted = |count: fn(&Column) -> u32| narrow.columns.iter().map(count).sum::<u32>();
    assert_eq!((counted(|it| it.replied), counted(|it| it.lost)), (7, 2));
    assert!(
        narrow
            .columns
            .iter()
            .all(|it| it.high_y < 60.0 && 60.0 < it.low_y)
    );
}

#[test]
fn heartbeats_that_were_sent_are_there_too() {
    let text = include_str!("../../../../fuzz/seeds/journal/beats.jsonl");
    let mut loader = crate::loader::Loader::new();
    loader.feed(text.as_bytes()).unwrap();
    let run = loader.finish().unwrap();
    let plot = Chart::new(&run).draw(&run, &whole_of(&run, 800.0));
    let sent = plot.dots.iter().filter(|dot| dot.probe.is_some());
    assert!(sent.count() >= run.probes());
}
