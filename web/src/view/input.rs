//! From the browser's events to the app: clicks, keys, pointers, files, frames.
//!
//! Owns the listeners and which key does what. Whatever an event means, one call
//! on the app answers it.

use std::cell::{Cell, RefCell};

use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt as _};
use web_sys::{
    AddEventListenerOptions, DragEvent, Element, Event, EventTarget, HtmlInputElement,
    KeyboardEvent, MouseEvent, PointerEvent, WheelEvent,
};

use super::app::{App, Room, VIEWS};
use super::dom::{by_id, document, typed};
use super::events::Events;
use super::timeline::within;
use super::{open, with};

thread_local! {
    static FRAME: RefCell<Option<Closure<dyn FnMut(f64)>>> = const { RefCell::new(None) };
    static REQUESTED: Cell<bool> = const { Cell::new(false) };
}

/// Asks for one animation frame, however often it is called before that.
pub(crate) fn request_frame() {
    if REQUESTED.replace(true) {
        return;
    }
    FRAME.with(|frame| {
        let mut frame = frame.borrow_mut();
        let frame = frame.get_or_insert_with(|| {
            Closure::new(|at_ms| {
                REQUESTED.set(false);
                with(|app| app.frame(at_ms));
            })
        });
        if let Some(window) = web_sys::window() {
            window
                .request_animation_frame(frame.as_ref().unchecked_ref())
                .unwrap_throw();
        }
    });
}

/// Calls the app after so many milliseconds.
pub(crate) fn later(ms: i32, call: impl FnOnce(&mut App) + 'static) {
    let callback = Closure::once_into_js(move || {
        with(call);
    });
    if let Some(window) = web_sys::window() {
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), ms)
            .unwrap_throw();
    }
}

/// Listens for as long as the page lives.
pub(super) fn on<E: FromWasmAbi + 'static>(
    target: &EventTarget,
    event: &str,
    capture: bool,
    handler: impl Fn(E) + 'static,
) {
    // One that is being answered may cause the next, as the file picker's click does.
    let closure = Closure::<dyn Fn(E)>::new(handler);
    let options = AddEventListenerOptions::new();
    options.set_capture(capture);
    options.set_passive(false);
    target
        .add_event_listener_with_callback_and_add_event_listener_options(
            event,
            closure.as_ref().unchecked_ref(),
            &options,
        )
        .unwrap_throw();
    closure.forget();
}

/// Puts every listener in place.
pub(crate) fn listen() {
    let page = document();
    on(&page, "click", false, clicked);
    on(&page, "change", false, changed);
    on(&page, "input", false, typed_into);
    on(&page, "keydown", false, key_pressed);
    on(&page, "submit", false, |event: Event| {
        event.prevent_default();
    });
    // Scrolling does not bubble.
    on(&page, "scroll", true, |event: Event| {
        if target(&event).is_some_and(|element| element.id() == "grid") {
            with(App::invalidate);
        }
    });
    on(&by_id("loading"), "cancel", false, |event: Event| {
        event.prevent_default();
        with(App::cancel_loading);
    });
    diagram();
    plot();
    files(&page);
    let Some(window) = web_sys::window() else {
        return;
    };
    on(&window, "hashchange", false, |_: Event| {
        with(App::follow_link);
    });
    on(&window, "resize", false, |_: Event| {
        with(App::resized);
    });
    if let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") {
        on(&dark, "change", false, |_: Event| {
            with(|app| app.colours());
        });
        // A media query list lives only while somebody holds it.
        std::mem::forget(dark);
    }
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn closest(event: &Event, selector: &str) -> Option<Element> {
    target(event)?.closest(selector).ok().flatten()
}

fn clicked(event: MouseEvent) {
    if let Some(element) = closest(&event, "button[data-act]") {
        let act = element.get_attribute("data-act").unwrap_or_default();
        if act == "pick" {
            // The picker's own click comes back here while this one is being answered.
            typed::<HtmlInputElement>("file").click();
        } else {
            with(|app| app.clicked(&act, &element));
        }
    } else if let Some(event) = closest(&event, "#rows")
        .and(target(&event))
        .and_then(|it| Events::event_at(&it))
    {
        with(|app| app.choose_event(event));
    }
}

fn changed(event: Event) {
    let Some(element) = target(&event) else {
        return;
    };
    if element.id() == "file" {
        let input: &HtmlInputElement = element.unchecked_ref();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            open::file(&file);
        }
        // The same file can be chosen again.
        input.set_value("");
    } else if element.has_attribute("data-field") {
        with(|app| app.form_changed(None));
    } else if let Some(act) = element.get_attribute("data-act") {
        with(|app| app.changed(&act, &element));
    }
}

fn typed_into(event: Event) {
    let Some(element) = target(&event) else {
        return;
    };
    match element.id().as_str() {
        "scrub" => drop(with(App::scrub)),
        "what-if" => drop(with(App::slide_what_if)),
        "filter-text" => drop(with(App::filter)),
        "until-seq" => drop(with(App::put_breakpoint)),
        _ => {
            if let Some(slider) = element.get_attribute("data-slider") {
                with(|app| app.form_changed(Some(&slider)));
            }
        }
    }
}

fn key_pressed(event: KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return;
    }
    let Some(element) = target(&event) else {
        return;
    };
    let key = event.key();
    let handled = if key == "Escape"
        && document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_none()
    {
        with(App::close_menu);
        false
    } else if element.id() == "grid" {
        in_grid(&key)
    } else if element.id() == "scrub" {
        in_scrubber(&key)
    } else {
        anywhere(&element, &key)
    };
    if handled {
        event.prevent_default();
    }
}

fn in_grid(key: &str) -> bool {
    let rows = match key {
        "ArrowUp" => -1,
        "ArrowDown" => 1,
        "Home" => isize::MIN,
        "End" => isize::MAX,
        "PageUp" | "PageDown" => {
            let page = with(|app| app.events.page()).unwrap_or(1).cast_signed();
            if key == "PageUp" { -page } else { page }
        }
        _ => return anywhere(&by_id("grid"), key),
    };
    with(|app| app.move_row(rows));
    true
}

/// The scrubber moves from event to event; its own pages are tenths of the run.
fn in_scrubber(key: &str) -> bool {
    match key {
        "ArrowLeft" | "ArrowDown" => drop(with(|app| app.step(-1))),
        "ArrowRight" | "ArrowUp" => drop(with(|app| app.step(1))),
        "Home" => drop(with(|app| app.go_to_end(false))),
        "End" => drop(with(|app| app.go_to_end(true))),
        _ => return anywhere(&by_id("scrub"), key),
    }
    true
}

/// The single keys, which the user can turn off.
fn anywhere(element: &Element, key: &str) -> bool {
    let taken = |selector: &str| element.closest(selector).ok().flatten().is_some();
    let slider = element.id() == "scrub";
    if !slider && taken("input:not([type=checkbox]), select, textarea, dialog") {
        return false;
    }
    // A control that was reached by keyboard keeps its Space; one that was clicked does not.
    let pressed = element.matches(":focus-visible").unwrap_or_default()
        && taken("button, summary, [type=checkbox], a");
    if key == " " && pressed || !with(|app| app.prefs.single_keys).unwrap_or_default() {
        return false;
    }
    if with(|app| app.room) == Some(Room::Learn) {
        return with(|app| app.key_in_learn(key)).unwrap_or_default();
    }
    match key {
        " " => drop(with(App::play)),
        "ArrowLeft" => drop(with(|app| app.step(-1))),
        "ArrowRight" => drop(with(|app| app.step(1))),
        "Home" => drop(with(|app| app.go_to_end(false))),
        "End" => drop(with(|app| app.go_to_end(true))),
        "[" => drop(with(|app| app.speed(false))),
        "]" => drop(with(|app| app.speed(true))),
        "r" | "R" => drop(with(App::run)),
        "j" | "J" => drop(with(|app| app.move_probe(true))),
        "k" | "K" => drop(with(|app| app.move_probe(false))),
        "d" | "D" => drop(with(|app| app.act_on("drop", None))),
        "m" | "M" => drop(with(App::measure)),
        "1" | "2" | "3" => {
            let place = usize::from(key != "1") + usize::from(key == "3");
            with(|app| app.toggle_view(VIEWS.get(place).copied().unwrap_or_default()));
        }
        "/" => search(),
        "+" | "=" => drop(with(|app| app.zoom("diagram-in"))),
        "-" | "−" => drop(with(|app| app.zoom("diagram-out"))),
        "0" => drop(with(|app| {
            app.zoom("diagram-back");
            app.zoom("plot-all");
        })),
        "?" => drop(with(|app| app.clicked("help", &by_id("help")))),
        _ => return false,
    }
    true
}

fn search() {
    with(|app| {
        if !app.open[1] {
            app.toggle_view("events");
        }
    });
    later(50, |_| {
        // An input in sight takes the focus.
        let _ = typed::<HtmlInputElement>("filter-text").focus();
    });
}

fn diagram() {
    for (place, id) in ["ladder-a", "ladder-b"].into_iter().enumerate() {
        let Some(svg) = by_id(id).query_selector("svg").ok().flatten() else {
            continue;
        };
        let from: &'static Cell<Option<(f64, bool)>> = Box::leak(Box::new(Cell::new(None)));
        let pane = svg.clone();
        on(&svg, "wheel", false, move |event: WheelEvent| {
            let lines = if event.delta_mode() == 1 { 16.0 } else { 1.0 };
            if event.ctrl_key() {
                let (_, y) = within(&pane, event.client_x(), event.client_y());
                let factor = js_sys::Math::exp(-event.delta_y() * lines / 300.0);
                with(|app| scroll_or_zoom(app, 0.0, Some((factor, y))));
                event.prevent_default();
            } else if with(|app| scroll_or_zoom(app, event.delta_y() * lines, None))
                .unwrap_or_default()
            {
                event.prevent_default();
            }
        });
        on(&svg, "pointerdown", false, move |event: PointerEvent| {
            from.set(Some((event.client_y().into(), false)));
        });
        let pane = svg.clone();
        on(&svg, "pointermove", false, move |event: PointerEvent| {
            let Some((last, moved)) = from.get() else {
                return;
            };
            let by = last - f64::from(event.client_y());
            if moved || by.abs() > 4.0 {
                // A pointer that is down can be captured.
                let _ = pane.set_pointer_capture(event.pointer_id());
                from.set(Some((event.client_y().into(), true)));
                with(|app| scroll_or_zoom(app, by, None));
            }
        });
        let pane = svg.clone();
        on(&svg, "pointerup", false, move |event: PointerEvent| {
            if let Some((_, false)) = from.take() {
                let (x, y) = within(&pane, event.client_x(), event.client_y());
                with(|app| {
                    let target = app.ladders.get(place).and_then(|ladder| ladder.hit(x, y));
                    // The branch beside is looked at, not acted on.
                    if place == 0 {
                        app.choose_in_diagram(target, (x, y));
                    }
                });
            }
        });
        on(&svg, "pointercancel", false, move |_: PointerEvent| {
            from.set(None);
        });
    }
}

/// Scrolls the diagram or zooms it around a point; false if it does not move.
fn scroll_or_zoom(app: &mut App, by: f64, zoom: Option<(f64, f64)>) -> bool {
    let height = app.ladders[0].height();
    let Some(view) = app.view() else {
        return false;
    };
    let before = view.top;
    view.top += by;
    if let Some((factor, y)) = zoom {
        view.zoom_diagram(factor, y - super::ladder::HEAD);
    }
    view.clamp_top(height);
    let moved = (view.top - before).abs() > 0.5 || zoom.is_some();
    app.menu = None;
    app.invalidate();
    moved
}

fn plot() {
    let svg = by_id("rtt");
    let down: &'static Cell<Option<(i32, bool)>> = Box::leak(Box::new(Cell::new(None)));
    let pane = svg.clone();
    on(&svg, "pointerdown", false, move |event: PointerEvent| {
        down.set(Some((event.client_x(), false)));
        // A pointer that is down can be captured.
        let _ = pane.set_pointer_capture(event.pointer_id());
        let (x, _) = within(&pane, event.client_x(), event.client_y());
        with(|app| app.seek_plot(x));
    });
    let pane = svg.clone();
    on(&svg, "pointermove", false, move |event: PointerEvent| {
        let Some((from, moved)) = down.get() else {
            return;
        };
        if moved || (event.client_x() - from).abs() > 3 {
            down.set(Some((from, true)));
            let (x, _) = within(&pane, event.client_x(), event.client_y());
            with(|app| app.seek_plot(x));
        }
    });
    let pane = svg.clone();
    on(&svg, "pointerup", false, move |event: PointerEvent| {
        if let Some((_, false)) = down.take() {
            let (x, _) = within(&pane, event.client_x(), event.client_y());
            with(|app| app.choose_in_plot(x));
        }
    });
    on(&svg, "pointercancel", false, move |_: PointerEvent| {
        down.set(None);
    });
    on(&svg, "wheel", false, |event: WheelEvent| {
        if event.ctrl_key() {
            event.prevent_default();
            let how = if event.delta_y() < 0.0 {
                "plot-in"
            } else {
                "plot-out"
            };
            with(|app| app.zoom(how));
        }
    });
}

fn files(page: &EventTarget) {
    let carries_file = |event: &DragEvent| {
        event
            .data_transfer()
            .is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
    };
    let over = |shown: bool| {
        // An element of the page takes any attribute.
        let _ = by_id("over").toggle_attribute_with_force("hidden", !shown);
    };
    on(page, "dragover", false, move |event: DragEvent| {
        if carries_file(&event) {
            event.prevent_default();
            over(true);
        }
    });
    on(page, "dragleave", false, move |event: DragEvent| {
        if event.related_target().is_none() {
            over(false);
        }
    });
    on(page, "drop", false, move |event: DragEvent| {
        over(false);
        if carries_file(&event) {
            event.prevent_default();
            if let Some(file) = event.data_transfer().and_then(|data| data.files()?.get(0)) {
                open::file(&file);
            }
        }
    });
}
