//! `udping view`: the browser lab, served from the command itself.
//!
//! Owns which journal the page opens, and when the command ends. Who is served what, the files
//! below say. Knows nothing of what the page does with it.

#[cfg(target_os = "linux")]
mod fleet;
mod follow;
mod live;
mod live_lab;
mod server;

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::time::Duration;

use anyhow::Context as _;

use crate::ExitStatus;
use crate::charset::TextWriter;
use crate::cli::ViewArgs;
use crate::i18n::say;
use crate::signals::Signals;
use crate::warn;
#[cfg(target_os = "linux")]
pub(crate) use fleet::{FleetLab, Targets};
use live::Live;
pub(crate) use live_lab::LiveLab;
use server::Server;

/// How often it is looked whether a signal has come.
const LOOK: Duration = Duration::from_millis(50);

pub(crate) fn run(args: &ViewArgs) -> anyhow::Result<ExitStatus> {
    for file in args.file.iter().chain(&args.follow) {
        // Said now, and not by the page.
        let name = file.display().to_string();
        let found = std::fs::metadata(file)
            .with_context(|| say::ReplayCannotOpen { name: name.clone() })?;
        anyhow::ensure!(!found.is_dir(), say::ViewIsFolder { name });
    }
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let live = args.follow.as_deref().map(Live::file).transpose()?;
    let server = Server::listen(args.listen, args.port, args.file.clone(), args.at, live)?;
    let url = server.url();
    announce(&url, args.listen).context(say::STDOUT_FAILED)?;
    let server = server.start()?;
    if !args.no_open {
        open_browser(&url);
    }
    while !signals.stopped() {
        server.check()?;
        std::thread::sleep(LOOK);
    }
    Ok(ExitStatus::Success)
}

/// Says where the lab is, and who can reach it.
fn announce(url: &str, listen: Option<IpAddr>) -> io::Result<()> {
    let mut out = TextWriter(io::stdout());
    writeln!(out, "{}", say::ViewAddress { url })?;
    match listen.filter(|ip| !ip.is_loopback()) {
        None => writeln!(out, "{}", say::VIEW_ENDING)?,
        Some(ip) => writeln!(out, "{}", say::ViewListens { ip })?,
    }
    out.flush()
}

fn open_browser(url: &str) {
    if let Err(error) = open::that_detached(url) {
        warn(&format!("udping: {}", say::ViewNoBrowser { error }));
    }
}
