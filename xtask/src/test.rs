//! `cargo xtask test`: the layers in order, and the proof that each ran.
//!
//! Owns which layers run and when they are enough. Knows none of them.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::layers::{Layer, Ran};
use crate::{page, run, tools};

/// Runs the chosen layers, all if none are chosen, and stops at the first that fails.
pub(crate) fn run(only: &[Layer], skip: &[Layer]) -> Result<()> {
    let chosen: Vec<_> = Layer::ALL
        .into_iter()
        .filter(|layer| only.is_empty() || only.contains(layer))
        .filter(|layer| !skip.contains(layer))
        .collect();
    ensure!(!chosen.is_empty(), "these options leave no layer to run");

    let start = now();
    heading("tools");
    let mut needs = Vec::new();
    for tool in chosen.iter().flat_map(|layer| layer.needs()) {
        if !needs.contains(tool) {
            needs.push(*tool);
        }
    }
    tools::ensure(&needs)?;
    println!("all there");

    if !chosen.contains(&Layer::Web) {
        let stale = chosen.iter().any(|layer| layer.tests_the_page());
        let missing = chosen.iter().any(|layer| layer.embeds_the_page()) && !page::is_built();
        if stale || missing {
            heading("page");
            page::build()?;
        }
    }

    let before_the_layers = start.elapsed();

    let workspace = run::workspace()?;
    let mut results = Vec::new();
    for layer in chosen {
        heading(&layer.name());
        let start = now();
        let ran = layer.run(&workspace).with_context(|| {
            format!(
                "layer `{0}` failed; to run it alone: cargo xtask test --only {0}",
                layer.name()
            )
        })?;
        verify(layer, &ran)?;
        results.push((layer, ran, start.elapsed()));
    }
    report(before_the_layers, &results);
    Ok(())
}

/// A layer that ran nothing has not passed.
fn verify(layer: Layer, ran: &Ran) -> Result<()> {
    let enough = if layer.has_tests() {
        ran.tests > 0
    } else {
        ran.checks > 0
    };
    ensure!(enough, "layer `{}` ran nothing: {ran:?}", layer.name());
    Ok(())
}

/// What ran, and where the time went: whoever waits for it can see which layer to make shorter.
fn report(before_the_layers: Duration, results: &[(Layer, Ran, Duration)]) {
    heading("result");
    println!("{:<8} {}", "tools", seconds(before_the_layers));
    let mut total = (0, 0, before_the_layers);
    for (layer, ran, took) in results {
        let (n, what) = if layer.has_tests() {
            (ran.tests, "tests")
        } else {
            (ran.checks, "checks")
        };
        println!(
            "{:<8} {} {n:>5} {what} passed",
            layer.name(),
            seconds(*took)
        );
        total = (total.0 + ran.tests, total.1 + ran.checks, total.2 + *took);
    }
    let (tests, checks, took) = total;
    println!(
        "{:<8} {} {tests:>5} tests and {checks} checks passed",
        "total",
        seconds(took)
    );
    for layer in Layer::ALL {
        if !results.iter().any(|(ran, ..)| *ran == layer) {
            println!("{:<8}       - left out, as asked", layer.name());
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long the tests took is no part of what they decide"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn seconds(duration: Duration) -> String {
    format!("{:>5.0} s", duration.as_secs_f64())
}

fn heading(name: &str) {
    println!("\n── {name} ──");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_that_ran_nothing_has_not_passed() {
        for layer in Layer::ALL {
            let error = verify(layer, &Ran::default()).unwrap_err();
            assert!(error.to_string().contains(&layer.name()), "{error}");
            assert!(
                verify(
                    layer,
                    &Ran {
                        checks: 1,
                        tests: 1
                    }
                )
                .is_ok()
            );
        }
        assert!(
            verify(
                Layer::Cargo,
                &Ran {
                    checks: 1,
                    tests: 0
                }
            )
            .is_err()
        );
    }
}
