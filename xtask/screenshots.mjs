// Takes the README's pictures of the page: `cargo xtask screenshots`.

import { join } from "node:path";

import { launch, openTab, ready, serve } from "../web/tests/e2e/support.mjs";

const [folder, journal] = process.argv.slice(2);
const [server, browser] = [await serve(), await launch()];

async function picture(name, options, show) {
  const tab = await openTab(browser, server.url, { viewport: { width: 1280, height: 800 }, ...options });
  await ready(tab.page);
  await show(tab.page);
  // What fades has faded when the notice has gone.
  await tab.page.locator("#toast").waitFor({ state: "hidden" });
  await tab.page.screenshot({ path: join(folder, `${name}.png`) });
  if (tab.complaints.length) throw new Error(tab.complaints.join("\n"));
  await tab.close();
}

try {
  await picture("simulate", {}, async (page) => {
    await page.locator('[data-value="preset-home-wifi"]').click();
    for (let step = 0; step < 4; step += 1) await page.locator('[data-action="forward"]').click();
  });
  await picture("replay", { colorScheme: "dark", viewport: { width: 1280, height: 760 } }, async (page) => {
    await page.locator('[data-action="room"][data-value="replay"]').click();
    await page.locator("#file").setInputFiles(journal);
    await page.locator("#verdict").getByText(/Verified/).waitFor();
    await page.locator("#what-if-ms").fill("80");
    await page.keyboard.press("Enter");
    await page.locator("#what-if-bar").waitFor({ state: "visible" });
    await page.locator('[data-action="view"][data-value="events"]').click();
  });
  await picture("figures", { locale: "pt-BR", viewport: { width: 1280, height: 760 } }, async (page) => {
    await page.locator('[data-value="preset-home-wifi"]').click();
    await page.locator("#f-count").fill("2000");
    await page.locator("#f-count").press("Enter");
    await page.locator('[data-action="last"]').click();
    await page.locator('[data-action="view"][data-value="figures"]').click();
  });
  await picture("learn", { locale: "pt-BR", colorScheme: "dark" }, async (page) => {
    await page.evaluate(() => { location.hash = "learn=udp-and-tcp.2"; });
    await page.locator("#learn-room h1, #learn-room h2").first().waitFor();
  });
  await picture("narrow", { viewport: { width: 360, height: 760 } }, async (page) => {
    await page.locator('[data-value="preset-textbook"]').click();
    await page.locator("#ladder-a").scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, 0));
  });
} finally {
  await browser.close();
  await server.close();
}
