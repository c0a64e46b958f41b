// The map: dragging a skill onto a step asks the same question as “Place…”. Everything else is the server's.

let held = null;
const cellUnder = (event) => event.target.closest?.("[data-step]");
const leave = () => document.querySelector("[data-step].over")?.classList.remove("over");

document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-drag]");
  if (!held) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.innerText.trim());
  held.classList.add("held");
});
document.addEventListener("dragend", () => {
  held?.classList.remove("held");
  held = null;
  leave();
});
document.addEventListener("dragover", (event) => {
  const cell = held && cellUnder(event);
  if (!cell?.classList.contains("over")) leave();
  if (!cell) return;
  event.preventDefault();
  cell.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const cell = held && cellUnder(event);
  if (!cell) return;
  event.preventDefault();
  const workflow = document.getElementById("map").dataset.workflow;
  const address = `${held.dataset.drag}?workflow=${workflow}&step=${cell.dataset.step}`;
  htmx.ajax("GET", address, { source: held, target: "#dialog", swap: "innerHTML" });
});

// What is chosen comes into view, wherever it was chosen.
const showChosen = () => {
  const stage = document.getElementById("stage");
  const chosen = stage?.querySelector("[aria-current]")?.closest("[data-step]");
  if (!chosen || stage.scrollWidth <= stage.clientWidth + 1) return;
  const box = chosen.getBoundingClientRect();
  const frame = stage.getBoundingClientRect();
  if (box.left < frame.left || box.right > frame.right) stage.scrollBy({ left: box.left - frame.left - 200 });
  if (box.top < frame.top || box.top > frame.bottom - 80) stage.scrollBy({ top: box.top - frame.top - 80 });
};
showChosen();
document.addEventListener("htmx:afterSettle", ({ detail }) => detail.target?.id === "sight" && showChosen());

document.addEventListener("click", (event) => {
  const refresh = event.target.closest("[data-refresh]");
  if (refresh) {
    event.preventDefault();
    document.body.dispatchEvent(new Event("work-changed"));
  }
});
