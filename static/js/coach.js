// At the step: what is ticked stays ticked for today, on this device; and the page still opens without a connection.
(() => {
  const step = document.querySelector("[data-step]")?.dataset.step;
  const lines = [...document.querySelectorAll("[data-line]")];
  const prefix = "done:";
  const today = new Date().toLocaleDateString("sv");
  const version = document.querySelector("[data-version]")?.dataset.version;
  const key = `${prefix}${today}:${step}:${version}`;

  const stored = (act) => {
    try {
      return act(localStorage);
    } catch {
      // Storage may be closed to us; ticks then last for this page.
      return null;
    }
  };
  stored((kept) => {
    for (const old of Object.keys(kept)) if (old.startsWith(prefix) && !old.startsWith(prefix + today)) kept.removeItem(old);
  });
  const done = new Set(JSON.parse(stored((kept) => kept.getItem(key)) ?? "[]"));
  for (const line of lines) {
    line.checked = done.has(line.dataset.line);
    line.addEventListener("change", () => {
      if (line.checked) done.add(line.dataset.line);
      else done.delete(line.dataset.line);
      stored((kept) => kept.setItem(key, JSON.stringify([...done])));
    });
  }

  const worker = document.querySelector("[data-worker]")?.dataset.worker;
  if (worker && "serviceWorker" in navigator) keepForLater(worker);
  // The first time the worker comes after the page: its files are read once more, through it.
  async function keepForLater(address) {
    const isFirst = !navigator.serviceWorker.controller;
    try {
      await navigator.serviceWorker.register(address, { scope: "/support/" });
      const { active } = await navigator.serviceWorker.ready;
      if (!isFirst) return;
      active.postMessage("keep");
      if (!navigator.serviceWorker.controller) await new Promise((here) => navigator.serviceWorker.addEventListener("controllerchange", here, { once: true }));
      for (const part of document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")) {
        const link = document.createElement("link");
        Object.assign(link, { rel: "preload", as: part.matches("script") ? "script" : part.rel === "icon" ? "image" : "style", href: part.src ?? part.href });
        document.head.append(link);
      }
    } catch {
      // Without a worker, as in a private window or without HTTPS, the page works with a connection only.
    }
  }

  const note = document.getElementById("offline");
  const tell = () => {
    if (note) note.hidden = navigator.onLine;
  };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
  // A network that leads nowhere counts as one to the browser; only a page that the worker served need ask.
  if (note && navigator.serviceWorker?.controller) fetch("/health/", { method: "HEAD" }).catch(() => (note.hidden = false));
})();
