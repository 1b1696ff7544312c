// <a href="…" data-opens="ID"> opens <dialog id="ID" data-dialog>; without this script the link leads to the same form.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const wanted = opener && document.getElementById(opener.dataset.opens);
  if (wanted?.showModal) {
    event.preventDefault();
    wanted.showModal();
    return;
  }
  // A click on the veil beside the dialog closes it: only there is the dialog itself the target and the point outside.
  const dialog = event.target.closest("dialog[data-dialog]");
  if (!dialog || event.target !== dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

// A form inside that came back with errors shows itself again.
for (const dialog of document.querySelectorAll("dialog[data-dialog]")) {
  if (dialog.querySelector("[aria-invalid=true], .form-errors")) dialog.showModal();
}
