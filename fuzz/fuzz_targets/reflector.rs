//! The reflector under datagrams from anywhere at any time: it answers nobody it
//! must not, never with more than it was sent, and never above its rate.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use udping_core::guard::{Guard, Policy, REFLECTOR_PORTS, RateLimit, SourceEntry};
use udping_core::reflector::{Reflector, ReplyMode};
use udping_core::time::ReflectorTime;

const OWN_PORT: u16 = 12_000;

#[derive(Debug, Arbitrary)]
struct Run<'a> {
    answer: u8,
    per_source: Option<Limit>,
    total: Option<Limit>,
    secret: u64,
    tracks: u8,
    requests: Vec<Request<'a>>,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
struct Limit {
    per_second: NonZeroU32,
    burst: NonZeroU32,
}

impl Limit {
    fn rate(self) -> RateLimit {
        let Self { per_second, burst } = self;
        RateLimit { per_second, burst }
    }
}

#[derive(Debug, Arbitrary)]
struct Request<'a> {
    later_ns: u32,
    from: From,
    /// Sends one of our own replies back instead of `bytes`: so many before the last.
    loops: Option<u8>,
    bytes: &'a [u8],
}

#[derive(Debug, Arbitrary)]
enum From {
    Near { host: u8, port: u16 },
    V4(u32, u16),
    V6(u128, u16),
}

impl From {
    fn address(&self) -> SocketAddr {
        let (ip, port) = match *self {
            Self::Near { host, port } => (IpAddr::V4(Ipv4Addr::new(192, 0, 2, host % 4)), port),
            Self::V4(bits, port) => (IpAddr::V4(Ipv4Addr::from_bits(bits)), port),
            Self::V6(bits, port) => (IpAddr::V6(Ipv6Addr::from_bits(bits)), port),
        };
        SocketAddr::new(ip, port)
    }
}

fuzz_target!(|run: Run<'_>| {
    let answer = [ReplyMode::Echo, ReplyMode::Upper, ReplyMode::Pong][usize::from(run.answer % 3)];
    let policy = Policy {
        per_source: run.per_source.map(Limit::rate),
        total: run.total.map(Limit::rate),
        ..Policy::open(OWN_PORT)
    };
    let tracks = vec![SourceEntry::EMPTY; run.tracks.into()];
    let guard = Guard::new(&policy, run.secret, tracks);
    let mut reflector = Reflector::new(answer, guard);
    let mut now = 0_u64;
    let mut reply = [0; 64];
    let mut sent: Vec<Vec<u8>> = Vec::new();
    let (mut asked, mut replied) = (0, 0);
    for request in &run.requests {
        now += u64::from(request.later_ns);
        let from = request.from.address();
        let ours = request
            .loops
            .and_then(|ago| sent.iter().rev().nth(ago.into()));
        let bytes = ours.map_or(request.bytes, Vec::as_slice);
        let at = ReflectorTime::from_nanos(now);
        asked += 1;
        if let Ok(len) = reflector.handle_request(at, from, bytes, &mut reply) {
            let (ip, port) = (from.ip().to_canonical(), from.port());
            assert!(!ip.is_unspecified() && !ip.is_multicast(), "{from}");
            assert!(port >= 1024 && port != OWN_PORT, "{from}");
            assert!(!REFLECTOR_PORTS.contains(&port), "{from}");
            assert!(len <= bytes.len(), "an answer longer than its request");
            replied += 1;
            sent.push(reply[..len].to_vec());
        }
    }
    let counts = reflector.counts();
    assert_eq!((counts.requests, counts.replies), (asked, replied));
    assert_eq!(counts.dropped(), asked - replied);

    // Whatever the sources, together they get the burst and what has flowed in since.
    if let Some(rate) = policy.total {
        let interval = 1_000_000_000 / u64::from(rate.per_second.get());
        let flowed = now.checked_div(interval).unwrap_or(u64::MAX);
        let most = flowed.saturating_add(rate.burst.get().into());
        assert!(replied <= most, "{replied} replies of at most {most}");
    }
});
