// Writes into the service worker what the page consists of, and its version: the hash of all of it. Trunk runs this when
// the page is built and before it is in its place. Before that it puts the tab's icon into the page.

import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const folder = process.env.TRUNK_STAGING_DIR;
const worker = join(folder, "service-worker.js");

// For a tab's icon browsers ask the network, and never the service worker: it would be missing without one.
const page = join(folder, "index.html");
const icon = `data:image/svg+xml,${encodeURIComponent(await readFile(join(folder, "icon.svg"), "utf8"))}`;
await writeFile(page, (await readFile(page, "utf8")).replace('href="icon.svg"', () => `href="${icon}"`));

const sha = (bytes) => createHash("sha256").update(bytes).digest("base64");
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const files = [];
for (const path of paths.sort()) {
  if (path === worker) continue;
  const name = relative(folder, path).split(sep).join("/");
  // Hosts give the page under its folder's name; some know no other.
  files.push([name === "index.html" ? "./" : name, `sha256-${sha(await readFile(path))}`]);
}

const text = await readFile(worker, "utf8");
const version = sha(JSON.stringify(files)).replace(/[^0-9A-Za-z]/g, "").slice(0, 16);
const list = files.map((file) => JSON.stringify(file)).join(",\n  ");
await writeFile(worker, text.replace("[/* files */]", () => `[\n  ${list},\n]`).replace("/* version */", version));
