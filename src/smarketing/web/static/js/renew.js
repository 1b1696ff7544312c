// <div id data-renews data-etag hx-get>: asks again with what it shows; an answer of 304 changes nothing. It waits while
// the page is hidden, something is open, chosen, typed, marked or on its way, so that nothing moves under the hand.
const HELD = "input:not([type=checkbox]), select, textarea, [contenteditable], [data-waits] form, .undo"; // by the focus
const AT_WORK = "[data-choice]:checked, details[data-menu][open], .htmx-request, form[data-sent], .is-going, .is-sent";
const isTyped = (field) => field.type !== "hidden" && field.value !== field.defaultValue;

function isBusy(place) {
  const isHeld = place.contains(document.activeElement) && document.activeElement.closest(HELD);
  return document.hidden || isHeld || document.querySelector("dialog[open]") || place.querySelector(AT_WORK)
    || [...place.querySelectorAll("input, textarea")].some(isTyped) || getSelection()?.toString();
}

document.addEventListener("htmx:configRequest", (event) => {
  const place = event.target;
  if (place.matches?.("[data-renews]")) event.detail.headers["If-None-Match"] = `"${place.dataset.etag}"`;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const place = event.target;
  if (place.matches?.("[data-renews]") && isBusy(place)) event.preventDefault();
});

// What had the focus has it again when the list was made anew, and what was folded open is open.
let was = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, target } = event.detail;
  was = null;
  if (xhr.status === 304) event.detail.shouldSwap = false;
  if (xhr.status === 304 || requestConfig?.verb !== "get" || !target.matches?.("[data-renews]")) return;
  if (isBusy(target)) event.detail.shouldSwap = false;
  else was = { ...mark(document.activeElement, target), open: [...target.querySelectorAll("details[id][open]")] };
});

document.addEventListener("htmx:afterSwap", (event) => {
  const asked = was;
  was = null;
  if (!asked) return;
  for (const { id } of asked.open) document.getElementById(id)?.setAttribute("open", "");
  if (!asked.isHere) return;
  const around = document.getElementById(asked.row) ?? (asked.row ? null : document.querySelector("[data-renews]"));
  (asked.what ? around?.querySelector(asked.what) : around)?.focus({ preventScroll: true });
});

function mark(focused, target) {
  if (!focused || focused === target || !target.contains(focused)) return { isHere: false };
  const row = focused.closest("[data-desk-row]");
  const href = focused.getAttribute("href");
  const act = focused.closest("[data-act]")?.dataset.act;
  const what = href ? `a[href="${CSS.escape(href)}"]` : act ? `[data-act="${CSS.escape(act)}"] summary` : "";
  return { isHere: Boolean(row || what), row: row?.id ?? "", what };
}
