//! Figures for other people's engines: Prometheus and whatever reads its formats, and
//! OpenTelemetry's collectors.
//!
//! Owns what a metric is here, and the one list of samples from which every format is made, so
//! that a scrape and a push agree. Which metrics there are, their sources know.

pub(crate) mod histogram;
mod http;
mod otlp;
mod protobuf;
mod push;
mod text;
mod web_config;

use std::time::Duration;

pub(crate) use histogram::{Histogram, HistogramView, Summary};
pub(crate) use http::{Listener, MetricsServer};
pub(crate) use push::{PushCounts, PushPlan};
pub(crate) use web_config::WebConfig;

/// A metric, as it is documented.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Family {
    /// Without the suffix of its kind (`_total`, `_info`, `_bucket`…), with that of its unit.
    pub(crate) name: &'static str,
    pub(crate) kind: MetricType,
    /// Of a sample, beside its source's.
    pub(crate) labels: &'static [&'static str],
    pub(crate) help: &'static str,
}

/// What every one of our processes says of itself.
pub(crate) static BUILD: Family = Family {
    name: "udping_build",
    kind: MetricType::Info,
    labels: &["version"],
    help: "The version of udping.",
};

/// What kind of a metric it is, by `OpenMetrics` §5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetricType {
    Counter,
    Gauge,
    Histogram,
    Summary,
    Info,
}

impl MetricType {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Summary => "summary",
            Self::Info => "info",
        }
    }
}

impl Family {
    /// The name of its samples, where each is one number.
    pub(crate) fn sample_name(&self) -> String {
        let suffix = match self.kind {
            MetricType::Counter => "_total",
            MetricType::Info => "_info",
            MetricType::Gauge | MetricType::Histogram | MetricType::Summary => "",
        };
        format!("{}{suffix}", self.name)
    }

    /// The unit of its values, which ends its name.
    pub(crate) fn unit(&self) -> Option<&'static str> {
        ["seconds", "ratio"]
            .into_iter()
            .find(|unit| self.name.rsplit('_').next() == Some(unit))
    }
}

/// A name and its value.
pub(crate) type Label<'a> = (&'a str, &'a str);

/// What a sample says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Count(u64),
    Gauge(f64),
    Info,
    Summary(Summary),
    Histogram(HistogramView<'a>),
}

/// A format: it takes each family once, and after it its samples.
pub(crate) trait Encoder {
    fn family(&mut self, family: &'static Family);
    fn sample(&mut self, labels: &[Label<'_>], value: &Value<'_>);
}

/// Where figures come from.
pub(crate) trait Source: Send + Sync {
    /// All figures of one moment.
    ///
    /// # Errors
    /// Whoever has them does not answer.
    fn encode(&self, to: &mut dyn Encoder) -> anyhow::Result<()>;

    /// Whether it does its work, and not only begins to.
    fn is_ready(&self) -> bool;
}

/// The text of what `encode` gives.
#[cfg(test)]
pub(crate) fn text_of(encode: impl FnOnce(&mut dyn Encoder)) -> String {
    let mut encoder = text::TextEncoder::new(text::Dialect::OpenMetrics);
    encode(&mut encoder);
    String::from_utf8(encoder.finish()).unwrap_or_default()
}

/// Seconds, as all engines want times.
pub(crate) fn seconds(nanos: u64) -> f64 {
    Duration::from_nanos(nanos).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A metric's row in the documents, but for what it means.
    fn row(family: &Family) -> String {
        let labels: Vec<String> = family.labels.iter().map(|it| format!("`{it}`")).collect();
        let (name, kind) = (family.sample_name(), family.kind.name());
        format!("| `{name}` | {kind} | {} |", labels.join(", ")).replace("|  |", "| |")
    }

    #[test]
    fn the_documents_have_every_metric_and_no_other() {
        let monitor = crate::monitor::FAMILIES.into_iter();
        let serve = crate::serve::FAMILIES.into_iter().skip(1);
        let families: Vec<&Family> = monitor.chain(serve).collect();
        let english = include_str!("../../docs/monitor.md");
        let portuguese = include_str!("../../docs/monitor.pt-BR.md");
        for text in [english, portuguese] {
            let rows = text.lines().filter(|line| line.starts_with("| `udping_"));
            let rows: Vec<&str> = rows.collect();
            assert_eq!(rows.len(), families.len());
            for (line, family) in rows.iter().zip(&families) {
                assert!(line.starts_with(&row(family)), "{line}: {}", row(family));
            }
        }
        for family in families {
            let whole = format!("{} {} |\n", row(family), family.help);
            assert!(english.contains(&whole), "{whole}");
        }
    }

    #[test]
    fn names_end_with_their_unit_and_helps_with_a_point() {
        for family in crate::monitor::FAMILIES
            .into_iter()
            .chain(crate::serve::FAMILIES)
        {
            assert!(family.name.starts_with("udping_"), "{family:?}");
            assert!(!family.name.ends_with("_total"), "{family:?}");
            assert!(family.help.ends_with('.'), "{family:?}");
        }
    }
}
