//! The flags of the STAMP wire that both ends have.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use udping_core::wire::stamp::{ErrorEstimate, Format, Key};

use super::values::duration;
use crate::words::say;

/// Where the key may also stand.
const KEY_VARIABLE: &str = "UDPING_HMAC_KEY";

#[derive(Debug, Args)]
#[command(next_help_heading = "STAMP (with --wire stamp)")]
pub(crate) struct StampArgs {
    /// Authenticate with the key in FILE (HMAC-SHA-256): in hexadecimal, or as it
    /// stands, 16 bytes at least. The key may also stand in the environment, as
    /// `UDPING_HMAC_KEY`; there is no flag for it, since others can read those.
    #[arg(long, value_name = "FILE")]
    hmac_key_file: Option<PathBuf>,
    /// How timestamps are written.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    timestamp_format: FormatArg,
    /// Say that this machine's clock is kept within TIME of UTC (by NTP, PTP, GPS).
    /// Without it the clock is called unsynchronised.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    clock_error: Option<Duration>,
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
        let (secret, place) = match (&self.hmac_key_file, std::env::var_os(KEY_VARIABLE)) {
            (Some(path), _) => {
                let place = path.display().to_string();
                let secret = fs::read(path).with_context(|| {
                    let place = place.clone();
                    say::KeyUnreadable { place }
                })?;
                (secret, place)
            }
            (None, Some(secret)) => (
                secret.into_encoded_bytes(),
                say::KeyInEnvironment {
                    variable: KEY_VARIABLE,
                }
                .to_string(),
            ),
            (None, None) => return Ok(None),
        };
        let key = Key::new(&decode(&secret)).with_context(|| say::KeyUnusable { place })?;
        Ok(Some(key))
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
