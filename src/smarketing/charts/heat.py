"""When leads come and when people reach out: a week of hours, darker where more happens."""

from __future__ import annotations

from datetime import date, timedelta

from smarketing.charts._parts import categories, steps
from smarketing.charts._theme import HEAT
from smarketing.charts.chart import Chart, Records, Spec, Table
from smarketing.terms.language import N_, Words

Hours = tuple[tuple[int, ...], ...]
MONDAY = date(2024, 1, 1)


def arrivals_heat(hours: Hours, *, words: Words) -> Chart:
    """Seven rows (Monday first) of 24 local hours."""
    said = N_("{share} of leads come outside Monday to Friday, 9 to 18.")
    return _heat("heat-arrivals", words("When leads come"), hours, said, words)


def touches_heat(hours: Hours, *, words: Words) -> Chart:
    """The same for touches by people."""
    said = N_("{share} of touches happen outside Monday to Friday, 9 to 18.")
    return _heat("heat-touches", words("When people reach out"), hours, said, words)


def spec() -> Spec:
    """Six steps, so that each is one colour of the theme; cells carry no label of their own, the table does."""
    hours = categories("hour", values=[0, 3, 6, 9, 12, 15, 18, 21], labelAngle=0)
    look = {"type": "rect", "cornerRadius": 2, "width": {"band": 0.9}, "height": {"band": 0.86}, "aria": False}
    return {
        "data": {"name": "hours"},
        "mark": look,
        "encoding": {
            "x": hours,
            "y": categories("day"),
            "color": steps("step", list(range(len(HEAT))), list(HEAT)),
        },
    }


def _heat(key: str, title: str, hours: Hours, said: str, words: Words) -> Chart:
    total = sum(map(sum, hours))
    days = [day_name(number, words) for number in range(7)]
    headers = (words("Hour"), *days)
    rows = tuple((f"{hour:02}", *(words.number(hours[d][hour]) for d in range(7))) for hour in range(24))
    return Chart(
        id=key,
        title=title,
        desc=words("Seven rows of twenty-four hours on the agreement's clock; darker squares hold more."),
        sentence=_sentence(hours, total, said, words),
        spec=spec(),
        records={"hours": _records(hours, days) if total else []},
        table=Table(headers, rows if total else ()),
        height=210,
    )


def day_name(weekday: int, words: Words) -> str:
    from babel.dates import format_date

    return str(format_date(MONDAY + timedelta(days=weekday), "ccc", locale=words.language))


def _records(hours: Hours, days: list[str]) -> Records:
    most = max(map(max, hours))
    top = len(HEAT) - 1
    return [
        {"day": days[d], "hour": h, "n": n, "step": 0 if not n else max(1, -(-n * top // most))}
        for d, row in enumerate(hours)
        for h, n in enumerate(row)
    ]


def _sentence(hours: Hours, total: int, said: str, words: Words) -> str:
    if not total:
        return words("Nothing happened in this period.")
    outside = total - sum(n for row in hours[:5] for n in row[9:18])
    return words(said, share=words.percent(outside / total, 0))
