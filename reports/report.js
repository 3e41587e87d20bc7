// Lets a reader point at a chart: mouse, touch or arrow keys show a day's row of the table under it.
// Folds the long parts of a page on a phone or tablet, and opens them for the printer.
// Without this script nothing is lost but the pointing and the folding.
"use strict";

const hint = "Point at a day, or use the arrow keys";

const folds = document.querySelectorAll("details.more");
if (matchMedia("(max-width: 66rem)").matches) folds.forEach((fold) => { fold.open = false; });
addEventListener("beforeprint", () => folds.forEach((fold) => { fold.open = true; }));

document.querySelectorAll("article").forEach((article) => {
  article.querySelectorAll("figure.chart").forEach((figure, position) => {
    const table = document.getElementById(figure.dataset.table);
    if (table && table.tBodies[0].rows.length) makeReadable(figure, table, position === 0 ? hint : "");
  });
});

function makeReadable(figure, table, idle) {
  const length = Number(figure.dataset.length);
  const columns = figure.dataset.columns.split(" ").map(Number);
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const rows = [...table.tBodies[0].rows];
  const indexes = rows.map((row) => Number(row.dataset.index));

  const readout = element("p", "readout");
  const pointer = element("div", "pointer");
  const cursor = element("div", "cursor");
  const plot = figure.querySelector(".plot");
  readout.textContent = idle;
  cursor.hidden = true;
  pointer.append(cursor);
  plot.append(pointer);
  plot.before(readout);
  let shown = rows.length - 1;

  pointer.tabIndex = 0;
  pointer.setAttribute("role", "slider");
  pointer.setAttribute("aria-label", figure.querySelector("title").textContent);
  pointer.setAttribute("aria-valuemin", "0");
  pointer.setAttribute("aria-valuemax", String(rows.length - 1));
  describe();

  pointer.addEventListener("pointermove", (event) => show(nearest(event)));
  pointer.addEventListener("pointerdown", (event) => show(nearest(event)));
  pointer.addEventListener("pointerleave", () => pointer.matches(":focus") || hide());
  pointer.addEventListener("focus", () => show(shown));
  pointer.addEventListener("blur", hide);
  pointer.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: -30, PageDown: 30, Home: -rows.length, End: rows.length };
    if (!(event.key in moves)) return;
    event.preventDefault();
    show(Math.min(Math.max(shown + moves[event.key], 0), rows.length - 1));
  });

  function nearest(event) {
    const box = pointer.getBoundingClientRect();
    const day = Math.floor(((event.clientX - box.left) / box.width) * length);
    let best = 0;
    indexes.forEach((index, row) => {
      if (Math.abs(index - day) < Math.abs(indexes[best] - day)) best = row;
    });
    return best;
  }

  function show(row) {
    shown = row;
    cursor.hidden = false;
    cursor.style.left = `${((indexes[row] + 0.5) / length) * 100}%`;
    readout.textContent = describe();
  }

  function hide() {
    cursor.hidden = true;
    readout.textContent = idle;
  }

  function describe() {
    const cells = rows[shown].cells;
    const values = columns.filter((column) => cells[column].textContent).map((column) => `${names[column]} ${cells[column].textContent}`);
    const words = `${cells[0].textContent}: ${values.join(" · ")}`;
    pointer.setAttribute("aria-valuenow", String(shown));
    pointer.setAttribute("aria-valuetext", words);
    return words;
  }
}

function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
