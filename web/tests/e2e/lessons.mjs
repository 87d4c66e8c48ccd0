// The lessons as they are written, and their words in each language, for tests that walk them.
// Owns reading the files; knows nothing of the page.

import { readdirSync, readFileSync } from "node:fs";

const web = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, web), "utf8");

export const languages = ["en", "pt-BR"];

/** Every lesson, in order. */
export const lessons = readdirSync(new URL("lessons/", web))
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => JSON.parse(read(`lessons/${file}`)));

/** A text as it is seen: without markup, and with single spaces. */
export const plain = (text) =>
  text.replaceAll("`", "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/\s+/g, " ").trim();

/** One language's messages by name, as they are seen; `{ $name }` stands for itself. */
export function words(language) {
  const messages = new Map();
  for (const catalogue of [`locales/${language}.ftl`, `locales/learn.${language}.ftl`]) {
    let id;
    for (const line of read(catalogue).split("\n")) {
      const start = line.match(/^([a-z][\w-]*) =(.*)$/);
      if (start) {
        id = start[1];
        messages.set(id, start[2]);
      } else if (/^#/.test(line)) {
        id = undefined;
      } else if (id && !/^\s+\.[\w-]+ =/.test(line)) {
        messages.set(id, `${messages.get(id)} ${line}`);
      }
    }
  }
  return (id) => {
    const text = messages.get(id);
    if (text === undefined) throw new Error(`${language} has no message ${id}`);
    return plain(text);
  };
}

/** Whether what is seen says these words, with some value for each `{ $name }`. */
export function isSaid(seen, words) {
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(words.split(/\{ \$[\w-]+ \}/).map(literal).join("[^{}]+?")).test(seen);
}
