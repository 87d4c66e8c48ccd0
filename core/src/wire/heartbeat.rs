//! The heartbeat's wire: `<seq> <time>` in ASCII, as the assignment has it.
//!
//! Owns the grammar and the tolerant reading: classrooms write `Ping 3 1700000000.5`,
//! `seq=3, t=1700000000500` and more. Must not know who sends.

use super::text::{Appender, BufferTooSmall};
use super::{LARGEST_EXACT, Unreadable, low_bits};

/// The longest heartbeat that is written, without padding: sixteen digits, a space,
/// eleven digits of seconds, a point and six digits.
pub const LONGEST: usize = 16 + 1 + 11 + 1 + 6;

const NANOS_PER_SEC: u64 = 1_000_000_000;

/// How far a clock may be from the receiver's to be taken for one that tells the date:
/// 52 days, half of what a journal can hold, either way.
pub const CREDIBLE_NS: u64 = LARGEST_EXACT / 2;

/// Writes heartbeat `seq`, sent when its sender's wall clock read `utc` nanoseconds
/// since 1970, and returns its length: `size` bytes at least.
///
/// # Errors
/// [`BufferTooSmall`] if `buffer` has fewer than `max(size, LONGEST)` bytes.
pub fn encode(seq: u64, utc: u64, size: usize, buffer: &mut [u8]) -> Result<usize, BufferTooSmall> {
    if buffer.len() < size.max(LONGEST) {
        return Err(BufferTooSmall);
    }
    let mut text = Appender::new(buffer);
    text.push_number(seq % (LARGEST_EXACT + 1));
    text.push(b" ");
    text.push_number(utc / NANOS_PER_SEC);
    text.push(b".");
    text.push_micros(low_bits(utc % NANOS_PER_SEC / 1_000));
    Ok(text.pad(size))
}

/// What a heartbeat says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Heartbeat {
    /// Its number.
    pub seq: u64,
    /// The number after that, whole part and billionths: a time, in whatever unit.
    pub time: Option<(u64, u32)>,
}

/// Reads a heartbeat: its first whole number is its sequence number, and if a decimal
/// number follows at once, that is its time.
///
/// # Errors
/// [`Unreadable`] if there is no such number: it is no heartbeat.
pub fn decode(datagram: &[u8]) -> Result<Heartbeat, Unreadable> {
    let padding = |byte: &u8| matches!(byte, 0 | b' ' | b'\r' | b'\n' | b'\t');
    if datagram.iter().all(padding) {
        return Err(Unreadable::Empty);
    }
    let text = core::str::from_utf8(datagram).map_err(|_| Unreadable::NotText)?;
    let word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '+' | '-');
    let mut words = text.split(|c| !word(c)).filter(|word| !word.is_empty());
    let seq = words
        .find_map(|word| whole(word).filter(|seq| *seq <= LARGEST_EXACT))
        .ok_or(Unreadable::Malformed)?;
    let time = words.find(|word| !is_name(word)).and_then(decimal);
    Ok(Heartbeat { seq, time })
}

/// A word such as `t` in `t=5`, which says what the number after it is.
fn is_name(word: &str) -> bool {
    word.chars().all(char::is_alphabetic)
}

fn whole(word: &str) -> Option<u64> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|_| digits)
}

/// A decimal number's whole part and billionths; further digits are cut off.
fn decimal(word: &str) -> Option<(u64, u32)> {
    let (before, after) = word.split_once('.').unwrap_or((word, "0"));
    let mut billionths = 0;
    for place in 0..9 {
        let digit = match after.as_bytes().get(place) {
            Some(byte) => char::from(*byte).to_digit(10)?,
            None => 0,
        };
        billionths = billionths * 10 + digit;
    }
    after
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    Some((whole(before)?, billionths))
}

impl Heartbeat {
    /// What the sender's clock read, in nanoseconds since 1970, where the receiver's
    /// reads `utc`: in seconds, or thousandths, millionths or billionths of one,
    /// whichever comes within [`CREDIBLE_NS`]. `None` for a clock of its own.
    #[must_use]
    pub fn clock(&self, utc: u64) -> Option<u64> {
        let (whole, billionths) = self.time?;
        [NANOS_PER_SEC, 1_000_000, 1_000, 1]
            .into_iter()
            .find_map(|unit| {
                let part = u64::from(billionths) * unit / NANOS_PER_SEC;
                let clock = whole.checked_mul(unit)?.checked_add(part)?;
                (clock.abs_diff(utc) <= CREDIBLE_NS).then_some(clock)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// In November 2023.
    const UTC: u64 = 1_700_000_000_123_456_789;

    fn read(text: &str) -> (u64, Option<u64>) {
        let said = decode(text.as_bytes()).unwrap();
        (said.seq, said.clock(UTC))
    }

    #[test]
    fn what_is_written_is_the_assignments_and_is_read_back() {
        let mut buffer = [0; 64];
        let len = encode(3, UTC, 0, &mut buffer).unwrap();
        assert_eq!(&buffer[..len], b"3 1700000000.123456");
        assert_eq!(
            read("3 1700000000.123456"),
            (3, Some(1_700_000_000_123_456_000))
        );
        assert_eq!(encode(3, 5_000, 40, &mut buffer), Ok(40));
        assert!(buffer[..40].starts_with(b"3 0.000005   "));
        assert_eq!(encode(3, 5_000, 65, &mut buffer), Err(BufferTooSmall));
    }

    #[test]
    fn classrooms_write_times_in_every_unit() {
        let ms = Some(1_700_000_000_123_000_000);
        for text in [
            "7 1700000000.123",
            "7 1700000000123",
            "Ping 7 1700000000.123\r\n",
            "seq=7, t=1700000000.123",
            "(7, 1700000000123)",
            "heartbeat #7 at 1700000000123000 us\0\0\0",
            "7,1700000000123000000",
            "PING 7 1700000000123 \r\n",
        ] {
            assert_eq!(read(text), (7, ms), "{text}");
        }
        let late = "7 1700000000.1234567891234";
        assert_eq!(read(late), (7, Some(1_700_000_000_123_456_789)));
    }

    #[test]
    fn a_clock_of_its_own_is_no_date() {
        for text in [
            "7",
            "7 12345.678",
            "7 12:30:01",
            "7 Tue Nov 25 12:00:00 2026",
            "7 -1700000000.1",
            "7 1.7e9",
            "7 1700000000.1.2",
            "7 99999999999999999999999",
        ] {
            assert_eq!(read(text), (7, None), "{text}");
        }
    }

    #[test]
    fn what_has_no_whole_number_is_no_heartbeat() {
        for (bytes, why) in [
            (&b""[..], Unreadable::Empty),
            (b"\0\r\n", Unreadable::Empty),
            (b"hello", Unreadable::Malformed),
            (b"3.5 4.5", Unreadable::Malformed),
            (b"-3", Unreadable::Malformed),
            (b"99999999999999999999", Unreadable::Malformed),
            (b"9007199254740993", Unreadable::Malformed),
            (b"\xff 3", Unreadable::NotText),
        ] {
            assert_eq!(decode(bytes), Err(why), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn every_heartbeat_is_read_back(seq in 0..=LARGEST_EXACT, utc in 1_600_000_000_000_000_000_u64..1 << 61) {
            let mut buffer = [0; LONGEST];
            let len = encode(seq, utc, 0, &mut buffer).unwrap();
            let said = decode(&buffer[..len]).unwrap();
            prop_assert_eq!((said.seq, said.clock(utc)), (seq, Some(utc / 1_000 * 1_000)));
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..100), utc in any::<u64>()) {
            if let Ok(said) = decode(&bytes) {
                let _ = said.clock(utc);
            }
        }
    }
}
