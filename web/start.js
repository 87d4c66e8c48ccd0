// Starts the program, in the page and in its workers. A file of its own because the content security policy allows
// no inline script.
import init from "./udping-web.js";

if (globalThis.document && navigator.serviceWorker && !servedByCommand() && !packaged()) workOffline();
await init({ module_or_path: new URL("./udping-web_bg.wasm", import.meta.url) });

/** Whether `udping view` serves the page: at another port each time, so that what is kept there is never found again. */
function servedByCommand() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.serverTiming?.some(({ name }) => name === "udping-view");
}

/** Whether the page is a lesson's package in an LMS, which keeps the files. */
function packaged() {
  return document.querySelector('meta[name="scorm-lesson"]') !== null;
}

/** Has the browser keep the page's files. A newer version that has been waiting takes over now, when nothing is lost. */
async function workOffline() {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) serviceWorker.addEventListener("controllerchange", () => location.reload());
  try {
    const registration = await serviceWorker.register("./service-worker.js");
    registration.waiting?.postMessage("take-over");
  } catch {
    // A browser that keeps nothing, as in some private windows: the page needs the network then.
  }
}
