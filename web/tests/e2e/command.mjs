// The `udping` command, for tests that hold the page against it.
// Owns building and running it; knows nothing of the page.

import { execFile, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const program = process.env.UDPING ?? join(root, "target/debug/udping");
// Whoever runs the tests may speak any language; what is expected is English.
const env = { ...process.env, LC_ALL: "C.UTF-8" };

/** Builds the command, with the built page in it, unless there is one to be used. */
export function build() {
  if (process.env.UDPING) return;
  execFileSync("cargo", ["build", "--quiet", "--locked", "--package", "udping", "--features", "lab"], { cwd: root, stdio: "inherit" });
}

/** Runs the command to its end; its exit code is not judged. */
export async function udping(...args) {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, maxBuffer: 1 << 28 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== "number") throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

/** A reflector on a free loopback port. */
export async function serve(...args) {
  const child = spawn(program, ["serve", "--bind", "127.0.0.1:0", ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const first = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`udping serve ended (${code}) before it said where it listens`)));
  });
  return {
    address: first.match(/127\.0\.0\.1:\d+/)[0],
    close: () => new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGTERM");
    }),
  };
}

/** A lab on a run that is still measured: of `udping HOST --view`, or of `udping view --follow`. */
export async function live(...args) {
  const child = spawn(program, [...args, "--no-open"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  let isOver;
  const over = new Promise((resolve) => {
    isOver = resolve;
  });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        said += `${line}\n`;
        if (line.startsWith("the run is over")) isOver();
        const found = line.match(/the lab is at (\S+)/);
        if (found) resolve(found[1]);
      });
    }
    ended.then((code) => reject(new Error(`udping ended (${code}) before it said where the lab is:\n${said}`)));
  });
  return {
    url,
    /** The run has ended; the lab has not. */
    over,
    ended,
    signal: (name) => child.kill(name),
    close: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
