//! Pointers over the plot: a click chooses, a drag selects, Shift or the middle button pans, the
//! wheel and two fingers zoom where they are.
//!
//! Owns which gesture is being made. What each comes to, the run's view knows.

use std::cell::RefCell;

use web_sys::{Element, Event, MouseEvent, PointerEvent, WheelEvent};

use super::within;
use crate::view::dom::by_id;
use crate::view::input::{in_lab, later, on};
use udping_engine::chart::window::Window;

/// How far a pointer goes before it drags, in pixels.
const DRAG_PX: f64 = 4.0;

/// What the pointers that are down are doing.
#[derive(Debug, Default)]
struct Gesture {
    /// Each pointer that is down, and where it is.
    pointers: Vec<(i32, f64)>,
    kind: GestureKind,
    /// What was selected before.
    before: Option<Window>,
}

#[derive(Debug, Default, Clone, Copy)]
enum GestureKind {
    #[default]
    Nothing,
    /// Down, and not moved yet.
    Press(f64),
    /// Selecting, from there.
    Select(f64),
    /// Panning; where it was last.
    Pan(f64),
    /// Two fingers: their distance and middle.
    Pinch(f64, f64),
}

thread_local! {
    static GESTURE: RefCell<Gesture> = RefCell::default();
}

/// Listens to the plot's pointers.
pub(crate) fn listen() {
    let svg = by_id("rtt");
    let pane = svg.clone();
    on(&svg, "pointerdown", false, move |event: PointerEvent| {
        down(&pane, &event);
    });
    let pane = svg.clone();
    on(&svg, "pointermove", false, move |event: PointerEvent| {
        moved(&pane, &event);
    });
    let pane = svg.clone();
    on(&svg, "pointerup", false, move |event: PointerEvent| {
        up(&pane, &event);
    });
    on(&svg, "pointercancel", false, |event: PointerEvent| {
        cancelled(&event);
    });
    on(&svg, "pointerleave", false, |_: PointerEvent| {
        in_lab(|run| run.view.plot.hover = None);
    });
    on(&by_id("plot"), "focusout", false, |_: Event| {
        // It may be left by what the app itself is doing.
        later(0, |app| {
            app.in_lab(|run| run.view.plot.hover = None);
        });
    });
    // The middle button would scroll.
    on(&svg, "mousedown", false, |event: MouseEvent| {
        if event.button() == 1 {
            event.prevent_default();
        }
    });
    let pane = svg.clone();
    on(&svg, "wheel", false, move |event: WheelEvent| {
        turned(&pane, &event);
    });
}

fn place(pane: &Element, event: &MouseEvent) -> (f64, f64) {
    within(pane, event.client_x(), event.client_y())
}

fn down(pane: &Element, event: &PointerEvent) {
    let (x, _) = place(pane, event);
    // A pointer that is down can be captured.
    let _ = pane.set_pointer_capture(event.pointer_id());
    GESTURE.with_borrow_mut(|gesture| {
        gesture.pointers.retain(|(id, _)| *id != event.pointer_id());
        gesture.pointers.push((event.pointer_id(), x));
        gesture.kind = match gesture.pointers[..] {
            [_] if event.button() == 1 || event.shift_key() => GestureKind::Pan(x),
            [_] if event.button() == 0 => GestureKind::Press(x),
            [(_, one), (_, other)] => {
                GestureKind::Pinch((one - other).abs(), f64::midpoint(one, other))
            }
            _ => GestureKind::Nothing,
        };
        if let GestureKind::Press(_) = gesture.kind {
            gesture.before = in_lab(|run| run.view.plot.range).flatten();
        } else if let GestureKind::Pinch(..) = gesture.kind {
            // The first finger did not mean to select.
            let before = gesture.before;
            in_lab(|run| run.view.plot.range = before);
        }
    });
}

fn moved(pane: &Element, event: &PointerEvent) {
    let (x, y) = place(pane, event);
    GESTURE.with_borrow_mut(|gesture| {
        let pointers = gesture.pointers.iter_mut();
        for (_, place) in pointers.filter(|(id, _)| *id == event.pointer_id()) {
            *place = x;
        }
        match gesture.kind {
            GestureKind::Nothing => {
                if gesture.pointers.is_empty() {
                    hover(x, y);
                }
            }
            GestureKind::Press(from) => {
                if (x - from).abs() > DRAG_PX {
                    gesture.kind = GestureKind::Select(from);
                    select(from, x);
                }
            }
            GestureKind::Select(from) => select(from, x),
            GestureKind::Pan(last) => {
                gesture.kind = GestureKind::Pan(x);
                in_lab(|run| run.pan_plot_by(last - x));
            }
            GestureKind::Pinch(distance, middle) => {
                if let [(_, one), (_, other)] = gesture.pointers[..] {
                    let (now, at) = ((one - other).abs().max(1.0), f64::midpoint(one, other));
                    gesture.kind = GestureKind::Pinch(now, at);
                    in_lab(|run| {
                        run.zoom_plot_at(now / distance.max(1.0), at);
                        run.pan_plot_by(middle - at);
                    });
                }
            }
        }
    });
}

fn up(pane: &Element, event: &PointerEvent) {
    let (x, y) = place(pane, event);
    GESTURE.with_borrow_mut(|gesture| {
        gesture.pointers.retain(|(id, _)| *id != event.pointer_id());
        if let GestureKind::Press(_) = gesture.kind {
            in_lab(|run| run.choose_in_plot(x, y));
        }
        gesture.kind = GestureKind::Nothing;
    });
}

/// The browser took the pointer, to scroll the page.
fn cancelled(event: &PointerEvent) {
    GESTURE.with_borrow_mut(|gesture| {
        gesture.pointers.retain(|(id, _)| *id != event.pointer_id());
        if let GestureKind::Select(_) = gesture.kind {
            let before = gesture.before;
            in_lab(|run| run.view.plot.range = before);
        }
        gesture.kind = GestureKind::Nothing;
    });
}

fn turned(pane: &Element, event: &WheelEvent) {
    let (x, _) = place(pane, event);
    let lines = if event.delta_mode() == 1 { 16.0 } else { 1.0 };
    let (across, down) = (event.delta_x() * lines, event.delta_y() * lines);
    let sideways = across.abs() > down.abs() || event.shift_key();
    let used = in_lab(|run| {
        if sideways {
            run.pan_plot_by(if event.shift_key() {
                across + down
            } else {
                across
            });
            return true;
        }
        // A pinch on a touchpad comes as small turns with Ctrl.
        let fine = if event.ctrl_key() { 100.0 } else { 400.0 };
        run.zoom_plot_at(js_sys::Math::exp(-down / fine), x)
    });
    // Where nothing can be zoomed, the page scrolls.
    if used.unwrap_or_default() {
        event.prevent_default();
    }
}

fn select(from: f64, to: f64) {
    in_lab(|run| {
        let [one, other] = [from, to].map(|x| run.lab.timeline.at_ns(run.view, x));
        run.view.plot.range = Some((one.min(other), one.max(other)));
        run.view.plot.hover = None;
    });
}

fn hover(x: f64, y: f64) {
    in_lab(|run| {
        let hover = run.lab.timeline.at_point(run.view, x, y);
        run.view.plot.hover = hover;
    });
}
