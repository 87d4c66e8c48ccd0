// What every end-to-end test needs: the built page behind a local server, and a browser that tattles.
// Owns the serving and the browser; knows nothing of what the page shows.
//
// `cargo xtask test --only e2e` installs the browser's driver, builds dist/ and runs these tests.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));
/** The built page. */
export const dist = join(root, "dist");
const { chromium } = createRequire(join(root, "target/tools/"))("playwright-core");

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

/** Starts the installed Chromium, headless, with a profile of its own. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--disable-gpu", "--disable-quic"],
    timeout: PATIENCE_MS,
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

/** The lab at `url`, drawn; when the test `t` ends the tab is closed, and its console must be empty. */
export async function openLab(t, browser, url, options = {}) {
  const tab = await openTab(browser, url, options);
  t.after(async () => {
    await tab.close();
    assert.deepEqual(tab.complaints, []);
  });
  await ready(tab.page);
  return tab.page;
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

/** Waits until an element shows this, a text or a pattern. */
export function says(locator, wanted) {
  return locator.filter({ hasText: wanted, visible: true }).first().waitFor();
}

/** Waits until `judge`, which throws, is content with what `read` finds; what it says last is the failure. */
export async function until(page, read, judge) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return judge(await read());
    } catch (error) {
      if (Date.now() > end) throw error;
      await drawn(page);
    }
  }
}
