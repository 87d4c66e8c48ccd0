//! The recipes of the journal's page, run as they stand there: by jq, `DuckDB` and pandas. What
//! they count is what the summary says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::journal::records;
use crate::support::{Ended, Reflector, Scratch, python_with_packages, run, udping_with};

/// The blocks of code below this heading of a page, each with its language.
fn recipes(page: &str, heading: &str) -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(page);
    let text = fs::read_to_string(path).unwrap();
    let (_, section) = text.split_once(&format!("\n{heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("\n```").collect::<Vec<_>>();
    let block = |pair: &[&str]| {
        let (language, code) = pair[1].split_once('\n').unwrap();
        (language.to_owned(), code.to_owned())
    };
    blocks.chunks_exact(2).map(block).collect()
}

/// What `DuckDB` says to a query, row by row.
const DUCKDB: &str = "
import duckdb, json, sys
found = duckdb.execute(sys.argv[1])
names = [column[0] for column in found.description]
for row in found.fetchall():
    print(json.dumps(dict(zip(names, row))))
";

/// A journal's figures by second, and altogether.
struct Counted {
    by_second: BTreeMap<u64, [u64; 3]>,
    /// `sent`, `replied`, `lost`, `late`, `min_ns`, `mean_ns`, `max_ns`.
    figures: Value,
}

/// What the summary says, and the records one by one.
fn counted(journal: &[Value]) -> Counted {
    let summary = &journal.last().unwrap()["summary"];
    let rtt = &summary["decided_rtt"];
    let mut by_second = BTreeMap::<u64, [u64; 3]>::new();
    for record in &journal[1..] {
        let at = record["at_ns"].as_u64().unwrap();
        let second = by_second.entry(at / 1_000_000_000).or_default();
        for (count, key) in second.iter_mut().zip(["sent", "lost", "rtt_ns"]) {
            *count += u64::from(record.get(key).is_some());
        }
    }
    Counted {
        by_second,
        figures: json!({
            "sent": summary["sent"], "replied": summary["replied"], "lost": summary["lost"],
            "late": summary["late"], "min_ns": rtt["min_ns"], "mean_ns": rtt["mean_ns"],
            "max_ns": rtt["max_ns"],
        }),
    }
}

/// Whether the figures are these, the mean to the nanosecond.
fn assert_figures(found: &Value, wanted: &Value) {
    for (key, wanted) in wanted.as_object().unwrap() {
        let [found, wanted] = [&found[key], wanted].map(|it| it.as_f64().unwrap());
        assert!((found - wanted).abs() <= 1.0, "{key}: {found}, {wanted}");
    }
}

/// Whether pandas printed these.
fn assert_pandas(ended: &Ended, counted: &Counted) {
    // Seconds, counts by column, and last the figures, as pandas prints them.
    let row = |name: &str| {
        let mut rows = ended.stdout.lines().map(str::split_whitespace);
        let row = rows.find_map(|mut row| (row.next()? == name).then(|| row.next()));
        row.flatten().map(|it| it.parse::<f64>().unwrap())
    };
    for (second, [_, lost, _]) in &counted.by_second {
        let found = row(&format!("{second}.0")).or_else(|| row(&second.to_string()));
        assert_eq!(
            found,
            Some(f64::from(u32::try_from(*lost).unwrap())),
            "{ended:?}"
        );
    }
    for (name, key) in [
        ("sent", "sent"),
        ("lost", "lost"),
        ("rtt_ns", "replied"),
        ("late_ns", "late"),
    ] {
        assert_eq!(
            row(name),
            counted.figures[key].as_f64(),
            "{name}: {ended:?}"
        );
    }
    let tail = ended.stdout.lines().last().unwrap().split(' ');
    let tail: Vec<f64> = tail.map(|it| it.parse().unwrap()).collect();
    for (found, key) in tail.iter().zip(["min_ns", "mean_ns", "max_ns"]) {
        let wanted = counted.figures[key].as_f64().unwrap();
        assert!((found - wanted).abs() <= 1.0, "{key}: {ended:?}");
    }
}

#[test]
fn each_gives_the_figures_of_the_summary() {
    let all = recipes("journal.md", "## Recipes");
    assert_eq!(all, recipes("journal.pt-BR.md", "## Receitas"));
    let [rtts, seconds, figures, sql_seconds, sql_figures, pandas] = all.as_slice() else {
        panic!("{all:#?}");
    };
    let folder = Scratch::folder();
    let file = folder.path().join("udping-demo.jsonl");
    let server = Reflector::start("--loss 20% --delay 5ms --jitter 5ms --seed 3");
    let target = server.address().to_string();
    let simulated = "simulate -c 200 -i 20ms -W 60ms --seed 5 --loss 15% --delay 20ms --jitter 20ms \
                     --reorder 10%";
    let real = format!("-c 150 -i 10ms -W 50ms {target}");
    for arguments in [simulated, &real] {
        let command = format!("{arguments} -q --overwrite --journal");
        let ended = run(udping_with(&command).arg(&file));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let journal = records(&fs::read_to_string(&file).unwrap());
        let counted = counted(&journal);
        assert!(counted.by_second.len() > 1, "one second shows nothing");

        let lines = |command: &mut Command| -> Vec<Value> {
            let ended = run(command.current_dir(folder.path()));
            assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{ended:?}");
            let lines = ended.stdout.lines();
            lines
                .map(|line| serde_json::from_str(line).unwrap())
                .collect()
        };
        let jq = |code: &(String, String)| {
            assert!(["sh", "bash"].contains(&&*code.0), "{code:?}");
            lines(Command::new("sh").args(["-c", &code.1]))
        };
        let found = jq(rtts);
        let replied = journal.iter().filter(|it| it.get("rtt_ns").is_some());
        let wanted: Vec<_> = replied
            .map(|it| {
                let seq = it.get("seq").unwrap_or(&it["reply"]);
                let rtt = it["rtt_ns"].as_f64().unwrap() / 1e6;
                (seq.as_u64(), rtt)
            })
            .collect();
        assert_eq!(found.len(), wanted.len());
        for (found, (seq, rtt)) in found.iter().zip(wanted) {
            assert_eq!(found[0].as_u64(), seq);
            assert!((found[1].as_f64().unwrap() - rtt).abs() < 1e-6, "{found}");
        }
        let lost = counted.by_second.iter().filter(|(_, it)| it[1] > 0);
        let lost: Vec<_> = lost
            .map(|(second, it)| json!({"second": second, "lost": it[1]}))
            .collect();
        assert_eq!(jq(seconds), lost);
        assert_figures(&jq(figures)[0], &counted.figures);

        let Some(mut python) = python_with_packages() else {
            return;
        };
        let duckdb = |code: &(String, String)| {
            assert_eq!(code.0, "sql");
            let mut python = python_with_packages().unwrap();
            lines(python.args(["-c", DUCKDB, &code.1]))
        };
        let by_second: Vec<[u64; 4]> = duckdb(sql_seconds)
            .iter()
            .map(|row| ["second", "sent", "lost", "replied"].map(|key| row[key].as_u64().unwrap()))
            .collect();
        let wanted: Vec<[u64; 4]> = counted
            .by_second
            .iter()
            .map(|(second, [sent, lost, replied])| [*second, *sent, *lost, *replied])
            .collect();
        assert_eq!(by_second, wanted);
        assert_figures(&duckdb(sql_figures)[0], &counted.figures);

        assert_eq!(pandas.0, "python");
        let ended = run(python.args(["-c", &pandas.1]).current_dir(folder.path()));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_pandas(&ended, &counted);
    }
}
