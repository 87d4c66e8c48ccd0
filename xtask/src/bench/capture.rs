//! tcpdump's files, as far as comparing needs them: who said what, and when.
//!
//! Owns the file format (classic pcap, nanoseconds, Ethernet as loopback has it) and
//! where each tool's sequence number stands. Only IPv4 is looked at.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

/// A captured datagram.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packet<'a> {
    /// UDP's ports; none for ICMP.
    ports: Option<(u16, u16)>,
    /// What follows the UDP header, or the IP header for ICMP.
    payload: &'a [u8],
}

/// A request or a reply, with its sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exchange {
    Request(u64),
    Reply(u64),
}

/// Magic number of a file with nanoseconds, as this machine writes it.
const NANOSECONDS: u32 = 0xa1b2_3c4d;
const FILE_HEADER: usize = 24;
const PACKET_HEADER: usize = 16;
const ETHERNET_HEADER: usize = 14;
const UDP_HEADER: usize = 8;

/// Nanoseconds from each request to its first reply.
pub(super) fn round_trips(
    file: &[u8],
    read: impl Fn(&Packet<'_>) -> Option<Exchange>,
) -> Result<BTreeMap<u64, f64>> {
    ensure!(
        word(file, 0) == Some(NANOSECONDS),
        "tcpdump wrote no file with nanoseconds"
    );
    let mut asked = BTreeMap::new();
    let mut answered = BTreeMap::new();
    let mut rest = file.get(FILE_HEADER..).unwrap_or_default();
    while let (Some(seconds), Some(nanos), Some(len)) =
        (word(rest, 0), word(rest, 4), word(rest, 8))
    {
        let end = PACKET_HEADER + usize::try_from(len)?;
        // The last one may be cut.
        let Some(frame) = rest.get(PACKET_HEADER..end) else {
            break;
        };
        rest = rest.get(end..).unwrap_or_default();
        let at = u64::from(seconds) * 1_000_000_000 + u64::from(nanos);
        match packet(frame).as_ref().and_then(&read) {
            Some(Exchange::Request(seq)) => {
                asked.entry(seq).or_insert(at);
            }
            Some(Exchange::Reply(seq)) => {
                answered.entry(seq).or_insert(at);
            }
            None => {}
        }
    }
    let trips = answered.into_iter().filter_map(|(seq, reply)| {
        let nanos = reply.checked_sub(*asked.get(&seq)?)?;
        Some((seq, u32::try_from(nanos).ok()?.into()))
    });
    Ok(trips.collect())
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*four))
}

/// What an IPv4 frame carries.
fn packet(frame: &[u8]) -> Option<Packet<'_>> {
    let ip = frame.get(ETHERNET_HEADER..)?;
    let first = *ip.first()?;
    if first >> 4 != 4 {
        return None;
    }
    let payload = ip.get(usize::from(first & 0xf) * 4..)?;
    match ip.get(9)? {
        1 => Some(Packet {
            ports: None,
            payload,
        }),
        17 => {
            let port = |at: usize| {
                let two = payload.get(at..)?.first_chunk()?;
                Some(u16::from_be_bytes(*two))
            };
            Some(Packet {
                ports: Some((port(0)?, port(2)?)),
                payload: payload.get(UDP_HEADER..)?,
            })
        }
        _ => None,
    }
}

/// Which way a datagram goes, seen from the server's port.
fn way(packet: &Packet<'_>, server: u16, seq: u64) -> Option<Exchange> {
    let (from, _) = packet.ports?;
    Some(if from == server {
        Exchange::Reply(seq)
    } else {
        Exchange::Request(seq)
    })
}

/// Our text wire, echoed: `Ping <seq> <time>`.
pub(super) fn text(server: u16) -> impl Fn(&Packet<'_>) -> Option<Exchange> {
    move |packet| {
        let words = std::str::from_utf8(packet.payload).ok()?;
        let seq = words.split(' ').nth(1)?.parse().ok()?;
        way(packet, server, seq)
    }
}

/// irtt: three bytes of magic, flags, a token of eight bytes, and then a sequence
/// number in little endian. Flags are those of a request or of a reply and no more.
pub(super) fn irtt(server: u16) -> impl Fn(&Packet<'_>) -> Option<Exchange> {
    move |packet| {
        const OPEN_OR_CLOSE: u8 = 0b101;
        let flags = packet.payload.get(3)?;
        let seq = word(packet.payload, 12)?;
        (flags & OPEN_OR_CLOSE == 0).then(|| way(packet, server, seq.into()))?
    }
}

/// ICMP echo (RFC 792).
pub(super) fn icmp(packet: &Packet<'_>) -> Option<Exchange> {
    if packet.ports.is_some() {
        return None;
    }
    let seq = u64::from(u16::from_be_bytes(*packet.payload.get(6..)?.first_chunk()?));
    match packet.payload.first()? {
        8 => Some(Exchange::Request(seq)),
        0 => Some(Exchange::Reply(seq)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with these datagrams of UDP: when, from, to, what.
    fn file(datagrams: &[(u32, u16, u16, &[u8])]) -> Vec<u8> {
        let mut file = NANOSECONDS.to_le_bytes().to_vec();
        file.resize(FILE_HEADER, 0);
        for (nanos, from, to, payload) in datagrams {
            let mut frame = vec![0; ETHERNET_HEADER];
            frame.push(0x45);
            frame.resize(ETHERNET_HEADER + 20, 0);
            frame[ETHERNET_HEADER + 9] = 17;
            frame.extend(from.to_be_bytes());
            frame.extend(to.to_be_bytes());
            frame.extend([0; 4]);
            frame.extend(*payload);
            let len = u32::try_from(frame.len()).unwrap();
            for word in [1, *nanos, len, len] {
                file.extend(word.to_le_bytes());
            }
            file.extend(frame);
        }
        file
    }

    #[test]
    fn a_round_trip_is_from_the_request_to_its_first_reply() {
        let file = file(&[
            (100, 5_000, 7, b"Ping 1 1795972408.123456789"),
            (150, 5_000, 7, b"Ping 2 1795972408.123456790"),
            (400, 7, 5_000, b"PING 1 1795972408.123456789"),
            (900, 7, 5_000, b"PING 1 1795972408.123456789"),
            (950, 9, 5_000, b"noise"),
        ]);
        let trips = round_trips(&file, text(7)).unwrap();
        assert_eq!(trips, BTreeMap::from([(1, 300.0)]));
        let cut = &file[..file.len() - 70];
        assert_eq!(round_trips(cut, text(7)).unwrap(), trips);
        assert!(round_trips(b"not a capture", text(7)).is_err());
    }
}
