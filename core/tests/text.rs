//! Bugs that pings have had, each under its own name, on the text wire and in the client
//! behind it. Those of STAMP are in `stamp/bugs.rs`.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

use core::time::Duration;

use udping_core::Config;
use udping_core::client::Client;
use udping_core::event::{Outcome, Output};
use udping_core::stats::{Ratio, Small, Stats};
use udping_core::table::Entry;
use udping_core::time::ClientTime;
use udping_core::wire::text::{LONGEST_REQUEST, decode_reply, encode_request};
use udping_core::wire::{Probe, Unreadable};

/// The longest UDP payload over IPv4.
const LONGEST: usize = 65_507;

fn ms(ms: u64) -> ClientTime {
    ClientTime::from_nanos(ms * 1_000_000)
}

/// A client whose first probe has gone out, and that probe as it was sent.
fn first_probe() -> (Client<[Entry; 8]>, Probe, Vec<u8>) {
    let mut client = Client::new(Config::default(), ClientTime::ZERO, [Entry::EMPTY; 8]).unwrap();
    let Output::Send(probe) = client.poll(ClientTime::ZERO) else {
        panic!("a probe is due")
    };
    let mut request = [0; LONGEST_REQUEST];
    let len = encode_request(&probe, 0, &mut request).unwrap();
    (client, probe, request[..len].to_vec())
}

// iputils ping: a crafted timestamp overflowed the round-trip time and its sums.
#[test]
fn cve_2025_47268_and_48964_a_time_in_a_reply_is_compared_and_never_computed_with() {
    for time in [
        "0.000000000",
        "18446744073.709551615",
        "18446744073.709551616",
        "99999999999999999999.999999999",
        "0",
        "1",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
    ] {
        let (mut client, _, request) = first_probe();
        let claim = decode_reply(format!("Ping 1 {time}").as_bytes()).unwrap();
        let told = client.handle_reply(ms(20), claim);
        let rtt = Duration::from_millis(20);
        if let Outcome::Replied {
            rtt: told,
            verified,
            ..
        } = told
        {
            assert_eq!((told, verified), (rtt, false), "{time}");
        } else {
            // Another's time: the probe is still to be had.
            let claim = decode_reply(&request).unwrap();
            let told = client.handle_reply(ms(20), claim);
            assert!(
                matches!(told, Outcome::Replied { verified: true, .. }),
                "{time}: {told:?}"
            );
        }
    }
}

// A crafted reply made ping loop for ever.
#[test]
fn cve_2010_2529_the_longest_reply_is_read_to_its_end() {
    for pattern in [
        "9", " ", "Ping ", "Ping 1 ", "1 ", "\0", "\u{ff}", "1.1", "-",
    ] {
        let reply = pattern.repeat(LONGEST / pattern.len());
        let _ = decode_reply(reply.as_bytes());
    }
}

// Indices out of bounds on packets that end early.
#[test]
fn surge_ping_24_every_cut_and_every_byte_is_survived() {
    let (.., request) = first_probe();
    for len in 0..=request.len() {
        let _ = decode_reply(&request[..len]);
    }
    for at in 0..request.len() {
        for byte in 0..=u8::MAX {
            let mut reply = request.clone();
            reply[at] = byte;
            let _ = decode_reply(&reply);
        }
    }
}

// An empty datagram ended nokia/twampy's responder, and panicked smoltcp.
#[test]
fn twampy_and_smoltcp_an_empty_datagram_is_refused() {
    assert_eq!(decode_reply(b""), Err(Unreadable::Empty));
}

// The last sequence number overflowed the addition of one.
#[test]
fn tokio_ping_4_the_last_sequence_number_is_like_any_other() {
    let (mut client, probe, _) = first_probe();
    let mut request = [0; LONGEST_REQUEST];
    for seq in [u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX] {
        let len = encode_request(&Probe { seq, ..probe }, 0, &mut request).unwrap();
        let claim = decode_reply(&request[..len]).unwrap();
        let told = client.handle_reply(ms(1), claim);
        assert!(matches!(told, Outcome::Ignored(_)), "{seq}: {told:?}");
    }
}

// More replies than probes were more than all: 105 %, and an overflow.
#[test]
fn fping_36_copies_do_not_count_and_nothing_sent_divides_by_nothing() {
    let mut stats = Stats::<Small>::new();
    assert_eq!(stats.summary().loss(), None, "undefined, and no division");
    let (mut client, _, request) = first_probe();
    stats.sent(1);
    for copy in 0..21 {
        let claim = decode_reply(&request).unwrap();
        match client.handle_reply(ms(1), claim) {
            Outcome::Replied { rtt, .. } => stats.replied(1, rtt, true),
            Outcome::Duplicate { .. } => stats.duplicate(1),
            other => panic!("{copy}: {other:?}"),
        }
    }
    let told = stats.summary();
    assert_eq!((told.replied, told.duplicates), (1, 20));
    assert_eq!(told.loss(), Ratio::new(0, 1));
}

// A wall clock that was set made ping hang, or print a wrong RTT. Of a clock that
// goes back, the latest time stands.
#[test]
fn iputils_276_and_587_and_go_ping_163_time_that_goes_back_hangs_nothing() {
    let (mut client, _, request) = first_probe();
    let Output::Wait(deadline) = client.poll(ms(500)) else {
        panic!("it waits")
    };
    assert_eq!(client.poll(ms(100)), Output::Wait(deadline));
    let claim = decode_reply(&request).unwrap();
    let told = client.handle_reply(ms(200), claim);
    let rtt = Duration::from_millis(500);
    assert!(
        matches!(told, Outcome::Replied { rtt: told, .. } if told == rtt),
        "{told:?}"
    );
}
