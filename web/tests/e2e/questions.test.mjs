// The assignment's planning questions: what is written stays, and each point leads to where it is shown.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { axe } from "./axe.mjs";
import { languages, plain, words } from "./lessons.mjs";
import { begin, drawn, learn, server } from "./support.mjs";

const plans = JSON.parse(readFileSync(new URL("../../plan.json", import.meta.url), "utf8"));

begin();

for (const [language, width] of languages.flatMap((language) => [[language, 390], [language, 1280]])) {
  test(`the questions lead to their answers in ${language} at ${width} px`, async (t) => {
    const page = await learn(t, "", { locale: language, viewport: { width, height: 860 } });
    const say = words(language);
    await page.locator(".plans a").first().click();
    for (const [number, plan] of plans.entries()) {
      await page.locator(`.learn-ways, #learn-title`).first().waitFor();
      await page.waitForFunction((text) => document.querySelector("#learn-title").innerText.includes(text), say(plan.text));
      const labels = await page.locator(".points label").allInnerTexts();
      assert.deepEqual(labels.map(plain), plan.points.map(({ text }) => say(text)));
      const links = await page.locator('.points a[href^="#learn"]').evaluateAll((all) => all.map((it) => it.hash));
      assert.deepEqual(links, plan.points.flatMap(({ at = [] }) => at.map((place) => `#learn=${place}`)));
      const wide = await page.evaluate(() => document.querySelector("#learn-room").scrollWidth);
      assert.ok(wide <= width, `${wide} px in ${width}`);
      assert.deepEqual(await axe(page), []);
      if (number + 1 < plans.length) await page.locator(".learn-ways a").last().click();
    }
    await page.locator("#point-0").fill("perf_counter");
    await page.reload();
    await page.locator("#point-0").waitFor();
    assert.equal(await page.locator("#point-0").inputValue(), "perf_counter");
    await page.locator(".points a").first().click();
    await page.locator('.learn-where [aria-current="step"][href="#learn=first-ping.2"]').waitFor();
    await page.goto(`${server.url}#learn`);
    await drawn(page);
    const written = say("learn-plan-written").replace("{ $written }", "1").replace("{ $all }", `${plans[2].points.length}`);
    await page.locator(".plans small").nth(2).getByText(written).waitFor();
  });
}
