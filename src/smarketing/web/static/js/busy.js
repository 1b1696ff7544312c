// A form that was sent is not sent twice: its buttons wait until the page is gone or comes back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  // After the browser has read the form: a disabled button would not be sent with it.
  setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
  const again = () => release(form);
  if (form.matches("[hx-post], [hx-put], [hx-delete]")) form.addEventListener("htmx:afterRequest", again, { once: true });
  if (form.matches("[data-downloads]")) setTimeout(again, 3000);
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}
