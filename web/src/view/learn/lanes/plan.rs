//! Where the ends of each lane stand, and what they say.
//!
//! Owns the room that words need beside the lines: what is said in the whole run counts,
//! so that nothing moves aside while it is played.

use super::super::super::i18n::{Value, Words, key};
use super::super::say;
use super::labels;
use udping_engine::lesson::scene::{Lane, Panel, Stage};
use udping_engine::lesson::track::{Cargo, Hop};
use udping_sim::Side;
use udping_sim::actors::{Note, Segment};

/// The least room beside an end's line.
const MUTE: f64 = 26.0;
/// The most room for what an end says.
const SAID: f64 = 170.0;
/// What of it is no text.
const BESIDE: f64 = 18.0;
/// How far apart the lines of several clients, or sockets, are.
const APART: f64 = 24.0;
/// The least length of a packet's way.
const WAY: f64 = 120.0;

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
    client: f64,
    members: usize,
}

/// Something that is said beside an end's line.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) at_ns: u64,
    pub(super) by: Side,
    pub(super) member: Option<usize>,
    /// The mark at the line, and its class.
    pub(super) mark: Option<(&'static str, &'static str)>,
    /// The text, each line with its class.
    pub(super) lines: Vec<(String, &'static str)>,
}

/// The plans of all lanes: what the words leave of `width` is the packets' ways, each as
/// long as the others.
pub(super) fn all(words: &Words, stage: &Stage, width: f64) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    let lanes = stage.scene.lanes.iter().enumerate();
    for (lane, kind) in lanes {
        let all = said(words, stage, lane, u64::MAX);
        let beside = |side: Side| {
            let texts = all
                .iter()
                .filter(|it| it.by == side)
                .flat_map(|it| &it.lines);
            let widest = texts.map(|(text, _)| labels::said(text) + BESIDE);
            widest.fold(MUTE, f64::max).min(SAID)
        };
        let mut plan = Plan {
            lane,
            kind: *kind,
            width: 0.0,
            server: 0.0,
            client: beside(Side::Client),
            members: members(*kind, stage),
        };
        // The server's name stands above its line.
        let name = labels::said(&server(words, stage)) / 2.0 + 6.0;
        let server = (beside(Side::Server) + plan.sockets()).max(name);
        plan.width = plan.client + plan.clients() + server;
        plan.server = server;
        plans.push(plan);
    }
    let taken: f64 = plans.iter().map(|plan| plan.width).sum();
    let share = (width - 2.0 * real(plans.len()) - taken) / real(plans.len().max(1));
    for plan in &mut plans {
        plan.width += share.max(WAY);
        plan.server = plan.width - plan.server;
    }
    plans
}

impl Plan {
    /// How much room the lines of several clients take.
    fn clients(&self) -> f64 {
        APART * real(self.members.saturating_sub(1))
    }

    /// How much room the lines of connections' sockets take.
    fn sockets(&self) -> f64 {
        if self.kind == Lane::TcpCrowd {
            APART * real(self.members)
        } else {
            0.0
        }
    }

    /// Where a client's line is; without a number, the first one's.
    pub(super) fn client(&self, member: Option<usize>) -> f64 {
        self.client + APART * real(member.unwrap_or(0))
    }

    /// Where the socket of a client's connection is, if sockets are shown.
    pub(super) fn socket(&self, member: Option<usize>) -> Option<f64> {
        let shown = self.kind == Lane::TcpCrowd;
        Some(self.server + APART * real(member.filter(|_| shown)? + 1))
    }

    /// Where the last line on the server's side is.
    pub(super) fn last_socket(&self) -> f64 {
        self.server + self.sockets()
    }

    /// Where a packet enters or leaves the server.
    pub(super) fn door(&self, hop: &Hop) -> f64 {
        let listening = matches!(hop.cargo, Cargo::Tcp(Segment::Syn { .. }));
        let socket = self.socket(hop.member).filter(|_| !listening);
        socket.unwrap_or(self.server)
    }

    /// Every line that is there from the start, and its name.
    pub(super) fn heads(&self, words: &Words, stage: &Stage) -> Vec<(f64, String)> {
        let client = |member: usize| {
            let name = if self.members > 1 {
                say::letter(member)
            } else {
                words.get(key::LEARN_CLIENT).to_owned()
            };
            (self.client(Some(member)), name)
        };
        let mut heads: Vec<_> = (0..self.members).map(client).collect();
        heads.push((self.server, server(words, stage)));
        heads
    }
}

/// The server's name, with its clock where that is not the client's.
fn server(words: &Words, stage: &Stage) -> String {
    let ahead = stage.scene.server_clock_ns;
    if ahead == 0 {
        return words.get(key::LEARN_SERVER).to_owned();
    }
    let ahead = say::change(words, ahead);
    words.say(key::LEARN_SERVER_CLOCK, &[("ahead", Value::Text(&ahead))])
}

fn members(kind: Lane, stage: &Stage) -> usize {
    if matches!(kind, Lane::UdpCrowd | Lane::TcpCrowd) {
        usize::try_from(stage.scene.clients).unwrap_or(1)
    } else {
        1
    }
}

/// What the ends of a lane have said by a moment, in order.
pub(super) fn said(words: &Words, stage: &Stage, lane: usize, at_ns: u64) -> Vec<Said> {
    let (Some(track), Some(kind)) = (stage.tracks.get(lane), stage.scene.lanes.get(lane)) else {
        return Vec::new();
    };
    let by_now = track.moments.iter().take_while(|it| it.at_ns <= at_ns);
    // Only where sockets are the point.
    let sockets = *kind == Lane::TcpCrowd;
    let told = by_now.filter(|it| sockets || !matches!(it.note, Note::Opened | Note::Closed));
    let mut all: Vec<Said> = told
        .map(|moment| {
            let mark = look(moment.note);
            let (said, truly) = say::note(words, moment.note, moment.member);
            let class = mark.map_or("soft", |(_, class)| class);
            let truly = truly.map(|truly| (truly, "lost"));
            Said {
                at_ns: moment.at_ns,
                by: moment.by,
                member: moment.member,
                mark,
                lines: [(said, class)].into_iter().chain(truly).collect(),
            }
        })
        .collect();
    if stage.scene.panels.contains(&Panel::Clocks) {
        all.extend(times(words, stage, lane, at_ns));
        all.sort_by_key(|it| it.at_ns);
    }
    all
}

/// The four times of the newest exchange, each where it is read.
fn times(words: &Words, stage: &Stage, lane: usize, at_ns: u64) -> Vec<Said> {
    let Some((there, back)) = stage.exchange(lane, at_ns) else {
        return Vec::new();
    };
    let Some(times) = stage.four_times(lane, at_ns) else {
        return Vec::new();
    };
    let read = |name: &str, by, at_ns, time| Said {
        at_ns,
        by,
        member: None,
        mark: None,
        lines: vec![(format!("{name} {}", say::span(words, time)), "t")],
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
        Note::Replied { seq, truly, .. } if seq != truly => ("#m-unknown", "lost"),
        Note::Replied { .. } => ("#m-replied", "replied"),
        Note::TimedOut { .. } | Note::Missing { .. } => ("#m-lost", "lost"),
        Note::Late { .. } => ("#m-late", "late"),
        Note::Duplicate { .. } => ("#m-duplicate", "duplicate"),
        Note::Discarded { .. } => ("#m-ignored", "ignored"),
        Note::Stopped => ("#m-end", "lost"),
        Note::Retransmits { .. } => ("#m-due", "late"),
        Note::Connected | Note::Opened | Note::Closed | Note::Heard { .. } => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
fn real(count: usize) -> f64 {
    count as f64
}
