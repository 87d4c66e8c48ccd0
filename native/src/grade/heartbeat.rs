//! The second optional exercise: what a sender of heartbeats sends, and what a server prints
//! of heartbeats that come, are missing, and stop.
//!
//! Owns which of that is a bug. The sender is tried as a client is to which nobody answers; how
//! a server is tried, [`monitor`](super::monitor) knows.

use super::bug::Bug;
use super::judge::{Finding, Judged, Unjudged, shown};
use super::monitor::{Sent, Stage, Watched};
use super::printed::{self, Quantity, Unit};
use super::transcript::{End, Line, PacketRole, Transcript};
use super::truth::seconds;
use super::verdict::Result as Trial;

/// How far a gap between heartbeats may be from the usual one: of it, and in seconds.
const UNEVEN: (f64, f64) = (0.3, 0.15);

/// How far a printed difference may be from the true one, in seconds.
const DIFFERENCE: f64 = 0.08;

/// A second's length in the units in which programs write the time.
const CLOCKS: [f64; 4] = [1.0, 1e3, 1e6, 1e9];

fn find(judged: &mut Judged, bug: Bug, ping: Option<usize>, printed: String, truth: String) {
    judged.findings.push(Finding {
        bug,
        ping,
        printed,
        truth,
        busy: matches!(bug, Bug::BeatUneven | Bug::BeatTime),
        disturbed: false,
    });
}

/// The first send loads code, while the program's clock runs.
const FIRST: f64 = 0.6;

/// When a heartbeat came, the numbers in it, and its text.
type Beat = (f64, Vec<f64>, String);

/// What a sender of heartbeats sent, on a network without answers.
pub(super) fn sender(seen: &Transcript) -> Judged {
    let mut judged = Judged::default();
    let beats: Vec<Beat> = seen
        .packets
        .iter()
        .filter(|it| matches!(it.what, PacketRole::Request { .. }))
        .map(|it| {
            let text = String::from_utf8_lossy(&it.bytes).trim().to_owned();
            let numbers = printed::numbers_of(&text);
            let values = numbers.iter().map(|it| it.value).collect();
            (seconds(it.at_ns), values, text)
        })
        .collect();
    if let End::NotStarted(_) = seen.end {
        judged.unjudged.push(Unjudged::NotStarted);
    }
    if seen.tcp {
        find(
            &mut judged,
            Bug::Tcp,
            None,
            "TCP".to_owned(),
            "UDP".to_owned(),
        );
    }
    let died = match seen.end {
        End::Exited(code) => code != 0,
        End::Signal(_) | End::Flood | End::Processes => true,
        End::Hung | End::Endless | End::NotStarted(_) => false,
    };
    let last = seen
        .output
        .last()
        .map_or(String::new(), |it| it.text.clone());
    if died && !beats.is_empty() {
        find(
            &mut judged,
            Bug::Crash,
            Some(beats.len()),
            last.clone(),
            String::new(),
        );
    } else if beats.len() == 1 && !died {
        find(&mut judged, Bug::BeatWaits, Some(1), last, String::new());
    }
    if beats.is_empty() {
        judged.unjudged.push(Unjudged::Pings);
    }
    judged.lines = beats.len();
    if let Some(at) = beats.iter().position(|it| it.1.len() < 2) {
        let text = beats.get(at).map_or(String::new(), |it| it.2.clone());
        find(
            &mut judged,
            Bug::Form,
            Some(at + 1),
            text,
            "N TIME".to_owned(),
        );
        return judged;
    }
    rhythm(&mut judged, &beats, seen);
    judged
}

/// Their numbers, times and distances.
fn rhythm(judged: &mut Judged, beats: &[Beat], seen: &Transcript) {
    let [first, .., end] = beats else {
        return;
    };
    let passed = end.0 - first.0;
    let of = |at: usize| beats.iter().filter_map(move |it| it.1.get(at).copied());
    let numbers: Vec<f64> = of(0).collect();
    // The system takes some of those that nobody listens to.
    let follows = |it: &[f64]| is_next(it) || seen.refused && is_later(it);
    if let Some(at) = numbers.windows(2).position(|it| !follows(it)) {
        let printed: Vec<String> = numbers
            .iter()
            .skip(at)
            .take(2)
            .map(f64::to_string)
            .collect();
        find(
            judged,
            Bug::Numbers,
            Some(at + 2),
            printed.join(", "),
            "+1".to_owned(),
        );
    }
    // The last number says the time, in whichever unit, since whenever.
    let times: Vec<f64> = beats.iter().filter_map(|it| it.1.last().copied()).collect();
    let by = times.last().zip(times.first()).map_or(0.0, |(b, a)| b - a);
    let runs = |unit: &f64| (by / unit - passed).abs() < FIRST + 0.05 * passed + seen.most_late();
    // Whole seconds say little of a short while; hours and minutes are no number.
    let dated = beats.iter().any(|it| it.2.contains(':'));
    if passed > 2.0 && !dated && !CLOCKS.iter().any(runs) && (by - passed).abs() > 1.1 {
        find(judged, Bug::BeatTime, None, by.to_string(), shown(passed));
    }
    let gaps: Vec<f64> = beats
        .windows(2)
        .filter_map(|it| Some(it.get(1)?.0 - it.first()?.0))
        .collect();
    let mut sorted = gaps.clone();
    sorted.sort_by(f64::total_cmp);
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let (share, fewest) = UNEVEN;
    let allowed = (usual * share).max(fewest) + 4.0 * seen.most_late();
    let uneven = |(at, gap): (usize, &f64)| {
        let first = if at == 0 { FIRST } else { 0.0 };
        (gap - usual).abs() > allowed + first
    };
    if let Some(at) = gaps.iter().enumerate().position(uneven)
        && gaps.len() > 2
    {
        let gap = gaps.get(at).copied().unwrap_or_default();
        find(
            judged,
            Bug::BeatUneven,
            Some(at + 2),
            shown(gap),
            shown(usual),
        );
    }
}

fn is_later(two: &[f64]) -> bool {
    matches!(two, [one, next] if next > one)
}

fn is_next(two: &[f64]) -> bool {
    matches!(two, [one, next] if (next - one - 1.0).abs() < 0.01)
}

/// What a server printed of the heartbeats that it got.
pub(super) fn server(watched: &Watched) -> Vec<Trial> {
    let silence = trial("silence", watched, silence(watched));
    let gave_up = silence
        .judged
        .findings
        .iter()
        .any(|it| it.bug == Bug::StopEarly);
    let differences = trial("heartbeats", watched, differences(watched));
    // What ended before can say nothing of what follows.
    match watched.died {
        _ if !watched.listened => vec![differences],
        Some(Stage::Beats) if gave_up => vec![silence],
        Some(Stage::Beats) => vec![differences],
        _ => vec![
            differences,
            trial("missing", watched, missing(watched)),
            trial("reordered", watched, reordered(watched)),
            silence,
        ],
    }
}

/// The time between sending and arriving, printed for each.
fn differences(watched: &Watched) -> Judged {
    let mut judged = Judged::default();
    if !watched.listened {
        judged.unjudged.push(Unjudged::Pings);
        return judged;
    }
    if let Some(stage) = watched.died
        && stage != Stage::Silence
    {
        let last = watched
            .output
            .last()
            .map_or(String::new(), |it| it.text.clone());
        find(&mut judged, Bug::ServerDied, None, last, String::new());
        return judged;
    }
    let mut wrong = Vec::new();
    for beat in &watched.beats {
        let said: Vec<Quantity> = watched
            .lines_of(beat)
            .flat_map(|it| printed::numbers_of(&it.text))
            .filter(|it| is_difference(it, beat))
            .collect();
        if said.is_empty() {
            continue;
        }
        judged.lines += 1;
        if !said.iter().any(|it| fits(it, beat.age)) {
            let text = said.last().map_or(String::new(), |it| it.text.clone());
            wrong.push((beat.number, text, shown(beat.age)));
        }
    }
    // One could be something else that it prints.
    if 2 * wrong.len() > judged.lines
        && let Some((number, text, truth)) = wrong.into_iter().next()
    {
        find(&mut judged, Bug::BeatDifference, Some(number), text, truth);
    } else if judged.lines == 0 {
        judged.unjudged.push(Unjudged::Lines);
    }
    judged
}

/// Whether a number could be the difference: not the heartbeat's own number, nor a date or port.
fn is_difference(quantity: &Quantity, beat: &Sent) -> bool {
    let is_whole = quantity.step >= 1.0;
    let is_own = is_whole && quantity.unit.is_none();
    let is_date = quantity.value.abs() > 1e8 && quantity.unit.is_none_or(|it| it == Unit::Seconds);
    let is_number = is_whole && quantity.text == beat.number.to_string();
    !is_own && !is_date && !is_number
}

fn fits(quantity: &Quantity, age: f64) -> bool {
    let units = quantity.unit.map_or(Unit::ALL.to_vec(), |it| vec![it]);
    units.into_iter().any(|unit| {
        let off = quantity.value.abs() * unit.size() - age;
        let step = quantity.step * unit.size();
        off > -0.005 - step && off < DIFFERENCE + step
    })
}

fn is_loss(line: &Line) -> bool {
    printed::says_lost(&line.text) && !printed::says_stopped(&line.text)
}

/// The whole numbers of a line, of heartbeats or how many.
fn counts(line: &Line) -> Vec<usize> {
    let numbers = printed::numbers_of(&line.text);
    let whole = numbers.iter().filter(|it| it.step >= 1.0);
    let digits = whole.filter_map(|it| it.text.split(' ').next());
    let counts = digits.filter_map(|it| it.parse().ok());
    counts.filter(|it| *it < 1000).collect()
}

/// The one that the next one overtook is not said to be lost; or that is taken back once it has
/// come.
fn reordered(watched: &Watched) -> Judged {
    let mut judged = Judged::default();
    let Some(at) = watched.beats.iter().position(|it| it.overtaken) else {
        judged.unjudged.push(Unjudged::Pings);
        return judged;
    };
    let around: Vec<&Sent> = watched.beats.iter().skip(at.saturating_sub(3)).collect();
    let [usual, _, before, late, after, ..] = around.as_slice() else {
        judged.unjudged.push(Unjudged::Pings);
        return judged;
    };
    judged.lines = 1;
    let said = |from: u64, to: u64| {
        let lines = watched.output.iter();
        lines.filter(move |it| it.at_ns >= from && it.at_ns < to)
    };
    // What it prints of each heartbeat, such as how many are lost so far.
    let shape = |it: &Line| it.text.replace(|it: char| it.is_ascii_digit(), "");
    let always = said(usual.at_ns, before.at_ns).filter(|it| is_loss(it));
    let always: Vec<String> = always.map(shape).collect();
    let lost: usize = watched.beats.iter().map(|it| it.missing).sum();
    let is_wrong = |it: &&Line| {
        let more = it.at_ns >= after.at_ns && counts(it).contains(&(lost + 1));
        more || !always.contains(&shape(it))
    };
    let taken_back = said(late.at_ns, watched.silent_ns).any(|it| printed::says_late(&it.text));
    let mut losses = said(before.at_ns, watched.silent_ns).filter(|it| is_loss(it));
    if let Some(line) = losses.find(is_wrong).filter(|_| !taken_back) {
        let number = late.number;
        let printed = line.text.clone();
        find(
            &mut judged,
            Bug::BeatOrder,
            Some(number),
            printed,
            "0".to_owned(),
        );
    }
    judged
}

/// The two that never came are said to be lost, and no other.
fn missing(watched: &Watched) -> Judged {
    let mut judged = Judged::default();
    let Some(first_after) = watched.beats.iter().find(|it| it.missing > 0) else {
        judged.unjudged.push(Unjudged::Pings);
        return judged;
    };
    let started = watched.beats.first().map_or(0, |it| it.at_ns);
    // A server may wait for one that is only late.
    let until = watched.ended_ns.max(watched.silent_ns);
    let said = |from: u64, to: u64| {
        let lines = watched.output.iter();
        lines
            .filter(move |it| it.at_ns >= from && it.at_ns < to)
            .filter(|it| is_loss(it))
    };
    judged.lines = watched.beats.len();
    // None was lost so far, and a line may say so.
    let false_loss = said(started, first_after.at_ns).find(|it| {
        let counts = counts(it);
        !counts.is_empty() && !counts.contains(&0)
    });
    if let Some(line) = false_loss {
        find(
            &mut judged,
            Bug::BeatLoss,
            None,
            line.text.clone(),
            "0".to_owned(),
        );
        return judged;
    }
    let (missing, number) = (first_after.missing, first_after.number);
    let truth = format!("{missing}: {}–{}", number - missing, number - 1);
    // The first line that says a loss is about these, whatever others say of later ones.
    let first = said(first_after.at_ns, until).next();
    if let Some(line) = first {
        let mut counts = counts(line);
        // Where it was seen.
        counts.retain(|it| *it != number);
        let right = |it: &usize| *it == missing || (number - missing..number).contains(it);
        if counts.is_empty() || counts.iter().any(right) {
            return judged;
        }
    }
    let seen = first.map(|it| it.text.clone());
    find(
        &mut judged,
        Bug::BeatLoss,
        Some(number),
        seen.unwrap_or_default(),
        truth,
    );
    judged
}

/// It says that the sender has stopped once that is silent, and not before.
fn silence(watched: &Watched) -> Judged {
    let mut judged = Judged::default();
    let Some(first) = watched.beats.first() else {
        judged.unjudged.push(Unjudged::Pings);
        return judged;
    };
    judged.lines = 1;
    let early = watched.output.iter().find(|it| {
        let before = it.at_ns >= first.at_ns && it.at_ns < watched.silent_ns;
        before && printed::says_stopped(&it.text) && !printed::is_of_beat(&it.text)
    });
    let late = watched
        .output
        .iter()
        .find(|it| it.at_ns >= watched.silent_ns && printed::says_stopped(&it.text));
    if let Some(line) = early {
        find(
            &mut judged,
            Bug::StopEarly,
            None,
            line.text.clone(),
            String::new(),
        );
    } else if late.is_none() {
        let silent = seconds(watched.ended_ns.saturating_sub(watched.silent_ns));
        find(
            &mut judged,
            Bug::StopUnsaid,
            None,
            String::new(),
            shown(silent),
        );
    }
    judged
}

fn trial(scenario: &'static str, watched: &Watched, judged: Judged) -> Trial {
    Trial {
        scenario,
        judged,
        seen: Transcript {
            packets: Vec::new(),
            output: watched.output.clone(),
            end: watched.end.clone(),
            ended_ns: watched.ended_ns,
            late_ns: 0,
            late: Vec::new(),
            outside: false,
            tampered: false,
            tcp: false,
            unseen: false,
            refused: false,
            open: watched.open.clone(),
        },
    }
}
