//! What is looked at: how much of the views, the chosen probe, event and span.
//!
//! Owns what a choice in one view means for the others. Changes nothing of what happened.

use web_sys::Element;

use super::events::Events;
use super::{ActiveRun, Hover};
use crate::view::describe;
use udping_engine::diagram::Target;

impl ActiveRun<'_> {
    pub(super) fn zoom(&mut self, how: &str) {
        let height = self.lab.ladders[0].height();
        let view = &mut *self.view;
        match how {
            "plot-in" | "plot-out" | "plot-all" => {
                let factor = match how {
                    "plot-in" => Some(2.0),
                    "plot-out" => Some(0.5),
                    _ => None,
                };
                view.zoom_plot(factor, None);
            }
            "all" => {
                view.zoom_plot(None, None);
                view.zoom_diagram(1.0 / view.zoom, height / 2.0);
                view.keep_now_in_sight(height);
            }
            "plot-left" => view.pan_plot(-0.25),
            "plot-right" => view.pan_plot(0.25),
            "plot-log" => view.plot.log = !view.plot.log,
            "diagram-in" => view.zoom_diagram(1.5, height / 2.0),
            "diagram-out" => view.zoom_diagram(1.0 / 1.5, height / 2.0),
            "diagram-up" | "diagram-down" => {
                view.top += height * if how == "diagram-up" { -0.5 } else { 0.5 };
                view.clamp_top(height);
            }
            "diagram-linear" => {
                view.linear = !view.linear;
                view.zoom_diagram(1.0, height / 2.0);
                view.keep_now_in_sight(height);
            }
            _ => {
                view.zoom_diagram(1.0 / view.zoom, height / 2.0);
                view.keep_now_in_sight(height);
            }
        }
    }

    /// Chooses the sample at a point of the plot, or goes to its time.
    pub(in crate::view) fn choose_in_plot(&mut self, x: f64, y: f64) {
        match self.lab.timeline.at_point(self.view, x, y) {
            Some(Hover::Sample(event)) => self.choose_event(event),
            Some(Hover::Bucket(_)) => {
                let event = self.lab.timeline.nearest(self.view, x);
                self.seek_plot(x);
                self.view.choose_probe_of(event);
            }
            None => self.seek_plot(x),
        }
    }

    /// Points at the sample before or after the one pointed at; without one, at the chosen
    /// probe's neighbour.
    pub(in crate::view) fn hover_next(&mut self, forward: bool) {
        let view = &mut *self.view;
        let at = match view.plot.hover {
            Some(Hover::Sample(event)) => Some(event),
            Some(Hover::Bucket(at)) => view.run().seek(at).index.checked_sub(1),
            None => view.cursor.index.checked_sub(1),
        };
        let next = view.derived.chart.beside(view.run(), at, forward);
        let Some(event) = next else { return };
        view.plot.hover = Some(Hover::Sample(event));
        let at_ns = view.run().event(event).map_or(0, |event| event.at_ns);
        view.bring_into_sight(at_ns);
        let text = view
            .run()
            .event(event)
            .map(|event| describe::step(&self.page.l10n, view.run(), &event));
        self.page.announce(&text.unwrap_or_default());
    }

    /// Chooses the sample that is pointed at.
    pub(in crate::view) fn choose_hovered(&mut self) {
        if let Some(Hover::Sample(event)) = self.view.plot.hover {
            self.choose_event(event);
        }
    }

    /// Chooses what lies at a point of the diagram.
    pub(in crate::view) fn choose_in_diagram(&mut self, target: Option<Target>, at: (f64, f64)) {
        self.lab.close_menu();
        let view = &mut *self.view;
        match target {
            Some(Target::Probe(probe)) => self.choose_probe(probe),
            Some(Target::Flight(flight)) => {
                let found = view.run().flight(flight, view.cursor);
                let flying = view.run().in_flight(view.cursor);
                if flying.iter().any(|other| other.index == flight) {
                    // Time stands still for what can be acted on.
                    view.chosen = found.map(|found| found.probe);
                    self.lab.menu.target = Some((flight, at));
                } else if let Some(found) = found {
                    self.choose_probe(found.probe);
                }
            }
            Some(Target::Event(event)) => self.choose_event(event),
            None => {}
        }
    }

    /// Chooses a probe, and goes to where it came to what it is: diagram, time and tables follow.
    pub(in crate::view) fn choose_probe(&mut self, probe: usize) {
        self.view.player.pause();
        self.view.chosen = Some(probe);
        if let Some(event) = self.view.run().outcome_event(probe) {
            self.go(self.view.run().after(event));
            self.announce_cursor();
        }
    }

    /// Goes to where a journal's line differs from what the core decides.
    pub(super) fn choose_difference(&mut self, line: &str) {
        let event = line.parse().ok();
        if let Some(event) = event.and_then(|line| self.view.run().event_on_line(line)) {
            self.choose_event(event);
        }
    }

    /// Chooses the event of a row of the table.
    pub(in crate::view) fn choose_row(&mut self, row: &Element) {
        if let Some(event) = Events::event_of(row) {
            self.choose_event(event);
        }
    }

    /// Chooses an event of the table, and goes there.
    fn choose_event(&mut self, event: usize) {
        self.view.player.pause();
        self.view.choose_probe_of(Some(event));
        self.go(self.view.run().after(event));
    }

    /// Moves through the table by so many rows, or to one of its ends.
    pub(in crate::view) fn move_row(&mut self, rows: isize) {
        let table = &self.view.derived.rows;
        let Some(last) = table.len().checked_sub(1) else {
            return;
        };
        let row = self.view.selected.and_then(|event| table.row(event));
        let row = row.unwrap_or_default().saturating_add_signed(rows);
        if let Some(event) = table.event(row.min(last)) {
            self.choose_event(event);
        }
    }

    pub(super) fn move_probe(&mut self, next: bool) {
        let Some(last) = self.view.run().probes().checked_sub(1) else {
            return;
        };
        let probe = match (self.view.shown_probe(), next) {
            (None, _) => 0,
            (Some(probe), true) => (probe + 1).min(last),
            (Some(probe), false) => probe.saturating_sub(1),
        };
        self.choose_probe(probe);
    }
}
