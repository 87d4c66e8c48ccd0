//! The terminal view of many targets: a row for each, with its state, loss and RTT over time.
//!
//! Owns how rows are drawn. Where they come from is its caller's.

use std::io;
use std::time::Duration;

use ratatui::Frame;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::terminal::{Screen, Shown, View};
use crate::charset;
use crate::i18n::say;
use crate::report::millis;
use crate::row::{Moment, Row, RowState};
use crate::signals::Signals;

/// The columns of a name at the most.
const WIDEST: usize = 40;

/// The loop's end of it. The terminal is its own again when this is dropped.
pub(crate) struct FleetTui(Shown);

impl FleetTui {
    /// Takes over the terminal and draws what `rows` says, in colour or not; without an answer,
    /// what it said before. The keys that end a run do so by way of `signals`.
    pub(crate) fn start(
        rows: impl FnMut() -> Option<Vec<Row>> + Send + 'static,
        colour: bool,
        signals: &Signals,
    ) -> anyhow::Result<Self> {
        let shown = Vec::new();
        let view = FleetView {
            rows,
            shown,
            colour,
        };
        Shown::start(view, signals).map(Self)
    }

    /// Gives the terminal back, and says what went wrong, if something did.
    pub(crate) fn finish(&mut self) -> Option<String> {
        self.0.finish()
    }
}

/// Targets as they are drawn.
struct FleetView<R> {
    rows: R,
    shown: Vec<Row>,
    colour: bool,
}

impl<R: FnMut() -> Option<Vec<Row>> + Send + 'static> View for FleetView<R> {
    const FRAME: Duration = Duration::from_millis(500);

    fn draw(&mut self, screen: &mut Screen) -> io::Result<()> {
        if let Some(rows) = (self.rows)() {
            self.shown = rows;
        }
        screen.paint(|frame| draw(frame, &self.shown, self.colour))
    }
}

fn draw(frame: &mut Frame<'_>, rows: &[Row], colour: bool) {
    let area = frame.area();
    let (columns, height) = (usize::from(area.width), usize::from(area.height));
    let mut lines = lines(rows, columns, colour);
    // The last one says what the keys do.
    lines.truncate(height.saturating_sub(1));
    lines.resize(height.saturating_sub(1), Line::default());
    lines.push(Line::from(say::FLEET_KEYS.text()));
    frame.render_widget(Paragraph::new(lines), area);
}

/// The heading and a line for each row.
fn lines(rows: &[Row], columns: usize, colour: bool) -> Vec<Line<'static>> {
    let names = rows.iter().map(|row| row.name.chars().count());
    let target = say::FLEET_TARGET.text();
    let name = names.max().unwrap_or(0).max(target.chars().count());
    let name = name.min(WIDEST);
    let states = [RowState::Waiting, RowState::Up, RowState::Down].map(text);
    let state = states.iter().map(|it| it.chars().count()).max();
    let state = state.unwrap_or_default();
    let loss = say::TUI_LOSS.text();
    let heading = format!("{target:name$}  {:state$}  {loss:>6}  {:>10}", "", "RTT ms");
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let room = columns.saturating_sub(heading.chars().count() + 2);
    let unicode = charset::is_unicode();
    let mut lines = vec![Line::styled(heading, bold)];
    lines.extend(rows.iter().map(|row| {
        let shown: String = row.name.chars().take(name).collect();
        let share = row.loss.map(|it| format!("{:.0}%", it * 100.0));
        let rtt = row.rtt.map(|it| millis(it).to_string());
        let style = match row.state {
            RowState::Up if colour => Style::new().fg(Color::Green),
            RowState::Down if colour => Style::new().fg(Color::Red),
            _ => Style::new(),
        };
        let figures = format!(
            "  {:>6}  {:>10}  {}",
            share.as_deref().unwrap_or("-"),
            rtt.as_deref().unwrap_or("-"),
            sparkline(&row.history, room, unicode)
        );
        Line::from(vec![
            Span::raw(format!("{shown:name$}  ")),
            Span::styled(format!("{:state$}", text(row.state)), style),
            Span::raw(figures),
        ])
    }));
    lines
}

fn text(state: RowState) -> String {
    let text = match state {
        RowState::Waiting => say::FLEET_WAITING,
        RowState::Up => say::FLEET_UP,
        RowState::Down => say::FLEET_DOWN,
    };
    text.text().to_string()
}

/// The latest moments, as many as there is room for: as high as the RTT is between the least
/// and the greatest of them.
fn sparkline(history: &[Moment], room: usize, unicode: bool) -> String {
    let bars: Vec<char> = if unicode {
        "▁▂▃▄▅▆▇█"
    } else {
        "_.-~=+*#"
    }
    .chars()
    .collect();
    let latest = history.get(history.len().saturating_sub(room)..);
    let latest = latest.unwrap_or_default();
    let rtts = latest.iter().filter_map(|moment| match moment {
        Moment::Replied(rtt) => Some(rtt.as_nanos()),
        Moment::Nothing | Moment::Lost => None,
    });
    let (least, greatest) = rtts.fold((u128::MAX, 0), |(least, greatest), rtt| {
        (rtt.min(least), rtt.max(greatest))
    });
    let span = greatest.saturating_sub(least).max(1);
    let steps = bars.len() as u128 - 1;
    let bar = |rtt: &Duration| {
        let step = (rtt.as_nanos() - least) * steps / span;
        let bar = usize::try_from(step).ok().and_then(|it| bars.get(it));
        bar.copied().unwrap_or(' ')
    };
    let marks = latest.iter().map(|moment| match moment {
        Moment::Nothing => ' ',
        Moment::Replied(rtt) => bar(rtt),
        Moment::Lost if unicode => '×',
        Moment::Lost => 'x',
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_state_loss_rtt_and_the_latest_moments() {
        let ms = Duration::from_millis;
        let history = vec![
            Moment::Replied(ms(9)),
            Moment::Replied(ms(1)),
            Moment::Lost,
            Moment::Nothing,
            Moment::Replied(ms(8)),
        ];
        assert_eq!(
            sparkline(&history, 4, true),
            "▁× █",
            "the oldest has no room"
        );
        assert_eq!(sparkline(&history, 9, false), "#_x *");
        assert_eq!(sparkline(&[], 9, true), "");
        let row = Row {
            name: "example".to_owned(),
            state: RowState::Down,
            loss: Some(0.25),
            rtt: Some(ms(8)),
            history,
        };
        let lines = lines(&[row], 80, true);
        let line = lines[1].to_string();
        assert!(line.starts_with("example  "), "{line}");
        let parts = [text(RowState::Down), "25%".to_owned(), "8.00".to_owned()];
        assert!(parts.iter().all(|it| line.contains(it)), "{line}");
        assert_eq!(lines[1].spans[1].style.fg, Some(Color::Red));
    }
}
