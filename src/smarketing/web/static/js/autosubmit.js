// <form data-autosubmit>: sends itself when a choice changes; its button stays for those who work without scripts.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-autosubmit]") || event.target.matches("[data-waits], [type=search], [type=text], [type=number]")) return;
  form.requestSubmit();
});

// Empty fields stay out of the address.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "get" || !form.matches("[data-autosubmit]")) return;
  const empty = [...form.elements].filter((field) => field.name && !field.value && !field.disabled);
  for (const field of empty) field.disabled = true;
  setTimeout(() => empty.forEach((field) => (field.disabled = false)));
});
