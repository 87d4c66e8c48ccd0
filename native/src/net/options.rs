//! What a client's socket is asked for, and asking for it.
//!
//! Every error names the flag that it comes from. How each system is asked is its own
//! module's.

use std::fmt::Display;
use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use socket2::Socket;

use super::{Address, Family, address, system};
use crate::i18n::say;

/// What a client's socket is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Time to live of what is sent.
    pub(crate) ttl: Option<u8>,
    /// The TOS byte, or traffic class, of what is sent.
    pub(crate) tos: Option<u8>,
    /// Where to send from.
    pub(crate) source: Option<Source>,
    /// Who may fragment.
    pub(crate) mtu: Option<MtuDiscovery>,
    /// A broadcast address may be sent to.
    pub(crate) broadcast: bool,
    /// Room for what waits to be sent, in bytes.
    pub(crate) send_buffer: Option<u32>,
    /// The mark of what is sent, for this host's firewall and routes.
    pub(crate) mark: Option<u32>,
    /// The flow label of what is sent over IPv6: 20 bits, 0 for one of the system's.
    pub(crate) flow_label: Option<u32>,
    /// Learn the time to live of what is received.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "the portable way learns nothing from the kernel")
    )]
    pub(crate) reply_ttl: bool,
    /// Have the kernel timestamp what is sent and received, where it can.
    pub(crate) kernel_timestamps: bool,
}

/// Where datagrams are sent from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Address {
        address: Address,
        /// `None` for one that the system picks.
        port: Option<u16>,
    },
    Interface(String),
}

/// How a path's MTU is found out, as ping's `-M` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MtuDiscovery {
    /// Nobody may fragment.
    Do,
    /// This host may, where the path is known to be narrow.
    Want,
    /// Nobody may, and what is known of the path is ignored.
    Probe,
    /// Anybody may.
    Dont,
}

impl Options {
    /// The family of the address that they send from, if they name one, or of which they
    /// name what only it has.
    pub(crate) fn family(&self) -> Option<Family> {
        match &self.source {
            Some(Source::Address { address, .. }) if address.is_ipv4() => Some(Family::V4),
            Some(Source::Address { .. }) => Some(Family::V6),
            _ => self.flow_label.map(|_| Family::V6),
        }
    }

    /// Whether they send from a port of their choice.
    pub(crate) fn has_port(&self) -> bool {
        matches!(self.source, Some(Source::Address { port: Some(_), .. }))
    }

    /// The interface that they send through, if they name one.
    pub(crate) fn interface_name(&self) -> Option<&str> {
        match &self.source {
            Some(Source::Interface(name)) => Some(name),
            _ => None,
        }
    }

    /// The number of the interface that they name, if they name one that there is.
    pub(super) fn interface(&self) -> Option<u32> {
        self.interface_name().and_then(system::interface_number)
    }

    /// Applies them to a new socket for talking with `server`, and binds it.
    pub(super) fn apply(&self, socket: &Socket, server: SocketAddr) -> anyhow::Result<()> {
        if let Some(ttl) = self.ttl {
            let set = match server {
                SocketAddr::V4(_) => socket.set_ttl_v4(u32::from(ttl)),
                SocketAddr::V6(_) => socket.set_unicast_hops_v6(u32::from(ttl)),
            };
            set.with_context(|| refused("-t", ttl))?;
        }
        if let Some(tos) = self.tos {
            system::set_tos(socket, server, tos).with_context(|| refused("-Q", tos))?;
        }
        if let Some(mtu) = self.mtu {
            system::set_mtu_discovery(socket, server, mtu).context(say::NO_MTU_CHOICE)?;
        }
        if self.broadcast {
            socket
                .set_broadcast(true)
                .with_context(|| refused("-b", ""))?;
        }
        if let Some(size) = self.send_buffer {
            socket
                .set_send_buffer_size(usize::try_from(size)?)
                .with_context(|| refused("-S", size))?;
        }
        if let Some(mark) = self.mark {
            system::set_mark(socket, mark).map_err(|error| {
                let context = match error.kind() {
                    ErrorKind::PermissionDenied => say::MarkNotPermitted { mark }.to_string(),
                    _ => refused("-m", mark),
                };
                anyhow::Error::new(error).context(context)
            })?;
        }
        if let Some(label) = self.flow_label {
            ensure!(server.is_ipv6(), say::FlowLabelFamily { server });
            system::send_flow_label(socket)
                .with_context(|| refused("-F", format_args!("{label:x}")))?;
        }
        let mut here = super::unspecified(server);
        match &self.source {
            Some(Source::Address { address, port }) => {
                ensure!(
                    address.is_ipv4() == here.is_ipv4(),
                    say::SourceFamily {
                        address: address.clone(),
                        server,
                    }
                );
                here = address.with_port(port.unwrap_or(0))?;
                if let (SocketAddr::V6(here), SocketAddr::V6(server)) = (&mut here, server)
                    && here.scope_id() == 0
                    && address::needs_zone(*here.ip())
                {
                    here.set_scope_id(server.scope_id());
                }
            }
            Some(Source::Interface(name)) => {
                system::bind_interface(socket, name)
                    .with_context(|| say::NoInterface { name: name.clone() })?;
            }
            None => {}
        }
        socket.bind(&here.into()).map_err(|error| {
            let context = match error.kind() {
                ErrorKind::AddrInUse => say::SourceTaken { address: here }.to_string(),
                ErrorKind::PermissionDenied => say::SourcePrivileged {
                    port: here.port().to_string(),
                }
                .to_string(),
                _ => say::NoSource { address: here.ip() }.to_string(),
            };
            anyhow::Error::new(error).context(context)
        })
    }
}

/// That the system does not take this `value` of `flag`.
fn refused(flag: &str, value: impl Display) -> String {
    let flag = format!("{flag} {value}");
    let flag = flag.trim_end();
    say::SocketRefuses { flag }.to_string()
}
