//! The help: short on a screen, in groups, with examples that work, in both languages.

use crate::support::{run, udping, udping_with};

const LANGUAGES: [&str; 2] = ["en", "pt-BR"];

/// The subcommands, as the usage of the short help lists them.
fn commands(language: &str) -> Vec<String> {
    let help = short_help("", language);
    let lines = help.lines().skip_while(|line| !line.contains('|'));
    let lines = lines.take_while(|line| !line.is_empty());
    let lists = lines.filter_map(|line| line.split_whitespace().last());
    lists
        .flat_map(|it| it.split('|'))
        .map(str::to_owned)
        .collect()
}

fn short_help(command: &str, language: &str) -> String {
    let ended = run(&mut udping_with(&format!("{command} -h --lang {language}")));
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    ended.stdout
}

#[test]
fn the_short_help_of_every_command_fits_a_screen_of_80_by_40() {
    for language in LANGUAGES {
        let mut commands = commands(language);
        assert!(commands.len() >= 6, "{commands:?}");
        commands.push(String::new());
        for command in commands {
            // However wide the terminal is.
            let arguments = [command.as_str(), "-h", "--lang", language];
            let arguments = arguments.iter().filter(|it| !it.is_empty());
            let help = run(udping().args(arguments).env("COLUMNS", "200")).stdout;
            let lines = help.lines().count();
            let widest = help.lines().map(|it| it.chars().count()).max();
            assert!(lines <= 40, "{lines} lines:\n{help}");
            assert!(widest <= Some(80), "{widest:?} columns:\n{help}");
        }
    }
}

#[test]
fn the_short_help_has_groups_and_five_examples() {
    for (language, headings) in [
        (
            "en",
            [
                "\nSchedule:\n",
                "\nProbes:\n",
                "\nOutput and journal:\n",
                "\nExamples:\n",
            ],
        ),
        (
            "pt-BR",
            [
                "\nRitmo e fim:\n",
                "\nSondas:\n",
                "\nSaída e gravação:\n",
                "\nExemplos:\n",
            ],
        ),
    ] {
        let help = short_help("", language);
        let places = headings.map(|heading| help.find(heading).unwrap());
        assert!(places.is_sorted(), "{help}");
        let (_, examples) = help.split_at(places[3]);
        assert_eq!(examples.matches("\n  udping ").count(), 5, "{examples}");
        // A flag has one line, and what is rare is in the long help.
        assert!(help.contains("-i, --interval"), "{help}");
        for rare in ["--spin", "--hmac-key-file", "-S <"] {
            assert!(!help.contains(rare), "{rare}: {help}");
            let long = run(&mut udping_with(&format!("--help --lang {language}"))).stdout;
            assert!(long.contains(rare), "{rare}: {long}");
        }
    }
}

#[test]
fn every_command_is_in_the_short_help_and_in_the_long_one() {
    for language in LANGUAGES {
        let long = run(&mut udping_with(&format!("--help --lang {language}"))).stdout;
        for command in commands(language) {
            assert!(
                long.contains(&format!("\n  {command} ")),
                "{command}: {long}"
            );
        }
    }
}
