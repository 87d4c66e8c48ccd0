// The journeys, the four tasks that people come with, and a lesson, in the Firefox that people have.
// Owns nothing of the page's behaviour: these are the tests that Chromium runs.

import { test } from "node:test";

import { begin, learn } from "./support.mjs";

process.env.LAB_BROWSER = "firefox";
begin();
await import("./journeys.test.mjs");
await import("./tasks.test.mjs");

test("a lesson is begun, and its first question answered", async (t) => {
  const page = await learn(t, "=first-ping.2");
  await page.locator("#learn-guess").fill("100");
  await page.locator("#learn-check:enabled").click();
  await page.locator("#learn-room .feedback").waitFor();
});
