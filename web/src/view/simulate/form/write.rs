//! From a [`Setup`] to the fields.
//!
//! Owns what stands in a field that a setup says nothing of.

use std::time::Duration;

use udping_journal::ScheduleSpec;
use udping_link::{Impairments, Jitter, Loss, Rate};

use super::{Form, MS, PERCENT, trim};
use crate::view::i18n::Localization;
use udping_engine::scale::float;
use udping_engine::setup::Setup;

impl Form {
    /// Shows a setup.
    pub(crate) fn write(&mut self, l10n: &Localization, setup: &Setup) {
        self.setup = setup.clone();
        self.setup.scenario.interventions.clear();
        let put = |name: &str, text: String| self.put(name, &text);
        let number = |ns: f64, unit: f64| trim(l10n, ns / unit);
        put("count", setup.count.to_string());
        put("timeout", number(ns(setup.timeout_ns), MS));
        put(
            "late-window",
            setup
                .late_window_ns
                .map(|window| number(ns(window), MS))
                .unwrap_or_default(),
        );
        put(
            "size",
            setup.size.map(|size| size.to_string()).unwrap_or_default(),
        );
        put("wire", setup.wire.clone().unwrap_or_default());
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
        for (way, impairments) in [
            ("request", &setup.scenario.request),
            ("reply", &setup.scenario.reply),
        ] {
            self.write_way(l10n, way, impairments);
        }
        for (name, fallback) in [("gap", "0"), ("interval", "100"), ("window", "4")] {
            if self.text(name).is_empty() {
                self.put(name, fallback);
            }
        }
        self.after_change(l10n);
    }

    fn write_way(&self, l10n: &Localization, way: &str, impairments: &Impairments) {
        let put = |name: &str, text: &str| self.put(&format!("{way}-{name}"), text);
        let ms = |duration: Duration| trim(l10n, duration.as_secs_f64() * 1e3);
        let percent = |rate: Rate| trim(l10n, f64::from(rate.ppm()) / PERCENT);
        match impairments.loss {
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
                put(name, &trim(l10n, fallback));
            }
        }
        put("delay", &ms(impairments.delay));
        let (shape, jitter) = match impairments.jitter {
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
        put("duplicate", &percent(impairments.duplicate));
        put("reorder", &percent(impairments.reorder.rate));
        if impairments.reorder.extra > Duration::ZERO {
            put("hold", &ms(impairments.reorder.extra));
        }
        put("corrupt", &percent(impairments.corrupt));
    }
}

fn ns(value: u64) -> f64 {
    float(value)
}
