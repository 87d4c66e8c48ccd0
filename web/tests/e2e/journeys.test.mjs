// The lab as a person uses it: journals of the real command, simulated runs, both languages.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import * as command from "./command.mjs";
import { begin, drawn, files, lab, openJournal, room, saved, says, until } from "./support.mjs";

begin(command.build);

/** A journal of ten real probes, some of them lost. */
async function realJournal(name) {
  const reflector = await command.serve("--loss", "40%", "--delay", "3ms", "--seed", "4");
  const path = files.file(name);
  const ended = await command.udping(reflector.address, "-c", "10", "-i", "0.02", "-W", "1", "--journal", path);
  await reflector.close();
  assert.equal(ended.code, 0, ended.stderr);
  return path;
}

/** Watches an element from now on: what it gives back waits until the element has shown this, however shortly. Then,
 * at once, presses a button if one is named. */
async function watch(page, id, wanted, press = "") {
  await page.evaluate(([id, wanted, press]) => {
    const element = document.querySelector(id);
    window.seen = new Promise((resolve) => {
      const look = () => {
        if (!new RegExp(wanted).test(element.textContent)) return;
        observer.disconnect();
        if (press) document.querySelector(press).click();
        resolve();
      };
      const observer = new MutationObserver(look);
      observer.observe(element, { childList: true, characterData: true, subtree: true });
    });
  }, [id, wanted.source, press]);
  return () => page.evaluate(() => window.seen);
}

test("where the server told its times, the ladder draws its end and the figures tell them", async (t) => {
  const reflector = await command.serve("--wire", "stamp", "--stateful", "--delay", "4ms,2ms");
  const path = files.file("stamp.jsonl");
  const ended = await command.udping(reflector.address, "--wire", "stamp", "-c", "5", "--journal", path);
  await reflector.close();
  assert.equal(ended.code, 0, ended.stderr);

  const page = await lab(t);
  await openJournal(page, path);
  await page.locator("#verdict").getByText(/Verified/).waitFor();
  await page.locator('[data-action="last"]').click();
  await page.getByText(/^server \(± \d/).waitFor();
  await page.waitForFunction(() => document.querySelectorAll("path.dwell").length > 0);
  await drawn(page);
  assert.equal(await page.locator("path.way.unseen").count(), 0, "every way has both its ends");

  await page.locator('[data-action="view"][data-value="figures"]').click();
  const figures = page.locator("#figures");
  for (const name of ["in the server", "RTT without it", "outbound delay, on average (clocks unsynchronised)", "clock is ahead by"]) {
    await figures.getByText(name).waitFor();
  }
});

test("a journal that the command has just written is verified", async (t) => {
  const path = await realJournal("real.jsonl");
  const { stdout } = await command.udping("replay", path);
  const decisions = stdout.match(/verified: (\d+) decisions, 0 differences/)[1];

  const page = await lab(t);
  await openJournal(page, path);

  await says(page.locator("#verdict"), `Verified: ${decisions} decisions, 0 differences`);
});

test("a journal with one decision altered is flagged", async (t) => {
  const path = files.file("altered.jsonl");
  const text = await readFile(await realJournal("to-alter.jsonl"), "utf8");
  await writeFile(path, text.replace(/"rtt_ns":(\d)/, (_, digit) => `"rtt_ns":${(Number(digit) % 9) + 1}`));

  const page = await lab(t);
  await openJournal(page, path);

  await page.locator("#differences li").first().waitFor();
  await drawn(page);
  assert.equal(await page.locator("#differences li").count(), 1);
  assert.doesNotMatch(await page.locator("#verdict").innerText(), /^Verified/);
});

const leave = '[data-action="cancel-loading"]';

test("a long simulation runs beside the page, says how far it is, and can be stopped", async (t) => {
  const page = await lab(t);
  const count = page.locator("#f-count");
  const sent = page.locator("#headline tbody tr").first().locator("td").first();
  const last = page.locator('[data-action="last"]');
  await last.click();
  await drawn(page);
  const before = await sent.innerText();
  // The page goes on meanwhile: it tells how far the worker is, and takes a click.
  const stopped = await watch(page, "#loading-text", /[1-9][\d,]* .*1,000,000/, leave);
  await count.fill("1000000");
  await count.press("Enter");
  await stopped();
  await page.locator("#loading").waitFor({ state: "hidden" });
  await drawn(page);
  assert.equal(await sent.innerText(), before, "the run before is still there");

  await count.fill("30000");
  await count.press("Enter");
  await until(page, async () => {
    // Until the new run is there, this is the end of the one before.
    if (await page.locator("#loading").isHidden()) await last.click();
    await drawn(page);
    return sent.innerText();
  }, (sent) => assert.equal(sent, "30,000"));
});

test("a long run's journal is written beside the page, and can be stopped", async (t) => {
  const page = await lab(t);
  const loading = page.locator("#loading");
  const count = page.locator("#f-count");
  const simulated = await watch(page, "#loading-text", /[1-9][\d,]* of 400,000/);
  await count.fill("400000");
  await count.press("Enter");
  await simulated();
  await loading.waitFor({ state: "hidden" });

  const stopped = await watch(page, "#loading-text", /[1-9][\d,]* of 400,000/, leave);
  await page.locator("#export").click();
  await stopped();
  assert.equal(await page.locator("#loading-title").innerText(), "Writing the journal");
  await loading.waitFor({ state: "hidden" });

  const written = await watch(page, "#loading-text", /[1-9][\d,]* of 400,000/);
  const path = await saved(page, async () => {
    await page.locator("#export").click();
    await written();
  });
  const replayed = await command.udping("replay", path);
  assert.equal(replayed.code, 0, replayed.stdout + replayed.stderr);
  assert.match(replayed.stdout, /^400000 packets transmitted/m);
  assert.match(replayed.stdout, /verified: \d+ decisions, 0 differences/);

  // The Replay room takes the same journal.
  await room(page, "replay");
  await page.locator('[data-action="replay-simulated"]').click();
  await page.locator("#verdict").getByText(/^Verified/).waitFor();
});

test("the page exports what the command simulates, byte for byte", async (t) => {
  const page = await lab(t);
  await page.locator("#export").click({ trial: true });
  const exported = await readFile(await saved(page, () => page.locator("#export").click()), "utf8");

  const path = files.file("exported.jsonl");
  await writeFile(path, exported);
  const replayed = await command.udping("replay", path);
  assert.equal(replayed.code, 0, replayed.stdout + replayed.stderr);
  assert.match(replayed.stdout, /verified: \d+ decisions, 0 differences/);

  const header = JSON.parse(exported.split("\n")[0]);
  const { seed, request, reply } = header.scenario;
  const ms = (ns) => `${(ns ?? 0) / 1e6}ms`;
  const pair = (of) => `${of(request)},${of(reply)}`;
  const simulated = files.file("simulated.jsonl");
  const args = [
    "simulate", "--seed", `${seed}`, "-c", `${header.count}`, "-W", ms(header.timeout_ns),
    "--linger", ms(header.late_window_ns), "--service", ms(header.scenario.service_ns),
    "--loss", pair((way) => `${(way.loss?.independent_ppm ?? 0) / 1e4}%`),
    "--delay", pair((way) => ms(way.delay_ns)),
    "--jitter", pair((way) => ms(way.jitter?.uniform?.spread_ns)),
    "--journal", simulated,
  ];
  const ended = await command.udping(...args);
  assert.ok(ended.code < 2, ended.stderr);
  const own = (await readFile(simulated, "utf8")).split("\n");
  const theirs = exported.split("\n");
  // What the presets use beyond the command's flags would show here first.
  assert.deepEqual(JSON.parse(own[0]).scenario, header.scenario);
  assert.deepEqual(own.slice(1), theirs.slice(1));
});

test("fifty events forward and fifty back lead to the same picture", async (t) => {
  const page = await lab(t);
  await page.locator('[data-action="first"]').click();
  await drawn(page);
  // Shapes that are kept for later use, undrawn, are not part of the picture.
  const seen = () => page.evaluate(() =>
    ["#clock", "#ladder-a svg", "#headline", "#why", "#probe-title", "#packets", "#rtt"].map((id) => {
      const picture = document.querySelector(id).cloneNode(true);
      picture.querySelectorAll('[display="none"]').forEach((shape) => shape.remove());
      return picture.innerHTML;
    }));
  const step = async (act) => {
    await page.evaluate((act) => {
      for (let i = 0; i < 50; i += 1) document.querySelector(`[data-action="${act}"]`).click();
    }, act);
    await drawn(page);
    return seen();
  };
  const start = await seen();
  assert.match(start[0], /^0\.000/);
  assert.notDeepEqual(await step("forward"), start);
  assert.deepEqual(await step("back"), start);
});

test("a packet dropped by keyboard forks the run", async (t) => {
  const page = await lab(t);
  await page.locator('[data-action="first"]').click();
  await page.locator('[data-action="forward"]').focus();
  await page.keyboard.press("Enter");
  const drop = page.locator('#packets [data-action="intervene"][data-value="drop"]').first();
  await drop.waitFor();
  await drop.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#branches tbody tr, #branches tr[data-branch]").length >= 2);
});

test("another timeout is tried on a real session at once", async (t) => {
  const page = await lab(t);
  await openJournal(page, await realJournal("what-if.jsonl"));
  await page.locator("#verdict").getByText(/Verified/).waitFor();
  await page.locator("#what-if-ms").fill("1");
  await page.keyboard.press("Enter");
  await says(page.locator("#what-if-bar"), /What if: timeout 1\sms/);
});

for (const [name, text, sentence] of [
  ["empty", "", /empty/i],
  ["binary", "\u0000\u0001\u0002", /journal/i],
  ["newer", '{"udping":"journal","version":999}\n', /version/i],
  ["deep", `${'{"a":'.repeat(10_000)}\n`, /journal/i],
]) {
  test(`a file that is ${name} gets a sentence, and the page goes on`, async (t) => {
    const path = files.file(`${name}.jsonl`);
    await writeFile(path, text);
    const page = await lab(t);
    await openJournal(page, path);
    await says(page.locator("#journal-error"), sentence);
    await room(page, "simulate");
    await page.locator("#play").click();
  });
}

test("markup in a journal's words stays words", async (t) => {
  const path = files.file("markup.jsonl");
  const lines = (await readFile(await realJournal("plain.jsonl"), "utf8")).split("\n");
  const header = JSON.parse(lines[0]);
  header.host = '<img src=x onerror="document.title=1"><b>bold</b>';
  header.tool = "<script>document.title=2</script>";
  await writeFile(path, [JSON.stringify(header), ...lines.slice(1)].join("\n"));
  const page = await lab(t);
  await openJournal(page, path);
  await page.locator("#facts summary").click();
  await page.locator("#journal-facts").getByText("<b>bold</b>").waitFor();
  assert.equal(await page.locator("#journal-facts img, #journal-facts b").count(), 0);
});

test("the page speaks Portuguese", async (t) => {
  const page = await lab(t);
  await page.locator("#language").selectOption("pt-BR");
  await page.locator("h2, button").getByText("Simular", { exact: true }).first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "pt-BR");
});

test("a comparison opens with its three ways side by side", async (t) => {
  const reflector = await command.serve("--tcp", "--delay", "3ms");
  const path = files.file("compare.jsonl");
  const ended = await command.udping("compare", reflector.address, "-c", "3", "--journal", path);
  await reflector.close();
  assert.equal(ended.code, 0, ended.stderr);

  const page = await lab(t);
  await openJournal(page, path);
  await page.locator("#verdict").getByText(/Verified/).waitFor();
  await page.locator("#journal-facts").getByText(/^3 round trips; packets 3 out, 3 in/).waitFor();
  const branches = page.locator("#branches");
  for (const name of ["UDP", "TCP, a new connection each time", "TCP, one persistent connection"]) {
    await branches.getByText(name, { exact: true }).waitFor();
  }
  await branches.getByText("TCP, a new connection each time", { exact: true }).click();
  await page.locator("#journal-facts").getByText(/^6 round trips;/).waitFor();
});

test("heartbeats open at either end", async (t) => {
  const heard = files.file("heard.jsonl");
  const reflector = await command.serve("--heartbeat", "--loss", "30%,0%", "--seed", "3", "--journal", heard);
  const sent = files.file("sent.jsonl");
  const ended = await command.udping("heartbeat", reflector.address, "-c", "10", "-i", "0.02", "--journal", sent);
  await reflector.close();
  assert.equal(ended.code, 0, ended.stderr);

  const page = await lab(t);
  await openJournal(page, heard);
  await page.locator("#verdict").getByText(/Verified/).waitFor();
  await page.locator("#journal-facts").getByText("clients 1; heartbeats 7; missing 2; declared stopped 0").waitFor();
  await page.waitForFunction(() => /missing: 9(?! to)/.test(document.querySelector("#ladder-a").textContent));
  await page.locator('[data-action="view"][data-value="events"]').click();
  await page.locator("#view-events").getByText(/Heartbeat 4 arrived; those from 3 on/).waitFor();
  assert.ok(await page.locator("#what-if-part").isHidden(), "there is no timeout to ask about");

  await openJournal(page, sent);
  await page.locator("#journal-facts").getByText(/10 sent, 0 refused, \d+ slots? missed/).waitFor();
  await page.waitForFunction(() => document.querySelector("#probe-title").textContent === "Heartbeat 10");
  assert.ok(await page.locator("#machine").isHidden(), "a heartbeat waits for nothing");
  assert.match(await page.locator("#ladder-a").textContent(), /beat 10/);
  await page.locator("#verdict").getByText(/Verified/).waitFor();
});
