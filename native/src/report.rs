//! What people read: ping's lines, for what a UDP ping can tell.
//!
//! Owns every human sentence about a session. Decides and measures nothing.

pub(crate) mod compare;
mod conditions;
mod figures;
pub(crate) mod heartbeat;
mod reflected;

use std::io::{self, Write};
use std::time::Duration;

use udping_core::event::{Event, Ignored, Outcome};
use udping_core::stats::Summary;
use udping_core::time::ClientTime;

pub(crate) use conditions::conditions;
pub(crate) use figures::{count, seconds};
use figures::{millis, percent};

/// How much is said, and how.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are what they are"
)]
pub(crate) struct Style {
    /// Only the first line and the summary.
    pub(crate) quiet: bool,
    /// Each reply gets no line of its own.
    pub(crate) terse: bool,
    /// The time of day before every line.
    pub(crate) dated: bool,
    /// What was ignored is said too.
    pub(crate) verbose: bool,
}

/// The report of one session.
pub(crate) struct Report<W> {
    out: W,
    style: Style,
    /// Whom the summary is about.
    title: String,
    /// Whom replies come from.
    server: String,
    timeout: Duration,
    /// The server's host said that its port is closed.
    closed: bool,
    /// What to end the summary with.
    notes: Vec<String>,
}

impl<W: Write> Report<W> {
    pub(crate) fn new(
        out: W,
        style: Style,
        title: String,
        server: String,
        timeout: Duration,
    ) -> Self {
        Self {
            out,
            style,
            title,
            server,
            timeout,
            closed: false,
            notes: Vec::new(),
        }
    }

    /// The line before the first probe.
    pub(crate) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    pub(crate) fn event(&mut self, event: &Event) -> io::Result<()> {
        match *event {
            Event::Lost { seq, deadline } => {
                let (timeout, at) = (millis(self.timeout), at(deadline));
                self.line(|out, server| {
                    write!(
                        out,
                        "no reply from {server}: seq={seq} lost after {timeout} ms, at {at} s"
                    )
                })
            }
            Event::Missed { due, slots } => {
                let (slots, at) = (count(slots, "slot"), at(due));
                self.line(|out, _| {
                    write!(
                        out,
                        "{slots} missed: the probe due at {at} s could not go out in time"
                    )
                })
            }
        }
    }

    /// What a datagram of `len` bytes, or anything else that came, was. It came with
    /// `ttl` hops left to live, where the system says so.
    pub(crate) fn outcome(
        &mut self,
        outcome: &Outcome,
        len: Option<usize>,
        ttl: Option<u8>,
    ) -> io::Result<()> {
        let from = From { len, ttl };
        match *outcome {
            Outcome::Replied { seq, rtt, verified } if !self.style.terse => {
                self.line(|out, server| {
                    from.start(out, server, seq)?;
                    write!(out, "time={} ms{}", millis(rtt), unverified(verified))
                })
            }
            Outcome::Late {
                seq,
                rtt,
                verified,
                newly_lost,
            } => {
                let timeout = self.timeout;
                if newly_lost {
                    self.line(|out, server| {
                        let timeout = millis(timeout);
                        write!(
                            out,
                            "no reply from {server}: seq={seq} lost after {timeout} ms"
                        )
                    })?;
                }
                self.line(|out, server| {
                    let (time, by) = (millis(rtt), millis(rtt.saturating_sub(timeout)));
                    from.start(out, server, seq)?;
                    write!(
                        out,
                        "time={time} ms (late by {by} ms: it stays lost){}",
                        unverified(verified)
                    )
                })
            }
            Outcome::Duplicate { seq, rtt } => self.line(|out, server| {
                from.start(out, server, seq)?;
                write!(out, "time={} ms (DUP!)", millis(rtt))
            }),
            Outcome::Refused { .. } => self.unreachable(outcome, true),
            Outcome::Unsent { seq } => {
                self.line(|out, _| write!(out, "seq={seq} could not be sent"))
            }
            Outcome::Ignored(why) if self.style.verbose => self.line(|out, server| {
                from.bytes(out)?;
                write!(out, "{server}: ignored, {}", ignored(why))
            }),
            Outcome::Replied { .. } | Outcome::Stamped { .. } | Outcome::Ignored(_) => Ok(()),
        }
    }

    /// The network's word that the server cannot be reached: its port is `closed`, or
    /// the way to it is.
    pub(crate) fn unreachable(&mut self, outcome: &Outcome, closed: bool) -> io::Result<()> {
        let Outcome::Refused { seq, after } = *outcome else {
            return self.outcome(outcome, None, None);
        };
        self.closed |= closed;
        self.line(|out, server| {
            let time = millis(after);
            if closed {
                write!(
                    out,
                    "{server} refused seq={seq} after {time} ms: nobody is listening there"
                )
            } else {
                write!(
                    out,
                    "seq={seq} cannot get to {server}: the network says so after {time} ms"
                )
            }
        })
    }

    /// A sentence about the run itself.
    pub(crate) fn remark(&mut self, text: &str) -> io::Result<()> {
        self.line(|out, _| out.write_all(text.as_bytes()))
    }

    /// A sentence to end the summary with.
    pub(crate) fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }

    /// The figures at the end.
    pub(crate) fn summary(&mut self, summary: &Summary, elapsed: Duration) -> io::Result<()> {
        let title = format!("\n--- {} ping statistics ---", self.title);
        writeln!(self.out, "{title}")?;
        writeln!(self.out, "{}", figures::packets(summary, elapsed))?;
        let reflected = summary.reflected.iter().flat_map(reflected::lines);
        for line in figures::details(summary).into_iter().chain(reflected) {
            writeln!(self.out, "{line}")?;
        }
        for note in &self.notes {
            writeln!(self.out, "{note}")?;
        }
        if self.closed && summary.replied == 0 {
            writeln!(
                self.out,
                "Nobody is listening on that port: start a server there, or check the port."
            )?;
        }
        self.out.flush()
    }

    /// Writes one line, which also gets the server's name.
    fn line(&mut self, text: impl FnOnce(&mut W, &str) -> io::Result<()>) -> io::Result<()> {
        let Self {
            out, style, server, ..
        } = self;
        if style.quiet {
            return Ok(());
        }
        if style.dated {
            let now = crate::clock::wall()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap_or_default();
            write!(out, "[{}.{:06}] ", now.as_secs(), now.subsec_micros())?;
        }
        text(out, server)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// What is known of a datagram besides its words.
#[derive(Clone, Copy)]
struct From {
    len: Option<usize>,
    ttl: Option<u8>,
}

impl From {
    fn bytes(self, out: &mut impl Write) -> io::Result<()> {
        match self.len {
            Some(len) => write!(out, "{len} bytes from "),
            None => Ok(()),
        }
    }

    /// `64 bytes from 127.0.0.1: seq=1 ttl=64 `.
    fn start(self, out: &mut impl Write, server: &str, seq: u64) -> io::Result<()> {
        self.bytes(out)?;
        write!(out, "{server}: seq={seq} ")?;
        match self.ttl {
            Some(ttl) => write!(out, "ttl={ttl} "),
            None => Ok(()),
        }
    }
}

/// The figures so far, on one line.
pub(crate) fn progress(summary: &Summary) -> String {
    let rtt = summary.rtt.map_or_else(String::new, |rtt| {
        let ms = |nanos| millis(Duration::from_nanos(nanos));
        format!(
            ", min/avg/median/max = {}/{}/{}/{} ms",
            ms(rtt.min_ns),
            ms(rtt.mean_ns),
            ms(rtt.median_ns),
            ms(rtt.max_ns)
        )
    });
    let loss = summary
        .loss_ppm
        .map_or_else(String::new, |ppm| format!(", {}% loss", percent(ppm)));
    format!("{}/{} packets{loss}{rtt}", summary.replied, summary.sent)
}

fn at(time: ClientTime) -> String {
    seconds(Duration::from_nanos(time.as_nanos()))
}

fn unverified(verified: bool) -> &'static str {
    if verified {
        ""
    } else {
        " (unverified: it does not carry the probe's time back)"
    }
}

fn ignored(why: Ignored) -> &'static str {
    match why {
        Ignored::TooOld => "its probe is too long ago",
        Ignored::NotSent => "it names a probe that was never sent",
        Ignored::TokenMismatch => "it carries another probe's time",
        Ignored::NoSequence => "it carries no sequence number (--match any credits such replies)",
        Ignored::Ambiguous => "it carries no number, and could be the answer to a lost probe",
        Ignored::NothingInFlight => "no probe is waiting for it",
        Ignored::AlreadySettled => "its probe is settled already",
        Ignored::BadStamp => "the kernel's time for it is not credible",
        Ignored::Empty => "it is empty",
        Ignored::NotText => "it is not text",
        Ignored::Malformed => "it is no packet of this wire",
        Ignored::Unauthentic => "it is not authenticated with the key",
        Ignored::Foreign => "it does not carry back what its probe carried",
        _ => "for a reason this program has no words for",
    }
}
