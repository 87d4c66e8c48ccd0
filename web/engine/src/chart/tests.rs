//! The chart loses no extreme and points where it should.

use proptest::prelude::*;
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
        log: false,
    }
}

#[test]
fn few_samples_are_drawn_each_at_its_place() {
    let run = run(100);
    let end = run.after(run.events());
    let plot = Chart::new(&run).draw(&run, &whole_of(&run, 800.0));
    assert!(plot.buckets.is_empty());
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
        assert!((120.0 * (1.0 - float(rtt) / float(plot.axis.top_ns)) - dot.y).abs() < 1e-6);
    }
}

/// The percentile as its definition has it, by sorting.
fn nearest_rank(mut values: Vec<u64>, per_cent: usize) -> Option<u64> {
    values.sort_unstable();
    let rank = (values.len() * per_cent).div_ceil(100).max(1);
    values.get(rank - 1).copied()
}

/// Whether a probe was given up. That the network lost a packet is not that.
fn is_lost(event: &crate::log::Event) -> bool {
    matches!(event.what, crate::log::EventData::Lost { .. })
}

#[test]
fn each_bucket_is_what_its_own_events_say() {
    let run = run(40_000);
    let mut chart = Chart::new(&run);
    for width in [1.0, 333.0, 800.5, 1_400.0] {
        let frame = whole_of(&run, width);
        let plot = chart.draw(&run, &frame);
        assert!(plot.dots.is_empty() && plot.buckets.len() <= 300);
        assert_eq!(plot.losses.len(), plot.buckets.len());
        let mut events = 0..0;
        for bucket in &plot.buckets {
            assert_eq!(bucket.events.start, events.end, "nothing is left out");
            events = bucket.events.clone();
            let all: Vec<_> = events
                .clone()
                .filter_map(|event| run.event(event))
                .collect();
            assert!(
                all.iter()
                    .all(|event| (bucket.from_ns..bucket.until_ns).contains(&event.at_ns))
            );
            let rtts = |late: bool| -> Vec<u64> {
                let of = |event: &crate::log::Event| match event.what {
                    crate::log::EventData::Replied { rtt_ns, .. } if !late => Some(rtt_ns),
                    crate::log::EventData::Late { rtt_ns, .. } if late => Some(rtt_ns),
                    _ => None,
                };
                all.iter().filter_map(of).collect()
            };
            let lost = all.iter().filter(|event| is_lost(event));
            assert_eq!(bucket.lost as usize, lost.count());
            assert_eq!(bucket.replied as usize, rtts(false).len());
            assert_eq!(bucket.late as usize, rtts(true).len());
            assert_eq!(bucket.late_ns, rtts(true).into_iter().max());
            let percentiles = [50, 90, 99].map(|part| nearest_rank(rtts(false), part));
            assert_eq!(
                bucket.percentiles.map(|all| all.map(Some)),
                (!rtts(false).is_empty()).then_some(percentiles)
            );
            assert_eq!(
                bucket.extent.map(|[low, _]| low),
                rtts(false).into_iter().min()
            );
            assert_eq!(
                bucket.extent.map(|[_, high]| high),
                rtts(false).into_iter().max()
            );
        }
        assert_eq!(events.end, run.events());
    }
}

#[test]
fn a_bucket_stays_the_same_wherever_the_plot_is_moved() {
    let run = run(40_000);
    let mut chart = Chart::new(&run);
    let frame = Frame {
        until_ns: run.end_ns() / 2,
        ..whole_of(&run, 400.0)
    };
    let here = chart.draw(&run, &frame);
    let by = run.end_ns() / 7;
    let moved = Frame {
        from_ns: frame.from_ns + by,
        until_ns: frame.until_ns + by,
        ..frame
    };
    let there = chart.draw(&run, &moved);
    let shared: Vec<_> = here.buckets.iter().filter(|it| it.from_ns > by).collect();
    assert!(shared.len() > 20);
    assert!(shared.iter().all(|bucket| there.buckets.contains(bucket)));
    assert_eq!(
        *there,
        *Chart::new(&run).draw(&run, &moved),
        "computed, not remembered wrongly"
    );
}

#[test]
fn a_range_is_what_its_events_say() {
    // Enough for counts by bins, and few enough to be sorted.
    for (count, exact) in [(60_000, false), (4_000, true)] {
        let run = run(count);
        let chart = Chart::new(&run);
        proptest!(ProptestConfig::with_cases(6), |(from in 0.0..1.0_f64, length in 0.0..1.0_f64)| {
            let end = float(run.end_ns());
            let (from, until) = (whole(from * end), whole((from + length * (1.0 - from)) * end));
            let figures = chart.range(&run, from, until);
            let inside: Vec<_> = (0..run.events()).filter_map(|event| run.event(event)).filter(|event| (from..=until).contains(&event.at_ns)).collect();
            let count = |symbol| inside.iter().filter(|event| event.what.symbol() == Some(symbol)).count() as u64;
            prop_assert_eq!(figures.replied, count(Symbol::Replied));
            prop_assert_eq!(figures.lost, inside.iter().filter(|event| is_lost(event)).count() as u64);
            prop_assert_eq!(figures.late, count(Symbol::Late));
            let sent = inside.iter().filter(|event| matches!(event.what, crate::log::EventData::Sent { .. }));
            prop_assert_eq!(figures.sent, sent.count() as u64);
            let rtts: Vec<u64> = inside.iter().filter_map(|event| match event.what {
                crate::log::EventData::Replied { rtt_ns, .. } => Some(rtt_ns),
                _ => None,
            }).collect();
            for (at, per_cent) in [50, 90, 99].into_iter().enumerate() {
                let told = figures.percentiles.map(|all| all[at]);
                let true_one = nearest_rank(rtts.clone(), per_cent);
                prop_assert_eq!(told.is_some(), true_one.is_some());
                if let Some((told, true_one)) = told.zip(true_one) {
                    let off = told.abs_diff(true_one);
                    prop_assert!(if exact { off == 0 } else { off * 250 <= true_one }, "{} {}", told, true_one);
                }
            }
            let steps = chart.cumulative(&run, from, until);
            prop_assert_eq!(steps.last().map_or(0, |step| step.count), figures.replied);
            prop_assert!(steps.is_sorted_by(|one, next| one.rtt_ns < next.rtt_ns && one.count < next.count));
        });
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
        log: false,
    };
    for (at_ns, x) in [(100, 0.0), (200, 25.0), (300, 50.0), (0, -25.0)] {
        assert!((frame.x(at_ns) - x).abs() < 1e-9);
    }
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
    assert!(plot.dots.is_empty() && plot.buckets.is_empty());
    assert!(plot.axis.y(1_000_000_000) > 0.0, "the timeout is in sight");
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
    let counted = |count: fn(&Bucket) -> u32| narrow.buckets.iter().map(count).sum::<u32>();
    assert_eq!((counted(|it| it.replied), counted(|it| it.lost)), (7, 2));
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
