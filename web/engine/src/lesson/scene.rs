//! What a step of a lesson shows: lanes side by side in one network, and what may be
//! changed about them.
//!
//! Owns how a scene becomes tracks. The same packet meets the same fate in every lane.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use udping_core::time::{ClientTime, saturating_nanos};
use udping_journal::ScheduleSpec;
use udping_link::{Impairments, Jitter, Loss, Rate};
use udping_sim::actors::classroom::{ClassroomClient, Rule};
use udping_sim::actors::heartbeat::{HeartbeatMonitor, HeartbeatSender};
use udping_sim::actors::tcp::{TcpClient, TcpServer};
use udping_sim::actors::{Crowd, Later};
use udping_sim::{Actor, Packet, ServerEnd, World, WorldError};

use super::track::{LaneNote, PacketKind, Track};
use crate::run::Run;
use crate::setup::Setup;

/// A scene.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Who talks, side by side.
    pub lanes: Vec<Lane>,
    /// Client and network.
    #[serde(default)]
    pub setup: Setup,
    /// How many clients there are where a lane has several.
    #[serde(default = "three")]
    pub clients: u64,
    /// How far the server's clock is ahead of the client's, in nanoseconds.
    #[serde(default)]
    pub server_clock_ns: i64,
    /// When the client's wall clock is set, and by how much ahead, in nanoseconds.
    #[serde(default)]
    pub wall_clock_step_ns: (u64, i64),
    /// How many bytes a call asks for that reads what has arrived.
    #[serde(default = "room")]
    pub room: usize,
    /// What is shown beside the lanes.
    #[serde(default)]
    pub panels: Vec<Panel>,
}

const fn room() -> usize {
    2048
}

const fn three() -> u64 {
    3
}

/// Who talks in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// The core's client.
    Ours,
    /// The client that takes whatever arrives for the answer to the ping that is out.
    CreditsWhateverArrives,
    /// The client whose timeout starts again with every packet.
    RestartsTimeout,
    /// The client without a timeout.
    WaitsForever,
    /// The client that does not catch its timeout's exception.
    FailsAtTimeout,
    /// The client that reads the wall clock.
    ReadsWallClock,
    /// TCP, a connection for every exchange.
    TcpNew,
    /// TCP, one connection for all.
    TcpKept,
    /// Several UDP clients of one server.
    UdpCrowd,
    /// The same, of a server that takes one request after the other.
    UdpQueue,
    /// Several TCP clients of one server.
    TcpCrowd,
    /// Pings that nobody answers.
    Heartbeat,
}

/// What can be shown beside the lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Panel {
    /// Packets, bytes and round trips.
    Counters,
    /// The server's sockets.
    Sockets,
    /// The four times and what is made of them.
    Clocks,
    /// Statistics, right and wrong.
    Figures,
    /// RTTs, and the timeout that an estimator would take.
    Estimator,
    /// What the heartbeat's server knows.
    Watch,
    /// Messages that have arrived, and what calls get of them.
    Messages,
}

/// What a learner may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    /// The delay to the server, in milliseconds.
    RequestDelay,
    /// The delay on the way back, in milliseconds.
    ReplyDelay,
    /// How far delays differ, each way, in milliseconds.
    Jitter,
    /// Loss to the server, in percent.
    RequestLoss,
    /// Loss on the way back, in percent.
    ReplyLoss,
    /// The server's own time, in milliseconds.
    Service,
    /// The timeout, in milliseconds; a heartbeat's longest silence.
    Timeout,
    /// How many pings.
    Count,
    /// The time between two pings, in milliseconds.
    Interval,
    /// How many clients.
    Clients,
    /// How far the server's clock is ahead, in milliseconds.
    ServerClock,
    /// How many bytes a call asks for.
    Room,
}

/// How far apart the clients of a crowd start.
const APART_NS: u64 = 20_000_000;

/// No lesson's actors talk for longer.
const LONGEST_NS: u64 = 600_000_000_000;

/// Bytes of a message where the lesson does not say.
const MESSAGE: u64 = 32;

impl Scene {
    /// Bytes of a message, without headers.
    #[must_use]
    pub fn message(&self) -> u64 {
        self.setup.size.unwrap_or(MESSAGE)
    }

    /// Changes one thing about it. What makes no sense is bounded, not refused.
    pub fn set(&mut self, control: Control, value: i64) {
        let whole = u64::try_from(value).unwrap_or(0);
        let span = Duration::from_millis(whole);
        let ways = |scene: &mut Self, change: &dyn Fn(&mut Impairments)| {
            change(&mut scene.setup.scenario.request);
            change(&mut scene.setup.scenario.reply);
        };
        match control {
            Control::RequestDelay => self.setup.scenario.request.delay = span,
            Control::ReplyDelay => self.setup.scenario.reply.delay = span,
            Control::Jitter => ways(self, &|way| {
                way.jitter = if whole == 0 {
                    Jitter::None
                } else {
                    Jitter::Uniform { spread: span }
                };
            }),
            Control::RequestLoss => self.setup.scenario.request.loss = loss(whole),
            Control::ReplyLoss => self.setup.scenario.reply.loss = loss(whole),
            Control::Service => self.setup.scenario.service_ns = saturating_nanos(span),
            Control::Timeout => self.setup.timeout_ns = saturating_nanos(span).max(1),
            Control::Count => self.setup.count = whole.max(1),
            Control::Interval => {
                let interval_ns = saturating_nanos(span).max(1);
                self.setup.schedule = ScheduleSpec::Paced { interval_ns };
            }
            Control::Clients => self.clients = whole.max(1),
            Control::Room => self.room = usize::try_from(whole).unwrap_or(usize::MAX).max(1),
            Control::ServerClock => self.server_clock_ns = value.saturating_mul(1_000_000),
        }
    }

    /// What a control stands at.
    #[must_use]
    pub fn get(&self, control: Control) -> i64 {
        let millis = |ns: u64| i64::try_from(ns / 1_000_000).unwrap_or(i64::MAX);
        let scenario = &self.setup.scenario;
        match control {
            Control::RequestDelay => millis(saturating_nanos(scenario.request.delay)),
            Control::ReplyDelay => millis(saturating_nanos(scenario.reply.delay)),
            Control::Jitter => match scenario.request.jitter {
                Jitter::Uniform { spread } => millis(saturating_nanos(spread)),
                _ => 0,
            },
            Control::RequestLoss => percent(scenario.request.loss),
            Control::ReplyLoss => percent(scenario.reply.loss),
            Control::Service => millis(scenario.service_ns),
            Control::Timeout => millis(self.setup.timeout_ns),
            Control::Count => i64::try_from(self.setup.count).unwrap_or(i64::MAX),
            Control::Interval => millis(self.interval_ns()),
            Control::Clients => i64::try_from(self.clients).unwrap_or(i64::MAX),
            Control::Room => i64::try_from(self.room).unwrap_or(i64::MAX),
            Control::ServerClock => self.server_clock_ns / 1_000_000,
        }
    }

    /// What the client's wall clock says at a moment, both in nanoseconds since the beginning.
    #[must_use]
    pub fn wall_clock(&self, at_ns: u64) -> i64 {
        let (step_ns, ahead_ns) = self.wall_clock_step_ns;
        let set = if at_ns >= step_ns { ahead_ns } else { 0 };
        i64::try_from(at_ns).unwrap_or(i64::MAX).saturating_add(set)
    }

    /// The time between two pings that wait for nothing.
    fn interval_ns(&self) -> u64 {
        match self.setup.schedule {
            ScheduleSpec::Paced { interval_ns } => interval_ns,
            _ => 1_000_000_000,
        }
    }

    /// The least time from one ping to the next of a client that waits for its replies.
    fn pause(&self) -> Duration {
        match self.setup.schedule {
            ScheduleSpec::Paced { interval_ns } => Duration::from_nanos(interval_ns),
            _ => Duration::ZERO,
        }
    }

    /// Plays it to its end.
    ///
    /// # Errors
    /// [`WorldError`] if the core refuses its setup.
    pub fn play(&self) -> Result<Stage, WorldError> {
        let tracks = self.lanes.iter().map(|lane| self.track(*lane));
        let tracks = tracks.collect::<Result<Vec<_>, _>>()?;
        let run = self.lanes.contains(&Lane::Ours);
        let run = run.then(|| Run::simulate(&self.setup.header()?));
        Ok(Stage {
            scene: self.clone(),
            tracks,
            run: run.transpose()?,
        })
    }

    fn track(&self, lane: Lane) -> Result<Track, WorldError> {
        let (count, timeout) = (self.setup.count, self.setup.timeout_ns);
        let classroom = |rule| {
            let client = ClassroomClient::new(rule, count, timeout).every(self.pause());
            self.between(client, self.reflector(), PacketKind::ping)
        };
        let tcp = |kept| {
            let client = TcpClient::new(count, kept);
            self.between(client, TcpServer::default(), PacketKind::tcp)
        };
        Ok(match lane {
            Lane::Ours => Track::of(
                World::new(&self.setup.header()?)?,
                u64::MAX,
                PacketKind::ping,
            ),
            Lane::CreditsWhateverArrives => classroom(Rule::CreditsWhateverArrives),
            Lane::RestartsTimeout => classroom(Rule::RestartsTimeout),
            Lane::WaitsForever => classroom(Rule::WaitsForever),
            Lane::FailsAtTimeout => classroom(Rule::FailsAtTimeout),
            Lane::ReadsWallClock => {
                let (at, ahead) = self.wall_clock_step_ns;
                classroom(Rule::ReadsWallClock {
                    at: ClientTime::from_nanos(at),
                    // A negative RTT is not one that this client could report.
                    ahead: Duration::from_nanos(u64::try_from(ahead).unwrap_or(0)),
                })
            }
            Lane::TcpNew => tcp(false),
            Lane::TcpKept => tcp(true),
            Lane::UdpCrowd | Lane::UdpQueue => {
                let clients = self.crowd(ClassroomClient::new(Rule::ChecksSequence, 1, timeout));
                let server = self.reflector();
                let server = match lane {
                    Lane::UdpQueue => server.one_at_a_time(),
                    _ => server,
                };
                self.between(clients, server, PacketKind::ping)
            }
            Lane::TcpCrowd => {
                let clients = self.crowd(TcpClient::new(1, false));
                let sockets = Crowd::new(self.size(), |_| TcpServer::default());
                self.between(clients, sockets, PacketKind::tcp)
            }
            Lane::Heartbeat => {
                let client = HeartbeatSender::new(count, self.interval_ns());
                let server = HeartbeatMonitor::new(timeout, self.server_clock_ns);
                self.between(client, server, PacketKind::beat)
            }
        })
    }

    /// What two ends do in this scene's network.
    fn between<C, S>(&self, client: C, server: S, kind: fn(&Packet) -> PacketKind) -> Track
    where
        C: Actor<Note: LaneNote>,
        S: Actor<Note = C::Note>,
    {
        let world = World::between(client, server, self.setup.scenario.clone());
        Track::of(world, LONGEST_NS, kind)
    }

    fn reflector<N>(&self) -> ServerEnd<N> {
        let scenario = &self.setup.scenario;
        ServerEnd::text(scenario.seed, Duration::from_nanos(scenario.service_ns))
    }

    /// How many share an end.
    fn size(&self) -> u16 {
        u16::try_from(self.clients).unwrap_or(u16::MAX)
    }

    /// Clients like this one, one after the other.
    fn crowd<A: Clone>(&self, client: A) -> Crowd<Later<A>> {
        Crowd::new(self.size(), |number| {
            let start = APART_NS.saturating_mul(number.into());
            Later::new(ClientTime::from_nanos(start), client.clone())
        })
    }
}

fn loss(percent: u64) -> Loss {
    let ppm = u32::try_from(percent.min(100)).unwrap_or(100) * 10_000;
    Loss::Independent(Rate::from_ppm(ppm).unwrap_or(Rate::ALWAYS))
}

fn percent(loss: Loss) -> i64 {
    match loss {
        Loss::Independent(rate) => i64::from(rate.ppm() / 10_000),
        Loss::Bursty { .. } => 0,
    }
}

/// A scene that was played.
#[derive(Debug, Clone)]
pub struct Stage {
    /// What was played.
    pub scene: Scene,
    /// What happened in each lane.
    pub tracks: Vec<Track>,
    /// The core's run, where a lane is its.
    pub run: Option<Run>,
}

impl Stage {
    /// When everything is over.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        self.tracks.iter().map(Track::end_ns).max().unwrap_or(0)
    }

    /// Every time at which something happens in any lane.
    #[must_use]
    pub fn times(&self) -> Vec<u64> {
        crate::order::in_order(self.tracks.iter().flat_map(Track::times))
    }
}
