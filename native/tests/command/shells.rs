//! What shells and `man` get: completions and pages, from the same grammar as the help.

use std::process::Command;

use crate::support::{Scratch, run, udping, udping_with};

/// Whether a program is here.
fn is_here(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output();
    found.is_ok_and(|it| it.status.success())
}

/// A script of completions, in a file.
fn completions(shell: &str, language: &str) -> Scratch {
    let ended = run(&mut udping_with(&format!(
        "completions {shell} --lang {language}"
    )));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    Scratch::holding(&ended.stdout)
}

#[test]
fn bash_completes_commands_flags_and_values() {
    for (words, offered) in [
        ("--wi", vec!["--window", "--wire", "--wire-file"]),
        ("--wire st", vec!["stamp"]),
        ("comp", vec!["compare", "completions"]),
        ("serve --rep", vec!["--reply"]),
        ("serve --reply u", vec!["upper"]),
        ("completions po", vec!["powershell"]),
    ] {
        let script = completions("bash", "en");
        let program = "source \"$0\"; COMP_WORDS=(udping $1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _udping udping \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"
            printf '%s\\n' \"${COMPREPLY[@]}\"";
        let mut bash = Command::new("bash");
        let ended = run(bash.args(["-c", program]).arg(script.path()).arg(words));
        assert_eq!(ended.stderr, "", "{words}");
        let mut replies: Vec<&str> = ended.stdout.lines().collect();
        replies.sort_unstable();
        assert_eq!(replies, offered, "{words}");
    }
}

#[test]
fn other_shells_read_their_completions_which_speak_the_language() {
    for (shell, check) in [
        ("zsh", "-n"),
        ("fish", "--no-execute"),
        ("powershell", ""),
        ("bash", "-n"),
    ] {
        for (language, words) in [
            ("en", "Print only the first line and the summary"),
            ("pt-BR", "Mostra só a primeira linha e o resumo"),
        ] {
            let script = completions(shell, language);
            let text = script.text();
            assert!(
                text.contains("--quiet") || text.contains("quiet"),
                "{shell}"
            );
            // Bash shows no help beside a flag.
            assert_eq!(text.contains(words), shell != "bash", "{shell} {language}");
            if !check.is_empty() && is_here(shell) {
                let ended = run(Command::new(shell).arg(check).arg(script.path()));
                assert_eq!(ended.code, Some(0), "{shell}: {ended:?}");
            }
        }
    }
    let unknown = run(&mut udping_with("completions tcsh"));
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(
        unknown.stderr.contains("possible values: bash"),
        "{unknown:?}"
    );
}

#[test]
fn the_manual_has_a_page_for_every_command_with_its_flags_and_examples() {
    for (language, sections) in [
        (
            "en",
            [
                "NAME",
                "SYNOPSIS",
                "DESCRIPTION",
                "SCHEDULE",
                "COMMANDS",
                "EXAMPLES",
            ],
        ),
        (
            "pt-BR",
            [
                "NOME",
                "SINOPSE",
                "DESCRIÇÃO",
                "\"RITMO E FIM\"",
                "COMANDOS",
                "EXEMPLOS",
            ],
        ),
    ] {
        let folder = Scratch::folder();
        let mut man = udping_with(&format!("man --lang {language} --out"));
        let ended = run(man.arg(folder.path()));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let page = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let general = page("udping.1");
        for section in sections {
            assert!(
                general.contains(&format!("\n.SH {section}\n")),
                "{section}: {general}"
            );
        }
        // Rare flags, which the short help lacks, too.
        for flag in ["fB\\-O", "\\-\\-redact", "\\-\\-hmac\\-key\\-file"] {
            assert!(general.contains(flag), "{flag}: {general}");
        }
        let pages: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert!(pages.len() > 8, "{pages:?}");
        for entry in pages {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let command = name.strip_prefix("udping-").unwrap_or_default();
            let command = command.trim_end_matches(".1");
            let printed = run(&mut udping_with(&format!(
                "man {command} --lang {language}"
            )));
            assert_eq!(printed.stdout, page(&name), "{name}");
            if is_here("man") {
                let mut man = Command::new("man");
                let man = man.args(["--warnings", "-E", "UTF-8", "-l"]);
                let read = run(man.arg(folder.path().join(&name)).env("LC_ALL", "C.UTF-8"));
                assert_eq!((read.code, read.stderr.as_str()), (Some(0), ""), "{name}");
            }
        }
    }
    let unknown = run(udping().args(["man", "x"]));
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(unknown.stderr.contains("no page for `x`"), "{unknown:?}");
    let nowhere = run(udping().args(["man", "--out", "/proc/none"]));
    assert_eq!(nowhere.code, Some(2), "{nowhere:?}");
    assert!(
        nowhere.stderr.contains("cannot write the page /proc/none/"),
        "{nowhere:?}"
    );
}
