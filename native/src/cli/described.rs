//! The flags that describe a client's wire.

use std::path::PathBuf;

use clap::Args;
use udping_journal::Description;

use crate::description;
use crate::headings::PROBES;

#[derive(Debug, Args)]
#[command(next_help_heading = PROBES)]
pub(crate) struct DescribedArgs {
    /// Send requests as this template says.
    ///
    /// As 'ping {seq} {time:ms}': see `udping wires`. [default with --expect: the
    /// textbook's]
    #[arg(long, hide_short_help = true, value_name = "TEMPLATE", conflicts_with_all = ["wire", "wire_file"])]
    request: Option<String>,
    /// Take what this template reads for a reply.
    ///
    /// Up to four, tried in their order. [default with --request: the request, in either
    /// case]
    #[arg(long, hide_short_help = true, value_name = "TEMPLATE", conflicts_with_all = ["wire", "wire_file"])]
    expect: Vec<String>,
    /// Speak the wire that FILE describes.
    ///
    /// TOML: `request`, a list `expect`, and for a server `answer`.
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FILE",
        conflicts_with = "wire"
    )]
    wire_file: Option<PathBuf>,
}

impl DescribedArgs {
    /// The wire that they describe, if they describe one.
    pub(crate) fn description(&self) -> anyhow::Result<Option<Description>> {
        if let Some(path) = &self.wire_file {
            return description::of_file(path).map(Some);
        }
        let any = self.request.is_some() || !self.expect.is_empty();
        Ok(any.then(|| description::of_templates(self.request.as_deref(), &self.expect)))
    }
}
