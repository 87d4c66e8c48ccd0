//! What a snapshot looks like at every size, in both languages.

use std::net::{IpAddr, Ipv4Addr};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use udping_core::event::{Event, Outcome, Output};
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::Probe;

use super::super::model::{TuiModel, ViewEvent};
use super::*;

const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

fn at(ms: u64) -> ClientTime {
    ClientTime::from_nanos(ms * 1_000_000)
}

fn model() -> TuiModel {
    let title = "PING 192.0.2.1 (192.0.2.1:12000), each 1s".to_owned();
    let second = Duration::from_secs(1);
    TuiModel::new(title, SERVER, second, second)
}

fn take(model: &mut TuiModel, ms: u64, what: ViewEvent) {
    model.take(at(ms), what, Duration::ZERO);
}

fn send(model: &mut TuiModel, seq: u64) {
    let at = at(seq * 1_000);
    let probe = Probe {
        seq,
        timestamp: WallTime::ZERO,
        due: at,
        at,
    };
    model.take(at, ViewEvent::Output(Output::Send(probe)), Duration::ZERO);
}

/// So many probes, one a second: each third lost, the others' RTTs growing.
fn after(probes: u64) -> Snapshot {
    let mut model = model();
    for seq in 1..=probes {
        send(&mut model, seq);
        let (at, ms) = (at(seq * 1_000), seq * 1_000);
        let (rtt, verified) = (Duration::from_millis(seq), true);
        let what = if seq % 3 == 0 {
            let deadline = at;
            ViewEvent::Output(Output::Event(Event::Lost { seq, deadline }))
        } else {
            ViewEvent::Outcome(Outcome::Replied { seq, rtt, verified })
        };
        take(&mut model, ms, what);
        if seq % 3 == 1 {
            let kernel = rtt * 3 / 4;
            let rtt = Outcome::KernelRtt { seq, rtt, kernel };
            take(&mut model, ms, ViewEvent::Outcome(rtt));
        }
    }
    model.snapshot()
}

fn drawn(width: u16, height: u16, shown: &Snapshot, look: ViewState) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let draw = |frame: &mut Frame<'_>| {
        draw(frame, shown, look);
    };
    terminal.draw(draw).unwrap();
    terminal.backend().buffer().clone()
}

fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    let symbols: Vec<&str> = buffer
        .content()
        .iter()
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    let rows = symbols.chunks(width);
    rows.map(|row| row.concat().trim_end().to_owned()).collect()
}

fn plain(width: u16, height: u16, shown: &Snapshot) -> Vec<String> {
    lines(&drawn(width, height, shown, ViewState::default()))
}

#[test]
fn everything_stands_on_24_lines_of_80() {
    let screen = plain(80, 24, &after(30));
    let text = screen.join("\n");
    assert!(screen[0].starts_with("PING 192.0.2.1"), "{text}");
    assert!(
        screen[1].starts_with("loss 33.3333%  replied 20/30  avg "),
        "{text}"
    );
    assert!(screen[1].ends_with("10 lost  30 s"), "{text}");
    for key in ["q quit", "? help", "p freeze", "+ - zoom", "l log"] {
        assert!(screen[23].contains(key), "{key}: {text}");
    }
    let row = |start: &str| screen.iter().find(|line| line.starts_with(start)).unwrap();
    for (name, counts) in [("10 s", "6/10"), ("1 min", "20/30"), ("all", "20/30")] {
        assert!(row(name).contains(counts), "{text}");
    }
    assert!(text.contains("this host 24%"), "{text}");
    let marks = screen.iter().find(|line| line.contains("×     ×")).unwrap();
    assert_eq!(marks.matches('×').count(), 10, "{text}");
    // The greatest RTT, 29 ms, reaches to the top of a scale to 30.
    assert!(screen[3].trim_start().starts_with("30.0"), "{text}");
    let bars = screen.iter().filter(|line| line.contains(" - ")).count();
    assert!(bars >= 3, "{text}");
    for recent in ["30     30.000  lost", "29     29.000      29.0"] {
        assert!(text.contains(recent), "{recent}: {text}");
    }
}

#[test]
fn whatever_the_size_nothing_breaks_and_the_loss_comes_first() {
    let mut shown = after(30);
    shown.missed = 7;
    for width in [1, 2, 10, 11, 20, 21, 40, 79, 80, 200, 600] {
        for height in 1..60 {
            for help in [false, true] {
                let look = ViewState {
                    help,
                    frozen: height % 2 == 0,
                    log: height % 3 == 0,
                    ascii: height % 5 == 0,
                    chart: (height % 7 > 0).then_some(usize::from(height % 7)),
                    colour: true,
                };
                let screen = lines(&drawn(width, height, &shown, look));
                assert_eq!(screen.len(), usize::from(height));
                let line = &screen[usize::from(height >= 3)];
                if width >= 20 {
                    assert!(line.starts_with("loss 33.3333%"), "{screen:?}");
                } else if width >= 10 {
                    assert_eq!(line, "33.3333%", "{screen:?}");
                }
            }
        }
    }
    let small = plain(60, 12, &shown).join("\n");
    assert!(small.contains("×  ×"), "the graph stays: {small}");
    assert!(small.contains("30.000  lost"), "and the probes: {small}");
    let tiny = plain(20, 5, &shown).join("\n");
    assert!(tiny.contains("     30  lost"), "those go last: {tiny}");
    let narrow = plain(30, 12, &shown);
    assert_eq!(narrow[2], "RTT in ms", "no figure is cut: {narrow:?}");
    plain(80, 24, &model().snapshot());
}

#[test]
fn no_figure_is_cut() {
    let shown = after(30);
    let whole: Vec<String> = plain(200, 24, &shown);
    let words: Vec<&str> = whole.iter().flat_map(|it| it.split_whitespace()).collect();
    for width in 20..100 {
        // The table and the counts.
        let screen = plain(width, 24, &shown);
        let rows = screen.iter().filter(|it| it.contains("33.3333%"));
        for word in rows.flat_map(|it| it.split_whitespace()) {
            assert!(words.contains(&word), "{width}: {word}: {screen:?}");
        }
    }
}

/// Where the graph's marks begin and end, and how many columns of the screen they take.
fn marks(screen: &[String]) -> (usize, usize) {
    let line = screen.iter().find(|line| {
        let marks = line.trim();
        !marks.is_empty() && marks.chars().all(|it| it == '×' || it == ' ')
    });
    let chars: Vec<char> = line.unwrap().chars().collect();
    let first = chars.iter().position(|it| *it == '×').unwrap();
    (first, chars.len())
}

#[test]
fn the_graph_is_filled_from_its_left_and_from_the_start() {
    // Probe 3 is in the fourth column.
    assert_eq!(
        marks(&plain(80, 24, &after(3))),
        (10 + 3 * 8, 10 + 3 * 8 + 1)
    );
    // Thirty-one columns of two cells.
    assert_eq!(
        marks(&plain(80, 24, &after(30))),
        (10 + 3 * 2, 10 + 30 * 2 + 1)
    );
    // As many as there is room for, the newest last.
    let (_, last) = marks(&plain(80, 24, &after(300)));
    assert_eq!(last, 80);
}

#[test]
fn a_short_run_is_shown_in_short_columns_and_any_can_be_zoomed() {
    let mut model = TuiModel::new(
        String::new(),
        SERVER,
        Duration::from_secs(1),
        Duration::from_millis(20),
    );
    let heading = |model: &TuiModel, chart| {
        let look = ViewState {
            chart,
            ..ViewState::default()
        };
        let screen = lines(&drawn(80, 24, &model.snapshot(), look));
        let heading = screen.iter().find(|it| it.contains("a column for each"));
        let words = heading.unwrap().split_whitespace();
        words
            .skip_while(|it| *it != "each")
            .nth(1)
            .unwrap()
            .to_owned()
    };
    take(&mut model, 13_000, ViewEvent::Missed(0));
    assert_eq!(heading(&model, None), "200ms");
    take(&mut model, 15_000, ViewEvent::Missed(0));
    assert_eq!(heading(&model, None), "1s");
    assert_eq!(heading(&model, Some(0)), "200ms");
    assert_eq!(heading(&model, Some(3)), "30s");
    assert_eq!(heading(&model, Some(99)), "900s");
}

#[test]
fn on_a_logarithmic_scale_each_octave_is_as_high_as_the_next() {
    let height = |ms: u64, log| {
        let mut model = model();
        for (seq, ms) in [(1, 1), (2, ms), (3, 1_000)] {
            send(&mut model, seq);
            let rtt = Duration::from_millis(ms);
            let replied = Outcome::Replied {
                seq,
                rtt,
                verified: true,
            };
            take(&mut model, seq * 1_000, ViewEvent::Outcome(replied));
        }
        let look = ViewState {
            log,
            ..ViewState::default()
        };
        let screen = drawn(80, 40, &model.snapshot(), look);
        // The third column, which is eight cells wide, down to the axis.
        let end = lines(&screen)
            .iter()
            .position(|it| it.trim_start().starts_with("0 s"));
        let end = u16::try_from(end.unwrap()).unwrap();
        let cells = (0..end).filter(|y| screen[(10 + 2 * 8, *y)].symbol() == "█");
        cells.count()
    };
    assert_eq!(height(30, false), 0, "next to nothing");
    let (some, more, most) = (height(10, true), height(100, true), height(1_000, true));
    assert!(some.abs_diff(more - some) <= 1, "{some} {more} {most}");
    assert!(some.abs_diff(most - more) <= 1, "{some} {more} {most}");
    assert!(some > 2, "{some}");
}

#[test]
fn a_closed_port_is_named_and_each_probe_that_found_it_so() {
    let mut model = model();
    for seq in 1..=3 {
        send(&mut model, seq);
        let after = Duration::from_millis(1);
        let refused = Outcome::Refused { seq, after };
        let why = if seq < 3 {
            DeliveryError::Port
        } else {
            DeliveryError::Host
        };
        let event = ViewEvent::Undelivered(refused, why, Some(SERVER));
        take(&mut model, seq * 1_000, event);
    }
    for (width, height) in [(80, 24), (40, 12), (40, 5)] {
        let text = plain(width, height, &model.snapshot()).join("\n");
        assert!(text.contains("Nobody is listening on that port"), "{text}");
    }
    let text = plain(80, 24, &model.snapshot()).join("\n");
    for recent in ["3      3.000  host unreachable", "2      2.000  refused"] {
        assert!(text.contains(recent), "{recent}: {text}");
    }
    // A reply takes it back.
    send(&mut model, 4);
    let replied = Outcome::Replied {
        seq: 4,
        rtt: Duration::from_millis(1),
        verified: true,
    };
    take(&mut model, 4_000, ViewEvent::Outcome(replied));
    let text = plain(80, 24, &model.snapshot()).join("\n");
    assert!(!text.contains("Nobody is listening"), "{text}");
}

#[test]
fn without_colour_there_is_none() {
    let coloured = |colour| {
        let look = ViewState {
            colour,
            ..ViewState::default()
        };
        let screen = drawn(80, 24, &after(30), look);
        let mut cells = screen.content().iter();
        cells.any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
    };
    assert!(coloured(true));
    assert!(!coloured(false));
}

#[test]
fn in_ascii_each_cell_has_a_character_of_its_own() {
    let spelled = |ascii| {
        let look = ViewState {
            ascii,
            ..ViewState::default()
        };
        lines(&drawn(80, 24, &after(30), look)).join("\n")
    };
    let (all, ascii) = (spelled(false), spelled(true));
    assert!(!all.is_ascii() && ascii.is_ascii(), "{ascii}");
    assert_eq!(all.chars().count(), ascii.chars().count());
    assert!(ascii.contains("##") && ascii.contains("x     x"), "{ascii}");
}
