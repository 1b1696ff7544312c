// <span data-countdown="SECONDS" data-closes data-opens>: counts open time down. It rests from `closes` seconds after it
// was shown, or until `opens` seconds after; the sentences stand on the nearest data-said-left and data-said-late.
const shown = new WeakMap();

function length(seconds) {
  const whole = seconds < 60 ? seconds : Math.floor(seconds / 60) * 60;
  const units = [[Math.floor(whole / 3600), "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
  const number = new Intl.NumberFormat(document.documentElement.lang);
  return units.filter(([n]) => n).slice(0, 2).map(([n, unit]) => `${number.format(n)}\u00a0${unit}`).join(" ") || "0\u00a0s";
}

function passed(span) {
  if (!shown.has(span)) shown.set(span, performance.now());
  const since = (performance.now() - shown.get(span)) / 1000;
  if (span.dataset.opens) return Math.max(0, since - Number(span.dataset.opens));
  return span.dataset.closes ? Math.min(since, Number(span.dataset.closes)) : since;
}

function tick() {
  for (const span of document.querySelectorAll("[data-countdown]")) {
    const left = Math.floor(Number(span.dataset.countdown) - passed(span));
    const said = span.closest("[data-said-left]");
    if (!said) continue;
    const text = (left < 0 || "late" in span.dataset ? said.dataset.saidLate : said.dataset.saidLeft).replace("{time}", length(Math.abs(left)));
    if (span.textContent !== text) span.textContent = text;
    span.classList.toggle("bad", left < 900);
    span.classList.toggle("open", left >= 900 && left < 3600);
    span.classList.toggle("good", left >= 3600);
  }
}

if (document.querySelector("[data-said-left]")) setInterval(tick, 1000);
