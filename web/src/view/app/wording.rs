//! What stands in the page itself: its words in the language of the visitor, its colours,
//! and which buttons are pressed.

use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::super::dom::{all, by_id, clone_template, document, typed};
use super::super::events::Events;
use super::super::i18n::{Language, Value, Words, key};
use super::super::marks;
use super::{App, Room, set_hidden};
use udping_engine::player::Speed;

impl App {
    /// Speaks another language.
    pub(crate) fn speak(&mut self, language: Language) {
        self.prefs.language = language;
        self.prefs.save();
        self.words = Words::new(language);
        self.translate();
    }

    /// Everything in the user's language.
    pub(crate) fn translate(&mut self) {
        let words = &self.words;
        let document = document();
        if let Some(root) = document.document_element() {
            // The root takes any attribute.
            let _ = root.set_attribute("lang", words.language().tag());
            translate_below(words, &root);
        }
        for template in document
            .document_element()
            .iter()
            .flat_map(|root| all(root, "template"))
        {
            let template: web_sys::HtmlTemplateElement =
                wasm_bindgen::JsCast::unchecked_into(template);
            if let Some(content) = template.content().first_element_child() {
                translate_below(words, &content);
                translate_one(words, &content);
            }
        }
        document.set_title(words.get(key::TITLE));
        typed::<HtmlSelectElement>("language").set_value(words.language().tag());
        typed::<HtmlSelectElement>("theme").set_value(self.prefs.theme.name());
        typed::<HtmlInputElement>("single-keys").set_checked(self.prefs.single_keys);
        for (mark, item) in &mut self.legend {
            item.text(words.get(marks::name(*mark)));
        }
        self.learn.translate();
        self.form.translate(words);
        Events::choices(words);
        put_breakpoints(words);
        self.put_speeds();
        self.lists.clear();
        self.events.clear();
        self.journal.clear();
        self.pressed();
        self.invalidate();
    }

    /// The marks of the buttons that stand for a choice.
    pub(crate) fn pressed(&mut self) {
        for button in all(&by_id("top"), "nav button") {
            let chosen = button.get_attribute("data-value").as_deref() == Some(self.room.name());
            let _ = if chosen {
                button.set_attribute("aria-current", "page")
            } else {
                button.remove_attribute("aria-current")
            };
        }
        for (place, button) in all(&by_id("stage"), "[data-act=view]").iter().enumerate() {
            let _ = button.set_attribute(
                "aria-pressed",
                if self.open.get(place) == Some(&true) {
                    "true"
                } else {
                    "false"
                },
            );
        }
        // A recorded session has its file already.
        set_hidden("export", self.room != Room::Simulate);
        // A lesson's address is its link.
        set_hidden("share", self.room == Room::Learn);
    }

    pub(crate) fn colours(&self) {
        if let Some(root) = document().document_element() {
            // The root takes any attribute.
            let _ = root.set_attribute("data-theme", self.prefs.theme.resolved());
        }
    }

    pub(super) fn put_speeds(&mut self) {
        let select: HtmlSelectElement = typed("speed");
        let place = select.selected_index();
        select.set_inner_html("");
        for (number, (up, down)) in Speed::ALL.iter().enumerate() {
            let option = clone_template("t-option");
            let speed = if *down == 1 {
                up.to_string()
            } else {
                format!("{up}/{down}")
            };
            option.set_text_content(Some(
                &self
                    .words
                    .say(key::SPEED_TIMES, &[("speed", Value::Text(&speed))]),
            ));
            // A fresh element takes any attribute.
            let _ = option.set_attribute("value", &number.to_string());
            let _ = select.append_child(&option);
        }
        let normal = i32::try_from(Speed::NORMAL.place()).unwrap_or_default();
        select.set_selected_index(if place < 0 { normal } else { place });
    }
}

fn translate_below(words: &Words, root: &web_sys::Element) {
    for element in all(root, "[data-l10n-id]") {
        translate_one(words, &element);
    }
}

fn translate_one(words: &Words, element: &web_sys::Element) {
    let Some(id) = element.get_attribute("data-l10n-id") else {
        return;
    };
    if let Some(text) = words.find(&id) {
        element.set_text_content(Some(text));
    }
    for attribute in ["aria-label", "title", "placeholder"] {
        // A message with variables is filled in where it is shown.
        if let Some(text) = words.find(&format!("{id}.{attribute}")) {
            let _ = element.set_attribute(attribute, text);
        }
    }
}

/// Where a run can be run to: value and name.
fn put_breakpoints(words: &Words) {
    let select: HtmlSelectElement = typed("until");
    let before = select.selected_index();
    select.set_inner_html("");
    for (value, name) in [
        ("loss", key::UNTIL_LOSS),
        ("replied", key::UNTIL_REPLIED),
        ("late", key::UNTIL_LATE),
        ("duplicate", key::UNTIL_DUPLICATE),
        ("ignored", key::UNTIL_IGNORED),
        ("timer", key::UNTIL_TIMER),
        ("seq", key::UNTIL_SEQ_VALUE),
    ] {
        let option = clone_template("t-option");
        option.set_text_content(Some(words.get(name)));
        // A fresh element takes any attribute.
        let _ = option.set_attribute("value", value);
        let _ = select.append_child(&option);
    }
    select.set_selected_index(before.max(0));
}
