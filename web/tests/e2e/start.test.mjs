// The page starts: the program loads under the strict policy and says so, and nothing complains.

import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, browser, drawn, openTab, ready, server } from "./support.mjs";

begin();

test("the program starts and the console stays empty", async () => {
  const { page, complaints, close } = await openTab(browser, server.url);

  await ready(page);
  await drawn(page);

  await close();
  assert.deepEqual(complaints, []);
});

test("the policy forbids inline scripts, and the tests would notice one", async () => {
  const { page, complaints, close } = await openTab(browser, server.url);

  const complaint = page.waitForEvent("console");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'ran'";
    document.head.append(script);
  });
  await complaint;

  assert.notEqual(await page.title(), "ran");
  assert.match(complaints.join("\n"), /Content Security Policy/);
  await close();
});
