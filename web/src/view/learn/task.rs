//! A task in the middle of being done: goals, dials, packets that can be acted on.
//!
//! Owns the parts of its screen that change with the moment shown.

use maud::{Markup, html};

use super::super::dom::document;
use super::super::i18n::{Value, Words, key};
use super::markup::{line, message, prose, put, symbol};
use super::playback::Playback;
use super::say;
use udping_engine::lesson::scene::Control;
use udping_engine::lesson::task::{Deeds, Goal, Task};

/// What names a control in the page.
pub(super) fn control_id(control: Control) -> String {
    format!("{control:?}").to_ascii_lowercase()
}

/// Draws how far the task is, and what can be done at this moment.
pub(super) fn draw(words: &Words, task: &Task, deeds: &Deeds, playback: &Playback) {
    let (played, at_ns) = (&playback.stage, playback.at_ns);
    put(
        "learn-goals",
        &html! { @for goal in &task.goals { (self::goal(words, goal, playback)) } },
    );
    let done = html! {
        @if task.is_achieved(played, at_ns) {
            div class="feedback right" {
                b { (words.get(key::LEARN_ACHIEVED)) } " "
                (prose(words, message(words, &task.done), "done"))
            }
        }
    };
    put("learn-done", &done);
    for dial in &task.controls {
        let id = control_id(dial.control);
        let set = say::setting(words, dial.control, played.scene.get(dial.control));
        put(&format!("set-{id}"), &html! { (set) });
        if let Some(input) = document().get_element_by_id(&format!("dial-{id}")) {
            // An element of the page takes any attribute.
            let _ = input.set_attribute("aria-valuetext", &set);
        }
    }
    if !playback.playing() && !task.acts.is_empty() {
        put("learn-packets", &packets(words, task, playback));
        put("learn-acts", &acts(words, deeds, playback));
    }
}

fn goal(words: &Words, goal: &Goal, playback: &Playback) -> Markup {
    let (played, at_ns) = (&playback.stage, playback.at_ns);
    let met = goal.holds(played, at_ns);
    let (href, class, state) = if met {
        ("#m-replied", "mark replied", key::LEARN_GOAL_MET)
    } else {
        ("#m-due", "mark unknown", key::LEARN_GOAL_OPEN)
    };
    let value = say::value(words, goal.measure, goal.value(played, at_ns));
    let text = goal.text.as_deref().map_or("", |text| message(words, text));
    html! {
        li class=(if met { "met" } else { "" }) {
            (symbol(class, href)) span { (line(text)) } " "
            small class="soft" {
                (words.say(key::LEARN_GOAL_VALUE, &[("value", Value::Text(&value))]))
                " · " (words.get(state))
            }
        }
    }
}

/// The packets in flight, with what can be done to each.
fn packets(words: &Words, task: &Task, playback: &Playback) -> Markup {
    let mut flying = Vec::new();
    for (lane, track) in playback.stage.tracks.iter().enumerate() {
        for (number, hop) in track.hops.iter().enumerate() {
            if !hop.lost && hop.flies_at(playback.at_ns) {
                let name = say::hop(words, hop);
                let name = say::in_lane(words, &playback.stage, lane, name);
                flying.push((lane, number, name));
            }
        }
    }
    html! {
        @if flying.is_empty() { p class="soft small" { (words.get(key::LEARN_PACKETS_NONE)) } }
        @for (lane, hop, name) in &flying {
            div class="flying" {
                span { (name) }
                @for (number, action) in task.acts.iter().enumerate() {
                    @let act = say::act(words, *action);
                    @let named = [("act", Value::Text(&act)), ("packet", Value::Text(name))];
                    button type="button" class="btn small" data-learn="act"
                        data-value={ (number) " " (lane) " " (hop) }
                        aria-label=(words.say_named("learn-acts-on.aria-label", &named)) { (act) }
                }
            }
        }
    }
}

/// What was done so far.
fn acts(words: &Words, deeds: &Deeds, playback: &Playback) -> Markup {
    html! {
        @if !deeds.acts.is_empty() {
            h3 { (words.get(key::LEARN_YOUR_ACTS)) }
            ul class="plain small" {
                @for act in &deeds.acts {
                    @let packet = say::packet(words, &playback.stage, act);
                    li { (say::acted(words, act.action, &packet, act.at_ns)) }
                }
            }
        }
    }
}
