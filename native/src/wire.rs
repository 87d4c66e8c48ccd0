//! The client's wire: text, or STAMP. Bytes to values and back, for one session.

use std::num::NonZeroU16;

use anyhow::Context as _;
use udping_core::client::Client;
use udping_core::table::Slot;
use udping_core::time::ReflectorTime;
use udping_core::wire::stamp::{ErrorEstimate, Key, Mode, Said, SessionSender};
use udping_core::wire::{Claim, Probe, Unreadable, text};
use udping_journal::Recorder;
use udping_journal::{Header, WireName};

use crate::clock::Clock;
use crate::words::say;

/// Random bytes that a STAMP probe carries, unless another size is asked for.
const NONCE: usize = 16;

/// Bytes of a TLV before its value.
const TLV_HEADER: usize = 4;

/// What probes are to look like.
#[derive(Debug, Clone)]
pub(crate) enum WirePlan {
    /// The assignment's, padded to this many bytes; 0 for none.
    Text { padding: usize },
    /// RFC 8762's.
    Stamp {
        key: Option<Key>,
        error: ErrorEstimate,
        /// Bytes of random padding.
        padding: usize,
    },
}

impl WirePlan {
    /// STAMP probes of `size` bytes altogether, or of the size they have by themselves.
    pub(crate) fn stamp(
        key: Option<Key>,
        error: ErrorEstimate,
        size: Option<u32>,
    ) -> anyhow::Result<Self> {
        let base = key.as_ref().map_or(Mode::Open, Mode::Auth).base_len();
        let padding = match size {
            None => NONCE,
            Some(size) => {
                let beyond = usize::try_from(size)?.checked_sub(base);
                beyond
                    .map(|beyond| beyond.saturating_sub(TLV_HEADER))
                    .filter(|padding| beyond == Some(0) || *padding >= NONCE)
                    .with_context(|| {
                        let padded = base + TLV_HEADER + NONCE;
                        say::StampSize { base, padded }
                    })?
            }
        };
        Ok(Self::Stamp {
            key,
            error,
            padding,
        })
    }

    /// How the first line calls the probes.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Text { padding: 0 } => say::PROBES_TEXT.to_string(),
            Self::Text { padding } => say::ProbesSized { bytes: padding }.to_string(),
            Self::Stamp { key: None, .. } => say::PROBES_STAMP.to_string(),
            Self::Stamp { key: Some(_), .. } => say::PROBES_STAMP_AUTHENTICATED.to_string(),
        }
    }

    /// Makes the wire of a session whose time zero is `clock`'s.
    pub(crate) fn open(&self, clock: &Clock) -> anyhow::Result<Wire> {
        Ok(match self {
            Self::Text { padding } => Wire::Text { padding: *padding },
            Self::Stamp {
                key,
                error,
                padding,
            } => {
                let mut nonce = vec![0; *padding];
                getrandom::fill(&mut nonce)
                    .map_err(|error| anyhow::anyhow!(say::NoRandom { error }))?;
                let [low, high, ..] = crate::random()?.to_le_bytes();
                // Zero would mean that there is none.
                let ssid = NonZeroU16::new(u16::from_le_bytes([low, high]));
                Wire::Stamp(Box::new(SessionSender::new(
                    key.clone(),
                    *error,
                    ssid.unwrap_or(NonZeroU16::MAX),
                    nonce,
                    clock.wall_at(ReflectorTime::ZERO),
                )))
            }
        })
    }
}

/// The wire of one session.
#[derive(Debug)]
pub(crate) enum Wire {
    Text { padding: usize },
    Stamp(Box<SessionSender<Vec<u8>>>),
}

impl Wire {
    /// Whether its probes tell the time that the session's clock was made to.
    pub(crate) const fn is_tied_to_its_clock(&self) -> bool {
        matches!(self, Self::Stamp(_))
    }

    /// Tells a journal what it needs of the wire.
    pub(crate) fn fill_in(&self, header: &mut Header) {
        let size = match self {
            Self::Text { padding } => {
                header.wire = WireName::Text;
                *padding
            }
            Self::Stamp(sender) => {
                header.wire = WireName::Stamp;
                header.epoch_s = Some(sender.epoch_s());
                header.wall_ns = self.wall().map(ReflectorTime::as_nanos);
                sender.request_len()
            }
        };
        header.size = u64::try_from(size).ok().filter(|size| *size > 0);
    }

    /// What this end's wall clock read at time zero, where the wire tells times.
    pub(crate) fn wall(&self) -> Option<ReflectorTime> {
        match self {
            Self::Text { .. } => None,
            Self::Stamp(sender) => Some(sender.wall()),
        }
    }

    /// Bytes that the longest request has.
    pub(crate) fn request_len(&self) -> usize {
        match self {
            Self::Text { padding } => (*padding).max(text::LONGEST_REQUEST),
            Self::Stamp(sender) => sender.request_len(),
        }
    }

    /// Writes `probe` to the beginning of `buffer`, which has [`Self::request_len`]
    /// bytes, and returns its length.
    pub(crate) fn encode(&self, probe: &Probe, buffer: &mut [u8]) -> usize {
        match self {
            Self::Text { padding } => text::encode_request(probe, *padding, buffer).ok(),
            Self::Stamp(sender) => sender.encode(probe, buffer).ok(),
        }
        .unwrap_or_default()
    }

    pub(crate) fn decode(
        &mut self,
        datagram: &[u8],
        session: &Recorder<Vec<Slot>>,
    ) -> Result<Claim, Unreadable> {
        match self {
            Self::Text { .. } => text::decode_reply(datagram),
            Self::Stamp(sender) => sender.decode(datagram, |low| said(session.client(), low)),
        }
    }

    /// The probe whose request begins like `beginning`, which somebody sent back.
    pub(crate) fn recognise(&self, beginning: &[u8], session: &Recorder<Vec<Slot>>) -> Option<u64> {
        let client = session.client();
        match self {
            Self::Text { .. } => {
                let claim = text::decode_reply(beginning).ok()?;
                let seq = client.unwrap_seq(claim.seq?)?;
                (client.token(seq)? == claim.token?).then_some(seq)
            }
            Self::Stamp(sender) => {
                let low = sender.recognise(beginning, |low| said(client, low))?;
                client.unwrap_seq(low)
            }
        }
    }
}

/// What the probe with this number carried, while the client remembers it.
fn said(client: &Client<Vec<Slot>>, low: u32) -> Option<Said> {
    let seq = client.unwrap_seq(low)?;
    Some(Said {
        token: client.token(seq)?,
        at: client.probe(seq)?.at,
    })
}
