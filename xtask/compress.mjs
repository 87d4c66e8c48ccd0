// Makes a built page smaller. The names by which the program calls the browser end in sixteen random
// digits, which no compression can help, both where they are called and where they are defined: they
// are numbered instead. Then a compressed copy goes beside every file: NAME.br and NAME.gz. Node has
// both formats built in, and is here anyway, for wasm-opt.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2];
const [script, program] = ["udping-web.js", "udping-web_bg.wasm"].map((name) => join(folder, name));
const numbers = new Map();
// Of one length, so that nothing moves; and one character a byte, so that nothing else changes.
const numbered = (path) => readFileSync(path, "latin1").replace(/(__wbg_\w+?_)([0-9a-f]{16})/g, (name, start) => {
  if (!numbers.has(name)) numbers.set(name, `${start}${String(numbers.size).padStart(16, "0")}`);
  return numbers.get(name);
});
for (const path of [script, program]) writeFileSync(path, numbered(path), "latin1");

// What only people read who read the sources.
const comments = [[/\.js$/, /^ *\/\*\*[\s\S]*?\*\/\n/gm], [/\.ftl$/, /^#.*\n/gm], [/\.html$/, /^<!-- .*-->\n/gm], [/\.css$/, /^\/\*.*\*\/\n/gm]];
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
for (const entry of files) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  for (const [name, comment] of comments) {
    if (name.test(path)) writeFileSync(path, readFileSync(path, "utf8").replace(comment, ""));
  }
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
