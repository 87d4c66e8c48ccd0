//! `udping grade class`.
//! Owns that a run goes on where it was broken off, and that equal submissions are named.

use std::fs;

use crate::support::{Scratch, counterparts, run, udping};

#[test]
fn a_class_goes_on_where_it_was_broken_off_and_equal_ones_are_named() {
    let folder = Scratch::new();
    let (class, results) = (folder.path().join("class"), folder.path().join("results"));
    let right = fs::read_to_string(counterparts().join("grade/client.py")).unwrap();
    for (name, text) in [
        ("ana", right.clone()),
        ("bea", right.replace("    ", "\t")),
        ("caio é 100%", right.replace("lost * 10", "len(rtts) * 10")),
        ("davi", "print('answered: 42 ms')".to_owned()),
    ] {
        fs::create_dir_all(class.join(name)).unwrap();
        fs::write(class.join(name).join("client.py"), text).unwrap();
    }
    let graded = || {
        let mut command = udping();
        command.args(["grade", "class", "--only", "answered", "--jobs", "2"]);
        let ended = run(command.arg(&class).arg("-o").arg(&results));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        fs::read_to_string(results.join("class.csv")).unwrap()
    };
    let table = graded();
    let lines: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "ana,yes,1,1,,,0,bea,",
            "bea,yes,1,1,,,0,ana,",
            "caio é 100%,no,0,1,loss-inverted,,0,,",
            "davi,unjudged,,1,,,1,,"
        ]
    );
    let page = fs::read_to_string(results.join("caio é 100%.html")).unwrap();
    for part in [
        "lang=\"pt-BR\"",
        "[loss-inverted]",
        "misleading-figures",
        "Packets: sent 10",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let all = fs::read_to_string(results.join("class.html")).unwrap();
    let link = "<a href=\"caio%20%C3%A9%20100%25.html\">caio é 100%</a></th><td>no</td>";
    assert!(all.contains(link), "{all}");
    // Only what is missing is graded again.
    fs::write(
        results.join("ana.json"),
        r#"{"passed": false, "score": 1, "max_score": 1, "verdicts": []}"#,
    )
    .unwrap();
    fs::remove_file(results.join("caio é 100%.json")).unwrap();
    assert_eq!(graded(), table.replace("ana,yes", "ana,no"));
}
