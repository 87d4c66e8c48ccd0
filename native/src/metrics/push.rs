//! Figures are pushed to an OpenTelemetry collector, where nothing can scrape: OTLP over HTTP.
//!
//! Owns the queue, when something is sent again, and what is given up. The environment says the
//! rest, in the variables that all of OpenTelemetry's exporters know.

use std::collections::VecDeque;
use std::env;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use prost::Message as _;
use ureq::Agent;

use super::Source;
use super::otlp::OtlpEncoder;
use crate::clock::{Clock, unix_nanos, wall};
use crate::https;
use crate::i18n::{chain, say};
use crate::{inform, secret, warn};

/// How much may wait for a collector that is away: of a hundred targets, hours of it.
const MOST_QUEUED: usize = 32 << 20;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The first wait before something is sent again, which doubles each time, and the longest.
const RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(30);

/// Where to, and how often.
#[derive(Debug)]
pub(crate) struct PushPlan {
    url: String,
    headers: Vec<(String, String)>,
    resource: Vec<(String, String)>,
    interval: Duration,
    agent: Agent,
}

/// What became of requests.
#[derive(Debug, Default)]
pub(crate) struct PushCounts {
    sent: AtomicU64,
    rejected: AtomicU64,
    dropped: AtomicU64,
}

impl PushCounts {
    /// Each kind's name, and how many there were.
    pub(crate) fn all(&self) -> [(&'static str, u64); 3] {
        let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
        [
            ("sent", count(&self.sent)),
            ("rejected", count(&self.rejected)),
            ("dropped", count(&self.dropped)),
        ]
    }
}

/// What waits to be sent, oldest first.
#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<VecDeque<Vec<u8>>>,
    more: Condvar,
}

/// What a collector said, or a network.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Taken,
    /// It will never take this.
    Rejected(String),
    /// Later perhaps.
    Failed(String),
}

impl PushPlan {
    /// To the collector at `endpoint`, with the headers in a file, and what the environment says
    /// besides.
    ///
    /// # Errors
    /// The environment is not right, or the file, or others can read it.
    pub(crate) fn new(endpoint: &str, headers: Option<&Path>) -> anyhow::Result<Self> {
        let path = "/v1/metrics";
        https::check(endpoint)?;
        let base = endpoint.trim_end_matches('/');
        let url = if base.ends_with(path) {
            base.to_owned()
        } else {
            format!("{base}{path}")
        };
        let interval = env::var("OTEL_METRIC_EXPORT_INTERVAL").ok();
        let interval = interval.as_deref().unwrap_or("60000").parse();
        let interval = interval
            .context(say::PUSH_INTERVAL)
            .map(Duration::from_millis)?;
        let authorities = env::var_os("OTEL_EXPORTER_OTLP_CERTIFICATE").map(PathBuf::from);
        let config = https::config(authorities.as_deref())?
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false);
        let mut all = variable("OTEL_EXPORTER_OTLP_HEADERS")?;
        if let Some(file) = headers {
            all.extend(headers_in(file)?);
        }
        Ok(Self {
            url,
            headers: all,
            resource: variable("OTEL_RESOURCE_ATTRIBUTES")?,
            interval: interval.max(Duration::from_millis(1)),
            agent: config.build().into(),
        })
    }

    /// Pushes the figures of `source` until the process ends, and counts what becomes of them.
    ///
    /// # Errors
    /// There is no thread.
    pub(crate) fn start(
        self,
        source: Arc<dyn Source>,
        counts: Arc<PushCounts>,
    ) -> anyhow::Result<()> {
        let queue = Arc::new(Queue::default());
        let begun = nanos();
        let (interval, resource) = (self.interval, self.resource.clone());
        let sender = {
            let (queue, counts) = (Arc::clone(&queue), Arc::clone(&counts));
            move || self.send_all(&queue, &counts)
        };
        let collector = move || {
            let clock = Clock::start();
            let mut next = interval;
            loop {
                thread::sleep(next.saturating_sub(clock.elapsed()));
                next += interval;
                let mut encoder = OtlpEncoder::new(begun, nanos(), &resource);
                match source.encode(&mut encoder) {
                    Ok(()) => queue.push(encoder.finish(), &counts),
                    Err(error) => warn(&say::PushFailed { why: chain(&error) }),
                }
            }
        };
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.to_owned()).spawn(run)
        };
        spawn("otlp-send", Box::new(sender))?;
        spawn("otlp", Box::new(collector))?;
        Ok(())
    }

    fn send_all(&self, queue: &Queue, counts: &PushCounts) {
        let (mut wait, mut said) = (RETRY, false);
        loop {
            let body = queue.first();
            match self.send(&body) {
                Answer::Taken => {
                    counts.sent.fetch_add(1, Ordering::Relaxed);
                    if said {
                        inform(&say::PushGoesOn { url: &self.url });
                    }
                    (wait, said) = (RETRY, false);
                }
                Answer::Rejected(why) => {
                    counts.rejected.fetch_add(1, Ordering::Relaxed);
                    warn(&say::PushFailed { why });
                }
                Answer::Failed(why) => {
                    if !said {
                        warn(&say::PushFailed { why });
                    }
                    said = true;
                    queue.put_back(body, counts);
                    thread::sleep(wait);
                    wait = (wait * 2).min(LONGEST_RETRY);
                }
            }
        }
    }

    fn send(&self, body: &[u8]) -> Answer {
        let request = self.agent.post(&self.url);
        let request = request.header("content-type", "application/x-protobuf");
        let with_headers = self.headers.iter();
        let request = with_headers.fold(request, |request, (name, value)| {
            request.header(name.as_str(), value.as_str())
        });
        let mut response = match request.send(body) {
            Ok(response) => response,
            Err(error) => return Answer::Failed(format!("{}: {error}", self.url)),
        };
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_vec().unwrap_or_default();
        judge(status, &text, &self.url)
    }
}

/// What an answer means, by OTLP's own list of what may be sent again.
fn judge(status: u16, body: &[u8], url: &str) -> Answer {
    match status {
        200..=299 => {
            let response = ExportMetricsServiceResponse::decode(body).unwrap_or_default();
            match response.partial_success {
                Some(part) if part.rejected_data_points > 0 => Answer::Rejected(format!(
                    "{url}: {} ({})",
                    part.error_message, part.rejected_data_points
                )),
                _ => Answer::Taken,
            }
        }
        429 | 502 | 503 | 504 => Answer::Failed(format!("{url}: {status}")),
        _ => Answer::Rejected(format!("{url}: {status}")),
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, requests: Vec<Vec<u8>>, counts: &PushCounts) {
        let mut waiting = self.lock();
        waiting.extend(requests);
        bound(&mut waiting, counts);
        self.more.notify_one();
    }

    /// The oldest, when there is one.
    fn first(&self) -> Vec<u8> {
        let mut waiting = self.lock();
        loop {
            if let Some(first) = waiting.pop_front() {
                return first;
            }
            let woken = self.more.wait(waiting);
            waiting = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn put_back(&self, request: Vec<u8>, counts: &PushCounts) {
        let mut waiting = self.lock();
        waiting.push_front(request);
        bound(&mut waiting, counts);
    }
}

/// Drops the oldest of what is too much. What comes later says all that they said, but for when.
fn bound(waiting: &mut VecDeque<Vec<u8>>, counts: &PushCounts) {
    let mut bytes: usize = waiting.iter().map(Vec::len).sum();
    while bytes > MOST_QUEUED
        && let Some(oldest) = waiting.pop_front()
    {
        bytes -= oldest.len();
        counts.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

/// Now, in nanoseconds since 1970.
fn nanos() -> u64 {
    u64::try_from(unix_nanos(wall())).unwrap_or_default()
}

/// The list in a variable, as `name=value,name=value` (W3C Baggage, as OpenTelemetry has it).
fn variable(name: &str) -> anyhow::Result<Pairs> {
    let text = env::var(name).unwrap_or_default();
    let pairs = pairs(text.split(','), name)?.into_iter();
    let decoded = pairs.map(|(name, value)| (name, value.replace("%20", " ")));
    Ok(decoded.collect())
}

/// The headers in a file of secrets, one a line, as `name=value`.
fn headers_in(file: &Path) -> anyhow::Result<Pairs> {
    let place = file.display().to_string();
    let mut text = String::new();
    secret::open(file)
        .and_then(|mut file| Ok(file.read_to_string(&mut text)?))
        .with_context(|| place.clone())?;
    pairs(text.lines(), &place)
}

type Pairs = Vec<(String, String)>;

/// Names and values, of which `place` has the text.
fn pairs<'a>(parts: impl Iterator<Item = &'a str>, place: &str) -> anyhow::Result<Pairs> {
    let parts = parts.filter(|part| !part.trim().is_empty());
    parts
        .map(|part| {
            let pair = part.split_once('=');
            let variable = place;
            let (name, value) = pair.with_context(|| say::PushPairs { variable }.to_string())?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsPartialSuccess;

    #[test]
    fn only_what_may_succeed_is_sent_again() {
        let url = "http://x";
        assert_eq!(judge(200, b"", url), Answer::Taken);
        for status in [429, 502, 503, 504] {
            assert!(matches!(judge(status, b"", url), Answer::Failed(_)));
        }
        for status in [400, 401, 413, 500] {
            assert!(matches!(judge(status, b"", url), Answer::Rejected(_)));
        }
        let part = ExportMetricsServiceResponse {
            partial_success: Some(ExportMetricsPartialSuccess {
                rejected_data_points: 3,
                error_message: "no".to_owned(),
            }),
        };
        let answer = judge(200, &part.encode_to_vec(), url);
        assert_eq!(answer, Answer::Rejected("http://x: no (3)".to_owned()));
    }

    #[test]
    fn the_queue_is_bounded_and_drops_the_oldest() {
        let (queue, counts) = (Queue::default(), PushCounts::default());
        let half = |mark: u8| vec![mark; MOST_QUEUED / 2];
        queue.push(vec![half(1), half(2)], &counts);
        assert_eq!(counts.all()[2], ("dropped", 0));
        queue.push(vec![half(3)], &counts);
        assert_eq!(counts.all()[2], ("dropped", 1));
        let first = queue.first();
        assert_eq!(first[0], 2);
        queue.put_back(first, &counts);
        assert_eq!(queue.first()[0], 2, "in order");
    }

    #[test]
    fn names_and_values_are_told_apart_at_the_first_sign() {
        let text = "a=b\n\n authorization = Basic x==\n";
        let wanted = [("a", "b"), ("authorization", "Basic x==")];
        let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs(text.lines(), "file").unwrap(), wanted);
        let wrong = pairs("a".lines(), "FILE").unwrap_err();
        assert!(wrong.to_string().contains("FILE"), "{wrong}");
    }
}
