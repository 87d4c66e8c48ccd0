//! OpenTelemetry's protocol: `ExportMetricsServiceRequest` in protobuf.
//!
//! Owns how samples become its messages, cumulative as in a scrape, so that both agree. How they
//! get anywhere is `push`'s.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge,
    Histogram, HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum,
    Summary, SummaryDataPoint, exemplar,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message as _;

use super::histogram::{SCHEMA, ZERO_THRESHOLD};
use super::{Encoder, Family, HistogramView, Label, MetricType, Value, seconds};

/// Data points of one request: more than a hundred targets' with all that is known of them.
const MOST_POINTS: usize = 5_000;

const CUMULATIVE: i32 = AggregationTemporality::Cumulative as i32;

#[derive(Debug)]
pub(super) struct OtlpEncoder {
    /// Nanoseconds since 1970: since when is counted, and now.
    start: u64,
    now: u64,
    resource: Vec<KeyValue>,
    metrics: Vec<Metric>,
    points: usize,
    /// What `metrics` is added to when the next sample comes.
    family: Option<&'static Family>,
    requests: Vec<Vec<u8>>,
}

impl OtlpEncoder {
    /// Figures of `now` that began at `start`, both in nanoseconds since 1970.
    pub(super) fn new(start: u64, now: u64, resource: &[(String, String)]) -> Self {
        let service = attribute("service.name", "udping");
        let version = attribute("service.version", env!("CARGO_PKG_VERSION"));
        let resource = resource.iter().map(|(name, value)| attribute(name, value));
        Self {
            start,
            now,
            resource: [service, version].into_iter().chain(resource).collect(),
            metrics: Vec::new(),
            points: 0,
            family: None,
            requests: Vec::new(),
        }
    }

    /// All requests, each to be sent by itself.
    pub(super) fn finish(mut self) -> Vec<Vec<u8>> {
        self.end_request();
        self.requests
    }

    fn end_request(&mut self) {
        let metrics = std::mem::take(&mut self.metrics);
        self.points = 0;
        if metrics.is_empty() {
            return;
        }
        let scope = InstrumentationScope {
            name: "udping".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..InstrumentationScope::default()
        };
        let request = ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics {
                resource: Some(Resource {
                    attributes: self.resource.clone(),
                    ..Resource::default()
                }),
                scope_metrics: vec![ScopeMetrics {
                    scope: Some(scope),
                    metrics,
                    ..ScopeMetrics::default()
                }],
                ..ResourceMetrics::default()
            }],
        };
        self.requests.push(request.encode_to_vec());
    }

    /// The metric of the family, in this request.
    fn data(&mut self, family: &'static Family, native: bool) -> Option<&mut Data> {
        if self.points >= MOST_POINTS {
            self.end_request();
        }
        self.points += 1;
        let name = match family.kind {
            // A counter's suffix comes with its being one.
            MetricType::Counter => family.name.to_owned(),
            _ => family.sample_name(),
        };
        if self.metrics.last().is_none_or(|metric| metric.name != name) {
            let data = match family.kind {
                MetricType::Counter => Data::Sum(Sum {
                    aggregation_temporality: CUMULATIVE,
                    is_monotonic: true,
                    ..Sum::default()
                }),
                MetricType::Gauge | MetricType::Info => Data::Gauge(Gauge::default()),
                MetricType::Summary => Data::Summary(Summary::default()),
                MetricType::Histogram if native => {
                    Data::ExponentialHistogram(ExponentialHistogram {
                        aggregation_temporality: CUMULATIVE,
                        ..ExponentialHistogram::default()
                    })
                }
                MetricType::Histogram => Data::Histogram(Histogram {
                    aggregation_temporality: CUMULATIVE,
                    ..Histogram::default()
                }),
            };
            let unit = match family.unit() {
                Some("seconds") => "s",
                _ => "1",
            };
            self.metrics.push(Metric {
                name,
                description: family.help.to_owned(),
                unit: unit.to_owned(),
                data: Some(data),
                ..Metric::default()
            });
        }
        self.metrics.last_mut()?.data.as_mut()
    }

    fn exemplars(&self, histogram: &HistogramView<'_>) -> Vec<Exemplar> {
        let found = histogram.exemplars.iter().flatten();
        found
            .map(|it| {
                let journal = histogram.journal.map(|name| attribute("journal", name));
                let probe = attribute("probe", &it.probe.to_string());
                Exemplar {
                    filtered_attributes: journal.into_iter().chain([probe]).collect(),
                    time_unix_nano: self.now,
                    value: Some(exemplar::Value::AsDouble(seconds(it.nanos))),
                    ..Exemplar::default()
                }
            })
            .collect()
    }
}

impl Encoder for OtlpEncoder {
    fn family(&mut self, family: &'static Family) {
        self.family = Some(family);
    }

    fn sample(&mut self, labels: &[Label<'_>], value: &Value<'_>) {
        let Some(family) = self.family else { return };
        let (start_time_unix_nano, time_unix_nano) = (self.start, self.now);
        let attributes = labels.iter().map(|(name, value)| attribute(name, value));
        let attributes: Vec<KeyValue> = attributes.collect();
        let (exemplars, native) = match value {
            Value::Histogram(histogram) => (self.exemplars(histogram), histogram.native),
            _ => (Vec::new(), None),
        };
        let number = |value| NumberDataPoint {
            attributes: attributes.clone(),
            start_time_unix_nano,
            time_unix_nano,
            value: Some(value),
            ..NumberDataPoint::default()
        };
        match (self.data(family, native.is_some()), value) {
            (Some(Data::Sum(sum)), Value::Count(count)) => {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                sum.data_points.push(number(Number::AsInt(count)));
            }
            (Some(Data::Gauge(gauge)), Value::Gauge(value)) => {
                gauge.data_points.push(number(Number::AsDouble(*value)));
            }
            (Some(Data::Gauge(gauge)), Value::Info) => {
                gauge.data_points.push(number(Number::AsInt(1)));
            }
            (Some(Data::Summary(data)), Value::Summary(summary)) => {
                data.data_points.push(SummaryDataPoint {
                    attributes,
                    start_time_unix_nano,
                    time_unix_nano,
                    count: summary.count,
                    sum: seconds(summary.sum_ns),
                    ..SummaryDataPoint::default()
                });
            }
            (Some(Data::Histogram(data)), Value::Histogram(histogram)) => {
                data.data_points.push(HistogramDataPoint {
                    attributes,
                    start_time_unix_nano,
                    time_unix_nano,
                    count: histogram.total.count,
                    sum: Some(seconds(histogram.total.sum_ns)),
                    bucket_counts: histogram.counts.to_vec(),
                    explicit_bounds: histogram.bounds().collect(),
                    exemplars,
                    ..HistogramDataPoint::default()
                });
            }
            (Some(Data::ExponentialHistogram(data)), Value::Histogram(histogram)) => {
                let (first, bucket_counts) = native
                    .map(super::histogram::Native::dense)
                    .unwrap_or_default();
                data.data_points.push(ExponentialHistogramDataPoint {
                    attributes,
                    start_time_unix_nano,
                    time_unix_nano,
                    count: histogram.total.count,
                    sum: Some(seconds(histogram.total.sum_ns)),
                    scale: SCHEMA,
                    zero_count: native.map_or(0, |native| native.zero),
                    zero_threshold: ZERO_THRESHOLD,
                    // Here an index is that of a bucket's lower bound.
                    positive: Some(Buckets {
                        offset: first - 1,
                        bucket_counts,
                    }),
                    exemplars,
                    ..ExponentialHistogramDataPoint::default()
                });
            }
            // A family's samples are all of its kind.
            _ => {}
        }
    }
}

fn attribute(name: &str, value: &str) -> KeyValue {
    KeyValue {
        key: name.to_owned(),
        value: Some(AnyValue {
            value: Some(any_value::Value::StringValue(value.to_owned())),
        }),
        ..KeyValue::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn counters_are_cumulative_and_native_buckets_exponential() {
        let mut encoder = OtlpEncoder::new(1, 2, &[]);
        encoder.family(&SENT);
        encoder.sample(&[("target", "a")], &Value::Count(7));
        encoder.family(&RTT);
        let mut rtt = super::super::Histogram::<2>::new(&[1_000_000_000], true);
        for nanos in [1_000_000_000, 2_000_000_000] {
            rtt.record(42, nanos);
        }
        encoder.sample(&[], &Value::Histogram(rtt.view(None)));
        let requests = encoder.finish();
        let request = ExportMetricsServiceRequest::decode(&*requests[0]).unwrap();
        let metrics = &request.resource_metrics[0].scope_metrics[0].metrics;
        let Some(Data::Sum(sum)) = &metrics[0].data else {
            panic!()
        };
        assert!(sum.is_monotonic && sum.aggregation_temporality == CUMULATIVE);
        assert_eq!(sum.data_points[0].value, Some(Number::AsInt(7)));
        let Some(Data::ExponentialHistogram(data)) = &metrics[1].data else {
            panic!()
        };
        assert_eq!(metrics[1].unit, "s");
        let positive = data.data_points[0].positive.as_ref().unwrap();
        // (2^-1/8, 1] and (2^7/8, 2].
        assert_eq!((positive.offset, positive.bucket_counts.len()), (-1, 9));
        assert_eq!(data.data_points[0].exemplars.len(), 2);
    }

    #[test]
    fn many_targets_take_several_requests_and_none_is_lost() {
        let mut encoder = OtlpEncoder::new(1, 2, &[]);
        encoder.family(&SENT);
        for count in 0..=MOST_POINTS as u64 {
            encoder.sample(&[("target", "a")], &Value::Count(count));
        }
        let points = |bytes: &Vec<u8>| {
            let request = ExportMetricsServiceRequest::decode(&**bytes).unwrap();
            match &request.resource_metrics[0].scope_metrics[0].metrics[0].data {
                Some(Data::Sum(sum)) => sum.data_points.len(),
                _ => 0,
            }
        };
        let requests = encoder.finish();
        let all: Vec<usize> = requests.iter().map(points).collect();
        assert_eq!(all, [MOST_POINTS, 1]);
    }
}
