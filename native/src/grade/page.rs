//! The verdicts as a page: one file, printable, in both languages.
//!
//! Owns the page. What it says is the catalogue's.

use std::fmt::Write as _;

use crate::i18n::{Message, say};

use super::formats::escaped;
use super::show::unjudged;
use super::verdict::Report;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;\
padding:0 1rem;color:#222;background:#fff}h1{font-size:1.4rem}section{margin-bottom:3rem}\
table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.3rem .6rem;\
text-align:left;vertical-align:top}code{overflow-wrap:anywhere}.wrong{border-left:4px solid #b00;\
padding-left:1rem;break-inside:avoid}@media print{section+section{break-before:page}}";

/// The page of a report.
pub(super) fn page(report: &Report) -> anyhow::Result<String> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>udping grade</title><style>{STYLE}</style>\n"
    );
    for (index, language) in ["en", "pt-BR"].into_iter().enumerate() {
        let said = |message: Message| message.both().get(index).copied().unwrap_or_default();
        writeln!(page, "<section lang=\"{language}\">")?;
        let word = match report.passed() {
            Some(true) => say::GRADE_PASSED,
            Some(false) => say::GRADE_FAILED,
            None => say::GRADE_NO_PINGS,
        };
        writeln!(page, "<h1>{}</h1>", said(word))?;
        writeln!(page, "<p><code>{}</code></p>", escaped(&report.command))?;
        for verdict in report.verdicts() {
            let finding = verdict.finding;
            let advice = if verdict.counts {
                String::new()
            } else {
                format!(" ({})", said(say::GRADE_ADVICE))
            };
            let ping = finding.ping.map_or(String::new(), |it| format!(" #{it}"));
            let [seen, wanted] = finding.bug.evidence().titles();
            writeln!(
                page,
                "<div class=\"wrong\"><h2>{}{advice}</h2><p>{}{ping} [{}]</p><p>{}</p><table>\
                 <tr><th>{}<td><code>{}</code><tr><th>{}<td><code>{}</code></table></div>",
                said(finding.bug.title()),
                verdict.scenario,
                finding.bug.id(),
                said(finding.bug.why()),
                said(seen),
                escaped(&finding.printed),
                said(wanted),
                escaped(&finding.truth),
            )?;
        }
        writeln!(page, "<table>")?;
        for result in &report.results {
            let word = if !result.passed(&report.advice) {
                say::GRADE_WRONG
            } else if result.judged.lines + result.judged.figures == 0 {
                say::GRADE_UNJUDGED
            } else {
                say::GRADE_RIGHT
            };
            let why: Vec<&str> = result
                .judged
                .unjudged
                .iter()
                .map(|it| said(unjudged(*it)))
                .collect();
            let (name, word, why) = (result.scenario, said(word), why.join("; "));
            writeln!(page, "<tr><th>{name}<td>{word}<td>{why}")?;
        }
        writeln!(page, "</table></section>")?;
    }
    Ok(page)
}
