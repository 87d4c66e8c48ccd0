//! From a datagram to the fields of a template, or to where it fails.
//!
//! Owns the reading, from left to right and never back. Must not know what a field is for.

use core::ops::Range;

use super::{
    Format, MOST_PARTS, MOST_URL_BYTES, NANOS_PER_SEC, Part, PartKind, Template, TimeFormat,
};
use crate::time::WallTime;

/// What a datagram says, as its template reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Its sequence number, below the template's [`modulus`](Template::modulus).
    pub seq: Option<u64>,
    /// The time of its first part that tells a whole one, of any unit.
    pub time: Option<WallTime>,
    /// The time of its `{time}`, if that has six decimals or more: what can prove it.
    pub timestamp: Option<WallTime>,
    /// Where each part ends.
    ends: [u16; MOST_PARTS],
}

/// One part of a datagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Which part of the template it is, from 0.
    pub part: usize,
    /// Its bytes in the datagram.
    pub bytes: Range<usize>,
    /// What they say.
    pub value: Value,
}

/// What the bytes of a part say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// What the template says.
    Literal,
    /// The sequence number, after what the template adds is taken off.
    Seq(u64),
    /// Another number.
    Number(u64),
    /// A time, in whatever unit; whether it is a `{time}` with six decimals or more.
    Time(WallTime, bool),
    /// Anything.
    Bytes,
}

/// Where a datagram is not as its template says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// The part that cannot be read, from 0; the number of parts if there is more after them.
    pub part: usize,
    /// The offset of the first byte that is wrong.
    pub offset: usize,
    /// What is wrong.
    pub why: Why,
}

/// Why a part cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The datagram ends too early.
    Ended,
    /// Another byte than the literal's.
    Literal,
    /// No digit, or a digit too many or too few.
    Digits,
    /// A sequence number that is too large for its template.
    TooLarge,
    /// No time.
    Time,
    /// No word.
    Word,
    /// Another length than the one that is said.
    Length,
    /// There is more after the last part.
    More,
}

impl Why {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Ended,
        Self::Literal,
        Self::Digits,
        Self::TooLarge,
        Self::Time,
        Self::Word,
        Self::Length,
        Self::More,
    ];
}

impl core::error::Error for Why {}

impl core::fmt::Display for Why {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Ended => "the datagram ends here",
            Self::Literal => "another byte than the literal's",
            Self::Digits => "not a number as the template has it",
            Self::TooLarge => "a sequence number that is too large",
            Self::Time => "not a time as the template has it",
            Self::Word => "not a word",
            Self::Length => "another length than what follows has",
            Self::More => "more than the template has",
        })
    }
}

impl core::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { part, offset, why } = self;
        write!(f, "part {part}, offset {offset}: {why}")
    }
}

impl core::error::Error for Mismatch {}

impl Reading {
    /// The bytes of part `part` in the datagram that was read.
    pub(super) fn range(&self, part: usize) -> Range<usize> {
        let end = |part: usize| self.ends.get(part).copied().map_or(0, usize::from);
        part.checked_sub(1).map_or(0, end)..end(part)
    }
}

impl Template {
    /// Reads a whole datagram; NULs and line ends at its end are ignored.
    ///
    /// # Errors
    /// [`Mismatch`]: the part and the offset where it fails.
    pub fn read(&self, datagram: &[u8]) -> Result<Reading, Mismatch> {
        let mut reading = Reading {
            seq: None,
            time: None,
            timestamp: None,
            ends: [0; MOST_PARTS],
        };
        for field in self.fields(datagram) {
            let Field { part, bytes, value } = field?;
            match value {
                Value::Seq(seq) => reading.seq = Some(seq),
                Value::Time(time, full) => {
                    reading.time = reading.time.or(Some(time));
                    reading.timestamp = reading.timestamp.or(Some(time).filter(|_| full));
                }
                Value::Literal | Value::Number(_) | Value::Bytes => {}
            }
            if let Some(end) = reading.ends.get_mut(part) {
                *end = u16::try_from(bytes.end).unwrap_or(u16::MAX);
            }
        }
        Ok(reading)
    }

    /// Reads a datagram part by part, until it ends or one fails.
    #[must_use]
    pub fn fields<'a>(&'a self, datagram: &'a [u8]) -> Fields<'a> {
        Fields {
            template: self,
            datagram,
            at: 0,
            end: datagram.len(),
            part: 0,
            over: false,
        }
    }
}

/// The parts of a datagram, in their order; the first that cannot be read is the last.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    template: &'a Template,
    datagram: &'a [u8],
    at: usize,
    /// Where a length says that it ends.
    end: usize,
    part: usize,
    over: bool,
}

impl Iterator for Fields<'_> {
    type Item = Result<Field, Mismatch>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let rest = self.datagram.get(self.at..self.end).unwrap_or_default();
        let Some(part) = self.template.parts().get(self.part) else {
            self.over = true;
            if is_all_padding(rest) {
                return None;
            }
            let first = rest.iter().position(|byte| !is_padding(*byte));
            return Some(Err(self.mismatch(first.unwrap_or_default(), Why::More)));
        };
        match self.template.read_part(self.part, part, rest) {
            Ok((len, value)) => {
                let start = self.at;
                self.at += len;
                if let (PartKind::Len(_), Value::Number(said)) = (part.kind, value) {
                    let Some(end) = self.bounded(said) else {
                        self.over = true;
                        self.at = start;
                        return Some(Err(self.mismatch(0, Why::Length)));
                    };
                    self.end = end;
                }
                let field = Field {
                    part: self.part,
                    bytes: start..self.at,
                    value,
                };
                self.part += 1;
                Some(Ok(field))
            }
            Err((offset, why)) => {
                self.over = true;
                Some(Err(self.mismatch(offset, why)))
            }
        }
    }
}

impl Fields<'_> {
    fn mismatch(&self, offset: usize, why: Why) -> Mismatch {
        Mismatch {
            part: self.part,
            offset: self.at + offset,
            why,
        }
    }

    /// Where the datagram ends if `said` bytes follow, and nothing but padding after them.
    fn bounded(&self, said: u64) -> Option<usize> {
        let end = self.at.checked_add(usize::try_from(said).ok()?)?;
        let beyond = self.datagram.get(end..self.end)?;
        is_all_padding(beyond).then_some(end)
    }
}

/// How many bytes a part has and what they say, or at which offset it fails and why.
type Outcome = Result<(usize, Value), (usize, Why)>;

impl Template {
    /// Reads part `index` at the beginning of `rest`.
    #[inline]
    fn read_part(&self, index: usize, part: &Part, rest: &[u8]) -> Outcome {
        if part.url {
            return read_encoded(part.kind, rest);
        }
        match part.kind {
            PartKind::Literal { start, len } => {
                let literal = self.literal(start, len);
                if self.begins(rest, literal) {
                    return Ok((literal.len(), Value::Literal));
                }
                let needed = literal.len() - self.optional_in(index);
                match literal.get(..needed) {
                    Some(needed) if self.begins(rest, needed) => Ok((needed.len(), Value::Literal)),
                    needed => Err(self.first_difference(rest, needed.unwrap_or(literal))),
                }
            }
            PartKind::Any => {
                let next = self.parts().get(index + 1).map(|part| part.kind);
                let len = match next {
                    Some(PartKind::Literal { start, len }) => {
                        let literal = self.literal(start, len);
                        let needed = literal.len() - self.optional_in(index + 1);
                        self.find(rest, literal.get(..needed).unwrap_or(literal))
                    }
                    _ => rest.len(),
                };
                Ok((len, Value::Bytes))
            }
            kind => read_plain(kind, rest),
        }
    }

    fn same(&self, one: u8, other: u8) -> bool {
        one == other || self.any_case && one.eq_ignore_ascii_case(&other)
    }

    fn begins(&self, text: &[u8], literal: &[u8]) -> bool {
        text.get(..literal.len()).is_some_and(|beginning| {
            beginning == literal || self.any_case && beginning.eq_ignore_ascii_case(literal)
        })
    }

    /// Where in `text` a literal first occurs, or the end; an empty one occurs at the end.
    fn find(&self, text: &[u8], literal: &[u8]) -> usize {
        let Some(first) = literal.first() else {
            return text.len();
        };
        let mut starts = text.iter().enumerate();
        starts
            .find(|(at, byte)| {
                self.same(**byte, *first)
                    && text
                        .get(*at..)
                        .is_some_and(|text| self.begins(text, literal))
            })
            .map_or(text.len(), |(at, _)| at)
    }

    fn first_difference(&self, text: &[u8], literal: &[u8]) -> (usize, Why) {
        let mut both = text.iter().zip(literal);
        match both.position(|(one, other)| !self.same(*one, *other)) {
            Some(at) => (at, Why::Literal),
            None => (text.len().min(literal.len()), Why::Ended),
        }
    }
}

/// Reads a part that needs to know nothing of its neighbours.
fn read_plain(kind: PartKind, rest: &[u8]) -> Outcome {
    match kind {
        PartKind::Seq { add, format } => {
            let (len, number) = read_number(format, rest)?;
            let modulus = format.modulus();
            let number = number.filter(|number| *number < modulus);
            let number = number.ok_or((0, Why::TooLarge))?;
            Ok((len, Value::Seq(shifted(number, -add, modulus))))
        }
        PartKind::Int(format) | PartKind::Len(format) => {
            let (len, number) = read_number(format, rest)?;
            Ok((len, number.map_or(Value::Bytes, Value::Number)))
        }
        PartKind::Time(time) => read_time(time, rest),
        PartKind::Token => {
            let (len, number) = read_number(Format::Width(16), rest)?;
            Ok((len, number.map_or(Value::Bytes, Value::Number)))
        }
        PartKind::Text(len) | PartKind::Pad { len, .. } => {
            let len = usize::from(len);
            if len > rest.len() {
                return Err((rest.len(), Why::Ended));
            }
            Ok((len, Value::Bytes))
        }
        PartKind::Word => {
            let len = rest.iter().position(|byte| ends_word(*byte, false));
            match len.unwrap_or(rest.len()) {
                0 => Err((0, Why::Word)),
                len => Ok((len, Value::Bytes)),
            }
        }
        // Answers are not read, and the others know their neighbours.
        PartKind::Literal { .. }
        | PartKind::Any
        | PartKind::Echo
        | PartKind::Upper
        | PartKind::Rest
        | PartKind::Byte { .. } => Err((0, Why::Literal)),
    }
}

/// Reads a part that is percent-encoded.
fn read_encoded(kind: PartKind, rest: &[u8]) -> Outcome {
    let mut decoded = [0; MOST_URL_BYTES];
    let mut ends = [0; MOST_URL_BYTES];
    let (mut at, mut count) = (0, 0);
    for (place, end) in decoded.iter_mut().zip(&mut ends) {
        let (byte, len) = match rest.get(at..) {
            Some([b'+', ..]) => (b' ', 1),
            Some([b'%', high, low, ..]) => match hex(&[*high, *low]) {
                Some(byte) => (byte, 3),
                None => (b'%', 1),
            },
            Some([byte, ..]) => (*byte, 1),
            _ => break,
        };
        at += len;
        (*place, *end) = (byte, at);
        count += 1;
    }
    let offset = |decoded: usize| {
        let before = decoded.checked_sub(1);
        before.and_then(|last| ends.get(last)).copied().unwrap_or(0)
    };
    match read_plain(kind, decoded.get(..count).unwrap_or_default()) {
        Ok((len, value)) => Ok((offset(len), value)),
        Err((len, why)) => Err((offset(len), why)),
    }
}

/// A number below `modulus` plus `add`, modulo that.
pub(super) fn shifted(number: u64, add: i32, modulus: u64) -> u64 {
    let magnitude = u64::from(add.unsigned_abs()) % modulus;
    let added = if add < 0 {
        modulus - magnitude
    } else {
        magnitude
    };
    (number + added) % modulus
}

/// A number's bytes, and the number if 64 bits hold it.
fn read_number(format: Format, rest: &[u8]) -> Result<(usize, Option<u64>), (usize, Why)> {
    match format {
        Format::Digits => {
            let (len, number) = digits(rest);
            if len > 0 {
                Ok((len, number))
            } else {
                Err((
                    0,
                    if rest.is_empty() {
                        Why::Ended
                    } else {
                        Why::Digits
                    },
                ))
            }
        }
        Format::Width(width) => {
            let width = usize::from(width);
            let text = rest.get(..width).unwrap_or(rest);
            let (len, number) = digits(text);
            if len == width {
                Ok((len, number))
            } else if len == rest.len() {
                Err((len, Why::Ended))
            } else {
                Err((len, Why::Digits))
            }
        }
        Format::Binary { bytes, little } => {
            let len = usize::from(bytes);
            let field = rest.get(..len).ok_or((rest.len(), Why::Ended))?;
            let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
            let number = if little {
                field.iter().rev().fold(0, add)
            } else {
                field.iter().fold(0, add)
            };
            Ok((len, Some(number)))
        }
    }
}

/// How many digits a text begins with, and the number that they are if 64 bits hold it.
fn digits(text: &[u8]) -> (usize, Option<u64>) {
    let (mut number, mut len) = (0_u64, 0);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return (len, Some(number));
        }
        if len == MOST_SURE_DIGITS {
            return more_digits(text);
        }
        number = number * 10 + u64::from(digit);
        len += 1;
    }
    (len, Some(number))
}

/// So many digits are a number that 64 bits hold, whatever they are.
const MOST_SURE_DIGITS: usize = 19;

/// The same of a text with more digits than are sure to fit.
#[cold]
fn more_digits(text: &[u8]) -> (usize, Option<u64>) {
    let len = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = text.iter().take(len).try_fold(0_u64, |number, byte| {
        number.checked_mul(10)?.checked_add((byte - b'0').into())
    });
    (len, number)
}

fn read_time(format: TimeFormat, rest: &[u8]) -> Outcome {
    match format {
        TimeFormat::Full => {
            let (whole, secs) = read_number(Format::Digits, rest)?;
            let after = rest.get(whole..).unwrap_or_default();
            let decimals = match after {
                [b'.', decimals @ ..] => decimals,
                [] => return Err((whole, Why::Ended)),
                _ => return Err((whole, Why::Time)),
            };
            let (len, number) = digits(decimals);
            let total = whole + 1 + len;
            if len == 0 {
                return Err((total, Why::Time));
            }
            let number = match len {
                0..=9 => number.map(|number| number * 10_u64.pow(9 - low(len))),
                // What is finer than a nanosecond is left out.
                _ => digits(decimals.get(..9).unwrap_or_default()).1,
            };
            let time = secs
                .zip(number)
                .and_then(|(secs, nanos)| secs.checked_mul(NANOS_PER_SEC)?.checked_add(nanos));
            let value = time.map(|time| Value::Time(WallTime::from_nanos(time), len >= 6));
            Ok((total, value.unwrap_or(Value::Bytes)))
        }
        TimeFormat::Whole {
            unit,
            modulo,
            format,
        } => {
            let (len, number) = read_number(format, rest)?;
            let unit = u64::from(unit);
            // What comes round within 73 years is a part of a time.
            let whole = modulo == 0
                && format
                    .values()
                    .and_then(|values| values.checked_mul(unit))
                    .is_none_or(|range| range >= 1 << 61);
            let time = number
                .and_then(|number| number.checked_mul(unit))
                .filter(|_| whole);
            Ok((
                len,
                match (time, number) {
                    (Some(time), _) => Value::Time(WallTime::from_nanos(time), false),
                    (None, Some(number)) => Value::Number(number),
                    (None, None) => Value::Bytes,
                },
            ))
        }
        TimeFormat::Hms => like(b"dd:dd:dd", rest),
        TimeFormat::AscTime => like(b"aaa aaa .d dd:dd:dd dddd", rest),
    }
}

/// Reads what looks like `pattern`: `d` is a digit, `a` a letter, `.` a space or a digit, and
/// all else itself.
fn like(pattern: &[u8], rest: &[u8]) -> Outcome {
    let mut both = pattern.iter().zip(rest);
    let wrong = both.position(|(wanted, byte)| match wanted {
        b'd' => !byte.is_ascii_digit(),
        b'a' => !byte.is_ascii_alphabetic(),
        b'.' => *byte != b' ' && !byte.is_ascii_digit(),
        wanted => wanted != byte,
    });
    match wrong {
        Some(at) => Err((at, Why::Time)),
        None if rest.len() < pattern.len() => Err((rest.len(), Why::Ended)),
        None => Ok((pattern.len(), Value::Bytes)),
    }
}

fn low(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// What is ignored at the end of a datagram.
pub(super) fn is_padding(byte: u8) -> bool {
    matches!(byte, 0 | b'\r' | b'\n')
}

/// Many servers answer with all of their buffer, a thousand NULs, so eight at a time.
fn is_all_padding(bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<8>();
    chunks
        .iter()
        .all(|chunk| u64::from_ne_bytes(*chunk) == 0 || chunk.iter().all(|byte| is_padding(*byte)))
        && rest.iter().all(|byte| is_padding(*byte))
}

/// What ends a word; percent-encoded, also `+`, which is a space.
pub(super) fn ends_word(byte: u8, encoded: bool) -> bool {
    byte.is_ascii_whitespace() || byte == 0 || encoded && matches!(byte, b'+' | b'%')
}

/// A byte by its two hexadecimal digits.
pub(super) fn hex(digits: &[u8]) -> Option<u8> {
    let digits = core::str::from_utf8(digits).ok()?;
    let all = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(digits, 16).ok().filter(|_| all)
}
