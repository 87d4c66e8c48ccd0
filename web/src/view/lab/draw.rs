//! The lab, drawn: every view of the run shown.
//!
//! Owns which view is drawn when, and nothing of how it looks.

use super::ladder::{self, Ladder, Overlay};
use super::packets::branch_name;
use super::{ActiveRun, Lab};
use crate::view::describe;
use crate::view::dom::{Leaf, by_id, pixels};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;

/// What can be done to the packet that was chosen in the diagram.
#[derive(Debug)]
pub(super) struct Menu {
    root: Leaf,
    name: Leaf,
    /// The packet, and where in the diagram it was chosen.
    pub(super) target: Option<(usize, (f64, f64))>,
}

/// How far the menu stays from the middle of its packet, in pixels.
const CLEAR_PX: f64 = 18.0;

impl Lab {
    /// Draws the lab of a room that has no run.
    pub(in crate::view) fn draw_empty(&mut self) {
        self.ladders[1].show(false);
        self.empty.show(false);
    }

    /// Shows the panes of a run, or none that would be empty. What else is drawn comes after
    /// that: it is as wide as they leave it.
    pub(in crate::view) fn show_panes(&mut self, shown: bool) {
        self.main.class(if shown { "" } else { "nothing" });
        for panel in &mut self.panels {
            panel.show(shown);
        }
        self.ladders[0].show(shown);
    }
}

impl ActiveRun<'_> {
    pub(in crate::view) fn draw(&mut self) {
        let (l10n, lab, view) = (&self.page.l10n, &mut *self.lab, &mut *self.view);
        lab.ladders[1].show(view.compared.is_some());
        let by_probe = view.by_probe();
        lab.views[0].0.show(lab.open[0] && !by_probe);
        lab.empty.show(!view.recorded() && view.cursor.index == 0);
        lab.empty.text(l10n.get(key::EMPTY_SIMULATE));
        if std::mem::take(&mut lab.resized) {
            lab.timeline.measure();
            lab.ladders[0].measure();
            view.keep_now_in_sight(lab.ladders[0].height());
        }
        // Cheap where nothing has changed, and a view just opened has its size only now: what was
        // placed without it is placed again.
        let before = lab.ladders[0].height();
        for ladder in &mut lab.ladders {
            ladder.measure();
        }
        let height = lab.ladders[0].height();
        if height > before * 1.5 {
            view.show_now(height);
        }
        l10n.tell_apart(view.usual_rtt_ns());
        let speeds = (view.run().end_ns(), view.player.speed);
        if lab.speeds != Some(speeds) {
            lab.speeds = Some(speeds);
            super::time::speeds(l10n, speeds.0, speeds.1);
        }
        lab.linear.flag("aria-pressed", view.linear);
        lab.filter.draw(l10n, view);
        lab.compare.draw(l10n, view, lab.open[0]);
        if lab.open[0] && !by_probe {
            draw_ladders(l10n, &mut lab.ladders, view);
        }
        if lab.open[1] {
            lab.events.draw(l10n, view);
        }
        if lab.open[2] {
            lab.probes.draw(l10n, view);
        }
        if lab.open[3] {
            lab.figures.measure();
            lab.figures.draw(l10n, view);
        }
        lab.probe.draw(l10n, view);
        lab.both_ends.draw(l10n, view);
        // What was put off is left to a later frame.
        self.page.dirty |= !lab.lists.draw(l10n, view, crate::view::prefs::calm());
        lab.timeline.draw(l10n, view);
        lab.headline.draw(l10n, view);
        lab.notes.draw(l10n, view);
        lab.menu.draw(l10n, view);
    }
}

fn draw_ladders(l10n: &Localization, ladders: &mut [Ladder; 2], view: &mut RunView) {
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
    let otherwise = |index: usize, seq: u64| view.otherwise(index, seq);
    let chosen = view.shown_probe();
    let overlay = Overlay {
        otherwise: &otherwise,
        measured,
        chosen,
        found: view.found(),
    };
    left.draw(
        l10n,
        view.run(),
        view.cursor,
        &view.derived.scale,
        view.top,
        &overlay,
    );
    let branches = view.history.branches();
    let name = |branch: usize| branches.get(branch).map(|branch| branch_name(l10n, branch));
    if let Some(compared) = &view.compared {
        // Both show the same moment at the same height.
        let now = view.derived.scale.y(view.cursor.at_ns) - view.top;
        let top = compared.scale.y(view.cursor.at_ns) - now;
        // Where the other run has ended, its end stays in sight, and it is said.
        let ended = view.cursor.at_ns > compared.run.end_ns();
        let top = if ended {
            top.min(compared.scale.height() - height * 0.6)
        } else {
            top
        };
        let cursor = compared.run.seek(view.cursor.at_ns);
        let differs = |_: usize, seq: u64| {
            compared
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
            found: None,
        };
        right.draw(l10n, &compared.run, cursor, &compared.scale, top, &overlay);
        let mut caption = name(compared.branch).unwrap_or_default();
        if ended {
            let at = [("at", Value::Time(compared.run.end_ns()))];
            caption = [caption, l10n.say(key::COMPARE_ENDED, &at)].join(" · ");
        }
        right.caption(Some(&caption));
        right.name(&name(compared.branch).unwrap_or_default());
        left.caption(name(view.history.active()).as_deref());
    } else {
        left.caption(None);
    }
    left.name(&ladder::name(l10n, view));
}

impl Menu {
    pub(super) fn new() -> Self {
        Self {
            root: Leaf::of("menu"),
            name: Leaf::of("menu-name"),
            target: None,
        }
    }

    fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let target = self.target.take().and_then(|(flight, at)| {
            let mut flying = view.run().in_flight(view.cursor).into_iter();
            Some((flying.find(|other| other.index == flight)?, at))
        });
        self.root.show(target.is_some());
        let Some((flight, (x, y))) = target else {
            return;
        };
        self.target = Some((flight.index, (x, y)));
        self.name.text(&describe::flight(l10n, &flight));
        self.root.set("data-flight", &flight.index.to_string());
        let room = f64::from(by_id("view-sequence").client_width())
            - f64::from(self.root.html().offset_width());
        let left = (x + 16.0).min(room - 8.0).max(8.0);
        // Beside the packet, or where there is no room for it below or above: never over it.
        let tall = f64::from(self.root.html().offset_height());
        let bottom = f64::from(by_id("view-sequence").client_height()) - 8.0;
        let top = if left >= x + 16.0 {
            (y - 18.0).max(8.0)
        } else if y + CLEAR_PX + tall < bottom {
            y + CLEAR_PX
        } else {
            (y - CLEAR_PX - tall).max(0.0)
        };
        self.root.style("left", &pixels(left));
        self.root.style("top", &pixels(top));
    }
}
