//! The classroom's wire: `Ping <seq> <token>` in ASCII, padded with spaces.
//!
//! Owns the grammar of a request and the tolerant reading of replies: servers
//! of the assignment upper-case, pad with NULs, prefix `Pong:`, append ` OK`, or
//! send only a number back. Must not know which probes exist.

use super::{Claim, Probe, TOKEN_RANGE, Unreadable};

/// The longest request without padding: `Ping `, ten digits, a space, a token.
pub const LONGEST_REQUEST: usize = 5 + 10 + 1 + TOKEN_DIGITS;

/// How many digits every token has.
const TOKEN_DIGITS: usize = 16;

/// One more than eight digits can say.
const EIGHT_DIGITS: u64 = 100_000_000;

/// Writes the request for `probe` into `buffer` and returns its length in bytes:
/// its natural length, or `size` if that is more.
///
/// # Errors
/// [`BufferTooSmall`] if `buffer` has fewer than `max(size, LONGEST_REQUEST)` bytes.
pub fn encode_request(
    probe: &Probe,
    size: usize,
    buffer: &mut [u8],
) -> Result<usize, BufferTooSmall> {
    if buffer.len() < size.max(LONGEST_REQUEST) {
        return Err(BufferTooSmall);
    }
    let mut text = Appender::new(buffer);
    text.push(b"Ping ");
    text.push_number(u64::from(probe.wire_seq()));
    text.push(b" ");
    text.push_number(probe.token);
    Ok(text.pad(size))
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
/// A token counts only with a sequence number right before it, whatever stands
/// around the two; the pair after the word `ping` is preferred. Without such a
/// pair the first number is the sequence number, provided the datagram is text
/// and that number is a plain unsigned one.
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
    let (token, rest) = rest
        .strip_prefix(b" ")?
        .split_first_chunk::<TOKEN_DIGITS>()?;
    let token = sixteen_digits(token)?;
    let is_token = TOKEN_RANGE.contains(&token) && !rest.first().is_some_and(u8::is_ascii_digit);
    is_token.then_some(Claim {
        seq: Some(u32::try_from(seq).ok()?),
        token: Some(token),
        ..Claim::default()
    })
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

/// The number that sixteen digits are, eight at a time.
fn sixteen_digits(text: &[u8; TOKEN_DIGITS]) -> Option<u64> {
    let [high, low] = text.as_chunks().0 else {
        return None;
    };
    Some(eight_digits(*high)? * EIGHT_DIGITS + eight_digits(*low)?)
}

/// The number that eight digits are, by putting neighbours together: to two digits each,
/// to four, to eight. (D. Lemire, "Quickly parsing eight digits", 2018.)
fn eight_digits(text: [u8; 8]) -> Option<u64> {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
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
    if let Some(claim) = echoed_pair(text) {
        return Ok(claim);
    }
    let readable = core::str::from_utf8(text)
        .is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()));
    if !readable {
        return Err(Unreadable::NotText);
    }
    let first = Numbers::of(text).find(|number| !number.in_a_word);
    Ok(Claim {
        seq: first.filter(|n| n.plain).and_then(Number::as_seq),
        ..Claim::default()
    })
}

/// The sequence number and token that a reply echoes, if it does.
fn echoed_pair(text: &[u8]) -> Option<Claim> {
    let mut found: Option<Claim> = None;
    let mut previous: Option<Number> = None;
    for number in Numbers::of(text) {
        if let Some(seq) = previous.filter(|seq| seq.borders(&number, text))
            && let (Some(low), Some(token)) = (seq.as_seq(), number.as_token())
        {
            let pair = Claim {
                seq: Some(low),
                token: Some(token),
                ..Claim::default()
            };
            if seq.follows_ping(text) {
                return Some(pair);
            }
            found = found.or(Some(pair));
        }
        previous = Some(number);
    }
    found
}

/// A run of decimal digits in a reply.
#[derive(Clone, Copy)]
struct Number {
    start: usize,
    end: usize,
    /// The value, unless it does not fit.
    value: Option<u64>,
    /// Letters touch it: part of a word such as `v2`, not a number.
    in_a_word: bool,
    /// Unsigned and whole: no sign, decimal point or clock colon touches it.
    plain: bool,
}

impl Number {
    fn as_seq(self) -> Option<u32> {
        self.value.and_then(|value| u32::try_from(value).ok())
    }

    fn as_token(self) -> Option<u64> {
        self.value
            .filter(|value| self.end - self.start == TOKEN_DIGITS && TOKEN_RANGE.contains(value))
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

        let value = digits.iter().take(len).try_fold(0_u64, |value, digit| {
            value
                .checked_mul(10)?
                .checked_add(u64::from(digit.wrapping_sub(b'0')))
        });
        let byte = |index: Option<usize>| index.and_then(|i| self.text.get(i)).copied();
        let digit = |index: Option<usize>| byte(index).is_some_and(|b| b.is_ascii_digit());
        let letter = |b: u8| b.is_ascii_alphabetic() || b == b'_' || !b.is_ascii();
        let (before, after) = (byte(start.checked_sub(1)), byte(Some(end)));
        let fraction = |mark: Option<u8>, beyond: Option<usize>| {
            matches!(mark, Some(b'.' | b':')) && digit(beyond)
        };
        Some(Number {
            start,
            end,
            value,
            in_a_word: before.is_some_and(letter) || after.is_some_and(letter),
            plain: !matches!(before, Some(b'-' | b'+'))
                && !fraction(before, start.checked_sub(2))
                && !fraction(after, Some(end + 1)),
        })
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

    /// Pads with spaces to `size` bytes, and says how many there are now.
    pub(super) fn pad(self, size: usize) -> usize {
        if let Some(padding) = self.buffer.get_mut(self.len..size) {
            padding.fill(b' ');
        }
        self.len.max(size)
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        if let Some(place) = self.buffer.get_mut(self.len..end) {
            place.copy_from_slice(bytes);
            self.len = end;
        }
    }

    pub(super) fn push_number(&mut self, number: u64) {
        if number >= EIGHT_DIGITS {
            self.push_number(number / EIGHT_DIGITS);
            self.push(&digits_of(super::low_bits(number % EIGHT_DIGITS)));
        } else {
            let digits = digits_of(super::low_bits(number));
            let zeros = digits.iter().take(7).take_while(|digit| **digit == b'0');
            self.push(digits.get(zeros.count()..).unwrap_or_default());
        }
    }
}

/// The eight digits of a number below 10⁸, by parting it in all its parts at once: into
/// fours, into pairs, into digits. The other way of [`eight_digits`].
fn digits_of(number: u32) -> [u8; 8] {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
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
mod tests {
    use super::*;
    use crate::time::ClientTime;
    use proptest::prelude::*;
    use std::format;
    use std::vec::Vec;

    const TOKEN: u64 = 1_234_567_890_123_456;

    fn probe(seq: u64) -> Probe {
        Probe {
            seq,
            token: TOKEN,
            due: ClientTime::ZERO,
            at: ClientTime::ZERO,
        }
    }

    fn claim(seq: impl Into<Option<u32>>, token: impl Into<Option<u64>>) -> Claim {
        Claim {
            seq: seq.into(),
            token: token.into(),
            ..Claim::default()
        }
    }

    fn request(seq: u64, size: usize) -> Vec<u8> {
        let mut buffer = [0xff; 128];
        let len = encode_request(&probe(seq), size, &mut buffer).unwrap();
        buffer[..len].to_vec()
    }

    #[test]
    fn a_request_is_the_assignments_line() {
        assert_eq!(request(7, 0), b"Ping 7 1234567890123456");
        assert_eq!(request(7, 26), b"Ping 7 1234567890123456   ");
        assert_eq!(request((1 << 32) + 5, 0), b"Ping 5 1234567890123456");
        assert_eq!(request(1 << 32, 0), b"Ping 0 1234567890123456");
        for seq in [9, 10, 99_999_999, 100_000_000, u32::MAX] {
            let expected = format!("Ping {seq} 1234567890123456");
            assert_eq!(request(seq.into(), 0), expected.as_bytes());
        }
    }

    #[test]
    fn a_short_buffer_is_refused() {
        assert_eq!(
            encode_request(&probe(1), 0, &mut [0; 31]),
            Err(BufferTooSmall)
        );
        assert_eq!(
            encode_request(&probe(1), 65, &mut [0; 64]),
            Err(BufferTooSmall)
        );
    }

    #[test]
    fn servers_of_the_assignment_are_understood() {
        for reply in [
            "Ping 3 1234567890123456",
            "PING 3 1234567890123456",
            "PING 3 1234567890123456\0\0\0\0",
            "ping 3 1234567890123456 \r\n",
            "Pong: Ping 3 1234567890123456",
            "Ping 3 1234567890123456 OK",
            "Reply 3 1234567890123456 1790000000.123 d41d8cd98f00b204e9800998ecf8427e",
            "3 1234567890123456",
            "Server 2 at 12:30:01.5: Ping 3 1234567890123456",
            "7 1790000000123456: PING 3 1234567890123456",
            "PING 3 1234567890123456 1790000000123456",
            "127.0.0.1 said Ping  3,1234567890123456!",
        ] {
            let got = decode_reply(reply.as_bytes());
            assert_eq!(got, Ok(claim(3, TOKEN)), "{reply:?}");
        }
    }

    #[test]
    fn a_number_alone_is_a_sequence_number_without_proof() {
        for reply in [
            "3",
            "pong 3",
            "Pong: 3\r\n",
            "3 OK",
            "seq=3",
            "#3!",
            "v2 pong 3 of 10",
            "Pong 3 \0\0",
        ] {
            assert_eq!(
                decode_reply(reply.as_bytes()),
                Ok(claim(3, None)),
                "{reply:?}"
            );
        }
    }

    #[test]
    fn a_reply_without_a_plain_number_claims_nothing() {
        for reply in [
            "pong",
            "-3",
            "3.5 ms",
            "12:30:01 pong 3",
            "99999999999 3",
            "ping3",
            "0x3",
        ] {
            assert_eq!(
                decode_reply(reply.as_bytes()),
                Ok(claim(None, None)),
                "{reply:?}"
            );
        }
    }

    #[test]
    fn what_is_not_text_is_unreadable_unless_the_token_is_in_it() {
        assert_eq!(decode_reply(b""), Err(Unreadable::Empty));
        assert_eq!(decode_reply(b"\0\0\r\n"), Err(Unreadable::Empty));
        assert_eq!(decode_reply(b"\x80\x01 3"), Err(Unreadable::NotText));
        assert_eq!(decode_reply(b"\x01 3"), Err(Unreadable::NotText));
        assert_eq!(
            decode_reply(b"\x80\x01 3 1234567890123456"),
            Ok(claim(3, TOKEN))
        );
    }

    #[test]
    fn the_next_number_in_place_of_ours_is_reported_as_it_came() {
        assert_eq!(decode_reply(b"4 1234567890123456\r\n"), Ok(claim(4, TOKEN)));
    }

    #[test]
    fn eight_digits_are_digits_and_nothing_else_is() {
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"12345678";
                text[place] = byte;
                let read = core::str::from_utf8(&text).ok().map(str::parse);
                let read = read.and_then(Result::ok).filter(|_| byte.is_ascii_digit());
                assert_eq!(eight_digits(text), read, "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn eight_digits_are_written_and_read(number in 0..100_000_000_u32) {
            let (digits, text) = (digits_of(number), format!("{number:08}"));
            prop_assert_eq!(&digits[..], text.as_bytes());
            prop_assert_eq!(eight_digits(digits), Some(number.into()));
        }

        #[test]
        fn every_echo_answers_its_probe(seq in 1_u64.., token in TOKEN_RANGE, size in 0_usize..128) {
            let probe = Probe { token, ..probe(seq) };
            let mut buffer = [0; 128];
            let len = encode_request(&probe, size, &mut buffer).unwrap();
            prop_assert_eq!(decode_reply(&buffer[..len]), Ok(Claim::answering(&probe)));
            buffer.make_ascii_uppercase();
            prop_assert_eq!(decode_reply(&buffer), Ok(Claim::answering(&probe)));
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_reply(&bytes);
        }

        #[test]
        fn the_short_way_reads_what_the_long_way_reads(
            word in "(?i)ping ?", seq in any::<u64>(), gap in " ?[ ,]?", token in any::<u64>(), digits in 14_usize..18, after in "[ 0-9a-z\\PC]{0,4}",
        ) {
            let token = token % 10_u64.pow(u32::try_from(digits).unwrap());
            for seq in [seq, seq >> 32, seq >> 48] {
                let reply = format!("{word}{seq}{gap}{token:0digits$}{after}");
                if let Some(claim) = plain_echo(reply.as_bytes()) {
                    prop_assert_eq!(Ok(claim), read(reply.as_bytes()), "{}", reply);
                }
            }
        }

        #[test]
        fn surroundings_do_not_hide_the_pair(before in "[^0-9]{0,20}", after in "[^0-9]{0,20}", seq in 1_u32..) {
            let reply = format!("{before} Ping {seq} {TOKEN} {after}");
            prop_assert_eq!(decode_reply(reply.as_bytes()), Ok(claim(seq, TOKEN)));
        }
    }
}
