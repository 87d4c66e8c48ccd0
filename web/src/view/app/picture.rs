//! The lab, drawn: every view of the room that is shown.
//!
//! Owns which view is drawn when, and nothing of how it looks.

use super::super::describe;
use super::super::dom::{Leaf, all, by_id, pixels};
use super::super::i18n::{Words, key};
use super::super::ladder::{self, Ladder, Overlay};
use super::super::packets::branch_name;
use super::super::run_view::RunView;
use super::{App, Room, VIEWS, set_hidden};

impl App {
    pub(super) fn draw(&mut self) {
        let room = self.room;
        set_hidden("lab", room == Room::Learn);
        set_hidden("learn-room", room != Room::Learn);
        if room == Room::Learn {
            return;
        }
        let recorded_name = self.replayed_name.clone();
        self.journal
            .draw(&self.words, &recorded_name, self.replayed.as_ref());
        for (id, shown) in [
            ("simulate-setup", room == Room::Simulate),
            ("replay-setup", room == Room::Replay),
        ] {
            set_hidden(id, !shown);
        }
        for (place, view) in VIEWS.iter().enumerate() {
            set_hidden(&format!("view-{view}"), !self.open[place]);
        }
        let words = &self.words;
        let view = match room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        let any = view.is_some();
        for id in ["strip", "side", "grid"] {
            set_hidden(id, !any);
        }
        let untouched =
            room == Room::Simulate && view.as_ref().is_some_and(|view| view.cursor.index == 0);
        set_hidden("empty", any && !untouched);
        let empty = if untouched {
            key::EMPTY_SIMULATE
        } else {
            key::EMPTY_REPLAY
        };
        by_id("empty").set_text_content(Some(words.get(empty)));
        self.ladders[0].show(any);
        let Some(view) = view else {
            self.ladders[1].show(false);
            return;
        };
        self.ladders[1].show(view.beside.is_some());
        if self.resized {
            self.resized = false;
            self.timeline.measure();
            self.ladders[0].measure();
            let height = self.ladders[0].height();
            view.keep_now_in_sight(height);
        }
        // Cheap where nothing has changed, and a view just opened has its size only now.
        for ladder in &mut self.ladders {
            ladder.measure();
        }
        let usual = view
            .derived
            .figures
            .at(&view.derived.run, view.cursor)
            .rtt
            .map_or(0, |rtt| rtt.median_ns);
        let usual = if usual == 0 {
            // Heartbeats have none.
            match view.run().header().timeout_ns {
                0 => 100_000_000,
                timeout => timeout,
            }
        } else {
            usual
        };
        words.tell_apart(usual);
        if self.open[0] {
            draw_ladders(words, &mut self.ladders, view);
        }
        if self.open[1] {
            self.events.draw(words, view);
        }
        if self.open[2] {
            self.figures.measure();
            self.figures.draw(words, view);
        }
        self.probe.draw(words, view);
        // What was put off is owed to a later frame.
        self.dirty |= !self.lists.draw(words, view);
        self.timeline.draw(words, view);
        self.headline.draw(words, view);
        draw_menu(words, &mut self.menu, view);
    }
}

fn draw_ladders(words: &Words, ladders: &mut [Ladder; 2], view: &mut RunView) {
    let [left, right] = ladders;
    let height = left.height();
    if view.player.playing() {
        view.keep_now_in_sight(height);
    } else {
        view.clamp_top(height);
    }
    let measured = view
        .measure_from
        .zip(view.selected)
        .filter(|(from, until)| from != until);
    let at = |event: usize| view.run().event(event).map(|event| event.at_ns);
    let measured = measured.and_then(|(from, until)| at(from).zip(at(until)));
    let otherwise = |place: usize, seq: u64| view.otherwise(place, seq);
    let chosen = view.shown_probe();
    let overlay = Overlay {
        otherwise: &otherwise,
        measured,
        chosen,
    };
    left.draw(
        words,
        view.run(),
        view.cursor,
        &view.derived.scale,
        view.top,
        &overlay,
    );
    let branches = view.history.branches();
    let name = |branch: usize| {
        branches
            .get(branch)
            .map(|branch| branch_name(words, branch))
    };
    if let Some(beside) = &view.beside {
        // Both show the same moment at the same height.
        let now = view.derived.scale.y(view.cursor.at_ns) - view.top;
        let top = beside.scale.y(view.cursor.at_ns) - now;
        let cursor = beside.run.seek(view.cursor.at_ns);
        let differs = |_: usize, seq: u64| {
            beside
                .comparison
                .changes
                .binary_search_by_key(&seq, |change| change.seq)
                .ok()
                .map(|_| None)
        };
        let overlay = Overlay {
            otherwise: &differs,
            measured: None,
            chosen,
        };
        right.draw(words, &beside.run, cursor, &beside.scale, top, &overlay);
        right.caption(name(beside.branch).as_deref());
        right.name(&name(beside.branch).unwrap_or_default());
        left.caption(name(view.history.active()).as_deref());
    } else {
        left.caption(None);
    }
    left.name(&ladder::name(words, view));
}

fn draw_menu(words: &Words, menu: &mut Option<(usize, f64, f64)>, view: &RunView) {
    let flight = menu.and_then(|(flight, ..)| {
        view.run()
            .in_flight(view.cursor)
            .into_iter()
            .find(|other| other.index == flight)
    });
    set_hidden("menu", flight.is_none());
    let (Some(flight), Some((_, x, y))) = (flight, *menu) else {
        *menu = None;
        return;
    };
    by_id("menu-name").set_text_content(Some(&describe::flight(words, &flight)));
    let element = Leaf::of("menu");
    for button in all(element.element(), "[data-act=act]") {
        // A button takes any attribute.
        let _ = button.set_attribute("data-flight", &flight.index.to_string());
    }
    let room =
        f64::from(by_id("view-sequence").client_width()) - f64::from(element.html().offset_width());
    let style = element.html().style();
    // The CSSOM refuses only what is no length.
    let _ = style.set_property(
        "left",
        &format!("{}px", (x + 16.0).min(room - 8.0).max(8.0)),
    );
    let _ = style.set_property("top", &pixels((y - 18.0).max(8.0)));
}
