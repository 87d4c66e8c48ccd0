//! What every room shares: the language, the preferences, what is announced, and whether
//! there is something to draw.

use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTemplateElement};

use super::dom::{Leaf, Row, all, by_id, document, typed};
use super::i18n::{Key, Language, Localization, Value, key};
use super::input::later;
use super::prefs::{Prefs, Theme};
use super::symbols;
use udping_engine::log::Symbol;

/// The page around the rooms.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) l10n: Localization,
    pub(crate) prefs: Prefs,
    /// Something changed since the last frame.
    pub(crate) dirty: bool,
    status: Leaf,
    toast: Leaf,
    /// Counts the toasts, so that an older one does not hide a newer.
    toasts: u32,
    legend: Vec<(Symbol, Row)>,
    /// The language that the address asks for, until the user chooses one.
    pub(super) linked_language: Option<Language>,
    title: String,
}

impl Page {
    pub(crate) fn new() -> Self {
        let prefs = Prefs::load();
        Self {
            l10n: Localization::new(prefs.language),
            prefs,
            dirty: true,
            status: Leaf::of("status"),
            toast: Leaf::of("toast"),
            toasts: 0,
            legend: legends(),
            linked_language: Prefs::linked_language(),
            title: String::new(),
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

    /// Takes the notice away: it was about what is no longer shown.
    pub(crate) fn end_notice(&mut self) {
        self.toasts += 1;
        self.toast.show(false);
    }

    pub(crate) fn tell(&mut self, key: Key) {
        let text = self.l10n.get(key);
        self.notice(text);
    }

    /// Names the page after what it shows.
    pub(super) fn entitle(&mut self, what: &str) {
        let title = self.l10n.say(key::TITLE_OF, &[("what", Value::Text(what))]);
        if title != self.title {
            document().set_title(&title);
            self.title = title;
        }
    }

    pub(crate) fn speak(&mut self, language: Language) {
        self.linked_language = None;
        self.prefs.language = language;
        self.prefs.save();
        self.l10n = Localization::new(language);
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
        let l10n = &self.l10n;
        let document = document();
        if let Some(root) = document.document_element() {
            // The root takes any attribute.
            let _ = root.set_attribute("lang", l10n.language().tag());
            translate_below(l10n, &root);
            for template in all(&root, "template") {
                let template: HtmlTemplateElement = wasm_bindgen::JsCast::unchecked_into(template);
                if let Some(content) = template.content().first_element_child() {
                    translate_below(l10n, &content);
                    translate_one(l10n, &content);
                }
            }
        }
        typed::<HtmlSelectElement>("language").set_value(l10n.language().tag());
        typed::<HtmlSelectElement>("theme").set_value(self.prefs.theme.name());
        typed::<HtmlInputElement>("single-keys").set_checked(self.prefs.single_keys);
        for (symbol, item) in &mut self.legend {
            item.part("name").text(l10n.get(symbols::name(*symbol)));
        }
    }
}

fn legends() -> Vec<(Symbol, Row)> {
    let mut items = Vec::new();
    for (list, symbols) in [
        ("legend", &symbols::LEGEND[..]),
        ("help-legend", &Symbol::ALL[..]),
    ] {
        for symbol in symbols {
            let mut item = Row::new("t-symbol", &by_id(list));
            symbols::look(*symbol).show(&mut item);
            items.push((*symbol, item));
        }
    }
    items
}

fn translate_below(l10n: &Localization, root: &Element) {
    for element in all(root, "[data-l10n-id]") {
        translate_one(l10n, &element);
    }
}

fn translate_one(l10n: &Localization, element: &Element) {
    let Some(id) = element.get_attribute("data-l10n-id") else {
        return;
    };
    if let Some(text) = l10n.find(&id) {
        element.set_text_content(Some(text));
    }
    for attribute in ["aria-label", "title", "placeholder"] {
        // A message with variables is filled in where it is shown.
        if let Some(text) = l10n.find(&format!("{id}.{attribute}")) {
            let _ = element.set_attribute(attribute, text);
        }
    }
}
