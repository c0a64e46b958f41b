// Titles by keyboard: arrows go from row to row, the space bar ticks, and a letter begins the name of the job role.
(() => {
  const boxes = () => [...document.querySelectorAll("#queue tbody .pickcell [type=checkbox]")];
  const role = () => document.querySelector("#queue [name=role]");
  let place = 0;

  const go = (from, steps, ticks) => {
    const to = boxes()[boxes().indexOf(from) + steps];
    if (!to) return;
    if (ticks) for (const box of [from, to]) box.checked = true;
    to.focus();
    to.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const beginRole = (box) => {
    if (!boxes().some((other) => other.checked)) box.click();
    role()?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const { target, key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    if (target.matches?.("#queue .pickcell [type=checkbox]")) {
      const steps = { ArrowDown: 1, ArrowUp: -1 }[key];
      if (steps) {
        event.preventDefault();
        go(target, steps, shiftKey);
      } else if (/^[\p{L}\p{N}]$/u.test(key)) beginRole(target);
    } else if (key === "Escape" && target === role()) boxes()[place]?.focus();
  });
  document.addEventListener("focusin", ({ target }) => {
    const index = boxes().indexOf(target);
    if (index >= 0) place = index;
  });

  // The chosen rows are gone; the keyboard goes on with the one that took their place.
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
    if (!elt.matches?.("#queue, #queue .deck *")) return;
    const first = boxes().findIndex((box) => box.checked);
    if (first >= 0) place = first;
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id !== "titles" || document.activeElement !== document.body) return;
    const left = boxes();
    left[Math.min(place, left.length - 1)]?.focus();
  });
})();
