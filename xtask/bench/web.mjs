// Opens a journal in the built page, in a browser without a graphics card, scrubs through it, drags its what-if and
// filters it.
// Writes one line of JSON; `cargo xtask bench web` calls it.

import { launch, openTab, ready, serve } from "../../web/tests/e2e/support.mjs";

/** How many times the scrubber, or the what-if, is moved, one a frame. */
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

  await page.evaluate((moves) => {
    /** Does something in each of so many frames; what each frame took, and what the page's thread worked in it. */
    window.eachFrame = (act, enough = (move) => move >= moves) => new Promise((resolve) => {
      const [frames, tasks] = [[], []];
      let last;
      let move = 0;
      const frame = (now) => {
        if (last !== undefined) frames.push(now - last);
        last = now;
        if (enough(move)) return resolve({ frames, tasks });
        const start = performance.now();
        act(move);
        move += 1;
        requestAnimationFrame(frame);
        // What the page does in this frame, its drawing included, is done when a message comes through.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => tasks.push(performance.now() - start);
        requestAnimationFrame(() => {});
        channel.port2.postMessage(0);
      };
      requestAnimationFrame(frame);
    });
  }, MOVES);
  // All over the run: first in great leaps, then back through it in small steps.
  const scrubbed = await page.evaluate(() => window.eachFrame((move) => {
    const scrub = document.querySelector("#scrub");
    scrub.value = move % 2 ? (move * 7919) % 10000 : 10000 - move * 20;
    scrub.dispatchEvent(new Event("input", { bubbles: true }));
  }));
  // From one end of the curve to the other and back.
  const dragged = await page.evaluate((moves) => {
    const handle = document.querySelector("#what-if-handle");
    const curve = document.querySelector("#what-if-curve").getBoundingClientRect();
    const at = (type, move) => handle.dispatchEvent(new PointerEvent(type, {
      bubbles: true, isPrimary: true, pointerId: 1, button: 0, buttons: 1,
      clientX: curve.left + 8 + (curve.width - 16) * Math.abs(1 - 2 * move / moves), clientY: curve.top + 20,
    }));
    return window.eachFrame((move) => at(move ? "pointermove" : "pointerdown", move)).then((it) => {
      at("pointerup", moves);
      return it;
    });
  }, MOVES);
  // What it comes to is decided beside the page, and shown.
  await page.waitForFunction(() => document.querySelector("#what-if-bar.on") !== null);
  await page.locator("#what-if-handle").press("Home");
  const filtered = await page.evaluate(() => {
    const [text, count] = ["#filter-text", "#filter-count"].map((id) => document.querySelector(id));
    const before = count.textContent;
    return window.eachFrame((move) => {
      if (move) return;
      text.value = "rtt > 20ms";
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }, () => count.textContent !== before && /\d/.test(count.textContent));
  });
  const { metrics } = await devtools.send("Performance.enable").then(() => devtools.send("Performance.getMetrics"));
  const heap = metrics.find(({ name }) => name === "JSHeapUsedSize").value;
  const p95 = (values) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)];
  if (complaints.length) throw new Error(complaints.join("\n"));
  console.log(JSON.stringify({
    open_s,
    frame_ms: p95(scrubbed.frames),
    task_ms: p95(scrubbed.tasks),
    what_if_ms: p95(dragged.tasks),
    longest_what_if_ms: Math.max(...dragged.tasks),
    filter_ms: p95(filtered.tasks),
    heap_mb: heap / 1e6,
  }));
} finally {
  await browser.close();
  await server.close();
}
