//! The judge of each ping's line: whose it is, and whether it is right.
//!
//! Owns that. What bug a wrong one shows, [`causes`](super::causes) knows.

use super::{
    Bug, Claim, End, Judge, PingLine, Quantity, Said, TOO_LATE, Unit, Unjudged, best_unit, printed,
    seconds, shown,
};

impl Judge<'_> {
    /// What is printed of each ping.
    pub(super) fn lines(&mut self) {
        let claims = self.attributed();
        if self.says_no_rtt() {
            self.find(Bug::NoRtt, None, "", self.truth_of(0), false);
        }
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
        self.judged.units = self.units(&claims);
        let unit = self.known.unit.or(best_unit(self.judged.units));
        self.judged.hints.unit = unit.or_else(|| self.unit_of_wrong(&claims));
        self.judged.hints.wait = self.wait(&claims);
        let mut wrong = Vec::new();
        let (mut early, mut unknown) = (false, false);
        let (mut late, mut sure, mut leaning) = (0, 0, 0);
        for (claim, ping) in &claims {
            self.note(claim, *ping);
            late += usize::from(self.truth.late_during(*ping) > TOO_LATE);
            match &claim.said {
                Said::Rtt(quantity) => {
                    let Some(rtt) = self.value(quantity) else {
                        unknown = true;
                        continue;
                    };
                    self.judged.lines += 1;
                    let unseen = self.is_early(claim, *ping);
                    if unseen || !self.is_right(rtt, quantity, *ping) {
                        early |= unseen;
                        wrong.push((*ping, rtt, quantity.clone()));
                    } else if self.is_right_at_rest(rtt, quantity, *ping) {
                        sure += 1;
                    } else {
                        leaning += 1;
                    }
                }
                Said::Lost | Said::TimedOut => {
                    self.judged.lines += 1;
                    self.lost(claim, *ping);
                }
            }
        }
        if unknown {
            self.judged.unjudged.push(Unjudged::Unit);
        }
        // What is right only because the machine was late is not known to be right.
        if 2 * late > claims.len() || leaning > sure {
            self.judged.unjudged.push(Unjudged::Busy);
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

    /// Whether no line has a number that could be a round trip, in any unit, where there were some.
    fn says_no_rtt(&self) -> bool {
        const QUIET: f64 = 0.2;
        let rtts: Vec<f64> = (0..self.truth.pings.len())
            .filter_map(|it| self.truth.in_time(it))
            .collect();
        let read = self.printed.claims.iter().any(|it| it.rtt().is_some());
        let ended = self.seen.end == End::Exited(0) && !self.seen.output.is_empty();
        if read || !ended || rtts.len() < 3 || self.truth.late > QUIET {
            return false;
        }
        let quoted = self.truth.quoted();
        let could_be = |it: &Quantity| {
            Unit::ALL.iter().any(|unit| {
                let value = it.value * unit.size();
                let near = |rtt: &f64| value > 0.5 * rtt && value < 2.0 * rtt + 0.2;
                rtts.iter().any(near)
            })
        };
        let mut lines = self.seen.output.iter();
        !lines.any(|it| {
            printed::numbers_beside(&it.text, &quoted)
                .iter()
                .any(could_be)
        })
    }

    /// How long it waits for a reply that does not come, and nothing else either, before it says
    /// so: the same each time.
    fn wait(&self, claims: &[(Claim, usize)]) -> Option<f64> {
        const SAME: f64 = 0.05;
        if self.truth.concurrent || self.seen.refused {
            return None;
        }
        let waited = |(claim, ping): &(Claim, usize)| {
            let (at, sent) = (seconds(claim.at_ns), self.truth.pings.get(*ping)?.at);
            let mut arrivals = self.truth.arrivals.iter();
            let came = arrivals.any(|it| it.at >= sent && it.at <= at);
            (claim.rtt().is_none() && !came).then_some(at - sent)
        };
        let mut waits: Vec<f64> = claims.iter().filter_map(waited).collect();
        waits.sort_by(f64::total_cmp);
        let (least, most) = (*waits.first()?, *waits.last()?);
        (waits.len() > 1 && most - least < SAME).then_some(least)
    }

    /// Keeps what is printed of a ping, unless nobody knows in which unit.
    fn note(&mut self, claim: &Claim, ping: usize) {
        let rtt = match &claim.said {
            Said::Rtt(quantity) => self.value(quantity).map(Some),
            Said::Lost | Said::TimedOut => Some(None),
        };
        let line = self.seen.output.get(claim.line);
        self.judged
            .pings
            .extend(rtt.zip(line).map(|(rtt, line)| PingLine {
                ping,
                at_ns: claim.at_ns,
                text: line.text.clone(),
                rtt,
            }));
    }

    /// Each claim with its ping, where that is known.
    pub(super) fn attributed(&self) -> Vec<(Claim, usize)> {
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
            } else if self.printed.from_zero && !numbers.contains(&0) {
                usize::try_from(label).ok()
            } else if by_number {
                numbers.iter().position(|it| *it == label)
            } else if from_one {
                usize::try_from(label - 1).ok()
            } else {
                None
            }
        };
        let times = self.by_time();
        let mut all = Vec::new();
        for (index, claim) in claims.iter().enumerate() {
            let ping = if in_order {
                Some(index)
            } else if let Some(times) = &times {
                times.get(index).copied()
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

    /// Each claim's ping by the time at which it was printed, where nothing else tells and each
    /// has one of its own: one that prints nothing of a loss.
    fn by_time(&self) -> Option<Vec<usize>> {
        // Whoever prints and then sends is seen to do both at once.
        const SINCE: f64 = 0.02;
        let claims = &self.printed.claims;
        let told = claims
            .iter()
            .any(|it| it.label.is_some() || it.echo.is_some());
        if told || self.truth.concurrent {
            return None;
        }
        let last = |claim: &Claim| {
            let at = seconds(claim.at_ns) - SINCE;
            let mut pings = self.truth.pings.iter();
            pings.rposition(|it| it.at <= at)
        };
        let whose: Vec<usize> = claims.iter().map(last).collect::<Option<_>>()?;
        let rises = whose
            .windows(2)
            .all(|two| matches!(two, [one, next] if next > one));
        rises.then_some(whose)
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
    pub(super) fn value(&self, quantity: &Quantity) -> Option<f64> {
        let unit = quantity.unit.or(self.judged.hints.unit)?;
        Some(quantity.value * unit.size())
    }

    pub(super) fn step(&self, quantity: &Quantity) -> f64 {
        let unit = quantity.unit.or(self.judged.hints.unit);
        quantity.step * unit.map_or(1.0, Unit::size)
    }

    /// For how many numbers without a unit each unit is right. Nearly: whether a time is right
    /// is another question.
    fn units(&self, claims: &[(Claim, usize)]) -> [usize; 4] {
        Unit::ALL.map(|unit| {
            let fits = |(claim, ping): &&(Claim, usize)| match &claim.said {
                Said::Rtt(quantity) if quantity.unit.is_none() => {
                    let value = quantity.value * unit.size();
                    let rtt = self.truth.in_time(*ping);
                    rtt.is_some_and(|it| value > 0.7 * it - 0.005 && value < 2.0 * it + 0.1)
                        && quantity.step * unit.size() < 0.02
                }
                _ => false,
            };
            claims.iter().filter(fits).count()
        })
    }

    /// The unit where none is named and every one would be wrong: the textbook's, so that it can be
    /// said how.
    fn unit_of_wrong(&self, claims: &[(Claim, usize)]) -> Option<Unit> {
        let wrong = claims.iter().filter(|(claim, ping)| {
            let unitless = claim.rtt().is_some_and(|it| it.unit.is_none());
            unitless && self.truth.in_time(*ping).is_some()
        });
        let named = claims
            .iter()
            .any(|it| it.0.rtt().is_some_and(|it| it.unit.is_some()));
        (!named && wrong.count() >= 3).then_some(Unit::Seconds)
    }

    /// What the last digit leaves open. Whole seconds measure nothing here.
    fn open(step: f64) -> f64 {
        if step > 0.11 { 0.02 } else { step }
    }

    /// Whether a printed time is a true one, within what this machine and that program need.
    pub(super) fn fits(&self, printed: f64, truth: f64, step: f64, ping: usize) -> bool {
        let late = self.truth.late_during(ping);
        self.fits_within(printed, truth, step, (ping, late))
    }

    fn fits_within(&self, printed: f64, truth: f64, step: f64, (ping, late): (usize, f64)) -> bool {
        // The first send and receive load code.
        let first = if ping == 0 || self.truth.concurrent {
            0.15
        } else {
            0.0
        };
        let step = Self::open(step);
        let more = 0.012 + 0.02 * truth + 1.5 * late + first;
        printed >= truth - step - 0.004 - late && printed <= truth + step + more
    }

    fn is_right(&self, rtt: f64, quantity: &Quantity, ping: usize) -> bool {
        let truth = self.truth.pings.get(ping).and_then(|it| it.rtt);
        let counts = self.assignment.accepts_late || self.truth.in_time(ping).is_some();
        counts && truth.is_some_and(|it| self.fits(rtt, it, self.step(quantity), ping))
    }

    /// Whether a printed time is a true one, on a machine that has nothing else to do.
    pub(super) fn fits_at_rest(&self, printed: f64, truth: f64, step: f64, ping: usize) -> bool {
        const REST: f64 = 0.005;
        self.fits_within(printed, truth, step, (ping, REST))
    }

    /// Whether a ping's time would be right there.
    fn is_right_at_rest(&self, rtt: f64, quantity: &Quantity, ping: usize) -> bool {
        let truth = self.truth.pings.get(ping).and_then(|it| it.rtt);
        let step = self.step(quantity);
        truth.is_some_and(|it| self.fits_at_rest(rtt, it, step, ping))
    }

    /// What truly became of a ping.
    pub(super) fn truth_of(&self, ping: usize) -> String {
        match self.truth.pings.get(ping).and_then(|it| it.rtt) {
            Some(rtt) if rtt > self.truth.timeout => format!("lost ({})", shown(rtt)),
            Some(rtt) => shown(rtt),
            None => "lost".to_owned(),
        }
    }
}
