/* Keeps the empty form for reporting without network, and nothing else: no page with anything in it. */
"use strict";
const CACHE = "avvik-{{ version }}", SHELL = {{ shell|tojson }}, PAGE = {{ page|tojson }};
const FILES = {{ files|tojson }};
const keep = async () => {
  const cache = await caches.open(CACHE), shell = await fetch(SHELL, { cache: "no-store" });
  if (!shell.ok || shell.redirected) throw new Error("not logged in");
  await cache.put(SHELL, shell);
  await cache.addAll(FILES);
};
addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))).then(() => clients.claim())));
addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (FILES.includes(address.pathname)) {
    event.respondWith(caches.match(address.pathname).then((kept) => kept || fetch(event.request)));
  } else if (event.request.mode === "navigate" && address.pathname === PAGE) {
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(SHELL)) || Response.error()));
  }
});
