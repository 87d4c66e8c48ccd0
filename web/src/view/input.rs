//! From the browser's events to the app: clicks, keys, pointers, files, frames.
//!
//! Owns the listeners and which key does what. Whatever an event means, one call
//! on the app answers it.

use std::cell::{Cell, RefCell};

use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt as _};
use web_sys::{
    AddEventListenerOptions, DragEvent, Element, Event, EventTarget, HtmlDialogElement,
    HtmlInputElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent,
};

use super::app::{App, Room};
use super::dom::{by_id, document, show, show_modal, typed, value};
use super::lab::{ActiveRun, listen_to_plot, within};
use super::{commands, open, open_beside, palette, replay, share, with};

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

/// The page's time, in milliseconds.
pub(crate) fn now_ms() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
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
        let act = target(&event).and_then(|form| form.get_attribute("data-submit"));
        if let Some(act) = act {
            with(|app| app.clicked(&act, "", None));
        }
    });
    // Scrolling does not bubble.
    on(&page, "scroll", true, |event: Event| {
        if target(&event)
            .is_some_and(|element| element.class_list().contains("grid") || element.id() == "pairs")
        {
            with(|app| app.page.invalidate());
        }
    });
    on(&by_id("loading"), "cancel", false, |event: Event| {
        event.prevent_default();
        with(App::cancel_loading);
    });
    diagram();
    listen_to_plot();
    replay::listen();
    filter();
    files(&page);
    let Some(window) = web_sys::window() else {
        return;
    };
    // A link within the page is one, too.
    on(&window, "popstate", false, |_: Event| {
        with(App::follow_address);
    });
    on(&window, "pagehide", false, |_: Event| {
        with(App::settle_address);
    });
    on(&window, "resize", false, |_: Event| {
        with(App::resized);
    });
    for (event, printing) in [("beforeprint", true), ("afterprint", false)] {
        on(&window, event, false, move |_: Event| {
            with(|app| app.print(printing));
        });
    }
    if let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") {
        on(&dark, "change", false, |_: Event| {
            with(|app| app.page.show_theme());
        });
        // A media query list lives only while somebody holds it.
        std::mem::forget(dark);
    }
}

/// Lets the run shown answer, and has it drawn.
pub(super) fn in_lab<T>(answer: impl FnOnce(&mut ActiveRun<'_>) -> T) -> Option<T> {
    with(|app| app.in_lab(answer)).flatten()
}

pub(super) fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

pub(super) fn closest(event: &Event, selector: &str) -> Option<Element> {
    target(event)?.closest(selector).ok().flatten()
}

fn clicked(event: MouseEvent) {
    if let Some(button) = closest(&event, "button[data-action]") {
        let act = button.get_attribute("data-action").unwrap_or_default();
        let value = button.get_attribute("data-value").unwrap_or_default();
        match act.as_str() {
            // The picker's own click comes back here while this one is being answered.
            "pick" => typed::<HtmlInputElement>("file").click(),
            "pick-compared" => typed::<HtmlInputElement>("compare-file").click(),
            "help" => show_modal("help"),
            "copy" => share::copy(),
            "close" => {
                if let Some(dialog) = closest(&event, "dialog") {
                    dialog.unchecked_ref::<HtmlDialogElement>().close();
                }
            }
            act => {
                let packet = closest(&event, "[data-flight]");
                let flight = packet.and_then(|it| it.get_attribute("data-flight")?.parse().ok());
                with(|app| app.clicked(act, &value, flight));
            }
        }
    } else if let Some(row) = closest(&event, "[data-command]") {
        palette::clicked(&row);
    } else if let Some(row) = closest(&event, "#rows [id^=event-]") {
        in_lab(|run| run.choose_row(&row));
    } else if let Some(row) = closest(&event, "#probe-rows [id^=probe-row-]") {
        in_lab(|run| run.choose_probe_row(&row));
    }
}

fn changed(event: Event) {
    let Some(element) = target(&event) else {
        return;
    };
    let id = element.id();
    if id == "file" || id == "compare-file" {
        let input: &HtmlInputElement = element.unchecked_ref();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            if id == "file" {
                open::file(&file);
            } else {
                open_beside::file(&file);
            }
        }
        // The same file can be chosen again.
        input.set_value("");
    } else if element.has_attribute("data-field") {
        with(|app| app.form_changed(None));
    } else if element.has_attribute("data-slider") {
        with(|app| app.simulate.form.sliding = None);
    } else if let Some(act) = element.get_attribute("data-action") {
        with(|app| app.changed(&act, &value(&element)));
    }
}

fn typed_into(event: Event) {
    let Some(element) = target(&event) else {
        return;
    };
    let id = element.id();
    if let Some(slider) = element.get_attribute("data-slider") {
        with(|app| app.form_changed(Some(&slider)));
    } else if id == "palette-input" {
        with(App::find_command);
    } else {
        in_lab(|run| run.typed_into(&id));
    }
}

/// Undoing and redoing, where no text is being written.
fn undo_pressed(event: &KeyboardEvent) -> bool {
    let control = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    let writes = closest(
        event,
        "input:not([type=range]):not([type=checkbox]), textarea, dialog",
    );
    let act = match (event.key().as_str(), event.shift_key()) {
        _ if !control || writes.is_some() => return false,
        ("z" | "Z", false) => "undo",
        ("z" | "Z", true) | ("y" | "Y", false) => "redo",
        _ => return false,
    };
    with(|app| app.clicked(act, "", None));
    true
}

fn key_pressed(event: KeyboardEvent) {
    if !event.default_prevented() && undo_pressed(&event) {
        return event.prevent_default();
    }
    let control = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    if control && event.key().eq_ignore_ascii_case("k") {
        event.prevent_default();
        if document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_none()
        {
            with(App::open_palette);
        }
        return;
    }
    if control || event.alt_key() || event.default_prevented() {
        return;
    }
    let Some(element) = target(&event) else {
        return;
    };
    let key = event.key();
    let dialog = document().query_selector("dialog[open]").ok().flatten();
    if element.id() == "filter-text" {
        if in_lab(|run| run.filter_key(&key)).unwrap_or_default() {
            event.prevent_default();
            return;
        }
        if key == "Escape" {
            // Not while the app answers: what was typed is a change then, which it answers, too.
            let _ = element.unchecked_ref::<HtmlInputElement>().blur();
        }
    }
    if key == "Escape" && dialog.is_none() {
        in_lab(|run| {
            run.clicked("menu-close", "");
            (run.view.plot.range, run.view.plot.hover) = (None, None);
        });
        return;
    }
    let handled = match element.id().as_str() {
        "grid" => in_grid(&key, false),
        "probe-grid" => in_grid(&key, true),
        "scrub" => in_scrubber(&key),
        "plot" => in_plot(&key),
        "what-if-handle" | "timeout-handle" => replay::key_pressed(&key),
        "palette-input" => palette::key_pressed(&key),
        _ => false,
    };
    if handled || anywhere(&element, &event) {
        event.prevent_default();
    }
}

fn in_grid(key: &str, of_probes: bool) -> bool {
    let rows = match key {
        "ArrowUp" => -1,
        "ArrowDown" => 1,
        "Home" => isize::MIN,
        "End" => isize::MAX,
        "PageUp" | "PageDown" => {
            let page = in_lab(|run| {
                if of_probes {
                    run.lab.probes.page()
                } else {
                    run.lab.events.page()
                }
            });
            let page = page.unwrap_or(1);
            let page = page.cast_signed();
            if key == "PageUp" { -page } else { page }
        }
        _ => return false,
    };
    in_lab(|run| {
        if of_probes {
            run.move_probe_row(rows);
        } else {
            run.move_row(rows);
        }
    });
    true
}

/// The scrubber moves from event to event; its own pages are tenths of the run.
fn in_scrubber(key: &str) -> bool {
    let act = match key {
        "ArrowLeft" | "ArrowDown" => "back",
        "ArrowRight" | "ArrowUp" => "forward",
        "Home" => "first",
        "End" => "last",
        _ => return false,
    };
    in_lab(|run| run.clicked(act, ""));
    true
}

/// The plot's keys go from sample to sample.
fn in_plot(key: &str) -> bool {
    match key {
        "ArrowLeft" | "ArrowRight" => in_lab(|run| run.hover_next(key == "ArrowRight")),
        "Enter" => in_lab(|run| {
            run.choose_hovered();
        }),
        _ => return false,
    };
    true
}

/// The single keys, which the user can turn off.
fn anywhere(element: &Element, event: &KeyboardEvent) -> bool {
    let key = &event.key();
    let taken = |selector: &str| element.closest(selector).ok().flatten().is_some();
    let slider = element.id() == "scrub";
    if !slider && taken("input:not([type=checkbox]), select, textarea, dialog") {
        return false;
    }
    // A control that was reached by keyboard keeps its Space; one that was clicked does not.
    let pressed = element.matches(":focus-visible").unwrap_or_default()
        && taken("button, summary, [type=checkbox], a");
    if key == " " && pressed {
        return false;
    }
    let found = with(|app| match app.room {
        _ if !app.page.prefs.single_keys => Some(None),
        Room::Learn if app.learn.key(&mut app.page, key) => None,
        _ => Some(commands::of_key(app, event)),
    });
    match found.flatten() {
        // The Learn room took it.
        None => true,
        Some(command) => command.inspect(|command| command.run()).is_some(),
    }
}

/// Puts the cursor into the search of the events.
pub(super) fn search(app: &mut App) -> bool {
    if app.active_run().is_none() {
        return false;
    }
    later(0, |_| {
        // An input in sight takes the focus.
        let _ = typed::<HtmlInputElement>("filter-text").focus();
    });
    true
}

fn filter() {
    on(&by_id("filter-text"), "focusout", false, |_: Event| {
        // It may be left by what the app itself is doing.
        later(0, |app| {
            app.in_lab(|run| {
                run.leave_filter();
            });
        });
    });
    // A word that is clicked leaves the caret where it is.
    on(
        &by_id("filter-words"),
        "mousedown",
        false,
        |event: Event| {
            event.prevent_default();
        },
    );
}

fn diagram() {
    for (index, id) in ["ladder-a", "ladder-b"].into_iter().enumerate() {
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
                in_lab(|run| run.scroll_or_zoom(0.0, Some((factor, y))));
                event.prevent_default();
            } else if in_lab(|run| run.scroll_or_zoom(event.delta_y() * lines, None))
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
                in_lab(|run| run.scroll_or_zoom(by, None));
            }
        });
        let pane = svg.clone();
        on(&svg, "pointerup", false, move |event: PointerEvent| {
            if let Some((_, false)) = from.take() {
                let (x, y) = within(&pane, event.client_x(), event.client_y());
                // The branch beside is looked at, not acted on.
                if index == 0 {
                    in_lab(|run| {
                        let target = run.lab.ladders[0].hit(x, y);
                        run.choose_in_diagram(target, (x, y));
                    });
                }
            }
        });
        on(&svg, "pointercancel", false, move |_: PointerEvent| {
            from.set(None);
        });
    }
}

fn files(page: &EventTarget) {
    let carries_file = |event: &DragEvent| {
        event
            .data_transfer()
            .is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
    };
    let over = |shown: bool| show("over", shown);
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
