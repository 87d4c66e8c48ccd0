//! The flags of the STAMP wire: those that both ends have, and the reflector's.
//!
//! Owns how a key is read. What STAMP does with it is the core's.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use udping_core::reflector::stamp::Terms;
use udping_core::wire::stamp::{ErrorEstimate, Format, Key, Peers, SyncSource, TimestampInfo};

use crate::duration::duration;
use crate::i18n::say;
use crate::secret;

/// Where the key may also stand.
const KEY_VARIABLE: &str = "UDPING_HMAC_KEY";

/// Bytes of the longest key file: many times what any key is good for.
const LONGEST_KEY_FILE: u64 = 4_096;

#[derive(Debug, Args)]
#[command(next_help_heading = "STAMP (with --wire stamp)")]
pub(crate) struct StampArgs {
    /// Authenticate with the key in FILE (HMAC-SHA-256).
    ///
    /// In hexadecimal, or as it stands, 16 bytes at least. The key may also stand in the
    /// environment, as `UDPING_HMAC_KEY`; there is no flag for it, since others can read
    /// those.
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    hmac_key_file: Option<PathBuf>,
    /// How timestamps are written.
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FORMAT",
        value_enum,
        default_value_t
    )]
    timestamp_format: FormatArg,
    /// Declare that this machine's clock is within TIME of UTC.
    ///
    /// Kept so by NTP, PTP or GPS. Without it the clock is called unsynchronised.
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = duration)]
    clock_error: Option<Duration>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "STAMP (with --wire stamp)")]
pub(crate) struct StampServeArgs {
    #[command(flatten)]
    both: StampArgs,
    /// Declare what keeps the clock so. [default: ntp]
    #[arg(
        long,
        hide_short_help = true,
        value_name = "SOURCE",
        value_enum,
        requires = "clock_error"
    )]
    clock_source: Option<SourceArg>,
    /// Count the replies of each session.
    ///
    /// So that its sender can tell losses on the way here from losses on the way back.
    #[arg(long, hide_short_help = true)]
    pub(crate) stateful: bool,
    /// Also answer TWAMP Light's shorter requests.
    ///
    /// Those of at least 41 bytes.
    #[arg(long, hide_short_help = true)]
    twamp_light: bool,
}

/// What sets a clock: the names of RFC 8972 §5.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum SourceArg {
    /// NTP.
    #[default]
    Ntp,
    /// PTP.
    Ptp,
    /// A Synchronization Supply Unit, or a Building Integrated Timing Supply.
    Ssu,
    /// GPS, and other satellites or radio.
    Gnss,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum FormatArg {
    /// NTP's, which every peer understands.
    #[default]
    Ntp,
    /// PTP's, in TAI.
    Ptp,
}

impl StampArgs {
    /// The key, if there is one.
    pub(crate) fn key(&self) -> anyhow::Result<Option<Key>> {
        match (&self.hmac_key_file, std::env::var_os(KEY_VARIABLE)) {
            (Some(path), _) => key_in(path).map(Some),
            (None, Some(secret)) => {
                let variable = KEY_VARIABLE;
                let place = say::KeyInEnvironment { variable }.to_string();
                usable(&secret.into_encoded_bytes(), place).map(Some)
            }
            (None, None) => Ok(None),
        }
    }

    /// What is said of this machine's clock.
    pub(crate) fn error_estimate(&self) -> ErrorEstimate {
        let format = match self.timestamp_format {
            FormatArg::Ntp => Format::Ntp,
            FormatArg::Ptp => Format::Ptp,
        };
        // Of a clock that nobody vouches for, no error is the largest.
        let bound = self.clock_error.unwrap_or(Duration::MAX);
        ErrorEstimate::new(bound, self.clock_error.is_some(), format)
    }

    /// Whether anything here was asked for, which another wire cannot do.
    pub(crate) fn is_used(&self) -> bool {
        self.hmac_key_file.is_some()
            || self.clock_error.is_some()
            || self.timestamp_format != FormatArg::default()
    }
}

impl StampServeArgs {
    /// What both ends have agreed on, and what this end says of itself.
    pub(crate) fn terms(&self) -> anyhow::Result<Terms> {
        let peers = if self.twamp_light {
            Peers::TwampLightToo
        } else {
            Peers::StampOnly
        };
        Ok(Terms {
            key: self.both.key()?,
            peers,
            error: self.both.error_estimate(),
            clocks: self.clocks(),
        })
    }

    /// Whether anything here was asked for, which another wire cannot do.
    pub(crate) fn is_used(&self) -> bool {
        self.both.is_used() || self.stateful || self.twamp_light
    }

    /// How this machine comes by its timestamps.
    fn clocks(&self) -> TimestampInfo {
        if self.both.clock_error.is_none() {
            return TimestampInfo::SOFTWARE;
        }
        let source = match self.clock_source.unwrap_or_default() {
            SourceArg::Ntp => SyncSource::NTP,
            SourceArg::Ptp => SyncSource::PTP,
            SourceArg::Ssu => SyncSource::SSU_BITS,
            SourceArg::Gnss => SyncSource::GNSS,
        };
        TimestampInfo {
            sync_in: source,
            sync_out: source,
            ..TimestampInfo::SOFTWARE
        }
    }
}

/// The key in a file.
pub(crate) fn key_in(path: &Path) -> anyhow::Result<Key> {
    usable(&read(path)?, path.display().to_string())
}

fn usable(secret: &[u8], place: String) -> anyhow::Result<Key> {
    Key::new(&decode(secret)).with_context(|| say::KeyUnusable { place })
}

/// What stands in a key's file, of which others should not know.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let place = || path.display().to_string();
    let unreadable = || say::KeyUnreadable { place: place() };
    let file = secret::open(path).with_context(unreadable)?;
    let mut secret = Vec::new();
    let len = file
        .take(LONGEST_KEY_FILE + 1)
        .read_to_end(&mut secret)
        .with_context(unreadable)?;
    anyhow::ensure!(
        u64::try_from(len)? <= LONGEST_KEY_FILE,
        say::KeyTooLong {
            place: place(),
            most: LONGEST_KEY_FILE
        }
    );
    Ok(secret)
}

/// The bytes that a key's text stands for: digits of hexadecimal throughout as such,
/// anything else as it is, but for the newline that editors put at the end.
fn decode(text: &[u8]) -> Vec<u8> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let digits: Option<Vec<u8>> = text.iter().map(|byte| digit(*byte)).collect();
    match digits.as_deref().map(<[u8]>::as_chunks::<2>) {
        Some((pairs, [])) => pairs.iter().map(|[high, low]| high << 4 | low).collect(),
        _ => text.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_hexadecimal_only_if_all_of_it_is() {
        assert_eq!(decode(b"00ffA1\n"), [0x00, 0xff, 0xa1]);
        assert_eq!(decode(b"00ffA1\r\n"), [0x00, 0xff, 0xa1]);
        assert_eq!(decode(b"00ffA"), b"00ffA");
        assert_eq!(decode(b"testingtesting16\n"), b"testingtesting16");
        assert_eq!(decode(b"\xff\n\n"), b"\xff\n");
        assert_eq!(decode(b""), b"");
    }
}
