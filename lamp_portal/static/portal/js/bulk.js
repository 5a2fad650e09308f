// Ticking rows of a form: a box that ticks them all, and a count. Everything works without it; the boxes are plain inputs.
const rowsOf = (form) => [...form.querySelectorAll(":is(.pick-box:not(.pick-all), .check-people) input[type=checkbox]")];

const show = (form) => {
  const rows = rowsOf(form);
  const ticked = rows.filter((row) => row.checked).length;
  for (const output of form.querySelectorAll("[data-lamp-bulk-count]")) {
    output.hidden = false;
    output.textContent = ticked.toLocaleString(document.documentElement.lang);
  }
  for (const label of form.querySelectorAll("[data-lamp-select-all]")) {
    const box = label.querySelector("input");
    label.hidden = rows.length === 0;
    box.checked = rows.length > 0 && ticked === rows.length;
    box.indeterminate = ticked > 0 && ticked < rows.length;
  }
};

const showAll = () => {
  for (const bar of document.querySelectorAll("[data-lamp-bulk]")) {
    const form = document.getElementById(bar.dataset.lampBulk);
    if (form) show(form);
  }
};

document.addEventListener("change", (change) => {
  const form = change.target.closest("form");
  if (!form || !form.querySelector("[data-lamp-bulk]")) return;
  if (change.target.closest("[data-lamp-select-all]")) {
    for (const row of rowsOf(form)) row.checked = change.target.checked;
  }
  show(form);
});
document.addEventListener("htmx:afterSettle", showAll);
showAll();
