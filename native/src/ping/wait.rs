//! Waiting for a host to come up, before the session begins that counts.
//!
//! Owns how often it is asked, and that nothing of it is a result: each attempt is a session of
//! one probe, of which only the answer is kept.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::thread;
use std::time::Duration;

use udping_core::Schedule;

use super::{Attempt, PingPlan, session};
use crate::ExitStatus;
use crate::clock::Clock;
use crate::i18n::{duration, say};
use crate::net::ClientSocket;
use crate::outlet::Outlet;
use crate::poll::POLL_INTERVAL;
use crate::run_end::RunEnd;
use crate::signals::Signals;

/// From the beginning of an attempt to that of the next.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits, if `plan` says so, until one of the target's addresses answers, each of them asked in
/// turn, or for as long as it says. The plan then has the address that answered, and what came
/// of the waiting.
pub(super) fn until_up(
    plan: &mut PingPlan,
    outlet: &mut Outlet,
    signals: &Signals,
    end: &RunEnd,
) -> anyhow::Result<()> {
    let Some(most) = plan.wait else {
        return Ok(());
    };
    outlet.say(say::PingWaiting {
        most: duration(most),
        server: plan.server,
    });
    let started = Clock::start();
    let left = || {
        let left = most.saturating_sub(started.elapsed());
        end.left().map_or(left, |all| left.min(all))
    };
    let over = || end.is_asked_for() || left().is_zero();
    let mut is_up = false;
    while !is_up && !over() {
        let attempt = Clock::start();
        is_up = answers(plan, left(), signals, end)?;
        if is_up {
            // The run is with the one that answered.
            plan.others.clear();
        } else if let Some(next) = plan.others.pop_front() {
            plan.others.push_back(plan.server);
            plan.server = next;
        }
        while !is_up && !over() && attempt.elapsed() < PAUSE {
            thread::sleep(left().min(POLL_INTERVAL));
        }
    }
    plan.waited = Some((started.elapsed(), is_up));
    Ok(())
}

/// Whether the plan's server replies to a probe in time, and within `deadline`. What keeps the
/// probe from reaching it is what is waited for to go away.
fn answers(
    plan: &PingPlan,
    deadline: Duration,
    signals: &Signals,
    end: &RunEnd,
) -> anyhow::Result<bool> {
    let one = plan.config.to_builder().count(Some(NonZeroU64::MIN));
    let attempt = PingPlan {
        config: one
            .schedule(Schedule::StopAndWait {
                gap: Duration::ZERO,
            })
            .build()?,
        others: VecDeque::new(),
        resolve_again: None,
        deadline: Some(deadline),
        until: None,
        every: None,
        lingers: false,
        silent: true,
        view: None,
        fail: Vec::new(),
        ..plan.clone()
    };
    let socket = ClientSocket::open(plan.server, &plan.options)?;
    if socket.connect(plan.server).is_err() {
        return Ok(false);
    }
    let outlet = Outlet::held(true, true, Vec::new(), end)?;
    let ended = session(&attempt, socket, outlet, signals);
    Ok(matches!(ended, Ok(Attempt::Ended(ExitStatus::Success))))
}
