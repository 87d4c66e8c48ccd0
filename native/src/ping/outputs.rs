//! Where a run's decisions go: the report, the journal, and the terminal view.
//!
//! Owns that all of them get what there is. Decides nothing.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

use udping_core::event::{Event, Outcome, Output};
use udping_core::stats::{Summary, WindowFigures};
use udping_core::time::{ClientTime, WallTime};
use udping_journal::{Header, Record};

use super::{PingPlan, heading, tui_model};
use crate::journal::Sink;
use crate::outlet::Outlet;
use crate::report::{Report, Untried};
use crate::run_end::RunEnd;
use crate::signals::Signals;
use crate::tui::{Tui, ViewEvent};

/// A run's outputs.
pub(super) struct Outputs {
    outlet: Outlet,
    report: Report,
    /// The terminal view, if there is one.
    view: Option<Tui>,
}

impl Outputs {
    /// Begins them, with the journal's header and the report's heading.
    pub(super) fn open(
        plan: &PingPlan,
        header: &Header,
        sinks: Vec<Sink>,
        end: &RunEnd,
    ) -> anyhow::Result<Self> {
        let mut report = Report::new(
            plan.style.clone(),
            plan.server.to_string(),
            plan.server.ip().to_string(),
            plan.config.timeout(),
        );
        report.facts.server = Some(plan.server.ip());
        report.facts.untried = plan.others.first().map(|other| Untried {
            name: plan.target.host.clone(),
            address: other.ip(),
            by_family: plan.server.is_ipv4() != other.is_ipv4(),
        });
        let mut outlet = Outlet::new(plan.silent, plan.style.quiet, header, sinks, end)?;
        outlet.always(heading(plan));
        Ok(Self {
            outlet,
            report,
            view: None,
        })
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
    }

    /// Shows what happened at `at`, if there is a view.
    pub(super) fn show(&mut self, at: ClientTime, what: impl FnOnce() -> ViewEvent) {
        if let Some(view) = &mut self.view {
            view.push(at, what());
        }
    }

    /// Says a sentence of the report.
    pub(super) fn say(
        &mut self,
        sentence: impl FnOnce(&mut Report, &mut dyn Write) -> io::Result<()>,
    ) {
        let Self { outlet, report, .. } = self;
        outlet.write(|out| sentence(report, out));
    }

    /// Says a sentence about the run itself.
    pub(super) fn remark(&mut self, text: &dyn Display) {
        self.say(|report, out| report.remark(out, text));
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

    /// Ends them with the figures; whether all of them are complete.
    pub(super) fn finish(
        mut self,
        summary: &Summary,
        windows: &[WindowFigures],
        elapsed: Duration,
    ) -> bool {
        self.end_view();
        self.say(|report, out| report.summary(out, summary, windows, elapsed));
        let last = Record::from(*summary);
        self.outlet.finish(last, None)
    }
}
