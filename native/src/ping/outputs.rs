//! Where a run's decisions go: the report, the journal, and the terminal view.
//!
//! Owns that all of them get what there is. Decides nothing.

use std::fmt::Display;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use udping_core::event::{Event, Outcome, Output};
use udping_core::stats::{Summary, WindowFigures};
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::Claim;
use udping_journal::{Header, Outages, Record, UnixNanos};

use super::{PingPlan, heading, tui_model};
use crate::outlet::Outlet;
use crate::report::{Report, Untried};
use crate::signals::Signals;
use crate::tui::{Tui, ViewEvent};

/// How many records wait for the server to be certain, before it is taken to be.
const MOST_HELD: usize = 1 << 16;

/// How long a reply's line waits for the kernel's timestamps at the most.
const PATIENCE: Duration = Duration::from_millis(1);

/// A reply in time that is shown with the best RTT known of it, once that is known.
pub(super) struct HeldReply {
    /// When it came.
    pub(super) at: ClientTime,
    pub(super) seq: u64,
    /// By this program's clock.
    pub(super) rtt: Duration,
    pub(super) verified: bool,
    pub(super) claim: Claim,
    pub(super) len: usize,
    pub(super) ttl: Option<u8>,
}

/// The last reply in time, while the kernel's timestamps of it may come.
#[derive(Default)]
struct Held(Option<HeldReply>);

impl Held {
    /// How long it may wait at `now`, if there is one: no longer than [`PATIENCE`] in all.
    fn patience(&self, now: ClientTime) -> Option<Duration> {
        let until = self.0.as_ref()?.at.saturating_add(PATIENCE);
        Some(until.checked_since(now).unwrap_or_default())
    }

    fn take(&mut self) -> Option<HeldReply> {
        self.0.take()
    }

    /// It, if it is of probe `seq`.
    fn take_of(&mut self, seq: u64) -> Option<HeldReply> {
        self.0.take_if(|reply| reply.seq == seq)
    }
}

/// A run's outputs.
pub(super) struct Outputs {
    held: Held,
    outlet: Outlet,
    report: Report,
    /// The terminal view, if there is one.
    view: Option<Tui>,
    /// The journal's, until that begins.
    header: Option<Header>,
    /// The target has another address, which the run may still go to.
    provisional: bool,
}

impl Outputs {
    /// Begins them with the report's heading.
    pub(super) fn open(plan: &PingPlan, header: Header, mut outlet: Outlet) -> Self {
        let mut report = Report::new(
            plan.style.clone(),
            plan.server.to_string(),
            plan.server.ip().to_string(),
            plan.config.timeout(),
        );
        report.facts.server = Some(plan.server.ip());
        report.facts.untried = plan.others.front().map(|other| Untried {
            name: plan.target.host.clone(),
            address: other.ip(),
            by_family: plan.server.is_ipv4() != other.is_ipv4(),
        });
        outlet.always(heading(plan));
        Self {
            held: Held::default(),
            outlet,
            report,
            view: None,
            header: Some(header),
            provisional: !plan.others.is_empty(),
        }
    }

    /// The run begins, when the wall clock read `wall`, where the wire did not need that
    /// before: so does the journal, as soon as the server is certain, which is at once where
    /// the target has no other address.
    pub(super) fn begin(&mut self, wall: Option<WallTime>) {
        if let (Some(header), Some(wall)) = (&mut self.header, wall) {
            header.wall_ns = Some(UnixNanos(wall));
        }
        if !self.provisional {
            self.settle();
        }
    }

    /// Whether the run may still go to another address of the target instead.
    pub(super) const fn is_provisional(&self) -> bool {
        self.provisional
    }

    /// The run stays with this server: its journal begins.
    pub(super) fn settle(&mut self) {
        self.provisional = false;
        if let Some(header) = self.header.take() {
            self.outlet.begin(header);
        }
    }

    /// Ends them for a run to another server: what was recorded is forgotten.
    pub(super) fn into_outlet(mut self) -> Outlet {
        self.end_view();
        self.outlet.forget();
        self.outlet
    }

    /// Takes over the terminal, if `plan` wants it.
    /// This end's wall clock read `wall` at time zero, if the wire carries times.
    pub(super) fn start_view(
        &mut self,
        plan: &PingPlan,
        wall: Option<WallTime>,
        signals: &Signals,
    ) -> anyhow::Result<()> {
        if let Some(colour) = plan.view {
            self.view = Some(Tui::start(tui_model(plan, wall), colour, signals)?);
            // On a terminal that is drawn upon, the end has to do for warnings.
            self.outlet.hold_warnings(true);
        }
        Ok(())
    }

    pub(super) const fn has_view(&self) -> bool {
        self.view.is_some()
    }

    /// What an input came to at `now`: on record, and shown.
    pub(super) fn outcome(&mut self, now: ClientTime, outcome: Outcome, record: Record) {
        self.record(now, record);
        self.show(now, || ViewEvent::Outcome(outcome));
    }

    /// What the passing of time decided.
    pub(super) fn event(&mut self, now: ClientTime, event: Event) {
        self.show(now, || ViewEvent::Output(Output::Event(event)));
        self.say(|report, out| report.event(out, &event));
    }

    pub(super) fn record(&mut self, now: ClientTime, record: Record) {
        self.outlet.record(now.as_nanos(), record);
        if self.is_provisional() && self.outlet.held_records() >= MOST_HELD {
            self.settle();
        }
    }

    /// Shows what happened at `at`, if there is a view.
    pub(super) fn show(&mut self, at: ClientTime, what: impl FnOnce() -> ViewEvent) {
        if let Some(view) = &mut self.view {
            view.push(at, what());
        }
    }

    /// Holds a reply back, and shows the one before it.
    pub(super) fn hold(&mut self, reply: HeldReply) {
        self.release();
        self.held = Held(Some(reply));
    }

    /// How long the reply that is held may wait at `now`, if there is one.
    pub(super) fn patience(&self, now: ClientTime) -> Option<Duration> {
        self.held.patience(now)
    }

    /// Shows the reply that is held, if there is one, by this program's clock.
    pub(super) fn release(&mut self) {
        if let Some(reply) = self.held.take() {
            self.show_reply(&reply, None);
        }
    }

    /// The kernel says that the RTT of `seq` was `kernel`.
    pub(super) fn release_with(&mut self, seq: u64, kernel: Duration) {
        if let Some(reply) = self.held.take_of(seq) {
            self.show_reply(&reply, Some(kernel));
        }
    }

    fn show_reply(&mut self, reply: &HeldReply, kernel: Option<Duration>) {
        let &HeldReply {
            at,
            seq,
            rtt,
            verified,
            claim,
            len,
            ttl,
        } = reply;
        let replied = |rtt| Outcome::Replied { seq, rtt, verified };
        self.show(at, || ViewEvent::Reply(replied(rtt), claim, kernel));
        let best = replied(kernel.unwrap_or(rtt));
        self.say(|report, out| report.outcome(out, at, &best, Some(len), ttl));
    }

    /// Says a sentence of the report.
    pub(super) fn say(
        &mut self,
        sentence: impl FnOnce(&mut Report, &mut dyn Write) -> io::Result<()>,
    ) {
        self.release();
        let Self { outlet, report, .. } = self;
        outlet.write(|out| sentence(report, out));
    }

    /// Probes go to `server` from now on.
    pub(super) fn moved_to(&mut self, server: SocketAddr) {
        self.report.moved_to(server);
    }

    /// Says a sentence about the run itself.
    pub(super) fn remark(&mut self, text: &dyn Display) {
        self.say(|report, out| report.remark(out, text));
    }

    /// A rate limit seems to let so many replies a second pass, if one does.
    pub(super) const fn suspect_rate_limit(&mut self, limit: Option<u64>) {
        self.report.facts.rate_limit = limit;
    }

    /// A sentence to end the summary with.
    pub(super) fn note(&mut self, text: impl Display) {
        self.report.note(text);
    }

    /// Deals with what fails; whether somebody still reads.
    pub(super) fn attend(&mut self) -> bool {
        if self.view.as_ref().is_some_and(Tui::has_ended) {
            self.end_view();
        }
        self.outlet.attend()
    }

    /// Gives the terminal back.
    fn end_view(&mut self) {
        if let Some(mut view) = self.view.take() {
            let failed = view.finish();
            self.outlet.hold_warnings(false);
            if let Some(why) = failed {
                self.outlet.lose_report(&why);
            }
        }
    }

    /// The outages, for the summary. This end's wall clock read `start` at time zero.
    pub(super) fn take_outages(&mut self, outages: Option<Outages>, start: WallTime) {
        self.report.take_outages(outages, Some(start));
    }

    /// Ends them with the figures and the `last` record; whether all of them are complete.
    pub(super) fn finish(
        mut self,
        summary: &Summary,
        windows: &[WindowFigures],
        elapsed: Duration,
        last: Record,
    ) -> bool {
        self.settle();
        self.release();
        self.end_view();
        self.say(|report, out| report.summary(out, summary, windows, elapsed));
        self.outlet.finish(last, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: u64) -> ClientTime {
        ClientTime::from_nanos(micros * 1_000)
    }

    fn held(seq: u64, came: ClientTime) -> Held {
        Held(Some(HeldReply {
            at: came,
            seq,
            rtt: Duration::from_micros(50),
            verified: true,
            claim: Claim::default(),
            len: 64,
            ttl: None,
        }))
    }

    #[test]
    fn a_line_waits_for_its_timestamp_no_longer_than_a_millisecond() {
        let reply = held(7, at(300));
        let left = |now| reply.patience(at(now)).map(|it| it.as_micros());
        assert_eq!(left(300), Some(1_000));
        assert_eq!(left(900), Some(400));
        assert_eq!(left(1_300), Some(0), "its time is up");
        assert_eq!(left(9_000), Some(0), "and stays so");
        assert_eq!(Held::default().patience(at(0)), None, "nothing waits");
    }

    #[test]
    fn only_its_own_timestamp_ends_a_lines_wait() {
        let mut reply = held(7, at(300));
        assert!(reply.take_of(6).is_none());
        assert!(reply.patience(at(300)).is_some());
        assert_eq!(reply.take_of(7).map(|it| it.seq), Some(7));
        assert!(reply.patience(at(300)).is_none());
    }
}
