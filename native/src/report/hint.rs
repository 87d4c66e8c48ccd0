//! The one hint at the end of a run: what to try next, where the run says so for certain.
//!
//! Owns what is known of a run besides its figures, and which hint that comes to: one pure
//! function, with a table of cases. A hint is right or absent. The sentences are the
//! catalogue's.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use udping_core::event::{Ignored, Outcome};

use super::ignored;
use crate::i18n::{Message, say};
use crate::net::is_broadcast;

/// What is known at the end of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Whom probes went to; `None` in a simulation.
    pub(crate) server: Option<IpAddr>,
    /// The next address of the same name, which no probe went to.
    pub(crate) untried: Option<Untried>,
    /// So many datagrams came from other addresses or ports than the server's, the last from
    /// there.
    elsewhere: Option<(u64, SocketAddr)>,
    /// The probe answered last, in time or late.
    answered: Option<u64>,
    /// The probes refused: the first and the last.
    refused: Option<(u64, u64)>,
    /// Who refused last, where that is known.
    refused_by: Option<IpAddr>,
    /// Replies a second that a rate limit seems to let pass.
    pub(crate) rate_limit: Option<u64>,
    /// The network could not deliver some probe, and said why.
    undelivered: bool,
    /// How many datagrams were ignored, for each reason by its code.
    ignored: [u64; Ignored::ALL.len()],
}

/// An address of a name that no probe went to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Untried {
    pub(crate) name: String,
    pub(crate) address: IpAddr,
    /// It is of the other family than those that were tried, and so `-4` or `-6` takes it.
    pub(crate) by_family: bool,
}

impl Facts {
    /// A datagram came to this.
    pub(crate) fn datagram(&mut self, outcome: &Outcome) {
        match *outcome {
            Outcome::Replied { seq, .. } | Outcome::Late { seq, .. } => {
                self.answered = self.answered.max(Some(seq));
            }
            Outcome::Ignored(why) => {
                if let Some(n) = self.ignored.get_mut(usize::from(why.code())) {
                    *n += 1;
                }
            }
            _ => {}
        }
    }

    /// A datagram came `from` another address or port than the server's.
    pub(super) fn elsewhere(&mut self, from: SocketAddr) {
        let n = self.elsewhere.map_or(0, |(n, _)| n);
        self.elsewhere = Some((n + 1, from));
    }

    /// Probe `seq` was refused, and `by` says so.
    pub(crate) fn refused(&mut self, seq: u64, by: Option<IpAddr>) {
        let (first, last) = self.refused.unwrap_or((seq, seq));
        self.refused = Some((first.min(seq), last.max(seq)));
        self.refused_by = by;
    }

    /// A probe was not delivered for another reason than that nobody listens.
    pub(crate) fn undelivered(&mut self) {
        self.undelivered = true;
    }
}

/// What to say at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Nobody has listened on the port.
    Nobody,
    /// A server was there and is no more.
    Stopped,
    /// A server took the probes before this one, or they were lost.
    StoppedOrLost { first: u64 },
    /// Somebody else refuses in the server's place.
    RefusedBy { by: IpAddr, server: IpAddr },
    /// So many replies carried no number.
    Unnumbered { n: u64 },
    /// Replies came at a constant rate, so many a second, while more was sent.
    RateLimit { n: u64 },
    /// Most of what was `ignored` was so for one reason.
    Ignored { n: u64, most: u64, why: Ignored },
    /// Datagrams came from somewhere else than the server.
    Elsewhere { n: u64, from: SocketAddr },
    /// Probes went to several hosts at once, and one answered in its own name.
    SharedAnswered {
        server: IpAddr,
        kind: Message,
        from: IpAddr,
    },
    /// Probes went to several hosts at once, and nobody may answer in their name.
    Shared { server: IpAddr, kind: Message },
    /// The name has another address.
    Untried(Untried),
}

/// The name of what `server` is, if that is the address of several hosts.
fn shared(server: IpAddr) -> Option<Message> {
    if server.is_multicast() {
        Some(say::ADDRESS_MULTICAST)
    } else {
        is_broadcast(server).then_some(say::ADDRESS_BROADCAST)
    }
}

/// The hint that `facts` come to: the most certain one, or none.
pub(crate) fn hint(facts: &Facts) -> Option<Hint> {
    if let Some((n, from)) = facts.elsewhere {
        let shared = facts.server.and_then(|it| Some((it, shared(it)?)));
        return Some(match shared {
            Some((server, kind)) => Hint::SharedAnswered {
                server,
                kind,
                from: from.ip(),
            },
            None => Hint::Elsewhere { n, from },
        });
    }
    let n = facts.ignored.iter().sum();
    let most = Ignored::ALL.into_iter().zip(facts.ignored);
    // Of reasons that are as common as each other, the first.
    let (why, most) = most.rev().max_by_key(|(_, n)| *n)?;
    let heard = n > 0 || facts.answered.is_some();
    if let Some((first, last)) = facts.refused
        && facts.answered < Some(last)
    {
        return Some(match (facts.refused_by, facts.server) {
            (Some(by), Some(server)) if by != server => Hint::RefusedBy { by, server },
            _ if heard => Hint::Stopped,
            _ if first > 1 => Hint::StoppedOrLost { first },
            _ => Hint::Nobody,
        });
    }
    // What a number could not be in has none, either.
    let unnumbered = [Ignored::NoSequence, Ignored::Empty, Ignored::NotText];
    if facts.answered.is_none() && unnumbered.contains(&why) && most > 0 {
        return Some(Hint::Unnumbered { n: most });
    }
    if let Some(n) = facts.rate_limit {
        return Some(Hint::RateLimit { n });
    }
    if n > 0 {
        return Some(Hint::Ignored { n, most, why });
    }
    if heard || facts.undelivered {
        return None;
    }
    let shared = facts.server.and_then(|it| Some((it, shared(it)?)));
    match shared {
        Some((server, kind)) => Some(Hint::Shared { server, kind }),
        None => facts.untried.clone().map(Hint::Untried),
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => say::HINT_NOBODY.fmt(f),
            Self::Stopped => say::HINT_STOPPED.fmt(f),
            Self::StoppedOrLost { first } => say::HintStoppedOrLost { first }.fmt(f),
            Self::RefusedBy { by, server } => say::HintRefusedBy { by, server }.fmt(f),
            Self::Unnumbered { n } => say::HintUnnumbered { n: *n }.fmt(f),
            Self::RateLimit { n } => say::HintRateLimit { n: *n }.fmt(f),
            Self::Ignored { n, most, why } => {
                let why: Message = ignored(*why);
                if n == most {
                    say::HintIgnored { n: *n, why }.fmt(f)
                } else {
                    say::HintIgnoredMostly {
                        n: *n,
                        most: *most,
                        why,
                    }
                    .fmt(f)
                }
            }
            Self::Elsewhere { n, from } => say::HintElsewhere { n: *n, from }.fmt(f),
            Self::SharedAnswered { server, kind, from } => {
                say::HintSharedAnswered { server, kind, from }.fmt(f)
            }
            Self::Shared { server, kind } => say::HintShared { server, kind }.fmt(f),
            Self::Untried(Untried {
                name,
                address,
                by_family,
            }) => {
                let option = if address.is_ipv4() { "-4" } else { "-6" };
                if *by_family {
                    say::HintUntriedFamily {
                        name,
                        address,
                        option,
                    }
                    .fmt(f)
                } else {
                    say::HintUntried { name, address }.fmt(f)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    /// Facts of a run to [`SERVER`], changed by `change`.
    fn facts(change: impl FnOnce(&mut Facts)) -> Facts {
        let mut facts = Facts {
            server: Some(SERVER),
            ..Facts::default()
        };
        change(&mut facts);
        facts
    }

    fn ignored(facts: &mut Facts, why: Ignored, n: u64) {
        facts.ignored[usize::from(why.code())] = n;
    }

    fn untried() -> Untried {
        Untried {
            name: "both.example".to_owned(),
            address: IpAddr::from([192, 0, 2, 7]),
            by_family: true,
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_run_has_at_most_one_hint_and_it_is_right() {
        use Ignored::{Empty, NoSequence, NotText, TimestampMismatch};
        let other = IpAddr::from([192, 0, 2, 254]);
        let group = IpAddr::from([224, 0, 0, 251]);
        let cases: [(&str, Facts, Option<Hint>); 28] = [
            ("nothing happened", Facts::default(), None),
            ("all answered", facts(|it| it.answered = Some(9)), None),
            ("silence", facts(|_| ()), None),
            (
                "all refused",
                facts(|it| it.refused = Some((1, 9))),
                Some(Hint::Nobody),
            ),
            (
                "all refused, and the server says so",
                facts(|it| {
                    it.refused(1, Some(SERVER));
                    it.refused(2, Some(SERVER));
                }),
                Some(Hint::Nobody),
            ),
            (
                "a firewall refuses",
                facts(|it| it.refused(1, Some(other))),
                Some(Hint::RefusedBy {
                    by: other,
                    server: SERVER,
                }),
            ),
            (
                "answered, then refused",
                facts(|it| {
                    it.answered = Some(3);
                    it.refused = Some((4, 9));
                }),
                Some(Hint::Stopped),
            ),
            (
                "refused, then answered: the server started meanwhile",
                facts(|it| {
                    it.refused = Some((1, 3));
                    it.answered = Some(9);
                }),
                None,
            ),
            (
                "refused, answered, refused",
                facts(|it| {
                    it.refused = Some((1, 9));
                    it.answered = Some(5);
                }),
                Some(Hint::Stopped),
            ),
            (
                "the first was taken, or lost, and then the port was closed",
                facts(|it| it.refused = Some((2, 9))),
                Some(Hint::StoppedOrLost { first: 2 }),
            ),
            (
                "answered without a number, then refused",
                facts(|it| {
                    ignored(it, NoSequence, 1);
                    it.refused = Some((2, 9));
                }),
                Some(Hint::Stopped),
            ),
            (
                "replies without numbers",
                facts(|it| ignored(it, NoSequence, 9)),
                Some(Hint::Unnumbered { n: 9 }),
            ),
            (
                "replies that are no text",
                facts(|it| ignored(it, NotText, 9)),
                Some(Hint::Unnumbered { n: 9 }),
            ),
            (
                "some replies without numbers among those that have one",
                facts(|it| {
                    it.answered = Some(9);
                    ignored(it, NoSequence, 2);
                }),
                Some(Hint::Ignored {
                    n: 2,
                    most: 2,
                    why: NoSequence,
                }),
            ),
            (
                "a rate limit let some pass, and now and then something was ignored",
                facts(|it| {
                    it.answered = Some(9);
                    it.rate_limit = Some(1_000);
                    ignored(it, Empty, 1);
                }),
                Some(Hint::RateLimit { n: 1_000 }),
            ),
            (
                "a rate limit, and then the server stopped",
                facts(|it| {
                    it.rate_limit = Some(1_000);
                    it.answered = Some(3);
                    it.refused = Some((4, 9));
                }),
                Some(Hint::Stopped),
            ),
            (
                "mostly something else than a missing number",
                facts(|it| {
                    ignored(it, NoSequence, 2);
                    ignored(it, TimestampMismatch, 3);
                }),
                Some(Hint::Ignored {
                    n: 5,
                    most: 3,
                    why: TimestampMismatch,
                }),
            ),
            (
                "an empty datagram among good replies",
                facts(|it| {
                    it.answered = Some(9);
                    ignored(it, Empty, 1);
                }),
                Some(Hint::Ignored {
                    n: 1,
                    most: 1,
                    why: Empty,
                }),
            ),
            (
                "two reasons alike: the first",
                facts(|it| {
                    ignored(it, Empty, 1);
                    ignored(it, TimestampMismatch, 1);
                }),
                Some(Hint::Ignored {
                    n: 2,
                    most: 1,
                    why: TimestampMismatch,
                }),
            ),
            (
                "replies from elsewhere say more than refusals, or silence",
                facts(|it| {
                    it.refused = Some((2, 9));
                    it.elsewhere(([192, 0, 2, 9], 7).into());
                    it.elsewhere(([192, 0, 2, 1], 8).into());
                }),
                Some(Hint::Elsewhere {
                    n: 2,
                    from: ([192, 0, 2, 1], 8).into(),
                }),
            ),
            (
                "a group whose members answer",
                facts(|it| {
                    it.server = Some(group);
                    it.elsewhere((SERVER, 7).into());
                }),
                Some(Hint::SharedAnswered {
                    server: group,
                    kind: say::ADDRESS_MULTICAST,
                    from: SERVER,
                }),
            ),
            (
                "a silent group",
                facts(|it| it.server = Some(group)),
                Some(Hint::Shared {
                    server: group,
                    kind: say::ADDRESS_MULTICAST,
                }),
            ),
            (
                "a silent network",
                facts(|it| it.server = Some(IpAddr::V4(std::net::Ipv4Addr::BROADCAST))),
                Some(Hint::Shared {
                    server: IpAddr::V4(std::net::Ipv4Addr::BROADCAST),
                    kind: say::ADDRESS_BROADCAST,
                }),
            ),
            (
                "a group whose name answers after all",
                facts(|it| {
                    it.server = Some(group);
                    it.answered = Some(1);
                }),
                None,
            ),
            (
                "silence, and another address",
                facts(|it| it.untried = Some(untried())),
                Some(Hint::Untried(untried())),
            ),
            (
                "answers, and another address",
                facts(|it| {
                    it.untried = Some(untried());
                    it.answered = Some(1);
                }),
                None,
            ),
            (
                "refused, and another address: refusals say more",
                facts(|it| {
                    it.untried = Some(untried());
                    it.refused = Some((1, 9));
                }),
                Some(Hint::Nobody),
            ),
            (
                "the network said why",
                facts(|it| {
                    it.untried = Some(untried());
                    it.undelivered = true;
                }),
                None,
            ),
        ];
        for (case, facts, expected) in cases {
            assert_eq!(hint(&facts), expected, "{case}");
        }
    }

    #[test]
    fn a_hint_names_what_to_try() {
        let said = |hint: Hint| hint.to_string();
        assert_eq!(
            said(Hint::Unnumbered { n: 9 }),
            "9 replies carried no sequence number: --match any credits such replies."
        );
        assert_eq!(
            said(Hint::Untried(untried())),
            "both.example also has the address 192.0.2.7, which was not tried: -4 chooses it."
        );
        assert_eq!(
            said(Hint::Ignored {
                n: 1,
                most: 1,
                why: Ignored::Empty
            }),
            "1 datagram was ignored: it is empty."
        );
    }
}
