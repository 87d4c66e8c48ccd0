//! `udping path`: the system's own TCP, UDP and ICMP on a path with impairments, what is left
//! of it afterwards, and what is said where the system does not permit it.
//!
//! Times have hard lower bounds, which no machine undercuts, and generous upper ones.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use support::{Ended, Running, Scratch, run, skipped, udping, without_a_path};

/// `udping path` with these flags, running this.
fn path(flags: &str, words: &[&str]) -> Command {
    let mut command = udping();
    command.arg("path").args(flags.split_whitespace());
    command.arg("--").args(words);
    command
}

/// The same with a script of the shell.
fn script(flags: &str, text: &str) -> Command {
    path(flags, &["sh", "-c", text])
}

/// Runs a comparison on such a path, and gives the records of its journal.
fn compared(flags: &str, arguments: &str) -> (Ended, Vec<Value>) {
    let file = Scratch::new();
    let journal = file.path().to_str().unwrap();
    let mut words = vec!["udping", "compare", "{host}", "--journal", journal];
    words.extend(arguments.split_whitespace());
    let ended = run(&mut path(flags, &words));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let text = file.text();
    let records = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (ended, records.collect())
}

/// The times of the answers that came one way, in milliseconds, shortest first.
fn times(records: &[Value], via: &str) -> Vec<u64> {
    let of_this = records.iter().filter(|it| it["via"] == via);
    let times = of_this.filter_map(|it| it["rtt_ns"].as_u64());
    let mut times: Vec<u64> = times.map(|ns| ns / 1_000_000).collect();
    times.sort_unstable();
    times
}

fn median(times: &[u64]) -> u64 {
    times[times.len() / 2]
}

/// The processes whose arguments contain this.
fn processes_with(words: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap();
    let lines = entries.filter_map(|it| fs::read(it.unwrap().path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(words)).collect()
}

#[test]
fn a_new_tcp_connection_costs_two_round_trips() {
    if without_a_path() {
        return;
    }
    let (ended, records) = compared("--delay 50ms,50ms", "-c 5 -W 5s");
    let [udp, new, kept] = ["udp", "tcp_new", "tcp_kept"].map(|via| times(&records, via));
    for times in [&udp, &new, &kept] {
        assert_eq!(times.len(), 5, "{ended:?}");
    }
    assert!(udp[0] >= 100 && median(&udp) < 200, "{udp:?}");
    assert!(new[0] >= 200 && median(&new) < 300, "{new:?}");
    assert!(kept[0] >= 100 && median(&kept) < 200, "{kept:?}");
    // The first one over the kept connection opened it.
    assert!(*kept.last().unwrap() >= 200, "{kept:?}");
    assert!(ended.stderr.contains("lost 0; back: "), "{ended:?}");
}

/// A client over TCP that prints how many milliseconds each of its steps took: connecting, and
/// two requests.
const CLIENT: &str = "
import socket, time
start = time.monotonic()
def step():
    global start
    print(int((time.monotonic() - start) * 1000))
    start = time.monotonic()
link = socket.create_connection(('10.0.0.2', 12000))
step()
for number in range(2):
    link.sendall(b'Ping %d 0\\n' % number)
    assert link.recv(100) == b'Ping %d 0\\n' % number
    step()
";

/// How long each of its steps took where `seed` decides which packets there are lost.
fn steps(seed: u64) -> Vec<u64> {
    let flags = format!("--delay 10ms,10ms --loss 10%,0% --seed {seed}");
    let ended = run(&mut path(&flags, &["python3", "-c", CLIENT]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("lost 1; back: "), "{ended:?}");
    ended.stdout.lines().map(|it| it.parse().unwrap()).collect()
}

#[test]
fn a_lost_segment_comes_again_after_the_kernels_timeout() {
    if without_a_path() {
        return;
    }
    // The third packet is the first request, after the SYN and the ACK of the answer to it. The
    // timeout is 200 ms at the least, beside the round trip.
    let steps = steps(8);
    assert!(steps[0] >= 20 && steps[0] < 200, "{steps:?}");
    assert!(steps[1] >= 220 && steps[1] < 900, "{steps:?}");
    assert!(steps[2] >= 20 && steps[2] < 200, "{steps:?}");
}

#[test]
fn a_lost_syn_comes_again_after_a_second() {
    if without_a_path() {
        return;
    }
    let steps = steps(22);
    assert!(steps[0] >= 1_020 && steps[0] < 2_500, "{steps:?}");
    assert!(steps[1] >= 20 && steps[1] < 200, "{steps:?}");
}

/// Which of nine packets of a ping came back.
fn answered(ended: &Ended) -> Vec<u64> {
    let replies = ended.stdout.lines().filter(|it| it.contains("bytes from"));
    let numbers = replies.filter_map(|it| it.split_once("seq=")?.1.split(' ').next()?.parse().ok());
    numbers.collect()
}

#[test]
fn udp_and_icmp_meet_the_same_fates_and_those_of_serve() {
    if without_a_path() {
        return;
    }
    let loss = "--loss 10%,0% --seed 16";
    let udp = ["-c", "9", "-W", "200ms"];
    let mut over_udp = vec!["udping", "{host}"];
    over_udp.extend(udp);
    let mut over_ipv6 = vec!["udping", "fd00::2"];
    over_ipv6.extend(udp);
    let over_icmp = ["ping", "-c", "9", "-i", "0.2", "-W", "0.2", "{host}"];
    let expected = [1, 2, 4, 5, 7, 8, 9];
    for words in [&over_udp[..], &over_ipv6, &over_icmp] {
        let ended = run(&mut path(loss, words));
        if words[0] == "ping" && ended.stderr.contains("cannot run ping") {
            skipped("no `ping` here");
            continue;
        }
        assert_eq!(answered(&ended), expected, "{words:?}: {ended:?}");
        assert!(
            ended
                .stderr
                .contains("packets there: 9, lost 2; back: 7, lost 0"),
            "{ended:?}"
        );
    }
    let reflector = support::Reflector::start(loss);
    let ended = run(&mut reflector.pinged("-c 9 -W 200ms"));
    assert_eq!(answered(&ended), expected, "{ended:?}");
}

#[test]
fn single_packets_meet_what_a_script_says() {
    if without_a_path() {
        return;
    }
    let script = "drop request 2\ndelay reply 3 100ms\nduplicate request 5\ncorrupt request 6\n";
    let file = Scratch::holding(script);
    let flags = format!("--script {}", file.path().display());
    let words = ["udping", "{host}", "-c", "7", "-i", "50ms"];
    let ended = run(&mut path(&flags, &words));
    // The third reply is that to probe 4, and the kernel drops what has a wrong checksum.
    let mut answered = answered(&ended);
    answered.sort_unstable();
    assert_eq!(answered, [1, 3, 4, 5, 5, 7], "{ended:?}");
    assert!(ended.stdout.contains("(DUP!)"), "{ended:?}");
    let slow = ended.stdout.lines().find(|it| it.contains("seq=4 "));
    let slow = slow.unwrap().split_once("time=").unwrap().1;
    let whole = slow.split(['.', ',', ' ']).next().unwrap();
    assert!(whole.parse().unwrap_or(0) >= 100, "{slow}");
    let counts = "packets there: 7, lost 1; back: 6, lost 0";
    assert!(ended.stderr.contains(counts), "{ended:?}");
}

#[test]
fn duplicates_and_jitter_are_those_of_the_seed() {
    if without_a_path() {
        return;
    }
    let flags = "--duplicate 0%,100% --jitter 0,5ms --delay 0,10ms --seed 3";
    let ended = run(&mut path(flags, &["udping", "{host}", "-c", "3"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // Nobody waits for the last one.
    assert!(ended.stdout.matches("(DUP!)").count() >= 2, "{ended:?}");
    assert!(ended.stderr.contains("seed 3"), "{ended:?}");
}

/// Sends, while nothing is carried, as many packets as its sockets hold. Prints how many those
/// are, and how many this end's device has lost.
const BURST: &str = "
import os, signal, socket
os.kill(os.getppid(), signal.SIGSTOP)
sent, sockets = 0, []
for _ in range(16):
    burst = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    burst.setblocking(False)
    sockets.append(burst)
    try:
        for _ in range(100):
            burst.sendto(b'x', ('10.0.0.2', 9))
            sent += 1
    except BlockingIOError:
        pass
os.kill(os.getppid(), signal.SIGCONT)
device = [line for line in open('/proc/net/dev') if 'udping0' in line][0].split()
print(sent, device[12])
";

/// A device has room for 500 packets by itself.
#[test]
fn only_the_link_loses_packets() {
    if without_a_path() {
        return;
    }
    let ended = run(&mut path("--delay 20ms,20ms", &["python3", "-c", BURST]));
    let sent = ended.stdout.trim().strip_suffix(" 0").unwrap_or_default();
    assert!(sent.parse().unwrap_or(0) > 1_000, "{ended:?}");
    assert!(ended.stderr.contains(", lost 0; back: "), "{ended:?}");
}

/// Sends the same request a hundred times, and prints how often it was answered.
const EQUAL_REQUESTS: &str = "
import socket
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(5)
client.connect(('10.0.0.2', 12000))
for _ in range(100):
    client.send(b'hello')
    assert client.recv(100) == b'hello'
print('all answered')
";

#[test]
fn its_server_answers_equal_requests_as_on_loopback() {
    if without_a_path() {
        return;
    }
    let ended = run(&mut path("", &["python3", "-c", EQUAL_REQUESTS]));
    assert_eq!(ended.stdout, "all answered\n", "{ended:?}");
}

#[test]
fn its_status_is_the_commands() {
    if without_a_path() {
        return;
    }
    for (text, code) in [("exit 0", 0), ("exit 7", 7), ("kill -KILL $$", 137)] {
        let ended = run(&mut script("", text));
        assert_eq!(ended.code, Some(code), "{text}: {ended:?}");
    }
    let ended = run(&mut path("", &["no-such-program"]));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(
        ended.stderr.contains("cannot run no-such-program"),
        "{ended:?}"
    );
}

#[test]
fn what_a_process_sends_it_goes_to_the_command() {
    if without_a_path() {
        return;
    }
    for (signal, code) in [("TERM", 5), ("INT", 6)] {
        // While it sleeps a shell waits; it takes signals only in `wait`.
        let text = "trap 'exit 5' TERM; trap 'exit 6' INT; sleep 600 & echo ready; wait";
        let running = Running::start(&mut script("", text));
        running.line_with("ready");
        running.signal(signal);
        let ended = running.finish();
        assert_eq!(ended.code, Some(code), "{signal}: {ended:?}");
    }
}

/// Leaves the terminal, whose interrupts are then not for it, and tells whether one comes all
/// the same within a second.
const AWAY: &str = "
import os, signal
os.setsid()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print('ready', flush=True)
print('sent again' if signal.sigtimedwait([signal.SIGINT], 1) else 'left alone')
";

/// The terminal sends it to the command as well: twice is what kills a run before its summary.
#[test]
fn what_is_typed_at_the_terminal_is_not_sent_again() {
    if without_a_path() {
        return;
    }
    let mut terminal = support::python("terminal.py");
    terminal.args(["24x80", "see:ready", "send:\u{3}", "--"]);
    terminal.args([env!("CARGO_BIN_EXE_udping"), "path", "--"]);
    terminal.args(["python3", "-c", AWAY]);
    let ended = run(&mut terminal);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let shown: Value = serde_json::from_str(ended.stdout.trim()).unwrap();
    let text = shown["text"].as_str().unwrap();
    assert!(text.contains("left alone"), "{text}");
    assert!(text.contains("packets there: "), "{text}");
    assert_eq!(shown["code"], 0, "{shown}");
}

#[test]
fn nothing_is_left_behind() {
    if without_a_path() {
        return;
    }
    // A number that no other process of this machine has among its arguments.
    let mark = format!("{}.0625", 600_000 + std::process::id());
    let sleep = format!("sleep {mark}");
    let stubborn = format!("(trap '' TERM HUP; {sleep}; {sleep}) & (setsid {sleep} &) ; {sleep} &");
    let mut command = udping();
    command.args([
        "path",
        "--server",
        &format!("{stubborn} exec udping serve --bind {{host}}"),
    ]);
    command.args(["--", "sh", "-c"]);
    command.arg(format!("{stubborn} udping {{host}} -c 1 && exit 9"));
    let ended = run(&mut command);
    assert_eq!(ended.code, Some(9), "{ended:?}");
    let left = processes_with(&sleep);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn another_server_speaks_on_standard_error_and_may_fail() {
    if without_a_path() {
        return;
    }
    let server = |server: &str, words: &[&str]| {
        let mut command = udping();
        command.args(["path", "--server", server, "--"]).args(words);
        run(&mut command)
    };
    let upper = "udping serve --reply upper --bind {host}:7777";
    let ended = server(upper, &["udping", "{host}:7777", "-c", "2", "-q"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("PING 10.0.0.2"), "{ended:?}");
    assert!(
        ended.stderr.contains("listening on 10.0.0.2:7777"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("2 requests, 2 replies"), "{ended:?}");
    let ended = server("exit 4", &["true"]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let said = "the server ended with status 4 before it listened";
    assert!(ended.stderr.contains(said), "{ended:?}");
}

#[test]
fn there_is_no_way_out() {
    if without_a_path() {
        return;
    }
    let ended = run(&mut path("", &["udping", "192.0.2.1", "-c", "1"]));
    assert!(ended.code != Some(0), "{ended:?}");
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(said.to_lowercase().contains("unreachable"), "{said}");
}

/// What is said where the system does not permit it, and what remains to be done.
fn assert_refused(ended: &Ended, why: &str) {
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains(why), "{why}: {ended:?}");
    assert!(
        ended.stderr.contains("\nwithout it, `udping serve --tcp`"),
        "{ended:?}"
    );
    assert_eq!(ended.stdout, "");
}

/// A script in namespaces made with these arguments of `unshare`; `None`, said aloud, where
/// there can be none. It runs `udping path -- echo ran` as `$UDPING`.
fn unshared(how: &[&str], text: &str) -> Option<Ended> {
    let possible = run(Command::new("unshare").args(how).arg("true"));
    if possible.code != Some(0) {
        skipped(&format!(
            "`unshare {}` is not permitted here",
            how.join(" ")
        ));
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(how).args(["sh", "-c", text]);
    command.env("UDPING", env!("CARGO_BIN_EXE_udping"));
    Some(run(&mut command))
}

#[test]
fn without_tun_devices_it_says_so() {
    if !Path::new("/dev/net/tun").exists() {
        return assert_refused(&run(&mut path("", &["true"])), "there is no /dev/net/tun");
    }
    let text = "mount -t tmpfs tmpfs /dev/net || exit 99; exec \"$UDPING\" path -- echo ran";
    if let Some(ended) = unshared(&["--mount"], text) {
        assert_refused(&ended, "there is no /dev/net/tun");
    }
}

#[test]
fn who_may_not_open_them_is_told() {
    let text = "mount -t tmpfs tmpfs /dev/net && mknod -m 600 /dev/net/tun c 10 200 || exit 99
        exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$UDPING\" path -- echo ran";
    match unshared(&["--mount"], text) {
        Some(ended) if ended.stdout.is_empty() && ended.code == Some(99) => {
            skipped("no device can be made here");
        }
        Some(ended) => assert_refused(&ended, "this user may not open /dev/net/tun"),
        None => {}
    }
}

#[test]
fn who_is_not_root_gets_a_user_namespace() {
    let text = "mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200 || exit 99
        exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$UDPING\" path --delay 5ms,5ms \
            -- sh -c 'id -u; udping {host} -c 1 -t 3 -m 7'";
    let Some(ended) = unshared(&["--mount"], text) else {
        return;
    };
    if ended.code != Some(0)
        && ended
            .stderr
            .contains("the system permits no user namespace")
    {
        return assert_refused(&ended, "try it as root");
    }
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // The same user as before, though with privileges over this network.
    assert!(ended.stdout.starts_with("65534\n"), "{ended:?}");
    assert!(
        ended.stdout.contains("1 packets transmitted, 1 received"),
        "{ended:?}"
    );
}

#[test]
fn root_with_one_privilege_too_few_gets_one_as_well() {
    if without_a_path() {
        return;
    }
    for privilege in ["sys_admin", "net_admin"] {
        let without = format!("--bounding-set=-{privilege}");
        if run(Command::new("setpriv").args([&without, "true"])).code != Some(0) {
            skipped("no privilege can be given up here");
            return;
        }
        let mut command = Command::new("setpriv");
        command.args([&without, env!("CARGO_BIN_EXE_udping"), "path", "--"]);
        let ended = run(command.args(["udping", "{host}", "-c", "1"]));
        assert_eq!(ended.code, Some(0), "{privilege}: {ended:?}");
    }
}

#[test]
fn where_namespaces_are_not_permitted_it_says_which() {
    if without_a_path() {
        return;
    }
    let networks = "echo 0 > /proc/sys/user/max_net_namespaces || exit 99
        exec \"$UDPING\" path -- echo ran";
    if let Some(ended) = unshared(&["--user", "--map-root-user"], networks) {
        assert_refused(&ended, "user.max_net_namespaces is 0");
    }
    let users = "echo 0 > /proc/sys/user/max_user_namespaces || exit 99
        exec setpriv --bounding-set=-sys_admin \"$UDPING\" path -- echo ran";
    if let Some(ended) = unshared(&["--user", "--map-root-user"], users) {
        assert_refused(&ended, "permits no user namespace to this user");
    }
}

/// Runs a program that may make no namespaces: a filter of system calls refuses them, as in
/// most containers.
const CONFINED: &str = "
import ctypes, os, struct, sys
unshare = 272 if os.uname().machine == 'x86_64' else 97
program = [(0x20, 0, 0, 0), (0x15, 0, 1, unshare), (6, 0, 0, 0x50001), (6, 0, 0, 0x7fff0000)]
code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *it) for it in program))
class Program(ctypes.Structure):
    _fields_ = [('len', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
filter = Program(len(program), ctypes.addressof(code))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(filter)) == 0, os.strerror(ctypes.get_errno())
os.execv(sys.argv[1], sys.argv[1:])
";

#[test]
fn in_a_container_that_forbids_them_it_says_so() {
    if without_a_path() {
        return;
    }
    let mut command = Command::new("python3");
    command.args([
        "-c",
        CONFINED,
        env!("CARGO_BIN_EXE_udping"),
        "path",
        "--",
        "echo",
        "ran",
    ]);
    assert_refused(&run(&mut command), "this process is confined");
}
