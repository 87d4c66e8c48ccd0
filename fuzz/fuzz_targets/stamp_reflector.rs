//! The whole STAMP reflector under datagrams from anywhere at any time: every reply has
//! its request's length, goes to nobody it must not, within the rates, and what comes
//! back of it is not answered for ever.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use udping_core::guard::{Allowed, DropReason, Guard, Policy, RateLimit, SourceEntry};
use udping_core::reflector::stamp::{StampReflector, StampSession, Terms};
use udping_core::time::{ReflectorTime, WallTime};
use udping_core::wire::stamp::{ErrorEstimate, Format, Key, Peers, TimestampInfo};

const OWN_PORT: u16 = 862;

#[derive(Debug, Arbitrary)]
struct Run<'a> {
    authenticated: bool,
    twamp: bool,
    ptp: bool,
    stateful: bool,
    only_near: bool,
    total: Option<(NonZeroU32, NonZeroU32)>,
    secret: u64,
    tracks: u8,
    sessions: u8,
    /// The wall clock at the start.
    wall: u64,
    requests: Vec<Request<'a>>,
}

#[derive(Debug, Arbitrary)]
struct Request<'a> {
    later_ns: u32,
    host: u32,
    port: u16,
    near: bool,
    /// Sends one of our own replies back instead of `bytes`: so many before the last.
    loops: Option<u8>,
    ttl: Option<u8>,
    bytes: &'a [u8],
}

impl Request<'_> {
    fn from(&self) -> SocketAddr {
        let near = u32::from(Ipv4Addr::new(192, 0, 2, 0)) + self.host % 4;
        let host = if self.near { near } else { self.host };
        SocketAddr::new(IpAddr::V4(host.into()), self.port)
    }
}

fuzz_target!(|run: Run<'_>| {
    let mut policy = Policy {
        total: run
            .total
            .map(|(per_second, burst)| RateLimit { per_second, burst }),
        ..Policy::open(OWN_PORT)
    };
    let near = "192.0.2.0/24".parse().expect("it is a network");
    if run.only_near {
        assert!(policy.allowed.add(near));
    }
    let format = if run.ptp { Format::Ptp } else { Format::Ntp };
    let terms = Terms {
        key: run
            .authenticated
            .then(|| Key::new(b"sixteen bytes or more").expect("it is long enough")),
        peers: if run.twamp {
            Peers::TwampLightToo
        } else {
            Peers::StampOnly
        },
        error: ErrorEstimate::new(Duration::from_millis(1), false, format),
        clocks: TimestampInfo::SOFTWARE,
    };
    let guard = Guard::new(
        &policy,
        run.secret,
        vec![SourceEntry::EMPTY; run.tracks.into()],
    );
    let mut reflector = if run.stateful {
        let sessions = vec![StampSession::EMPTY; run.sessions.into()];
        StampReflector::stateful(terms, guard, run.secret, sessions)
    } else {
        StampReflector::stateless(terms, guard)
    };
    let mut now = 0_u64;
    let (mut asked, mut replied) = (0, 0);
    let mut sent: Vec<Vec<u8>> = Vec::new();
    for request in &run.requests {
        now += u64::from(request.later_ns);
        let utc = run.wall.saturating_add(now);
        let from = request.from();
        let ours = request
            .loops
            .and_then(|ago| sent.iter().rev().nth(ago.into()));
        let mut packet = ours.map_or(request.bytes, Vec::as_slice).to_vec();
        let len = packet.len();
        asked += 1;
        let at = ReflectorTime::from_nanos(now);
        if let Ok(accepted) =
            reflector.handle_request(at, WallTime::from_nanos(utc), from, &mut packet)
        {
            let reply = accepted.reply(WallTime::from_nanos(utc.saturating_add(7)), request.ttl);
            assert_eq!(reply.len(), len, "neither longer nor shorter");
            assert!(len >= 41, "what is this short is no request");
            assert!(from.port() != 0 && !from.ip().is_unspecified());
            if policy.allowed == Allowed::EVERYBODY {
                assert!(from.port() >= 1024, "{from}");
            } else {
                assert!(near.contains(from.ip()), "{from}");
            }
            sent.push(reply.to_vec());
            replied += 1;
        }
    }
    let counts = reflector.counts();
    assert_eq!((counts.requests, counts.replies), (asked, replied));
    let refused: u64 = DropReason::ALL.iter().map(|why| counts.of(*why)).sum();
    assert_eq!(refused, asked - replied, "each with its reason");
    if let Some(rate) = policy.total {
        let interval = 1_000_000_000 / u64::from(rate.per_second.get());
        let flowed = now.checked_div(interval).unwrap_or(u64::MAX);
        assert!(replied <= flowed.saturating_add(rate.burst.get().into()));
    }
});
