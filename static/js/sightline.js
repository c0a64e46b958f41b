// Enhancement only: every page works without it.

const on = (type, act) => document.addEventListener(type, act);
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

// --- appearance -------------------------------------------------------------

const themes = document.querySelectorAll("[name=theme]");
for (const choice of themes) {
  choice.checked = choice.value === (document.documentElement.dataset.theme ?? "auto");
  choice.addEventListener("change", () => {
    if (choice.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice.value;
    try {
      localStorage.setItem("theme", choice.value);
    } catch {
      // The choice then lasts for this page.
    }
  });
}

// --- navigation -------------------------------------------------------------

// On a phone a row of pages is wider than the screen: the one we are on is in view.
for (const here of document.querySelectorAll("nav [aria-current]")) {
  const row = here.closest("ul");
  if (row && row.parentElement.scrollWidth > row.parentElement.clientWidth) {
    row.parentElement.scrollLeft = here.offsetLeft - (row.parentElement.clientWidth - here.offsetWidth) / 2;
  }
}

// --- dialogs ----------------------------------------------------------------

// Buttons that open or close a dialog, for browsers without invoker commands.
if (!("command" in HTMLButtonElement.prototype)) {
  on("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close(button.value);
  });
}

// A dialog that the server sends is meant to be seen; `dialog-done` is how it says that the question is answered.
on("htmx:load", ({ target }) => {
  if (target.matches?.("dialog[data-open]") && !target.open) target.showModal();
  for (const dialog of target.querySelectorAll?.("dialog[data-open]:not([open])") ?? []) dialog.showModal();
});
on("dialog-done", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});

// Focus goes back to where the question came from, also when the page below was drawn anew meanwhile.
const room = document.getElementById("dialog");
let opener = null;
on("htmx:beforeRequest", ({ detail: { target, elt } }) => {
  if (target === room && !room.contains(elt)) opener = elt;
});
document.addEventListener("close", ({ target }) => target.parentElement === room && room.replaceChildren(), true);
on("htmx:afterSettle", () => {
  if (!opener || opener.isConnected || room.firstElementChild || document.activeElement !== document.body) return;
  const address = opener.getAttribute("hx-get");
  opener = [...document.querySelectorAll("[hx-get]")].find((same) => same.getAttribute("hx-get") === address) ?? null;
  opener?.focus();
});

// --- copying ----------------------------------------------------------------

// Where the browser lets nobody copy (no HTTPS), the words are at least selected.
const offerCopying = (within) => {
  for (const button of within.querySelectorAll?.("[data-copy]") ?? []) button.hidden = false;
};
offerCopying(document);
on("htmx:load", ({ target }) => offerCopying(target));
on("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const words = document.getElementById(button.dataset.copy);
  words.select();
  try {
    await navigator.clipboard.writeText(words.value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Selected: copy it with your keyboard";
  }
});

// --- are you sure? ----------------------------------------------------------

const sure = document.getElementById("sure");
let settle = null;
// The answer is taken when it is given: `close` comes later, and could answer the next question instead.
const ask = (question, verb) => {
  settle?.(false);
  sure.querySelector("p").textContent = question;
  sure.querySelector(".main").textContent = verb || "Go on";
  sure.showModal();
  return new Promise((answer) => (settle = answer));
};
sure?.addEventListener("submit", (event) => settle?.(event.submitter?.value === "yes"));
sure?.addEventListener("cancel", () => settle?.(false));

on("htmx:confirm", (event) => {
  const { question, elt, issueRequest } = event.detail;
  if (!question) return;
  event.preventDefault();
  ask(question, elt.dataset.verb).then((yes) => yes && issueRequest(true));
});

const agreed = new WeakSet();
on("submit", (event) => {
  const form = event.target;
  const asked = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!asked.dataset.confirm || agreed.delete(form)) return;
  event.preventDefault();
  const verb = asked.dataset.verb ?? event.submitter?.textContent.trim();
  ask(asked.dataset.confirm, verb).then((yes) => {
    if (!yes) return;
    agreed.add(form);
    form.requestSubmit(event.submitter);
  });
});

// --- what just happened -----------------------------------------------------

const toasts = document.getElementById("toasts");
const dismissLater = (toast) => {
  // Good news may leave by itself, but not while somebody is at it; what went wrong stays until it is read.
  if (!toast.classList.contains("ok")) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2_000) : toast.remove());
  setTimeout(leave, 10_000);
};
const say = ({ text, level, undo }) => {
  const toast = copyOf("toast");
  if (level) toast.classList.add(level);
  if (level === "block") toast.setAttribute("role", "alert");
  toast.querySelector("use").setAttribute("href", { ok: "#i-ok", warn: "#i-warn", block: "#i-block" }[level] ?? "#i-hint");
  toast.querySelector("span").textContent = text;
  toasts.append(toast);
  // What can be taken back stays until the next message, so that nobody has to be quick.
  toasts.querySelectorAll(".undo").forEach((button) => button.closest(".note").remove());
  if (undo) offerUndo(toast, undo);
  else dismissLater(toast);
};
const offerUndo = (toast, address) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn tiny undo", textContent: "Undo" });
  button.setAttribute("hx-post", address);
  button.setAttribute("hx-swap", "none");
  button.addEventListener("htmx:afterRequest", () => toast.remove());
  toast.querySelector("[data-dismiss]").before(button);
  htmx.process(button);
};
toasts?.querySelectorAll(".note").forEach(dismissLater);
on("messages", (event) => event.detail.value?.forEach(say));
on("click", (event) => event.target.closest("[data-dismiss]")?.closest(".note").remove());

// --- htmx: what a region does when its request fails ------------------------

const isWholePage = (text) => /^\s*<(!doctype|html)/i.test(text);

on("htmx:beforeSwap", (event) => {
  const { xhr, target, elt, boosted } = event.detail;
  if (target === document.body || boosted || (target !== room && elt.closest("[hx-select]"))) return;
  if (!isWholePage(xhr.responseText)) {
    // A fragment is an answer, whatever its status: a form with its errors, a conflict with what changed.
    if (xhr.status >= 400 && xhr.responseText.trim()) Object.assign(event.detail, { shouldSwap: true, isError: false });
  } else if (xhr.status < 400) {
    // A whole page where a region was expected: signed out meanwhile, most often. Go there instead of nesting it.
    event.detail.shouldSwap = false;
    location.reload();
  }
});

const explain = ({ requestConfig, target, xhr }, otherwise) => {
  const page = isWholePage(xhr?.responseText ?? "") ? new DOMParser().parseFromString(xhr.responseText, "text/html") : null;
  const sentence = page?.querySelector("[data-sentence]")?.textContent.trim() || otherwise;
  // A question that could not even be asked has no region to say so in.
  if (target === room && !room.firstElementChild) return say({ text: sentence, level: "block" });
  const note = copyOf("trouble");
  note.querySelector("p").textContent = sentence;
  const again = note.querySelector("button");
  again.hidden = xhr?.status >= 400 && xhr.status < 500;
  again.addEventListener("click", () => {
    const { verb, path, elt, formData } = requestConfig;
    htmx.ajax(verb, path, { source: elt.isConnected ? elt : target, target, values: formData });
  });
  const region = target.isConnected && !target.matches("tr, tbody, table, ul, ol, select") ? target : document.getElementById("main");
  region.querySelector(":scope > .trouble")?.remove();
  region.prepend(note);
  note.scrollIntoView({ block: "nearest" });
};
on("htmx:responseError", ({ detail }) => explain(detail, "The server could not answer. Nothing was changed."));
on("htmx:sendError", ({ detail }) => explain(detail, "There is no connection to the server. What you typed is still here."));
on("htmx:timeout", ({ detail }) => explain(detail, "The server took too long to answer. Look before you repeat it: it may have been done."));
on("htmx:beforeRequest", ({ detail }) => detail.target.querySelector(":scope > .trouble")?.remove());

on("click", ({ target }) => target.closest("[data-print]") && print());

// --- kept for working offline -----------------------------------------------

// It belongs to whoever was signed in; where nobody is, nothing stays.
if (!document.getElementById("me") && "caches" in window) {
  caches.keys().then((names) => names.filter((name) => name.startsWith("coach-")).forEach((name) => caches.delete(name)));
}

// --- unsaved changes --------------------------------------------------------

const unsaved = new Set();
on("input", ({ target }) => target.form?.matches("[data-guard]") && unsaved.add(target.form));
on("submit", ({ target }) => unsaved.delete(target));
// Looking again at what was typed does not save it.
on("htmx:afterRequest", ({ detail }) => detail.successful && detail.requestConfig.verb !== "get" && unsaved.delete(detail.elt.closest("form")));
const isUnsaved = (place) => [...unsaved].some((form) => form.isConnected && place.contains(form));
const closeOrAsk = async (dialog) => {
  if (!isUnsaved(dialog) || (await ask("What you typed here is not saved yet.", "Leave without saving"))) dialog.close();
};
on("htmx:load", ({ target }) => target.querySelectorAll?.("form[data-typed]").forEach((form) => unsaved.add(form)));
on("click", ({ target }) => target.closest("[data-close]") && closeOrAsk(target.closest("dialog")));
document.addEventListener(
  "cancel",
  (event) => {
    if (!isUnsaved(event.target)) return;
    event.preventDefault();
    closeOrAsk(event.target);
  },
  true,
);
addEventListener("beforeunload", (event) => {
  if (isUnsaved(document)) event.preventDefault();
});
