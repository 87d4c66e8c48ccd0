//! What happened in one trial: every packet, every line that the program printed, its end.
//!
//! Owns the form in which a trial is handed to the judge. Knows nothing of sockets, and
//! nothing of what is right.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A trial as it was seen: times in nanoseconds since its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what was seen, each by itself"
)]
pub(super) struct Transcript {
    /// In the order of their times.
    pub(super) packets: Vec<Packet>,
    pub(super) output: Vec<Line>,
    pub(super) end: End,
    pub(super) ended_ns: u64,
    /// The most by which this side was late with anything.
    pub(super) late_ns: u64,
    /// Whenever it was late by more than a little.
    pub(super) late: Vec<Late>,
    /// Somebody connected over TCP.
    pub(super) tcp: bool,
    /// Requests may have gone to a closed port without being seen.
    pub(super) unseen: bool,
    /// Some requests were refused: nobody listened.
    pub(super) refused: bool,
    /// The program tried to reach another host.
    pub(super) outside: bool,
    /// It changed files of the grader.
    pub(super) tampered: bool,
    /// What the system does not isolate, or a limit that could not be set.
    pub(super) open: Vec<Open>,
}

impl Transcript {
    /// The most by which anything was late, in seconds.
    pub(super) fn most_late(&self) -> f64 {
        let late = self.late.iter().map(|it| it.by_ns).max();
        Duration::from_nanos(late.unwrap_or(0)).as_secs_f64()
    }

    /// Whether the program sent anything.
    pub(super) fn has_requests(&self) -> bool {
        let mut packets = self.packets.iter();
        packets.any(|it| matches!(it.what, PacketRole::Request { .. }))
    }
}

/// That something was done later than it should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Late {
    pub(super) at_ns: u64,
    pub(super) by_ns: u64,
    /// The program waited for a processor; otherwise this side was late.
    pub(super) program: bool,
}

/// A datagram to the program or from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Packet {
    pub(super) at_ns: u64,
    #[serde(flatten)]
    pub(super) what: PacketRole,
    /// Its first bytes: enough for any wire.
    #[serde(with = "hex")]
    pub(super) bytes: Vec<u8>,
    /// How many bytes it had.
    pub(super) length: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "kebab-case")]
pub(super) enum PacketRole {
    /// From the program, from this port of its.
    Request { port: u16 },
    /// To the program: a reply to the request of this number, counted from 0.
    Reply { request: usize, kind: ReplyKind },
    /// To the program: nothing that answers anything.
    Noise,
}

/// How a reply comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ReplyKind {
    Plain,
    /// In upper case.
    Upper,
    /// With NUL behind it, to 1024 bytes.
    Padded,
    /// From another port than the request went to, before the true one.
    Stranger,
    /// A further copy.
    Copy,
}

/// A line of what the program printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) at_ns: u64,
    pub(super) text: String,
}

/// How the program ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum End {
    Exited(i32),
    Signal(i32),
    /// It neither sent nor printed anything any more, and was killed.
    Hung,
    /// It went on and on, and was killed.
    Endless,
    /// It printed more than there is room for, and was killed.
    Flood,
    /// It started too many processes, and was killed.
    Processes,
    /// It could not be started.
    NotStarted(String),
}

impl End {
    /// As shells say it, if it ended by itself.
    pub(super) fn status(&self) -> Option<String> {
        match self {
            Self::Exited(code) => Some(format!("exit {code}")),
            Self::Signal(signal) => Some(format!("signal {signal}")),
            _ => None,
        }
    }
}

/// What a trial could not shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Open {
    Network,
    Processes,
    Files,
}

/// Bytes in hexadecimal.
mod hex {
    use std::fmt::Write as _;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(2 * bytes.len());
        for byte in bytes {
            // A string takes whatever is written.
            let _ = write!(text, "{byte:02x}");
        }
        to.serialize_str(&text)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        let pairs = text.as_bytes().chunks(2);
        let byte = |pair: &[u8]| {
            let digits = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(digits, 16).ok()
        };
        let bytes: Option<Vec<u8>> = pairs.map(byte).collect();
        bytes.ok_or_else(|| D::Error::custom("not hexadecimal"))
    }
}
