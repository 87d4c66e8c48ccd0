//! Whom a reflector answers: what keeps it from being anybody's weapon.
//!
//! Owns the source rules and the rates, and what they go by: the memory of sources and of our
//! own recent replies, in a table of fixed size that the caller supplies, and chance. What is
//! remembered depends on a secret; so [`Draws`] says what it came to, and [`Rules`] decide the
//! same again from that. Must not know wires or sockets.
//!
//! A datagram's source can be invented, so no rule here protects by knowing who
//! somebody is. What holds is arithmetic: nobody is sent more than the rates, and
//! what one source uses up, another still has.

mod bucket;
mod digest_bucket;
mod network;
mod sources;

use core::net::{IpAddr, SocketAddr};
use core::num::NonZeroU32;

use crate::time::ReflectorTime;

pub use bucket::RateLimit;
pub(crate) use network::mapped;
pub use network::{Allowed, Network, NetworkError};
pub use sources::{Lookup, ReplyDigest, Source, SourceEntry, prefix};

use bucket::Dice;
use sources::Sources;

/// Why a request gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DropReason {
    /// Its source is no address that one host has: unspecified, multicast, broadcast.
    SourceAddress,
    /// Others are served, and its source is not among them.
    NotAllowed,
    /// Its source port is 0 or a system port (below 1024): echo, DNS, NTP, another
    /// reflector. A client never has one; a spoofed loop often does (RFC 6056 §3.2).
    SystemPort,
    /// Its source port is the reflector's own.
    OwnPort,
    /// Its source port is one of [`REFLECTOR_PORTS`].
    ReflectorPort,
    /// Its source has used up its rate.
    RateLimit,
    /// All sources together have used up what the reflector gives.
    TotalLimit,
    /// It is a recent reply of our own to that source, and such keep coming back.
    EchoLoop,
    /// It is no request of the reflector's wire.
    Malformed,
    /// It is not authenticated with the reflector's key.
    Unauthentic,
    /// It has the shape of a reply.
    ReplyShaped,
    /// There is no room to count for another session.
    SessionLimit,
}

impl DropReason {
    /// Every reason; each stands where its [`code`](Self::code) says.
    pub const ALL: [Self; 12] = [
        Self::SourceAddress,
        Self::NotAllowed,
        Self::SystemPort,
        Self::OwnPort,
        Self::ReflectorPort,
        Self::RateLimit,
        Self::TotalLimit,
        Self::EchoLoop,
        Self::Malformed,
        Self::Unauthentic,
        Self::ReplyShaped,
        Self::SessionLimit,
    ];

    /// The rules that [`Policy::disabled`] can switch off. What is no request, and what there
    /// is no room for, is never answered.
    pub const RULES: [Self; 8] = [
        Self::SourceAddress,
        Self::SystemPort,
        Self::OwnPort,
        Self::ReflectorPort,
        Self::RateLimit,
        Self::TotalLimit,
        Self::EchoLoop,
        Self::ReplyShaped,
    ];

    /// Its number, from 0. A reason keeps its number; a new one takes the next.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// Ports on which reflectors are known to listen: STAMP and TWAMP (RFC 8762 §4.1,
/// RFC 8545 §6), this one's text wire, and irtt.
pub const REFLECTOR_PORTS: [u16; 3] = [862, 12_000, 2_112];

/// How many sources become regular ones: a flood from invented addresses, which all
/// would, takes long to get many of them through.
const REGULARS: RateLimit = RateLimit {
    per_second: NonZeroU32::new(20).unwrap(),
    burst: NonZeroU32::new(20).unwrap(),
};

/// How many of our own recent replies one source may send back: ten a second, ten at once.
const ECHOES: RateLimit = RateLimit {
    per_second: NonZeroU32::new(10).unwrap(),
    burst: NonZeroU32::new(10).unwrap(),
};

/// The same on loopback, where nobody else is harmed and many clients send the same bytes
/// each time.
const LOOPBACK_ECHOES: RateLimit = RateLimit {
    per_second: NonZeroU32::new(1_000).unwrap(),
    burst: NonZeroU32::new(1_000).unwrap(),
};

/// Rules that are switched off: a set of reasons for which nothing is dropped then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DisabledRules(u16);

impl DisabledRules {
    /// None: every rule holds.
    pub const NONE: Self = Self(0);

    /// Adds the rule by which requests are dropped for this reason.
    #[must_use]
    pub const fn with(self, rule: DropReason) -> Self {
        Self(self.0 | 1 << rule.code())
    }

    /// Whether that rule is switched off.
    #[must_use]
    pub const fn contains(self, rule: DropReason) -> bool {
        self.0 & 1 << rule.code() != 0
    }
}

/// Whom to answer, and how often.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The port that the reflector listens on.
    pub own_port: u16,
    /// The networks that are served. Who is named here may also send from any port,
    /// as routers do from 862; 0 can never be answered.
    pub allowed: Allowed,
    /// What one source gets: an IPv4 address, or an IPv6 /56.
    ///
    /// Of what comes beyond it, one request in four, at random, still has a chance
    /// within [`total`](Self::total): so who sends in another's name cannot use up
    /// all that the other gets.
    pub per_source: Option<RateLimit>,
    /// What all sources get together. The last half of the burst is kept for regulars,
    /// sources known for a second, of whom there are twenty more a second at most: so
    /// a flood from invented sources does not displace those who were there before.
    pub total: Option<RateLimit>,
    /// Rules that do not hold, of those that [`DropReason::RULES`] names.
    pub disabled: DisabledRules,
}

impl Policy {
    /// Answers everybody as often as they ask.
    #[must_use]
    pub const fn open(own_port: u16) -> Self {
        Self {
            own_port,
            allowed: Allowed::EVERYBODY,
            per_source: None,
            total: None,
            disabled: DisabledRules::NONE,
        }
    }
}

/// What the rules go by besides the request and the time.
pub trait Memory {
    /// The place of a source's addresses as a whole, found or made; none, if there is no room.
    fn source(&mut self, now: ReflectorTime, ip: IpAddr) -> Option<&mut Source>;

    /// The same for one address with one port.
    fn endpoint(&mut self, now: ReflectorTime, from: SocketAddr) -> Option<&mut Source>;

    /// One chance in four: whether a request beyond its source's rate is answered all the same.
    fn chance(&mut self) -> bool;
}

/// What a [`Guard`] remembered and drew for one request: what its secret, which nobody is
/// told, came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Draws {
    /// Where its source was found.
    pub source: Lookup,
    /// Where its source with the port was.
    pub endpoint: Lookup,
    /// It was known as a recent reply of our own.
    pub echo: bool,
    /// What chance said, if it was asked.
    pub chance: Option<bool>,
}

/// The table, and the dice.
#[derive(Debug, Clone)]
struct Table<T> {
    sources: Sources<T>,
    dice: Dice,
    draws: Draws,
}

impl<T: AsMut<[SourceEntry]>> Memory for Table<T> {
    fn source(&mut self, now: ReflectorTime, ip: IpAddr) -> Option<&mut Source> {
        let (place, source) = self.sources.prefix(now, ip);
        self.draws.source = place;
        source
    }

    fn endpoint(&mut self, now: ReflectorTime, from: SocketAddr) -> Option<&mut Source> {
        let (place, source) = self.sources.endpoint(now, from);
        self.draws.endpoint = place;
        source
    }

    fn chance(&mut self) -> bool {
        let chance = self.dice.admit_over_limit();
        self.draws.chance = Some(chance);
        chance
    }
}

/// The rules, and the table of sources.
#[derive(Debug, Clone)]
pub struct Guard<T> {
    rules: Rules,
    table: Table<T>,
}

impl<T: AsMut<[SourceEntry]>> Guard<T> {
    /// A guard with a table of `tracks`. `secret` should be random: it keeps others
    /// from choosing which sources share a place, and from knowing which requests
    /// beyond a rate are answered.
    pub fn new(policy: &Policy, secret: u64, tracks: T) -> Self {
        Self {
            rules: Rules::new(policy),
            table: Table {
                sources: Sources::new(secret, tracks),
                dice: Dice::new(secret),
                draws: Draws::default(),
            },
        }
    }

    /// Whether a request from `from` may be answered, whatever it says.
    ///
    /// # Errors
    /// The first rule that forbids it.
    pub fn admit(&mut self, now: ReflectorTime, from: SocketAddr) -> Result<(), DropReason> {
        self.table.draws = Draws::default();
        self.rules.admit(&mut self.table, now, from)
    }

    /// What was remembered and drawn since the last [`Self::admit`] began.
    pub const fn draws(&self) -> Draws {
        self.table.draws
    }

    /// What tells one of our replies to `peer` that says `what`, should it come back: see
    /// [`Self::replied`].
    pub fn digest(&self, peer: SocketAddr, what: &[u8]) -> ReplyDigest {
        self.table.sources.digest(peer, what)
    }

    /// Whether a request from `from` may be answered that has one of these digests.
    ///
    /// What goes round between two reflectors, however many datagrams that are, comes
    /// by here each time; and each that is refused goes round no more.
    ///
    /// # Errors
    /// [`DropReason::EchoLoop`] if it is one of our recent replies, beyond ten a second, or on
    /// loopback beyond a thousand.
    pub fn admit_echo<const N: usize>(
        &mut self,
        now: ReflectorTime,
        from: SocketAddr,
        digests: [ReplyDigest; N],
    ) -> Result<(), DropReason> {
        let Table { sources, draws, .. } = &mut self.table;
        draws.echo = digests.into_iter().any(|it| sources.knows_reply(it));
        if draws.echo {
            self.rules.admit_echo(&mut self.table, now, from)
        } else {
            Ok(())
        }
    }

    /// Remembers what was answered, to know it when it comes back: fourteen replies for
    /// each place in a quarter of the table, of whomever they went to.
    pub fn replied(&mut self, digest: ReplyDigest) {
        let Table { sources, dice, .. } = &mut self.table;
        sources.remember_reply(digest, dice.roll());
    }

    /// Nothing was remembered or drawn for the request that is judged elsewhere.
    #[cfg(feature = "stamp")]
    pub(crate) fn forget_draws(&mut self) {
        self.table.draws = Draws::default();
    }

    #[cfg(feature = "stamp")]
    pub(crate) const fn enforces(&self, rule: DropReason) -> bool {
        self.rules.enforces(rule)
    }
}

/// The rules, and how far the rates of all sources together are used up.
#[derive(Debug, Clone)]
pub struct Rules {
    policy: Policy,
    total_level: u64,
    regulars_level: u64,
}

impl Rules {
    /// Rules by which nothing was judged yet.
    #[must_use]
    pub fn new(policy: &Policy) -> Self {
        Self {
            policy: policy.clone(),
            total_level: 0,
            regulars_level: 0,
        }
    }

    /// [`Guard::admit`], with this `memory`.
    ///
    /// # Errors
    /// As there.
    pub fn admit(
        &mut self,
        memory: &mut impl Memory,
        now: ReflectorTime,
        from: SocketAddr,
    ) -> Result<(), DropReason> {
        self.admit_address(from)?;
        self.admit_rate(memory, now, from.ip())
    }

    /// Whether one of our recent replies may be answered that `from` sends back.
    ///
    /// # Errors
    /// As [`Guard::admit_echo`].
    pub fn admit_echo(
        &mut self,
        memory: &mut impl Memory,
        now: ReflectorTime,
        from: SocketAddr,
    ) -> Result<(), DropReason> {
        let echoes = if from.ip().to_canonical().is_loopback() {
            LOOPBACK_ECHOES
        } else {
            ECHOES
        };
        // Without a place there is no bucket, and about what it is there is no doubt.
        let admitted = !self.enforces(DropReason::EchoLoop)
            || memory
                .endpoint(now, from)
                .is_some_and(|source| echoes.draw(&mut source.echo_level, now));
        if admitted {
            Ok(())
        } else {
            Err(DropReason::EchoLoop)
        }
    }

    /// Whether requests are dropped for this reason, if it applies.
    const fn enforces(&self, rule: DropReason) -> bool {
        !self.policy.disabled.contains(rule)
    }

    fn admit_address(&self, from: SocketAddr) -> Result<(), DropReason> {
        let (ip, port) = (from.ip().to_canonical(), from.port());
        let broadcast = matches!(ip, IpAddr::V4(v4) if v4.is_broadcast());
        let everybody = self.policy.allowed.is_everybody();
        let rule = |rule, broken| {
            if broken && self.enforces(rule) {
                Err(rule)
            } else {
                Ok(())
            }
        };
        rule(
            DropReason::SourceAddress,
            ip.is_unspecified() || ip.is_multicast() || broadcast,
        )?;
        rule(
            DropReason::NotAllowed,
            !everybody && !self.policy.allowed.contains(ip),
        )?;
        rule(
            DropReason::OwnPort,
            everybody && port == self.policy.own_port,
        )?;
        rule(
            DropReason::ReflectorPort,
            everybody && REFLECTOR_PORTS.contains(&port),
        )?;
        rule(
            DropReason::SystemPort,
            port == 0 || everybody && port < 1024,
        )
    }

    fn admit_rate(
        &mut self,
        memory: &mut impl Memory,
        now: ReflectorTime,
        ip: IpAddr,
    ) -> Result<(), DropReason> {
        let per_source = self.policy.per_source;
        let per_source = per_source.filter(|_| self.enforces(DropReason::RateLimit));
        let total = self.policy.total;
        let total = total.filter(|_| self.enforces(DropReason::TotalLimit));
        if per_source.is_none() && total.is_none() {
            return Ok(());
        }
        // A source without a place has no bucket to draw from, so chance decides.
        let (within, regular) = match memory.source(now, ip) {
            Some(track) => {
                track.regular |=
                    track.may_become_regular(now) && REGULARS.draw(&mut self.regulars_level, now);
                (
                    per_source.is_none_or(|rate| rate.draw(&mut track.level, now)),
                    track.regular,
                )
            }
            None => (per_source.is_none(), false),
        };
        let Some(total) = total else {
            return if within {
                Ok(())
            } else {
                Err(DropReason::RateLimit)
            };
        };
        if !within && !memory.chance() {
            return Err(DropReason::RateLimit);
        }
        let reserve = if within && regular {
            0
        } else {
            total.burst.get() / 2
        };
        if total.draw_above(&mut self.total_level, now, reserve) {
            Ok(())
        } else {
            Err(DropReason::TotalLimit)
        }
    }
}

#[cfg(test)]
mod tests;
