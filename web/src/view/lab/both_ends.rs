//! Both ends of a merged journal: the chosen probe's times and their parts, how sure they are,
//! and where the whole run's time and losses went.
//!
//! Owns the words. What is certain, the engine knows.

use udping_engine::log::Probe;
use udping_engine::server_side::{Moment, ServerSide};
use udping_journal::both::LossPlace;

use crate::view::dom::{Leaf, Rows, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;

/// The side panel's part.
#[derive(Debug)]
pub(crate) struct BothEnds {
    root: Leaf,
    title: Leaf,
    times: Rows,
    why: Leaf,
    doubt: Leaf,
    whole: Rows,
    note: Leaf,
}

/// A row of the table of times: what, when, and how long that took.
type TimeRow = (&'static str, String, String);

impl BothEnds {
    pub(crate) fn new() -> Self {
        Self {
            root: Leaf::of("both-ends"),
            title: Leaf::of("both-title"),
            times: Rows::new(by_id("both-times"), "t-cells"),
            why: Leaf::of("both-why"),
            doubt: Leaf::of("both-doubt"),
            whole: Rows::new(by_id("both-whole"), "t-cells"),
            note: Leaf::of("both-note"),
        }
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let run = view.run();
        let server = run.server_side();
        self.root.show(server.is_some());
        let Some(server) = server else { return };
        let probe = view.shown_probe();
        let probe = probe.and_then(|at| run.probe(at, view.cursor));
        let times = probe.map_or_else(Vec::new, |probe| {
            times(l10n, server, &probe, view.cursor.at_ns)
        });
        self.title.show(!times.is_empty());
        if let Some(probe) = probe {
            let seq = ("seq", Value::Number(probe.seq));
            self.title.text(&match probe.rtt_ns {
                Some(rtt) => l10n.say(key::BOTH_TITLE_RTT, &[seq, ("span", Value::Span(rtt))]),
                None => l10n.say(key::BOTH_TITLE, &[seq]),
            });
        }
        self.times.show(times.len(), |index, row| {
            let (name, at, took) = &times[index];
            for (slot, text) in [("name", *name), ("one", at), ("two", took), ("three", "")] {
                row.part(slot).text(text);
            }
        });
        let why = probe.and_then(|probe| why(l10n, server, &probe));
        self.why.show(why.is_some());
        self.why.text(&why.unwrap_or_default());
        self.doubt.text(&doubt(l10n, server, probe.as_ref()));
        self.whole(l10n, server);
    }

    fn whole(&mut self, l10n: &Localization, server: &ServerSide) {
        let summary = server.summary();
        let mut rows: Vec<[String; 4]> = Vec::new();
        if let Some(whole) = server.whole() {
            let parts = [whole.there, whole.dwell, whole.back];
            let [there, dwell, back] = parts.map(|it| l10n.span(it.median_ns));
            rows.push([l10n.get(key::BOTH_MEDIAN).to_owned(), there, dwell, back]);
            let [there, dwell, back] = parts.map(|it| l10n.span(it.max_ns));
            rows.push([l10n.get(key::BOTH_LARGEST).to_owned(), there, dwell, back]);
        }
        let lost = [
            summary.lost_requests,
            summary.unanswered,
            summary.lost_replies,
        ];
        let [there, server_lost, back] = lost.map(|it| l10n.count(it));
        let name = l10n.get(key::BOTH_LOST).to_owned();
        rows.push([name, there, server_lost, back]);
        self.whole.show(rows.len(), |index, row| {
            for (slot, text) in ["name", "one", "two", "three"].iter().zip(&rows[index]) {
                row.part(slot).text(text);
            }
        });
        let unknown = summary.lost_somewhere;
        self.note.show(unknown > 0);
        let count = [("count", Value::Count(unknown))];
        self.note.text(&l10n.say(key::BOTH_LOST_SOMEWHERE, &count));
    }
}

/// The times of a probe that are known, each with the time since the one before.
fn times(l10n: &Localization, server: &ServerSide, probe: &Probe, now_ns: u64) -> Vec<TimeRow> {
    let Some(sent) = probe.sent_ns else {
        return Vec::new();
    };
    let about = |moment: Moment| match moment.doubt_ns() {
        0 => l10n.time(moment.middle()),
        doubt => {
            let about = [
                ("at", Value::Time(moment.middle())),
                ("doubt", Value::Span(doubt)),
            ];
            l10n.say(key::BOTH_ABOUT, &about)
        }
    };
    let span_about = |span: u64, moment: Moment| {
        let about = if moment.doubt_ns() > 0 { "~" } else { "" };
        [about, &l10n.span(span)].concat()
    };
    let mut rows = vec![(l10n.get(key::BOTH_T1), l10n.time(sent), String::new())];
    let visit = server.visit(probe.seq, sent);
    let happened = |moment: &Moment| moment.middle() <= now_ns;
    let visit = visit.filter(|visit| happened(&visit.reached));
    if let Some(visit) = visit {
        let there = visit.reached.middle().saturating_sub(sent);
        rows.push((
            l10n.get(key::BOTH_T2),
            about(visit.reached),
            span_about(there, visit.reached),
        ));
    }
    let answered = visit.and_then(|visit| Some((visit, visit.answered.filter(happened)?)));
    if let Some((visit, answered)) = answered {
        let dwell = visit.dwell_ns.map_or_else(String::new, |it| l10n.span(it));
        rows.push((l10n.get(key::BOTH_T3), about(answered), dwell));
    }
    if let Some(rtt) = probe.rtt_ns {
        let arrived = sent.saturating_add(rtt);
        // Of several replies, nobody knows which this was.
        let parts = server.parts(probe.seq);
        let known = answered.filter(|_| parts.is_some_and(|it| it.back_ns.is_some()));
        let took = known.map_or_else(String::new, |(_, answered)| {
            span_about(arrived.saturating_sub(answered.middle()), answered)
        });
        rows.push((l10n.get(key::BOTH_T4), l10n.time(arrived), took));
    }
    rows
}

/// Where its time went, or it itself.
fn why(l10n: &Localization, server: &ServerSide, probe: &Probe) -> Option<String> {
    let visit = server.visit(probe.seq, probe.sent_ns?);
    let known = visit.and_then(|visit| visit.dwell_ns);
    let dwell = known.unwrap_or(0);
    let span = [("dwell", Value::Span(dwell))];
    let parts = server.parts(probe.seq)?;
    if let Some(rtt) = probe.rtt_ns.filter(|_| parts.back_ns.is_some()) {
        let path = Value::Span(rtt.saturating_sub(dwell));
        return Some(l10n.say(key::BOTH_WHY_REPLIED, &[span[0], ("path", path)]));
    }
    // Nobody at the client knew before the deadline.
    probe.settled_event?;
    Some(match parts.loss? {
        LossPlace::Request => l10n.get(key::BOTH_WHY_REQUEST).to_owned(),
        LossPlace::Server => l10n.get(key::BOTH_WHY_SERVER).to_owned(),
        LossPlace::Reply if known.is_none() => l10n.get(key::BOTH_WHY_REPLY_AT_ONCE).to_owned(),
        LossPlace::Reply => l10n.say(key::BOTH_WHY_REPLY, &span),
    })
}

/// How far the server's clock may be from where it is drawn, and why.
fn doubt(l10n: &Localization, server: &ServerSide, probe: Option<&Probe>) -> String {
    let Some(fastest) = server.fastest() else {
        return l10n.get(key::BOTH_CLOCK_UNKNOWN).to_owned();
    };
    let way = fastest.on_the_way_ns;
    let mut text = l10n.say(
        key::BOTH_CLOCK,
        &[
            ("seq", Value::Number(fastest.seq)),
            ("doubt", Value::Span(way.div_ceil(2))),
            ("way", Value::Span(way)),
        ],
    );
    let visit = probe.and_then(|probe| server.visit(probe.seq, probe.sent_ns?));
    if let (Some(visit), Some(probe)) = (visit, probe) {
        let here = [
            ("seq", Value::Number(probe.seq)),
            ("doubt", Value::Span(visit.reached.doubt_ns())),
        ];
        text.push(' ');
        text.push_str(&l10n.say(key::BOTH_CLOCK_HERE, &here));
    }
    text.push(' ');
    text.push_str(l10n.get(key::BOTH_CLOCK_FREE));
    text
}
