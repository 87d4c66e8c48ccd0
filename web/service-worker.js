// The page without a network: the browser keeps its files, all of one version, and asks nobody for them again.
// Owns which files those are and when a newer version takes over; web/offline.mjs writes the list when the page is built.
// Nothing but the page's own files goes through it: a journal of the same site comes from the site.

const files = new Map([/* files */]);
const version = "/* version */";

const scope = self.registration.scope;
const family = `udping-lab ${scope} `;
const name = family + version;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

// A version takes over when no page of the one before is open, or only the one that has just begun and asks for it.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") event.waitUntil(takeOver(event.source.id));
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const [address] = url.split(/[?#]/);
  const path = address.startsWith(scope) ? address.slice(scope.length) : undefined;
  const file = path === "" || path === "index.html" ? "./" : path;
  if (method === "GET" && files.has(file)) event.respondWith(find(file, event.request));
});

/** Keeps every file; none, if one is not of this version. */
async function keep() {
  const cache = await caches.open(name);
  await Promise.all(
    [...files].map(async ([file, integrity]) => {
      const response = await fetch(file, { cache: "no-cache", integrity });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(file, response);
    }),
  );
}

/** A page that is being closed is still listed for a moment. */
async function takeOver(asking) {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const others = pages.filter((page) => page.url.startsWith(scope) && page.id !== asking);
    if (others.length === 0 && pages.some((page) => page.id === asking)) return self.skipWaiting();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((other) => other.startsWith(family) && other !== name).map((other) => caches.delete(other)));
}

async function find(file, request) {
  const cache = await caches.open(name);
  return (await cache.match(file)) ?? fetch(request);
}
