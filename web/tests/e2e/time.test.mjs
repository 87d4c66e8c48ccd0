// The plot of round trips over time: zooming, panning, ranges, the card of what is pointed at, notes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, drawn, lab, says, until } from "./support.mjs";

begin();

/** The lab at the end of a run of so many probes, as tall as the strip needs. */
async function atEnd(t, count, options = {}) {
  const page = await lab(t, "", { viewport: { width: 1280, height: 1200 }, ...options });
  await page.locator("#f-count").fill(`${count}`);
  await page.locator("#f-count").press("Enter");
  await until(page, async () => {
    if (await page.locator("#loading").isHidden()) await page.locator('.btn.icon[data-action="last"]').click();
    await drawn(page);
    return page.locator("#headline tbody tr").first().locator("td").first().innerText();
  }, (sent) => assert.equal(sent.replace(/\D/g, ""), `${count}`));
  return page;
}

/** A place in the plot, by shares of the samples' rectangle. */
async function place(page, across, down = 0.5) {
  const box = await page.locator("#rtt").boundingBox();
  return [box.x + 62 + across * (box.width - 62 - 144), box.y + 30 + down * (box.height - 110)];
}

const labels = (page) => page.locator("#rtt-now text.end.t:not([display])").allTextContents();
const seconds = (text) => Number.parseFloat(text.replace(/,/g, ""));
const clock = async (page) => seconds(await page.locator("#clock").innerText());
const shownTicks = async (page) => (await page.locator("#rtt-now text.soft.mid:not([display])").allTextContents()).map(seconds);

test("the wheel zooms and keeps the time under the pointer, Shift and drag pans", async (t) => {
  const page = await atEnd(t, 300);
  // At the top edge there is no sample to be chosen instead of a time.
  const [x, y] = await place(page, 0.6, -0.025);
  await page.mouse.click(x, y);
  await drawn(page);
  const before = await clock(page);
  const span = async () => {
    const shown = await shownTicks(page);
    return shown.at(-1) - shown[0];
  };
  const whole = await span();
  await page.mouse.move(x, y);
  for (let turn = 0; turn < 6; turn += 1) await page.mouse.wheel(0, -200);
  await until(page, span, (now) => assert.ok(now < whole / 8, `${now} of ${whole} s`));
  await page.mouse.click(x, y);
  await drawn(page);
  const moved = Math.abs((await clock(page)) - before);
  assert.ok(moved < whole / 800, `the time under the pointer moved by ${moved} s`);

  const first = (await shownTicks(page))[0];
  await page.keyboard.down("Shift");
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 300, y, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await until(page, () => shownTicks(page), (shown) => assert.ok(shown[0] < first));
  assert.equal(await page.locator("#range-card").isVisible(), false, "a range was selected while panning");
});

test("W, S, A and D zoom and pan by where the keys are, whatever they write", async (t) => {
  const page = await atEnd(t, 60);
  const press = (code, key) => page.evaluate(([code, key]) => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }));
  }, [code, key]);
  const whole = await shownTicks(page);
  await press("KeyW", "ц");
  await press("KeyW", "ц");
  await until(page, () => shownTicks(page), (shown) => assert.notDeepEqual(shown, whole));
  const zoomed = await shownTicks(page);
  await press("KeyA", "ф");
  await until(page, () => shownTicks(page), (shown) => assert.ok(shown[0] < zoomed[0], `${shown} after ${zoomed}`));
  await press("KeyD", "в");
  await until(page, () => shownTicks(page), (shown) => assert.deepEqual(shown, zoomed));
  await press("KeyS", "ы");
  await press("KeyS", "ы");
  await until(page, () => shownTicks(page), (shown) => assert.deepEqual(shown, whole));
});

test("a drag selects a range with its figures, which can be zoomed to and cleared", async (t) => {
  const page = await atEnd(t, 200);
  const [x, y] = await place(page, 0.25);
  const [to] = await place(page, 0.5);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(to, y, { steps: 4 });
  await page.mouse.up();
  const card = page.locator("#range-card");
  await card.waitFor({ state: "visible" });
  assert.match(await card.innerText(), /\d+ sent[\s\S]*\d+ replied[\s\S]*\d+ lost \([\d.]+\s%\)[\s\S]*median .* p90 .* p99/);
  const before = await shownTicks(page);
  await card.locator('[data-action="range-zoom"]').click();
  await until(page, () => shownTicks(page), (shown) => assert.notDeepEqual(shown, before));
  await card.locator('[data-action="range-off"]').click();
  await card.waitFor({ state: "hidden" });

  // The same without a pointer; from end to end it is the whole run.
  for (const key of ["Home", "b", "End", "e"]) await page.keyboard.press(key);
  await card.waitFor({ state: "visible" });
  const whole = await page.locator("#headline tbody tr").last().locator("td").allInnerTexts();
  await says(card, `${whole[1]} replied`);
  await says(card, `${whole[2].split(" ")[0]} lost`);
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "hidden" });
});

test("what is known of a sample is on a card, by pointer and by keys", async (t) => {
  const page = await atEnd(t, 20);
  const card = page.locator("#hover-card");
  await page.locator("#plot").focus();
  for (let press = 0; press < 40; press += 1) await page.keyboard.press("ArrowLeft");
  await until(page, () => card.innerText(), (text) => assert.match(text, /^\s*#1 \w+/));
  for (const fact of ["sent", "deadline", "size"]) await says(card.locator("dt"), fact);
  await page.keyboard.press("Enter");
  await says(page.locator("#probe-title"), /Probe 1$/);

  // The ring around the chosen one tells where it is.
  const ring = await page.locator("#rtt path.chosen-ring:not([display])").first().boundingBox();
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "hidden" });
  await page.mouse.move(ring.x + ring.width / 2 + 1, ring.y + ring.height / 2);
  await says(card, /#1 /);
});

test("there are always ticks at both axes, on a phone too", async (t) => {
  for (const [count, options] of [[1, {}], [2000, {}], [40, { viewport: { width: 390, height: 844 } }]]) {
    const page = await atEnd(t, count, options);
    for (const log of [false, true]) {
      if (log) await page.locator("#plot-log").click();
      await drawn(page);
      const up = (await labels(page)).filter((label) => /\d/.test(label));
      assert.ok(up.length >= 2, `${count} probes, log ${log}: ${up}`);
      assert.ok((await shownTicks(page)).length >= 2, `${count} probes have no time axis`);
    }
  }
});

test("many probes are bands of all of them, with the loss of each bucket", async (t) => {
  const page = await atEnd(t, 20_000);
  for (const band of ["p50", "p90", "p99"]) {
    await page.waitForFunction((band) => document.querySelector(`#rtt .band-way.${band}`)?.getAttribute("d")?.length > 100, band);
  }
  assert.equal(await page.locator("#rtt .plot-symbol.replied:not([display])").count(), 0);
  const shades = await page.locator("#rtt .loss-cell:not([display])").evaluateAll((all) => all.filter((it) => it.getAttribute("d")).length);
  assert.ok(shades >= 1);
  const [x, y] = await place(page, 0.4);
  await page.mouse.move(x, y);
  const card = page.locator("#hover-card");
  await until(page, () => card.innerText(), (text) => assert.match(text, /p50[\s\S]*p90[\s\S]*p99/));
});

test("notes are pinned, edited and deleted", async (t) => {
  const page = await atEnd(t, 20);
  const notes = page.locator("#notes li:not([hidden])");
  await page.keyboard.press("n");
  await page.locator("#note-text").fill("The door closed <here>");
  await page.locator('[data-action="note-save"]').click();
  await says(notes, "The door closed <here>");
  await page.locator("#rtt-now text.note-number").filter({ hasText: "1" }).first().waitFor();
  await page.locator('[data-action="first"]').click();
  await page.locator('[data-action="note"]:not([data-slot])').click();
  await page.locator("#note-text").fill("At the start");
  await page.locator('[data-action="note-save"]').click();
  // In order of time.
  await says(notes.first(), "At the start");
  await notes.last().locator('[data-slot="place"]').click();
  await until(page, () => clock(page), (at) => assert.ok(at > 0));
  await notes.last().locator('[data-slot="edit"]').click();
  await page.locator("#note-text").fill("The door opened");
  await page.locator('[data-action="note-save"]').click();
  await says(notes.last(), "The door opened");
  await notes.first().locator('[data-slot="delete"]').click();
  await until(page, () => notes.count(), (count) => assert.equal(count, 1));
});

test("the figures view has the cumulative curve, of the range as well", async (t) => {
  const page = await atEnd(t, 60);
  await page.keyboard.press("4");
  const curve = (which) => page.locator(`#cumulative path${which}`).getAttribute("d");
  await until(page, () => curve(".cumulative:not(.of-range)"), (d) => assert.ok(d.length > 60));
  for (const key of ["Home", "b", "End", "e"]) await page.keyboard.press(key);
  await until(page, () => curve(".of-range"), (d) => assert.ok(d.length > 60));
});

test("a finger that goes down the page is not held by diagram or plot", async (t) => {
  const page = await lab(t, "", { viewport: { width: 390, height: 844 }, hasTouch: true });
  for (const id of ["#rtt", "#plot", "#ladder-a svg"]) {
    assert.equal(await page.locator(id).evaluate((it) => getComputedStyle(it).touchAction), "pan-y", id);
  }
});
