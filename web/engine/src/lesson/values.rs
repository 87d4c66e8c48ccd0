//! The values that a lesson's prose names, read off its simulated world.
//!
//! Owns the expressions they are written as. Prose says `{ $name }`: a lesson's table gives the
//! expression of the name, and a name that it does not have is an expression itself. How a
//! value is written, with which unit and decimal sign, is the page's.
//!
//! An expression is terms with ` + `, ` - `, ` * ` and ` / ` between them, from left to right:
//! a literal (`3`, `50ms`, `1s`, `5%`, `8B`), or a name, with the lane after `:` and the
//! moment after `@`, as a trigger and which of them: `rtt-most:1`, `number@dropped#2`.

use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};
use udping_journal::Action;
use udping_sim::actors::Segment;

use super::measure::{Measure, Unit};
use super::scene::{Control, Stage};
use super::task::{Expressions, Task};
use super::track::{IP_HEADER, UDP_HEADER};
use super::{Lesson, StopPoint, Trigger};

/// A value, with what it is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// How much: nanoseconds, parts per million, bytes or a count.
    pub amount: i64,
    /// What it is counted in.
    pub unit: Unit,
}

/// What the prose of one screen can name.
#[derive(Debug, Clone, Default)]
pub struct Values {
    expressions: Expressions,
    /// The scene played, and the moment that the prose speaks of.
    stage: Option<(Stage, u64)>,
    task: Option<Task>,
    /// The lessons' names, in their order.
    lessons: Vec<String>,
}

impl Values {
    /// Those of a step, where the step ends.
    #[must_use]
    pub fn of_step(lessons: &[Lesson], lesson: &Lesson, index: usize) -> Self {
        let step = lesson.steps.get(index);
        let stage = step.and_then(|step| {
            let stage = lesson.scenes.get(step.scene)?.play().ok()?;
            let at_ns = step.until.at_ns(&stage)?;
            Some((stage, at_ns))
        });
        let expressions = step.map(|step| step.values.clone()).unwrap_or_default();
        Self {
            expressions,
            stage,
            task: None,
            lessons: names(lessons),
        }
    }

    /// Those of a lesson's task, at the end of its scene before anything is done.
    #[must_use]
    pub fn of_task(lessons: &[Lesson], lesson: &Lesson) -> Self {
        let task = &lesson.task;
        let stage = lesson.scenes.get(task.scene).and_then(|it| it.play().ok());
        Self {
            expressions: task.values.clone(),
            stage: stage.map(|stage| (stage, u64::MAX)),
            task: Some(task.clone()),
            lessons: names(lessons),
        }
    }

    /// Those that a lesson's commands show.
    #[must_use]
    pub fn of_commands(lessons: &[Lesson], lesson: &Lesson) -> Self {
        Self {
            expressions: lesson.shown.clone(),
            lessons: names(lessons),
            ..Self::default()
        }
    }

    /// What a name of the prose stands for; `None` if it stands for nothing here.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Quantity> {
        if let Some(id) = name.strip_prefix("lesson-") {
            let number = self.lessons.iter().position(|lesson| lesson == id)?;
            return count(number as u64 + 1);
        }
        self.expression(self.expressions.get(name).map_or(name, String::as_str))
    }

    /// The names that the table gives.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.expressions.keys().map(String::as_str)
    }

    fn expression(&self, text: &str) -> Option<Quantity> {
        let mut words = text.split(' ');
        let mut sum = self.term(words.next()?)?;
        while let Some(operator) = words.next() {
            let term = self.term(words.next()?)?;
            let counted = sum.unit == Unit::Count;
            sum = Quantity {
                amount: match operator {
                    "+" => sum.amount.checked_add(term.amount),
                    "-" => sum.amount.checked_sub(term.amount),
                    "*" => sum.amount.checked_mul(term.amount),
                    "/" => sum.amount.checked_div(term.amount),
                    _ => None,
                }?,
                unit: if counted { term.unit } else { sum.unit },
            };
        }
        Some(sum)
    }

    fn term(&self, text: &str) -> Option<Quantity> {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            return literal(text);
        }
        let (name, moment) = match text.split_once('@') {
            Some((name, moment)) => (name, Some(moment)),
            None => (text, None),
        };
        let (name, lane) = match name.split_once(':') {
            Some((name, lane)) => (name, lane.parse().ok()?),
            None => (name, 0),
        };
        if let Some(size) = header(name) {
            return Some(Quantity {
                amount: i64::try_from(size).ok()?,
                unit: Unit::Bytes,
            });
        }
        if let Some(asked) = self.asked(name) {
            return Some(asked);
        }
        let (stage, end_ns) = self.stage.as_ref()?;
        if let Some(control) = read::<Control>(name) {
            let amount = stage.scene.get(control);
            let (scale, unit) = match control {
                Control::Count | Control::Clients => (1, Unit::Count),
                Control::Room => (1, Unit::Bytes),
                Control::RequestLoss | Control::ReplyLoss => (10_000, Unit::Share),
                _ => (1_000_000, Unit::Span),
            };
            let amount = amount.checked_mul(scale)?;
            return Some(Quantity { amount, unit });
        }
        let at_ns = match moment {
            None => *end_ns,
            Some(moment) => {
                let stop = stop(moment, lane)?;
                match name {
                    "number" => return count(stop.number(stage)?),
                    "time" => return span(stop.at_ns(stage)?),
                    _ => stop.at_ns(stage)?,
                }
            }
        };
        match name {
            "time" => span(at_ns),
            "message" => Some(Quantity {
                amount: i64::try_from(stage.scene.message()).ok()?,
                unit: Unit::Bytes,
            }),
            _ => {
                let measure = read::<Measure>(name)?;
                Some(Quantity {
                    amount: stage.measure(lane, measure, at_ns)?,
                    unit: measure.unit(),
                })
            }
        }
    }

    /// What the task names: a goal's bound, or by how much a packet can be delayed.
    fn asked(&self, name: &str) -> Option<Quantity> {
        let task = self.task.as_ref()?;
        if name == "act-delay" {
            return task.actions.iter().find_map(|action| match action {
                Action::Delay { by_ns } => span(*by_ns),
                _ => None,
            });
        }
        let number: usize = name.strip_prefix("goal-")?.parse().ok()?;
        let goal = task.goals.get(number.checked_sub(1)?)?;
        Some(Quantity {
            amount: goal.least.or(goal.most)?,
            unit: goal.measure.unit(),
        })
    }
}

fn names(lessons: &[Lesson]) -> Vec<String> {
    lessons.iter().map(|lesson| lesson.id.clone()).collect()
}

fn count(number: u64) -> Option<Quantity> {
    Some(Quantity {
        amount: i64::try_from(number).ok()?,
        unit: Unit::Count,
    })
}

fn span(ns: u64) -> Option<Quantity> {
    Some(Quantity {
        amount: i64::try_from(ns).ok()?,
        unit: Unit::Span,
    })
}

/// Bytes of a header without options (RFC 791 §3.1, RFC 768, RFC 9293 §3.1).
fn header(name: &str) -> Option<u64> {
    match name {
        "ip-header" => Some(IP_HEADER),
        "udp-header" => Some(UDP_HEADER),
        "tcp-header" => Some(Segment::Syn { exchange: 0 }.bytes(0) - IP_HEADER),
        _ => None,
    }
}

fn literal(text: &str) -> Option<Quantity> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, suffix) = text.split_at(digits);
    let (scale, unit) = match suffix {
        "" => (1, Unit::Count),
        "B" => (1, Unit::Bytes),
        "%" => (10_000, Unit::Share),
        "ms" => (1_000_000, Unit::Span),
        "s" => (1_000_000_000, Unit::Span),
        _ => return None,
    };
    let amount = digits.parse::<i64>().ok()?.checked_mul(scale)?;
    Some(Quantity { amount, unit })
}

/// A moment as `trigger`, or `trigger#3` for the third.
fn stop(text: &str, lane: usize) -> Option<StopPoint> {
    let (what, nth) = match text.split_once('#') {
        Some((what, nth)) => (what, nth.parse().ok()?),
        None => (text, 1),
    };
    Some(StopPoint {
        lane,
        what: read::<Trigger>(what)?,
        nth,
        later_ns: 0,
    })
}

/// A name as lesson files write it.
fn read<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    let name: StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(name).ok()
}
