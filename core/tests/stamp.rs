//! The STAMP wire against packets written by hand, packets that other
//! implementations sent, and the rules of RFC 8762 and RFC 8972 one by one.

mod stamp_vectors;

use core::num::NonZeroU16;
use core::time::Duration;

use stamp_vectors::{exchange, exchanges, hex, key};
use udping_core::time::ReflectorTime;
use udping_core::wire::stamp::{
    AUTH_LEN, DecodeError, EncodeError, ErrorEstimate, Extensions, Format, Incoming, Key, Mode,
    OPEN_LEN, Peers, Reflection, Reply, Request, SyncSource, Timestamp, TimestampInfo,
    TimestampMethod, Verdict,
};

const T1: Timestamp = Timestamp::from_bits(0x0102_0304_0506_0708);
const T2: Timestamp = Timestamp::from_bits(0x1112_1314_1516_1718);
const T3: Timestamp = Timestamp::from_bits(0x2122_2324_2526_2728);

const REQUEST: &str = "00000005 0102030405060708 0a0b 1234";
const MBZ_28: &str = "00000000 00000000 00000000 00000000 00000000 00000000 00000000";
const REPLY: &str = "00000009 2122232425262728 8c0d 1234 1112131415161718
                     00000005 0102030405060708 0a0b 0000 40 000000";

fn error(bits: u16) -> ErrorEstimate {
    ErrorEstimate::from_bits(bits).unwrap()
}

fn request() -> Request {
    Request {
        seq: 5,
        timestamp: T1,
        error: error(0x0a0b),
        ssid: NonZeroU16::new(0x1234),
    }
}

fn reflection() -> Reflection {
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

fn encode(request: &Request, mode: Mode<'_>, extensions: Extensions<'_>) -> Vec<u8> {
    let mut buffer = vec![0xee; Request::encoded_len(mode, extensions) + 3];
    let len = request.encode(mode, extensions, &mut buffer).unwrap();
    assert_eq!(
        buffer.split_off(len),
        [0xee; 3],
        "nothing beyond the packet is touched"
    );
    buffer
}

/// The reply to an open request with `tlvs`, from the TLVs on.
fn reflected(mode: Mode<'_>, tlvs: &[u8]) -> Vec<u8> {
    let mut packet = encode(&request(), mode, Extensions::default());
    packet.extend_from_slice(tlvs);
    let incoming = Incoming::decode(&mut packet, mode, Peers::StampOnly).unwrap();
    let _ = incoming.reply(&reflection());
    packet.split_off(mode.base_len())
}

/// What a sender makes of `tlvs` in an open reply.
fn verdict(tlvs: &str) -> Verdict {
    let packet = [hex(REPLY), hex(tlvs)].concat();
    Reply::decode(&packet, Mode::Open).unwrap().tlvs.verdict
}

// By hand.

#[test]
fn an_open_exchange_is_rfc_8762_figures_2_and_5() {
    let mut packet = encode(&request(), Mode::Open, Extensions::default());
    assert_eq!(packet, [hex(REQUEST), hex(MBZ_28)].concat());
    let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
    assert_eq!(incoming.request(), request());
    assert_eq!(incoming.reply(&reflection()), hex(REPLY));

    let reply = Reply::decode(&packet, Mode::Open).unwrap();
    assert_eq!((reply.seq, reply.sent, reply.received), (9, T3, T2));
    assert_eq!(
        (reply.error, reply.ssid),
        (error(0x8c0d), NonZeroU16::new(0x1234))
    );
    assert_eq!((reply.sender_seq, reply.sender_timestamp), (5, T1));
    assert_eq!(
        (reply.sender_error, reply.sender_ttl),
        (Some(error(0x0a0b)), 64)
    );
    assert_eq!(reply.tlvs.verdict, Verdict::Absent);
}

#[test]
fn an_authenticated_exchange_is_rfc_8762_figures_4_and_6() {
    let key = key();
    let mode = Mode::Auth(&key);
    let mut packet = encode(&request(), mode, Extensions::default());
    let head = "00000005 000000000000000000000000 0102030405060708 0a0b 1234";
    assert_eq!(packet[..28], hex(head));
    assert_eq!(packet[28..96], [0; 68]);
    assert_eq!(packet.len(), AUTH_LEN);

    let incoming = Incoming::decode(&mut packet, mode, Peers::StampOnly).unwrap();
    assert_eq!(incoming.request(), request());
    let reply = incoming.reply(&reflection());
    let base = "00000009 000000000000000000000000 2122232425262728 8c0d 1234 00000000
                1112131415161718 0000000000000000 00000005 000000000000000000000000
                0102030405060708 0a0b 000000000000 40 000000000000000000000000000000";
    assert_eq!(reply[..96], hex(base));
}

#[test]
fn a_stateless_reflector_copies_the_sequence_number() {
    let mut packet = encode(&request(), Mode::Open, Extensions::default());
    let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
    let reply = incoming.reply(&Reflection {
        counter: None,
        ..reflection()
    });
    assert_eq!(Reply::decode(reply, Mode::Open).unwrap().seq, 5);
}

#[test]
fn a_claim_has_the_senders_sequence_number_the_echo_and_both_times() {
    let at = |nanos| Timestamp::new(Format::Ptp, nanos);
    let mut packet = encode(&request(), Mode::Open, Extensions::default());
    let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
    let ptp = ErrorEstimate::new(Duration::from_micros(3), true, Format::Ptp);
    let reflection = Reflection {
        received: at(70),
        sent: at(90),
        error: ptp,
        ..reflection()
    };
    let claim = Reply::decode(incoming.reply(&reflection), Mode::Open)
        .unwrap()
        .claim();
    assert_eq!((claim.seq, claim.token), (Some(5), Some(T1.bits())));
    let times = claim.times.unwrap();
    assert_eq!(times.received, ReflectorTime::from_nanos(70));
    assert_eq!(times.sent, ReflectorTime::from_nanos(90));
}

#[test]
fn a_claim_without_both_times_has_neither() {
    for (at, len) in [(4, 8), (16, 8)] {
        let mut packet = hex(REPLY);
        packet[at..at + len].fill(0);
        assert_eq!(
            Reply::decode(&packet, Mode::Open).unwrap().claim().times,
            None
        );
    }
}

#[test]
fn mbz_is_ignored() {
    let mut packet = encode(&request(), Mode::Open, Extensions::default());
    packet[16..].fill(0xff);
    let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly).unwrap();
    assert_eq!(incoming.request(), request());
    assert_eq!(incoming.reply(&reflection()), hex(REPLY), "and not sent on");
}

#[test]
fn a_buffer_too_small_is_an_error_and_stays_as_it_was() {
    let mut small = [7; OPEN_LEN - 1];
    let encoded = request().encode(Mode::Open, Extensions::default(), &mut small);
    assert_eq!(encoded, Err(EncodeError::Buffer));
    assert_eq!(small, [7; OPEN_LEN - 1]);
    let long = vec![0; 65_536];
    let extensions = Extensions {
        padding: Some(&long),
        timestamp_info: false,
    };
    let encoded = request().encode(Mode::Open, extensions, &mut vec![0; 70_000]);
    assert_eq!(encoded, Err(EncodeError::Padding));
    let most = Extensions {
        padding: Some(&long[1..]),
        timestamp_info: false,
    };
    assert_eq!(
        encode(&request(), Mode::Open, most).len(),
        OPEN_LEN + 4 + 65_535
    );
}

// What others sent.

/// The base packets whose TLVs, if any, other implementations answer as this one does.
fn same_as_ours(name: &str) -> bool {
    !matches!(name, "mix 7" | "mix 9")
}

#[test]
fn every_captured_reply_is_what_we_would_have_sent() {
    let key = key();
    for (request, captured) in exchanges() {
        let mode = request.mode(&key);
        let said = Reply::decode(&captured.bytes, mode).expect(&captured.name);
        let clocks = if captured.bytes.len() == 140 {
            // auth 11 and 13 ask for it; the reply's own HMAC TLV verifies.
            assert_eq!(said.tlvs.verdict, Verdict::Good, "{}", captured.name);
            said.tlvs.timestamp_info.unwrap()
        } else {
            TimestampInfo::SOFTWARE
        };
        let reflection = Reflection {
            counter: Some(said.seq),
            received: said.received,
            sent: said.sent,
            error: said.error,
            ttl: said.sender_ttl,
            clocks,
        };
        let mut packet = request.bytes.clone();
        let incoming = Incoming::decode(&mut packet, mode, Peers::TwampLightToo).unwrap();
        let ours = incoming.reply(&reflection);
        let same = if same_as_ours(&request.name) {
            captured.bytes.len()
        } else {
            OPEN_LEN
        };
        assert_eq!(ours[..same], captured.bytes[..same], "{}", request.name);
    }
}

#[test]
fn every_captured_request_is_what_we_would_have_sent() {
    let key = key();
    let mut compared = 0;
    for (captured, _) in exchanges() {
        let timestamp_info = match captured.name.as_str() {
            "auth 11" | "auth 13" => true,
            // Padding before the HMAC TLV; TLVs that we never send; TWAMP's padding.
            name if name == "auth 3" || !same_as_ours(name) || name.starts_with("twamp") => {
                continue;
            }
            _ => false,
        };
        let mode = captured.mode(&key);
        let mut copy = captured.bytes.clone();
        let request = Incoming::decode(&mut copy, mode, Peers::StampOnly)
            .unwrap()
            .request();
        let extensions = Extensions {
            timestamp_info,
            padding: None,
        };
        assert_eq!(
            encode(&request, mode, extensions),
            captured.bytes,
            "{}",
            captured.name
        );
        compared += 1;
    }
    assert_eq!(compared, 10);
}

#[test]
fn a_captured_reply_answers_its_request() {
    let key = key();
    for (request, reply) in exchanges() {
        let mode = request.mode(&key);
        let mut copy = request.bytes.clone();
        let asked = Incoming::decode(&mut copy, mode, Peers::TwampLightToo)
            .unwrap()
            .request();
        let said = Reply::decode(&reply.bytes, mode).unwrap();
        assert_eq!(said.sender_seq, asked.seq, "{}", reply.name);
        assert_eq!(said.sender_timestamp, asked.timestamp, "{}", reply.name);
        assert_eq!(said.sender_error, Some(asked.error), "{}", reply.name);
        let times = said.claim().times.unwrap();
        assert!(times.sent.checked_since(times.received).unwrap() < Duration::from_millis(20));
    }
}

#[test]
fn each_timestamp_is_read_by_its_own_error_estimate() {
    let (_, reply) = exchange("ptp 1");
    let said = Reply::decode(&reply.bytes, Mode::Open).unwrap();
    assert_eq!(said.error.format(), Format::Ntp);
    assert_eq!(said.sender_error.unwrap().format(), Format::Ptp);
    let t1 = said.sender_timestamp.nanos(Format::Ptp).unwrap();
    let t2 = said.received.nanos(Format::Ntp).unwrap();
    // UTC seconds under a PTP flag, or else they would be 37 s apart.
    assert!(t2 - t1 < 20_000_000, "{t1} {t2}");
}

#[test]
fn tlvs_we_do_not_know_are_flagged_and_copied() {
    let (mut request, captured) = exchange("mix 7");
    let before = request.bytes.clone();
    let incoming = Incoming::decode(&mut request.bytes, Mode::Open, Peers::StampOnly).unwrap();
    let _ = incoming.reply(&reflection());
    let mut expected = before[OPEN_LEN..].to_vec();
    // Class of Service, Location and Direct Measurement keep U; 3 and 1 lose it.
    expected[8..16].copy_from_slice(&hex("00030004 01020201"));
    let padding = expected
        .windows(4)
        .position(|tlv| tlv == hex("80010014"))
        .unwrap();
    expected[padding] = 0;
    assert_eq!(request.bytes[OPEN_LEN..], expected);

    let said = Reply::decode(&captured.bytes, Mode::Open).unwrap().tlvs;
    assert_eq!(said.verdict, Verdict::Good);
    assert_eq!(
        said.timestamp_info.unwrap().method_in,
        TimestampMethod::SOFTWARE
    );
    assert_eq!(said.padding, Some(&before[padding + OPEN_LEN + 4..][..20]));
}

// The rules.

#[test]
fn too_short_is_refused_and_twamp_light_only_if_asked_for() {
    let key = key();
    let long = encode(&request(), Mode::Auth(&key), Extensions::default());
    let accepted = |mode, peers, len: usize| {
        Incoming::decode(&mut long[..len].to_vec(), mode, peers).map(|_| ())
    };
    for peers in [Peers::StampOnly, Peers::TwampLightToo] {
        assert_eq!(
            accepted(Mode::Auth(&key), peers, 111),
            Err(DecodeError::Length)
        );
        assert_eq!(accepted(Mode::Auth(&key), peers, 112), Ok(()));
        assert_eq!(accepted(Mode::Open, peers, 40), Err(DecodeError::Length));
    }
    let mut open = hex(REQUEST);
    open.resize(43, 0x5a);
    let refused = Incoming::decode(&mut open, Mode::Open, Peers::StampOnly);
    assert_eq!(refused.unwrap_err(), DecodeError::Length);
    open.truncate(41);
    let light = Incoming::decode(&mut open, Mode::Open, Peers::TwampLightToo).unwrap();
    assert_eq!(light.request().ssid, None, "TWAMP's padding is no SSID");
    assert_eq!(light.reply(&reflection()).len(), 41);
    assert!(Reply::decode(&open, Mode::Open).is_ok());
    assert_eq!(
        Reply::decode(&open[..40], Mode::Open).unwrap_err(),
        DecodeError::Length
    );
}

#[test]
fn an_error_estimate_without_multiplier_is_corrupt_at_both_ends() {
    let mut packet = hex(REPLY);
    packet[13] = 0;
    assert_eq!(
        Reply::decode(&packet, Mode::Open).unwrap_err(),
        DecodeError::ErrorEstimate
    );
    let refused = Incoming::decode(&mut packet, Mode::Open, Peers::StampOnly);
    assert_eq!(refused.unwrap_err(), DecodeError::ErrorEstimate);
}

#[test]
fn the_base_hmac_covers_every_byte_and_no_other_key_will_do() {
    let key = key();
    let other = Key::new(b"testingtesting17").unwrap();
    let packet = encode(&request(), Mode::Auth(&key), Extensions::default());
    for at in 0..AUTH_LEN {
        let mut forged = packet.clone();
        forged[at] ^= 1;
        assert_eq!(
            Reply::decode(&forged, Mode::Auth(&key)).unwrap_err(),
            DecodeError::Hmac
        );
        let refused = Incoming::decode(&mut forged, Mode::Auth(&key), Peers::StampOnly);
        assert_eq!(refused.unwrap_err(), DecodeError::Hmac, "byte {at}");
    }
    assert_eq!(
        Reply::decode(&packet, Mode::Auth(&other)).unwrap_err(),
        DecodeError::Hmac
    );
}

#[test]
fn a_senders_tlvs_are_flagged_u_and_padding_follows_the_hmac() {
    let key = key();
    let all = Extensions {
        timestamp_info: true,
        padding: Some(b"nonce"),
    };
    let open = encode(&request(), Mode::Open, all);
    assert_eq!(
        open[OPEN_LEN..],
        hex("80030004 00000000 80010005 6e6f6e6365")
    );
    let signed = encode(&request(), Mode::OpenWithSignedTlvs(&key), all);
    assert_eq!(signed[OPEN_LEN..][..12], hex("80030004 00000000 80080010"));
    assert_eq!(signed[OPEN_LEN + 28..], hex("80010005 6e6f6e6365"));
    let lone = Extensions {
        timestamp_info: false,
        padding: Some(b"nonce"),
    };
    let lone = encode(&request(), Mode::Auth(&key), lone);
    assert_eq!(
        lone[AUTH_LEN..],
        hex("80010005 6e6f6e6365"),
        "needs no HMAC TLV"
    );
}

#[test]
fn extensions_come_back_answered_in_every_mode() {
    let key = key();
    for mode in [Mode::Open, Mode::OpenWithSignedTlvs(&key), Mode::Auth(&key)] {
        for (timestamp_info, padding) in [
            (true, Some(&b"nonce"[..])),
            (true, None),
            (false, Some(&b""[..])),
        ] {
            let mut packet = encode(
                &request(),
                mode,
                Extensions {
                    timestamp_info,
                    padding,
                },
            );
            let incoming = Incoming::decode(&mut packet, mode, Peers::StampOnly).unwrap();
            let said = Reply::decode(incoming.reply(&reflection()), mode)
                .unwrap()
                .tlvs;
            assert_eq!(said.verdict, Verdict::Good, "{mode:?}");
            assert_eq!(
                said.timestamp_info,
                timestamp_info.then_some(reflection().clocks)
            );
            assert_eq!(said.padding, padding);
        }
    }
}

#[test]
fn the_flags_are_the_reflectors_alone() {
    // Whatever flags they come with: reserved ones are zeroed, U, M and I decided anew.
    assert_eq!(
        reflected(Mode::Open, &hex("ff010001 aa")),
        hex("00010001 aa")
    );
    assert_eq!(
        reflected(Mode::Open, &hex("7fc80002 abcd")),
        hex("80c80002 abcd")
    );
    for kind in [0, 2, 4, 5, 6, 7, 9, 10, 11, 12, 240, 252, 255] {
        assert_eq!(
            reflected(Mode::Open, &[0x80, kind, 0, 1, 7]),
            [0x80, kind, 0, 1, 7]
        );
    }
}

#[test]
fn a_malformed_tlv_is_flagged_m_and_all_after_it_copied() {
    let good = ("80010001 aa", "00010001 aa");
    for (malformed, flagged) in [
        ("80010005 01020304", "40010005 01020304"),
        ("80c8ffff", "c0c8ffff"),
        // Too short for its fields; the next would be fine.
        ("80030003 010203 80010000", "40030003 010203 80010000"),
        (
            "8008000f 000102030405060708090a0b0c0d0e 80010000",
            "4008000f 000102030405060708090a0b0c0d0e 80010000",
        ),
        // No whole header.
        ("80", "c0"),
        ("8001", "4001"),
        ("80c800", "c0c800"),
    ] {
        let tlvs = [hex(good.0), hex(malformed)].concat();
        assert_eq!(
            reflected(Mode::Open, &tlvs),
            [hex(good.1), hex(flagged)].concat(),
            "{malformed}"
        );
    }
}

#[test]
fn timestamp_information_may_have_sub_tlvs_which_stay() {
    let tlv = hex("80030009 00000000 8001000155");
    assert_eq!(
        reflected(Mode::Open, &tlv),
        hex("00030009 01020201 8001000155")
    );
}

#[test]
fn every_failure_of_the_hmac_tlv_flags_i_and_answers_nothing() {
    let key = key();
    let asked = Extensions {
        timestamp_info: true,
        padding: Some(b""),
    };
    let good = encode(&request(), Mode::OpenWithSignedTlvs(&key), asked).split_off(OPEN_LEN);
    let (info, hmac, padding) = (&good[..8], &good[8..28], &good[28..]);
    let mut forged = good.clone();
    forged[27] ^= 1;
    for (why, tlvs) in [
        ("another tag", forged),
        (
            "padding before it, not signed",
            [info, padding, hmac].concat(),
        ),
        (
            "another TLV behind it",
            [info, hmac, &hex("80c80000")].concat(),
        ),
        ("a second one behind it", [info, hmac, hmac].concat()),
        ("an end of packet behind it", [info, hmac, &[0x80]].concat()),
        ("none, but needed", info.to_vec()),
        ("none, and two paddings", [padding, padding].concat()),
    ] {
        let mut expected = tlvs.clone();
        let mut at = 0;
        while at < tlvs.len() {
            let is_known = matches!(tlvs.get(at + 1), Some(1 | 3 | 8));
            expected[at] = if is_known { 0x20 } else { 0xa0 };
            if tlvs.len() - at < 4 {
                expected[at] |= 0x40;
            }
            at += 4 + tlvs.get(at + 3).map_or(0, |&len| usize::from(len));
        }
        let ours = reflected(Mode::OpenWithSignedTlvs(&key), &tlvs);
        assert_eq!(ours, expected, "{why}");
        let reply = [hex(REPLY), ours].concat();
        let said = Reply::decode(&reply, Mode::OpenWithSignedTlvs(&key))
            .unwrap()
            .tlvs;
        assert_eq!(
            (said.verdict, said.timestamp_info),
            (Verdict::IntegrityFailed, None),
            "{why}"
        );
    }
    let keyless = reflected(Mode::Open, &good);
    assert_eq!(
        (keyless[0], keyless[8], keyless[28]),
        (0x20, 0x20, 0x20),
        "no key to verify with"
    );
}

#[test]
fn a_sender_verifies_the_replys_own_hmac_tlv() {
    let (_, captured) = exchange("auth 11");
    let key = key();
    let mut base_only = captured.bytes.clone();
    base_only[AUTH_LEN + 4] ^= 1; // the reflector's sync source
    let said = Reply::decode(&base_only, Mode::Auth(&key)).unwrap().tlvs;
    assert_eq!(
        (said.verdict, said.timestamp_info),
        (Verdict::IntegrityFailed, None)
    );
}

#[test]
fn a_sender_heeds_the_flags() {
    assert_eq!(verdict(""), Verdict::Absent);
    assert_eq!(verdict("80030004 00000000 80010000"), Verdict::Unrecognized);
    assert_eq!(verdict("80c80000 00010000"), Verdict::Good);
    assert_eq!(verdict("00010000 40030004 01020304"), Verdict::Malformed);
    assert_eq!(verdict("00010000 00030003 010203"), Verdict::Malformed);
    assert_eq!(
        verdict("00010000 20030004 01020304"),
        Verdict::IntegrityFailed
    );

    let packet = [
        hex(REPLY),
        hex("00010001 61 40030004 01020304 00030004 01020304"),
    ]
    .concat();
    let said = Reply::decode(&packet, Mode::Open).unwrap().tlvs;
    assert_eq!(
        (said.padding, said.timestamp_info),
        (Some(&b"a"[..]), None),
        "stops at M"
    );
    let packet = [hex(REPLY), hex("80030004 01020304 00010000 20c80000")].concat();
    let said = Reply::decode(&packet, Mode::Open).unwrap().tlvs;
    assert_eq!(
        (said.padding, said.timestamp_info),
        (None, None),
        "one I discards all"
    );
    let packet = [hex(REPLY), hex("80030004 01020304 00010000")].concat();
    let said = Reply::decode(&packet, Mode::Open).unwrap().tlvs;
    assert_eq!(
        (said.padding, said.timestamp_info),
        (Some(&b""[..]), None),
        "U is skipped"
    );
}

#[test]
fn a_reply_is_told_from_a_request() {
    let key = key();
    for (request, reply) in exchanges() {
        let mode = request.mode(&key);
        let now = Reply::decode(&reply.bytes, mode)
            .unwrap()
            .claim()
            .times
            .unwrap()
            .sent
            .as_nanos();
        let looks = |bytes: &[u8], now| {
            let mut copy = bytes.to_vec();
            Incoming::decode(&mut copy, mode, Peers::TwampLightToo)
                .unwrap()
                .looks_like_reply(now)
        };
        assert!(looks(&reply.bytes, now), "{}", reply.name);
        assert!(!looks(&request.bytes, now), "{}", request.name);
        let minute = 60_000_000_000;
        assert!(looks(&reply.bytes, now + minute - 2_000_000_000));
        assert!(!looks(&reply.bytes, now + minute + 2_000_000_000));
        assert!(!looks(&reply.bytes, now - minute - 2_000_000_000));
    }
}
