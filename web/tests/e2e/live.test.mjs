// A run that is looked at while it is measured, as the command itself serves it: it grows, is followed, survives a
// lost connection, and ends with its verdict. (What the command sends is native/tests/live.rs's to see.)

import assert from "node:assert/strict";
import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { after, describe, test } from "node:test";

import * as command from "./command.mjs";
import { frames } from "./frames.mjs";
import { begin, browser, files, says, until, visit } from "./support.mjs";

let reflector;

begin(async () => {
  command.build();
  reflector = await command.serve();
});
after(() => reflector?.close());

/** What a browser says of a connection that ends with its server, or with the page. */
const GONE = /ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_ABORTED|ERR_CONNECTION_/;

/** Opens the lab of a live run; its console must stay empty, but for `allowed`. */
async function open(t, url, options = {}, allowed = GONE) {
  const tab = await visit(t, url, { locale: "en", ...options }, allowed);
  await tab.page.locator("#live b:not(:empty)").waitFor();
  return { ...tab, badge: tab.page.locator("#live b"), follow: tab.page.locator("#live-follow") };
}

/** A lab of the command that goes away with the test. */
async function live(t, ...args) {
  const lab = await command.live(...args);
  t.after(() => lab.close());
  return lab;
}

/** How many probes the page says were recorded. */
async function probes(page) {
  const row = page.locator("#journal-facts > *").filter({ hasText: "Probes" });
  return Number((await row.first().textContent()).replace(/\D/g, ""));
}

describe("a run that is measured", { concurrency: true }, () => {
  test("it grows, is followed until the user looks back, answers what if, and ends verified", async (t) => {
    const lab = await live(t, reflector.address, "-c", "1000000", "-i", "10ms", "-q", "--view");
    const { page, badge, follow, close } = await open(t, lab.url);
    await says(badge, "Live");
    await says(page.locator("#live span"), /\/s · newest .* s ago/);
    await says(page.locator("#verdict b"), "So far");
    const clock = page.locator("#clock");
    const [first, count] = [await clock.textContent(), await probes(page)];
    await until(page, () => clock.textContent(), (now) => assert.notEqual(now, first, "it follows the newest"));
    await until(page, () => probes(page), (now) => assert.ok(now > count, `${now} probes, as before`));

    // Who looks back stays there, while the run grows on.
    await page.locator("[data-action=back]").click();
    await follow.waitFor();
    const there = await clock.textContent();
    const before = await probes(page);
    await until(page, () => probes(page), (now) => assert.ok(now > before + 20));
    assert.equal(await clock.textContent(), there);

    // What if, of what is there.
    await page.locator("#what-if-ms").fill("0.001");
    await page.locator("#what-if-ms").press("Enter");
    const [recorded, decided] = [0, 1].map((at) => page.locator("#what-if-bar .switch button").nth(at));
    await decided.and(page.locator("[aria-pressed=true]")).waitFor();
    await recorded.click();
    await recorded.and(page.locator("[aria-pressed=true]")).waitFor();

    // The button leads back, and so does the key.
    await follow.click();
    await follow.waitFor({ state: "hidden" });
    await until(page, () => clock.textContent(), (now) => assert.notEqual(now, there));
    await page.locator("[data-action=first]").click();
    await follow.waitFor();
    await page.keyboard.press("End");
    await follow.waitFor({ state: "hidden" });

    lab.signal("SIGINT");
    await says(badge, "Ended · verified");
    await says(page.locator("#verdict b"), /^Verified/);
    // A page that comes late has all of it, and so does one that is loaded again.
    const late = await open(t, lab.url, { viewport: { width: 390, height: 844 } });
    await says(late.badge, "Ended · verified");
    assert.equal(await probes(late.page), await probes(page));
    await late.page.reload();
    await says(late.badge, "Ended · verified");
    await late.close();
    await close();
    assert.equal(await lab.ended, 0, "it ends with its last page");
  });

  test("a lost connection is said, tried again, and nothing comes twice", async (t) => {
    const lab = await live(t, reflector.address, "-c", "1000000", "-i", "10ms", "-q", "--view");
    const { port, hash } = new URL(lab.url);
    const open_ = new Set();
    let [reachable, resumed] = [true, 0];
    const proxy = createServer((request, response) => {
      if (request.url.startsWith("/live/")) {
        if (!reachable) return request.destroy();
        resumed += Number("last-event-id" in request.headers);
        open_.add(response);
      }
      const headers = { ...request.headers, host: `127.0.0.1:${port}` };
      const onward = ask({ port, host: "127.0.0.1", path: request.url, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      response.on("close", () => onward.destroy());
      onward.end();
    });
    await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const url = `http://127.0.0.1:${proxy.address().port}/${hash}`;
    const { page, badge } = await open(t, url, {}, /ERR_|Failed to load/);
    await says(badge, "Live");
    await until(page, () => probes(page), (now) => assert.ok(now > 0));
    reachable = false;
    for (const response of open_) response.destroy();
    await says(badge, "Connection lost");
    const before = await probes(page);
    reachable = true;
    await says(badge, "Live");
    assert.ok(resumed > 0, "from where it was");
    await until(page, () => probes(page), (now) => assert.ok(now > before, `${now} probes, as before`));
    lab.signal("SIGINT");
    // A line that came twice, or not at all, would be a difference.
    await says(badge, "Ended · verified");
  });

  test("a file is followed as it grows, and another in its place is another run", async (t) => {
    const [recorded, followed] = ["recorded.jsonl", "followed.jsonl"].map(files.file);
    const ended = await command.udping(reflector.address, "-c", "6", "-i", "5ms", "-q", "--journal", recorded);
    assert.equal(ended.code, 0, ended.stderr);
    const text = await readFile(recorded, "utf8");
    const cut = text.indexOf("\n", text.indexOf('"reply":3,')) - 7;
    await writeFile(followed, text.slice(0, cut));
    const lab = await live(t, "view", "--port", "0", "--follow", followed);
    const { page, badge } = await open(t, lab.url);
    await says(badge, "Live");
    // Half a line is waited for.
    const sent = text.slice(0, cut).match(/"sent"/g).length;
    assert.equal(await probes(page), sent);
    await appendFile(followed, text.slice(cut));
    await says(badge, "Ended · verified");
    assert.equal(await probes(page), 6);
    const other = files.file("other.jsonl");
    await command.udping(reflector.address, "-c", "9", "-i", "5ms", "-q", "--journal", other);
    await rename(other, followed);
    await until(page, () => probes(page), (now) => assert.equal(now, 9));
    await says(badge, "Ended · verified");
  });

  test("a token of another server's is refused, and the page says so", async (t) => {
    const followed = files.file("empty.jsonl");
    await writeFile(followed, "");
    const lab = await live(t, "view", "--port", "0", "--follow", followed);
    const url = lab.url.replace(/[0-9a-f]{32}$/, "0".repeat(32));
    const { badge } = await open(t, url, {}, /404/);
    await says(badge, "Not followed any more");
  });
});

test("at 1,000 probes a second the page's thread has time left in its frames", async (t) => {
  const lab = await live(t, reflector.address, "-c", "30000", "-i", "1ms", "-q", "--view");
  const measured = await frames(browser, lab.url, (page) => says(page.locator("#live b"), "Ended"));
  t.diagnostic(JSON.stringify(measured));
  assert.equal(measured.probes, 30_000);
  assert.ok(measured.frames > 300, "it drew all the while");
  assert.ok(measured.p95 < 12, `p95 is ${measured.p95} ms`);
});
