//! A probe's ways where both ends kept a journal: whole, with what is uncertain of them.
//!
//! Owns how certain a picture may look. The server's line is the middle of what is possible;
//! where the bounds leave more, they are drawn, too.

use udping_journal::both::LossPlace;
use udping_link::Direction;

use super::draw::Drawing;
use super::labels::{Candidate, Rank};
use super::layout::LABEL_PX;
use super::{Anchor, Label, LineEnd, Shape, Target};
use crate::log::{Event, EventData, Symbol};
use crate::server_side::{Moment, ServerSide, Visit};

/// The bounds that are wider than this are drawn, in pixels.
const SEEN_PX: f64 = 1.5;

/// What is drawn of a way.
struct Way {
    direction: Direction,
    /// Where it begins, and where it would end.
    from: (f64, u64),
    to: (f64, u64),
    /// It ends in the middle.
    lost: bool,
}

impl Drawing<'_> {
    /// What both ends say of a probe at an event of the client's.
    pub(super) fn both_ends(
        &mut self,
        server: &ServerSide,
        event: &Event,
        target: Target,
        symbol: Symbol,
        chosen: bool,
    ) {
        let visit = event.probe.and_then(|probe| {
            let sent = self.run.probe(probe, self.cursor)?.sent_ns?;
            server.visit(event.seq?, sent)
        });
        match (event.what, visit) {
            (EventData::Sent { .. }, _) => {
                self.way_there(server, event, target, visit, chosen);
            }
            (EventData::Replied { .. } | EventData::Late { .. }, Some(visit)) => {
                self.way_back(server, event, target, (visit, symbol), chosen);
            }
            _ => self.stub(event, target, symbol, chosen),
        }
    }

    fn way_there(
        &mut self,
        server: &ServerSide,
        event: &Event,
        target: Target,
        visit: Option<Visit>,
        chosen: bool,
    ) {
        let (Some(seq), sent) = (event.seq, event.at_ns) else {
            return;
        };
        let (client_x, server_x) = (self.diagram.client_x, self.diagram.server_x);
        let loss = server.loss(seq);
        let usual = server
            .whole()
            .map(|it| [it.there.median_ns, it.back.median_ns]);
        let [there, back] = usual.unwrap_or_default();
        let Some(visit) = visit else {
            if loss == Some(LossPlace::Request) {
                let half = Way {
                    direction: Direction::Request,
                    from: (client_x, sent),
                    to: (server_x, sent.saturating_add(there)),
                    lost: true,
                };
                if self.way(target, &half, Symbol::Lost, chosen) && self.layout.parts.is_some() {
                    let at_ns = sent.saturating_add(there);
                    self.beside_server(event, at_ns, Label::NeverReached(seq), chosen);
                }
            } else {
                self.stub(event, target, Symbol::InFlight, chosen);
            }
            return;
        };
        let reached = visit.reached.middle();
        self.doubt((client_x, sent), visit.reached);
        let request = Way {
            direction: Direction::Request,
            from: (client_x, sent),
            to: (server_x, reached),
            lost: false,
        };
        if !self.way(target, &request, Symbol::InFlight, chosen) {
            return;
        }
        self.stay(target, visit, chosen);
        if chosen {
            self.stamp(target, 1, (client_x, self.y(sent) - 9.0));
            self.stamp(target, 2, (server_x, self.y(reached) - 9.0));
        }
        // A reply that was lost as it left has no time of its own.
        let left = visit.answered.unwrap_or(visit.reached).middle();
        match loss {
            Some(LossPlace::Reply) if left <= self.cursor.at_ns => {
                let half = Way {
                    direction: Direction::Reply,
                    from: (server_x, left),
                    to: (client_x, left.saturating_add(back)),
                    lost: true,
                };
                self.way(target, &half, Symbol::Lost, chosen);
                let there_ns = reached.saturating_sub(sent);
                self.row_of_parts(event, visit, (there_ns, None), chosen);
            }
            Some(LossPlace::Server) => {
                self.beside_server(event, reached, Label::NotAnswered(seq), chosen);
            }
            _ => {}
        }
    }

    fn way_back(
        &mut self,
        server: &ServerSide,
        event: &Event,
        target: Target,
        (visit, symbol): (Visit, Symbol),
        chosen: bool,
    ) {
        // Which of several replies this is, and to which copy, nobody knows.
        let parts = event.seq.and_then(|seq| server.parts(seq));
        let known = parts.is_some_and(|it| it.back_ns.is_some());
        let Some(answered) = visit.answered.filter(|_| known) else {
            return self.stub(event, target, symbol, chosen);
        };
        let (client_x, server_x) = (self.diagram.client_x, self.diagram.server_x);
        self.doubt((client_x, event.at_ns), answered);
        let reply = Way {
            direction: Direction::Reply,
            from: (server_x, answered.middle()),
            to: (client_x, event.at_ns),
            lost: false,
        };
        self.way(target, &reply, symbol, chosen);
        if chosen {
            self.stamp(target, 3, (server_x, self.y(answered.middle()) + 9.0));
            self.stamp(target, 4, (client_x, self.y(event.at_ns) + 9.0));
        }
        let (EventData::Replied { rtt_ns, .. } | EventData::Late { rtt_ns, .. }) = event.what
        else {
            return;
        };
        let sent = event.at_ns.saturating_sub(rtt_ns);
        let there = visit.reached.middle().saturating_sub(sent);
        let back = event.at_ns.saturating_sub(answered.middle());
        self.row_of_parts(event, visit, (there, Some(back)), chosen);
    }

    /// Draws a way as far as it has come; whether it has come to its end.
    fn way(&mut self, target: Target, way: &Way, symbol: Symbol, chosen: bool) -> bool {
        let ((x1, t1), (x2, t2)) = (way.from, way.to);
        // Where on its way a packet was lost, nobody knows: it ends half-way.
        let (x2, t2) = if way.lost {
            (x1.midpoint(x2), t1.midpoint(t2))
        } else {
            (x2, t2)
        };
        let now = self.cursor.at_ns;
        let over = t2 <= now;
        let (y1, y2) = (self.y(t1), self.y(t2));
        let to = if over {
            (x2, y2)
        } else {
            let share = crate::scale::float(now.saturating_sub(t1))
                / crate::scale::float(t2.saturating_sub(t1).max(1));
            (x1 + (x2 - x1) * share, self.y(now))
        };
        self.diagram.shapes.push(Shape::Line {
            target,
            points: vec![(x1, y1), to],
            direction: way.direction,
            symbol,
            end: match (over, way.lost) {
                (false, _) => LineEnd::FadeOut,
                (true, true) => LineEnd::Cross,
                (true, false) => LineEnd::Arrow,
            },
            chosen,
            differs: false,
        });
        if over && way.lost {
            let ahead = if way.direction == Direction::Request {
                14.0
            } else {
                -14.0
            };
            let (at, anchor) = if self.view.width < 560.0 {
                ((x2, y2 + 18.0), Anchor::Middle)
            } else if ahead > 0.0 {
                ((x2 + ahead, y2), Anchor::Start)
            } else {
                ((x2 + ahead, y2), Anchor::End)
            };
            let rank = if chosen { Rank::Chosen } else { Rank::Unusual };
            self.candidates.push(Candidate {
                target: Some(target),
                symbol: Some(Symbol::Lost),
                ..Candidate::new(rank, at, anchor, Label::LostOn(way.direction))
            });
        }
        over
    }

    /// The wedge of all ways that are possible between the client and the server's line.
    fn doubt(&mut self, from: (f64, u64), at: Moment) {
        if at.middle() > self.cursor.at_ns {
            return;
        }
        let (y1, y2) = (self.y(at.min), self.y(at.max));
        if y2 - y1 >= SEEN_PX {
            self.diagram.shapes.push(Shape::Doubt {
                from: (from.0, self.y(from.1)),
                x: self.diagram.server_x,
                y1,
                y2,
            });
        }
    }

    /// How long a probe was at the server, and within what.
    fn stay(&mut self, target: Target, visit: Visit, chosen: bool) {
        let last = visit.answered.unwrap_or(visit.reached);
        let (y1, y2) = (self.y(visit.reached.min), self.y(last.max));
        if self.y(visit.reached.max) - y1 >= SEEN_PX {
            let x = self.diagram.server_x;
            self.diagram.shapes.push(Shape::DoubtBand { x, y1, y2 });
        }
        let until = last.middle().min(self.cursor.at_ns);
        let reached = visit.reached.middle();
        if until > reached {
            // The row of parts says how long.
            let told = chosen && self.layout.parts.is_none();
            self.dwell(target, reached, until, told);
            if let Some(Shape::Dwell { chosen: drawn, .. }) = self.diagram.shapes.last_mut() {
                *drawn = chosen;
            }
        }
    }

    fn row_of_parts(
        &mut self,
        event: &Event,
        visit: Visit,
        (there_ns, back_ns): (u64, Option<u64>),
        chosen: bool,
    ) {
        let (Some(digits), Some(seq)) = (self.layout.parts, event.seq) else {
            return;
        };
        let text = Label::Parts {
            seq,
            digits,
            there_ns,
            dwell_ns: visit.dwell_ns,
            back_ns,
            doubt_ns: visit.reached.doubt_ns(),
        };
        self.beside_server(event, visit.reached.middle(), text, chosen);
    }

    /// Words at the server's line.
    fn beside_server(&mut self, event: &Event, at_ns: u64, text: Label, chosen: bool) {
        let lost = matches!(text, Label::NeverReached(_) | Label::NotAnswered(_));
        let rank = if chosen { Rank::Chosen } else { Rank::Usual };
        let at = (self.diagram.server_x + LABEL_PX, self.y(at_ns));
        self.candidates.push(Candidate {
            target: event.probe.map(Target::Probe),
            symbol: lost.then_some(Symbol::Lost),
            ..Candidate::new(rank, at, Anchor::Start, text)
        });
    }
}
