//! Where the columns of the diagram are: names, lanes, outcomes, and both ends of the path.
//!
//! Owns the widths. What stands in the columns, `lane` and `bars` say.

use super::labels::{PARTS, digits};
use super::{Anchor, Label, Viewport};
use crate::run::Run;

/// How far from its lane a label is.
pub(super) const LABEL_PX: f64 = 12.0;

/// Where time, beside the server's end, is told: wide enough for its words.
const AXIS_PX: (f64, f64) = (84.0, 56.0);

/// The least room between both ends that leaves any for columns beside them.
const LEAST_BETWEEN_PX: f64 = 130.0;

/// The columns of one drawing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Where the client's line is.
    pub(super) client_x: f64,
    /// Where the server's is.
    pub(super) server_x: f64,
    /// Nothing of the far end was recorded: what came of the probes stands between.
    pub(super) far_end_unseen: bool,
    /// How many bars lie beside each other; 0 where probes do not wait.
    pub(super) lanes: usize,
    /// The run needs more of them than there is room for.
    pub(super) crowded: bool,
    /// Where the first is.
    lane_x: f64,
    /// How far apart they are; negative where they go to the left.
    pub(super) lane_gap: f64,
    /// Where what became of a probe is told, and on which side of that.
    pub(super) outcome: (f64, Anchor),
    /// There is room for words beside numbers.
    pub(super) wordy: bool,
    /// The parts of round trips stand beside the server: the letters of the longest number.
    pub(super) parts: Option<u32>,
}

impl Layout {
    pub(super) fn of(run: &Run, view: &Viewport) -> Self {
        let narrow = view.width < 480.0;
        let other = if narrow { AXIS_PX.1 } else { AXIS_PX.0 };
        let last = run.last_number();
        let width = |label: Label| label.width(view.letter);
        if run.beats() {
            let known = LABEL_PX + width(Label::Beat(last)) + 6.0;
            let (left, right) = if run.listens() {
                (other, known)
            } else {
                (known, other)
            };
            return Self {
                client_x: left,
                server_x: (view.width - right).max(left + 40.0),
                far_end_unseen: false,
                lanes: 0,
                crowded: false,
                lane_x: left,
                lane_gap: 0.0,
                outcome: (left - LABEL_PX, Anchor::End),
                wordy: !narrow,
                parts: None,
            };
        }
        let far_end_unseen = run.far_end_unseen();
        let used = run.lanes().used();
        let (most, lane_gap) = match (far_end_unseen, narrow) {
            (true, true) => (4, 14.0),
            (true, false) => (8, 20.0),
            (false, true) => (3, 8.0),
            (false, false) if run.server_side().is_some() => (3, 10.0),
            (false, false) => (6, 10.0),
        };
        let lanes = used.clamp(1, most);
        let crowded = used > lanes;
        // The crowd that has no lane lies beyond the last.
        let places = f64::from(u32::try_from(lanes - 1 + usize::from(crowded)).unwrap_or(0));
        if far_end_unseen {
            let client_x = LABEL_PX * 2.0 + width(Label::Ping(last));
            let lane_x = client_x + lane_gap;
            let outcome = lane_x + places * lane_gap + LABEL_PX;
            return Self {
                client_x,
                server_x: (view.width - other).max(client_x + 40.0),
                far_end_unseen,
                lanes,
                crowded,
                lane_x,
                lane_gap,
                outcome: (outcome, Anchor::Start),
                wordy: !narrow,
                parts: None,
            };
        }
        let longest = if narrow {
            Label::Rtt(last, 0)
        } else {
            Label::Late(last, 0)
        };
        let outcome = LABEL_PX / 2.0 + width(longest);
        let client_x = outcome + LABEL_PX + (places + 1.0) * lane_gap;
        let letters = digits(last);
        let parts = f64::from(PARTS + letters) * view.letter + LABEL_PX;
        let room = view.width - other - client_x - parts;
        let shown = run.server_side().is_some() && room >= LEAST_BETWEEN_PX;
        let server_x = view.width - other - if shown { parts } else { 0.0 };
        Self {
            client_x,
            server_x: server_x.max(client_x + 40.0),
            parts: shown.then_some(letters),
            far_end_unseen,
            lanes,
            crowded,
            lane_x: client_x - lane_gap,
            lane_gap: -lane_gap,
            outcome: (outcome, Anchor::End),
            wordy: !narrow,
        }
    }

    /// Where a lane is. What has none lies beyond the last.
    pub(super) fn lane(&self, lane: Option<usize>) -> f64 {
        let place = lane.unwrap_or(self.lanes).min(self.lanes);
        self.lane_x + f64::from(u32::try_from(place).unwrap_or(u32::MAX)) * self.lane_gap
    }
}
