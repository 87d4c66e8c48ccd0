//! The flags that reach into the socket: ping's, and whose times to take.
//!
//! Owns how they become a socket's options. What a system makes of those is `net`'s.

use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::values::hops;
use crate::headings::{OUTPUT, PROBES};
use crate::i18n::{Message, say};
use crate::net::{
    Address, KERNEL_TIMESTAMPS, MtuDiscovery, Options, Source, port_number, split_port,
};

#[derive(Debug, Args)]
#[command(next_help_heading = PROBES)]
pub(crate) struct SocketArgs {
    /// Time to live (hop limit) of the probes.
    #[arg(short = 't', long, value_name = "HOPS", value_parser = hops, allow_hyphen_values = true)]
    ttl: Option<u8>,
    /// Quality of service: 184, 0xb8, or a name as ef, af41.
    ///
    /// The TOS byte, or traffic class; or the name of a DSCP: ef, af11 to af43, cs0 to cs7,
    /// va, le.
    #[arg(short = 'Q', long, value_name = "TOS", value_parser = tos, allow_hyphen_values = true)]
    tos: Option<u8>,
    /// Send from this address of this machine, or interface.
    ///
    /// An address may have a port, as `192.0.2.1:5000` or `[2001:db8::1]:5000`.
    #[arg(short = 'I', value_name = "SOURCE")]
    source: Option<Source>,
    /// Path MTU discovery: who may fragment (Linux).
    #[arg(short = 'M', hide_short_help = true, value_enum, value_name = "HOW")]
    mtu: Option<MtuDiscovery>,
    /// Allow a broadcast address as the target.
    ///
    /// Who answers does so from an address of its own: -v prints it, and no probe is
    /// credited.
    #[arg(short = 'b', hide_short_help = true)]
    broadcast: bool,
    /// Room for what waits to be sent (`SO_SNDBUF`).
    #[arg(short = 'S', hide_short_help = true, value_name = "BYTES", value_parser = send_buffer, allow_hyphen_values = true)]
    send_buffer: Option<u32>,
    /// Mark for this machine's firewall and routes (Linux).
    ///
    /// As 7 or 0x7 (`SO_MARK`). It needs `CAP_NET_RAW` or `CAP_NET_ADMIN`.
    #[arg(short = 'm', hide_short_help = true, value_name = "MARK", value_parser = mark, allow_hyphen_values = true)]
    mark: Option<u32>,
    /// Flow label over IPv6, in hexadecimal (Linux).
    ///
    /// Up to five digits; 0 leaves it to the system.
    #[arg(short = 'F', hide_short_help = true, value_name = "LABEL", value_parser = flow_label, allow_hyphen_values = true)]
    flow_label: Option<u32>,
    /// Whose times to show: those of this program decide.
    ///
    /// The default is the kernel where it has timestamps, but not with -f, which it slows
    /// down.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, value_enum)]
    timestamps: Option<TimestampsArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TimestampsArg {
    /// The kernel's software timestamps (Linux): what the network took, without this host.
    Kernel,
    /// This program's own only.
    App,
}

impl SocketArgs {
    /// What to ask the socket for, where replies set the pace if `flood`, and a line
    /// with their TTL is printed of each if `lines`.
    pub(crate) fn options(&self, flood: bool, lines: bool) -> anyhow::Result<Options> {
        let kernel = self.timestamps == Some(TimestampsArg::Kernel);
        anyhow::ensure!(KERNEL_TIMESTAMPS || !kernel, say::NO_KERNEL_TIMESTAMPS);
        Ok(Options {
            ttl: self.ttl,
            tos: self.tos,
            source: self.source.clone(),
            mtu: self.mtu,
            broadcast: self.broadcast,
            send_buffer: self.send_buffer,
            mark: self.mark,
            flow_label: self.flow_label,
            reply_ttl: lines,
            kernel_timestamps: kernel || (self.timestamps.is_none() && KERNEL_TIMESTAMPS && !flood),
        })
    }
}

pub(crate) fn tos(text: &str) -> Result<u8, String> {
    let dscp = dscp(&text.to_ascii_lowercase()).map(|dscp| dscp << 2);
    let tos = dscp.or_else(|| number(text).and_then(|it| u8::try_from(it).ok()));
    tos.ok_or_else(|| say::ARG_TOS.to_string())
}

/// The DSCP of this name: of RFC 2474 (cs), 2597 (af), 3246 (ef), 5865 (va), 8622 (le).
fn dscp(name: &str) -> Option<u8> {
    let digit = |digit: u8, range: RangeInclusive<u8>| {
        let digit = digit.wrapping_sub(b'0');
        range.contains(&digit).then_some(digit)
    };
    match *name.as_bytes() {
        [b'e', b'f'] => Some(46),
        [b'v', b'a'] => Some(44),
        [b'l', b'e'] => Some(1),
        [b'c', b's', class] => Some(digit(class, 0..=7)? << 3),
        [b'a', b'f', class, drop] => Some(digit(class, 1..=4)? << 3 | digit(drop, 1..=3)? << 1),
        _ => None,
    }
}

fn mark(text: &str) -> Result<u32, String> {
    number(text).ok_or_else(|| say::ARG_MARK.to_string())
}

/// A number, in hexadecimal after 0x.
fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Always in hexadecimal, as in ping.
fn flow_label(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let label = u32::from_str_radix(digits, 16).ok();
    let label = label.filter(|label| *label < 1 << 20);
    label.ok_or_else(|| say::ARG_FLOW_LABEL.to_string())
}

fn send_buffer(text: &str) -> Result<u32, String> {
    let most = i32::MAX.unsigned_abs();
    let size = text.parse().ok().filter(|size| (1..=most).contains(size));
    size.ok_or_else(|| {
        let (what, least) = (say::ARG_SEND_BUFFER, 1);
        say::ArgWhole { what, least, most }.to_string()
    })
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err(say::ARG_SOURCE.to_string());
        }
        let (host, port) = split_port(text).map_err(Message::text)?;
        match host.parse::<Address>() {
            Ok(address) => Ok(Self::Address {
                address,
                port: port.map(port_number).transpose()?,
            }),
            Err(why) if text.contains([':', '[', '%']) => Err(why.to_string()),
            Err(_) => Ok(Self::Interface(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tos_byte_reads_as_people_write_it() {
        assert_eq!(tos("184"), Ok(184));
        assert_eq!(tos("0xb8"), Ok(184));
        // RFC 2474, 2597, 3246, 5865, 8622; a TOS byte is the DSCP and two bits of ECN.
        for (name, dscp) in [
            ("ef", 46),
            ("EF", 46),
            ("va", 44),
            ("le", 1),
            ("cs0", 0),
            ("cs1", 8),
            ("cs7", 56),
            ("af11", 10),
            ("af12", 12),
            ("af23", 22),
            ("af41", 34),
            ("AF43", 38),
        ] {
            assert_eq!(tos(name), Ok(dscp << 2), "{name}");
        }
        for bad in [
            "256", "-1", "0x", "cs8", "af10", "af14", "af51", "af", "", "efx",
        ] {
            assert!(tos(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn marks_labels_and_buffers_read_as_in_ping() {
        assert_eq!((mark("7"), mark("0xff")), (Ok(7), Ok(255)));
        assert_eq!(mark("4294967295"), Ok(u32::MAX));
        assert_eq!(
            (flow_label("beef"), flow_label("0x10")),
            (Ok(0xbeef), Ok(16))
        );
        assert_eq!(
            (flow_label("0"), flow_label("fffff")),
            (Ok(0), Ok(0xf_ffff))
        );
        assert_eq!(send_buffer("1"), Ok(1));
        for bad in ["-1", "x", "4294967296", ""] {
            assert!(mark(bad).is_err(), "{bad}");
            assert!(send_buffer(bad).is_err(), "{bad}");
        }
        assert!(send_buffer("0").is_err());
        for bad in ["-1", "100000", "g", "", "0x"] {
            assert!(flow_label(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_source_is_an_address_or_else_an_interface() {
        for (text, address, port) in [
            ("127.0.0.1", "127.0.0.1", None),
            ("127.0.0.1:7", "127.0.0.1", Some(7)),
            ("::1", "::1", None),
            ("[::1]:7", "::1", Some(7)),
            ("fe80::1%lo", "fe80::1%lo", None),
            ("[fe80::1%3]:7", "fe80::1%3", Some(7)),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(
                text.parse(),
                Ok(Source::Address { address, port }),
                "{text}"
            );
        }
        assert_eq!("lo".parse(), Ok(Source::Interface("lo".to_owned())));
        for bad in [
            "",
            "127.0.0.1:0",
            "127.0.0.1:x",
            "[::1",
            "fe80::1%",
            "lo:7",
            "1.2.3.4%lo",
        ] {
            assert!(bad.parse::<Source>().is_err(), "{bad}");
        }
    }
}
