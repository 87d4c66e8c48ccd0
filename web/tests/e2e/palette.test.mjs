// The palette of commands, and the help that is made of the same table.

import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, drawn, lab, says, until } from "./support.mjs";

begin();

const chosen = (page) => page.locator("#palette-list [aria-selected=true]").innerText();

test("a command is found by some of its letters, and done", async (t) => {
  const page = await lab(t);
  await page.keyboard.press("Control+k");
  await page.locator("#palette").waitFor({ state: "visible" });
  await page.keyboard.type("darkcol");
  await until(page, () => chosen(page), (name) => assert.match(name, /Dark colours/));
  await page.keyboard.press("Enter");
  await page.locator("#palette").waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");

  await page.locator('.palette-open').click();
  await page.keyboard.type("to the end");
  await until(page, () => chosen(page), (name) => assert.match(name, /To the end\s*End/));
  const before = await page.locator("#clock").innerText();
  await page.locator("#palette-list [aria-selected=true]").click();
  await until(page, () => page.locator("#clock").innerText(), (now) => assert.notEqual(now, before));

  await page.keyboard.press("Control+k");
  await page.keyboard.type("no such command");
  await until(page, () => page.locator("#palette-list li:not([hidden])").count(), (count) => assert.equal(count, 0));
  await page.keyboard.press("Escape");
  await page.locator("#palette").waitFor({ state: "hidden" });
});

test("arrows go through the list, and rooms have their own commands", async (t) => {
  const page = await lab(t);
  await page.keyboard.press("Control+k");
  const first = await chosen(page);
  await page.keyboard.press("ArrowDown");
  await until(page, () => chosen(page), (name) => assert.notEqual(name, first));
  const list = () => page.locator("#palette-list").innerText();
  assert.match(await list(), /Another seed/);
  assert.doesNotMatch(await list(), /Choose a file/);
  await page.keyboard.type("go to replay");
  await page.keyboard.press("Enter");
  await page.locator("#replay-setup").waitFor({ state: "visible" });
  await page.keyboard.press("Control+k");
  await until(page, list, (text) => assert.match(text, /Choose a file/));
  assert.doesNotMatch(await list(), /Another seed/);
});

test("in Portuguese, accents need not be typed", async (t) => {
  const page = await lab(t, "", { locale: "pt-BR" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("execucao");
  await until(page, () => chosen(page), (name) => assert.match(name, /Mostrar a execução toda\s*0/));
});

test("the help lists each key once, and each key does its command", async (t) => {
  const page = await lab(t);
  await page.keyboard.press("?");
  await page.locator("#help").waitFor({ state: "visible" });
  const keys = await page.locator("#help-keys kbd").allInnerTexts();
  assert.ok(keys.length > 25, `${keys}`);
  assert.equal(new Set(keys).size, keys.length, `${keys}`);
  await page.locator('#help [data-action="close"]').click();
  await page.keyboard.press("y");
  await page.waitForFunction(() => document.querySelector("#plot-log").getAttribute("aria-pressed") === "true");
  await page.keyboard.press("2");
  await page.locator("#view-events").waitFor({ state: "visible" });
  await drawn(page);
  await says(page.locator("#stage"), /Event/);
});
