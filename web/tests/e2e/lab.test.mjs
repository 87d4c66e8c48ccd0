// What goes with a run: its notes, in every export. And the hand: two fingers, the middle button, for each drag a key
// and a button. And where the page is not on an ordinary screen: on paper, in forced colours, at 400 %.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { begin, drawn, lab, openJournal, sample, saved, says, until } from "./support.mjs";

begin();

async function opened(t, journal = sample, options = {}) {
  const page = await lab(t, "", { locale: "en", viewport: { width: 1280, height: 1200 }, ...options });
  await openJournal(page, journal);
  await page.locator("#journal-loaded").waitFor({ state: "attached" });
  await page.locator("#plot").waitFor();
  await drawn(page);
  return page;
}

async function exported(page, value) {
  await page.locator("#exports summary").click();
  const path = await saved(page, () => page.locator(`[data-action="export-selection"][data-value="${value}"]`).click());
  return { path, text: await readFile(path, "utf8") };
}

const ticks = (page) => page.locator("#rtt-now text.soft.mid:not([display])").allTextContents();

test("notes go with a run: into its journal, its table and its picture, and out of the journal again", async (t) => {
  const page = await opened(t);
  await page.keyboard.press("Home");
  await page.keyboard.press("j");
  await page.keyboard.press("n");
  await page.locator("#note-text").fill('The door "closed" \u202e here');
  await page.locator('[data-action="note-save"]').click();
  await says(page.locator("#notes li"), "The door");
  const journal = await exported(page, "journal");
  const { notes } = JSON.parse(journal.text.slice(0, journal.text.indexOf("\n")));
  assert.deepEqual(notes.map(({ probe, text }) => [probe, text]), [[1, 'The door "closed" \u202e here']]);
  const table = await exported(page, "csv");
  const noted = table.text.split("\n").filter((line) => line.endsWith('"'));
  assert.equal(noted.length, 1);
  assert.match(noted[0], /^1,.*,"The door ""closed"" .* here"$/);
  const picture = await exported(page, "plot-svg");
  assert.match(picture.text, /<text[^>]*>1 {2}[^<]*The door "closed"/);

  // Whoever gets the file sees them, and what is hidden in them.
  const other = await opened(t, journal.path);
  await says(other.locator("#notes li"), 'The door "closed" \\u{202e} here');
  await other.locator("#rtt-now text.note-number").filter({ hasText: "1" }).first().waitFor();
});

test("two fingers zoom the plot, and the middle button moves it", async (t) => {
  const page = await opened(t);
  const whole = await ticks(page);
  await page.locator("#rtt").evaluate((plot) => {
    const { left, top, width } = plot.getBoundingClientRect();
    const touch = (type, pointerId, share) => plot.dispatchEvent(new PointerEvent(type, {
      bubbles: true, cancelable: true, pointerType: "touch", pointerId, isPrimary: pointerId === 1, button: type === "pointermove" ? -1 : 0, buttons: 1,
      clientX: left + width * share, clientY: top + 80,
    }));
    touch("pointerdown", 1, 0.45);
    touch("pointerdown", 2, 0.55);
    for (const apart of [0.1, 0.2, 0.3]) {
      touch("pointermove", 1, 0.45 - apart / 2);
      touch("pointermove", 2, 0.55 + apart / 2);
    }
    touch("pointerup", 1, 0.3);
    touch("pointerup", 2, 0.7);
  });
  await until(page, () => ticks(page), (now) => assert.notDeepEqual(now, whole));
  const zoomed = await ticks(page);
  const plot = await page.locator("#rtt").boundingBox();
  await page.mouse.move(plot.x + 300, plot.y + 80);
  await page.mouse.down({ button: "middle" });
  await page.mouse.move(plot.x + 500, plot.y + 80, { steps: 3 });
  await page.mouse.up({ button: "middle" });
  await until(page, () => ticks(page), (now) => assert.notDeepEqual(now, zoomed));
  assert.equal(await page.locator("#range-card").isVisible(), false, "a range was selected");
});

test("what is dragged can be done by a key, and by a button (WCAG 2.5.7)", async (t) => {
  const page = await opened(t);
  const key = (name) => () => page.keyboard.press(name);
  const button = (action, value) => () => page.locator(`[data-action="${action}"]${value ? `[data-value="${value}"]` : ""}:visible`).first().click();
  const at = (id) => async () => {
    await page.locator(id).focus();
    await page.keyboard.press("ArrowRight");
  };
  const ladder = () => page.locator("#ladder-a svg").evaluate((it) => [...it.querySelectorAll("text")].map((text) => `${text.textContent} ${text.getAttribute("y")}`).join());
  const range = () => page.locator("#range-card b").textContent();
  const asked = () => page.locator("#what-if-ms").inputValue();
  const clock = () => page.locator("#clock").innerText();
  // Each drag: what it changes, and the other two ways.
  const drags = [
    ["the diagram is scrolled", ladder, [key(","), key("."), button("zoom", "diagram-up"), button("zoom", "diagram-down")]],
    ["now is moved", clock, [key("ArrowLeft"), key("ArrowRight"), at("#scrub"), button("back"), button("forward")]],
    ["the plot is zoomed", () => ticks(page).then(String), [key("w"), key("s"), button("zoom", "plot-in"), button("zoom", "plot-out"), key("w"), key("w")]],
    ["the plot is panned", () => ticks(page).then(String), [key("a"), key("d"), button("zoom", "plot-left"), button("zoom", "plot-right")]],
    ["the timeout is moved", asked, [at("#timeout-handle"), at("#what-if-handle"), button("what-if", "more"), button("what-if", "less")]],
  ];
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  for (let step = 0; step < 30; step += 1) await page.keyboard.press("ArrowRight");
  await drawn(page);
  for (const [name, read, ways] of drags) {
    for (const [index, way] of ways.entries()) {
      const before = await read();
      await way();
      await until(page, read, (now) => assert.notEqual(now, before, `${name}: way ${index + 1} does nothing`));
    }
  }
  for (const [from, to] of [[key("b"), key("e")], [button("range-from"), button("range-to")]]) {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await from();
    await page.keyboard.press("End");
    await to();
    await page.locator("#range-card").waitFor({ state: "visible" });
    assert.match(await range(), /s/);
  }
  // A file that is dropped can be chosen.
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator('[data-action="pick"]:visible').first().click()]);
  assert.ok(chooser);
});

test("the histogram's bars are in their outcomes' colours, and have no frame", async (t) => {
  const page = await opened(t);
  await page.keyboard.press("4");
  await page.locator("#histogram .bar").first().waitFor();
  const bars = await page.locator("#histogram .bar").evaluateAll((all) => all.map((it) => {
    const { fill, stroke, strokeWidth } = getComputedStyle(it);
    return { fill, framed: parseFloat(strokeWidth) > 1 || stroke !== getComputedStyle(it.closest(".panel")).backgroundColor };
  }));
  assert.equal(new Set(bars.map(({ fill }) => fill)).size, 2);
  assert.ok(bars.every(({ framed }) => !framed), JSON.stringify(bars));
});

test("paper has the ladder in its whole width, the verdict and the figures", async (t) => {
  const page = await opened(t);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const [drawing, paper] = await page.locator("#ladder-a svg").evaluate((svg) => [svg.getBBox().width, svg.clientWidth]);
  assert.ok(paper > 640 && drawing > paper * 0.9, `${drawing} of ${paper} px`);
  for (const shown of ["#verdict", "#headline", "#ladder-a"]) assert.ok(await page.locator(shown).isVisible(), shown);
  for (const hidden of [".filter", "#scrub", ".zoom", ".tabs", "#journal-open"]) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator("main.printing").count(), 0);
});

test("in forced colours what is chosen differs from what is not", async (t) => {
  const page = await opened(t, sample, { forcedColors: "active" });
  const looks = (selector) => page.locator(selector).first().evaluate((it) => {
    const { backgroundColor, color, borderColor } = getComputedStyle(it);
    return [backgroundColor, color, borderColor].join();
  });
  for (const [chosen, other] of [
    ["nav [aria-current=page]", "nav button:not([aria-current])"],
    [".tabs [aria-pressed=true]", ".tabs [aria-pressed=false]"],
    ["#strip .btn.primary", "#strip .btn:not(.primary)"],
  ]) {
    // Colours glide to where they are going.
    await until(page, () => Promise.all([looks(chosen), looks(other)]), ([one, another]) => assert.notEqual(one, another, chosen));
  }
});

for (const [width, language] of [[320, "en"], [320, "pt-BR"], [360, "pt-BR"], [768, "pt-BR"], [1280, "pt-BR"]]) {
  test(`nothing is wider than ${width} px in ${language}, in any room and view`, async (t) => {
    const page = await opened(t, sample, { locale: language, viewport: { width, height: 640 }, hasTouch: width < 700 });
    const wide = async (where) => {
      await drawn(page);
      const found = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(found <= width, `${where}: ${found} px`);
    };
    for (const view of ["1", "2", "3", "4"]) {
      await page.keyboard.press(view);
      await wide(`view ${view}`);
    }
    await page.keyboard.press("1");
    const ladder = await page.locator("#ladder-a svg text:not([display])").first().boundingBox();
    assert.ok(ladder, "the ladder has words");
    for (const room of ["simulate", "learn"]) {
      await page.locator(`[data-action="room"][data-value="${room}"]`).click();
      await wide(room);
    }
  });
}

test("a run that opens shows what led to now, at any width", async (t) => {
  for (const width of [360, 768, 1280]) {
    const page = await opened(t, sample, { viewport: { width, height: 800 } });
    const place = () => page.locator("#ladder-a").evaluate((figure) => {
      const { top, height } = figure.getBoundingClientRect();
      const now = figure.querySelector(".now").getBoundingClientRect();
      return (now.top - top) / height;
    });
    await until(page, place, (share) => assert.ok(share > 0.35 && share < 0.9, `at ${width} px now is at ${share} of the height`));
  }
});

for (const [width, height] of [[1280, 800], [1920, 1080]]) {
  test(`the curve of what-if is in sight where its panel begins, at ${width}x${height}`, async (t) => {
    const page = await opened(t, sample, { locale: "pt-BR", viewport: { width, height } });
    const parts = () => page.evaluate(() => ["#setup", "#what-if-curve", "#what-if-handle i"].map((id) => {
      const { top, bottom } = document.querySelector(id).getBoundingClientRect();
      return { top, bottom };
    }));
    await until(page, parts, ([panel, ...all]) => {
      for (const { top, bottom } of all) assert.ok(top < bottom && top >= panel.top && bottom <= Math.min(panel.bottom, height), JSON.stringify([panel, all]));
    });
  });
}

for (const [width, height] of [[768, 1024], [1280, 800], [1920, 1080]]) {
  test(`no label of a control is cut in Portuguese, at ${width}x${height}`, async (t) => {
    const page = await opened(t, sample, { locale: "pt-BR", viewport: { width, height } });
    const cut = () => page.evaluate(() => {
      const shown = [...document.querySelectorAll("#jumps span, .btn, .tabs button, nav button")].filter((it) => it.checkVisibility());
      const words = shown.filter((it) => it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== "inline");
      // What a choice shows has the room that it would take alone.
      const choices = [...document.querySelectorAll("select")].filter((it) => it.checkVisibility()).filter((select) => {
        const alone = select.cloneNode(false);
        alone.append(select.selectedOptions[0].cloneNode(true));
        select.after(alone);
        alone.style.width = "auto";
        alone.style.maxWidth = "none";
        const wanted = alone.offsetWidth;
        alone.remove();
        return wanted > select.offsetWidth + 1;
      });
      return [...words, ...choices].map((it) => it.textContent.trim() || it.id);
    });
    await until(page, cut, (found) => assert.deepEqual(found, []));
  });

  test(`the histogram has its times and counts beside it, at ${width}x${height}`, async (t) => {
    const page = await opened(t, sample, { locale: "pt-BR", viewport: { width, height } });
    await page.keyboard.press("4");
    const words = () => page.locator("#histogram text:not([display])").evaluateAll((all) => all.map((it) => {
      const [{ left, right, bottom }, view] = [it.getBoundingClientRect(), it.ownerSVGElement.getBoundingClientRect()];
      return { text: it.textContent, left, right, within: left >= view.left - 1 && right <= view.right + 1 && bottom <= view.bottom + 1 };
    }));
    await until(page, words, (found) => {
      const times = found.filter(({ text }) => /ms$/.test(text));
      assert.ok(times.length >= 3, JSON.stringify(found));
      assert.ok(times.every(({ left }, index) => index === 0 || left > times[index - 1].right + 4), "times run into each other");
      assert.ok(found.filter(({ text }) => /^\d+$/.test(text)).length >= 1, "no count");
      assert.ok(found.every(({ within }) => within), JSON.stringify(found));
    });
  });
}

test("a command breaks between its words only, and is copied as it is", async (t) => {
  const page = await lab(t, "", { locale: "pt-BR", viewport: { width: 1280, height: 800 } });
  const command = page.locator("#simulate-command");
  await until(page, () => command.textContent(), (text) => assert.match(text, /^udping simulate -c \d+ .* --seed \d+$/));
  const lines = await command.locator(".word").evaluateAll((all) => all.map((it) => it.getClientRects().length));
  assert.ok(lines.length > 8 && lines.every((count) => count === 1), `${lines}`);
});

test("on a phone the ladder follows the verdict, and recent journals come last", async (t) => {
  const page = await opened(t, sample, { viewport: { width: 390, height: 844 } });
  const tops = () => page.evaluate(() => ["#verdict", "#stage", "#what-if-part", "#recent"].map((id) => document.querySelector(id).getBoundingClientRect().top));
  await page.locator("#recent").waitFor();
  await until(page, tops, (found) => assert.deepEqual(found, [...found].sort((one, other) => one - other)));
});

test("a key that takes the focus from the plot breaks nothing", async (t) => {
  const page = await opened(t);
  for (const [key, gone] of [["n", "#note"], ["Control+k", "#palette"], ["?", "#help"]]) {
    await page.locator("#plot").focus();
    await page.keyboard.press(key);
    await page.locator(`${gone}[open]`).waitFor();
    if (key === "?") await page.locator("#help-title").and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(gone).waitFor({ state: "hidden" });
  }
  await page.locator("#plot").focus();
  await page.keyboard.press("/");
  await page.locator("#filter-text:focus").waitFor();
});
