// <fieldset data-columns="TABLE-ID"> of checkboxes whose values are column names: hides cells with data-column at once.
// The choice goes with the form around it; the server leaves those columns out the next time.
function apply(chooser) {
  const table = document.getElementById(chooser.dataset.columns);
  for (const box of chooser.querySelectorAll("input[type=checkbox]")) {
    for (const cell of table?.querySelectorAll(`[data-column="${CSS.escape(box.value)}"]`) ?? []) cell.hidden = !box.checked;
  }
}

document.addEventListener("change", (event) => {
  const chooser = event.target.closest("[data-columns]");
  if (chooser) apply(chooser);
});
document.addEventListener("htmx:load", () => document.querySelectorAll("[data-columns]").forEach(apply));
