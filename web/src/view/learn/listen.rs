//! From the browser's events to the room.
//!
//! Owns the listeners of the room's element; whatever an event means, one call on the
//! room answers it, and what it comes to is announced.

use std::cell::Cell;

use js_sys::futures::{JsFuture, spawn_local};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Element, Event, File, FileList, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent,
    MouseEvent, PointerEvent,
};

use super::super::dom::{by_id, document};
use super::super::i18n::Localization;
use super::super::input::{closest, on, target};
use super::super::with;
use super::Learn;

thread_local! {
    /// A pointer that went down in the picture is still down.
    static POINTING: Cell<bool> = const { Cell::new(false) };
}

/// Puts every listener of the room in place.
pub(crate) fn listen() {
    let room = by_id("learn-room");
    on(&room, "click", false, |event: MouseEvent| clicked(&event));
    on(&room, "input", false, |event: Event| written(&event));
    on(&room, "change", false, |event: Event| chosen(&event));
    on(&room, "keydown", false, |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") && chosen_packet(&event) {
            return;
        }
        let field = closest(&event, "#learn-guess");
        if event.key() == "Enter" && field.is_some() {
            answer(|learn, l10n| learn.clicked(l10n, "check", ""));
        }
    });
    on(&room, "pointerdown", false, |event: PointerEvent| {
        if chosen_packet(&event) {
            return;
        }
        if closest(&event, "#learn-zone, #learn-aim, .handle, .target").is_some() {
            points(&event);
        }
    });
    on(&room, "pointermove", false, |event: PointerEvent| {
        if POINTING.get() {
            points(&event);
        }
    });
    for end in ["pointerup", "pointercancel"] {
        on(&room, end, false, |_: PointerEvent| {
            POINTING.set(false);
        });
    }
}

/// Lets the room answer, and says what it came to.
fn answer(answer: impl FnOnce(&mut Learn, &Localization) -> Option<String>) {
    with(|app| app.learn.answer(&mut app.page, answer));
}

/// Whether an event chooses a packet in flight.
fn chosen_packet(event: &Event) -> bool {
    let packet = closest(event, "[data-packet]").and_then(|it| it.get_attribute("data-packet"));
    let Some(packet) = packet else {
        return false;
    };
    event.prevent_default();
    answer(|learn, l10n| learn.clicked(l10n, "packet", &packet));
    true
}

/// A pointer is down in the picture: what it points to is predicted, and what it moves to.
fn points(event: &PointerEvent) {
    POINTING.set(with(|app| app.learn.points(event)).unwrap_or_default());
    if POINTING.get() {
        event.prevent_default();
        // The picture is drawn again meanwhile; the room stays.
        let _ = by_id("learn-room").set_pointer_capture(event.pointer_id());
    }
}

fn clicked(event: &MouseEvent) {
    let Some(button) = closest(event, "button[data-learn]") else {
        return;
    };
    let act = button.get_attribute("data-learn").unwrap_or_default();
    let value = button.get_attribute("data-value").unwrap_or_default();
    if act == "term" {
        explain(&button);
    } else {
        answer(|learn, l10n| learn.clicked(l10n, &act, &value));
    }
}

/// Opens or closes a term's definition, which stands below its paragraph.
fn explain(button: &Element) {
    let id = button.get_attribute("aria-controls").unwrap_or_default();
    let Some(definition) = document().get_element_by_id(&id) else {
        return;
    };
    let shown = definition.has_attribute("hidden");
    // Elements of the page take any attribute.
    let _ = definition.toggle_attribute_with_force("hidden", !shown);
    let _ = button.set_attribute("aria-expanded", if shown { "true" } else { "false" });
}

fn written(event: &Event) {
    if let Some(area) = target(event).and_then(|it| it.dyn_into::<HtmlTextAreaElement>().ok()) {
        if let Some(point) = area.get_attribute("data-point") {
            answer(|learn, _| {
                learn.wrote_on(point, area.value());
                None
            });
        }
        in_words(&area, area.value());
        return;
    }
    let Some(input) = target(event).and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    let number = |name: &str| {
        input
            .get_attribute(name)
            .and_then(|number| number.parse::<usize>().ok())
    };
    if input.id() == "learn-guess" {
        answer(|learn, l10n| {
            learn.typed(l10n, &input);
            None
        });
    } else if input.id() == "learn-scrub" {
        if let Ok(index) = input.value().parse() {
            answer(|learn, _| {
                learn.scrubbed(index);
                None
            });
        }
    } else if let Some(dial) = number("data-dial") {
        if let Ok(value) = input.value().parse() {
            answer(|learn, l10n| learn.dialled(l10n, dial, value));
        }
    } else if let Some(reading) = number("data-reading") {
        answer(|learn, _| {
            learn.wrote(reading, input.value());
            None
        });
    } else {
        in_words(&input, input.value());
    }
}

/// Words were written, in an exercise or about a class.
fn in_words(field: &Element, text: String) {
    if let Some(name) = field.get_attribute("data-own") {
        answer(|learn, _| {
            learn.wrote_in_words(&name, text);
            None
        });
    } else if let Some(name) = field.get_attribute("data-class") {
        answer(|learn, _| {
            learn.wrote_of_class(&name, text);
            None
        });
    }
}

fn chosen(event: &Event) {
    if closest(event, "[data-class]").is_some() {
        // Another class marks otherwise.
        answer(|learn, l10n| learn.mark(l10n));
        return;
    }
    let Some(input) = target(event).and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    if input.id() != "learn-file" {
        return;
    }
    let list = input.files();
    let count = list.as_ref().map_or(0, FileList::length);
    let files: Vec<File> = (0..count)
        .filter_map(|index| list.as_ref()?.get(index))
        .collect();
    // The same files can be chosen again.
    input.set_value("");
    spawn_local(async move {
        let mut read = Vec::new();
        for file in files {
            let text = JsFuture::from(file.text()).await;
            // What cannot be read is no file of ours, and is said to be none.
            let text = text.as_ref().ok().and_then(JsValue::as_string);
            read.push((file.name(), text.unwrap_or_default()));
        }
        answer(|learn, l10n| {
            learn.class.files = read;
            learn.mark(l10n)
        });
    });
}
