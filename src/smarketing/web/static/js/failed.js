// A part of the page that could not be loaded says so in words, in a region that screen readers announce.
function say(text) {
  let place = document.querySelector(".flashes.floating");
  if (!place) {
    place = document.createElement("div");
    place.className = "flashes floating";
    place.setAttribute("aria-live", "assertive");
    document.body.append(place);
  }
  const line = document.createElement("p");
  line.className = "flash error";
  line.textContent = text;
  place.replaceChildren(line);
  setTimeout(() => line.remove(), 12000);
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:swapError"]) {
  document.addEventListener(name, () => say(document.body.dataset.saidFailed));
}
document.addEventListener("smarketing:say", (event) => say(event.detail));
