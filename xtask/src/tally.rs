//! How many tests really ran, read from what the runners print.
//!
//! Owns the three runners' words. Knows nothing of how they are started. A
//! test that is ignored or filtered out is one that somebody believes in and
//! nobody runs, so it counts as a failure.

use anyhow::{Result, bail, ensure};

/// The tests of one file, crate or documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Suite {
    name: String,
    passed: u32,
    left_out: u32,
}

/// What a runner said it did.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    suites: Vec<Suite>,
}

impl Tally {
    /// Takes in a line of `cargo test`, natively or through wasm-bindgen's runner.
    pub(crate) fn cargo_line(&mut self, line: &str) {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("Running ") {
            // `tests/interop.rs (target/debug/deps/interop-0123)`, or `unittests src/lib.rs (…)`.
            if let Some((name, _)) = rest.split_once(" (") {
                self.open(name);
            }
        } else if let Some(name) = line.strip_prefix("Doc-tests ") {
            self.open(&format!("documentation of {name}"));
        } else if let Some(result) = line.strip_prefix("test result: ok. ") {
            let count = |what| {
                let figures = result.split(';').map(str::trim);
                figures
                    .filter_map(|figure| figure.strip_suffix(what))
                    .find_map(|n| n.trim().parse().ok())
            };
            self.add(
                count(" passed").unwrap_or(0),
                count(" ignored").unwrap_or(0) + count(" filtered out").unwrap_or(0),
            );
        }
    }

    /// Takes in a line of node's `spec` reporter, which runs the tests of the suite last opened.
    pub(crate) fn node_line(&mut self, line: &str) {
        let Some((what, n)) = line
            .strip_prefix("ℹ ")
            .and_then(|figure| figure.split_once(' '))
        else {
            return;
        };
        let Ok(n) = n.parse() else { return };
        match what {
            "pass" => self.add(n, 0),
            "skipped" | "todo" | "cancelled" => self.add(0, n),
            _ => {}
        }
    }

    /// Starts a suite: the results that follow are its.
    pub(crate) fn open(&mut self, name: &str) {
        self.suites.push(Suite {
            name: name.to_owned(),
            passed: 0,
            left_out: 0,
        });
    }

    /// What several runners did, side by side.
    pub(crate) fn of_all(tallies: impl IntoIterator<Item = Self>) -> Self {
        let suites = tallies.into_iter().flat_map(|tally| tally.suites);
        Self {
            suites: suites.collect(),
        }
    }

    fn add(&mut self, passed: u32, left_out: u32) {
        if self.suites.is_empty() {
            self.open("an unnamed suite");
        }
        if let Some(suite) = self.suites.last_mut() {
            suite.passed += passed;
            suite.left_out += left_out;
        }
    }

    /// The tests that passed, provided that none was left out and that every `expected` suite ran some.
    pub(crate) fn verify(&self, expected: &[String]) -> Result<u32> {
        for suite in &self.suites {
            ensure!(
                suite.left_out == 0,
                "{}: {} tests were ignored, skipped or filtered out; make them run, or delete them",
                suite.name,
                suite.left_out
            );
        }
        for name in expected {
            match self.suites.iter().find(|suite| suite.name == *name) {
                None => bail!(
                    "{name}: was not run; is there a feature that it needs and nobody asked for?"
                ),
                Some(suite) if suite.passed == 0 => bail!("{name}: ran no test"),
                Some(_) => {}
            }
        }
        Ok(self.suites.iter().map(|suite| suite.passed).sum())
    }
}

/// Who runs tests, and so how results read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `cargo test`, natively or through wasm-bindgen's runner.
    Cargo,
    /// Node, in the Test Anything Protocol.
    Tap,
}

/// Each test's result, read from what a runner prints.
#[derive(Debug)]
pub(crate) struct Reader {
    runner: Runner,
    results: Vec<(String, bool)>,
    /// Tests that were said to take long.
    long: Vec<String>,
    /// The result just read may be a group's.
    open: bool,
}

impl Reader {
    pub(crate) fn new(runner: Runner) -> Self {
        Self {
            runner,
            results: Vec::new(),
            long: Vec::new(),
            open: false,
        }
    }

    /// Takes in a line.
    pub(crate) fn line(&mut self, line: &str) {
        match self.runner {
            Runner::Cargo => self.cargo_line(line),
            Runner::Tap => self.tap_line(line.trim_start()),
        }
    }

    fn cargo_line(&mut self, line: &str) {
        let result = line.strip_prefix("test ");
        if let Some((name, _)) = result.and_then(|it| it.split_once(" has been running for over "))
        {
            self.long.push(name.to_owned());
        }
        let Some((name, result)) = result.and_then(|rest| rest.split_once(" ... ")) else {
            return;
        };
        match result {
            "ok" => self.results.push((name.to_owned(), true)),
            "FAILED" | "FAIL" => self.results.push((name.to_owned(), false)),
            _ => {}
        }
    }

    fn tap_line(&mut self, line: &str) {
        // Below its result, a group says that it is one: its tests have had their own.
        if line == "type: 'suite'" && std::mem::take(&mut self.open) {
            self.results.pop();
        }
        let (passed, rest) = match line.strip_prefix("not ") {
            Some(rest) => (false, rest),
            None => (true, line),
        };
        let point = rest
            .strip_prefix("ok ")
            .and_then(|rest| rest.split_once(" - "));
        if let Some((_, name)) = point {
            self.open = !name.contains(" # SKIP");
            if self.open {
                self.results.push((name.to_owned(), passed));
            }
        }
    }

    /// The tests that were said to take long and have no result yet.
    pub(crate) fn unfinished(&self) -> Vec<String> {
        let has_none = |name: &&String| self.results.iter().all(|(ended, _)| ended != *name);
        self.long.iter().filter(has_none).cloned().collect()
    }

    /// The tests that ran, and whether they passed.
    pub(crate) fn results(self) -> Vec<(String, bool)> {
        self.results
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(runner: Runner, lines: &str) -> Vec<(String, bool)> {
        let mut reader = Reader::new(runner);
        lines.lines().for_each(|line| reader.line(line));
        reader.results()
    }

    #[test]
    fn each_test_s_result_is_read() {
        let lines = "running 3 tests\ntest net::one ... ok\ntest two ... FAILED\ntest three ... ignored\n\
                     test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out\n";
        let wanted = [("net::one".to_owned(), true), ("two".to_owned(), false)];
        assert_eq!(results(Runner::Cargo, lines), wanted);

        let lines = "TAP version 13\n# Subtest: links\n    # Subtest: one\n    ok 1 - one\n      ---\n      \
                     duration_ms: 1\n      ...\n    not ok 2 - two\n      ---\n      ...\n    1..2\n\
                     not ok 1 - links\n  ---\n  duration_ms: 3\n  type: 'suite'\n  ...\n\
                     ok 2 - three # SKIP test name does not match pattern\n  ---\n  type: 'test'\n  ...\n";
        let wanted = [("one".to_owned(), true), ("two".to_owned(), false)];
        assert_eq!(results(Runner::Tap, lines), wanted);
    }

    fn cargo(lines: &str) -> Tally {
        let mut tally = Tally::default();
        lines.lines().for_each(|line| tally.cargo_line(line));
        tally
    }

    const CARGO: &str = "
   Compiling udping-core v0.1.0 (/somewhere/core)
     Running unittests src/lib.rs (target/debug/deps/udping_core-0123)
running 3 tests
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running tests/journal.rs (target/debug/deps/journal-0123)
test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
   Doc-tests udping_core
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn cargos_results_are_added_up_under_their_headings() {
        let tally = cargo(CARGO);

        assert_eq!(tally.verify(&["tests/journal.rs".into()]).unwrap(), 10);
        let doctests = tally.suites.last().unwrap();
        assert_eq!(doctests.name, "documentation of udping_core");
        assert_eq!(doctests.passed, 3);
    }

    #[test]
    fn wasm_bindgens_runner_says_it_without_measured() {
        let tally = cargo(
            "Running tests/wasm.rs (target/wasm32-unknown-unknown/debug/deps/wasm-01.wasm)\n\
             test result: ok. 2 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.01s\n",
        );

        assert_eq!(tally.verify(&["tests/wasm.rs".into()]).unwrap(), 2);
    }

    #[test]
    fn a_file_that_did_not_run_or_ran_nothing_is_an_error() {
        let absent = cargo(CARGO)
            .verify(&["tests/interop.rs".into()])
            .unwrap_err();
        assert!(
            absent.to_string().contains("tests/interop.rs: was not run"),
            "{absent}"
        );

        let none = CARGO.replace("4 passed", "0 passed");
        let empty = cargo(&none)
            .verify(&["tests/journal.rs".into()])
            .unwrap_err();
        assert!(
            empty.to_string().contains("tests/journal.rs: ran no test"),
            "{empty}"
        );
    }

    #[test]
    fn an_ignored_or_filtered_test_is_an_error() {
        for left_out in [
            "1 ignored; 0 measured; 0 filtered",
            "0 ignored; 0 measured; 1 filtered",
        ] {
            let lines = CARGO.replacen("0 ignored; 0 measured; 0 filtered", left_out, 1);
            let error = cargo(&lines).verify(&[]).unwrap_err();
            assert!(
                error
                    .to_string()
                    .contains("unittests src/lib.rs: 1 tests were"),
                "{error}"
            );
        }
    }

    fn node(lines: &str) -> Tally {
        let mut tally = Tally::default();
        tally.open("start.test.mjs");
        lines.lines().for_each(|line| tally.node_line(line));
        tally
    }

    const NODE: &str = "✔ pass 9 (1 ms)\nℹ tests 3\nℹ suites 0\nℹ pass 3\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\n\
                        ℹ todo 0\nℹ duration_ms 16.5";

    #[test]
    fn nodes_results_are_read() {
        assert_eq!(node(NODE).verify(&["start.test.mjs".into()]).unwrap(), 3);
    }

    #[test]
    fn a_skipped_or_unfinished_node_test_is_an_error() {
        for what in ["cancelled", "skipped", "todo"] {
            let lines = NODE.replace(&format!("{what} 0"), &format!("{what} 1"));
            assert!(node(&lines).verify(&[]).is_err(), "{what}");
        }
        assert!(node("").verify(&["start.test.mjs".into()]).is_err());
    }
}
