//! The Simulate room's form: fields to a [`Setup`] and back.
//!
//! Owns the fields' units, their sliders and which of them are shown. Whether the
//! impairments make sense together is the core's to say.

mod read;
mod write;

use udping_link::Seed;
use udping_sim::WorldError;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

use crate::view::dom::{Leaf, all, by_id, document, first, value};
use crate::view::i18n::{Localization, Value, key};
use crate::view::refusal;
use udping_engine::presets::Preset;
use udping_engine::setup::Setup;

/// The form.
#[derive(Debug)]
pub(crate) struct Form {
    root: Element,
    error: Leaf,
    presets: Vec<(Preset, Leaf)>,
    /// What the form's fields make, interventions aside.
    setup: Setup,
    /// The slider on its way.
    pub(crate) sliding: Option<String>,
}

const MS: f64 = 1e6;
const PERCENT: f64 = 1e4;

/// Fields with a slider, and how far it reaches. Sliders are quadratic: fine at the low end.
const SLIDERS: [(&str, f64); 5] = [
    ("count", 100.0),
    ("timeout", 3_000.0),
    ("loss", 100.0),
    ("delay", 1_000.0),
    ("jitter", 500.0),
];

impl Form {
    pub(crate) fn new(setup: Setup) -> Self {
        for (way, fieldset) in [("request", "way-request"), ("reply", "way-reply")] {
            build_way(way, &by_id(fieldset));
        }
        let wires = by_id("f-wire");
        for name in Setup::wires() {
            let option = crate::view::dom::clone_template("t-option");
            option.set_text_content(Some(name));
            // A fresh element can always be set up and appended.
            let _ = option.set_attribute("value", name);
            let _ = wires.append_child(&option);
        }
        let chips = by_id("presets");
        let presets = Preset::ALL
            .into_iter()
            .map(|preset| {
                let chip = crate::view::dom::clone_template("t-chip");
                // A fresh element can always be set up and appended.
                let _ = chip.set_attribute("data-value", preset.name());
                let _ = chips.append_child(&chip);
                (preset, Leaf::new(chip))
            })
            .collect();
        Self {
            root: by_id("scenario"),
            error: Leaf::of("form-error"),
            presets,
            setup,
            sliding: None,
        }
    }

    /// Shows the conditions of the run shown, if they are others.
    pub(crate) fn follow(&mut self, l10n: &Localization, setup: Setup) {
        let mut plain = setup;
        plain.scenario.interventions.clear();
        if plain != self.setup {
            self.write(l10n, &plain);
        }
    }

    pub(crate) fn translate(&mut self, l10n: &Localization) {
        for (preset, chip) in &mut self.presets {
            chip.text(l10n.named(preset.name()));
        }
        let setup = self.setup.clone();
        self.write(l10n, &setup);
    }

    /// The preset of this name, with the form's seed.
    pub(crate) fn preset(&self, name: &str) -> Option<Setup> {
        let preset = Preset::ALL
            .into_iter()
            .find(|preset| preset.name() == name)?;
        Some(preset.setup(self.setup.scenario.seed))
    }

    /// The same setup under a seed that nobody chose.
    pub(crate) fn with_new_seed(&self) -> Setup {
        let mut setup = self.setup.clone();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "any number will do; short ones are easy to pass on"
        )]
        let seed = (js_sys::Math::random() * 1e8) as u64;
        setup.scenario.seed = Seed::from_low_bits(seed);
        setup
    }

    /// Reads the fields. What is wrong is shown at the form and marked at its field.
    pub(crate) fn read(&mut self, l10n: &Localization) -> Option<Setup> {
        for field in all(&self.root, "[aria-invalid]") {
            // Taking an attribute away that is there cannot fail.
            let _ = field.remove_attribute("aria-invalid");
        }
        match self.try_read(l10n) {
            Ok(setup) => {
                self.error.show(false);
                self.setup = setup.clone();
                self.after_change(l10n);
                Some(setup)
            }
            Err(wrong) => {
                let field = self.field(&wrong.field);
                let _ = field.set_attribute("aria-invalid", "true");
                self.show_error(&wrong.text);
                None
            }
        }
    }

    /// Shows what is wrong with the form as a whole.
    pub(crate) fn show_error(&mut self, text: &str) {
        self.error.text(text);
        self.error.show(true);
    }

    /// A slider was moved: its field follows.
    pub(crate) fn slide(&self, l10n: &Localization, name: &str) {
        let Some(reach) = reach(name) else { return };
        let slider = first(&self.root, &format!("[data-slider=\"{name}\"]"));
        let part =
            wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(&slider).value_as_number();
        let value = reach * part * part;
        let rounded = match value {
            _ if name == "count" => value.round().max(1.0),
            ..1.0 => (value * 100.0).round() / 100.0,
            ..10.0 => (value * 10.0).round() / 10.0,
            _ => value.round(),
        };
        let rounded = if name == "timeout" {
            rounded.max(1.0)
        } else {
            rounded
        };
        self.put(name, &trim(l10n, rounded));
    }

    /// Fields that the choices call for are shown, and sliders follow their fields.
    fn after_change(&mut self, l10n: &Localization) {
        let schedule = self.text("schedule");
        for field in all(&self.root, "[data-for]") {
            let wanted = field.get_attribute("data-for").unwrap_or_default();
            let way = field
                .closest("fieldset")
                .ok()
                .flatten()
                .map(|way| way.id().replace("way-", ""));
            let shown = match way {
                None => wanted == schedule,
                Some(way) if wanted == "bursty" => self.text(&format!("{way}-loss-kind")) == wanted,
                Some(way) => self.text(&format!("{way}-shape")) == wanted,
            };
            let _ = if shown {
                field.remove_attribute("hidden")
            } else {
                field.set_attribute("hidden", "")
            };
        }
        for way in ["request", "reply"] {
            let bursty = self.text(&format!("{way}-loss-kind")) == "bursty";
            let label = first(&self.root, &format!("label[for={way}-loss]"));
            label.set_text_content(Some(l10n.get(if bursty {
                key::FIELD_LOSS_IN_BURST
            } else {
                key::FIELD_LOSS
            })));
        }
        for slider in all(&self.root, "[data-slider]") {
            let name = slider.get_attribute("data-slider").unwrap_or_default();
            let value = l10n.read(&self.text(&name)).unwrap_or_default();
            let part = (value / reach(&name).unwrap_or(1.0)).clamp(0.0, 1.0).sqrt();
            wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(&slider)
                .set_value_as_number(part);
        }
        for (preset, chip) in &mut self.presets {
            chip.flag(
                "aria-pressed",
                preset.setup(self.setup.scenario.seed) == self.setup,
            );
        }
    }

    fn field(&self, name: &str) -> Element {
        first(&self.root, &format!("[data-field=\"{name}\"]"))
    }

    fn text(&self, name: &str) -> String {
        value(&self.field(name))
    }

    fn put(&self, name: &str, text: &str) {
        let field = self.field(name);
        match wasm_bindgen::JsCast::dyn_ref::<HtmlSelectElement>(&field) {
            Some(select) => select.set_value(text),
            None => wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(&field).set_value(text),
        }
    }
}

/// A way's fields: the template's, under the way's name.
fn build_way(way: &str, fieldset: &Element) {
    let template: web_sys::HtmlTemplateElement = crate::view::dom::typed("t-way");
    let fields = document().import_node_with_deep(&template.content(), true);
    if let Ok(fields) = fields {
        // A fieldset takes any fields.
        let _ = fieldset.append_child(&fields);
    }
    for element in all(fieldset, "*") {
        for name in ["id", "for", "data-field", "data-slider"] {
            if let Some(value) = element
                .get_attribute(name)
                .filter(|value| value.contains("%way"))
            {
                let _ = element.set_attribute(name, &value.replace("%way", way));
            }
        }
    }
}

fn reach(slider: &str) -> Option<f64> {
    let name = slider.rsplit('-').next()?;
    SLIDERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, reach)| *reach)
}

/// A number for a field: up to six decimals, no separators of thousands.
pub(crate) fn trim(l10n: &Localization, value: f64) -> String {
    // JavaScript writes the shortest number that reads back as the same.
    let rounded = (value * 1e6).round() / 1e6;
    l10n.with_own_point(&String::from(js_sys::Number::from(rounded).to_js_string()))
}

/// What the core says of impairments it refuses, in words of the form.
pub(crate) fn refused(l10n: &Localization, error: &WorldError) -> String {
    let what = refusal::world(l10n, error);
    l10n.say(key::WRONG_SCENARIO, &[("what", Value::Text(&what))])
}
