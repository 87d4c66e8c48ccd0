//! The Simulate room's form: fields to a [`Setup`] and back.
//!
//! Owns the fields' units, ranges and sliders. Whether the conditions make sense
//! together is the core's to say.

use std::time::Duration;

use udping_core::journal::ScheduleSpec;
use udping_core::link::{Conditions, Jitter, Loss, Rate, Reorder, Seed};
use udping_core::sim::{Scenario, WorldError};
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

use super::dom::{Leaf, all, by_id, document, first};
use super::refusal;
use super::words::{Key, Value, Words, key};
use crate::engine::presets::Preset;
use crate::engine::setup::Setup;

/// The form.
#[derive(Debug)]
pub(crate) struct Form {
    root: Element,
    error: Leaf,
    presets: Vec<(Preset, Leaf)>,
    /// What the form's fields make, interventions aside.
    setup: Setup,
}

/// A field, as its number is understood: name, unit, range, slider's reach.
struct Number {
    name: &'static str,
    label: Key,
    /// What one of the field's units is inside.
    unit: f64,
    least: f64,
    most: f64,
}

const MS: f64 = 1e6;
const PERCENT: f64 = 1e4;
const HOUR: f64 = 3.6e6;

/// Fields with a slider, and how far it reaches. Sliders are quadratic: fine at the low end.
const SLIDERS: [(&str, f64); 5] = [
    ("count", 100.0),
    ("timeout", 3_000.0),
    ("loss", 100.0),
    ("delay", 1_000.0),
    ("jitter", 500.0),
];

/// What is wrong with a field.
struct Wrong {
    field: String,
    text: String,
}

impl Form {
    pub(crate) fn new() -> Self {
        for (way, fieldset) in [("request", "way-request"), ("reply", "way-reply")] {
            build_way(way, &by_id(fieldset));
        }
        let chips = by_id("presets");
        let presets = Preset::ALL
            .into_iter()
            .map(|preset| {
                let chip = super::dom::stamp("t-chip");
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
            setup: Setup::default(),
        }
    }

    pub(crate) fn translate(&mut self, words: &Words) {
        for (preset, chip) in &mut self.presets {
            chip.text(words.named(preset.name()));
        }
        let setup = self.setup.clone();
        self.write(words, &setup);
    }

    /// The preset of this name, with the form's seed.
    pub(crate) fn preset(&self, name: &str) -> Option<Setup> {
        let preset = Preset::ALL
            .into_iter()
            .find(|preset| preset.name() == name)?;
        Some(preset.setup(self.setup.scenario.seed))
    }

    /// The same conditions under a seed that nobody chose.
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

    /// Shows a setup.
    pub(crate) fn write(&mut self, words: &Words, setup: &Setup) {
        self.setup = setup.clone();
        self.setup.scenario.interventions.clear();
        let put = |name: &str, text: String| self.put(name, &text);
        let number = |ns: f64, unit: f64| trim(words, ns / unit);
        put("count", setup.count.to_string());
        put("timeout", number(ns(setup.timeout_ns), MS));
        put(
            "linger",
            setup
                .linger_ns
                .map(|linger| number(ns(linger), MS))
                .unwrap_or_default(),
        );
        put(
            "size",
            setup.size.map(|size| size.to_string()).unwrap_or_default(),
        );
        put("service", number(ns(setup.scenario.service_ns), MS));
        put("seed", setup.scenario.seed.to_string());
        match setup.schedule {
            ScheduleSpec::Paced { interval_ns } => {
                put("schedule", "paced".to_owned());
                put("interval", number(ns(interval_ns), MS));
            }
            ScheduleSpec::Window { size } => {
                put("schedule", "window".to_owned());
                put("window", size.to_string());
            }
            ScheduleSpec::StopAndWait { gap_ns } => {
                put("schedule", "stop-and-wait".to_owned());
                put("gap", number(ns(gap_ns), MS));
            }
            ScheduleSpec::OnDemand => {}
        }
        for (way, conditions) in [
            ("request", &setup.scenario.request),
            ("reply", &setup.scenario.reply),
        ] {
            self.write_way(words, way, conditions);
        }
        for (name, fallback) in [("gap", "0"), ("interval", "100"), ("window", "4")] {
            if self.text(name).is_empty() {
                self.put(name, fallback);
            }
        }
        self.after_change(words);
    }

    fn write_way(&self, words: &Words, way: &str, conditions: &Conditions) {
        let put = |name: &str, text: &str| self.put(&format!("{way}-{name}"), text);
        let ms = |duration: Duration| trim(words, duration.as_secs_f64() * 1e3);
        let percent = |rate: Rate| trim(words, f64::from(rate.ppm()) / PERCENT);
        match conditions.loss {
            Loss::Independent(rate) => {
                put("loss-kind", "independent");
                put("loss", &percent(rate));
            }
            Loss::Bursty {
                enter_bad,
                leave_bad,
                loss_in_bad,
                loss_in_good,
            } => {
                put("loss-kind", "bursty");
                put("loss", &percent(loss_in_bad));
                put("enter", &percent(enter_bad));
                put("leave", &percent(leave_bad));
                put("good", &percent(loss_in_good));
            }
        }
        for (name, fallback) in [
            ("enter", 5.0),
            ("leave", 30.0),
            ("good", 0.0),
            ("mean", 20.0),
            ("hold", 50.0),
        ] {
            if self.text(&format!("{way}-{name}")).is_empty() {
                put(name, &trim(words, fallback));
            }
        }
        put("delay", &ms(conditions.delay));
        let (shape, jitter) = match conditions.jitter {
            Jitter::None => (None, Duration::ZERO),
            Jitter::Uniform { spread } => (Some("uniform"), spread),
            Jitter::Normal { sigma } => (Some("normal"), sigma),
            Jitter::Exponential { mean } => (Some("exponential"), mean),
            Jitter::LogNormal { mean, sigma } => {
                put("mean", &ms(mean));
                (Some("log-normal"), sigma)
            }
        };
        if let Some(shape) = shape {
            put("shape", shape);
        }
        put("jitter", &ms(jitter));
        put("duplicate", &percent(conditions.duplicate));
        put("reorder", &percent(conditions.reorder.rate));
        if conditions.reorder.extra > Duration::ZERO {
            put("hold", &ms(conditions.reorder.extra));
        }
        put("corrupt", &percent(conditions.corrupt));
    }

    /// Reads the fields. What is wrong is shown at the form and marked at its field.
    pub(crate) fn read(&mut self, words: &Words) -> Option<Setup> {
        for field in all(&self.root, "[aria-invalid]") {
            // Taking an attribute away that is there cannot fail.
            let _ = field.remove_attribute("aria-invalid");
        }
        match self.try_read(words) {
            Ok(setup) => {
                self.error.show(false);
                self.setup = setup.clone();
                self.after_change(words);
                Some(setup)
            }
            Err(wrong) => {
                let field = self.field(&wrong.field);
                let _ = field.set_attribute("aria-invalid", "true");
                self.complain(&wrong.text);
                None
            }
        }
    }

    /// Shows what is wrong with the form as a whole.
    pub(crate) fn complain(&mut self, text: &str) {
        self.error.text(text);
        self.error.show(true);
    }

    fn try_read(&self, words: &Words) -> Result<Setup, Wrong> {
        let session = |name, label, unit, least, most| {
            self.number(
                words,
                "",
                &Number {
                    name,
                    label,
                    unit,
                    least,
                    most,
                },
            )
        };
        let most_probes = super::words::seconds(Setup::MOST_PROBES) * 1e9;
        let count = session("count", key::FIELD_COUNT, 1.0, 1.0, most_probes)?;
        let timeout_ns = session("timeout", key::FIELD_TIMEOUT, MS, 0.001, HOUR)?;
        let linger_ns = match self.text("linger").trim() {
            "" => None,
            _ => Some(session("linger", key::FIELD_LINGER, MS, 0.0, HOUR)?),
        };
        let schedule = match self.text("schedule").as_str() {
            "paced" => ScheduleSpec::Paced {
                interval_ns: session("interval", key::FIELD_INTERVAL, MS, 0.000_001, HOUR)?,
            },
            "window" => {
                let size = session("window", key::FIELD_WINDOW, 1.0, 1.0, 1e5)?;
                ScheduleSpec::Window {
                    size: u32::try_from(size).unwrap_or(u32::MAX),
                }
            }
            _ => ScheduleSpec::StopAndWait {
                gap_ns: session("gap", key::FIELD_GAP, MS, 0.0, HOUR)?,
            },
        };
        let size = if self.text("size").trim().is_empty() {
            None
        } else {
            Some(session("size", key::FIELD_SIZE, 1.0, 1.0, 65_507.0)?)
        };
        let seed = self.text("seed");
        let seed: Seed = seed.parse().map_err(|_| Wrong {
            text: wrong_number(
                words,
                key::FIELD_SEED,
                &seed,
                0.0,
                super::words::seconds(Seed::MAX.get()) * 1e9,
            ),
            field: "seed".to_owned(),
        })?;
        Ok(Setup {
            schedule,
            count,
            timeout_ns,
            // A timeout's worth is what a session without a word about it has.
            linger_ns: linger_ns.filter(|linger| *linger != timeout_ns),
            size,
            scenario: Scenario {
                seed,
                request: self.read_way(words, "request")?,
                reply: self.read_way(words, "reply")?,
                service_ns: session("service", key::FIELD_SERVICE, MS, 0.0, HOUR)?,
                interventions: Vec::new(),
            },
        })
    }

    fn read_way(&self, words: &Words, way: &str) -> Result<Conditions, Wrong> {
        let read = |name, label, unit, most| {
            self.number(
                words,
                way,
                &Number {
                    name,
                    label,
                    unit,
                    least: 0.0,
                    most,
                },
            )
        };
        let rate = |name, label| {
            let ppm = read(name, label, PERCENT, 100.0)?;
            Ok(Rate::from_ppm(u32::try_from(ppm).unwrap_or(u32::MAX)).unwrap_or(Rate::ALWAYS))
        };
        let span = |name, label| read(name, label, MS, HOUR).map(Duration::from_nanos);
        let text = |name: &str| self.text(&format!("{way}-{name}"));
        let loss = rate("loss", key::FIELD_LOSS)?;
        let loss = if text("loss-kind") == "bursty" {
            Loss::Bursty {
                enter_bad: rate("enter", key::FIELD_ENTER)?,
                leave_bad: rate("leave", key::FIELD_LEAVE)?,
                loss_in_bad: loss,
                loss_in_good: rate("good", key::FIELD_GOOD)?,
            }
        } else {
            Loss::Independent(loss)
        };
        let jitter = span("jitter", key::FIELD_JITTER)?;
        let jitter = match text("shape").as_str() {
            _ if jitter.is_zero() => Jitter::None,
            "normal" => Jitter::Normal { sigma: jitter },
            "exponential" => Jitter::Exponential { mean: jitter },
            "log-normal" => Jitter::LogNormal {
                mean: span("mean", key::FIELD_MEAN)?,
                sigma: jitter,
            },
            _ => Jitter::Uniform { spread: jitter },
        };
        let reorder = rate("reorder", key::FIELD_REORDER)?;
        let extra = if reorder == Rate::NEVER {
            Duration::ZERO
        } else {
            span("hold", key::FIELD_HOLD)?
        };
        Ok(Conditions {
            loss,
            delay: span("delay", key::FIELD_DELAY)?,
            jitter,
            duplicate: rate("duplicate", key::FIELD_DUPLICATE)?,
            reorder: Reorder {
                rate: reorder,
                extra,
            },
            corrupt: rate("corrupt", key::FIELD_CORRUPT)?,
        })
    }

    /// Reads one number, in the unit that the core wants.
    fn number(&self, words: &Words, way: &str, number: &Number) -> Result<u64, Wrong> {
        let field = if way.is_empty() {
            number.name.to_owned()
        } else {
            format!("{way}-{}", number.name)
        };
        let text = self.text(&field);
        let value = words
            .read(&text)
            .filter(|value| (number.least..=number.most).contains(value));
        match value {
            Some(value) => Ok(super::bench::scale(1, value * number.unit)),
            None => Err(Wrong {
                text: wrong_number(words, number.label, &text, number.least, number.most),
                field,
            }),
        }
    }

    /// A slider was moved: its field follows.
    pub(crate) fn slide(&self, words: &Words, name: &str) {
        let Some(reach) = reach(name) else { return };
        let slider = first(&self.root, &format!("[data-slider=\"{name}\"]"));
        let part = wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(&slider)
            .value_as_number()
            / 1000.0;
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
        self.put(name, &trim(words, rounded));
    }

    /// Fields that the choices call for are shown, and sliders follow their fields.
    fn after_change(&mut self, words: &Words) {
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
            label.set_text_content(Some(words.get(if bursty {
                key::FIELD_LOSS_IN_BURST
            } else {
                key::FIELD_LOSS
            })));
        }
        for slider in all(&self.root, "[data-slider]") {
            let name = slider.get_attribute("data-slider").unwrap_or_default();
            let value = words.read(&self.text(&name)).unwrap_or_default();
            let part = (value / reach(&name).unwrap_or(1.0)).clamp(0.0, 1.0).sqrt();
            wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(&slider)
                .set_value_as_number((part * 1000.0).round());
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
        let field = self.field(name);
        match wasm_bindgen::JsCast::dyn_ref::<HtmlSelectElement>(&field) {
            Some(select) => select.value(),
            None => wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(&field).value(),
        }
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
    let template: web_sys::HtmlTemplateElement = super::dom::typed("t-way");
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

fn ns(value: u64) -> f64 {
    super::words::seconds(value) * 1e9
}

/// A number for a field: up to six decimals, no separators of thousands.
pub(crate) fn trim(words: &Words, value: f64) -> String {
    // JavaScript writes the shortest number that reads back as the same.
    let rounded = (value * 1e6).round() / 1e6;
    words.with_own_point(&String::from(js_sys::Number::from(rounded).to_js_string()))
}

fn wrong_number(words: &Words, label: Key, value: &str, least: f64, most: f64) -> String {
    words.say(
        key::WRONG_NUMBER,
        &[
            ("field", Value::Text(words.get(label))),
            ("value", Value::Text(value)),
            ("least", Value::Text(&words.decimal(least, 0, 6))),
            ("most", Value::Text(&words.decimal(most, 0, 6))),
        ],
    )
}

/// What the core says of conditions it refuses, said of the form.
pub(crate) fn refused(words: &Words, error: &WorldError) -> String {
    let what = refusal::world(words, error);
    words.say(key::WRONG_SCENARIO, &[("what", Value::Text(&what))])
}
