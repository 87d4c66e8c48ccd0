//! The networks on which a client is tried: what each does to which packet.
//!
//! Owns their names and scripts. What happened is the transcript's, what it shows the
//! judge's, which never looks at a name.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use udping_journal::{Action, PacketName, Script};

use udping_link::Direction;

use super::transcript::ReplyKind;

/// A network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    /// How long the replies take, in milliseconds: one after the other, and again.
    delays_ms: &'static [u64],
    /// What happens to single packets, as `udping serve --script` has it.
    script: &'static str,
    kind: ReplyKind,
    pub(super) noise: Noise,
    pub(super) listening: Availability,
    /// Only judged where everybody was on time.
    pub(super) near: bool,
}

/// What comes before a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Noise {
    None,
    /// Garbage, an empty datagram, and one of 64 KiB.
    Garbage,
    /// The same reply, from somebody else.
    Stranger,
}

/// Whether anybody listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Availability {
    Always,
    Never,
    /// Not for a while from this request on, counted from 1.
    Restart {
        from: u64,
        away: Duration,
    },
}

/// Delays that no two pings share, so that a round trip tells whose it is.
const DISTINCT: &[u64] = &[40, 90, 60, 130, 50, 110, 70, 150, 80, 120];

const PLAIN: Scenario = Scenario {
    name: "answered",
    delays_ms: DISTINCT,
    script: "",
    kind: ReplyKind::Plain,
    noise: Noise::None,
    listening: Availability::Always,
    near: false,
};

/// All of them, the shortest names for what they are.
pub(super) const SCENARIOS: [Scenario; 16] = [
    PLAIN,
    Scenario {
        name: "request-lost",
        script: "drop request 1\ndrop request 4",
        ..PLAIN
    },
    Scenario {
        name: "reply-lost",
        script: "drop reply 2\ndrop reply 5\ndrop reply 6",
        ..PLAIN
    },
    Scenario {
        name: "late",
        delays_ms: &[1300],
        ..PLAIN
    },
    Scenario {
        name: "stale",
        // The reply to one comes while the next is waited for, whose own comes too late.
        script: "delay reply 2 1260ms\ndelay reply 3 1120ms\ndelay reply 7 1240ms",
        ..PLAIN
    },
    Scenario {
        name: "duplicate",
        script: "duplicate reply 1 5ms\nduplicate reply 2 20ms\nduplicate reply 5 20ms\nduplicate reply 6 20ms",
        ..PLAIN
    },
    Scenario {
        name: "reversed",
        delays_ms: &[900, 820, 740, 660, 580, 500, 420, 340, 260, 180],
        ..PLAIN
    },
    Scenario {
        name: "upper-cased",
        kind: ReplyKind::Upper,
        ..PLAIN
    },
    Scenario {
        name: "padded",
        kind: ReplyKind::Padded,
        ..PLAIN
    },
    Scenario {
        name: "other-port",
        delays_ms: &[300, 340, 320, 360, 310, 350, 330, 370, 315, 345],
        noise: Noise::Stranger,
        ..PLAIN
    },
    Scenario {
        name: "garbage",
        delays_ms: &[200, 240, 220, 260, 210, 250, 230, 270, 215, 245],
        noise: Noise::Garbage,
        ..PLAIN
    },
    Scenario {
        name: "all-lost",
        script: "drop request 1",
        delays_ms: &[],
        ..PLAIN
    },
    Scenario {
        name: "nobody",
        listening: Availability::Never,
        ..PLAIN
    },
    Scenario {
        name: "edges",
        delays_ms: &[60, 800, 1200, 70, 820, 90, 1180, 50],
        ..PLAIN
    },
    Scenario {
        name: "near",
        delays_ms: &[60, 990, 90, 1010, 70],
        near: true,
        ..PLAIN
    },
    Scenario {
        name: "restart",
        listening: Availability::Restart {
            from: 4,
            away: Duration::from_millis(1500),
        },
        ..PLAIN
    },
];

/// A reply that is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) after: Duration,
    pub(super) kind: ReplyKind,
}

impl Scenario {
    /// The network of this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|it| it.name == name)
    }

    /// What is sent for the request of this number, counted from 1, on its wire's reply.
    pub(super) fn replies(&self, script: &Script, number: u64) -> Vec<Due> {
        let way = |direction| PacketName {
            number,
            direction,
            copy: 0,
        };
        let request = script.actions(way(Direction::Request));
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let count = self.delays_ms.len();
        let Some(delay) = index
            .checked_rem(count)
            .and_then(|at| self.delays_ms.get(at))
        else {
            return Vec::new();
        };
        if request.contains(&Action::Drop) {
            return Vec::new();
        }
        let mut due = vec![Due {
            after: Duration::from_millis(*delay),
            kind: self.kind,
        }];
        for action in script.actions(way(Direction::Reply)) {
            match *action {
                Action::Drop => due.clear(),
                Action::Delay { by_ns } => {
                    for reply in &mut due {
                        reply.after += Duration::from_nanos(by_ns);
                    }
                }
                Action::Duplicate { after_ns } => {
                    if let Some(first) = due.first().copied() {
                        due.push(Due {
                            after: first.after + Duration::from_nanos(after_ns),
                            kind: ReplyKind::Copy,
                        });
                    }
                }
                Action::Corrupt => {}
            }
        }
        if self.noise == Noise::Stranger {
            let stranger = due.first().map(|first| Due {
                after: first.after / 2,
                kind: ReplyKind::Stranger,
            });
            due.extend(stranger);
        }
        due
    }

    /// Its script.
    pub(super) fn script(&self) -> Result<Script, udping_journal::ScriptError> {
        self.script.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_is_read_and_names_differ() {
        for scenario in &SCENARIOS {
            assert!(scenario.script().is_ok(), "{}", scenario.name);
            assert_eq!(Scenario::find(scenario.name), Some(scenario));
        }
    }

    #[test]
    fn a_late_reply_and_a_copy_are_due_when_the_script_says() {
        let after = |name: &str, number| -> Vec<(u128, ReplyKind)> {
            let scenario = Scenario::find(name).unwrap();
            let due = scenario.replies(&scenario.script().unwrap(), number);
            due.iter()
                .map(|it| (it.after.as_millis(), it.kind))
                .collect()
        };
        assert_eq!(after("late", 7), [(1300, ReplyKind::Plain)]);
        assert_eq!(after("request-lost", 1), []);
        assert_eq!(after("reply-lost", 2), []);
        assert_eq!(after("stale", 2), [(1350, ReplyKind::Plain)]);
        assert_eq!(
            after("duplicate", 2),
            [(90, ReplyKind::Plain), (110, ReplyKind::Copy)]
        );
        assert_eq!(after("all-lost", 3), []);
    }
}
