//! The rows of all targets, from one snapshot after another.
//!
//! Owns the short history that is drawn, of which each moment is what two snapshots differ by.
//! Knows nothing of who draws.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::figures::Settled;
use super::snapshot::{Snapshot, TargetSnapshot};
use super::target::full_name;
use crate::row::{Moment, Row, RowState};

/// How many moments are kept.
const KEPT: usize = 120;

/// How far a target's counts had come, and what was between.
#[derive(Debug, Default)]
struct History {
    settled: u64,
    answered: u64,
    rtt: (u64, u64),
    moments: VecDeque<Moment>,
}

/// All targets'.
#[derive(Debug, Default)]
pub(crate) struct Rows(HashMap<String, History>);

impl Rows {
    /// The rows as of this snapshot, each with one moment more.
    pub(crate) fn update(&mut self, snapshot: &Snapshot) -> Vec<Row> {
        let mut known = std::mem::take(&mut self.0);
        let mut rows = Vec::with_capacity(snapshot.targets.len());
        for target in &snapshot.targets {
            let name = full_name(target.group.as_deref(), &target.name);
            let mut history = known.remove(&name).unwrap_or_default();
            history.push(target);
            rows.push(row(&name, target, &history));
            self.0.insert(name, history);
        }
        rows
    }
}

impl History {
    fn push(&mut self, target: &TargetSnapshot) {
        let figures = &target.figures;
        let settled = figures.sent() - figures.in_flight();
        let answered = figures.count(Settled::Replied) + figures.count(Settled::Altered);
        let total = figures.rtt().total();
        let (count, sum) = (total.count, total.sum_ns);
        let moment = if settled - answered > self.settled - self.answered {
            Moment::Lost
        } else {
            let mean = (sum - self.rtt.1).checked_div(count - self.rtt.0);
            mean.map_or(Moment::Nothing, |nanos| {
                Moment::Replied(Duration::from_nanos(nanos))
            })
        };
        (self.settled, self.answered, self.rtt) = (settled, answered, (count, sum));
        if self.moments.len() == KEPT {
            self.moments.pop_front();
        }
        self.moments.push_back(moment);
    }
}

fn row(name: &str, target: &TargetSnapshot, history: &History) -> Row {
    let figures = &target.figures;
    let (recent, loss) = figures.recent_loss();
    Row {
        name: name.to_owned(),
        state: match (recent, figures.outages()) {
            (0, _) => RowState::Waiting,
            (_, (_, true)) => RowState::Down,
            _ => RowState::Up,
        },
        loss: (recent > 0).then_some(loss),
        rtt: figures.smoothed_rtt(),
        history: history.moments.iter().copied().collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::figures::Figures;
    use super::*;

    #[test]
    fn each_moment_is_what_came_since_the_one_before() {
        let mut rows = Rows::default();
        let mut target = TargetSnapshot {
            name: Arc::from("a"),
            group: None,
            labels: Arc::default(),
            journal: None,
            figures: Figures::new(false),
        };
        let mut update = |target: &TargetSnapshot| {
            let snapshot = Snapshot {
                targets: vec![target.clone()],
                ..Snapshot::default()
            };
            rows.update(&snapshot).remove(0)
        };
        let ms = Duration::from_millis;
        let waits = update(&target);
        assert_eq!((waits.state, waits.loss), (RowState::Waiting, None));
        target.figures.settle_one(1, Some(ms(2)));
        target.figures.settle_one(2, Some(ms(4)));
        let up = update(&target);
        assert_eq!((up.state, up.loss), (RowState::Up, Some(0.0)));
        target.figures.settle_one(3, Some(ms(9)));
        assert_eq!(
            update(&target).history.last(),
            Some(&Moment::Replied(ms(9)))
        );
        for seq in 4..6 {
            target.figures.settle_one(seq, None);
        }
        let down = update(&target);
        let moments = [
            Moment::Nothing,
            Moment::Replied(ms(3)),
            Moment::Replied(ms(9)),
            Moment::Lost,
        ];
        assert_eq!((down.state, &*down.history), (RowState::Down, &moments[..]));
        for _ in 0..200 {
            update(&target);
        }
        assert_eq!(update(&target).history.len(), KEPT);
    }
}
