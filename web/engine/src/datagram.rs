//! The bytes of a probe's packets, field by field.
//!
//! Owns which packets can be told: what a client sends follows from the journal, what a
//! server answers only from a simulation. How fields are read is the core's.

use udping_core::reflector::described::Answers;
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::template::{Role, Shown, Template, Values};
use udping_journal::WireName;
use udping_journal::comparison::Via;
use udping_link::Direction;

use super::log::{Cursor, Symbol};
use super::run::{Origin, Run};

/// One packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// Which way it travels.
    pub direction: Direction,
    /// How many bytes it has.
    pub len: usize,
    /// Its parts, in their order.
    pub fields: Vec<DatagramField>,
}

/// One part of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatagramField {
    /// How the template writes it.
    pub part: String,
    /// Where it begins.
    pub offset: usize,
    /// Its bytes.
    pub bytes: String,
}

/// The textbook's request, and the reply of a server that echoes.
const TEXTBOOK: &str = "Ping {seq} {time}";

/// Longer ones are not shown.
const MOST_BYTES: usize = 512;

impl Run {
    /// The packets of a probe that has been sent, as far as their bytes are known: its
    /// request, and in a simulation the reply that came. None on a binary wire, as STAMP's.
    #[must_use]
    pub fn datagrams(&self, probe: usize, cursor: Cursor) -> Vec<Datagram> {
        self.try_datagrams(probe, cursor).unwrap_or_default()
    }

    fn try_datagrams(&self, probe: usize, cursor: Cursor) -> Option<Vec<Datagram>> {
        // Heartbeats have another form, and TCP no datagrams.
        let other = self.beats() || self.via().is_some_and(|via| via != Via::Udp);
        let probe = self.probe(probe, cursor).filter(|_| !other)?;
        let sent = ClientTime::from_nanos(probe.sent_ns?);
        let header = self.header();
        let described = header.description.as_ref();
        let (request, answer) = if header.wire == WireName::Textbook {
            (TEXTBOOK, "{echo}")
        } else {
            let answer = described?.answer.first().map_or("{echo}", String::as_str);
            (described?.request.as_deref()?, answer)
        };
        let template = Template::compile(request, Role::Request).ok()?;
        let time = header.timestamps().after(WallTime::ZERO, probe.seq, sent);
        let mut buffer = [0; MOST_BYTES];
        let values = Values {
            seq: probe.seq,
            time,
        };
        let len = template.write(values, &mut buffer).ok()?;
        let sent = buffer.get(..len)?;
        let mut all = vec![datagram(Direction::Request, request, &template, sent)];
        // The textbook's padding says nothing.
        let padded = |datagram: &mut Datagram| {
            let size = header.size.and_then(|size| usize::try_from(size).ok());
            datagram.len = datagram.len.max(size.unwrap_or(0));
        };
        let answered = matches!(probe.symbol, Some(Symbol::Replied | Symbol::Late));
        if self.origin() == Origin::Simulated && answered {
            let answers = Answers::compile([(request, answer)]).ok()?;
            let mut reply = [0; MOST_BYTES];
            let len = answers.write(sent, time, &mut reply).ok()?;
            let reply = reply.get(..len)?;
            // By what reads it; without that, as a whole.
            let expected = described.map_or(&[][..], |it| &it.expect);
            let expected = expected.iter().map(String::as_str).chain([request]);
            let read = expected.filter_map(|text| {
                let template = Template::compile(text, Role::Expect).ok()?;
                template.read(reply).ok()?;
                Some(datagram(Direction::Reply, text, &template, reply))
            });
            all.extend(read.take(1));
        }
        if header.wire == WireName::Textbook {
            all.iter_mut().for_each(padded);
        }
        Some(all)
    }
}

fn datagram(direction: Direction, text: &str, template: &Template, bytes: &[u8]) -> Datagram {
    let fields = template.fields(bytes).map_while(Result::ok);
    let fields = fields.map(|field| DatagramField {
        part: template
            .span(field.part)
            .and_then(|span| text.get(span))
            .unwrap_or_default()
            .to_owned(),
        offset: field.bytes.start,
        bytes: Shown(bytes.get(field.bytes).unwrap_or_default()).to_string(),
    });
    Datagram {
        direction,
        len: bytes.len(),
        fields: fields.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::Setup;

    fn run(wire: Option<&str>) -> Run {
        let setup = Setup {
            wire: wire.map(str::to_owned),
            ..Setup::default()
        };
        Run::simulate(&setup.header().unwrap()).unwrap()
    }

    #[test]
    fn the_bytes_of_every_wire_are_told_field_by_field() {
        for wire in [None].into_iter().chain(Setup::wires().map(Some)) {
            let run = run(wire);
            let end = run.after(run.events());
            assert!(
                run.probe(2, end)
                    .is_some_and(|it| it.symbol == Some(Symbol::Replied)),
                "{wire:?}"
            );
            let told = run.datagrams(2, end);
            // What is binary has no parts that could be read.
            if WireName::OWN.iter().any(|own| wire == Some(own.name())) {
                assert_eq!(told, []);
                continue;
            }
            let ways: Vec<_> = told.iter().map(|it| it.direction).collect();
            assert_eq!(ways, [Direction::Request, Direction::Reply], "{wire:?}");
            for datagram in &told {
                assert!(!datagram.fields.is_empty(), "{wire:?}");
            }
        }
        let run = run(Some("ufes"));
        let told = run.datagrams(2, run.after(run.events()));
        let parts: Vec<_> = told[1]
            .fields
            .iter()
            .map(|it| (it.part.as_str(), it.offset, it.bytes.as_str()))
            .collect();
        assert_eq!(parts[0], ("{seq:05}", 0, "00003"));
        assert_eq!(parts[1], ("1", 5, "1"));
        assert_eq!(told[0].len, 40);
        assert_eq!(run.datagrams(2, Cursor::default()), [], "not yet sent");
    }
}
