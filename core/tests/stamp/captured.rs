//! What other implementations sent.

use core::time::Duration;

use udping_core::wire::stamp::*;

use crate::*;

/// One captured datagram.
pub(crate) struct Datagram {
    /// Which capture, and which number in it.
    pub(crate) name: String,
    /// The UDP payload.
    pub(crate) bytes: Vec<u8>,
    is_auth: bool,
}

impl Datagram {
    /// The mode that its ends were configured with.
    pub(crate) fn mode<'k>(&self, key: &'k Key) -> Mode<'k> {
        if self.is_auth {
            Mode::Auth(key)
        } else {
            Mode::Open
        }
    }
}

/// Every captured exchange: a request and the reply to it.
pub(crate) fn exchanges() -> Vec<(Datagram, Datagram)> {
    let mut datagrams = include_str!("vectors.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(datagram);
    let mut exchanges = Vec::new();
    while let Some(request) = datagrams.next() {
        exchanges.push((request, datagrams.next().expect("a reply to each request")));
    }
    assert_eq!(exchanges.len(), 18);
    exchanges
}

/// The exchange whose request is called `name`.
pub(crate) fn exchange(name: &str) -> (Datagram, Datagram) {
    exchanges()
        .into_iter()
        .find(|(request, _)| request.name == name)
        .expect("a captured request")
}

fn datagram(line: &str) -> Datagram {
    let [capture, number, _ports, len, payload] = line
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .expect("five columns");
    let bytes = hex(payload);
    assert_eq!(bytes.len(), len.parse::<usize>().unwrap());
    let capture = capture.strip_suffix(".pcap").unwrap();
    Datagram {
        name: format!("{capture} {number}"),
        bytes,
        is_auth: capture == "auth",
    }
}

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
        let times = said.claim(0).times.unwrap();
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

#[test]
fn a_reply_is_told_from_a_request() {
    let key = key();
    for (request, reply) in exchanges() {
        let mode = request.mode(&key);
        let now = Reply::decode(&reply.bytes, mode)
            .unwrap()
            .claim(0)
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
        if let Mode::Open = mode {
            for at in [16, 28] {
                let mut half = reply.bytes.clone();
                half[at] ^= 1;
                assert!(!looks(&half, now), "both have to be near");
            }
        }
        let minute = 60_000_000_000;
        assert!(looks(&reply.bytes, now + minute - 2_000_000_000));
        assert!(!looks(&reply.bytes, now + minute + 2_000_000_000));
        assert!(!looks(&reply.bytes, now - minute - 2_000_000_000));
    }
}
