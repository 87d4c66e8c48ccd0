//! What is drawn over a lane: where a prediction is made, what was predicted, and the answer.
//!
//! Owns how they look and how far down the moments lie that have not come yet. What they
//! mean is the engine's; pointers are [`super::super::predict`]'s.

use maud::html;

use super::super::super::dom::tenths;
use super::super::super::i18n::{Value, key};
use super::labels::Spot;
use super::plan::Room;
use super::{Lane, TOP, labels, path, real};
use udping_engine::lesson::{scene, track::Flight};
use udping_engine::scale::nice_step;
use udping_sim::Side;

/// How tall the time is in which a moment can be marked, in pixels.
const ZONE: f64 = 190.0;

/// What lies over the lanes of a stage.
#[derive(Debug, Default)]
pub(in super::super) struct Overlay {
    /// What is asked in the picture.
    pub(in super::super) asked: Option<Asked>,
    /// What was predicted: in which lane, and when.
    pub(in super::super) moment: Option<(usize, u64)>,
    /// The arrow that was predicted: in which lane, from when to when.
    pub(in super::super) arrow: Option<(usize, u64, u64)>,
    /// Packets in flight can be acted on.
    pub(in super::super) acts: bool,
    /// Where the answer is: in which lane, at which end, and when.
    pub(in super::super) mark: Option<(usize, Side, u64)>,
}

/// A prediction that is made in the picture.
#[derive(Debug)]
pub(in super::super) enum Asked {
    /// A moment is marked.
    Moment {
        /// In which lane.
        lane: usize,
        /// How long the time is that lies ahead.
        span_ns: u64,
        /// The moment that is marked.
        guess_ns: Option<u64>,
    },
    /// An arrow is drawn.
    Arrow {
        /// In which lane.
        lane: usize,
        /// The answers that it may point to, and when they are.
        targets: Vec<(usize, u64)>,
        /// The moment that it points to.
        guess_ns: Option<u64>,
    },
}

impl Overlay {
    /// How much taller it makes the lanes.
    pub(super) fn room(&self) -> f64 {
        match self.asked {
            Some(Asked::Moment { .. }) => ZONE,
            _ => 0.0,
        }
    }
}

impl Lane<'_> {
    /// Draws what lies over this lane.
    pub(super) fn overlay(&mut self) {
        let overlay = self.overlay;
        match &overlay.asked {
            Some(Asked::Moment {
                lane,
                span_ns,
                guess_ns,
            }) if *lane == self.plan.lane => self.zone(*span_ns, *guess_ns),
            Some(Asked::Arrow {
                lane,
                targets,
                guess_ns,
            }) if *lane == self.plan.lane => self.targets(targets, *guess_ns),
            _ => {}
        }
        let here = |lane: usize| lane == self.plan.lane;
        if let Some((_, at_ns)) = overlay.moment.filter(|(lane, _)| here(*lane)) {
            let y = self.y(at_ns.min(self.at_ns.max(self.stage.end_ns())));
            if y <= self.y(self.at_ns) + 20.0 {
                self.guess(y, at_ns);
            }
        }
        if let Some((_, from_ns, to_ns)) = overlay.arrow.filter(|(lane, ..)| here(*lane)) {
            self.arc(self.y(from_ns), self.y(to_ns));
        }
        if let Some((_, side, at_ns)) = overlay.mark
            && overlay.mark.is_some_and(|(lane, ..)| here(lane))
            && at_ns <= self.at_ns
        {
            let x = self.marked(side, at_ns);
            self.push(&html! {
                circle class="answer-mark" data-mark cx=(tenths(x)) cy=(tenths(self.y(at_ns)))
                    r="11" {}
            });
        }
    }

    /// Where something happens at an end at a moment: at the line of the client or socket that it
    /// happens to, or where a packet is lost.
    fn marked(&self, side: Side, at_ns: u64) -> f64 {
        let lost = |flight: &&Flight| flight.lost && flight.until_ns == at_ns;
        if let Some(flight) = self.track.flights.iter().find(lost) {
            return self.way(flight).1.0;
        }
        let moments = self.track.moments.iter();
        let here = moments.rev().find(|it| it.at_ns == at_ns && it.by == side);
        let member = here.and_then(|it| it.member);
        match side {
            Side::Client => self.plan.client(member),
            Side::Server => self.plan.socket(member).unwrap_or(self.plan.server),
        }
    }

    /// The time that lies ahead, with the moment that is marked in it.
    fn zone(&mut self, span_ns: u64, guess_ns: Option<u64>) {
        let top = self.y(self.at_ns);
        let from_ns = self.at_ns;
        let y = |at_ns: u64| top + ZONE * real(at_ns.saturating_sub(from_ns)) / real(span_ns);
        self.push(&html! {
            rect id="learn-zone" class="zone" x="0" y=(tenths(top)) width=(tenths(self.plan.width))
                height=(ZONE) {}
        });
        let (left, right) = (self.plan.client(None), self.plan.server);
        for x in [left, right] {
            self.line("lane", (x, top), (x, top + ZONE));
        }
        let step = nice_step(real(span_ns) / 4.0).max(1);
        let first = from_ns.div_ceil(step);
        for at_ns in (first..=(from_ns + span_ns) / step).map(|tick| tick * step) {
            // The marked moment says its time itself.
            if guess_ns.is_some_and(|guess| (y(guess) - y(at_ns)).abs() < 14.0)
                || y(at_ns) < top + 8.0
            {
                continue;
            }
            self.line("grid-line", (left, y(at_ns)), (right, y(at_ns)));
            let text = self.l10n.time(at_ns);
            let spot = Spot::level(f64::midpoint(left, right), y(at_ns) + 4.0);
            self.push(&labels::name(&text, "soft", spot));
        }
        match guess_ns {
            Some(at_ns) => self.guess(y(at_ns), at_ns),
            None => self.handle(self.hand(), top + 22.0),
        }
    }

    /// A moment that was marked.
    fn guess(&mut self, y: f64, at_ns: u64) {
        let (left, right) = (self.plan.client(None), self.plan.server);
        self.line("guess", (left, y), (right, y));
        // Between the lines, and clear of the handle.
        let half = |text: &str| labels::name_width(text) / 2.0 + 18.0;
        let whole = self
            .l10n
            .say(key::LEARN_YOU_AT, &[("at", Value::Time(at_ns))]);
        let text = if self.plan.room == Room::Wide && 2.0 * half(&whole) <= right - left {
            whole
        } else {
            self.l10n.time(at_ns)
        };
        let half = half(&text);
        let spots = [-5.0, 14.0].into_iter().flat_map(|off| {
            [0.5, 0.25, 0.75, 0.0, 1.0].map(|part| {
                let x = left + half + (right - left - 2.0 * half).max(0.0) * part;
                Spot::level(x, y + off)
            })
        });
        let spots: Vec<Spot> = spots.collect();
        let free = self.labels.place(&text, spots.iter().copied());
        if let Some(spot) = free.map(|number| spots[number]) {
            self.push(&labels::name(&text, "guess-text", spot));
        }
        self.handle(self.hand(), y);
    }

    /// At which line a moment is marked: where somebody waits.
    fn hand(&self) -> f64 {
        match self.plan.kind {
            scene::Lane::Heartbeat => self.plan.server,
            _ => self.plan.client(None),
        }
    }

    /// What is dragged.
    fn handle(&mut self, x: f64, y: f64) {
        self.push(&html! {
            g class="handle" {
                rect x=(tenths(x - 14.0)) y=(tenths(y - 9.0)) width="28" height="18" rx="9" {}
                path d=(path(&[(x - 6.0, y - 2.5), (x + 6.0, y - 2.5)])) {}
                path d=(path(&[(x - 6.0, y + 2.5), (x + 6.0, y + 2.5)])) {}
            }
        });
    }

    /// The pings that what arrives now may count for.
    fn targets(&mut self, targets: &[(usize, u64)], guess_ns: Option<u64>) {
        let (x, now) = (self.plan.client(None), self.y(self.at_ns));
        self.push(&html! {
            rect id="learn-aim" class="zone clear" x="0" y=(tenths(TOP - 8.0))
                width=(tenths(self.plan.width)) height=(tenths(now - TOP + 24.0)) {}
        });
        for (answer, at_ns) in targets {
            let y = self.y(*at_ns);
            let class = if Some(*at_ns) == guess_ns {
                "target chosen"
            } else {
                "target"
            };
            self.push(&html! {
                circle class=(class) data-target=(answer) cx=(tenths(x)) cy=(tenths(y)) r="10" {}
            });
        }
        if let Some(at_ns) = guess_ns {
            self.arc(now, self.y(at_ns));
        }
        self.handle(x, now);
    }

    /// An arrow that was drawn, round the client's line.
    fn arc(&mut self, from: f64, to: f64) {
        let x = self.plan.client(None);
        let bulge = x + 46.0;
        let d = format!(
            "M{} {}C{} {} {} {} {} {}",
            tenths(x),
            tenths(from),
            tenths(bulge),
            tenths(from),
            tenths(bulge),
            tenths(to),
            tenths(x + 12.0),
            tenths(to)
        );
        self.push(&html! { path class="guess" d=(d) {} });
        let (tip, end) = (x + 12.0, to);
        self.push(&html! {
            path class="guess tip-only"
                d=(path(&[(tip + 8.0, end - 5.0), (tip, end), (tip + 8.0, end + 5.0)])) {}
        });
    }
}
