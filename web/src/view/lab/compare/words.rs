//! What two runs differ in, in words that lead to the probes.

use core::cmp::Ordering;

use udping_core::stats::Summary;
use udping_engine::compare::{Comparison, Differs, Fate, Finding};
use udping_engine::run::Run;
use udping_journal::{Header, WireName};
use web_sys::Element;

use super::Both;
use crate::view::describe;
use crate::view::dom::{Rows, by_id, clone_template};
use crate::view::i18n::{Key, Localization, Value, key};

/// The most probes that a finding names.
const NAMED: usize = 14;

/// The list.
#[derive(Debug)]
pub(super) struct Words {
    list: Rows,
}

/// An item: what is said, what is added, and the probes it leads to.
struct Item {
    what: String,
    more: String,
    seqs: Vec<(u64, String)>,
}

impl Words {
    pub(super) fn new() -> Self {
        Self {
            list: Rows::new(by_id("compare-findings"), "t-finding"),
        }
    }

    /// Writes all of it.
    pub(super) fn write(
        &mut self,
        l10n: &Localization,
        comparison: &Comparison,
        both: &Both<'_>,
        figures: &[Summary; 2],
    ) {
        let mut items: Vec<Item> = comparison
            .findings
            .iter()
            .map(|it| item(l10n, it))
            .collect();
        if items.is_empty() {
            items.push(plain(l10n.get(key::DIFFERENCES_NONE).to_owned()));
        }
        items.extend(medians(l10n, comparison, figures).map(plain));
        items.extend(conditions(l10n, both.runs.map(AsRef::as_ref)).map(plain));
        // All buttons are made again: there are as many as there are probes to name.
        self.list.clear();
        self.list.show(items.len(), |index, row| {
            let item = &items[index];
            let apart = if item.what.is_empty() || item.more.is_empty() {
                ""
            } else {
                ";"
            };
            row.part("what").text(&[&item.what, apart].concat());
            row.part("more").text(&item.more);
            let numbers = row.part("numbers").element().clone();
            for (seq, text) in &item.seqs {
                number(&numbers, *seq, text);
            }
        });
    }
}

fn number(parent: &Element, seq: u64, text: &str) {
    let button = clone_template("t-seq");
    button.set_text_content(Some(text));
    // A fresh element takes any attribute, and can be appended.
    let _ = button.set_attribute("data-value", &seq.to_string());
    let _ = parent.append_child(&button);
}

fn plain(what: String) -> Item {
    Item {
        what: String::new(),
        more: what,
        seqs: Vec::new(),
    }
}

fn item(l10n: &Localization, finding: &Finding) -> Item {
    let count = ("count", Value::Count(finding.count as u64));
    let mut more = String::new();
    let what = match finding.what {
        Differs::Fates(left, right) => {
            let [left, right] = [left, right].map(|fate| l10n.get(fate_name(fate)));
            l10n.say(
                key::FOUND_FATES,
                &[
                    count,
                    ("left", Value::Text(left)),
                    ("right", Value::Text(right)),
                ],
            )
        }
        Differs::Only { right, ended_after } => {
            let (run, other) = if right { ("B", "A") } else { ("A", "B") };
            if let Some(probes) = ended_after {
                let ended = [
                    ("run", Value::Text(other)),
                    ("probes", Value::Count(probes as u64)),
                ];
                more = l10n.say(key::FOUND_ENDED, &ended);
            }
            l10n.say(key::FOUND_ONLY, &[count, ("run", Value::Text(run))])
        }
    };
    if finding.late > 0 {
        let late_in_left = matches!(finding.what, Differs::Fates(Fate::Lost, _));
        let run = if late_in_left { "A" } else { "B" };
        let late = [
            ("count", Value::Count(finding.late as u64)),
            ("run", Value::Text(run)),
        ];
        more = l10n.say(key::FOUND_LATE, &late);
    }
    let seqs = match (finding.what, finding.seqs.first(), finding.seqs.last()) {
        // Numbers that follow each other are said as a span.
        (Differs::Only { .. }, Some(first), Some(last))
            if last - first + 1 == finding.count as u64 && first != last =>
        {
            vec![(*first, format!("#{first}–#{last}"))]
        }
        _ => {
            let named = finding.seqs.iter().take(NAMED);
            named.map(|seq| (*seq, format!("#{seq}"))).collect()
        }
    };
    let unnamed = match finding.what {
        Differs::Only { .. } if seqs.len() == 1 => 0,
        _ => finding.count.saturating_sub(seqs.len()),
    };
    if unnamed > 0 {
        let count = [("count", Value::Count(unnamed as u64))];
        more = [
            more.as_str(),
            l10n.say(key::DIFFERENCE_MORE, &count).as_str(),
        ]
        .join(if more.is_empty() { "" } else { ", " });
    }
    Item { what, more, seqs }
}

fn medians(l10n: &Localization, comparison: &Comparison, figures: &[Summary; 2]) -> Option<String> {
    let [a, b] = [figures[0].rtt?.median_ns, figures[1].rtt?.median_ns];
    let [both, left, right] = comparison.in_time;
    let key = match b.cmp(&a) {
        Ordering::Less => key::FOUND_MEDIAN_LOWER,
        Ordering::Equal => key::FOUND_MEDIAN_SAME,
        Ordering::Greater => key::FOUND_MEDIAN_HIGHER,
    };
    Some(l10n.say(
        key,
        &[
            ("by", Value::Span(a.abs_diff(b))),
            ("a", Value::Span(a)),
            ("b", Value::Span(b)),
            ("both", Value::Count(both)),
            ("left", Value::Count(left)),
            ("right", Value::Count(right)),
        ],
    ))
    .filter(|_| both > 0)
}

/// What of the conditions is the same, and what is not.
fn conditions(l10n: &Localization, runs: [&Run; 2]) -> impl Iterator<Item = String> {
    let headers = runs.map(Run::header);
    let facts = [
        (
            key::FACT_SCHEDULE,
            headers.map(|it| describe::schedule(l10n, it)),
        ),
        (
            key::FACT_TIMEOUT,
            headers.map(|it| l10n.span(it.timeout_ns)),
        ),
        (key::FIELD_WIRE, headers.map(wire)),
    ];
    let (mut same, mut other) = (Vec::new(), Vec::new());
    for (name, [left, right]) in facts {
        let name = l10n.get(name);
        if left == right {
            same.push(format!("{name} ({left})"));
        } else {
            let values = [
                ("what", Value::Text(name)),
                ("left", Value::Text(&left)),
                ("right", Value::Text(&right)),
            ];
            other.push(l10n.say(key::FOUND_OTHER, &values));
        }
    }
    let same = (!same.is_empty()).then(|| {
        let facts = same.join(", ");
        l10n.say(key::FOUND_SAME, &[("facts", Value::Text(&facts))])
    });
    other.into_iter().chain(same)
}

/// A wire's name, or what a client sends on one that has none.
fn wire(header: &Header) -> String {
    if header.wire != WireName::Described {
        return header.wire.name().to_owned();
    }
    let described = header.description.as_ref();
    let name = described.and_then(|it| it.name.clone().or_else(|| it.request.clone()));
    name.unwrap_or_else(|| "–".to_owned())
}

/// A fate's name within a sentence.
pub(super) const fn fate_name(fate: Fate) -> Key {
    match fate {
        Fate::Replied => key::FATE_REPLIED,
        Fate::Late => key::FATE_LATE,
        Fate::Lost => key::FATE_LOST,
        Fate::Refused => key::FATE_REFUSED,
        Fate::Unsent => key::FATE_UNSENT,
        Fate::Undecided => key::FATE_UNDECIDED,
    }
}
