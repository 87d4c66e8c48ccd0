//! A reflector at work: one socket, its loop, and the impairments that packets meet.
//!
//! Owns the queue of packets that are held back to be late. Whom to answer, and what, is
//! the core's; what a packet meets is the link model's. How many reflectors there are, and
//! where they listen, is not known here.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use anyhow::Context as _;
use udping_core::time::ReflectorTime;
use udping_journal::{Judged, Passage, Script, Way, corrupt};
use udping_link::{Direction, Link, PacketId};

use super::counts::ServiceCounts;
use super::drops::{self, DropLog};
use super::held_packet::HeldPacket;
use super::lock;
use super::record::ServeRecorder;
use super::script::ScriptPlayer;
use crate::clock::Clock;
use crate::delay_queue::DelayQueue;
use crate::i18n::say;
use crate::net::{
    Ancillary, Batch, Joined, Peer, RECEIVE_BUFFER, Received, ServerSocket, is_unreachable,
};
use crate::path_impairments::PathImpairments;
use crate::poll::POLL_INTERVAL;
use crate::reflector::{AnyReflector, IncomingRequest};
use crate::signals::Signals;
use crate::{inform, warn};

/// Room for replies.
struct ReplyBuffers<'a> {
    /// Room for one reply.
    reply: Vec<u8>,
    send: SendBuffers<'a>,
}

/// What sending takes, and receiving one at a time.
struct SendBuffers<'a> {
    /// Replies that wait to be sent together, for as long as it takes to make the others.
    waiting: Batch,
    ancillary: Ancillary,
    /// Where everything is put on record, if it is, while it is this thread's turn.
    record: Option<MutexGuard<'a, ServeRecorder>>,
    /// The same at any time.
    shared: Option<&'a Mutex<ServeRecorder>>,
}

impl SendBuffers<'_> {
    /// Takes the record: from then on, times are read and put on record that come after all
    /// others there.
    fn take_turn(&mut self) {
        if self.record.is_none() {
            self.record = self.shared.map(lock);
        }
    }

    /// Leaves it to others.
    fn end_turn(&mut self) {
        self.record = None;
    }
}

/// Takes a line for every request.
pub(crate) type Log<'a> = dyn FnMut(std::fmt::Arguments<'_>) -> io::Result<()> + 'a;

/// A reflector at work.
pub(crate) struct Service {
    socket: ServerSocket,
    reflector: AnyReflector,
    request: Link,
    reply: Link,
    script: ScriptPlayer,
    clock: Clock,
    /// Requests so far: each one's number is its packet's name to the links.
    arrivals: u64,
    held: DelayQueue<HeldPacket>,
    dropped: [u64; 2],
    unsendable: u64,
    drops: DropLog,
    joined: Joined,
    /// Where others find what is counted.
    board: Option<Arc<Mutex<ServiceCounts>>>,
    /// Called every time the loop goes round.
    pub(super) pulse: Option<Box<dyn FnMut() + Send>>,
}

impl Service {
    pub(crate) fn new(
        mut socket: ServerSocket,
        reflector: AnyReflector,
        impairments: PathImpairments,
    ) -> anyhow::Result<Self> {
        if reflector.wants_ttl() {
            socket.report_ttl().context(say::SERVE_NO_TTL)?;
            socket.report_timestamps();
        }
        if socket.takes_batches() {
            socket.join_datagrams();
        }
        Ok(Self {
            socket,
            reflector,
            request: Link::new(impairments.seed, Direction::Request, impairments.request),
            reply: Link::new(impairments.seed, Direction::Reply, impairments.reply),
            script: ScriptPlayer::default(),
            clock: Clock::start(),
            arrivals: 0,
            held: DelayQueue::default(),
            dropped: [0; 2],
            unsendable: 0,
            drops: DropLog::default(),
            joined: Joined::default(),
            board: None,
            pulse: None,
        })
    }

    /// Has single packets meet what `script` says, too.
    pub(super) fn with_script(self, script: Script) -> Self {
        Self {
            script: ScriptPlayer::new(script),
            ..self
        }
    }

    /// Answers until it is to stop; `log` gets a line for every request, and `record`, if there
    /// is one, everything.
    pub(crate) fn run(
        &mut self,
        signals: &Signals,
        log: &mut Log<'_>,
        record: Option<&Mutex<ServeRecorder>>,
    ) -> anyhow::Result<()> {
        let mut arrived = Batch::new(RECEIVE_BUFFER);
        let mut request = vec![0; RECEIVE_BUFFER];
        let mut out = ReplyBuffers {
            reply: vec![0; RECEIVE_BUFFER],
            send: SendBuffers {
                waiting: Batch::new(RECEIVE_BUFFER),
                ancillary: Ancillary::new(),
                record: None,
                shared: record,
            },
        };
        while !signals.stopped() {
            out.send.take_turn();
            if out.send.record.as_mut().is_some_and(|it| !it.attend()) {
                break;
            }
            if signals.take_report() {
                inform(&self.counts());
            }
            if let Some(pulse) = &mut self.pulse {
                pulse();
            }
            if let Some(board) = &self.board {
                *lock(board) = self.counts();
            }
            let now = self.clock.reflector_time();
            self.clock.follow_wall(now);
            while let Some(held) = self.held.pop_due(now) {
                // What was sent meanwhile took its time.
                let now = self.clock.reflector_time();
                match held.direction {
                    Direction::Request => {
                        let arrival = IncomingRequest {
                            peer: held.peer,
                            ttl: held.ttl,
                            received: held.due,
                            bytes: &held.bytes,
                            number: held.number,
                        };
                        self.answer(now, held.packet, &arrival, &mut out, log)?;
                    }
                    Direction::Reply => {
                        let which = (held.packet, held.nth);
                        self.send(which, &held.bytes, held.peer, &mut out.send);
                    }
                }
            }
            self.flush(&mut out.send);
            let wait = self.held.next_due().map_or(POLL_INTERVAL * 2, |due| {
                due.checked_since(now).unwrap_or_default()
            });
            out.send.end_turn();
            let received = if self.socket.takes_batches() {
                self.receive_many(&mut arrived, wait, &mut out, log)
            } else {
                self.receive(&mut request, wait, &mut out, log)
            };
            match received {
                Ok(()) => {}
                // What became of an earlier reply is its receiver's affair.
                Err(error) if is_unreachable(&error) => {}
                Err(error) => return Err(error).context(say::SERVE_CANNOT_RECEIVE),
            }
        }
        Ok(())
    }

    fn receive(
        &mut self,
        request: &mut [u8],
        wait: Duration,
        out: &mut ReplyBuffers<'_>,
        log: &mut Log<'_>,
    ) -> io::Result<()> {
        let Some(Received {
            len,
            peer,
            ttl,
            kernel_timestamp,
        }) = self
            .socket
            .receive(&mut out.send.ancillary, request, wait)?
        else {
            return Ok(());
        };
        out.send.take_turn();
        let now = self.clock.reflector_time();
        let arrival = IncomingRequest {
            peer,
            ttl,
            received: kernel_timestamp.map_or(now, |at| self.clock.received_at(now, at)),
            bytes: request.get(..len).unwrap_or_default(),
            number: self.script.number(peer.address),
        };
        self.arrive(now, &arrival, out, log)
    }

    /// The same for all requests that are there. Each has a time of its own.
    fn receive_many(
        &mut self,
        arrived: &mut Batch,
        wait: Duration,
        out: &mut ReplyBuffers<'_>,
        log: &mut Log<'_>,
    ) -> io::Result<()> {
        self.socket.receive_many(arrived, wait)?;
        out.send.take_turn();
        self.joined.add(arrived.len(), arrived.datagrams().count());
        for (bytes, peer) in arrived.datagrams() {
            if let Some(peer) = peer {
                let now = self.clock.reflector_time();
                let arrival = IncomingRequest {
                    peer,
                    ttl: None,
                    received: now,
                    bytes,
                    number: self.script.number(peer.address),
                };
                self.arrive(now, &arrival, out, log)?;
            }
        }
        Ok(())
    }

    /// The clock by which it goes.
    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Where its counts can be read from now on, each as it was when it last had nothing to do.
    pub(super) fn publish(&mut self) -> Arc<Mutex<ServiceCounts>> {
        Arc::clone(self.board.get_or_insert_default())
    }

    pub(super) fn counts(&self) -> ServiceCounts {
        ServiceCounts {
            lost: self.dropped,
            overflowed: self.held.overflowed(),
            unsendable: self.unsendable,
            rx_dropped: self.joined.datagrams_in(self.socket.rx_dropped(), u64::MAX),
            ..ServiceCounts::new(&self.reflector.counts())
        }
    }

    /// A request off the wire: its way here is simulated, then it is answered.
    fn arrive(
        &mut self,
        now: ReflectorTime,
        arrival: &IncomingRequest<'_>,
        out: &mut ReplyBuffers<'_>,
        log: &mut Log<'_>,
    ) -> io::Result<()> {
        let peer = arrival.peer;
        self.arrivals += 1;
        let packet = PacketId {
            seq: self.arrivals,
            copy: 0,
        };
        let fate = self.request.fate(packet);
        let actions = self.script.actions(arrival.number, Direction::Request, 0);
        let (own, duplicate, copies) = Passage::of(&fate, actions);
        if let Some(record) = &mut out.send.record {
            let claim = self.reflector.read(arrival.bytes);
            let way = Way::of(&own, duplicate.as_ref(), &copies);
            record.received(now, (packet.seq, None), arrival, &claim, way);
        }
        let hold = |passage: Passage, copy: u32| HeldPacket {
            due: arrival.received.saturating_add(passage.delay),
            direction: Direction::Request,
            packet: PacketId { copy, ..packet },
            nth: 0,
            peer,
            ttl: arrival.ttl,
            bytes: damaged(arrival.bytes, passage.corrupt),
            number: arrival.number,
        };
        // The link's own is 1.
        for (copy, passage) in (1..).zip(duplicate).chain((2..).zip(copies)) {
            if !passage.lost {
                self.held.push(hold(passage, copy));
            }
        }
        if own.lost {
            self.dropped[0] += 1;
            let number = packet.seq;
            return log(format_args!("{}", say::ServeLogLost { number, peer }));
        }
        if own.delay.is_zero() && !own.corrupt {
            return self.answer(now, packet, arrival, out, log);
        }
        self.held.push(hold(own, 0));
        Ok(())
    }

    /// A request that has arrived: judged, answered, and the reply sent on its way.
    fn answer(
        &mut self,
        now: ReflectorTime,
        packet: PacketId,
        arrival: &IncomingRequest<'_>,
        out: &mut ReplyBuffers<'_>,
        log: &mut Log<'_>,
    ) -> io::Result<()> {
        let peer = arrival.peer;
        let ReplyBuffers { reply, send } = out;
        let judged = |draws| Judged {
            number: packet.seq,
            copy: packet.copy,
            connection: None,
            at_ns: now.as_nanos(),
            draws,
        };
        let len = match self.reflector.answer(&self.clock, now, arrival, reply) {
            Ok(len) => len,
            Err(why) => {
                if let Some(record) = &mut send.record {
                    record.dropped(&judged(self.reflector.draws()), why);
                }
                if let Some(line) = self.drops.note(now, peer, why) {
                    warn(&line);
                }
                let (number, why) = (packet.seq, drops::reason(why));
                return log(format_args!(
                    "{}",
                    say::ServeLogDropped { number, peer, why }
                ));
            }
        };
        let reply = reply.get(..len).unwrap_or_default();
        let way_back = PacketId {
            copy: packet.copy * 2,
            ..packet
        };
        let fate = self.reply.fate(way_back);
        // A script does not name the copy that the link makes of a request.
        let copy = packet.copy.saturating_sub(1);
        let actions = if packet.copy == 1 {
            &[]
        } else {
            self.script.actions(arrival.number, Direction::Reply, copy)
        };
        let (own, duplicate, copies) = Passage::of(&fate, actions);
        if let Some(record) = &mut send.record {
            let size = Some(len).filter(|len| *len != arrival.bytes.len());
            let way = Way::of(&own, duplicate.as_ref(), &copies);
            record.answered(&judged(self.reflector.draws()), size, way);
        }
        let hold = |passage: Passage, nth: u32| HeldPacket {
            due: now.saturating_add(passage.delay),
            direction: Direction::Reply,
            packet,
            nth,
            peer,
            ttl: None,
            bytes: damaged(reply, passage.corrupt),
            number: arrival.number,
        };
        // The link's own is 1.
        for (nth, passage) in (1..).zip(duplicate).chain((2..).zip(copies)) {
            if !passage.lost {
                self.held.push(hold(passage, nth));
            }
        }
        if own.lost {
            self.dropped[1] += 1;
            let number = packet.seq;
            return log(format_args!("{}", say::ServeLogReplyLost { number, peer }));
        }
        if own.delay.is_zero() && !own.corrupt {
            self.send((packet, 0), reply, peer, send);
        } else {
            self.held.push(hold(own, 0));
        }
        let (number, bytes) = (packet.seq, arrival.bytes.len());
        log(format_args!(
            "{}",
            say::ServeLogAnswered {
                number,
                peer,
                bytes
            }
        ))
    }

    /// Sends a reply, perhaps later along with others: to which copy of a request, and which
    /// copy of the reply.
    fn send(&mut self, which: (PacketId, u32), reply: &[u8], to: Peer, send: &mut SendBuffers<'_>) {
        if !self.socket.takes_batches() {
            let now = self.clock.reflector_time();
            let error = self.send_now(reply, to, &mut send.ancillary).err();
            if let Some(record) = &mut send.record {
                record.transmitted(now, which, error.map(|error| error.to_string()));
            }
            return;
        }
        send.waiting.push(Some(to), |room| {
            room.get_mut(..reply.len()).map_or(0, |room| {
                room.copy_from_slice(reply);
                reply.len()
            })
        });
        if send.waiting.is_full() {
            self.flush(send);
        }
    }

    /// Sends the replies that wait.
    fn flush(&mut self, send: &mut SendBuffers<'_>) {
        let SendBuffers {
            waiting, ancillary, ..
        } = send;
        let mut first = 0;
        while first < waiting.len() {
            if waiting.len() > 1 {
                first += self.socket.send_many(waiting, first);
            }
            // One alone; or the first that failed, which by itself says why.
            if let (reply, Some(peer)) = waiting.get(first)
                && first < waiting.len()
            {
                // That it failed is counted.
                let _ = self.send_now(reply, peer, ancillary);
                first += 1;
            }
        }
        waiting.clear();
    }

    fn send_now(&mut self, reply: &[u8], to: Peer, ancillary: &mut Ancillary) -> io::Result<()> {
        let sent = self.socket.send(ancillary, reply, to).sent;
        self.unsendable += u64::from(sent.is_err());
        sent
    }
}

/// A datagram that waits, damaged on the way if a script says so.
fn damaged(bytes: &[u8], is_damaged: bool) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if is_damaged {
        corrupt(&mut bytes);
    }
    bytes
}
