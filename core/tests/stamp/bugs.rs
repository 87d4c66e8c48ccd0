//! Bugs that decoders of this kind have had, each under its own name.

use core::time::Duration;

use udping_core::Config;
use udping_core::client::Client;
use udping_core::event::{Outcome, Output};
use udping_core::table::Entry;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::Probe;
use udping_core::wire::stamp::*;

use crate::captured::{exchange, exchanges};
use crate::properties::survives;
use crate::*;

/// The longest UDP payload over IPv4.
const LONGEST: usize = 65_507;

/// A reply with its TLVs replaced.
fn reply_with(tlvs: &[u8]) -> Vec<u8> {
    let (_, reply) = exchange("mix 1");
    [&reply.bytes[..OPEN_LEN], tlvs].concat()
}

// FreeBSD ping trusted lengths that the packet gave for itself.
#[test]
fn cve_2022_23093_lengths_inside_the_packet_are_checked() {
    for len in [0_u16, 1, 3, 4, 5, 16, 17, 255, 256, 0x7fff, 0xffff] {
        for kind in 0..=u8::MAX {
            let [high, low] = len.to_be_bytes();
            let packet = reply_with(&[0, kind, high, low, 1, 2, 3, 4]);
            survives(&packet);
            if len > 4 {
                let tlvs = Reply::decode(&packet, Mode::Open).unwrap().tlvs;
                assert_eq!(tlvs.verdict, Verdict::Malformed);
                assert_eq!((tlvs.padding, tlvs.timestamp_info), (None, None));
            }
        }
    }
}

// iputils ping: a crafted timestamp overflowed the round-trip time and its sums.
#[test]
fn cve_2025_47268_and_48964_timestamps_overflow_nothing() {
    for bits in [
        0,
        1,
        u64::MAX,
        1 << 63,
        u64::MAX >> 1,
        0xffff_ffff,
        0xffff_ffff << 32,
    ] {
        for error in [0x0001, 0x4001, 0xffff] {
            let mut packet = reply_with(&[]);
            packet[12..14].copy_from_slice(&u16::to_be_bytes(error));
            for at in [4, 16, 28] {
                packet[at..at + 8].copy_from_slice(&bits.to_be_bytes());
                survives(&packet);
            }
            let claim = Reply::decode(&packet, Mode::Open).unwrap().claim(0);
            assert_eq!(claim.timestamp, None, "not computed with");
        }
    }
}

// A TWAMP Light reflector sent a T2 beyond its T3; its client printed a negative RTT.
#[test]
fn a_t2_after_t3_has_no_difference() {
    let (_, reply) = exchange("mix 1");
    let mut packet = reply.bytes;
    packet[16] = 0xff;
    let times = Reply::decode(&packet, Mode::Open)
        .unwrap()
        .claim(0)
        .times
        .unwrap();
    assert_eq!(times.sent.checked_since(times.received), None);
}

// A crafted reply made ping loop for ever.
#[test]
fn cve_2010_2529_every_tlv_makes_progress() {
    let mut empty_tlvs = reply_with(&[]);
    empty_tlvs.resize(LONGEST / 4 * 4, 0);
    survives(&empty_tlvs);
    let tlvs = Reply::decode(&empty_tlvs, Mode::Open).unwrap().tlvs;
    assert_eq!(tlvs.verdict, Verdict::Good, "all of them read, to the end");
}

// Buffers overflowed by what the packet held.
#[test]
fn cve_2000_1214_the_longest_packet_fits_where_it_came() {
    let mut longest = reply_with(&[]);
    longest.resize(LONGEST, 0xff);
    survives(&longest);
    let (_, reply) = exchange("auth 1");
    let mut longest = reply.bytes;
    longest.resize(LONGEST, 0xff);
    survives(&longest);
}

// Indices out of bounds on packets that end early.
#[test]
fn surge_ping_24_every_cut_is_survived() {
    for (request, reply) in exchanges() {
        for datagram in [request, reply] {
            for len in 0..=datagram.bytes.len() {
                survives(&datagram.bytes[..len]);
            }
        }
    }
}

// One empty datagram ended the responder of nokia/twampy, and panicked smoltcp.
#[test]
fn twampy_an_empty_datagram_is_refused() {
    let key = key();
    for mode in modes(&key) {
        assert_eq!(Reply::decode(&[], mode).unwrap_err(), DecodeError::Length);
        for peers in [Peers::StampOnly, Peers::TwampLightToo] {
            assert_eq!(
                Incoming::decode(&mut [], mode, peers).unwrap_err(),
                DecodeError::Length
            );
        }
    }
}

// Its replies end before the TTL.
#[test]
fn twampy_38_bytes_are_no_reply() {
    let packet = reply_with(&[]);
    assert_eq!(
        Reply::decode(&packet[..38], Mode::Open).unwrap_err(),
        DecodeError::Length
    );
    assert!(Reply::decode(&packet[..TWAMP_LEN], Mode::Open).is_ok());
}

// The last sequence number overflowed the addition of one.
#[test]
fn tokio_ping_4_the_last_sequence_number_is_like_any_other() {
    let request = Request {
        seq: u32::MAX,
        timestamp: Timestamp::from_bits(1),
        error: honest().error,
        ssid: None,
    };
    let mut packet = [0; OPEN_LEN];
    request
        .encode(Mode::Open, Extensions::default(), &mut packet)
        .unwrap();
    let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
    let reflection = Reflection {
        counter: Some(u32::MAX),
        ..honest()
    };
    let reply = Reply::decode(incoming.reply(&reflection), Mode::Open).unwrap();
    assert_eq!((reply.seq, reply.sender_seq), (u32::MAX, u32::MAX));
}

// Multiplying times overflowed.
#[test]
fn trippy_1561_the_largest_values_do_not_overflow() {
    for bits in 0..=u16::MAX {
        let _ = ErrorEstimate::from_bits(bits).map(ErrorEstimate::bound);
    }
    for format in [Format::Ntp, Format::Ptp] {
        let _ = ErrorEstimate::new(Duration::MAX, true, format);
        let _ = Timestamp::new(format, u64::MAX).nanos(format);
        let _ = Timestamp::from_bits(u64::MAX).nanos(format);
    }
}

// chronyd answered packets that it had found invalid.
#[test]
fn cve_2010_0292_what_is_refused_stays_as_it_came() {
    let key = key();
    let (request, _) = exchange("auth 1");
    let mut forged = request.bytes.clone();
    forged[0] ^= 1;
    let before = forged.clone();
    assert!(Incoming::decode(&mut forged, Mode::Auth(&key), Peers::StampOnly).is_err());
    assert_eq!(forged, before, "and there is no way to a reply");
}

// Two reflectors answer each other's replies for ever (CVE-1999-0103 between echo and
// chargen, CVE-2009-3563 in ntpd).
#[test]
fn cve_1999_0103_two_reflectors_stop_after_one_reply_each() {
    let key = key();
    let now = honest().received.nanos(Format::Ntp).unwrap();
    for mode in modes(&key) {
        // The attacker's datagram, with a source address that is the other reflector's.
        let spoofed = Request {
            seq: 1,
            timestamp: Timestamp::from_bits(0x0bad << 40),
            error: honest().error,
            ssid: None,
        };
        let mut packet = vec![0; mode.base_len()];
        spoofed
            .encode(mode, Extensions::default(), &mut packet)
            .unwrap();
        let mut replies = 0;
        loop {
            let incoming = Incoming::decode(&mut packet, mode, Peers::StampOnly).unwrap();
            if incoming.looks_like_reply(now) {
                break;
            }
            let _ = incoming.reply(&honest());
            replies += 1;
            assert!(replies <= 2, "{mode:?} loops");
        }
        assert_eq!(
            replies, 2,
            "{mode:?}: the second looks at the attacker's timestamp"
        );
    }
}

// teaparty signed only the header of a padding TLV before its HMAC TLV.
#[test]
fn teaparty_a_tag_over_less_than_all_preceding_tlvs_fails() {
    let key = key();
    let (request, reply) = exchange("auth 3");
    let mut packet = request.bytes;
    let incoming = Incoming::decode(&mut packet, Mode::Auth(&key), Peers::StampOnly).unwrap();
    let said = Reply::decode(incoming.reply(&honest()), Mode::Auth(&key))
        .unwrap()
        .tlvs;
    assert_eq!(said.verdict, Verdict::IntegrityFailed);
    let theirs = Reply::decode(&reply.bytes, Mode::Auth(&key)).unwrap().tlvs;
    assert_eq!(
        (theirs.verdict, theirs.timestamp_info),
        (Verdict::IntegrityFailed, None)
    );
}

/// A client's first probe, and a sender whose wall clock read `wall` when it started.
fn first_probe(wall: u64) -> (Client<[Entry; 8]>, SessionSender<[u8; 0]>, Probe) {
    let mut client = Client::new(Config::default(), ClientTime::ZERO, [Entry::EMPTY; 8]).unwrap();
    let ssid = NonZeroU16::MIN;
    let sender = SessionSender::new(None, honest().error, ssid, [], WallTime::from_nanos(wall));
    let Output::Send(probe) = client.poll(ClientTime::ZERO) else {
        panic!("a probe is due")
    };
    (client, sender, probe)
}

/// The RTT of a reply after 20 ms from a reflector whose clock reads T2 and T3.
fn rtt_with_times(wall: u64, t2: u64, t3: u64) -> Outcome {
    let (mut client, mut sender, probe) = first_probe(wall);
    let mut packet = [0; OPEN_LEN];
    sender.encode(&probe, &mut packet).unwrap();
    let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
    let reply = incoming.reply(&Reflection {
        received: Timestamp::from_utc(Format::Ntp, t2),
        sent: Timestamp::from_utc(Format::Ntp, t3),
        ..honest()
    });
    let said = |_| {
        let (timestamp, at) = (probe.timestamp, probe.at);
        Some(ProbeTimes { timestamp, at })
    };
    let claim = sender.decode(reply, said).unwrap();
    client.handle_reply(ClientTime::from_nanos(20_000_000), claim)
}

const TWENTY_MS: Outcome = Outcome::Replied {
    seq: 1,
    rtt: Duration::from_millis(20),
    verified: true,
};

// A wall clock that was set during a ping made it hang, or print a wrong RTT.
#[test]
fn iputils_276_and_587_and_go_ping_163_no_wall_clock_touches_an_rtt() {
    let day = 86_400_000_000_000;
    let now = 20_000 * day;
    for wall in [1, now, now + 30 * day, 40_000 * day] {
        for times in [now, now - day, now + day, 1, 49_000 * day] {
            assert_eq!(rtt_with_times(wall, times, times), TWENTY_MS);
            assert_eq!(rtt_with_times(wall, times + day, times), TWENTY_MS);
        }
    }
}

// The clock was read once for the packet and once for the RTT, a second's end between.
#[test]
fn hping_48_the_time_in_the_packet_is_the_time_that_the_rtt_is_from() {
    for wall in [999_999_999, 1_999_999_999, 1_795_392_000_999_999_999] {
        let (_, sender, probe) = first_probe(wall);
        for at in [0, 1, 500_000_000] {
            let at = ClientTime::from_nanos(at);
            let mut packet = [0; OPEN_LEN];
            sender.encode(&Probe { at, ..probe }, &mut packet).unwrap();
            let t1 = Timestamp::from_bits(u64::from_be_bytes(packet[4..12].try_into().unwrap()));
            assert_eq!(t1.nanos(Format::Ntp), Some(wall + at.as_nanos()));
        }
    }
}

// Seconds times a million, in too few bits.
#[test]
fn trippy_1561_the_ends_of_time_multiply_without_overflow() {
    for wall in [0, 1, u64::MAX - 1, u64::MAX] {
        let (_, mut sender, probe) = first_probe(wall);
        assert!(sender.wall().as_nanos() <= 1 << 53);
        for at in [0, u64::MAX] {
            let at = ClientTime::from_nanos(at);
            let mut packet = [0; OPEN_LEN];
            sender.encode(&Probe { at, ..probe }, &mut packet).unwrap();
            let _ = sender.decode(&packet, |_| {
                Some(ProbeTimes {
                    timestamp: WallTime::ZERO,
                    at,
                })
            });
        }
    }
}
