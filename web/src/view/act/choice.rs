//! What is looked at: open views, how much of them, the chosen probe, event and span.
//!
//! Owns what a choice in one view means for the others. Changes nothing of what happened.

use super::super::app::{App, VIEWS};
use super::super::events::Events;
use super::super::prefs::media;
use udping_engine::scene::Target;

impl App {
    pub(crate) fn toggle_view(&mut self, view: &str) {
        let Some(place) = VIEWS.iter().position(|name| *name == view) else {
            return;
        };
        // Side by side where there is room for it, one at a time elsewhere.
        let room = 1
            + usize::from(media("(min-width: 1300px)"))
            + usize::from(media("(min-width: 1800px)"));
        let open = |views: &[bool; 3]| views.iter().filter(|open| **open).count();
        if self.open[place] {
            // The last one stays.
            self.open[place] = open(&self.open) == 1;
        } else {
            self.open[place] = true;
            for other in [2, 1, 0] {
                if other != place && open(&self.open) > room {
                    self.open[other] = false;
                }
            }
        }
        self.resized();
        self.pressed();
    }

    pub(crate) fn zoom(&mut self, how: &str) {
        let height = self.ladders[0].height();
        self.change(|view| match how {
            "plot-in" => view.zoom_plot(Some(2.0)),
            "plot-out" => view.zoom_plot(Some(0.5)),
            "plot-all" => view.zoom_plot(None),
            "diagram-in" => view.zoom_diagram(1.5, height / 2.0),
            "diagram-out" => view.zoom_diagram(1.0 / 1.5, height / 2.0),
            _ => {
                let back = 1.0 / view.zoom;
                view.zoom_diagram(back, height / 2.0);
                view.keep_now_in_sight(height);
            }
        });
    }

    /// Chooses the probe of the sample nearest to a point of the plot.
    pub(crate) fn choose_in_plot(&mut self, x: f64) {
        let Some((timeline, view)) = self.timeline_and_view() else {
            return;
        };
        let event = timeline
            .nearest(view, x)
            .and_then(|event| view.run().event(event));
        if let Some(probe) = event.and_then(|event| event.probe) {
            view.chosen = Some(probe);
        }
        self.invalidate();
    }

    /// Chooses what lies at a point of the diagram.
    pub(crate) fn choose_in_diagram(&mut self, target: Option<Target>, at: (f64, f64)) {
        self.menu = None;
        let Some(view) = self.view() else { return };
        let mut menu = None;
        match target {
            Some(Target::Probe(probe)) => view.chosen = Some(probe),
            Some(Target::Flight(flight)) => {
                let found = view.run().flight(flight, view.cursor);
                if let Some(found) = found {
                    view.chosen = Some(found.probe);
                    let flying = view.run().in_flight(view.cursor);
                    if flying.iter().any(|other| other.index == flight) {
                        menu = Some((flight, at.0, at.1));
                    }
                }
            }
            Some(Target::Event(event)) => {
                view.selected = Some(event);
                let probe = view.run().event(event).and_then(|event| event.probe);
                view.chosen = probe.or(view.chosen);
            }
            None => {}
        }
        self.menu = menu;
        self.invalidate();
    }

    /// Chooses an event of the table, and goes there.
    pub(crate) fn choose_event(&mut self, event: usize) {
        self.pause();
        let Some(view) = self.view() else { return };
        let cursor = view.run().after(event);
        let probe = view.run().event(event).and_then(|event| event.probe);
        view.chosen = probe.or(view.chosen);
        self.go(cursor, false);
    }

    /// Moves through the table by so many rows, or to one of its ends.
    pub(crate) fn move_row(&mut self, rows: isize) {
        let Some(view) = self.view() else { return };
        let all = view.derived.rows.len();
        let Some(last) = all.checked_sub(1) else {
            return;
        };
        let place = view
            .selected
            .and_then(|event| view.derived.rows.row(event))
            .unwrap_or_default();
        let place = place.saturating_add_signed(rows).min(last);
        if let Some(event) = view.derived.rows.event(place) {
            self.choose_event(event);
        }
    }

    pub(crate) fn move_probe(&mut self, next: bool) {
        self.change(|view| {
            let place = view.shown_probe().unwrap_or_default();
            let place = if next {
                place + 1
            } else {
                place.saturating_sub(1)
            };
            view.chosen = Some(place.min(view.run().probes().saturating_sub(1)));
        });
    }

    /// Begins to measure from the chosen event, or from the last one.
    pub(crate) fn measure(&mut self) {
        self.change(|view| {
            let last = view.cursor.index.checked_sub(1);
            view.measure_from = if view.measure_from.is_some() {
                None
            } else {
                view.selected.or(last)
            };
        });
    }

    pub(crate) fn filter(&mut self) {
        match Events::query(&self.words) {
            Ok(query) => {
                self.events.complain(None);
                self.change(|view| view.filter(query));
            }
            Err(wrong) => self.events.complain(Some(&wrong)),
        }
    }
}
