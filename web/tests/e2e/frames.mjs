// How much of each frame the page's thread works, by the processor's clock, so that a busy machine does not count.
// Owns the measuring; knows nothing of what the page shows but how many probes there are.

import { openTab, ready } from "./support.mjs";

/** Opens `url`, waits for `over`, and gives the work in milliseconds: of the frames, and the longest task. */
export async function frames(browser, url, over) {
  const tab = await openTab(browser, url, { locale: "en", viewport: { width: 1280, height: 1000 } });
  const session = await tab.page.context().newCDPSession(tab.page);
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await ready(tab.page);
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "devtools.timeline"] },
  });
  await over(tab.page);
  const probes = Number((await tab.page.locator("#journal-facts > *").filter({ hasText: "Probes" }).first().textContent()).replace(/\D/g, ""));
  await session.send("Tracing.end");
  await complete;
  await tab.close();

  const drawing = events.filter((event) => event.name === "FireAnimationFrame");
  const thread = drawing[0]?.tid;
  const tasks = events
    .filter((event) => event.ph === "X" && event.tid === thread && /RunTask$/.test(event.name))
    .sort((one, other) => one.ts - other.ts);
  // The task in which a frame is made: its callbacks, style, layout and paint.
  const work = [];
  let at = 0;
  for (const frame of drawing.sort((one, other) => one.ts - other.ts)) {
    while (at < tasks.length && tasks[at].ts + tasks[at].dur < frame.ts) at += 1;
    const task = tasks[at];
    if (task && task.ts <= frame.ts) work.push((task.tdur ?? task.dur) / 1e3);
  }
  work.sort((one, other) => one - other);
  const part = (share) => work[Math.min(work.length - 1, Math.floor(work.length * share))];
  const longest = Math.max(...tasks.map((task) => (task.tdur ?? task.dur) / 1e3));
  return { probes, frames: work.length, p50: part(0.5), p95: part(0.95), p99: part(0.99), longest };
}
