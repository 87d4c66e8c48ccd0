//! From values to a datagram: a request from a probe's, an answer from a request that was
//! read.
//!
//! Owns the writing. Must not know where the values come from.

use core::fmt::Write as _;

use super::{
    Format, LONGEST_DATAGRAM, MOST_PARTS, MOST_URL_BYTES, NANOS_PER_SEC, Part, PartKind, Reading,
    Template, TimeFormat,
};
use crate::time::WallTime;
use crate::wire::Probe;

/// What a datagram is written from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Values {
    /// The sequence number; what a template can say of it is written.
    pub seq: u64,
    /// The time.
    pub time: WallTime,
}

impl From<&Probe> for Values {
    fn from(probe: &Probe) -> Self {
        Self {
            seq: probe.seq,
            time: probe.timestamp,
        }
    }
}

/// The buffer cannot hold the datagram, or a length in it does not fit into its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl core::fmt::Display for TooLong {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the datagram is longer than its buffer, or than its length can say")
    }
}

impl core::error::Error for TooLong {}

/// A request that was read.
#[derive(Clone, Copy)]
struct Request<'a> {
    template: &'a Template,
    reading: &'a Reading,
    bytes: &'a [u8],
}

impl Request<'_> {
    fn part(&self, part: usize) -> &[u8] {
        self.bytes.get(self.reading.range(part)).unwrap_or_default()
    }
}

impl Template {
    /// Writes a request, and returns its length: at most [`Template::longest`].
    ///
    /// # Errors
    /// [`TooLong`] if `buffer` is shorter.
    pub fn write(&self, values: Values, buffer: &mut [u8]) -> Result<usize, TooLong> {
        self.write_from(values, None, buffer)
    }

    /// Bytes that [`Template::write`] writes of these values.
    #[must_use]
    pub fn written_len(&self, values: Values) -> usize {
        let mut counted = Out::new(&mut []);
        self.append(values, None, &mut counted);
        counted.len
    }

    /// Writes the answer to a request that `request` read as `reading`, and returns its
    /// length. A time that the request does not have is `now`.
    ///
    /// # Errors
    /// [`TooLong`] if `buffer` is shorter.
    pub fn answer(
        &self,
        request: &Self,
        reading: &Reading,
        bytes: &[u8],
        now: WallTime,
        buffer: &mut [u8],
    ) -> Result<usize, TooLong> {
        let values = Values {
            seq: reading.seq.unwrap_or_default(),
            time: now,
        };
        let request = Request {
            template: request,
            reading,
            bytes,
        };
        self.write_from(values, Some(request), buffer)
    }

    fn write_from(
        &self,
        values: Values,
        request: Option<Request<'_>>,
        buffer: &mut [u8],
    ) -> Result<usize, TooLong> {
        let mut out = Out::new(buffer);
        self.append(values, request, &mut out);
        let fits = out.len <= out.buffer.len() && out.len <= LONGEST_DATAGRAM;
        (fits && !out.overflowed).then_some(out.len).ok_or(TooLong)
    }

    fn append(&self, values: Values, request: Option<Request<'_>>, out: &mut Out<'_>) {
        for (index, part) in self.parts().iter().enumerate() {
            let source = request.and_then(|it| Some((it, self.source(index, it.template)?)));
            match (part.kind, request, source) {
                (PartKind::Seq { .. }, ..) | (_, _, None) => {
                    self.append_part(part, values, request, out);
                }
                (_, _, Some((request, source))) => out.push(request.part(source)),
            }
        }
        // What follows a length is known only now; each says where it ends.
        let total = out.len;
        for (end, format) in out.lengths.into_iter().flatten() {
            let len = (total - end) as u64;
            out.overflowed |= format.values().is_some_and(|values| len >= values);
            let width = usize::from(format.fixed_len().unwrap_or_default());
            let mut field = Out::new(out.buffer.get_mut(end - width..end).unwrap_or_default());
            field.push_number(len, format);
        }
    }

    fn append_part(
        &self,
        part: &Part,
        values: Values,
        request: Option<Request<'_>>,
        out: &mut Out<'_>,
    ) {
        if part.url {
            let mut plain = [0; MOST_URL_BYTES];
            let mut inner = Out::new(&mut plain);
            inner.push_value(part.kind, values);
            let len = inner.len;
            out.push_encoded(plain.get(..len).unwrap_or_default());
            return;
        }
        let bytes = request.map_or(&[][..], |request| request.bytes);
        match part.kind {
            PartKind::Literal { start, len } => out.push(self.literal(start, len)),
            PartKind::Echo => out.push(bytes),
            PartKind::Upper => out.push_with(bytes, |_, byte| byte.to_ascii_uppercase()),
            PartKind::Rest => {
                let rest = request.map_or(0, |request| match request.template.leading_literal() {
                    Some(_) => request.reading.range(0).end,
                    None => 0,
                });
                out.push(bytes.get(rest..).unwrap_or_default());
            }
            PartKind::Byte { at, byte } => {
                out.push_with(
                    bytes,
                    |index, old| {
                        if index == usize::from(at) { byte } else { old }
                    },
                );
            }
            kind => out.push_value(kind, values),
        }
    }
}

/// Writes as much as there is room for, and counts the rest.
struct Out<'a> {
    buffer: &'a mut [u8],
    len: usize,
    /// Where the lengths end that are written last.
    lengths: [Option<(usize, Format)>; MOST_PARTS],
    overflowed: bool,
}

impl core::fmt::Write for Out<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

impl<'a> Out<'a> {
    fn new(buffer: &'a mut [u8]) -> Self {
        Self {
            buffer,
            len: 0,
            lengths: [None; MOST_PARTS],
            overflowed: false,
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        if let Some(place) = self.buffer.get_mut(self.len..end) {
            place.copy_from_slice(bytes);
        }
        self.len = end;
    }

    /// Writes each byte as it is `changed`, told its index.
    fn push_with(&mut self, bytes: &[u8], changed: impl Fn(usize, u8) -> u8) {
        for (index, byte) in bytes.iter().enumerate() {
            self.push(&[changed(index, *byte)]);
        }
    }

    fn push_number(&mut self, number: u64, format: Format) {
        match format {
            Format::Digits => self.push_text(format_args!("{number}")),
            Format::Width(width) => {
                let number = number % format.values().unwrap_or(u64::MAX);
                self.push_text(format_args!("{number:0width$}", width = usize::from(width)));
            }
            Format::Binary { bytes, little } => {
                let len = usize::from(bytes);
                let (low, high) = (number.to_le_bytes(), number.to_be_bytes());
                let bytes = if little {
                    low.get(..len)
                } else {
                    high.get(high.len() - len..)
                };
                self.push(bytes.unwrap_or_default());
            }
        }
    }

    fn push_text(&mut self, text: core::fmt::Arguments<'_>) {
        // It counts what it has no room for, so it never fails.
        let _ = self.write_fmt(text);
    }

    /// What a part says of itself, where no request says it.
    fn push_value(&mut self, kind: PartKind, Values { seq, time }: Values) {
        let nanos = time.as_nanos();
        match kind {
            PartKind::Seq { add, format } => {
                let modulus = format.modulus();
                self.push_number(super::read::shifted(seq % modulus, add, modulus), format);
            }
            PartKind::Int(format) => self.push_number(0, format),
            PartKind::Time(TimeFormat::Full) => {
                let (secs, nanos) = (nanos / NANOS_PER_SEC, nanos % NANOS_PER_SEC);
                self.push_text(format_args!("{secs}.{nanos:09}"));
            }
            PartKind::Time(TimeFormat::Whole {
                unit,
                modulo,
                format,
            }) => {
                let whole = nanos / u64::from(unit).max(1);
                let number = whole.checked_rem(modulo.into()).unwrap_or(whole);
                self.push_number(number, format);
            }
            PartKind::Time(TimeFormat::Hms) => self.push_clock(nanos / NANOS_PER_SEC),
            PartKind::Time(TimeFormat::AscTime) => self.push_asctime(nanos / NANOS_PER_SEC),
            PartKind::Token => self.push_number(nanos, Format::Width(16)),
            PartKind::Text(len) => {
                for letter in (b'a'..=b'z').cycle().take(len.into()) {
                    self.push(&[letter]);
                }
            }
            PartKind::Pad { len, byte } => (0..len).for_each(|_| self.push(&[byte])),
            PartKind::Len(format) => {
                self.push_number(0, format);
                let end = (self.len, format);
                if let Some(place) = self.lengths.iter_mut().find(|place| place.is_none()) {
                    *place = Some(end);
                }
            }
            // What only a request says, or what is copied.
            PartKind::Word
            | PartKind::Any
            | PartKind::Literal { .. }
            | PartKind::Echo
            | PartKind::Upper
            | PartKind::Rest
            | PartKind::Byte { .. } => {}
        }
    }

    fn push_clock(&mut self, secs: u64) {
        let (hours, minutes, secs) = (secs / 3_600 % 24, secs / 60 % 60, secs % 60);
        self.push_text(format_args!("{hours:02}:{minutes:02}:{secs:02}"));
    }

    /// As C's `asctime` writes UTC, without its line end.
    fn push_asctime(&mut self, secs: u64) {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let days = secs / 86_400;
        let (year, month, day) = date(days);
        let name = |names: &[&'static str], index: u64| {
            let index = usize::try_from(index).unwrap_or_default();
            names.get(index).copied().unwrap_or_default()
        };
        let (weekday, month) = (name(&DAYS, days % 7), name(&MONTHS, month - 1));
        self.push_text(format_args!("{weekday} {month} {day:2} "));
        self.push_clock(secs);
        self.push_text(format_args!(" {year}"));
    }

    fn push_encoded(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b' ' => self.push(b"+"),
                b'.' | b'-' | b'*' | b'_' => self.push(&[*byte]),
                byte if byte.is_ascii_alphanumeric() => self.push(&[*byte]),
                byte => self.push_text(format_args!("%{byte:02X}")),
            }
        }
    }
}

/// Year, month and day of so many days after 1970-01-01, in the Gregorian calendar.
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.)
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Counted from March.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}
