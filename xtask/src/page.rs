//! The browser lab's page, from source to dist/.
//!
//! Owns calling Trunk and what it leaves undone: the content security policy
//! in the page itself, for copies that no server of ours delivers, and the
//! weighing. Knows nothing of what the page shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run;
use crate::tools::{self, Tool};
use anyhow::{Context as _, Result, ensure};

/// All that building the page takes.
pub(crate) const NEEDS: [Tool; 2] = [Tool::WasmTarget, Tool::Bundler];

/// What opening the page may transfer, in bytes, compressed as a server sends it.
const BUDGET: u64 = 300_000;

/// What comes with the Learn room only.
const LEARN: [&str; 4] = ["lessons/", "locales/learn.", "learn.css", LEARN_PROGRAM];

/// The page's program, and the part of it that is cut off for the Learn room.
const PROGRAM: &str = "udping-web_bg.wasm";
const LEARN_PROGRAM: &str = "udping-learn.wasm";

/// How wasm-opt makes a program small as it is sent: what folds equal code into one place,
/// or copies it to where it is called, only gets in the way of the compression.
const OPTIMIZE: [&str; 8] = [
    "-Os",
    "--converge",
    "--skip-pass=code-folding",
    "--skip-pass=local-cse",
    "--skip-pass=merge-blocks",
    "--one-caller-inline-max-function-size=0",
    "--always-inline-max-function-size=0",
    "--flexible-inline-max-function-size=0",
];

/// Builds the page as it is released.
pub(crate) fn build() -> Result<()> {
    tools::ensure(&NEEDS)?;
    let mut trunk = Command::new(tools::path("bin/trunk"));
    trunk
        .args(["build", "--release", "--offline"])
        .env("PATH", tools::search_path()?);
    // Trunk takes this for a flag of its own, and refuses the values that everybody else uses.
    run::run(trunk.env_remove("NO_COLOR"))?;
    add_policy(&dist().join("index.html"))?;
    divide()?;
    weigh()
}

/// Whether a page was ever built; the command cannot be compiled with the lab inside without one.
pub(crate) fn is_built() -> bool {
    dist().join("index.html").is_file()
}

/// Builds the page into the command and opens it.
pub(crate) fn view(journal: Option<&Path>) -> Result<()> {
    build()?;
    let mut command = run::cargo([
        "run",
        "--release",
        "--package",
        "udping",
        "--features",
        "lab",
        "--",
        "view",
    ]);
    run::run(command.args(journal))
}

/// Takes the README's pictures, of the page as it is released and a session that happened.
pub(crate) fn screenshots() -> Result<()> {
    tools::ensure(&[Tool::Playwright])?;
    build()?;
    let folder = crate::root().join("target/screenshots");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let manifest = crate::root().join("Cargo.toml");
    let mut demo = run::cargo(["run", "--release", "--package", "udping", "--manifest-path"]);
    demo.arg(manifest).args(["--", "demo"]);
    run::run(demo.current_dir(&folder))?;
    let mut node = Command::new("node");
    node.arg(crate::root().join("xtask/screenshots.mjs"))
        .arg(crate::root().join("web/screenshots"))
        .arg(folder.join("udping-demo.jsonl"));
    run::run(&mut node)
}

fn dist() -> PathBuf {
    crate::root().join("dist")
}

fn add_policy(index: &Path) -> Result<()> {
    const CHARSET: &str = r#"<meta charset="utf-8">"#;
    let policy = fs::read_to_string("web/csp.txt").context("reading web/csp.txt")?;
    let policy = policy.trim();
    ensure!(
        !policy.contains('"'),
        "web/csp.txt holds a double quote, which would end the attribute"
    );
    let page = fs::read_to_string(index).with_context(|| format!("reading {}", index.display()))?;
    ensure!(
        page.matches(CHARSET).count() == 1,
        "index.html must say {CHARSET} once: the policy goes behind it"
    );
    let tag = format!(r#"{CHARSET}<meta http-equiv="Content-Security-Policy" content="{policy}">"#);
    fs::write(index, page.replace(CHARSET, &tag))
        .with_context(|| format!("writing {}", index.display()))
}

/// Cuts the Learn room off the program, and makes both parts small.
fn divide() -> Result<()> {
    let (program, room) = (dist().join(PROGRAM), dist().join(LEARN_PROGRAM));
    let mut node = Command::new("node");
    node.arg(crate::root().join("xtask/apart.mjs"))
        .arg(tools::path("node_modules/binaryen/index.js"));
    run::run(node.arg(&program).arg(&program).arg(&room))?;
    for part in [program, room] {
        let mut optimize = Command::new(tools::path("node_modules/.bin/wasm-opt"));
        run::run(
            optimize
                .args(OPTIMIZE)
                .arg(&part)
                .arg("--output")
                .arg(&part),
        )?;
    }
    Ok(())
}

/// Puts compressed copies beside the files, for servers that send what they find, and
/// weighs what a browser downloads.
fn weigh() -> Result<()> {
    let mut files = files_below(&dist())?;
    files.sort();
    let mut node = Command::new("node");
    run::run(
        node.arg(crate::root().join("xtask/compress.mjs"))
            .arg(dist()),
    )?;
    println!("{:>10} {:>10}", "bytes", "brotli");
    let mut opening = 0;
    let mut words = 0;
    let mut learn = 0;
    let mut total = 0;
    for file in files {
        let length = |path: &Path| -> Result<u64> {
            let found =
                fs::metadata(path).with_context(|| format!("weighing {}", path.display()))?;
            Ok(found.len())
        };
        let mut compressed = file.clone().into_os_string();
        compressed.push(".br");
        let (bytes, compressed) = (length(&file)?, length(Path::new(&compressed))?);
        let name = file
            .strip_prefix(dist())
            .unwrap_or(&file)
            .display()
            .to_string();
        println!("{bytes:>10} {compressed:>10}  {name}");
        total += compressed;
        if LEARN.iter().any(|start| name.starts_with(start)) {
            learn += compressed;
        } else if name.starts_with("locales/") {
            // One language is fetched; the heaviest counts.
            words = words.max(compressed);
        } else {
            opening += compressed;
        }
    }
    opening += words;
    println!(
        "{:>10} {opening:>10}  to open the page, in one language; budget {BUDGET}",
        ""
    );
    println!("{:>10} {learn:>10}  more for the Learn room, in both", "");
    println!("{:>10} {total:>10}  in all", "");
    ensure!(
        opening <= BUDGET,
        "opening the page transfers {opening} bytes compressed, which is over its budget of {BUDGET}"
    );
    Ok(())
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
