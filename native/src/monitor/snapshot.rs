//! All figures at a moment, for whoever asks from another thread.
//!
//! Owns that the loop never waits for that, and copies only some targets a turn: figures of one
//! target are of one moment, those of two may be some milliseconds apart.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use super::engine::Engine;
use super::figures::{Figures, PeerTotals};
use super::health::Health;
use super::probed::{Sessions, Target};
use super::target::{Group, Labels};
use super::wake::Waker;

/// How long a snapshot is waited for by whoever draws it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// How many targets are copied in one turn of the loop.
const AT_ONCE: usize = 256;

/// All figures at a moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub(crate) targets: Vec<TargetSnapshot>,
    /// The sums of the peers that are gone, by the name of their group.
    pub(crate) gone: BTreeMap<String, PeerTotals>,
    pub(crate) health: Health,
}

/// One target's.
#[derive(Debug, Clone)]
pub(crate) struct TargetSnapshot {
    pub(crate) name: Arc<str>,
    pub(crate) group: Option<Arc<Group>>,
    pub(crate) labels: Arc<Labels>,
    /// What its journals' names begin with.
    pub(crate) journal: Option<Arc<str>>,
    pub(crate) figures: Figures,
}

impl TargetSnapshot {
    pub(crate) fn of(target: &Target) -> Self {
        let plan = &target.plan;
        Self {
            name: Arc::clone(&plan.name),
            group: plan.group.clone(),
            labels: Arc::clone(&plan.labels),
            journal: target
                .recorded
                .as_ref()
                .filter(|it| it.kept)
                .map(|it| Arc::clone(&it.name)),
            figures: target.figures.clone(),
        }
    }
}

/// What another thread asks by.
#[derive(Debug, Clone)]
pub(crate) struct Snapshots {
    requests: Sender<SyncSender<Snapshot>>,
    waker: Waker,
}

impl Snapshots {
    /// Waits at most `patience` for a snapshot; `None` if the loop is over, or is late.
    pub(crate) fn take(&self, patience: Duration) -> Option<Snapshot> {
        let (sender, snapshot) = sync_channel(1);
        self.requests.send(sender).ok()?;
        self.waker.wake();
        snapshot.recv_timeout(patience).ok()
    }
}

/// The loop's end of it.
#[derive(Debug)]
pub(crate) struct SnapshotQueue {
    requests: Receiver<SyncSender<Snapshot>>,
    /// The one that is made, and from which target on it goes on.
    begun: Option<(SyncSender<Snapshot>, Snapshot, usize)>,
}

impl SnapshotQueue {
    pub(crate) fn new(waker: Waker) -> (Self, Snapshots) {
        let (sender, requests) = channel();
        let queue = Self {
            requests,
            begun: None,
        };
        let snapshots = Snapshots {
            requests: sender,
            waker,
        };
        (queue, snapshots)
    }

    /// Whether anybody asks, or what was asked for is not whole yet.
    pub(crate) fn is_asked(&mut self) -> bool {
        if self.begun.is_none() {
            let asker = self.requests.try_recv().ok();
            self.begun = asker.map(|it| (it, Snapshot::default(), 0));
        }
        self.begun.is_some()
    }

    /// Copies the rest of what is begun, before targets come or go: one that goes meanwhile would
    /// be there twice, or not at all.
    pub(crate) fn complete<S: Sessions>(&mut self, engine: &Engine<S>, health: Health) {
        while self.begun.is_some() {
            self.serve(engine, health);
        }
    }

    /// Copies some targets of what is begun, and hands it over once it is whole.
    pub(crate) fn serve<S: Sessions>(&mut self, engine: &Engine<S>, health: Health) {
        let Some((asker, mut snapshot, from)) = self.begun.take() else {
            return;
        };
        let (end, all) = (from + AT_ONCE, engine.places());
        let targets = (from..end).filter_map(|index| engine.get(index));
        for target in targets.filter(|it| it.is_probed()) {
            snapshot.targets.push(TargetSnapshot::of(target));
        }
        if end < all {
            self.begun = Some((asker, snapshot, end));
            return;
        }
        snapshot.gone.clone_from(&engine.gone);
        snapshot.health = health;
        // Whoever asked may not wait any more.
        let _ = asker.send(snapshot);
    }
}
