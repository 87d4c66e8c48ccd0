//! A thousand runs of ten pings over a network that loses 10% of the packets of each direction:
//! how much loss does a single run report, when 19% is true?
//!
//! `cargo run -p udping-sim --example seeds`

use std::error::Error;
use std::time::Duration;

use udping_core::Config;
use udping_journal::{Header, Scenario};
use udping_link::{Impairments, Loss, Rate, Seed};
use udping_sim::World;

fn main() -> Result<(), Box<dyn Error>> {
    for (lost, runs) in (0..).zip(losses(1000)?) {
        println!(
            "{lost:2} of 10 lost in {runs:3} runs {}",
            "#".repeat(runs / 5)
        );
    }
    Ok(())
}

/// How many of the runs with the seeds below `seeds` lose 0, 1, … 10 of their ten probes.
fn losses(seeds: u64) -> Result<[usize; 11], Box<dyn Error>> {
    let way = Impairments {
        loss: Loss::Independent(Rate::from_ppm(100_000)?),
        delay: Duration::from_millis(20),
        ..Impairments::default()
    };
    let mut runs = [0; 11];
    for seed in 0..seeds {
        let scenario = Scenario {
            seed: Seed::new(seed)?,
            request: way,
            reply: way,
            ..Scenario::default()
        };
        let header = Header::simulation("seeds".to_owned(), &Config::default(), None, scenario);
        let mut world = World::new(&header)?;
        // Each step is something that happens: a probe sent, a packet lost, a decision.
        while world.step().is_some() {}
        let lost = world.session().stats().summary().lost;
        runs[usize::try_from(lost)?] += 1;
    }
    Ok(runs)
}

#[cfg(test)]
#[test]
fn a_thousand_runs_lose_what_the_link_loses() -> Result<(), Box<dyn Error>> {
    let runs = losses(1000)?;
    assert_eq!(runs.iter().sum::<usize>(), 1000);
    let lost: usize = (0..).zip(runs).map(|(lost, runs)| lost * runs).sum();
    // Of 10,000 probes 1 − 0.9² are lost, give or take five standard deviations.
    assert!((1_700..2_100).contains(&lost), "{lost} of 10,000");
    Ok(())
}
