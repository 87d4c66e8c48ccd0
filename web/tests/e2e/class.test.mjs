// What a class needs of the Learn room: links to any place, progress that stays and goes, exercises handed in
// and checked, the teacher's page on paper, and the glossary.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";

import { axe } from "./axe.mjs";
import { isSaid, languages, lessons, words } from "./lessons.mjs";
import { begin, drawn, files, learn, says, server } from "./support.mjs";

begin();

const title = (page) => page.locator("#learn-title").innerText();

describe("links", { concurrency: 2 }, () => {
  for (const lesson of lessons) {
    test(`any step of ${lesson.id} can be linked to`, async (t) => {
      const page = await learn(t, `=${lesson.id}.1`);
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
    const page = await learn(t, "=no-such-lesson.1");
    await page.getByText(/leads to no lesson: no-such-lesson/).first().waitFor();
    assert.equal(await page.locator(".lessons > li").count(), lessons.length);
  });
});

test("progress survives a reload, and can be cleared", async (t) => {
  const page = await learn(t, `=${lessons[0].id}.1`);
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
  const page = await learn(t, "");
  await page.evaluate(() => localStorage.setItem("udping-lab.learn", "}"));
  await page.reload();
  await says(page.locator("#learn-room .wrong"), words("en")("learn-room-lost"));
});

/** A figure as a student would write it down. */
const written = (text) => text.replace(/[^\d.−]/g, "").replace("−", "-");

/** Saves what a button of the page gives, and returns its path and text. */
async function saved(page, button, name) {
  const download = page.waitForEvent("download");
  await page.locator(`[data-learn="${button}"]`).click();
  const bytes = await readFile(await (await download).path());
  const path = files.file(name);
  await writeFile(path, bytes);
  return { path, bytes };
}

/** Does a lesson's exercise as a student, and returns the file's path. */
async function exercise(t, link, { readings, student, name = "", why = "Because.", dials, locale = "en" }) {
  const page = await learn(t, link.slice(link.indexOf("#learn") + "#learn".length), { locale });
  if (dials) {
    await page.locator("#learn-why").fill("Kept.");
    await page.locator("#learn-acts a").click();
    for (const [dial, value] of Object.entries(dials)) await page.locator(`#dial-${dial}`).fill(value);
    await page.locator("#learn-done .feedback").waitFor();
    await page.locator('#learn-room a[href*=".exercise."]').click();
    assert.equal(await page.locator("#learn-why").inputValue(), "Kept.", "what was written is still there");
  }
  assert.doesNotMatch(await page.locator("#learn-room").innerText(), /seed \d|\d{6}/, "the seed is not in sight");
  for (const [place, reading] of readings.entries()) await page.locator(`#reading-${place}`).fill(reading);
  await page.locator("#learn-why").fill(why);
  await page.locator("#learn-student").fill(student);
  await page.locator("#learn-name").fill(name);
  return (await saved(page, "save", `${student}-${readings.join("-")}.json`)).path;
}

/** Makes a class's links on the teacher's page: each student's, by number. */
async function makeLinks(page, lesson, secret, students) {
  await page.locator("#learn-for").selectOption(`${lesson}`);
  await page.locator("#learn-secret").fill(secret);
  await page.locator("#learn-students").fill(students);
  await page.locator('[data-learn="make"]').click();
  const lines = (await page.locator("#learn-link-list").inputValue()).split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("\t")[0], line.split("\t").at(-1)]));
}

/** What the page says of the files that were handed in. */
async function marked(page, count) {
  await page.locator(".handed").nth(count - 1).waitFor();
  await drawn(page);
  return (await page.locator(".handed").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
}

test("an exercise goes round: links, files, marks; whose run it is not, and what is equal, is noticed", async (t) => {
  const teacher = await learn(t, "=teacher");
  const links = await makeLinks(teacher, 0, "segredo", "101, Ana Lima\n102, Bia\n103, Caio");
  assert.deepEqual(Object.keys(links), ["101", "102", "103"]);
  assert.equal(new Set(Object.values(links)).size, 3);
  const csv = (await saved(teacher, "links-csv", "links.csv")).bytes.toString().split("\r\n");
  assert.equal(csv[1], `101,Ana Lima,${links[101]}`);

  const wrong = await exercise(t, links[101], { student: "101", readings: ["99", "99", "99"], why: "=1+1, lost" });
  await teacher.locator("#learn-file").setInputFiles(wrong);
  const [first] = await marked(teacher, 1);
  assert.match(first, /^101 Ana Lima, The first ping: 0 of 3 right, task not done/);
  assert.ok(first.includes(words("en")("learn-why-first-ping")) && first.includes("=1+1, lost"));

  // What the page plays again is what a student reads off the same link.
  const truth = (await teacher.locator(".handed tbody td:last-child").allInnerTexts()).map((text) =>
    / s$/.test(text.replaceAll("\u00a0", " ")) ? `${Number(written(text)) * 1000}` : written(text));
  const right = await exercise(t, links[101], { student: "101", readings: truth, why: "A pause follows.", dials: { requestdelay: "150", replydelay: "100" } });
  // A file says what was done, and not that it achieved anything.
  const handed = JSON.parse(await readFile(right, "utf8"));
  assert.deepEqual(handed.acts.set, { "request-delay": 150, "reply-delay": 100 });
  const altered = files.file("altered.json");
  handed.acts.set["reply-delay"] = 110;
  await writeFile(altered, JSON.stringify({ ...handed, achieved: true, why: "Altered.", readings: [1, 1, 1] }));
  const used = await exercise(t, links[101], { student: "102", readings: truth, why: "Another." });
  const copied = await exercise(t, links[103], { student: "103", readings: ["99", "99", "99"] });
  const guessed = await makeLinks(await learn(t, "=teacher"), 0, "guess", "103");
  const foreign = await exercise(t, guessed[103], { student: "103", readings: ["1", "2", "3"], why: "Mine." });
  await teacher.locator("#learn-file").setInputFiles([right, used, copied, foreign, wrong, import.meta.filename, altered]);
  const told = await marked(teacher, 7);
  assert.match(told[0], /^101 Ana Lima, The first ping: 3 of 3 right, task achieved equal to 102$/);
  assert.match(told[1], /^102 Bia, The first ping: 3 of 3 right, task not done the run of 101 Ana Lima equal to 101$/);
  assert.match(told[2], /^103 Caio, The first ping: 0 of 3 right, task not done equal to 101$/);
  assert.match(told[3], /^103 Caio, The first ping: not marked not a run of this class/);
  assert.match(told[5], /class\.test\.mjs This is no file of an exercise\.$/);
  assert.match(told[6], /^101 Ana Lima, The first ping: 0 of 3 right, task not achieved$/);
  assert.deepEqual(await axe(teacher), []);
  assert.match(await teacher.locator(".handed").first().textContent(), /Task\. Delay to the server: 150\Wms; Delay on the way back: 100\Wms/);

  const results = (await saved(teacher, "results-csv", "results.csv")).bytes.toString().split("\r\n");
  assert.equal(results.length, 8, "a heading, six results, and the end");
  assert.match(results[1], /^101,Ana Lima,first-ping,3,3,task achieved,,102,101-.*\.json,A pause follows\.,/);
  assert.ok(results[5].includes(`"'=1+1, lost"`), "what a student writes is no formula");
});

test("a class of sixty, from a Portuguese spreadsheet to one, on a phone", async (t) => {
  const teacher = await learn(t, "=teacher", { locale: "pt-BR", viewport: { width: 390, height: 844 } });
  const rows = Array.from({ length: 60 }, (_, place) => `2023${place + 100};"Lima; Ana ${"x".repeat(place)}"`);
  const links = await makeLinks(teacher, 3, "segredo", ["Matrícula;Nome", ...rows].join("\r\n"));
  assert.equal(Object.keys(links).length, 60);
  const csv = (await saved(teacher, "links-csv", "turma.csv")).bytes.toString().split("\r\n");
  assert.equal(csv[1], `2023100;"Lima; Ana";${links[2023100]}`);
  const file = await exercise(t, links[2023100], { student: "2023100", readings: ["12,5", "1", "1"], locale: "pt-BR" });
  await teacher.locator("#learn-file").setInputFiles(file);
  await marked(teacher, 1);
  const results = (await saved(teacher, "results-csv", "notas.csv")).bytes.toString().split("\r\n");
  assert.match(results[1], /^2023100;"Lima; Ana";delay;.*;"12,5";1;1$/);
  const wide = await teacher.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px`);
});

test("the teacher's page hands nobody the key", async (t) => {
  const teacher = await learn(t, "=teacher");
  const links = await makeLinks(teacher, 0, "segredo", "101");
  const file = await exercise(t, links[101], { student: "101", readings: ["1", "2", "3"] });
  const student = await learn(t, "=teacher");
  for (const secret of ["", "guess"]) {
    await student.locator("#learn-secret").fill(secret);
    await student.locator("#learn-students").fill("101");
    await student.locator("#learn-file").setInputFiles(file);
    const [said] = await marked(student, 1);
    assert.match(said, /not marked/);
    assert.equal(await student.locator(".handed table").count(), 0);
  }
  // With the secret it is marked, without the file being chosen again.
  await student.locator("#learn-secret").fill("segredo");
  await student.locator("#learn-secret").blur();
  await student.locator(".handed table").waitFor();
});

test("a class secret is made, and without one there is no link", async (t) => {
  const teacher = await learn(t, "=teacher");
  await teacher.locator("#learn-students").fill("101");
  await teacher.locator('[data-learn="make"]').click();
  await drawn(teacher);
  assert.equal(await teacher.locator("#learn-link-list").count(), 0);
  await teacher.locator('[data-learn="new-secret"]').click();
  assert.match(await teacher.locator("#learn-secret").inputValue(), /^[0-9a-f]{20}$/);
  await teacher.locator("#learn-address").fill("http://192.0.2.7:12080/");
  await teacher.locator('[data-learn="make"]').click();
  assert.match(await teacher.locator("#learn-link-list").inputValue(), /^101\thttp:\/\/192\.0\.2\.7:12080\/#learn=first-ping\.exercise\./);
});

test("an exercise says that nothing is secret, and what is missing", async (t) => {
  const teacher = await learn(t, "=teacher");
  const links = await makeLinks(teacher, 4, "segredo", "101");
  const page = await learn(t, links[101].slice(links[101].indexOf("#learn") + 6));
  const text = await page.locator("#learn-room").innerText();
  assert.ok(text.includes(words("en")("learn-exercise-honest")));
  await page.locator('[data-learn="save"]').click();
  await says(page.locator("#learn-missing"), /^6 answers are missing/);
  assert.deepEqual(await axe(page), []);
});

for (const language of languages) {
  test(`the teacher's page tells everything, and prints, in ${language}`, async (t) => {
    const page = await learn(t, "=teacher", { locale: language });
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
    const page = await learn(t, `=${lessons[0].id}.1`, { locale: language });
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
    const page = await learn(t, "", { colorScheme });
    assert.equal(await page.locator(".lessons > li").count(), lessons.length);
    assert.deepEqual(await axe(page), []);
  }
});
