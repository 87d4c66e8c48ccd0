//! The judge: what was printed beside what happened.
//!
//! Owns which finding is which bug, and when nothing can be said. A scenario's name is not
//! known here, and neither is any file or socket.

mod figures;

use super::assignment::Assignment;
use super::bug::Bug;
use super::printed::{self, Claim, Printed, Quantity, Said, Unit};
use super::transcript::{End, ReplyKind, Transcript};
use super::truth::{Arrival, Truth, seconds};

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub(super) bug: Bug,
    /// The ping, counted from 1.
    pub(super) ping: Option<usize>,
    pub(super) printed: String,
    pub(super) truth: String,
    /// A right program could have shown it on a busy machine.
    pub(super) busy: bool,
}

/// What a transcript shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    /// How many pings' lines were judged.
    pub(super) lines: usize,
    /// How many figures were.
    pub(super) figures: usize,
    pub(super) unjudged: Vec<Unjudged>,
    /// What this tells of the program's ways.
    pub(super) hints: Hints,
}

/// What other scenarios tell of a program's ways.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Hints {
    /// The unit of numbers that name none.
    pub(super) unit: Option<Unit>,
    /// Several pings are on their way at once; known only where nothing strays.
    pub(super) concurrent: Option<bool>,
    /// All of its times are wrong in this way.
    pub(super) always: Option<Bug>,
}

impl Hints {
    /// With what another scenario tells.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            unit: self.unit.or(other.unit),
            concurrent: match (self.concurrent, other.concurrent) {
                (Some(one), Some(other)) => Some(one || other),
                (one, other) => one.or(other),
            },
            always: self.always.or(other.always),
        }
    }
}

/// Why something could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unjudged {
    /// No line says an RTT or a loss.
    Lines,
    /// It cannot be told which line is which ping's.
    Attribution,
    /// No ping was seen.
    Pings,
    /// This machine was too late for so near a case.
    Near,
    /// It was not the same again.
    NotRepeated,
    /// The program could not be started.
    NotStarted,
}

/// Whatever is nearer to the timeout is judged only where everybody was on time.
const NEAR: f64 = 0.1;

/// How late this side may be for near cases.
pub(super) const ON_TIME: f64 = 0.003;

/// Judges a transcript, with what others have told of the program.
pub(super) fn judge(assignment: &Assignment, seen: &Transcript, known: Hints) -> Judged {
    let mut truth = Truth::of(seen, assignment.timeout);
    let concurrent = truth.is_clean(seen.refused).then_some(truth.concurrent);
    truth.concurrent = known.concurrent.or(concurrent).unwrap_or(false);
    let printed = printed::read(&seen.output, &truth.quoted());
    let mut judge = Judge {
        assignment,
        seen,
        truth,
        printed,
        judged: Judged::default(),
        known,
    };
    judge.judged.hints = known;
    judge.judged.hints.concurrent = concurrent;
    judge.process();
    if judge.truth.pings.is_empty() {
        judge.judged.unjudged.push(Unjudged::Pings);
    } else {
        judge.wire();
        judge.lines();
        judge.figures();
    }
    judge.judged
}

struct Judge<'a> {
    assignment: &'a Assignment,
    seen: &'a Transcript,
    truth: Truth,
    printed: Printed,
    judged: Judged,
    known: Hints,
}

impl Judge<'_> {
    fn find(&mut self, bug: Bug, ping: Option<usize>, printed: &str, truth: String, busy: bool) {
        self.judged.findings.push(Finding {
            bug,
            ping: ping.map(|it| it + 1),
            printed: printed.to_owned(),
            truth,
            busy,
        });
    }

    /// Whether it ended by itself, in time.
    fn process(&mut self) {
        const LIMIT_OF_TIME: i32 = 24;
        const LIMIT_OF_SIZE: i32 = 25;
        const KILLED: i32 = 9;
        let pings = self.truth.pings.len();
        let last = pings.checked_sub(1);
        let crash = self.printed.crash.clone();
        let exit = match self.seen.end {
            End::Exited(code) => format!("exit {code}"),
            End::Signal(signal) => format!("signal {signal}"),
            _ => String::new(),
        };
        let in_thread = crash.as_ref().is_some_and(|it| {
            let it = it.to_lowercase();
            it.contains("exception in thread") || it.contains("panicked")
        });
        if self.seen.tcp {
            self.find(Bug::Tcp, None, "TCP", "UDP".to_owned(), false);
        }
        match &self.seen.end {
            End::NotStarted(_) => self.judged.unjudged.push(Unjudged::NotStarted),
            End::Signal(LIMIT_OF_TIME | LIMIT_OF_SIZE | KILLED) => {
                self.find(Bug::Limits, last, &exit, String::new(), true);
            }
            End::Flood => self.find(Bug::Limits, last, "> 1 MiB", String::new(), false),
            End::Processes => self.find(Bug::Limits, last, "> 400", String::new(), false),
            End::Hung => self.hung(last),
            End::Endless => self.find(Bug::Endless, last, &pings.to_string(), String::new(), true),
            End::Exited(0) if !in_thread => {}
            End::Exited(_) if crash.is_none() => {}
            End::Exited(_) | End::Signal(_) if pings == 0 => {}
            End::Exited(_) | End::Signal(_) => {
                let none_came = (0..pings).all(|it| self.truth.in_time(it).is_none());
                let all = self.assignment.count.is_none_or(|it| pings >= it);
                let bug = if none_came && all && pings > 1 {
                    Bug::CrashAllLost
                } else {
                    Bug::Crash
                };
                let printed = crash.unwrap_or_default();
                let last_line = self.seen.output.last().map(|it| it.text.clone());
                let printed = match last_line {
                    Some(line) if !printed.is_empty() => format!("{printed} … {line}"),
                    _ => printed,
                };
                self.find(bug, last, &printed, exit, false);
            }
        }
    }

    /// It did nothing any more.
    fn hung(&mut self, last: Option<usize>) {
        let Some(last) = last else {
            return;
        };
        let enough = self.assignment.count.is_some_and(|it| last + 1 >= it);
        let waits = self.truth.in_time(last).is_none();
        let bug = if waits && !enough {
            Bug::NoTimeout
        } else {
            Bug::Hang
        };
        let silence =
            seconds(self.seen.ended_ns) - self.truth.pings.get(last).map_or(0.0, |it| it.at);
        self.find(bug, Some(last), "", shown(silence), false);
    }

    /// What went over the wire.
    fn wire(&mut self) {
        let pings = self.truth.pings.len();
        let ended = matches!(self.seen.end, End::Exited(_)) && self.judged.findings.is_empty();
        if let Some(count) = self.assignment.count
            && pings != count
            && ended
            && !self.seen.unseen
            // Whoever is refused may give up.
            && (pings > count || !self.refused())
        {
            self.find(
                Bug::Count,
                None,
                &pings.to_string(),
                count.to_string(),
                false,
            );
        }
        for (index, ping) in self.truth.pings.clone().iter().enumerate() {
            if let Some(wrong) = self.assignment.wire.malformed(&ping.bytes, ping.length) {
                let bug = if self.assignment.wire.has_fields() {
                    Bug::Fields
                } else {
                    Bug::Form
                };
                self.find(bug, Some(index), &ping.text, wrong, false);
                break;
            }
        }
        self.numbers();
        let mut ports: Vec<u16> = self.truth.pings.iter().map(|it| it.port).collect();
        ports.sort_unstable();
        ports.dedup();
        if ports.len() == pings && pings >= 4 {
            let printed = ports.len().to_string();
            self.find(Bug::SocketPerPing, None, &printed, "1".to_owned(), false);
        }
        if let Some(interval) = self.assignment.interval {
            let interval = interval.as_secs_f64();
            let short = self.truth.pings.windows(2).position(|two| match two {
                [first, second] => second.at - first.at < interval * 0.8,
                _ => false,
            });
            if let Some(at) = short {
                let gap = self.gap(at).unwrap_or_default();
                self.find(
                    Bug::Spacing,
                    Some(at + 1),
                    &shown(gap),
                    shown(interval),
                    true,
                );
            }
        }
        self.waits();
    }

    /// Nobody listened for some of the pings.
    fn refused(&self) -> bool {
        self.seen.end != End::Hung && self.seen.refused
    }

    /// From a ping to the next.
    fn gap(&self, ping: usize) -> Option<f64> {
        let [first, second] = [ping, ping + 1].map(|it| self.truth.pings.get(it));
        Some(second?.at - first?.at)
    }

    fn numbers(&mut self) {
        let mut numbers: Vec<i64> = self.truth.pings.iter().filter_map(|it| it.seq).collect();
        if numbers.len() < self.truth.pings.len() || numbers.len() < 2 {
            return;
        }
        let sent = numbers.clone();
        numbers.sort_unstable();
        let twice = numbers.windows(2).find_map(|two| match two {
            [first, second] if first == second => Some(*first),
            _ => None,
        });
        let mut distinct = numbers.clone();
        distinct.dedup();
        if distinct.len() == 1 {
            let printed = distinct
                .first()
                .map(ToString::to_string)
                .unwrap_or_default();
            self.find(Bug::Numbers, None, &printed, "+1".to_owned(), false);
        } else if let Some(twice) = twice {
            let ping = sent.iter().rposition(|it| *it == twice);
            self.find(
                Bug::SentTwice,
                ping,
                &twice.to_string(),
                "1".to_owned(),
                false,
            );
        } else if numbers
            .windows(2)
            .any(|two| matches!(two, [first, second] if second - first != 1))
        {
            let printed: Vec<String> = sent.iter().take(4).map(ToString::to_string).collect();
            self.find(
                Bug::Numbers,
                None,
                &printed.join(", "),
                "+1".to_owned(),
                false,
            );
        }
    }

    /// One second for each that is not answered, as far as the next ping shows it.
    fn waits(&mut self) {
        if self.truth.concurrent {
            return;
        }
        let unanswered = |it: &usize| self.truth.pings.get(*it).is_some_and(|it| it.rtt.is_none());
        let pings = self.truth.pings.len();
        let long: Vec<(usize, f64)> = (0..pings)
            .filter(unanswered)
            .filter(|it| self.truth.others_during(*it).next().is_none())
            .filter_map(|it| Some((it, self.gap(it)?)))
            .filter(|(_, gap)| *gap > 2.0 * self.truth.timeout + 0.6)
            .collect();
        // Two, for one could be the machine's doing.
        if let [(ping, gap), _, ..] = long.as_slice() {
            let truth = shown(self.truth.timeout);
            self.find(Bug::TimeoutLength, Some(*ping), &shown(*gap), truth, true);
        }
    }

    /// What is printed of each ping.
    fn lines(&mut self) {
        let claims = self.attributed();
        if claims.is_empty() {
            let why = if self.printed.claims.is_empty() {
                Unjudged::Lines
            } else {
                Unjudged::Attribution
            };
            if self.assignment.prints_pings && self.printed.claims.is_empty() {
                self.find(Bug::NotPrinted, None, "", String::new(), false);
            }
            self.judged.unjudged.push(why);
            return;
        }
        self.judged.hints.unit = self.known.unit.or_else(|| self.implied_unit(&claims));
        let mut wrong = Vec::new();
        let mut early = false;
        for (claim, ping) in &claims {
            self.judged.lines += 1;
            match &claim.said {
                Said::Rtt(quantity) => {
                    let Some(rtt) = self.value(quantity) else {
                        continue;
                    };
                    let unseen = self.is_early(claim, *ping);
                    if unseen || !self.is_right(rtt, quantity, *ping) {
                        early |= unseen;
                        wrong.push((*ping, rtt, quantity.clone()));
                    }
                }
                Said::Lost | Said::TimedOut => self.lost(claim, *ping),
            }
        }
        if self.all_of_a_kind(&claims, &wrong) {
            return;
        }
        if early && self.truth.concurrent {
            if let Some((ping, _, quantity)) = wrong.first() {
                let truth = self.truth_of(*ping);
                self.find(Bug::ArrivalOrder, Some(*ping), &quantity.text, truth, false);
            }
            return;
        }
        // Once a reply is another's, so are those after it.
        let mut first = None;
        let many = wrong.iter().filter(|it| it.0 > 0).count() >= 3;
        for (ping, rtt, quantity) in wrong {
            self.explain(ping, rtt, &quantity, &mut first, many);
        }
    }

    /// Each claim with its ping, where that is known.
    fn attributed(&self) -> Vec<(Claim, usize)> {
        let pings = &self.truth.pings;
        let claims = &self.printed.claims;
        // Where each ping has its line, those without a number are told by their place.
        let rises = claims.windows(2).all(|two| match two {
            [one, other] => one
                .label
                .zip(other.label)
                .is_none_or(|(one, other)| other == one + 1),
            _ => true,
        });
        let all = claims.iter().all(|it| it.label.is_some());
        let in_order = !self.truth.concurrent && claims.len() == pings.len() && rises && !all;
        let mut labels: Vec<i64> = claims.iter().filter_map(|it| it.label).collect();
        labels.sort_unstable();
        labels.dedup();
        let numbers: Vec<i64> = pings.iter().filter_map(|it| it.seq).collect();
        let by_rank = labels.len() == pings.len();
        let by_number =
            numbers.len() == pings.len() && labels.iter().all(|it| numbers.contains(it));
        let last = i64::try_from(pings.len()).unwrap_or(i64::MAX);
        let from_one = labels.iter().all(|it| (1..=last).contains(it));
        let place = |label: i64| {
            if by_rank {
                labels.binary_search(&label).ok()
            } else if by_number {
                numbers.iter().position(|it| *it == label)
            } else if from_one {
                usize::try_from(label - 1).ok()
            } else {
                None
            }
        };
        let mut all = Vec::new();
        for (index, claim) in claims.iter().enumerate() {
            let ping = if in_order {
                Some(index)
            } else {
                claim.label.map_or(claim.echo, place)
            };
            // A ping cannot be printed before it is sent.
            let ping = ping.filter(|it| {
                pings
                    .get(*it)
                    .is_some_and(|it| seconds(claim.at_ns) >= it.at - 0.05)
            });
            all.extend(ping.map(|it| (claim.clone(), it)));
        }
        all
    }

    /// Whether a time was printed before the ping's reply was sent: it is of another.
    fn is_early(&self, claim: &Claim, ping: usize) -> bool {
        let mut own = self
            .truth
            .arrivals
            .iter()
            .filter(|it| it.ping == Some(ping));
        own.next().is_some_and(|it| seconds(claim.at_ns) < it.at)
    }

    /// In seconds.
    fn value(&self, quantity: &Quantity) -> Option<f64> {
        let unit = quantity.unit.or(self.judged.hints.unit)?;
        Some(quantity.value * unit.size())
    }

    fn step(&self, quantity: &Quantity) -> f64 {
        let unit = quantity.unit.or(self.judged.hints.unit);
        quantity.step * unit.map_or(1.0, Unit::size)
    }

    /// The unit in which most numbers without one are right.
    fn implied_unit(&self, claims: &[(Claim, usize)]) -> Option<Unit> {
        let bare = claims.iter().filter_map(|(claim, ping)| match &claim.said {
            Said::Rtt(quantity) if quantity.unit.is_none() => Some((quantity, *ping)),
            _ => None,
        });
        let bare: Vec<(&Quantity, usize)> = bare.collect();
        let fitting = |unit: Unit| {
            let fits = |(quantity, ping): &&(&Quantity, usize)| {
                let step = quantity.step * unit.size();
                let rtt = self.truth.in_time(*ping);
                rtt.is_some_and(|it| {
                    step < 0.02 && self.fits(quantity.value * unit.size(), it, step, *ping)
                })
            };
            bare.iter().filter(fits).count()
        };
        let best = Unit::ALL.into_iter().max_by_key(|it| fitting(*it))?;
        (2 * fitting(best) > bare.len() && !bare.is_empty()).then_some(best)
    }

    /// Whether a printed time is a true one, within what this machine and that program need.
    fn fits(&self, printed: f64, truth: f64, step: f64, ping: usize) -> bool {
        // The first send and receive load code.
        let first = if ping == 0 || self.truth.concurrent {
            0.15
        } else {
            0.0
        };
        let more = 0.012 + 0.02 * truth + 4.0 * self.truth.late + first;
        printed >= truth - step - 0.004 - self.truth.late && printed <= truth + step + more
    }

    fn is_right(&self, rtt: f64, quantity: &Quantity, ping: usize) -> bool {
        let truth = self.truth.pings.get(ping).and_then(|it| it.rtt);
        let counts = self.assignment.accepts_late || self.truth.in_time(ping).is_some();
        counts && truth.is_some_and(|it| self.fits(rtt, it, self.step(quantity), ping))
    }

    /// Whether all that is wrong is so in one way: the unit, or the clock.
    fn all_of_a_kind(
        &mut self,
        claims: &[(Claim, usize)],
        wrong: &[(usize, f64, Quantity)],
    ) -> bool {
        let rtts = claims.iter().filter(|it| matches!(it.0.said, Said::Rtt(_)));
        if self.known.always.is_some() {
            // Said elsewhere, where nothing else could be the cause.
            return true;
        }
        if wrong.len() < 3 || 2 * wrong.len() < rtts.count() {
            return false;
        }
        let powers = [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6];
        for power in powers {
            let factor = 10_f64.powi(power);
            let fits = |(ping, rtt, quantity): &&(usize, f64, Quantity)| {
                let truth = self.truth.in_time(*ping);
                let step = self.step(quantity) / factor;
                // With all at once, the first sends wait for each other.
                let slow = if self.truth.concurrent { 0.3 } else { 0.0 };
                truth.is_some_and(|it| {
                    let over = rtt / factor - it;
                    let more = 0.012 + 0.08 * it + self.truth.late.min(0.03) + slow;
                    step < 0.02 && over > -0.004 - 0.02 * it - step && over < more + step
                })
            };
            let same: Vec<_> = wrong.iter().filter(fits).collect();
            if same.len() >= 3
                && 10 * same.len() >= 8 * wrong.len()
                && let Some((ping, _, quantity)) = same.first()
            {
                let truth = self.truth_of(*ping);
                let (ping, text) = (*ping, quantity.text.clone());
                self.find(Bug::Units, Some(ping), &text, truth, false);
                self.judged.hints.always = Some(Bug::Units);
                return true;
            }
        }
        // What waits in a socket is as fast.
        let strays = self.truth.arrivals.iter().any(|it| {
            it.ping.is_none_or(|it| self.truth.in_time(it).is_none())
                || it.kind == Some(ReplyKind::Copy)
        });
        let near_zero = |(ping, rtt, _): &&(usize, f64, Quantity)| {
            let truth = self.truth.in_time(*ping);
            truth.is_some_and(|it| it >= 0.03) && (*rtt < 0.008 || *rtt > 100.0)
        };
        let fast = wrong.iter().filter(near_zero).count();
        if fast >= 3
            && 10 * fast >= 8 * wrong.len()
            && !strays
            && let Some((ping, _, quantity)) = wrong.iter().find(near_zero)
        {
            let truth = self.truth_of(*ping);
            self.find(Bug::Clock, Some(*ping), &quantity.text, truth, false);
            self.judged.hints.always = Some(Bug::Clock);
            return true;
        }
        false
    }

    /// What truly became of a ping.
    fn truth_of(&self, ping: usize) -> String {
        match self.truth.pings.get(ping).and_then(|it| it.rtt) {
            Some(rtt) if rtt > self.truth.timeout => format!("lost ({})", shown(rtt)),
            Some(rtt) => shown(rtt),
            None => "lost".to_owned(),
        }
    }

    /// Which bug a wrong round trip shows.
    fn explain(
        &mut self,
        ping: usize,
        rtt: f64,
        quantity: &Quantity,
        first: &mut Option<Bug>,
        many: bool,
    ) {
        let step = self.step(quantity);
        let Some(sent) = self.truth.pings.get(ping) else {
            return;
        };
        let (sent_at, own) = (sent.at, sent.rtt);
        let truth = self.truth_of(ping);
        let explains = |it: &&Arrival| {
            let stale = it.at < sent_at && rtt.abs() < 0.008 + step;
            let waited = it.at >= sent_at && self.fits(rtt, it.at - sent_at, step, ping);
            let is_own = it.ping == Some(ping) && it.kind != Some(ReplyKind::Stranger);
            !is_own && (stale || waited)
        };
        let arrival = self.truth.arrivals.iter().filter(explains).min_by(|a, b| {
            let off = |it: &Arrival| (it.at - sent_at - rtt).abs();
            off(a).total_cmp(&off(b))
        });
        let late_own = own.filter(|it| *it > self.truth.timeout);
        if let Some(own) = late_own
            && self.fits(rtt, own, step, ping)
        {
            let near = self.truth.is_near(ping, NEAR);
            if near && self.truth.late > ON_TIME {
                self.judged.unjudged.push(Unjudged::Near);
                return;
            }
            let restarted = self.truth.others_during(ping).next().is_some();
            let bug = if restarted {
                Bug::TimerRestarts
            } else {
                Bug::TimeoutLength
            };
            self.find(bug, Some(ping), &quantity.text, truth, near);
            return;
        }
        // Nothing but its own slowness makes a right program's time longer than the true one.
        let slow = self.truth.in_time(ping).is_some_and(|it| rtt > it);
        if slow {
            let by = own.map_or(0.0, |it| rtt - it);
            if by > 0.5 || many && !self.truth.concurrent {
                self.find(Bug::WrongRtt, Some(ping), &quantity.text, truth, by < 0.5);
            }
            return;
        }
        let stranger = self
            .truth
            .arrivals
            .iter()
            .any(|it| it.ping == Some(ping) && it.kind == Some(ReplyKind::Stranger));
        let stray = match arrival {
            Some(it) if it.ping.is_none() => Some(Bug::GarbageCredited),
            Some(it) if it.kind == Some(ReplyKind::Stranger) => Some(Bug::Sender),
            Some(_) if self.truth.concurrent => Some(Bug::ArrivalOrder),
            Some(it) if it.kind == Some(ReplyKind::Copy) => Some(Bug::DuplicateCredited),
            Some(_) => Some(Bug::LateCredited),
            None => None,
        };
        let bug = match stray {
            Some(stray) => *first.get_or_insert(stray),
            None if own.is_none() && stranger => Bug::Sender,
            None if own.is_none() => Bug::RttOfLost,
            None if rtt < 0.0 => Bug::Clock,
            None => Bug::WrongRtt,
        };
        let busy = bug == Bug::WrongRtt;
        self.find(bug, Some(ping), &quantity.text, truth, busy);
    }

    /// A ping that is called lost.
    fn lost(&mut self, claim: &Claim, ping: usize) {
        let Some(sent) = self.truth.pings.get(ping) else {
            return;
        };
        let printed = self
            .seen
            .output
            .get(claim.line)
            .map_or(String::new(), |it| it.text.clone());
        let waited = seconds(claim.at_ns) - sent.at;
        let others = self.truth.others_during(ping).next().is_some();
        let timeout = self.truth.timeout;
        let Some(rtt) = self.truth.in_time(ping) else {
            if sent.rtt.is_none() && waited < 0.6 * timeout && !others && !self.truth.concurrent {
                let truth = shown(timeout);
                if self.seen.refused {
                    if claim.said == Said::TimedOut {
                        let bug = Bug::RefusedAsTimeout;
                        self.find(bug, Some(ping), &printed, shown(waited), false);
                    }
                } else {
                    self.find(Bug::TimeoutLength, Some(ping), &shown(waited), truth, false);
                }
            }
            return;
        };
        let near = self.truth.is_near(ping, NEAR);
        // The first sends wait until code is loaded, while the program's clock runs.
        let early = ping == 0 || self.truth.concurrent;
        if near && self.truth.late > ON_TIME || early && self.truth.is_near(ping, 2.5 * NEAR) {
            self.judged.unjudged.push(Unjudged::Near);
            return;
        }
        let kind = self
            .truth
            .arrivals
            .iter()
            .find(|it| it.ping == Some(ping) && it.kind != Some(ReplyKind::Stranger));
        let kind = kind.and_then(|it| it.kind);
        let truth = shown(rtt);
        let went_on = self.gap(ping).is_some_and(|it| it < rtt + 0.3);
        let bug = match kind {
            Some(ReplyKind::Upper | ReplyKind::Padded) => Bug::ByteComparison,
            // It was there, and was called lost all the same.
            _ if !others && went_on && waited >= rtt - 0.005 && rtt < 0.5 * timeout => Bug::Units,
            _ if !others && (near || rtt > 0.7 * timeout || waited < rtt) => Bug::TimeoutLength,
            _ => Bug::ReplyCalledLost,
        };
        let busy = bug != Bug::ByteComparison;
        self.find(bug, Some(ping), &printed, truth, busy);
    }
}

/// A time as people read it.
pub(super) fn shown(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}
