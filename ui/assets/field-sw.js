// Answers the pages of the field when there is no line, with what they said last. It sees nothing but those pages. It
// forgets all of them as soon as the server says that nobody is signed in here, and each of them after two days: tasks
// hold what reporters said. Keep LASTS and CAME in step with field.js.
"use strict";
const KEPT = "lianglin-field";
const PAGES = ["/field", "/field/dwellings", "/field/patrol", "/field/tasks.json"];
const PATIENCE = 6000;
const LASTS = 2 * 24 * 3_600_000;
const CAME = "x-came";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Keeps an answer. Where the phone has no room left, the page is shown all the same. */
const keep = (path, answer) => caches.open(KEPT).then((cache) => cache.put(path, answer)).catch(() => {});

/** From the server, and kept; a request that leads elsewhere or is refused means that the phone is nobody's now. */
async function fresh(request, path) {
  const answer = await fetch(request);
  if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 403) await caches.delete(KEPT);
  else if (answer.ok) await keep(path, await stamped(answer.clone()));
  return answer;
}

/** The same answer with the moment at which it came, by the clock of the phone. */
async function stamped(answer) {
  const headers = new Headers(answer.headers);
  headers.set(CAME, new Date().toUTCString());
  return new Response(await answer.blob(), { status: answer.status, headers });
}

/** What is kept of a page. What came too long ago is forgotten, and what seems to come later, by a clock set right. */
async function remembered(path) {
  const kept = await caches.match(path, { cacheName: KEPT }).catch(() => undefined);
  const came = Date.parse(kept?.headers.get(CAME) ?? "");
  if (!kept || Math.abs(Date.now() - came) < LASTS) return kept;
  await (await caches.open(KEPT)).delete(path);
  return undefined;
}

/** From the server; as it was kept where the server does not answer in time, or something in front of it does. */
async function page(request, path) {
  const asked = fresh(request, path);
  const kept = await remembered(path);
  if (!kept) return asked;
  const late = new Promise((done) => setTimeout(() => done(kept), PATIENCE));
  return Promise.race([asked.then((answer) => (answer.status > 501 ? kept : answer), () => kept), late]);
}

/** A file whose name holds the hash of its content never changes. Under the hash of another build comes what does. */
async function file(request, path) {
  const kept = await caches.match(path, { cacheName: KEPT }).catch(() => undefined);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && lasts(answer)) await keep(path, answer.clone());
  return answer;
}
const lasts = (answer) => (answer.headers.get("cache-control") ?? "").includes("immutable");

self.addEventListener("fetch", (event) => {
  const { pathname, search, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(file(event.request, pathname));
  else if (PAGES.includes(pathname) && search === "") event.respondWith(page(event.request, pathname));
  event.waitUntil(Promise.all(PAGES.map(remembered)));
});
