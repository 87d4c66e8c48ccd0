//! Replies on the text wire: no bytes upset the reader, and an echo is read
//! back whatever surrounds it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::Probe;
use udping_core::wire::text::{LONGEST_REQUEST, decode_reply, encode_request};

fuzz_target!(|input: (u64, u64, u8, &[u8])| {
    let (seq, nanos, size, bytes) = input;
    if let Ok(claim) = decode_reply(bytes)
        && (claim.timestamp.is_some() || claim.needs_proof)
    {
        assert!(
            claim.seq.is_some(),
            "a timestamp without its sequence number"
        );
    }

    let probe = Probe {
        seq,
        timestamp: WallTime::from_nanos(nanos),
        due: ClientTime::ZERO,
        at: ClientTime::ZERO,
    };
    let mut request = [0; LONGEST_REQUEST + 256];
    let len = encode_request(&probe, usize::from(size), &mut request).expect("the buffer is large");
    let request = &mut request[..len];
    if bytes.first().is_some_and(|byte| byte % 2 == 0) {
        request.make_ascii_uppercase();
    }
    // A server's own words may follow; they never win over the echo.
    let reply = [&*request, b" ", bytes].concat();
    let claim = decode_reply(&reply).expect("an echo is readable");
    assert_eq!(
        (claim.seq, claim.timestamp),
        (Some(probe.wire_seq()), Some(probe.timestamp))
    );
});
