// The end of every lesson: its commands, run as they stand there, write a journal that its button opens.
// (That they show what the lesson says they do is native/tests/lessons.rs's to see.)

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";

import * as command from "./command.mjs";
import { lessons } from "./lessons.mjs";
import { begin, files, learn } from "./support.mjs";

begin(command.build);

// They mostly wait for their packets.
describe("a lesson's commands", { concurrency: lessons.length }, () => {
  for (const { id, commands } of lessons) {
    test(`${id}: the journal that they write is opened by its button`, async (t) => {
      const [serving, ...others] = commands.map((line) => line.split(" ").slice(1));
      const name = commands.join(" ").match(/\S+\.jsonl/)[0];
      // Only the port differs, and where the journal goes.
      const own = (word) => (word === name ? files.file(name) : word);
      const bound = serving.indexOf("--bind");
      if (bound >= 0) serving.splice(bound, 2);
      const reflector = await command.serve(...serving.slice(1).map(own));
      // A path of its own takes permissions, and writes no journal: native/tests/lessons.rs tries it.
      for (const words of others.filter(([name]) => name !== "path")) {
        const host = words.findIndex((word) => word.startsWith("127.0.0.1"));
        if (host >= 0) words[host] = reflector.address;
        const ended = await command.udping(...words.map(own));
        assert.ok(ended.code < 2, ended.stderr);
      }
      await reflector.close();

      const page = await learn(t, `=${id}.end`);
      const chooser = page.waitForEvent("filechooser");
      await page.locator("#learn-room [data-action=pick]").click();
      await (await chooser).setFiles(join(files.path, name));
      await page.locator("#verdict").getByText(/^Verified/).waitFor();
    });
  }
});
