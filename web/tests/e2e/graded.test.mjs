// The journal of a graded program: what a right client decides, and the program, side by side.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";

import { axe } from "./axe.mjs";
import { begin, drawn, files, lab, openJournal, says } from "./support.mjs";

begin();

const MS = 1_000_000;

/** Every reply is 1.3 s late, and the program credits each to the ping that follows. */
async function journal() {
  const header = {
    udping: "journal", version: 2, kind: "graded", tool: "test", wire: "textbook", schedule: "on_demand", count: 2,
    timeout_ns: 1000 * MS, late_window_ns: 2000 * MS, timestamp_key: 0, table_entries: 64,
    graded: { program: "./client", scenario: "late", bugs: ["late-credited"] },
  };
  const records = [
    { sent: 1, at_ns: 10 * MS, due_ns: 10 * MS },
    { lost: 1, at_ns: 1011 * MS, deadline_ns: 1010 * MS },
    { printed: 1, at_ns: 1012 * MS, line: "Request timed out" },
    { sent: 2, at_ns: 1013 * MS, due_ns: 1013 * MS },
    { reply: 1, at_ns: 1310 * MS, late_ns: 1300 * MS },
    { printed: 2, at_ns: 1311 * MS, line: "RTT 297 ms", rtt_ns: 297 * MS, bug: "late-credited" },
    { lost: 2, at_ns: 2014 * MS, deadline_ns: 2013 * MS },
    { done: true, at_ns: 4014 * MS },
  ];
  const path = files.file("late.jsonl");
  await writeFile(path, [header, ...records].map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

test("a graded journal opens with both sides, where the bug first shows", async (t) => {
  const page = await lab(t, "", { viewport: { width: 1280, height: 900 } });
  await openJournal(page, await journal());
  await page.locator("#compare-bar").waitFor({ state: "visible" });
  await drawn(page);
  const names = await page.locator("#compare-a, #compare-b").allInnerTexts();
  assert.deepEqual(names, ["right client", "the graded program"]);
  assert.equal(await page.locator("#by-time").getAttribute("aria-pressed"), "true");
  await page.locator("#ladder-b figcaption").getByText("the graded program").waitFor();
  await says(page.locator("#ladder-a text"), "#2 lost");
  await says(page.locator("#ladder-b text"), "#2 297 ms");
  assert.deepEqual(await axe(page), []);
});
