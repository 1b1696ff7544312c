// <figure data-chart-interactive="ADDRESS">: a button draws the chart again with Vega, which answers to the pointer.
// Vega is fetched only then. `ast` keeps it from making code out of text, so that the page's policy can forbid that.
const OPTIONS = { ast: true, defaultStyle: false, actions: false, renderer: "svg", tooltip: { disableDefaultStyle: true } };

function vega() {
  vega.asked ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.vega;
    script.onload = () => done(window.vegaEmbed);
    script.onerror = failed;
    document.head.append(script);
  });
  return vega.asked;
}

async function draw(figure) {
  const address = figure.dataset.chartInteractive;
  const [embed, answer] = await Promise.all([vega(), fetch(address, { headers: { Accept: "application/json" } })]);
  if (!answer.ok) throw new Error(answer.statusText);
  const place = document.createElement("div");
  place.className = "live-chart";
  const says = document.createElement("output");
  says.className = "live-says";
  figure.querySelector(".drawing").before(place, says);
  const { view } = await embed(place, await answer.json(), { ...OPTIONS, ...window.vegaLocale });
  view.addEventListener("pointermove", (_, mark) => (says.textContent = mark?.description ?? ""));
  for (const still of figure.querySelectorAll(".drawing")) still.hidden = true;
}

function offer(figure) {
  if (figure.querySelector("[data-live]") || !figure.querySelector(".drawing")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet js-only";
  button.dataset.live = "";
  button.textContent = document.body.dataset.saidLive;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      await draw(figure);
      button.remove();
    } catch {
      button.removeAttribute("aria-busy");
      document.dispatchEvent(new CustomEvent("smarketing:say", { detail: document.body.dataset.saidFailed }));
    }
  });
  figure.append(button);
}

const offerAll = (root) => root.querySelectorAll("[data-chart-interactive]").forEach(offer);
offerAll(document);
document.addEventListener("htmx:load", (event) => offerAll(event.target));
