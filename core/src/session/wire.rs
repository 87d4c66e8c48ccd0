//! A session's wire: its probes to bytes, and replies to claims, in either format.
//!
//! Owns the choice of the format, and that a reply is compared with what its probe
//! carried. The formats are [`wire`](crate::wire)'s; must not know sockets.

use crate::client::Client;
use crate::table::Entry;
use crate::time::WallTime;
use crate::wire::stamp::{Said, SessionSender};
use crate::wire::{Claim, Damage, Probe, Unreadable, low_bits, text};

/// The wire of one session. `P` is the storage of a STAMP session's padding.
#[derive(Debug, Clone)]
pub enum SessionWire<P> {
    /// The assignment's.
    Text {
        /// What a request is padded with, and to what size.
        padding: text::Padding,
    },
    /// RFC 8762's.
    Stamp(SessionSender<P>),
}

impl<P: AsRef<[u8]>> SessionWire<P> {
    /// Bytes that the longest request has.
    #[must_use]
    pub fn request_len(&self) -> usize {
        match self {
            Self::Text { padding } => padding.size.max(text::LONGEST_REQUEST),
            Self::Stamp(sender) => sender.request_len(),
        }
    }

    /// What this end's wall clock read at time zero, where the wire tells times.
    #[must_use]
    pub fn wall(&self) -> Option<WallTime> {
        match self {
            Self::Text { .. } => None,
            Self::Stamp(sender) => Some(sender.wall()),
        }
    }

    /// Writes `probe` to the beginning of `buffer`, and returns its length: 0 if the
    /// buffer has fewer bytes than [`Self::request_len`].
    pub fn encode(&self, probe: &Probe, buffer: &mut [u8]) -> usize {
        match self {
            Self::Text { padding } => text::encode_request(probe, *padding, buffer).ok(),
            Self::Stamp(sender) => sender.encode(probe, buffer).ok(),
        }
        .unwrap_or_default()
    }

    /// Reads a reply to a probe of `client`.
    ///
    /// # Errors
    /// As [`text::decode_reply`] or [`SessionSender::decode`].
    pub fn decode<S>(&mut self, datagram: &[u8], client: &Client<S>) -> Result<Claim, Unreadable>
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        let claim = match self {
            // Any reply is credited: it need not say anything.
            Self::Text { .. } if client.config().accept_unnumbered() => {
                Ok(text::decode_reply(datagram).unwrap_or_default())
            }
            Self::Text { .. } => text::decode_reply(datagram),
            Self::Stamp(sender) => sender.decode(datagram, |low| said(client, low)),
        }?;
        Ok(self.compared(claim, datagram, client).unwrap_or(claim))
    }

    /// The claim, with how its reply differs from the request; `None` if it is no probe's.
    fn compared<S>(&self, claim: Claim, datagram: &[u8], client: &Client<S>) -> Option<Claim>
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        let seq = client.addressee(&claim)?;
        let (requested, damage) = match self {
            Self::Text { padding } => {
                let (low, timestamp) = (low_bits(seq), client.timestamp(seq)?);
                (
                    text::request_len(low, timestamp, padding.size),
                    text::damage(datagram, low, timestamp, *padding),
                )
            }
            Self::Stamp(sender) => {
                let requested = sender.request_len();
                let truncated = datagram.len() < requested;
                (requested, truncated.then_some(Damage::Truncated))
            }
        };
        let same = damage.is_none() && datagram.len() == requested;
        let size = u32::try_from(datagram.len()).ok().filter(|_| !same);
        Some(Claim {
            size,
            damage,
            ..claim
        })
    }

    /// The probe of `client` whose request begins like `beginning`, as somebody who could
    /// not deliver it sends it back.
    pub fn recognise<S>(&self, beginning: &[u8], client: &Client<S>) -> Option<u64>
    where
        S: AsRef<[Entry]> + AsMut<[Entry]>,
    {
        match self {
            Self::Text { .. } => {
                let claim = text::decode_reply(beginning).ok()?;
                let seq = client.unwrap_seq(claim.seq?)?;
                (client.timestamp(seq)? == claim.timestamp?).then_some(seq)
            }
            Self::Stamp(sender) => {
                let low = sender.recognise(beginning, |low| said(client, low))?;
                client.unwrap_seq(low)
            }
        }
    }
}

/// What the probe with this number carried, while the client remembers it.
fn said<S: AsRef<[Entry]> + AsMut<[Entry]>>(client: &Client<S>, low: u32) -> Option<Said> {
    let seq = client.unwrap_seq(low)?;
    Some(Said {
        timestamp: client.timestamp(seq)?,
        at: client.probe(seq)?.at,
    })
}
