"""How far the leads of the period have come, and what share of each step went on."""

from __future__ import annotations

from smarketing.charts._parts import categories, labelled_bars, steps
from smarketing.charts.chart import Chart, Spec, Table
from smarketing.scorecard.card import Funnel, FunnelStage
from smarketing.terms.language import N_, Words

STAGES = {
    "lead": N_("Leads"),
    "mql": N_("MQL"),
    "sal": N_("Accepted"),
    "sql": N_("SQL"),
    "opportunity": N_("Opportunities"),
    "customer": N_("Customers"),
}


def funnel(found: Funnel, *, words: Words) -> Chart:
    """The cohort created in the period, stage by stage; records are empty when nobody came."""
    rows = [_record(stage, found.n_leads, words) for stage in found.stages] if found.n_leads else []
    headers = (words("Stage"), words("Leads"), words("Of the stage before"), words("Of all"), words("Median time"))
    return Chart(
        id="funnel",
        title=words("How far the leads have come"),
        desc=words("One bar for each stage, as long as the leads that reached it or a later one."),
        sentence=_sentence(found, words),
        spec=spec(),
        records={"stages": rows},
        table=Table(headers, tuple(_cells(stage, words) for stage in found.stages)),
        height=240,
    )


def spec() -> Spec:
    x = {"field": "leads", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    paint = steps("owner", ["first", "later"], ["marketing", "sales"])
    return labelled_bars("stages", categories("stage", labelLimit=130), x, paint)


def stage_name(stage: str, words: Words) -> str:
    return words(STAGES[stage]) if stage in STAGES else stage


def _record(stage: FunnelStage, n_leads: int, words: Words) -> dict[str, object]:
    name, n = stage_name(stage.stage, words), words.number(stage.n)
    share = "" if stage.conversion is None else words.percent(stage.conversion, 0)
    text = f"{n}  ·  {share}" if share else n
    say = words("{stage}: {n} leads, {share} of the stage before", stage=name, n=n, share=share or "–")
    owner = "first" if stage.stage in ("lead", "mql") else "later"
    return {"room": 1.2 * n_leads, "stage": name, "leads": stage.n, "owner": owner, "text": text, "say": say}


def _sentence(found: Funnel, words: Words) -> str:
    if not found.n_leads:
        return words("No lead came in this period.")
    latest = found.stages[-1]
    facts = {"n": words.number(found.n_leads), "m": words.number(latest.n), "share": words.percent(latest.of_cohort)}
    text = words("Of {n} leads that came in, {m} are customers so far ({share}).", **facts)
    if any(stage.is_maturing for stage in found.stages):
        return f"{text} {words('Younger stages are still growing.')}"
    return text


def _cells(stage: FunnelStage, words: Words) -> tuple[str, ...]:
    lag = stage.median_lag_s
    if lag is None:
        time = "–"
    elif lag >= 2 * 86_400:
        time = words.plural("{n} day", "{n} days", round(lag / 86_400))
    else:
        time = words.duration(lag)
    shares = (words.percent(stage.conversion), words.percent(stage.of_cohort))
    return (stage_name(stage.stage, words), words.number(stage.n), *shares, time)
