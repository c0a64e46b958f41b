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

const offerPrinting = (within) => {
  for (const button of within.querySelectorAll?.("[data-print]") ?? []) button.hidden = false;
};
offerPrinting(document);
document.addEventListener("htmx:load", ({ target }) => offerPrinting(target));

// A sheet of paper is so many columns wide: a table of more is told there in several, each with its people and headers.
const ACROSS = 14;
const part = (table, from, until, of) => {
  const copy = table.cloneNode(true);
  copy.classList.add("on-paper");
  copy.removeAttribute("data-grid");
  for (const row of copy.rows) {
    const [first, ...cells] = row.cells;
    if (!cells.length) first.colSpan = until - from + 1;
    for (const [place, cell] of cells.entries()) if (place < from || place >= until) cell.remove();
  }
  const said = `Columns ${from + 1} to ${until} of ${of}`;
  if (from) copy.caption.textContent = said;
  else copy.caption.append(said);
  return copy;
};
addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll(".heat[data-grid]")) {
    const columns = table.tHead.rows[0].cells.length - 1;
    const parts = Math.ceil(columns / ACROSS);
    if (parts < 2) continue;
    const each = Math.ceil(columns / parts);
    const starts = Array.from({ length: parts }, (_, at) => at * each).filter((from) => from < columns);
    table.after(...starts.map((from) => part(table, from, Math.min(from + each, columns), columns)));
    table.classList.add("on-screen");
  }
});
addEventListener("afterprint", () => {
  for (const copy of document.querySelectorAll(".heat.on-paper")) copy.remove();
  for (const table of document.querySelectorAll(".heat.on-screen")) table.classList.remove("on-screen");
});
