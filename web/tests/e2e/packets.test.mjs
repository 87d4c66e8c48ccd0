// A lesson's run goes on from what somebody does to a packet in its picture, by key and by pointer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { words } from "./lessons.mjs";
import { begin, drawn, learn, server, until } from "./support.mjs";

begin();

const packet = '#learn-lanes [data-packet="0 0"]';

test("a packet in flight is lost by key, and by pointer at 390 pixels", async (t) => {
  const page = await learn(t, "=first-ping.1", { viewport: { width: 1280, height: 860 } });
  await page.locator("#learn-show").click();
  await page.locator("#learn-after").waitFor();
  await page.keyboard.press("End");
  await drawn(page);
  // What the client waits for, and for how long still, stands under its lane.
  assert.match(await page.locator("#learn-ends .wait").innerText(), /^1: 975\sms/);
  for (const choose of [() => page.locator(packet).press("Enter"), () => page.locator(packet).click()]) {
    await choose();
    await page.waitForFunction(() => document.activeElement.closest("[data-flying]") !== null);
    await page.keyboard.press("Enter");
    await page.locator("#learn-interventions li").waitFor();
    await page.locator("#learn-to-end, [data-learn=to-end]").first().click();
    await drawn(page);
    // The ping that was dropped times out, and the run goes on to the third.
    const printed = await page.locator("#learn-ends .printed").innerText();
    assert.ok(printed.includes(words("en")("learn-note-timed-out").replace("{ $seq }", "1")), printed);
    assert.ok(await page.locator("#learn-lanes use.lost").count() > 0);
    await page.locator("#learn-reset").click();
    await page.locator("#learn-interventions li").waitFor({ state: "detached" });
    await page.setViewportSize({ width: 390, height: 844 });
    await drawn(page);
  }
});

test("what a busy server has not read lies in its buffer, and a clock that is set measures wrong", async (t) => {
  const page = await learn(t, "=one-socket.2", { viewport: { width: 1280, height: 860 } });
  await page.locator("#learn-skip").click();
  await page.locator("#learn-after").waitFor();
  await page.keyboard.press("Home");
  await page.locator("#learn-ends .buffer .none").nth(1).waitFor();
  const held = page.locator("#learn-ends .buffer").nth(1).locator("code");
  for (let step = 0; (await held.count()) < 2; step += 1) {
    assert.ok(step < 20, "B and C wait in the buffer");
    await page.keyboard.press("ArrowRight");
    await drawn(page);
  }
  assert.deepEqual(await held.allInnerTexts(), ["B: ping 1", "C: ping 1"]);
  await page.goto(`${server.url}#learn=delay.4`);
  await page.locator("#learn-skip").click();
  await page.locator("#learn-after").waitFor();
  await page.keyboard.press("End");
  await drawn(page);
  const passed = await page.locator("#learn-ends .clocks td:last-child").allInnerTexts();
  assert.deepEqual(passed.map((text) => text.replaceAll("\u00a0", " ")), ["100 ms", "−100 ms"]);
});

test("the names of the ends stay above their lines, however far the picture is scrolled", async (t) => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }, { width: 1920, height: 1080 }]) {
    const page = await learn(t, "=timeout.1", { locale: "pt-BR", viewport });
    const names = () => page.locator("#learn-lanes").evaluate((lanes) => [0, lanes.scrollHeight].map((top) => {
      lanes.scrollTop = top;
      const view = lanes.getBoundingClientRect();
      const inside = ({ left, right, top, bottom }) => left >= view.left - 1 && right <= view.right + 1 && top >= view.top - 1 && bottom <= view.bottom + 1;
      return [...lanes.querySelectorAll("text.head")].filter((it) => inside(it.getBoundingClientRect())).map((it) => it.textContent);
    }));
    await until(page, names, (found) => assert.deepEqual(found, [["cliente", "servidor"], ["cliente", "servidor"]]));
  }
});
