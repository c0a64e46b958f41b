// The queue of flags: how many are ticked, and ticking all of a group. Without it each row is ticked by hand.
(() => {
  const rows = (within) => [...within.querySelectorAll("tbody [name=flag]")];
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
})();
