// The main journeys in Firefox, which is driven over WebDriver BiDi: Debian has no geckodriver.
// Owns nothing of the page's behaviour: each journey is tested closely in Chromium, elsewhere.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import * as command from "./command.mjs";
import { PATIENCE_MS, root, serve } from "./support.mjs";

const puppeteer = createRequire(`${root}target/tools/`)("puppeteer-core");
let server, browser, files;

before(async () => {
  command.build();
  [server, files] = [await serve(), await command.folder()];
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    protocolTimeout: PATIENCE_MS,
    timeout: PATIENCE_MS,
  });
});

after(async () => {
  await browser?.close();
  await server?.close();
  await files?.close();
});

/** The lab, drawn; when the test `t` ends the tab is closed, and its console must be empty. */
async function lab(t, fragment = "") {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  t.after(async () => {
    await page.close();
    assert.deepEqual(complaints, []);
  });
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(server.url + fragment);
  await page.waitForFunction(
    () => document.querySelector("#clock")?.textContent !== "" || document.querySelector("#learn-title"),
  );
  return page;
}

/** Waits until an element shows this. */
const says = (page, selector, wanted) =>
  page.waitForFunction(
    (selector, wanted) => new RegExp(wanted).test(document.querySelector(selector)?.textContent),
    {},
    selector,
    wanted.source,
  );

const press = (page, action, value) =>
  page.locator(`[data-action="${action}"]${value ? `[data-value="${value}"]` : ""}`).click();

test("a recorded journal is verified, stepped through, scrubbed, and asked about another timeout", async (t) => {
  const reflector = await command.serve("--loss", "40%", "--delay", "3ms", "--seed", "4");
  const path = files.file("real.jsonl");
  const ended = await command.udping(reflector.address, "-c", "10", "-i", "0.02", "-W", "1", "--journal", path);
  await reflector.close();
  assert.equal(ended.code, 0, ended.stderr);

  const page = await lab(t);
  await press(page, "room", "replay");
  await (await page.$("#file")).uploadFile(path);
  await says(page, "#verdict", /Verified: \d+ decisions, 0 differences/);

  await press(page, "first");
  await says(page, "#clock", /^0\.000/);
  await press(page, "forward");
  await page.waitForFunction(() => document.querySelectorAll("#ladder-a svg text").length > 0);
  await page.focus("#scrub");
  await page.keyboard.press("End");
  await page.waitForFunction(() => !/^0\.000/.test(document.querySelector("#clock").textContent));

  await page.locator("#what-if-ms").fill("1");
  await page.keyboard.press("Enter");
  await says(page, "#what-if-bar b", /timeout 1\sms/);
});

test("a simulated packet is dropped, and the run forks", async (t) => {
  const page = await lab(t, "#simulate");
  await press(page, "first");
  await press(page, "forward");
  await page.locator('#packets [data-action="intervene"][data-value="drop"]').click();
  await page.waitForFunction(() => document.querySelectorAll("#branches tr").length >= 2);
});

test("a lesson is begun, and its first question answered", async (t) => {
  const page = await lab(t, "#learn=first-ping.2");
  await page.locator("#learn-guess").fill("100");
  await page.locator("#learn-check:enabled").click();
  await page.waitForSelector("#learn-room .feedback");
});
