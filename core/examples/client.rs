//! A client on a socket of the standard library: ten probes, and what became of them.
//!
//! `cargo run -p udping-core --example client -- 127.0.0.1:12000`

use std::error::Error;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use udping_core::{ClientTime, Config, Entry, Fleet, Output, Session, Summary, text};

fn main() -> Result<(), Box<dyn Error>> {
    let server = std::env::args().nth(1).ok_or("which ADDRESS:PORT?")?;
    let summary = ping(server.parse()?, Config::default())?;
    println!("{} of {} replied", summary.replied, summary.sent);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this program owns the clock")]
fn ping(server: SocketAddr, config: Config) -> Result<Summary, Box<dyn Error>> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    socket.connect(server)?;
    let start = Instant::now();
    let now = || ClientTime::ZERO.saturating_add(start.elapsed());
    let mut session = Session::<_, Fleet>::new(config, now(), [Entry::EMPTY; 64])?;
    let mut buffer = [0; 2048];
    loop {
        let wait = match session.poll(now()) {
            Output::Send(probe) => {
                let len = text::encode_request(&probe, 0, &mut buffer)?;
                if socket.send(&buffer[..len]).is_err() {
                    println!("{:?}", session.handle_send_failure(now(), probe.seq));
                }
                continue;
            }
            Output::Event(event) => {
                println!("{event:?}");
                continue;
            }
            Output::Wait(deadline) => deadline.checked_since(now()).unwrap_or_default(),
            Output::Done => return Ok(session.stats().summary()),
        };
        // A timeout of zero would be none.
        socket.set_read_timeout(Some(wait.max(Duration::from_micros(1))))?;
        let outcome = match socket.recv(&mut buffer) {
            Ok(len) => match text::decode_reply(&buffer[..len]) {
                Ok(claim) => session.handle_reply(now(), &claim),
                Err(why) => session.handle_unreadable(now(), why),
            },
            Err(error) => match error.kind() {
                ErrorKind::ConnectionRefused => session.handle_unreachable(now(), None),
                ErrorKind::WouldBlock | ErrorKind::TimedOut => continue,
                _ => return Err(error.into()),
            },
        };
        println!("{outcome:?}");
    }
}

#[cfg(test)]
#[test]
fn two_of_three_are_answered() -> Result<(), Box<dyn Error>> {
    let server = UdpSocket::bind("127.0.0.1:0")?;
    let address = server.local_addr()?;
    std::thread::spawn(move || -> std::io::Result<()> {
        let mut request = [0; 2048];
        for number in 1.. {
            let (len, from) = server.recv_from(&mut request)?;
            if number != 2 {
                server.send_to(&request[..len], from)?;
            }
        }
        Ok(())
    });
    let config = Config::builder()
        .count(std::num::NonZeroU64::new(3))
        .build()
        .unwrap();
    let summary = ping(address, config)?;
    assert_eq!((summary.sent, summary.replied, summary.lost), (3, 2, 1));
    Ok(())
}
