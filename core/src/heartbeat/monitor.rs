//! The end that listens: who is alive, as far as numbers and silence tell.
//!
//! A sender is known by a key that the driver makes of its address. A number that is
//! new is a sign of life; a copy, or one that was overtaken, says nothing of now.
//! From here a stopped sender and a path that loses everything look the same.

use core::time::Duration;

use crate::assoc_table::{self, Keyed};
use crate::time::{ReflectorTime, WallTime};

use super::Beat;

/// How many of the latest numbers are remembered one by one.
const REMEMBERED: u64 = 64;

/// After how many beats without a heartbeat a sender is called stopped, where nobody says
/// after what time: as many as a BGP speaker waits for (RFC 4271 §10).
const BEATS: u32 = 3;

/// The least silence that is called one, however fast the beat (RFC 4271 §4.2).
const LEAST_SILENCE: Duration = Duration::from_secs(3);

/// The silence that is called one before a second heartbeat shows the beat.
const FIRST_SILENCE: Duration = Duration::from_secs(15);

/// How much of the beat so far a new interval replaces: an eighth, as of TCP's smoothed
/// RTT (RFC 6298 §2.3).
const BEAT_SHARE: u128 = 8;

/// What is remembered of one sender.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SenderState {
    /// 0 while the place is free.
    key: u64,
    /// When the last sign of life came.
    heard: ReflectorTime,
    /// The highest number, and which of those before it have come: bit n is the
    /// number n below.
    highest: u64,
    received: u64,
    /// The interval of its heartbeats, smoothed, in nanoseconds, once two have come.
    beat: Option<u64>,
    /// The number that this count began with.
    since: u64,
    /// What the sender's clock read at the highest.
    clock: Option<u64>,
    stopped: bool,
    /// Heartbeats that came, copies and too old ones left out.
    pub beats: u64,
    /// Numbers that were skipped and have not come after all.
    pub missing: u64,
    /// The least time difference so far, in nanoseconds.
    pub least: Option<i64>,
    /// The greatest.
    pub greatest: Option<i64>,
}

impl Keyed for SenderState {
    fn key(&self) -> u64 {
        self.key
    }
}

impl SenderState {
    /// A free place.
    pub const EMPTY: Self = Self {
        key: 0,
        heard: ReflectorTime::ZERO,
        highest: 0,
        received: 0,
        beat: None,
        since: 0,
        clock: None,
        stopped: false,
        beats: 0,
        missing: 0,
        least: None,
        greatest: None,
    };

    /// Whose place it is; 0 while it is free.
    #[must_use]
    pub const fn sender(&self) -> u64 {
        self.key
    }

    /// It was called stopped and has not been heard since.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// The highest number that came.
    #[must_use]
    pub const fn highest(&self) -> u64 {
        self.highest
    }

    /// How long it may be silent before it is called stopped: `fixed`, or what its beat
    /// says.
    fn silence(&self, fixed: Option<Duration>) -> Duration {
        fixed.unwrap_or_else(|| {
            let beat = self.beat.map(Duration::from_nanos);
            let beats = beat.map(|beat| beat.saturating_mul(BEATS));
            beats.map_or(FIRST_SILENCE, |beats| beats.max(LEAST_SILENCE))
        })
    }

    /// The last moment at which a heartbeat still counts.
    fn deadline(&self, silence: Option<Duration>) -> ReflectorTime {
        self.heard.saturating_add(self.silence(silence))
    }

    /// Notes that the number `ahead` of the highest came at `now`.
    fn note_beat(&mut self, now: ReflectorTime, ahead: u64) {
        let passed = now.as_nanos().saturating_sub(self.heard.as_nanos());
        if let Some(interval) = passed.checked_div(ahead.min(u32::MAX.into())) {
            let beat = self.beat.unwrap_or(interval);
            let rest = u128::from(beat) * (BEAT_SHARE - 1);
            self.beat = u64::try_from((rest + u128::from(interval)) / BEAT_SHARE).ok();
        }
    }

    /// Starts over with `beat`.
    fn begin(&mut self, beat: Beat) {
        self.highest = beat.seq;
        self.since = beat.seq;
        self.received = 1;
        self.clock = beat.clock;
    }

    /// What a beat at `now` is by its number, and by its clock where numbers do not tell.
    fn judge(&mut self, now: ReflectorTime, beat: Beat) -> BeatOrder {
        if let Some(ahead) = beat
            .seq
            .checked_sub(self.highest)
            .filter(|ahead| *ahead > 0)
        {
            let from = self.highest.saturating_add(1);
            self.received = u32::try_from(ahead)
                .ok()
                .and_then(|ahead| self.received.checked_shl(ahead))
                .unwrap_or(0)
                | 1;
            self.note_beat(now, ahead);
            self.highest = beat.seq;
            self.clock = beat.clock;
            return if ahead == 1 {
                BeatOrder::Next
            } else {
                self.missing = self.missing.saturating_add(ahead - 1);
                BeatOrder::Gap { from }
            };
        }
        let behind = self.highest - beat.seq;
        let newer = self.clock.zip(beat.clock).map(|(then, now)| now > then);
        let bit = 1_u64.checked_shl(u32::try_from(behind).unwrap_or(u32::MAX));
        // A lower number that went out later, or after a long silence: it restarted its count.
        let restarted = newer.unwrap_or(self.stopped || behind >= REMEMBERED);
        match bit {
            _ if restarted => {
                self.begin(beat);
                BeatOrder::Restart
            }
            Some(bit) if self.received & bit != 0 => BeatOrder::Duplicate,
            Some(bit) => {
                self.received |= bit;
                // What went before the first, nobody called missing.
                let called = u64::from(beat.seq > self.since);
                self.missing = self.missing.saturating_sub(called);
                BeatOrder::Late
            }
            None => BeatOrder::TooOld,
        }
    }
}

/// What a heartbeat is among those of its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BeatOrder {
    /// The first from this sender. What went before it, nobody can know.
    First,
    /// The one that was next.
    Next,
    /// Numbers were skipped: those from `from` to the one before it are missing so far.
    Gap {
        /// The first of them.
        from: u64,
    },
    /// One that was called missing, or that the first overtook.
    Late,
    /// One that had come already.
    Duplicate,
    /// Its sender restarted its count.
    Restart,
    /// Older than what is remembered.
    TooOld,
    /// From a sender for whom there is no room.
    NoRoom,
}

impl BeatOrder {
    /// It shows that its sender is alive now.
    const fn is_life(self) -> bool {
        matches!(
            self,
            Self::First | Self::Next | Self::Gap { .. } | Self::Restart
        )
    }
}

/// What a heartbeat came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct BeatOutcome {
    /// What it is among those of its sender.
    pub order: BeatOrder,
    /// By how much the receiver's wall clock was ahead of what the sender's read when
    /// it went out, in nanoseconds: the one-way delay plus the difference of the two
    /// clocks, and nothing tells how much is which.
    pub difference: Option<i64>,
    /// How much more that is than the least before it: clocks that go at one pace leave
    /// only the change of the delay here.
    pub extra: Option<Duration>,
    /// Its sender had been called stopped, and is back.
    pub back: bool,
    /// That had not been said before: no [`MonitorOutput::Stopped`] was or will be given
    /// for that silence.
    pub newly_stopped: bool,
}

/// What time decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum MonitorOutput {
    /// A sender is called stopped.
    Stopped {
        /// Who.
        key: u64,
        /// The last moment at which a heartbeat would have counted.
        deadline: ReflectorTime,
        /// How long before that it was heard last.
        silence: Duration,
    },
    /// Nothing to do before this time, unless a heartbeat comes.
    Wait(ReflectorTime),
    /// Nobody is waited for.
    Idle,
    /// It was ended.
    Done,
}

/// What a receiver of heartbeats made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonitorSummary {
    /// Senders that were given a place.
    pub senders: u64,
    /// Heartbeats that came and counted: copies and too old ones left out.
    pub beats: u64,
    /// Numbers that were skipped and have not come after all.
    pub missing: u64,
    /// Heartbeats that came after they had been called missing.
    pub late: u64,
    /// Copies.
    pub duplicates: u64,
    /// Times that a sender restarted its count.
    pub restarts: u64,
    /// Times that a sender was called stopped.
    pub stopped: u64,
    /// Times that one so called came back.
    pub back: u64,
    /// Heartbeats older than what is remembered.
    pub too_old: u64,
    /// Heartbeats of senders for whom there was no room.
    pub no_room: u64,
    /// Datagrams that are no heartbeats.
    pub unreadable: u64,
}

/// A receiver of heartbeats, with room for as many senders as `S` has places.
///
/// When all places are taken, a sender that was called stopped gives way, the one
/// silent longest first; one that is alive never does.
#[derive(Debug, Clone)]
pub struct Monitor<S> {
    /// `None`: what each sender's beat says.
    silence: Option<Duration>,
    table: S,
    /// What this end's wall clock read at time zero.
    wall: Option<WallTime>,
    /// No deadline is earlier than this; `None` while nobody is waited for.
    earliest: Option<ReflectorTime>,
    sums: MonitorSummary,
    now: ReflectorTime,
    stopped: bool,
}

impl<S: AsRef<[SenderState]> + AsMut<[SenderState]>> Monitor<S> {
    /// A receiver that calls a sender stopped after `silence`, and remembers senders
    /// in `table`.
    ///
    /// With `None` that is three times the interval at which a sender's heartbeats came so
    /// far, and 3 s at least; 15 s while only one has come.
    pub fn new(silence: Option<Duration>, mut table: S) -> Self {
        table.as_mut().fill(SenderState::EMPTY);
        Self {
            silence,
            table,
            wall: None,
            earliest: None,
            sums: MonitorSummary::default(),
            now: ReflectorTime::ZERO,
            stopped: false,
        }
    }

    /// The same, told what this end's wall clock read at time zero, on
    /// the scale of [`Beat::clock`]: what time differences are taken by.
    #[must_use]
    pub fn with_wall(self, wall: Option<WallTime>) -> Self {
        Self { wall, ..self }
    }

    /// What time has decided by `now`. Call until it says [`MonitorOutput::Wait`],
    /// [`MonitorOutput::Idle`] or [`MonitorOutput::Done`].
    pub fn poll(&mut self, now: ReflectorTime) -> MonitorOutput {
        let now = self.advance(now);
        if let Some(earliest) = self.earliest
            && earliest < now
        {
            self.earliest = self.next_deadline();
            if let Some(deadline) = self.earliest.filter(|deadline| *deadline < now)
                && let Some((key, silence)) = self.call_stopped(deadline)
            {
                return MonitorOutput::Stopped {
                    key,
                    deadline,
                    silence,
                };
            }
        }
        if self.stopped {
            return MonitorOutput::Done;
        }
        match self.earliest {
            Some(at) => match at.saturating_add(Duration::from_nanos(1)) {
                after if after > now => MonitorOutput::Wait(after),
                // The end of time itself: no later moment can be named.
                _ => MonitorOutput::Idle,
            },
            None => MonitorOutput::Idle,
        }
    }

    /// Judges a heartbeat of the sender `key` that arrived at `now`.
    pub fn handle_beat(&mut self, now: ReflectorTime, key: u64, beat: Beat) -> BeatOutcome {
        let now = self.advance(now);
        let difference = beat
            .clock
            .zip(self.wall)
            .and_then(|(clock, wall)| difference(wall, now, clock));
        let mut heard = BeatOutcome {
            order: BeatOrder::NoRoom,
            difference,
            extra: None,
            back: false,
            newly_stopped: false,
        };
        let silent_first = |place: &SenderState| place.stopped.then_some(place.heard);
        // 0 is nobody's key: it marks a place that is free.
        let key = key.max(1);
        let Some((place, known)) = assoc_table::place(self.table.as_mut(), key, silent_first)
        else {
            self.sums.no_room = self.sums.no_room.saturating_add(1);
            return heard;
        };
        let deadline = place.deadline(self.silence);
        if known {
            heard.newly_stopped = !place.stopped && deadline < now;
            place.stopped |= heard.newly_stopped;
            let missing = place.missing;
            heard.order = place.judge(now, beat);
            let gained = place.missing.saturating_sub(missing);
            let filled = missing.saturating_sub(place.missing);
            let total = self.sums.missing.saturating_add(gained);
            self.sums.missing = total.saturating_sub(filled);
        } else {
            *place = SenderState {
                key,
                ..SenderState::EMPTY
            };
            place.begin(beat);
            heard.order = BeatOrder::First;
        }
        if heard.order.is_life() {
            heard.back = place.stopped;
            place.stopped = false;
            place.heard = now;
            let deadline = place.deadline(self.silence);
            self.earliest = Some(self.earliest.map_or(deadline, |at| at.min(deadline)));
        }
        if heard.order.is_life() || heard.order == BeatOrder::Late {
            place.beats = place.beats.saturating_add(1);
            heard.extra = heard
                .difference
                .zip(place.least)
                .and_then(|(now, least)| now.checked_sub(least))
                .and_then(|extra| u64::try_from(extra).ok())
                .map(Duration::from_nanos);
            place.least = least(place.least, heard.difference, i64::min);
            place.greatest = least(place.greatest, heard.difference, i64::max);
        }
        self.count(&heard);
        heard
    }

    /// Notes a datagram that is no heartbeat.
    pub fn handle_unreadable(&mut self, now: ReflectorTime) {
        self.advance(now);
        count(&mut self.sums.unreadable);
    }

    /// Ends it: what is silent for too long by now is still said, and no more.
    pub fn stop(&mut self, now: ReflectorTime) {
        self.advance(now);
        self.stopped = true;
    }

    /// The latest time that any call has named.
    #[must_use]
    pub fn now(&self) -> ReflectorTime {
        self.now
    }

    /// What it made of everything so far.
    #[must_use]
    pub fn summary(&self) -> MonitorSummary {
        self.sums
    }

    /// The senders that are remembered, in no order.
    pub fn senders(&self) -> impl Iterator<Item = &SenderState> {
        self.table.as_ref().iter().filter(|place| place.key != 0)
    }

    /// The deadline that is next, whether or not it has passed.
    #[must_use]
    pub fn next_deadline(&self) -> Option<ReflectorTime> {
        let alive = self.senders().filter(|place| !place.stopped);
        alive.map(|place| place.deadline(self.silence)).min()
    }

    /// Calls the first sender with this deadline stopped, after what silence.
    fn call_stopped(&mut self, deadline: ReflectorTime) -> Option<(u64, Duration)> {
        let silence = self.silence;
        let place = self.table.as_mut().iter_mut().find(|place| {
            place.key != 0 && !place.stopped && place.deadline(silence) == deadline
        })?;
        place.stopped = true;
        count(&mut self.sums.stopped);
        Some((place.key, place.silence(silence)))
    }

    fn count(&mut self, heard: &BeatOutcome) {
        let sums = &mut self.sums;
        match heard.order {
            BeatOrder::First => count(&mut sums.senders),
            BeatOrder::Late => count(&mut sums.late),
            BeatOrder::Duplicate => count(&mut sums.duplicates),
            BeatOrder::Restart => count(&mut sums.restarts),
            BeatOrder::TooOld => count(&mut sums.too_old),
            BeatOrder::Next | BeatOrder::Gap { .. } | BeatOrder::NoRoom => {}
        }
        if heard.order.is_life() || heard.order == BeatOrder::Late {
            count(&mut sums.beats);
        }
        if heard.newly_stopped {
            count(&mut sums.stopped);
        }
        if heard.back {
            count(&mut sums.back);
        }
    }

    fn advance(&mut self, now: ReflectorTime) -> ReflectorTime {
        self.now = self.now.max(now);
        self.now
    }
}

/// `wall + now − clock`, if that is a number.
fn difference(wall: WallTime, now: ReflectorTime, clock: u64) -> Option<i64> {
    let here = i128::from(wall.as_nanos()) + i128::from(now.as_nanos());
    i64::try_from(here - i128::from(clock)).ok()
}

fn least(known: Option<i64>, new: Option<i64>, pick: fn(i64, i64) -> i64) -> Option<i64> {
    match (known, new) {
        (Some(known), Some(new)) => Some(pick(known, new)),
        (one, other) => one.or(other),
    }
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

#[cfg(test)]
mod tests;
