//! The browser lab's page, from source to dist/.
//!
//! Owns calling Trunk, which makes the page, and what a release takes beside it: compressed
//! copies for servers that send what they find, and the weighing. Knows nothing of what
//! the page shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run;
use crate::tools::{self, Tool};
use anyhow::{Context as _, Result, ensure};

/// All that building the page takes.
pub(crate) const NEEDS: [Tool; 2] = [Tool::WasmTarget, Tool::Bundler];

/// What the page may weigh, in bytes: all of its files, each as brotli compresses it. The
/// program, every language and every lesson are among them. On 10 Mbit/s that is 0.5 s.
const BUDGET: u64 = 675_000;

/// Builds the page as it is released.
pub(crate) fn build() -> Result<()> {
    tools::ensure(&NEEDS)?;
    let mut trunk = Command::new(tools::path("bin/trunk"));
    trunk
        .args(["build", "--offline"])
        .env("PATH", tools::search_path()?);
    // Trunk takes this for a flag of its own, and refuses the values that everybody else uses.
    run::run(trunk.env_remove("NO_COLOR"))?;
    let mut files = files_below(&dist())?;
    files.sort();
    let mut node = Command::new("node");
    node.arg(crate::root().join("xtask/compress.mjs"));
    run::run(node.arg(dist()))?;
    weigh(&files)
}

/// Whether a page was ever built; the command cannot be compiled with the lab inside without one.
pub(crate) fn is_built() -> bool {
    dist().join("index.html").is_file()
}

/// Builds it, if none was ever built.
pub(crate) fn ensure() -> Result<()> {
    if is_built() { Ok(()) } else { build() }
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

/// Says what each of the files weighs, and whether that is too much.
fn weigh(files: &[PathBuf]) -> Result<()> {
    let length = |path: &Path| -> Result<u64> {
        let found = fs::metadata(path).with_context(|| format!("weighing {}", path.display()))?;
        Ok(found.len())
    };
    println!("{:>10} {:>10}", "bytes", "brotli");
    let mut total = (0, 0);
    for file in files {
        let mut compressed = file.clone().into_os_string();
        compressed.push(".br");
        let (bytes, compressed) = (length(file)?, length(Path::new(&compressed))?);
        let name = file.strip_prefix(dist()).unwrap_or(file).display();
        println!("{bytes:>10} {compressed:>10}  {name}");
        total = (total.0 + bytes, total.1 + compressed);
    }
    let (bytes, compressed) = total;
    println!("{bytes:>10} {compressed:>10}  in all; budget {BUDGET}");
    ensure!(
        compressed <= BUDGET,
        "the page weighs {compressed} bytes compressed, which is over its budget of {BUDGET}"
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
