// Opens a journal in the built page, in a browser without a graphics card, and scrubs through it.
// Writes one line of JSON; `cargo xtask bench web` calls it.

import { launch, openTab, ready, serve } from "../../web/tests/e2e/support.mjs";

/** How many times the scrubber is moved, one a frame. */
const MOVES = 240;

const [journal] = process.argv.slice(2);
const [server, browser] = [await serve(), await launch()];
try {
  const { page, complaints } = await openTab(browser, server.url, { viewport: { width: 1280, height: 800 } });
  await ready(page);
  const devtools = await page.context().newCDPSession(page);
  await page.locator('[data-action="room"][data-value="replay"]').click();
  // From the choice of the file to the first frame that shows the verdict.
  await page.evaluate(() => {
    window.opened = new Promise((resolve) => {
      document.querySelector("#file").addEventListener("change", () => {
        const start = performance.now();
        const look = () => {
          const shown = document.querySelector("#verdict b").textContent;
          if (shown && !document.querySelector("#journal-loaded").hidden) {
            requestAnimationFrame(() => resolve([(performance.now() - start) / 1000, shown]));
          } else requestAnimationFrame(look);
        };
        look();
      }, { capture: true });
    });
  });
  await page.locator("#file").setInputFiles(journal);
  const [open_s, verdict] = await page.evaluate(() => window.opened);
  if (!/Verified/.test(verdict)) throw new Error(`the page says: ${verdict}`);

  // All over the run: first in great leaps, then back through it in small steps.
  const scrubbed = await page.evaluate((moves) => new Promise((resolve) => {
    const scrub = document.querySelector("#scrub");
    const frames = [];
    const tasks = [];
    let last;
    let move = 0;
    const frame = (now) => {
      if (last !== undefined) frames.push(now - last);
      last = now;
      if (move >= moves) return resolve({ frames, tasks });
      const start = performance.now();
      scrub.value = move % 2 ? (move * 7919) % 10000 : 10000 - move * 20;
      scrub.dispatchEvent(new Event("input", { bubbles: true }));
      move += 1;
      requestAnimationFrame(frame);
      // What the page does in this frame, its drawing included, is done when a message comes through.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => tasks.push(performance.now() - start);
      requestAnimationFrame(() => {});
      channel.port2.postMessage(0);
    };
    requestAnimationFrame(frame);
  }), MOVES);
  const { metrics } = await devtools.send("Performance.enable").then(() => devtools.send("Performance.getMetrics"));
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize").value;
  const p95 = (values) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)];
  if (complaints.length) throw new Error(complaints.join("\n"));
  console.log(JSON.stringify({
    open_s,
    frame_ms: p95(scrubbed.frames),
    task_ms: p95(scrubbed.tasks),
    heap_mb: heap / 1e6,
  }));
} finally {
  await browser.close();
  await server.close();
}
