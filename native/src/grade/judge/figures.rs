//! The judge of figures: least, mean and greatest round trip, deviation, and loss.
//!
//! Owns what each is computed from: what the program itself printed of its pings, so that a
//! wrong round trip is not counted twice, and the truth where it printed nothing.

use super::{Arrival, Bug, Claim, Judge, ReplyKind, Said, shown};
use crate::grade::printed::{Quantity, Unit};

impl Judge<'_> {
    /// What is printed of all pings.
    pub(super) fn figures(&mut self) {
        let pings = self.truth.pings.len();
        let said = self.attributed();
        let known = |claim: &Claim| match &claim.said {
            Said::Rtt(quantity) => self.value(quantity).is_some(),
            Said::Lost | Said::TimedOut => true,
        };
        let complete = said.len() == pings && said.iter().all(|it| known(&it.0));
        let mut rtts = Vec::new();
        if complete {
            for (claim, _) in &said {
                if let Said::Rtt(quantity) = &claim.said {
                    rtts.extend(self.value(quantity));
                }
            }
        } else {
            rtts.extend((0..pings).filter_map(|it| self.truth.in_time(it)));
        }
        // Near the timeout either may be right.
        let sure = complete || !(0..pings).any(|it| self.truth.is_near(it, super::NEAR));
        let tolerance = if complete {
            0.0015
        } else {
            0.02 + 4.0 * self.truth.late
        };
        if sure && !self.seen.unseen && (complete || !self.may_be_stranger()) {
            if self.judged.hints.always.is_none() {
                self.times(&rtts, tolerance);
            }
            self.loss(rtts.len(), complete);
        }
    }

    /// Whether its times may rightly be those of replies from another port.
    fn may_be_stranger(&self) -> bool {
        let mut arrivals = self.truth.arrivals.iter();
        let stranger = arrivals.any(|it| it.kind == Some(ReplyKind::Stranger));
        stranger && !self.assignment.checks_sender
    }

    fn times(&mut self, rtts: &[f64], tolerance: f64) {
        let Some(count) = number(rtts.len()).filter(|it| *it > 0.0) else {
            return;
        };
        let figures = self.printed.figures.clone();
        let sum: f64 = rtts.iter().sum();
        let (mean, least) = (
            sum / count,
            rtts.iter().copied().fold(f64::INFINITY, f64::min),
        );
        let greatest = rtts.iter().copied().fold(0.0, f64::max);
        for (name, quantity, truth) in [
            ("min", figures.min, least),
            ("avg", figures.mean, mean),
            ("max", figures.max, greatest),
        ] {
            let Some(quantity) = quantity else { continue };
            let Some(value) = self.figure(&quantity, truth) else {
                continue;
            };
            self.judged.figures += 1;
            let step = self.step_of(&quantity, truth);
            // What the program measured itself may be longer than it was.
            let slow = if tolerance < 0.002 { 0.0 } else { 0.3 };
            if value < truth - tolerance - step || value > truth + tolerance + step + slow {
                let printed = format!("{name} {}", quantity.text);
                self.find(Bug::Statistics, None, &printed, shown(truth), slow > 0.0);
            }
        }
        if let Some(quantity) = figures.deviation
            && rtts.len() > 2
            && let Some(value) = self.figure(&quantity, 0.0)
        {
            self.judged.figures += 1;
            let squares: f64 = rtts.iter().map(|it| (it - mean).powi(2)).sum();
            let millis = 1e3;
            // The variance, in the unit's square: of milliseconds, or of seconds.
            for variance in [squares / count, squares / (count - 1.0)] {
                let unit = quantity
                    .unit
                    .or(self.judged.hints.unit)
                    .map_or(1.0, Unit::size);
                let as_printed = variance / unit.powi(2) * unit;
                let is_deviation = (value - variance.sqrt()).abs() < 0.3 * variance.sqrt();
                let is_variance = (value - as_printed).abs() < 0.05 * as_printed;
                if is_variance && !is_deviation && variance.sqrt() * millis > 3.0 {
                    let truth = shown(variance.sqrt());
                    let printed = format!("mdev {}", quantity.text);
                    self.find(Bug::Statistics, None, &printed, truth, false);
                    break;
                }
            }
        }
    }

    /// A figure in seconds: without a unit, that of the pings, or else the one in which it
    /// would be right.
    fn figure(&self, quantity: &Quantity, truth: f64) -> Option<f64> {
        if let Some(value) = self.value(quantity) {
            return Some(value);
        }
        let near = |unit: &Unit| {
            let value = quantity.value * unit.size();
            truth > 0.0 && value > truth / 20.0 && value < truth * 20.0
        };
        let unit = Unit::ALL.into_iter().find(near)?;
        Some(quantity.value * unit.size())
    }

    fn step_of(&self, quantity: &Quantity, truth: f64) -> f64 {
        let value = self.figure(quantity, truth).unwrap_or_default();
        if quantity.value == 0.0 {
            return self.step(quantity);
        }
        quantity.step * (value / quantity.value).abs()
    }

    /// The loss in percent, of what was sent.
    fn loss(&mut self, replied: usize, complete: bool) {
        let Some(quantity) = self.printed.figures.loss.clone() else {
            return;
        };
        let (Some(replied), Some(sent)) = (number(replied), number(self.truth.pings.len())) else {
            return;
        };
        let replied = 100.0 * replied / sent;
        let lost = 100.0 - replied;
        let tolerance = quantity.step.max(0.01);
        self.judged.figures += 1;
        if (quantity.value - lost).abs() <= tolerance {
            return;
        }
        let inverted = (quantity.value - replied).abs() < tolerance;
        // More were counted than came in time, and no line says which.
        let counted = self
            .truth
            .strays()
            .filter(|_| !complete && quantity.value < lost);
        let counted: Vec<&Arrival> = counted.collect();
        let is_copy = |it: &&Arrival| it.kind == Some(ReplyKind::Copy);
        let bug = match counted.first() {
            Some(_) if counted.iter().all(is_copy) => Bug::DuplicateCredited,
            Some(_) if counted.iter().any(|it| it.ping.is_some()) => Bug::LateCredited,
            Some(_) => Bug::GarbageCredited,
            None if inverted => Bug::LossInverted,
            None => Bug::WrongLoss,
        };
        let printed = format!("{} %", quantity.value);
        // Whoever was kept from its timer may have counted one that came late.
        self.find(bug, None, &printed, format!("{lost:.1} %"), !complete);
    }
}

fn number(count: usize) -> Option<f64> {
    u32::try_from(count).ok().map(f64::from)
}
