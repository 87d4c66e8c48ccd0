//! The client over smoltcp, as on a microcontroller: without the standard library, except for the
//! clock and the printing in `main`. The reflector answers at the other end of a loopback device.
//!
//! `cargo run -p udping-core --example smoltcp_client`
#![no_std]

extern crate alloc;
extern crate std;

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::error::Error;
use core::net::SocketAddr;

use smoltcp::iface::{Config as InterfaceConfig, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Loopback, Medium};
use smoltcp::socket::udp;
use smoltcp::time::Instant;
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr, IpEndpoint};

use udping_core::{
    ClientTime, Config, Entry, Guard, Output, Policy, Reflector, ReflectorTime, ReplyMode, Session,
    Small, SourceEntry, Summary, text,
};

/// The port that the reflector listens on, and the client's.
const PORTS: (u16, u16) = (12_000, 50_000);

/// A session on a socket of smoltcp.
struct Pinger {
    session: Session<[Entry; 8], Small>,
    server: IpEndpoint,
}

impl Pinger {
    /// Takes in what has arrived by `now` and sends what is due. Returns until when there is
    /// nothing to do unless a packet arrives; `None` once the session is over.
    fn poll(&mut self, now: ClientTime, socket: &mut udp::Socket<'_>) -> Option<ClientTime> {
        while let Ok((datagram, _)) = socket.recv() {
            // The session counts what becomes of it.
            let _ = match text::decode_reply(datagram) {
                Ok(claim) => self.session.handle_reply(now, &claim),
                Err(why) => self.session.handle_unreadable(now, why),
            };
        }
        loop {
            match self.session.poll(now) {
                Output::Send(probe) => {
                    let mut request = [0; text::LONGEST_REQUEST];
                    let len = text::encode_request(&probe, 0, &mut request).unwrap_or_default();
                    if socket.send_slice(&request[..len], self.server).is_err() {
                        let _ = self.session.handle_send_failure(now, probe.seq);
                    }
                }
                Output::Event(_) => {}
                Output::Wait(deadline) => return Some(deadline),
                Output::Done => return None,
            }
        }
    }
}

/// Answers what has arrived by `now`.
fn reflect<T: AsMut<[SourceEntry]>>(
    reflector: &mut Reflector<T>,
    now: ReflectorTime,
    socket: &mut udp::Socket<'_>,
) {
    let mut reply = [0; 256];
    while let Ok((request, from)) = socket.recv() {
        let peer = SocketAddr::new(from.endpoint.addr.into(), from.endpoint.port);
        if let Ok(len) = reflector.handle_request(now, peer, request, &mut reply) {
            // A reply that finds no room is lost, as on any network.
            let _ = socket.send_slice(&reply[..len], from.endpoint);
        }
    }
}

/// A socket with room for four packets in each direction.
fn socket(port: u16) -> Result<udp::Socket<'static>, Box<dyn Error>> {
    let buffer = || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; 4], vec![0; 1024]);
    let mut socket = udp::Socket::new(buffer(), buffer());
    socket
        .bind(port)
        .map_err(|error| std::format!("{error:?}"))?;
    Ok(socket)
}

/// Runs a session; `now` counts microseconds.
fn run(now: impl Fn() -> i64) -> Result<Summary, Box<dyn Error>> {
    let mut device = Loopback::new(Medium::Ip);
    let config = InterfaceConfig::new(HardwareAddress::Ip);
    let mut interface = Interface::new(config, &mut device, Instant::from_micros(now()));
    let address = IpAddress::v4(127, 0, 0, 1);
    interface.update_ip_addrs(|addresses| {
        // A list without room would have none for the first.
        let _ = addresses.push(IpCidr::new(address, 8));
    });
    let mut sockets = SocketSet::new(Vec::new());
    let server: SocketHandle = sockets.add(socket(PORTS.0)?);
    let client: SocketHandle = sockets.add(socket(PORTS.1)?);

    let guard = Guard::new(&Policy::open(PORTS.0), 0, [SourceEntry::EMPTY; 16]);
    let mut reflector = Reflector::new(ReplyMode::Echo, guard);
    let start = ClientTime::from_nanos(nanos(now()));
    let mut pinger = Pinger {
        session: Session::new(Config::default(), start, [Entry::EMPTY; 8])?,
        server: IpEndpoint::new(address, PORTS.0),
    };
    loop {
        let micros = now();
        // One poll puts a packet on the device, the next takes it off.
        let _ = interface.poll(Instant::from_micros(micros), &mut device, &mut sockets);
        reflect(
            &mut reflector,
            ReflectorTime::from_nanos(nanos(micros)),
            sockets.get_mut(server),
        );
        let due = pinger.poll(
            ClientTime::from_nanos(nanos(micros)),
            sockets.get_mut(client),
        );
        if due.is_none() {
            return Ok(pinger.session.stats().summary());
        }
        // A microcontroller would sleep here, until `due` or an interrupt of its device.
    }
}

fn nanos(micros: i64) -> u64 {
    u64::try_from(micros)
        .unwrap_or_default()
        .saturating_mul(1000)
}

#[expect(clippy::disallowed_methods, reason = "this program owns the clock")]
fn main() -> Result<(), Box<dyn Error>> {
    let start = std::time::Instant::now();
    let summary = run(|| i64::try_from(start.elapsed().as_micros()).unwrap_or(i64::MAX))?;
    std::println!("{} of {} replied", summary.replied, summary.sent);
    Ok(())
}

#[cfg(test)]
#[test]
fn every_probe_is_replied() -> Result<(), Box<dyn Error>> {
    // A clock that moves on by a microsecond whenever somebody looks.
    let clock = core::cell::Cell::new(0);
    let summary = run(|| {
        clock.set(clock.get() + 1);
        clock.get()
    })?;
    assert_eq!((summary.sent, summary.replied), (10, 10));
    Ok(())
}
