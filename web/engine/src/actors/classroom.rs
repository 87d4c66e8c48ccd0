//! The assignment's programs as classrooms write them: a server, a right client, and
//! two wrong ones, named by their bug. All of them stop-and-wait, one second a ping.

use std::collections::VecDeque;

use super::arena::{Act, Actor, Note, Packet};

/// A ping, or its echo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping {
    /// Its number, from 1.
    pub seq: u64,
}

impl Packet for Ping {
    fn number(&self, _nth: u64) -> u64 {
        self.seq
    }
}

/// The server: whatever comes goes back, to wherever it came from. One of them serves
/// any number of clients.
#[derive(Debug, Clone)]
pub struct EchoServer<P = Ping> {
    service_ns: u64,
    replies: VecDeque<(u64, P)>,
}

impl<P> EchoServer<P> {
    /// A server that takes this long over each request.
    #[must_use]
    pub fn new(service_ns: u64) -> Self {
        Self {
            service_ns,
            replies: VecDeque::new(),
        }
    }
}

impl<P: Copy> Actor<P> for EchoServer<P> {
    fn poll(&mut self, now_ns: u64) -> Act<P> {
        match self.replies.front() {
            Some((due, _)) if now_ns < *due => Act::Wait(*due),
            _ => self
                .replies
                .pop_front()
                .map_or(Act::Idle, |(_, reply)| Act::Send(reply)),
        }
    }

    fn receive(&mut self, now_ns: u64, packet: P) {
        self.replies
            .push_back((now_ns.saturating_add(self.service_ns), packet));
    }
}

/// What the three clients have in common: which ping is out, since when, and till when.
#[derive(Debug, Clone)]
struct Pinger {
    count: u64,
    timeout_ns: u64,
    seq: u64,
    sent_ns: u64,
    deadline_ns: Option<u64>,
    said: VecDeque<Note>,
}

impl Pinger {
    fn new(count: u64, timeout_ns: u64) -> Self {
        Self {
            count,
            timeout_ns,
            seq: 0,
            sent_ns: 0,
            deadline_ns: None,
            said: VecDeque::new(),
        }
    }

    fn poll(&mut self, now_ns: u64) -> Act<Ping> {
        if let Some(note) = self.said.pop_front() {
            return Act::Say(note);
        }
        match self.deadline_ns {
            Some(deadline) if now_ns <= deadline => Act::Wait(deadline + 1),
            Some(_) => {
                self.deadline_ns = None;
                Act::Say(Note::TimedOut { seq: self.seq })
            }
            None if self.seq >= self.count => Act::Idle,
            None => {
                self.seq += 1;
                self.sent_ns = now_ns;
                self.deadline_ns = Some(now_ns.saturating_add(self.timeout_ns));
                Act::Send(Ping { seq: self.seq })
            }
        }
    }

    fn credit(&mut self, now_ns: u64, truly: u64) {
        self.deadline_ns = None;
        let rtt_ns = now_ns - self.sent_ns;
        self.said.push_back(Note::Replied {
            seq: self.seq,
            truly,
            rtt_ns,
        });
    }

    fn discard(&mut self, seq: u64) {
        self.said.push_back(Note::Discarded { seq });
    }
}

macro_rules! client {
    ($(#[$doc:meta])* $name:ident, $receive:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(Pinger);

        impl $name {
            /// A client that sends `count` pings and waits `timeout_ns` for each.
            #[must_use]
            pub fn new(count: u64, timeout_ns: u64) -> Self {
                Self(Pinger::new(count, timeout_ns))
            }
        }

        impl Actor<Ping> for $name {
            fn poll(&mut self, now_ns: u64) -> Act<Ping> {
                self.0.poll(now_ns)
            }

            fn receive(&mut self, now_ns: u64, packet: Ping) {
                let receive: fn(&mut Pinger, u64, u64) = $receive;
                // Nobody is in `recv` between two pings: the packet waits in the socket's
                // buffer, and these clients send the next ping at once.
                receive(&mut self.0, now_ns, packet.seq);
            }
        }
    };
}

client!(
    /// As it should be: a reply counts for the ping it names, by that ping's deadline.
    ChecksSequence,
    |pinger, now_ns, seq| {
        if pinger.deadline_ns.is_some() && seq == pinger.seq {
            pinger.credit(now_ns, seq);
        } else {
            pinger.discard(seq);
        }
    }
);

client!(
    /// The bug most of them have: whatever arrives is taken for the answer to the ping
    /// that is out. A late reply is credited to the next ping, with an RTT that never was.
    CreditsWhateverArrives,
    |pinger, now_ns, seq| {
        if pinger.deadline_ns.is_some() {
            pinger.credit(now_ns, seq);
        } else {
            pinger.discard(seq);
        }
    }
);

client!(
    /// It checks the number, but every `recv` starts the timeout anew: each stale packet
    /// gives the ping that is out another full second.
    RestartsTimeout,
    |pinger, now_ns, seq| {
        if pinger.deadline_ns.is_some() && seq == pinger.seq {
            pinger.credit(now_ns, seq);
        } else {
            pinger.discard(seq);
            if pinger.deadline_ns.is_some() {
                pinger.deadline_ns = Some(now_ns.saturating_add(pinger.timeout_ns));
            }
        }
    }
);

#[cfg(test)]
mod tests {
    use super::super::arena::{Happening, Side, What, run};
    use super::*;
    use std::time::Duration;
    use udping_journal::Scenario;
    use udping_link::{Impairments, Seed};

    const SECOND: u64 = 1_000_000_000;

    /// Every reply is 1.3 s under way: none arrives in time.
    fn always_late() -> Scenario {
        let way = Impairments {
            delay: Duration::from_millis(650),
            ..Impairments::default()
        };
        Scenario {
            seed: Seed::new(1).unwrap(),
            request: way,
            reply: way,
            ..Scenario::default()
        }
    }

    fn notes(client: &mut dyn Actor<Ping>, scenario: &Scenario) -> Vec<Note> {
        let said = |happening: Happening<Ping>| match happening.what {
            What::Said {
                by: Side::Client,
                note,
                ..
            } => Some(note),
            _ => None,
        };
        run(
            client,
            &mut EchoServer::new(scenario.service_ns),
            scenario,
            60 * SECOND,
        )
        .into_iter()
        .filter_map(said)
        .collect()
    }

    #[test]
    fn the_right_client_believes_no_late_reply() {
        let notes = notes(&mut ChecksSequence::new(10, SECOND), &always_late());
        assert_eq!(
            notes
                .iter()
                .filter(|note| matches!(note, Note::TimedOut { .. }))
                .count(),
            10
        );
        assert!(
            !notes
                .iter()
                .any(|note| matches!(note, Note::Replied { .. }))
        );
    }

    #[test]
    fn the_usual_client_credits_late_replies_to_other_pings() {
        let notes = notes(&mut CreditsWhateverArrives::new(10, SECOND), &always_late());
        let credited: Vec<_> = notes
            .iter()
            .filter_map(|note| match *note {
                Note::Replied { seq, truly, rtt_ns } => Some((seq, truly, rtt_ns)),
                _ => None,
            })
            .collect();
        assert!(credited.len() >= 7, "{credited:?}");
        assert!(
            credited
                .iter()
                .all(|(seq, truly, rtt)| seq != truly && *rtt < SECOND + SECOND / 10)
        );
    }

    #[test]
    fn a_timeout_that_restarts_accepts_what_came_too_late() {
        let notes = notes(&mut RestartsTimeout::new(10, SECOND), &always_late());
        let over = notes
            .iter()
            .any(|note| matches!(note, Note::Replied { rtt_ns, .. } if *rtt_ns > SECOND));
        assert!(over, "{notes:?}");
    }

    #[test]
    fn with_nothing_late_all_three_agree() {
        let way = Impairments {
            delay: Duration::from_millis(20),
            ..Impairments::default()
        };
        let scenario = Scenario {
            request: way,
            reply: way,
            ..always_late()
        };
        let right = notes(&mut ChecksSequence::new(10, SECOND), &scenario);
        assert_eq!(right.len(), 10);
        assert_eq!(
            right,
            notes(&mut CreditsWhateverArrives::new(10, SECOND), &scenario)
        );
        assert_eq!(
            right,
            notes(&mut RestartsTimeout::new(10, SECOND), &scenario)
        );
    }
}
