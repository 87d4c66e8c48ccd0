//! What calls get of messages that have arrived: whole ones or their beginnings over UDP, bytes
//! without any border over TCP.
//!
//! Owns that rule. It must not know how it is drawn.

use std::collections::BTreeMap;

use udping_link::Direction;
use udping_sim::actors::Segment;

use super::scene::{Lane, Stage};
use super::track::PacketKind;

/// What one call returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its bytes.
    pub bytes: String,
    /// Those that it discarded, because there was no room for them.
    pub cut: String,
    /// They are of more than one message.
    pub joined: bool,
}

/// The message of a ping that is sent at a time, as the lessons' clients write it.
#[must_use]
pub fn message(number: u64, sent_ns: u64) -> String {
    let ms = sent_ns / 1_000_000;
    format!("Ping {number} {}.{:03}", ms / 1_000, ms % 1_000)
}

/// `recvfrom(room)`, until nothing is left: a message each, and the rest of it is gone.
#[must_use]
pub fn datagrams(messages: &[String], room: usize) -> Vec<Call> {
    let call = |message: &String| {
        let (bytes, cut) = message.split_at(room.min(message.len()));
        Call {
            bytes: bytes.to_owned(),
            cut: cut.to_owned(),
            joined: false,
        }
    };
    messages.iter().map(call).collect()
}

/// `recv(room)`, until nothing is left: as many bytes as there are, whosever they are.
#[must_use]
pub fn stream(messages: &[String], room: usize) -> Vec<Call> {
    let mut ends = Vec::new();
    let mut all = String::new();
    for message in messages {
        all.push_str(message);
        ends.push(all.len());
    }
    let room = room.max(1);
    let starts = (0..all.len()).step_by(room);
    starts
        .map(|start| {
            let end = (start + room).min(all.len());
            Call {
                bytes: all[start..end].to_owned(),
                cut: String::new(),
                joined: ends.iter().any(|border| (start + 1..end).contains(border)),
            }
        })
        .collect()
}

impl Stage {
    /// Whether a lane's messages are bytes of one stream.
    #[must_use]
    pub fn is_stream(&self, lane: usize) -> bool {
        let lane = self.scene.lanes.get(lane);
        matches!(lane, Some(Lane::TcpNew | Lane::TcpKept | Lane::TcpCrowd))
    }

    /// The messages that have reached a lane's server by a moment. Over TCP those are its
    /// stream, which has no gap.
    #[must_use]
    pub fn messages(&self, lane: usize, at_ns: u64) -> Vec<String> {
        let flights = self.tracks.get(lane).into_iter().flat_map(|it| &it.flights);
        let mut sent = BTreeMap::new();
        let mut arrived = Vec::new();
        for flight in flights.filter(|it| it.direction == Direction::Request && !it.copy) {
            let (PacketKind::Ping(number) | PacketKind::Tcp(Segment::Request { exchange: number })) =
                flight.kind
            else {
                continue;
            };
            let first = *sent.entry(number).or_insert(flight.from_ns);
            let text = message(number, first);
            if !flight.lost && flight.until_ns <= at_ns && !arrived.contains(&text) {
                arrived.push(text);
            }
        }
        arrived
    }

    /// What calls get of them.
    #[must_use]
    pub fn calls(&self, lane: usize, at_ns: u64) -> Vec<Call> {
        let messages = self.messages(lane, at_ns);
        if self.is_stream(lane) {
            stream(&messages, self.scene.room)
        } else {
            datagrams(&messages, self.scene.room)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(calls: &[Call]) -> Vec<(&str, &str, bool)> {
        calls
            .iter()
            .map(|it| (it.bytes.as_str(), it.cut.as_str(), it.joined))
            .collect()
    }

    #[test]
    fn udp_cuts_and_tcp_joins() {
        let both = [message(1, 0), message(2, 1_000_000_000)];
        assert_eq!(
            calls(&datagrams(&both, 8)),
            [("Ping 1 0", ".000", false), ("Ping 2 1", ".000", false)]
        );
        assert_eq!(
            calls(&stream(&both, 8)),
            [
                ("Ping 1 0", "", false),
                (".000Ping", "", true),
                (" 2 1.000", "", false)
            ]
        );
        assert_eq!(
            calls(&datagrams(&both, 2048))[1],
            ("Ping 2 1.000", "", false)
        );
        assert_eq!(
            calls(&stream(&both, 2048)),
            [("Ping 1 0.000Ping 2 1.000", "", true)]
        );
        assert_eq!(calls(&stream(&both, 12)).len(), 2);
        assert!(stream(&[], 8).is_empty() && datagrams(&[], 8).is_empty());
    }
}
