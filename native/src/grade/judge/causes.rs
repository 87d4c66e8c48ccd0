//! Which bug a wrong line shows: what else came that explains it.
//!
//! Owns the causes. That a line is wrong is known already.

use super::{
    Arrival, Bug, Claim, Judge, NEAR, ON_TIME, Quantity, ReplyKind, Said, Unjudged, seconds, shown,
};

impl Judge<'_> {
    /// Whether all that is wrong is so in one way: the unit, or the clock.
    pub(super) fn all_of_a_kind(
        &mut self,
        claims: &[(Claim, usize)],
        wrong: &[(usize, f64, Quantity)],
    ) -> bool {
        let rtts = claims.iter().filter(|it| matches!(it.0.said, Said::Rtt(_)));
        if self.known.always.is_some() {
            // Said elsewhere, where nothing else could be the cause.
            return true;
        }
        let quantities: Vec<&Quantity> = claims.iter().filter_map(|it| it.0.rtt()).collect();
        let whole = quantities.iter().all(|it| self.step(it) > 0.5);
        let shorter = claims.iter().filter(|it| {
            let rtt = self.truth.in_time(it.1);
            it.0.rtt().is_some() && rtt.is_some_and(|it| (0.03..0.97).contains(&it))
        });
        if whole
            && shorter.count() >= 3
            && let Some(first) = quantities.first()
        {
            let (text, truth) = (first.text.clone(), self.truth_of(0));
            self.find(Bug::Clock, None, &text, truth, false);
            self.judged.hints.always = Some(Bug::Clock);
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
        let strays = self.truth.strays().next().is_some();
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

    /// Which bug a wrong round trip shows.
    pub(super) fn explain(
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
        let strayed = self.truth.strays().any(|it| it.at < sent_at);
        let concurrent = self.truth.concurrent;
        let explains = |it: &&Arrival| {
            // One that waits in the socket, where it or one before it was left.
            let stale = strayed && it.at < sent_at && rtt.abs() < 0.008 + step;
            let waited = it.at >= sent_at && self.fits(rtt, it.at - sent_at, step, ping);
            let is_own = it.ping == Some(ping) && it.kind != Some(ReplyKind::Stranger);
            // Another's that came in time was left only where something was taken for it.
            let was_left = concurrent || self.truth.strays().any(|stray| stray.at <= it.at);
            !is_own && was_left && (stale || waited)
        };
        // Above all the same for all that are lost: the timeout itself, as if it were one.
        let over = rtt - self.truth.timeout;
        let is_timeout = over > -0.015 && over < 0.015 + self.truth.late_during(ping);
        let own_fits = own.is_some_and(|it| self.fits(rtt, it, step, ping));
        if first.is_none() && is_timeout && !own_fits && self.truth.in_time(ping).is_none() {
            self.find(Bug::RttOfLost, Some(ping), &quantity.text, truth, false);
            return;
        }
        let arrival = self.truth.arrivals.iter().filter(explains).min_by(|a, b| {
            let off = |it: &Arrival| (it.at - sent_at - rtt).abs();
            // What was taken first was no right reply.
            let fair = |it: &Arrival| first.is_none() && !concurrent && !self.truth.is_stray(it);
            fair(a).cmp(&fair(b)).then(off(a).total_cmp(&off(b)))
        });
        let late_own = own.filter(|it| *it > self.truth.timeout);
        // On a busy machine much would be its own; what was there without it is another's.
        let others = arrival.is_some_and(|it| self.fits_at_rest(rtt, it.at - sent_at, step, ping));
        if let Some(own) = late_own
            && self.fits(rtt, own, step, ping)
            && (!others || self.fits_at_rest(rtt, own, step, ping))
        {
            let near = self.truth.is_near(ping, NEAR);
            if near && self.truth.late_during(ping) > ON_TIME {
                self.judged.unjudged.push(Unjudged::Near);
                return;
            }
            let restarted = self.truth.others_during(ping).next().is_some();
            // Where nothing else comes it waits as long.
            let always = self.known.wait.is_some_and(|it| it > rtt - 0.05);
            let bug = if restarted && !always {
                Bug::TimerRestarts
            } else {
                Bug::TimeoutLength
            };
            let busy = near || self.gives_up_by(own);
            self.find(bug, Some(ping), &quantity.text, truth, busy);
            return;
        }
        let mut copies = self.truth.arrivals.iter();
        let is_copy = copies.any(|it| {
            let copy = it.ping == Some(ping) && it.kind == Some(ReplyKind::Copy);
            copy && self.fits_at_rest(rtt, it.at - sent_at, step, ping)
        });
        if is_copy && !own_fits {
            self.find(
                Bug::DuplicateCredited,
                Some(ping),
                &quantity.text,
                truth,
                true,
            );
            return;
        }
        // Nothing but its own slowness makes a right program's time longer than the true one.
        let slow = self.truth.in_time(ping).is_some_and(|it| rtt > it);
        if slow {
            let by = own.map_or(0.0, |it| rtt - it);
            if by > 0.5 || many && ping > 0 && !self.truth.concurrent {
                self.find(Bug::WrongRtt, Some(ping), &quantity.text, truth, true);
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
    pub(super) fn lost(&mut self, claim: &Claim, ping: usize) {
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
        let hasty = self.is_hasty();
        let Some(rtt) = self.truth.in_time(ping) else {
            let alone = !others && !self.truth.concurrent;
            if waited < 0.6 * timeout && (alone || hasty) {
                let truth = shown(timeout);
                // Who waits as little elsewhere does not heed a refusal.
                let little = self.known.wait.is_some_and(|it| it < 0.6 * timeout);
                if self.seen.refused && !little {
                    // A refusal comes at once; whoever was kept from sending waits for less.
                    if claim.said == Said::TimedOut && waited < 0.2 * timeout {
                        let bug = Bug::RefusedAsTimeout;
                        self.find(bug, Some(ping), &printed, shown(waited), true);
                    }
                } else {
                    let bug = Bug::TimeoutLength;
                    self.find(bug, Some(ping), &shown(waited), truth, !hasty);
                }
            }
            return;
        };
        let near = self.truth.is_near(ping, NEAR);
        // The first sends wait until code is loaded, while the program's clock runs.
        let early = ping == 0 || self.truth.concurrent;
        let late = self.truth.late_during(ping) > ON_TIME;
        if near && late || early && self.truth.is_near(ping, 2.5 * NEAR) {
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
        let claimed = seconds(claim.at_ns);
        let came = self
            .truth
            .others_during(ping)
            .any(|it| it.at <= claimed && claimed < it.at + 0.05);
        // As long as it waits where nothing comes: that is its timeout.
        let gave_up = self.known.wait.is_some_and(|it| {
            it < 0.9 * timeout && waited > it - 0.02 && waited < it + 0.05 && waited < rtt + 0.01
        });
        let went_on = self.gap(ping).is_some_and(|it| it < rtt + 0.3);
        let bug = match kind {
            _ if gave_up || hasty && !came && waited < rtt => Bug::TimeoutLength,
            Some(ReplyKind::Upper) => Bug::ByteComparison,
            Some(ReplyKind::Padded) => Bug::Padding,
            // It was there, and was called lost all the same.
            _ if !others
                && went_on
                && waited >= rtt - 0.005
                && rtt < 0.5 * timeout
                && !self.credits_over(rtt) =>
            {
                Bug::Units
            }
            // It gave up before, and nothing had come that it could have taken for an answer.
            _ if waited < rtt - 0.02 && !came => Bug::TimeoutLength,
            _ if !others && (near || rtt > 0.7 * timeout || waited < rtt) => Bug::TimeoutLength,
            _ => Bug::ReplyCalledLost,
        };
        let busy = bug != Bug::TimeoutLength || !hasty;
        self.find(bug, Some(ping), &printed, truth, busy);
    }

    /// Whether several pings are called lost before the first has had half of its time: no machine
    /// makes a timeout that short.
    fn is_hasty(&self) -> bool {
        let begun = self.truth.pings.first().map_or(0.0, |it| it.at);
        let end = begun + 0.5 * self.truth.timeout;
        let claims = self.printed.claims.iter();
        let early = claims.filter(|it| it.rtt().is_none() && seconds(it.at_ns) < end);
        // Nobody may be there, and something else may have come that it took for an answer.
        !self.seen.refused && early.count() >= 3
    }

    /// Whether a reply that came late, but no later than that, is called lost: then whoever
    /// credits one may have been kept from its timer.
    fn gives_up_by(&self, rtt: f64) -> bool {
        let claims = self.attributed();
        claims.iter().any(|(claim, ping)| {
            let own = self.truth.pings.get(*ping).and_then(|it| it.rtt);
            let is_late = own.is_some_and(|it| it > self.truth.timeout && it < rtt + 0.05);
            claim.rtt().is_none() && is_late
        })
    }

    /// Whether a reply that took longer than this is credited: then no unit is what calls it lost.
    fn credits_over(&self, rtt: f64) -> bool {
        let claims = self.attributed();
        claims.iter().any(|(claim, ping)| {
            claim.rtt().is_some() && self.truth.in_time(*ping).is_some_and(|it| it > rtt)
        })
    }
}
