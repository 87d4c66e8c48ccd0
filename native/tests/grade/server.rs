//! `udping grade server`.
//! Owns that a server may lose requests, and must answer and live on.

use std::fs;

use serde_json::Value;

use crate::bugs;
use crate::support::{Scratch, run, udping};

const SERVER: &str = r#"
import random, socket
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
    data, client = sock.recvfrom(1024)
    if random.randint(0, 10) >= 4:
        sock.sendto(data.upper(), client)
"#;

#[test]
fn a_server_may_lose_requests_but_not_end_at_one_that_it_cannot_read() {
    for (word, by, bug) in [
        ("data.upper()", "data.upper()", None),
        (
            "data.upper()",
            "data.decode().upper().encode()",
            Some("server-died"),
        ),
        ("data.upper()", "data.split()[1]", Some("server-died")),
        ("client)", "('127.0.0.1', 9))", Some("no-answer")),
    ] {
        let folder = Scratch::new();
        fs::create_dir(folder.path()).unwrap();
        fs::write(folder.path().join("server.py"), SERVER.replace(word, by)).unwrap();
        let mut command = udping();
        command.args([
            "grade", "server", "--port", "12000", "--format", "json", "--folder",
        ]);
        command
            .arg(folder.path())
            .args(["--", "python3", "server.py"]);
        let ended = run(&mut command);
        fs::remove_dir_all(folder.path()).unwrap();
        let said: Value = serde_json::from_str(&ended.stdout).unwrap();
        let found = bugs(&said);
        assert_eq!(found.first().map(|it| it.0), bug, "{ended:?}");
        assert_eq!(ended.code, Some(i32::from(bug.is_some())), "{ended:?}");
    }
}
