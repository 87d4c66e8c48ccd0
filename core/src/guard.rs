//! Whom a reflector answers: what keeps it from being anybody's weapon.
//!
//! Owns the source rules and the token buckets, in a table of fixed size that the
//! caller supplies. Must not know wires or sockets.

use core::net::{IpAddr, SocketAddr};
use core::num::NonZeroU32;

use crate::time::ReflectorTime;

/// Why a request gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// Its source port is 0 or a system port (below 1024): echo, DNS, NTP, another
    /// reflector. A client never has one; a spoofed loop often does (RFC 6056 §3.2).
    SystemPort,
    /// Its source port is the reflector's own.
    OwnPort,
    /// Its source has used up its rate.
    RateLimit,
    /// It is our own last reply to that source, and keeps coming back.
    EchoLoop,
}

/// A rate with a burst, in datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Datagrams a second.
    pub per_second: NonZeroU32,
    /// How many may come at once after a pause.
    pub burst: NonZeroU32,
}

impl RateLimit {
    const fn interval(self) -> u64 {
        1_000_000_000 / self.per_second.get() as u64
    }

    /// Draws one datagram from the bucket kept in `level`: the time at which it
    /// would be full again (the generic cell rate algorithm, ITU-T I.371).
    fn draw(self, level: &mut u64, now: ReflectorTime) -> bool {
        let now = now.as_nanos();
        let full_again = (*level).max(now).saturating_add(self.interval());
        let allowance = self.interval().saturating_mul(u64::from(self.burst.get()));
        let admitted = full_again - now <= allowance;
        if admitted {
            *level = full_again;
        }
        admitted
    }
}

/// What our own last reply may come back as: ten a second, ten at once.
const ECHOES: RateLimit = RateLimit {
    per_second: NonZeroU32::new(10).unwrap(),
    burst: NonZeroU32::new(10).unwrap(),
};

/// What is remembered of one source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Track {
    /// 0 while the place is free.
    key: u64,
    seen: u64,
    level: u64,
    echo_level: u64,
    last_reply: Option<u64>,
}

impl Track {
    /// A free place.
    pub const EMPTY: Self = Self {
        key: 0,
        seen: 0,
        level: 0,
        echo_level: 0,
        last_reply: None,
    };
}

/// How many places a source can be kept in; the one unseen longest gives way.
const WAYS: usize = 8;

/// The rules, and the table of sources.
#[derive(Debug)]
pub struct Guard<T> {
    own_port: u16,
    rate: Option<RateLimit>,
    secret: u64,
    tracks: T,
}

impl<T: AsMut<[Track]>> Guard<T> {
    /// A guard for the reflector on `own_port`. `secret` should be random: it keeps
    /// others from choosing which sources share a place in the table. With fewer
    /// tracks than sources, those unseen longest are forgotten.
    pub fn new(own_port: u16, rate: Option<RateLimit>, secret: u64, mut tracks: T) -> Self {
        tracks.as_mut().fill(Track::EMPTY);
        Self {
            own_port,
            rate,
            secret,
            tracks,
        }
    }

    /// Whether `request` from `from` may be answered.
    ///
    /// # Errors
    /// The first rule that forbids it.
    pub fn admit(
        &mut self,
        now: ReflectorTime,
        from: SocketAddr,
        request: &[u8],
    ) -> Result<(), Refusal> {
        if from.port() < 1024 {
            return Err(Refusal::SystemPort);
        }
        if from.port() == self.own_port {
            return Err(Refusal::OwnPort);
        }
        if let Some(rate) = self.rate
            && let Some(track) = self.track(now, from.ip(), 0)
            && !rate.draw(&mut track.level, now)
        {
            return Err(Refusal::RateLimit);
        }
        self.admit_echo(now, from, self.digest(request))
    }

    /// Remembers what was answered, to know it when it comes back.
    pub fn replied(&mut self, now: ReflectorTime, to: SocketAddr, reply: &[u8]) {
        let digest = self.digest(reply);
        if let Some(track) = self.track(now, to.ip(), to.port()) {
            track.last_reply = Some(digest);
        }
    }

    fn admit_echo(
        &mut self,
        now: ReflectorTime,
        from: SocketAddr,
        digest: u64,
    ) -> Result<(), Refusal> {
        let Some(track) = self.track(now, from.ip(), from.port()) else {
            return Ok(());
        };
        if track.last_reply == Some(digest) && !ECHOES.draw(&mut track.echo_level, now) {
            return Err(Refusal::EchoLoop);
        }
        Ok(())
    }

    /// The place of a source, found or made.
    fn track(&mut self, now: ReflectorTime, ip: IpAddr, port: u16) -> Option<&mut Track> {
        let key = self.key(ip, port);
        let tracks = self.tracks.as_mut();
        let sets = tracks.len().div_ceil(WAYS).max(1);
        let set = usize::try_from(key % u64::try_from(sets).ok()?).ok()?;
        let places = tracks.chunks_mut(WAYS).nth(set)?;
        let found = places.iter().position(|track| track.key == key);
        let place = match found {
            Some(index) => places.get_mut(index)?,
            None => places
                .iter_mut()
                .min_by_key(|track| (track.key != 0, track.seen))?,
        };
        if place.key != key {
            *place = Track {
                key,
                ..Track::EMPTY
            };
        }
        place.seen = now.as_nanos();
        Some(place)
    }

    /// Port 0 stands for the address as a whole, with IPv6 cut to its /56: what one
    /// subscriber is commonly given.
    fn key(&self, ip: IpAddr, port: u16) -> u64 {
        let bits = match ip.to_canonical() {
            IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
            IpAddr::V6(v6) if port == 0 => v6.to_bits() >> 72 << 72,
            IpAddr::V6(v6) => v6.to_bits(),
        };
        let hash = bits.to_be_bytes().into_iter().chain(port.to_be_bytes());
        fnv(self.secret, hash) | 1
    }

    fn digest(&self, datagram: &[u8]) -> u64 {
        fnv(self.secret, datagram.iter().copied())
    }
}

/// FNV-1a over `bytes`, started from a secret and stirred at the end.
fn fnv(secret: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ secret;
    let hash = bytes.fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    fn at(ms: u64) -> ReflectorTime {
        ReflectorTime::from_nanos(ms * 1_000_000)
    }

    fn from(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn guard(rate: Option<(u32, u32)>, tracks: usize) -> Guard<Vec<Track>> {
        let rate = rate.map(|(per_second, burst)| RateLimit {
            per_second: per_second.try_into().unwrap(),
            burst: burst.try_into().unwrap(),
        });
        Guard::new(12_000, rate, 7, vec![Track::EMPTY; tracks])
    }

    #[test]
    fn ports_that_no_client_has_are_refused() {
        let mut guard = guard(None, 8);
        let mut admit = |port| guard.admit(at(0), from(&std::format!("192.0.2.1:{port}")), b"x");
        assert_eq!(admit(0), Err(Refusal::SystemPort));
        assert_eq!(admit(1023), Err(Refusal::SystemPort));
        assert_eq!(admit(12_000), Err(Refusal::OwnPort));
        assert_eq!(admit(1024), Ok(()));
    }

    #[test]
    fn a_source_is_held_to_its_rate_and_others_are_not() {
        let mut guard = guard(Some((10, 3)), 64);
        let mut admit = |ms, ip: &str| guard.admit(at(ms), from(ip), b"x").is_ok();
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
        let mut guard = guard(Some((1, 1)), 64);
        let mut admit = |ip: &str| guard.admit(at(0), from(ip), b"x").is_ok();
        assert!(admit("[2001:db8:0:100::1]:2000"));
        assert!(!admit("[2001:db8:0:1ff::2]:2000"));
        assert!(admit("[2001:db8:0:200::1]:2000"));
    }

    #[test]
    fn our_last_reply_coming_back_falls_to_ten_a_second() {
        let mut guard = guard(None, 8);
        let peer = from("192.0.2.1:2000");
        let mut answered = 0;
        for ms in 0..3_000 {
            if guard.admit(at(ms), peer, b"PING").is_ok() {
                guard.replied(at(ms), peer, b"PING");
                answered += 1;
            }
        }
        // The first is new; then the burst, and ten a second.
        assert!((39..=41).contains(&answered), "{answered}");
    }

    #[test]
    fn a_client_that_varies_or_is_answered_otherwise_is_never_held_back() {
        let mut guard = guard(None, 8);
        let peer = from("192.0.2.1:2000");
        for ms in 0..1_000 {
            assert_eq!(guard.admit(at(ms), peer, b"ping"), Ok(()));
            guard.replied(at(ms), peer, b"PING");
        }
    }

    #[test]
    fn a_full_table_forgets_the_source_unseen_longest() {
        let mut guard = guard(Some((1, 1)), WAYS);
        let ip = |n: usize| from(&std::format!("192.0.2.{n}:2000"));
        // Each source takes two places: its address, and its address with port.
        for n in 1..=4 {
            assert_eq!(guard.admit(at(n as u64), ip(n), b"x"), Ok(()));
        }
        assert_eq!(guard.admit(at(5), ip(4), b"x"), Err(Refusal::RateLimit));
        assert_eq!(guard.admit(at(6), ip(5), b"x"), Ok(()));
        assert_eq!(guard.admit(at(7), ip(1), b"x"), Ok(()), "forgotten, so new");
    }

    #[test]
    fn a_guard_without_a_table_still_keeps_the_port_rules() {
        let mut guard = Guard::new(12_000, None, 0, [Track::EMPTY; 0]);
        assert_eq!(
            guard.admit(at(0), from("192.0.2.1:7"), b"x"),
            Err(Refusal::SystemPort)
        );
        assert_eq!(guard.admit(at(0), from("192.0.2.1:7777"), b"x"), Ok(()));
    }
}
