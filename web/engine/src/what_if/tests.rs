use udping_journal::what_if::FateCounts;
use udping_link::Seed;

use super::{Timeouts, WhatIf, round_up, rounded, stepped};
use crate::export::journal;
use crate::loader::Loader;
use crate::log::Symbol;
use crate::presets::Preset;
use crate::run::Run;
use crate::transferable::TransferableRun;

fn load(text: &str) -> Run {
    let mut loader = Loader::new();
    loader.feed(text.as_bytes()).unwrap();
    loader.finish().unwrap()
}

/// Journals of all networks, one of them with what a network says and does beyond replies.
fn journals() -> Vec<Run> {
    let of = |preset: Preset, seed: u64| {
        let mut setup = preset.setup(Seed::from_low_bits(seed));
        setup.count = 300;
        journal(&Run::simulate(&setup.header().unwrap()).unwrap()).unwrap()
    };
    let mut all: Vec<String> = Preset::ALL
        .into_iter()
        .flat_map(|preset| [of(preset, 3), of(preset, 8)])
        .collect();
    // A client that waits for each reply would have sent at other times.
    let paced = all.iter().filter(|text| text.contains("interval_ns"));
    let rough: Vec<String> = paced.map(|text| refusals(text)).collect();
    assert!(rough.len() > 3);
    let cut = all[0].lines().take(200).collect::<Vec<_>>().join("\n");
    all.extend(rough);
    all.push(cut);
    all.iter().map(|text| load(text)).collect()
}

/// The same journal, where every seventh probe is refused at once and every eleventh after its
/// deadline, and every thirteenth could not be sent.
fn refusals(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let number = |key: &str| {
            let at = line.find(key)? + key.len();
            line[at..].split([',', '}']).next()?.parse::<u64>().ok()
        };
        if number("{\"reply\":").is_some_and(|seq| seq % 13 == 0) {
            continue;
        }
        if number("{\"reply\":").is_some_and(|seq| seq % 7 == 0) {
            let at = number("\"at_ns\":").unwrap();
            let seq = number("{\"reply\":").unwrap();
            lines.push(format!(
                r#"{{"reply":{seq},"at_ns":{at},"ignored":"already_settled"}}"#
            ));
            continue;
        }
        lines.push(line.to_owned());
        if let (Some(seq), Some(at)) = (number("{\"sent\":"), number("\"at_ns\":")) {
            if seq % 7 == 0 {
                lines.push(format!(
                    r#"{{"unreachable":{seq},"at_ns":{},"refused":{seq},"after_ns":900}}"#,
                    at + 900
                ));
            }
            if seq % 13 == 0 {
                lines.push(format!(r#"{{"unsent":{seq},"at_ns":{at}}}"#));
            }
        }
        if let (Some(seq), Some(at)) = (number("{\"lost\":"), number("\"at_ns\":"))
            && seq % 11 == 0
        {
            lines.push(format!(
                r#"{{"unreachable":{seq},"at_ns":{at},"ignored":"already_settled"}}"#
            ));
        }
    }
    lines.join("\n")
}

fn counted(run: &Run) -> FateCounts {
    let mut counts = FateCounts::default();
    for probe in 0..run.probes() {
        match run.outcome(probe).unwrap() {
            Symbol::Replied => counts.replied += 1,
            Symbol::Lost => counts.lost += 1,
            Symbol::Late => {
                counts.lost += 1;
                counts.late += 1;
            }
            Symbol::Refused => counts.refused += 1,
            Symbol::Unknown | Symbol::InFlight => counts.unknown += 1,
            _ => {}
        }
    }
    counts
}

#[test]
fn counts_by_search_are_those_that_the_core_decides() {
    let mut random = 7_u64;
    for (number, run) in journals().iter().enumerate() {
        assert!(run.can_be_decided_again());
        let timeouts = Timeouts::of(run);
        let recorded = run.header().timeout_ns;
        let listened = timeouts.listened_ns();
        let mut asked = vec![recorded, listened, listened + 1, 1_000, 1];
        asked.extend(timeouts.saves_all_ns());
        asked.extend(timeouts.slowest_ns());
        asked.extend(timeouts.certain_ns());
        for _ in 0..6 {
            // Knuth's MMIX generator: its high bits are random enough.
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            asked.push((random >> 20) % (listened * 3 / 2) + 1);
        }
        for timeout in asked.into_iter().filter(|asked| *asked > 0) {
            let core = WhatIf::ask(run, timeout).unwrap();
            let found = timeouts.counts(timeout);
            assert_eq!(found, core.decided, "journal {number}, {timeout} ns");
            let again = run.decided_again(timeout).unwrap();
            assert_eq!(
                counted(&again),
                core.decided,
                "journal {number}, {timeout} ns"
            );
        }
    }
}

#[test]
fn under_the_recorded_timeout_every_event_is_decided_as_it_was() {
    for run in journals() {
        let again = run.decided_again(run.header().timeout_ns).unwrap();
        assert_eq!(again.recorded_timeout_ns(), Some(run.header().timeout_ns));
        for probe in 0..run.probes() {
            let was = run.outcome(probe).filter(|was| *was != Symbol::InFlight);
            assert_eq!(again.outcome(probe), was.or(Some(Symbol::Unknown)));
        }
        let back = TransferableRun::of(&again).unwrap().unpack().unwrap();
        assert!(back.log() == again.log());
        assert_eq!(back.recorded_timeout_ns(), again.recorded_timeout_ns());
    }
}

#[test]
fn the_answers_in_words_hold() {
    let run = &journals()[4];
    let timeouts = Timeouts::of(run);
    let saves_all = timeouts.saves_all_ns().unwrap();
    let slowest = timeouts.slowest_ns().unwrap();
    let all = timeouts.counts(saves_all);
    assert_eq!(all.late, 0);
    assert_eq!(all, timeouts.counts(slowest));
    assert!(timeouts.counts(slowest - 1).replied < all.replied);
    if let Some(certain) = timeouts.certain_ns() {
        assert_eq!(timeouts.counts(certain).unknown, 0);
        assert!(timeouts.counts(certain + 1).unknown > 0);
    }
}

#[test]
fn what_changes_is_listed_by_probe() {
    for run in journals() {
        let timeouts = Timeouts::of(&run);
        let shorter = timeouts.recorded_ns() / 3;
        let again = run.decided_again(shorter).unwrap();
        let told = timeouts.changed(shorter, 5);
        let changed: Vec<u32> = (0_u32..)
            .zip(0..run.probes())
            .filter(|(_, probe)| {
                run.outcome(*probe) == Some(Symbol::Replied)
                    && again.outcome(*probe) == Some(Symbol::Late)
            })
            .map(|(probe, _)| probe)
            .collect();
        let count = changed.len() as u64;
        let what = (told.count, told.was, told.outcome);
        assert_eq!(what, (count, Symbol::Replied, Symbol::Late));
        assert_eq!(told.first, changed[..changed.len().min(5)]);
        // A longer one: of those that change, none was anything else than it says.
        let longer = timeouts.listened_ns() * 3;
        let told = timeouts.changed(longer, run.probes());
        for probe in told.first {
            let was = run.outcome(probe as usize);
            assert!(was == Some(told.was) || was == Some(Symbol::Late) && told.was == Symbol::Lost);
        }
    }
}

#[test]
fn times_are_rounded_up_to_what_people_say() {
    let rounded = [55_830_000, 56_000_000, 9, 10, 101_000, 0].map(round_up);
    assert_eq!(rounded, [56_000_000, 56_000_000, 9, 10, 105_000, 0]);
}

#[test]
fn steps_lead_to_round_timeouts_and_back() {
    let up: Vec<u64> = [45_300_000, 99_000_000, 245_000_000, 12_000_000]
        .map(|ns| stepped(ns, 1))
        .into();
    assert_eq!(up, [46_000_000, 100_000_000, 250_000_000, 12_500_000]);
    let down: Vec<u64> = [45_300_000, 100_000_000, 12_500_000, 1]
        .map(|ns| stepped(ns, -1))
        .into();
    assert_eq!(down, [45_000_000, 99_000_000, 12_000_000, 1]);
    assert_eq!(stepped(45_000_000, 10), 55_000_000);
    assert_eq!([55_830_000, 4, 0].map(rounded), [56_000_000, 4, 1]);
}
