// <div data-board data-etag>: asks again with what it shows; an answer of 304 changes nothing. It waits while somebody
// chooses rows or has a field open, so that nothing moves under the hand.
const isBusy = (board) =>
  board.querySelector("[data-choice]:checked") || board.contains(document.activeElement?.closest("select")) || getSelection()?.toString();

document.addEventListener("htmx:configRequest", (event) => {
  const board = event.target;
  if (board.matches?.("[data-board]")) event.detail.headers["If-None-Match"] = `"${board.dataset.etag}"`;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const board = event.target;
  if (board.matches?.("[data-board]") && (document.hidden || isBusy(board))) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304 || (event.detail.target.matches?.("[data-board]") && isBusy(event.detail.target))) {
    event.detail.shouldSwap = false;
  }
});

// What had the focus has it again when the board was made anew.
let focused = "";
document.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement?.closest("[data-board]") ? document.activeElement.getAttribute("href") || "" : "";
});
document.addEventListener("htmx:afterSwap", () => {
  if (focused) document.querySelector(`[data-board] a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
});
