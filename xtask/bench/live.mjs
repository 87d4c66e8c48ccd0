// Measures COUNT probes, one a millisecond: `alone`, with `--view` and `nobody` who looks, or with a `page` that does.
// Writes what the page's thread did as one line of JSON, and the journal; `cargo xtask bench live` and `cargo xtask
// live` call it.

import * as command from "../../web/tests/e2e/command.mjs";
import { frames } from "../../web/tests/e2e/frames.mjs";
import { launch, says } from "../../web/tests/e2e/support.mjs";

const [count, journal, who] = process.argv.slice(2);
const reflector = await command.serve();
const run = [reflector.address, "-i", "1ms", "-c", count, "-q", "--overwrite", "--journal", journal];
let told = {};
try {
  if (who === "alone") {
    await command.udping(...run);
  } else {
    const lab = await command.live(...run, "--view");
    if (who === "page") {
      const browser = await launch();
      told = await frames(browser, lab.url, (page) => says(page.locator("#live b"), "Ended", Number(count)));
      await browser.close();
    } else {
      await lab.over;
      lab.signal("SIGINT");
    }
    await lab.ended;
  }
} finally {
  // Whoever reads what this writes waits until nobody can write there any more.
  await reflector.close();
}
console.log(JSON.stringify(told));
