"""Where the answers fall: within five minutes, a quarter of an hour, an hour, later, never, or still waiting."""

from __future__ import annotations

from smarketing.charts._parts import categories, labelled_bars, steps
from smarketing.charts._theme import BANDS
from smarketing.charts.chart import Chart, Spec, Table
from smarketing.scorecard.card import Line
from smarketing.terms.language import N_, Words

NAMES = {
    "under_5_min": N_("within 5 min"),
    "5_to_15_min": N_("5 to 15 min"),
    "15_to_60_min": N_("15 to 60 min"),
    "over_60_min": N_("over 60 min"),
    "never": N_("never answered"),
    "waiting": N_("still waiting"),
}


def bands(line: Line, *, words: Words) -> Chart:
    """One bar for each band of a clock line; the bands add up to every lead that counts."""
    found = line.speed.bands if line.speed else ()
    total = sum(band.n for band in found)
    rows, cells = [], []
    for position, band in enumerate(found):
        name = words(NAMES.get(band.id, band.id))
        share = words.percent(band.n / total if total else None, 0)
        text = f"{words.number(band.n)}  ·  {share}"
        say = words("{band}: {n} leads, {share}", band=name, n=words.number(band.n), share=share)
        room = 1.32 * max(b.n for b in found)
        rows.append({"room": room, "band": name, "leads": band.n, "colour": f"b{position}", "text": text, "say": say})
        cells.append((name, words.number(band.n), share))
    return Chart(
        id=f"bands-{line.id}",
        title=words("Where the answers fall"),
        desc=words("One bar for each waiting time, as long as there are leads in it."),
        sentence=_sentence(line, total, words),
        spec=spec(),
        records={"bands": rows if total else []},
        table=Table((words("Waiting time"), words("Leads"), words("Share")), tuple(cells)),
        height=210,
    )


def spec() -> Spec:
    x = {"field": "leads", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    paint = steps("colour", [f"b{n}" for n in range(len(BANDS))], list(BANDS))
    return labelled_bars("bands", categories("band", labelLimit=160), x, paint)


def _sentence(line: Line, total: int, words: Words) -> str:
    if not total or line.speed is None:
        return words("No lead has been handed over yet.")
    hour = sum(band.n for band in line.speed.bands if band.id in ("under_5_min", "5_to_15_min", "15_to_60_min"))
    return words(
        "{share} of all leads were answered within an open hour; {never} never were.",
        share=words.percent(hour / total, 0),
        never=words.number(line.speed.n_never),
    )
