// The JavaScript API, from a page of a teacher's own: no lab, just the module.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { begin, browser, openTab, server } from "./support.mjs";

let tab;

begin(async () => {
  // Any file of the site that is not the lab's page will do.
  tab = await openTab(browser, `${server.url}start.js`);
});

after(async () => {
  await tab?.close();
  await browser?.close();
  await server?.close();
});

/** Has the page's module do `work`, by name; an exception comes back as its message. */
const inPage = (work, argument) =>
  tab.page.evaluate(
    async ([work, argument]) => {
      const module = await import("/udping-web.js");
      await module.default();
      try {
        const works = {
          simulate: () => module.simulate(argument),
          replay: () => module.replay(argument[0], argument[1]),
        };
        return { value: works[work]() };
      } catch (error) {
        return { error: error instanceof Error ? error.message : `not an Error: ${error}` };
      }
    },
    [work, argument],
  );

const textbook = {
  count: 50,
  timeout_ns: 150_000_000,
  scenario: {
    seed: 7,
    request: { loss: { independent_ppm: 200_000 }, delay_ns: 40_000_000 },
    reply: { delay_ns: 40_000_000, jitter: { exponential: { mean_ns: 30_000_000 } } },
  },
};

test("a simulated run's journal is verified, and asked what if", async () => {
  const { value: run } = await inPage("simulate", textbook);
  const { summary } = run;
  assert.equal(summary.sent, 50);
  assert.equal(summary.replied + summary.lost, 50);
  assert.ok(summary.lost > 3 && summary.rtt.min_ns >= 80_000_000, JSON.stringify(summary));
  assert.equal(run.probes.length, 50);
  assert.equal(run.probes.filter((probe) => probe.outcome === "replied").length, summary.replied);

  const { value: replay } = await inPage("replay", [run.journal, { timeout_ns: 100_000_000, probes: true }]);
  assert.ok(replay.verified && replay.decisions > 100, JSON.stringify(replay.examples));
  assert.deepEqual(replay.summary, summary);
  assert.deepEqual(replay.probes, run.probes);
  const slow = run.probes.filter(({ outcome, rtt_ns }) => outcome === "replied" && rtt_ns > 100_000_000);
  assert.deepEqual(
    replay.what_if.changes.filter(({ outcome }) => outcome === "late").map(({ seq }) => seq),
    slow.map(({ seq }) => seq),
  );
});

test("the same setup gives the same journal, every time", async () => {
  const [one, other] = [await inPage("simulate", textbook), await inPage("simulate", textbook)];
  assert.equal(one.value.journal, other.value.journal);
  const { value } = await inPage("simulate", { ...textbook, scenario: { ...textbook.scenario, seed: 8 } });
  assert.notEqual(value.journal, one.value.journal);
});

test("without a setup it is the assignment's ten pings", async () => {
  const { value } = await inPage("simulate", undefined);
  assert.equal(value.summary.replied, 10);
});

test("a field that is undefined is one left out", async () => {
  const { value } = await inPage("simulate", { count: 3, timeout_ns: undefined, scenario: { seed: 1, reply: undefined } });
  assert.equal(value.summary.replied, 3);
});

test("an altered decision is found and named", async () => {
  const { value: run } = await inPage("simulate", textbook);
  const altered = run.journal.replace('"rtt_ns":', '"rtt_ns":1');
  const { value: replay } = await inPage("replay", [altered]);
  assert.equal(replay.verified, false);
  assert.equal(replay.differences, 1);
  assert.ok(replay.examples[0].recorded.includes("rtt_ns"));
});

test("what is wrong is said as an Error, with its place", async () => {
  const wrong = async (work, argument) => (await inPage(work, argument)).error;
  assert.match(await wrong("simulate", { count: 1, colour: "red" }), /unknown field `colour`/);
  assert.match(await wrong("simulate", { timeout_ns: 0 }), /timeout is zero/);
  assert.match(await wrong("simulate", { scenario: { seed: -1 } }), /invalid value/);
  assert.match(await wrong("replay", ["ping: unknown host"]), /^line 1: load-not-a-journal$/);
  const { value: run } = await inPage("simulate", { count: 1 });
  const bad = '{"sent":1,"at_ns":NaN}\n';
  assert.equal((await inPage("replay", [run.journal + bad])).error, undefined, "one bad line is left out");
  const spoilt = run.journal + bad.repeat(21);
  assert.match(await wrong("replay", [spoilt]), /^line 6, column \d+: load-malformed/);
});

test("the module complains of nothing and starts no lab", () => {
  // A file that is no page has no icon, and the browser asks for one.
  assert.deepEqual(tab.complaints.filter((complaint) => !complaint.includes("404")), []);
});
