//! Base packets, byte for byte.

use core::time::Duration;

use udping_core::time::ReflectorTime;
use udping_core::wire::stamp::*;

use crate::*;

const REQUEST: &str = "00000005 0102030405060708 0a0b 1234";
const MBZ_28: &str = "00000000 00000000 00000000 00000000 00000000 00000000 00000000";

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
    let reply = Reply::decode(incoming.reply(&reflection), Mode::Open).unwrap();
    let claim = reply.claim(0);
    assert_eq!((claim.seq, claim.timestamp), (Some(5), None));
    assert_eq!(reply.sender_timestamp, T1);
    let times = claim.times.unwrap();
    assert_eq!(times.received, ReflectorTime::from_nanos(70));
    assert_eq!(times.sent, ReflectorTime::from_nanos(90));
    let later = reply.claim(70).times.unwrap();
    assert_eq!(later.received, ReflectorTime::ZERO);
    assert_eq!(later.sent, ReflectorTime::from_nanos(20));
    assert_eq!(reply.claim(71).times, None, "T2 is before this epoch");
}

#[test]
fn a_claim_without_both_times_has_neither() {
    for (at, len) in [(4, 8), (16, 8)] {
        let mut packet = hex(REPLY);
        packet[at..at + len].fill(0);
        assert_eq!(
            Reply::decode(&packet, Mode::Open).unwrap().claim(0).times,
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
