//! What happens to a run from outside, and going on all the same.
//!
//! Owns when it is noticed, and that the run goes on from another address where the old one
//! leads nowhere. What looks at the host is `monitor`, the sentences are the report's.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};

use udping_core::time::ClientTime;
use udping_journal::{Incident, IncidentKind, Record};

use super::PingPlan;
use super::monitor::{HostMonitor, bare, lasting};
use super::run::PingRun;
use super::target::TargetMonitor;
use crate::i18n::say;
use crate::journal::next_address;
use crate::signals::Signals;
use crate::tui::ViewEvent;

/// What is known of this host and its network.
#[derive(Default)]
pub(super) struct Host {
    /// Looks at the host, once that has begun.
    monitor: Option<HostMonitor>,
    /// Looks the target up again, where that was asked for.
    target: Option<TargetMonitor>,
    /// It was begun, or tried.
    monitored: bool,
    /// Since when the system lets no probe out.
    down_since: Option<ClientTime>,
}

impl Host {
    pub(super) const fn is_monitored(&self) -> bool {
        self.monitored
    }

    fn start_monitor(
        &mut self,
        plan: &PingPlan,
        server: SocketAddr,
        signals: &Signals,
        from: Option<IpAddr>,
    ) -> io::Result<()> {
        self.monitored = true;
        // Two that look at once would say everything twice.
        self.monitor = None;
        let monitor = HostMonitor::start(signals, server, &plan.options, from)?;
        self.monitor = Some(monitor);
        if let Some(again) = plan.resolve_again.filter(|_| self.target.is_none()) {
            let (target, options) = (plan.target.clone(), plan.options.clone());
            let signals = signals.clone();
            let target = TargetMonitor::start(again, target, server, options, signals)?;
            self.target = Some(target);
        }
        Ok(())
    }

    pub(super) fn stop_monitor(&mut self) {
        self.monitor = None;
        self.target = None;
    }

    /// A probe went out: the end of an outage, if there was one.
    fn network_is_up(&mut self, now: ClientTime) -> Option<Incident> {
        let since = self.down_since.take()?;
        let time = now.checked_since(since).unwrap_or_default();
        Some(lasting(IncidentKind::NetworkUp, time))
    }

    /// A probe could not go out: the beginning of an outage, if the network is to blame.
    fn network_is_down(&mut self, now: ClientTime, error: &io::Error) -> Option<Incident> {
        use ErrorKind::{
            AddrNotAvailable, HostUnreachable, InvalidInput, NetworkDown, NetworkUnreachable,
        };
        let gone = matches!(
            error.kind(),
            // Linux calls it invalid where this end's address is gone.
            AddrNotAvailable | HostUnreachable | InvalidInput | NetworkDown | NetworkUnreachable
        );
        if !gone || self.down_since.is_some() {
            return None;
        }
        self.down_since = Some(now);
        Some(Incident {
            error: Some(error.to_string()),
            ..bare(IncidentKind::NetworkDown)
        })
    }
}

impl PingRun<'_> {
    /// Puts on record which of the target's addresses were tried before. It was said when they
    /// failed.
    pub(super) fn record_skipped(&mut self) {
        for skipped in &self.plan.skipped {
            let record = next_address(skipped, self.plan.redact);
            self.outputs.record(ClientTime::ZERO, record);
        }
    }

    /// Has somebody look at the host from now on.
    pub(super) fn start_monitor(&mut self, signals: &Signals) {
        let from = self.transport.socket.address().ok();
        if let Err(error) = self
            .host
            .start_monitor(self.plan, self.server, signals, from)
        {
            self.outputs.note(say::NoMonitor { error });
        }
    }

    /// Takes what the monitor has noticed.
    pub(super) fn take_incidents(&mut self, signals: &Signals) {
        while let Some(server) = self.host.target.as_ref().and_then(TargetMonitor::next) {
            self.follow_the_target(server, signals);
        }
        while let Some(incident) = self.host.monitor.as_ref().and_then(HostMonitor::next) {
            let moved = incident.incident == IncidentKind::Moved;
            match if moved { self.reopen() } else { Ok(()) } {
                Ok(()) => self.incident(self.session.client().now(), incident),
                // As long as that is so, the monitor says so every second.
                Err(error) => {
                    let error = crate::i18n::chain(&error);
                    self.outputs.remark(&say::CannotMove { error });
                }
            }
        }
    }

    /// Goes on with `server`, since the target's name has that address now.
    fn follow_the_target(&mut self, server: SocketAddr, signals: &Signals) {
        if let Err(error) = self.transport.reopen(self.plan, server) {
            let error = crate::i18n::chain(&error);
            self.outputs.remark(&say::CannotMove { error });
            return;
        }
        let old = std::mem::replace(&mut self.server, server);
        self.outputs.moved_to(server);
        let incident = Incident {
            address: Some(server.ip().to_string()),
            old_address: Some(old.ip().to_string()),
            ..bare(IncidentKind::MovedTarget)
        };
        self.incident(self.session.client().now(), incident);
        self.start_monitor(signals);
    }

    /// Goes on with another socket, and from the address that leads to the server now.
    fn reopen(&mut self) -> anyhow::Result<()> {
        let from = self.transport.reopen(self.plan, self.server)?;
        if let Some(monitor) = &self.host.monitor {
            monitor.moved(from);
        }
        Ok(())
    }

    /// Where probes are to leave by an interface that was created again, goes on with the
    /// new one. As long as that cannot be, the next probe that cannot be sent says why.
    pub(super) fn follow_the_interface(&mut self) {
        if self
            .transport
            .socket
            .interface_recreated(&self.plan.options)
        {
            let _ = self.reopen();
        }
    }

    /// A probe went out.
    pub(super) fn network_is_up(&mut self) {
        let now = self.session.client().now();
        if let Some(incident) = self.host.network_is_up(now) {
            self.incident(now, incident);
        }
    }

    /// A probe could not go out, for this reason.
    pub(super) fn network_is_down(&mut self, now: ClientTime, error: &io::Error) {
        if let Some(incident) = self.host.network_is_down(now, error) {
            self.incident(now, incident);
        }
    }

    /// Says how long the host was waited for, if it was.
    pub(super) fn say_waited(&mut self) {
        if let Some((time, is_up)) = self.plan.waited {
            self.incident(ClientTime::ZERO, lasting(IncidentKind::Waited, time));
            if !is_up {
                self.outputs.note(say::PING_NOT_UP);
            }
        }
    }

    fn incident(&mut self, now: ClientTime, mut incident: Incident) {
        incident.at_ns = now.as_nanos();
        self.outputs
            .show(now, || ViewEvent::Incident(Box::new(incident.clone())));
        self.outputs
            .say(|report, out| report.incident(out, &incident));
        self.record_incident(now, incident);
    }

    fn record_incident(&mut self, now: ClientTime, mut incident: Incident) {
        if self.plan.redact {
            incident.address = None;
            incident.old_address = None;
        }
        self.outputs.record(now, Record::Incident(incident));
    }
}
