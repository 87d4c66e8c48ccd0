//! Dragging the timeout: by the handle in the plot, by the curve's, and by keys.
//!
//! Owns the listeners of the two handles. What a timeout means, the room says.

use std::cell::Cell;

use web_sys::{Element, PointerEvent};

use crate::view::app::App;
use crate::view::dom::by_id;
use crate::view::input::on;
use crate::view::lab::within;
use crate::view::with;

/// Puts the handles' listeners in place.
pub(crate) fn listen() {
    let plot = by_id("rtt");
    drag(&by_id("timeout-handle"), move |app, event| {
        let (_, y) = within(&plot, event.client_x(), event.client_y());
        app.drag_timeout(y);
    });
    let curve = by_id("what-if-curve");
    for grip in [by_id("what-if-handle"), curve.clone()] {
        let curve = curve.clone();
        drag(&grip, move |app, event| {
            let (x, _) = within(&curve, event.client_x(), event.client_y());
            app.replay.drag_curve(&mut app.page, x);
        });
    }
}

/// Calls `moved` for each move of a pointer that is down on `grip`.
fn drag(grip: &Element, moved: impl Fn(&mut App, &PointerEvent) + 'static) {
    let down: &'static Cell<bool> = Box::leak(Box::new(Cell::new(false)));
    let moved: &'static _ = Box::leak(Box::new(moved));
    let pane = grip.clone();
    on(grip, "pointerdown", false, move |event: PointerEvent| {
        if event.button() == 0 {
            down.set(true);
            with(|app| app.replay.drag(true));
            // A pointer that is down can be captured.
            let _ = pane.set_pointer_capture(event.pointer_id());
            if pane.id() == "what-if-curve" {
                with(|app| moved(app, &event));
            }
        }
    });
    on(grip, "pointermove", false, move |event: PointerEvent| {
        if down.get() {
            event.prevent_default();
            with(|app| moved(app, &event));
        }
    });
    for end in ["pointerup", "pointercancel"] {
        on(grip, end, false, move |_: PointerEvent| {
            down.set(false);
            with(|app| app.replay.drag(false));
        });
    }
}

/// A key on one of the handles; whether it means something there.
pub(crate) fn key_pressed(key: &str) -> bool {
    let steps = match key {
        "ArrowLeft" | "ArrowDown" => -1,
        "ArrowRight" | "ArrowUp" => 1,
        "PageDown" => -10,
        "PageUp" => 10,
        "Home" | "Escape" => 0,
        "End" => i32::MAX,
        _ => return false,
    };
    with(|app| match steps {
        0 => app.replay.end_of_what_if(&mut app.page, false),
        i32::MAX => app.replay.end_of_what_if(&mut app.page, true),
        steps => app.replay.step_what_if(&mut app.page, steps),
    });
    true
}
