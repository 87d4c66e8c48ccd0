// Journals from people who mean harm, or from broken disks: each gets a sentence or is shown as
// the words it holds, and the page goes on working.

import assert from "node:assert/strict";
import { open, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";

import * as command from "./command.mjs";
import { begin, files, lab, room } from "./support.mjs";

let plain;

begin(async () => {
  command.build();
  const path = files.file("plain.jsonl");
  const ended = await command.udping("simulate", "-c", "6", "--loss", "30%", "--seed", "4", "--journal", path);
  assert.ok(ended.code < 2, ended.stderr);
  plain = (await readFile(path, "utf8")).trim().split("\n");
  assert.ok(plain.length > 10);
});

async function replay(t) {
  const page = await lab(t);
  await room(page, "replay");
  return page;
}

async function write(name, text) {
  const path = files.file(name);
  await writeFile(path, text);
  return path;
}

async function refused(page, path) {
  await page.locator("#file").setInputFiles(path);
  const error = page.locator("#journal-error");
  await error.waitFor();
  const said = await error.innerText();
  // The page goes on: another file can be opened.
  await page.locator("#file").setInputFiles(await write("good.jsonl", plain.join("\n")));
  await page.locator("#verdict").getByText(/Verified/).waitFor();
  await error.waitFor({ state: "hidden" });
  return said;
}

test("a line of 200 MB is refused with its number, and before it is read to its end", async (t) => {
  const path = files.file("long.jsonl");
  const file = await open(path, "w");
  await file.write(`${plain[0]}\n`);
  const piece = Buffer.alloc(1 << 20, "a");
  await file.write('{"sent":"');
  for (let megabyte = 0; megabyte < 200; megabyte += 1) await file.write(piece);
  await file.write('"}\n');
  await file.close();
  const page = await replay(t);
  assert.match(await refused(page, path), /line 2.*(long|longer)/is);
});

for (const [name, line] of [
  ["NaN", '{"sent":1,"at_ns":NaN,"due_ns":0}'],
  ["Infinity", '{"sent":1,"at_ns":1e999,"due_ns":0}'],
  ["a number beyond 2^53", '{"sent":1,"at_ns":9007199254740993,"due_ns":0}'],
  ["a negative time", '{"sent":1,"at_ns":-1,"due_ns":0}'],
  ["10,000 brackets", `{"sent":${"[".repeat(10_000)}`],
  ["two records in one", '{"sent":1,"lost":1,"at_ns":0,"due_ns":0,"deadline_ns":1}'],
]) {
  test(`a line with ${name} is left out, and that is said with its place`, async (t) => {
    const page = await replay(t);
    const path = await write("bad.jsonl", [plain[0], line, ...plain.slice(1)].join("\n"));
    await page.locator("#file").setInputFiles(path);
    await page.locator("#verdict").getByText(/^Not all of it can be verified/).waitFor();
    await page.locator("#verdict").getByText(/^Line 2 is no record/).waitFor();
    assert.match(await refused(page, await write("only.jsonl", `${plain[0]}\n${line}\n`)), /line 2/);
  });
}

test("a table larger than any machine's is refused", async (t) => {
  const page = await replay(t);
  const header = { ...JSON.parse(plain[0]), table_entries: 2 ** 53 };
  const path = await write("slots.jsonl", [JSON.stringify(header), ...plain.slice(1)].join("\n"));
  assert.match(await refused(page, path), /entries/);
});

test("markup in every string of a journal stays words", async (t) => {
  const evil = '"><img src=x onerror="document.title=1"><script>document.title=2</script>';
  const page = await replay(t);
  const header = JSON.parse(plain[0]);
  delete header.scenario;
  Object.assign(header, { kind: "ping", tool: evil, host: evil, address: evil, clock: evil, wall_start: evil, [evil]: evil });
  const lines = [
    header,
    { sent: 1, at_ns: 0, due_ns: 0 },
    { unsent: 1, at_ns: 5, error: evil, [evil]: evil },
    { sent: 2, at_ns: 10, due_ns: 10 },
    { unreachable: 2, at_ns: 20, error: evil, refused: 2, after_ns: 10 },
    { [evil]: evil, at_ns: 30 },
  ];
  const name = "<b>name<img src=x onerror=alert(1)>.jsonl".replaceAll("/", "");
  const path = await write(name, lines.map((line) => JSON.stringify(line)).join("\n"));
  await page.locator("#file").setInputFiles(path);
  await page.locator("#verdict").waitFor({ state: "visible" });
  await page.locator("#facts summary").click();
  await page.locator("#journal-facts").getByText("<script>").first().waitFor();
  await page.locator('[data-action="view"][data-value="events"]').click();
  await page.locator("#rows [role=row]:visible").first().waitFor();
  for (const row of await page.locator("#rows [role=row]:visible").all()) await row.click();
  await page.locator('[data-action="view"][data-value="figures"]').click();
  await page.locator("#view-figures").waitFor();
  assert.equal(await page.locator("img, body script:not([type=module]), #lab b img").count(), 0);
  assert.doesNotMatch(await page.title(), /^[12]$/);

  // A bad file's own words come back in the sentence about it.
  const bad = await write(name, `${JSON.stringify(header)}\n{"ignored":${JSON.stringify(evil)},"reply":1,"at_ns":1}\n`);
  await page.locator("#file").setInputFiles(bad);
  await page.locator("#journal-error").waitFor();
  assert.equal(await page.locator("#journal-error *").count(), 0);
});
