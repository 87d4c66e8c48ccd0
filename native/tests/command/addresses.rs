//! Addresses in every place where one can stand, with zones, ports and names.

use std::net::UdpSocket;

use crate::support::{
    Reflector, Scratch, in_a_network_of_its_own, in_a_network_with_names, next_datagram, run,
    udp_socket, udping, udping_with,
};

/// A link with the address `fe80::5` at this end, whose interface is `near`, and a reflector
/// there; `$number` is its zone by number.
const LINK: &str = r#"ip link set lo up && ip link add near type veth peer far
    ip link set near up && ip link set far up && ip addr add fe80::5/64 dev near nodad
    number=$(ip -o link show near | cut -d: -f1)
    "$UDPING" serve --tcp --bind '[fe80::5%near]:7000' & server=$!
    until "$UDPING" -q -c 1 '[fe80::5%near]:7000' > /dev/null 2>&1; do :; done
"#;

#[test]
fn a_zone_may_stand_in_every_place_by_name_and_by_number() {
    let script = format!(
        r#"{LINK}
        good() {{ "$UDPING" "$@" > /dev/null && echo good; }}
        good -c 1 '[fe80::5%near]:7000'
        good -c 1 "[fe80::5%$number]:7000"
        good -c 1 -I near '[fe80::5]:7000'
        good -c 1 -I fe80::5%near '[fe80::5%near]:7000'
        good -c 1 -I fe80::5 '[fe80::5%near]:7000'
        good -c 1 -I "[fe80::5%$number]:6000" '[fe80::5%near]:7000'
        good heartbeat -c 1 '[fe80::5%near]:7000'
        good compare -c 1 "[fe80::5%$number]:7000"
        kill $server; wait $server
        "$UDPING" serve --bind "fe80::5%$number" & server=$!
        until "$UDPING" -q -c 1 fe80::5%near > /dev/null 2>&1; do :; done
        kill $server; wait $server
        "$UDPING" serve --heartbeat --bind '[fe80::5%near]:7000' & server=$!
        until "$UDPING" heartbeat -c 2 -i 10ms '[fe80::5%near]:7000' > /dev/null; do :; done
        kill $server; wait $server"#
    );
    let Some(ended) = in_a_network_of_its_own(&script) else {
        return;
    };
    assert_eq!(ended.stdout.matches("good").count(), 8, "{ended:?}");
    assert!(ended.stdout.contains("listening on [fe80::5%"), "{ended:?}");
    assert!(ended.stdout.contains("]:12000\n"), "{ended:?}");
}

#[test]
fn without_its_zone_an_address_is_an_error_that_names_what_there_is() {
    let script = r#"ip link add near type veth peer far
        "$UDPING" -c 1 fe80::5; "$UDPING" heartbeat -c 1 '[fe80::5]:7000'
        "$UDPING" compare -c 1 fe80::5; "$UDPING" -c 1 ff02::1
        "$UDPING" serve --bind '[fe80::5]:0'
        "$UDPING" -c 1 fe80::5%nowhere"#;
    let Some(ended) = in_a_network_of_its_own(script) else {
        return;
    };
    let said: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(said.len(), 6, "{ended:?}");
    for (line, address) in said
        .iter()
        .zip(["fe80::5", "fe80::5", "fe80::5", "ff02::1", "fe80::5"])
    {
        let missing = format!("{address} is a link-local address: write which link, as ");
        assert!(line.contains(&missing), "{line}");
        assert!(line.contains(&format!("{address}%INTERFACE")), "{line}");
        assert!(line.contains("; there are: lo, far, near"), "{line}");
    }
    assert!(
        said[5].contains("%nowhere: there is no such interface"),
        "{ended:?}"
    );
    assert!(said[5].contains("; there are: lo, far, near"), "{ended:?}");
}

#[test]
fn a_source_has_an_address_and_may_have_a_port() {
    let server = udp_socket();
    let address = server.local_addr().unwrap();
    let taken = UdpSocket::bind("127.0.0.78:0").unwrap();
    let source = taken.local_addr().unwrap();
    let refused = run(&mut udping_with(&format!("-c 1 -I {source} {address}")));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let why = format!("cannot send from {source}: another program is using that port");
    assert!(refused.stderr.contains(&why), "{refused:?}");
    // A port that was free a moment ago may be anybody's by now.
    let sent_from = (0..20).find_map(|_| {
        let free = UdpSocket::bind("127.0.0.78:0").unwrap();
        let source = free.local_addr().unwrap();
        drop(free);
        let arguments = format!("-c 1 -W 10ms -I {source} {address}");
        let ended = run(&mut udping_with(&arguments));
        (ended.code != Some(2)).then_some(source)
    });
    let (_, from) = next_datagram(&server, &mut [0; 100]);
    assert_eq!(Some(from), sent_from);
}

#[test]
fn a_source_of_one_family_chooses_among_a_names_addresses() {
    let hosts = "::1 both.example\n127.0.0.1 both.example\n";
    let script = r#""$UDPING" -c 1 -I 127.0.0.1 both.example:7000
        "$UDPING" -c 1 -I '[::1]:6000' both.example:7000"#;
    let Some(ended) = in_a_network_with_names(hosts, script) else {
        return;
    };
    assert!(ended.stdout.contains("(127.0.0.1:7000)"), "{ended:?}");
    assert!(ended.stdout.contains("([::1]:7000)"), "{ended:?}");
    assert_eq!(ended.stderr, "");
}

#[test]
fn a_name_in_other_letters_is_looked_up_as_servers_of_names_know_it() {
    let hosts = "127.0.0.1 xn--bcher-kva.example\n";
    let script = r#""$UDPING" -c 1 bücher.example:7000
        "$UDPING" heartbeat -c 1 BÜCHER.example:7000; "$UDPING" compare -c 1 bücher.example:7000
        "$UDPING" -c 1 straße.example"#;
    let Some(ended) = in_a_network_with_names(hosts, script) else {
        return;
    };
    for heading in [
        "PING bücher.example(127.0.0.1:7000)",
        "HEARTBEAT BÜCHER.example (127.0.0.1:7000)",
        "COMPARE bücher.example (127.0.0.1:7000)",
    ] {
        assert!(ended.stdout.contains(heading), "{heading}: {ended:?}");
    }
    let unknown = "cannot find the host `straße.example (xn--strae-oqa.example)`";
    assert!(ended.stderr.contains(unknown), "{ended:?}");
    // Not every text is a name.
    let ended = run(udping().args(["-c", "1", "ü\u{202e}x.example"]));
    assert!(ended.stderr.contains("cannot be a name"), "{ended:?}");
}

#[test]
fn no_address_at_all_is_said_to_mean_this_host() {
    let server = Reflector::start("--tcp");
    let port = server.port;
    for (command, before) in [("", ""), ("heartbeat", " "), ("compare", " ")] {
        let ended = run(&mut udping_with(&format!("{command} -c 1 0.0.0.0:{port}")));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let said = format!("0.0.0.0, which means this host{before}(127.0.0.1:{port})");
        assert!(ended.stdout.contains(&said), "{ended:?}");
    }
    let ended = run(&mut udping_with("-c 1 -W 10ms [::]:9"));
    let said = "PING ::, which means this host([::1]:9)";
    assert!(ended.stdout.contains(said), "{ended:?}");
}

#[test]
fn a_target_that_moves_is_followed_if_asked_for_and_on_record() {
    follow_a_target("");
    // A port of one's own stays.
    follow_a_target("-I 127.0.0.1:6001");
}

fn follow_a_target(arguments: &str) {
    let (file, id) = (Scratch::new(), Scratch::new());
    // The third reply has the name move; the first one from there ends the run.
    let script = format!(
        r#""$UDPING" serve --bind 127.0.0.1:7000 > /dev/null 2>&1 & one=$!
        "$UDPING" serve --bind 127.0.0.2:7000 > /dev/null 2>&1 & two=$!
        until "$UDPING" -q -c 1 127.0.0.1:7000 > /dev/null; do :; done
        until "$UDPING" -q -c 1 127.0.0.2:7000 > /dev/null; do :; done
        sh -c 'echo $$ > {id}; exec "$UDPING" -c 0 -i 20ms -w 60 --resolve-again 50ms {arguments} \
            --journal {file} moving.example:7000' |
            while read -r line; do
                echo "$line"
                case $line in
                *seq=3\ *) echo '127.0.0.2 moving.example' > /etc/hosts ;;
                *from\ 127.0.0.2:*) test -e {id} && kill -INT $(cat {id}); rm -f {id} ;;
                esac
            done
        kill $one $two; wait $one $two; "$UDPING" replay {file}"#,
        file = file.path().display(),
        id = id.path().display(),
    );
    let Some(ended) = in_a_network_with_names("127.0.0.1 moving.example\n", &script) else {
        return;
    };
    let said = "the target's address was 127.0.0.1 and is now 127.0.0.2: probes go there";
    assert_eq!(ended.stdout.matches(said).count(), 2, "{ended:?}");
    assert!(ended.stdout.contains(" 0 differences"), "{ended:?}");
    // The last figures are those of where probes went last, in the run and in its replay.
    for title in ["127.0.0.2:7000", "moving.example (127.0.0.2:7000)"] {
        let title = format!("--- {title} ping statistics ---");
        assert!(ended.stdout.contains(&title), "{title}: {ended:?}");
    }
    let journal = file.text();
    let summary = journal.lines().last().unwrap();
    assert!(summary.contains("\"address\":\"127.0.0.2\""), "{summary}");
    let incident = journal
        .lines()
        .find(|it| it.contains("\"moved_target\""))
        .unwrap();
    assert!(incident.contains("\"address\":\"127.0.0.2\""), "{incident}");
    assert!(
        incident.contains("\"old_address\":\"127.0.0.1\""),
        "{incident}"
    );
}
