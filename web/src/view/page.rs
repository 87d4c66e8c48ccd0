//! What every room shares: the language, the preferences, what is announced, and whether
//! there is something to draw.

use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTemplateElement};

use super::dom::{Leaf, Row, all, by_id, document, typed};
use super::i18n::{Key, Language, Words, key};
use super::input::later;
use super::marks;
use super::prefs::{Prefs, Theme};
use udping_engine::log::Mark;

/// The page around the rooms.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) words: Words,
    pub(crate) prefs: Prefs,
    /// Something changed since the last frame.
    pub(crate) dirty: bool,
    status: Leaf,
    toast: Leaf,
    /// Counts the toasts, so that an older one does not hide a newer.
    toasts: u32,
    legend: Vec<(Mark, Row)>,
}

impl Page {
    pub(crate) fn new() -> Self {
        let prefs = Prefs::load();
        Self {
            words: Words::new(prefs.language),
            prefs,
            dirty: true,
            status: Leaf::of("status"),
            toast: Leaf::of("toast"),
            toasts: 0,
            legend: legends(),
        }
    }

    pub(crate) fn invalidate(&mut self) {
        self.dirty = true;
    }

    /// Says it to those who listen to the page, once: steps and results, never frames.
    pub(crate) fn announce(&mut self, text: &str) {
        self.status.text("");
        self.status.text(text);
    }

    /// Says it, and shows it for a while.
    pub(crate) fn notice(&mut self, text: &str) {
        self.announce(text);
        self.toast.text(text);
        self.toast.show(true);
        self.toasts += 1;
        let toast = self.toasts;
        later(6_000, move |app| {
            if app.page.toasts == toast {
                app.page.toast.show(false);
            }
        });
    }

    pub(crate) fn tell(&mut self, key: Key) {
        let text = self.words.get(key);
        self.notice(text);
    }

    pub(crate) fn speak(&mut self, language: Language) {
        self.prefs.language = language;
        self.prefs.save();
        self.words = Words::new(language);
    }

    pub(crate) fn choose_theme(&mut self, theme: Theme) {
        self.prefs.theme = theme;
        self.prefs.save();
        self.show_theme();
    }

    pub(crate) fn show_theme(&self) {
        if let Some(root) = document().document_element() {
            // The root takes any attribute.
            let _ = root.set_attribute("data-theme", self.prefs.theme.resolved());
        }
    }

    /// Takes the choice from its box.
    pub(crate) fn choose_single_keys(&mut self) {
        self.prefs.single_keys = typed::<HtmlInputElement>("single-keys").checked();
        self.prefs.save();
    }

    /// What stands in the page itself, in the user's language.
    pub(crate) fn translate(&mut self) {
        let words = &self.words;
        let document = document();
        if let Some(root) = document.document_element() {
            // The root takes any attribute.
            let _ = root.set_attribute("lang", words.language().tag());
            translate_below(words, &root);
            for template in all(&root, "template") {
                let template: HtmlTemplateElement = wasm_bindgen::JsCast::unchecked_into(template);
                if let Some(content) = template.content().first_element_child() {
                    translate_below(words, &content);
                    translate_one(words, &content);
                }
            }
        }
        document.set_title(words.get(key::TITLE));
        typed::<HtmlSelectElement>("language").set_value(words.language().tag());
        typed::<HtmlSelectElement>("theme").set_value(self.prefs.theme.name());
        typed::<HtmlInputElement>("single-keys").set_checked(self.prefs.single_keys);
        for (mark, item) in &mut self.legend {
            item.part("name").text(words.get(marks::name(*mark)));
        }
    }
}

fn legends() -> Vec<(Mark, Row)> {
    let mut items = Vec::new();
    for (list, marks) in [
        ("legend", &marks::LEGEND[..]),
        ("help-legend", &marks::ALL[..]),
    ] {
        for mark in marks {
            let mut item = Row::new("t-mark", &by_id(list));
            marks::look(*mark).show(&mut item);
            items.push((*mark, item));
        }
    }
    items
}

fn translate_below(words: &Words, root: &Element) {
    for element in all(root, "[data-l10n-id]") {
        translate_one(words, &element);
    }
}

fn translate_one(words: &Words, element: &Element) {
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
