//! Drawing what is shown on a terminal of any size.
//!
//! A pure function of what is shown and the frame's size. What does not fit is left out, the
//! least important first; nothing is shown by colour alone.

mod scale;

use std::time::Duration;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Paragraph, Widget as _, Wrap};
use udping_core::stats::{Distribution, Ratio, Summary};

use super::model::{Bar, Chart, Column, Fate, Recent, Snapshot};
use crate::charset::ascii;
use crate::i18n::{Number, duration, say};
use crate::net::DeliveryError;
use crate::report::{delivery_error, fates, millis, seconds, short_times, span};
use scale::Scale;

/// How it is to be drawn.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct ViewState {
    pub(super) colour: bool,
    /// Nothing but ASCII can be shown.
    pub(super) ascii: bool,
    /// What the keys do is shown in place of the rest.
    pub(super) help: bool,
    /// It does not change for a while.
    pub(super) frozen: bool,
    /// The graph's scale is logarithmic.
    pub(super) log: bool,
    /// Which chart was chosen.
    pub(super) chart: Option<usize>,
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

/// How high a list is at the least, with its heading.
const LIST: u16 = 3;

/// The columns left of the graph, where its scale stands.
const GUTTER: u16 = 10;

/// The cells of a column at the most, where a run has few columns yet.
const WIDEST: usize = 8;

/// The columns of the list of recent probes.
const RECENT: u16 = 38;

/// With fewer columns than these a probe has no time, and there is no histogram.
const NARROW: u16 = 32;

/// The part of a cell that a bar of so many eighths fills.
const EIGHTHS: [&str; 8] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"];

/// Draws what is `shown`, and returns which of its charts that is.
pub(super) fn draw(frame: &mut Frame<'_>, shown: &Snapshot, look: ViewState) -> usize {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    let plot = usize::from(area.width.saturating_sub(GUTTER));
    let chart = look.chart.unwrap_or_else(|| shown.usual_chart(plot));
    let chart = chart.min(shown.charts.len().saturating_sub(1));
    let mut rest = area;
    // The counts have the first line that there is, the keys the second, the title the third.
    if area.height >= 2 {
        status(buffer, bottom(&mut rest, 1), shown, look);
    }
    if area.height >= 3 {
        put(
            buffer,
            top(&mut rest, 1),
            &shortened(&shortened(&shown.title, ", ", area.width), ": ", area.width),
            ViewState::heading(),
        );
    }
    let line = top(&mut rest, 1);
    put(buffer, line, &counts(shown, line.width), Style::new());
    if look.help {
        let help = Paragraph::new(say::TUI_HELP.text());
        help.wrap(Wrap { trim: false }).render(rest, buffer);
    } else {
        parts(buffer, rest, shown, shown.charts.get(chart), look);
    }
    if look.ascii {
        spell(buffer);
    }
    chart
}

/// Has each cell show a character of ASCII.
fn spell(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let symbol = ascii(cell.symbol()).chars().next();
            cell.set_char(symbol.unwrap_or(' '));
        }
    }
}

/// As many of `parts` as fit whole into `width` columns, with `gap` between them, and the first in
/// any case.
fn fitting(parts: impl IntoIterator<Item = String>, gap: &str, width: u16) -> String {
    let mut parts = parts.into_iter();
    let mut line = parts.next().unwrap_or_default();
    for part in parts {
        let longer = line.clone() + gap + &part;
        if longer.chars().count() > width.into() {
            break;
        }
        line = longer;
    }
    line
}

/// The same of the parts of a sentence that `gap` lies between.
fn shortened(sentence: &str, gap: &str, width: u16) -> String {
    fitting(sentence.split(gap).map(str::to_owned), gap, width)
}

/// The loss first, and then the other counts.
fn counts(shown: &Snapshot, width: u16) -> String {
    let summary = &shown.summary;
    let loss = summary.loss();
    let replied = format!("{}/{}", summary.replied, loss.map_or(0, Ratio::whole));
    let ms = |nanos| millis(Duration::from_nanos(nanos));
    let avg = summary.rtt.map(|rtt| ms(rtt.mean_ns));
    let jitter = summary.jitter_rfc3550_ns.map(ms);
    let first = [
        Some(format!("{} {}", say::TUI_LOSS, percentage(loss))),
        Some(format!("{} {replied}", say::TUI_REPLIED)),
        avg.map(|avg| format!("avg {avg} ms")),
        jitter.map(|jitter| format!("jitter {jitter} ms")),
    ];
    let fates = fates(summary);
    let fates = fates.iter().flat_map(|it| it.split(", "));
    let fates = fates.map(str::to_owned);
    let elapsed = format!("{} s", shown.elapsed.as_secs());
    let all = first.into_iter().flatten().chain(fates).chain([elapsed]);
    let line = fitting(all, "  ", width);
    // A figure is not to be cut.
    if line.chars().count() > width.into() {
        percentage(loss)
    } else {
        line
    }
}

fn percentage(loss: Option<Ratio>) -> String {
    loss.map_or_else(|| "-".to_owned(), |loss| format!("{}%", Number(loss)))
}

/// Everything below the counts: what is wrong first, and then from the most important to the
/// least, as far as there is room.
fn parts(
    buffer: &mut Buffer,
    mut rest: Rect,
    shown: &Snapshot,
    chart: Option<&Chart>,
    look: ViewState,
) {
    if let Some(hint) = &shown.hint {
        let hint = shortened(hint, ": ", rest.width);
        put(buffer, top(&mut rest, 1), &hint, look.bad());
    }
    if rest.height < GRAPH {
        recent(buffer, rest, shown, look);
        return;
    }
    let share = shares(&shown.summary).filter(|_| rest.width >= NARROW);
    let incident = shown.incident.as_deref();
    let mut room = rest.height - GRAPH;
    let mut rows = |rows: u16, any: bool, least: u16| {
        let rows = if any && room >= least { rows } else { 0 };
        room -= rows;
        rows
    };
    let incident_rows = rows(1, incident.is_some(), 1);
    let list_rows = rows(LIST, true, LIST);
    let table_rows = rows(5, true, 5);
    let share_rows = rows(1, share.is_some(), LIST);
    // What is left is the graph's and the lists'.
    let list_rows = if list_rows > 0 {
        (list_rows + room / 2).min(12)
    } else {
        0
    };
    if let Some(incident) = incident {
        put(
            buffer,
            bottom(&mut rest, incident_rows),
            incident,
            look.bad(),
        );
    }
    table(buffer, bottom(&mut rest, table_rows), shown, look);
    lists(buffer, bottom(&mut rest, list_rows), shown, look);
    if let Some(share) = share {
        let row = bottom(&mut rest, share_rows);
        put(
            buffer,
            row,
            &shortened(&share, ", ", row.width),
            Style::new(),
        );
    }
    if let Some(chart) = chart {
        graph(buffer, rest, chart, look);
    }
}

/// The histogram, and beside it or below it the recent probes; those alone where there is no room
/// for both.
fn lists(buffer: &mut Buffer, mut area: Rect, shown: &Snapshot, look: ViewState) {
    if area.width >= 2 * RECENT {
        let left = area.width - RECENT;
        recent(buffer, right_of(area, left), shown, look);
        histogram(
            buffer,
            Rect {
                width: left - 2,
                ..area
            },
            shown,
            look,
        );
        return;
    }
    if area.height >= 2 * LIST && area.width >= NARROW {
        let half = area.height / 2;
        histogram(buffer, bottom(&mut area, half), shown, look);
    }
    recent(buffer, area, shown, look);
}

/// The recent probes, the newest first.
fn recent(buffer: &mut Buffer, mut area: Rect, shown: &Snapshot, look: ViewState) {
    if area.height >= LIST {
        let heading = shortened(say::TUI_RECENT.text(), ", ", area.width);
        put(buffer, top(&mut area, 1), &heading, ViewState::heading());
    }
    let probes = shown.recent.iter().rev();
    for Recent { seq, at, fate } in probes.take(area.height.into()) {
        let at = seconds(Duration::from_nanos(at.as_nanos()));
        let (what, style) = match fate {
            Fate::Replied(rtt) => (format!("{:>8}", millis(*rtt)), Style::new()),
            Fate::Late(rtt) => (
                format!("{:>8} {}", millis(*rtt), say::BECOME_LATE),
                look.bad(),
            ),
            Fate::Duplicate(rtt) => (format!("{:>8} (DUP!)", millis(*rtt)), Style::new()),
            Fate::Lost => (say::BECOME_LOST.to_string(), look.bad()),
            Fate::Undelivered(DeliveryError::Port) => (say::BECOME_REFUSED.to_string(), look.bad()),
            Fate::Undelivered(why) => (delivery_error(*why), look.bad()),
            Fate::Unsent => (say::BECOME_UNSENT.to_string(), look.bad()),
        };
        let line = if area.width < NARROW {
            format!("{seq:>7}  {what}")
        } else {
            format!("{seq:>7} {at:>10}  {what}")
        };
        put(buffer, top(&mut area, 1), &line, style);
    }
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
    put(
        buffer,
        area,
        &shortened(&text, "  ", area.width),
        Style::new(),
    );
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
        area.width,
        say::TUI_WINDOW.text(),
        say::TUI_LOSS.text(),
        say::TUI_REPLIED.text(),
        &["min", "avg", "p50", "p99", "max"].map(str::to_owned),
    );
    put(buffer, top(&mut area, 1), &heading, ViewState::heading());
    let mut row = |name: &str, replied: u64, loss: Option<Ratio>, rtt: Option<&Distribution>| {
        let counts = format!("{replied}/{}", loss.map_or(0, Ratio::whole));
        let line = cells(area.width, name, &percentage(loss), &counts, &times(rtt));
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
        |rtt| short_times(rtt).map(|time| time.to_string()),
    )
}

/// A line of the table, the least important last.
fn cells(width: u16, name: &str, loss: &str, counts: &str, times: &[String; 5]) -> String {
    let first = [
        format!("{name:<8}"),
        format!("{loss:>10}"),
        format!("{counts:>17}"),
    ];
    let times = times.iter().map(|time| format!("{time:>9}"));
    fitting(first.into_iter().chain(times), "", width)
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

/// RTTs over time, with marks below for what had no reply, and the time where there is room.
fn graph(buffer: &mut Buffer, mut area: Rect, chart: &Chart, look: ViewState) {
    if area.height < 3 || area.width <= GUTTER {
        return;
    }
    let column = duration(chart.column);
    let graph = say::TuiGraph { column }.to_string();
    let headings = [
        Some(shortened(&graph, ", ", area.width)),
        look.log.then(|| say::TUI_LOG.to_string()),
        Some(say::TUI_MARKS.to_string()),
    ];
    let heading = fitting(headings.into_iter().flatten(), "  ", area.width);
    put(buffer, top(&mut area, 1), &heading, ViewState::heading());
    let axis_rows = u16::from(area.height > 6);
    let axis = right_of(bottom(&mut area, axis_rows), GUTTER);
    let marks = right_of(bottom(&mut area, 1), GUTTER);
    let plot = right_of(area, GUTTER);
    let width = usize::from(plot.width);
    // From the left on, and no narrower than it has to be.
    let cells = (width / chart.len().max(1)).clamp(1, WIDEST);
    let columns: Vec<_> = chart.last_columns(width / cells).collect();
    let scale = Scale::of(columns.iter().flatten().copied(), look.log);
    let mut labels = vec![(0, scale.high), (area.height / 2, scale.middle())];
    // Where nothing came there is nothing to measure.
    labels.truncate(if scale.high > 0 {
        area.height.into()
    } else {
        0
    });
    for (row, nanos) in labels {
        let label = format!("{:>8} ", millis(Duration::from_nanos(nanos)));
        let line = Rect {
            y: area.y + row,
            height: 1,
            ..area
        };
        put(buffer, line, &label, Style::new());
    }
    for (x, column) in (plot.x..plot.right()).step_by(cells).zip(&columns) {
        let Some(column) = column else { continue };
        let width = u16::try_from(cells).unwrap_or(1);
        for x in x..x + width {
            rise(buffer, x, plot, column, scale, look);
        }
        let (mark, style) = mark(column, look);
        put(buffer, Rect { x, width, ..marks }, mark, style);
    }
    time_axis(buffer, axis, chart, columns.len(), columns.len() * cells);
}

/// When the first of so many columns begins, and when the last, which ends after `cells` cells.
fn time_axis(buffer: &mut Buffer, area: Rect, chart: &Chart, columns: usize, cells: usize) {
    let second = |back| {
        let at = chart.beginning(back);
        if chart.column.subsec_nanos() == 0 {
            format!("{} s", at.as_secs())
        } else {
            format!("{} s", seconds(at))
        }
    };
    let first = second(columns.saturating_sub(1));
    put(buffer, area, &first, Style::new());
    let last = second(0);
    let at = cells.saturating_sub(last.len());
    if at > first.len() + 1 {
        let at = u16::try_from(at).unwrap_or(area.width);
        put(buffer, right_of(area, at), &last, Style::new());
    }
}

/// Draws the column at `x`: filled up to the mean, with a dot at the greatest.
fn rise(buffer: &mut Buffer, x: u16, plot: Rect, column: &Column, scale: Scale, look: ViewState) {
    let Some(mean) = column.mean() else { return };
    let height = u64::from(plot.height);
    let filled = scale.part(mean, height * 8).max(1);
    let dot = scale.part(column.max, height * 8).div_ceil(8).max(1);
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

#[cfg(test)]
mod tests;
