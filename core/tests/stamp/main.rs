//! The STAMP wire: packets written by hand, packets that other implementations sent,
//! the rules of RFC 8762 and RFC 8972 one by one, and hostile bytes.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "all of this is a test, its helpers too"
)]

mod bugs;
mod captured;
mod packets;
mod properties;
mod tlvs;

use core::num::NonZeroU16;
use core::time::Duration;

use udping_core::wire::stamp::*;

pub(crate) const T1: Timestamp = Timestamp::from_bits(0x0102_0304_0506_0708);
pub(crate) const T2: Timestamp = Timestamp::from_bits(0x1112_1314_1516_1718);
pub(crate) const T3: Timestamp = Timestamp::from_bits(0x2122_2324_2526_2728);

pub(crate) const REPLY: &str = "00000009 2122232425262728 8c0d 1234 1112131415161718
    00000005 0102030405060708 0a0b 0000 40 000000";

/// An error estimate by its bits.
pub(crate) fn error(bits: u16) -> ErrorEstimate {
    ErrorEstimate::from_bits(bits).unwrap()
}

/// A request with a value of its own in each field.
pub(crate) fn request() -> Request {
    Request {
        seq: 5,
        timestamp: T1,
        error: error(0x0a0b),
        ssid: NonZeroU16::new(0x1234),
    }
}

/// And a reflection, which makes the request a [`REPLY`].
pub(crate) fn reflection() -> Reflection {
    Reflection {
        counter: Some(9),
        received: T2,
        sent: T3,
        error: error(0x8c0d),
        ttl: 64,
        clocks: TimestampInfo {
            sync_in: SyncSource::NTP,
            method_in: TimestampMethod::SOFTWARE,
            sync_out: SyncSource::PTP,
            method_out: TimestampMethod::HARDWARE,
        },
    }
}

/// The request's bytes.
pub(crate) fn encode(request: &Request, mode: Mode<'_>, extensions: Extensions<'_>) -> Vec<u8> {
    let mut buffer = vec![0xee; Request::encoded_len(mode, extensions) + 3];
    let len = request.encode(mode, extensions, &mut buffer).unwrap();
    assert_eq!(
        buffer.split_off(len),
        [0xee; 3],
        "nothing beyond the packet is touched"
    );
    buffer
}

/// The key of the authenticated captures.
pub(crate) fn key() -> Key {
    Key::new(b"testingtesting16").unwrap()
}

/// The bytes that `digits` spell; spaces are for the eye.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

/// Every mode there is.
pub(crate) fn modes(key: &Key) -> [Mode<'_>; 3] {
    [Mode::Open, Mode::OpenWithSignedTlvs(key), Mode::Auth(key)]
}

/// What a stateless reflector says in late 2023.
pub(crate) fn honest() -> Reflection {
    let at = Timestamp::new(Format::Ntp, 1_700_000_000_000_000_000);
    Reflection {
        counter: None,
        received: at,
        sent: at,
        error: ErrorEstimate::new(Duration::from_micros(1), false, Format::Ntp),
        ttl: 64,
        clocks: TimestampInfo::SOFTWARE,
    }
}
