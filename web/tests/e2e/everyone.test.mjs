// The page for everyone: axe finds nothing to complain of in any room, theme or language; Portuguese
// has a decimal comma; keys do what the help says, and can be turned off; with less motion nothing
// moves in between.

import assert from "node:assert/strict";
import { test } from "node:test";

import { COLOURS, axe } from "./axe.mjs";
import * as command from "./command.mjs";
import { begin, drawn, files, lab, ready, room } from "./support.mjs";

let journal;

begin(async () => {
  command.build();
  journal = files.file("run.jsonl");
  // Every mark there is in a diagram: replies, losses, late ones, duplicates.
  const ended = await command.udping(
    "simulate", "-c", "40", "-i", "0.02", "-W", "0.03", "--loss", "20%,10%", "--delay", "5ms,9ms", "--jitter", "9ms,9ms",
    "--duplicate", "20%", "--seed", "5", "--journal", journal,
  );
  assert.equal(ended.code, 0, ended.stderr);
});

const rooms = {
  simulate: async (page) => {
    // With two branches side by side, and a packet to act on.
    await page.locator('[data-action="first"]').click();
    await page.locator('[data-action="forward"]').click();
    await page.locator('#packets [data-action="intervene"][data-value="drop"]').first().click();
    await page.locator('#branches [data-action="compare"]:visible').first().click();
    await page.locator("#by-time").click();
    await page.locator("#ladder-b").waitFor({ state: "visible" });
    for (const fold of await page.locator("#simulate-setup summary:visible").all()) await fold.click();
  },
  replay: async (page) => {
    await room(page, "replay");
    await page.locator("#file").setInputFiles(journal);
    await page.locator("#verdict").waitFor({ state: "visible" });
    await page.locator("#what-if-ms").fill("20");
    await page.keyboard.press("Enter");
    await page.locator("#what-if-bar").waitFor({ state: "visible" });
  },
  events: async (page) => {
    await page.locator('[data-action="view"][data-value="events"]').click();
    await page.locator("#rows [role=row]").first().click();
  },
  figures: async (page) => {
    await page.locator('[data-action="last"]').click();
    await page.locator('[data-action="view"][data-value="figures"]').click();
    await page.locator("#view-figures").waitFor();
  },
  help: async (page) => {
    await page.locator('[data-action="help"]').click();
    await page.locator("#help").waitFor({ state: "visible" });
  },
  share: async (page) => {
    await page.locator("#share").click();
    await page.locator("#sharing").waitFor({ state: "visible" });
  },
  "learn": async (page) => {
    await room(page, "learn");
    await page.locator("#learn-title").waitFor();
  },
  "learn=teacher": async (page) => {
    await page.evaluate(() => { location.hash = "learn=teacher"; });
    await page.locator("#learn-for").waitFor();
  },
};

/** The numbers with a decimal point in what the page says, but for code. */
const decimalPoints = (page) => page.evaluate(() => {
  const said = [...document.querySelectorAll("[aria-label]")].map((it) => it.getAttribute("aria-label"));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.parentElement.closest("code, pre, script, style")) said.push(texts.currentNode.data);
  }
  // Sections of a book are not numbers, nor is the name of SCORM 1.2, and addresses and versions have more points. A count may have one after its
  // thousands; a time or a share has none, since it would be told in a larger unit.
  const number = /(?<![§\w.]|SCORM\s)\d+\.\d+(?![\w.]|,\d)(?:\s(?:ns|µs|ms|s|%)(?!\w))?/gu;
  return said.flatMap((text) => text.match(number) ?? []).filter((it) => !/^[1-9]\d{0,2}\.\d{3}$/.test(it));
});

for (const language of ["en", "pt-BR"]) {
  for (const [room, enter] of Object.entries(rooms)) {
    test(`axe has no complaint, and numbers are those of the language: ${room}, ${language}`, async (t) => {
      const page = await lab(t, "", { locale: language, colorScheme: "light", viewport: { width: 1280, height: 800 } });
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      await enter(page);
      await drawn(page);
      // Wherever the page may be scrolled to, it is looked at as a whole.
      assert.deepEqual(await axe(page), []);
      await page.emulateMedia({ colorScheme: "dark" });
      await drawn(page);
      // Colours glide from one to the other; of what is drawn anew meanwhile, the glide is broken off.
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map((it) => it.finished)).then(() => {}));
      assert.deepEqual(await axe(page, COLOURS), []);
      if (language === "pt-BR") assert.deepEqual(await decimalPoints(page), []);
    });
  }
}

test("a decimal point would be noticed", async (t) => {
  const page = await lab(t, "", { locale: "en" });
  await rooms.figures(page);
  await drawn(page);
  assert.ok((await decimalPoints(page)).length > 10);
});

test("axe has no complaint on a narrow screen", async (t) => {
  const page = await lab(t, "", { viewport: { width: 360, height: 740 }, hasTouch: true });
  assert.deepEqual(await axe(page), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `the page is ${wide} pixels wide`);
});

test("axe would notice", async (t) => {
  const page = await lab(t);
  await drawn(page);
  // Elements of the test's own: what the page draws again, or lets glide into its theme, is not in between.
  await page.evaluate(() => {
    const [field, faint] = [document.createElement("input"), document.createElement("p")];
    faint.textContent = "Faint words";
    Object.assign(faint.style, { color: "rgb(90, 99, 115)", background: "rgb(18, 22, 29)" });
    document.querySelector("main").prepend(field, faint);
  });
  const complaints = (await axe(page)).join("\n");
  assert.match(complaints, /label/);
  assert.match(complaints, /contrast/);
});

test("the keys of the help do what it says, and can be turned off", async (t) => {
  const page = await lab(t);
  const clock = () => page.locator("#clock").innerText();
  const settled = async (press) => {
    const before = await clock();
    await page.keyboard.press(press);
    await page.waitForFunction((before) => document.querySelector("#clock").innerText !== before, before);
  };
  await settled("Home");
  await settled("r");
  await settled("ArrowLeft");
  await settled("ArrowRight");
  await settled("End");
  await page.keyboard.press("2");
  await page.locator("#view-events").waitFor({ state: "visible" });
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.activeElement?.id === "filter-text");
  // Where one types, a letter is a letter.
  await page.keyboard.type("lost");
  assert.equal(await page.locator("#filter-text").inputValue(), "lost");
  await page.locator("#clock").click();
  await settled("Home");
  await page.keyboard.press("ArrowRight");
  await page.locator('#packets [data-action="intervene"]').first().waitFor();
  await page.keyboard.press("Delete");
  await page.waitForFunction(() => document.querySelectorAll("#branches tbody:not([hidden])").length === 2);
  await page.keyboard.press("m");
  await page.locator("#measure-off").waitFor({ state: "visible" });
  await page.keyboard.press("?");
  await page.locator("#help").waitFor({ state: "visible" });

  await page.locator("#single-keys").uncheck();
  await page.locator('#help [data-action="close"]').click();
  const before = await clock();
  const branches = await page.locator("#branches tbody:not([hidden])").count();
  for (const key of ["End", "ArrowRight", "r", "Delete", "?"]) await page.keyboard.press(key);
  await drawn(page);
  assert.equal(await clock(), before);
  assert.equal(await page.locator("#branches tbody:not([hidden])").count(), branches);
  assert.equal(await page.locator("#help").isVisible(), false);
  // The browser keeps that.
  await page.reload();
  await ready(page);
  await page.locator('[data-action="help"]').click();
  assert.equal(await page.locator("#single-keys").isChecked(), false);
});

test("the whole page can be gone through by Tab, and what has the focus is seen", async (t) => {
  const page = await lab(t);
  const seen = new Set();
  for (let press = 0; press < 90; press += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      if (!it || it === document.body) return null;
      const style = getComputedStyle(it);
      const label = it.id || it.dataset.action || it.dataset.value || it.tagName;
      return { label: `${label} ${it.dataset.value ?? ""}`, outlined: style.outlineStyle !== "none" || style.boxShadow !== "none" };
    });
    if (at === null) continue;
    assert.ok(at.outlined, `the focus cannot be seen on ${at.label}`);
    seen.add(at.label.trim());
  }
  for (const wanted of ["room learn", "share", "language", "help", "preset preset-textbook", "f-count", "f-seed", "view events", "play", "forward", "speed", "until", "run", "scrub"]) {
    assert.ok([...seen].some((label) => label.startsWith(wanted)), `${wanted} is not reached: ${[...seen].join(", ")}`);
  }
});

test("a step is announced once, politely, and playing is not", async (t) => {
  const page = await lab(t);
  await page.evaluate(() => {
    window.heard = [];
    const status = document.querySelector("#status");
    new MutationObserver(() => status.textContent && window.heard.push(status.textContent))
      .observe(status, { childList: true, characterData: true, subtree: true });
  });
  await page.locator('[data-action="forward"]').click();
  await page.waitForFunction(() => window.heard.length > 0);
  assert.equal(await page.evaluate(() => window.heard.length), 1);
  await page.locator('[data-action="first"]').click();
  await page.waitForFunction(() => window.heard.length > 1);
  const before = await page.evaluate(() => window.heard.length);
  await page.locator("#play").click();
  const start = await page.locator("#clock").innerText();
  await page.waitForFunction((start) => document.querySelector("#clock").innerText !== start, start);
  assert.equal(await page.evaluate(() => window.heard.length), before);
});

test("with less motion, the picture goes from event to event", async (t) => {
  const events = 5;
  // How many pictures there are of so many events, up to `most`.
  const pictures = async (reducedMotion, most) => {
    const page = await lab(t, "", { reducedMotion });
    const clock = () => page.locator("#clock").innerText();
    await page.locator('[data-action="first"]').click();
    for (let event = 0; event < events; event += 1) await page.locator('[data-action="forward"]').click();
    await drawn(page);
    const end = await clock();
    await page.locator('[data-action="first"]').click();
    await drawn(page);
    assert.notEqual(await clock(), end);
    // A twentieth: slow enough for many frames from one event to the next, on any machine.
    await page.locator("#speed").selectOption("5");
    return page.evaluate(([end, most]) => new Promise((done) => {
      const clocks = new Set();
      document.querySelector("#play").click();
      const look = () => {
        const clock = document.querySelector("#clock").innerText;
        clocks.add(clock);
        if (Number.parseFloat(clock) >= Number.parseFloat(end) || clocks.size > most) done(clocks.size);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }), [end, most]);
  };
  // One of the beginning, and one after each event.
  const calm = await pictures("reduce", 1000);
  assert.ok(calm <= events + 1, `${calm} pictures of ${events} events with less motion`);
  const moving = await pictures("no-preference", 2 * events);
  assert.ok(moving > 2 * events, `${moving} pictures of ${events} events`);
});
