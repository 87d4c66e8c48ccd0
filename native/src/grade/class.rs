//! A class: every submission of a folder, several at a time if so asked, and a table of them all.
//!
//! Owns what is written where, that a run that was broken off goes on, and which submissions
//! are equal. What is wrong with each is the judge's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::ExitStatus;
use crate::cli::GradeArgs;
use crate::i18n::{Message, chain, say};

use super::{client, confine, formats, journal, page, show};

/// Grades a class.
pub(super) fn run(args: &GradeArgs) -> anyhow::Result<ExitStatus> {
    let folders = args.submissions.as_ref().zip(args.output.as_ref());
    let (from, to) = folders.context(say::GRADE_NO_CLASS)?;
    fs::create_dir_all(to).with_context(|| no_report(to))?;
    let mut submissions = Vec::new();
    for entry in fs::read_dir(from).context(say::GRADE_NO_CLASS)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with(".git") {
            submissions.push(path);
        }
    }
    submissions.sort();
    let mut rows = Vec::new();
    let mut equal: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in &submissions {
        equal.entry(content(path)).or_default().push(name(path));
    }
    // Without a network of its own each would have the port of the other.
    let at_once = if confine::isolates() { args.jobs } else { 1 };
    let next = AtomicUsize::new(0);
    let (done, all) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..at_once.max(1) {
            let (done, next, submissions) = (done.clone(), &next, &submissions);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = submissions.get(index) else {
                        return;
                    };
                    // Nobody listens any more once one could not be written.
                    if done.send((index, kept(args, path, to))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let mut early = BTreeMap::new();
        for (index, path) in submissions.iter().enumerate() {
            // In the order of their names, whichever is ready first.
            while !early.contains_key(&index)
                && let Ok((index, said)) = all.recv()
            {
                early.insert(index, said);
            }
            let said = early.remove(&index).context(say::GRADE_NO_TRIAL)??;
            let own = name(path);
            let others = equal.get(&content(path)).into_iter().flatten();
            let others: Vec<&str> = others
                .filter(|it| **it != own)
                .map(String::as_str)
                .collect();
            let cells = cells(&own, &said, &others.join(" "));
            show::print(&(crate::visible(&line(&cells)) + "\n"))?;
            rows.push(cells);
        }
        drop(all);
        anyhow::Ok(())
    })?;
    let page = page::class(TITLES, &rows);
    for (name, text) in [("class.csv", csv(&rows)), ("class.html", page)] {
        let file = to.join(name);
        fs::write(&file, text).with_context(|| no_report(&file))?;
    }
    Ok(ExitStatus::Success)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// What is said of a submission: of a run before, or of this one, which is kept.
fn kept(args: &GradeArgs, path: &Path, to: &Path) -> anyhow::Result<Value> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = to.join(format!("{name}.json"));
    if let Ok(bytes) = fs::read(&file) {
        return serde_json::from_slice(&bytes).context(say::GRADE_NO_TRIAL);
    }
    let said = one(args, path, &to.join(&*name));
    // Whole or not at all: a part would look like a result.
    let part = to.join(format!("{name}.part"));
    fs::write(&part, format!("{said:#}\n")).with_context(|| no_report(&part))?;
    fs::rename(&part, &file).with_context(|| no_report(&file))?;
    Ok(said)
}

/// The bugs that are named, those that count or those that do not.
fn named(said: &Value, counts: bool) -> String {
    let verdicts = said["verdicts"].as_array().into_iter().flatten();
    let bugs = verdicts.filter(|it| it["counts"] == counts);
    let bugs: BTreeSet<&str> = bugs.filter_map(|it| it["bug"].as_str()).collect();
    bugs.into_iter().collect::<Vec<&str>>().join(" ")
}

/// The columns of a class, as programs call them.
const COLUMNS: [&str; 9] = [
    "submission",
    "passed",
    "score",
    "max_score",
    "bugs",
    "advice",
    "not_judged",
    "equal_to",
    "error",
];

/// The same for people.
const TITLES: [Message; COLUMNS.len()] = [
    say::GRADE_SUBMISSION,
    say::GRADE_RESULT,
    say::GRADE_POINTS,
    say::GRADE_MOST_POINTS,
    say::GRADE_FOUND,
    say::GRADE_ADVISED,
    say::GRADE_SCENARIOS_UNJUDGED,
    say::GRADE_EQUAL_TO,
    say::GRADE_ERROR,
];

type Cells = [String; COLUMNS.len()];

/// What stands in a submission's row.
fn cells(name: &str, said: &Value, equal: &str) -> Cells {
    let scenarios = said["scenarios"].as_array().into_iter().flatten();
    let unjudged = |it: &&Value| it["unjudged"].as_array().is_some_and(|it| !it.is_empty());
    let unjudged = scenarios.filter(unjudged).count();
    let passed = match said["passed"].as_bool() {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unjudged",
    };
    let error = said["error"].as_str().unwrap_or_default();
    let [score, most] = ["score", "max_score"].map(|it| points(&said[it]));
    [
        name.to_owned(),
        passed.to_owned(),
        score,
        most,
        named(said, true),
        named(said, false),
        unjudged.to_string(),
        equal.to_owned(),
        error.to_owned(),
    ]
}

/// The rows as values between commas (RFC 4180).
fn csv(rows: &[Cells]) -> String {
    let titles = COLUMNS.map(str::to_owned);
    let lines = [&titles].into_iter().chain(rows);
    let lines = lines.map(|it| it.each_ref().map(|it| cell(it)).join(",") + "\n");
    lines.collect()
}

/// A row on the screen.
fn line([name, passed, score, most, bugs, advice, _, equal, error]: &Cells) -> String {
    let of = if score.is_empty() {
        String::new()
    } else {
        format!("{score}/{most}")
    };
    let mut line = format!("{name:24} {passed:9} {of:>7} {bugs}{error}");
    let other = equal.clone();
    let notes = [say::GradeEqual { other }.to_string(), advice.clone()];
    for (note, of) in notes.into_iter().zip([equal, advice]) {
        if !of.is_empty() {
            line.extend(["  (", &note, ")"]);
        }
    }
    line
}

/// A submission's verdicts; what kept it from being judged is one of them.
///
/// Its page is `to` with an ending, its journals are in a folder of that name.
fn one(args: &GradeArgs, folder: &Path, to: &Path) -> Value {
    let graded = command(args, folder).and_then(|(build, words)| {
        let report = client(args, folder, &words, build.as_deref())?;
        let assignment = super::assignment(args)?;
        journal::write(&assignment, &report.command, &report.results, to)?;
        let html = beside(to, "html");
        let page = page::page(&report, &assignment);
        fs::write(&html, page).with_context(|| no_report(&html))?;
        Ok(formats::object(&report, &assignment))
    });
    graded.unwrap_or_else(|error| json!({"passed": null, "verdicts": [], "error": chain(&error)}))
}

/// A file of this name with an ending; a name may have dots in it.
fn beside(name: &Path, ending: &str) -> PathBuf {
    let mut name = name.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// A number of points as people write it; nothing where there is none.
fn points(points: &Value) -> String {
    points.as_f64().map_or(String::new(), |it| it.to_string())
}

fn no_report(path: &Path) -> String {
    let path = path.display().to_string();
    say::GradeNoReport { path }.to_string()
}

/// What compiles a submission, if anything, and what runs it: as the arguments say, or as its
/// files tell.
fn command(args: &GradeArgs, folder: &Path) -> anyhow::Result<(Option<String>, Vec<String>)> {
    if !args.program.is_empty() {
        return Ok((args.build.clone(), args.program.clone()));
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    let main = |ending: &str| {
        let of_it = names.iter().filter(|it| it.ends_with(ending));
        let of_it: Vec<&String> = of_it.collect();
        let client = of_it.iter().find(|it| it.to_lowercase().contains("client"));
        let only = of_it.first().filter(|_| of_it.len() == 1);
        client.or(only).map(|it| (*it).clone())
    };
    let arguments = |words: &[&str]| {
        let words = words.iter().chain(&["{host}", "{port}"]);
        words.map(|it| (*it).to_owned()).collect::<Vec<String>>()
    };
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    for (ending, build, run) in [
        (".py", None, &["python3", "{file}"] as &[&str]),
        (".java", Some("javac *.java"), &["java", "{stem}"]),
        (
            ".c",
            Some("cc -o udping-main '{file}' -lm -lpthread"),
            &["./udping-main"],
        ),
        (
            ".go",
            Some("go build -o udping-main '{file}'"),
            &["./udping-main"],
        ),
        (".mjs", None, &["node", "{file}"]),
        (".js", None, &["node", "{file}"]),
        (
            ".cpp",
            Some("c++ -o udping-main '{file}' -lpthread"),
            &["./udping-main"],
        ),
        (".rb", None, &["ruby", "{file}"]),
        (".php", None, &["php", "{file}"]),
        (".pl", None, &["perl", "{file}"]),
        (".sh", None, &["bash", "{file}"]),
    ] {
        if let Some(name) = main(ending) {
            let fill = |it: &str| it.replace("{file}", &name).replace("{stem}", &stem(&name));
            let words: Vec<String> = run.iter().map(|it| fill(it)).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            return Ok((build.map(fill), arguments(&words)));
        }
    }
    anyhow::bail!(say::GRADE_NO_MAIN)
}

/// What a submission says, without spaces and the names of its files.
fn content(folder: &Path) -> String {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        texts.push(text.split_whitespace().collect::<String>());
    }
    texts.sort();
    texts.concat()
}

/// A cell of such a row.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
