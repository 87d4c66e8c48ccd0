//! From a line's text to a record, tolerant of what it does not know.
//!
//! Keys may stand in any order and unknown ones are skipped and counted; what is
//! known must be well-formed. Reads each line in one pass, without building a tree.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::LARGEST;
use super::record::{
    Beat, BeatsRecord, Befallen, Carried, Connected, Done, Gap, Lost, Missed, Named, Note, Record,
    Reply, Sent, Silent, Stamp, Stop, StopReason, SummaryRecord, TrafficRecord, Unreachable,
    Unreadable, Unsent, WatchedRecord,
};
use super::tree::Tree;
use crate::comparison::Via;
use udping_core::event::Ignored;

/// Reads one line after the header. Also returns how many keys have no meaning in
/// such a record: unknown ones, and those of other records.
///
/// # Errors
/// [`LineError`] says what is wrong and in which column.
pub fn parse_record(line: &str) -> Result<(Record, u32), LineError> {
    let (record, via, unknown) = parse_line(line)?;
    Ok((record, unknown.saturating_add(u32::from(via.is_some()))))
}

/// The same of a journal in which several sessions are: also returns which one the
/// record belongs to, if it says so.
///
/// # Errors
/// As [`parse_record`].
pub fn parse_line(line: &str) -> Result<(Record, Option<Via>, u32), LineError> {
    let mut line: Line = serde_json::from_str(line).map_err(|error| LineError {
        column: error.column(),
        what: error.to_string(),
    })?;
    let record = line
        .record()
        .map_err(|what| LineError { column: 0, what })?;
    let via = line.via.take();
    Ok((record, via, line.unknown.saturating_add(line.left())))
}

/// Why a line is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// The column, from 1; 0 where the line as a whole is meant.
    pub column: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // serde_json counts lines within this one: "… at line 1 column 7".
        let what = self.what.split(" at line ").next().unwrap_or(&self.what);
        match self.column {
            0 => f.write_str(what),
            column => write!(f, "column {column}: {what}"),
        }
    }
}

impl core::error::Error for LineError {}

/// A whole number from 0 to [`LARGEST`].
#[derive(Clone, Copy)]
struct Whole(u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounded;
        impl Visitor<'_> for Bounded {
            type Value = Whole;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a whole number from 0 to {LARGEST}")
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Whole, E> {
                if value > LARGEST {
                    return Err(E::invalid_value(de::Unexpected::Unsigned(value), &self));
                }
                Ok(Whole(value))
            }
        }
        deserializer.deserialize_u64(Bounded)
    }
}

/// A whole number whose amount is at most [`LARGEST`].
#[derive(Clone, Copy)]
struct Signed(i64);

impl<'de> Deserialize<'de> for Signed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        if value.unsigned_abs() > LARGEST {
            let what = de::Unexpected::Signed(value);
            return Err(de::Error::invalid_value(what, &"an amount of at most 2^53"));
        }
        Ok(Self(value))
    }
}

macro_rules! line {
    ($($key:ident $variant:ident: $type:ty,)*) => {
        /// Every key any record has.
        #[derive(Default)]
        struct Line { $($key: Option<$type>,)* unknown: u32 }

        impl Line {
            /// How many keys no record has taken.
            fn left(&self) -> u32 {
                0 $(+ u32::from(self.$key.is_some()))*
            }
        }

        #[derive(Deserialize)]
        #[serde(field_identifier, rename_all = "snake_case")]
        enum Key { $($variant,)* #[serde(other)] Unknown }

        impl<'de> Deserialize<'de> for Line {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Keys;
                impl<'de> Visitor<'de> for Keys {
                    type Value = Line;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a record, which is a JSON object")
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
                        let mut line = Line::default();
                        while let Some(key) = map.next_key()? {
                            match key {
                                $(Key::$variant if line.$key.is_some() => {
                                    return Err(de::Error::duplicate_field(stringify!($key)));
                                }
                                Key::$variant => line.$key = Some(map.next_value()?),)*
                                Key::Unknown => {
                                    map.next_value::<IgnoredAny>()?;
                                    line.unknown = line.unknown.saturating_add(1);
                                }
                            }
                        }
                        Ok(line)
                    }
                }
                deserializer.deserialize_map(Keys)
            }
        }
    };
}

line! {
    sent Sent: Whole,
    reply Reply: Option<u32>,
    unreadable Unreadable: udping_core::wire::Unreadable,
    lost Lost: Whole,
    missed Missed: Whole,
    unreachable Unreachable: Option<Whole>,
    unsent Unsent: Whole,
    stamp Stamp: Whole,
    stop Stop: StopReason,
    done Done: bool,
    gap Gap: Whole,
    note Note: Befallen,
    summary Summary: Box<Tree>,
    at_ns AtNs: Whole,
    due_ns DueNs: Whole,
    deadline_ns DeadlineNs: Whole,
    rtt_ns RttNs: Whole,
    late_ns LateNs: Whole,
    duplicate_ns DuplicateNs: Whole,
    ignored Ignored: Ignored,
    seq Seq: Whole,
    unverified Unverified: bool,
    newly_lost NewlyLost: bool,
    token Token: Option<Whole>,
    t2_ns T2Ns: Whole,
    t3_ns T3Ns: Whole,
    count Count: u32,
    synced Synced: bool,
    refused Refused: Whole,
    after_ns AfterNs: Whole,
    kernel_ns KernelNs: Signed,
    error Error: String,
    for_ns ForNs: Whole,
    by_ns ByNs: Signed,
    address Address: String,
    beat Beat: Whole,
    from From: Whole,
    clock_ns ClockNs: Whole,
    came Came: Box<Tree>,
    difference_ns DifferenceNs: Signed,
    back Back: bool,
    newly_stopped NewlyStopped: bool,
    stopped Stopped: Whole,
    named Named: Whole,
    beats Beats: Box<Tree>,
    watched Watched: Box<Tree>,
    connected Connected: Whole,
    carried Carried: Whole,
    bytes_out BytesOut: Whole,
    bytes_in BytesIn: Whole,
    packets_out PacketsOut: Whole,
    packets_in PacketsIn: Whole,
    retransmitted Retransmitted: Whole,
    traffic Traffic: Box<Tree>,
    via Via: Via,
}

impl Line {
    /// How many keys it has that each mark a record of their own.
    fn tags(&self) -> usize {
        let tags = [
            self.sent.is_some(),
            self.reply.is_some(),
            self.unreadable.is_some(),
            self.lost.is_some(),
            self.missed.is_some(),
            self.unreachable.is_some(),
            self.unsent.is_some(),
            self.stamp.is_some(),
            self.stop.is_some(),
            self.done.is_some(),
            self.gap.is_some(),
            self.note.is_some(),
            self.summary.is_some(),
            self.beat.is_some(),
            self.stopped.is_some(),
            self.named.is_some(),
            self.beats.is_some(),
            self.watched.is_some(),
            self.connected.is_some(),
            self.carried.is_some(),
            self.traffic.is_some(),
        ];
        tags.iter().filter(|tag| **tag).count()
    }

    fn record(&mut self) -> Result<Record, String> {
        if self.tags() > 1 {
            return Err("it is two records in one".to_string());
        }

        Ok(if let Some(Whole(sent)) = self.sent.take() {
            Record::Sent(Sent {
                sent,
                at_ns: need(self.at_ns.take(), "sent", "at_ns")?,
                due_ns: need(self.due_ns.take(), "sent", "due_ns")?,
            })
        } else if let Some(reply) = self.reply.take() {
            Record::Reply(Reply {
                reply,
                at_ns: need(self.at_ns.take(), "reply", "at_ns")?,
                token: self.token.take().map(whole),
                t2_ns: whole(self.t2_ns.take()),
                t3_ns: whole(self.t3_ns.take()),
                count: self.count.take(),
                synced: self.synced.take().unwrap_or(false),
                rtt_ns: whole(self.rtt_ns.take()),
                late_ns: whole(self.late_ns.take()),
                duplicate_ns: whole(self.duplicate_ns.take()),
                ignored: self.ignored.take(),
                seq: whole(self.seq.take()),
                unverified: self.unverified.take().unwrap_or(false),
                newly_lost: self.newly_lost.take().unwrap_or(false),
            })
        } else if let Some(unreadable) = self.unreadable.take() {
            Record::Unreadable(Unreadable {
                unreadable,
                at_ns: need(self.at_ns.take(), "unreadable", "at_ns")?,
                ignored: self.ignored.take(),
            })
        } else if let Some(Whole(lost)) = self.lost.take() {
            Record::Lost(Lost {
                lost,
                deadline_ns: need(self.deadline_ns.take(), "lost", "deadline_ns")?,
            })
        } else if let Some(Whole(missed)) = self.missed.take() {
            Record::Missed(Missed {
                missed,
                at_ns: need(self.at_ns.take(), "missed", "at_ns")?,
                due_ns: need(self.due_ns.take(), "missed", "due_ns")?,
            })
        } else if let Some(unreachable) = self.unreachable.take() {
            Record::Unreachable(Unreachable {
                unreachable: whole(unreachable),
                at_ns: need(self.at_ns.take(), "unreachable", "at_ns")?,
                error: self.error.take(),
                refused: whole(self.refused.take()),
                after_ns: whole(self.after_ns.take()),
                ignored: self.ignored.take(),
            })
        } else if let Some(Whole(unsent)) = self.unsent.take() {
            Record::Unsent(Unsent {
                unsent,
                at_ns: need(self.at_ns.take(), "unsent", "at_ns")?,
                error: self.error.take(),
                ignored: self.ignored.take(),
            })
        } else if let Some(Whole(stamp)) = self.stamp.take() {
            Record::Stamp(Stamp {
                stamp,
                kernel_ns: there(self.kernel_ns.take().map(signed), "stamp", "kernel_ns")?,
                rtt_ns: whole(self.rtt_ns.take()),
                ignored: self.ignored.take(),
            })
        } else {
            return self.ending();
        })
    }

    /// The records of a run's end.
    fn ending(&mut self) -> Result<Record, String> {
        Ok(if let Some(stop) = self.stop.take() {
            Record::Stop(Stop {
                stop,
                at_ns: need(self.at_ns.take(), "stop", "at_ns")?,
            })
        } else if let Some(done) = self.done.take() {
            Record::Done(Done {
                done,
                at_ns: need(self.at_ns.take(), "done", "at_ns")?,
            })
        } else if let Some(Whole(gap)) = self.gap.take() {
            Record::Gap(Gap {
                gap,
                at_ns: need(self.at_ns.take(), "gap", "at_ns")?,
            })
        } else if let Some(note) = self.note.take() {
            Record::Note(self.befallen(note)?)
        } else if let Some(summary) = self.summary.take() {
            let summary = told(&summary)?;
            Record::Summary(Box::new(SummaryRecord { summary }))
        } else {
            return self.heartbeat();
        })
    }

    /// The records of heartbeats.
    fn heartbeat(&mut self) -> Result<Record, String> {
        Ok(if let Some(Whole(beat)) = self.beat.take() {
            let came = self.came.take().ok_or("a `beat` record needs `came`")?;
            Record::Beat(Beat {
                beat,
                at_ns: need(self.at_ns.take(), "beat", "at_ns")?,
                from: need(self.from.take(), "beat", "from")?,
                clock_ns: whole(self.clock_ns.take()),
                came: told(&came)?,
                difference_ns: self.difference_ns.take().map(signed),
                back: self.back.take().unwrap_or(false),
                newly_stopped: self.newly_stopped.take().unwrap_or(false),
            })
        } else if let Some(Whole(stopped)) = self.stopped.take() {
            Record::Silent(Silent {
                stopped,
                deadline_ns: need(self.deadline_ns.take(), "stopped", "deadline_ns")?,
            })
        } else if let Some(Whole(named)) = self.named.take() {
            let address = self.address.take();
            Record::Named(Named {
                named,
                address: address.ok_or("a `named` record needs `address`")?,
            })
        } else if let Some(beats) = self.beats.take() {
            let beats = told(&beats)?;
            Record::Beats(BeatsRecord { beats })
        } else if let Some(watched) = self.watched.take() {
            let watched = told(&watched)?;
            Record::Watched(WatchedRecord { watched })
        } else {
            return self.comparison();
        })
    }

    /// The records of comparisons.
    fn comparison(&mut self) -> Result<Record, String> {
        Ok(if let Some(Whole(connected)) = self.connected.take() {
            Record::Connected(Connected {
                connected,
                at_ns: need(self.at_ns.take(), "connected", "at_ns")?,
            })
        } else if let Some(Whole(carried)) = self.carried.take() {
            Record::Carried(Carried {
                carried,
                at_ns: need(self.at_ns.take(), "carried", "at_ns")?,
                bytes_out: need(self.bytes_out.take(), "carried", "bytes_out")?,
                bytes_in: need(self.bytes_in.take(), "carried", "bytes_in")?,
                packets_out: whole(self.packets_out.take()),
                packets_in: whole(self.packets_in.take()),
                retransmitted: whole(self.retransmitted.take()),
            })
        } else if let Some(traffic) = self.traffic.take() {
            let traffic = told(&traffic)?;
            Record::Traffic(TrafficRecord { traffic })
        } else {
            Record::Unknown
        })
    }

    fn befallen(&mut self, note: Befallen) -> Result<Note, String> {
        Ok(Note {
            note,
            at_ns: need(self.at_ns.take(), "note", "at_ns")?,
            for_ns: whole(self.for_ns.take()),
            by_ns: self.by_ns.take().map(signed),
            address: self.address.take(),
            error: self.error.take(),
        })
    }
}

/// What a tree tells.
fn told<T: DeserializeOwned>(tree: &Tree) -> Result<T, String> {
    T::deserialize(tree).map_err(|error| error.to_string())
}

fn whole(field: Option<Whole>) -> Option<u64> {
    field.map(|Whole(value)| value)
}

fn signed(Signed(value): Signed) -> i64 {
    value
}

fn need(field: Option<Whole>, record: &str, name: &str) -> Result<u64, String> {
    there(whole(field), record, name)
}

fn there<T>(field: Option<T>, record: &str, name: &str) -> Result<T, String> {
    field.ok_or_else(|| alloc::format!("a `{record}` record needs `{name}`"))
}
