// What leads into the page: a link that restores a run on any machine, a journal on the same site.

import assert from "node:assert/strict";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import * as command from "./command.mjs";
import { begin, dist, drawn, files, lab, launch, openTab, ready, says, server } from "./support.mjs";

begin(command.build);

test("a link restores seed, setup, interventions, time, probe and view in another browser", async (t) => {
  const page = await lab(t);
  await page.locator('[data-action="preset"][data-value="preset-satellite"]').click();
  for (const [field, value] of [["f-seed", "987654321"], ["f-count", "17"], ["request-loss", "12.5"]]) {
    await page.locator(`#${field}`).fill(value);
    await page.keyboard.press("Enter");
  }
  await page.locator('[data-action="first"]').click();
  await page.locator('[data-action="forward"]').click();
  await page.locator('#packets [data-action="intervene"][data-value="delay"]').first().click();
  for (let step = 0; step < 6; step += 1) await page.locator('[data-action="forward"]').click();
  await page.locator('#packets [data-action="intervene"][data-value="drop"]').first().click();
  await page.locator('[data-action="view"][data-value="events"]').click();
  await page.locator('[data-action="probe-previous"]').click();
  await page.locator("#share").click();
  const link = await page.locator("#share-url").inputValue();
  await page.locator('#sharing [data-action="close"]').click();
  assert.ok(link.startsWith(server.url), link);

  const seen = (page) => page.evaluate(() => {
    const text = (id) => document.querySelector(id).innerText;
    const value = (id) => document.querySelector(id).value;
    return {
      seed: value("#f-seed"), count: value("#f-count"), loss: value("#request-loss"), delay: value("#reply-delay"),
      clock: text("#clock"), headline: text("#headline"), probe: text("#probe-title"), why: text("#why"),
      packets: text("#packets"), open: !document.querySelector("#view-events").hidden,
    };
  });
  await drawn(page);
  const there = await seen(page);
  assert.deepEqual([there.seed, there.count, there.loss, there.open], ["987654321", "17", "12.5", true]);

  // A browser that has never seen this page, in another language's country.
  const fresh = await launch();
  t.after(() => fresh.close());
  const tab = await openTab(fresh, link);
  await ready(tab.page);
  await tab.page.waitForFunction((clock) => document.querySelector("#clock").innerText === clock, there.clock);
  await drawn(tab.page);
  assert.deepEqual(await seen(tab.page), there);
  const journal = async (page) => {
    const download = page.waitForEvent("download");
    await page.locator("#export").click();
    const path = files.file(`shared-${Math.random()}.jsonl`);
    await (await download).saveAs(path);
    return path;
  };
  const [own, theirs] = [await journal(page), await journal(tab.page)];
  const [{ stdout: verdict }, { stdout: other }] = [await command.udping("replay", own), await command.udping("replay", theirs)];
  assert.match(verdict, /verified: \d+ decisions, 0 differences/);
  assert.equal(verdict, other);
  assert.deepEqual(tab.complaints, []);
});

test("a damaged link is refused with a reason, and the page goes on", async (t) => {
  const page = await lab(t, "#run=2.AAAA");
  // It is shown for a while only, but what it says stays where it was.
  await page.locator("#toast").filter({ hasText: /cut or changed/ }).waitFor({ state: "attached" });
  await page.locator("#play").click();
});

test("a link opens a journal of the same site, and of no other", async (t) => {
  const path = files.file("linked.jsonl");
  await command.udping("simulate", "-c", "12", "--loss", "20%", "--seed", "3", "--journal", path);
  // Beside the page, as a teacher would put it there.
  const beside = join(dist, `e2e-${process.pid}.jsonl`);
  await copyFile(path, beside);
  t.after(() => rm(beside));

  const page = await lab(t, `#log=e2e-${process.pid}.jsonl`);
  await page.locator("#verdict").getByText(/Verified/).waitFor();
  await says(page.locator("#facts"), `e2e-${process.pid}`);

  await page.evaluate(() => { location.hash = "log=https://elsewhere.example/run.jsonl"; });
  await says(page.locator("#journal-error"), /site/);
  // What was open before still is.
  assert.match(await page.locator("#verdict").innerText(), /Verified/);
});

test("a link's language goes before the browser's, and one that there is not is passed over", async (t) => {
  for (const [fragment, locale, spoken] of [
    ["#lang=pt-BR", "en", "pt-BR"],
    ["#lang=en", "pt-BR", "en"],
    ["#lang=xx", "pt-BR", "pt-BR"],
  ]) {
    const page = await lab(t, fragment, { locale });
    assert.equal(await page.locator("html").getAttribute("lang"), spoken);
  }
});
