// The page explains itself: where to begin, what to type, and what it does not know. The commands that it writes are
// read by the command itself.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import * as command from "./command.mjs";
import { begin, drawn, files, lab, openJournal, room, sample, says, until } from "./support.mjs";

const wide = { locale: "en", viewport: { width: 1280, height: 900 } };

begin(command.build);

const opened = (t, options = {}) => lab(t, "", { ...wide, ...options });
/** A command line's words, as a shell reads them. */
const words = (line) => line.match(/'(?:[^']|'\\'')*'|\S+/g).map((word) => word.replace(/^'|'$/g, "").replaceAll("'\\''", "'"));

test("an empty Replay says where to begin, and has no empty panes", async (t) => {
  const page = await opened(t);
  await room(page, "replay");
  await says(page.locator("#replay-intro"), "udping HOST --journal run.jsonl");
  for (const pane of ["#stage", "#side", "#strip"]) assert.ok(await page.locator(pane).isHidden(), pane);
  await page.locator('[data-action="sample"]').click();
  await says(page.locator("#verdict"), /^Verified/);
  // Verdict and what-if come first, the facts are one line.
  const top = async (id) => (await page.locator(id).boundingBox()).y;
  assert.ok((await top("#verdict")) < (await top("#what-if-part")));
  assert.ok((await top("#what-if-part")) < (await top("#facts")));
  assert.ok(await page.locator("#journal-facts").isHidden());
  await says(page.locator("#facts summary"), "40 probes");
  await page.locator("#stage").waitFor();
});

test("the command of a simulated run makes the same journal, byte for byte", async (t) => {
  const page = await opened(t);
  await page.locator('[data-value="preset-textbook"]').click();
  await page.locator("#f-count").fill("25");
  await page.locator("#f-count").press("Enter");
  const shown = page.locator("#simulate-command");
  await says(shown, "-c 25");
  assert.ok(await page.locator("#simulate-command-note").isHidden());
  const [program, ...args] = words(await shown.innerText());
  assert.equal(program, "udping");
  const path = files.file("simulated.jsonl");
  const ended = await command.udping(...args, "--journal", path);
  assert.ok(ended.code < 2, ended.stderr);
  const download = page.waitForEvent("download");
  await page.locator("#export").click();
  const exported = await readFile(await (await download).path(), "utf8");
  assert.equal(exported, await readFile(path, "utf8"));
});

test("the command of a recorded run records one like it", async (t) => {
  const reflector = await command.serve();
  t.after(reflector.close);
  const path = files.file("a run's.jsonl");
  const flags = ["-c", "3", "-i", "20ms", "-W", "300ms", "--linger", "100ms", "-s", "99"];
  const first = await command.udping(reflector.address, ...flags, "--journal", path);
  assert.equal(first.code, 0, first.stderr);
  const page = await opened(t);
  await openJournal(page, path);
  await says(page.locator("#verdict"), /^Verified/);
  const line = await page.locator("#record-command").innerText();
  const [program, ...args] = words(line);
  assert.equal(program, "udping");
  const again = files.file("again.jsonl");
  assert.equal(args.at(-1), "a run's.jsonl");
  const ended = await command.udping(...args.slice(0, -1), again);
  assert.equal(ended.code, 0, ended.stderr);
  const header = async (path) => JSON.parse((await readFile(path, "utf8")).split("\n")[0]);
  const own = ["wall_start", "wall_ns", "timestamp_key", "epoch_s"];
  const [one, other] = [await header(path), await header(again)];
  for (const key of own) delete one[key], delete other[key];
  assert.deepEqual(other, one);
});

test("a journal of which one line is bad opens without it, and says so", async (t) => {
  const lines = (await readFile(sample, "utf8")).trim().split("\n");
  lines[30] = '{"sent":';
  const path = files.file("bad.jsonl");
  await writeFile(path, lines.join("\n"));
  const page = await opened(t);
  await openJournal(page, path);
  await says(page.locator("#verdict"), /^Not all of it can be verified/);
  await says(page.locator("#verdict"), /Line 31 is no record/);
  await page.locator("#stage").waitFor();
});

test("a journal whose end is missing is verified up to its last probe, and no further", async (t) => {
  const text = await readFile(sample, "utf8");
  const path = files.file("cut.jsonl");
  await writeFile(path, text.slice(0, text.indexOf('{"sent":12,') + 20));
  for (const [locale, badge, end] of [
    ["en", /^Verified up to #11; the end is missing: \d+ decisions, 0 differences/, /is cut/],
    ["pt-BR", /^Verificado até #11; falta o fim: \d+ decisões, 0 diferenças/, /está cortada/],
  ]) {
    const page = await opened(t, { locale });
    await openJournal(page, path);
    await says(page.locator("#verdict"), badge);
    await says(page.locator("#verdict"), end);
    assert.equal(await page.locator("#verdict.good").count(), 0);
  }
});

test("a speed suits the run: it lasts as long as people watch", async (t) => {
  const page = await opened(t);
  const speed = () => page.locator("#speed option:checked").innerText();
  await page.locator('[data-value="preset-campus-lan"]').click();
  await until(page, speed, (text) => assert.match(text, /^1\/\d+/));
  await page.locator('[data-action="last"]').click();
  await drawn(page);
  const lasts = parseFloat(await page.locator("#clock").innerText());
  const [, over] = (await speed()).match(/^1\/(\d+)/);
  assert.ok(lasts * over > 5 && lasts * over < 32, `${lasts * over} s`);
});

test("Home, then the next probe, is the first; and what is lost is not in flight", async (t) => {
  const page = await opened(t);
  await room(page, "replay");
  await page.locator('[data-action="sample"]').click();
  await says(page.locator("#verdict"), /^Verified/);
  await page.locator("#clock").click();
  await page.keyboard.press("Home");
  await page.keyboard.press("j");
  await says(page.locator("#probe-title"), /^Probe 1$/);
  await page.keyboard.press("End");
  await drawn(page);
  assert.ok(await page.locator("#packets").isHidden(), "nothing waits at the end");
  // Sharing a recorded run shows no field for a link that there is not.
  await page.locator("#share").click();
  await says(page.locator("#sharing"), /does not put a recorded session into a link/);
  assert.ok(await page.locator("#sharing-link").isHidden());
});
