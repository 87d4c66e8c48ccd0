//! Prometheus' protobuf format, in which native histograms travel:
//! `io.prometheus.client.MetricFamily`, each behind its length.
//!
//! The messages stand here as `prost` derives them: the kept client compiles them from their
//! description, with a compiler of its own, whenever this is built.

use prost::Message;

use super::histogram::{SCHEMA, ZERO_THRESHOLD};
use super::{Encoder, Family, HistogramView, Label, MetricType, Value, seconds};

pub(super) const CONTENT_TYPE: &str =
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

#[derive(Debug, Default)]
pub(super) struct ProtobufEncoder {
    family: Option<MetricFamily>,
    bytes: Vec<u8>,
}

impl ProtobufEncoder {
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.end_family();
        self.bytes
    }

    fn end_family(&mut self) {
        // A family without samples would be refused.
        if let Some(family) = self.family.take().filter(|it| !it.metric.is_empty()) {
            self.bytes.extend(family.encode_length_delimited_to_vec());
        }
    }
}

impl Encoder for ProtobufEncoder {
    fn family(&mut self, family: &'static Family) {
        self.end_family();
        let kind = match family.kind {
            MetricType::Counter => MetricTypeMessage::Counter,
            MetricType::Gauge | MetricType::Info => MetricTypeMessage::Gauge,
            MetricType::Summary => MetricTypeMessage::Summary,
            MetricType::Histogram => MetricTypeMessage::Histogram,
        };
        self.family = Some(MetricFamily {
            name: family.sample_name(),
            help: family.help.to_owned(),
            kind: kind.into(),
            metric: Vec::new(),
        });
    }

    fn sample(&mut self, labels: &[Label<'_>], value: &Value<'_>) {
        let Some(family) = &mut self.family else {
            return;
        };
        let number = |value| Some(Number { value });
        let mut metric = Metric {
            label: labels
                .iter()
                .map(|(name, value)| pair(name, value))
                .collect(),
            ..Metric::default()
        };
        match value {
            #[expect(clippy::cast_precision_loss, reason = "the format has but doubles")]
            Value::Count(count) => metric.counter = number(*count as f64),
            Value::Gauge(value) => metric.gauge = number(*value),
            Value::Info => metric.gauge = number(1.0),
            Value::Summary(summary) => {
                metric.summary = Some(SummaryMessage {
                    sample_count: summary.count,
                    sample_sum: seconds(summary.sum_ns),
                });
            }
            Value::Histogram(histogram) => metric.histogram = Some(histogram_message(histogram)),
        }
        family.metric.push(metric);
    }
}

/// With native buckets, the classic ones are still there: it is they that have the exemplars.
fn histogram_message(histogram: &HistogramView<'_>) -> HistogramMessage {
    let buckets = histogram.cumulative().map(|(bound, sum, exemplar)| Bucket {
        cumulative_count: sum,
        upper_bound: bound,
        exemplar: exemplar.map(|exemplar| ExemplarMessage {
            label: histogram
                .journal
                .map(|journal| pair("journal", journal))
                .into_iter()
                .chain([pair("probe", &exemplar.probe.to_string())])
                .collect(),
            value: seconds(exemplar.nanos),
        }),
    });
    let mut message = HistogramMessage {
        sample_count: histogram.total.count,
        sample_sum: seconds(histogram.total.sum_ns),
        bucket: buckets.collect(),
        ..HistogramMessage::default()
    };
    if let Some(native) = histogram.native {
        message.schema = SCHEMA;
        message.zero_threshold = ZERO_THRESHOLD;
        message.zero_count = native.zero;
        let (mut end, mut last) = (0, 0);
        for (start, counts) in native.runs() {
            let length = i32::try_from(counts.len()).unwrap_or(i32::MAX);
            message.positive_span.push(BucketSpan {
                offset: start - end,
                length: length.unsigned_abs(),
            });
            end = start.saturating_add(length);
            for count in counts {
                let count = count.cast_signed();
                message.positive_delta.push(count - last);
                last = count;
            }
        }
    }
    message
}

fn pair(name: &str, value: &str) -> LabelPair {
    LabelPair {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

#[derive(Clone, PartialEq, Message)]
struct MetricFamily {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    help: String,
    #[prost(enumeration = "MetricTypeMessage", tag = "3")]
    kind: i32,
    #[prost(message, repeated, tag = "4")]
    metric: Vec<Metric>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
enum MetricTypeMessage {
    Counter = 0,
    Gauge = 1,
    Summary = 2,
    Histogram = 4,
}

#[derive(Clone, PartialEq, Message)]
struct Metric {
    #[prost(message, repeated, tag = "1")]
    label: Vec<LabelPair>,
    #[prost(message, optional, tag = "2")]
    gauge: Option<Number>,
    #[prost(message, optional, tag = "3")]
    counter: Option<Number>,
    #[prost(message, optional, tag = "4")]
    summary: Option<SummaryMessage>,
    #[prost(message, optional, tag = "7")]
    histogram: Option<HistogramMessage>,
}

#[derive(Clone, PartialEq, Eq, Message)]
struct LabelPair {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    value: String,
}

/// `Gauge` and `Counter` are alike.
#[derive(Clone, Copy, PartialEq, Message)]
struct Number {
    #[prost(double, tag = "1")]
    value: f64,
}

#[derive(Clone, Copy, PartialEq, Message)]
struct SummaryMessage {
    #[prost(uint64, tag = "1")]
    sample_count: u64,
    #[prost(double, tag = "2")]
    sample_sum: f64,
}

#[derive(Clone, PartialEq, Message)]
struct HistogramMessage {
    #[prost(uint64, tag = "1")]
    sample_count: u64,
    #[prost(double, tag = "2")]
    sample_sum: f64,
    #[prost(message, repeated, tag = "3")]
    bucket: Vec<Bucket>,
    #[prost(sint32, tag = "5")]
    schema: i32,
    #[prost(double, tag = "6")]
    zero_threshold: f64,
    #[prost(uint64, tag = "7")]
    zero_count: u64,
    #[prost(message, repeated, tag = "12")]
    positive_span: Vec<BucketSpan>,
    #[prost(sint64, repeated, tag = "13")]
    positive_delta: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Bucket {
    #[prost(uint64, tag = "1")]
    cumulative_count: u64,
    #[prost(double, tag = "2")]
    upper_bound: f64,
    #[prost(message, optional, tag = "3")]
    exemplar: Option<ExemplarMessage>,
}

#[derive(Clone, Copy, PartialEq, Eq, Message)]
struct BucketSpan {
    #[prost(sint32, tag = "1")]
    offset: i32,
    #[prost(uint32, tag = "2")]
    length: u32,
}

#[derive(Clone, PartialEq, Message)]
struct ExemplarMessage {
    #[prost(message, repeated, tag = "1")]
    label: Vec<LabelPair>,
    #[prost(double, tag = "2")]
    value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::histogram::Histogram;

    static RTT: Family = Family {
        name: "x_rtt_seconds",
        kind: MetricType::Histogram,
        labels: &[],
        help: "RTT.",
    };

    #[test]
    fn spans_and_differences_give_the_native_counts() {
        let mut rtt = Histogram::<2>::new(&[1_000_000_000], true);
        for nanos in [
            1_000_000_000,
            1_050_000_000,
            2_000_000_000,
            2_000_000_000,
            0,
        ] {
            rtt.record(7, nanos);
        }
        let mut encoder = ProtobufEncoder::default();
        encoder.family(&RTT);
        encoder.sample(&[("target", "a")], &Value::Histogram(rtt.view(None)));
        let bytes = encoder.finish();
        let family = MetricFamily::decode_length_delimited(&*bytes).unwrap();
        assert_eq!((&*family.name, family.kind), ("x_rtt_seconds", 4));
        let histogram = family.metric[0].histogram.as_ref().unwrap();
        let span = |offset, length| BucketSpan { offset, length };
        assert_eq!(histogram.positive_span, [span(0, 2), span(6, 1)]);
        assert_eq!(histogram.positive_delta, [1, 0, 1]);
        assert_eq!((histogram.zero_count, histogram.sample_count), (1, 5));
        let probe = histogram.bucket[0].exemplar.as_ref().unwrap();
        assert_eq!(probe.label, [pair("probe", "7")]);
    }

    #[test]
    fn a_family_without_samples_is_left_out() {
        let mut encoder = ProtobufEncoder::default();
        encoder.family(&RTT);
        assert!(encoder.finish().is_empty());
    }
}
