//! What is drawn, and above all what is not.

use udping_link::Seed;

use super::*;
use crate::export::journal;
use crate::history::History;
use crate::loader::Loader;
use crate::presets::Preset;

const VIEW: Viewport = Viewport {
    width: 700.0,
    height: 560.0,
    top: 0.0,
    chosen: None,
    letter: 7.0,
};

const TALL: Viewport = Viewport {
    height: 5_000.0,
    ..VIEW
};

fn simulated(preset: Preset) -> Run {
    Run::simulate(&preset.setup(Seed::from_low_bits(20)).header().unwrap()).unwrap()
}

fn recorded(run: &Run) -> Run {
    let mut loader = Loader::new();
    loader.feed(journal(run).unwrap().as_bytes()).unwrap();
    loader.finish().unwrap()
}

fn draw(run: &Run, cursor: Cursor, view: &Viewport) -> Diagram {
    Diagram::draw(
        run,
        cursor,
        &Scale::new(run, Scale::comfortable(run), true),
        view,
    )
}

fn lines(diagram: &Diagram) -> impl Iterator<Item = (&Vec<(f64, f64)>, LineEnd, Symbol)> {
    diagram.shapes.iter().filter_map(|shape| match shape {
        Shape::Line {
            points,
            end,
            symbol,
            ..
        } => Some((points, *end, *symbol)),
        _ => None,
    })
}

fn labels(diagram: &Diagram) -> impl Iterator<Item = Label> {
    diagram.shapes.iter().filter_map(|shape| match shape {
        Shape::Label { text, .. } => Some(*text),
        _ => None,
    })
}

#[test]
fn a_simulated_arrow_joins_the_lanes_at_its_true_times() {
    let run = simulated(Preset::AlwaysLate);
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    let end = run.after(run.events());
    let diagram = Diagram::draw(&run, end, &scale, &VIEW);
    let first = run.flight(0, end).unwrap();
    let (points, end_as, symbol) = lines(&diagram).next().unwrap();
    assert_eq!((end_as, symbol), (LineEnd::Arrow, Symbol::InFlight));
    assert_eq!(
        points[..],
        [
            (diagram.client_x, scale.y(first.from_ns)),
            (diagram.server_x, scale.y(first.until_ns)),
        ]
    );
    // Every reply is late, and drawn as that.
    let replies: Vec<_> = lines(&diagram)
        .filter(|line| line.2 != Symbol::InFlight)
        .collect();
    assert!(replies.len() > 2 && replies.iter().all(|line| line.2 == Symbol::Late));
    assert!(labels(&diagram).any(|label| matches!(label, Label::Late(..))));
    assert!(labels(&diagram).any(|label| matches!(label, Label::Lost(_))));
}

#[test]
fn a_loss_ends_on_the_way() {
    let run = simulated(Preset::Textbook);
    let diagram = draw(
        &run,
        run.after(run.events()),
        &Viewport {
            height: 5_000.0,
            ..VIEW
        },
    );
    let middle = f64::midpoint(diagram.client_x, diagram.server_x);
    let lost: Vec<_> = lines(&diagram)
        .filter(|line| line.1 == LineEnd::Cross)
        .collect();
    assert!(!lost.is_empty());
    for (points, _, symbol) in lost {
        assert_eq!(symbol, Symbol::Lost);
        assert!((points.last().unwrap().0 - middle).abs() < 1e-9);
    }
    assert!(labels(&diagram).any(|label| label == Label::LostOn(Direction::Request)));
}

#[test]
fn nothing_after_the_cursor_is_drawn() {
    let run = simulated(Preset::Textbook);
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    for event in 0..run.events() {
        let cursor = run.after(event);
        let diagram = Diagram::draw(
            &run,
            cursor,
            &scale,
            &Viewport {
                height: 5_000.0,
                ..VIEW
            },
        );
        let now = scale.y(cursor.at_ns) + 1e-6;
        for shape in &diagram.shapes {
            match shape {
                Shape::Line { points, .. } => assert!(points.iter().all(|point| point.1 <= now)),
                Shape::Symbol { y, .. } | Shape::Now { y, .. } | Shape::Bar { y2: y, .. } => {
                    assert!(*y <= now);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_packet_in_flight_is_where_its_time_puts_it() {
    let run = simulated(Preset::AlwaysLate);
    let diagram = draw(&run, run.seek(5_000_000), &VIEW);
    let (points, end, _) = lines(&diagram).next().unwrap();
    assert_eq!(end, LineEnd::Packet);
    let quarter = diagram.client_x + (diagram.server_x - diagram.client_x) / 4.0;
    assert!((points.last().unwrap().0 - quarter).abs() < 1e-9);
    assert!(labels(&diagram).any(|label| label == Label::ToGo(15_000_000)));
    let at = *points.last().unwrap();
    assert_eq!(diagram.hit(at.0 + 3.0, at.1, 4.0), Some(Target::Flight(0)));
}

#[test]
fn a_recorded_run_invents_no_far_end() {
    for preset in Preset::ALL {
        let run = recorded(&simulated(preset));
        for share in 0..=20 {
            let cursor = run.seek(run.end_ns() / 20 * share);
            let diagram = draw(&run, cursor, &TALL);
            assert_eq!(lines(&diagram).count(), 0, "no way is known");
            assert!(
                diagram
                    .shapes
                    .iter()
                    .any(|shape| matches!(shape, Shape::Unseen { .. }))
            );
            let half = f64::midpoint(diagram.client_x, diagram.server_x);
            for shape in &diagram.shapes {
                assert!(
                    !matches!(shape, Shape::Symbol { x, .. } | Shape::Bar { x, .. } if *x > half)
                );
                assert!(!matches!(
                    shape,
                    Shape::Label {
                        text: Label::LostOn(_) | Label::ToGo(_),
                        ..
                    }
                ));
            }
        }
    }
}

/// The number that a label tells the outcome of.
fn outcome_of(label: Label) -> Option<u64> {
    match label {
        Label::Rtt(seq, _)
        | Label::Late(seq, _)
        | Label::Lost(seq)
        | Label::Duplicate(seq)
        | Label::Refused(seq)
        | Label::Unsent(seq) => Some(seq),
        _ => None,
    }
}

#[test]
fn every_result_has_its_probes_number_and_stands_in_the_row_of_its_mark() {
    for (width, letter) in [(360.0, 7.0), (700.0, 7.0), (1_300.0, 8.0)] {
        for preset in Preset::ALL {
            let run = simulated(preset);
            for run in [&run, &recorded(&run), &dense()] {
                let view = Viewport {
                    width,
                    letter,
                    ..TALL
                };
                let diagram = draw(run, run.after(run.events()), &view);
                let mut told = 0;
                for shape in &diagram.shapes {
                    let Shape::Label {
                        y: row,
                        text,
                        target: Some(Target::Probe(probe)),
                        ..
                    } = shape
                    else {
                        continue;
                    };
                    let Some(seq) = outcome_of(*text) else {
                        continue;
                    };
                    assert_eq!(run.find(seq), Some(*probe), "{text:?}");
                    let mark = diagram.shapes.iter().any(|shape| {
                        matches!(shape, Shape::Symbol { target, y, symbol, .. }
                            if *target == Target::Probe(*probe)
                                && *symbol != Symbol::InFlight
                                && (y - row).abs() < 1e-9)
                    });
                    assert!(mark, "{text:?} beside no mark of its own");
                    told += 1;
                }
                assert!(told > 2, "{preset:?} at {width}: {told}");
            }
        }
    }
}

#[test]
fn the_chosen_probes_name_does_not_displace_the_result_before_it() {
    // One at a time without a pause: each goes out when the one before is settled.
    let run = simulated(Preset::Textbook);
    for index in 1..run.probes() {
        let sent = run.probe(index, run.after(run.events())).unwrap();
        let cursor = run.after(sent.sent_event);
        let view = Viewport {
            chosen: Some(index),
            ..TALL
        };
        let diagram = draw(&run, cursor, &view);
        let told = |seq| labels(&diagram).any(|label| outcome_of(label) == Some(seq));
        assert!(told(sent.seq - 1), "{}", sent.seq);
        assert!(labels(&diagram).any(|label| label == Label::Ping(sent.seq)));
    }
}

#[test]
fn a_bar_goes_from_sending_to_settlement_and_bars_side_by_side_are_apart() {
    for run in [
        simulated(Preset::Textbook),
        recorded(&dense()),
        recorded(&simulated(Preset::AlwaysLate)),
    ] {
        let scale = Scale::new(&run, Scale::comfortable(&run), true);
        let end = run.after(run.events());
        let diagram = Diagram::draw(&run, end, &scale, &TALL);
        let mut bars = Vec::new();
        for shape in &diagram.shapes {
            if let Shape::Bar {
                target: Target::Probe(at),
                x,
                y1,
                y2,
                symbol,
                ..
            } = shape
            {
                let probe = run.probe(*at, end).unwrap();
                let settled = run.event(probe.settled_event.unwrap()).unwrap().at_ns;
                assert!((y1 - scale.y(probe.sent_ns.unwrap())).abs() < 1e-9);
                assert!((y2 - scale.y(settled)).abs() < 1e-9);
                let late = probe.symbol == Some(Symbol::Late);
                assert_eq!(
                    *symbol,
                    if late {
                        Symbol::Lost
                    } else {
                        probe.symbol.unwrap()
                    }
                );
                bars.push((*x, *y1, *y2));
            }
        }
        assert!(bars.len() > 5, "{}", bars.len());
        for (index, one) in bars.iter().enumerate() {
            for other in &bars[..index] {
                let apart = (one.0 - other.0).abs() > 7.0 || one.1 > other.2 || other.1 > one.2;
                assert!(apart, "{one:?} {other:?}");
            }
        }
    }
}

#[test]
fn a_waiting_probe_has_a_bar_to_now_and_its_deadline_ahead() {
    let run = recorded(&simulated(Preset::AlwaysLate));
    let cursor = run.seek(5_000_000);
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    let diagram = Diagram::draw(&run, cursor, &scale, &VIEW);
    let (now, deadline) = (scale.y(5_000_000), scale.y(run.header().timeout_ns));
    let near = |one: f64, other: f64| (one - other).abs() < 1e-9;
    assert!(diagram.shapes.iter().any(|shape| matches!(shape,
        Shape::Bar { y1, y2, symbol: Symbol::InFlight, .. } if near(*y1, 0.0) && near(*y2, now))));
    assert!(diagram.shapes.iter().any(|shape| matches!(shape,
        Shape::Ahead { y1, y2, .. } if near(*y1, now) && near(*y2, deadline))));
    assert!(diagram.shapes.iter().any(|shape| matches!(shape,
        Shape::Deadline { y, ahead: true, .. } if near(*y, deadline))));
    assert!(labels(&diagram).any(|label| label == Label::Waiting(1, 5_000_000)));
}

#[test]
fn more_in_flight_than_lanes_are_a_density() {
    let shares = |run: &Run| {
        let cursor = run.seek(run.end_ns() / 2);
        let scale = Scale::new(run, Scale::comfortable(run), true);
        let view = Viewport {
            top: scale.y(cursor.at_ns) - 300.0,
            ..VIEW
        };
        let diagram = Diagram::draw(run, cursor, &scale, &view);
        let shares = diagram.shapes.iter().filter_map(|shape| match shape {
            Shape::Density { share, .. } => Some(*share),
            _ => None,
        });
        shares.collect::<Vec<_>>()
    };
    let crowd = shares(&dense());
    assert!(
        crowd.len() > 20 && crowd.iter().all(|share| (0.0..=1.0).contains(share)),
        "{crowd:?}"
    );
    assert_eq!(shares(&simulated(Preset::Textbook)), [0.0; 0]);
}

#[test]
fn a_pause_is_called_what_it_is() {
    let pauses = |run: &Run, at_ns| {
        let diagram = draw(run, run.seek(at_ns), &TALL);
        let pauses = labels(&diagram).filter_map(|label| match label {
            Label::Pause(why, _) => Some(why),
            _ => None,
        });
        pauses.collect::<Vec<_>>()
    };
    let run = simulated(Preset::Textbook);
    for run in [&run, &recorded(&run)] {
        let end = run.after(run.events());
        let lost: Vec<u64> = (0..run.probes())
            .filter_map(|at| run.probe(at, end))
            .filter(|probe| probe.symbol == Some(Symbol::Lost))
            .map(|probe| probe.seq)
            .collect();
        let said: Vec<u64> = pauses(run, run.end_ns())
            .iter()
            .filter_map(|pause| match pause {
                Pause::Timeout(seq) => Some(*seq),
                _ => None,
            })
            .collect();
        assert!(!lost.is_empty());
        assert_eq!(said, lost);
        // What is ahead is not told.
        assert!(pauses(run, 0).iter().all(|pause| *pause == Pause::Unnamed));
    }
    // Where there is little room, in few words.
    let narrow = Viewport {
        width: 342.0,
        ..TALL
    };
    let diagram = draw(&run, run.after(run.events()), &narrow);
    let brief = |label| matches!(label, Label::BriefPause(Pause::Timeout(_)));
    assert!(labels(&diagram).any(brief));
    let paced = simulated(Preset::CampusLan);
    assert!(
        pauses(&paced, paced.end_ns())
            .iter()
            .any(|pause| matches!(pause, Pause::Due(_)))
    );
}

#[test]
fn now_goes_around_labels_and_marks() {
    let run = simulated(Preset::Textbook);
    for event in 0..run.events() {
        let cursor = run.after(event);
        let diagram = draw(&run, cursor, &TALL);
        let now = diagram.shapes.iter().find_map(|shape| match shape {
            Shape::Now { y, parts } => Some((*y, parts.clone())),
            _ => None,
        });
        let (y, parts) = now.unwrap();
        assert!(!parts.is_empty());
        for (label, [left, right, top, bottom]) in covered(&diagram, VIEW.letter) {
            if top < y && y < bottom {
                for (from, until) in &parts {
                    assert!(
                        *until <= left || right <= *from,
                        "{label:?} is struck through"
                    );
                }
            }
        }
    }
}

#[test]
fn only_what_is_in_sight_is_drawn_and_all_of_it() {
    let mut setup = Preset::CampusLan.setup(Seed::from_low_bits(1));
    setup.count = 20_000;
    let run = Run::simulate(&setup.header().unwrap()).unwrap();
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    let end = run.after(run.events());
    for share in [0.0, 0.3, 0.99] {
        let view = Viewport {
            top: scale.height() * share,
            ..VIEW
        };
        let diagram = Diagram::draw(&run, end, &scale, &view);
        assert!(
            diagram.shapes.len() < 200 && diagram.left_out == 0,
            "{}",
            diagram.shapes.len()
        );
        let seen = lines(&diagram).count();
        let in_sight = (0..run.log().flights.len())
            .filter_map(|at| run.flight(at, end))
            .filter(|it| {
                let (y1, y2) = (
                    scale.y(it.from_ns) - view.top,
                    scale.y(it.until_ns) - view.top,
                );
                y2 >= 0.0 && y1 <= view.height
            })
            .count();
        assert!(seen >= in_sight && in_sight > 3, "{seen} of {in_sight}");
    }
}

#[test]
fn however_much_is_in_sight_the_drawing_stays_small_and_says_so() {
    let mut setup = Preset::HomeWifi.setup(Seed::from_low_bits(1));
    setup.count = 30_000;
    let run = Run::simulate(&setup.header().unwrap()).unwrap();
    for run in [&run, &recorded(&run)] {
        let scale = Scale::new(run, 1e-3, true);
        let diagram = Diagram::draw(run, run.after(run.events()), &scale, &VIEW);
        assert!(
            diagram.shapes.len() < 6 * Diagram::MOST,
            "{}",
            diagram.shapes.len()
        );
        assert!(diagram.left_out > 1_000);
    }
}

/// Twenty probes in flight at any time, eighteen pixels apart.
fn dense() -> Run {
    let mut setup = Preset::HomeWifi.setup(Seed::from_low_bits(20));
    (setup.count, setup.timeout_ns) = (2_000, 200_000_000);
    let mut header = setup.header().unwrap();
    header.schedule = udping_journal::ScheduleSpec::Paced {
        interval_ns: 1_000_000,
    };
    Run::simulate(&header).unwrap()
}

/// What each label covers: left, right, top, bottom.
fn covered(diagram: &Diagram, letter: f64) -> Vec<(Label, [f64; 4])> {
    let areas = diagram.shapes.iter().filter_map(|shape| match shape {
        Shape::Label {
            x, y, anchor, text, ..
        } => {
            let width = text.width(letter);
            let left = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            Some((*text, [left, left + width, y - letter, y + letter]))
        }
        _ => None,
    });
    areas.collect()
}

#[test]
fn labels_cover_neither_one_another_nor_a_mark_however_dense_the_run() {
    let run = dense();
    for run in [&run, &recorded(&run)] {
        for (width, letter, thousandths) in [
            (300.0, 7.0, 100),
            (615.0, 7.0, 500),
            (615.0, 7.0, 900),
            (1_100.0, 8.0, 700),
        ] {
            let cursor = run.seek(run.end_ns() / 1_000 * thousandths);
            let scale = Scale::new(run, Scale::comfortable(run), true);
            let chosen = run.newest(cursor);
            let view = Viewport {
                width,
                letter,
                top: scale.y(cursor.at_ns) - 300.0,
                chosen,
                ..VIEW
            };
            let diagram = Diagram::draw(run, cursor, &scale, &view);
            let covered = covered(&diagram, letter);
            for (index, (one, a)) in covered.iter().enumerate() {
                for (other, b) in &covered[..index] {
                    let apart = a[1] <= b[0] || b[1] <= a[0] || a[3] <= b[2] || b[3] <= a[2];
                    assert!(apart, "{one:?} {a:?} {other:?} {b:?}");
                }
                for shape in &diagram.shapes {
                    if let Shape::Symbol { x, y, symbol, .. } = shape
                        && *symbol != Symbol::InFlight
                    {
                        let over = a[0] < *x && *x < a[1] && a[2] < *y && *y < a[3];
                        assert!(!over, "{one:?} {a:?} {symbol:?} {x} {y}");
                    }
                }
            }
            assert!(covered.len() > 12, "{covered:?}");
            assert!(covered.iter().any(|it| it.0 == Label::Now(cursor.at_ns)));
            let seq = chosen
                .and_then(|at| Some(run.probe(at, cursor)?.seq))
                .unwrap();
            let in_sight = diagram.shapes.iter().any(|shape| {
                matches!(shape, Shape::Symbol { target, y, symbol: Symbol::InFlight, .. }
                    if *target == Target::Probe(chosen.unwrap()) && (0.0..560.0).contains(y))
            });
            let named = covered.iter().any(|it| it.0 == Label::Ping(seq));
            assert!(named || !in_sight, "ping {seq}");
        }
    }
}

#[test]
fn beside_one_packet_in_flight_it_is_said_how_long_it_has_to_go_and_amid_many_not() {
    let says = |run: &Run, at_ns| {
        let diagram = draw(run, run.seek(at_ns), &VIEW);
        let to_go = labels(&diagram).filter(|label| matches!(label, Label::ToGo(_)));
        let ways = lines(&diagram).filter(|line| line.1 == LineEnd::Packet);
        (to_go.count(), ways.count())
    };
    assert_eq!(says(&simulated(Preset::AlwaysLate), 5_000_000), (1, 1));
    let (said, flying) = says(&dense(), 13_000_000);
    assert!(said < 3 && flying > 8, "{said} of {flying}");
}

#[test]
fn no_label_is_longer_than_it_is_taken_for() {
    let texts = [
        include_str!("../../../locales/en.ftl"),
        include_str!("../../../locales/pt-BR.ftl"),
    ];
    let [some, many] = [7, 1_234_567];
    for (key, label) in [
        ("label-beat", Label::Beat(some)),
        ("label-missing-one", Label::Missing(many, many)),
        ("label-missing", Label::Missing(some, many)),
        ("label-silent", Label::Silent),
        ("label-late", Label::Late(many, some)),
        ("label-spare", Label::Spare(some)),
        ("label-past", Label::Past(some)),
        ("label-lost-request", Label::LostOn(Direction::Request)),
        ("label-lost-reply", Label::LostOn(Direction::Reply)),
        ("label-never-reached", Label::NeverReached(many)),
        ("label-not-answered", Label::NotAnswered(many)),
        ("label-lost", Label::Lost(many)),
        ("label-to-go", Label::ToGo(some)),
        ("label-waiting", Label::Waiting(many, some)),
        ("label-duplicate", Label::Duplicate(many)),
        ("label-ignored", Label::Ignored),
        ("label-refused", Label::Refused(many)),
        ("label-unsent", Label::Unsent(many)),
        ("label-acted-drop", Label::Acted(Action::Drop)),
        ("label-acted-delay", Label::Acted(Action::Drop)),
        ("label-acted-copy", Label::Acted(Action::Drop)),
        ("label-acted-corrupt", Label::Acted(Action::Corrupt)),
        ("now", Label::Now(12_000_000_000)),
        ("pause-timeout", Label::Pause(Pause::Timeout(many), None)),
        ("pause-due", Label::Pause(Pause::Due(12_000_000_000), None)),
        ("pause-listening", Label::Pause(Pause::Listening, None)),
        ("pause-quiet", Label::Pause(Pause::Quiet, None)),
        (
            "pause-timeout-brief",
            Label::BriefPause(Pause::Timeout(many)),
        ),
        (
            "pause-due-brief",
            Label::BriefPause(Pause::Due(12_000_000_000)),
        ),
        ("pause-listening-brief", Label::BriefPause(Pause::Listening)),
    ] {
        for text in texts {
            let text = text.lines().find_map(|line| {
                let (name, text) = line.split_once(" = ")?;
                (name == key).then_some(text)
            });
            let seq = if label == Label::Beat(some) {
                "7"
            } else {
                "1234567"
            };
            let text = text.unwrap().replace("{ $span }", "123.4 ms");
            let text = text.replace("{ $seq }", seq).replace("{ $at }", "12.345 s");
            let text = text.replace("{ $from }", "7").replace("{ $to }", "1234567");
            let numbered = matches!(
                label,
                Label::Waiting(..) | Label::NeverReached(_) | Label::NotAnswered(_)
            );
            let number = outcome_of(label).is_some() || numbered;
            let number = if number { "#1234567 ".len() } else { 0 };
            let letters = u32::try_from(number + text.chars().count()).unwrap();
            assert!(letters <= label.letters(), "{text}: {letters}");
        }
    }
}

#[test]
fn a_mark_is_hit_before_the_way_under_it_and_nothing_where_nothing_is() {
    let run = simulated(Preset::Textbook);
    let diagram = draw(&run, run.after(run.events()), &VIEW);
    let (points, ..) = lines(&diagram).next().unwrap();
    let [from, to] = [points[0], points[1]];
    assert_eq!(diagram.hit(from.0, from.1, 4.0), Some(Target::Probe(0)));
    let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
    assert_eq!(
        diagram.hit(middle.0, middle.1 + 2.0, 4.0),
        Some(Target::Flight(0))
    );
    assert_eq!(diagram.hit(-50.0, -50.0, 4.0), None);
}

#[test]
fn a_delayed_packet_s_way_has_a_bend_and_says_who_bent_it() {
    let mut history = History::simulate(&Preset::AlwaysLate.setup(Seed::from_low_bits(1))).unwrap();
    let cursor = history.run().seek(5_000_000);
    let action = Action::Delay { by_ns: 30_000_000 };
    history.act(cursor, 0, action).unwrap();
    let run = history.run();
    let diagram = draw(run, run.after(run.events()), &VIEW);
    assert_eq!(lines(&diagram).next().unwrap().0.len(), 3);
    assert!(labels(&diagram).any(|label| label == Label::Acted(action)));
}

#[test]
fn any_viewport_and_any_run_can_be_drawn() {
    let mut header = Preset::Textbook
        .setup(Seed::from_low_bits(1))
        .header()
        .unwrap();
    header.count = std::num::NonZeroU64::new(1);
    let one = Run::simulate(&header).unwrap();
    let text = udping_journal::to_line(&header).unwrap();
    let mut loader = Loader::new();
    loader.feed(text.as_bytes()).unwrap();
    let empty = loader.finish().unwrap();
    for run in [&one, &empty] {
        for (width, height, top) in [
            (0.0, 0.0, 0.0),
            (360.0, 400.0, -1e9),
            (4e3, 3e3, 1e12),
            (1.0, f64::MAX, 0.0),
        ] {
            let view = Viewport {
                width,
                height,
                top,
                chosen: Some(7),
                ..VIEW
            };
            for zoom in [0.0, 1.0, f64::INFINITY, f64::NAN] {
                let scale = Scale::new(run, zoom, true);
                let diagram = Diagram::draw(run, run.after(run.events()), &scale, &view);
                assert!(diagram.shapes.len() < 1_000);
            }
        }
    }
}

/// A simulated session with a server that takes 3 ms and tells its times.
fn telling() -> Run {
    let mut header = Preset::Textbook
        .setup(Seed::from_low_bits(20))
        .header()
        .unwrap();
    header.wire = udping_journal::WireName::Stamp;
    header.scenario.as_mut().unwrap().service_ns = 3_000_000;
    Run::simulate(&header).unwrap()
}

fn dwells(diagram: &Diagram) -> Vec<(f64, f64)> {
    let dwells = diagram.shapes.iter().filter_map(|shape| match shape {
        Shape::Dwell { x, y1, y2, .. } => {
            assert!((x - diagram.server_x).abs() < 1e-9);
            Some((*y1, *y2))
        }
        _ => None,
    });
    dwells.collect()
}

#[test]
fn what_a_request_spends_in_the_server_is_drawn() {
    let run = telling();
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    let view = Viewport {
        height: 9_000.0,
        ..VIEW
    };
    let end = run.after(run.events());
    let diagram = Diagram::draw(&run, end, &scale, &view);
    let replies = (0..).map_while(|at| run.flight(at, end));
    let replies = replies.filter(|it| it.direction == Direction::Reply);
    let expected: Vec<_> = replies
        .map(|it| (scale.y(it.from_ns - 3_000_000), scale.y(it.from_ns)))
        .collect();
    assert!(expected.len() > 3);
    assert_eq!(dwells(&diagram), expected);
    // While it lasts, as far as it has come.
    let first = run.flight(0, end).unwrap().until_ns;
    let diagram = Diagram::draw(&run, run.seek(first + 1_000_000), &scale, &view);
    assert_eq!(
        dwells(&diagram),
        [(scale.y(first), scale.y(first + 1_000_000))]
    );
}

#[test]
fn a_recorded_run_has_far_ends_where_the_server_told_its_times() {
    let truth = telling();
    let run = recorded(&truth);
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    let view = Viewport {
        height: 9_000.0,
        chosen: Some(0),
        ..VIEW
    };
    let end = run.after(run.events());
    let diagram = Diagram::draw(&run, end, &scale, &view);
    assert_eq!(
        run.server_clock().unwrap().error_ns,
        None,
        "one time for all"
    );
    let (mut whole, mut known) = (0, Vec::new());
    for at in (0..).map_while(|at| truth.flight(at, truth.after(truth.events()))) {
        let (from, to) = match at.direction {
            Direction::Request => (diagram.client_x, diagram.server_x),
            Direction::Reply => (diagram.server_x, diagram.client_x),
        };
        let way = vec![(from, scale.y(at.from_ns)), (to, scale.y(at.until_ns))];
        known.push(way);
    }
    for (points, end, _) in lines(&diagram) {
        match end {
            LineEnd::Arrow => {
                assert!(known.contains(points), "{points:?}");
                whole += 1;
            }
            // A lost probe's, of which nothing was told.
            _ => assert_eq!(end, LineEnd::FadeOut),
        }
    }
    assert_eq!(whole, 2 * dwells(&diagram).len());
    assert!(whole > 6);
    let stamps: Vec<_> = labels(&diagram)
        .filter(|label| matches!(label, Label::Stamp(_) | Label::Dwell(_)))
        .collect();
    for label in [1, 2, 3, 4].map(Label::Stamp) {
        assert!(stamps.contains(&label), "{stamps:?}");
    }
    assert!(stamps.contains(&Label::Dwell(3_000_000)), "{stamps:?}");
}

#[test]
fn another_clocks_times_are_placed_by_the_estimate_and_never_where_they_cannot_be() {
    // The server's clock is 7 s ahead. The first exchange, with the least RTT, says so
    // within 5 ms; the second lies 1 ms off the middle; in the third T2 is before T1.
    let header = r#"{"udping":"journal","version":2,"kind":"ping","tool":"t","wire":"stamp","schedule":{"paced":{"interval_ns":100000000}},"count":3,"timeout_ns":90000000,"late_window_ns":0,"timestamp_key":1,"table_entries":8,"wall_ns":"2000000000","epoch_s":1}"#;
    let mut text = vec![header.to_owned()];
    for (seq, rtt, t2, t3) in [
        (1, 12_000_000_u64, 8_005_000_000_u64, 8_007_000_000_u64),
        (2, 22_000_000, 8_111_000_000, 8_113_000_000),
        (3, 22_000_000, 8_199_000_000, 8_201_000_000),
    ] {
        let at = (seq - 1) * 100_000_000_u64;
        text.push(format!("{{\"sent\":{seq},\"at_ns\":{at},\"due_ns\":{at}}}"));
        let back = at + rtt;
        text.push(format!(
            "{{\"reply\":{seq},\"at_ns\":{back},\"t2_ns\":{t2},\"t3_ns\":{t3},\"rtt_ns\":{rtt}}}"
        ));
    }
    let mut loader = Loader::new();
    loader.feed(text.join("\n").as_bytes()).unwrap();
    let run = loader.finish().unwrap();
    assert_eq!(run.server_clock().unwrap().error_ns, Some(5_000_000));
    let end = run.after(run.events());
    let times = |probe| {
        let it = run.exchange_of(probe, end)?;
        Some([it.sent, it.reached, it.answered, it.arrived].map(|ns| ns / 1_000_000))
    };
    assert_eq!(times(0), Some([0, 5, 7, 12]));
    assert_eq!(times(1), Some([100, 111, 113, 122]));
    assert_eq!(times(2), None);
    assert_eq!(run.exchange_of(0, run.seek(1)), None, "not yet known");
    let view = Viewport {
        height: 9_000.0,
        ..VIEW
    };
    let diagram = draw(&run, end, &view);
    assert_eq!(dwells(&diagram).len(), 2);
    let ends: Vec<_> = lines(&diagram).map(|line| line.1).collect();
    let [arrow, out, into] = [LineEnd::Arrow, LineEnd::FadeOut, LineEnd::FadeIn];
    assert_eq!(ends, [arrow, arrow, arrow, arrow, out, into]);
}

#[test]
fn heartbeats_arrive_from_an_unknown_far_end_and_what_is_missing_is_named() {
    let text = include_str!("../../../../fuzz/seeds/journal/heartbeat.jsonl");
    let mut loader = Loader::new();
    loader.feed(text.as_bytes()).unwrap();
    let run = loader.finish().unwrap();
    let scale = Scale::new(&run, Scale::comfortable(&run), true);
    let view = Viewport {
        width: 600.0,
        height: 10_000.0,
        top: -20.0,
        ..VIEW
    };
    let diagram = Diagram::draw(&run, run.after(run.events()), &scale, &view);
    let arrivals = diagram.shapes.iter().filter(|shape| match shape {
        Shape::Line { points, end, .. } => {
            assert!((points[1].0 - diagram.server_x).abs() < 1e-9);
            *end == LineEnd::FadeIn
        }
        _ => false,
    });
    assert_eq!(arrivals.count(), 7);
    let says = |label| {
        let said = |shape: &Shape| matches!(shape, Shape::Label { text, .. } if *text == label);
        diagram.shapes.iter().any(said)
    };
    assert!(says(Label::Missing(3, 3)) && says(Label::Missing(9, 9)));
    assert!(says(Label::Silent) && says(Label::Beat(10)) && !says(Label::Ping(10)));
}

#[test]
fn a_packet_just_sent_is_hit_before_its_probes_mark() {
    let run = simulated(Preset::Textbook);
    let diagram = draw(&run, run.after(0), &VIEW);
    let packet = lines(&diagram).find(|(_, end, _)| *end == LineEnd::Packet);
    let at = *packet.unwrap().0.last().unwrap();
    assert_eq!(diagram.hit(at.0, at.1, 4.0), Some(Target::Flight(0)));
}

#[test]
fn each_shape_of_a_wait_is_its_probes() {
    let run = recorded(&simulated(Preset::Textbook));
    let diagram = draw(&run, run.after(run.events()), &TALL);
    let probes = diagram.probes(&run);
    assert_eq!(probes.len(), diagram.shapes.len());
    let mut bars = 0;
    for (at, shape) in diagram.shapes.iter().enumerate() {
        if let Shape::Bar { target, .. } = shape {
            let Target::Probe(probe) = *target else {
                panic!("{target:?}")
            };
            assert_eq!(probes[at], Some(probe));
            assert_eq!(probes[at - 1], Some(probe), "its branch");
            let after = diagram.shapes.iter().zip(&probes).skip(at + 1);
            let rest = after.take_while(|(shape, _)| {
                matches!(
                    shape,
                    Shape::Ahead { .. } | Shape::Listened { .. } | Shape::Deadline { .. }
                )
            });
            assert!(rest.into_iter().all(|(_, of)| *of == Some(probe)));
            bars += 1;
        }
    }
    assert!(bars > 5);
}
