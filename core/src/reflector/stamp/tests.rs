//! The reflector as a whole, against itself and others.

use core::time::Duration;
use std::vec;
use std::vec::Vec;

use super::*;
use crate::guard::Policy;
use crate::wire::stamp::{AUTH_LEN, Extensions, OPEN_LEN, Reply, Request, TWAMP_LEN};

type Tested = StampReflector<Vec<SourceEntry>, Vec<StampSession>>;

/// 2026-11-23, in nanoseconds since 1970.
const TODAY: u64 = 1_795_392_000_000_000_000;

fn terms(format: Format) -> Terms {
    Terms {
        key: None,
        peers: Peers::StampOnly,
        error: ErrorEstimate::new(Duration::from_millis(1), false, format),
        clocks: TimestampInfo::SOFTWARE,
    }
}

fn guard() -> Guard<Vec<SourceEntry>> {
    Guard::new(&Policy::open(12_345), 7, vec![SourceEntry::EMPTY; 64])
}

fn stateless(terms: Terms) -> Tested {
    Tested::stateless(terms, guard())
}

fn stateful() -> Tested {
    Tested::stateful(
        terms(Format::Ntp),
        guard(),
        7,
        vec![StampSession::EMPTY; 64],
    )
}

fn client() -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], 50_000))
}

/// A request as a client whose clock reads `utc` sends it.
fn request(seq: u32, utc: u64, mode: Mode<'_>) -> Vec<u8> {
    let error = ErrorEstimate::new(Duration::from_secs(1), false, Format::Ntp);
    let request = Request {
        seq,
        timestamp: Timestamp::from_utc(Format::Ntp, utc),
        error,
        ssid: None,
    };
    let mut packet = vec![0; 256];
    let len = request
        .encode(mode, Extensions::default(), &mut packet)
        .unwrap();
    packet.truncate(len);
    packet
}

/// Sends `packet` through `reflector`, whose clock is `ahead` of real time at `ms`.
fn reflect(
    reflector: &mut Tested,
    ms: u64,
    ahead: i64,
    from: SocketAddr,
    packet: &[u8],
) -> Result<Vec<u8>, DropReason> {
    let utc = (TODAY + ms * 1_000_000).saturating_add_signed(ahead);
    let now = ReflectorTime::from_nanos(ms * 1_000_000);
    let mut packet = packet.to_vec();
    let len = packet.len();
    let accepted = reflector.handle_request(now, WallTime::from_nanos(utc), from, &mut packet)?;
    let reply = accepted.reply(WallTime::from_nanos(utc + 1_000), Some(61));
    assert_eq!(reply.len(), len, "neither longer nor shorter");
    Ok(reply.to_vec())
}

#[test]
fn a_request_gets_its_times_back() {
    for format in [Format::Ntp, Format::Ptp] {
        let mut reflector = stateless(terms(format));
        let packet = request(7, TODAY - 50, Mode::Open);
        let reply = reflect(&mut reflector, 0, 0, client(), &packet).unwrap();
        let reply = Reply::decode(&reply, Mode::Open).unwrap();
        assert_eq!((reply.seq, reply.sender_seq, reply.sender_ttl), (7, 7, 61));
        assert_eq!(reply.error.format(), format);
        let utc = |stamp: Timestamp| stamp.nanos(format).map(|n| n - format.ahead_of_utc());
        assert_eq!(utc(reply.received), Some(TODAY));
        assert_eq!(utc(reply.sent), Some(TODAY + 1_000));
    }
}

#[test]
fn a_stateful_reflector_counts_for_itself() {
    let mut reflector = stateful();
    let seqs = [0, 1, 5, 5, 6].map(|seq| {
        let packet = request(seq, TODAY, Mode::Open);
        let reply = reflect(&mut reflector, 0, 0, client(), &packet).unwrap();
        let reply = Reply::decode(&reply, Mode::Open).unwrap();
        (reply.sender_seq, reply.seq)
    });
    assert_eq!(seqs, [(0, 0), (1, 1), (5, 2), (5, 3), (6, 4)]);
}

#[test]
fn twamp_light_is_answered_in_ntp_and_only_where_that_is_wanted() {
    let packet = &request(0, TODAY, Mode::Open)[..TWAMP_LEN];
    let mut strict = stateless(terms(Format::Ptp));
    let refused = reflect(&mut strict, 0, 0, client(), packet);
    assert_eq!(refused, Err(DropReason::Malformed));
    let mut lenient = stateless(Terms {
        peers: Peers::TwampLightToo,
        ..terms(Format::Ptp)
    });
    let reply = reflect(&mut lenient, 0, 0, client(), packet).unwrap();
    let reply = Reply::decode(&reply, Mode::Open).unwrap();
    assert_eq!(reply.error.format(), Format::Ntp);
    assert_eq!(reply.received.nanos(Format::Ntp), Some(TODAY));
}

#[test]
fn only_the_key_opens() {
    let key = |text: &[u8]| Key::new(text).unwrap();
    let (ours, theirs) = (key(b"testingtesting16"), key(b"testingtesting17"));
    let mut reflector = stateless(Terms {
        key: Some(ours.clone()),
        ..terms(Format::Ntp)
    });
    let mut ask = |packet: &[u8]| reflect(&mut reflector, 0, 0, client(), packet);
    let reply = ask(&request(1, TODAY, Mode::Auth(&ours))).unwrap();
    assert!(Reply::decode(&reply, Mode::Auth(&ours)).is_ok());
    let forged = ask(&request(1, TODAY, Mode::Auth(&theirs)));
    assert_eq!(forged, Err(DropReason::Unauthentic));
    let open = ask(&request(1, TODAY, Mode::Open));
    assert_eq!(open, Err(DropReason::Malformed), "44 bytes are too few");
    let mut long = request(1, TODAY, Mode::Open);
    long.resize(AUTH_LEN, 0);
    assert_eq!(ask(&long), Err(DropReason::Unauthentic));
}

#[test]
fn every_request_is_counted_once() {
    let mut reflector = stateless(terms(Format::Ntp));
    let good = request(1, TODAY, Mode::Open);
    let mut bad = good.clone();
    bad[13] = 0;
    let mut ask = |from, packet: &[u8]| reflect(&mut reflector, 0, 0, from, packet).is_ok();
    assert!(ask(client(), &good));
    assert!(!ask(client(), &good[..OPEN_LEN - 1]));
    assert!(!ask(client(), &[]));
    assert!(!ask(client(), &bad), "a multiplier of zero");
    assert!(!ask(SocketAddr::from(([192, 0, 2, 1], 53)), &good));
    let counts = reflector.counts();
    assert_eq!(
        (counts.requests, counts.replies, counts.dropped()),
        (5, 1, 4)
    );
    assert_eq!(counts.of(DropReason::Malformed), 3);
    assert_eq!(counts.of(DropReason::SystemPort), 1);
}

/// How many of the packets that go round between `ours` and `peer` ours answers in
/// three seconds, one each millisecond, after one spoofed datagram.
fn loops(ours: &mut Tested, mut peer: impl FnMut(u64, &[u8]) -> Option<Vec<u8>>, t1: u64) -> usize {
    let them = SocketAddr::from(([192, 0, 2, 9], 40_000));
    let mut packet = request(0, t1, Mode::Open);
    for ms in 0..3_000 {
        let Ok(reply) = reflect(ours, ms, 0, them, &packet) else {
            return usize::try_from(ms).unwrap();
        };
        match peer(ms, &reply) {
            Some(answer) => packet = answer,
            None => return usize::try_from(ms).unwrap() + 1,
        }
    }
    3_000
}

/// T1 as an attacker may choose it: right, or so that the first reply has no reply's shape.
const SPOOFED: [u64; 2] = [TODAY, 1];

#[test]
fn two_reflectors_do_not_answer_each_other() {
    for t1 in SPOOFED {
        let (mut ours, mut other) = (stateless(terms(Format::Ntp)), stateful());
        let us = SocketAddr::from(([192, 0, 2, 8], 41_000));
        let answered = loops(
            &mut ours,
            |ms, reply| reflect(&mut other, ms, 0, us, reply).ok(),
            t1,
        );
        assert!(answered <= 2, "{answered} with T1 {t1}");
    }
}

#[test]
fn a_plain_echo_gets_no_more_than_one_reply_or_two() {
    for t1 in SPOOFED {
        let mut ours = stateless(terms(Format::Ntp));
        let answered = loops(&mut ours, |_, reply| Some(reply.to_vec()), t1);
        assert!(answered <= 2, "{answered} with T1 {t1}");
    }
}

/// What a reflector without our rules answers, its clock an hour ahead.
fn naive(ms: u64, packet: &[u8]) -> Vec<u8> {
    let mut packet = packet.to_vec();
    let utc = TODAY + ms * 1_000_000 + 3_600_000_000_000;
    let terms = terms(Format::Ntp);
    let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
    let reflection = Reflection {
        counter: None,
        received: Timestamp::from_utc(Format::Ntp, utc),
        sent: Timestamp::from_utc(Format::Ntp, utc),
        error: terms.error,
        ttl: 255,
        clocks: terms.clocks,
    };
    incoming.reply(&reflection).to_vec()
}

#[test]
fn a_reflector_with_a_wrong_clock_falls_to_ten_a_second() {
    let them = SocketAddr::from(([192, 0, 2, 9], 40_000));
    let mut ours = stateless(terms(Format::Ntp));
    let mut answered = 0;
    // Each refused packet is sent again, as though the loop had many packets in it.
    let mut packet = request(0, TODAY, Mode::Open);
    for ms in 0..3_000 {
        if let Ok(reply) = reflect(&mut ours, ms, 0, them, &packet) {
            answered += 1;
            packet = naive(ms, &reply);
        }
    }
    assert!((20..=42).contains(&answered), "{answered}");
}
