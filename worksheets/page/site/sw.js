// Keeps the page's files in the browser, so that it opens without a connection.
const VERSION = "@VERSION"; // a hash of all files, so that another page has another cache
const PYTHON = "python"; // the cache of its started memory: of no file
const FILES = ["@FILES"]; // what every visit needs; the rest is kept once it was asked for

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

// At the first visit nothing is fetched for it: Python starts once all its requests come by here, and
// what is left is kept then. Another version of the page takes over with all that it needs.
worker.addEventListener("install", (event) => {
  if (worker.registration.active) event.waitUntil(renewed(FILES).then(seen));
});

worker.addEventListener("activate", (event) => {
  const others = async () => {
    await seen(); // what was shown since then
    for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(others());
});

worker.addEventListener("message", (event) => {
  event.waitUntil(complete().then(() => event.source?.postMessage("kept")));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(event));
});

/** @param {FetchEvent} event */
async function answer(event) {
  const cache = await caches.open(VERSION);
  const known = await cache.match(event.request, { ignoreSearch: true });
  if (known) return known;
  const found = await fetch(event.request);
  if (found.ok) event.waitUntil(cache.put(event.request, found.clone()));
  return found;
}

/** Keep what no request has brought. */
async function complete() {
  const cache = await caches.open(VERSION);
  for (const name of FILES) if (!(await cache.match(name))) await cache.add(name);
}

/** Keep files of this version, whatever the browser has of another one.
 * @param {string[]} names */
async function renewed(names) {
  const cache = await caches.open(VERSION);
  await cache.addAll(names.map((name) => new Request(name, { cache: "no-cache" })));
}

/** Keep what was asked for in another version, as this one has it. */
async function seen() {
  const cache = await caches.open(VERSION);
  for (const name of await caches.keys()) {
    if (name === PYTHON) continue;
    for (const { url } of await (await caches.open(name)).keys()) {
      if (!(await cache.match(url))) await renewed([url]).catch(() => {}); // it is gone, or nobody answers
    }
  }
}
