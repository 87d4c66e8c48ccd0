// Two runs compared probe by probe: journals, the ways of a comparison, branches.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";

import { axe } from "./axe.mjs";
import * as command from "./command.mjs";
import { begin, drawn, files, lab, openJournal, says, until } from "./support.mjs";

begin(command.build);

/** A journal of probes that end as their letters say: replied, lost, late. */
async function journal(name, fates) {
  const header = {
    udping: "journal", version: 2, kind: "ping", tool: "test", wire: "textbook",
    schedule: { paced: { interval_ns: 50_000_000 } }, timeout_ns: 45_000_000, late_window_ns: 200_000_000,
    timestamp_key: 1, table_entries: 64,
  };
  const records = [...fates].flatMap((fate, index) => {
    const [seq, at] = [index + 1, index * 50_000_000];
    const lost = { lost: seq, at_ns: at + 45_000_001, deadline_ns: at + 45_000_000 };
    const reply = (rtt, rest) => ({ reply: seq, at_ns: at + rtt, ...rest(rtt) });
    return [{ sent: seq, at_ns: at, due_ns: at }].concat({
      r: [reply(10_000_000 + seq * 100_000, (rtt_ns) => ({ rtt_ns }))],
      x: [lost],
      l: [lost, reply(48_000_000, (late_ns) => ({ late_ns }))],
    }[fate]);
  });
  const path = files.file(name);
  await writeFile(path, [header, ...records].map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

async function compared(page) {
  await openJournal(page, await journal("a.jsonl", "rxlrrrlxrr"));
  await page.locator("#verdict").waitFor();
  await page.locator("#compare-file").setInputFiles(await journal("b.jsonl", "rrrrxrrx"));
  await page.locator("#view-compare").waitFor({ state: "visible" });
  await drawn(page);
}

test("two journals are compared by number, in words that lead to the probes", async (t) => {
  const page = await lab(t, "", { viewport: { width: 1920, height: 1000 } });
  await compared(page);
  assert.deepEqual(await page.locator("#compare-a, #compare-b").allInnerTexts(), ["a.jsonl", "b.jsonl"]);
  const words = page.locator("#compare-findings");
  const item = words.locator("li", { hasText: "3 lost in A, replied in B" });
  assert.match(await item.innerText(), /2 of them came late in A\s*#2\s*#3\s*#7/);
  await words.locator("li", { hasText: "1 replied in A, lost in B" }).getByText("#5").waitFor();
  assert.match(await words.locator("li", { hasText: "2 in A only" }).innerText(), /B ended after 8 probes\s*#9–#10/);
  await words.getByText(/^Same: Sending \(At fixed intervals, 50\sms\), Timeout \(45\sms\), Wire \(textbook\)\.$/).waitFor();
  await page.locator("#strips").getByText("#9–#10 in A only", { exact: true }).waitFor();
  const row = (name) => page.locator("#compare-figures tr", { hasText: name }).locator("td");
  assert.deepEqual(await row(/^replied/).allInnerTexts(), ["6 of 10", "6 of 8", "0"]);

  // A number leads to its row, the side panel and, by time, to the moment.
  await item.getByText("#7", { exact: true }).click();
  await page.locator("#probe-title").getByText("Probe 7", { exact: true }).waitFor();
  const chosen = page.locator("#pair-rows .pair.chosen");
  await until(page, () => chosen.innerText(), (text) => assert.match(text, /#7[^]*48\sms[^]*10\.7\sms[^]*late in A, replied in B/));
  await words.locator("li", { hasText: "2 in A only" }).getByText("#9–#10").click();
  await until(page, () => chosen.innerText(), (text) => assert.match(text, /#9[^]*10\.9\sms[^]*–[^]*in A only/));

  // By time: where the other has ended, its end stays in sight, and says so.
  await page.locator('[data-action="last"]:visible').click();
  await page.locator("#by-time").click();
  await page.locator("#ladder-b figcaption").getByText(/^b\.jsonl · ended at 0\.395\ss$/).waitFor();
  await says(page.locator("#ladder-b text"), "#8 lost");

  // Swapped, the words turn around, and so do the figures.
  await page.locator("#by-probe").click();
  await page.locator('[data-action="compare-swap"]').click();
  await words.locator("li", { hasText: "3 replied in A, lost in B" }).waitFor();
  assert.match(await words.locator("li", { hasText: "2 in B only" }).innerText(), /A ended after 8 probes/);
  await words.locator("li", { hasText: "2 in B only" }).getByText("#9–#10").click();
  await until(page, () => chosen.innerText(), (text) => assert.match(text, /#9[^]*in B only/));
  await page.locator('#compare-bar [data-action="compare"]').click();
  await page.locator("#ladder-a").waitFor({ state: "visible" });
});

test("a comparison is accessible, and fits 360 px, by probe and by time", async (t) => {
  for (const options of [
    { viewport: { width: 1280, height: 900 } },
    { viewport: { width: 360, height: 780 }, colorScheme: "dark", locale: "pt-BR" },
  ]) {
    const page = await lab(t, "", options);
    await compared(page);
    assert.deepEqual(await axe(page), []);
    for (const how of ["#by-time", "#by-probe"]) {
      await page.locator(how).click();
      await drawn(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= options.viewport.width, `${how}: ${wide} px wide`);
      // Nothing lies over what stands below it.
      const [stage, strip] = await Promise.all(["#stage .views", "#strip"].map((id) => page.locator(id).boundingBox()));
      assert.ok(stage.y + stage.height <= strip.y + 1, `${how}: ${JSON.stringify([stage, strip])}`);
    }
  }
});

test("a comparison of UDP and TCP opens as one", async (t) => {
  const reflector = await command.serve("--tcp", "--delay", "3ms");
  const path = files.file("compare.jsonl");
  const ended = await command.udping("compare", reflector.address, "-c", "3", "--journal", path);
  await reflector.close();
  assert.equal(ended.code, 0, ended.stderr);
  const page = await lab(t, "", { viewport: { width: 1600, height: 1000 } });
  await openJournal(page, path);
  await page.locator("#compare-a").getByText("UDP", { exact: true }).waitFor();
  await page.locator("#compare-b").getByText("TCP, a new connection each time", { exact: true }).waitFor();
  await page.locator("#compare-findings").getByText(/^B’s median is .* (higher|lower),/).waitFor();
  await until(page, () => page.locator("#pair-rows .pair:visible").count(), (count) => assert.equal(count, 3));
});

test("a recorded run is compared with itself under another timeout", async (t) => {
  const page = await lab(t, "", { viewport: { width: 1920, height: 1000 } });
  await openJournal(page, await journal("late.jsonl", "rxlrrrlxrr"));
  await page.locator("#what-if-ms").fill("50");
  await page.keyboard.press("Enter");
  await page.locator('[data-action="compare-what-if"]').click();
  await page.locator("#compare-b").getByText(/^what if 50\sms$/).waitFor();
  const item = page.locator("#compare-findings li", { hasText: "2 lost in A, replied in B" });
  assert.match(await item.innerText(), /2 of them came late in A\s*#3\s*#7/);
  await page.locator("#compare-findings").getByText(/^Timeout: 45\sms in A, 50\sms in B\.$/).waitFor();
});

test("two runs that are alike are said to be", async (t) => {
  const page = await lab(t);
  await openJournal(page, await journal("one.jsonl", "rrxr"));
  await page.locator("#verdict").waitFor();
  await page.locator("#compare-file").setInputFiles(await journal("same.jsonl", "rrxr"));
  const words = page.locator("#compare-findings");
  await says(words.locator("li"), "No probe’s outcome differs.");
  await says(words.locator("li"), /Both medians are 10\.\d+\sms; of the 3 both replied to in time, 0 were faster in B, 0 in A\./);
});

test("a branch is compared with the run that it left", async (t) => {
  const page = await lab(t, "", { viewport: { width: 1600, height: 1000 } });
  await page.locator('[data-action="first"]').click();
  await page.locator('[data-action="forward"]').click();
  await page.locator('#packets [data-action="intervene"][data-value="drop"]').first().click();
  await page.locator('#branches [data-action="compare"]:visible').first().click();
  const words = page.locator("#compare-findings");
  await words.locator("li", { hasText: /1 lost in A, replied in B/ }).getByText("#1", { exact: true }).waitFor();
});
