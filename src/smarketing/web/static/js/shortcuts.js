// Keys: "/" to the search field, "?" to help about keys, "g" and then the letter of a place (data-key on its link).
let waiting = 0;

const isWriting = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const isGoing = waiting > 0 && event.timeStamp - waiting < 1500;
  waiting = 0;
  if (isGoing) {
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (link) location.assign(link.href);
  } else if (event.key === "g") {
    waiting = event.timeStamp;
  } else if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  } else if (event.key === "?") {
    const keys = document.querySelector("a[data-key='?']");
    if (keys) location.assign(keys.href);
  }
});
