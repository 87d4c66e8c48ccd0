//! What the view shows: a run's decisions, counted as the run itself counts them, by the
//! core.
//!
//! Owns the totals, the windows, the graph's columns, the histogram and the recent probes, in
//! constant memory; and what of it stands on the screen at one moment. Knows nothing of terminals,
//! and reads no clock.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use udping_core::event::{Event, Outcome, Output};
use udping_core::stats::{Full, Stats, Summary, WindowFigures, Windows};
use udping_core::time::{ClientTime, WallTime, saturating_nanos};
use udping_core::wire::Claim;
use udping_journal::{Incident, IncidentKind};

use crate::net::DeliveryError;
use crate::report::{Facts, hint, incident_sentence};

/// Something that happened in a run.
#[derive(Debug)]
pub(crate) enum ViewEvent {
    /// The client wants or decided something.
    Output(Output),
    /// What an input came to.
    Outcome(Outcome),
    /// What a reply came to, what it said, and its RTT by the kernel, if that is known.
    Reply(Outcome, Claim, Option<Duration>),
    /// What the network's report came to that a probe was not delivered, why not, and who says so.
    Undelivered(Outcome, DeliveryError, Option<IpAddr>),
    /// A probe of a fixed schedule went out so long after its time.
    Late(Duration),
    /// What incident the run from outside.
    Incident(Box<Incident>),
    /// So much found no room on its way here.
    Missed(u64),
}

impl ViewEvent {
    pub(super) fn is_stop(&self) -> bool {
        matches!(self, Self::Incident(incident) if incident.incident == IncidentKind::Stopped)
    }
}

/// How many columns of a chart are remembered.
const COLUMNS: usize = 512;

/// How long the columns of the charts are, where the interval is no longer: the graph can be
/// zoomed from one to the next.
const SPANS: [Duration; 6] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(3),
    Duration::from_mins(15),
];

/// How many recent probes are remembered.
const RECENT: usize = 64;

/// The histogram's bars: four to the octave.
const BARS: usize = 4 * 64;

/// Everything that happened so far.
#[derive(Debug)]
pub(crate) struct TuiModel {
    title: String,
    server: String,
    stats: Box<Stats<Full>>,
    windows: Box<Windows<Full>>,
    /// The same time in columns of different length, the shortest first.
    charts: Vec<Chart>,
    /// What became of probes, the newest last.
    recent: VecDeque<Recent>,
    /// What a hint is given by.
    facts: Facts,
    bars: Vec<u64>,
    /// The last thing that incident the run.
    incident: Option<String>,
    /// What was not counted here, since it came too fast.
    missed: u64,
    /// When a probe counts as lost.
    timeout: Duration,
    /// What this end's wall clock read at time zero, if the wire carries times.
    wall: Option<WallTime>,
    /// When something last happened, by the run's clock and by the view's.
    latest: (ClientTime, Duration),
    /// What the time is.
    now: ClientTime,
}

/// What is shown at one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) title: String,
    pub(super) elapsed: Duration,
    pub(super) summary: Summary,
    pub(super) windows: [WindowFigures; 3],
    /// The same time in columns of different length, the shortest first.
    pub(super) charts: Vec<Chart>,
    /// What became of probes, the newest last.
    pub(super) recent: VecDeque<Recent>,
    bars: Vec<u64>,
    /// What the run says for certain that is wrong.
    pub(super) hint: Option<String>,
    pub(super) incident: Option<String>,
    pub(super) missed: u64,
}

/// RTTs and losses over time, in columns of one length.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    /// How long a column is.
    pub(super) column: Duration,
    columns: Vec<Column>,
    /// The number of the newest column.
    newest: u64,
}

/// What became of one probe.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recent {
    pub(super) seq: u64,
    /// When that was known.
    pub(super) at: ClientTime,
    pub(super) fate: Fate,
}

/// What can become of a probe, or of a reply to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Replied(Duration),
    Late(Duration),
    Duplicate(Duration),
    Lost,
    Undelivered(DeliveryError),
    Unsent,
}

/// One column of the graph: what was settled in its time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Column {
    number: u64,
    pub(super) replied: u64,
    sum: u128,
    pub(super) max: u64,
    pub(super) lost: u64,
    pub(super) refused: u64,
    pub(super) unsent: u64,
}

impl Column {
    /// The mean RTT, if there is one.
    pub(super) fn mean(&self) -> Option<u64> {
        let mean = self.sum.checked_div(u128::from(self.replied))?;
        u64::try_from(mean).ok()
    }
}

/// One bar of the histogram: RTTs from `from` on to the next one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) count: u64,
}

impl TuiModel {
    /// The model of a run called `title`, to `server`, in which nothing has happened. Its
    /// probes are lost after `timeout`, and a probe goes out each `interval` at the most.
    pub(crate) fn new(
        title: String,
        server: IpAddr,
        timeout: Duration,
        interval: Duration,
    ) -> Self {
        let longer = SPANS.into_iter().filter(|it| *it > interval);
        let own = (interval >= SPANS[0]).then_some(interval);
        let spans: Vec<Duration> = own.into_iter().chain(longer).collect();
        let mut facts = Facts::default();
        facts.server = Some(server);
        Self {
            timeout,
            wall: None,
            title,
            server: server.to_string(),
            stats: Box::new(Stats::new()),
            windows: Box::new(Windows::new()),
            charts: spans.into_iter().map(Chart::new).collect(),
            recent: VecDeque::with_capacity(RECENT),
            facts,
            bars: vec![0; BARS],
            incident: None,
            missed: 0,
            latest: (ClientTime::ZERO, Duration::ZERO),
            now: ClientTime::ZERO,
        }
    }

    /// The same model, for which this end's wall clock read `wall` at time zero, on the scale of the
    /// reflector's times.
    pub(crate) fn with_wall(self, wall: Option<WallTime>) -> Self {
        Self { wall, ..self }
    }

    /// Takes what happened at `at`, when the view's own clock read `clock`.
    pub(super) fn take(&mut self, at: ClientTime, what: ViewEvent, clock: Duration) {
        self.latest = (at, clock);
        self.now = self.now.max(at);
        match what {
            ViewEvent::Output(output) => {
                output.tally(&mut self.stats);
                output.roll(&mut self.windows);
                if let Output::Event(Event::Lost { seq, deadline }) = output {
                    self.columns_at(deadline, |column| column.lost += 1);
                    self.recent(seq, deadline, Fate::Lost);
                }
            }
            ViewEvent::Outcome(outcome) => self.outcome(at, &outcome, None),
            ViewEvent::Undelivered(outcome, why, by) => {
                self.outcome(at, &outcome, None);
                if let Outcome::Refused { seq, .. } = outcome {
                    self.recent(seq, at, Fate::Undelivered(why));
                    if why == DeliveryError::Port {
                        self.facts.refused(seq, by);
                    } else {
                        self.facts.undelivered();
                    }
                }
            }
            ViewEvent::Reply(outcome, claim, kernel) => {
                self.outcome(at, &outcome, kernel);
                outcome.tally_claim(at, &claim, self.wall, &mut self.stats);
            }
            ViewEvent::Late(late) => self.stats.timer_error(late),
            ViewEvent::Incident(incident) => {
                self.incident = Some(incident_sentence(&incident, &self.server));
                if incident.incident == IncidentKind::MovedTarget {
                    let address = incident.address.as_deref();
                    self.facts.server = address.and_then(|it| it.parse().ok());
                }
            }
            ViewEvent::Missed(missed) => self.missed = self.missed.saturating_add(missed),
        }
    }

    /// Takes an outcome, and draws the RTT by the `kernel` where that is known.
    fn outcome(&mut self, at: ClientTime, outcome: &Outcome, kernel: Option<Duration>) {
        let best = |rtt| saturating_nanos(kernel.unwrap_or(rtt));
        outcome.tally(&mut self.stats);
        outcome.roll(at, self.timeout, &mut self.windows);
        if let Outcome::Replied { rtt, .. } = *outcome
            && let Some(bar) = self.bars.get_mut(bar(best(rtt)))
        {
            *bar += 1;
        }
        self.facts.datagram(outcome);
        // A late reply may be what shows a loss, which was earlier.
        let lost = outcome.lost_at(at, self.timeout);
        self.columns_at(lost.unwrap_or(at), |column| {
            column.lost += u64::from(lost.is_some());
            match *outcome {
                Outcome::Replied { rtt, .. } => {
                    let rtt = best(rtt);
                    column.replied += 1;
                    column.sum += u128::from(rtt);
                    column.max = column.max.max(rtt);
                }
                Outcome::Refused { .. } => column.refused += 1,
                Outcome::Unsent { .. } => column.unsent += 1,
                _ => {}
            }
        });
        match *outcome {
            Outcome::Replied { seq, rtt, .. } => {
                self.recent(seq, at, Fate::Replied(kernel.unwrap_or(rtt)));
            }
            Outcome::Late { seq, rtt, .. } => self.recent(seq, at, Fate::Late(rtt)),
            Outcome::Duplicate { seq, rtt } => self.recent(seq, at, Fate::Duplicate(rtt)),
            Outcome::Unsent { seq } => self.recent(seq, at, Fate::Unsent),
            _ => {}
        }
    }

    fn recent(&mut self, seq: u64, at: ClientTime, fate: Fate) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(Recent { seq, at, fate });
    }

    /// Lets the time pass until the view's own clock reads `clock`.
    pub(super) fn pass(&mut self, clock: Duration) {
        let (at, then) = self.latest;
        self.now = self.now.max(at.saturating_add(clock.saturating_sub(then)));
    }

    /// What is to be shown of it now.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            title: self.title.clone(),
            elapsed: Duration::from_nanos(self.now.as_nanos()),
            summary: self.stats.summary(),
            windows: self.windows.figures(self.now),
            charts: self.charts.iter().map(|it| it.until(self.now)).collect(),
            recent: self.recent.clone(),
            bars: self.bars.clone(),
            hint: hint(&self.facts).map(|hint| hint.to_string()),
            incident: self.incident.clone(),
            missed: self.missed,
        }
    }

    /// Changes the column of `at` in each chart that still has it.
    fn columns_at(&mut self, at: ClientTime, change: impl Fn(&mut Column)) {
        let columns = self.charts.iter_mut().filter_map(|chart| chart.column(at));
        columns.for_each(change);
    }
}

impl Chart {
    fn new(column: Duration) -> Self {
        let columns = vec![Column::default(); COLUMNS];
        Self {
            column,
            columns,
            newest: 0,
        }
    }

    /// The same, of which the newest column is that of `now`.
    fn until(&self, now: ClientTime) -> Self {
        Self {
            newest: self.number(now),
            ..self.clone()
        }
    }

    fn number(&self, at: ClientTime) -> u64 {
        at.as_nanos() / saturating_nanos(self.column)
    }

    /// The column of `at`, unless it is too long ago.
    fn column(&mut self, at: ClientTime) -> Option<&mut Column> {
        let number = self.number(at);
        let column = self.columns.get_mut(place(number))?;
        if column.number < number {
            *column = Column {
                number,
                ..Column::default()
            };
        }
        (column.number == number).then_some(column)
    }

    /// How many columns there are, of all that have been.
    pub(super) fn len(&self) -> usize {
        usize::try_from(self.newest).map_or(COLUMNS, |newest| (newest + 1).min(COLUMNS))
    }

    /// When the column begins that is so many before the newest.
    pub(super) fn beginning(&self, back: usize) -> Duration {
        let number = self.newest.saturating_sub(back as u64);
        Duration::from_nanos(number.saturating_mul(saturating_nanos(self.column)))
    }

    /// The last `most` columns, the newest last; `None` where nothing happened.
    pub(super) fn last_columns(&self, most: usize) -> impl Iterator<Item = Option<&Column>> {
        let most = most.min(self.len()) as u64;
        (0..most).rev().map(move |back| {
            let number = self.newest.checked_sub(back)?;
            let column = self.columns.get(place(number))?;
            (column.number == number).then_some(column)
        })
    }
}

impl Snapshot {
    /// The chart to show in `width` columns where none was chosen: all of a short run, or the
    /// last of it in columns of a second.
    pub(super) fn usual_chart(&self, width: usize) -> usize {
        let second = Duration::from_secs(1);
        let short = self.charts.iter().take_while(|it| it.column < second);
        let fits = short.clone().position(|it| it.len() <= width);
        fits.unwrap_or_else(|| short.count())
    }

    /// The histogram in at most `most` bars, from the least RTT to the greatest.
    pub(super) fn histogram(&self, most: usize) -> Vec<Bar> {
        let first = self.bars.iter().position(|count| *count > 0);
        let last = self.bars.iter().rposition(|count| *count > 0);
        let (Some(first), Some(last), true) = (first, last, most > 0) else {
            return Vec::new();
        };
        let together = (last - first + 1).div_ceil(most);
        let bars = self.bars.get(first..=last).unwrap_or_default();
        let groups = bars.chunks(together).enumerate();
        groups
            .map(|(group, counts)| {
                let begin = first + group * together;
                Bar {
                    from: lower_end(begin),
                    to: lower_end(begin + together),
                    count: counts.iter().sum(),
                }
            })
            .collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "below COLUMNS")]
fn place(number: u64) -> usize {
    (number % COLUMNS as u64) as usize
}

/// The bar of an RTT: its octave, and which quarter of it. None is below 4 ns.
fn bar(nanos: u64) -> usize {
    let nanos = nanos.max(4);
    let octave = nanos.ilog2();
    let quarter = (nanos >> (octave - 2)) & 3;
    (octave as usize) * 4 + quarter as usize
}

/// The least RTT of a bar.
fn lower_end(bar: usize) -> u64 {
    let (octave, quarter) = (bar / 4, (bar % 4) as u64);
    match octave {
        0..2 => 0,
        64.. => u64::MAX,
        _ => (4 + quarter) << (octave - 2),
    }
}

#[cfg(test)]
mod tests;
