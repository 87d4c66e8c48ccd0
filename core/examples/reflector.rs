//! A reflector on a socket of the standard library, with the limits that keep it from being used
//! against others.
//!
//! `cargo run -p udping-core --example reflector -- 127.0.0.1:12000`

use std::error::Error;
use std::hash::{BuildHasher as _, RandomState};
use std::net::UdpSocket;
use std::num::NonZeroU32;
use std::time::Instant;

use udping_core::{Guard, Policy, RateLimit, Reflector, ReflectorTime, ReplyMode, SourceEntry};

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("on which ADDRESS:PORT?")?;
    reflect(&UdpSocket::bind(address)?, u64::MAX)
}

#[expect(clippy::disallowed_methods, reason = "this program owns the clock")]
fn reflect(socket: &UdpSocket, requests: u64) -> Result<(), Box<dyn Error>> {
    let mut policy = Policy::open(socket.local_addr()?.port());
    policy.per_source = NonZeroU32::new(1000).map(|rate| RateLimit {
        per_second: rate,
        burst: rate,
    });
    // A secret, so that nobody can choose which sources share a place in the table.
    let secret = RandomState::new().hash_one(0);
    let guard = Guard::new(&policy, secret, vec![SourceEntry::EMPTY; 4096]);
    let mut reflector = Reflector::new(ReplyMode::Echo, guard);
    let start = Instant::now();
    let (mut request, mut reply) = (vec![0; 65_535], vec![0; 65_535]);
    for _ in 0..requests {
        let (len, from) = socket.recv_from(&mut request)?;
        let now = ReflectorTime::ZERO.saturating_add(start.elapsed());
        match reflector.handle_request(now, from, &request[..len], &mut reply) {
            Ok(len) => drop(socket.send_to(&reply[..len], from)),
            Err(why) => println!("nothing to {from}: {why:?}"),
        }
    }
    Ok(())
}

#[cfg(test)]
#[test]
fn it_echoes() -> Result<(), Box<dyn Error>> {
    let server = UdpSocket::bind("127.0.0.1:0")?;
    let client = UdpSocket::bind("127.0.0.1:0")?;
    client.send_to(b"Ping 1", server.local_addr()?)?;
    reflect(&server, 1)?;
    let mut reply = [0; 16];
    let len = client.recv(&mut reply)?;
    assert_eq!(&reply[..len], b"Ping 1");
    Ok(())
}
