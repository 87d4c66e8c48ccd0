//! From a line's text to a record, tolerant of what it does not know.
//!
//! Keys may stand in any order and unknown ones are skipped and counted; what is
//! known must be well-formed. Reads each line in one pass, without building a tree.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::LARGEST;
use super::record::{
    Done, Gap, Lost, Missed, Record, Reply, Sent, Stamp, Stop, StopReason, SummaryRecord,
    Unreachable, Unreadable, Unsent,
};
use crate::event::Ignored;
use crate::stats::Summary;

/// Reads one line after the header. Also returns how many keys it did not know.
///
/// # Errors
/// [`LineError`] says what is wrong and in which column.
pub fn parse_record(line: &str) -> Result<(Record, u32), LineError> {
    let line: Line = serde_json::from_str(line).map_err(|error| LineError {
        column: error.column(),
        what: error.to_string(),
    })?;
    let unknown = line.unknown;
    let record = line
        .record()
        .map_err(|what| LineError { column: 0, what })?;
    Ok((record, unknown))
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

macro_rules! line {
    ($($key:ident $variant:ident: $type:ty,)*) => {
        /// Every key any record has.
        #[derive(Default)]
        struct Line { $($key: Option<$type>,)* unknown: u32 }

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
    unreadable Unreadable: crate::wire::Unreadable,
    lost Lost: Whole,
    missed Missed: Whole,
    unreachable Unreachable: Option<Whole>,
    unsent Unsent: Whole,
    stamp Stamp: Whole,
    stop Stop: StopReason,
    done Done: bool,
    gap Gap: Whole,
    summary Summary: Box<Summary>,
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
    refused Refused: Whole,
    after_ns AfterNs: Whole,
    kernel_ns KernelNs: Whole,
    error Error: String,
}

impl Line {
    #[expect(
        clippy::too_many_lines,
        reason = "one arm a record: a table, and easier to read whole"
    )]
    fn record(self) -> Result<Record, String> {
        let whole = |field: Option<Whole>| field.map(|Whole(value)| value);
        let need = |field: Option<Whole>, record: &str, name: &str| {
            whole(field).ok_or_else(|| alloc::format!("a `{record}` record needs `{name}`"))
        };
        let at = |record: &str| need(self.at_ns, record, "at_ns");

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
            self.summary.is_some(),
        ];
        if tags.iter().filter(|tag| **tag).count() > 1 {
            return Err("it is two records in one".to_string());
        }

        Ok(if let Some(Whole(sent)) = self.sent {
            Record::Sent(Sent {
                sent,
                at_ns: at("sent")?,
                due_ns: need(self.due_ns, "sent", "due_ns")?,
            })
        } else if let Some(reply) = self.reply {
            Record::Reply(Reply {
                reply,
                at_ns: at("reply")?,
                token: self.token.map(whole),
                t2_ns: whole(self.t2_ns),
                t3_ns: whole(self.t3_ns),
                rtt_ns: whole(self.rtt_ns),
                late_ns: whole(self.late_ns),
                duplicate_ns: whole(self.duplicate_ns),
                ignored: self.ignored,
                seq: whole(self.seq),
                unverified: self.unverified.unwrap_or(false),
                newly_lost: self.newly_lost.unwrap_or(false),
            })
        } else if let Some(unreadable) = self.unreadable {
            Record::Unreadable(Unreadable {
                unreadable,
                at_ns: at("unreadable")?,
                ignored: self.ignored,
            })
        } else if let Some(Whole(lost)) = self.lost {
            Record::Lost(Lost {
                lost,
                deadline_ns: need(self.deadline_ns, "lost", "deadline_ns")?,
            })
        } else if let Some(Whole(missed)) = self.missed {
            Record::Missed(Missed {
                missed,
                at_ns: at("missed")?,
                due_ns: need(self.due_ns, "missed", "due_ns")?,
            })
        } else if let Some(unreachable) = self.unreachable {
            Record::Unreachable(Unreachable {
                unreachable: whole(unreachable),
                at_ns: at("unreachable")?,
                error: self.error,
                refused: whole(self.refused),
                after_ns: whole(self.after_ns),
                ignored: self.ignored,
            })
        } else if let Some(Whole(unsent)) = self.unsent {
            Record::Unsent(Unsent {
                unsent,
                at_ns: at("unsent")?,
                error: self.error,
                ignored: self.ignored,
            })
        } else if let Some(Whole(stamp)) = self.stamp {
            Record::Stamp(Stamp {
                stamp,
                kernel_ns: need(self.kernel_ns, "stamp", "kernel_ns")?,
                rtt_ns: whole(self.rtt_ns),
                ignored: self.ignored,
            })
        } else if let Some(stop) = self.stop {
            Record::Stop(Stop {
                stop,
                at_ns: at("stop")?,
            })
        } else if let Some(done) = self.done {
            Record::Done(Done {
                done,
                at_ns: at("done")?,
            })
        } else if let Some(Whole(gap)) = self.gap {
            Record::Gap(Gap {
                gap,
                at_ns: at("gap")?,
            })
        } else if let Some(summary) = self.summary {
            Record::Summary(Box::new(SummaryRecord { summary: *summary }))
        } else {
            Record::Unknown
        })
    }
}
