//! The STAMP wire against hostile bytes: properties over arbitrary packets, and the
//! bugs that decoders of this kind have had, each under its own name.

mod stamp_vectors;

use core::num::NonZeroU16;
use core::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use stamp_vectors::{exchange, exchanges, key};
use udping_core::wire::stamp::{
    DecodeError, ErrorEstimate, Extensions, Format, Incoming, Key, Mode, OPEN_LEN, Peers,
    Reflection, Reply, Request, SyncSource, TWAMP_LEN, Timestamp, TimestampInfo, TimestampMethod,
    Verdict,
};

/// The longest UDP payload over IPv4.
const LONGEST: usize = 65_507;

fn modes(key: &Key) -> [Mode<'_>; 3] {
    [Mode::Open, Mode::OpenWithSignedTlvs(key), Mode::Auth(key)]
}

fn errors() -> impl Strategy<Value = ErrorEstimate> {
    any::<u16>().prop_filter_map("a multiplier of zero", ErrorEstimate::from_bits)
}

prop_compose! {
    fn requests()(seq: u32, bits: u64, error in errors(), ssid: u16) -> Request {
        let timestamp = Timestamp::from_bits(bits);
        Request { seq, timestamp, error, ssid: NonZeroU16::new(ssid) }
    }
}

prop_compose! {
    fn reflections()(
        counter: Option<u32>, received: u64, sent: u64, error in errors(), ttl: u8, clocks: [u8; 4],
    ) -> Reflection {
        Reflection {
            counter,
            received: Timestamp::from_bits(received),
            sent: Timestamp::from_bits(sent),
            error,
            ttl,
            clocks: TimestampInfo {
                sync_in: SyncSource(clocks[0]),
                method_in: TimestampMethod(clocks[1]),
                sync_out: SyncSource(clocks[2]),
                method_out: TimestampMethod(clocks[3]),
            },
        }
    }
}

prop_compose! {
    /// TLVs whose types and lengths are often right, and sometimes cut short.
    fn tlvs()(
        list in vec((any::<u8>(), prop_oneof![0_u8..10, any::<u8>()], vec(any::<u8>(), 0..20)), 0..6),
        lie in any::<Option<(prop::sample::Index, u8)>>(),
        cut in 0_usize..6,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (flags, kind, value) in list {
            let len = u16::try_from(value.len()).unwrap().to_be_bytes();
            bytes.extend([flags, kind, len[0], len[1]]);
            bytes.extend(value);
        }
        bytes.truncate(bytes.len().saturating_sub(cut));
        if let Some((at, byte)) = lie
            && !bytes.is_empty()
        {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    }
}

fn honest() -> Reflection {
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

/// Everything that can be done with a datagram, in every mode.
fn survives(bytes: &[u8]) {
    let key = key();
    for mode in modes(&key) {
        if let Ok(reply) = Reply::decode(bytes, mode) {
            let _ = reply.claim();
            let _ = reply.sender_error.map(ErrorEstimate::bound);
            let _ = reply.error.bound();
        }
        for peers in [Peers::StampOnly, Peers::TwampLightToo] {
            let mut packet = bytes.to_vec();
            if let Ok(incoming) = Incoming::decode(&mut packet, mode, peers) {
                let _ = incoming.looks_like_reply(u64::MAX);
                let reply = incoming.reply(&honest());
                assert_eq!(reply.len(), bytes.len());
                // An authenticated reply verifies, whatever its TLVs.
                assert!(Reply::decode(reply, mode).is_ok());
            } else {
                assert_eq!(packet, bytes, "refused, yet changed");
            }
        }
    }
}

proptest! {
    #[test]
    fn a_request_comes_out_as_it_went_in(
        request in requests(),
        timestamp_info: bool,
        padding in proptest::option::of(vec(any::<u8>(), 0..64)),
        reflection in reflections(),
    ) {
        let key = key();
        let extensions = Extensions { timestamp_info, padding: padding.as_deref() };
        for mode in modes(&key) {
            let mut buffer = [0; 256];
            let len = request.encode(mode, extensions, &mut buffer).unwrap();
            prop_assert_eq!(len, Request::encoded_len(mode, extensions));
            let incoming = Incoming::decode(&mut buffer[..len], mode, Peers::StampOnly).unwrap();
            prop_assert_eq!(incoming.request(), request);

            let reply = incoming.reply(&reflection);
            prop_assert_eq!(reply.len(), len);
            let reply = Reply::decode(reply, mode).unwrap();
            prop_assert_eq!(reply.seq, reflection.counter.unwrap_or(request.seq));
            prop_assert_eq!(reply.sent, reflection.sent);
            prop_assert_eq!(reply.received, reflection.received);
            prop_assert_eq!(reply.error, reflection.error);
            prop_assert_eq!(reply.ssid, request.ssid);
            prop_assert_eq!(reply.sender_seq, request.seq);
            prop_assert_eq!(reply.sender_timestamp, request.timestamp);
            prop_assert_eq!(reply.sender_error, Some(request.error));
            prop_assert_eq!(reply.sender_ttl, reflection.ttl);
            prop_assert_eq!(reply.tlvs.padding, padding.as_deref());
            let clocks = timestamp_info.then_some(reflection.clocks);
            prop_assert_eq!(reply.tlvs.timestamp_info, clocks);
        }
    }

    #[test]
    fn arbitrary_bytes_are_survived_and_no_reply_is_longer(bytes in vec(any::<u8>(), 0..300)) {
        survives(&bytes);
    }

    #[test]
    fn arbitrary_tlvs_are_survived_in_every_mode(request in requests(), tlvs in tlvs()) {
        let key = key();
        for mode in modes(&key) {
            let mut packet = vec![0; mode.base_len()];
            request.encode(mode, Extensions::default(), &mut packet).unwrap();
            packet.extend_from_slice(&tlvs);
            survives(&packet);
        }
    }

    #[test]
    fn a_reflector_without_a_key_changes_flags_and_timestamp_information_only(
        request in requests(),
        tlvs in tlvs(),
    ) {
        let mut packet = vec![0; OPEN_LEN];
        request.encode(Mode::Open, Extensions::default(), &mut packet).unwrap();
        packet.extend_from_slice(&tlvs);
        let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
        let reply = incoming.reply(&honest());
        let (mut at, mut changeable) = (0, vec![false; tlvs.len()]);
        while let Some(&[_, kind, high, low]) = tlvs.get(at..at + 4) {
            changeable[at] = true;
            let len = usize::from(u16::from_be_bytes([high, low]));
            if kind == 3 && len >= 4 && at + 4 + len <= tlvs.len() {
                changeable[at + 4..at + 8].fill(true);
            }
            at += 4 + len;
        }
        if at < tlvs.len() {
            changeable[at] = true;
        }
        for (at, (before, after)) in tlvs.iter().zip(&reply[OPEN_LEN..]).enumerate() {
            prop_assert!(before == after || changeable[at], "byte {} of {:02x?}", at, tlvs);
        }
    }

    #[test]
    fn times_until_2106_survive_both_formats(nanos in 1_u64..(1 << 32) * 1_000_000_000) {
        for format in [Format::Ntp, Format::Ptp] {
            prop_assert_eq!(Timestamp::new(format, nanos).nanos(format), Some(nanos));
        }
    }

    #[test]
    fn any_timestamp_is_read_within_a_nanosecond_or_not_at_all(bits: u64) {
        for format in [Format::Ntp, Format::Ptp] {
            if let Some(nanos) = Timestamp::from_bits(bits).nanos(format) {
                let again = Timestamp::new(format, nanos).bits();
                prop_assert!(again.wrapping_sub(bits).wrapping_add(3) <= 6, "{:x} {:x}", bits, again);
            }
        }
    }

    #[test]
    fn an_error_estimate_bounds_what_it_estimates(nanos in 0..u64::MAX, synchronized: bool) {
        let bound = Duration::from_nanos(nanos);
        for format in [Format::Ntp, Format::Ptp] {
            let estimate = ErrorEstimate::new(bound, synchronized, format);
            prop_assert_eq!(ErrorEstimate::from_bits(estimate.bits()), Some(estimate));
            prop_assert_eq!(estimate.is_synchronized(), synchronized);
            prop_assert_eq!(estimate.format(), format);
            prop_assert!(estimate.bound() >= bound);
            // Eight bits of Multiplier, the first of them set: within a 128th.
            prop_assert!(estimate.bound() <= bound + bound / 128 + Duration::from_nanos(2));
        }
    }
}

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
            let claim = Reply::decode(&packet, Mode::Open).unwrap().claim();
            assert_eq!(claim.token, Some(bits), "copied, not computed with");
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
        .claim()
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
