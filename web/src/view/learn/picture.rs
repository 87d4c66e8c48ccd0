//! The stage, drawn: what changes with the moment that is shown.
//!
//! Owns which part is drawn when. How far the lesson is comes from the room, and the
//! pictures from their own files.

use maud::html;
use wasm_bindgen::JsCast as _;
use web_sys::{FocusOptions, HtmlElement, HtmlInputElement};

use super::super::dom::{all, by_id, document, typed};
use super::super::i18n::{Localization, Value, key};
use super::super::prefs;
use super::markup::{put, put_into, symbol};
use super::playback::Playback;
use super::{Learn, code, ends, lanes, panels, say, task};

impl Learn {
    /// Draws the stage as it is at the moment shown.
    pub(super) fn draw_stage(&self, l10n: &Localization) {
        let Some(playback) = &self.playback else {
            return;
        };
        let Some(lanes) = document().get_element_by_id("learn-lanes") else {
            return;
        };
        l10n.tell_apart(1_000_000_000);
        let width = f64::from(lanes.client_width());
        let pictures = lanes::draw(
            l10n,
            &playback.stage,
            &playback.layout,
            playback.at_ns,
            width,
            &self.overlay(),
        );
        let names = playback
            .stage
            .scene
            .lanes
            .iter()
            .map(|lane| say::lane(*lane));
        let names = [key::LEARN_AXIS].into_iter().chain(names);
        let drawn = html! {
            @for (name, picture) in names.zip(pictures) {
                figure { figcaption { div { (l10n.get(name)) } (picture.heads) } (picture.body) }
            }
        };
        lanes.set_inner_html(&drawn.0);
        lanes.set_scroll_top(lanes.scroll_height());
        self.draw_time(l10n, playback);
        put(
            "learn-ends",
            &ends::draw(l10n, &playback.stage, playback.at_ns),
        );
        draw_legend(l10n, &lanes);
        if let Some(panels) = document().get_element_by_id("learn-panels") {
            let room = f64::from(panels.client_width());
            put_into(
                &panels,
                &panels::draw(l10n, &playback.stage, playback.at_ns, room),
            );
        }
        if !playback.playing() {
            self.draw_words(l10n, playback);
        }
        self.draw_guess(l10n);
        if let Some(program) = self.step().and_then(|(_, _, step)| step.code.as_ref()) {
            code::mark(l10n, program, playback);
        }
        if let Some((_, _, step)) = self.step().filter(|_| self.open_to_end()) {
            task::draw_dials(l10n, &step.controls, playback);
            if !playback.playing() {
                task::draw_acts(l10n, &self.actions(), &self.attempt, playback);
            }
        }
        // What was changed can be undone, and nothing else.
        for reset in all(&by_id("learn-room"), ".learn-stage #learn-reset") {
            // An element of the page takes any attribute.
            let _ = reset.toggle_attribute_with_force("hidden", self.attempt.is_untouched());
        }
        if let Some((_, task)) = self.task() {
            task::draw(l10n, task, &self.values, &self.attempt, playback);
        }
    }

    fn draw_time(&self, l10n: &Localization, playback: &Playback) {
        let now = l10n.say(key::LEARN_NOW, &[("at", Value::Time(playback.at_ns))]);
        put("learn-now", &html! { (now) });
        let (name, href) = if playback.playing() {
            (key::LEARN_PAUSE, "#i-pause")
        } else {
            (key::LEARN_PLAY, "#i-play")
        };
        put(
            "learn-play",
            &html! { (symbol("i", href)) (l10n.get(name)) },
        );
        let scrub: HtmlInputElement = typed("learn-scrub");
        scrub.set_max(&playback.layout.index_at(playback.limit_ns).to_string());
        scrub.set_value(&playback.layout.index_at(playback.at_ns).to_string());
        // An element of the page takes any attribute.
        let _ = scrub.set_attribute("aria-valuetext", &now);
        let still = playback.limit_ns <= playback.at_ns && !self.open_to_end();
        for control in all(&by_id("learn-room"), ".learn-time") {
            let _ = control.toggle_attribute_with_force("hidden", still);
        }
    }

    fn draw_words(&self, l10n: &Localization, playback: &Playback) {
        let lines = say::happened(l10n, &playback.stage, playback.at_ns);
        let list = html! {
            @if lines.is_empty() { li { (l10n.get(key::LEARN_NOTHING)) } }
            @for line in &lines { li { (line) } }
        };
        for list_element in all(&by_id("learn-happened"), "ol") {
            list_element.set_inner_html(&list.0);
        }
        if let Some(refused) = document().get_element_by_id("learn-refused") {
            refused.set_text_content(self.refused.as_deref());
            // An element of the page takes any attribute.
            let _ = refused.toggle_attribute_with_force("hidden", self.refused.is_none());
        }
    }

    /// What can be done to the chosen packet takes the focus.
    pub(super) fn focus_packet(&mut self) {
        let Some(packet) = self.packet.take() else {
            return;
        };
        let buttons = all(
            &by_id("learn-room"),
            &format!("[data-flying='{packet}'] button"),
        );
        if let Some(button) = buttons.into_iter().next() {
            // A button takes the focus.
            let _ = button.unchecked_into::<HtmlElement>().focus();
        }
    }

    /// What is to take the focus takes it, once it is there.
    pub(super) fn give_focus(&mut self) {
        if let Some(id) = self.focus.take()
            && let Some(element) = document().get_element_by_id(id)
        {
            let element: HtmlElement = element.unchecked_into();
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.focus_with_options(&options);
            // Where the text is below the picture, what is said goes on right under it.
            if id != "learn-after" || narrow() {
                element.scroll_into_view();
            }
        }
    }
}

/// Says what the marks mean that stand in the picture now.
fn draw_legend(l10n: &Localization, lanes: &web_sys::Element) {
    let legend = html! {
        @for (shape, class, name) in say::GLYPHS {
            @if !all(lanes, &format!("use[href='{shape}']")).is_empty() {
                span { (symbol(&format!("symbol {class}"), shape)) (l10n.get(*name)) }
            }
        }
        @if !all(lanes, "[data-mark]").is_empty() {
            span { svg class="symbol" viewBox="-8 -8 16 16" aria-hidden="true" { circle class="answer-mark" r="6" {} } (l10n.get(key::LEARN_GLYPH_MARK)) }
        }
    };
    put("learn-legend", &legend);
}

/// Whether the page is so narrow that text and stage are not side by side.
fn narrow() -> bool {
    prefs::media("(max-width: 1000px)")
}
