//! A run that is looked at while it is measured: `--view`, and `view --follow`, read by an HTTP
//! client of this test's own. Owns what a page is sent; what it makes of that, the tests in web/
//! tell.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;

use support::{Reflector, Running, Scratch, run, udping};

/// A lab with a journal that is still written: where it is.
struct Lab {
    running: Running,
    port: u16,
    path: String,
}

impl Lab {
    /// Of a command that says its address on standard error.
    fn on_a_run(command: &mut Command) -> Self {
        let running = Running::start(command.args(["--view", "--no-open"]));
        let line = running.warning_with("the lab is at");
        Self::at(running, &line)
    }

    fn following(file: &Path) -> Self {
        let mut command = udping();
        command.args(["view", "--no-open", "--port", "0", "--follow"]);
        let running = Running::start(command.arg(file));
        let line = running.line_with("the lab is at");
        Self::at(running, &line)
    }

    fn at(running: Running, line: &str) -> Self {
        let address = line.split("http://127.0.0.1:").nth(1).unwrap();
        let (port, hash) = address.trim().split_once("/#live=").unwrap();
        Self {
            running,
            port: port.parse().unwrap(),
            path: format!("/{hash}"),
        }
    }

    fn ask(&self, path: &str, host: &str, headers: &str) -> Events {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        // Of HTTP/1.0 the answer has no chunks, and ends with the connection.
        let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(lines.read_line(&mut head).unwrap() > 0, "{head}");
        }
        Events { head, lines }
    }

    fn page(&self) -> Events {
        self.page_from("")
    }

    fn page_from(&self, headers: &str) -> Events {
        let page = self.ask(&self.path, &format!("127.0.0.1:{}", self.port), headers);
        assert!(page.head.starts_with("HTTP/1.0 200"), "{}", page.head);
        let head = page.head.to_ascii_lowercase();
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        assert!(head.contains("connect-src 'self'"), "{head}");
        page
    }
}

/// An answer that does not end.
struct Events {
    head: String,
    lines: BufReader<TcpStream>,
}

#[derive(Debug, Default, PartialEq)]
struct Event {
    name: String,
    id: String,
    /// With a line's end after each line.
    data: String,
}

impl Events {
    fn event(&mut self) -> Event {
        let mut event = Event::default();
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "it ended");
            match line.trim_end_matches('\n').split_once(": ") {
                Some(("event", name)) => name.clone_into(&mut event.name),
                Some(("id", id)) => id.clone_into(&mut event.id),
                Some(("data", data)) => event.data.extend([data, "\n"]),
                _ if line == "\n" && event != Event::default() => return event,
                _ => assert!(line == "\n" || line == ":\n", "{line}"),
            }
        }
    }

    /// The data up to the next event of this name, and the last place in it.
    fn until(&mut self, name: &str) -> (String, String) {
        let (mut text, mut place) = (String::new(), String::new());
        loop {
            let event = self.event();
            if event.name == name {
                return (text, place);
            }
            assert!(["", "newest"].contains(&event.name.as_str()), "{event:?}");
            if event.name == "newest" {
                continue;
            }
            text.push_str(&event.data);
            place = event.id;
        }
    }

    /// The data up to the line that contains `words`.
    fn until_line(&mut self, words: &str) -> String {
        let mut text = String::new();
        while !text.contains(words) {
            let event = self.event();
            assert!(["", "newest"].contains(&event.name.as_str()), "{event:?}");
            if event.name.is_empty() {
                text.push_str(&event.data);
            }
        }
        text
    }
}

fn verified(text: &str) {
    let file = Scratch::holding(text);
    let ended = run(udping().arg("replay").arg(file.path()));
    assert_eq!(ended.code, Some(0), "{ended:?}\n{text}");
}

fn is_whole(text: &str) {
    assert!(text.starts_with("{\"udping\":\"journal\""), "{text}");
    assert!(text.contains("\n{\"summary\":"), "{text}");
    verified(text);
}

#[test]
fn a_run_is_sent_while_it_is_measured_and_the_lab_ends_when_its_pages_are_closed() {
    let reflector = Reflector::start("");
    let file = Scratch::new();
    let mut command = reflector.pinged("-c 30 -i 20ms --journal");
    let lab = Lab::on_a_run(command.arg(file.path()));
    let mut page = lab.page();
    let first = page.until_line("\"reply\":3,");
    assert!(
        !first.contains("\"summary\""),
        "it comes while it is measured"
    );
    let (rest, _) = page.until("end");
    let text = first + &rest;
    lab.running.warning_with("the lab stays at");
    assert_eq!(
        text.trim_end_matches('\n'),
        file.text().trim_end_matches('\n')
    );
    is_whole(&text);
    drop(page);
    let ended = lab.running.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        ended.stdout.contains("30 packets transmitted"),
        "{}",
        ended.stdout
    );
}

#[test]
fn a_page_that_is_opened_late_gets_everything_with_and_without_a_journal_s_file() {
    let reflector = Reflector::start("");
    let file = Scratch::holding("{\"udping\":\"journal\"}\n");
    let appended = format!("--append --journal {}", file.path().display());
    for more in ["", "-q", "--json", "--journal /dev/null", &appended] {
        let lab = Lab::on_a_run(&mut reflector.pinged(&format!("-c 3 -i 20ms {more}")));
        lab.running.warning_with("the lab stays at");
        let mut pages = [lab.page(), lab.page()];
        let texts = pages.each_mut().map(|page| {
            let (text, place) = page.until("newest");
            page.until("end");
            (text, place)
        });
        assert_eq!(texts[0], texts[1]);
        let (text, place) = &texts[0];
        is_whole(text);
        // From where it was, and nothing twice.
        let (run, bytes) = place.split_once('-').unwrap();
        assert_eq!(bytes.parse(), Ok(text.len()));
        for cut in [text.find('\n').unwrap() + 1, text.len()] {
            let mut again = lab.page_from(&format!("Last-Event-ID: {run}-{cut}\r\n"));
            assert_eq!(again.until("newest").0, text[cut..]);
        }
        for other in ["1-0", "none", &format!("{run}-{}", text.len() + 1)] {
            let mut again = lab.page_from(&format!("Last-Event-ID: {other}\r\n"));
            if other != "none" {
                assert_eq!(again.event().name, "restart");
            }
            assert_eq!(&again.until("newest").0, text);
        }
        lab.running.signal("INT");
        assert_eq!(lab.running.finish().code, Some(0));
    }
}

#[test]
fn control_c_ends_the_run_and_then_the_lab() {
    let reflector = Reflector::start("");
    let lab = Lab::on_a_run(&mut reflector.pinged("-c 1000000 -i 10ms"));
    let mut page = lab.page();
    let mut text = page.until_line("\"reply\":5,");
    lab.running.signal("INT");
    text += &page.until("end").0;
    is_whole(&text);
    lab.running.warning_with("the lab stays at");
    lab.running.signal("INT");
    let ended = lab.running.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // What is to end everything does.
    let lab = Lab::on_a_run(&mut reflector.pinged("-c 1000000 -i 10ms"));
    lab.page().until_line("\"reply\":5,");
    lab.running.signal("TERM");
    let ended = lab.running.finish();
    assert!(!ended.stderr.contains("stays"), "{ended:?}");
}

#[test]
fn a_page_that_reads_nothing_holds_nobody_up() {
    let reflector = Reflector::start("");
    let lab = Lab::on_a_run(&mut reflector.pinged("-c 20000 -i 200us -q"));
    let mut idle = lab.page();
    let mut page = lab.page();
    let (text, _) = page.until("end");
    assert!(!text.contains("\"gap\":"), "records were dropped");
    is_whole(&text);
    // It reads at last, and has lost nothing.
    assert_eq!(idle.until("end").0, text);
}

#[test]
fn nobody_else_is_answered() {
    let file = Scratch::holding("{}\n");
    let lab = Lab::following(file.path());
    let own = format!("127.0.0.1:{}", lab.port);
    let code = |path: &str, host: &str| {
        let head = lab.ask(path, host, "").head;
        head.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(code(&lab.path, "evil.example"), "421");
    assert_eq!(code("/live/0123456789abcdef0123456789abcdef", &own), "404");
    assert_eq!(code(&lab.path.replace("/live/", "/journal/"), &own), "404");
    assert_eq!(code(&lab.path, &own), "200");
}

/// A header and so many records, of a run that this number tells from others.
fn journal(run: u32, records: std::ops::Range<u32>) -> String {
    let header = format!("{{\"udping\":\"journal\",\"version\":2,\"run\":{run}}}\n");
    let head = if records.start == 0 {
        header
    } else {
        String::new()
    };
    let lines = records.map(|record| format!("{{\"sent\":{record},\"run\":{run}}}\n"));
    head + &lines.collect::<String>()
}

#[test]
fn a_file_that_grows_is_cut_or_replaced_is_followed() {
    let file = Scratch::holding("");
    let lab = Lab::following(file.path());
    let mut page = lab.page();
    page.until("newest");
    let mut writer = File::options().append(true).open(file.path()).unwrap();
    let text = journal(1, 0..3);
    // Half a line is no line.
    let (half, rest) = text.split_at(text.len() - 5);
    writer.write_all(half.as_bytes()).unwrap();
    let mut seen = page.until_line("\"sent\":1,");
    assert_eq!(seen, journal(1, 0..2));
    writer.write_all(rest.as_bytes()).unwrap();
    seen += &page.until_line("\"sent\":2,");
    assert_eq!(seen, text);

    // Cut to nothing, and written again.
    writer.set_len(0).unwrap();
    assert_eq!(page.event().name, "restart");
    writer.write_all(journal(2, 0..2).as_bytes()).unwrap();
    assert_eq!(page.until_line("\"sent\":1,"), journal(2, 0..2));

    // Replaced by another, of the same length.
    let other = Scratch::holding(journal(3, 0..2));
    fs::rename(other.path(), file.path()).unwrap();
    assert_eq!(page.event().name, "restart");
    assert_eq!(page.until("newest").0, journal(3, 0..2));

    // Gone, and there again.
    fs::remove_file(file.path()).unwrap();
    fs::write(file.path(), journal(4, 0..1)).unwrap();
    assert_eq!(page.event().name, "restart");
    assert_eq!(page.until("newest").0, journal(4, 0..1));
}

#[test]
fn a_journal_in_parts_is_one_to_the_page_however_late_it_comes() {
    let reflector = Reflector::start("");
    let file = Scratch::new();
    let mut command = reflector.pinged("-c 200 -i 5ms --journal-max 10K --journal");
    let lab = Lab::on_a_run(command.arg(file.path()));
    let mut early = lab.page();
    let mut text = early.until_line("\"reply\":2,");
    text += &early.until("end").0;
    let kept = |number: u32| file.path().with_extension(format!("{number}"));
    let parts: Vec<_> = (1..10).map(kept).filter(|path| path.exists()).collect();
    assert!(parts.len() >= 2, "it was split");
    is_whole(&text);
    assert!(!text.contains("\"split\"") && !text.contains("\"part\""));
    assert!(!text.contains("\"gap\":"), "{text}");
    assert_eq!(lab.page().until("end").0, text, "a late page's");
    // From the middle of a part that has another name by now.
    let cut = text.match_indices('\n').nth(100).unwrap().0 + 1;
    let place = early_place(&lab, cut);
    assert_eq!(lab.page_from(&place).until("end").0, text[cut..]);
    drop(early);
    for part in parts {
        fs::remove_file(part).unwrap();
    }
}

/// The header by which a page resumes after so many bytes.
fn early_place(lab: &Lab, bytes: usize) -> String {
    let mut page = lab.page();
    let place = page.event().id;
    let run = place.split_once('-').unwrap().0;
    format!("Last-Event-ID: {run}-{bytes}\r\n")
}

#[test]
fn journals_of_every_command_are_followed() {
    let [served, sent, compared] = [0, 1, 2].map(|_| Scratch::new());
    let with = |arguments: &str, file: &Scratch| {
        format!("{arguments} --journal {}", file.path().display())
    };
    let reflector = Reflector::start(&with("--tcp", &served));
    let lab = Lab::following(served.path());
    let mut page = lab.page();
    let mut text = String::new();
    let address = reflector.address();
    let compare = with(&format!("compare {address} -c 2"), &compared);
    let heartbeat = with(&format!("heartbeat {address} -c 2 -i 20ms"), &sent);
    for arguments in [&compare, &heartbeat] {
        run(&mut support::udping_with(arguments));
    }
    text += &page.until_line("\"answered\"");
    reflector.stop();
    text += &page.until_line("\"served\":{");
    verified(&text.replace('\u{0}', ""));
    for file in [compared, sent] {
        let lab = Lab::following(file.path());
        assert_eq!(lab.page().until("newest").0, file.text());
    }
}

#[cfg(unix)]
#[test]
fn what_a_pipe_brings_is_kept_for_pages_that_come_later() {
    let pipe = Scratch::new();
    let made = run(Command::new("mkfifo").arg(pipe.path()));
    assert_eq!(made.code, Some(0), "{made:?}");
    let lab = Lab::following(pipe.path());
    let reflector = Reflector::start("");
    let mut command = reflector.pinged("-c 3 -i 20ms --journal");
    let ended = run(command.arg(pipe.path()));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for _ in 0..2 {
        let mut page = lab.page();
        let mut text = page.until_line("{\"summary\":");
        text += &page.until("end").0;
        is_whole(&text);
    }
    lab.running.signal("INT");
    assert_eq!(lab.running.finish().code, Some(0));
}

#[test]
fn a_class_may_look_where_that_is_asked_for_and_only_under_that_address() {
    // Every address of 127/8 is this machine's own, and this one is not what is usual.
    let file = Scratch::holding(journal(1, 0..2));
    let mut command = udping();
    command.args(["view", "--no-open", "--port", "0", "--listen", "127.0.0.2"]);
    let running = Running::start(command.arg("--follow").arg(file.path()));
    let line = running.line_with("the lab is at");
    let address = line.split("http://").nth(1).unwrap().trim();
    let (host, hash) = address.split_once("/#live=").unwrap();
    assert!(host.starts_with("127.0.0.2:"), "{line}");
    let ask = |host: &str| {
        let mut stream = TcpStream::connect(address.split_once('/').unwrap().0).unwrap();
        let request = format!("GET /{hash} HTTP/1.0\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = String::new();
        BufReader::new(stream).read_line(&mut head).unwrap();
        head
    };
    assert!(ask(host).contains(" 200 "), "{}", ask(host));
    assert!(ask("evil.example").contains(" 421 "));
    // Loopback's usual address is not open.
    let port: u16 = host.rsplit(':').next().unwrap().parse().unwrap();
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());

    for address in ["0.0.0.0", "::"] {
        let ended = run(udping().args(["view", "--no-open", "--listen", address]));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains("no address"), "{ended:?}");
    }
}
