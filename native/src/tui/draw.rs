//! Drawing what is shown on a terminal of any size.
//!
//! A pure function of what is shown and the frame's size. What does not fit is left out, the
//! least important first; nothing is shown by colour alone.

use std::time::Duration;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use udping_core::stats::{Distribution, Ratio, Summary};

use super::model::{Bar, Column, Snapshot};
use crate::i18n::say;
use crate::report::{millis, packets, short_times, span};

/// How it is to be drawn.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ViewState {
    pub(super) colour: bool,
    /// What the keys do is shown in place of the rest.
    pub(super) help: bool,
    /// It does not change for a while.
    pub(super) frozen: bool,
}

impl ViewState {
    fn colour(self, colour: Color) -> Style {
        if self.colour {
            Style::new().fg(colour)
        } else {
            Style::new()
        }
    }

    fn good(self) -> Style {
        self.colour(Color::Green)
    }

    fn bad(self) -> Style {
        self.colour(Color::Red)
    }

    fn heading() -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }
}

/// How high the graph is at the least, with its marks below and its heading.
const GRAPH: u16 = 5;

/// The columns left of the graph, where its scale stands.
const GUTTER: u16 = 10;

/// The part of a cell that a bar of so many eighths fills.
const EIGHTHS: [&str; 8] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"];

pub(super) fn draw(frame: &mut Frame<'_>, shown: &Snapshot, look: ViewState) {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    let mut rest = area;
    status(buffer, bottom(&mut rest, 1), shown, look);
    if look.help {
        for line in say::TUI_HELP.text().lines() {
            put(buffer, top(&mut rest, 1), line, Style::new());
        }
        return;
    }
    let summary = &shown.summary;
    let title = &shown.title;
    put(buffer, top(&mut rest, 1), title, ViewState::heading());
    let counts = packets(summary, shown.elapsed);
    put(buffer, top(&mut rest, 1), &counts, Style::new());

    // From the least important to the most: whatever leaves room for the graph.
    let share = shares(summary);
    let incident = shown.incident.as_deref();
    let wanted = [(5, true), (1, incident.is_some()), (1, share.is_some())];
    let [table_rows, befell_rows, share_rows] = wanted.map(|(rows, any)| {
        let fits = any && rest.height >= rows + GRAPH;
        let rows = if fits { rows } else { 0 };
        rest.height -= rows;
        rows
    });
    let histogram_rows = if rest.height >= 2 * GRAPH {
        (rest.height / 2).min(12)
    } else {
        0
    };
    rest.height += table_rows + befell_rows + share_rows;

    if let Some(incident) = incident {
        put(buffer, bottom(&mut rest, befell_rows), incident, look.bad());
    }
    table(buffer, bottom(&mut rest, table_rows), shown, look);
    histogram(buffer, bottom(&mut rest, histogram_rows), shown, look);
    if let Some(share) = share {
        put(buffer, bottom(&mut rest, share_rows), &share, Style::new());
    }
    graph(buffer, rest, shown, look);
}

/// Takes `rows` from the upper end of `area`, or as many as there are.
fn top(area: &mut Rect, rows: u16) -> Rect {
    let height = rows.min(area.height);
    let taken = Rect { height, ..*area };
    area.y += height;
    area.height -= height;
    taken
}

/// The same from the lower end.
fn bottom(area: &mut Rect, rows: u16) -> Rect {
    let height = rows.min(area.height);
    area.height -= height;
    let y = area.y + area.height;
    Rect { y, height, ..*area }
}

/// Writes one line, as much of it as there is room for.
fn put(buffer: &mut Buffer, area: Rect, text: &str, style: Style) {
    if area.height > 0 {
        buffer.set_stringn(area.x, area.y, text, area.width.into(), style);
    }
}

fn status(buffer: &mut Buffer, area: Rect, shown: &Snapshot, look: ViewState) {
    let mut text = if look.frozen {
        say::TUI_KEYS_FROZEN.to_string()
    } else {
        say::TUI_KEYS.to_string()
    };
    if shown.missed > 0 {
        text += &say::TuiMissed { n: shown.missed }.to_string();
    }
    buffer.set_style(area, Style::new().add_modifier(Modifier::REVERSED));
    put(buffer, area, &text, Style::new());
}

/// Which part of the delay is whose, as far as the reflector's times and the kernel's
/// timestamps say.
fn shares(summary: &Summary) -> Option<String> {
    let rtt = summary.decided_rtt?.mean_ns;
    let server = summary.reflected.and_then(|reflected| reflected.server);
    let server = server.map(|server| server.mean_ns);
    let host = summary.host_added.map(|host| host.mean_ns);
    let share = |nanos: u64| {
        let share = scaled(nanos, rtt, 100).min(100);
        let time = millis(Duration::from_nanos(nanos));
        say::TuiShare { share, time }.to_string()
    };
    let rest = rtt.saturating_sub(server.unwrap_or(0) + host.unwrap_or(0));
    let server = server.map(|it| say::TuiShareServer { share: share(it) }.to_string());
    let host = host.map(|it| say::TuiShareHost { share: share(it) }.to_string());
    let known: Vec<String> = [server, host].into_iter().flatten().collect();
    (!known.is_empty()).then(|| {
        let (share, known) = (share(rest), known.join(", "));
        say::TuiShares { share, known }.to_string()
    })
}

/// The totals and the windows.
fn table(buffer: &mut Buffer, mut area: Rect, shown: &Snapshot, look: ViewState) {
    let heading = cells(
        say::TUI_WINDOW.text(),
        say::TUI_REPLIED.text(),
        say::TUI_LOSS.text(),
        &["min", "avg", "p50", "p99", "max"].map(str::to_owned),
    );
    put(buffer, top(&mut area, 1), &heading, ViewState::heading());
    let mut row = |name: &str, replied: u64, loss: Option<Ratio>, rtt: Option<&Distribution>| {
        let counts = format!("{replied}/{}", loss.map_or(0, Ratio::whole));
        let percentage = loss.map_or_else(|| "-".to_owned(), |loss| format!("{loss}%"));
        let line = cells(name, &counts, &percentage, &times(rtt));
        let worse = loss.is_some_and(|loss| loss.part() > 0);
        let style = if worse { look.bad() } else { Style::new() };
        put(buffer, top(&mut area, 1), &line, style);
    };
    for window in &shown.windows {
        row(
            &span(window.span),
            window.replied,
            window.loss(),
            window.rtt.as_ref(),
        );
    }
    let summary = &shown.summary;
    row(
        say::TUI_ALL.text(),
        summary.replied,
        summary.loss(),
        summary.rtt.as_ref(),
    );
}

fn times(rtt: Option<&Distribution>) -> [String; 5] {
    rtt.map_or_else(
        || [const { String::new() }; 5].map(|_| "-".to_owned()),
        short_times,
    )
}

fn cells(name: &str, counts: &str, loss: &str, times: &[String; 5]) -> String {
    let line = format!("{name:<8}{counts:>17}{loss:>10}");
    times
        .iter()
        .fold(line, |line, time| line + &format!("{time:>9}"))
}

fn histogram(buffer: &mut Buffer, mut area: Rect, shown: &Snapshot, look: ViewState) {
    let heading = say::TUI_HISTOGRAM.text();
    put(buffer, top(&mut area, 1), heading, ViewState::heading());
    let bars = shown.histogram(area.height.into());
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    for Bar { from, to, count } in bars {
        let ends = [from, to].map(|nanos| millis(Duration::from_nanos(nanos)));
        let name = format!("{:>8} - {:<8}", ends[0], ends[1]);
        let number = count.to_string();
        let row = top(&mut area, 1);
        put(buffer, row, &name, Style::new());
        let taken = name.len() + number.len() + 2;
        let room = usize::from(row.width).saturating_sub(taken);
        let bar = bar(count, most, room);
        let at = u16::try_from(name.len() + 1).unwrap_or(0);
        let cells = u16::try_from(bar.chars().count() + 1).unwrap_or(0);
        put(buffer, right_of(row, at), &bar, look.good());
        put(buffer, right_of(row, at + cells), &number, Style::new());
    }
}

/// `area` without its first `columns`.
fn right_of(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect {
        x: area.x + columns,
        width: area.width - columns,
        ..area
    }
}

/// A bar of `room` cells at the most: something, if there is anything.
fn bar(count: u64, most: u64, room: usize) -> String {
    let cells = scaled(count, most, room as u64);
    let cells = if count > 0 { cells.max(1) } else { 0 };
    "█".repeat(usize::try_from(cells).unwrap_or(0).min(room))
}

/// `part` ÷ `whole` of `room`, to the nearest.
fn scaled(part: u64, whole: u64, room: u64) -> u64 {
    let (part, whole) = (u128::from(part), u128::from(whole).max(1));
    let scaled = (part * u128::from(room) + whole / 2) / whole;
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

/// RTTs over time, with marks below for what had no reply.
fn graph(buffer: &mut Buffer, mut area: Rect, shown: &Snapshot, look: ViewState) {
    if area.height < 3 || area.width <= GUTTER {
        return;
    }
    let column = format!("{:?}", shown.column);
    let heading = say::TuiGraph { column }.to_string();
    put(buffer, top(&mut area, 1), &heading, ViewState::heading());
    let marks = right_of(bottom(&mut area, 1), GUTTER);
    let plot = right_of(area, GUTTER);
    let columns: Vec<_> = shown.last_columns(plot.width.into()).collect();
    let most = columns.iter().flatten().map(|it| it.max).max();
    let scale = round_up(most.unwrap_or(0));
    for (row, nanos) in [(0, scale), (area.height / 2, scale / 2)] {
        let label = format!("{:>8} ", millis(Duration::from_nanos(nanos)));
        let line = Rect {
            y: area.y + row,
            height: 1,
            ..area
        };
        put(buffer, line, &label, Style::new());
    }
    let first = plot.width - u16::try_from(columns.len()).unwrap_or(plot.width);
    for (x, column) in (plot.x + first..).zip(&columns) {
        let Some(column) = column else { continue };
        rise(buffer, x, plot, column, scale, look);
        let (mark, style) = mark(column, look);
        let cell = Rect {
            x,
            width: 1,
            ..marks
        };
        put(buffer, cell, mark, style);
    }
}

/// Draws the column at `x`: filled up to the mean, with a dot at the greatest.
fn rise(buffer: &mut Buffer, x: u16, plot: Rect, column: &Column, scale: u64, look: ViewState) {
    let Some(mean) = column.mean() else { return };
    let height = u64::from(plot.height);
    let filled = scaled(mean, scale, height * 8).max(1);
    let dot = scaled(column.max, scale, height * 8).div_ceil(8).max(1);
    for row in 1..=height {
        let above = filled.saturating_sub((row - 1) * 8);
        let symbol = match usize::try_from(above).ok().and_then(|it| EIGHTHS.get(it)) {
            Some(&" ") if row == dot => "·",
            Some(part) => part,
            None => "█",
        };
        let y = plot.y + plot.height - u16::try_from(row).unwrap_or(plot.height);
        buffer.set_string(x, y, symbol, look.good());
    }
}

/// What had no reply in a column: the worst of it.
fn mark(column: &Column, look: ViewState) -> (&'static str, Style) {
    if column.lost > 0 {
        ("×", look.bad())
    } else if column.refused > 0 {
        ("!", look.bad())
    } else if column.unsent > 0 {
        ("-", look.bad())
    } else {
        (" ", Style::new())
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn round_up(nanos: u64) -> u64 {
    let mut step: u64 = 1_000;
    loop {
        for factor in [1, 2, 5] {
            let scale = step.saturating_mul(factor);
            if scale >= nanos {
                return scale;
            }
        }
        step = step.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use udping_core::event::{Event, Outcome, Output};
    use udping_core::time::{ClientTime, WallTime};
    use udping_core::wire::Probe;

    use super::super::model::{TuiModel, ViewEvent};
    use super::*;

    fn at(ms: u64) -> ClientTime {
        ClientTime::from_nanos(ms * 1_000_000)
    }

    /// Thirty probes, one a second: each third lost, the others' RTTs growing.
    fn snapshot() -> Snapshot {
        let title = "PING 192.0.2.1 (192.0.2.1:12000)".to_owned();
        let second = Duration::from_secs(1);
        let mut model = TuiModel::new(title, "192.0.2.1".to_owned(), second, second);
        for seq in 1..=30 {
            let (due, at) = (at(seq * 1_000), at(seq * 1_000));
            let timestamp = WallTime::ZERO;
            let probe = Probe {
                seq,
                timestamp,
                due,
                at,
            };
            let mut take = |what| model.take(at, what, Duration::ZERO);
            take(ViewEvent::Output(Output::Send(probe)));
            let (rtt, verified) = (Duration::from_millis(seq), true);
            take(if seq % 3 == 0 {
                let deadline = at;
                ViewEvent::Output(Output::Event(Event::Lost { seq, deadline }))
            } else {
                ViewEvent::Outcome(Outcome::Replied { seq, rtt, verified })
            });
            if seq % 3 == 1 {
                let kernel = rtt * 3 / 4;
                take(ViewEvent::Outcome(Outcome::KernelRtt { seq, rtt, kernel }));
            }
        }
        model.snapshot()
    }

    fn drawn(width: u16, height: u16, shown: &Snapshot, look: ViewState) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, shown, look)).unwrap();
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

    #[test]
    fn everything_stands_on_24_lines_of_80() {
        let screen = lines(&drawn(80, 24, &snapshot(), ViewState::default()));
        let text = screen.join("\n");
        assert!(screen[0].starts_with("PING 192.0.2.1"), "{text}");
        assert!(
            screen[1].contains("30 packets transmitted, 20 received, 33.3333% packet loss"),
            "{text}"
        );
        assert!(
            screen[23].contains('q') && screen[23].contains('?'),
            "{text}"
        );
        let row = |start: &str| screen.iter().find(|line| line.starts_with(start)).unwrap();
        for (name, counts) in [("10 s", "6/10"), ("1 min", "20/30"), ("all", "20/30")] {
            assert!(row(name).contains(counts), "{text}");
        }
        assert!(text.contains("this host 24%"), "{text}");
        let marks = screen.iter().find(|line| line.contains("×  ×  ×")).unwrap();
        assert_eq!(marks.matches('×').count(), 10, "{text}");
        assert!(marks.ends_with('×'), "the last one was lost: {text}");
        // The greatest RTT, 29 ms, reaches into the upper half of a scale to 50.
        assert!(screen[3].trim_start().starts_with("50.0"), "{text}");
        let bars = screen.iter().filter(|line| line.contains(" - ")).count();
        assert!(bars >= 3, "{text}");
    }

    #[test]
    fn whatever_the_size_nothing_breaks_and_the_counts_come_first() {
        let mut shown = snapshot();
        shown.missed = 7;
        for width in [1, 2, 10, 11, 20, 40, 79, 200, 600] {
            for height in 1..60 {
                for help in [false, true] {
                    let look = ViewState {
                        help,
                        frozen: height % 2 == 0,
                        colour: true,
                    };
                    let screen = lines(&drawn(width, height, &shown, look));
                    assert_eq!(screen.len(), usize::from(height));
                    if !help && height > 2 && width >= 40 {
                        assert!(screen[1].starts_with("30 packets"), "{screen:?}");
                    }
                }
            }
        }
        let small = lines(&drawn(60, 12, &shown, ViewState::default())).join("\n");
        assert!(small.contains("×  ×"), "the graph stays: {small}");
        let empty = TuiModel::new(String::new(), String::new(), Duration::ZERO, Duration::ZERO);
        drawn(80, 24, &empty.snapshot(), ViewState::default());
    }

    #[test]
    fn without_colour_there_is_none() {
        let coloured = |colour| {
            let look = ViewState {
                colour,
                ..ViewState::default()
            };
            let screen = drawn(80, 24, &snapshot(), look);
            let mut cells = screen.content().iter();
            cells.any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
        };
        assert!(coloured(true));
        assert!(!coloured(false));
    }

    #[test]
    fn scales_are_round_numbers() {
        let scales = [0, 1_000, 1_001, 4_999, 5_001, u64::MAX].map(round_up);
        assert_eq!(scales, [1_000, 1_000, 2_000, 5_000, 10_000, u64::MAX]);
    }
}
