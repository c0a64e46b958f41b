// Keeps the last steps somebody opened, so that they open without a connection. Nothing else is kept: no other page, no
// answer to a form, nobody else's. Whoever opens a page as another person, or is led to the door, empties it.

const KEPT = "coach-pages";
const FILES = "coach-files";
const MOST = 8;
const isStep = (url) => /^\/support\/steps\/[0-9a-f-]{36}\/$/.test(url.pathname);

const forget = async () => {
  for (const name of [KEPT, FILES]) await caches.delete(name);
};

const keep = async (request, answer) => {
  const reader = answer.headers.get("Coach-Reader");
  if (!reader) return;
  const kept = await caches.open(KEPT);
  const pages = await kept.keys();
  const before = pages.length && (await kept.match(pages[0]));
  if (before && before.headers.get("Coach-Reader") !== reader) await forget();
  const mine = await caches.open(KEPT);
  // Put anew, it is the youngest.
  await mine.delete(request.url);
  await mine.put(request.url, answer);
  for (const old of (await mine.keys()).slice(0, -MOST)) await mine.delete(old);
};

const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const nothingKept = async () => {
  const kept = await caches.open(KEPT);
  const lines = await Promise.all(
    (await kept.keys()).map(async ({ url }) => {
      const title = /<title>([^<]*) · /.exec(await (await kept.match(url)).text())?.[1] ?? "A step";
      return `<li><a href="${escaped(new URL(url).pathname)}">${title}</a></li>`;
    }),
  );
  const words = lines.length ? "<p>These steps are kept on this device:</p>" : "<p>No step is kept on this device yet.</p>";
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>No connection</title></head>
<body><main><h1>There is no connection</h1>${words}<ul>${lines.reverse().join("")}</ul></main></body></html>`;
  return new Response(page, {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'" },
  });
};

const page = async (event) => {
  const { request } = event;
  const url = new URL(request.url);
  try {
    const answer = await fetch(request);
    // Navigations are redirected by the browser, so a way to the door is seen as such.
    if (answer.type === "opaqueredirect" || answer.status === 401) event.waitUntil(forget());
    else if (answer.ok && isStep(url)) event.waitUntil(keep(request, answer.clone()));
    return answer;
  } catch {
    const kept = isStep(url) && (await (await caches.open(KEPT)).match(url.origin + url.pathname));
    return kept || nothingKept();
  }
};

const file = async (event) => {
  const files = await caches.open(FILES);
  try {
    const answer = await fetch(event.request);
    // What people uploaded stays behind its door, so a device without a connection shows what the picture says.
    const mayKeep = !/no-store/.test(answer.headers.get("Cache-Control") ?? "");
    if (answer.ok && mayKeep) event.waitUntil(files.put(event.request, answer.clone()));
    return answer;
  } catch {
    return (await files.match(event.request)) ?? Response.error();
  }
};

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (["script", "style", "image", "font"].includes(request.destination)) event.respondWith(file(event));
});
// The page that brought us here was fetched before we were listening.
addEventListener("message", (event) => {
  if (event.data !== "keep") return;
  const { url } = event.source;
  event.waitUntil(
    // From what the browser has just been sent: asked for again, it would count as seen twice.
    fetch(url, { credentials: "same-origin", cache: "force-cache" }).then((answer) => {
      if (answer.ok && !answer.redirected && isStep(new URL(url))) return keep({ url }, answer);
    }),
  );
});
