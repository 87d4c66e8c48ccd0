//! What holds for every packet.

use core::num::NonZeroU16;
use core::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use udping_core::wire::stamp::*;

use crate::*;

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

/// Everything that can be done with a datagram, in every mode.
pub(crate) fn survives(bytes: &[u8]) {
    let key = key();
    for mode in modes(&key) {
        if let Ok(reply) = Reply::decode(bytes, mode) {
            let _ = reply.claim(0);
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
