//! The flags about the family of addresses.

use clap::Args;

use crate::headings::PROBES;
use crate::net::Family;

/// Which family of addresses may be used.
#[derive(Debug, Args)]
#[command(next_help_heading = PROBES)]
pub(crate) struct FamilyArgs {
    /// Use IPv4 only.
    #[arg(short = '4', long, conflicts_with = "ipv6")]
    ipv4: bool,
    /// Use IPv6 only.
    #[arg(short = '6', long)]
    ipv6: bool,
}

impl FamilyArgs {
    pub(crate) const fn family(&self) -> Family {
        match (self.ipv4, self.ipv6) {
            (true, _) => Family::V4,
            (_, true) => Family::V6,
            _ => Family::Any,
        }
    }
}
