//! The filter against an evaluation of its own: every probe and event looked at by hand.

use proptest::prelude::*;
use udping_link::{Rate, Seed};

use super::*;
use crate::filter::Matches;
use crate::log::{Event, Symbol};
use crate::presets::Preset;

fn run() -> Run {
    let mut setup = Preset::Textbook.setup(Seed::from_low_bits(20));
    setup.count = 40;
    setup.scenario.reply.duplicate = Rate::from_ppm(200_000).unwrap();
    Run::simulate(&setup.header().unwrap()).unwrap()
}

fn events(run: &Run, text: &str) -> Vec<Event> {
    let lexicon = [
        ("perdida", Word::Fact(Fact::Lost)),
        ("enviada", Word::Event("event-sent")),
    ];
    let query = Query::parse(text, &lexicon).unwrap();
    let events = (0..run.events()).filter(|event| query.holds(run, *event));
    events.filter_map(|event| run.event(event)).collect()
}

fn seqs(run: &Run, text: &str) -> Vec<u64> {
    let found = Matches::of(run, &Query::parse(text, &[]).unwrap());
    let probes = (0..run.probes()).filter(|probe| found.probe(*probe));
    let end = run.after(run.events());
    probes
        .map(|probe| run.probe(probe, end).unwrap().seq)
        .collect()
}

fn symbols(run: &Run, wanted: &[Symbol]) -> Vec<u64> {
    let end = run.after(run.events());
    let probes = (0..run.probes()).filter_map(|probe| run.probe(probe, end));
    probes
        .filter(|probe| wanted.contains(&probe.symbol.unwrap()))
        .map(|probe| probe.seq)
        .collect()
}

#[test]
fn words_find_probes_by_what_became_of_them() {
    let run = run();
    let lost = symbols(&run, &[Symbol::Lost, Symbol::Late]);
    assert!(lost.len() > 5);
    assert_eq!(seqs(&run, "lost"), lost);
    assert_eq!(
        seqs(&run, "LOST and not late"),
        symbols(&run, &[Symbol::Lost])
    );
    assert_eq!(seqs(&run, "-lost"), symbols(&run, &[Symbol::Replied]));
    assert_eq!(seqs(&run, "lost or replied").len(), 40);
    assert_eq!(seqs(&run, "lost replied"), [0_u64; 0], "both of one");
    assert!(!seqs(&run, "duplicate").is_empty());
    assert!(seqs(&run, "differs or refused or in-flight").is_empty());
    // All that happened to a probe is found with it.
    let story: Vec<usize> = (0..run.probes())
        .filter(|probe| lost.contains(&run.probe(*probe, run.after(0)).unwrap().seq))
        .flat_map(|probe| run.story(probe))
        .collect();
    let found: Vec<usize> = events(&run, "perdida").iter().map(|it| it.index).collect();
    assert_eq!(found.len(), story.len());
    assert!(story.iter().all(|event| found.contains(event)));
}

#[test]
fn an_event_is_found_by_its_name() {
    let run = run();
    for text in ["event:sent", "sent", "event=enviada", "evento:Enviada"] {
        let found = events(&run, text);
        assert_eq!(found.len(), 40, "{text}");
        assert!(
            found
                .iter()
                .all(|it| matches!(it.what, EventData::Sent { .. }))
        );
    }
    assert_eq!(events(&run, "event!=sent").len(), run.events() - 40);
    assert_eq!(events(&run, "").len(), run.events());
}

#[test]
fn fields_have_values_and_ranges() {
    let run = run();
    assert_eq!(seqs(&run, "seq:5"), [5]);
    assert_eq!(seqs(&run, "7"), [7]);
    assert_eq!(seqs(&run, "#7"), [7]);
    assert_eq!(seqs(&run, "3,5,9-11"), [3, 5, 9, 10, 11]);
    assert_eq!(seqs(&run, "seq:5..7"), [5, 6, 7]);
    assert_eq!(seqs(&run, "seq:5-7"), [5, 6, 7]);
    assert_eq!(seqs(&run, "seq > 38"), [39, 40]);
    assert_eq!(seqs(&run, "seq<=2"), [1, 2]);
    assert_eq!(seqs(&run, "seq≥39"), [39, 40]);
    assert!(seqs(&run, "seq<0").is_empty());
    assert_eq!(seqs(&run, "seq:39.."), [39, 40]);
    assert_eq!(seqs(&run, "seq:..2 -seq:1"), [2]);
    assert_eq!(seqs(&run, "seq!=1-38"), [39, 40]);
    assert_eq!(seqs(&run, "(seq:1 or seq:2) and not (seq:2)"), [1]);
    let slow = seqs(&run, "rtt>=90ms");
    let quick = seqs(&run, "rtt<90");
    assert!(!slow.is_empty() && !quick.is_empty());
    assert_eq!(
        slow.len() + quick.len(),
        symbols(&run, &[Symbol::Replied, Symbol::Late]).len()
    );
    assert_eq!(seqs(&run, "sent<=0,0s"), [1]);
    assert_eq!(events(&run, "at<=0 sent").len(), 1);
    // Both clocks are one in a simulation, and this wire does not carry the server's.
    assert!(seqs(&run, "there>=0").is_empty());
}

#[test]
fn and_binds_more_than_or() {
    let run = run();
    assert_eq!(seqs(&run, "seq:1 or seq:2 and seq:3"), [1]);
    assert_eq!(seqs(&run, "seq:1 || seq:2 && seq<9"), [1, 2]);
    assert_eq!(seqs(&run, "(1 ou 2) e não 2"), [1]);
    assert_eq!(seqs(&run, "!(seq>2)"), [1, 2]);
}

#[test]
fn what_means_nothing_is_named_with_its_column() {
    let error = |text: &str| {
        let error = Query::parse(text, &[]).unwrap_err();
        (error.term, error.at, error.what)
    };
    let term = |term: &str, at, what| (term.to_owned(), at, what);
    assert_eq!(
        error("lost  perhaps"),
        term("perhaps", 6, "query-unknown-word")
    );
    assert_eq!(error("não é"), term("é", 4, "query-unknown-word"));
    assert_eq!(error("seq:five"), term("five", 4, "query-bad-number"));
    assert_eq!(error("late or rtt>5h"), term("5h", 12, "query-bad-span"));
    assert_eq!(error("at>x"), term("x", 3, "query-bad-time"));
    assert_eq!(
        error("colour:red"),
        term("colour", 0, "query-unknown-field")
    );
    assert_eq!(error("event>lost"), term("event", 0, "query-unknown-field"));
    assert_eq!(error("rtt>"), term("", 4, "query-needs-value"));
    assert_eq!(error("rtt> or lost"), term("or", 5, "query-bad-span"));
    assert_eq!(error("rtt"), term("", 3, "query-needs-value"));
    assert_eq!(error("late or "), term("", 7, "query-needs-term"));
    assert_eq!(error("or late"), term("or", 0, "query-needs-term"));
    assert_eq!(error("(late"), term("(", 0, "query-unclosed"));
    assert_eq!(error("late)"), term(")", 4, "query-unopened"));
    assert_eq!(error("-"), term("-", 0, "query-unknown-word"));
    assert_eq!(error(&"(".repeat(100)).2, "query-too-deep");
    assert_eq!(error(&"not ".repeat(100)).2, "query-too-deep");
}

#[test]
fn completions_fit_where_the_caret_is() {
    let words = |text: &str| -> Vec<String> {
        let found = complete(
            text,
            text.chars().count(),
            &[("tardia", Word::Fact(Fact::Late))],
        );
        found.into_iter().map(|it| it.word).collect()
    };
    assert!(words("").contains(&"tardia".to_owned()));
    assert_eq!(words("du"), ["duplicate"]);
    assert_eq!(
        words("lost and r"),
        [
            "replied",
            "reordered",
            "refused",
            "rtt:",
            "tardia",
            "ignored",
            "differs",
            "there:",
            "server:"
        ]
    );
    assert_eq!(words("lost "), ["and", "or", "not"]);
    assert_eq!(words("lost a"), ["and"]);
    assert_eq!(words("event:ker"), ["kernel-rtt"]);
    assert!(words("rtt>").contains(&"10ms".to_owned()));
    assert!(words("(").contains(&"lost".to_owned()));
    assert!(words("seq:30-4").is_empty());
    // It goes where the caret is, and the rest stays.
    let found = complete("re and late", 2, &[]);
    assert_eq!(found[0].text, "replied and late");
    assert_eq!(found[0].caret, 7);
    assert_eq!(complete("-du", 3, &[])[0].text, "-duplicate ");
    let field = &complete("rt", 2, &[])[0];
    assert_eq!((field.text.as_str(), field.caret), ("rtt:", 4));
}

#[test]
fn every_example_is_understood() {
    for field in Field::ALL {
        assert!(Query::parse(field.example(), &[]).is_ok(), "{field:?}");
    }
    for fact in Fact::ALL {
        assert_eq!(
            Query::parse(fact.word(), &[]).unwrap(),
            Query(Some(Expr::Test(Test::Fact(fact))))
        );
    }
}

/// A filter as a text, and what it means of a probe: as plainly as can be.
fn filters() -> impl Strategy<Value = (String, Judge)> {
    let seq = (1_u64..45, 0_u64..20).prop_map(|(from, more)| {
        let until = from + more;
        let judge: Judge = Judge::Seq(from, until);
        (format!("seq:{from}-{until}"), judge)
    });
    let rtt = (0_u64..400).prop_map(|ms| (format!("rtt > {ms}"), Judge::Rtt(ms * 1_000_000)));
    let word = prop_oneof![Just("lost"), Just("late"), Just("replied")]
        .prop_map(|word| (word.to_owned(), Judge::Word(word)));
    prop_oneof![seq, rtt, word].prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|(text, judge)| (format!("not ({text})"), Judge::Not(Box::new(judge)))),
            (inner.clone(), inner.clone()).prop_map(|((one, left), (other, right))| {
                (
                    format!("({one}) or ({other})"),
                    Judge::Or(Box::new(left), Box::new(right)),
                )
            }),
            (inner.clone(), inner).prop_map(|((one, left), (other, right))| {
                (
                    format!("({one}) ({other})"),
                    Judge::And(Box::new(left), Box::new(right)),
                )
            }),
        ]
    })
}

#[derive(Debug, Clone)]
enum Judge {
    Seq(u64, u64),
    Rtt(u64),
    Word(&'static str),
    Not(Box<Judge>),
    Or(Box<Judge>, Box<Judge>),
    And(Box<Judge>, Box<Judge>),
}

impl Judge {
    fn holds(&self, seq: u64, symbol: Symbol, rtt_ns: Option<u64>) -> bool {
        let judge = |judge: &Self| judge.holds(seq, symbol, rtt_ns);
        match self {
            Self::Seq(from, until) => *from <= seq && seq <= *until,
            Self::Rtt(least) => rtt_ns.is_some_and(|rtt| rtt > *least),
            Self::Word("lost") => symbol == Symbol::Lost || symbol == Symbol::Late,
            Self::Word("late") => symbol == Symbol::Late,
            Self::Word(_) => symbol == Symbol::Replied,
            Self::Not(it) => !judge(it),
            Self::Or(one, other) => judge(one) || judge(other),
            Self::And(one, other) => judge(one) && judge(other),
        }
    }
}

proptest! {
    #[test]
    fn a_filter_finds_what_it_says((text, judge) in filters(), seed in 0_u64..50) {
        let mut setup = Preset::ALL[usize::try_from(seed).unwrap() % Preset::ALL.len()].setup(Seed::from_low_bits(seed));
        setup.count = 40;
        let run = Run::simulate(&setup.header().unwrap()).unwrap();
        let found = Matches::of(&run, &Query::parse(&text, &[]).unwrap());
        let end = run.after(run.events());
        for index in 0..run.probes() {
            let probe = run.probe(index, end).unwrap();
            let expected = judge.holds(probe.seq, probe.symbol.unwrap(), probe.rtt_ns);
            prop_assert_eq!(found.probe(index), expected, "{} of {}", text, probe.seq);
            // What is said of a probe holds of all that happened to it.
            for event in run.story(index) {
                prop_assert_eq!(found.event(event), expected);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", caret in 0_usize..70) {
        let _ = Query::parse(&text, &[]);
        let _ = complete(&text, caret, &[]);
    }

    #[test]
    fn near_misses_neither(text in "(-|!|not |\\()?(seq|rtt|at|line|lost|#|event)?[:<>=.!]{0,3}[0-9.,-]{0,5}(ms|s|é)?( or | and |\\)|-)?") {
        for caret in 0..=text.chars().count() {
            let _ = complete(&text, caret, &[]);
        }
        if let Err(error) = Query::parse(&text, &[]) {
            let shown: String = text.chars().skip(error.at).take(error.term.chars().count()).collect();
            prop_assert_eq!(shown, error.term, "the error stands where it says");
        }
    }
}
