//! The examples at the end of each command's help, and of its page of the manual. A test
//! reads each of them as a command line.

pub(super) const PING: &str = "\
Examples:
  udping demo                  see it work, on this machine alone
  udping serve                 answer probes, on port 12000
  udping HOST -c 100 -i 10ms   a hundred probes, one every 10 ms
  udping HOST --tui            watch the network until you press q
  udping HOST --journal FILE   record it, for udping replay FILE";

pub(super) const SERVE: &str = "\
Examples:
  udping serve --loss 20%,0% --delay 50ms   lose requests, delay replies
  udping serve --bind 0.0.0.0 --allow 192.0.2.0/24
  udping serve --wire stamp --bind 0.0.0.0  reflect STAMP, on port 862";

pub(super) const COMPARE: &str = "\
Examples:
  udping serve --tcp --loss 20%   in one terminal
  udping compare 127.0.0.1        in another
  udping path --delay 50ms,50ms -- udping compare {host}";

pub(super) const PATH: &str = "\
Examples:
  udping path --delay 50ms,50ms -- udping compare {host}
  udping path --loss 10%,10% --seed 1 -- udping {host} -c 20
  udping path --server 'python3 server.py' -- python3 client.py {host}";

pub(super) const HEARTBEAT: &str = "\
Examples:
  udping serve --heartbeat           in one terminal
  udping heartbeat 127.0.0.1 -i 1s   in another";

pub(super) const MONITOR: &str = "\
Examples:
  udping monitor fleet.toml
  udping monitor fleet.toml --check
  udping monitor -i 200ms 192.0.2.1 192.0.2.2:862";

pub(super) const GRADE: &str = "\
Examples:
  udping grade client -- python3 client.py {host} {port}
  udping grade client --build 'javac *.java' -- java Client {host} {port}
  udping grade client --only late -- ./client
  udping grade server --port 12000 -- python3 server.py
  udping grade class submissions -o results";

pub(super) const REPLAY: &str = "\
Examples:
  udping replay FILE            make its decisions again, and compare
  udping replay FILE -W 200ms   what another timeout would have meant";

pub(super) const MERGE: &str = "\
Examples:
  udping serve --journal SERVER       in one terminal
  udping HOST --journal CLIENT        in another
  udping merge CLIENT SERVER -o BOTH  then, with both journals";

pub(super) const SIMULATE: &str = "\
Examples:
  udping simulate --loss 10% --delay 20ms --seed 7
  udping simulate -c 1000 -i 10ms --jitter 5ms -q
  udping simulate --loss 30% --script-out FILE   for udping serve --script";

pub(super) const WIRES: &str = "\
Examples:
  udping wires
  udping wires --check 'ping {seq} {time:ms}' 'ping 3 1700000000123'
  udping wires --hex --check '{len:u16be}PING {seq}' 000650494e472033";

pub(super) const COMPLETIONS: &str = "\
Examples:
  source <(udping completions bash)
  udping completions zsh > ~/.zfunc/_udping
  udping completions fish > ~/.config/fish/completions/udping.fish
  udping completions powershell >> $PROFILE";

pub(super) const MAN: &str = "\
Examples:
  udping man | man -l -
  udping man serve | man -l -
  udping man --out ~/.local/share/man/man1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser as _;

    #[test]
    fn every_example_is_a_command_line() {
        let mut lines = 0;
        for text in [
            PING,
            SERVE,
            COMPARE,
            PATH,
            HEARTBEAT,
            MONITOR,
            REPLAY,
            MERGE,
            SIMULATE,
            COMPLETIONS,
            MAN,
        ] {
            for line in text.lines().filter_map(|line| line.strip_prefix("  ")) {
                // What it is for comes after three spaces, or two where the column is short.
                let command = line.trim_start_matches("source <(");
                let command = command.split("  ").next().unwrap_or(line);
                // The rest is the shell's.
                let command = command
                    .split([')', '|', '>'])
                    .next()
                    .unwrap_or(command)
                    .trim();
                let parsed = Cli::try_parse_from(command.split(' '));
                assert!(parsed.is_ok(), "{command}: {parsed:?}");
                lines += 1;
            }
        }
        assert!(lines > 10, "{lines}");
    }
}
