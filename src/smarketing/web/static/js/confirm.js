// <button data-confirm="Really?">: asks before its form is sent. The words are a sentence; the button repeats the verb.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
});
