//! The rules as a whole.

use super::*;
use std::format;
use std::vec;
use std::vec::Vec;

fn at(ms: u64) -> ReflectorTime {
    ReflectorTime::from_nanos(ms * 1_000_000)
}

fn from(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn limit((per_second, burst): (u32, u32)) -> RateLimit {
    RateLimit {
        per_second: per_second.try_into().unwrap(),
        burst: burst.try_into().unwrap(),
    }
}

fn guard(
    per_source: Option<(u32, u32)>,
    total: Option<(u32, u32)>,
    tracks: usize,
) -> Guard<Vec<SourceEntry>> {
    let policy = Policy {
        per_source: per_source.map(limit),
        total: total.map(limit),
        ..Policy::open(12_345)
    };
    Guard::new(&policy, 7, vec![SourceEntry::EMPTY; tracks])
}

fn allowing(networks: &[&str]) -> Guard<Vec<SourceEntry>> {
    let mut policy = Policy::open(12_345);
    for network in networks {
        assert!(policy.allowed.add(network.parse().unwrap()));
    }
    Guard::new(&policy, 7, vec![SourceEntry::EMPTY; 64])
}

#[test]
fn ports_that_no_client_has_are_refused() {
    let mut guard = guard(None, None, 8);
    let mut admit = |port| guard.admit(at(0), from(&format!("192.0.2.1:{port}")));
    assert_eq!(admit(0), Err(DropReason::SystemPort));
    assert_eq!(admit(1023), Err(DropReason::SystemPort));
    assert_eq!(admit(12_345), Err(DropReason::OwnPort));
    for port in [862, 2_112, 12_000] {
        assert_eq!(admit(port), Err(DropReason::ReflectorPort), "{port}");
    }
    assert_eq!(admit(1024), Ok(()));
}

#[test]
fn addresses_that_no_host_has_are_refused() {
    let mut guard = guard(None, None, 8);
    for ip in [
        "0.0.0.0:2000",
        "255.255.255.255:2000",
        "224.0.0.1:2000",
        "239.255.255.250:2000",
        "[::]:2000",
        "[ff02::1]:2000",
        "[::ffff:224.0.0.1]:2000",
    ] {
        let refused = guard.admit(at(0), from(ip));
        assert_eq!(refused, Err(DropReason::SourceAddress), "{ip}");
    }
}

#[test]
fn who_is_on_the_list_may_use_any_port_and_nobody_else_is_served() {
    let mut guard = allowing(&["192.0.2.0/24", "2001:db8::/32"]);
    let mut admit = |text: &str| guard.admit(at(0), from(text));
    for port in [1, 862, 12_000, 12_345, 50_000] {
        assert_eq!(admit(&format!("192.0.2.9:{port}")), Ok(()), "{port}");
    }
    assert_eq!(admit("[2001:db8::1]:862"), Ok(()));
    assert_eq!(admit("[::ffff:192.0.2.9]:862"), Ok(()), "the same, mapped");
    assert_eq!(admit("192.0.2.9:0"), Err(DropReason::SystemPort));
    assert_eq!(admit("198.51.100.1:50000"), Err(DropReason::NotAllowed));
    assert_eq!(admit("[2001:db9::1]:50000"), Err(DropReason::NotAllowed));
}

#[test]
fn a_source_is_held_to_its_rate_and_others_are_not() {
    let mut guard = guard(Some((10, 3)), None, 64);
    let mut admit = |ms, ip: &str| guard.admit(at(ms), from(ip)).is_ok();
    let burst: Vec<bool> = (0..5).map(|_| admit(0, "192.0.2.1:2000")).collect();
    assert_eq!(burst, [true, true, true, false, false]);
    assert!(
        !admit(0, "192.0.2.1:3000"),
        "another port is the same source"
    );
    assert!(admit(0, "192.0.2.2:2000"));
    assert!(admit(100, "192.0.2.1:2000"));
    assert!(!admit(100, "192.0.2.1:2000"));
}

#[test]
fn an_ipv6_source_is_its_56_bit_prefix() {
    let mut guard = guard(Some((1, 1)), None, 64);
    let mut admit = |ip: &str| guard.admit(at(0), from(ip)).is_ok();
    assert!(admit("[2001:db8:0:100::1]:2000"));
    assert!(!admit("[2001:db8:0:1ff::2]:2000"));
    assert!(admit("[2001:db8:0:200::1]:2000"));
}

#[test]
fn a_spoofer_does_not_silence_its_victim() {
    // Ten times as much in the victim's name as it gets, and it asks ten times a second.
    let mut guard = guard(Some((100, 100)), Some((10_000, 10_000)), 64);
    let victim = from("192.0.2.1:2000");
    let mut answered = 0;
    for ms in 0..100_000 {
        let _ = guard.admit(at(ms), from("192.0.2.1:3000"));
        if ms % 100 == 50 && guard.admit(at(ms), victim).is_ok() {
            answered += 1;
        }
    }
    assert!((200..500).contains(&answered), "{answered} of 1000");
}

#[test]
fn all_sources_together_are_held_to_the_total() {
    let mut guard = guard(Some((10, 10)), Some((100, 20)), 1 << 12);
    let mut answered = 0;
    for n in 0..10_000_u32 {
        let ip = core::net::Ipv4Addr::from_bits(0xc000_0200 + n % 1_000);
        if guard
            .admit(at(u64::from(n)), SocketAddr::new(ip.into(), 2_000))
            .is_ok()
        {
            answered += 1;
        }
    }
    assert!((990..=1_021).contains(&answered), "{answered} in 10 s");
}

#[test]
fn a_flood_from_everywhere_does_not_displace_who_was_there_before() {
    let mut guard = guard(Some((100, 100)), Some((1_000, 1_000)), 1 << 14);
    let regular = from("198.51.100.1:2000");
    for ms in 0..1_500 {
        if ms % 100 == 0 {
            assert_eq!(guard.admit(at(ms), regular), Ok(()));
        }
    }
    let mut spoofed = 0_u32;
    for ms in 1_500..10_000 {
        // Ten thousand a second; each address comes again when a second is over.
        for _ in 0..10 {
            spoofed += 1;
            let ip = core::net::Ipv4Addr::from_bits(0x0a00_0000 + spoofed % 10_000);
            let _ = guard.admit(at(ms), SocketAddr::new(ip.into(), 2_000));
        }
        if ms % 100 == 0 {
            assert_eq!(guard.admit(at(ms), regular), Ok(()), "at {ms} ms");
        }
    }
}

#[test]
fn our_reply_coming_back_falls_to_ten_a_second() {
    let mut guard = guard(None, None, 8);
    let peer = from("192.0.2.1:2000");
    let mut answered = 0;
    for ms in 0..3_000 {
        if guard
            .admit_echo(at(ms), peer, [guard.digest(peer, b"PING")])
            .is_ok()
        {
            guard.replied(guard.digest(peer, b"PING"));
            answered += 1;
        }
    }
    // The first is new; then the burst, and ten a second.
    assert!((39..=41).contains(&answered), "{answered}");
}

#[test]
fn on_loopback_a_thousand_equal_requests_in_any_second_are_answered_and_no_more() {
    for peer in ["127.0.0.1:2000", "[::1]:2000", "[::ffff:127.0.0.9]:2000"] {
        let (mut guard, peer) = (guard(None, None, 8), from(peer));
        let digest = guard.digest(peer, b"hello");
        let mut answered = |ms| {
            let admitted = guard.admit_echo(at(ms), peer, [digest]).is_ok();
            guard.replied(digest);
            admitted
        };
        // All at the end of a second, at the end of the next, and evenly in the one after.
        for ms in (0..3_000)
            .map(|n: u64| [999, 1_999, 2_000 + n % 1_000][usize::try_from(n / 1_000).unwrap()])
        {
            assert!(answered(ms), "{peer}: {ms} ms");
        }
        let at_once = (0..2_000).filter(|_| answered(9_000)).count();
        assert_eq!(at_once, 1_000, "{peer}");
    }
}

#[test]
fn a_rule_that_is_switched_off_drops_nothing_and_the_others_hold() {
    let refused = |rule: Option<DropReason>| {
        let policy = Policy {
            per_source: Some(limit((1, 1))),
            total: Some(limit((1_000, 1_000))),
            disabled: rule.map_or(DisabledRules::NONE, |rule| DisabledRules::NONE.with(rule)),
            ..Policy::open(12_345)
        };
        let mut guard = Guard::new(&policy, 7, vec![SourceEntry::EMPTY; 64]);
        [
            "224.0.0.1:2000",
            "192.0.2.1:53",
            "192.0.2.2:12345",
            "192.0.2.3:862",
        ]
        .into_iter()
        .chain(core::iter::repeat_n("192.0.2.9:2000", 30))
        .filter_map(|text| guard.admit(at(0), from(text)).err())
        .collect::<std::collections::HashSet<_>>()
    };
    let all = refused(None);
    let rules = [
        DropReason::SourceAddress,
        DropReason::SystemPort,
        DropReason::OwnPort,
        DropReason::ReflectorPort,
        DropReason::RateLimit,
    ];
    assert_eq!(all, rules.into());
    for rule in rules {
        let mut others = all.clone();
        assert!(others.remove(&rule));
        let left = refused(Some(rule));
        // 862 is a system port, too.
        assert!(
            others.is_subset(&left) && !left.contains(&rule),
            "{rule:?}: {left:?}"
        );
    }
}

#[test]
fn a_thousand_replies_going_round_fall_to_ten_a_second_together() {
    let mut guard = guard(None, None, 1 << 13);
    let peer = from("192.0.2.1:2000");
    let mut answered = 0;
    for ms in 0..3_000_u64 {
        // As though nothing were ever dropped: what is refused comes again.
        let digest = (ms % 1_000).to_be_bytes();
        if guard
            .admit_echo(at(ms), peer, [guard.digest(peer, &digest)])
            .is_ok()
        {
            guard.replied(guard.digest(peer, &digest));
            answered += u32::from(ms >= 1_000);
        }
    }
    // The first round is new; then the burst, and ten a second.
    assert!((29..=31).contains(&answered), "{answered}");
}

#[test]
fn more_than_it_can_remember_still_die_out() {
    // Room for 28, and 48 go round at once, always in the same order.
    let mut guard = guard(None, None, 8);
    let peer = from("192.0.2.1:2000");
    let mut round: Vec<u64> = (0..48).collect();
    for ms in 0..60 {
        round.retain(|digest| {
            let digest = digest.to_be_bytes();
            let answered = guard
                .admit_echo(at(ms), peer, [guard.digest(peer, &digest)])
                .is_ok();
            if answered {
                guard.replied(guard.digest(peer, &digest));
            }
            answered
        });
    }
    assert_eq!(round.len(), 0, "{round:?}");
}

#[test]
fn what_was_said_to_one_source_is_no_echo_from_another() {
    let mut guard = guard(None, None, 8);
    for port in 2_000..3_000 {
        let peer = from(&format!("192.0.2.1:{port}"));
        assert_eq!(
            guard.admit_echo(at(0), peer, [guard.digest(peer, b"ping")]),
            Ok(())
        );
        guard.replied(guard.digest(peer, b"ping"));
    }
}

#[test]
fn a_client_that_varies_or_is_answered_otherwise_is_never_held_back() {
    let mut guard = guard(None, None, 8);
    let peer = from("192.0.2.1:2000");
    for ms in 0..1_000 {
        assert_eq!(
            guard.admit_echo(at(ms), peer, [guard.digest(peer, b"ping")]),
            Ok(())
        );
        guard.replied(guard.digest(peer, b"PING"));
    }
}

#[test]
fn a_guard_without_a_table_still_keeps_the_other_rules() {
    let mut guard = Guard::new(&Policy::open(12_345), 0, [SourceEntry::EMPTY; 0]);
    assert_eq!(
        guard.admit(at(0), from("192.0.2.1:7")),
        Err(DropReason::SystemPort)
    );
    assert_eq!(guard.admit(at(0), from("192.0.2.1:7777")), Ok(()));
    let policy = Policy {
        per_source: Some(limit((10, 10))),
        ..Policy::open(12_345)
    };
    let mut guard = Guard::new(&policy, 0, [SourceEntry::EMPTY; 0]);
    assert_eq!(
        guard.admit(at(0), from("192.0.2.1:7777")),
        Err(DropReason::RateLimit),
        "nothing to draw from"
    );
}
