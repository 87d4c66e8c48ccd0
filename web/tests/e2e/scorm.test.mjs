// A lesson as a SCORM 1.2 package: what is in it, and what it says to an LMS. The LMS is a page with the standard's API
// that takes only what the standard allows, and opens the lesson in a frame, as Moodle does.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { lessons, words } from "./lessons.mjs";
import { begin, browser, dist, files, openTab, serve, server, until } from "./support.mjs";

const lesson = lessons[0];
let folder;

/** The LMS's page. Its API notes every call; a value that the standard's types do not allow is refused (Run-Time Environment §3.4). */
const LMS = `
const calls = [], kept = JSON.parse(localStorage.getItem("lms") ?? "{}");
const types = {
  "cmi.core.lesson_status": /^(passed|completed|failed|incomplete|browsed)$/,
  "cmi.core.exit": /^(time-out|suspend|logout|)$/,
  "cmi.core.session_time": /^\\d{2,4}:\\d{2}:\\d{2}(\\.\\d{1,2})?$/,
  "cmi.core.score.raw": /^\\d{1,3}$/, "cmi.core.score.min": /^0$/, "cmi.core.score.max": /^100$/,
  "cmi.suspend_data": /^.{0,4096}$/,
};
window.calls = calls; window.kept = kept;
window.API = {
  LMSInitialize: (text) => (calls.push(["LMSInitialize", text]), "true"),
  LMSGetValue: (name) => (calls.push(["LMSGetValue", name]), kept[name] ?? ""),
  LMSSetValue: (name, value) => {
    const right = typeof value === "string" && types[name]?.test(value);
    calls.push(["LMSSetValue", name, value, right]);
    if (right) kept[name] = value;
    return String(Boolean(right));
  },
  LMSCommit: (text) => (calls.push(["LMSCommit", text]), localStorage.setItem("lms", JSON.stringify(kept)), "true"),
  LMSFinish: (text) => (calls.push(["LMSFinish", text]), localStorage.setItem("lms", JSON.stringify(kept)), "true"),
  LMSGetLastError: () => "0", LMSGetErrorString: () => "", LMSGetDiagnostic: () => "",
};
document.querySelector("iframe").src = "package/index.html";
`;

begin(async () => {
  const tab = await openTab(browser, `${server.url}#learn=teacher`, { locale: "en" });
  const download = tab.page.waitForEvent("download");
  await tab.page.locator('[data-learn="pack"]').click();
  const archive = files.file("package.zip");
  await writeFile(archive, await readFile(await (await download).path()));
  assert.equal((await download).suggestedFilename(), `udping-${lesson.id}-scorm.zip`);
  await tab.close();
  assert.deepEqual(tab.complaints, []);

  folder = files.file("lms");
  await mkdir(join(folder, "package"), { recursive: true });
  // Another program's reader of the format; it checks every sum.
  execFileSync("python3", ["-m", "zipfile", "-t", archive]);
  execFileSync("python3", ["-m", "zipfile", "-e", archive, join(folder, "package")]);
  await writeFile(join(folder, "lms.html"), '<!doctype html><title>LMS</title><link rel="icon" href="data:,"><iframe title="SCO" width="1200" height="900"></iframe><script src="lms.js"></script>');
  await writeFile(join(folder, "lms.js"), LMS);
});

test("a package has the page's files, and a manifest that names each of them once", async () => {
  const packed = (await readdir(join(folder, "package"))).sort();
  const page = (await readdir(dist)).filter((name) => name !== "service-worker.js" && !/\.(br|gz)$/.test(name));
  assert.deepEqual(packed, [...page, "imsmanifest.xml"].sort());
  const path = join(folder, "package/imsmanifest.xml");
  execFileSync("python3", ["-c", "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])", path]);
  const manifest = await readFile(path, "utf8");
  const named = [...manifest.matchAll(/<file href="([^"]*)"\/>/g)].map(([, name]) => name);
  assert.deepEqual(named.sort(), page.sort());

  // What the schemas of IMS Content Packaging 1.1.2 and of ADL 1.2 ask for.
  const one = (pattern) => {
    const found = [...manifest.matchAll(pattern)];
    assert.equal(found.length, 1, `${pattern}`);
    return found[0][1];
  };
  assert.match(manifest, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<manifest identifier="[A-Za-z_][\w.-]*" version="1\.0"/);
  const parts = ["<metadata>", "<schema>ADL SCORM</schema>", "<schemaversion>1.2</schemaversion>", "<organizations ", "<organization ", "<title>", "<item ", "<resources>", "<resource "];
  const places = parts.map((part) => manifest.indexOf(part));
  assert.ok(places.every((place, index) => place > (places[index - 1] ?? 0)), `${places}`);
  assert.equal(one(/<organizations default="([^"]*)">/g), one(/<organization identifier="([^"]*)">/g));
  assert.equal(one(/<item identifier="[^"]*" identifierref="([^"]*)">/g), one(/<resource identifier="([^"]*)" type="webcontent" adlcp:scormtype="sco" href="index\.html">/g));
  const ids = [...manifest.matchAll(/ identifier="([^"]*)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test("a packaged lesson reports to its LMS, and goes on where it was left", async (t) => {
  const server = await serve({ folder, open: true });
  t.after(() => server.close());
  // The LMS's own page is none of ours: the policy is the one that stands in the package's.
  const tab = await openTab(browser, `${server.url}lms.html`, { locale: "en" });
  t.after(() => tab.close());
  const { page } = tab;
  let frame = page.frameLocator("iframe");
  const calls = () => page.evaluate(() => window.calls);
  await frame.locator("#learn-title").getByText(words("en")(lesson.title)).waitFor();
  assert.deepEqual((await calls())[0], ["LMSInitialize", ""]);
  await frame.locator("#learn-show").click();
  await frame.locator("#learn-after").waitFor();
  await until(page, calls, (all) => assert.equal(all.at(-1)[0], "LMSCommit"));
  const kept = () => page.evaluate(() => window.kept);
  assert.equal((await kept())["cmi.core.lesson_status"], "incomplete");
  assert.equal((await kept())["cmi.core.score.raw"], "0");
  assert.match((await kept())["cmi.suspend_data"], new RegExp(`"${lesson.id}"`));
  assert.ok((await calls()).every(([name, , , right]) => name !== "LMSSetValue" || right), "all is of the standard's types");
  assert.equal(await frame.locator(".wrong").filter({ visible: true }).count(), 0);

  // The frame is left: the LMS keeps how long it was open, and nothing more is said.
  await page.evaluate(() => { document.querySelector("iframe").src = "about:blank"; });
  await until(page, calls, (all) => assert.deepEqual(all.at(-1), ["LMSFinish", ""]));
  assert.match((await kept())["cmi.core.session_time"], /^0000:\d\d:\d\d$/);

  await page.reload();
  frame = page.frameLocator("iframe");
  await frame.locator("#learn-after").waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("udping-lab.learn")), null, "the browser keeps nothing of it");
  assert.deepEqual(tab.complaints, []);
});

test("a packaged lesson without an LMS says so", async (t) => {
  const server = await serve({ folder: join(folder, "package") });
  t.after(() => server.close());
  const tab = await openTab(browser, server.url, { locale: "en" });
  t.after(() => tab.close());
  await tab.page.getByText(words("en")("learn-scorm-alone")).waitFor();
  assert.ok((await tab.page.locator("#learn-title").innerText()).includes(words("en")(lesson.title)));
  assert.deepEqual(tab.complaints, []);
});
