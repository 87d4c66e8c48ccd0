//! What servers of the assignment send back, and what is read from it.

use super::*;
use crate::time::ClientTime;
use proptest::prelude::*;
use std::format;
use std::vec::Vec;

const TIME: WallTime = WallTime::from_nanos(1_795_972_408_123_456_789);

fn probe(seq: u64) -> Probe {
    Probe {
        seq,
        timestamp: TIME,
        due: ClientTime::ZERO,
        at: ClientTime::ZERO,
    }
}

fn claim(seq: impl Into<Option<u32>>, timestamp: impl Into<Option<WallTime>>) -> Claim {
    Claim {
        seq: seq.into(),
        timestamp: timestamp.into(),
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
    assert_eq!(request(7, 0), b"Ping 7 1795972408.123456789");
    assert_eq!(request(7, 30), b"Ping 7 1795972408.123456789   ");
    assert_eq!(request((1 << 32) + 5, 0), b"Ping 5 1795972408.123456789");
    assert_eq!(request(1 << 32, 0), b"Ping 0 1795972408.123456789");
    for seq in [9, 10, 99_999_999, 100_000_000, u32::MAX] {
        let expected = format!("Ping {seq} 1795972408.123456789");
        assert_eq!(request(seq.into(), 0), expected.as_bytes());
    }
    for (nanos, written) in [
        (5, "Ping 1 0.000000005"),
        (1_000_000_001, "Ping 1 1.000000001"),
        (u64::MAX, "Ping 1 18446744073.709551615"),
    ] {
        let mut buffer = [0; LONGEST_REQUEST];
        let timestamp = WallTime::from_nanos(nanos);
        let early = Probe {
            timestamp,
            ..probe(1)
        };
        let len = encode_request(&early, 0, &mut buffer).unwrap();
        assert_eq!(&buffer[..len], written.as_bytes());
    }
}

fn damage(
    reply: &[u8],
    seq: u32,
    timestamp: WallTime,
    padding: impl Into<Padding>,
) -> Option<Damage> {
    compare(reply, seq, timestamp, &padding.into()).1
}

#[test]
fn padding_repeats_a_pattern_after_the_space_that_ends_the_time() {
    let padding = |pattern: &[u8]| Padding {
        size: 34,
        pattern: Pattern::new(pattern).unwrap(),
    };
    let padded = |padding: Padding| {
        let mut buffer = [0xff; 64];
        let len = encode_request(&probe(7), padding, &mut buffer).unwrap();
        buffer[..len].to_vec()
    };
    for (pattern, expected) in [
        (&b"09"[..], &b"Ping 7 1795972408.123456789 090909"[..]),
        (b"abcdefghijklmnop", b"Ping 7 1795972408.123456789 abcdef"),
    ] {
        let request = padded(padding(pattern));
        assert_eq!(request, expected);
        assert_eq!(decode_reply(&request), Ok(claim(7, TIME)));
        let damage = |reply: &[u8]| damage(reply, 7, TIME, padding(pattern));
        assert_eq!(damage(&request), None);
        assert_eq!(damage(&request.to_ascii_uppercase()), None);
        assert_eq!(damage(&request[..33]), Some(Damage::Truncated));
        assert_eq!(damage(&padded(34.into())), Some(Damage::Altered));
    }
    assert_eq!(Pattern::new(b""), None);
    assert_eq!(Pattern::new(&[0; Pattern::MAX_LEN + 1]), None);
}

#[test]
fn a_short_buffer_is_refused() {
    assert_eq!(
        encode_request(&probe(1), 0, &mut [0; LONGEST_REQUEST - 1]),
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
        "Ping 3 1795972408.123456789",
        "PING 3 1795972408.123456789",
        "PING 3 1795972408.123456789\0\0\0\0",
        "ping 3 1795972408.123456789 \r\n",
        "Ping 3 1795972408.123456789 OK",
        "Reply 3 1795972408.123456789 1795972408.123 d41d8cd98f00b204e9800998ecf8427e",
        "3 1795972408.123456789",
        "PING 3 1795972408.123456789 1795972408.123456",
    ] {
        let got = decode_reply(reply.as_bytes());
        assert_eq!(got, Ok(claim(3, TIME)), "{reply:?}");
    }
}

#[test]
fn a_number_amid_other_text_needs_its_time() {
    for reply in [
        "Pong: Ping 3 1795972408.123456789",
        "Server 2 at 12:30:01.5: Ping 3 1795972408.123456789",
        "7 1795972409.123456: PING 3 1795972408.123456789",
        "127.0.0.1 said Ping  3,1795972408.123456789!",
        "{\"status\": \"ok\", \"message\": \"ping 3 1795972408.123456789\"}",
        "29 Nov 2026: 3 1795972408.123456789",
        "2026-11-29 23:32:05.12 3,1795972408.123456789",
        "3:1795972408.123456789",
    ] {
        let got = decode_reply(reply.as_bytes());
        let needs_proof = true;
        let wanted = Claim {
            needs_proof,
            ..claim(3, TIME)
        };
        assert_eq!(got, Ok(wanted), "{reply:?}");
    }
}

#[test]
fn a_number_that_leads_is_a_sequence_number_without_proof() {
    for reply in [
        "3",
        "pong 3",
        "Pong: 3\r\n",
        "3 OK",
        "seq=3",
        "#3!",
        "{\"seq\":3}",
        "Pong 3 \0\0",
        "Pong 3 12:30:01.500000",
        "1795972408.12 3",
        "Ping 3 1795972408.12345",
        "3, received 2026-11-29",
    ] {
        assert_eq!(
            decode_reply(reply.as_bytes()),
            Ok(claim(3, None)),
            "{reply:?}"
        );
    }
}

#[test]
fn a_reply_without_a_number_that_leads_claims_nothing() {
    for reply in [
        "pong",
        "-3",
        "3.5 ms",
        "12:30:01 pong 3",
        "99999999999 3",
        "ping3",
        "0x3",
        "v2 pong 3 of 10",
        "Your data was 23 bytes long",
        "Hello from server 3",
        "Sun Nov 29 23:32:05 2026",
        "Sun, 29 Nov 2026 23:32:05 GMT",
        "Nov 29 23:32:05",
        "29 nov. 2026",
        "dom., 29 de nov. de 2026",
        "29 de março",
        "2026-11-29 23:32:05.12",
        "11/29/2026, 11:32:05 PM",
        "29.11.2026",
    ] {
        assert_eq!(
            decode_reply(reply.as_bytes()),
            Ok(claim(None, None)),
            "{reply:?}"
        );
    }
}

#[test]
fn a_copy_with_decimals_cut_off_is_read_as_far_as_it_goes() {
    for (reply, nanos) in [
        ("Ping 3 1795972408.123456", 1_795_972_408_123_456_000),
        ("Ping 3 1795972408.1234567", 1_795_972_408_123_456_700),
        ("[3, 1795972408.12345678]", 1_795_972_408_123_456_780),
        ("Ping 3 1795972408.1234567891", 1_795_972_408_123_456_789),
    ] {
        let time = WallTime::from_nanos(nanos);
        assert_eq!(
            decode_reply(reply.as_bytes()),
            Ok(claim(3, time)),
            "{reply}"
        );
    }
    let deep = decode_reply(b"I got from you: 3 1795972408.123456").unwrap();
    assert!(deep.needs_proof && deep.seq == Some(3));
}

#[test]
fn a_reply_that_is_cut_or_altered_is_damaged_and_text_around_an_echo_is_not() {
    let sent = request(7, 40);
    let found = |reply: &[u8]| damage(reply, 7, TIME, 40);
    let echo = core::str::from_utf8(&sent).unwrap();
    for whole in [
        std::string::String::from(echo),
        echo.to_ascii_uppercase(),
        format!("{echo}\0\0\0\0"),
        format!("{echo} OK"),
        format!("Pong: {echo}"),
        format!("{{\"reply\": \"{echo}\"}}"),
    ] {
        assert_eq!(found(whole.as_bytes()), None, "{whole:?}");
    }
    for len in 0..40 {
        assert_eq!(found(&sent[..len]), Some(Damage::Truncated), "{len}");
    }
    for place in echo.trim_end().len()..40 {
        let mut altered = sent.clone();
        altered[place] ^= 1;
        assert_eq!(found(&altered), Some(Damage::Altered), "{place}");
        altered.make_ascii_uppercase();
        altered.push(b'!');
        assert_eq!(found(&altered), Some(Damage::Altered), "{place}");
    }
    assert_eq!(damage(b"Pong 7, and what a server says", 7, TIME, 0), None);
    assert_eq!(damage(b"pong", 7, TIME, 0), Some(Damage::Truncated));
}

#[test]
fn what_is_not_text_is_unreadable_unless_the_time_is_in_it() {
    assert_eq!(decode_reply(b""), Err(Unreadable::Empty));
    assert_eq!(decode_reply(b"\0\0\r\n"), Err(Unreadable::Empty));
    assert_eq!(decode_reply(b"\x80\x01 3"), Err(Unreadable::NotText));
    assert_eq!(decode_reply(b"\x01 3"), Err(Unreadable::NotText));
    assert_eq!(
        decode_reply(b"\x80\x01 3 1795972408.123456789"),
        Ok(claim(3, TIME))
    );
}

#[test]
fn the_next_number_in_place_of_ours_is_reported_as_it_came() {
    let got = decode_reply(b"4 1795972408.123456789\r\n");
    assert_eq!(got, Ok(claim(4, TIME)));
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
    fn every_echo_answers_its_probe(seq in 1_u64.., time: u64, shift in 0..64, size in 0_usize..128) {
        let timestamp = WallTime::from_nanos(time >> shift);
        let probe = Probe { timestamp, ..probe(seq) };
        let mut buffer = [0; 128];
        let len = encode_request(&probe, size, &mut buffer).unwrap();
        prop_assert_eq!(decode_reply(&buffer[..len]), Ok(Claim::answering(&probe)));
        buffer.make_ascii_uppercase();
        prop_assert_eq!(decode_reply(&buffer), Ok(Claim::answering(&probe)));
        let compared = compare(&buffer[..len], probe.wire_seq(), timestamp, &size.into());
        prop_assert_eq!(compared, (len, None));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_reply(&bytes);
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads(
        word in "(?i)ping ?", seq: u64, gap in " ?[ ,]?", secs: u64, decimals in "[0-9]{5,11}", after in "[ 0-9a-z\\PC]{0,4}",
    ) {
        for (seq, secs) in [(seq, secs), (seq >> 32, secs >> 32), (seq >> 48, secs >> 30)] {
            let reply = format!("{word}{seq}{gap}{secs}.{decimals}{after}");
            if let Some(claim) = plain_echo(reply.as_bytes()) {
                prop_assert_eq!(Ok(claim), read(reply.as_bytes()), "{}", reply);
            }
        }
    }

    #[test]
    fn surroundings_do_not_hide_the_pair(before in "[^0-9]{0,20}", after in "[^0-9]{0,20}", seq in 1_u32..) {
        let reply = format!("{before} Ping {seq} 1795972408.123456789 {after}");
        let got = decode_reply(reply.as_bytes()).unwrap();
        prop_assert_eq!((got.seq, got.timestamp), (Some(seq), Some(TIME)));
    }

    #[test]
    fn a_number_beyond_the_second_word_is_none(words in "[a-z]{1,9}[ :#=,]{1,3}[a-z]{1,9}[ :#=,]{1,3}", seq: u32, after in "( [a-z]{0,9})?") {
        let got = decode_reply(format!("{words}{seq}{after}").as_bytes());
        prop_assert_eq!(got, Ok(claim(None, None)));
    }
}
