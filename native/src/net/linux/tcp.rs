//! What Linux counts of a TCP connection: the beginning of `struct tcp_info`
//! (`linux/tcp.h`), which only ever grows at its end.

use std::net::TcpStream;

use nix::libc;
use nix::sys::socket::getsockopt;
use nix::{getsockopt_impl, sockopt_impl};

use crate::net::TcpCounts;

/// As far as `tcpi_segs_in`, which is there since Linux 4.2.
const KNOWN: usize = 144;

/// Where the fields stand: `tcpi_total_retrans`, `tcpi_segs_out`, `tcpi_segs_in`.
const RETRANSMITTED: usize = 100;
const SENT: usize = 136;
const RECEIVED: usize = 140;

sockopt_impl!(
    TcpInfo,
    GetOnly,
    libc::IPPROTO_TCP,
    libc::TCP_INFO,
    [u8; KNOWN]
);

/// The kernel's counts of this connection so far.
pub(crate) fn tcp_counts(stream: &TcpStream) -> Option<TcpCounts> {
    let info = getsockopt(stream, TcpInfo).ok()?;
    let field = |at: usize| {
        let bytes = info.get(at..at + 4)?;
        Some(u32::from_ne_bytes(bytes.try_into().ok()?))
    };
    Some(TcpCounts {
        sent: field(SENT)?,
        received: field(RECEIVED)?,
        retransmitted: field(RETRANSMITTED)?,
    })
}
