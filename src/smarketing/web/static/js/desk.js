// <div data-desk> with rows [data-desk-row] and sheets [data-act=KEY]: j and k walk, a letter opens what it stands for,
// and a row is gone as soon as its form is sent; it comes back when that did not work.
let at = 0;
let went = 0;
const rows = () => [...document.querySelectorAll("[data-desk-row]")];
const isWriting = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  at = Math.min(Math.max(here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step, 0), all.length - 1);
  all[at].focus();
  all[at].scrollIntoView({ block: "nearest" });
}

function act(key, scope) {
  const found = scope?.querySelector(`[data-act="${CSS.escape(key)}"]`);
  if (!found) return false;
  if (found.matches("details")) {
    found.open = true;
    found.querySelector(".menu-sheet button, .menu-sheet input:not([type=hidden])")?.focus();
  } else (found.querySelector("button") ?? found).click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const place = document.querySelector("[data-desk]");
  if (!place || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const isGoing = went && event.timeStamp - went < 1500;
  went = event.key === "g" ? event.timeStamp : 0;
  if (isGoing) return;
  const row = document.activeElement?.closest("[data-desk-row]") ?? (place.matches("[data-desk-lead]") ? place : rows()[0]);
  if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
  else if (event.key === "u") act("u", document);
  else if ("tadrsh".includes(event.key) && event.key.length === 1 && act(event.key, row)) event.preventDefault();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest?.("[data-desk-row]");
  if (!row) return;
  at = rows().indexOf(row);
  const answer = event.detail.requestConfig?.path ?? "";
  row.classList.add(answer.endsWith("/touches/") ? "is-sent" : "is-going");
  for (const menu of row.querySelectorAll("details[open]")) menu.open = false;
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => event.target.closest?.("[data-desk-row]")?.classList.remove("is-going", "is-sent"));
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "desk" || event.detail.requestConfig?.verb === "get") return; // by itself: renew.js
  const all = rows();
  all[Math.min(at, all.length - 1)]?.focus({ preventScroll: true });
});
