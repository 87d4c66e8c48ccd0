//! The text formats: `OpenMetrics` 1.0, and Prometheus' own before it (0.0.4).
//!
//! Own code, and short: the kept encoders want every figure in an object of theirs first, which
//! for ten thousand targets is more than all that is measured of them.

use std::fmt::Write as _;

use super::histogram::Exemplar;
use super::{Encoder, Family, Label, MetricType, Value, seconds};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    OpenMetrics,
    Prometheus,
}

pub(super) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
pub(super) const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Debug)]
pub(super) struct TextEncoder {
    dialect: Dialect,
    /// What the samples are named after.
    name: String,
    text: String,
}

impl TextEncoder {
    pub(super) const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            name: String::new(),
            text: String::new(),
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.dialect == Dialect::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text.into_bytes()
    }

    fn line(
        &mut self,
        suffix: &str,
        labels: &[Label<'_>],
        bound: Option<f64>,
        value: &str,
        exemplar: Option<(Exemplar, Option<&str>)>,
    ) {
        let text = &mut self.text;
        text.push_str(&self.name);
        text.push_str(suffix);
        let mut before = '{';
        for (name, value) in labels {
            text.push(before);
            text.push_str(name);
            text.push_str("=\"");
            escape(text, value);
            text.push('"');
            before = ',';
        }
        if let Some(bound) = bound {
            // Writing to a string cannot fail, here and below.
            let _ = write!(text, "{before}le=\"{}\"", float(bound));
            before = ',';
        }
        if before == ',' {
            text.push('}');
        }
        text.push(' ');
        text.push_str(value);
        if let Some((Exemplar { probe, nanos }, journal)) =
            exemplar.filter(|_| self.dialect == Dialect::OpenMetrics)
        {
            text.push_str(" # {");
            if let Some(journal) = journal {
                text.push_str("journal=\"");
                escape(text, journal);
                text.push_str("\",");
            }
            let _ = write!(text, "probe=\"{probe}\"}} {}", float(seconds(nanos)));
        }
        text.push('\n');
    }
}

impl Encoder for TextEncoder {
    fn family(&mut self, family: &'static Family) {
        let sample_name = family.sample_name();
        let (name, kind) = match self.dialect {
            Dialect::OpenMetrics => (family.name, family.kind.name()),
            // It knows no infos, and its counters' names have their suffix.
            Dialect::Prometheus if family.kind == MetricType::Info => (&*sample_name, "gauge"),
            Dialect::Prometheus => (&*sample_name, family.kind.name()),
        };
        let text = &mut self.text;
        let _ = writeln!(text, "# TYPE {name} {kind}");
        if let (Dialect::OpenMetrics, Some(unit)) = (self.dialect, family.unit()) {
            let _ = writeln!(text, "# UNIT {name} {unit}");
        }
        let _ = writeln!(text, "# HELP {name} {}", family.help);
        self.name = sample_name;
    }

    fn sample(&mut self, labels: &[Label<'_>], value: &Value<'_>) {
        match value {
            Value::Count(count) => self.line("", labels, None, &count.to_string(), None),
            Value::Gauge(value) => self.line("", labels, None, &float(*value), None),
            Value::Info => self.line("", labels, None, "1", None),
            Value::Summary(summary) => {
                let sum = float(seconds(summary.sum_ns));
                self.line("_count", labels, None, &summary.count.to_string(), None);
                self.line("_sum", labels, None, &sum, None);
            }
            Value::Histogram(histogram) => {
                for (bound, sum, exemplar) in histogram.cumulative() {
                    let exemplar = exemplar.map(|it| (it, histogram.journal));
                    self.line("_bucket", labels, Some(bound), &sum.to_string(), exemplar);
                }
                let total = histogram.total;
                let sum = float(seconds(total.sum_ns));
                self.line("_count", labels, None, &total.count.to_string(), None);
                self.line("_sum", labels, None, &sum, None);
            }
        }
    }
}

/// As both formats write numbers: with a point, and infinity by its name.
fn float(value: f64) -> String {
    if value == f64::INFINITY {
        "+Inf".to_owned()
    } else {
        format!("{value:?}")
    }
}

fn escape(text: &mut String, value: &str) {
    for it in value.chars() {
        match it {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            it => text.push(it),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::histogram::Histogram;

    static SENT: Family = Family {
        name: "x_sent",
        kind: MetricType::Counter,
        labels: &[],
        help: "Sent.",
    };
    static RTT: Family = Family {
        name: "x_rtt_seconds",
        kind: MetricType::Histogram,
        labels: &[],
        help: "RTT.",
    };
    static INFO: Family = Family {
        name: "x_target",
        kind: MetricType::Info,
        labels: &[],
        help: "Target.",
    };

    fn all(dialect: Dialect) -> String {
        let mut encoder = TextEncoder::new(dialect);
        encoder.family(&SENT);
        encoder.sample(&[("target", "a\"\\\nb")], &Value::Count(7));
        encoder.family(&RTT);
        let mut rtt = Histogram::<2>::new(&[1_000_000], false);
        rtt.record(42, 2_500_000);
        encoder.sample(&[], &Value::Histogram(rtt.view(Some("j"))));
        encoder.family(&INFO);
        encoder.sample(&[("wire", "text")], &Value::Info);
        String::from_utf8(encoder.finish()).unwrap()
    }

    #[test]
    fn open_metrics_as_its_specification_has_it() {
        let expected = "\
# TYPE x_sent counter
# HELP x_sent Sent.
x_sent_total{target=\"a\\\"\\\\\\nb\"} 7
# TYPE x_rtt_seconds histogram
# UNIT x_rtt_seconds seconds
# HELP x_rtt_seconds RTT.
x_rtt_seconds_bucket{le=\"0.001\"} 0
x_rtt_seconds_bucket{le=\"+Inf\"} 1 # {journal=\"j\",probe=\"42\"} 0.0025
x_rtt_seconds_count 1
x_rtt_seconds_sum 0.0025
# TYPE x_target info
# HELP x_target Target.
x_target_info{wire=\"text\"} 1
# EOF
";
        assert_eq!(all(Dialect::OpenMetrics), expected);
    }

    #[test]
    fn the_older_format_has_neither_units_nor_infos_nor_exemplars() {
        let text = all(Dialect::Prometheus);
        assert!(text.starts_with("# TYPE x_sent_total counter\n"), "{text}");
        assert!(text.contains("# TYPE x_target_info gauge\n"), "{text}");
        assert!(
            text.contains("x_rtt_seconds_bucket{le=\"+Inf\"} 1\n"),
            "{text}"
        );
        assert!(!text.contains("UNIT") && !text.contains("EOF"), "{text}");
    }
}
