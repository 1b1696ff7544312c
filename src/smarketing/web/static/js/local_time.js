// <time datetime="…" data-local-time>: the text is the server's, in the person's zone; hovering tells the browser's own and UTC.
function tell(root) {
  for (const time of root.querySelectorAll("time[data-local-time]:not([title])")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const own = at.toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "long" });
    time.title = `${own}\n${at.toISOString().replace("T", " ").replace(/\.\d+Z/, "")} UTC`;
  }
}
tell(document);
document.addEventListener("htmx:load", (event) => tell(event.target));

// <input data-guess-zone>: the zone of the browser, where the reader has not said another.
for (const field of document.querySelectorAll("[data-guess-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = field.tagName !== "SELECT" || [...field.options].some((option) => option.value === zone);
  if (known && (!field.value || field.value === "UTC")) field.value = zone;
}
