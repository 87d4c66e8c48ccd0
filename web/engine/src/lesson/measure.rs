//! Numbers read off a stage at a moment: what counters show and tasks are checked by.
//!
//! Owns their definitions, the classroom's wrong ones included, which say so.

use serde::{Deserialize, Serialize};
use udping_core::stats::Summary;
use udping_link::Direction;

use super::scene::Stage;
use super::track::{Flight, PacketKind, Track};
use crate::figures::Figures;
use udping_sim::Side;
use udping_sim::actors::{Note, Rto};

/// What can be measured. Durations are nanoseconds and shares parts per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Pings sent.
    Sent,
    /// Bytes that calls discard, for they did not ask for them.
    CutBytes,
    /// Calls that return bytes of more than one message.
    JoinedCalls,
    /// Replies that the server sent.
    Answers,
    /// Pings taken for answered.
    Replied,
    /// Pings given up.
    Lost,
    /// Of those, answered after all.
    Late,
    /// Pings whose fate is open.
    InFlight,
    /// Further copies of replies.
    Duplicates,
    /// Replies that came after a later ping's (RFC 4737 §3).
    Reordered,
    /// Packets lost on the way to the server.
    RequestsLost,
    /// Packets lost on the way back.
    RepliesLost,
    /// Replies credited to a ping that they do not answer.
    Miscredited,
    /// Replies accepted after more than the timeout.
    OverTimeout,
    /// Packets that are or were under way, both ways: one that sets out at this very moment
    /// is not yet.
    Packets,
    /// Their bytes, IPv4 headers included.
    Bytes,
    /// Those of them that are headers.
    HeaderBytes,
    /// Round trips that the client waited for.
    RoundTrips,
    /// Retransmissions.
    Retransmissions,
    /// When the client had its last answer, or gave it up.
    Finished,
    /// The server's sockets.
    Sockets,
    /// The most that it had at once.
    SocketsMost,
    /// The least RTT that was reported.
    RttLeast,
    /// The greatest.
    RttMost,
    /// Their mean.
    RttMean,
    /// Their median.
    RttMedian,
    /// What 99 % of them do not exceed.
    RttP99,
    /// Lost ÷ settled.
    Loss,
    /// Wrong: what is in flight counts as lost.
    LossInFlight,
    /// Wrong: the RTTs' sum divided by what was sent.
    MeanOverSent,
    /// Wrong: every loss enters the mean as a timeout.
    MeanWithTimeouts,
    /// The newest answered ping's T4 − T1.
    Rtt,
    /// The same where T4 and T1 are read off the wall clock.
    WallClockRtt,
    /// Its T3 − T2.
    ServerTime,
    /// Its δ = (T4 − T1) − (T3 − T2).
    NetworkTime,
    /// Its T2 − T1, which two clocks give.
    SeenThere,
    /// Its T4 − T3, which two clocks give.
    SeenBack,
    /// Its δ ÷ 2.
    HalfGuess,
    /// How far that is from its true way there.
    HalfError,
    /// Its θ = ((T2 − T1) + (T3 − T4)) ÷ 2, the server's clock as estimated.
    OffsetGuess,
    /// Its true way there.
    WayThere,
    /// Its true way back.
    WayBack,
    /// The timeout that an estimator would take for the next ping.
    Estimated,
    /// The newest heartbeat's time of receipt less its time of sending, on two clocks.
    Apart,
    /// By how much that differs from the heartbeat's before.
    ApartChange,
    /// Heartbeats reported missing.
    Missing,
    /// How often the client was called stopped.
    Stopped,
    /// How often that was wrong.
    FalseAlarms,
}

/// What a measure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Things.
    Count,
    /// Bytes.
    Bytes,
    /// Nanoseconds.
    Span,
    /// Parts per million.
    Share,
}

impl Measure {
    /// What it is counted in.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Sent
            | Self::Answers
            | Self::Replied
            | Self::Lost
            | Self::Late
            | Self::InFlight
            | Self::Duplicates
            | Self::Reordered
            | Self::RequestsLost
            | Self::RepliesLost
            | Self::Miscredited
            | Self::OverTimeout
            | Self::Packets
            | Self::RoundTrips
            | Self::Retransmissions
            | Self::Sockets
            | Self::SocketsMost
            | Self::JoinedCalls
            | Self::Missing
            | Self::Stopped
            | Self::FalseAlarms => Unit::Count,
            Self::Bytes | Self::HeaderBytes | Self::CutBytes => Unit::Bytes,
            Self::Loss | Self::LossInFlight => Unit::Share,
            Self::Finished
            | Self::RttLeast
            | Self::RttMost
            | Self::RttMean
            | Self::RttMedian
            | Self::RttP99
            | Self::MeanOverSent
            | Self::MeanWithTimeouts
            | Self::Rtt
            | Self::WallClockRtt
            | Self::ServerTime
            | Self::NetworkTime
            | Self::SeenThere
            | Self::SeenBack
            | Self::HalfGuess
            | Self::HalfError
            | Self::OffsetGuess
            | Self::WayThere
            | Self::WayBack
            | Self::Estimated
            | Self::Apart
            | Self::ApartChange => Unit::Span,
        }
    }
}

/// The four times of one exchange, in nanoseconds: the first and last on the client's
/// clock, the others on the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FourTimes {
    /// The client sends.
    pub t1: i64,
    /// The server receives.
    pub t2: i64,
    /// The server sends.
    pub t3: i64,
    /// The client receives.
    pub t4: i64,
}

impl FourTimes {
    /// The round-trip time: one clock.
    #[must_use]
    pub fn rtt(self) -> i64 {
        self.t4 - self.t1
    }

    /// The server's own time: one clock.
    #[must_use]
    pub fn server(self) -> i64 {
        self.t3 - self.t2
    }

    /// The network's part of the round trip, δ (RFC 5905 §8).
    #[must_use]
    pub fn network(self) -> i64 {
        self.rtt() - self.server()
    }

    /// The server's clock less the client's, θ (RFC 5905 §8): right if both ways take
    /// equally long, and never off by more than δ ÷ 2.
    #[must_use]
    pub fn offset(self) -> i64 {
        i64::midpoint(self.t2 - self.t1, self.t3 - self.t4)
    }

    /// The same times as a server's clock would have told them that is `ahead_ns` behind
    /// this one.
    #[must_use]
    pub fn with_server_behind(self, ahead_ns: i64) -> Self {
        Self {
            t2: self.t2 - ahead_ns,
            t3: self.t3 - ahead_ns,
            ..self
        }
    }

    /// What a measure that is computed from the four times comes to; `None` of any other.
    #[must_use]
    pub fn figure(self, measure: Measure) -> Option<i64> {
        Some(match measure {
            Measure::Rtt => self.rtt(),
            Measure::ServerTime => self.server(),
            Measure::NetworkTime => self.network(),
            Measure::SeenThere => self.t2 - self.t1,
            Measure::SeenBack => self.t4 - self.t3,
            Measure::HalfGuess => self.network() / 2,
            Measure::OffsetGuess => self.offset(),
            _ => return None,
        })
    }
}

/// What an estimator makes of one reply (RFC 6298 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The ping.
    pub seq: u64,
    /// Its RTT, in nanoseconds.
    pub rtt_ns: u64,
    /// The smoothed RTT after it.
    pub smoothed_ns: u64,
    /// The variation after it.
    pub variation_ns: u64,
    /// The timeout that follows, without a least value.
    pub timeout_ns: u64,
}

impl Stage {
    /// A measure of one lane, of all that has happened by `at_ns`; `None` where there is
    /// nothing to measure yet, or no such lane.
    #[must_use]
    pub fn measure(&self, lane: usize, measure: Measure, at_ns: u64) -> Option<i64> {
        let seen = Seen {
            stage: self,
            lane,
            track: self.tracks.get(lane)?,
            at_ns,
        };
        seen.measure(measure)
    }

    /// The four times of the newest answered ping.
    #[must_use]
    pub fn four_times(&self, lane: usize, at_ns: u64) -> Option<FourTimes> {
        let track = self.tracks.get(lane)?;
        let (there, back) = newest(track, at_ns)?;
        let server = |ns: u64| signed(ns).saturating_add(self.scene.server_clock_ns);
        Some(FourTimes {
            t1: signed(there.from_ns),
            t2: server(there.until_ns),
            t3: server(back.from_ns),
            t4: signed(back.until_ns),
        })
    }

    /// The two ways of the newest answered ping.
    #[must_use]
    pub fn exchange(&self, lane: usize, at_ns: u64) -> Option<(Flight, Flight)> {
        newest(self.tracks.get(lane)?, at_ns)
    }

    /// What an estimator makes of each reply in turn, late ones included.
    #[must_use]
    pub fn estimates(&self, lane: usize, at_ns: u64) -> Vec<Estimate> {
        let mut rto = Rto::with_least(0);
        let moments = self.tracks.get(lane).map_or(&[][..], |it| &it.moments);
        let by_now = moments.iter().take_while(|moment| moment.at_ns <= at_ns);
        let replies = by_now.filter_map(|moment| match moment.note {
            Note::Replied { seq, rtt_ns, .. } | Note::Late { seq, rtt_ns } => Some((seq, rtt_ns)),
            _ => None,
        });
        let estimate = |(seq, rtt_ns)| {
            rto.sample(rtt_ns);
            Estimate {
                seq,
                rtt_ns,
                smoothed_ns: rto.smoothed_ns().unwrap_or(rtt_ns),
                variation_ns: rto.variation_ns(),
                timeout_ns: rto.timeout_ns(),
            }
        };
        replies.map(estimate).collect()
    }
}

/// One lane by a moment.
struct Seen<'a> {
    stage: &'a Stage,
    lane: usize,
    track: &'a Track,
    at_ns: u64,
}

impl Seen<'_> {
    fn measure(&self, measure: Measure) -> Option<i64> {
        let scene = &self.stage.scene;
        Some(match measure {
            Measure::Sent => self.sent(),
            Measure::Answers => {
                let answers = self.track.flights.iter().filter(|flight| {
                    let sent = flight.direction == Direction::Reply && !flight.copy;
                    sent && flight.from_ns <= self.at_ns
                });
                signed(answers.count() as u64)
            }
            Measure::WallClockRtt => {
                let (there, back) = self.stage.exchange(self.lane, self.at_ns)?;
                let wall = |at_ns| self.stage.scene.wall_clock(at_ns);
                wall(back.until_ns) - wall(there.from_ns)
            }
            Measure::CutBytes => {
                let calls = self.stage.calls(self.lane, self.at_ns);
                signed(calls.iter().map(|call| call.cut.len() as u64).sum())
            }
            Measure::JoinedCalls => {
                let calls = self.stage.calls(self.lane, self.at_ns);
                signed(calls.iter().filter(|call| call.joined).count() as u64)
            }
            Measure::Replied => self.count(|note| matches!(note, Note::Replied { .. })),
            Measure::Lost => self.count(|note| matches!(note, Note::TimedOut { .. })),
            Measure::Late => self.count(|note| matches!(note, Note::Late { .. })),
            Measure::InFlight => {
                let settled = self.of(Measure::Replied)? + self.of(Measure::Lost)?;
                self.sent() - settled
            }
            Measure::Duplicates => self.count(|note| matches!(note, Note::Duplicate { .. })),
            Measure::Reordered => {
                let order = self.summary()?.reordering;
                order.map_or(0, |order| signed(order.reordered))
            }
            Measure::RequestsLost => self.lost(Direction::Request),
            Measure::RepliesLost => self.lost(Direction::Reply),
            Measure::Miscredited => {
                self.count(|note| matches!(note, Note::Replied { seq, truly, .. } if seq != truly))
            }
            Measure::OverTimeout => {
                let timeout = scene.setup.timeout_ns;
                self.count(|note| matches!(note, Note::Replied { rtt_ns, .. } if *rtt_ns > timeout))
            }
            Measure::Packets => signed(self.under_way().count() as u64),
            Measure::Bytes => {
                let message = scene.message();
                signed(self.under_way().map(|flight| flight.bytes(message)).sum())
            }
            Measure::HeaderBytes => signed(self.under_way().map(|flight| flight.bytes(0)).sum()),
            Measure::RoundTrips => {
                self.count(|note| matches!(note, Note::Connected | Note::Replied { .. }))
            }
            Measure::Retransmissions => self.count(|note| matches!(note, Note::Retransmits { .. })),
            Measure::Finished => self
                .notes()
                .filter(|(_, note)| matches!(note, Note::Replied { .. } | Note::TimedOut { .. }))
                .map(|(at, _)| signed(at))
                .last()?,
            Measure::Sockets => self.sockets().last().copied().unwrap_or(1),
            Measure::SocketsMost => self.sockets().into_iter().max().unwrap_or(1),
            Measure::RttLeast => signed(self.rtts().min()?),
            Measure::RttMost => signed(self.rtts().max()?),
            Measure::RttMean => mean(self.total(), self.of(Measure::Replied)?)?,
            Measure::RttMedian => signed(self.median()?),
            Measure::RttP99 => signed(self.percentile(99)?),
            Measure::Loss => share(
                self.of(Measure::Lost)?,
                self.of(Measure::Lost)? + self.of(Measure::Replied)?,
            )?,
            Measure::LossInFlight => share(self.sent() - self.of(Measure::Replied)?, self.sent())?,
            Measure::MeanOverSent => mean(self.total(), self.sent())?,
            Measure::MeanWithTimeouts => {
                let (replied, lost) = (self.of(Measure::Replied)?, self.of(Measure::Lost)?);
                let padded = lost.saturating_mul(signed(scene.setup.timeout_ns));
                mean(self.total().saturating_add(padded), replied + lost)?
            }
            Measure::Estimated => {
                let estimates = self.stage.estimates(self.lane, self.at_ns);
                signed(estimates.last()?.timeout_ns)
            }
            Measure::Apart => self.apart().last()?,
            Measure::ApartChange => {
                let apart: Vec<i64> = self.apart().collect();
                let [.., before, last] = apart[..] else {
                    return None;
                };
                last - before
            }
            Measure::Missing => {
                let missing = self.notes().map(|(_, note)| match note {
                    Note::Missing { from, to } => signed(to - from + 1),
                    _ => 0,
                });
                missing.sum()
            }
            Measure::Stopped => self.count(|note| matches!(note, Note::Stopped)),
            Measure::FalseAlarms => self.false_alarms(),
            _ => self.of_newest(measure)?,
        })
    }

    /// Measures of the newest answered ping.
    fn of_newest(&self, measure: Measure) -> Option<i64> {
        let times = self.stage.four_times(self.lane, self.at_ns)?;
        let (there, back) = newest(self.track, self.at_ns)?;
        let true_there = signed(there.until_ns - there.from_ns);
        match measure {
            Measure::HalfError => Some((true_there - times.network() / 2).abs()),
            Measure::WayThere => Some(true_there),
            Measure::WayBack => Some(signed(back.until_ns - back.from_ns)),
            computed => times.figure(computed),
        }
    }

    fn of(&self, measure: Measure) -> Option<i64> {
        self.measure(measure)
    }

    fn notes(&self) -> impl Iterator<Item = (u64, Note)> {
        let by_now = |moment: &&super::track::Moment| moment.at_ns <= self.at_ns;
        let moments = self.track.moments.iter().take_while(by_now);
        moments.map(|moment| (moment.at_ns, moment.note))
    }

    fn count(&self, is: impl Fn(&Note) -> bool) -> i64 {
        signed(self.notes().filter(|(_, note)| is(note)).count() as u64)
    }

    /// The packets that an end has sent by now.
    fn launched(&self) -> impl Iterator<Item = &Flight> {
        let by_now = |flight: &&Flight| flight.from_ns <= self.at_ns && !flight.copy;
        self.track.flights.iter().filter(by_now)
    }

    /// Those of them that have covered some of their way.
    fn under_way(&self) -> impl Iterator<Item = &Flight> {
        self.launched().filter(|flight| flight.from_ns < self.at_ns)
    }

    fn sent(&self) -> i64 {
        let probe =
            |flight: &&Flight| matches!(flight.kind, PacketKind::Ping(_) | PacketKind::Beat(_));
        signed(self.launched().filter(probe).count() as u64)
    }

    /// What the heartbeats' times of receipt and of sending are apart.
    fn apart(&self) -> impl Iterator<Item = i64> {
        self.notes().filter_map(|(_, note)| match note {
            Note::Heard { apart_ns, .. } => Some(apart_ns),
            _ => None,
        })
    }

    fn lost(&self, direction: Direction) -> i64 {
        let lost = |flight: &&Flight| {
            flight.lost && flight.until_ns <= self.at_ns && flight.direction == direction
        };
        signed(self.track.flights.iter().filter(lost).count() as u64)
    }

    fn rtts(&self) -> impl Iterator<Item = u64> {
        self.notes().filter_map(|(_, note)| match note {
            Note::Replied { rtt_ns, .. } => Some(rtt_ns),
            _ => None,
        })
    }

    fn sorted(&self) -> Vec<u64> {
        let mut rtts: Vec<u64> = self.rtts().collect();
        rtts.sort_unstable();
        rtts
    }

    /// The value in the middle, or between the two there (RFC 2330 §11.3). Exact: a lesson's
    /// pings are few.
    fn median(&self) -> Option<u64> {
        let rtts = self.sorted();
        let middle = rtts.len() / 2;
        let upper = *rtts.get(middle)?;
        let lower = if rtts.len().is_multiple_of(2) {
            *rtts.get(middle.checked_sub(1)?)?
        } else {
            upper
        };
        Some(u64::midpoint(lower, upper))
    }

    /// The least value that so many of a hundred do not exceed (RFC 2330 §11.3).
    fn percentile(&self, of_hundred: usize) -> Option<u64> {
        let rtts = self.sorted();
        let rank = (rtts.len() * of_hundred).div_ceil(100).checked_sub(1)?;
        rtts.get(rank).copied()
    }

    fn total(&self) -> i64 {
        signed(self.rtts().sum())
    }

    /// How many sockets the server has, after each change; the first is the one that
    /// receives, or listens.
    fn sockets(&self) -> Vec<i64> {
        let mut sockets = 1;
        let mut all = vec![sockets];
        for (_, note) in self.notes() {
            match note {
                Note::Opened => sockets += 1,
                Note::Closed => sockets -= 1,
                _ => continue,
            }
            all.push(sockets);
        }
        all
    }

    /// Times the client was called stopped and a heartbeat came after all.
    fn false_alarms(&self) -> i64 {
        let heard_after = |at: u64| {
            let arrives = |flight: &Flight| {
                !flight.lost && flight.until_ns > at && flight.until_ns <= self.at_ns
            };
            self.track.flights.iter().any(arrives)
        };
        let alarms = self.track.moments.iter().filter(|moment| {
            let stopped = moment.by == Side::Server && moment.note == Note::Stopped;
            stopped && moment.at_ns <= self.at_ns && heard_after(moment.at_ns)
        });
        signed(alarms.count() as u64)
    }

    fn summary(&self) -> Option<Summary> {
        let run = self.stage.run.as_ref()?;
        Some(Figures::default().at(run, run.seek(self.at_ns)))
    }
}

/// The ways of the newest answered ping.
fn newest(track: &Track, at_ns: u64) -> Option<(Flight, Flight)> {
    let by_now = track.moments.iter().filter(|moment| moment.at_ns <= at_ns);
    let replied = by_now.filter_map(|moment| match moment.note {
        Note::Replied { truly, .. } => Some((truly, moment.at_ns)),
        _ => None,
    });
    let (seq, at) = replied.reduce(|_, newer| newer)?;
    let back = track.flights.iter().find(|flight| {
        flight.kind == PacketKind::Reply(seq) && !flight.lost && flight.until_ns == at
    })?;
    let there = track
        .flights
        .iter()
        .find(|flight| flight.kind == PacketKind::Ping(seq) && !flight.lost)?;
    Some((*there, *back))
}

fn mean(total: i64, count: i64) -> Option<i64> {
    total.checked_div(count)
}

fn share(part: i64, whole: i64) -> Option<i64> {
    part.saturating_mul(1_000_000).checked_div(whole)
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
