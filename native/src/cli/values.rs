//! How numbers, places to listen and limits are written on the command line.
//!
//! Owns their grammar, and what is said of one that is wrong. What a value is for, its flag says.

use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroU64};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use udping_core::wire::text::Pattern;
use udping_journal::LARGEST;

use crate::duration::duration;
use crate::i18n::{Message, say};
use crate::net::{Address, in_a_zone, split_port};

/// The port of the classroom's server.
pub(crate) const DEFAULT_PORT: u16 = 12_000;

/// A duration of a second or more.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let duration = duration(text)?;
    if duration < Duration::from_secs(1) {
        return Err(say::ARG_SECOND.to_string());
    }
    Ok(duration)
}

/// A duration above zero.
pub(crate) fn positive_duration(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err(say::ARG_ZERO.to_string()),
        duration => Ok(duration),
    }
}

/// A whole number of something, within bounds.
fn whole(text: &str, what: Message, range: RangeInclusive<u64>) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|n| range.contains(n))
        .ok_or_else(|| {
            let (least, most) = range.into_inner();
            say::ArgWhole { what, least, most }.to_string()
        })
}

/// How many probes; 0 for no end. A journal can name no more than 2⁵³.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    whole(text, say::ARG_COUNT, 0..=LARGEST)
}

/// How many replies end a run.
pub(crate) fn replies(text: &str) -> Result<NonZeroU64, String> {
    let most = 1..=LARGEST;
    whole(text, say::ARG_COUNT, most)
        .and_then(|number| NonZeroU64::new(number).ok_or_else(|| say::ARG_ZERO.to_string()))
}

/// How many probes may be in flight together.
pub(crate) fn window(text: &str) -> Result<u32, String> {
    narrow(whole(text, say::ARG_WINDOW, 1..=65_536))
}

/// How many hops a probe may travel.
pub(crate) fn hops(text: &str) -> Result<u8, String> {
    narrow(whole(text, say::ARG_HOPS, 1..=255))
}

/// How many bytes something is padded to: at most what fits into one datagram over IPv4.
pub(crate) fn size(text: &str) -> Result<u32, String> {
    narrow(whole(text, say::ARG_SIZE, 0..=65_507))
}

/// Bytes of a file, of which a header and some records have to fit into: at least 4096.
pub(crate) fn file_size(text: &str) -> Result<u64, String> {
    let wrong = || say::ARG_FILE_SIZE.to_string();
    let units = [('K', 10), ('M', 20), ('G', 30), ('T', 40)];
    let unit = units
        .iter()
        .find_map(|(unit, shift)| Some((text.strip_suffix(*unit)?, *shift)));
    let (digits, shift) = unit.unwrap_or((text, 0));
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let size = number.checked_mul(1 << shift).filter(|size| *size >= 4_096);
    size.ok_or_else(wrong)
}

/// What padding repeats, as pairs of digits; a last one may stand alone, as in ping.
pub(crate) fn pattern(text: &str) -> Result<Pattern, String> {
    let digit = |digit: char| digit.to_digit(16).and_then(|it| u8::try_from(it).ok());
    let digits: Option<Vec<u8>> = text.chars().map(digit).collect();
    let bytes = digits.map(|digits| {
        let pairs = digits.chunks(2);
        let bytes = pairs.map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
        bytes.collect::<Vec<u8>>()
    });
    let pattern = bytes.and_then(|bytes| Pattern::new(&bytes));
    pattern.ok_or_else(|| say::ARG_PATTERN.to_string())
}

/// A number whose bounds lie within the narrower type's.
fn narrow<T: TryFrom<u64>>(number: Result<u64, String>) -> Result<T, String> {
    number
        .and_then(|number| T::try_from(number).map_err(|_| say::ArgTooLarge { number }.to_string()))
}

/// Where to listen: an address with a port, or either alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bind {
    address: Address,
    port: Option<u16>,
}

impl Bind {
    /// # Errors
    /// There is no such zone, or one is needed.
    pub(crate) fn address(&self, default_port: u16) -> anyhow::Result<SocketAddr> {
        let address = self.address.with_port(self.port.unwrap_or(default_port))?;
        in_a_zone(address, None)
    }
}

impl FromStr for Bind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(port) = text.parse() {
            let address = IpAddr::from([0, 0, 0, 0]).into();
            let port = Some(port);
            return Ok(Self { address, port });
        }
        let wrong = |_| say::ARG_BIND.text();
        let (host, port) = split_port(text).map_err(wrong)?;
        let port = port
            .map(str::parse)
            .transpose()
            .map_err(|_| say::ARG_BIND.text())?;
        let address = match host {
            "" if port.is_some() => IpAddr::from([0, 0, 0, 0]).into(),
            "localhost" => IpAddr::from([127, 0, 0, 1]).into(),
            host => host.parse().map_err(wrong)?,
        };
        Ok(Self { address, port })
    }
}

/// Requests a second from one source, or no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RateLimitArg {
    Off,
    PerSecond(NonZeroU32),
}

impl FromStr for RateLimitArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let number = text.strip_suffix("/s").unwrap_or(text);
        let number = number.parse().map(Self::PerSecond);
        number.map_err(|_| say::ARG_RATE_LIMIT.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_their_range_are_refused_with_the_range() {
        assert_eq!(count("0"), Ok(0));
        assert_eq!(count("9007199254740992"), Ok(1 << 53));
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("65507"), Ok(65_507));
        assert_eq!(hops("255"), Ok(255));
        assert_eq!(window("65536"), Ok(65_536));
        for bad in ["9007199254740993", "-1", "1.5", "x", ""] {
            let error = count(bad).unwrap_err();
            assert_eq!(
                error,
                "a count is a whole number from 0 to 9007199254740992"
            );
        }
        for bad in ["65508", "-1"] {
            assert!(size(bad).unwrap_err().ends_with("from 0 to 65507"), "{bad}");
        }
        for bad in ["0", "256"] {
            assert!(hops(bad).unwrap_err().ends_with("from 1 to 255"), "{bad}");
        }
        for bad in ["0", "65537"] {
            assert!(
                window(bad).unwrap_err().ends_with("from 1 to 65536"),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_pattern_is_written_in_hexadecimal() {
        let bytes = |text: &str| pattern(text).map(|it| it.as_bytes().to_vec());
        assert_eq!(bytes("ff"), Ok(vec![0xff]));
        assert_eq!(bytes("00aB0"), Ok(vec![0, 0xab, 0]));
        assert_eq!(bytes(&"5a".repeat(16)), Ok(vec![0x5a; 16]));
        for bad in ["", "0x00", "-1", "x", "é", &"5a".repeat(17)] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn places_to_listen_read_as_people_write_them() {
        let at = |text: &str| {
            let bind: Result<Bind, _> = text.parse();
            bind.map(|bind| bind.address(12_000).unwrap().to_string())
        };
        assert_eq!(at("127.0.0.1:0").as_deref(), Ok("127.0.0.1:0"));
        assert_eq!(at(":12000").as_deref(), Ok("0.0.0.0:12000"));
        assert_eq!(at("12000").as_deref(), Ok("0.0.0.0:12000"));
        assert_eq!(at("[::1]:5").as_deref(), Ok("[::1]:5"));
        assert_eq!(at("::1").as_deref(), Ok("[::1]:12000"));
        #[cfg(target_os = "linux")]
        for written in ["[fe80::1%1]:5", "[fe80::1%lo]:5"] {
            assert_eq!(at(written).as_deref(), Ok("[fe80::1%1]:5"));
        }
        assert_eq!(at("localhost:5").as_deref(), Ok("127.0.0.1:5"));
        assert_eq!(at("localhost").as_deref(), Ok("127.0.0.1:12000"));
        for bad in [
            "nowhere",
            "",
            "localhost5",
            "localhost:",
            "127.0.0.1:",
            ":99999",
        ] {
            assert!(bad.parse::<Bind>().is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_read_as_people_write_them() {
        assert_eq!("off".parse(), Ok(RateLimitArg::Off));
        let ten = NonZeroU32::new(10).map(RateLimitArg::PerSecond);
        assert_eq!("10".parse().ok(), ten);
        assert_eq!("10/s".parse().ok(), ten);
        assert!("0".parse::<RateLimitArg>().is_err());
        assert!("fast".parse::<RateLimitArg>().is_err());
    }
}
