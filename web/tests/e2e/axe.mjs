// axe-core, the accessibility checker, on an open page.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../target/tools/", import.meta.url));
const source = readFile(require.resolve("axe-core/axe.min.js"), "utf8");

/** The rules that ask about colours: what another theme can break. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe finds wrong with the page as it is now, by these rules or by all: a line for each element. */
export async function axe(page, rules) {
  // By the driver's own channel, so that the page's policy need not let a script in.
  const there = await page.evaluate(() => typeof window.axe);
  if (there === "undefined") await page.evaluate(await source);
  return page.evaluate(async (rules) => {
    const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"], preload: false, ...only });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary}`));
  }, rules);
}
