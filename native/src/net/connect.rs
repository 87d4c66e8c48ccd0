//! A TCP connection, waited for no longer than it is wanted.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Connects to `server` within `wait`, unless `is_over` holds before: then, too, it has timed out.
#[cfg(unix)]
pub(crate) fn connect(
    server: SocketAddr,
    wait: Duration,
    is_over: impl Fn() -> bool,
) -> io::Result<TcpStream> {
    use rustix::io::Errno;
    use socket2::{Domain, Protocol, Socket, Type};
    use std::os::fd::AsFd as _;

    use crate::clock::Clock;
    use crate::poll::{POLL_INTERVAL, has_room};

    let clock = Clock::start();
    let domain = Domain::for_address(server);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&server.into()) {
        Err(error) if Errno::from_io_error(&error) != Some(Errno::INPROGRESS) => return Err(error),
        Ok(()) | Err(_) => {}
    }
    loop {
        let left = wait.saturating_sub(clock.elapsed());
        if has_room(socket.as_fd(), left.min(POLL_INTERVAL))? {
            break;
        }
        if left.is_zero() || is_over() {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
    if let Some(error) = socket.take_error()? {
        return Err(error);
    }
    socket.set_nonblocking(false)?;
    Ok(socket.into())
}

/// Connects to `server` within `wait`: whether that is still wanted is asked afterwards.
#[cfg(not(unix))]
pub(crate) fn connect(
    server: SocketAddr,
    wait: Duration,
    _is_over: impl Fn() -> bool,
) -> io::Result<TcpStream> {
    TcpStream::connect_timeout(&server, wait)
}
