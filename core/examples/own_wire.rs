//! A wire of one's own: the client knows probes and claims, and never their bytes. Two functions
//! make a wire; this one has packets of 16 bytes, with the number and the timestamp in binary.
//!
//! `cargo run -p udping-core --example own_wire`

use std::error::Error;
use std::time::Duration;

use udping_core::{
    Claim, ClientTime, Config, Entry, Fleet, Output, Probe, Session, Unreadable, WallTime,
};

/// What every packet begins with, so that others are not taken for one.
const MAGIC: [u8; 4] = *b"PING";

fn main() -> Result<(), Box<dyn Error>> {
    let replied = run()?;
    println!("{replied} of 10 replied");
    Ok(())
}

/// A request: the magic number, the probe's number, its timestamp.
fn encode(probe: &Probe) -> [u8; 16] {
    let mut packet = [0; 16];
    packet[..4].copy_from_slice(&MAGIC);
    packet[4..8].copy_from_slice(&probe.wire_seq().to_be_bytes());
    packet[8..].copy_from_slice(&probe.timestamp.as_nanos().to_be_bytes());
    packet
}

/// What a reply says. Nothing of it is believed here: the client compares it with its probes.
fn decode(datagram: &[u8]) -> Result<Claim, Unreadable> {
    let packet: &[u8; 16] = datagram.try_into().map_err(|_| Unreadable::Malformed)?;
    let (magic, rest) = packet.split_first_chunk().ok_or(Unreadable::Malformed)?;
    let (seq, rest) = rest.split_first_chunk().ok_or(Unreadable::Malformed)?;
    let timestamp = rest.first_chunk().ok_or(Unreadable::Malformed)?;
    if *magic != MAGIC {
        return Err(Unreadable::Malformed);
    }
    Ok(Claim {
        seq: Some(u32::from_be_bytes(*seq)),
        timestamp: Some(WallTime::from_nanos(u64::from_be_bytes(*timestamp))),
        ..Claim::default()
    })
}

/// Ten probes to a server that echoes each packet after 20 ms, in virtual time.
fn run() -> Result<u64, Box<dyn Error>> {
    let mut now = ClientTime::ZERO;
    let mut session = Session::<_, Fleet>::new(Config::default(), now, [Entry::EMPTY; 64])?;
    loop {
        match session.poll(now) {
            Output::Send(probe) => {
                let reply = encode(&probe);
                now = now.saturating_add(Duration::from_millis(20));
                match decode(&reply) {
                    Ok(claim) => println!("{:?}", session.handle_reply(now, &claim)),
                    Err(why) => println!("{:?}", session.handle_unreadable(now, why)),
                }
            }
            Output::Event(event) => println!("{event:?}"),
            Output::Wait(deadline) => now = deadline,
            Output::Done => return Ok(session.stats().summary().replied),
        }
    }
}

#[cfg(test)]
#[test]
fn every_probe_is_replied_and_foreign_packets_are_refused() -> Result<(), Box<dyn Error>> {
    assert_eq!(run()?, 10);
    assert_eq!(decode(b"PONG............"), Err(Unreadable::Malformed));
    assert_eq!(decode(b"PING"), Err(Unreadable::Malformed));
    Ok(())
}
