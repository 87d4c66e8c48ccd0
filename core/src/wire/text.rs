//! The classroom's wire: `Ping <seq> <time>` in ASCII, padded with spaces or a pattern. The
//! time is in Unix seconds with nine decimals.
//!
//! Owns the grammar of a request and the tolerant reading of replies: servers
//! of the assignment upper-case, pad with NULs, prefix `Pong:`, append ` OK`, or
//! send only a number back. Must not know which probes exist.

use super::{Claim, Damage, Probe, Unreadable};
use crate::time::WallTime;

/// The request for a number of one digit at a time of ten, which is every time since 2001.
pub const SHORTEST_REQUEST: usize = 5 + 1 + 1 + 10 + 1 + DECIMALS;

/// The longest request without padding: `Ping `, ten digits, a space, and a time at the
/// end of all of them.
pub const LONGEST_REQUEST: usize = 5 + 10 + 1 + 11 + 1 + DECIMALS;

/// How many decimals every time has.
const DECIMALS: usize = 9;

/// How many a time at least has that may be a copy with some cut off: microseconds.
const FEWEST_DECIMALS: usize = 6;

/// Eight digits that are 0, in a word.
const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);

/// One more than eight digits can say.
const EIGHT_DIGITS: u64 = 100_000_000;

const NANOS_PER_SEC: u64 = 1_000_000_000;

/// What a request is padded with, and to what size. A bare size pads with spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padding {
    /// Bytes that a request has at least; 0 for no padding.
    pub size: usize,
    /// What stands there again and again, after a space that ends the time.
    pub pattern: Pattern,
}

impl From<usize> for Padding {
    fn from(size: usize) -> Self {
        Self {
            size,
            pattern: Pattern::default(),
        }
    }
}

impl Padding {
    /// The padding of a line of `line_len` bytes.
    fn bytes(&self, line_len: usize) -> impl Iterator<Item = u8> + '_ {
        let pattern = self.pattern.as_bytes().iter().copied().cycle();
        core::iter::once(b' ')
            .chain(pattern)
            .take(self.size.saturating_sub(line_len))
    }
}

/// One to sixteen bytes that padding repeats, as ping's `-p` has it; a space by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    bytes: [u8; Self::MAX_LEN],
    len: usize,
}

impl Pattern {
    /// Bytes of the longest.
    pub const MAX_LEN: usize = 16;

    /// `None` if there are no bytes, or more than [`Pattern::MAX_LEN`].
    #[must_use]
    pub fn new(pattern: &[u8]) -> Option<Self> {
        let len = pattern.len();
        let mut bytes = [0; Self::MAX_LEN];
        bytes.get_mut(..len)?.copy_from_slice(pattern);
        (len > 0).then_some(Self { bytes, len })
    }

    /// What is repeated.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl Default for Pattern {
    fn default() -> Self {
        let mut bytes = [0; Self::MAX_LEN];
        bytes[0] = b' ';
        Self { bytes, len: 1 }
    }
}

/// Writes the request for `probe` into `buffer` and returns its length in bytes:
/// its natural length, or the padding's size if that is more.
///
/// # Errors
/// [`BufferTooSmall`] if `buffer` has fewer than `max(size, LONGEST_REQUEST)` bytes.
pub fn encode_request(
    probe: &Probe,
    padding: impl Into<Padding>,
    buffer: &mut [u8],
) -> Result<usize, BufferTooSmall> {
    let padding = padding.into();
    if buffer.len() < padding.size.max(LONGEST_REQUEST) {
        return Err(BufferTooSmall);
    }
    let mut text = Appender::new(buffer);
    text.push_line(probe.wire_seq(), probe.timestamp);
    Ok(text.pad(padding))
}

/// Bytes of a request without padding.
fn line_len(seq: u32, timestamp: WallTime) -> usize {
    let secs = timestamp.as_nanos() / NANOS_PER_SEC;
    let digits = |number: u64| {
        number
            .checked_ilog10()
            .map_or(1, |log| 1 + usize::try_from(log).unwrap_or_default())
    };
    5 + digits(seq.into()) + 1 + digits(secs) + 1 + DECIMALS
}

/// How many bytes the request for the probe with this number and timestamp has, padded so,
/// and what is not in `reply` as in it. Text around an echo is no damage, nor are letters in
/// upper case.
#[must_use]
pub fn compare(
    reply: &[u8],
    seq: u32,
    timestamp: WallTime,
    padding: &Padding,
) -> (usize, Option<Damage>) {
    let line_len = line_len(seq, timestamp);
    let request_len = padding.size.max(line_len);
    let damage = match reply.get(..request_len) {
        None => Some(Damage::Truncated),
        Some(echo) => {
            is_altered(echo, line_len, seq, timestamp, padding).then_some(Damage::Altered)
        }
    };
    (request_len, damage)
}

/// Whether `echo` begins with the request's line, and goes on in another way.
fn is_altered(
    echo: &[u8],
    line_len: usize,
    seq: u32,
    timestamp: WallTime,
    padding: &Padding,
) -> bool {
    let Some((line, returned)) = echo.split_at_checked(line_len) else {
        return false;
    };
    let mut both = returned.iter().zip(padding.bytes(line_len));
    if both.all(|(byte, sent)| byte.eq_ignore_ascii_case(&sent)) {
        return false;
    }
    let mut request = [0; LONGEST_REQUEST];
    let mut text = Appender::new(&mut request);
    text.push_line(seq, timestamp);
    let begins = request.get(..line_len);
    begins.is_some_and(|begins| begins.eq_ignore_ascii_case(line))
}

/// The buffer cannot hold the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BufferTooSmall;

impl core::fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the buffer is smaller than the request")
    }
}

impl core::error::Error for BufferTooSmall {}

/// What `datagram` says about itself.
///
/// A time counts only with a sequence number right before it, whatever stands around the
/// two; the pair after the word `ping` is preferred. A number that is neither the first nor
/// the second word of the reply, or is part of a date, [needs proof](Claim::needs_proof):
/// without a time it is none.
///
/// # Errors
/// [`Unreadable`] if nothing can be read from it at all.
pub fn decode_reply(datagram: &[u8]) -> Result<Claim, Unreadable> {
    match plain_echo(datagram) {
        Some(claim) => Ok(claim),
        None => read(datagram),
    }
}

/// What an echo of our own request says, in either case. By far the most replies are
/// one, and each is read before the next probe can go out.
fn plain_echo(datagram: &[u8]) -> Option<Claim> {
    let (word, rest) = datagram.split_at_checked(5)?;
    if !word.eq_ignore_ascii_case(b"ping ") {
        return None;
    }
    let (seq, rest) = leading_number(rest)?;
    let (time, rest) = rest.strip_prefix(b" ")?.split_first_chunk()?;
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some(Claim {
        seq: Some(u32::try_from(seq).ok()?),
        timestamp: Some(plain_time(time)?),
        ..Claim::default()
    })
}

/// The time of ten digits and nine decimals: any of this century, as a request has it.
fn plain_time(text: &[u8; 20]) -> Option<WallTime> {
    let (secs, rest) = text.split_first_chunk()?;
    let [tens, ones, b'.', tenths, decimals @ ..] = rest else {
        return None;
    };
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let secs = eight_digits(*secs)? * 100 + digit(tens)? * 10 + digit(ones)?;
    let nanos = digit(tenths)? * EIGHT_DIGITS + eight_digits(*decimals.first_chunk()?)?;
    time(secs, nanos)
}

/// The time of whole seconds and nanoseconds.
fn time(secs: u64, nanos: u64) -> Option<WallTime> {
    let nanos = secs.checked_mul(NANOS_PER_SEC)?.checked_add(nanos)?;
    Some(WallTime::from_nanos(nanos))
}

/// The number that a text begins with, if it has no more digits than always fit, and what
/// follows it.
fn leading_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = text.iter().take(20).take_while(|it| it.is_ascii_digit());
    let digits = digits.count();
    let (number, rest) = text.split_at_checked(digits)?;
    let value = number.iter().fold(0_u64, |value, digit| {
        value
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit.wrapping_sub(b'0')))
    });
    (1..20).contains(&digits).then_some((value, rest))
}

/// The number that eight digits are, by putting neighbours together: to two digits each,
/// to four, to eight. (D. Lemire, "Quickly parsing eight digits", 2018.)
fn eight_digits(text: [u8; 8]) -> Option<u64> {
    const HIGH: u64 = u64::from_ne_bytes([0xf0; 8]);
    const SIX: u64 = u64::from_ne_bytes([6; 8]);
    // The first digit lowest.
    let digits = u64::from_le_bytes(text);
    let all = digits & HIGH == ZEROS && digits.wrapping_add(SIX) & HIGH == ZEROS;
    let pairs = (digits & !HIGH).wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    let eight = fours.wrapping_mul(10_000 << 32 | 1) >> 32;
    all.then_some(eight)
}

/// What can be read from a reply of any kind.
fn read(datagram: &[u8]) -> Result<Claim, Unreadable> {
    let end = datagram
        .iter()
        .rposition(|byte| !matches!(byte, 0 | b' ' | b'\r' | b'\n' | b'\t'))
        .ok_or(Unreadable::Empty)?;
    let text = datagram.get(..=end).unwrap_or(datagram);
    let leading = Numbers::of(text)
        .take_while(|number| number.is_early(text))
        .find(|number| number.leads(text))
        .and_then(|number| number.as_seq(text));
    if let Some((seq, timestamp)) = echoed_pair(text, leading) {
        return Ok(Claim {
            seq: Some(seq),
            timestamp: Some(timestamp),
            needs_proof: leading != Some(seq),
            ..Claim::default()
        });
    }
    let readable = core::str::from_utf8(text)
        .is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()));
    if !readable {
        return Err(Unreadable::NotText);
    }
    Ok(Claim {
        seq: leading,
        ..Claim::default()
    })
}

/// The sequence number and time that a reply echoes, if it does. Where its `leading`
/// number has none beside it, a time of fewer decimals than ours is taken for no echo.
fn echoed_pair(text: &[u8], leading: Option<u32>) -> Option<(u32, WallTime)> {
    let mut found = None;
    let mut numbers = Numbers::of(text);
    let (mut seq, mut whole) = (numbers.next()?, numbers.next()?);
    for decimals in numbers {
        if let Some(time) = whole.as_time(&decimals, text)
            && seq.borders(&whole, text)
            && let Some(low) = seq.as_seq(text)
        {
            if seq.follows_ping(text) {
                return Some((low, time));
            }
            let uncut = decimals.len() == DECIMALS;
            if uncut || leading.is_none_or(|leading| leading == low) {
                found = found.or(Some((low, time)));
            }
        }
        (seq, whole) = (whole, decimals);
    }
    found
}

/// A run of decimal digits in a reply.
#[derive(Clone, Copy)]
struct Number {
    start: usize,
    end: usize,
}

impl Number {
    fn len(&self) -> usize {
        self.end - self.start
    }

    fn digits<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(self.start..self.end).unwrap_or_default()
    }

    fn as_seq(&self, text: &[u8]) -> Option<u32> {
        u32::try_from(value(self.digits(text))).ok()
    }

    /// The time in seconds that it is with these decimals, if they are some of it. What is
    /// finer than a nanosecond is left out.
    fn as_time(&self, decimals: &Self, text: &[u8]) -> Option<WallTime> {
        if text.get(self.end..decimals.start) != Some(b".") || decimals.len() < FEWEST_DECIMALS {
            return None;
        }
        let mut nanos = [b'0'; DECIMALS];
        for (place, digit) in nanos.iter_mut().zip(decimals.digits(text)) {
            *place = *digit;
        }
        time(value(self.digits(text)), value(&nanos))
    }

    /// Nothing but punctuation and white space lies between the two.
    fn borders(&self, next: &Self, text: &[u8]) -> bool {
        text.get(self.end..next.start)
            .is_some_and(|gap| !gap.iter().any(u8::is_ascii_alphanumeric))
    }

    fn follows_ping(&self, text: &[u8]) -> bool {
        text.get(..self.start).is_some_and(|before| {
            let word = before.trim_ascii_end();
            word.len() < before.len()
                && word
                    .last_chunk::<4>()
                    .is_some_and(|word| word.eq_ignore_ascii_case(b"ping"))
        })
    }

    /// It begins in one of the first words of `text`, as what [leads](Self::leads) does.
    fn is_early(&self, text: &[u8]) -> bool {
        let before = text.get(..self.start).unwrap_or_default();
        words(before).nth(2).is_none()
    }

    /// It is the first or the second word of `text`, and no part of a date.
    fn leads(&self, text: &[u8]) -> bool {
        let (Some(before), Some(after)) = (text.get(..self.start), text.get(self.end..)) else {
            return false;
        };
        let plain = is_plain(before, after);
        let before = trim_end(before, b"([{<\"'");
        let after = trim_start(after, b")]}>\"'!.;?");
        let alone = [before.last(), after.first()]
            .into_iter()
            .flatten()
            .all(|byte| ends_word(*byte));
        let mut earlier = words(before);
        let previous = earlier.next();
        if !plain || !alone || earlier.next().is_some() || previous.is_some_and(is_month) {
            return false;
        }
        let mut later = words(after);
        !match later.next() {
            // As dates are written in Portuguese: 29 de novembro.
            Some(b"de") => later.next().is_some_and(is_month),
            next => next.is_some_and(is_month),
        }
    }
}

/// The value of these digits, or the largest there is.
fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |value: u64, digit| {
        value
            .saturating_mul(10)
            .saturating_add(u64::from(digit.wrapping_sub(b'0')))
    })
}

/// Whether a number between the two is unsigned and whole: no sign, decimal point or clock
/// colon touches it.
fn is_plain(before: &[u8], after: &[u8]) -> bool {
    let signed = matches!(before, [.., b'-' | b'+']);
    let decimals = matches!(before, [.., b'0'..=b'9', b'.' | b':']);
    let whole_part = matches!(after, [b'.' | b':', b'0'..=b'9', ..]);
    !signed && !decimals && !whole_part
}

fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b':' | b'#' | b'=' | b',')
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| ends_word(*byte))
        .filter(|word| !word.is_empty())
}

fn trim_end<'a>(text: &'a [u8], marks: &[u8]) -> &'a [u8] {
    let end = text.iter().rposition(|byte| !marks.contains(byte));
    end.and_then(|end| text.get(..=end)).unwrap_or_default()
}

fn trim_start<'a>(text: &'a [u8], marks: &[u8]) -> &'a [u8] {
    let start = text.iter().position(|byte| !marks.contains(byte));
    start
        .and_then(|start| text.get(start..))
        .unwrap_or_default()
}

/// Whether a word is a month's name, or its beginning of three letters or more, in
/// English or Portuguese.
fn is_month(word: &[u8]) -> bool {
    const MONTHS: [&[u8]; 24] = [
        b"january",
        b"february",
        b"march",
        b"april",
        b"may",
        b"june",
        b"july",
        b"august",
        b"september",
        b"october",
        b"november",
        b"december",
        b"janeiro",
        b"fevereiro",
        "mar\u{e7}o".as_bytes(),
        b"abril",
        b"maio",
        b"junho",
        b"julho",
        b"agosto",
        b"setembro",
        b"outubro",
        b"novembro",
        b"dezembro",
    ];
    let word = trim_end(word, b".");
    let begins = |month: &[u8]| {
        let beginning = month.get(..word.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(word))
    };
    word.len() >= 3 && MONTHS.into_iter().any(begins)
}

/// The runs of digits of a text, in order.
struct Numbers<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Numbers<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Numbers<'_> {
    type Item = Number;

    fn next(&mut self) -> Option<Number> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.iter().position(u8::is_ascii_digit)?;
        let digits = self.text.get(start..)?;
        let len = digits
            .iter()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(digits.len());
        let end = start + len;
        self.at = end;
        Some(Number { start, end })
    }
}

/// Writes into a buffer that was checked to be large enough.
pub(super) struct Appender<'a> {
    buffer: &'a mut [u8],
    len: usize,
}

impl<'a> Appender<'a> {
    pub(super) fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0 }
    }

    /// Pads, and says how many bytes there are now.
    pub(super) fn pad(self, padding: impl Into<Padding>) -> usize {
        let padding = padding.into();
        if let Some(room) = self.buffer.get_mut(self.len..padding.size) {
            for (room, byte) in room.iter_mut().zip(padding.bytes(self.len)) {
                *room = byte;
            }
        }
        self.len.max(padding.size)
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        if let Some(place) = self.buffer.get_mut(self.len..end) {
            place.copy_from_slice(bytes);
            self.len = end;
        }
    }

    /// A request without padding.
    fn push_line(&mut self, seq: u32, timestamp: WallTime) {
        let nanos = timestamp.as_nanos();
        self.push(b"Ping ");
        self.push_number(u64::from(seq));
        self.push(b" ");
        self.push_number(nanos / NANOS_PER_SEC);
        self.push(b".");
        self.push_decimals(super::low_bits(nanos % NANOS_PER_SEC));
    }

    /// Six decimals, of a number below 10⁶.
    pub(super) fn push_micros(&mut self, number: u32) {
        let [_, _, decimals @ ..] = digits_of(number);
        self.push(&decimals);
    }

    /// Nine decimals, of a number below 10⁹.
    fn push_decimals(&mut self, number: u32) {
        let tenths = u8::try_from(number / 100_000_000).unwrap_or_default();
        self.push(&[b'0'.wrapping_add(tenths)]);
        self.push(&digits_of(number % 100_000_000));
    }

    pub(super) fn push_number(&mut self, number: u64) {
        if number >= EIGHT_DIGITS {
            self.push_number(number / EIGHT_DIGITS);
            self.push(&digits_of(super::low_bits(number % EIGHT_DIGITS)));
        } else {
            let digits = digits_of(super::low_bits(number));
            // All eight are looked at at once, the first lowest; of zero one stays.
            let zeros = (u64::from_le_bytes(digits) ^ ZEROS).trailing_zeros() / 8;
            let zeros = usize::try_from(zeros.min(7)).unwrap_or_default();
            self.push(digits.get(zeros..).unwrap_or_default());
        }
    }
}

/// The eight digits of a number below 10⁸, by parting it in all its parts at once: into
/// fours, into pairs, into digits. The other way of [`eight_digits`].
fn digits_of(number: u32) -> [u8; 8] {
    // The first digits lowest.
    let fours = u64::from(number / 10_000) | u64::from(number % 10_000) << 32;
    // A hundredth of what is below 10⁴, and a tenth of what is below 100, exactly.
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let pairs = hundreds | (fours - 100 * hundreds) << 16;
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    let digits = tens | (pairs - 10 * tens) << 8;
    (digits | ZEROS).to_le_bytes()
}

#[cfg(test)]
mod tests;
