// Finding as in Wireshark: one filter for table, ladder and plot, sorted probes, the chosen probe, exports.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import * as command from "./command.mjs";
import { begin, drawn, files, lab, openJournal, room, saved, says, until } from "./support.mjs";

/** A recorded session of forty probes: of a simulation's journal, without what says that it was one. */
let recorded;

begin(async () => {
  command.build();
  const journal = files.file("run.jsonl");
  const made = await command.udping(
    "simulate", "-q", "-c", "40", "-i", "50ms", "-W", "45ms", "--linger", "200ms", "--loss", "10%", "--delay", "16ms",
    "--jitter", "14ms", "--duplicate", "10%", "--reorder", "10%", "--seed", "7", "--journal", journal,
  );
  assert.equal(made.code, 0, made.stderr);
  const [first, ...lines] = (await readFile(journal, "utf8")).split("\n");
  const { scenario, ...header } = JSON.parse(first);
  assert.ok(scenario);
  // The right-to-left override would turn round what follows it.
  const session = { ...header, kind: "ping", host: "moc\u202e.elpmaxe", address: "127.0.0.1", port: 7 };
  recorded = files.file("recorded.jsonl");
  await writeFile(recorded, [JSON.stringify(session), ...lines].join("\n"));
});
async function replay(t, options = {}, journal = recorded) {
  const page = await lab(t, "", { locale: "en", ...options });
  await openJournal(page, journal);
  await page.locator("#journal-loaded").waitFor();
  await page.locator("#stage").click({ position: { x: 4, y: 4 } });
  await page.keyboard.press("End");
  await drawn(page);
  return page;
}

const count = (page) => page.locator("#filter-count").innerText();

async function filter(page, text) {
  await page.locator("#filter-text").fill(text);
  await page.locator("#filter-text").blur();
  await drawn(page);
}

async function download(page, value) {
  await page.locator("#exports summary").click();
  return saved(page, () => page.locator(`[data-action="export-selection"][data-value="${value}"]`).click());
}

test("one filter acts on tables, ladder and plot", async (t) => {
  const page = await replay(t, { viewport: { width: 1440, height: 900 } });
  assert.equal(await count(page), "40 probes");
  await filter(page, "late or rtt>30 or seq:30-40");
  const [, found, all] = (await count(page)).match(/^(\d+) of (\d+) probes$/);
  assert.equal(all, "40");
  assert.ok(Number(found) > 11 && Number(found) < 40, found);
  // What is not found is dimmed in both pictures, what is found is not.
  const dims = (selector) => page.locator(selector).count();
  await filter(page, "seq:40");
  assert.ok((await dims("#ladder-a svg [data-dim]:not([display=none])")) > 0);
  assert.ok((await dims("#plot .dimmed:not([display=none])")) > 0);
  const ping = page.locator("#ladder-a text:not([display=none])").filter({ hasText: /^#40$/ });
  assert.equal(await ping.getAttribute("data-dim"), null);
  await page.keyboard.press("2");
  await page.locator("#view-events").waitFor();
  await drawn(page);
  const probes = await page.locator("#rows [role=row]:visible [data-slot=probe]").allInnerTexts();
  assert.deepEqual([...new Set(probes)], ["40"]);
  await page.locator("#filter-clear").click();
  await drawn(page);
  assert.equal(await count(page), "40 probes");
  assert.equal(await dims("#ladder-a svg [data-dim]:not([display=none])"), 0);
});

test("the filter completes its words, explains itself and names the column that is wrong", async (t) => {
  const page = await replay(t);
  await page.locator("#stage").click({ position: { x: 4, y: 4 } });
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.id === "filter-text");
  await page.keyboard.type("reo");
  await says(page.locator("#filter-words"), "reordered");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const typed = () => page.locator("#filter-text").inputValue();
  await until(page, typed, (text) => assert.equal(text, "reordered "));
  await page.locator("#filter-words button").filter({ hasText: /^or/ }).click();
  await until(page, typed, (text) => assert.equal(text, "reordered or "));
  await page.keyboard.type("colour:red");
  await says(page.locator("#filter-count"), "Column 14: no such field");
  assert.equal(await page.locator("#filter-text").getAttribute("aria-invalid"), "true");
  const boxes = () => Promise.all(["#filter-mark", "#filter-text"].map((id) => page.locator(id).boundingBox()));
  await until(page, boxes, ([mark, field]) => {
    assert.ok(mark.x > field.x + 13 * 6 && mark.x + mark.width < field.x + field.width, JSON.stringify([mark, field]));
  });
  await page.keyboard.press("Escape");
  await page.locator("[popovertarget=filter-help]").click();
  const help = page.locator("#filter-help");
  for (const word of ["at<2s", "line:100-120", "-replied", "lost and not late"]) {
    await help.getByText(word, { exact: true }).waitFor();
  }
  await help.getByText("lost and not late", { exact: true }).click();
  await says(page.locator("#filter-count"), / of 40 probes/);
  await until(page, typed, (text) => assert.equal(text, "lost and not late"));
});

test("probes are sorted by any column, and what is chosen is followed", async (t) => {
  const page = await replay(t, { viewport: { width: 1440, height: 900 } });
  await page.keyboard.press("3");
  await page.locator("#view-probes").waitFor();
  const slot = async (name) => (await page.locator(`#probe-rows [role=row]:visible [data-slot=${name}]`).allInnerTexts());
  const head = page.locator("[data-action=sort][data-value=rtt]");
  await head.click();
  await head.click();
  await until(page, () => slot("rtt"), (shown) => {
    const spans = shown.filter((text) => text !== "").map((text) => Number.parseFloat(text));
    assert.ok(spans.length > 5);
    assert.deepEqual(spans, [...spans].sort((one, other) => other - one));
  });
  assert.equal(await page.locator("[role=columnheader][aria-sort]").getAttribute("aria-sort"), "descending");
  const clock = () => page.locator("#clock").innerText();
  const start = await clock();
  await page.locator("#probe-rows [role=row]:visible").nth(2).click();
  await page.waitForFunction((start) => document.querySelector("#clock").innerText !== start, start);
  // The table follows the clock in a later frame.
  const chosen = () => Promise.all(["#probe-rows [aria-selected=true] [data-slot=seq]", "#probe-title"].map((it) => page.locator(it).innerText()));
  const seq = await until(page, chosen, ([seq, title]) => {
    assert.equal(title, `Probe ${seq}`);
    return seq;
  });
  await page.locator(`#ladder-a text:not([display=none])`).filter({ hasText: new RegExp(`^#${seq} `) }).first().waitFor();
  // Keys choose by number and by kind.
  await page.keyboard.press("Home");
  await page.keyboard.press("Escape");
  await page.locator("#stage").click({ position: { x: 4, y: 4 } });
  await filter(page, "late");
  const late = await count(page).then((text) => Number(text.match(/\d+/)[0]));
  await page.locator("#stage").click({ position: { x: 4, y: 4 } });
  await page.locator("[data-action=probe-follow]").click();
  await page.keyboard.press("Home");
  const seen = new Set();
  for (let press = 0; press < late; press += 1) {
    await page.keyboard.press("l");
    await drawn(page);
    assert.equal(await page.locator("#probe-outcome span").innerText(), "late");
    seen.add(await page.locator("#probe-title").innerText());
  }
  assert.equal(seen.size, late);
  const last = await page.locator("#probe-title").innerText();
  await page.keyboard.press("Shift+L");
  await drawn(page);
  assert.notEqual(await page.locator("#probe-title").innerText(), last);
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await drawn(page);
  assert.ok(seen.has(await page.locator("#probe-title").innerText()));
});

test("the chosen probe shows its times and its records", async (t) => {
  const page = await replay(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.keyboard.press("Home");
  await page.keyboard.press("l");
  await drawn(page);
  const moments = await page.locator("#moments th:visible").allInnerTexts();
  assert.deepEqual(moments, ["T1 sent", "deadline", "T4 reply came"]);
  await says(page.locator("#ways"), "T2, T3: not in this reply");
  const lines = (await readFile(recorded, "utf8")).split("\n");
  const shown = await page.locator("#records li:visible").evaluateAll((rows) =>
    rows.map((row) => [...row.children].map((part) => part.textContent)));
  assert.ok(shown.length >= 3);
  for (const [line, text] of shown) assert.deepEqual(JSON.parse(text), JSON.parse(lines[Number(line) - 1]));
  await page.locator("[data-action=copy-records]").click();
  await says(page.locator("#toast"), "Records copied.");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, shown.map(([, text]) => text).join("\n"));
  // A notice does not follow into another room.
  await room(page, "simulate");
  await page.locator("#toast").waitFor({ state: "hidden" });
});

test("what is found can be exported, and the command reads it", async (t) => {
  const page = await replay(t, { acceptDownloads: true });
  const whole = await command.udping("replay", await download(page, "journal"));
  assert.match(whole.stdout + whole.stderr, /0 differences/);
  await filter(page, "lost");
  const found = Number((await count(page)).match(/\d+/)[0]);
  const part = await command.udping("replay", await download(page, "journal"));
  assert.match(part.stdout + part.stderr, /verified in part.*0 differences[^]*records were dropped/);
  const csv = (await readFile(await download(page, "csv"), "utf8")).trim().split("\n");
  assert.equal(csv.length, found + 1);
  assert.match(csv[0], /^seq,sent_s,outcome,rtt_ms,/);
  await page.locator("#filter-clear").click();
  await drawn(page);
  for (const picture of ["ladder", "plot"]) {
    const text = await readFile(await download(page, `${picture}-svg`), "utf8");
    assert.doesNotMatch(text, / class=| style=|https?:(?!\/\/www\.w3\.org)/);
    assert.match(text, /stroke="rgb/);
    const png = await readFile(await download(page, `${picture}-png`));
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.ok(png.length > 5_000, "it is not blank");
  }
});

test("text from outside is shown with what is hidden in it, and differences are words that lead there", async (t) => {
  const lines = (await readFile(recorded, "utf8")).split("\n");
  const at = lines.findIndex((line) => line.includes('"rtt_ns"'));
  const changed = { ...JSON.parse(lines[at]) };
  changed.rtt_ns += 1_000;
  const journal = files.file("changed.jsonl");
  await writeFile(journal, [...lines.slice(0, at), JSON.stringify(changed), ...lines.slice(at + 1)].join("\n"));
  const page = await replay(t, {}, journal);
  const shown = await page.locator("#replay-setup").innerText();
  assert.doesNotMatch(shown, /\u202e/);
  await says(page.locator("#replay-setup"), /moc\\u\{202e\}\.elpmaxe/);
  const difference = page.locator("#differences button:visible").first();
  await says(page.locator("#differences"), new RegExp(`Line ${at + 1}: the journal says “.*probe ${changed.reply} replied`));
  await difference.click();
  await drawn(page);
  assert.equal(await page.locator("#probe-title").innerText(), `Probe ${changed.reply}`);
});

test("a packet just sent opens its menu, which does not cover it", async (t) => {
  for (const viewport of [{ width: 1280, height: 900 }, { width: 360, height: 780 }]) {
    const page = await lab(t, "", { locale: "en", viewport });
    await page.locator('[data-action="forward"]').click();
    await page.locator("#ladder-a .packet-ring:not([display=none])").waitFor();
    await drawn(page);
    const packet = await page.locator("#ladder-a .packet-ring:not([display=none])").boundingBox();
    const [x, y] = [packet.x + packet.width / 2, packet.y + packet.height / 2];
    await page.mouse.click(x, y);
    await page.locator("#menu").waitFor();
    await drawn(page);
    const menu = await page.locator("#menu").boundingBox();
    const covers = x > menu.x && x < menu.x + menu.width && y > menu.y && y < menu.y + menu.height;
    assert.ok(!covers, JSON.stringify([x, y, menu]));
  }
});

test("on a phone the tables fit", async (t) => {
  const page = await replay(t, { viewport: { width: 360, height: 780 }, hasTouch: true });
  await page.locator('[data-action="view"][data-value="probes"]').click();
  await page.locator("#probe-rows [role=row]:visible").first().waitFor();
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= 360);
  assert.ok(await fits());
  const cell = await page.locator("#probe-rows [role=row]:visible [data-slot=rtt]").first().boundingBox();
  assert.ok(cell.x + cell.width <= 360 && cell.width > 30);
  await page.locator("[popovertarget=filter-help]").tap();
  await page.locator("#filter-help").waitFor();
  assert.ok(await fits());
});
