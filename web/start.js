// Starts the program, in the page and in its workers. A file of its own because the content security policy allows
// no inline script.
import init from "./udping-web.js";

await init({ module_or_path: new URL("./udping-web_bg.wasm", import.meta.url) });
