//! What the figures are called, and which of them are given: the list of `docs/monitor.md`.
//!
//! Owns names, labels, and how few series there are: at most forty to a target, and to a mesh
//! group as many as if it had one peer. Knows no format.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::directions::{DIRECTIONS, Directions};
use super::figures::{Figures, PeerTotals, Settled};
use super::snapshot::{Snapshot, Snapshots, TargetSnapshot};
use crate::i18n::say;
use crate::metrics::{BUILD, Encoder, Family, Label, MetricType, PushCounts, Source, Value};

/// How long the measuring loop may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many of a group's peers are named: the worst.
const RANKS: usize = 3;

/// The share of its last 64 probes that a peer may lose and not be called bad.
const BAD_LOSS: f64 = 0.05;

const fn family(
    name: &'static str,
    kind: MetricType,
    labels: &'static [&'static str],
    help: &'static str,
) -> Family {
    Family {
        name,
        kind,
        labels,
        help,
    }
}

use MetricType::{Counter, Gauge, Histogram, Info, Summary};

const TARGET: &[&str] = &["target", "group"];
const BY_DIRECTION: &[&str] = &["target", "group", "direction"];
const GROUP: &[&str] = &["group"];
const RANK: &[&str] = &["group", "rank"];

static SENT: Family = family(
    "udping_probes_sent",
    Counter,
    TARGET,
    "Probes handed to the system, those included that it could not send: the outcomes' sum and what is in flight.",
);
static OUTCOMES: Family = family(
    "udping_probe_outcomes",
    Counter,
    &["target", "group", "outcome"],
    "Settled probes by what became of them: replied, lost, refused, unsent, or altered (answered, but not with what was sent).",
);
static LATE: Family = family(
    "udping_late_replies",
    Counter,
    TARGET,
    "First replies to probes that were lost already.",
);
static DUPLICATES: Family = family(
    "udping_duplicate_replies",
    Counter,
    TARGET,
    "Further replies to probes that have had one.",
);
static IN_FLIGHT: Family = family(
    "udping_probes_in_flight",
    Gauge,
    TARGET,
    "Probes that are not settled yet.",
);
static RTT: Family = family(
    "udping_rtt_seconds",
    Histogram,
    TARGET,
    "RTT of the probes that were replied, between the kernel's timestamps where it has both.",
);
static ONEWAY: Family = family(
    "udping_oneway_seconds",
    Histogram,
    BY_DIRECTION,
    "One-way delay, there or back, while both clocks are synchronised and no delay is negative.",
);
static OFFSET: Family = family(
    "udping_clock_offset_seconds",
    Gauge,
    TARGET,
    "How far the reflector's clock is ahead, while one-way delays cannot be believed.",
);
static BOUND: Family = family(
    "udping_clock_offset_bound_seconds",
    Gauge,
    TARGET,
    "How far that offset may be off.",
);
static VARIATION: Family = family(
    "udping_oneway_variation_seconds",
    Gauge,
    BY_DIRECTION,
    "Variation of the one-way delay (RFC 3550), which needs no synchronised clocks; while one-way delays cannot be believed.",
);
static SERVER: Family = family(
    "udping_server_seconds",
    Summary,
    TARGET,
    "Time that probes spent in the reflector, as it says.",
);
static OUTAGE: Family = family(
    "udping_outage_active",
    Gauge,
    TARGET,
    "1 while the latest two probes or more were not answered in time.",
);
static OUTAGES: Family = family(
    "udping_outages",
    Counter,
    TARGET,
    "Outages: two probes or more in a row that were not answered in time.",
);
static TARGET_INFO: Family = family(
    "udping_target",
    Info,
    TARGET,
    "A target, with the labels that the configuration gives it.",
);
static PEERS: Family = family(
    "udping_peers",
    Gauge,
    GROUP,
    "Peers that this agent probes in a mesh group.",
);
static PEER_OUTCOMES: Family = family(
    "udping_peer_outcomes",
    Counter,
    &["group", "outcome"],
    "Settled probes to all peers of a mesh group, by what became of them.",
);
static PEER_RTT: Family = family(
    "udping_peer_rtt_seconds",
    Histogram,
    GROUP,
    "RTT to all peers of a mesh group.",
);
static BAD_PEERS: Family = family(
    "udping_bad_peers",
    Gauge,
    GROUP,
    "Peers with an outage, or that lost more than 5 % of their last 64 probes.",
);
static WORST_LOSS: Family = family(
    "udping_worst_peer_loss_ratio",
    Gauge,
    RANK,
    "Loss of the worst three peers in their last 64 probes.",
);
static WORST_RTT: Family = family(
    "udping_worst_peer_rtt_seconds",
    Gauge,
    RANK,
    "Smoothed RTT (RFC 6298) of the worst three peers.",
);
static WORST: Family = family(
    "udping_worst_peer",
    Info,
    &["group", "rank", "peer"],
    "Which peers are the worst three.",
);
static TARGETS: Family = family(
    "udping_targets",
    Gauge,
    &[],
    "Targets that are probed, peers included.",
);
static MISSED: Family = family(
    "udping_slots_missed",
    Counter,
    &[],
    "Moments at which a probe was due and the process had no time.",
);
static DROPS: Family = family(
    "udping_receive_drops",
    Counter,
    &[],
    "Datagrams that this host dropped, since a socket's queue was full.",
);
static STRAY: Family = family(
    "udping_stray_datagrams",
    Counter,
    &[],
    "Datagrams from addresses that are no target's.",
);
static TIMER_ERROR: Family = family(
    "udping_timer_error_seconds",
    Summary,
    &[],
    "By how much probes left later than they were due.",
);
static CLOCK_STEPS: Family = family(
    "udping_clock_steps",
    Counter,
    &[],
    "Times that the wall clock moved against the monotonic one: it was set, or the machine slept.",
);
static PUSHED: Family = family(
    "udping_push_requests",
    Counter,
    &["result"],
    "OTLP requests by what became of them: sent, rejected by the collector, or dropped since too many waited.",
);

/// All of them, in the order in which they are given.
#[cfg(test)]
pub(crate) static FAMILIES: [&Family; 29] = [
    &BUILD,
    &TARGET_INFO,
    &SENT,
    &OUTCOMES,
    &IN_FLIGHT,
    &LATE,
    &DUPLICATES,
    &RTT,
    &ONEWAY,
    &OFFSET,
    &BOUND,
    &VARIATION,
    &SERVER,
    &OUTAGE,
    &OUTAGES,
    &PEERS,
    &PEER_OUTCOMES,
    &PEER_RTT,
    &BAD_PEERS,
    &WORST_LOSS,
    &WORST_RTT,
    &WORST,
    &TARGETS,
    &MISSED,
    &DROPS,
    &STRAY,
    &CLOCK_STEPS,
    &TIMER_ERROR,
    &PUSHED,
];

/// The figures of a monitor that runs.
#[derive(Debug)]
pub(crate) struct Exposition {
    snapshots: Snapshots,
    /// Where figures are pushed as well.
    pub(crate) pushed: Option<Arc<PushCounts>>,
}

/// The peers of a group, the worst first, and the sums of all that there were.
type Peers<'a> = (Vec<(&'a str, &'a Figures)>, PeerTotals);

impl Exposition {
    pub(crate) const fn new(snapshots: Snapshots, pushed: Option<Arc<PushCounts>>) -> Self {
        Self { snapshots, pushed }
    }
}

impl Source for Exposition {
    fn encode(&self, to: &mut dyn Encoder) -> anyhow::Result<()> {
        let snapshot = self
            .snapshots
            .take(PATIENCE)
            .context(say::MONITOR_NO_FIGURES)?;
        encode(&snapshot, self.pushed.as_deref(), to);
        Ok(())
    }

    fn is_ready(&self) -> bool {
        self.snapshots.take(PATIENCE).is_some()
    }
}

/// The group's name, where its members are peers of this agent.
fn mesh(target: &TargetSnapshot) -> Option<&str> {
    let group = target.group.as_deref()?;
    group.mesh.then_some(&*group.name)
}

/// Each group that has peers: them, the worst first, and the sums of all that there were.
fn groups(snapshot: &Snapshot) -> BTreeMap<&str, Peers<'_>> {
    let mut all: BTreeMap<&str, Peers<'_>> = BTreeMap::new();
    let peers = snapshot.targets.iter();
    for (group, target) in peers.filter_map(|it| Some((mesh(it)?, it))) {
        let begin = || {
            (
                Vec::new(),
                snapshot.gone.get(group).cloned().unwrap_or_default(),
            )
        };
        let (peers, totals) = all.entry(group).or_insert_with(begin);
        peers.push((&*target.name, &target.figures));
        totals.add(&target.figures);
    }
    for (peers, _) in all.values_mut() {
        peers.sort_by(|(one, a), (other, b)| {
            let by_loss = b.recent_loss().1.total_cmp(&a.recent_loss().1);
            let by_rtt = b.smoothed_rtt().cmp(&a.smoothed_rtt());
            by_loss.then(by_rtt).then(one.cmp(other))
        });
    }
    all
}

/// One sample of each of some targets.
type PerTarget = fn(&TargetSnapshot, &[Label<'_>], &mut dyn Encoder);

/// What is given of each target, by itself.
static PER_TARGET: [(&Family, PerTarget); 14] = [
    (&TARGET_INFO, |_, labels, to| {
        to.sample(labels, &Value::Info);
    }),
    (&SENT, |it, labels, to| {
        to.sample(labels, &Value::Count(it.figures.sent()));
    }),
    (&OUTCOMES, |it, labels, to| {
        outcomes(labels, it.figures.outcomes(), to);
    }),
    (&IN_FLIGHT, |it, labels, to| {
        gauge(labels, it.figures.in_flight(), to);
    }),
    (&LATE, |it, labels, to| {
        to.sample(labels, &Value::Count(it.figures.late));
    }),
    (&DUPLICATES, |it, labels, to| {
        to.sample(labels, &Value::Count(it.figures.duplicates));
    }),
    (&RTT, |it, labels, to| {
        to.sample(
            labels,
            &Value::Histogram(it.figures.rtt().view(it.journal.as_deref())),
        );
    }),
    (&ONEWAY, |it, labels, to| {
        let ways = it.figures.directions().and_then(|it| it.oneway());
        for (way, direction) in ways.into_iter().flatten().zip(DIRECTIONS) {
            let labels = with(labels, ("direction", direction));
            to.sample(&labels, &Value::Histogram(way.view(it.journal.as_deref())));
        }
    }),
    (&OFFSET, |it, labels, to| {
        if let Some(known) = it.figures.directions().and_then(Directions::difference) {
            to.sample(labels, &Value::Gauge(known.offset));
        }
    }),
    (&BOUND, |it, labels, to| {
        if let Some(known) = it.figures.directions().and_then(Directions::difference) {
            to.sample(labels, &Value::Gauge(known.bound));
        }
    }),
    (&VARIATION, |it, labels, to| {
        if let Some(known) = it.figures.directions().and_then(Directions::difference) {
            for (value, direction) in known.variation.into_iter().zip(DIRECTIONS) {
                to.sample(
                    &with(labels, ("direction", direction)),
                    &Value::Gauge(value),
                );
            }
        }
    }),
    (&SERVER, |it, labels, to| {
        if let Some(directions) = it.figures.directions() {
            to.sample(labels, &Value::Summary(directions.server));
        }
    }),
    (&OUTAGE, |it, labels, to| {
        gauge(labels, u64::from(it.figures.outages().1), to);
    }),
    (&OUTAGES, |it, labels, to| {
        to.sample(labels, &Value::Count(it.figures.outages().0));
    }),
];

fn with<'a>(labels: &[Label<'a>], label: Label<'a>) -> Vec<Label<'a>> {
    labels.iter().copied().chain([label]).collect()
}

fn outcomes(
    labels: &[Label<'_>],
    counts: impl Iterator<Item = (Settled, u64)>,
    to: &mut dyn Encoder,
) {
    for (outcome, count) in counts {
        to.sample(
            &with(labels, ("outcome", outcome.name())),
            &Value::Count(count),
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are not so many")]
fn gauge(labels: &[Label<'_>], count: u64, to: &mut dyn Encoder) {
    to.sample(labels, &Value::Gauge(count as f64));
}

fn encode(snapshot: &Snapshot, pushed: Option<&PushCounts>, to: &mut dyn Encoder) {
    to.family(&BUILD);
    to.sample(&[("version", env!("CARGO_PKG_VERSION"))], &Value::Info);
    let singly = snapshot.targets.iter().filter(|it| mesh(it).is_none());
    let singly: Vec<(&TargetSnapshot, Vec<Label<'_>>)> = singly
        .map(|target| {
            let own = [("target", &*target.name)].into_iter();
            let group = target.group.as_deref().map(|it| ("group", &*it.name));
            let given = target
                .labels
                .iter()
                .map(|(name, value)| (&**name, &**value));
            (target, own.chain(group).chain(given).collect())
        })
        .collect();
    for (family, samples) in &PER_TARGET {
        to.family(family);
        for (target, labels) in &singly {
            samples(target, labels, to);
        }
    }
    encode_groups(snapshot, to);
    let health = snapshot.health;
    to.family(&TARGETS);
    gauge(&[], snapshot.targets.len() as u64, to);
    for (family, count) in [
        (&MISSED, health.missed),
        (&DROPS, health.rx_dropped),
        (&STRAY, health.strangers),
        (&CLOCK_STEPS, health.clock_steps),
    ] {
        to.family(family);
        to.sample(&[], &Value::Count(count));
    }
    to.family(&TIMER_ERROR);
    to.sample(&[], &Value::Summary(health.timer_error));
    to.family(&PUSHED);
    for (result, count) in pushed.map(PushCounts::all).into_iter().flatten() {
        to.sample(&[("result", result)], &Value::Count(count));
    }
}

fn encode_groups(snapshot: &Snapshot, to: &mut dyn Encoder) {
    let all = groups(snapshot);
    to.family(&PEERS);
    for (group, (peers, _)) in &all {
        gauge(&[("group", group)], peers.len() as u64, to);
    }
    to.family(&PEER_OUTCOMES);
    for (group, (_, totals)) in &all {
        outcomes(&[("group", group)], totals.outcomes(), to);
    }
    to.family(&PEER_RTT);
    for (group, (_, totals)) in &all {
        to.sample(
            &[("group", group)],
            &Value::Histogram(totals.rtt().view(None)),
        );
    }
    to.family(&BAD_PEERS);
    for (group, (peers, _)) in &all {
        let bad = peers
            .iter()
            .filter(|(_, it)| it.outages().1 || it.recent_loss().1 > BAD_LOSS);
        gauge(&[("group", group)], bad.count() as u64, to);
    }
    let worst = || {
        all.iter().flat_map(|(group, (peers, _))| {
            let ranks = ["1", "2", "3"].into_iter().take(RANKS);
            ranks
                .zip(peers)
                .map(|(rank, peer)| ([("group", *group), ("rank", rank)], peer))
        })
    };
    to.family(&WORST_LOSS);
    for (labels, (_, peer)) in worst() {
        to.sample(&labels, &Value::Gauge(peer.recent_loss().1));
    }
    to.family(&WORST_RTT);
    for (labels, (_, peer)) in worst() {
        if let Some(rtt) = peer.smoothed_rtt() {
            to.sample(&labels, &Value::Gauge(rtt.as_secs_f64()));
        }
    }
    to.family(&WORST);
    for (labels, (name, _)) in worst() {
        to.sample(&with(&labels, ("peer", name)), &Value::Info);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use udping_core::event::{Event, Outcome, Output};
    use udping_core::time::{ClientTime, ReflectorTime, WallTime};
    use udping_core::wire::{Claim, Probe, ReflectorTimes};

    use super::*;
    use crate::metrics::text_of;
    use crate::monitor::target::Group;

    const NOW: ClientTime = ClientTime::from_nanos(1_000_000_000);

    /// So many probes to a target, of which the first are lost.
    fn figures(sent: u64, lost: u64, synced: bool) -> Figures {
        let mut figures = Figures::new(false);
        for seq in 1..=sent {
            let probe = Probe {
                seq,
                at: NOW,
                due: NOW,
                timestamp: WallTime::ZERO,
            };
            figures.output(&Output::Send(probe));
            if seq <= lost {
                figures.output(&Output::Event(Event::Lost { seq, deadline: NOW }));
                continue;
            }
            let times = ReflectorTimes {
                received: ReflectorTime::from_nanos(992_000_000),
                sent: ReflectorTime::from_nanos(994_000_000),
            };
            let claim = Claim {
                times: Some(times),
                synced,
                ..Claim::answering(&probe)
            };
            let rtt = Duration::from_millis(10);
            let outcome = Outcome::Replied {
                seq,
                rtt,
                verified: true,
            };
            figures.outcome(NOW, &outcome, Some(&claim), Some(WallTime::ZERO));
        }
        figures
    }

    fn target(name: &str, group: Option<(&str, bool)>, figures: Figures) -> TargetSnapshot {
        let group = group.map(|(name, mesh)| {
            Arc::new(Group {
                name: name.to_owned(),
                mesh,
            })
        });
        TargetSnapshot {
            name: Arc::from(name),
            group,
            labels: Arc::new(BTreeMap::from([("site".to_owned(), "x\"y".to_owned())])),
            journal: Some(Arc::from("j")),
            figures,
        }
    }

    fn text(snapshot: &Snapshot) -> String {
        text_of(|to| encode(snapshot, None, to))
    }

    fn of(targets: Vec<TargetSnapshot>) -> Snapshot {
        Snapshot {
            targets,
            ..Snapshot::default()
        }
    }

    #[test]
    fn a_target_has_forty_series_at_the_most_and_its_own_name() {
        for synced in [true, false] {
            let snapshot = of(vec![target(
                "a.example:7",
                Some(("g", false)),
                figures(9, 2, synced),
            )]);
            let text = text(&snapshot);
            let own = text
                .lines()
                .filter(|it| it.contains("target=\"a.example:7\""));
            let own: Vec<&str> = own.collect();
            assert!(own.len() <= 40, "{} series", own.len());
            assert!(
                own.iter()
                    .all(|it| it.contains("group=\"g\",site=\"x\\\"y\""))
            );
            assert_eq!(text.contains("udping_oneway_seconds_bucket"), synced);
            assert_eq!(text.contains("udping_clock_offset_seconds{"), !synced);
            let line = "udping_probe_outcomes_total{target=\"a.example:7\",group=\"g\",site=\"x\\\"y\",outcome=\"lost\"} 2";
            assert!(text.lines().any(|it| it == line), "{text}");
        }
    }

    #[test]
    fn series_of_a_mesh_do_not_grow_with_its_peers() {
        let peers = |number: u64| {
            let peer = |n| target(&format!("p{n}"), Some(("m", true)), figures(20, n, false));
            of((0..number).map(peer).collect())
        };
        let series = |text: &str| text.lines().filter(|it| it.contains("group=\"m\"")).count();
        let (four, nine) = (text(&peers(4)), text(&peers(9)));
        assert_eq!(series(&four), series(&nine));
        assert!(!nine.contains("target=\"p"), "{nine}");
        assert!(nine.contains("udping_peers{group=\"m\"} 9.0"), "{nine}");
        // Two losses in twenty are 10 %; one is no more than 5 %.
        assert!(nine.contains("udping_bad_peers{group=\"m\"} 7.0"), "{nine}");
        assert!(nine.contains("udping_worst_peer_info{group=\"m\",rank=\"1\",peer=\"p8\"} 1"));
        let lost =
            |sum| format!("udping_peer_outcomes_total{{group=\"m\",outcome=\"lost\"}} {sum}\n");
        assert!(nine.contains(&lost(36)), "{nine}");
        // What those that are gone have lost stays.
        let mut gone = PeerTotals::default();
        (2..9).for_each(|n| gone.add(&figures(20, n, false)));
        let fewer = Snapshot {
            gone: BTreeMap::from([("m".to_owned(), gone)]),
            ..peers(2)
        };
        let text = text(&fewer);
        assert!(text.contains(&lost(36)), "{text}");
        assert!(
            text.contains("rank=\"1\",peer=\"p1\"") && !text.contains("p8"),
            "gone at once"
        );
    }

    #[test]
    fn the_families_are_those_that_are_given() {
        let snapshot = of(vec![target("a", None, figures(1, 0, true))]);
        let text = text(&snapshot);
        let given: Vec<&str> = text
            .lines()
            .filter_map(|it| it.strip_prefix("# TYPE "))
            .collect();
        let listed: Vec<String> = FAMILIES
            .iter()
            .map(|it| format!("{} {}", it.name, it.kind.name()))
            .collect();
        assert_eq!(given, listed);
    }
}
