// Both ends of a session: the ladder of a merged journal, and a simulated run as the script that does it again.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import * as command from "./command.mjs";
import { begin, drawn, files, lab, openJournal, says } from "./support.mjs";

begin(command.build);

/** The merged journal of a session whose requests and replies were lost. */
async function merged(name, ...wire) {
  const [client, far, both] = ["client", "server", "both"].map((end) => files.file(`${name}-${end}.jsonl`));
  const script = files.file(`${name}.script`);
  await writeFile(script, "drop request 3\ndrop reply 5\n");
  const reflector = await command.serve("--delay", "4ms,2ms", "--script", script, "--journal", far, ...wire);
  const ended = await command.udping(
    reflector.address, "-c", "8", "-i", "0.03", "-W", "0.2", "--journal", client, ...wire,
  );
  await reflector.close();
  assert.ok(ended.code < 2, ended.stderr);
  const merge = await command.udping("merge", client, far, "-o", both);
  assert.equal(merge.code, 0, merge.stderr);
  return both;
}

async function atEnd(page, path) {
  await openJournal(page, path);
  await page.locator("#verdict").getByText(/Verified/).waitFor();
  await page.locator('[data-action="last"]:visible').click();
  await drawn(page);
}

for (const [name, ...wire] of [["text"], ["stamp", "--wire", "stamp"]]) {
  test(`the ladder of a merged ${name} session has its far end`, async (t) => {
    const path = await merged(name, ...wire);
    const page = await lab(t, "", { viewport: { width: 1600, height: 1000 } });
    await atEnd(page, path);
    const ladder = page.locator("#ladder-a");
    await says(ladder.locator("text"), /^server \(± /);
    for (const words of ["lost on the way there", "lost on the way back", "#3 never reached it"]) {
      await ladder.getByText(words, { exact: true }).waitFor();
    }
    // Each round trip says its parts: at least 4 ms there and 2 ms back, and what a busy machine adds.
    await says(ladder.locator("text"), /^#8\s+~?([4-9]|\d{2,})(\.\d+)?\s+\d+(\.\d+)?\s+~?([2-9]|\d{2,})(\.\d+)?$/);

    // Back to the probe whose reply was lost.
    for (const _ of "678") await page.locator('[data-action="probe-previous"]').click();
    await page.locator("#both-title").getByText("Probe 5", { exact: true }).waitFor();
    await page.locator("#both-why").getByText(/The reply was lost on the way back\.$/).waitFor();
    await page.locator("#both-times").getByText("T2 at server").waitFor();
    assert.equal(await page.locator("#both-times").getByText("T4 reply in").filter({ visible: true }).count(), 0);
    await page.locator("#both-doubt").getByText(/The fastest exchange, #\d, leaves the offset uncertain by ± .*half its .* on the way/).waitFor();
    const losses = page.locator("#both-whole tr", { hasText: /^lost/ });
    assert.deepEqual(await losses.locator("td").allInnerTexts(), ["1", "0", "1"]);
  });
}

test("a merged session at 360 px keeps its ladder, its times and its doubt in reach", async (t) => {
  const path = await merged("phone");
  const page = await lab(t, "", { viewport: { width: 360, height: 780 } });
  await atEnd(page, path);
  await says(page.locator("#ladder-a text"), /^#\d [\d.]+\sms$/);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide} px wide`);
  await page.locator("#both-times").scrollIntoViewIfNeeded();
  await page.locator("#both-times").getByText("T1 sent").waitFor();
});

test("client and server of a merged journal are compared probe by probe", async (t) => {
  const path = await merged("two");
  const page = await lab(t, "", { viewport: { width: 1600, height: 1000 } });
  await atEnd(page, path);
  await page.locator('#branches [data-action="compare"]:visible').click();
  await page.locator("#compare-b").getByText("server’s view", { exact: true }).waitFor();
  const words = page.locator("#compare-findings");
  await words.getByText("1 lost in A, replied in B").waitFor();
  await words.getByText("1 in A only").waitFor();
  await words.locator('button[data-value="5"]').click();
  await page.locator("#both-title").getByText("Probe 5", { exact: true }).waitFor();
});

test("the page exports the script that the command writes", async (t) => {
  const page = await lab(t);
  await page.locator("#export-more").click();
  const download = page.waitForEvent("download");
  await page.locator('[data-action="export-script"]').click();
  const exported = await download;
  assert.match(exported.suggestedFilename(), /^udping-\d+\.script$/);
  const theirs = await readFile(await exported.path(), "utf8");

  const journal = page.waitForEvent("download");
  await page.locator("#export").click();
  const [first] = (await readFile(await (await journal).path(), "utf8")).split("\n");
  const header = JSON.parse(first);
  const { seed, request, reply } = header.scenario;
  const ms = (ns) => `${(ns ?? 0) / 1e6}ms`;
  const pair = (of) => `${of(request)},${of(reply)}`;
  const own = files.file("own.script");
  const ended = await command.udping(
    "simulate", "--seed", `${seed}`, "-c", `${header.count}`, "-W", ms(header.timeout_ns),
    "--linger", ms(header.late_window_ns), "--service", ms(header.scenario.service_ns),
    "--loss", pair((way) => `${(way.loss?.independent_ppm ?? 0) / 1e4}%`),
    "--delay", pair((way) => ms(way.delay_ns)),
    "--jitter", pair((way) => ms(way.jitter?.uniform?.spread_ns)),
    "--script-out", own,
  );
  assert.ok(ended.code < 2, ended.stderr);
  assert.match(theirs, /^drop request \d+$/m);
  assert.equal(theirs, await readFile(own, "utf8"));
});
