// Everywhere: without a network, below a folder, from disk, installed, in a newer version.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { begin, browser, dist, files, ready, room, says, serve, until, visit } from "./support.mjs";

begin();

/** Opens the page at `url`, whose console must be empty when the test ends. */
async function open(t, url) {
  const tab = await visit(t, url);
  await ready(tab.page);
  return tab;
}

const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active.state));
const controlled = (page) => page.evaluate(() => navigator.serviceWorker.controller !== null);

/** In which states this page's service worker is there. `waitForFunction` takes a promise for true. */
function workers() {
  return navigator.serviceWorker.getRegistration().then((it) => ({
    installing: Boolean(it?.installing),
    waiting: Boolean(it?.waiting),
    active: Boolean(it?.active),
  }));
}

test("after one visit all three rooms work without a network, below a folder", async (t) => {
  const server = await serve({ below: "/a/b/" });
  const { page } = await open(t, server.url);
  await room(page, "replay");
  await page.locator('[data-action="replay-simulated"]').click();
  await says(page.locator("#verdict"), /Verified/);
  await kept(page);
  // Neither the browser nor the server has anything to give any more.
  await server.close();
  await page.context().setOffline(true);
  await page.reload();
  await says(page.locator("#verdict"), /Verified/);
  await room(page, "simulate");
  await page.locator('[data-action="preset"][data-value="preset-satellite"]').click();
  await says(page.locator("#branches"), "Satellite");
  // So many that a worker simulates them: its script is among what is kept.
  await page.locator("#f-count").fill("25000");
  await page.keyboard.press("Enter");
  await says(page.locator("#branches"), /25,000 probes/);
  await room(page, "learn");
  await page.locator("#learn-room a.btn").first().click();
  await page.locator("#learn-room h2").first().waitFor();
});

test("a newer version takes over whole, when the page begins alone", async (t) => {
  const folder = files.file("site");
  await cp(dist, folder, { recursive: true });
  const server = await serve({ folder });
  t.after(() => server.close());
  const worker = await readFile(new URL("../../service-worker.js", import.meta.url));
  const stamp = fileURLToPath(new URL("../../offline.mjs", import.meta.url));
  const source = await readFile(join(dist, "index.html"), "utf8");
  const build = async (name) => {
    await writeFile(join(folder, "service-worker.js"), worker);
    await writeFile(join(folder, "index.html"), source.replace("<body>", `<body data-release="${name}">`));
    execFileSync("node", [stamp], { env: { ...process.env, TRUNK_STAGING_DIR: folder } });
  };
  await build("one");
  const { page } = await open(t, server.url);
  await kept(page);
  await page.reload();
  await ready(page);
  assert.equal(await controlled(page), true);
  const shown = () => page.locator("body").getAttribute("data-release");
  assert.equal(await shown(), "one");

  // While another page of the old version is open, both stay with it.
  const other = await page.context().newPage();
  await other.goto(server.url);
  await ready(other);
  await build("two");
  await page.reload();
  await ready(page);
  await until(page, () => page.evaluate(workers), ({ waiting }) => assert.ok(waiting));
  await page.reload();
  await ready(page);
  assert.equal(await shown(), "one");
  assert.equal(await other.locator("body").getAttribute("data-release"), "one");

  await other.close();
  // The browser counts a page for a while after it was closed: a later beginning is alone.
  do {
    await page.reload();
    await ready(page);
  } while ((await shown()) === "one");
  await ready(page);
  const caches = await page.evaluate(() => caches.keys());
  assert.equal(caches.length, 1, caches);
});

test("a file of another version is not kept", async (t) => {
  const folder = files.file("half");
  await cp(dist, folder, { recursive: true });
  await writeFile(join(folder, "start.js"), `${await readFile(join(folder, "start.js"), "utf8")}\n`);
  const server = await serve({ folder });
  t.after(() => server.close());
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  await until(page, () => page.evaluate(workers), ({ installing, active }) => assert.ok(!installing && !active));
  assert.equal(await controlled(page), false);
});

test("from disk the page says why it cannot run, and which command can", async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(dist, "index.html")).href);
  await says(page.locator("#boot-file"), /udping view/);
  await says(page.locator("#boot-file [lang=pt-BR]"), /não do disco/);
  assert.equal(await page.locator("#boot").isVisible(), false);
});

test("the page can be installed", async (t) => {
  const server = await serve();
  t.after(() => server.close());
  const { page } = await open(t, server.url);
  const client = await page.context().newCDPSession(page);
  const { errors, data, url } = await client.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  assert.equal(url, `${server.url}manifest.webmanifest`);
  for (const { src, type, sizes } of JSON.parse(data).icons) {
    const found = await page.evaluate(async (src) => {
      const response = await fetch(src);
      const image = await createImageBitmap(await response.blob()).catch(() => undefined);
      return { type: response.headers.get("content-type"), width: image?.width };
    }, src);
    assert.equal(found.type, type);
    if (sizes !== "any") assert.equal(`${found.width}x${found.width}`, sizes);
  }
  const { installabilityErrors } = await client.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
});
