//! What was measured, and how it is told: runs, medians, ratios, targets.
//!
//! Owns the arithmetic of results. Knows nothing of how they came about.

use std::fmt;

use serde_json::{Value, json};

use super::machine::Machine;

/// One thing measured, once in each round.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) runs: Vec<f64>,
    /// What it is compared with: the run of the same round, so that a slow spell of the
    /// machine hits both.
    against: Option<(String, Vec<f64>)>,
    target: Option<Target>,
}

/// What a series should come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Target {
    /// The median itself.
    AtMost(f64),
    /// The median itself.
    AtLeast(f64),
    /// The median ratio.
    RatioAtMost(f64),
    /// The median ratio.
    RatioAtLeast(f64),
}

impl Series {
    pub(crate) fn new(what: impl Into<String>, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            unit,
            runs: Vec::new(),
            against: None,
            target: None,
        }
    }

    /// The same, with one more run.
    pub(crate) fn with(mut self, run: f64) -> Self {
        self.runs.push(run);
        self
    }

    /// The same, with what it should come to.
    pub(crate) fn aiming(self, target: Target) -> Self {
        Self {
            target: Some(target),
            ..self
        }
    }

    /// The same runs under another name, compared with `other`, as they should be.
    pub(crate) fn beside(&self, other: &Self, what: impl Into<String>, target: Target) -> Self {
        let mut beside = Self {
            what: what.into(),
            ..self.clone()
        }
        .aiming(target);
        beside.compare(other);
        beside
    }

    /// Compares it, run by run, with `other`.
    pub(crate) fn compare(&mut self, other: &Self) {
        self.against = Some((other.what.clone(), other.runs.clone()));
    }

    pub(crate) fn median(&self) -> Option<f64> {
        median(&self.runs)
    }

    /// The median of the ratios of paired runs.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let (_, other) = self.against.as_ref()?;
        let ratios: Vec<_> = self.runs.iter().zip(other).map(|(a, b)| a / b).collect();
        median(&ratios)
    }

    fn met(&self) -> Option<bool> {
        match self.target? {
            Target::AtMost(most) => self.median().map(|it| it <= most),
            Target::AtLeast(least) => self.median().map(|it| it >= least),
            Target::RatioAtMost(most) => self.ratio().map(|it| it <= most),
            Target::RatioAtLeast(least) => self.ratio().map(|it| it >= least),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "what": self.what,
            "unit": self.unit,
            "runs": self.runs,
            "median": self.median(),
            "against": self.against.as_ref().map(|(what, _)| what),
            "ratio": self.ratio(),
            "target": self.target.map(|target| target.to_string()),
            "met": self.met(),
        })
    }

    /// Its cells in the table.
    fn row(&self) -> String {
        let median = self.median().map_or("–".to_owned(), figure);
        let spread =
            range(&self.runs).map(|(least, most)| format!("{} to {}", figure(least), figure(most)));
        let ratio = self.ratio().zip(self.against.as_ref());
        let ratio = ratio.map(|(ratio, (what, _))| format!("{ratio:.3} × {what}"));
        let target = self.target.zip(self.met());
        let target = target
            .map(|(target, met)| format!("{target}: {}", if met { "met" } else { "**missed**" }));
        format!(
            "| {} | {median} {} | {} | {} | {} |",
            self.what,
            self.unit,
            spread.unwrap_or_default(),
            ratio.unwrap_or_default(),
            target.unwrap_or_default()
        )
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let median = self.median().map_or("–".to_owned(), figure);
        write!(f, "{:<58} {median:>10} {}", self.what, self.unit)?;
        if let Some((ratio, (what, _))) = self.ratio().zip(self.against.as_ref()) {
            write!(f, ", {ratio:.3} × {what}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "at most {most}"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::RatioAtMost(most) => write!(f, "ratio at most {most}"),
            Self::RatioAtLeast(least) => write!(f, "ratio at least {least}"),
        }
    }
}

/// The middle of some figures, or the mean of the middle two.
pub(crate) fn median(figures: &[f64]) -> Option<f64> {
    let sorted = sorted(figures);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

/// The smallest figure that `parts` of a hundred of them do not exceed (RFC 2330 §11.3).
pub(crate) fn percentile(figures: &[f64], parts: usize) -> Option<f64> {
    let sorted = sorted(figures);
    let rank = (sorted.len() * parts).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

fn sorted(figures: &[f64]) -> Vec<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

fn range(figures: &[f64]) -> Option<(f64, f64)> {
    let sorted = sorted(figures);
    Some((*sorted.first()?, *sorted.last()?))
}

/// Three or more digits that mean something.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size < 1_000.0 && value.fract() == 0.0 => format!("{value}"),
        size if size >= 1_000.0 => format!("{value:.0}"),
        size if size >= 100.0 => format!("{value:.1}"),
        size if size >= 10.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// The table, dated, with the machine described and what was not there.
pub(crate) fn markdown(
    machine: &Machine,
    rounds: usize,
    tables: &[(&str, &[Series])],
    missing: &[String],
) -> String {
    let mut lines = vec![format!(
        "# Measured on {}\n\n{machine}\n\nEach figure is the median of {rounds} runs at the most, programs in turn; each ratio\n\
         the median of the ratios of runs of the same round. `cargo xtask bench` makes this table.",
        machine.date
    )];
    for (title, series) in tables {
        lines.push(format!(
            "\n## {title}\n\n| what | median | least to most | ratio | target |\n|---|---|---|---|---|"
        ));
        lines.extend(series.iter().map(Series::row));
    }
    lines.extend(missing.iter().map(|it| format!("\nNot there: {it}")));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(runs: &[f64]) -> Series {
        Series {
            runs: runs.to_vec(),
            ..Series::new("ours", "µs")
        }
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let mut ours = series(&[2.0, 30.0, 4.0]).aiming(Target::RatioAtMost(1.0));
        ours.compare(&series(&[1.0, 30.0, 8.0]));
        assert_eq!((ours.median(), ours.ratio()), (Some(4.0), Some(1.0)));
        assert_eq!(ours.met(), Some(true));
        assert!(ours.row().contains("met"), "{}", ours.row());
        ours.compare(&series(&[1.0, 15.0, 8.0]));
        assert_eq!(ours.met(), Some(false));
    }

    #[test]
    fn nothing_measured_is_no_figure() {
        let nothing = series(&[]).aiming(Target::AtMost(1.0));
        assert_eq!((nothing.median(), nothing.met()), (None, None));
    }

    #[test]
    fn percentiles_are_figures_that_occurred() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(&hundred, 50), Some(50.0));
        assert_eq!(percentile(&hundred, 99), Some(99.0));
        assert_eq!(percentile(&hundred[..1], 99), Some(100.0));
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(median(&hundred), Some(50.5));
    }
}
