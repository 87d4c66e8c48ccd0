//! A task in the middle of being done: goals, dials, packets that can be acted on.
//!
//! Owns the parts of its screen that change with the moment shown.

use maud::{Markup, html};
use udping_journal::Action;

use super::super::dom::document;
use super::super::i18n::{Localization, Value, key};
use super::markup::{line, prose, put, said, symbol};
use super::playback::Playback;
use super::say;
use udping_engine::lesson::scene::Control;
use udping_engine::lesson::task::{Attempt, Dial, Goal, Task};
use udping_engine::lesson::values::Values;

/// What names a control in the page.
pub(super) fn control_id(control: Control) -> String {
    format!("{control:?}").to_ascii_lowercase()
}

/// Draws how far the task is, and what can be done at this moment.
pub(super) fn draw(
    l10n: &Localization,
    task: &Task,
    values: &Values,
    attempt: &Attempt,
    playback: &Playback,
) {
    let (played, at_ns) = (&playback.stage, playback.at_ns);
    put(
        "learn-goals",
        &html! { @for goal in &task.goals { (self::goal(l10n, goal, values, playback)) } },
    );
    let done = html! {
        @if task.is_achieved(played, at_ns) {
            div class="feedback right" {
                b { (l10n.get(key::LEARN_ACHIEVED)) } " "
                (prose(l10n, &said(l10n, &task.done, values), "done"))
            }
        }
    };
    put("learn-done", &done);
    draw_dials(l10n, &task.controls, playback);
    if !playback.playing() && !task.actions.is_empty() {
        draw_acts(l10n, &task.actions, attempt, playback);
    }
}

/// Says what the dials are set to.
pub(super) fn draw_dials(l10n: &Localization, dials: &[Dial], playback: &Playback) {
    for dial in dials {
        let id = control_id(dial.control);
        let set = say::setting(l10n, dial.control, playback.stage.scene.get(dial.control));
        put(&format!("set-{id}"), &html! { (set) });
        if let Some(input) = document().get_element_by_id(&format!("dial-{id}")) {
            // An element of the page takes any attribute.
            let _ = input.set_attribute("aria-valuetext", &set);
        }
    }
}

/// Draws what can be done to the packets in flight, and what was.
pub(super) fn draw_acts(
    l10n: &Localization,
    actions: &[Action],
    attempt: &Attempt,
    playback: &Playback,
) {
    put("learn-packets", &packets(l10n, actions, playback));
    put("learn-interventions", &acts(l10n, attempt, playback));
}

fn goal(l10n: &Localization, goal: &Goal, values: &Values, playback: &Playback) -> Markup {
    let (played, at_ns) = (&playback.stage, playback.at_ns);
    let met = goal.holds(played, at_ns);
    let (href, class, state) = if met {
        ("#sym-verified", "symbol replied", key::LEARN_GOAL_MET)
    } else {
        ("#sym-due", "symbol unknown", key::LEARN_GOAL_OPEN)
    };
    let value = say::value(l10n, goal.measure, goal.value(played, at_ns));
    let text = goal.text.as_deref();
    let text = text.map_or_else(String::new, |text| said(l10n, text, values));
    html! {
        li class=(if met { "met" } else { "" }) {
            (symbol(class, href)) span { (line(&text)) } " "
            small class="soft" {
                (l10n.say(key::LEARN_GOAL_VALUE, &[("value", Value::Text(&value))]))
                " · " (l10n.get(state))
            }
        }
    }
}

/// The packets in flight, with what can be done to each.
fn packets(l10n: &Localization, actions: &[Action], playback: &Playback) -> Markup {
    let mut flying = Vec::new();
    for (lane, track) in playback.stage.tracks.iter().enumerate() {
        for (number, flight) in track.flights.iter().enumerate() {
            if !flight.lost && flight.flies_at(playback.at_ns) {
                let name = say::flight(l10n, flight);
                let name = say::in_lane(l10n, &playback.stage, lane, name);
                flying.push((lane, number, name));
            }
        }
    }
    html! {
        @if flying.is_empty() { p class="soft small" { (l10n.get(key::LEARN_PACKETS_NONE)) } }
        @for (lane, flight, name) in &flying {
            div class="flying" data-flying={ (lane) " " (flight) } {
                span { (name) }
                @for (number, action) in actions.iter().enumerate() {
                    @let act = say::act(l10n, *action);
                    @let named = [("act", Value::Text(&act)), ("packet", Value::Text(name))];
                    button type="button" class="btn small" data-learn="intervene"
                        data-value={ (number) " " (lane) " " (flight) }
                        aria-label=(l10n.say_named("learn-intervene-on.aria-label", &named)) { (act) }
                }
            }
        }
    }
}

/// What was done so far.
fn acts(l10n: &Localization, attempt: &Attempt, playback: &Playback) -> Markup {
    html! {
        @if !attempt.interventions.is_empty() {
            h3 { (l10n.get(key::LEARN_YOUR_ACTS)) }
            ul class="plain small" {
                @for act in &attempt.interventions {
                    @let packet = say::packet(l10n, &playback.stage, act);
                    li { (say::acted(l10n, act.action, &packet, act.at_ns)) }
                }
            }
        }
    }
}
