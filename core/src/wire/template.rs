//! A wire that is described and not programmed: the language that says how a datagram looks.
//!
//! Owns the compiled [`Template`] and what can be known of one without a datagram: how long
//! it gets, how many numbers its sequence number has, whether an answer can be longer than
//! its request. Compiling, reading and writing are the files below. Must not know which
//! probes exist, nor whom a reply is credited to.
//!
//! A template is text with parts in braces:
//!
//! | part | written | read |
//! |---|---|---|
//! | `\n \r \t \0 \xHH \\ \{ \}` | that byte | that byte |
//! | `{seq}`, `{seq+K}`, `{seq-K}` | the sequence number plus or minus K, modulo 2³² | the longest run of digits |
//! | `{int}` | `0` | the longest run of digits, which is no sequence number |
//! | `{time}` | Unix seconds with nine decimals | digits, one point, digits |
//! | `{time:s}`, `ms`, `us`, `ns`; `{time:ms%10000}` | the time in that unit, modulo a number | the longest run of digits |
//! | `{time:hms}`, `{time:asctime}` | `23:32:05`, `Sun Nov 29 23:32:05 2026`, in UTC | what looks so |
//! | `{token}` | 16 digits that no other probe has | 16 digits |
//! | `{text:N}` | N letters | any N bytes |
//! | `{pad:N}`, `{pad:N:HH}` | N bytes, zero or HH | any N bytes |
//! | `{len:FORMAT}` | the length of all that follows | it must agree |
//! | `{url:PART}` | the part, percent-encoded | the same |
//! | `{word}` | | to the next white space, or a NUL |
//! | `{any}` | | to the first occurrence of the literal that follows, or the end |
//! | `{echo}`, `{upper}` | in answers: the request; the request in upper case | |
//! | `{rest}` | in answers: what follows the literal that the request begins with | |
//! | `{byte:5=1}` | in answers: the request with its byte 5, counted from 0, set to `1` | |
//!
//! A number (`{seq}`, `{int}`, `{time:s|ms|us|ns}`, `{len}`) takes a format after a colon:
//! `0W` for W digits, modulo 10^W, or `u8`, `u16be`, `u16le` and so on up to `u64le` for
//! binary. `(?i)` in front of all reads letters of literals in either case.
//!
//! In an answer, a part has the bytes of the request's part of the same kind and format:
//! the first of the first, the second of the second. A time that the request does not have
//! is the server's.
//!
//! ```
//! use udping_core::wire::template::{Role, Template, Values};
//! use udping_core::WallTime;
//!
//! let request = Template::compile("PING {seq} {time:ms}", Role::Request)?;
//! let mut datagram = [0; 64];
//! let time = WallTime::from_nanos(1_700_000_000_123_456_789);
//! let len = request.write(Values { seq: 3, time }, &mut datagram)?;
//! assert_eq!(&datagram[..len], b"PING 3 1700000000123");
//!
//! let reply = Template::compile("PONG {seq+1}{any}", Role::Expect).unwrap_err();
//! assert_eq!(reply.column, 13);
//! let reply = Template::compile("PONG {seq+1} {any}", Role::Expect)?;
//! assert_eq!(reply.read(b"PONG 4 of mine\r\n").map(|reply| reply.seq), Ok(Some(3)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compile;
pub mod presets;
mod read;
mod write;

use core::ops::Range;

pub use compile::{Problem, TemplateError};
pub use read::{Field, Fields, Mismatch, Reading, Value, Why};
pub use write::{TooLong, Values};

/// The most parts of a template; a literal between two others is one.
pub const MOST_PARTS: usize = 24;

/// The most bytes of all literals of a template together.
pub const MOST_LITERAL_BYTES: usize = 256;

/// The longest datagram: what IPv4 leaves for the payload of UDP (RFC 768, RFC 791).
pub const LONGEST_DATAGRAM: usize = 65_507;

/// The most bytes inside `{url:…}`, before they are encoded.
pub const MOST_URL_BYTES: usize = 64;

/// How many sequence numbers there are: wires carry the low 32 bits.
const ALL_NUMBERS: u64 = 1 << 32;

const NANOS_PER_SEC: u64 = 1_000_000_000;

/// Bytes, for people: as the literals of a template have them.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a [u8]);

impl core::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        use core::fmt::Write as _;
        self.0.iter().try_for_each(|byte| match byte {
            b'\n' => f.write_str("\\n"),
            b'\r' => f.write_str("\\r"),
            b'\t' => f.write_str("\\t"),
            0 => f.write_str("\\0"),
            b'\\' => f.write_str("\\\\"),
            b' '..=b'~' => f.write_char(char::from(*byte)),
            byte => write!(f, "\\x{byte:02x}"),
        })
    }
}

/// What a template is for, which decides what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A client writes it; the server of a named pair reads it.
    Request,
    /// It is only read.
    Expect,
    /// A server writes it, from a request that was read.
    Answer,
}

/// A compiled template: how a datagram is written, or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: [Part; MOST_PARTS],
    len: usize,
    literals: [u8; MOST_LITERAL_BYTES],
    literals_len: usize,
    /// Letters of literals are read in either case.
    any_case: bool,
    /// Bytes at the end of the last literal that need not come: line ends and NULs.
    optional: u16,
}

/// A part, and where it stands in the text that was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    kind: PartKind,
    /// Percent-encoded.
    url: bool,
    start: u16,
    end: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Literal { start: u16, len: u16 },
    Seq { add: i32, format: Format },
    Int(Format),
    Time(TimeFormat),
    Token,
    Text(u16),
    Pad { len: u16, byte: u8 },
    Len(Format),
    Word,
    Any,
    Echo,
    Upper,
    Rest,
    Byte { at: u16, byte: u8 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeFormat {
    /// Seconds with nine decimals: the only one that proves a reply.
    Full,
    /// A whole number of units of so many nanoseconds, modulo a number unless that is 0.
    Whole {
        unit: u32,
        modulo: u32,
        format: Format,
    },
    Hms,
    AscTime,
}

/// How a whole number looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// As many digits as it has.
    Digits,
    /// So many digits, from 1 to 18.
    Width(u8),
    /// So many bytes: 1, 2, 4 or 8.
    Binary { bytes: u8, little: bool },
}

impl Format {
    /// How many numbers it can say; `None` for more than 64 bits hold.
    fn values(self) -> Option<u64> {
        match self {
            Self::Digits => None,
            Self::Width(width) => 10_u64.checked_pow(width.into()),
            Self::Binary { bytes, .. } => 1_u64.checked_shl(8 * u32::from(bytes)),
        }
    }

    /// How many sequence numbers it can say.
    fn modulus(self) -> u64 {
        self.values().unwrap_or(ALL_NUMBERS).min(ALL_NUMBERS)
    }

    /// The fewest and the most bytes of it, where it has a fixed number of them.
    fn fixed_len(self) -> Option<u8> {
        match self {
            Self::Digits => None,
            Self::Width(width) => Some(width),
            Self::Binary { bytes, .. } => Some(bytes),
        }
    }
}

impl PartKind {
    /// The number that it is made of, if it is a number.
    fn format(&self) -> Option<Format> {
        match *self {
            Self::Seq { format, .. }
            | Self::Int(format)
            | Self::Len(format)
            | Self::Time(TimeFormat::Whole { format, .. }) => Some(format),
            _ => None,
        }
    }

    /// It ends where its digits end.
    fn is_digit_run(&self) -> bool {
        matches!(self, Self::Time(TimeFormat::Full)) || self.format() == Some(Format::Digits)
    }

    /// The fewest and most bytes that are read as it; no most where it is any number.
    fn read_len(&self) -> (usize, Option<usize>) {
        let fixed = |len: usize| (len, Some(len));
        match *self {
            Self::Literal { len, .. } | Self::Text(len) | Self::Pad { len, .. } => {
                fixed(len.into())
            }
            Self::Time(TimeFormat::Full) => (3, None),
            Self::Time(TimeFormat::Hms) => fixed(8),
            Self::Time(TimeFormat::AscTime) => fixed(24),
            Self::Token => fixed(16),
            Self::Word => (1, None),
            Self::Any | Self::Echo | Self::Upper | Self::Rest | Self::Byte { .. } => (0, None),
            Self::Seq { format, .. }
            | Self::Int(format)
            | Self::Len(format)
            | Self::Time(TimeFormat::Whole { format, .. }) => format
                .fixed_len()
                .map_or((1, None), |len| fixed(len.into())),
        }
    }

    /// The most bytes that are written for it where nothing was read.
    fn written_len(&self) -> usize {
        let digits = |most: u64| most.checked_ilog10().map_or(1, |log| 1 + log) as usize;
        match *self {
            Self::Seq {
                format: Format::Digits,
                ..
            } => digits(ALL_NUMBERS - 1),
            Self::Time(TimeFormat::Full) => 21,
            Self::Time(TimeFormat::Whole {
                unit,
                modulo,
                format: Format::Digits,
            }) => match modulo {
                0 => digits(u64::MAX / u64::from(unit).max(1)),
                modulo => digits(u64::from(modulo) - 1),
            },
            Self::Int(Format::Digits) => 1,
            Self::Word => 0,
            ref kind => kind.read_len().1.unwrap_or(0),
        }
    }
}

impl Template {
    /// Where in the text that was compiled part `part` stands; `None` beyond the last.
    #[must_use]
    pub fn span(&self, part: usize) -> Option<Range<usize>> {
        let part = self.parts().get(part)?;
        Some(part.start.into()..part.end.into())
    }

    /// How many sequence numbers it tells apart, at most 2³²; `None` if it has none.
    #[must_use]
    pub fn modulus(&self) -> Option<u64> {
        self.seq().map(|(_, _, format)| format.modulus())
    }

    /// Whether it has a `{time}`, which alone proves that a reply is a probe's.
    #[must_use]
    pub fn verifies(&self) -> bool {
        let full = PartKind::Time(TimeFormat::Full);
        self.parts().iter().any(|part| part.kind == full)
    }

    /// The most bytes that [`Template::write`] writes.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.parts().iter().map(Part::written_len).sum()
    }

    /// Whether this answer can be longer than a request that `request` reads. Such an answer
    /// makes more traffic of forged requests than their sender sends (RFC 8085 §3.1.11's
    /// amplification).
    #[must_use]
    pub fn can_exceed(&self, request: &Self) -> bool {
        let mut uses = [0_usize; MOST_PARTS];
        let mut longer = 0_usize;
        for (index, part) in self.parts().iter().enumerate() {
            let whole = match part.kind {
                PartKind::Echo | PartKind::Upper | PartKind::Byte { .. } => Some(0),
                PartKind::Rest => Some(usize::from(request.leading_literal().is_some())),
                _ => None,
            };
            if let Some(from) = whole {
                uses.iter_mut().skip(from).for_each(|uses| *uses += 1);
            } else if let Some((source, growth)) = self.copied(index, request) {
                uses.iter_mut()
                    .skip(source)
                    .take(1)
                    .for_each(|uses| *uses += 1);
                longer += growth;
            } else {
                longer += part.written_len();
            }
        }
        let mut shorter = 0_usize;
        for ((index, part), uses) in request.parts().iter().enumerate().zip(uses) {
            let (least, most) = part.read_len();
            let least = least.saturating_sub(request.optional_in(index));
            match (uses, most) {
                (0, _) => shorter += least,
                (1, _) => {}
                (_, None) => return true,
                (uses, Some(most)) => longer += (uses - 1) * most,
            }
        }
        longer > shorter
    }

    /// Where in this answer's text a part stands for which `request` reads nothing, such as
    /// `{int}` for a request without one.
    #[must_use]
    pub fn unanswerable(&self, request: &Self) -> Option<Range<usize>> {
        let needs = |kind: &PartKind| {
            matches!(
                kind,
                PartKind::Seq { .. } | PartKind::Int(_) | PartKind::Word | PartKind::Any
            )
        };
        let missing = self.parts().iter().enumerate().position(|(index, part)| {
            let found = match part.kind {
                PartKind::Seq { .. } => request.seq().is_some(),
                _ => self.source(index, request).is_some(),
            };
            needs(&part.kind) && !found
        })?;
        self.span(missing)
    }

    fn parts(&self) -> &[Part] {
        self.parts.get(..self.len).unwrap_or_default()
    }

    fn literal(&self, start: u16, len: u16) -> &[u8] {
        let start = usize::from(start);
        self.literals
            .get(start..start + usize::from(len))
            .unwrap_or_default()
    }

    /// Bytes of part `index` that need not come.
    fn optional_in(&self, index: usize) -> usize {
        if index + 1 == self.len {
            self.optional.into()
        } else {
            0
        }
    }

    /// The bytes of the literal that all begins with.
    fn leading_literal(&self) -> Option<&[u8]> {
        match self.parts().first()?.kind {
            PartKind::Literal { start, len } => Some(self.literal(start, len)),
            _ => None,
        }
    }

    /// Which part is the sequence number, what is added to it, and how it looks.
    fn seq(&self) -> Option<(usize, i32, Format)> {
        let mut parts = self.parts().iter().enumerate();
        parts.find_map(|(index, part)| match part.kind {
            PartKind::Seq { add, format } => Some((index, add, format)),
            _ => None,
        })
    }

    /// Which part of `request` part `index` of this answer has the bytes of: the n-th of
    /// those like it, where it is the n-th itself.
    fn source(&self, index: usize, request: &Self) -> Option<usize> {
        let wanted = self.parts().get(index)?;
        let like = |part: &Part| part.kind == wanted.kind && part.url == wanted.url;
        let before = self.parts().iter().take(index).filter(|part| like(part));
        let mut same = request.parts().iter().enumerate();
        same.by_ref()
            .filter(|(_, part)| like(part))
            .map(|(index, _)| index)
            .nth(before.count())
            .filter(|_| {
                !matches!(
                    wanted.kind,
                    PartKind::Literal { .. } | PartKind::Pad { .. } | PartKind::Len(_)
                )
            })
    }

    /// The same with how much longer it can get: a number grows with what is added to it.
    fn copied(&self, index: usize, request: &Self) -> Option<(usize, usize)> {
        let part = self.parts().get(index)?;
        let PartKind::Seq { add, format } = part.kind else {
            return self.source(index, request).map(|source| (source, 0));
        };
        let (source, read_add, read_format) = request.seq()?;
        let read = request.parts().get(source)?;
        let growth = match i64::from(add) - i64::from(read_add) {
            _ if format != Format::Digits => 0,
            0 => 0,
            more @ 1.. => more.ilog10() as usize + 1,
            // Below zero it goes on at 2³².
            _ => 9,
        };
        (format == read_format && part.url == read.url).then_some((source, growth))
    }
}

impl Part {
    const NONE: Self = Self {
        kind: PartKind::Any,
        url: false,
        start: 0,
        end: 0,
    };

    fn read_len(&self) -> (usize, Option<usize>) {
        let (least, most) = self.kind.read_len();
        (least, most.map(|most| self.encoded(most)))
    }

    fn written_len(&self) -> usize {
        self.encoded(self.kind.written_len())
    }

    /// The most bytes that so many become when they are percent-encoded, where they are.
    fn encoded(&self, len: usize) -> usize {
        if self.url { 3 * len } else { len }
    }
}

#[cfg(test)]
mod tests;
