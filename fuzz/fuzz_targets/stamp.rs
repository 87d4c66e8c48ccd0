//! The STAMP wire, both ends: no bytes upset a reader, every reply has its request's
//! length and answers it, and what an authenticated packet says cannot be altered.
#![no_main]

use std::num::NonZeroU16;
use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::stamp::{
    ErrorEstimate, Extensions, Format, Incoming, Key, Mode, Peers, ProbeTimes, Reflection, Reply,
    Request, SessionSender, Timestamp, TimestampInfo,
};

const SECRET: &[u8] = b"sixteen bytes or more of it";

/// Bytes that an authenticated packet's HMAC covers (RFC 8762 §4.4).
const COVERED: usize = 96;

#[derive(Debug, Arbitrary)]
struct Run<'a> {
    mode: u8,
    twamp: bool,
    /// A packet from anywhere.
    bytes: &'a [u8],
    seq: u32,
    timestamp: u64,
    ssid: Option<NonZeroU16>,
    error: u16,
    asks_for_clocks: bool,
    padding: Option<&'a [u8]>,
    /// What happens to our own request on its way.
    flip: Option<(u16, u8)>,
    counter: Option<u32>,
    times: (u64, u64),
    ttl: u8,
}

fuzz_target!(|run: Run<'_>| {
    let key = Key::new(SECRET).expect("the secret is long enough");
    let mode =
        [Mode::Open, Mode::OpenWithSignedTlvs(&key), Mode::Auth(&key)][usize::from(run.mode % 3)];
    let peers = if run.twamp {
        Peers::TwampLightToo
    } else {
        Peers::StampOnly
    };

    // What comes from anywhere.
    read_reply(run.bytes, mode, &run);
    let mut stranger = run.bytes.to_vec();
    answer(&mut stranger, mode, peers, &run);

    // What we send ourselves.
    let Some(error) = ErrorEstimate::from_bits(run.error) else {
        return;
    };
    let request = Request {
        seq: run.seq,
        timestamp: Timestamp::from_bits(run.timestamp),
        error,
        ssid: run.ssid,
    };
    let extensions = Extensions {
        timestamp_info: run.asks_for_clocks,
        padding: run.padding,
    };
    let mut packet = vec![0; Request::encoded_len(mode, extensions)];
    let len = request
        .encode(mode, extensions, &mut packet)
        .expect("the buffer is as long as it must be");
    assert_eq!(len, packet.len());
    let mut flipped = None;
    if let Some((at, mask)) = run.flip.filter(|(_, mask)| *mask != 0) {
        let at = usize::from(at) % len;
        packet[at] ^= mask;
        flipped = Some(at);
    }
    let answered = answer(&mut packet, mode, peers, &run);
    match flipped {
        None => assert_eq!(answered, Some(request), "our own request"),
        Some(at) if at < COVERED && matches!(mode, Mode::Auth(_)) => {
            assert_eq!(answered, None, "byte {at} was altered");
        }
        Some(_) => {}
    }
});

/// Reads `packet` as a reply in every way there is.
fn read_reply(packet: &[u8], mode: Mode<'_>, run: &Run<'_>) {
    if let Ok(reply) = Reply::decode(packet, mode) {
        let claim = reply.claim(run.times.0);
        assert_eq!(claim.seq, Some(reply.sender_seq));
    }
    let key =
        matches!(mode, Mode::Auth(_)).then(|| Key::new(SECRET).expect("the secret is long enough"));
    let error = ErrorEstimate::new(Duration::from_millis(1), true, Format::Ntp);
    let ssid = run.ssid.unwrap_or(NonZeroU16::MIN);
    let padding = run.padding.unwrap_or_default();
    let mut sender =
        SessionSender::new(key, error, ssid, padding, WallTime::from_nanos(run.times.1));
    let said = ProbeTimes {
        timestamp: WallTime::from_nanos(1),
        at: ClientTime::from_nanos(run.timestamp),
    };
    for known in [None, Some(said)] {
        let _ = sender.decode(packet, |_| known);
    }
}

/// Reflects the request in `packet`, if it is one, and reads the reply.
fn answer(packet: &mut [u8], mode: Mode<'_>, peers: Peers, run: &Run<'_>) -> Option<Request> {
    let len = packet.len();
    let incoming = Incoming::decode(packet, mode, peers).ok()?;
    let request = incoming.request();
    let _ = incoming.looks_like_reply(run.times.0);
    let _ = incoming.where_ours_may_return();
    let [received, sent] = [run.times.0, run.times.1].map(Timestamp::from_bits);
    let reply = incoming.reply(&Reflection {
        counter: run.counter,
        received,
        sent,
        error: ErrorEstimate::new(Duration::from_micros(1), false, Format::Ntp),
        ttl: run.ttl,
        clocks: TimestampInfo::SOFTWARE,
    });
    assert_eq!(reply.len(), len, "a reply of another length");
    let reply = Reply::decode(reply, mode).expect("our own reply");
    assert_eq!(reply.sender_seq, request.seq);
    assert_eq!(reply.sender_timestamp, request.timestamp);
    assert_eq!(reply.sender_error, Some(request.error));
    assert_eq!((reply.received, reply.sent), (received, sent));
    assert_eq!((reply.ssid, reply.sender_ttl), (request.ssid, run.ttl));
    assert_eq!(reply.seq, run.counter.unwrap_or(request.seq));
    read_reply(packet, mode, run);
    Some(request)
}
