// A list of which many can be ticked: how many are, and ticking all of a group. Without it each row is ticked by hand.
(() => {
  const rows = (within) => [...within.querySelectorAll("tbody .pickcell [type=checkbox]")];
  const tell = () => {
    const queue = document.getElementById("queue");
    if (!queue) return;
    queue.querySelector("[data-count]").textContent = rows(queue).filter((box) => box.checked).length;
    for (const all of queue.querySelectorAll("[data-choose-all]")) {
      all.closest("label").hidden = false;
      const boxes = rows(all.closest("table"));
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-choose-all]")) for (const box of rows(target.closest("table"))) box.checked = target.checked;
    tell();
  });
  // A reset empties the boxes after its event.
  document.addEventListener("reset", () => setTimeout(tell));
  document.addEventListener("htmx:load", tell);
  tell();

  // A row that is dealt with is gone; the keyboard goes on with the one that took its place.
  let dealtWith = null;
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
    const row = elt.closest?.("#queue tbody tr");
    if (row) dealtWith = { group: row.parentNode.closest("[id]").id, place: [...row.parentNode.children].indexOf(row) };
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!dealtWith || document.activeElement !== document.body) return;
    const left = [...document.querySelectorAll(`#${dealtWith.group} tbody tr`)];
    const next = left[Math.min(dealtWith.place, left.length - 1)] ?? document.querySelector(`#${dealtWith.group} > summary`)?.parentNode;
    (next?.querySelector("th a, summary") ?? next?.querySelector(".pickcell input"))?.focus();
    dealtWith = null;
  });
})();
