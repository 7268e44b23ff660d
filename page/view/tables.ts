// Tables on a phone: one that is wider than its place has each row as a few lines, with the column's name before each
// value.

/** As media.css has it. */
const phone = "(max-width: 40rem)";

/** Sets every table below `root` for the width that there is, now and when that changes. */
export function fitTables(root: ParentNode): void {
  const narrow = matchMedia(phone);
  const all = [...root.querySelectorAll<HTMLTableElement>(".wide table")];
  const fit = (): void => all.forEach((table) => fitTable(table, narrow.matches));
  fit();
  narrow.addEventListener("change", fit);
}

function fitTable(table: HTMLTableElement, narrow: boolean): void {
  const place = table.closest(".wide")!;
  table.classList.remove("stacked");
  if (!narrow || place.scrollWidth <= place.clientWidth) return;
  table.classList.add("stacked");
  const names = [...table.querySelectorAll("thead th")].map((name) => name.textContent);
  table.querySelectorAll("tr").forEach((row) => {
    row.setAttribute("role", "row"); // a row that is laid out as lines is no row by itself
    [...row.cells].forEach((cell, i) => {
      cell.setAttribute("role", cell.matches("th") ? "columnheader" : "cell");
      if (cell.matches("td") && names[i]) cell.dataset.label = names[i];
    });
  });
  table.setAttribute("role", "table");
}
