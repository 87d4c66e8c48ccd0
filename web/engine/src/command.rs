//! A run as the `udping` command that makes it again.
//!
//! Owns how a setup and a journal's header are written as flags, and how words are quoted for
//! a shell. What the flags mean, the command says; a test has it read them.

use udping_journal::{Header, Kind, ScheduleSpec, WireName, Written};
use udping_link::{Jitter, Loss, Rate, Reorder};

/// A command line, and whether it says all of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// To be put into a shell.
    pub line: String,
    /// There is something that no flag can say.
    pub incomplete: bool,
}

/// `udping simulate …`, of a simulated run.
#[must_use]
pub fn simulate(header: &Header) -> Option<Command> {
    let scenario = header.scenario.as_ref()?;
    let mut words = Words::of(&["udping", "simulate"]);
    words.session(header);
    if scenario.service_ns > 0 {
        words.flag("--service", &Written(scenario.service_ns).to_string());
    }
    let ways = [&scenario.request, &scenario.reply];
    words.incomplete |= !scenario.interventions.is_empty();
    words.pair("--loss", ways.map(|way| way.loss), |loss| match loss {
        Loss::Independent(rate) => Some(percent(rate)),
        Loss::Bursty { .. } => None,
    });
    words.pair("--delay", ways.map(|way| way.delay), |delay| {
        Some(span(delay))
    });
    words.pair(
        "--jitter",
        ways.map(|way| way.jitter),
        |jitter| match jitter {
            Jitter::None => Some("0".to_owned()),
            Jitter::Uniform { spread } => Some(span(spread)),
            _ => None,
        },
    );
    words.pair("--duplicate", ways.map(|way| way.duplicate), |rate| {
        Some(percent(rate))
    });
    words.pair("--reorder", ways.map(|way| way.reorder), |reorder| {
        let usual = reorder == Reorder::default() || reorder.extra == Reorder::EXTRA;
        usual.then(|| percent(reorder.rate))
    });
    words.incomplete |= ways.iter().any(|way| way.corrupt != Rate::NEVER);
    words.flag("--seed", &scenario.seed.to_string());
    Some(words.done())
}

/// `udping HOST …`, of a recorded ping: what would record it again, in `journal`.
#[must_use]
pub fn ping(header: &Header, journal: &str) -> Option<Command> {
    (header.kind == Kind::Ping).then_some(())?;
    let mut words = Words::of(&["udping"]);
    let host = header.host.as_deref().or(header.address.as_deref());
    let target = match (host, header.port) {
        (None, _) => "HOST".to_owned(),
        (Some(host), None) => host.to_owned(),
        (Some(host), Some(port)) if host.contains(':') => format!("[{host}]:{port}"),
        (Some(host), Some(port)) => format!("{host}:{port}"),
    };
    words.push(&target);
    words.session(header);
    words.flag("--journal", journal);
    Some(words.done())
}

/// Words for a shell.
#[derive(Debug)]
struct Words {
    line: String,
    incomplete: bool,
}

impl Words {
    fn of(words: &[&str]) -> Self {
        Self {
            line: words.join(" "),
            incomplete: false,
        }
    }

    fn done(self) -> Command {
        Command {
            line: self.line,
            incomplete: self.incomplete,
        }
    }

    /// Adds a word, quoted where a shell would read more into it.
    fn push(&mut self, word: &str) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_./:%,=+@-[]".contains(c);
        self.line.push(' ');
        if !word.is_empty() && word.chars().all(|c| plain(c) && !"[]".contains(c)) {
            self.line.push_str(word);
        } else {
            self.line.push('\'');
            self.line.push_str(&word.replace('\'', r"'\''"));
            self.line.push('\'');
        }
    }

    fn flag(&mut self, flag: &str, value: &str) {
        self.push(flag);
        self.push(value);
    }

    /// What a client is configured by.
    fn session(&mut self, header: &Header) {
        let count = header.count.map_or(0, core::num::NonZeroU64::get);
        self.flag("-c", &count.to_string());
        match header.schedule {
            ScheduleSpec::Paced { interval_ns } => {
                self.flag("-i", &Written(interval_ns).to_string());
            }
            ScheduleSpec::Window { size } => self.flag("-l", &size.to_string()),
            ScheduleSpec::StopAndWait { gap_ns } => self.incomplete |= gap_ns > 0,
            ScheduleSpec::OnDemand => self.incomplete = true,
        }
        self.flag("-W", &Written(header.timeout_ns).to_string());
        if header.late_window_ns != header.timeout_ns {
            self.flag("--linger", &Written(header.late_window_ns).to_string());
        }
        if let Some(size) = header.size {
            self.flag("-s", &size.to_string());
        }
        self.wire(header);
    }

    fn wire(&mut self, header: &Header) {
        match (header.wire, &header.description) {
            (WireName::Textbook, _) if header.accept_unnumbered => self.flag("--match", "any"),
            (WireName::Textbook, _) => {}
            (WireName::Described, Some(wire)) => {
                if let Some(name) = &wire.name {
                    return self.flag("--wire", name);
                }
                if let Some(request) = &wire.request {
                    self.flag("--request", request);
                }
                for expect in &wire.expect {
                    self.flag("--expect", expect);
                }
            }
            (WireName::Described, None) => self.incomplete = true,
            (own, _) => self.flag("--wire", own.name()),
        }
    }

    /// A flag with a value for each way, left out where both are the default.
    fn pair<T: Copy + Default + PartialEq>(
        &mut self,
        flag: &str,
        ways: [T; 2],
        value: impl Fn(T) -> Option<String>,
    ) {
        if ways == [T::default(); 2] {
            return;
        }
        let [request, reply] = ways.map(value);
        self.incomplete |= request.is_none() || reply.is_none();
        let zero = || "0".to_owned();
        let (request, reply) = (request.unwrap_or_else(zero), reply.unwrap_or_else(zero));
        self.flag(flag, &[request, reply].join(","));
    }
}

fn span(duration: core::time::Duration) -> String {
    Written(udping_core::time::saturating_nanos(duration)).to_string()
}

/// A rate as `12.5%`.
fn percent(rate: Rate) -> String {
    let ppm = rate.ppm();
    let (whole, part) = (ppm / 10_000, ppm % 10_000);
    let text = format!("{whole}.{part:04}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}%")
}

#[cfg(test)]
mod tests {
    use udping_link::{Impairments, Seed};

    use super::*;
    use crate::presets::Preset;

    #[test]
    fn a_setup_is_written_as_flags() {
        let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
        setup.late_window_ns = Some(0);
        let header = setup.header().unwrap();
        let command = simulate(&header).unwrap();
        assert_eq!(
            command.line,
            "udping simulate -c 10 -W 1s --linger 0 --service 50us --loss 30%,0% \
             --delay 40ms,40ms --jitter 15ms,15ms --seed 20"
        );
        assert!(!command.incomplete);
        assert_eq!(ping(&header, "x"), None, "nobody pinged");
        setup.scenario.reply.corrupt = Rate::from_ppm(7).unwrap();
        assert!(simulate(&setup.header().unwrap()).unwrap().incomplete);
    }

    #[test]
    fn every_preset_has_a_command_or_says_that_it_has_not() {
        for preset in Preset::ALL {
            let header = preset.setup(Seed::from_low_bits(1)).header().unwrap();
            let scenario = header.scenario.clone().unwrap();
            let uniform = |way: &Impairments| {
                matches!(way.jitter, Jitter::None | Jitter::Uniform { .. })
                    && matches!(way.loss, Loss::Independent(_))
            };
            let sayable = uniform(&scenario.request) && uniform(&scenario.reply);
            let command = simulate(&header).unwrap();
            assert!(sayable || command.incomplete, "{}", command.line);
        }
    }

    #[test]
    fn a_recorded_run_is_asked_for_again_and_words_are_quoted() {
        let line = r#"{"udping":"journal","version":2,"kind":"ping","tool":"t","host":"a b.example","port":7,"wire":"described","description":{"request":"it's {seq}"},"schedule":{"paced":{"interval_ns":50000000}},"timeout_ns":1500000000,"late_window_ns":1500000000,"timestamp_key":1,"table_entries":8}"#;
        let header = Header::parse(line).unwrap();
        let command = ping(&header, "my run.jsonl").unwrap();
        assert_eq!(
            command.line,
            r"udping 'a b.example:7' -c 0 -i 50ms -W 1.5s --request 'it'\''s {seq}' --journal 'my run.jsonl'"
        );
        let redacted = line.replace(r#""host":"a b.example","port":7,"#, "");
        let redacted = ping(&Header::parse(&redacted).unwrap(), "run.jsonl").unwrap();
        assert!(
            redacted.line.starts_with("udping HOST -c 0"),
            "{redacted:?}"
        );
        let v6 = line.replace("a b.example", "::1");
        let v6 = ping(&Header::parse(&v6).unwrap(), "run.jsonl").unwrap();
        assert!(v6.line.starts_with("udping '[::1]:7' "), "{v6:?}");
    }
}
