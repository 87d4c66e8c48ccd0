//! Programs that want more than to ping.
//! Owns that they end, are named, and change nothing outside of their copy.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Scratch, run, udping};

#[test]
fn a_program_reaches_nothing_but_the_grader_and_writes_only_in_its_copy() {
    let folder = Scratch::folder();
    let outside = folder.path().with_extension("outside");
    let program = r#"
import os, socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    sock.sendto(b"x", ("192.0.2.1", 9))
    print("left")
except OSError:
    pass
try:
    open(sys.argv[3], "w").write("x")
except OSError:
    pass
os.fork() or os.execvp("sleep", ["sleep", "1000"])
for number in range(1, 11):
    sock.sendto(f"Ping {number} 0".encode(), ("any.host.example", int(sys.argv[2])))
    start = time.perf_counter()
    sock.recvfrom(100)
    print(f"Ping {number}: {(time.perf_counter() - start) * 1000:.2f} ms")
"#;
    fs::write(folder.path().join("client.py"), program).unwrap();
    let mut command = udping();
    command.args([
        "grade", "client", "--format", "json", "--only", "answered", "--folder",
    ]);
    command.arg(folder.path()).arg("--");
    command.args(["python3", "client.py", "{host}", "{port}"]);
    let ended = run(command.arg(&outside));
    let said: Value = serde_json::from_str(&ended.stdout).unwrap();
    let isolated = said["not_isolated"].as_array().unwrap().is_empty();
    assert!(!Path::new(&outside).exists() || !isolated, "{ended:?}");
    assert!(ended.code == Some(0) || !isolated, "{ended:?}");
}

/// Pings rightly, with `{}` done before, and `[]` printed after each.
const PINGS: &str = r#"
import os, signal, socket, subprocess, sys, time
{}
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(1)
for number in range(1, 11):
    start = time.perf_counter()
    sock.sendto(f"Ping {number} {time.time()}".encode(), ("127.0.0.1", 12000))
    data, _ = sock.recvfrom(2048)
    rtt = (time.perf_counter() - start) * 1000
    print([])
"#;

const RTT: &str = "f'Ping {number}: RTT = {rtt:.3f} ms'";

const EDITS: &str = r#"
def edit():
    for path in sys.argv[1:]:
        for act in [lambda: open(path, "a").write("x"), lambda: os.remove(path), lambda: os.chmod(path, 0o777)]:
            try:
                act()
            except OSError:
                pass
edit()
for words in ["mount -o remount,rw,bind /", "mount -o remount,rw /", "umount -l /proc"]:
    for line in [words, "unshare --user --map-root-user --mount " + words]:
        subprocess.run(line, shell=True, capture_output=True)
edit()
for name in os.listdir(".udping-grade"):
    open(".udping-grade/" + name, "w").write("x")
for process in os.listdir("/proc"):
    if process.isdigit() and int(process) != os.getpid():
        try:
            os.kill(int(process), signal.SIGKILL)
        except OSError:
            pass
"#;

#[test]
fn hostile_submissions_are_named_and_the_class_run_ends() {
    let folder = Scratch::new();
    let (class, results) = (folder.path().join("class"), folder.path().join("results"));
    let outside = folder.path().join("outside");
    fs::create_dir_all(&results).unwrap();
    fs::write(&outside, "as it was").unwrap();
    let endless = "while True: print('Ping 1: RTT = 40 ms ' * 100)";
    let large = "file = open('large', 'wb')\nfor _ in range(10_000): file.write(bytes(1 << 20))";
    let network = "for host in ['192.0.2.1', '8.8.8.8', '10.0.0.1']:\n    try:\n        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', (host, 53))\n        print('reached', host)\n    except OSError:\n        pass";
    let deaf = "for number in [1, 2, 3, 13, 14, 15]: signal.signal(number, signal.SIG_IGN)";
    let submissions = [
        (
            "bomb",
            format!(
                "{PINGS}while True:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.01)\n"
            ),
            "",
            RTT,
            "limits",
        ),
        (
            "deaf",
            format!("{PINGS}while True: time.sleep(1)\n"),
            deaf,
            RTT,
            "hang",
        ),
        ("edits", PINGS.to_owned(), EDITS, RTT, "grader-files"),
        ("endless", PINGS.to_owned(), endless, RTT, "limits"),
        ("large", format!("{PINGS}{large}\n"), "", RTT, "crash"),
        ("network", PINGS.to_owned(), network, RTT, ""),
        (
            "parrot",
            PINGS.to_owned(),
            "",
            "f'Ping {number}: RTT = 300.00 ms'",
            "wrong-rtt",
        ),
    ];
    for (name, text, before, printed, _) in &submissions {
        let at = class.join(name);
        fs::create_dir_all(&at).unwrap();
        let text = text.replace("{}", before).replace("[]", printed);
        fs::write(at.join("client.py"), text).unwrap();
    }
    let of_others = [
        outside.as_path(),
        Path::new(env!("CARGO_BIN_EXE_udping")),
        Path::new("/etc/passwd"),
    ];
    let there = || {
        of_others.map(|it| {
            (
                fs::read(it).unwrap(),
                fs::metadata(it).unwrap().permissions(),
            )
        })
    };
    let before = there();
    let mut command = udping();
    command.args(["grade", "class", "--only", "answered"]);
    command.arg(&class).arg("-o").arg(&results);
    command.args(["--", "python3", "client.py"]);
    let ended = run(command.args(of_others));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let table = fs::read_to_string(results.join("class.csv")).unwrap();
    let said = |name: &str| -> Value {
        let text = fs::read_to_string(results.join(format!("{name}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let isolated = said("edits")["not_isolated"] == serde_json::json!([]);
    assert!(!isolated || there() == before, "{table}");
    for (name, _, _, _, bug) in &submissions {
        let line = table.lines().find(|it| it.starts_with(name)).unwrap();
        assert_eq!(line.split(',').nth(4), Some(*bug), "{table}");
        let advice = if *name == "network" && isolated {
            name
        } else {
            ""
        };
        assert_eq!(line.split(',').nth(5), Some(advice), "{table}");
    }
}
