//! The flags that reach into the socket: ping's, and whose times to take.

use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::values::{hops, port_number};
use crate::i18n::{Message, say};
use crate::net::{Address, KERNEL_TIMESTAMPS, MtuDiscovery, Options, Source, split_port};

#[derive(Debug, Args)]
pub(crate) struct SocketArgs {
    /// Time to live (hop limit) of the probes.
    #[arg(short = 't', long, value_name = "HOPS", value_parser = hops, allow_hyphen_values = true)]
    ttl: Option<u8>,
    /// Quality of service: the TOS byte (traffic class) of the probes, as 184 or 0xb8.
    #[arg(short = 'Q', long, value_name = "TOS", value_parser = tos, allow_hyphen_values = true)]
    tos: Option<u8>,
    /// Send from this address of this machine, and from this port of it, if one is named; or
    /// through this interface.
    #[arg(short = 'I', value_name = "ADDRESS[:PORT]|INTERFACE")]
    source: Option<Source>,
    /// Path MTU discovery: never fragment (do), fragment at this host only (want), send
    /// whatever the path is thought to carry (probe), or fragment anywhere (dont).
    #[arg(short = 'M', value_enum, value_name = "HOW")]
    mtu: Option<MtuDiscovery>,
    /// Whose times to show beside this program's own, which alone decide. [default:
    /// kernel where there is one that stamps, but not with -f, which it slows down]
    #[arg(long, value_enum)]
    timestamps: Option<TimestampsArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TimestampsArg {
    /// The kernel's software stamps (Linux): what the network took, without this host.
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
            reply_ttl: lines,
            kernel_timestamps: kernel || (self.timestamps.is_none() && KERNEL_TIMESTAMPS && !flood),
        })
    }
}

fn tos(text: &str) -> Result<u8, String> {
    let number = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u8::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| say::ARG_TOS.to_string())
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
        assert!(tos("256").is_err());
        assert!(tos("-1").is_err());
        assert!(tos("0x").is_err());
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
