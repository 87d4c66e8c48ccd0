// What a class needs of the Learn room: links to any place, progress that stays and goes, exercises handed in
// and checked, the teacher's page on paper, and the glossary.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { axe } from "./axe.mjs";
import * as command from "./command.mjs";
import { isSaid, languages, lessons, words } from "./lessons.mjs";
import { drawn, launch, openTab, says, serve } from "./support.mjs";

let server, browser, files;

before(async () => {
  [server, browser, files] = [await serve(), await launch(), await command.folder()];
});

after(async () => {
  await browser?.close();
  await server?.close();
  await files?.close();
});

/** A tab at a place of the room, whose console must be empty at the end. */
async function at(t, place, options = {}) {
  const tab = await openTab(browser, `${server.url}#learn${place}`, { locale: "en", ...options });
  t.after(async () => {
    await tab.close();
    assert.deepEqual(tab.complaints, []);
  });
  await tab.page.locator("#learn-title").waitFor();
  return tab.page;
}

const title = (page) => page.locator("#learn-title").innerText();

describe("links", { concurrency: 2 }, () => {
  for (const lesson of lessons) {
    test(`any step of ${lesson.id} can be linked to`, async (t) => {
      const page = await at(t, `=${lesson.id}.1`);
      const steps = lesson.steps.map((_, place) => `${place + 1}`);
      for (const screen of [...steps.toReversed(), "task", "end"]) {
        const link = `#learn=${lesson.id}.${screen}`;
        await page.evaluate((link) => { location.hash = link; }, link);
        await page.locator(`.learn-where a[aria-current="step"][href="${link}"]`).waitFor();
        assert.ok((await title(page)).includes(words("en")(lesson.title)));
      }
    });
  }

  test("a link that leads nowhere says so", async (t) => {
    const page = await at(t, "=no-such-lesson.1");
    await page.getByText(/leads to no lesson: no-such-lesson/).first().waitFor();
    assert.equal(await page.locator(".lessons > li").count(), lessons.length);
  });
});

test("progress survives a reload, and can be cleared", async (t) => {
  const page = await at(t, `=${lessons[0].id}.1`);
  await page.locator("#learn-show").click();
  await page.locator("#learn-after").waitFor();
  await page.goto(`${server.url}#learn`);
  await page.reload();
  await page.getByText(/1 of \d steps done/).waitFor();
  await page.getByRole("button", { name: words("en")("learn-forget") }).click();
  await page.getByText(/1 of \d steps done/).waitFor({ state: "detached" });
  await drawn(page);
  await page.reload();
  await page.locator("#learn-title").waitFor();
  assert.equal(await page.getByText(/1 of \d steps done/).count(), 0);
  assert.equal(await page.evaluate(() => localStorage.getItem("udping-lab.learn")), null);
});

test("progress that cannot be read is not the end", async (t) => {
  const page = await at(t, "");
  await page.evaluate(() => localStorage.setItem("udping-lab.learn", "}"));
  await page.reload();
  await says(page.locator("#learn-room .wrong"), words("en")("learn-room-lost"));
});

/** A figure as a student would write it down. */
const written = (text) => text.replace(/[^\d.−]/g, "").replace("−", "-");

/** Does a lesson's exercise as a student, and returns the file's path. */
async function exercise(t, link, readings, name) {
  const page = await at(t, link.slice(link.indexOf("#learn") + "#learn".length));
  assert.doesNotMatch(await page.locator("#learn-room").innerText(), /seed \d|\d{6}/, "the seed is not in sight");
  for (const [place, reading] of readings.entries()) await page.locator(`#reading-${place}`).fill(reading);
  await page.locator("#learn-name").fill(name);
  const download = page.waitForEvent("download");
  await page.locator('[data-learn="save"]').click();
  const path = files.file(`${name || "nobody"}-${readings.join("-")}.json`);
  await writeFile(path, await readFile(await (await download).path()));
  return path;
}

/** Makes a link on the teacher's page. */
async function makeLink(page, lesson) {
  const before = await page.locator("#learn-link").inputValue();
  await page.locator("#learn-for").selectOption(`${lesson}`);
  await page.locator('[data-learn="make"]').click();
  await page.waitForFunction((before) => {
    const { value } = document.querySelector("#learn-link");
    return value.includes("exercise") && value !== before;
  }, before);
  return page.locator("#learn-link").inputValue();
}

test("an exercise goes round: link, file, check; what is wrong, altered or of another run is marked", async (t) => {
  const teacher = await at(t, "=teacher");
  const link = await makeLink(teacher, 0);
  const wrong = await exercise(t, link, ["99", "99", "99"], "Ana");
  await teacher.locator("#learn-file").setInputFiles(wrong);
  const summary = teacher.locator(".handed summary");
  await summary.getByText("Ana, The first ping: 0 of 3 right").waitFor();

  // What the page plays again is what a student reads off the same link.
  const truth = (await teacher.locator(".handed tbody td:last-child").allInnerTexts()).map((text) =>
    / s$/.test(text.replaceAll("\u00a0", " ")) ? `${Number(written(text)) * 1000}` : written(text));
  const right = await exercise(t, link, truth, "Bia");
  const altered = files.file("altered.json");
  const file = JSON.parse(await readFile(wrong, "utf8"));
  file.readings = JSON.parse(await readFile(right, "utf8")).readings;
  await writeFile(altered, JSON.stringify(file));
  const elsewhere = await exercise(t, await makeLink(teacher, 0), ["1", "2", "3"], "Caio");
  await teacher.locator("#learn-link").fill(link);

  await teacher.locator("#learn-file").setInputFiles([right, altered, elsewhere, import.meta.filename]);
  await teacher.locator(".handed").nth(3).waitFor();
  await drawn(teacher);
  const told = await teacher.locator(".handed").allInnerTexts();
  assert.equal(told.length, 4);
  assert.match(told[0], /^Bia, The first ping: 3 of 3 right$/);
  assert.match(told[1], /^Ana, The first ping: 3 of 3 right\s+changed since the page saved it$/);
  assert.match(told[2], /^Caio, The first ping: \d of 3 right\s+not the run of your link$/);
  assert.match(told[3], /class\.test\.mjs\s+This is no file of an exercise\.$/);
  assert.deepEqual(await axe(teacher), []);
});

test("an exercise says that nothing is secret, and what is missing", async (t) => {
  const teacher = await at(t, "=teacher");
  const link = await makeLink(teacher, 4);
  const page = await at(t, link.slice(link.indexOf("#learn") + 6));
  const text = await page.locator("#learn-room").innerText();
  assert.ok(text.includes(words("en")("learn-exercise-honest")));
  await page.locator('[data-learn="save"]').click();
  await says(page.locator("#learn-missing"), /^4 answers are missing/);
  assert.deepEqual(await axe(page), []);
});

for (const language of languages) {
  test(`the teacher's page tells everything, and prints, in ${language}`, async (t) => {
    const page = await at(t, "=teacher", { locale: language });
    const say = words(language);
    const text = (await page.locator("#learn-room").innerText()).replace(/\s+/g, " ");
    for (const { title, aim, steps, task, commands } of lessons) {
      const questions = steps.flatMap(({ question }) => (question ? [question] : []));
      const told = [title, aim, task.text, ...questions.map(({ text }) => text)];
      const answers = questions.flatMap((question) => question.answers.flatMap(({ text, feedback }) => [text, feedback]));
      for (const id of [...told, ...answers]) assert.ok(isSaid(text, say(id)), `${id} is missing`);
      for (const line of commands) assert.ok(text.includes(line), `${line} is missing`);
    }
    assert.deepEqual(await axe(page), []);
    await page.emulateMedia({ media: "print" });
    for (const hidden of ["header", ".no-print", '[data-learn="print"]', ".learn-page > .link"]) {
      assert.ok(await page.locator(hidden).first().isHidden(), `${hidden} is not for paper`);
    }
    const paper = await page.pdf({ format: "A4" });
    const pages = paper.toString("latin1").match(/\/Type \/Page\b/g).length;
    assert.ok(pages >= lessons.length && pages <= lessons.length + 3, `${pages} pages, of about one a lesson`);
  });

  test(`a word opens its meaning where it is first used, and the glossary has them all, in ${language}`, async (t) => {
    const page = await at(t, `=${lessons[0].id}.1`, { locale: language });
    const say = words(language);
    const term = page.locator(".term").first();
    await term.focus();
    await page.keyboard.press("Enter");
    await page.getByText(say("learn-term-datagram-is")).waitFor();
    assert.equal(await term.getAttribute("aria-expanded"), "true");
    await page.keyboard.press("Enter");
    await page.getByText(say("learn-term-datagram-is")).waitFor({ state: "hidden" });

    await page.goto(`${server.url}#learn=glossary`);
    await page.locator(".glossary").waitFor();
    const names = await page.locator(".glossary dt").allInnerTexts();
    assert.ok(names.includes(say("learn-term-rtt")) && names.includes(say("learn-term-heartbeat")), `${names}`);
    assert.deepEqual(await axe(page), []);
  });
}

test("the list of lessons is accessible, in both themes", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await at(t, "", { colorScheme });
    assert.equal(await page.locator(".lessons > li").count(), lessons.length);
    assert.deepEqual(await axe(page), []);
  }
});
