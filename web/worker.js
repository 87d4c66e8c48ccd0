// Starts the program in a worker, where it reads journals and decides what-ifs without holding up the page.
import init from "./udping-web.js";

await init({ module_or_path: new URL("./udping-web_bg.wasm", import.meta.url) });
