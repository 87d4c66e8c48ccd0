//! The command in Portuguese: nothing of it is left in English, and nothing but what
//! people read changes.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::support::{Ended, Reflector, Running, Scratch, run, run_with_input, udping_with};

const ENGLISH: &str = include_str!("../../locales/en.ftl");
const PORTUGUESE: &str = concat!(
    include_str!("../../locales/pt-BR.ftl"),
    include_str!("../../locales/errors.pt-BR.ftl"),
    include_str!("../../locales/help.pt-BR.ftl"),
);

/// Names that are the same in every language, and look like English words.
const NAMES: [&str; 8] = [
    "address", "any", "do", "dont", "serve", "simulate", "upper", "view",
];

/// A simulation in which everything happens.
const BUSY: &str = "simulate -c 40 -W 60ms --seed 5 --loss 5%,10% --delay 10ms,20ms \
                    --jitter 5ms,25ms --duplicate 5% --reorder 10% --service 1ms";

/// The messages of a catalogue, by name.
fn messages(catalogue: &str) -> BTreeMap<&str, String> {
    let mut messages: BTreeMap<&str, String> = BTreeMap::new();
    let mut last = "";
    for line in catalogue.lines().filter(|line| !line.starts_with('#')) {
        let begins = line.starts_with(|letter: char| letter.is_ascii_lowercase());
        let (name, text) = line
            .split_once(" =")
            .filter(|_| begins)
            .unwrap_or((last, line));
        last = name;
        messages.entry(name).or_default().push_str(text);
    }
    messages
}

fn portuguese(arguments: &str) -> Command {
    udping_with(&format!("--lang pt-BR {arguments}"))
}

/// The words of a text, without flags, places, code and variables.
fn words(text: &str) -> BTreeSet<String> {
    text.split(char::is_whitespace)
        .filter(|word| !word.contains(['-', '/', '`', '\'', '$']))
        .flat_map(|word| word.split(|letter: char| !letter.is_alphabetic()))
        .filter(|word| word.len() > 1)
        .map(str::to_lowercase)
        .collect()
}

/// What is typed as it stands: a comma would begin a second value.
const TYPED: [&str; 2] = ["0.3", "1.0"];

/// The numbers with a decimal point in `text`, but for ping's own lines, what is typed,
/// and times as journals and `-D` have them. Addresses and versions have more points.
fn decimal_points(text: &str) -> Vec<&str> {
    let pings = [
        " tempo=",
        " de perda de pacotes, tempo ",
        "rtt min/avg/max/mdev = ",
    ];
    let lines = text
        .lines()
        .filter(|line| !pings.iter().any(|own| line.contains(own)));
    let times = |word: &&str| word.starts_with('[') || word.trim_end_matches(',').ends_with('Z');
    let words = lines.flat_map(str::split_whitespace);
    let words = words.filter(|word| !times(word));
    let numbers = words.flat_map(|word| word.split(|it: char| !it.is_ascii_digit() && it != '.'));
    let numbers = numbers.map(|number| number.trim_matches('.'));
    numbers
        .filter(|number| number.matches('.').count() == 1 && !TYPED.contains(number))
        .collect()
}

/// Asserts that `said` has none of the catalogue's English words, nor of `english`,
/// which says the same in English, and no decimal point.
fn assert_portuguese(said: &str, english: &str) {
    assert_eq!(decimal_points(said), Vec::<&str>::new(), "{said}");
    let only_english: BTreeSet<String> = &(&words(ENGLISH) | &words(english)) - &words(PORTUGUESE);
    let left: Vec<String> = (&words(said) & &only_english)
        .into_iter()
        .filter(|word| !NAMES.contains(&word.as_str()))
        .collect();
    assert!(left.is_empty(), "{left:?} in:\n{said}");
}

/// `udping serve` in Portuguese, and its address.
fn serving(arguments: &str) -> (Running, String) {
    let running = Running::start(&mut portuguese(&format!(
        "serve --bind 127.0.0.1:0 {arguments}"
    )));
    let line = running.line();
    let address = line.strip_prefix("escutando em ").map(str::to_owned);
    let address = address.unwrap_or_else(|| panic!("no address in {line}"));
    (running, address)
}

fn ended(running: Running) -> Ended {
    running.signal("TERM");
    running.finish()
}

#[test]
fn no_message_was_only_copied() {
    let portuguese = messages(PORTUGUESE);
    for (name, english) in messages(ENGLISH) {
        let own = words(&portuguese[name]);
        let english = words(&english);
        let same = english.intersection(&own).count();
        // Some words are the same in both, such as `timeout`; of a short message all may be.
        let copied = english.len() > 3 && same * 2 > english.len();
        assert!(!copied, "{name}: {own:?}");
    }
}

/// Commands that have a number of every kind to say. What is left out of [`decimal_points`]
/// is there to be found, and so are commas.
#[test]
fn no_sentence_has_a_decimal_point() {
    for (name, message) in messages(PORTUGUESE) {
        assert_eq!(decimal_points(&message), Vec::<&str>::new(), "{name}");
    }
    let odd = "--loss 12.5%,0.25% --delay 1500us --jitter 2500us --duplicate 0.5% --reorder 0.5%";
    let journal = run(&mut udping_with(&format!("{BUSY} --journal -"))).stdout;
    let file = Scratch::holding(&journal);
    let (server, address) = serving(&format!("{odd} --seed 1"));
    let (stamp, reflector) = serving("--wire stamp --stateful --loss 10% --seed 1");
    let (heartbeats, receiver) = serving("--heartbeat --silence 1500ms");
    let mut said: Vec<String> = [
        format!("{address} -D -c 40 -i 2ms -W 1500us --linger 100ms"),
        format!("{address} -c 20 -W 1500ms --wait 60500ms"),
        format!("{reflector} --wire stamp -c 20 -W 50ms"),
        format!("heartbeat {receiver} -c 3 -i 1500us"),
        format!("replay {} --timeout 1500us", file.path().display()),
        format!("simulate -q -c 20000 -i 2500us {odd} --service 1500us"),
        "simulate --jitter 3600.5s".to_owned(),
    ]
    .iter()
    .map(|arguments| run(&mut portuguese(arguments)))
    .flat_map(|ended| [ended.stdout, ended.stderr])
    .collect();
    for server in [server, stamp, heartbeats] {
        let ended = ended(server);
        said.extend([ended.stdout, ended.stderr]);
    }
    for said in &said {
        assert_eq!(decimal_points(said), Vec::<&str>::new(), "{said}");
    }
    let all = said.concat();
    for number in [
        "1,5ms de atraso",
        "0,25% de perda",
        "timeout de 1,5ms",
        "a cada 1,5ms",
    ] {
        assert!(all.contains(number), "{number}: {all}");
    }
}

#[test]
fn a_ping_with_replies_losses_and_late_replies() {
    let (server, address) = serving("--delay 80ms");
    let limit = run(&mut portuguese(&format!(
        "{address} -c 6 -W 60ms --linger 60s"
    )));
    assert_eq!(limit.code, Some(1), "{limit:?}");
    assert!(
        limit
            .stdout
            .contains("sem resposta de 127.0.0.1: seq=1 perdida após 60,0 ms"),
        "{limit:?}"
    );
    assert!(limit.stdout.contains(": continua perdida)"), "{limit:?}");
    let patient = run(&mut portuguese(&format!("{address} -c 2 -W 60s")));
    assert!(
        patient.stdout.contains(" tempo="),
        "the decimal point and the keys stay: {patient:?}"
    );
    assert!(
        patient
            .stdout
            .contains("2 pacotes transmitidos, 2 recebidos, 0% de perda de pacotes, tempo "),
        "{patient:?}"
    );
    assert!(patient.stdout.contains("\nrtt min/avg/max/mdev = "));
    let summary = ended(server);
    assert!(summary.stdout.starts_with("8 requisições, "), "{summary:?}");
    for said in [&limit, &patient, &summary] {
        assert_portuguese(&said.stdout, "");
        assert_portuguese(&said.stderr, "");
    }
}

#[test]
fn a_ping_that_is_refused() {
    let nobody = std::net::UdpSocket::bind("127.0.0.79:0");
    let address = nobody.unwrap().local_addr().unwrap();
    let refused = run(&mut portuguese(&format!("{address} -c 2")));
    assert_eq!(refused.code, Some(1));
    assert!(refused.stdout.contains("127.0.0.79 recusou seq=1 após "));
    assert!(
        refused
            .stdout
            .ends_with("inicie um servidor lá ou confira a porta.\n"),
        "{refused:?}"
    );
    assert_portuguese(&refused.stdout, "");
}

#[test]
fn a_server_that_logs_and_refuses() {
    let (server, address) = serving("--verbose --allow 192.0.2.1 --seed 1 --delay 1ms,0");
    run(&mut portuguese(&format!("{address} -c 3 -W 10ms")));
    let line = server.line_with("requisição 3 de 127.0.0.1:");
    assert!(line.ends_with(": sem resposta, a origem não está em uma rede permitida"));
    let summary = ended(server);
    let counts = "3 requisições, 0 respostas, 3 descartadas por vir de uma rede não permitida\n";
    assert_eq!(summary.stdout, counts);
    assert!(
        summary
            .stderr
            .contains("na ida: 1ms de atraso; na volta: nada; semente 1")
    );
    assert_portuguese(&summary.stdout, "");
    assert_portuguese(&summary.stderr, "");
}

#[test]
fn a_replay_with_and_without_differences_and_a_what_if() {
    let journal = run(&mut udping_with(&format!("{BUSY} --journal -"))).stdout;
    let file = Scratch::holding(&journal);
    let path = file.path().display();
    let verified = run(&mut portuguese(&format!("replay {path} --timeout 30ms")));
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert!(verified.stdout.contains("\nverificado: "), "{verified:?}");
    assert!(verified.stdout.contains(" decisões, 0 diferenças\n"));
    assert!(
        verified
            .stdout
            .contains("--- com um timeout de 30ms em vez de 60ms ---")
    );
    assert_portuguese(&verified.stdout, "");

    let forged = journal.replacen("\"rtt_ns\":", "\"rtt_ns\":1", 1);
    let (cut, _) = forged.rsplit_once("\n{").unwrap();
    let differs = run_with_input(&mut portuguese("replay -"), cut.as_bytes());
    assert_eq!(differs.code, Some(1), "{differs:?}");
    assert!(differs.stdout.contains("\nNÃO verificado: "), "{differs:?}");
    assert!(differs.stdout.contains("a gravação diz {"), "{differs:?}");
    assert!(differs.stdout.contains("\nnota: a gravação foi cortada "));
    // What the journal holds are its own keys.
    let said: Vec<&str> = differs
        .stdout
        .lines()
        .filter(|it| !it.contains('{'))
        .collect();
    assert_portuguese(&said.join("\n"), "");
}

#[test]
fn heartbeats_at_both_ends() {
    // The seed loses some of them.
    let (server, address) = serving("--heartbeat --silence 2s --loss 30%,0% --seed 3");
    let sent = run(&mut portuguese(&format!(
        "heartbeat {address} -c 10 -i 20ms"
    )));
    assert!(
        sent.stdout.contains("\nheartbeats enviados: 10, em "),
        "{sent:?}"
    );
    let mut heard = server.line_with("novo cliente: ");
    heard += &server.line_with(" parou, ou nada dele chega");
    let summary = ended(server);
    assert!(
        summary
            .stdout
            .contains("--- estatísticas de heartbeats ---\n"),
        "{summary:?}"
    );
    for said in [&sent.stdout, &heard, &summary.stdout, &summary.stderr] {
        assert_portuguese(said, "");
    }
}

#[test]
fn a_comparison_of_udp_and_tcp() {
    let (server, address) = serving("--tcp");
    let compared = run(&mut portuguese(&format!("compare {address} -c 2 -W 60s")));
    assert_eq!(compared.code, Some(0), "{compared:?}");
    assert!(
        compared
            .stdout
            .contains(&format!("--- comparação com {address} ---\n")),
        "{compared:?}"
    );
    let summary = ended(server);
    assert!(
        summary
            .stdout
            .contains("TCP: 3 conexões, 4 requisições, 4 respostas"),
        "{summary:?}"
    );
    for said in [&compared, &summary] {
        assert_portuguese(&said.stdout, "");
        assert_portuguese(&said.stderr, "");
    }
}

#[test]
fn errors_say_in_portuguese_what_to_try() {
    let not_ours = Scratch::holding("{}\n");
    let replay = format!("replay {}", not_ours.path().display());
    for (arguments, expected) in [
        (replay.as_str(), ": isto não é uma gravação do udping: "),
        (
            "replay /nowhere/x",
            "não foi possível abrir a gravação /nowhere/x: ",
        ),
        ("simulate -c 0", "informe a quantidade com -c"),
        ("simulate -i 1ms -W 104y", "`y` não é uma unidade de tempo"),
        (
            "simulate -f --match any",
            "não dá para simular isso: respostas sem número",
        ),
        (
            "serve --stateful",
            "as opções do STAMP precisam de --wire stamp",
        ),
        (
            "simulate --jitter 20h",
            "pedidas para a volta não são possíveis: jitter.spread é 72000s: tem de ser de 0 a 3600s",
        ),
        (
            "simulate --loss 300%",
            "para '--loss <TAXA>': uma taxa é no máximo 100%",
        ),
        (
            "simulate --bogus",
            "erro: argumento desconhecido: '--bogus'\n\nUso: udping simulate",
        ),
        (
            "simulate --cuont 3",
            "dica: existe algo parecido: '--count'",
        ),
        (
            "simulate --match all",
            "inválido 'all' para '--match <QUAIS>'\n  [valores possíveis: seq, any]",
        ),
        ("simulate -i 1s -f", "não pode ser usado com"),
        ("simulate --loss", "'--loss <TAXA>' precisa de um valor"),
        (
            "serve --silence 3s",
            "faltam argumentos obrigatórios:\n  --heartbeat\n",
        ),
        (
            "-c 3",
            "faltam argumentos obrigatórios:\n  <HOST[:PORTA]>\n\nUso: ",
        ),
        ("", "comece por `udping demo`"),
    ] {
        let said = run(&mut portuguese(arguments));
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.stderr.contains(expected), "{said:?}");
        let own = said.stderr.split(" (os error").next().unwrap();
        let own = own.replace("No such file or directory", "");
        assert_portuguese(&own, "");
    }
}

#[test]
fn the_help_of_every_command_is_in_portuguese() {
    for command in [
        "",
        "serve",
        "demo",
        "compare",
        "heartbeat",
        "replay",
        "simulate",
        "view",
    ] {
        for flag in ["-h", "--help"] {
            let english = run(&mut udping_with(&format!("{command} {flag}")));
            let said = run(&mut portuguese(&format!("{command} {flag}")));
            assert_eq!((english.code, said.code), (Some(0), Some(0)), "{said:?}");
            assert!(english.stdout.contains("Usage: udping"), "{english:?}");
            assert!(said.stdout.contains("Uso: udping"), "{said:?}");
            assert_portuguese(&said.stdout, &english.stdout);
            let flags = |text: &str| -> BTreeSet<String> {
                let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-'));
                let flags = words.filter(|word| word.starts_with('-'));
                flags.map(str::to_owned).collect()
            };
            for flag in flags(&english.stdout) {
                assert!(flags(&said.stdout).contains(&flag), "{flag}: {said:?}");
            }
            // In the same order, below as many headings.
            let outline = |text: &str| -> Vec<String> {
                let lines = text.lines().filter_map(|line| {
                    let begins = line.trim_start();
                    let indent = line.len() - begins.len();
                    if begins.starts_with('-') && (2..=6).contains(&indent) {
                        begins.split([' ', ',', '[']).next()
                    } else {
                        (indent == 0 && line.ends_with(':')).then_some("heading")
                    }
                });
                lines.map(str::to_owned).collect()
            };
            assert_eq!(outline(&english.stdout), outline(&said.stdout), "{command}");
        }
    }
}

#[test]
fn what_programs_read_is_the_same_in_every_language() {
    for arguments in [format!("{BUSY} --journal -"), "--version".to_owned()] {
        let english = run(&mut udping_with(&arguments));
        let said = run(&mut portuguese(&arguments));
        assert_eq!(english.stdout, said.stdout);
    }
    // Of a real session, but for what is measured: its keys and words.
    let server = Reflector::start("");
    let keys = |lang: &str| {
        let ended = run(&mut server.pinged(&format!("--lang {lang} -c 3 -W 60s --json --redact")));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        // How the machine fared is not the same every time.
        let lines = ended
            .stdout
            .lines()
            .filter(|line| !line.contains("\"incident\""));
        words(&lines.collect::<String>())
    };
    assert_eq!(keys("en"), keys("pt-BR"));
}

#[test]
fn the_environment_chooses_where_no_flag_does() {
    let heading = |locale: &str, arguments: &str| {
        let ended = run(udping_with(arguments).env("LC_ALL", locale));
        ended.stdout.split(',').next().unwrap().to_owned()
    };
    let (english, portuguese) = ("PING in virtual time", "PING em tempo virtual");
    assert_eq!(heading("pt_BR.UTF-8", "simulate"), portuguese);
    assert_eq!(heading("en_GB.UTF-8", "simulate"), english);
    assert_eq!(heading("pt_BR.UTF-8", "simulate --lang en"), english);
    assert_eq!(heading("C", "--lang=pt-BR simulate"), portuguese);
}

#[test]
fn a_comparison_and_heartbeats() {
    let (server, address) = serving("--tcp --loss 40% --seed 2");
    let compared = run(&mut portuguese(&format!(
        "compare {address} -c 3 --linger 0"
    )));
    for words in ["tcp nova", "idas e voltas", "retransmitiu", "Calculado: "] {
        assert!(compared.stdout.contains(words), "{words}: {compared:?}");
    }
    let summary = ended(server);
    assert!(summary.stdout.contains("\nTCP: "), "{summary:?}");

    let (server, address) = serving("--heartbeat --loss 40%,0% --seed 2");
    let sent = run(&mut portuguese(&format!(
        "heartbeat {address} -c 5 -i 10ms"
    )));
    assert!(sent.stdout.contains("heartbeats enviados: 5, "), "{sent:?}");
    let heard = ended(server);
    assert!(heard.stdout.contains("novo cliente: "), "{heard:?}");
    for said in [&compared, &summary, &sent, &heard] {
        assert_portuguese(&said.stdout, "");
        assert_portuguese(&said.stderr, "");
    }
}
