// Light or dark at once, and kept by the server without leaving the page: <div data-scheme-switch> with buttons named scheme.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-scheme-switch] button");
  if (!button) return;
  event.preventDefault();
  if (button.value === "system") delete document.documentElement.dataset.scheme;
  else document.documentElement.dataset.scheme = button.value;
  for (const one of button.parentElement.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
  const said = new FormData(button.form);
  said.set("scheme", button.value);
  await fetch(button.form.action, { method: "POST", body: said, redirect: "manual" });
});
