//! From the fields to a [`Setup`].
//!
//! Owns the fields' ranges, and what is said of a field that is out of its own.

use std::time::Duration;

use udping_journal::Scenario;
use udping_journal::ScheduleSpec;
use udping_link::{Impairments, Jitter, Loss, Rate, Reorder, Seed};

use super::{Form, MS, PERCENT};
use crate::view::i18n::{Key, Localization, Value, key};
use crate::view::run_view::scale;
use udping_engine::scale::float;
use udping_engine::setup::Setup;

/// The longest time that a field may say, in milliseconds.
const HOUR: f64 = 3.6e6;

/// A field, as its number is understood: name, unit and range.
struct Number {
    name: &'static str,
    label: Key,
    /// What one of the field's units is inside.
    unit: f64,
    least: f64,
    most: f64,
}

/// What is wrong with a field.
pub(super) struct FieldError {
    pub(super) field: String,
    pub(super) text: String,
}

impl Form {
    pub(super) fn try_read(&self, l10n: &Localization) -> Result<Setup, FieldError> {
        let session = |name, label, unit, least, most| {
            self.number(
                l10n,
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
        let most_probes = float(Setup::MOST_PROBES);
        let count = session("count", key::FIELD_COUNT, 1.0, 1.0, most_probes)?;
        let timeout_ns = session("timeout", key::FIELD_TIMEOUT, MS, 0.001, HOUR)?;
        let late_window_ns = match self.text("late-window").trim() {
            "" => None,
            _ => Some(session(
                "late-window",
                key::FIELD_LATE_WINDOW,
                MS,
                0.0,
                HOUR,
            )?),
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
        let seed: Seed = seed.parse().map_err(|_| FieldError {
            text: wrong_number(l10n, key::FIELD_SEED, &seed, 0.0, float(Seed::MAX.get())),
            field: "seed".to_owned(),
        })?;
        Ok(Setup {
            schedule,
            count,
            timeout_ns,
            // A timeout's worth is what a session without a word about it has.
            late_window_ns: late_window_ns.filter(|window| *window != timeout_ns),
            size,
            wire: Some(self.text("wire")).filter(|wire| !wire.is_empty()),
            scenario: Scenario {
                seed,
                request: self.read_way(l10n, "request")?,
                reply: self.read_way(l10n, "reply")?,
                service_ns: session("service", key::FIELD_SERVICE, MS, 0.0, HOUR)?,
                interventions: Vec::new(),
            },
        })
    }

    fn read_way(&self, l10n: &Localization, way: &str) -> Result<Impairments, FieldError> {
        let read = |name, label, unit, most| {
            self.number(
                l10n,
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
        Ok(Impairments {
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
    fn number(&self, l10n: &Localization, way: &str, number: &Number) -> Result<u64, FieldError> {
        let field = if way.is_empty() {
            number.name.to_owned()
        } else {
            format!("{way}-{}", number.name)
        };
        let text = self.text(&field);
        let value = l10n
            .read(&text)
            .filter(|value| (number.least..=number.most).contains(value));
        match value {
            Some(value) => Ok(scale(1, value * number.unit)),
            None => Err(FieldError {
                text: wrong_number(l10n, number.label, &text, number.least, number.most),
                field,
            }),
        }
    }
}

fn wrong_number(l10n: &Localization, label: Key, value: &str, least: f64, most: f64) -> String {
    l10n.say(
        key::WRONG_NUMBER,
        &[
            ("field", Value::Text(l10n.get(label))),
            ("value", Value::Text(value)),
            ("least", Value::Text(&l10n.decimal(least, 0, 6))),
            ("most", Value::Text(&l10n.decimal(most, 0, 6))),
        ],
    )
}
