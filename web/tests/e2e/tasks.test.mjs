// The four tasks that people come with, each in at most three actions; and what is kept of Replay: the selected range,
// the journal laid beside, and the timeouts asked about.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import { begin, drawn, files, lab, ready, room, sample, says, until } from "./support.mjs";

begin();

/** A page, and how to act on it: so many times, and no more. */
async function atMost(t, actions) {
  const page = await lab(t, "", { locale: "en", viewport: { width: 1280, height: 800 } });
  let left = actions;
  return { page, act: (how) => {
    assert.ok((left -= 1) >= 0, `more than ${actions} actions`);
    return how();
  } };
}

async function opened(t, actions = 3) {
  const there = await atMost(t, actions);
  await room(there.page, "replay");
  await there.page.locator("#file").setInputFiles(sample);
  await says(there.page.locator("#verdict"), /Verified/);
  return there;
}

test("the third late reply is found", async (t) => {
  const { page, act } = await opened(t);
  await act(() => page.keyboard.press("3"));
  await act(() => page.locator("#filter-text").fill("late"));
  await says(page.locator("#filter-count"), /^4 of 40/);
  await act(() => page.locator("#probe-rows [role=row]:visible").nth(2).click());
  await says(page.locator("#probe-title"), "34");
});

test("it is found why a probe was lost", async (t) => {
  const { page, act } = await opened(t);
  await act(() => page.keyboard.press("3"));
  await act(() => page.locator("#filter-text").fill("17"));
  await says(page.locator("#filter-count"), /^1 of 40/);
  await act(() => page.locator("#probe-rows [role=row]:visible").first().click());
  await says(page.locator("#probe-title"), "17");
  await says(page.locator("#why"), /no reply came within/);
});

test("two branches are compared", async (t) => {
  const { page, act } = await atMost(t, 3);
  await act(() => page.locator('[data-action="preset"][data-value="preset-satellite"]').click());
  await act(() => page.locator("#branches [data-action=compare]:visible").first().click());
  await page.locator("#view-compare").waitFor({ state: "visible" });
  await page.locator("#pairs .pair").first().waitFor();
});

test("the timeout that saves all is found, in sight on a small laptop, and is a step that can be undone", async (t) => {
  const { page, act } = await opened(t, 1);
  // The first answer and the one that saves all: the rest is a scroll away.
  const answers = () => page.evaluate(() => {
    const panel = document.querySelector("#setup").getBoundingClientRect();
    const all = [...document.querySelectorAll("#what-if-answers li:not([hidden])")].map((it) => it.getBoundingClientRect());
    return { panel: panel.bottom, tops: all.map((it) => it.top), first: all[0]?.bottom };
  });
  await until(page, answers, ({ panel, tops, first }) => {
    assert.ok(tops.length === 3 && first < panel && tops[1] < panel - 20 && panel <= 800, JSON.stringify([panel, tops, first]));
  });
  await act(() => page.locator("#what-if-go").click());
  const asked = () => page.locator("#what-if-ms").inputValue().then(Number);
  const best = await until(page, asked, (found) => {
    assert.ok(found > 73.4 && found < 76, `${found} ms`);
    return found;
  });

  // A drag is one step, however many timeouts it passes.
  await page.locator("#what-if-curve").scrollIntoViewIfNeeded();
  const curve = await page.locator("#what-if-curve").boundingBox();
  await page.mouse.move(curve.x + 30, curve.y + 40);
  await page.mouse.down();
  await page.mouse.move(curve.x + 90, curve.y + 40, { steps: 4 });
  await page.mouse.up();
  await until(page, asked, (now) => assert.notEqual(now, best));
  const dragged = await asked();
  await page.keyboard.press("Control+z");
  await until(page, asked, (now) => assert.equal(now, best));
  await page.locator("#undo").click();
  await until(page, asked, (now) => assert.equal(now, 45));
  await until(page, () => page.locator("#undo").getAttribute("aria-disabled"), (off) => assert.equal(off, "true"));
  for (const wanted of [best, dragged]) {
    await page.keyboard.press("Control+y");
    await until(page, asked, (now) => assert.equal(now, wanted));
  }
});

test("a reload finds the selected range and the journal laid beside", async (t) => {
  const { page } = await opened(t);
  const other = files.file("other.jsonl");
  await writeFile(other, await readFile(sample));
  for (const key of ["Home", "b", "End", "e"]) await page.keyboard.press(key);
  const card = page.locator("#range-card");
  await card.waitFor({ state: "visible" });
  const range = await card.locator("b").innerText();
  await page.locator("#compare-file").setInputFiles(other);
  await page.locator("#view-compare").waitFor({ state: "visible" });
  await page.locator("#recent-list li:visible", { hasText: "other.jsonl" }).waitFor();
  await drawn(page);
  await page.locator("#lab:not([data-unwritten])").waitFor({ state: "attached" });
  await page.reload();
  await ready(page);
  await page.locator("#view-compare").waitFor({ state: "visible" });
  await says(page.locator("#branches"), "other.jsonl");
  await until(page, () => card.locator("b").innerText(), (text) => assert.equal(text, range));
});
