//! Where the ends of each lane stand, and what they say.
//!
//! Owns the room that words need beside the lines: what is said in the whole run counts,
//! so that nothing moves aside while it is played.

use super::super::super::i18n::{Localization, Value, key};
use super::super::say;
use super::labels;
use udping_engine::lesson::scene::{Lane, Panel, Stage};
use udping_engine::lesson::track::{Flight, PacketKind};
use udping_sim::Side;
use udping_sim::actors::{Note, Segment};

/// The least room beside an end's line.
const LEAST_ROOM: f64 = 26.0;
/// The most room for what an end says.
const WIDEST_CAPTION: f64 = 170.0;
/// What of it is no text.
const CAPTION_GAP: f64 = 21.0;
/// How far apart the lines of several clients, or sockets, are, and at the least.
const LINE_DISTANCE: f64 = 24.0;
const LEAST_LINE_DISTANCE: f64 = 12.0;
/// The least length of a packet's way.
const LEAST_WAY: f64 = 40.0;
/// Lanes narrower than this say only the most needful, and the narrowest of them nothing.
const TIGHT: f64 = 270.0;
const TIGHTEST: f64 = 150.0;

/// Where the ends of a lane stand, in pixels from its left.
#[derive(Debug)]
pub(super) struct Plan {
    /// Which lane it is.
    pub(super) lane: usize,
    /// What talks in it.
    pub(super) kind: Lane,
    /// How wide it is.
    pub(super) width: f64,
    /// The server's line: of the only socket, or of the one that listens.
    pub(super) server: f64,
    /// How much of what is said has room in it.
    pub(super) room: Room,
    client: f64,
    members: usize,
    /// How far apart the lines of its clients, or sockets, are.
    apart: f64,
}

/// How much of what is said has room in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// All of it.
    Wide,
    /// The number of a ping, and the time that it took.
    Tight,
    /// The marks alone.
    Tightest,
}

impl Room {
    fn of(width: f64) -> Self {
        if width >= TIGHT {
            Self::Wide
        } else if width >= TIGHTEST {
            Self::Tight
        } else {
            Self::Tightest
        }
    }
}

/// Something that is said beside an end's line.
#[derive(Debug)]
pub(super) struct Caption {
    pub(super) at_ns: u64,
    pub(super) by: Side,
    pub(super) member: Option<usize>,
    /// The mark at the line, and its class.
    pub(super) symbol: Option<(&'static str, &'static str)>,
    /// The text, each line with its class.
    pub(super) lines: Vec<(String, &'static str)>,
}

/// The plans of all lanes: what the words leave of `width` is the packets' ways, each as
/// long as the others. Where they leave too little, less is said.
pub(super) fn all(l10n: &Localization, stage: &Stage, width: f64) -> Vec<Plan> {
    let kinds = &stage.scene.lanes;
    let count = real(kinds.len().max(1));
    let lines: usize = kinds.iter().map(|it| lines(*it, members(*it, stage))).sum();
    let least = Room::of((width - LEAST_LINE_DISTANCE * real(lines)) / count);
    let mut plans = Vec::new();
    for room in [Room::Wide, Room::Tight, Room::Tightest] {
        if room < least {
            continue;
        }
        plans = with_words(l10n, stage, room);
        let taken: f64 = plans.iter().map(|plan| plan.width).sum();
        let way = (width - 2.0 * count - taken) / count;
        if way >= LEAST_WAY || room == Room::Tightest {
            for plan in &mut plans {
                plan.width += way.max(LEAST_WAY);
                plan.server = plan.width - plan.server;
            }
            break;
        }
    }
    plans
}

/// The plans of all lanes without the packets' ways; the server's line from the right.
fn with_words(l10n: &Localization, stage: &Stage, room: Room) -> Vec<Plan> {
    let lanes = stage.scene.lanes.iter().enumerate();
    let plans = lanes.map(|(lane, kind)| {
        let all = captions(l10n, stage, lane, u64::MAX, room);
        let beside = |side: Side| {
            let texts = all
                .iter()
                .filter(|it| it.by == side)
                .flat_map(|it| &it.lines);
            let widest = texts.map(|(text, _)| labels::caption_width(text) + CAPTION_GAP);
            widest.fold(LEAST_ROOM, f64::max).min(WIDEST_CAPTION)
        };
        let mut plan = Plan {
            lane,
            kind: *kind,
            room,
            width: 0.0,
            server: 0.0,
            client: beside(Side::Client),
            members: members(*kind, stage),
            apart: match room {
                Room::Tightest => LEAST_LINE_DISTANCE,
                _ => LINE_DISTANCE,
            },
        };
        // The server's name stands above its line.
        let name = labels::caption_width(&server(l10n, stage)) / 2.0 + 6.0;
        plan.server = (beside(Side::Server) + plan.sockets()).max(name);
        plan.width = plan.client + plan.clients() + plan.server;
        plan
    });
    plans.collect()
}

impl Plan {
    /// How much room the lines of several clients take.
    fn clients(&self) -> f64 {
        self.apart * real(self.members.saturating_sub(1))
    }

    /// How much room the lines of connections' sockets take.
    fn sockets(&self) -> f64 {
        self.apart * real(sockets(self.kind, self.members))
    }

    /// Where a client's line is; without a number, the first one's.
    pub(super) fn client(&self, member: Option<usize>) -> f64 {
        self.client + self.apart * real(member.unwrap_or(0))
    }

    /// Where the socket of a client's connection is, if sockets are shown.
    pub(super) fn socket(&self, member: Option<usize>) -> Option<f64> {
        let shown = self.kind == Lane::TcpCrowd;
        Some(self.server + self.apart * real(member.filter(|_| shown)? + 1))
    }

    /// Where the last line on the server's side is.
    pub(super) fn last_socket(&self) -> f64 {
        self.server + self.sockets()
    }

    /// Where a packet enters or leaves the server.
    pub(super) fn door(&self, flight: &Flight) -> f64 {
        let listening = matches!(flight.kind, PacketKind::Tcp(Segment::Syn { .. }));
        let socket = self.socket(flight.member).filter(|_| !listening);
        socket.unwrap_or(self.server)
    }

    /// Every line that is there from the start, its name, and how many lines of text lower that
    /// stands: two names that have no room beside each other stand one under the other.
    pub(super) fn heads(&self, l10n: &Localization, stage: &Stage) -> Vec<(f64, String, f64)> {
        let client = |member: usize| {
            let name = if self.members > 1 {
                say::letter(member)
            } else {
                l10n.get(key::LEARN_CLIENT).to_owned()
            };
            (self.client(Some(member)), name, 0.0)
        };
        let mut heads: Vec<_> = (0..self.members).map(client).collect();
        let name = server(l10n, stage);
        let room = heads.last().map_or(0.0, |(x, last, _)| {
            let words = labels::name_width(last) + labels::name_width(&name);
            self.server - x - words / 2.0
        });
        heads.push((self.server, name, if room < 0.0 { 1.0 } else { 0.0 }));
        heads
    }
}

/// The server's name, with its clock where that is not the client's.
fn server(l10n: &Localization, stage: &Stage) -> String {
    let ahead = stage.scene.server_clock_ns;
    if ahead == 0 {
        return l10n.get(key::LEARN_SERVER).to_owned();
    }
    let ahead = say::change(l10n, ahead);
    l10n.say(key::LEARN_SERVER_CLOCK, &[("ahead", Value::Text(&ahead))])
}

/// How many lines of connections' sockets a lane has.
const fn sockets(kind: Lane, members: usize) -> usize {
    if matches!(kind, Lane::TcpCrowd) {
        members
    } else {
        0
    }
}

/// How many lines a lane has beside those of one client and one server.
const fn lines(kind: Lane, members: usize) -> usize {
    members.saturating_sub(1) + sockets(kind, members)
}

fn members(kind: Lane, stage: &Stage) -> usize {
    if matches!(kind, Lane::UdpCrowd | Lane::UdpQueue | Lane::TcpCrowd) {
        usize::try_from(stage.scene.clients).unwrap_or(1)
    } else {
        1
    }
}

/// What the ends of a lane have said by a moment, in order.
pub(super) fn captions(
    l10n: &Localization,
    stage: &Stage,
    lane: usize,
    at_ns: u64,
    room: Room,
) -> Vec<Caption> {
    let (Some(track), Some(kind)) = (stage.tracks.get(lane), stage.scene.lanes.get(lane)) else {
        return Vec::new();
    };
    let by_now = track.moments.iter().take_while(|it| it.at_ns <= at_ns);
    // Only where sockets are the point.
    let sockets = *kind == Lane::TcpCrowd;
    let shown = by_now.filter(|it| sockets || !matches!(it.note, Note::Opened | Note::Closed));
    let mut all: Vec<Caption> = shown
        .map(|moment| {
            let symbol = look(moment.note);
            let (text, truly) = say::note(l10n, moment.note, moment.member);
            let class = symbol.map_or("soft", |(_, class)| class);
            let truly = truly.map(|truly| (truly, "lost"));
            let lines = match room {
                Room::Wide => [(text, class)].into_iter().chain(truly).collect(),
                Room::Tight => say::short(l10n, moment.note)
                    .map(|text| (text, class))
                    .into_iter()
                    .collect(),
                Room::Tightest => Vec::new(),
            };
            Caption {
                at_ns: moment.at_ns,
                by: moment.by,
                member: moment.member,
                symbol,
                lines,
            }
        })
        .collect();
    if stage.scene.panels.contains(&Panel::Clocks) {
        all.extend(times(l10n, stage, lane, at_ns));
        all.sort_by_cached_key(|it| it.at_ns);
    }
    all
}

/// The four times of the newest exchange, each where it is read.
fn times(l10n: &Localization, stage: &Stage, lane: usize, at_ns: u64) -> Vec<Caption> {
    let Some((there, back)) = stage.exchange(lane, at_ns) else {
        return Vec::new();
    };
    let Some(times) = stage.four_times(lane, at_ns) else {
        return Vec::new();
    };
    let read = |name: &str, by, at_ns, time| Caption {
        at_ns,
        by,
        member: None,
        symbol: None,
        lines: vec![(format!("{name} {}", l10n.signed_span(time)), "t")],
    };
    vec![
        read("T1", Side::Client, there.from_ns, times.t1),
        read("T2", Side::Server, there.until_ns, times.t2),
        read("T3", Side::Server, back.from_ns, times.t3),
        read("T4", Side::Client, back.until_ns, times.t4),
    ]
}

/// How what is said looks: the outcome's own mark, where it is one.
fn look(note: Note) -> Option<(&'static str, &'static str)> {
    Some(match note {
        Note::Replied { seq, truly, .. } if seq != truly => ("#sym-miscredited", "lost"),
        Note::Replied { .. } => ("#sym-replied", "replied"),
        Note::TimedOut { .. } => ("#sym-lost", "lost"),
        Note::Failed { .. } => ("#sym-failed", "lost"),
        Note::Missing { .. } => ("#sym-unknown", "lost"),
        Note::Late { .. } => ("#sym-late", "late"),
        Note::Duplicate { .. } => ("#sym-duplicate", "duplicate"),
        Note::Discarded { .. } => ("#sym-ignored", "ignored"),
        Note::Stopped => ("#sym-end", "lost"),
        Note::Retransmits { .. } => ("#sym-sent", "late"),
        Note::Connected | Note::Opened | Note::Closed | Note::Heard { .. } => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
fn real(count: usize) -> f64 {
    count as f64
}
