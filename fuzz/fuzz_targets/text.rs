//! Replies on the text wire: no bytes upset the reader, and an echo is read
//! back whatever surrounds it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use udping_core::time::ClientTime;
use udping_core::wire::text::{LONGEST_REQUEST, decode_reply, encode_request};
use udping_core::wire::{Probe, TOKEN_RANGE};

fuzz_target!(|input: (u64, u64, u8, &[u8])| {
    let (seq, token, size, bytes) = input;
    if let Ok(claim) = decode_reply(bytes)
        && let Some(token) = claim.token
    {
        assert!(TOKEN_RANGE.contains(&token), "token {token} of nobody");
        assert!(claim.seq.is_some(), "a token without its sequence number");
    }

    let span = TOKEN_RANGE.end - TOKEN_RANGE.start;
    let probe = Probe {
        seq,
        token: TOKEN_RANGE.start + token % span,
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
        (claim.seq, claim.token),
        (Some(probe.wire_seq()), Some(probe.token))
    );
});
