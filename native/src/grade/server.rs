//! A server's trial: requests of many kinds, and what became of them and of the server.
//!
//! Owns the kinds, and what each shows. A server may lose requests, as the textbook's does:
//! it is to answer some of two dozen, to the one that asked, and to live on. What an answer
//! is, [`answer`](super::answer) knows.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::os::fd::AsFd as _;
use std::process::Child;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use serde::{Deserialize, Serialize};

use super::answer::{Kind, Wire};
use super::bug::Bug;
use super::confine;
use super::judge::{Finding, Judged, Unjudged, shown};
use super::program::{Program, launch, terminal};
use super::transcript::{End, Line, Open, Transcript};
use super::verdict::Result as ScenarioResult;
use crate::clock::Clock;

/// What is to be tried.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Serving {
    pub(super) program: Program,
    /// The described wire that it speaks; the textbook's without.
    pub(super) wire: Option<String>,
}

/// How long a server has until it listens.
const START: Duration = Duration::from_secs(25);

/// How long a client waits, and so how long an answer may take.
const ANSWER: Duration = Duration::from_secs(1);

/// By how much longer each third request is waited for, so that an answer that the next request
/// brings forth is told from one that takes so long.
const LONGER: Duration = Duration::from_millis(120);

/// How long a second answer to the same request may take.
const SECOND: Duration = Duration::from_millis(60);

/// An answer that comes so soon is one to the request just before it.
const PROMPT: Duration = Duration::from_millis(30);

/// How many requests ask whether a server lives.
const ASKED: usize = 12;

/// After so many without an answer they are not waited for one by one.
const SILENT: usize = 6;

/// How many such are sent: one that loses every other request answers none of all of them less
/// than once in sixteen million times.
const MORE: usize = 18;

/// Between those, so that one that answers slowly has time for each.
const DISTANCE: Duration = Duration::from_millis(60);

/// How often a server must be slow, or change what it answers, until that is said.
const OFTEN_ENOUGH: usize = 3;

/// What a server was asked, one kind after the other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Served {
    phases: Vec<Phase>,
    output: Vec<String>,
    end: Option<End>,
    open: Vec<Open>,
    /// It listened on its port by TCP, and not by UDP.
    tcp: bool,
    /// It listened on its port.
    listened: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Phase {
    name: String,
    asked: usize,
    answered: usize,
    /// Answers to somebody else's request.
    mixed: usize,
    /// Answers that came after the next request: how long after their own, and after that one.
    stale: Vec<(Duration, Duration)>,
    /// Answers from another address than was asked.
    elsewhere: usize,
    /// Second answers.
    twice: usize,
    /// Answers after longer than a client waits: how long each took.
    slow: Vec<Duration>,
    /// Answers that are not what was asked.
    odd: Vec<Odd>,
    /// The longest answer to a long request, if any came.
    longest: Option<usize>,
    /// It had ended when this was over.
    ended: bool,
}

/// An answer that is not what was asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Odd {
    kind: Kind,
    asked: String,
    answered: String,
}

impl Phase {
    /// Whether no other request waits at the server, which may answer one after the other.
    fn is_alone(&self) -> bool {
        self.name == "well-formed"
    }

    /// Whether each answer belongs to the request before: it comes at once after the next one,
    /// however long that was waited with.
    fn is_behind(&self) -> bool {
        let prompt = self.stale.iter().filter(|it| it.1 < PROMPT);
        let waited: Vec<Duration> = prompt.map(|it| it.0).collect();
        let spread = waited.iter().max().zip(waited.iter().min());
        waited.len() >= OFTEN_ENOUGH
            && spread.is_some_and(|(most, least)| most.saturating_sub(*least) > LONGER)
    }

    /// What most answers are instead of what was asked, with the first of them.
    fn changed(&self) -> Option<(Bug, &Odd)> {
        let bugs = [
            (Kind::Repeated, Bug::AnswerRepeated),
            (Kind::Truncated, Bug::AnswerTruncated),
            (Kind::Changed, Bug::AnswerChanged),
        ];
        bugs.into_iter().find_map(|(kind, bug)| {
            let of_it = self.odd.iter().filter(|it| it.kind == kind);
            let often = of_it.clone().count();
            let first = of_it.clone().next()?;
            (often >= OFTEN_ENOUGH.min(self.answered) && 2 * often > self.answered)
                .then_some((bug, first))
        })
    }
}

/// How often each odd request is sent.
const OFTEN: usize = 8;

/// How long the large ones are: as the textbook's buffer, by one more, and as long as can be.
const LONG: [usize; 4] = [1024, 1025, 4096, 65_507];

/// How many requests are sent as fast as can be, at most, and how long a server may need for them.
const FAST: usize = 200;
const FAST_FOR: Duration = Duration::from_secs(2);

/// The kinds of requests, each before others that a living server answers.
const KINDS: [&str; 6] = [
    "well-formed",
    "malformed",
    "empty",
    "large",
    "fast",
    "concurrent",
];

/// Runs a server's trial.
///
/// # Errors
/// There is no socket or no terminal to be had.
pub(super) fn run(serving: &Serving) -> anyhow::Result<Served> {
    let program = &serving.program;
    confine::stay_below()?;
    let mut open = Vec::new();
    if program.isolated {
        confine::isolate()?;
    } else {
        open.extend([Open::Network, Open::Processes, Open::Files]);
    }
    let port = program.port.unwrap_or(crate::cli::DEFAULT_PORT);
    let terminal = terminal()?;
    let mut trial = Prober {
        clock: Clock::start(),
        server: (Ipv4Addr::LOCALHOST, port).into(),
        wire: Wire::named(serving.wire.as_deref()),
        master: File::from(terminal.master),
        launched: launch(program, port, terminal.slave)?,
        output: Vec::new(),
        number: 0,
        pace: Duration::ZERO,
        first: None,
    };
    let mut listened = trial.listens()?;
    while !listened && trial.clock.elapsed() < START && !trial.has_ended()? {
        trial.pause(Duration::from_millis(20));
        listened = trial.listens()?;
    }
    let tcp = !listened && TcpStream::connect(trial.server).is_ok();
    let mut served = Served {
        tcp,
        phases: Vec::new(),
        output: Vec::new(),
        end: None,
        open,
        listened,
    };
    for name in KINDS.into_iter().filter(|_| served.listened) {
        let mut phase = trial.phase(name)?;
        phase.ended = trial.has_ended()?;
        // One that answers nothing is not asked on.
        let ended = phase.ended || phase.answered == 0 && phase.slow.is_empty();
        served.phases.push(phase);
        if ended {
            break;
        }
    }
    if trial.has_ended()?
        && let Some(mut said) = trial.launched.stdout.take()
    {
        let mut text = Vec::new();
        said.read_to_end(&mut text)?;
        served.end = serde_json::from_slice(&text).ok();
    }
    let _ = trial.launched.kill();
    let _ = trial.launched.wait();
    confine::end_all();
    trial.read();
    let output = String::from_utf8_lossy(&trial.output);
    served.output = output.lines().map(|it| it.trim_end().to_owned()).collect();
    Ok(served)
}

/// A request that was sent.
struct Request {
    client: usize,
    number: usize,
    bytes: Vec<u8>,
    at: Duration,
    answered: bool,
}

struct Prober {
    clock: Clock,
    server: SocketAddr,
    wire: Wire,
    master: File,
    launched: Child,
    output: Vec<u8>,
    number: usize,
    /// How long it needs for a request, one after the other.
    pace: Duration,
    /// The client that saw that it listens.
    first: Option<UdpSocket>,
}

impl Prober {
    /// Keeps the end of what the server prints, which says why it ended.
    fn read(&mut self) {
        const KEPT: usize = 1 << 16;
        let mut bytes = [0; 8192];
        // Nobody has the other end any more where it fails.
        while let Ok(read @ 1..) = self.master.read(&mut bytes) {
            self.output
                .extend_from_slice(bytes.get(..read).unwrap_or_default());
            if self.output.len() > 2 * KEPT {
                self.output.drain(..KEPT);
            }
        }
    }

    /// Waits until then, or for a datagram, while the server never waits for a reader: whether
    /// there is one.
    fn wait(&mut self, socket: Option<&UdpSocket>, until: Duration) -> bool {
        const LOOK: Duration = Duration::from_millis(20);
        loop {
            self.read();
            let left = until.saturating_sub(self.clock.elapsed());
            let socket = socket.map(|it| PollFd::new(it.as_fd(), PollFlags::POLLIN));
            let mut polled: Vec<PollFd<'_>> = socket.into_iter().collect();
            // Whatever is printed meanwhile is read so soon.
            let wait = TimeSpec::from_duration(left.min(LOOK));
            if ppoll(&mut polled, Some(wait), None).unwrap_or_default() > 0 {
                return true;
            }
            if left.is_zero() {
                return false;
            }
        }
    }

    /// Lets so much time pass.
    fn pause(&mut self, time: Duration) {
        self.wait(None, self.clock.elapsed() + time);
    }

    fn has_ended(&mut self) -> std::io::Result<bool> {
        Ok(self.launched.try_wait()?.is_some())
    }

    fn socket() -> std::io::Result<UdpSocket> {
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
    }

    /// Whether somebody has the port: where nobody does, the system refuses a request at once.
    fn listens(&mut self) -> std::io::Result<bool> {
        let socket = Self::socket()?;
        socket.connect(self.server)?;
        socket.set_read_timeout(Some(Duration::from_millis(50)))?;
        socket.send(&self.request())?;
        let refused = |error: std::io::Error| error.kind() == ErrorKind::ConnectionRefused;
        let listens = !socket.recv(&mut [0; 64]).is_err_and(refused);
        self.first = listens.then_some(socket);
        Ok(listens)
    }

    /// How many answers the first of all clients got that are to later requests of others.
    fn misled(&mut self) -> usize {
        let mut buffer = [0; 4096];
        let mut misled = 0;
        let Some(first) = self.first.take() else {
            return 0;
        };
        while let Some((length, _)) = self.receive(&first, Duration::ZERO, &mut buffer) {
            let number = self.wire.number(buffer.get(..length).unwrap_or_default());
            misled += usize::from(number.is_some_and(|it| it > 0));
        }
        self.first = Some(first);
        misled
    }

    /// Sends what it is about, and then asks whether the server lives.
    fn phase(&mut self, name: &str) -> anyhow::Result<Phase> {
        let mut phase = Phase {
            name: name.to_owned(),
            ..Phase::default()
        };
        let socket = Self::socket()?;
        let odd: &[&[u8]] = match name {
            "malformed" => &[
                b"\xff\xfe\x00\x80",
                b"PING",
                b"Ping x y",
                b"\r\n",
                b"{}[]%s%n",
            ],
            "empty" => &[b""],
            _ => &[],
        };
        let long = LONG.into_iter().filter(|_| name == "large");
        let long = long.map(|length| vec![b'x'; length]);
        let odd = odd.iter().map(|it| it.to_vec());
        let mut sent = 0;
        for bytes in odd.chain(long) {
            // One that loses requests may lose each of these, but not all.
            for _ in 0..OFTEN {
                socket.send_to(&bytes, self.server)?;
                self.pause(Duration::from_millis(5));
                sent += 1;
            }
        }
        if name == "large" {
            let mut buffer = vec![0; 1 << 16];
            let most = self.clock.elapsed() + ANSWER + self.time_for(OFTEN * LONG.len());
            let mut until = most;
            while let Some((length, _)) = self.receive(&socket, until, &mut buffer) {
                phase.longest = phase.longest.max(Some(length));
                until = most.min(self.clock.elapsed() + ANSWER / 4 + self.time_for(2));
            }
        } else if name == "fast" {
            // No more than it can answer before the next is asked.
            while sent < FAST && self.time_for(sent) < FAST_FOR {
                self.number += 1;
                socket.send_to(&self.request(), self.server)?;
                sent += 1;
            }
            self.pause(Duration::from_millis(200));
        }
        if name != "large" {
            self.pause(self.time_for(sent));
        }
        let clients = if name == "concurrent" { 4 } else { 1 };
        let sockets = (0..clients).map(|_| Self::socket());
        let sockets: Vec<UdpSocket> = sockets.collect::<Result<_, _>>()?;
        let mut requests: Vec<Request> = Vec::new();
        while phase.asked < ASKED && !self.has_ended()? {
            let silent = phase.answered == 0 && phase.slow.is_empty();
            if silent && phase.asked >= SILENT {
                self.insist(&mut phase, &mut requests, &sockets);
                break;
            }
            let first = requests.len();
            for (client, socket) in sockets.iter().enumerate() {
                self.ask(&mut phase, &mut requests, (client, socket));
            }
            let longer = LONGER * u32::try_from(phase.asked % 3).unwrap_or(0);
            let until = self.clock.elapsed() + ANSWER + longer;
            for (client, socket) in sockets.iter().enumerate() {
                self.answers(&mut phase, &mut requests, first, (client, socket), until);
            }
            // Enough is known of one at a time.
            let is_sure = phase.slow.is_empty() && phase.stale.is_empty();
            if clients == 1 && phase.answered >= 3 && is_sure {
                break;
            }
        }
        phase.mixed += self.misled();
        Ok(phase)
    }

    /// Sends many more requests, which are not waited for one by one.
    fn insist(&mut self, phase: &mut Phase, requests: &mut Vec<Request>, sockets: &[UdpSocket]) {
        let first = requests.len();
        for (client, socket) in sockets.iter().enumerate().cycle().take(MORE) {
            self.ask(phase, requests, (client, socket));
            self.pause(DISTANCE);
        }
        let until = self.clock.elapsed() + ANSWER + LONGER;
        for (client, socket) in sockets.iter().enumerate() {
            self.answers(phase, requests, first, (client, socket), until);
        }
    }

    fn ask(
        &mut self,
        phase: &mut Phase,
        requests: &mut Vec<Request>,
        (client, socket): (usize, &UdpSocket),
    ) {
        self.number += 1;
        phase.asked += 1;
        let bytes = self.request();
        let at = self.clock.elapsed();
        // Whoever listens no more refuses the next, which is seen by its silence.
        let _ = socket.send_to(&bytes, self.server);
        requests.push(Request {
            client,
            number: self.number,
            bytes,
            at,
            answered: false,
        });
    }

    /// How long it may need for so many requests.
    fn time_for(&self, requests: usize) -> Duration {
        /// Whoever is so slow is waited for no longer.
        const MOST: Duration = Duration::from_secs(40);
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        self.pace.saturating_mul(requests).min(MOST)
    }

    fn request(&self) -> Vec<u8> {
        let now = self.clock.wall_at(self.clock.reflector_time());
        self.wire.request(self.number, now)
    }

    /// The next datagram, if one comes until then.
    fn receive(
        &mut self,
        socket: &UdpSocket,
        until: Duration,
        buffer: &mut [u8],
    ) -> Option<(usize, SocketAddr)> {
        // One whose checksum is wrong is not there any more.
        socket.set_nonblocking(true).ok()?;
        self.wait(Some(socket), until)
            .then(|| socket.recv_from(buffer).ok())
            .flatten()
    }

    /// Reads what a client gets until its last request is answered, or long enough.
    fn answers(
        &mut self,
        phase: &mut Phase,
        requests: &mut [Request],
        first: usize,
        (client, socket): (usize, &UdpSocket),
        mut until: Duration,
    ) {
        // However many come, the server is asked on.
        const MOST: usize = 1000;
        let mut buffer = [0; 4096];
        for _ in 0..MOST {
            let Some((length, from)) = self.receive(socket, until, &mut buffer) else {
                return;
            };
            let now = self.clock.elapsed();
            phase.elsewhere += usize::from(from != self.server);
            let answer = buffer.get(..length).unwrap_or_default();
            let number = self.wire.number(answer);
            let named = number.and_then(|it| requests.iter().rposition(|own| own.number == it));
            let last = requests.iter().rposition(|it| it.client == client);
            if named.is_some_and(|it| requests.get(it).is_some_and(|it| it.client != client)) {
                phase.mixed += 1;
                continue;
            }
            // One without a number can only be to one of those that wait.
            let waits = || {
                let mut waiting = requests.iter().enumerate().skip(first);
                let found = waiting.find(|(_, it)| it.client == client && !it.answered);
                found.map(|it| it.0).or(last)
            };
            let (Some(index), Some(last)) = (named.or_else(waits), last) else {
                return;
            };
            let asked = requests.get(last).map_or(now, |it| it.at);
            let Some(request) = requests.get_mut(index) else {
                return;
            };
            let again = std::mem::replace(&mut request.answered, true);
            let took = now.saturating_sub(request.at);
            let kind = self.wire.kind(&request.bytes, answer);
            if kind != Kind::Right {
                phase.odd.push(Odd {
                    kind,
                    asked: text(&request.bytes),
                    answered: text(answer),
                });
            }
            let since = now.saturating_sub(asked);
            if index < first {
                phase.stale.push((took, since));
            }
            if again {
                // The next request may have brought it forth.
                phase.twice += usize::from(index >= first || since >= PROMPT);
                continue;
            }
            if took > ANSWER {
                phase.slow.push(took);
            } else {
                phase.answered += 1;
                if phase.is_alone() {
                    self.pace = self.pace.max(took);
                }
            }
            if index == last {
                // A second one comes at once, if it does.
                until = until.min(now + SECOND);
            }
        }
    }
}

/// What a datagram says, as people read it.
fn text(bytes: &[u8]) -> String {
    const SHOWN: usize = 80;
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(|it: char| it == '\0' || it.is_whitespace());
    text.chars().take(SHOWN).collect()
}

/// What a server's trial shows.
pub(super) fn judge(served: &Served) -> Vec<ScenarioResult> {
    let mut results = Vec::new();
    for phase in &served.phases {
        let mut judged = Judged {
            lines: phase.asked,
            ..Judged::default()
        };
        let none = String::new;
        let last = served.output.iter().rev().find(|it| !it.is_empty());
        let slow = phase.slow.iter().max().filter(|_| {
            // Where it waits behind others, or for a busy machine, it is not its own doing.
            let often = phase.slow.len() >= OFTEN_ENOUGH;
            phase.is_alone() && often && phase.slow.len() > phase.answered / 3
        });
        let found = if phase.ended {
            Some((Bug::ServerDied, last.cloned().unwrap_or_default(), none()))
        } else if phase.mixed > 1 || phase.mixed > 0 && phase.name == "concurrent" {
            Some((Bug::WrongAnswer, phase.mixed.to_string(), "0".to_owned()))
        } else if phase.is_behind() {
            Some((
                Bug::WrongAnswer,
                phase.stale.len().to_string(),
                "0".to_owned(),
            ))
        } else if let Some(slow) = slow {
            Some((
                Bug::SlowAnswer,
                shown(slow.as_secs_f64()),
                shown(ANSWER.as_secs_f64()),
            ))
        } else if phase.answered == 0 && phase.slow.is_empty() {
            let counts = format!("0 / {}", phase.asked);
            Some((Bug::NoAnswer, counts, none()))
        } else if phase.elsewhere > 0 {
            Some((
                Bug::AnswerElsewhere,
                phase.elsewhere.to_string(),
                "0".to_owned(),
            ))
        } else if phase.twice > 0 {
            Some((Bug::AnsweredTwice, phase.twice.to_string(), "0".to_owned()))
        } else if let Some((bug, odd)) = phase.changed() {
            Some((bug, odd.answered.clone(), odd.asked.clone()))
        } else {
            let cut = phase.longest.filter(|it| *it < 1024);
            cut.map(|it| (Bug::AnswerCut, it.to_string(), "1024".to_owned()))
        };
        judged
            .findings
            .extend(found.map(|(bug, printed, truth)| Finding {
                bug,
                ping: None,
                printed,
                truth,
                // Whatever else is seen no busy machine causes.
                busy: matches!(bug, Bug::SlowAnswer | Bug::NoAnswer),
                disturbed: false,
            }));
        let name = KINDS.into_iter().find(|it| *it == phase.name);
        results.push(result(name.unwrap_or_default(), judged, served));
    }
    if !served.listened {
        let mut judged = Judged::default();
        if served.tcp {
            judged.findings.push(Finding {
                bug: Bug::Tcp,
                ping: None,
                printed: "TCP".to_owned(),
                truth: "UDP".to_owned(),
                busy: false,
                disturbed: false,
            });
        } else {
            judged.unjudged.push(Unjudged::Pings);
        }
        results.push(result("well-formed", judged, served));
    }
    results
}

fn result(name: &'static str, judged: Judged, served: &Served) -> ScenarioResult {
    let line = |text: &String| Line {
        at_ns: 0,
        text: text.clone(),
    };
    ScenarioResult {
        scenario: name,
        judged,
        seen: Transcript {
            packets: Vec::new(),
            output: served.output.iter().map(line).collect(),
            end: served.end.clone().unwrap_or(End::Hung),
            ended_ns: 0,
            late_ns: 0,
            late: Vec::new(),
            outside: false,
            tampered: false,
            tcp: false,
            unseen: false,
            refused: false,
            open: served.open.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_lose_some_requests_and_must_not_end_or_mix_them_up() {
        let phase = |answered, mixed, ended| Served {
            phases: vec![Phase {
                name: "fast".to_owned(),
                asked: 12,
                answered,
                mixed,
                ended,
                ..Phase::default()
            }],
            output: Vec::new(),
            end: None,
            open: Vec::new(),
            tcp: false,
            listened: true,
        };
        let bug = |served| judge(&served)[0].judged.findings.first().map(|it| it.bug);
        assert_eq!(bug(phase(3, 0, false)), None);
        assert_eq!(bug(phase(0, 0, false)), Some(Bug::NoAnswer));
        assert_eq!(bug(phase(9, 2, false)), Some(Bug::WrongAnswer));
        assert_eq!(bug(phase(9, 0, true)), Some(Bug::ServerDied));
    }
}
