//! `udping view` in a command that was built without the page.

use crate::Verdict;
use crate::cli::ViewArgs;

pub(crate) fn run(args: &ViewArgs) -> anyhow::Result<Verdict> {
    let file = args
        .file
        .as_ref()
        .map_or_else(String::new, |file| format!(" {}", file.display()));
    anyhow::bail!(
        "this udping was built without the browser lab; in a checkout, `cargo xtask view{file}` builds the page, \
         puts it into the command and opens it"
    )
}
