//! A server's trial: requests of many kinds, and what became of them and of the server.
//!
//! Owns the kinds, and what each shows. A server may lose requests, as the textbook's does:
//! it is to answer some of a dozen, to the one that asked, and to live on.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bug::Bug;
use super::confine;
use super::judge::{Finding, Hints, Judged, Unjudged};
use super::program::{Program, launch, terminal};
use super::transcript::{End, Line, Open, Transcript};
use super::verdict::Result as ScenarioResult;
use crate::clock::Clock;

/// How long a server has until it listens.
const START: Duration = Duration::from_secs(25);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_millis(700);

/// How long a second answer to the same request may take.
const SECOND: Duration = Duration::from_millis(60);

/// An answer that comes so soon is one to the request just before it.
const PROMPT: Duration = Duration::from_millis(30);

/// The numbers of requests are above this one, so that they are told from all others.
const FIRST: usize = 700_000;

/// How many requests ask whether a server lives.
const ASKED: usize = 12;

/// What a server was asked, one kind after the other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Served {
    phases: Vec<Phase>,
    output: Vec<String>,
    end: Option<End>,
    open: Vec<Open>,
    /// It listened on its port.
    listened: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Phase {
    name: String,
    asked: usize,
    answered: usize,
    /// Answers to somebody else's request, or to one that was answered already.
    mixed: usize,
    /// Answers from another address than was asked.
    elsewhere: usize,
    /// Second answers.
    twice: usize,
    /// Answers after longer than a client waits: how long it took the first.
    slow_ms: Option<u128>,
    /// The longest answer to a long request, if any came.
    longest: Option<usize>,
    /// It had ended when this was over.
    ended: bool,
}

impl Phase {
    /// Whether no other request waits at the server, which may answer one after the other.
    fn is_alone(&self) -> bool {
        self.name == "well-formed"
    }
}

/// How often each odd request is sent.
const OFTEN: usize = 8;

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
pub(super) fn run(program: &Program) -> anyhow::Result<Served> {
    confine::stay_below()?;
    let mut open = Vec::new();
    if program.isolated {
        confine::isolate()?;
    } else {
        open.extend([Open::Network, Open::Processes, Open::Files]);
    }
    let port = program.port.unwrap_or(crate::cli::DEFAULT_PORT);
    let terminal = terminal()?;
    let mut launched = launch(program, port, terminal.slave)?;
    let mut trial = Prober {
        clock: Clock::start(),
        server: (Ipv4Addr::LOCALHOST, port).into(),
        master: File::from(terminal.master),
        output: Vec::new(),
        number: 0,
    };
    let mut listened = listens(port)?;
    while !listened && trial.clock.elapsed() < START && launched.try_wait()?.is_none() {
        trial.read();
        std::thread::sleep(Duration::from_millis(20));
        listened = listens(port)?;
    }
    let mut served = Served {
        phases: Vec::new(),
        output: Vec::new(),
        end: None,
        open,
        listened,
    };
    for name in KINDS.into_iter().filter(|_| served.listened) {
        let mut phase = trial.phase(name)?;
        phase.ended = launched.try_wait()?.is_some();
        // One that answers nothing is not asked on.
        let ended = phase.ended || phase.answered == 0 && phase.slow_ms.is_none();
        served.phases.push(phase);
        if ended {
            break;
        }
    }
    if launched.try_wait()?.is_some()
        && let Some(mut said) = launched.stdout.take()
    {
        let mut text = Vec::new();
        said.read_to_end(&mut text)?;
        served.end = serde_json::from_slice(&text).ok();
    }
    let _ = launched.kill();
    let _ = launched.wait();
    confine::end_all();
    trial.read();
    let output = String::from_utf8_lossy(&trial.output);
    served.output = output.lines().map(|it| it.trim_end().to_owned()).collect();
    Ok(served)
}

/// Whether somebody has this port: where nobody does, the system refuses a request at once.
fn listens(port: u16) -> std::io::Result<bool> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect((Ipv4Addr::LOCALHOST, port))?;
    socket.set_read_timeout(Some(Duration::from_millis(50)))?;
    socket.send(b"Ping 700000 1700000000.000000")?;
    let refused = |error: std::io::Error| error.kind() == ErrorKind::ConnectionRefused;
    Ok(!socket.recv(&mut [0; 64]).is_err_and(refused))
}

/// A request that was sent.
struct Request {
    client: usize,
    number: usize,
    at: Duration,
    answered: bool,
}

struct Prober {
    clock: Clock,
    server: SocketAddr,
    master: File,
    output: Vec<u8>,
    number: usize,
}

impl Prober {
    /// Keeps a part of what the server prints, so that it never waits for a reader.
    fn read(&mut self) {
        const KEPT: usize = 1 << 16;
        let mut bytes = [0; 8192];
        while let Ok(read @ 1..) = self.master.read(&mut bytes) {
            if self.output.len() < KEPT {
                self.output.extend(bytes.get(..read).unwrap_or_default());
            }
        }
    }

    fn socket() -> std::io::Result<UdpSocket> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.set_read_timeout(Some(ANSWER))?;
        Ok(socket)
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
        let long = [1024, 1025, 4096, 65_507].map(|length| vec![b'x'; length]);
        let odd = odd.iter().map(|it| it.to_vec());
        let long = long.into_iter().filter(|_| name == "large");
        for bytes in odd.chain(long) {
            // One that loses requests may lose each of these, but not all.
            for _ in 0..OFTEN {
                socket.send_to(&bytes, self.server)?;
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        if name == "large" {
            let mut buffer = vec![0; 1 << 16];
            while let Ok((length, _)) = socket.recv_from(&mut buffer) {
                phase.longest = phase.longest.max(Some(length));
            }
        }
        if name == "fast" {
            for _ in 0..200 {
                self.number += 1;
                socket.send_to(self.request().as_bytes(), self.server)?;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        self.read();
        let clients = if name == "concurrent" { 4 } else { 1 };
        let sockets = (0..clients).map(|_| Self::socket());
        let sockets: Vec<UdpSocket> = sockets.collect::<Result<_, _>>()?;
        let mut requests: Vec<Request> = Vec::new();
        while phase.asked < ASKED {
            let first = requests.len();
            for client in 0..sockets.len() {
                self.number += 1;
                phase.asked += 1;
                requests.push(Request {
                    client,
                    number: self.number + FIRST,
                    at: self.clock.elapsed(),
                    answered: false,
                });
                // Whoever listens no more refuses the next, which is seen by its silence.
                let text = self.request();
                let _ = sockets
                    .get(client)
                    .map(|it| it.send_to(text.as_bytes(), self.server));
            }
            for (client, socket) in sockets.iter().enumerate() {
                self.answers(&mut phase, &mut requests, first, (client, socket));
            }
            self.read();
            // Enough is known of one at a time.
            if clients == 1 && phase.answered >= 3 {
                break;
            }
        }
        Ok(phase)
    }

    fn request(&self) -> String {
        let time = self.clock.elapsed().as_secs_f64();
        format!("Ping {} {:.6}", FIRST + self.number, 1.7e9 + time)
    }

    /// Reads what a client gets until its last request is answered, or long enough.
    fn answers(
        &self,
        phase: &mut Phase,
        requests: &mut [Request],
        first: usize,
        (client, socket): (usize, &UdpSocket),
    ) {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let now = self.clock.elapsed();
            phase.elsewhere += usize::from(from != self.server);
            let text = String::from_utf8_lossy(buffer.get(..length).unwrap_or_default());
            let numbers = text.split(|it: char| !it.is_ascii_digit());
            let numbers: Vec<usize> = numbers.filter_map(|it| it.parse().ok()).collect();
            let own = requests
                .iter()
                .rposition(|it| it.client == client && numbers.contains(&it.number));
            let Some(index) = own else {
                let others = requests.iter().any(|it| numbers.contains(&it.number));
                phase.mixed += usize::from(others);
                // Of another form: whether it is an answer, nobody knows.
                phase.answered += usize::from(!others);
                return;
            };
            let last = requests
                .get(first..)
                .and_then(|it| it.get(client))
                .map(|it| it.at);
            let Some(request) = requests.get_mut(index) else {
                return;
            };
            let again = std::mem::replace(&mut request.answered, true);
            let took = now.saturating_sub(request.at);
            if again {
                phase.twice += 1;
            } else if index >= first {
                phase.answered += 1;
                // A second one comes at once, if it does.
                let _ = socket.set_read_timeout(Some(SECOND));
            } else if phase.is_alone() && last.is_some_and(|it| now.saturating_sub(it) < PROMPT) {
                // The next request brought it forth.
                phase.mixed += 1;
            } else {
                phase.slow_ms = phase.slow_ms.or(Some(took.as_millis()));
            }
        }
        let _ = socket.set_read_timeout(Some(ANSWER));
    }
}

/// What a server's trial shows.
pub(super) fn judge(served: &Served) -> Vec<ScenarioResult> {
    let mut results = Vec::new();
    for phase in &served.phases {
        let mut judged = Judged {
            lines: phase.asked,
            ..Judged::default()
        };
        let counts = format!("{} / {}", phase.answered, phase.asked);
        let last = served.output.iter().rev().find(|it| !it.is_empty());
        let bug = if phase.ended {
            Some((Bug::ServerDied, last.cloned().unwrap_or_default()))
        } else if phase.mixed > 1 || phase.mixed > 0 && phase.name == "concurrent" {
            Some((Bug::WrongAnswer, phase.mixed.to_string()))
        } else if let Some(slow) = phase.slow_ms.filter(|_| phase.is_alone()) {
            Some((Bug::SlowAnswer, format!("{slow} ms")))
        } else if phase.answered == 0 {
            Some((Bug::NoAnswer, counts))
        } else if phase.elsewhere > 0 {
            Some((Bug::AnswerElsewhere, phase.elsewhere.to_string()))
        } else if phase.twice > 0 {
            Some((Bug::AnsweredTwice, phase.twice.to_string()))
        } else {
            let cut = phase.longest.filter(|it| *it < 1024);
            cut.map(|it| (Bug::AnswerCut, it.to_string()))
        };
        judged.findings.extend(bug.map(|(bug, printed)| Finding {
            bug,
            ping: None,
            printed,
            truth: String::new(),
            busy: false,
            disturbed: false,
        }));
        let name = KINDS.into_iter().find(|it| *it == phase.name);
        results.push(result(name.unwrap_or_default(), judged, served));
    }
    if !served.listened {
        let judged = Judged {
            unjudged: vec![Unjudged::Pings],
            hints: Hints::default(),
            ..Judged::default()
        };
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
            listened: true,
        };
        let bug = |served| judge(&served)[0].judged.findings.first().map(|it| it.bug);
        assert_eq!(bug(phase(3, 0, false)), None);
        assert_eq!(bug(phase(0, 0, false)), Some(Bug::NoAnswer));
        assert_eq!(bug(phase(9, 2, false)), Some(Bug::WrongAnswer));
        assert_eq!(bug(phase(9, 0, true)), Some(Bug::ServerDied));
    }
}
