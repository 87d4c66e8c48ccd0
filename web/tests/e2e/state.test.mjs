// Nothing is lost: address, history, reload, undo, branches, links, files, recent journals.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import { begin, browser, drawn, files, lab, openJournal, openTab, ready, says, server, until } from "./support.mjs";

begin();

const act = (page, name, value) => page.locator(`[data-action="${name}"]${value ? `[data-value="${value}"]` : ""}:visible`).first().click();
const room = (page, name) => act(page, "room", name);
const branches = async (page) => (await page.locator("#branches tbody:not([hidden]) th").allInnerTexts()).map((name) => name.replaceAll("\u00a0", " "));
const branchesAre = (page, wanted) => until(page, () => branches(page), (found) => assert.deepEqual(found, wanted));

/** What a user sees of the Simulate room. */
async function seen(page) {
  await drawn(page);
  return page.evaluate(() => {
    const text = (id) => {
      const element = document.querySelector(id);
      return element.checkVisibility() ? element.innerText : "";
    };
    return {
      branches: text("#branches"), clock: text("#clock"), headline: text("#headline"), why: text("#why"), packets: text("#packets"),
      loss: document.querySelector("#request-loss").value, probes: document.querySelector("#f-count").value,
      open: !document.querySelector("#view-events").hidden, differences: text("#branch-differences"), title: document.title,
    };
  });
}

/** Waits until the address holds what is seen. */
async function settled(page) {
  await drawn(page);
  await page.locator("#lab:not([data-unwritten])").waitFor({ state: "attached" });
}

/** The journal of a simulated run, as a file. */
async function journal(page, name, probes) {
  await room(page, "simulate");
  await page.locator("#f-count").fill(`${probes}`);
  await page.keyboard.press("Enter");
  await drawn(page);
  const download = page.waitForEvent("download");
  await page.locator("#export").click();
  await (await download).saveAs(files.file(name));
  await room(page, "replay");
  return files.file(name);
}

test("other conditions make a branch, and a reload finds all branches, the place and the comparison", async (t) => {
  const page = await lab(t);
  await act(page, "first");
  await act(page, "forward");
  await act(page, "intervene", "drop");
  await act(page, "preset", "preset-satellite");
  await page.locator("#f-count").fill("7");
  await page.keyboard.press("Enter");
  await until(page, () => branches(page), (found) => assert.equal(found.length, 4));
  assert.deepEqual((await branches(page)).map((name) => name.replace(/ at .*/, "")), ["main", "ping 1 dropped", "Satellite", "7 probes"]);
  await page.locator("#branches [data-action=compare]:visible").nth(1).click();
  for (let step = 0; step < 5; step += 1) await act(page, "forward");
  await act(page, "view", "events");
  await settled(page);
  const before = await seen(page);
  assert.match(before.title, /7 probes · Simulate/);
  await page.reload();
  await ready(page);
  assert.deepEqual(await seen(page), before);
  // The address alone is enough, in another browser.
  const tab = await openTab(browser, page.url());
  await ready(tab.page);
  assert.deepEqual(await seen(tab.page), before);
  await tab.close();
  // The form says what the branch shown is made of.
  await page.locator("#branches tbody:nth-of-type(1) button.link").click();
  await until(page, () => page.locator("#f-count").inputValue(), (count) => assert.equal(count, "10"));
});

test("Back and Forward lead through branches and rooms, and nothing is lost on the way", async (t) => {
  const page = await lab(t);
  await act(page, "first");
  await act(page, "forward");
  await act(page, "intervene", "drop");
  await says(page.locator("#branches [aria-current=true]"), "ping 1 dropped");
  await room(page, "learn");
  await page.waitForFunction(() => location.hash.startsWith("#learn"));
  await room(page, "replay");
  await says(page.locator("nav [aria-current]"), "Replay");
  await settled(page);
  await page.goBack();
  await says(page.locator("nav [aria-current]"), "Learn");
  await page.goBack();
  await says(page.locator("nav [aria-current]"), "Simulate");
  await says(page.locator("#branches [aria-current=true]"), "ping 1 dropped");
  await page.goBack();
  await branchesAre(page, ["main"]);
  await page.goForward();
  await until(page, () => branches(page), (found) => assert.equal(found.length, 2));
  await page.goForward();
  await says(page.locator("nav [aria-current]"), "Learn");
  // A room that was left before the reload is as it was.
  await page.reload();
  await page.locator("#learn-room h2").first().waitFor();
  await room(page, "simulate");
  await until(page, () => branches(page), (found) => assert.equal(found.length, 2));
});

test("every act can be undone and done again: acting, conditions, names, deleting", async (t) => {
  const page = await lab(t);
  await act(page, "first");
  await act(page, "forward");
  const states = [await branches(page)];
  const done = async (wanted) => {
    await until(page, () => branches(page), wanted);
    states.push(await branches(page));
  };
  await act(page, "intervene", "drop");
  await done((found) => assert.equal(found.length, 2));
  await act(page, "preset", "preset-home-wifi");
  await done((found) => assert.equal(found.length, 3));
  await page.locator("#branches tbody:nth-of-type(2) [data-action=branch-rename]").click();
  await page.locator("#branch-name").fill("first lost");
  await page.keyboard.press("Enter");
  await done((found) => assert.equal(found[1], "first lost"));
  await page.locator("#branches tbody:nth-of-type(1) [data-action=branch-delete]").click();
  await done((found) => assert.deepEqual(found[0], "first lost"));

  await page.locator("#stage").focus();
  for (const state of states.slice(0, -1).reverse()) {
    await page.keyboard.press("Control+z");
    await branchesAre(page, state);
  }
  await page.keyboard.press("Control+z");
  await says(page.locator("#toast"), "nothing to undo");
  await page.keyboard.press("Control+y");
  await branchesAre(page, states[1]);
  // What is undone survives a reload, too.
  await settled(page);
  await page.reload();
  await ready(page);
  for (const state of states.slice(2)) {
    await page.locator("#redo").click();
    await branchesAre(page, state);
  }
  assert.equal(await page.locator("#redo").getAttribute("aria-disabled"), "true");
});

test("a slider on its way makes one branch", async (t) => {
  const page = await lab(t);
  const slider = page.locator('[data-slider="request-loss"]');
  await slider.evaluate(async (slider) => {
    const moved = (type) => slider.dispatchEvent(new Event(type, { bubbles: true }));
    for (const part of [0.3, 0.4, 0.5, 0.6]) {
      slider.value = part;
      moved("input");
      await new Promise(requestAnimationFrame);
    }
    moved("change");
    slider.value = 0.2;
    moved("input");
    moved("change");
  });
  await branchesAre(page, ["main", "To the server: loss 36 %", "To the server: loss 4 %"]);
});

test("what is too long for a link becomes a file that opens the same", async (t) => {
  const branch = (number) => ({
    parent: number,
    cause: { at_ns: 30_000_000 + number, direction: "request", packet: { seq: 1, copy: 0 }, action: { delay: { by_ns: number } } },
  });
  const state = { branches: [{ setup: {} }, ...Array.from({ length: 60 }, (_, number) => branch(number))], place: { branch: 60 } };
  const page = await lab(t, `#run=2.${Buffer.from(JSON.stringify(state)).toString("base64url")}`);
  await act(page, "forward");
  await until(page, () => branches(page), (found) => assert.equal(found.length, 61));
  await settled(page);
  const before = await seen(page);
  // The address becomes short, and a reload finds all of it.
  assert.ok(page.url().length < 8_200, page.url().length);
  await page.reload();
  await ready(page);
  assert.deepEqual(await seen(page), before);
  await page.locator("#share").click();
  await says(page.locator("#sharing-note"), /too long/);
  const download = page.waitForEvent("download");
  await page.locator("#save-state").click();
  const path = files.file("state-lab.json");
  await (await download).saveAs(path);
  await page.locator('#sharing [data-action="close"]').click();

  const other = await lab(t);
  await openJournal(other, path);
  await until(other, () => branches(other), (found) => assert.equal(found.length, 61));
  assert.deepEqual(await seen(other), before);
  // It took the place of what was there: undoing brings that back.
  await other.locator("#undo").click();
  await branchesAre(other, ["main"]);

  const cut = files.file("cut-lab.json");
  await writeFile(cut, (await readFile(path, "utf8")).slice(0, 200));
  await openJournal(other, cut);
  await other.locator("#toast").filter({ hasText: /cut or changed/ }).waitFor({ state: "attached" });
});

test("bad links are refused in words", async (t) => {
  for (const [fragment, words] of [["#run=1.e30", /older/], ["#run=99.e30", /newer version/], ["#run=2.e30", /cut or changed/], ["#log=x&at=2.AA", /cut or changed/]]) {
    const page = await lab(t, fragment);
    await page.locator("#toast").filter({ hasText: words }).waitFor({ state: "attached" });
    await page.locator("#play").click();
  }
});

test("a picked journal and the place in it survive a reload; recent ones open again and can be cleared", async (t) => {
  const page = await lab(t);
  const [one, two] = [await journal(page, "one.jsonl", 12), await journal(page, "two.jsonl", 15)];
  await page.locator("#file").setInputFiles(one);
  await says(page.locator("#verdict"), /Verified/);
  await act(page, "first");
  for (let step = 0; step < 9; step += 1) await act(page, "forward");
  await act(page, "probe-next");
  await settled(page);
  const place = async () => [await page.locator("#clock").innerText(), await page.locator("#probe-title").innerText(), await page.title()];
  const before = await place();
  assert.match(before[2], /one\.jsonl · Replay/);
  await page.reload();
  await says(page.locator("#verdict"), /Verified/);
  await until(page, place, (found) => assert.deepEqual(found, before));

  await page.locator("#file").setInputFiles(two);
  await until(page, () => page.title(), (title) => assert.match(title, /two\.jsonl/));
  const recent = () => page.locator("#recent-list li:visible button.link").allInnerTexts();
  await until(page, recent, (found) => assert.deepEqual(found, ["two.jsonl", "one.jsonl"]));
  await settled(page);
  await page.goBack();
  await until(page, place, (found) => assert.deepEqual(found, before));
  await page.goForward();
  await until(page, () => page.title(), (title) => assert.match(title, /two\.jsonl/));
  // The same file is kept once.
  await page.locator("#file").setInputFiles(one);
  await until(page, recent, (found) => assert.deepEqual(found, ["one.jsonl", "two.jsonl"]));
  await page.locator("#recent-list button.link", { hasText: "two" }).click();
  await until(page, () => page.title(), (title) => assert.match(title, /two\.jsonl/));
  await until(page, recent, (found) => assert.equal(found[0], "two.jsonl"));
  await page.locator("#recent-list li:visible").filter({ hasText: "one" }).locator("[data-action=recent-remove]").click();
  await until(page, recent, (found) => assert.deepEqual(found, ["two.jsonl"]));
  await page.locator('[data-action="recent-clear"]').click();
  await page.locator("#recent").waitFor({ state: "hidden" });
  await page.goBack();
  await says(page.locator("#journal-error"), /does not keep/);
});

test("a browser that keeps nothing says so, and the journal opens all the same", async (t) => {
  const tab = await openTab(browser, "about:blank", {}, server.url);
  t.after(async () => {
    await tab.close();
    assert.deepEqual(tab.complaints, []);
  });
  await tab.page.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException("refused", "SecurityError"); };
  });
  await tab.page.goto(server.url);
  await ready(tab.page);
  await tab.page.locator("#file").setInputFiles(await journal(tab.page, "private.jsonl", 12));
  await says(tab.page.locator("#verdict"), /Verified/);
  await tab.page.locator("#toast").filter({ hasText: /keeps no journals/ }).waitFor({ state: "attached" });
});
