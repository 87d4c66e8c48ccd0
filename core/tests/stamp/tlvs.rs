//! The rules for TLVs, at both ends.

use udping_core::wire::stamp::*;

use crate::captured::exchange;
use crate::*;

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
    // Whatever flags they come with: reserved ones are zeroed, U, M and I decided again.
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
        (
            "80080011 000102030405060708090a0b0c0d0e0f10",
            "40080011 000102030405060708090a0b0c0d0e0f10",
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
        hex("00010001 61 00010001 62 40030004 01020304 00030004 01020304"),
    ]
    .concat();
    let said = Reply::decode(&packet, Mode::Open).unwrap().tlvs;
    assert_eq!(
        (said.padding, said.timestamp_info),
        (Some(&b"a"[..]), None),
        "the first padding; stops at M"
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
