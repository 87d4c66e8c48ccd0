//! The reflector's counters for Prometheus, in the form that `monitor` gives them in too.
//!
//! Owns what they are called. What is counted, `counts` and the heartbeats' part know.

use std::sync::{Arc, Mutex};

use udping_core::guard::DropReason;

use super::counts::ServiceCounts;
use super::lock;
use crate::cli::{METRICS_PORT, MetricsArgs};
use crate::i18n::say;
use crate::metrics::{
    BUILD, Encoder, Family, Listener, MetricType, MetricsServer, Source, Value, WebConfig,
};
use crate::{inform, warn};

/// What one thread has counted, as it was a moment ago.
pub(super) type Board = Arc<Mutex<ServiceCounts>>;

/// All threads' counts.
#[derive(Debug)]
struct Boards(Vec<Board>);

const fn counter(
    name: &'static str,
    labels: &'static [&'static str],
    help: &'static str,
) -> Family {
    Family {
        name,
        kind: MetricType::Counter,
        labels,
        help,
    }
}

static REQUESTS: Family = counter(
    "udping_reflector_requests",
    &[],
    "Requests that reached the reflector.",
);
static REPLIES: Family = counter("udping_reflector_replies", &[], "Replies that it made.");
static DROPPED: Family = counter(
    "udping_reflector_dropped",
    &["reason"],
    "Requests without a reply, by the reason.",
);
static IMPAIRED: Family = counter(
    "udping_reflector_impairment_lost",
    &["direction"],
    "Packets lost on purpose, by the direction: there or back.",
);
static OVERFLOWED: Family = counter(
    "udping_reflector_overflowed",
    &[],
    "Packets for which there was no room while they waited for their time.",
);
static UNSENDABLE: Family = counter(
    "udping_reflector_unsendable",
    &[],
    "Replies that the system did not send.",
);
static RECEIVE_DROPS: Family = counter(
    "udping_reflector_receive_drops",
    &[],
    "Requests that this host dropped, since the socket's queue was full.",
);
/// All of them, in the order in which they are given.
#[cfg(test)]
pub(crate) static FAMILIES: [&Family; 8] = [
    &BUILD,
    &REQUESTS,
    &REPLIES,
    &DROPPED,
    &IMPAIRED,
    &OVERFLOWED,
    &UNSENDABLE,
    &RECEIVE_DROPS,
];

impl Source for Boards {
    fn encode(&self, to: &mut dyn Encoder) -> anyhow::Result<()> {
        let mut counts = ServiceCounts::default();
        for board in &self.0 {
            counts += *lock(board);
        }
        to.family(&BUILD);
        to.sample(&[("version", env!("CARGO_PKG_VERSION"))], &Value::Info);
        for (family, count) in [(&REQUESTS, counts.requests), (&REPLIES, counts.replies)] {
            to.family(family);
            to.sample(&[], &Value::Count(count));
        }
        to.family(&DROPPED);
        for (count, why) in counts.dropped.into_iter().zip(DropReason::ALL) {
            let reason = serde_json::to_value(why)?;
            let reason = reason.as_str().unwrap_or_default();
            to.sample(&[("reason", reason)], &Value::Count(count));
        }
        to.family(&IMPAIRED);
        for (count, direction) in counts.lost.into_iter().zip(["there", "back"]) {
            to.sample(&[("direction", direction)], &Value::Count(count));
        }
        for (family, count) in [
            (&OVERFLOWED, counts.overflowed),
            (&UNSENDABLE, counts.unsendable),
            (&RECEIVE_DROPS, counts.rx_dropped.0),
        ] {
            to.family(family);
            to.sample(&[], &Value::Count(count));
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        // Nobody can ask before it answers requests.
        true
    }
}

/// Takes the port, while that may be a privileged one, and files may be opened.
///
/// # Errors
/// It cannot be had, or the web configuration is not right.
pub(super) fn listen(args: &MetricsArgs) -> anyhow::Result<Option<Listener>> {
    let Some(place) = &args.metrics else {
        return Ok(None);
    };
    let web = args.web_config.as_deref().map(WebConfig::read);
    let address = place.address(METRICS_PORT)?;
    Listener::bind(address, web.transpose()?.unwrap_or_default()).map(Some)
}

/// Answers whoever asks for what stands on `boards`, if there is where to ask. Its thread has no
/// privileges, but is in no sandbox.
///
/// # Errors
/// There is no thread.
pub(super) fn start(
    listener: Option<Listener>,
    boards: impl Iterator<Item = Board>,
) -> anyhow::Result<Option<MetricsServer>> {
    let Some(listener) = listener else {
        return Ok(None);
    };
    inform(&say::MetricsAt {
        url: listener.url()?,
    });
    let boards = Boards(boards.collect());
    Ok(Some(listener.start(Arc::new(boards))?))
}

/// Says so if nobody answers any more.
#[expect(clippy::ref_option, reason = "elsewhere it is nothing at all")]
pub(super) fn check(server: &Option<MetricsServer>) {
    if server.as_ref().is_some_and(MetricsServer::has_ended) {
        warn(&say::METRICS_ENDED);
    }
}
