//! Every signal in every state of a run, whatever it writes to: it ends with a summary and a
//! whole journal, or goes on, or stops and goes on.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::io::ioctl_fionread;
use rustix::pipe::fcntl_setpipe_size;
use socket2::{Domain, Socket, Type};

use support::journal::{records, verify};
use support::{
    Ended, Reflector, Running, Scratch, in_a_network_of_its_own, next_datagram, run, send_signal,
    udp_socket, with_silent_resolver,
};

/// What a signal does to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It ends, with its figures.
    Ends,
    /// It goes on as if nothing had been.
    GoesOn,
    /// It stops until it is continued, and then goes on.
    Stops,
}

const SIGNALS: &[(&str, Effect)] = &[
    ("INT", Effect::Ends),
    ("TERM", Effect::Ends),
    ("HUP", Effect::Ends),
    ("ALRM", Effect::Ends),
    ("USR1", Effect::Ends),
    ("USR2", Effect::Ends),
    ("VTALRM", Effect::Ends),
    ("PROF", Effect::Ends),
    ("XCPU", Effect::Ends),
    ("XFSZ", Effect::GoesOn),
    ("QUIT", Effect::GoesOn),
    ("PIPE", Effect::GoesOn),
    ("WINCH", Effect::GoesOn),
    ("CHLD", Effect::GoesOn),
    ("URG", Effect::GoesOn),
    ("CONT", Effect::GoesOn),
    ("TSTP", Effect::Stops),
    ("TTIN", Effect::Stops),
    ("TTOU", Effect::Stops),
];

/// What a run writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Lines, and nothing else.
    Text,
    /// The journal, to standard output.
    Json,
    /// Lines, and the journal into a file.
    Journal,
}

/// What a run is doing, and what it says when it does.
#[derive(Debug, Clone, Copy)]
struct State {
    name: &'static str,
    arguments: &'static str,
    /// Somebody answers.
    answered: bool,
    /// What a line of text contains, and one of the journal, once it is there.
    begins: [&'static str; 2],
    /// It says such lines again and again.
    repeats: bool,
    code: i32,
}

const STATES: &[State] = &[
    State {
        name: "waiting for a reply",
        arguments: "-c 2 -W 60s -i 10ms -O",
        answered: false,
        begins: ["no answer yet for seq=1", "\"sent\":2"],
        repeats: false,
        code: 1,
    },
    State {
        name: "waiting for a late reply",
        arguments: "-c 1 -W 1ms --linger 60s",
        answered: false,
        begins: ["seq=1 lost", "\"lost\":1"],
        repeats: false,
        code: 1,
    },
    State {
        name: "between two probes",
        arguments: "-c 0 -i 20ms",
        answered: true,
        begins: ["seq=2 ", "\"reply\":2"],
        repeats: true,
        code: 0,
    },
    State {
        name: "one probe after the other",
        arguments: "-c 0",
        answered: true,
        begins: ["seq=2 ", "\"reply\":2"],
        repeats: true,
        code: 0,
    },
    State {
        name: "between two probes that are far apart",
        arguments: "-c 0 -i 60s",
        answered: true,
        begins: ["seq=1 ", "\"reply\":1"],
        repeats: false,
        code: 0,
    },
];

/// `udping` with signals as a terminal's processes have them, whoever runs the tests: SIGHUP
/// not ignored, and in a process group that is not orphaned, which nothing could stop
/// (POSIX, 2.4.3).
fn heeding(arguments: &str) -> Command {
    let mut command = Command::new("env");
    command.process_group(0);
    command.args(["--default-signal=HUP", env!("CARGO_BIN_EXE_udping")]);
    command.args(arguments.split_whitespace());
    command
}

/// Waits until a process is stopped, or is not any more.
fn await_stopped(process: u32, stopped: bool) {
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let state = &stat.rsplit_once(") ").unwrap().1[..1];
        assert_ne!(state, "Z", "it has ended");
        if (state == "T") == stopped {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// One cell of the table.
fn try_one(state: &State, form: Form, (signal, effect): (&str, Effect), to: &str) {
    let cell = format!("{signal} while {} ({form:?})", state.name);
    let file = Scratch::new();
    let mut command = heeding(state.arguments);
    match form {
        Form::Text => &mut command,
        Form::Json => command.arg("--json"),
        Form::Journal => command.arg("--journal").arg(file.path()),
    };
    let running = Running::start(command.arg(to));
    let line = state.begins[usize::from(form == Form::Json)];
    running.line_with(line);
    running.signal(signal);
    match effect {
        Effect::Ends | Effect::GoesOn => {}
        Effect::Stops => {
            await_stopped(running.id(), true);
            running.signal("CONT");
            await_stopped(running.id(), false);
        }
    }
    if effect != Effect::Ends {
        if state.repeats {
            let line = match form {
                Form::Json => "\"reply\":",
                Form::Text | Form::Journal => " time=",
            };
            for _ in 0..5 {
                running.line_with(line);
            }
        }
        running.signal("TERM");
    }
    let ended = running.finish();
    assert_eq!(ended.code, Some(state.code), "{cell}: {ended:?}");
    match form {
        Form::Json => {
            let last = ended.stdout.lines().last().unwrap_or_default();
            assert!(last.contains("\"summary\""), "{cell}: {ended:?}");
        }
        Form::Text | Form::Journal => {
            let summary = " ping statistics ---";
            assert!(ended.stdout.contains(summary), "{cell}: {ended:?}");
        }
    }
    if form == Form::Journal {
        let replay = verify(file.path());
        assert!(!replay.stdout.contains("note:"), "{cell}: {replay:?}");
        let records = records(&file.text());
        let stops = records.iter().filter(|it| it["stop"] == "signal").count();
        assert_eq!(stops, 1, "{cell}: {records:?}");
    }
    // What else it says is that `-O` does nothing beside `--json`.
    let expected = |line: &str| line.contains(" packets") || line.starts_with("-O ");
    let warned = ended.stderr.lines().all(expected);
    assert!(warned, "{cell}: {ended:?}");
}

#[test]
fn every_signal_in_every_state_ends_the_run_or_lets_it_go_on() {
    let server = Reflector::start("");
    // It takes what is sent to it, and answers nothing.
    let silent = udp_socket();
    let silent = silent.local_addr().unwrap();
    let answering = server.address();
    thread::scope(|scope| {
        for state in STATES {
            let to = if state.answered { answering } else { silent };
            scope.spawn(move || {
                for form in [Form::Text, Form::Json, Form::Journal] {
                    for signal in SIGNALS {
                        try_one(state, form, *signal, &to.to_string());
                    }
                }
            });
        }
    });
}

/// Each signal that ends a run ends every command, with its figures.
#[test]
fn every_other_command_ends_as_well() {
    let [heard, asked] = [(); 2].map(|()| udp_socket());
    let [to, of] = [&heard, &asked].map(|it| it.local_addr().unwrap());
    let serve = "serve --bind 127.0.0.1:0";
    for (arguments, begins, ends) in [
        (serve.to_owned(), "listening on ", "0 requests, 0 replies"),
        (
            format!("{serve} --tcp"),
            "listening on ",
            "0 requests, 0 replies",
        ),
        (
            format!("{serve} --heartbeat"),
            "listening on ",
            "clients: 0",
        ),
        (
            format!("heartbeat {to}"),
            "heartbeat 1 sent",
            "heartbeats sent: 1",
        ),
        (format!("compare -W 60s {of}"), "COMPARE ", "127.0.0.1"),
    ] {
        for (signal, _) in SIGNALS.iter().filter(|(_, it)| *it == Effect::Ends) {
            let running = Running::start(&mut heeding(&arguments));
            running.line_with(begins);
            if arguments.starts_with("compare") {
                next_datagram(&asked, &mut [0; 64]);
            }
            running.signal(signal);
            let ended = running.finish();
            let code = i32::from(arguments.starts_with("compare"));
            assert_eq!(ended.code, Some(code), "{signal} {arguments}: {ended:?}");
            assert!(
                ended.stdout.contains(ends),
                "{signal} {arguments}: {ended:?}"
            );
        }
    }
}

/// A port of loopback where connecting takes as long as anybody waits for it, while it is held.
fn full() -> (Socket, Vec<TcpStream>) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket
        .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
        .unwrap();
    socket.listen(0).unwrap();
    let to = socket.local_addr().unwrap().as_socket().unwrap();
    let wait = Duration::from_millis(300);
    let waiting = std::iter::from_fn(|| TcpStream::connect_timeout(&to, wait).ok()).collect();
    (socket, waiting)
}

#[test]
fn a_signal_ends_the_waiting_for_a_connection() {
    let (tcp, _waiting) = full();
    let to = tcp.local_addr().unwrap().as_socket().unwrap();
    let udp = UdpSocket::bind(to).unwrap();
    let running = Running::start(&mut heeding(&format!("compare -W 60s --json {to}")));
    answer(&udp, 1);
    running.line_with("\"via\":\"tcp_new\"");
    running.signal("TERM");
    let ended = running.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let stopped = "\"stop\":\"signal\"";
    assert!(ended.stdout.contains(stopped), "{ended:?}");
}

/// Answers as many probes, and returns who sent them.
fn answer(socket: &UdpSocket, probes: u32) {
    let mut room = [0; 2048];
    for _ in 0..probes {
        let (len, from) = next_datagram(socket, &mut room);
        // Nobody is there any more for what came before the end.
        let _ = socket.send_to(&room[..len], from);
    }
}

#[test]
fn every_signal_ends_a_flood_or_lets_it_go_on() {
    for (signal, effect) in SIGNALS {
        for form in ["-q", "--json"] {
            let socket = udp_socket();
            let to = socket.local_addr().unwrap();
            let running = Running::start(&mut heeding(&format!("-f -c 0 {form} {to}")));
            answer(&socket, 100);
            running.signal(signal);
            if *effect == Effect::Stops {
                await_stopped(running.id(), true);
                running.signal("CONT");
            }
            if *effect != Effect::Ends {
                // More than can be on their way already.
                answer(&socket, 1_000);
                running.signal("TERM");
            }
            let ended = running.finish();
            assert_eq!(ended.code, Some(0), "{signal} {form}: {ended:?}");
            let last = if form == "-q" {
                "rtt "
            } else {
                "{\"summary\":"
            };
            assert!(ended.stdout.contains(last), "{signal} {form}: {ended:?}");
        }
    }
}

/// A run whose standard output nobody reads, and which waits for that.
fn blocked(arguments: &str, file: &Scratch) -> Child {
    let mut command = heeding(arguments);
    let mut child = unread(command.arg("--journal").arg(file.path()));
    await_output(&mut child);
    child
}

/// A run whose standard output nobody reads: a page, in which there is no room for more until
/// what is written first has been read.
fn unread(command: &mut Command) -> Child {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    fcntl_setpipe_size(child.stdout.as_ref().unwrap(), 4096).unwrap();
    child
}

/// Waits until it has written something.
fn await_output(child: &mut Child) {
    while ioctl_fionread(child.stdout.as_ref().unwrap()).unwrap() == 0 {
        assert_eq!(child.try_wait().unwrap(), None, "it has ended");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn neither_a_server_nor_a_simulation_waits_for_a_reader_for_ever() {
    let mut server = unread(&mut heeding("serve -v --bind 127.0.0.1:0"));
    await_output(&mut server);
    let mut line = [0; 256];
    let len = server.stdout.as_mut().unwrap().read(&mut line).unwrap();
    let line = String::from_utf8_lossy(&line[..len]).into_owned();
    let to = line.trim().rsplit_once(' ').unwrap().1.to_owned();
    let client = udp_socket();
    client.send_to(b"Ping 1 1", &to).unwrap();
    await_output(&mut server);
    client.send_to(b"Ping 2 2", &to).unwrap();
    let mut simulation = unread(&mut heeding("simulate -c 100000 -i 1ms"));
    await_output(&mut simulation);
    for mut child in [server, simulation] {
        send_signal(child.id(), "TERM");
        assert_eq!(child.wait().unwrap().code(), Some(2));
    }
}

#[test]
fn a_reader_that_takes_nothing_does_not_keep_a_signal_from_ending_the_run() {
    let server = Reflector::start("");
    let to = server.address();
    let try_one = |signal: &str, form: &str| {
        let file = Scratch::new();
        let mut child = blocked(&format!("-c 0 -i 1ms {form} {to}"), &file);
        send_signal(child.id(), signal);
        let code = child.wait().unwrap().code();
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        let cell = format!("{signal} {form}: {said}");
        assert_eq!(code, Some(2), "{cell}");
        assert!(said.contains("reader has read nothing for 5s"), "{cell}");
        verify(file.path());
    };
    // Each waits for its reader, for as long as it may.
    thread::scope(|scope| {
        for (signal, effect) in SIGNALS {
            for form in ["", "--json"] {
                if *effect == Effect::Ends {
                    scope.spawn(move || try_one(signal, form));
                }
            }
        }
    });
}

#[test]
fn a_deadline_holds_for_a_reader_that_takes_nothing_too() {
    let server = Reflector::start("");
    let to = server.address();
    for form in ["", "--json"] {
        let file = Scratch::new();
        let mut child = blocked(&format!("-c 0 -i 1ms -w 1s {form} {to}"), &file);
        assert_eq!(child.wait().unwrap().code(), Some(2), "{form}");
        verify(file.path());
    }
}

#[test]
fn what_does_not_end_a_run_leaves_it_its_reader() {
    let server = Reflector::start("");
    let to = server.address();
    for (signal, effect) in SIGNALS.iter().filter(|(_, it)| *it != Effect::Ends) {
        let file = Scratch::new();
        let mut child = blocked(&format!("-c 0 -i 1ms {to}"), &file);
        let id = child.id();
        send_signal(id, signal);
        if *effect == Effect::Stops {
            await_stopped(id, true);
            send_signal(id, "CONT");
        }
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let seen = lines.any(|line| line.unwrap().contains("seq=200 "));
        assert!(seen, "{signal}");
        send_signal(id, "TERM");
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        let summary = rest
            .iter()
            .any(|line| line.contains(" ping statistics ---"));
        assert!(summary, "{signal}: {rest:?}");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn signals_end_the_looking_up_of_a_name() {
    let tries: String = SIGNALS
        .iter()
        .map(|(signal, effect)| match effect {
            Effect::Ends => format!("look_up; kill -{signal} $!; ended {signal};"),
            Effect::GoesOn => {
                format!("look_up; kill -{signal} $!; kill -TERM $!; ended {signal};")
            }
            Effect::Stops => {
                format!("look_up; kill -{signal} $!; kill -TERM $!; kill -CONT $!; ended {signal};")
            }
        })
        .collect();
    let script = format!(
        r#"look_up() {{
            env --default-signal=HUP "$UDPING" silent.example &
            until grep -qs resolver /proc/$!/task/*/comm; do :; done
        }}
        ended() {{ wait $!; echo "$1 $?"; }}
        {tries}"#
    );
    let Some(ended) = with_silent_resolver(&script) else {
        return;
    };
    for (signal, _) in SIGNALS {
        let line = format!("{signal} 2\n");
        assert!(ended.stdout.contains(&line), "{signal}: {ended:?}");
    }
    let why = "stopped before `silent.example` had an address";
    let stopped = ended.stderr.matches(why).count();
    assert_eq!(stopped, SIGNALS.len(), "{ended:?}");
}

/// Runs where nobody can read `/proc`, is sent SIGHUP after its third reply, and SIGINT after
/// its fiftieth.
fn without_proc(disposition: &str) -> Option<Ended> {
    in_a_network_of_its_own(&format!(
        r#"ip link set lo up
        "$UDPING" serve --bind 127.0.0.1:7000 > /dev/null 2>&1 & server=$!
        until grep -q ' 0100007F:1B58 ' /proc/net/udp; do :; done
        unshare --mount env --{disposition}-signal=HUP sh -c '
            mount -t tmpfs none /proc
            echo $$
            exec "$UDPING" -c 0 -i 20ms 127.0.0.1:7000
        ' | while read -r line; do
            echo "$line"
            if [ -z "$pid" ]; then pid=$line; fi
            case $line in
            *seq=3\ *) kill -HUP $pid ;;
            *seq=50\ *) kill -INT $pid ;;
            esac
        done
        kill $server; wait $server"#
    ))
}

#[test]
fn a_hangup_ends_the_run_unless_it_is_ignored_where_there_is_no_proc_too() {
    for (disposition, outlived) in [("default", false), ("ignore", true)] {
        let Some(ended) = without_proc(disposition) else {
            return;
        };
        let said = &ended.stdout;
        assert!(
            said.contains(" ping statistics ---"),
            "{disposition}: {ended:?}"
        );
        assert_eq!(
            said.contains("seq=50 "),
            outlived,
            "{disposition}: {ended:?}"
        );
    }
}

#[test]
fn a_file_at_its_limit_is_an_error_of_writing_it() {
    let server = Reflector::start("");
    let file = Scratch::new();
    let arguments = format!(
        "-i 1ms -c 2000 --journal {} {}",
        file.path().display(),
        server.address()
    );
    for (arguments, said) in [
        (arguments, " ping statistics ---"),
        (
            format!(
                "simulate -c 2000 --overwrite --journal {}",
                file.path().display()
            ),
            "",
        ),
    ] {
        let script = format!("ulimit -f 4; exec \"$0\" {arguments}");
        let ended = run(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_udping")]));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stdout.contains(said), "{ended:?}");
        assert!(ended.stderr.contains("File too large"), "{ended:?}");
    }
}
