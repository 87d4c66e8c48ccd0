//! The side panel's lower part: packets in flight, branches, measuring.

use udping_journal::Action;
use udping_journal::comparison::Via;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::datagrams::Datagrams;
use crate::view::describe;
use crate::view::dom::{Leaf, Row, Rows, by_id, first};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use crate::view::symbols::look;
use udping_engine::compare::Change;
use udping_engine::frame_throttle::FrameThrottle;
use udping_engine::history::Branch;
use udping_engine::log::{Symbol, TimerKind};
use udping_engine::table::measure;

/// The most packets and changes that are listed.
const LISTED: usize = 24;

/// The lists.
#[derive(Debug)]
pub(crate) struct Lists {
    packets: Rows,
    datagrams: Datagrams,
    title: Leaf,
    none: Leaf,
    table: Leaf,
    branches_part: Leaf,
    branches: Rows,
    branches_note: Leaf,
    differences: Leaf,
    differences_title: Leaf,
    changes: Rows,
    measured: Leaf,
    measure_off: Leaf,
    measure_from: Leaf,
    throttle: FrameThrottle,
    /// A packet was acted on, whose row may have the focus and go.
    pub(super) keep_focus: bool,
}

/// What a button of a packet's row does.
pub(crate) fn action(name: &str, run_timeout_ns: u64) -> Option<Action> {
    // Long enough to see: a good part of the timeout.
    let a_while = (run_timeout_ns / 2).max(1);
    match name {
        "drop" => Some(Action::Drop),
        "delay" => Some(Action::Delay { by_ns: a_while }),
        "copy" => Some(Action::Duplicate {
            after_ns: a_while / 4,
        }),
        "corrupt" => Some(Action::Corrupt),
        _ => None,
    }
}

/// A branch's name.
pub(crate) fn branch_name(l10n: &Localization, branch: &Branch) -> String {
    if let Some(via) = branch.run.via() {
        let name = match via {
            Via::Udp => key::WAY_UDP,
            Via::TcpNew => key::WAY_TCP_NEW,
            Via::TcpKept => key::WAY_TCP_KEPT,
        };
        return l10n.get(name).to_owned();
    }
    if branch.run.is_of_server() {
        return l10n.get(key::BRANCH_SERVER).to_owned();
    }
    if branch.run.is_of_program() {
        return l10n.get(key::BRANCH_PROGRAM).to_owned();
    }
    if branch.run.header().graded.is_some() {
        return l10n.get(key::BRANCH_RIGHT).to_owned();
    }
    if branch.run.server_side().is_some() {
        return l10n.get(key::BRANCH_CLIENT).to_owned();
    }
    match (&branch.name, &branch.cause) {
        (Some(name), _) => name.clone(),
        (None, Some(cause)) => describe::acted(l10n, cause),
        (None, None) if branch.changes.is_empty() => l10n.get(key::BRANCH_MAIN).to_owned(),
        (None, None) => {
            let changes = branch.changes.iter().take(3).map(|it| l10n.tell(it));
            changes.collect::<Vec<_>>().join(", ")
        }
    }
}

impl Lists {
    pub(crate) fn new() -> Self {
        Self {
            packets: Rows::new(by_id("packets"), "t-packet"),
            datagrams: Datagrams::new(),
            title: Leaf::of("in-flight-title"),
            none: Leaf::of("packets-none"),
            table: Leaf::of("packets"),
            branches_part: Leaf::of("branches-part"),
            branches: Rows::new(by_id("branches"), "t-branch"),
            branches_note: Leaf::of("branches-note"),
            differences: Leaf::of("branch-differences"),
            differences_title: Leaf::within(&by_id("branch-differences"), "h3"),
            changes: Rows::new(first(&by_id("branch-differences"), "ul"), "t-item"),
            measured: Leaf::of("measured"),
            measure_off: Leaf::of("measure-off"),
            measure_from: Leaf::of("measure-from"),
            throttle: FrameThrottle::default(),
            keep_focus: false,
        }
    }

    /// Another language: rows made from templates are made again.
    pub(crate) fn clear(&mut self) {
        self.packets.clear();
        self.datagrams.clear();
        self.branches.clear();
    }

    /// Draws the lists; false if that is left to a later frame: while time moves, nobody
    /// could read them, and they take as long as the pictures. Where it moves from event to
    /// event (`calm`), no frame follows before the next one.
    pub(crate) fn draw(&mut self, l10n: &Localization, view: &RunView, calm: bool) -> bool {
        if !self.throttle.is_due(view.cursor) && !calm {
            return false;
        }
        if view.recorded() {
            self.waiting(l10n, view);
        } else {
            self.flying(l10n, view);
        }
        self.datagrams.draw(l10n, view);
        // The ways of a comparison are branches, too.
        self.branches_part.show(!view.run().beats());
        self.branches(l10n, view);
        self.measured(l10n, view);
        if std::mem::take(&mut self.keep_focus) {
            keep_focus();
        }
        true
    }

    fn flying(&mut self, l10n: &Localization, view: &RunView) {
        let flights = view.run().in_flight(view.cursor);
        self.title.show(true);
        self.table.show(!flights.is_empty());
        self.none.show(flights.is_empty());
        self.none.text(l10n.get(key::PACKETS_NONE));
        let now = view.cursor.at_ns;
        let chosen = view.shown_probe();
        self.packets.show(flights.len().min(LISTED), |index, row| {
            let flight = &flights[index];
            let name = describe::flight(l10n, flight);
            let left = [("span", Value::Span(flight.until_ns.saturating_sub(now)))];
            let arrives = if flight.lost {
                key::PACKET_DOOMED
            } else {
                key::PACKET_IN
            };
            let chosen = Some(flight.probe) == chosen;
            packet(
                row,
                Symbol::InFlight,
                &name,
                &l10n.say(arrives, &left),
                chosen,
            );
            let name = [("packet", Value::Text(&name))];
            let label = l10n.say_named("intervene-on.aria-label", &name);
            let acts = row.part("interventions");
            acts.show(true);
            acts.set("aria-label", &label);
            acts.set("data-flight", &flight.index.to_string());
        });
    }

    /// In a recorded run nobody saw the packets: the probes that wait stand for them.
    fn waiting(&mut self, l10n: &Localization, view: &RunView) {
        let mut timers = view.run().timers(view.cursor);
        // What is only due has not gone out, and what is lost is not in flight any more.
        timers.retain(|timer| timer.kind == TimerKind::Deadline);
        self.table.show(!timers.is_empty());
        // Nobody waits for what becomes of a heartbeat.
        self.title.show(!view.run().beats());
        self.none.show(!view.run().beats());
        self.none.text(l10n.get(key::PACKETS_UNSEEN));
        let now = view.cursor.at_ns;
        let chosen = view.shown_probe();
        self.packets.show(timers.len().min(LISTED), |index, row| {
            let timer = &timers[index];
            let name = l10n.say(key::PACKET_WAIT, &[("seq", Value::Number(timer.seq))]);
            let left = [("span", Value::Span(timer.until_ns.saturating_sub(now)))];
            let probe = view.run().probe(timer.probe, view.cursor);
            let symbol = probe.and_then(|probe| probe.symbol);
            let (symbol, until) = (
                symbol.unwrap_or(Symbol::InFlight),
                l10n.say(key::PACKET_UNTIL, &left),
            );
            packet(row, symbol, &name, &until, Some(timer.probe) == chosen);
            row.part("interventions").show(false);
        });
    }

    fn branches(&mut self, l10n: &Localization, view: &RunView) {
        let (active, compared) = (
            view.history.active(),
            view.compared.as_ref().map(|it| it.branch),
        );
        let branches = view.history.branches();
        self.branches_note
            .show(branches.len() < 2 && !view.recorded());
        self.branches.show(branches.len(), |index, row| {
            let branch = &branches[index];
            let number = index.to_string();
            let name = row.part("name");
            name.text(&branch_name(l10n, branch));
            name.attribute("aria-current", (index == active).then_some("true"));
            name.set("data-value", &number);
            let (replied, sent) = view.outcomes.get(index).copied().unwrap_or_default();
            let outcome = [
                ("replied", Value::Count(replied)),
                ("sent", Value::Count(sent)),
            ];
            let outcome = l10n.say(key::BRANCH_OUTCOME_VALUE, &outcome);
            row.part("outcome").text(&outcome);
            let compare = row.part("compare");
            compare.show(index != active);
            compare.set("data-value", &number);
            compare.flag("aria-pressed", Some(index) == compared);
            for slot in ["rename", "delete"] {
                let button = row.part(slot);
                button.show(!view.recorded() && (slot == "rename" || branches.len() > 1));
                button.set("data-value", &number);
            }
        });
        // By probe, the comparison says it itself.
        let Some(other) = view.compared.as_ref().filter(|_| view.by_time) else {
            self.differences.show(false);
            return;
        };
        self.differences.show(true);
        let name = branches
            .get(other.branch)
            .map(|branch| branch_name(l10n, branch))
            .unwrap_or_default();
        self.differences_title
            .text(&l10n.say(key::DIFFERENCES_TITLE, &[("branch", Value::Text(&name))]));
        let changes = &other.comparison.changes;
        let listed = changes.len().min(LISTED);
        let more = other.comparison.changed.saturating_sub(listed);
        let rows = if changes.is_empty() {
            1
        } else {
            listed + usize::from(more > 0)
        };
        self.changes.show(rows, |index, item| {
            item.leaf
                .text(&match changes.get(index).filter(|_| index < listed) {
                    Some(change) => difference(l10n, change),
                    None if changes.is_empty() => l10n.get(key::DIFFERENCES_NONE).to_owned(),
                    None => l10n.say(
                        key::DIFFERENCE_MORE,
                        &[("count", Value::Count(more as u64))],
                    ),
                });
        });
    }

    fn measured(&mut self, l10n: &Localization, view: &RunView) {
        self.measure_off.show(view.measure_from.is_some());
        self.measure_from
            .flag("aria-pressed", view.measure_from.is_some());
        let span = view
            .measure_from
            .zip(view.selected)
            .filter(|(from, until)| from != until)
            .and_then(|(from, until)| measure(view.run(), from, until));
        let text = match (view.measure_from, span) {
            (None, _) => l10n.get(key::MEASURE_NONE).to_owned(),
            (Some(_), None) => l10n.get(key::MEASURE_TO_HERE).to_owned(),
            (Some(_), Some(span)) => {
                let end = |event: usize| {
                    let event = view.run().event(event);
                    event.map_or_else(String::new, |event| {
                        let what = describe::short(l10n, &event);
                        let values = [
                            ("what", Value::Text(&what)),
                            ("at", Value::Time(event.at_ns)),
                        ];
                        l10n.say(key::MEASURE_END, &values)
                    })
                };
                l10n.say(
                    key::MEASURED,
                    &[
                        ("span", Value::Span(span.span_ns)),
                        ("from", Value::Text(&end(span.from))),
                        ("until", Value::Text(&end(span.until))),
                        ("events", Value::Count(span.events as u64)),
                        ("sent", Value::Count(span.sent as u64)),
                        ("lost", Value::Count(span.lost as u64)),
                    ],
                )
            }
        };
        self.measured.text(&text);
    }
}

fn packet(row: &mut Row, symbol: Symbol, name: &str, arrives: &str, chosen: bool) {
    look(symbol).show(row);
    row.part("name").text(name);
    row.part("arrives").text(arrives);
    row.part("row").class(if chosen { "chosen" } else { "" });
}

fn difference(l10n: &Localization, change: &Change) -> String {
    let side = |side: Option<(Symbol, Option<u64>)>| match side {
        None => l10n.get(key::DIFFERENCE_ABSENT).to_owned(),
        Some((symbol, rtt)) => {
            let outcome = l10n.get(crate::view::symbols::name(symbol));
            let span = |rtt_ns| {
                [
                    ("outcome", Value::Text(outcome)),
                    ("span", Value::Span(rtt_ns)),
                ]
            };
            rtt.map_or_else(
                || outcome.to_owned(),
                |rtt_ns| l10n.say(key::DIFFERENCE_RTT, &span(rtt_ns)),
            )
        }
    };
    // The branch beside is what is compared with, so it stands first.
    l10n.say(
        key::DIFFERENCE_PROBE,
        &[
            ("seq", Value::Number(change.seq)),
            ("left", Value::Text(&side(change.right))),
            ("right", Value::Text(&side(change.left))),
        ],
    )
}

/// After acting, the row acted on may be gone: the focus must not be.
fn keep_focus() {
    let document = crate::view::dom::document();
    let lost = document.active_element().is_none_or(|element| {
        element
            .unchecked_ref::<HtmlElement>()
            .offset_parent()
            .is_none()
    });
    if lost {
        let next = document
            .query_selector("#packets tbody:not([hidden]) button")
            .ok()
            .flatten();
        let target = next.unwrap_or_else(|| by_id("in-flight-title"));
        // An element that cannot take the focus leaves it where it is.
        let _ = target.unchecked_ref::<HtmlElement>().focus();
    }
}
