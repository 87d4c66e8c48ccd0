//! A session's wire: its probes to bytes, and replies to claims, in each format.
//!
//! Owns the choice of the format, and that a reply is compared with what its probe
//! carried. The formats are [`wire`](crate::wire)'s; must not know sockets.

use crate::client::Client;
use crate::table::Entry;
use crate::time::WallTime;
#[cfg(feature = "described")]
use crate::wire::described::Described;
use crate::wire::stamp::{ProbeTimes, SessionSender};
use crate::wire::{Claim, Damage, Probe, Unreadable, WireName, low_bits, text};

/// The wire of one session. `P` is the storage of a STAMP session's padding.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "described",
    expect(
        clippy::large_enum_variant,
        reason = "a session has one, and templates are arrays where nothing allocates"
    )
)]
pub enum SessionWire<P> {
    /// The assignment's.
    Textbook {
        /// What a request is padded with, and to what size.
        padding: text::Padding,
    },
    /// RFC 8762's.
    Stamp(SessionSender<P>),
    /// One that templates describe.
    #[cfg(feature = "described")]
    Described(Described),
}

impl<P: AsRef<[u8]>> SessionWire<P> {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> WireName {
        match self {
            Self::Textbook { .. } => WireName::Textbook,
            Self::Stamp(_) => WireName::Stamp,
            #[cfg(feature = "described")]
            Self::Described(_) => WireName::Described,
        }
    }

    /// Bytes that the longest request has.
    #[must_use]
    pub fn request_len(&self) -> usize {
        match self {
            Self::Textbook { padding } => padding.size.max(text::LONGEST_REQUEST),
            Self::Stamp(sender) => sender.request_len(),
            #[cfg(feature = "described")]
            Self::Described(wire) => wire.request().longest(),
        }
    }

    /// What this end's wall clock read at time zero, where the wire tells times.
    #[must_use]
    pub fn wall(&self) -> Option<WallTime> {
        match self {
            Self::Textbook { .. } => None,
            Self::Stamp(sender) => Some(sender.wall()),
            #[cfg(feature = "described")]
            Self::Described(_) => None,
        }
    }

    /// Writes `probe` to the beginning of `buffer`, and returns its length: 0 if the
    /// buffer has fewer bytes than [`Self::request_len`].
    pub fn encode(&self, probe: &Probe, buffer: &mut [u8]) -> usize {
        match self {
            Self::Textbook { padding } => text::encode_request(probe, *padding, buffer).ok(),
            Self::Stamp(sender) => sender.encode(probe, buffer).ok(),
            #[cfg(feature = "described")]
            Self::Described(wire) => wire.encode(probe, buffer).ok(),
        }
        .unwrap_or_default()
    }

    /// Reads a reply to a probe of `client`.
    ///
    /// # Errors
    /// As [`text::decode_reply`], [`SessionSender::decode`] or
    /// [`Described::decode`](crate::wire::described::Described::decode).
    pub fn decode<S>(&mut self, datagram: &[u8], client: &Client<S>) -> Result<Claim, Unreadable>
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        let mut claim = match self {
            // Any reply is credited: it need not say anything.
            Self::Textbook { .. } if client.config().accept_unnumbered() => {
                Ok(text::decode_reply(datagram).unwrap_or_default())
            }
            Self::Textbook { .. } => text::decode_reply(datagram),
            Self::Stamp(sender) => sender.decode(datagram, |low| said(client, low)),
            #[cfg(feature = "described")]
            Self::Described(wire) => wire.decode(datagram, client.last_seq()),
        }?;
        if let Some((size, damage)) = self.compared(&claim, datagram, client) {
            (claim.size, claim.damage) = (size, damage);
        }
        Ok(claim)
    }

    /// How the reply with this claim differs from its request: its size, if in that, and its
    /// damage. `None` if it is no probe's.
    fn compared<S>(
        &self,
        claim: &Claim,
        datagram: &[u8],
        client: &Client<S>,
    ) -> Option<(Option<u32>, Option<Damage>)>
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        let seq = client.addressee(claim)?;
        let (requested, damage) = match self {
            Self::Textbook { padding } => {
                text::compare(datagram, low_bits(seq), client.timestamp(seq)?, padding)
            }
            Self::Stamp(sender) => {
                let requested = sender.request_len();
                let truncated = datagram.len() < requested;
                (requested, truncated.then_some(Damage::Truncated))
            }
            // A reply need not look like its request.
            #[cfg(feature = "described")]
            Self::Described(wire) => (wire.request_len(seq, client.timestamp(seq)?), None),
        };
        let same = damage.is_none() && datagram.len() == requested;
        let size = u32::try_from(datagram.len()).ok().filter(|_| !same);
        Some((size, damage))
    }

    /// The probe of `client` whose request begins like `beginning`, as somebody who could
    /// not deliver it sends it back.
    pub fn recognise<S>(&self, beginning: &[u8], client: &Client<S>) -> Option<u64>
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        match self {
            Self::Textbook { .. } => {
                let claim = text::decode_reply(beginning).ok()?;
                let seq = client.unwrap_seq(claim.seq?)?;
                (client.timestamp(seq)? == claim.timestamp?).then_some(seq)
            }
            Self::Stamp(sender) => {
                let low = sender.recognise(beginning, |low| said(client, low))?;
                client.unwrap_seq(low)
            }
            #[cfg(feature = "described")]
            Self::Described(wire) => {
                let (low, time) = wire.recognise(beginning, client.last_seq())?;
                let seq = client.unwrap_seq(low)?;
                let ours = client.timestamp(seq)?;
                time.is_none_or(|time| time == ours).then_some(seq)
            }
        }
    }
}

/// What the probe with this number carried, while the client remembers it.
fn said<S: AsRef<[Entry]> + AsMut<[Entry]>>(client: &Client<S>, low: u32) -> Option<ProbeTimes> {
    let seq = client.unwrap_seq(low)?;
    Some(ProbeTimes {
        timestamp: client.timestamp(seq)?,
        at: client.probe(seq)?.at,
    })
}
