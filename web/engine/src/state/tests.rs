//! Whatever is done, its state survives links and files, and undoing leads back.

use proptest::prelude::*;
use udping_journal::Action;
use udping_link::{Loss, Rate, Seed};

use super::{Place, State};
use crate::history::History;
use crate::link::Fragment;
use crate::presets::Preset;
use crate::run::Run;
use crate::setup::Setup;
use crate::undo::UndoStack;

/// Something that a user does.
#[derive(Debug, Clone)]
enum Act {
    Intervene(u64, usize, Action),
    Change(u64, u32),
    Rename(usize, String),
    Remove(usize),
    Select(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let action = prop_oneof![
        Just(Action::Drop),
        Just(Action::Corrupt),
        (1..3_000_000_000_u64).prop_map(|by_ns| Action::Delay { by_ns }),
    ];
    prop_oneof![
        4 => (0..2_000_000_000_u64, 0..4_usize, action)
            .prop_map(|(at, flight, action)| Act::Intervene(at, flight, action)),
        2 => (1..6_u64, 0..1_000_000_u32).prop_map(|(count, ppm)| Act::Change(count, ppm)),
        1 => (0..8_usize, ".{0,80}").prop_map(|(branch, name)| Act::Rename(branch, name)),
        2 => (0..8_usize).prop_map(Act::Remove),
        2 => (0..8_usize).prop_map(Act::Select),
    ]
}

fn place(history: &History) -> Place {
    Place {
        at_ns: u64::from(history.serial()),
        ..Place::default()
    }
}

fn state(history: &History) -> State {
    history.state(place(history)).unwrap()
}

/// Does it; whether it was possible.
fn perform(history: &mut History, act: &Act) -> bool {
    match act {
        Act::Intervene(at_ns, flight, action) => {
            let cursor = history.run().seek(*at_ns);
            let flight = history.run().in_flight(cursor).get(*flight).cloned();
            flight.is_some_and(|flight| history.act(cursor, flight.index, *action).is_ok())
        }
        Act::Change(count, ppm) => {
            let mut setup = Setup::of(history.run().header()).unwrap();
            setup.count = *count;
            setup.scenario.reply.loss = Loss::Independent(Rate::from_ppm(*ppm).unwrap());
            setup.scenario.interventions.clear();
            let run = Run::simulate(&setup.header().unwrap()).unwrap();
            history.add(run, true).is_ok()
        }
        Act::Rename(branch, name) => history.rename(*branch, name),
        Act::Remove(branch) => history.remove(*branch),
        Act::Select(branch) => history.select(*branch),
    }
}

fn show(history: &mut History, state: &State) {
    while let Some(header) = history.missing(state).unwrap() {
        history.keep(Run::simulate(&header).unwrap());
    }
    assert!(history.show(state));
}

fn begin() -> History {
    History::simulate(&Preset::Textbook.setup(Seed::from_low_bits(7))).unwrap()
}

/// What is seen of the branches.
fn seen(history: &History) -> Vec<String> {
    let branches = history.branches().iter();
    let seen = branches.map(|it| {
        let made = (it.parent, it.cause, &it.name, &it.changes);
        format!("{made:?} {:?}", it.run.header())
    });
    seen.chain([history.active().to_string()]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_state_survives_a_link_and_a_file(acts in prop::collection::vec(act(), 0..20)) {
        let mut history = begin();
        for act in &acts {
            perform(&mut history, act);
        }
        let state = state(&history);
        let run = Fragment::Run(Box::new(state.clone()));
        prop_assert_eq!(Fragment::parse(&run.text()), Ok(run));
        let file = state.file();
        prop_assert!(State::is_file(file.as_bytes()));
        prop_assert_eq!(State::parse_file(&file), Ok(state.clone()));

        // In another page nothing is simulated yet.
        let mut elsewhere = History::simulate(&Setup::default()).unwrap();
        show(&mut elsewhere, &state);
        prop_assert_eq!(seen(&elsewhere), seen(&history));
        prop_assert_eq!(elsewhere.state(state.place.clone()), Some(state));
    }

    #[test]
    fn undoing_all_and_redoing_all_is_the_identity(acts in prop::collection::vec(act(), 0..20)) {
        let mut history = begin();
        let mut states = Vec::new();
        for act in &acts {
            let before = state(&history);
            if perform(&mut history, act) {
                states.push(before.clone());
                history.undo.done(before);
            }
        }
        let done = state(&history);
        let (mut back, mut now) = (0, done.clone());
        while let Some(before) = history.undo.undo(now.clone()) {
            show(&mut history, &before);
            prop_assert_eq!(Some(&before), states.get(states.len() - 1 - back));
            (back, now) = (back + 1, before);
        }
        prop_assert_eq!(back, states.len());
        let first = history.state(Place::default());
        prop_assert_eq!(first, begin().state(Place::default()));
        let mut now = states.first().cloned().unwrap_or_else(|| done.clone());
        while let Some(after) = history.undo.redo(now.clone()) {
            show(&mut history, &after);
            (back, now) = (back - 1, after);
        }
        prop_assert_eq!((back, now), (0, done));
    }
}

#[test]
fn a_new_act_forgets_what_was_undone_and_old_acts_are_forgotten() {
    let at = |at_ns| {
        let mut state = State::of(Setup::default());
        state.place.at_ns = at_ns;
        state
    };
    let mut undo = UndoStack::default();
    undo.done(at(1));
    assert_eq!(undo.undo(at(2)), Some(at(1)));
    undo.done(at(3));
    assert_eq!((undo.next(), undo.previous()), (None, Some(&at(3))));
    assert_eq!(undo.redo(at(4)), None);
    for number in 0..=UndoStack::<State>::MOST as u64 {
        undo.done(at(number));
    }
    let mut back = 0;
    while undo.undo(at(0)).is_some() {
        back += 1;
    }
    assert_eq!(back, UndoStack::<State>::MOST);
    let json = undo.json();
    assert_eq!(UndoStack::parse(&json), Some(undo));
    assert_eq!(
        UndoStack::parse(r#"{"past":[{"branches":[]}],"future":[]}"#),
        None
    );
}

#[test]
fn a_branch_that_is_deleted_leaves_what_was_made_from_it() {
    let mut history = begin();
    let drop = Act::Intervene(30_000_000, 0, Action::Drop);
    assert!(perform(&mut history, &drop));
    assert!(perform(&mut history, &Act::Change(3, 0)));
    let changed = history.run().header().clone();
    assert!(history.remove(1));
    assert_eq!(history.branches().len(), 2);
    assert_eq!(
        (history.active(), history.branches()[1].parent),
        (1, Some(0))
    );
    assert_eq!(history.run().header(), &changed);
    assert!(history.remove(1) && history.active() == 0);
    assert!(!history.remove(0) && !history.remove(7));
}

#[test]
fn as_many_probes_as_the_page_holds() {
    let history = begin();
    let most = usize::try_from(State::MOST_PROBES).unwrap();
    assert!(history.check_room(most - history.run().probes()).is_ok());
    assert!(history.check_room(most).is_err());
}

#[test]
fn a_file_is_refused_with_a_reason() {
    let file = State::of(Setup::default()).file();
    let state = |text: &str| State::parse_file(text).unwrap_err().to_string();
    for (text, complaint) in [
        (
            file.replace(r#""udping_lab":2"#, r#""udping_lab":3"#),
            "version 3",
        ),
        (
            file.replace(r#""udping_lab":2"#, r#""udping_lab":1"#),
            "version 1",
        ),
        (file[..file.len() - 4].to_owned(), "damaged"),
        (r#"{"udping_lab":2,"state":"{}"}"#.to_owned(), "branches"),
        (" ".repeat(State::LARGEST_FILE + 1), "longer"),
    ] {
        let told = state(&text);
        assert!(told.contains(complaint), "{told}");
    }
    assert!(!State::is_file(br#"{"header":{}}"#));
}
