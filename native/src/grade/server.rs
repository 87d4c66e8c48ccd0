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
use super::transcript::{End, Line, Open, Transcript};
use super::trial::{Program, launch, terminal};
use super::verdict::Result as ScenarioResult;
use crate::clock::Clock;

/// How long a server has until it listens.
const START: Duration = Duration::from_secs(25);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_millis(700);

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
    /// Answers that say another client's number.
    mixed: usize,
    /// It had ended when this was over.
    ended: bool,
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
        let ended = phase.ended || phase.answered == 0;
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
        while phase.asked < ASKED {
            let mut asked = Vec::new();
            for socket in &sockets {
                self.number += 1;
                phase.asked += 1;
                // Whoever listens no more refuses the next, which is seen by its silence.
                let _ = socket.send_to(self.request().as_bytes(), self.server);
                asked.push(self.number.to_string());
            }
            for (socket, number) in sockets.iter().zip(&asked) {
                let mut buffer = [0; 4096];
                if let Ok((length, _)) = socket.recv_from(&mut buffer) {
                    phase.answered += 1;
                    let text = String::from_utf8_lossy(buffer.get(..length).unwrap_or_default());
                    let has = |number: &String| {
                        text.split(|it: char| !it.is_ascii_digit())
                            .any(|it| it == number)
                    };
                    let another = asked.iter().any(|it| it != number && has(it));
                    phase.mixed += usize::from(another && !has(number));
                }
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
        format!("Ping {} {:.6}", 700_000 + self.number, 1.7e9 + time)
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
        } else if phase.answered == 0 {
            Some((Bug::NoAnswer, counts))
        } else if phase.mixed > 0 {
            Some((Bug::WrongAnswer, phase.mixed.to_string()))
        } else {
            None
        };
        judged.findings.extend(bug.map(|(bug, printed)| Finding {
            bug,
            ping: None,
            printed,
            truth: String::new(),
            busy: false,
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
