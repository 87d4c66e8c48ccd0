//! Where a reflector listens: a socket for each of its threads, and for TCP beside them.
//!
//! Owns what to try where that is not to be had. Knows nothing of what is answered.

use std::net::SocketAddr;
use std::{io, iter};

use anyhow::Context as _;

use super::described::answers;
use super::policy;
use super::tcp::TcpServer;
use crate::cli::{ServeArgs, WireArg};
use crate::i18n::say;
use crate::net::ServerSocket;
use crate::path_impairments::PathImpairments;
use crate::stdio::Stdout;

/// How often a free port is tried that TCP may not have free.
const TRIES: usize = 16;

/// Sockets that listen on `place`, one for each thread; and for TCP too, if it is wanted,
/// with a line in `log` for each request.
pub(super) fn open(
    args: &ServeArgs,
    place: SocketAddr,
    threads: usize,
    impairments: PathImpairments,
    log: Option<&Stdout>,
) -> anyhow::Result<(Vec<ServerSocket>, Option<TcpServer>)> {
    if !args.tcp {
        return Ok((listen(place, threads)?, None));
    }
    anyhow::ensure!(args.wire != WireArg::Stamp, say::SERVE_TCP_STAMP);
    let mut tries = if place.port() == 0 { TRIES } else { 1 };
    loop {
        tries -= 1;
        let sockets = listen(place, threads)?;
        let address = sockets[0].address()?;
        let policy = policy(args, address)?;
        let tcp = TcpServer::bind(
            address,
            args.reply.into(),
            answers(args, address)?.map(|(_, answers)| answers),
            &policy,
            impairments,
            log.cloned(),
        );
        match tcp {
            Ok(tcp) => return Ok((sockets, Some(tcp))),
            Err(error) if tries > 0 && error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(error).context(say::ServeTcpCannotListen { address });
            }
        }
    }
}

/// Sockets that listen on `place`, one for each thread.
pub(super) fn listen(place: SocketAddr, threads: usize) -> anyhow::Result<Vec<ServerSocket>> {
    let bind = || {
        if threads == 1 {
            return Ok(vec![ServerSocket::bind(place)?]);
        }
        // Any port that the first one gets is then the others'.
        let first = ServerSocket::bind_shared(place)?;
        let address = first.address()?;
        let others = (1..threads).map(|_| ServerSocket::bind_shared(address));
        iter::once(Ok(first)).chain(others).collect()
    };
    bind().map_err(|error: io::Error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => say::SERVE_PORT_TAKEN,
            io::ErrorKind::PermissionDenied => say::SERVE_PORT_PRIVILEGED,
            io::ErrorKind::AddrNotAvailable => say::SERVE_NO_ADDRESS,
            io::ErrorKind::Unsupported => say::SERVE_ONE_THREAD,
            _ => say::SERVE_ANOTHER_ADDRESS,
        };
        anyhow::Error::new(error).context(say::ServeCannotListen { place, advice })
    })
}
