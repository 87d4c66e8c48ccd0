//! The lab, drawn: every view of the room that is shown.
//!
//! Owns which view is drawn when, and nothing of how it looks.

use super::super::bench::Bench;
use super::super::describe;
use super::super::dom::{Leaf, all, by_id, pixels};
use super::super::ladder::{self, Ladder, Overlay};
use super::super::packets::branch_name;
use super::super::words::{Words, key};
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
        let bench = match room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        let any = bench.is_some();
        for id in ["strip", "side", "grid"] {
            set_hidden(id, !any);
        }
        let untouched =
            room == Room::Simulate && bench.as_ref().is_some_and(|bench| bench.cursor.index == 0);
        set_hidden("empty", any && !untouched);
        let empty = if untouched {
            key::EMPTY_SIMULATE
        } else {
            key::EMPTY_REPLAY
        };
        by_id("empty").set_text_content(Some(words.get(empty)));
        self.ladders[0].show(any);
        let Some(bench) = bench else {
            self.ladders[1].show(false);
            return;
        };
        self.ladders[1].show(bench.beside.is_some());
        if self.resized {
            self.resized = false;
            self.timeline.measure();
            self.ladders[0].measure();
            let height = self.ladders[0].height();
            bench.keep_now_in_sight(height);
        }
        // Cheap where nothing has changed, and a view just opened has its size only now.
        for ladder in &mut self.ladders {
            ladder.measure();
        }
        let usual = bench
            .derived
            .figures
            .at(&bench.derived.run, bench.cursor)
            .rtt
            .map_or(0, |rtt| rtt.median_ns);
        let usual = if usual == 0 {
            // Heartbeats have none.
            match bench.run().header().timeout_ns {
                0 => 100_000_000,
                timeout => timeout,
            }
        } else {
            usual
        };
        words.tell_apart(usual);
        if self.open[0] {
            draw_ladders(words, &mut self.ladders, bench);
        }
        if self.open[1] {
            self.events.draw(words, bench);
        }
        if self.open[2] {
            self.figures.measure();
            self.figures.draw(words, bench);
        }
        self.probe.draw(words, bench);
        // What was put off is owed to a later frame.
        self.dirty |= !self.lists.draw(words, bench);
        self.timeline.draw(words, bench);
        self.headline.draw(words, bench);
        draw_menu(words, &mut self.menu, bench);
    }
}

fn draw_ladders(words: &Words, ladders: &mut [Ladder; 2], bench: &mut Bench) {
    let [left, right] = ladders;
    let height = left.height();
    if bench.player.playing() {
        bench.keep_now_in_sight(height);
    } else {
        bench.clamp_top(height);
    }
    let measured = bench
        .measure_from
        .zip(bench.selected)
        .filter(|(from, until)| from != until);
    let at = |event: usize| bench.run().event(event).map(|event| event.at_ns);
    let measured = measured.and_then(|(from, until)| at(from).zip(at(until)));
    let otherwise = |place: usize, seq: u64| bench.otherwise(place, seq);
    let chosen = bench.shown_probe();
    let overlay = Overlay {
        otherwise: &otherwise,
        measured,
        chosen,
    };
    left.draw(
        words,
        bench.run(),
        bench.cursor,
        &bench.derived.scale,
        bench.top,
        &overlay,
    );
    let branches = bench.history.branches();
    let name = |branch: usize| {
        branches
            .get(branch)
            .map(|branch| branch_name(words, branch))
    };
    if let Some(beside) = &bench.beside {
        // Both show the same moment at the same height.
        let now = bench.derived.scale.y(bench.cursor.at_ns) - bench.top;
        let top = beside.scale.y(bench.cursor.at_ns) - now;
        let cursor = beside.run.seek(bench.cursor.at_ns);
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
        left.caption(name(bench.history.active()).as_deref());
    } else {
        left.caption(None);
    }
    left.name(&ladder::name(words, bench));
}

fn draw_menu(words: &Words, menu: &mut Option<(usize, f64, f64)>, bench: &Bench) {
    let flight = menu.and_then(|(flight, ..)| {
        bench
            .run()
            .in_flight(bench.cursor)
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
