//! A world's steps into a run's columns, and points to come back to.
//!
//! Owns the bookkeeping of which packets are in the air. Decides nothing: the world
//! does.

use std::collections::HashMap;

use udping_core::event::{Event, Outcome};
use udping_journal::Header;
use udping_journal::{Action, Intervention};
use udping_link::{Direction, PacketId};
use udping_sim::{Decision, Packet, Recorded, Step, World, WorldError, WorldEvent};

use super::log::{Code, EventData, EventKind, Lengths, Log, NONE, Revision, flag, index};

/// A simulation that is being written down.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    world: World,
    log: Log,
    /// The packets in the air, by [`name`].
    open: HashMap<u64, u32>,
    /// How many interventions have been carried out.
    intervened: u64,
    checkpoints: Vec<Checkpoint>,
    stride: usize,
    most_checkpoints: usize,
}

/// A world, and how much of the log it has made.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoint {
    world: World,
    kept: Lengths,
    intervened: u64,
    open: Vec<(u64, u32, u64, u8)>,
}

/// A finished simulation.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    pub(crate) log: Log,
    checkpoints: Vec<Checkpoint>,
    stride: usize,
}

impl Recording {
    /// A simulation of which only the log is left.
    pub(crate) fn bare(log: Log) -> Self {
        Self {
            log,
            checkpoints: Vec::new(),
            stride: Recorder::STRIDE,
        }
    }
}

impl Recorder {
    /// The first distance between two checkpoints, in steps; it doubles as they get many.
    const STRIDE: usize = 512;

    pub(crate) fn new(header: &Header) -> Result<Self, WorldError> {
        let world = World::new(header)?;
        let log = Log::with(world.scenario().interventions.clone());
        // A world is mostly its table: keep fewer of the big ones.
        let slots = usize::try_from(header.table_entries)
            .unwrap_or(usize::MAX)
            .max(1);
        Ok(Self {
            world,
            log,
            open: HashMap::new(),
            intervened: 0,
            checkpoints: Vec::new(),
            stride: Self::STRIDE,
            most_checkpoints: ((1 << 20) / slots).clamp(2, 32),
        })
    }

    /// The simulation that `header` describes, without simulating again what it has in
    /// common with `recording`.
    pub(crate) fn fork(recording: &Recording, header: &Header) -> Result<Self, WorldError> {
        let mut fresh = Self::new(header)?;
        let wanted = core::mem::take(&mut fresh.log.interventions);
        let ahead = |it: &Checkpoint| {
            let missing = missing(&wanted, &it.world.scenario().interventions)?;
            let now = it.world.now().as_nanos();
            let ahead = missing.iter().all(|later| later.at_ns > now);
            ahead.then_some(missing)
        };
        let checkpoints = recording.checkpoints.iter().enumerate().rev();
        let last = checkpoints.filter_map(|(at, it)| Some((at, it, ahead(it)?)));
        if let Some((at, last, missing)) = { last }.next() {
            fresh.world = last.world.clone();
            for later in missing {
                // Refused only if it lay in the past, and it does not.
                let added = fresh.world.intervene_later(later);
                debug_assert!(added.is_ok(), "{later:?} lies before the checkpoint");
            }
            fresh.log = recording.log.clone();
            fresh.log.truncate(&last.kept);
            fresh.intervened = last.intervened;
            for (id, flight, until, flags) in &last.open {
                fresh.open.insert(*id, *flight);
                fresh.set_flight(*flight, *until, *flags);
            }
            fresh.checkpoints = recording
                .checkpoints
                .get(..=at)
                .unwrap_or_default()
                .to_vec();
            fresh.stride = recording.stride;
        }
        fresh.log.interventions = wanted;
        Ok(fresh)
    }

    /// Simulates so many steps at most; false at the end.
    pub(crate) fn advance(&mut self, steps: usize) -> bool {
        for _ in 0..steps {
            if self.log.events.at.len().is_multiple_of(self.stride) {
                self.checkpoint();
            }
            let Some(step) = self.world.next() else {
                return false;
            };
            self.take(&step);
        }
        true
    }

    /// How many probes were sent so far.
    pub(crate) fn probes(&self) -> usize {
        self.log.probes.seq.len()
    }

    /// Simulates to the end.
    pub(crate) fn run(mut self) -> Recording {
        while self.advance(usize::MAX) {}
        self.log.flights.seal();
        Recording {
            log: self.log,
            checkpoints: self.checkpoints,
            stride: self.stride,
        }
    }

    fn checkpoint(&mut self) {
        let open = self.open.iter().filter_map(|(id, flight)| {
            let at = index(*flight)?;
            let until = *self.log.flights.until.get(at)?;
            Some((*id, *flight, until, *self.log.flights.flags.get(at)?))
        });
        self.checkpoints.push(Checkpoint {
            world: self.world.clone(),
            kept: Lengths::of(&self.log),
            intervened: self.intervened,
            open: open.collect(),
        });
        if self.checkpoints.len() > self.most_checkpoints {
            let mut keep = [true, false].into_iter().cycle();
            self.checkpoints.retain(|_| keep.next().unwrap_or(true));
            self.stride *= 2;
        }
    }

    fn take(&mut self, step: &Step<Recorded>) {
        let at = step.at.as_nanos();
        match (step.what, step.decision()) {
            (WorldEvent::Sent(packet), Some(Decision::Sent(probe))) => {
                let event = self.log.push_sent(at, probe.seq, probe.due.as_nanos());
                self.open_flight(&packet, event);
                self.open_copy(step, event);
            }
            (WorldEvent::Lost(packet), _) => {
                self.land(at, &packet, EventKind::Dropped);
            }
            (WorldEvent::Dropped(packet, _), _) => {
                self.land(at, &packet, EventKind::Unanswered);
            }
            (WorldEvent::Reflected(request, reply), _) => {
                let event = self.land(at, &request, EventKind::Reflected);
                self.open_flight(&reply, event);
                self.open_copy(step, event);
            }
            (WorldEvent::Arrived(packet), Some(Decision::Outcome(outcome))) => {
                self.arrive(at, &packet, &outcome);
            }
            (WorldEvent::Said(_), Some(Decision::Event(event))) => self.pass(at, &event),
            (WorldEvent::Intervened(intervention, hit), _) => {
                let event = self.intervene(at, &intervention, hit);
                self.open_copy(step, event);
            }
            (WorldEvent::Done, _) => {
                self.log.push(at, Code::new(EventKind::Done), None, 0);
            }
            // Our client says what it sends, what comes to it, and when it speaks.
            (WorldEvent::Sent(_) | WorldEvent::Arrived(_) | WorldEvent::Said(_), _) => {}
        }
    }

    /// Notes the copy that a step makes of a packet.
    fn open_copy(&mut self, step: &Step<Recorded>, event: u32) {
        if let Some(copy) = &step.copy {
            self.open_flight(copy, event);
        }
    }

    fn open_flight(&mut self, packet: &Packet, event: u32) {
        let flags = (if packet.lost { flag::LOST } else { 0 })
            | (if packet.damaged { flag::DAMAGED } else { 0 });
        let probe = self.log.find(packet.id.seq).unwrap_or(NONE);
        let flight = self.log.flights.push(
            packet.direction,
            (packet.from.as_nanos(), packet.until.as_nanos()),
            (probe, packet.id.copy),
            event,
            flags,
        );
        self.open.insert(name(packet.direction, packet.id), flight);
    }

    fn land(&mut self, at: u64, packet: &Packet, kind: EventKind) -> u32 {
        let flight = self
            .open
            .get(&name(packet.direction, packet.id))
            .copied()
            .unwrap_or(NONE);
        let probe = self.log.find(packet.id.seq);
        let event = self.log.push(at, Code::new(kind), probe, flight.into());
        self.close(packet, event);
        event
    }

    fn close(&mut self, packet: &Packet, event: u32) {
        let flight = self.open.remove(&name(packet.direction, packet.id));
        let Some(at) = flight.and_then(index) else {
            return;
        };
        if let Some(ended) = self.log.flights.ended.get_mut(at) {
            *ended = event;
        }
    }

    fn arrive(&mut self, at: u64, packet: &Packet, outcome: &Outcome) {
        let seq = match *outcome {
            Outcome::Replied { seq, .. }
            | Outcome::Late { seq, .. }
            | Outcome::Duplicate { seq, .. }
            | Outcome::Refused { seq, .. }
            | Outcome::Unsent { seq }
            | Outcome::KernelRtt { seq, .. } => seq,
            Outcome::Ignored(_) => packet.id.seq,
        };
        let (code, value) = EventData::from(outcome).row();
        let event = self.log.push(at, code, self.log.find(seq), value);
        self.close(packet, event);
    }

    fn pass(&mut self, at: u64, event: &Event) {
        let (seq, what) = match *event {
            Event::Lost { seq, deadline } => {
                let deadline_ns = deadline.as_nanos();
                (Some(seq), EventData::Lost { deadline_ns })
            }
            Event::Missed { slots, .. } => (None, EventData::Missed { slots }),
        };
        let probe = seq.and_then(|seq| self.log.find(seq));
        let (code, value) = what.row();
        self.log.push(at, code, probe, value);
    }

    fn intervene(&mut self, at: u64, intervention: &Intervention, hit: bool) -> u32 {
        let probe = self.log.find(intervention.packet.seq);
        let number = self.intervened;
        self.intervened += 1;
        let code = Code::new(EventKind::Intervened).without(!hit);
        let event = self.log.push(at, code, probe, number);
        let id = name(intervention.direction, intervention.packet);
        let Some(flight) = self.open.get(&id).copied().filter(|_| hit) else {
            return event;
        };
        let Some((until, flags)) = index(flight).and_then(|at| {
            let until = *self.log.flights.until.get(at)?;
            Some((until, *self.log.flights.flags.get(at)?))
        }) else {
            return event;
        };
        let (new_until, new_flags) = match intervention.action {
            Action::Drop => (at, flags | flag::LOST | flag::DROPPED),
            Action::Delay { by_ns } => (until.saturating_add(by_ns), flags),
            Action::Corrupt => (until, flags | flag::DAMAGED),
            Action::Duplicate { .. } => return event,
        };
        self.log.revisions.push(Revision {
            flight,
            event,
            until,
            flags,
        });
        self.set_flight(flight, new_until, new_flags);
        event
    }

    fn set_flight(&mut self, flight: u32, until: u64, flags: u8) {
        let Some(at) = index(flight) else { return };
        let columns = &mut self.log.flights;
        if let (Some(end), Some(bits)) = (columns.until.get_mut(at), columns.flags.get_mut(at)) {
            (*end, *bits) = (until, flags);
        }
    }
}

/// What is wanted beyond what is known; `None` if not all that is known is wanted. Both
/// are in the order of their times.
fn missing(wanted: &[Intervention], known: &[Intervention]) -> Option<Vec<Intervention>> {
    let mut known = known.iter().peekable();
    let mut missing = wanted.to_vec();
    missing.retain(|it| known.next_if_eq(&it).is_none());
    known.next().is_none().then_some(missing)
}

/// A packet's name as one number: unique, for no page simulates 2³¹ probes.
fn name(direction: Direction, id: PacketId) -> u64 {
    let reply = u64::from(direction == Direction::Reply);
    id.seq << 33 | u64::from(id.copy) << 1 | reply
}
