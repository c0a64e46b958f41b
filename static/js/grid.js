// Tables that one walks through by arrow keys; in those with `data-grid="digits"` a digit fills a cell and moves on.

const cellsOf = (row) => [...row.cells].map((cell) => cell.querySelector("a, input"));
const near = (from, down, right) => {
  const rows = [...from.closest("table").querySelectorAll("tr")].filter((row) => row.querySelector("td"));
  const at = rows.indexOf(from.closest("tr"));
  const column = from.closest("td, th").cellIndex;
  // Beyond a cell that asks nothing lies the next one that does.
  for (let row = at + down, place = column + right; rows[row]?.cells[place]; row += down, place += right) {
    const found = cellsOf(rows[row])[place];
    if (found) return found;
  }
  return null;
};
const MOVES = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

document.addEventListener("keydown", (event) => {
  const from = event.target.closest?.("[data-grid] :is(td, th) :is(a, input)");
  if (!from || event.ctrlKey || event.metaKey || event.altKey) return;
  const digits = from.closest("[data-grid=digits]");
  const move = MOVES[event.key] ?? (digits && event.key === "Enter" && !event.shiftKey ? MOVES.ArrowDown : null);
  if (move) {
    const next = near(from, ...move);
    event.preventDefault();
    next?.focus();
    next?.select?.();
  } else if (digits && /^[0-4]$/.test(event.key)) {
    event.preventDefault();
    from.value = event.key;
    from.dispatchEvent(new Event("input", { bubbles: true }));
    const next = near(from, 1, 0);
    next?.focus();
    next?.select?.();
  } else if (digits && event.key.length === 1) event.preventDefault();
});

document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());
const offerPrinting = (within) => {
  for (const button of within.querySelectorAll?.("[data-print]") ?? []) button.hidden = false;
};
offerPrinting(document);
document.addEventListener("htmx:load", ({ target }) => offerPrinting(target));
