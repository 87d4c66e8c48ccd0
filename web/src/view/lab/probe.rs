//! The chosen probe: its state machine, the timer that runs, and why.

use web_sys::Element;

use super::details::Details;
use crate::view::dom::{Leaf, Path, Pool, by_id, svg};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use udping_engine::fsm::{Machine, State};
use udping_engine::log::TimerKind;

/// The side panel's upper part.
#[derive(Debug)]
pub(crate) struct ProbePanel {
    title: Leaf,
    why: Leaf,
    follow: Leaf,
    svg: Leaf,
    edges: Pool,
    boxes: Pool,
    arcs: Pool,
    texts: Pool,
    details: Details,
}

/// Where a state's box is: left, top, width.
const fn place(state: State) -> (f64, f64, f64) {
    match state {
        State::Due => (2.0, 74.0, 66.0),
        State::Waiting => (98.0, 74.0, 84.0),
        State::Replied => (212.0, 8.0, 86.0),
        State::Lost => (212.0, 74.0, 86.0),
        State::Late => (212.0, 140.0, 86.0),
        State::Refused => (98.0, 140.0, 84.0),
        State::Unsent => (2.0, 140.0, 86.0),
    }
}

const HEIGHT: f64 = 32.0;

const fn class(state: State) -> &'static str {
    match state {
        State::Due | State::Unsent => "unsent",
        State::Waiting => "in-flight",
        State::Replied => "replied",
        State::Lost => "lost",
        State::Late => "late",
        State::Refused => "refused",
    }
}

impl ProbePanel {
    pub(crate) fn new() -> Self {
        let svg_leaf = Leaf::new(by_id("machine"));
        let layer = |make: fn() -> Element| Pool::layer(svg_leaf.element(), make);
        Self {
            title: Leaf::of("probe-title"),
            why: Leaf::of("why"),
            follow: Leaf::of("follow"),
            edges: layer(|| svg("path")),
            boxes: layer(|| svg("rect")),
            arcs: layer(|| svg("path")),
            texts: layer(|| svg("text")),
            svg: svg_leaf,
            details: Details::new(),
        }
    }

    /// Another language.
    pub(crate) fn clear(&mut self) {
        self.details.clear();
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        self.details.draw(l10n, view);
        self.follow.flag("aria-pressed", view.chosen.is_none());
        let machine = view
            .shown_probe()
            .and_then(|index| Machine::of(view.run(), index, view.cursor));
        // There is nothing that a heartbeat would wait for.
        let beats = view.run().beats();
        self.svg.show(machine.is_some() && !beats);
        self.why.show(machine.is_some());
        let Some(machine) = machine else {
            self.title.text(l10n.get(key::PROBE_NONE));
            self.why.text("");
            return;
        };
        let seq = Value::Number(machine.seq);
        if beats {
            self.title.text(&l10n.say(key::BEAT_TITLE, &[("seq", seq)]));
            self.why.text(l10n.get(key::WHY_HEARTBEAT));
            return;
        }
        self.title
            .text(&l10n.say(key::PROBE_TITLE, &[("seq", seq)]));
        self.why.text(&l10n.tell(&machine.why));
        let state = l10n.named(machine.state.name());
        let mut name = l10n.say(
            key::MACHINE_NAME,
            &[("seq", seq), ("state", Value::Text(state))],
        );
        for pool in [
            &mut self.edges,
            &mut self.boxes,
            &mut self.arcs,
            &mut self.texts,
        ] {
            pool.begin();
        }
        for transition in &machine.transitions {
            let leaf = self.edges.next();
            leaf.class(if transition.taken.is_some() {
                "edge taken"
            } else {
                "edge"
            });
            leaf.set("d", edge(transition.from, transition.to).data());
        }
        for state in State::ALL {
            self.state(l10n, &machine, state);
        }
        if let Some(timer) = machine.timer {
            let (kind, text) = match timer.kind {
                TimerKind::Deadline => ("arc", key::TIMER_DEADLINE),
                TimerKind::LateWindow => ("arc late-window", key::TIMER_LATE_WINDOW),
                TimerKind::Due => ("arc due", key::TIMER_DUE),
            };
            for (class, part) in [("arc-ground", 1.0), (kind, 1.0 - machine.fraction)] {
                let leaf = self.arcs.next();
                leaf.class(class);
                leaf.set("d", Path::default().arc(140.0, 30.0, 18.0, part).data());
            }
            let left = [("span", Value::Span(machine.left_ns))];
            self.text("t soft end", 112.0, 34.0, &l10n.span(machine.left_ns));
            name.push(' ');
            name.push_str(&l10n.say(text, &[("seq", seq), left[0]]));
        }
        self.svg.set("aria-label", &name);
        for pool in [
            &mut self.edges,
            &mut self.boxes,
            &mut self.arcs,
            &mut self.texts,
        ] {
            pool.end();
        }
    }

    fn state(&mut self, l10n: &Localization, machine: &Machine, state: State) {
        let (x, y, width) = place(state);
        let on = machine.state == state;
        let been = machine
            .transitions
            .iter()
            .any(|way| way.taken.is_some() && way.from == state);
        let leaf = self.boxes.next();
        leaf.class(&match (on, been) {
            (true, _) => ["state on ", class(state)].concat(),
            (false, true) => "state been".to_owned(),
            (false, false) => "state".to_owned(),
        });
        leaf.place("x", x);
        leaf.place("y", y);
        leaf.place("width", width);
        leaf.place("height", HEIGHT);
        leaf.set("rx", "9");
        let class = if on { "mid on" } else { "mid" };
        self.text(class, x + width / 2.0, y + 20.5, l10n.named(state.name()));
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let leaf = self.texts.next();
        leaf.class(class);
        leaf.place("x", x);
        leaf.place("y", y);
        leaf.text(text);
    }
}

/// An arrow from one state's box to another's.
fn edge(from: State, to: State) -> Path {
    let ((fx, fy, fw), (tx, ty, tw)) = (place(from), place(to));
    let (from_y, to_y) = (fy + HEIGHT / 2.0, ty + HEIGHT / 2.0);
    let (right, down) = ("m-5.5-4.5l5.5 4.5l-5.5 4.5", "m-4.5-5.5l4.5 5.5l4.5-5.5");
    let mut d = Path::default();
    if to == State::Unsent {
        // From the waiting box's corner to the top of its own.
        let (x, end) = (fx + 8.0, tx + tw - 28.0);
        d.to(x, fy + HEIGHT)
            .curve(x, fy + 50.0, end, fy + 38.0, end, ty - 2.0)
            .raw(down);
    } else if (fx + fw / 2.0 - tx - tw / 2.0).abs() < 30.0 {
        let x = tx + tw.min(fw) / 2.0;
        d.to(x, fy + HEIGHT).down(ty - 2.0).raw(down);
    } else if (from_y - to_y).abs() < 1.0 {
        d.to(fx + fw, from_y).across(tx - 2.0).raw(right);
    } else {
        let (x1, x2, y1) = (fx + fw, tx - 2.0, fy + 9.0);
        let bend = (x2 - x1) * 0.55;
        d.to(x1, y1)
            .curve(x1 + bend, y1, x2 - bend, to_y, x2, to_y)
            .raw(right);
    }
    d
}
