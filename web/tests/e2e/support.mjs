// What every end-to-end test needs: the built page behind a local server, a browser that tattles, and a folder.
// Owns the serving and the browser, and how a test gets into a room; knows nothing of what the page shows there.
//
// `cargo xtask test --only e2e` installs the browser's driver, builds dist/ and runs these tests.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));
/** The built page. */
export const dist = join(root, "dist");
/** A recorded run of 40 probes under a timeout of 45 ms: 10, 23, 34 and 37 came late, 17 and 30 never. */
export const sample = join(root, "web/sample.jsonl");
const { chromium, firefox } = createRequire(join(root, "target/tools/"))("playwright-core");

/** How long a test waits for what it needs: on a busy machine everything comes late, and what never comes is a fault. */
export const PATIENCE_MS = 300_000;

const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/**
 * Serves dist/ on a free loopback port, under the page's own content security policy; another folder, below a path, or
 * `open` to frames and scripts of any kind, where that is wanted.
 */
export async function serve({ folder = dist, below = "/", open = false } = {}) {
  const [, policy] = (await readFile(join(root, "web/policy.html"), "utf8")).match(/ content="(.*)"/);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = pathname.startsWith(below) ? pathname.slice(below.length) : "nowhere";
    const file = join(folder, normalize(`/${decodeURIComponent(path || "index.html")}`));
    try {
      const body = await readFile(file);
      response.writeHead(200, {
        ...(open ? {} : { "content-security-policy": policy }),
        "content-type": types[extname(file)] ?? "application/octet-stream",
        "x-content-type-options": "nosniff",
      });
      response.end(body);
    } catch (error) {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end(`${pathname}: ${error.code}`);
    }
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}${below}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An empty folder that goes away. */
export async function folder() {
  const path = await mkdtemp(join(tmpdir(), "udping-e2e-"));
  return { path, file: (name) => join(path, name), close: () => rm(path, { recursive: true }) };
}

/**
 * Starts an installed browser, headless, with a profile of its own: Chromium, or, where a file of tests asks for it by
 * `LAB_BROWSER=firefox`, the Firefox that people have, over WebDriver BiDi (Debian has no geckodriver). Firefox saves
 * what it downloads below `downloadsPath`.
 */
export function launch(downloadsPath) {
  if (process.env.LAB_BROWSER === "firefox") {
    return firefox.launch({
      channel: "moz-firefox",
      executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
      downloadsPath,
      timeout: PATIENCE_MS,
    });
  }
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-gpu", "--disable-quic"],
    timeout: PATIENCE_MS,
  });
}

/** What the tests of a file share, from the first of them to the last. */
export let server, browser, files;

let begun, ended;

async function start() {
  [server, files] = [await serve(), await folder()];
  browser = await launch(files.path);
}

async function stop() {
  for (const it of [browser, server, files]) await it?.close();
}

/** Has them there for the tests of a file, and then whatever `prepare` does; those of a file that runs others share them. */
export function begin(prepare = () => {}) {
  before(async () => {
    begun ??= start();
    await begun;
    await prepare();
  });
  after(() => {
    ended ??= stop();
    return ended;
  });
}

/**
 * Opens a new tab that remembers every complaint: whatever the page writes to
 * the console, throws, fails to load, or asks of any host but `home`'s.
 */
export async function openTab(browser, url, options = {}, home = url) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = [];
  let closing = false;
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    // Closing a tab breaks off whatever is still on its way.
    if (!closing) complaints.push(`failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  page.on("request", (request) => {
    const target = new URL(request.url());
    const local = target.origin === new URL(home).origin || ["data:", "blob:"].includes(target.protocol);
    if (!local) complaints.push(`left the page: ${request.url()}`);
  });
  await page.goto(url);
  const close = () => {
    closing = true;
    return context.close();
  };
  return { page, complaints, close };
}

/** A tab at `url` that is closed when the test `t` ends: then its console must be empty, but for what is `allowed`. */
export async function visit(t, url, options = {}, allowed = /^$/) {
  const tab = await openTab(browser, url, options);
  t.after(async () => {
    await tab.close();
    assert.deepEqual(tab.complaints.filter((complaint) => !allowed.test(complaint)), []);
  });
  return tab;
}

/** The lab, at a place of it, drawn. */
export async function lab(t, fragment = "", options = {}) {
  const { page } = await visit(t, server.url + fragment, options);
  await ready(page);
  return page;
}

/** The Learn room, at a place of it. */
export async function learn(t, place = "", options = {}) {
  const { page } = await visit(t, `${server.url}#learn${place}`, { locale: "en", ...options });
  await page.locator("#learn-title").waitFor();
  return page;
}

/** Goes into a room. */
export const room = (page, name) => page.locator(`[data-action="room"][data-value="${name}"]`).click();

/** Opens a journal in the Replay room. */
export async function openJournal(page, path) {
  await room(page, "replay");
  await page.locator("#file").setInputFiles(path);
}

/** Does something that saves a file, and gives the path of that file. */
export async function saved(page, act) {
  if (browser.browserType().name() === "chromium") {
    const [download] = await Promise.all([page.waitForEvent("download"), act()]);
    const path = files.file(download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }
  // Of a download of Firefox's, playwright hears nothing: there is a new file, whole when no part of one is left.
  const before = await readdir(files.path);
  await act();
  return until(page, () => readdir(files.path), async (names) => {
    const [name] = names.filter((name) => !before.includes(name) && !name.endsWith(".part"));
    assert.ok(name && !names.some((name) => name.endsWith(".part")), `${names}`);
    assert.ok((await stat(files.file(name))).size > 0, name);
    return files.file(name);
  });
}

/** Waits until the page has drawn its first picture. */
export async function ready(page) {
  await page.waitForFunction(() => document.querySelector("#clock")?.textContent !== "");
}

/** Waits until what was last done to the page is drawn: its picture in the next frame, the lists in one after that. */
export function drawn(page) {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
}

/** Waits until an element shows this, a text or a pattern, for as long as what it says takes and a test's patience. */
export function says(locator, wanted, takes = 0) {
  return locator.filter({ hasText: wanted, visible: true }).first().waitFor({ timeout: PATIENCE_MS + takes });
}

/** Waits until `judge`, which throws, is content with what `read` finds; what it says last is the failure. */
export async function until(page, read, judge) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await judge(await read());
    } catch (error) {
      if (Date.now() > end) throw error;
      await drawn(page);
    }
  }
}
