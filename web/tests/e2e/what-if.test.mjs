// What another timeout would have meant: the run decided again, the switch back, the curve and its answers, and
// every way to move the timeout. The counts are held against those of the journal itself.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { begin, drawn, lab, openJournal, sample, says, until } from "./support.mjs";

let rtts;

begin(async () => {
  const lines = (await readFile(sample, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  rtts = lines.flatMap((line) => line.rtt_ns ?? line.late_ns ?? []).map((ns) => ns / 1e6);
});

async function opened(t, options = {}) {
  const page = await lab(t, "", { locale: "en", viewport: { width: 1280, height: 900 }, ...options });
  await openJournal(page, sample);
  await says(page.locator("#verdict"), /Verified/);
  return page;
}

const asked = (page) => page.locator("#what-if-ms").inputValue().then(Number);
/** Waits until this timeout is the one asked about. */
const asks = (page, timeout) => until(page, () => asked(page), (found) => assert.equal(found, timeout));
/** A figure of the whole run. */
const figure = (page, outcome) => page.locator(`#headline tbody tr:last-child td.${outcome}`).innerText();
const replied = (timeout) => rtts.filter((rtt) => rtt <= timeout).length;
/** Waits until the whole run's figures say so many replies. */
const shows = (page, count) => until(page, () => figure(page, "replied"), (text) => assert.equal(text, String(count)));

test("the curve is as wide as its panel, from the first picture on", async (t) => {
  const page = await opened(t);
  const widths = () => page.locator("#what-if-curve").evaluate((svg) => [svg.getBBox().width, svg.clientWidth]);
  await until(page, widths, ([curve, panel]) => assert.ok(curve > panel * 0.8 && curve <= panel, `${curve} of ${panel} px`));
});

test("the names of both timeouts are not cut off, however wide the page is", async (t) => {
  for (const width of [360, 1280, 1920]) {
    const page = await opened(t, { viewport: { width, height: 1000 } });
    await page.locator("#what-if-go").click();
    await says(page.locator("#what-if-bar"), /^What if: timeout/);
    await drawn(page);
    const cut = await page.locator("#plot text:not([display])").evaluateAll((all) => all
      .filter((it) => it.getBoundingClientRect().right > it.ownerSVGElement.getBoundingClientRect().right + 1)
      .map((it) => it.textContent));
    assert.deepEqual(cut, [], `at ${width} px`);
  }
});

test("the smallest timeout that saves all is one action away, and everything shown is that run's", async (t) => {
  const page = await opened(t);
  const slowest = Math.max(...rtts);
  assert.ok(replied(45) < rtts.length, "some came late");
  await shows(page, replied(45));
  await page.locator("#what-if-go").click();
  await until(page, () => asked(page), (found) => assert.ok(found >= slowest && found < slowest * 1.05, `${found} ms`));
  await says(page.locator("#what-if-bar"), /^What if: timeout/);
  await shows(page, rtts.length);
  assert.equal(await figure(page, "late"), "0");

  // The probes that changed lead there: ladder, machine, sentence and table are of this run.
  const chip = page.locator("#what-if-probes button").first();
  const number = (await chip.innerText()).slice(1);
  await chip.click();
  await says(page.locator("#ladder-a svg text"), "was late");
  await says(page.locator("#probe-title"), `Probe ${number}`);
  await says(page.locator("#why"), /before the deadline/);
  await page.locator('[data-action="view"][data-value="events"]').click();
  await page.locator("#filter-text").fill(`seq:${number}`);
  await until(page, () => page.locator("#rows").innerText(), (text) => {
    assert.match(text, /replied/);
    assert.doesNotMatch(text, /lost/);
  });

  // And the switch leads back, to the same moment.
  const clock = await page.locator("#clock").innerText();
  await page.locator('[data-action="what-if-show"][data-value="recorded"]').click();
  await until(page, () => page.locator("#rows").innerText(), (text) => assert.match(text, /lost/));
  assert.equal(await page.locator("#clock").innerText(), clock);
  await says(page.locator("#what-if-bar"), /^As recorded: timeout 45\sms/);
  await page.locator('[data-action="what-if-show"][data-value="decided"]').click();
  await says(page.locator("#what-if-bar"), /^What if/);
});

test("the timeout is dragged in the plot and on the curve", async (t) => {
  const page = await opened(t);
  const drag = async (grip, [dx, dy]) => {
    await grip.scrollIntoViewIfNeeded();
    const box = await grip.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= 4; step += 1) await page.mouse.move(x + (dx * step) / 4, y + (dy * step) / 4);
    await page.mouse.up();
    await drawn(page);
  };
  await drag(page.locator("#timeout-handle"), [0, 14]);
  await until(page, () => asked(page), (timeout) => assert.notEqual(timeout, 45));
  const shorter = await asked(page);
  assert.ok(shorter < 45, `dragged down to ${shorter} ms`);
  await shows(page, replied(shorter));
  await drag(page.locator("#what-if-handle i"), [60, 0]);
  const longer = await until(page, () => asked(page), (found) => {
    assert.ok(found > shorter, `dragged on to ${found} ms`);
    return found;
  });
  await shows(page, replied(longer));
});

test("keys and buttons move it as well, step by step, and back to the recording", async (t) => {
  const page = await opened(t);
  await page.locator('[data-action="what-if"][data-value="more"]').click();
  await asks(page, 46);
  await page.locator("#timeout-handle").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await asks(page, 44);
  await shows(page, replied(44));
  await page.locator("#what-if-handle").focus();
  await page.keyboard.press("PageUp");
  await asks(page, 54);
  await page.keyboard.press("End");
  await shows(page, rtts.length);
  await page.keyboard.press("Home");
  await asks(page, 45);
  await page.locator("#what-if-bar").waitFor({ state: "hidden" });
  await shows(page, replied(45));
});

test("the answers in words: as recorded, what saves all, and what nobody can know", async (t) => {
  const page = await opened(t);
  const answers = page.locator("#what-if-answers");
  const lost = 40 - replied(45);
  await says(answers, new RegExp(`45\\sms\\s*as recorded: ${replied(45)} replied, ${lost} lost`));
  await says(answers, new RegExp(`saves all that is known: ${rtts.length} replied, ${40 - rtts.length} lost`));
  await says(answers, /245\sms\s*beyond this, up to \d+ are unknown: nobody listened longer/);
  await says(page.locator("#what-if-part"), /What was not sent was not recorded: the beat cannot be asked/);
  await page.locator("#what-if-ms").fill("300");
  await page.keyboard.press("Enter");
  await says(answers, new RegExp(`300\\sms\\s*${rtts.length} replied, 0 lost, 0 of them late, ${40 - rtts.length} unknown`));
  await says(page.locator("#what-if-bar"), /^What if: timeout 300\sms/);
});
