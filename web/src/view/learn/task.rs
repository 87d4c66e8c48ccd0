//! A task in the middle of being done: goals, dials, packets that can be acted on.
//!
//! Owns the parts of its screen that change with the moment shown.

use std::fmt::Write as _;

use super::super::dom::document;
use super::super::i18n::{Value, Words, key};
use super::html::{self, escape, message, prose, put};
use super::playback::Playback;
use super::say;
use udping_engine::lesson::task::{Deeds, Goal, Task};

/// Draws how far the task is, and what can be done at this moment.
pub(super) fn draw(words: &Words, task: &Task, deeds: &Deeds, playback: &Playback) {
    let (played, at_ns) = (&playback.stage, playback.at_ns);
    let goal = |goal: &Goal| {
        let met = goal.holds(played, at_ns);
        let (symbol, class, state) = if met {
            ("#m-replied", "replied", key::LEARN_GOAL_MET)
        } else {
            ("#m-due", "unknown", key::LEARN_GOAL_OPEN)
        };
        let value = say::value(words, goal.measure, goal.value(played, at_ns));
        let text = goal.text.as_deref().map_or("", |text| message(words, text));
        format!(
            "<li class=\"{}\"><svg class=\"mark {class}\" aria-hidden=\"true\"><use href=\"{symbol}\"/></svg><span>{}</span> <small class=\"soft\">{} · {}</small></li>",
            if met { "met" } else { "" },
            html::line(text),
            escape(&words.say(key::LEARN_GOAL_VALUE, &[("value", Value::Text(&value))])),
            escape(words.get(state))
        )
    };
    put(
        "learn-goals",
        &task.goals.iter().map(goal).collect::<String>(),
    );
    let done = if task.is_achieved(played, at_ns) {
        format!(
            "<div class=\"feedback right\"><b>{}</b> {}</div>",
            escape(words.get(key::LEARN_ACHIEVED)),
            prose(words, message(words, &task.done), "done")
        )
    } else {
        String::new()
    };
    put("learn-done", &done);
    for dial in &task.controls {
        let id = format!("{:?}", dial.control).to_ascii_lowercase();
        let set = say::setting(words, dial.control, played.scene.get(dial.control));
        put(&format!("set-{id}"), &escape(&set));
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

/// The packets in flight, with what can be done to each.
fn packets(words: &Words, task: &Task, playback: &Playback) -> String {
    let mut out = String::new();
    for (lane, track) in playback.stage.tracks.iter().enumerate() {
        let flying = track.hops.iter().enumerate();
        for (place, hop) in flying.filter(|(_, hop)| !hop.lost && hop.flies_at(playback.at_ns)) {
            let name = say::hop(words, hop);
            let name = if playback.stage.tracks.len() > 1 {
                let lane = playback.stage.scene.lanes.get(lane);
                let lane = lane.map_or("", |lane| words.get(say::lane(*lane)));
                words.say(
                    key::LEARN_HAPPENED_LANE,
                    &[("lane", Value::Text(lane)), ("what", Value::Text(&name))],
                )
            } else {
                name
            };
            let _ = write!(out, "<div class=\"flying\"><span>{}</span>", escape(&name));
            for (number, action) in task.acts.iter().enumerate() {
                let act = say::act(words, *action);
                let label = words.say_named(
                    "learn-acts-on.aria-label",
                    &[("act", Value::Text(&act)), ("packet", Value::Text(&name))],
                );
                // Writing to a string cannot fail, here and below.
                let _ = write!(
                    out,
                    "<button type=\"button\" class=\"btn small\" data-learn=\"act\" data-value=\"{number} {lane} {place}\" aria-label=\"{}\">{}</button>",
                    escape(&label),
                    escape(&act)
                );
            }
            out.push_str("</div>");
        }
    }
    if out.is_empty() {
        let none = escape(words.get(key::LEARN_PACKETS_NONE));
        return format!("<p class=\"soft small\">{none}</p>");
    }
    out
}

/// What was done so far.
fn acts(words: &Words, deeds: &Deeds, playback: &Playback) -> String {
    if deeds.acts.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<h3>{}</h3><ul class=\"plain small\">",
        escape(words.get(key::LEARN_YOUR_ACTS))
    );
    for act in &deeds.acts {
        let said = words.say(
            key::LEARN_ACTED,
            &[
                ("act", Value::Text(&say::act(words, act.action))),
                (
                    "packet",
                    Value::Text(&say::packet(words, &playback.stage, act)),
                ),
                ("at", Value::Time(act.at_ns)),
            ],
        );
        let _ = write!(out, "<li>{}</li>", escape(&said));
    }
    out.push_str("</ul>");
    out
}
