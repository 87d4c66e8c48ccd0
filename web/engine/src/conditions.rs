//! What a branch of other conditions is called: what is other in it.
//!
//! Owns which of the conditions have a name of their own. The words are the catalogue's.

use udping_link::{Impairments, Loss, Rate};

use super::message::{Arg, Message};
use super::presets::Preset;
use super::setup::Setup;

/// What is other in `after`, the most telling first: a preset's name, or what was changed.
#[must_use]
pub fn changes(before: &Setup, after: &Setup) -> Vec<Message> {
    let seed = after.scenario.seed;
    let mut plain = after.clone();
    plain.scenario.interventions.clear();
    let preset = |preset: &Preset| preset.setup(seed) == plain;
    if before.scenario.seed == seed
        && let Some(preset) = Preset::ALL.into_iter().find(preset)
    {
        return vec![Message::new(preset.name())];
    }
    let mut changes = Vec::new();
    if before.count != after.count {
        changes.push(Message::new("changed-count").with("count", Arg::Count(after.count)));
    }
    if before.timeout_ns != after.timeout_ns {
        changes.push(Message::new("changed-timeout").with("span", Arg::Span(after.timeout_ns)));
    }
    let ways = |setup: &Setup| [setup.scenario.request, setup.scenario.reply];
    let names = ["way-request", "way-reply"];
    for ((way, before), after) in names.into_iter().zip(ways(before)).zip(ways(after)) {
        let of_way = |id| Message::new(id).with("way", Arg::Word(way));
        if before.loss != after.loss {
            let share = mean_loss(after.loss);
            changes.push(of_way("changed-loss").with("share", Arg::Share(share)));
        }
        if before.delay != after.delay {
            let span = u64::try_from(after.delay.as_nanos()).unwrap_or(u64::MAX);
            changes.push(of_way("changed-delay").with("span", Arg::Span(span)));
        }
        let rest = |way: Impairments| Impairments {
            loss: after.loss,
            delay: after.delay,
            ..way
        };
        if rest(before) != rest(after) {
            changes.push(of_way("changed-way"));
        }
    }
    if before.scenario.seed != seed {
        changes.push(Message::new("changed-seed").with("seed", Arg::Number(seed.get())));
    }
    if changes.is_empty() {
        changes.push(Message::new("changed-other"));
    }
    changes
}

/// The share of packets that are lost, in millionths.
fn mean_loss(loss: Loss) -> u64 {
    let ppm = |rate: Rate| u64::from(rate.ppm());
    match loss {
        Loss::Independent(rate) => ppm(rate),
        Loss::Bursty {
            enter_bad,
            leave_bad,
            loss_in_bad,
            loss_in_good,
        } => {
            let (enter, leave) = (ppm(enter_bad), ppm(leave_bad));
            let all = enter * ppm(loss_in_bad) + leave * ppm(loss_in_good);
            all.checked_div(enter + leave).unwrap_or(ppm(loss_in_good))
        }
    }
}

#[cfg(test)]
mod tests {
    use udping_link::Seed;

    use super::*;

    #[test]
    fn a_branch_is_named_after_what_is_other_in_it() {
        let seed = Seed::from_low_bits(3);
        let before = Preset::Textbook.setup(seed);
        let named = |after: &Setup| {
            let ids = changes(&before, after).into_iter().map(|it| it.id);
            ids.collect::<Vec<_>>()
        };
        assert_eq!(
            named(&Preset::Satellite.setup(seed)),
            [Preset::Satellite.name()]
        );
        let mut after = before.clone();
        after.count += 1;
        after.scenario.reply.loss = Loss::Independent(Rate::ALWAYS);
        let told = changes(&before, &after);
        assert_eq!(named(&after), ["changed-count", "changed-loss"]);
        assert_eq!(told[1].arg("share"), Some(&Arg::Share(1_000_000)));
        assert_eq!(told[1].arg("way"), Some(&Arg::Word("way-reply")));
        let mut after = before.clone();
        after.scenario.seed = Seed::from_low_bits(4);
        assert_eq!(named(&after), ["changed-seed"]);
        let mut after = before.clone();
        after.size = Some(99);
        assert_eq!(named(&after), ["changed-other"]);
        let mut after = before.clone();
        after.scenario.request.duplicate = Rate::ALWAYS;
        assert_eq!(named(&after), ["changed-way"]);
    }

    #[test]
    fn bursts_lose_their_mean() {
        let rate = |ppm| Rate::from_ppm(ppm).unwrap();
        let bursts = Loss::Bursty {
            enter_bad: rate(100_000),
            leave_bad: rate(300_000),
            loss_in_bad: rate(800_000),
            loss_in_good: rate(0),
        };
        assert_eq!(mean_loss(bursts), 200_000);
    }
}
